/** An adapter like those of many backends: `null` in absent fields. */
import type {
  ActResult,
  CampaignAdapter,
  CampaignRecord,
  CampaignRef,
  Change,
  Dependency,
  LogEntry,
  Reading,
} from '../../src/adapters/index.ts';

type Iterated<T> = AsyncIterable<T>;

/** The same row with `null` in each optional field that it lacks. */
export function nullRow<Row extends Partial<CampaignRecord>>(row: Row): Row {
  const { cause } = row;
  return {
    ...{ name: null, system: null, message: null, at: null, changedBy: null, missing: null, denied: null },
    ...row,
    cause: cause ? { name: null, ...cause } : null,
  };
}

/** The same message with `null` in each optional field that it lacks. */
export function nullChange(change: Change<unknown>): Change<unknown> {
  switch (change.type) {
    case 'open':
      return { contract: null, epoch: null, heartbeatMs: null, serverTime: null, ...change };
    case 'page':
      return { ...change, items: rows(change.items) };
    case 'upsert':
      return { cursor: null, ...change, items: rows(change.items) };
    case 'remove':
      return {
        cursor: null,
        ...change,
        items: change.items.map((item) => ({ revision: null, reason: null, ...item })),
      };
    case 'synced':
      return { cursor: null, partial: null, count: null, ...change };
    case 'heartbeat':
      return { cursor: null, count: null, serverTime: null, ...change };
  }
}

/** The same adapter with `null` in each optional field that it would leave out. */
export function nullAdapter(adapter: CampaignAdapter<unknown>): CampaignAdapter<unknown> {
  const { get, diagnose, log, history, actMany } = adapter;
  return {
    ...adapter,
    async *watch(request) {
      for await (const change of adapter.watch(request) as Iterated<Change<unknown>>) yield nullChange(change);
    },
    act: async (request) => nullResult(await adapter.act(request)),
    ...(actMany && { actMany: async (requests) => (await actMany(requests)).map(nullResult) }),
    ...(get && { get: async (ref, signal) => nullReading(await get(ref, signal)) }),
    ...(diagnose && {
      diagnose: async (ref, signal) =>
        ((await diagnose(ref, signal)) as readonly Dependency[]).map((one) => ({ message: null, href: null, ...one })),
    }),
    ...(history && {
      history: async (ref, page, signal) => {
        const { entries, before = null } = await history(ref, page, signal);
        return {
          entries: entries.map((entry) => ({ action: null, changedBy: null, message: null, ...entry })),
          before,
        };
      },
    }),
    ...(log && {
      log: async function* (ref: CampaignRef, signal: AbortSignal) {
        for await (const entries of log(ref, signal) as Iterated<readonly LogEntry[]>)
          yield entries.map((entry) => ({ at: null, level: null, ...entry }));
      },
    }),
  };
}

function nullResult(result: ActResult<unknown>): ActResult<unknown> {
  switch (result.outcome) {
    case 'done':
      return { ...result, ...nullReading(result) };
    case 'conflict':
      return { reason: null, epoch: null, ...result, campaign: result.campaign ? nullRow(result.campaign) : null };
    case 'refused':
      return { reason: null, ...result };
    case 'accepted':
      return result;
  }
}

function nullReading<R extends Reading<unknown> | undefined>(reading: R): R {
  return reading && { epoch: null, ...reading, campaign: nullRow(reading.campaign as CampaignRecord) };
}

function rows(items: readonly unknown[]): readonly unknown[] {
  return items.map((item) => nullRow(item as CampaignRecord));
}
