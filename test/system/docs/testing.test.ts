/** The page "Testing your pages": its code is that of the examples, and runs as it stands there. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { after, test } from 'node:test';
import { codeBlocks, DocFolder } from '../../support/doc-blocks.ts';

const names = ['start-then-error.test.js', 'jsdom.js'];

test('the code of the page is that of the examples', async () => {
  const examples = await Promise.all(names.map((name) => readFile(`examples/testing/${name}`, 'utf8')));
  const shown = examples.map((text) => text.replace(/^\/\/ @ts-nocheck.*\n/, ''));
  assert.deepEqual(await codeBlocks('docs/testing.md', 'js'), shown);
});

test('the test of the page passes in the runner of Node', async () => {
  const folder = new DocFolder('.testing');
  after(() => folder.remove());
  const [example, dom] = await Promise.all(
    names.map(async (name) => folder.write(name, await readFile(`examples/testing/${name}`, 'utf8'))),
  );
  // The runner of this test marks its own processes by a variable, which would change what the inner one prints.
  const { NODE_TEST_CONTEXT: _, ...env } = process.env;
  const run = spawnSync(process.execPath, ['--import', 'tsx', '--import', dom!, '--test', example!], {
    encoding: 'utf8',
    env,
  });
  assert.match(run.stdout, /^# pass 1$/m);
  assert.equal(run.status, 0, run.stdout + run.stderr);
});
