/** The page about lists: its code is compiled, and its columns say what it shows. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { CampaignView, ListColumn } from '../../../src/index.ts';
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
});
