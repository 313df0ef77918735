/** contract/change.schema.json and the schemas in contract/openapi.json accept what the checks in the code accept. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Change } from '../../../src/adapters/index.ts';
import {
  checkActBody,
  checkActManyAnswer,
  checkActManyBody,
  checkActResult,
  checkChange,
  checkDependencies,
  checkHistoryPage,
  checkLogEntries,
  checkProblem,
  checkReading,
  checkRecord,
} from '../../../src/conformance/schemas.ts';
import { fc } from '../../support/fast-check.ts';
import { nullChange } from '../../support/null-fields.ts';
import { changeSchema, document, problemBy } from './document.ts';
import {
  anyChange,
  anyDependencies,
  anyLogEntries,
  anyOpen,
  anyRow,
  soundDependency,
  soundLogEntry,
  soundRemoval,
  soundRow,
  withOneOdd,
} from './messages.ts';

const RUNS = { numRuns: 1000 };
const inOpenApi = (name: string): string => `openapi.json#/components/schemas/${name}`;

/** As JSON carries it: values that JSON can't express need no test. */
const sent = (value: unknown): unknown => JSON.parse(JSON.stringify(value) ?? 'null') as unknown;

/** What JSON Schema can't express: the days of a month, and the length of a string in UTF-16. */
const beyondJsonSchema = /(^|[.\]])((at|serverTime): got "\d{4}-|id: got "(😀)+…)/u;
/** Where the code accepts more, as the store does: a list in place of a table, and the names that it ignores in one. */
const asTable = /denied(\/(__proto__|prototype|constructor) must be string| must be object)/;

function agree(schema: string, check: (value: unknown) => string | undefined, value: unknown): void {
  const published = problemBy(schema, value);
  const own = check(value);
  if (published === undefined && own !== undefined) assert.match(own, beyondJsonSchema);
  if (published !== undefined && own === undefined) assert.match(published, asTable);
}

describe('published schemas and code agree', () => {
  for (const [name, any] of [
    ['a first change', anyOpen],
    ['any other change', anyChange],
  ] as const)
    for (const schema of [changeSchema.$id, inOpenApi('Change')])
      test(`${name}, by ${schema}`, () =>
        fc.assert(
          fc.property(any, (change) => agree(schema, checkChange, sent(change))),
          RUNS,
        ));

  test('a row', () =>
    fc.assert(
      fc.property(anyRow, (row) => {
        agree(inOpenApi('CampaignRecord'), checkRecord, sent(row));
        agree(inOpenApi('Reading'), checkReading, sent({ campaign: row }));
        agree(inOpenApi('Problem'), checkProblem, sent({ campaign: row }));
      }),
      RUNS,
    ));

  test('a diagnosis', () =>
    fc.assert(
      fc.property(anyDependencies, (dependencies) =>
        agree(
          inOpenApi('Diagnosis'),
          () => checkDependencies(sent(dependencies)),
          sent({ dependencies: sent(dependencies) }),
        ),
      ),
      RUNS,
    ));

  test('a log', () =>
    fc.assert(
      fc.property(anyLogEntries, (entries) => agree(inOpenApi('LogEntries'), checkLogEntries, sent(entries))),
      RUNS,
    ));

  test('everything with one invalid field', () => {
    for (const row of withOneOdd(soundRow)) agree(inOpenApi('CampaignRecord'), checkRecord, sent(row));
    for (const item of withOneOdd(soundRemoval))
      agree(changeSchema.$id, checkChange, sent({ type: 'remove', items: [item] }));
    for (const one of withOneOdd(soundDependency))
      agree(inOpenApi('Dependency'), (value) => checkDependencies([value]), sent(one));
    for (const entry of withOneOdd(soundLogEntry)) agree(inOpenApi('LogEntries'), checkLogEntries, sent([entry]));
  });

  for (const body of [
    { expect: { status: 'active', revision: 1 } },
    { expect: { status: 'active', revision: 1, epoch: 'e' } },
    { expect: { status: 'active', revision: -1 } },
    { expect: { status: 'active' } },
    { expect: { status: 1, revision: 1 } },
    { expect: null },
    {},
    [],
    'start',
    { expect: { status: 'active', revision: 1 }, input: 'Why' },
    { expect: { status: 'active', revision: 1 }, input: null },
  ])
    test(`the body ${JSON.stringify(body)}`, () => {
      assert.equal(problemBy(inOpenApi('ActBody'), body) === undefined, checkActBody(body) === undefined);
    });
});

