/**
 * The schemas equal the types of the contract. These tests fail at `tsc`; at run time they only show that all schemas
 * exist.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { GenericSchema, InferOutput } from 'valibot';
import type {
  ActRequest,
  ActResult,
  CampaignRecord,
  Change,
  Dependency,
  HistoryEntry,
  HistoryPage,
  LogEntry,
  Reading,
} from '../../../src/adapters/contract.ts';
import * as wire from '../../../src/conformance/schemas.ts';

type Equal<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
/** Without `readonly`, and with `undefined` counted as absent: neither exists in JSON. */
type Plain<T> = T extends readonly (infer I)[]
  ? Plain<I>[]
  : T extends object
    ? { -readonly [K in keyof T]: Plain<Exclude<T[K], undefined>> }
    : T;
type Sent<S extends GenericSchema> = Plain<InferOutput<S>>;
type Conflict = Extract<Plain<ActResult>, { outcome: 'conflict' }>;
function proves<_T extends true>(): void {}

test('each message of the contract has a schema, and the types agree', () => {
  proves<Equal<Sent<typeof wire.RecordSchema>, Plain<CampaignRecord>>>();
  proves<Equal<Sent<typeof wire.ChangeSchema>, Plain<Change>>>();
  proves<Equal<Sent<typeof wire.ReadingSchema>, Plain<Reading>>>();
  proves<Equal<Sent<typeof wire.ActResultSchema>, Plain<ActResult>>>();
  proves<Equal<Sent<typeof wire.ActBodySchema>, Plain<Pick<ActRequest, 'expect' | 'input'>>>>();
  proves<Equal<Sent<typeof wire.ActManyAnswerSchema>['results'], Plain<readonly ActResult[]>>>();
  proves<
    Equal<
      Sent<typeof wire.ActManyBodySchema>['requests'][number],
      Plain<Pick<ActRequest, 'expect' | 'idempotencyKey' | 'input'> & { id: string }>
    >
  >();
  proves<Equal<Sent<typeof wire.HistoryPageSchema>, Plain<HistoryPage>>>();
  proves<Equal<Sent<typeof wire.HistoryEntrySchema>, Plain<HistoryEntry>>>();
  proves<Equal<Sent<typeof wire.DependencySchema>, Plain<Dependency>>>();
  proves<Equal<Sent<typeof wire.LogEntrySchema>, Plain<LogEntry>>>();
  proves<Equal<Pick<Sent<typeof wire.ProblemSchema>, 'campaign' | 'epoch'>, Pick<Conflict, 'campaign' | 'epoch'>>>();
  assert.ok(Object.values(wire).length > 0);
});

test('values that the types allow are passed to the schemas unchanged', () => {
  const change: Change = { type: 'upsert', items: [{ id: 'a', status: 'active', revision: 1 }] };
  assert.equal(wire.checkChange(change), undefined);
});
