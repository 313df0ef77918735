/** The known defects apply to the code, and name existing tests. `npm run defects` shows that those tests fail. */
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { allDefects } from '../../../tools/defect-files.ts';
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
