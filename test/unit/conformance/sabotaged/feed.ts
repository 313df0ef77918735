import type { Change } from '../../../../src/adapters/contract.ts';
import { isAbsent } from '../../../../src/util/is-absent.ts';
import { aborted, tamperFeed, tamperRows, messages, rows, withWatch, type Sabotage } from './tamper.ts';

/** Adapters whose feeds or snapshots break the rule they are listed under, and no other. */
export const feedSabotage: Readonly<Record<string, Sabotage>> = {
  'adapter-shape': (adapter) => ({ ...adapter, idempotent: 'yes' as unknown as boolean }),

  'feed-opens-first': (adapter) =>
    tamperFeed(adapter, () => (change) => (change.type === 'open' ? [{ type: 'heartbeat' }, change] : [change])),

  'feed-opens-once': (adapter) =>
    tamperFeed(adapter, () => {
      let open: Change<unknown>;
      return (change) => {
        if (change.type === 'open') open = change;
        return change.type === 'synced' ? [change, open] : [change];
      };
    }),

  'feed-synced': (adapter) => tamperFeed(adapter, () => (change) => (change.type === 'synced' ? [] : [change])),

  'feed-schema': (adapter) =>
    tamperFeed(adapter, () => (change) => [change.type === 'open' ? { ...change, serverTime: 'yesterday' } : change]),

  'feed-pages-before-synced': (adapter) =>
    tamperFeed(adapter, () => (change, { live }) => [
      live && change.type === 'upsert' ? { type: 'page', items: change.items } : change,
    ]),

  'feed-cursor-from-synced': (adapter) =>
    tamperFeed(adapter, () => (change) => [
      change.type === 'page' ? ({ ...change, cursor: '1' } as Change<unknown>) : change,
    ]),

  'feed-count': (adapter) =>
    tamperFeed(adapter, () => (change) => [
      change.type === 'synced' && !isAbsent(change.count) ? { ...change, count: change.count + 1 } : change,
    ]),

  'feed-heartbeat': (adapter) => tamperFeed(adapter, () => (change) => (change.type === 'heartbeat' ? [] : [change])),

  // Has one connection only: later feeds get nothing.
  'feed-again': (adapter) => {
    let used = false;
    return withWatch(adapter, async function* (request) {
      if (used) return void (await aborted(request.signal));
      used = true;
      yield* messages(adapter, request);
    });
  },

  // Has one queue per system: a new feed takes it from the one before.
  'feed-two-at-once': (adapter) => {
    const latest = new Map<string, symbol>();
    return tamperFeed(adapter, ({ system }) => {
      const me = Symbol();
      latest.set(system, me);
      return (change) => (latest.get(system) === me ? [change] : []);
    });
  },

  // Loses the last row of a page of five.
  'snapshot-complete': (adapter) =>
    tamperFeed(adapter, () => (change) => [
      change.type === 'page' && change.items.length === 5 ? { ...change, items: change.items.slice(0, 4) } : change,
    ]),

  // Marks the end on the last row, as some engines do, so an empty snapshot never ends.
  'snapshot-empty': (adapter) =>
    tamperFeed(adapter, ({ ids }) => {
      let any = ids !== undefined;
      return (change, { mode }) => {
        any ||= rows(change).length > 0;
        return change.type === 'synced' && mode === 'snapshot' && !any ? [] : [change];
      };
    }),

  'snapshot-many': (adapter) =>
    tamperFeed(adapter, () => {
      let pages = 0;
      return (change) => (change.type === 'page' && ++pages > 1 ? [] : [change]);
    }),

  'snapshot-rows-once': (adapter) =>
    tamperFeed(adapter, () => (change) => [
      change.type === 'page' ? { ...change, items: [...change.items, ...change.items.slice(0, 1)] } : change,
    ]),

  'row-faithful': (adapter) =>
    tamperRows(adapter, ['page', 'upsert'], (row) => ({ ...row, missing: ['something-else'] })),

  'row-system': (adapter) => tamperRows(adapter, ['page', 'upsert'], (row) => ({ ...row, system: 'elsewhere' })),

  // Uses one map by id for all systems.
  'systems-apart': (adapter) => {
    const known = new Map<string, { readonly system: string; readonly row: object }>();
    return tamperRows(adapter, ['page'], (row, { request: { system } }) => {
      const before = known.get(row.id);
      if (before && before.system !== system) return { ...row, ...before.row };
      known.set(row.id, { system, row });
      return row;
    });
  },
};
