/** Each fault and each invariant has its tests, and the document lists them. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, test } from 'node:test';
import { DOCUMENT, withProofs } from '../../../tools/fault-table.ts';
import { faults, invariants } from './catalogue.ts';
import { namedTests } from './titles.ts';

const tests = namedTests();

test('the catalogue lists 1 to 50 and 1 to 16 without gaps', () => {
  assert.deepEqual(
    [...faults.keys()],
    Array.from({ length: 50 }, (_, index) => index + 1),
  );
  assert.deepEqual(
    [...invariants.keys()],
    Array.from({ length: 16 }, (_, index) => index + 1),
  );
});

describe('each fault and each invariant has a test that names it', () => {
  // A change that never comes shows only in the count, so the tests of the count cover it.
  const provedBy = new Map([[5, 30]]);
  for (const [number, what] of faults)
    test(`fault no. ${number}: ${what}`, () => {
      const by = provedBy.get(number) ?? number;
      assert.ok(
        tests.some((one) => one.faults.includes(by)),
        `No test has "fault ${by}" in its title. Write one, or name the one that proves it.`,
      );
    });
  for (const [number, what] of invariants)
    test(`invariant no. ${number}: ${what}`, () => {
      assert.ok(
        tests.some((one) => one.invariants.includes(number)),
        `No test has "invariant ${number}" in its title. Write one, or name the one that proves it.`,
      );
    });
});

test('no test names a number that does not exist', () => {
  for (const { file, title, ...named } of tests) {
    for (const number of named.faults) assert.ok(faults.has(number), `${file}: "${title}" names fault ${number}`);
    for (const number of named.invariants)
      assert.ok(invariants.has(number), `${file}: "${title}" names invariant ${number}`);
  }
});

test('docs/how-it-stays-true.md lists the tests as they are', async () => {
  const document = readFileSync(DOCUMENT, 'utf8');
  assert.equal(
    document,
    await withProofs(document),
    'Its lists are stale. Run `node --import tsx tools/fault-table.ts` and keep the result.',
  );
});
