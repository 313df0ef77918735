/** The known defects apply to the code, and name existing tests. `npm run defects` shows that those tests fail. */
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { allDefects, defectOf } from '../../../tools/defect-files.ts';
import { titlesIn } from './titles.ts';

const root = fileURLToPath(new URL('../../../', import.meta.url));
const defects = allDefects();

describe('each known defect', () => {
  for (const { name, breaks, tests, failing, changes, expects } of defects)
    test(name, () => {
      assert.match(breaks, /^[A-Z“"`].+\.$/, 'it says what it breaks in a sentence');
      for (const file of [...tests, ...changes]) assert.ok(existsSync(join(root, file)), `there is no ${file}`);
      const titles = tests.flatMap((file) =>
        titlesIn(readFileSync(join(root, file), 'utf8')).map((title) => title.join(' › ')),
      );
      assert.ok(
        failing && titles.some((title) => title.includes(failing)),
        `no test in ${tests.join(' ')} is called “${failing}”`,
      );
      for (const { file, lines } of expects)
        assert.ok(
          `\n${readFileSync(join(root, file), 'utf8')}`.includes(`\n${lines}`),
          `no longer applies: ${file} does not have these lines\n${lines}`,
        );
    });
});

test('there are many, in store, adapters, elements and mocks', () => {
  assert.ok(defects.length >= 20, `${defects.length} defects`);
  for (const part of ['src/store/', 'src/adapters/', 'src/elements/', 'mocks/'])
    assert.ok(
      defects.some(({ changes }) => changes.some((path) => path.startsWith(part))),
      `no defect changes anything in ${part}`,
    );
});

test('a patch without the required header lines is rejected, with what they must say', () => {
  const diff = 'diff --git a/x b/x\n--- a/x\n+++ b/x\n@@ -1 +1 @@\n-a\n+b\n';
  const head = [
    'It breaks something.',
    'Red: node --import tsx --test a.test.ts b.test.ts',
    'Failing: fault 1: it drops',
  ];
  const { runner, tests, failing, changes, expects } = defectOf('good', [...head, '', diff].join('\n'));
  assert.deepEqual(
    { runner, tests, failing, changes, expects },
    {
      runner: 'node',
      tests: ['a.test.ts', 'b.test.ts'],
      failing: 'fault 1: it drops',
      changes: ['x'],
      expects: [{ file: 'x', lines: 'a\n' }],
    },
  );
  const bad = [
    [],
    [head[0], head[1], '', diff],
    [head[0], 'Red: npm test', head[2], '', diff],
    ['', ...head.slice(1), '', diff],
    head,
  ];
  for (const lines of bad)
    assert.throws(() => defectOf('bad', lines.join('\n')), /test\/defects\/bad\.patch must begin with/);
});
