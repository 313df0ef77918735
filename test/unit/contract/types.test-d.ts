/** The schemas equal the types of the contract. `tsc` proves it; nothing here runs. */
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
import type * as wire from '../../../src/conformance/schemas.ts';
import { proves, type Equal } from '../../support/proves.ts';

/** Without `readonly`, and with `undefined` counted as absent: neither exists in JSON. */
type Plain<T> = T extends readonly (infer I)[]
  ? Plain<I>[]
  : T extends object
    ? { -readonly [K in keyof T]: Plain<Exclude<T[K], undefined>> }
    : T;
type Sent<S extends GenericSchema> = Plain<InferOutput<S>>;
type Conflict = Extract<Plain<ActResult>, { outcome: 'conflict' }>;

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
