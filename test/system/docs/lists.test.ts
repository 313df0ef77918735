/** The page about lists: its code is compiled, and does what the page says. */
import '../../../examples/testing/jsdom.js';
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { CampaignColumnsEvent, type CampaignList, type CampaignView, type ListColumn } from '../../../src/index.ts';
import { codeBlocks, DocFolder } from '../../support/doc-blocks.ts';

const PAGE = 'docs/lists.md';

describe('the code on the page about lists', () => {
  const folder = new DocFolder('.lists');

  before(async () => {
    // The types of React DOM are no dependency of the kit.
    await folder.write(
      'react-dom.d.ts',
      `declare module 'react-dom/client' {
        import type { ReactNode } from 'react';
        export function createRoot(container: Element): { render(node: ReactNode): void; unmount(): void };
      }`,
    );
    for (const block of [...(await codeBlocks(PAGE, 'ts')), ...(await codeBlocks(PAGE, 'tsx'))]) {
      const name = /^\/\/ (\S+)\n/.exec(block)?.[1];
      assert.ok(name, `a code block without a file name: ${block}`);
      await folder.write(name, block);
    }
  });
  after(() => folder.remove());

  it('type-checks', () => folder.typeCheck({ jsx: 'react-jsx' }));

  it('adds columns that say what the host knows', async () => {
    const { columns } = await folder.load<{ columns: readonly ListColumn[] }>('columns.ts');
    const view = { ref: { system: 'flows', id: 'spring-sale-launch' }, changedBy: 'Operator' } as CampaignView;
    assert.deepEqual(
      columns.map(({ heading, text }) => [heading, text(view)]),
      [
        ['Owner', 'Lifecycle team'],
        ['Changed by', 'Operator'],
      ],
    );
  });

  it('renders a badge for one campaign after the other', async () => {
    const { tier } = await folder.load<{ tier: ListColumn }>('badge.ts');
    const cell = document.createElement('div');
    const content = tier.render!(cell);
    const badges = ['spring-sale-launch', 'welcome-series'].map((id) => {
      content.update({ ref: { system: 'flows', id } } as CampaignView);
      return cell.innerHTML;
    });
    assert.deepEqual(badges, ['<span class="badge gold">Gold</span>', '<span class="badge">Standard</span>']);
  });

  it('keeps the choice of columns', async () => {
    const { keepChoice } = await folder.load<{ keepChoice: (list: CampaignList) => void }>('keep.ts');
    const list = document.createElement('div') as HTMLElement as CampaignList;
    localStorage.setItem('hidden-columns', 'at');
    keepChoice(list);
    assert.equal(list.hiddenColumns, 'at');
    list.dispatchEvent(new CampaignColumnsEvent('flows', 'at owner'));
    assert.equal(localStorage.getItem('hidden-columns'), 'at owner');
  });
});
