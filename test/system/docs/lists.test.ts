/** The code of the page about lists: it is compiled, and its columns say what the page says. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { campaignId, type CampaignView, type ListColumn } from '../../../src/index.ts';
import { codeBlocks, DocFolder } from '../../support/doc-blocks.ts';

const PAGE = 'docs/lists.md';

describe('the code on the page about lists', () => {
  const folder = new DocFolder('.lists');

  before(async () => {
    const [columns = '', ...others] = [...(await codeBlocks(PAGE, 'ts')), ...(await codeBlocks(PAGE, 'tsx'))];
    await folder.write('columns.ts', columns);
    for (const block of others) {
      const name = /^\/\/ (\S+)\n/.exec(block)?.[1];
      assert.ok(name, `a code block without a file name: ${block}`);
      await folder.write(name, block);
    }
  });
  after(() => folder.remove());

  it('type-checks', () => folder.typeCheck({ jsx: 'react-jsx' }));
});
