/** The numbers, names and commands in docs/how-it-stays-true.md equal those in the code. */
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { DOCUMENT } from '../../../tools/fault-table.ts';
import { longSuites, suites } from '../../../tools/test.mjs';

const root = fileURLToPath(new URL('../../../', import.meta.url));
const document = readFileSync(DOCUMENT, 'utf8');
const source = (path: string): string => readFileSync(resolve(root, path), 'utf8');
const number = (text: string): number => Number(text.replace(/[_,]/g, ''));

/** Rows of tables that end with a number and the place where it is set. */
const bounds = [...document.matchAll(/^\| (.+?) +\| +([\d,]+) \| (.+?) +\|$/gm)].map(
  ([, what = '', value = '', by = '']) => ({
    what,
    value: number(value),
    by,
  }),
);

describe('bounds', () => {
  for (const { what, value, by } of bounds)
    test(`${what}: ${value}`, () => {
      const option = /^option `(\w+)`$/.exec(by)?.[1];
      const [, name = '', path = ''] = option
        ? [by, option, 'src/store/create-store.ts']
        : (/^`(\w+)` (?:of `\w+` )?in `(.+)`$/.exec(by) ?? []);
      assert.ok(name, `"${by}" names neither an option nor a place in the code`);
      const set = [...source(path).matchAll(new RegExp(`\\b${name} (?:=|\\?\\?) ([\\d_]+)`, 'g'))];
      assert.equal(set.length, 1, `${path} sets ${name} ${set.length} times`);
      assert.equal(number(set[0]![1]!), value);
    });

  test('lists every time limit of store and feed', () => {
    assert.ok(bounds.length >= 30, `${bounds.length} were found`);
    const core = ['failure', 'freshness', 'resync-budget', 'retry-schedule', 'system-core', 'watch-attempt'];
    const others = ['shell/auth-refresh', 'observe/notifier', 'report/consistency-check', 'sources/diagnosis-source'];
    for (const file of [...core.map((name) => `core/${name}`), ...others])
      for (const [, name = ''] of source(`src/store/${file}.ts`).matchAll(/^const (\w+_MS) = [\d_]+;$/gm))
        if (name !== 'LONGEST_READ_MS')
          assert.ok(document.includes(`\`${name}\``), `${file}.ts has ${name}, the document has not`);
  });

  test('the detection of a silent simulated backend takes seven seconds', () => {
    const [, heartbeat = ''] = /heartbeatMs \?\? ([\d_]+)/.exec(source('mocks/backend.ts')) ?? [];
    const slack = bounds.find(({ by }) => by.includes('slackMs'))!.value;
    assert.equal(number(heartbeat) + slack, 7000);
  });
});

test('the documented commands exist', () => {
  const { scripts, bin } = JSON.parse(source('package.json')) as Record<'scripts' | 'bin', Record<string, string>>;
  for (const [, name = ''] of document.matchAll(/`npm run ([\w:-]+)/g)) assert.ok(scripts[name], `npm run ${name}`);
  for (const [, name = ''] of document.matchAll(/`npm test -- ([\w:-]+)/g))
    assert.ok(Object.hasOwn({ ...suites, ...longSuites }, name), `npm test -- ${name}`);
  for (const [, name = ''] of document.matchAll(/`npx ([\w-]+)/g)) assert.ok(bin[name], `npx ${name}`);
});

test('every link leads to an existing file', () => {
  for (const [, path = ''] of document.matchAll(/\]\(([^)#:]+)\)/g))
    assert.ok(existsSync(resolve(dirname(DOCUMENT), path)), path);
});
