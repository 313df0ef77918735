/** The code on the elements' pages in Storybook: what is for a framework type-checks, and each test passes. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { codeBlocks, DocFolder } from '../../support/doc-blocks.ts';

const root = fileURLToPath(new URL('../../../', import.meta.url));
const folder = 'stories/elements';
const pages = readdirSync(join(root, folder))
  .filter((name) => name.endsWith('.mdx'))
  .map((name) => name.replace('.mdx', ''));

describe('the code on the elements’ pages', () => {
  const files = new DocFolder('.element-pages');

  before(async () => {
    await files.write('jsdom.js', await readFile(join(root, 'examples/testing/jsdom.js'), 'utf8'));
    for (const page of pages) {
      const [component, ...more] = await codeBlocks(`${folder}/${page}.mdx`, 'tsx');
      const [example, ...others] = await codeBlocks(`${folder}/${page}.mdx`, 'js');
      assert.deepEqual([more, others], [[], []], page);
      await files.write(`${page}.tsx`, component!);
      await files.write(`${page}.test.js`, example!);
    }
  });
  after(() => files.remove());

  it('has a component and a test for each of the seven elements', () => {
    assert.equal(pages.length, 7);
  });

  it('type-checks in React', () =>
    files.typeCheck({
      jsx: 'react-jsx',
      checkJs: false,
      paths: {
        'campaign-status-kit': ['../../../../src/index.ts'],
        'campaign-status-kit/define': ['../../../../src/define.ts'],
        'campaign-status-kit/react': ['../../../../frameworks/react.d.ts'],
      },
    }));

  it('passes in the runner of Node', () => {
    // The runner of this test marks its own processes by a variable, which would change what the inner one prints.
    const { NODE_TEST_CONTEXT: _, ...env } = process.env;
    const tests = pages.map((page) => join(files.path, `${page}.test.js`));
    const run = spawnSync(
      process.execPath,
      ['--import', 'tsx', '--import', join(files.path, 'jsdom.js'), '--test', ...tests],
      { encoding: 'utf8', env },
    );
    assert.match(run.stdout, new RegExp(`^# pass ${pages.length}$`, 'm'), run.stdout);
    assert.equal(run.status, 0, run.stdout + run.stderr);
  });
});
