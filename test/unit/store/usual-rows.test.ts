/**
 * The checks of usual rows and log entries agree with their schemas. A row with a table of denied actions is judged by the schema alone, so the same row with and
 * without one must give the same result.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseLogEntries, parseRow, type ParsedRow } from '../../../src/store/data/parse-record.ts';
import { randomSource } from '../../support/random-source.ts';
import { SEED } from '../../support/seed.ts';

const VALUES: readonly unknown[] = [
  undefined,
  null,
  '',
  'a',
  'flows',
  ' x\u0000\r\ny\ud800 ',
  '\u{1f600}',
  'x'.repeat(1024),
  'x'.repeat(1025),
  'm'.repeat(20_000),
  0,
  -0,
  -1,
  1,
  1.5,
  2 ** 53,
  NaN,
  Infinity,
  true,
  5n,
  Symbol('s'),
  [],
  ['a', '\u0007b'],
  ['a', 1],
  [, 'a'],
  Array.from({ length: 150 }, (_, n) => `${n}`),
  {},
  { length: 1, 0: 'a' },
  '2026-01-12T09:00:00Z',
  1_700_000_000_000,
  8.64e15 + 1,
  new String('a'),
  () => 'a',
];
const FIELDS = [
  'id',
  'status',
  'name',
  'system',
  'revision',
  'message',
  'at',
  'changedBy',
  'missing',
  'cause',
  'unknown',
];
const USUAL = { id: 'a', status: 'active', revision: 1 };

/** The result by the schema. */
function bySchema(input: object): ParsedRow {
  const result = parseRow({ ...input, denied: {} }, 'flows');
  if (!('row' in result)) return result;
  const { denied: _, ...row } = result.row;
  return { ...result, row };
}

function assertAgree(input: object): void {
  assert.deepEqual(parseRow(input, 'flows'), bySchema(input), JSON.stringify(Object.keys(input)));
}

test('each field with each value: the check of usual rows gives what the schema gives', () => {
  for (const field of FIELDS) for (const value of VALUES) assertAgree({ ...USUAL, [field]: value });
});

test('random rows: the check of usual rows gives what the schema gives', () => {
  const chance = randomSource(SEED);
  const pick = <T>(from: readonly T[]): T => from[Math.floor(chance() * from.length)]!;
  let rows = 0;
  for (let round = 0; round < 20_000; round++) {
    const input: Record<string, unknown> = { ...USUAL };
    for (let n = Math.floor(chance() * 4); n > 0; n--) input[pick(FIELDS)] = pick(VALUES);
    assertAgree(input);
    if ('row' in parseRow(input, 'flows')) rows++;
  }
  assert.ok(rows > 1000, `${rows} were rows`);
});

test('what is no object: no row', () => {
  for (const value of VALUES)
    if (typeof value !== 'object' || value === null) assert.ok(!('row' in parseRow(value, 'flows')));
});

test('log entries: the check of usual ones gives what the schema gives', () => {
  const parse = (entry: object): readonly [entries: readonly object[], problems: readonly string[]] => {
    const problems: string[] = [];
    return [parseLogEntries([entry], (problem) => problems.push(problem)), problems];
  };
  let entries = 0;
  for (const text of VALUES)
    for (const value of [...VALUES, 'debug', 'info', 'warning', 'error'])
      for (const [field, other] of [
        ['at', 'level'],
        ['level', 'at'],
      ] as const) {
        const usual = parse({ text, [field]: value });
        // A field that is `null` is judged by the schema alone, and is as good as absent.
        const [parsed, problems] = parse({ text, [field]: value, [other]: null });
        assert.deepEqual(usual[0], parsed);
        assert.equal(usual[1].length, problems.length);
        entries += parsed.length;
      }
  assert.ok(entries > 50, `${entries} were entries`);
});
