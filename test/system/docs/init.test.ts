/** `campaign-status-kit init`: the files it writes are those of the examples, and pass `verify` where they can run at once. */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, test } from 'node:test';
import process from 'node:process';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../../', import.meta.url));
let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'init-'));
});
afterEach(() => rm(folder, { recursive: true }));

/** Runs the command in an empty folder. */
function init(...args: readonly string[]): Promise<{ code: number; out: string; err: string }> {
  const command = ['--import', import.meta.resolve('tsx'), join(root, 'bin/campaign-status-kit.ts'), 'init', ...args];
  return new Promise((resolve) => {
    execFile(process.execPath, command, { cwd: folder }, (error, out, err) =>
      resolve({ code: typeof error?.code === 'number' ? error.code : 0, out, err }),
    );
  });
}

for (const kind of ['contract', 'list', 'list-and-push'])
  test(`--for ${kind}: an adapter and a subject, as in the examples, and what to do next`, async () => {
    const { code, out, err } = await init('src/campaigns', '--for', kind);
    assert.deepEqual([code, err], [0, '']);
    assert.match(out, /^Wrote src\/campaigns\/campaigns\.js and src\/campaigns\/subject\.js\./);
    assert.match(out, /campaign-status-kit verify src\/campaigns\/subject\.js\n$/);
    const written = join(folder, 'src/campaigns');
    assert.deepEqual((await readdir(written)).toSorted(), ['campaigns.js', 'subject.js']);
    for (const name of ['campaigns.js', 'subject.js']) {
      const example = await readFile(join(root, 'examples/adapters', kind, name), 'utf8');
      const [first, ...rest] = example.split('\n');
      assert.match(first!, /^\/\/ @ts-nocheck/);
      assert.equal(await readFile(join(written, name), 'utf8'), rest.join('\n'));
    }
  });

test('without arguments: for the contract, in the current folder', async () => {
  await init();
  assert.match(await readFile(join(folder, 'campaigns.js'), 'utf8'), /httpAdapter/);
});

test('a file that is there already: exit code 2, and nothing is written', async () => {
  await writeFile(join(folder, 'subject.js'), 'mine');
  const { code, out, err } = await init();
  assert.deepEqual([code, out], [2, '']);
  assert.match(err, /^subject\.js: already there, and init overwrites nothing\./);
  assert.deepEqual(await readdir(folder), ['subject.js']);
  assert.equal(await readFile(join(folder, 'subject.js'), 'utf8'), 'mine');
});

for (const [what, args, message] of [
  ['an unknown kind', ['--for', 'kafka'], /--for: got "kafka"; give one of: contract, list, list-and-push\./],
  ['two folders', ['a', 'b'], /Give one folder, not 2\./],
  ['an unknown option', ['--force'], /Unknown option '--force'/],
] as const)
  test(`${what}: exit code 2, and the message says what to give`, async () => {
    const { code, err } = await init(...args);
    assert.equal(code, 2);
    assert.match(err, message);
    assert.match(err, /campaign-status-kit init --help/);
    assert.deepEqual(await readdir(folder), []);
  });