const entry = { status: 'active', at: 0 };
const item = { id: 'a', idempotencyKey: 'k', expect: { status: 'active', revision: 1 } };
for (const [schema, checkOf, values] of [
  [
    'HistoryPage',
    checkHistoryPage,
    [
      { entries: [] },
      { entries: [{ ...entry, action: null, changedBy: null, message: null }], before: null },
      { entries: [{ ...entry, action: 'start', changedBy: 'Scheduler', message: 'no' }], before: '1' },
      { entries: [{ ...entry, at: null }] },
      { entries: [{ status: 'active' }] },
      { entries: [entry], before: '' },
      { entries: entry },
      [entry],
    ],
  ],
  [
    'ActManyBody',
    checkActManyBody,
    [
      { requests: [] },
      { requests: [item, { ...item, id: 'b', input: 'Why' }] },
      { requests: [{ ...item, id: 1 }] },
      { requests: [{ ...item, idempotencyKey: '' }] },
      { requests: [{ ...item, input: null }] },
      { requests: [{ id: 'a' }] },
      { requests: item },
      [item],
    ],
  ],
  [
    'ActManyAnswer',
    checkActManyAnswer,
    [
      { results: [] },
      { results: [{ outcome: 'accepted' }, { outcome: 'refused', code: 'gone' }] },
      { results: [{ outcome: 'done', campaign: { id: 'a', status: 'active', revision: 1 } }] },
      { results: [{ outcome: 'done' }] },
      { results: [{ outcome: 'refused', code: 'later' }] },
      { results: [null] },
      { results: null },
    ],
  ],
] as const)
  for (const value of values)
    test(`the published ${schema} and the code agree on ${JSON.stringify(value)}`, () => {
      assert.equal(problemBy(inOpenApi(schema), value) === undefined, checkOf(value) === undefined);
    });

describe('null in an optional field counts as absent', () => {
  for (const [name, change] of Object.entries<Change>({
    open: { type: 'open', mode: 'snapshot' },
    page: { type: 'page', items: [{ id: 'a', status: 'error', revision: 1, cause: { kind: 'channel', id: 'email' } }] },
    synced: { type: 'synced' },
    upsert: { type: 'upsert', items: [{ id: 'a', status: 'active', revision: 1 }] },
    remove: { type: 'remove', items: [{ id: 'a' }] },
    heartbeat: { type: 'heartbeat' },
  }))
    test(`in ${name}`, () => {
      assert.equal(checkChange(nullChange(change)), undefined);
      for (const schema of [changeSchema.$id, inOpenApi('Change')])
        assert.equal(problemBy(schema, nullChange(change)), undefined);
    });

  for (const [name, check, message] of [
    ['Reading', checkReading, { campaign: { id: 'a', status: 'active', revision: 1, name: null }, epoch: null }],
    ['Problem', checkProblem, { type: null, title: null, status: null, detail: null, campaign: null, epoch: null }],
    ['LogEntries', checkLogEntries, [{ text: 'a', at: null, level: null }]],
    [
      'HistoryPage',
      checkHistoryPage,
      { entries: [{ status: 'active', at: 1, action: null, changedBy: null, message: null }], before: null },
    ],
  ] as const)
    test(`in ${name}`, () => {
      assert.equal(check(message), undefined);
      assert.equal(problemBy(inOpenApi(name), message), undefined);
    });

  test('in Diagnosis', () => {
    const dependencies = [{ kind: 'agent', id: 'a', name: 'A', state: 'running', message: null, href: null }];
    assert.equal(checkDependencies(dependencies), undefined);
    assert.equal(problemBy(inOpenApi('Diagnosis'), { dependencies }), undefined);
  });

  test('in answers to actions', () => {
    for (const result of [
      { outcome: 'done', campaign: { id: 'a', status: 'active', revision: 1 }, epoch: null },
      { outcome: 'conflict', reason: null, campaign: null, epoch: null },
      { outcome: 'refused', code: 'gone', reason: null },
    ])
      assert.equal(checkActResult(result), undefined);
  });

  test('a required field may not be null', () => {
    assert.equal(checkRecord({ id: 'a', status: null, revision: 1 }), 'status: got null; send a string');
    assert.notEqual(problemBy(inOpenApi('CampaignRecord'), { id: 'a', status: null, revision: 1 }), undefined);
  });
});

describe('the examples in the published schemas are valid', () => {
  for (const [where, schemas] of [
    [`${changeSchema.$id}#/$defs/`, changeSchema.$defs],
    [inOpenApi(''), document.components.schemas],
  ] as const)
    for (const [name, { examples = [] }] of Object.entries<{ examples?: readonly unknown[] }>({ ...schemas }))
      examples.forEach((example, index) =>
        test(`${where}${name}, ${index}`, () => assert.equal(problemBy(`${where}${name}`, example), undefined)),
      );
});

test('version numbers are as documented', () => {
  assert.match(document.openapi, /^3\.1\./);
  assert.equal((changeSchema as { $schema?: string }).$schema, 'https://json-schema.org/draft/2020-12/schema');
});
