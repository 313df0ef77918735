import { AdapterError, type HistoryPage, type LogEntry, type Reading } from '../../../../src/adapters/contract.ts';
import { isAbsent } from '../../../../src/util/is-absent.ts';
import { tamperFeed, tamperRows, rows, type Adapter, type Row, type Sabotage } from './tamper.ts';

/** Adapters whose readings, ids or texts break the rule they are listed under, and no other. */
export const readingSabotage: Readonly<Record<string, Sabotage>> = {
  // Filters the list by id, but does not subscribe.
  'ids-reported': (adapter) =>
    tamperFeed(
      adapter,
      ({ ids }) =>
        (change, { live }) =>
          ids && live && change.type === 'upsert' ? [] : [change],
    ),

  'ids-unknown': (adapter) =>
    tamperFeed(adapter, ({ ids }) => {
      let any = false;
      return (change) => {
        any ||= rows(change).length > 0;
        return ids && !any && change.type === 'synced' ? [] : [change];
      };
    }),

  'get-schema': (adapter) => reading(adapter, (row) => ({ ...row, revision: String(row.revision) })),

  'get-agrees': (adapter) => reading(adapter, (row) => ({ ...row, revision: row.revision + 5 })),

  'get-fresh': (adapter) => {
    const cache = new Map<string, Reading<unknown> | undefined>();
    return {
      ...adapter,
      get: async (ref, signal) => {
        if (!cache.has(ref.id)) cache.set(ref.id, await adapter.get!(ref, signal));
        return cache.get(ref.id);
      },
    };
  },

  'get-unknown': (adapter) => ({
    ...adapter,
    get: async (ref, signal) => {
      const found = await adapter.get!(ref, signal);
      if (!found) throw new AdapterError('misconfigured', 'not found');
      return found;
    },
  }),

  'diagnose-schema': (adapter) => ({
    ...adapter,
    diagnose: async (ref, signal) => {
      const found = (await adapter.diagnose!(ref, signal)) as readonly { state: string }[];
      return found.map((one) => ({ ...one, state: 'ok' })) as never;
    },
  }),

  'log-schema': (adapter) => ({
    ...adapter,
    log: async function* (ref, signal) {
      for await (const entries of adapter.log!(ref, signal) as AsyncIterable<readonly LogEntry[]>)
        yield entries.map((entry) => ({ ...entry, level: 'fatal' })) as never;
    },
  }),

  // Keeps its position in the log.
  'log-starts-over': (adapter) => {
    const read = new Set<string>();
    return {
      ...adapter,
      log: async function* (ref, signal) {
        for await (const entries of adapter.log!(ref, signal) as AsyncIterable<readonly LogEntry[]>) {
          const fresh = entries.filter((entry) => !read.has(JSON.stringify([ref.id, entry])));
          for (const entry of fresh) read.add(JSON.stringify([ref.id, entry]));
          yield fresh;
        }
      },
    };
  },

  'history-schema': (adapter) =>
    withHistory(adapter, ({ entries, ...page }) => ({
      ...page,
      entries: entries.map((entry) => ({ ...entry, status: 7 as never })),
    })),

  // Keeps the moves of the engine only.
  'history-action': (adapter) =>
    withHistory(adapter, ({ entries, ...page }) => ({
      ...page,
      entries: entries.filter(({ action }) => isAbsent(action)),
    })),

  'history-newest-first': (adapter) => ({
    ...adapter,
    history: async (ref, { before, limit }, signal) => {
      const { entries } = await adapter.history!(ref, { limit: 100 }, signal);
      const start = Number(before ?? 0);
      const end = start + limit;
      return {
        entries: entries.toReversed().slice(start, end),
        ...(end < entries.length ? { before: String(end) } : {}),
      };
    },
  }),

  // Gives the first page again.
  'history-paged': (adapter) => ({
    ...adapter,
    history: (ref, { limit }, signal) => adapter.history!(ref, { limit }, signal),
  }),

  // Uses a plain object as a map of names, which has inherited keys.
  'odd-ids': (adapter) =>
    tamperFeed(adapter, ({ ids }) => {
      const names: Record<string, unknown> = {};
      return (change) => {
        if (ids || change.type !== 'page') return [change];
        return [
          {
            ...change,
            items: rows(change).map((row) => ({ ...row, name: `${(names[row.id] ??= row.name) as string}` })),
          },
        ];
      };
    }),

  'odd-ids-addressed': (adapter) => ({
    ...adapter,
    get: (ref, signal) => adapter.get!({ ...ref, id: ref.id.split('/')[0]! }, signal),
  }),

  'odd-texts': (adapter) =>
    tamperRows(adapter, ['page', 'upsert'], (row) => withMessage(row, (text) => text.replace(/<[^>]*>/g, ''))),

  'long-texts': (adapter) =>
    tamperRows(adapter, ['page', 'upsert'], (row) => withMessage(row, (text) => text.slice(0, 65_535))),

  'unknown-status': (adapter) =>
    tamperRows(adapter, ['page', 'upsert'], (row) =>
      row.status?.startsWith('no-such-status') ? { ...row, status: 'inactive' } : row,
    ),
};

function withMessage(row: Row, alter: (text: string) => string): Row {
  return row.message === undefined ? row : { ...row, message: alter(row.message) };
}

function withHistory(adapter: Adapter, alter: (page: HistoryPage) => HistoryPage): Adapter {
  return { ...adapter, history: async (...args) => alter(await adapter.history!(...args)) };
}

function reading(adapter: Adapter, alter: (row: Row) => unknown): Adapter {
  return {
    ...adapter,
    get: async (ref, signal) => {
      const found = await adapter.get!(ref, signal);
      return found && { ...found, campaign: alter(found.campaign as Row) };
    },
  };
}
