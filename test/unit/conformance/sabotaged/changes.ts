import type { Change } from '../../../../src/adapters/contract.ts';
import { isAbsent } from '../../../../src/util/is-absent.ts';
import { tamperFeed, tamperRows, messages, rows, withWatch, type Row, type Sabotage } from './tamper.ts';

/** Adapters whose changes, revisions or positions break the rule they are listed under, and no other. */
export const changeSabotage: Readonly<Record<string, Sabotage>> = {
  'change-reported': (adapter) =>
    tamperFeed(
      adapter,
      () =>
        (change, { live }) =>
          live && change.type === 'upsert' ? [] : [change],
    ),

  // Lists before it subscribes.
  'change-during-snapshot': (adapter) =>
    withWatch(adapter, async function* (request) {
      if (request.since) return void (yield* messages(adapter, request));
      let synced: Change<unknown> | undefined;
      for await (const change of messages(adapter, request)) {
        if (change.type === 'synced') {
          synced = change;
          break;
        }
        yield change;
      }
      let live = false;
      for await (const change of messages(adapter, request)) {
        if (live) yield change;
        else if (change.type === 'synced') {
          live = true;
          yield { ...change, ...(synced?.type === 'synced' ? { cursor: synced.cursor! } : {}) };
        }
      }
    }),

  // Gives a late list answer a new revision.
  'change-in-order': (adapter) =>
    tamperFeed(adapter, () => {
      const sent = new Map<string, Row[]>();
      return (change, { live }) => {
        if (!live || change.type !== 'upsert') return [change];
        return [
          {
            ...change,
            items: rows(change).flatMap((row) => {
              const before = sent.get(row.id) ?? [];
              sent.set(row.id, [...before, row]);
              const old = before.at(-2);
              return before.length > 4 && old ? [{ ...old, revision: row.revision }, row] : [row];
            }),
          },
        ];
      };
    }),

  // Takes over the row of an event that was under way while another feed listed a newer one.
  'change-not-overtaken': (adapter) => {
    const events = new Map<string, Row[]>();
    let open = 0;
    return withWatch(adapter, async function* (request) {
      const isSecond = open++ > 0;
      const late = [...events.values()].filter(({ length }) => length > 1);
      let live = false;
      try {
        for await (const change of messages(adapter, request)) {
          if (!isSecond && live && change.type === 'upsert')
            for (const row of rows(change)) events.set(row.id, [...(events.get(row.id) ?? []), row]);
          yield change;
          live ||= change.type === 'synced';
          for (const [older, newer] of live && isSecond ? late.splice(0) : [])
            yield { type: 'upsert', items: [{ ...older!, revision: newer!.revision + 1 }] };
        }
      } finally {
        open--;
      }
    });
  },

  // Keeps the revision of the listed row until its status changes.
  'revision-grows': (adapter) =>
    tamperFeed(adapter, () => {
      const first = new Map<string, Row>();
      return (change) => {
        if (change.type === 'remove') for (const { id } of change.items) first.delete(id);
        if (change.type !== 'page' && change.type !== 'upsert') return [change];
        return [
          {
            ...change,
            items: rows(change).map((row) => {
              const listed = first.get(row.id);
              if (!listed) first.set(row.id, row);
              return listed && listed.status === row.status ? { ...row, revision: listed.revision } : row;
            }),
          },
        ];
      };
    }),

  // Reads the list again at every change and sends unchanged rows again.
  'revision-still': (adapter) =>
    tamperFeed(adapter, () => {
      let last: Row | undefined;
      return (change, { live }) => {
        if (change.type === 'page') last = rows(change).at(-1);
        const touched = change.type === 'remove' ? change.items : rows(change);
        if (!live || !last || change.type === 'heartbeat') return [change];
        const again = { ...last, revision: last.revision + 1 };
        const isTouched = touched.some(({ id }) => id === last!.id);
        last = undefined;
        return isTouched || change.type !== 'upsert' ? [change] : [{ ...change, items: [...change.items, again] }];
      };
    }),

  'revision-steady': (adapter) =>
    tamperRows(adapter, ['page'], (row) => ({ ...row, revision: Math.max(1, row.revision - 1) })),

  // Forgets the revision of an id with its row.
  'revision-after-removal': (adapter) =>
    tamperFeed(adapter, () => {
      const removed = new Set<string>();
      return (change) => {
        if (change.type === 'remove') for (const { id } of change.items) removed.add(id);
        if (change.type !== 'upsert') return [change];
        return [{ ...change, items: rows(change).map((row) => (removed.has(row.id) ? { ...row, revision: 1 } : row)) }];
      };
    }),

  'removal-reported': (adapter) =>
    tamperFeed(
      adapter,
      () =>
        (change, { live }) =>
          live && change.type === 'remove' ? [] : [change],
    ),

  'removal-revision': (adapter) =>
    tamperFeed(adapter, () => (change, { live }) => [
      live && change.type === 'remove'
        ? { ...change, items: change.items.map((item) => ({ ...item, revision: 0 })) }
        : change,
    ]),

  'removal-lasts': (adapter) =>
    tamperFeed(adapter, () => {
      const last = new Map<string, Row>();
      return (change, { live }) => {
        for (const row of rows(change)) last.set(row.id, row);
        if (!live || change.type !== 'remove') return [change];
        const echoes = change.items.flatMap(({ id, revision }) => {
          const row = last.get(id);
          return row ? [{ ...row, revision: (revision ?? 0) + 1 }] : [];
        });
        return [change, { type: 'upsert', items: echoes }];
      };
    }),

  // A cache of rows from which nothing is removed.
  'removal-while-away': (adapter) => {
    const cache = new Map<string, Row>();
    return tamperFeed(adapter, ({ ids }) => {
      const named = new Set<string>();
      return (change, { mode, live }) => {
        for (const row of rows(change)) {
          cache.set(`${row.id}`, row);
          named.add(row.id);
        }
        if (live || ids || mode === 'resume' || change.type !== 'synced') return [change];
        const omitted = [...cache.values()].filter(({ id }) => !named.has(id));
        return omitted.length ? [{ type: 'page', items: omitted }, change] : [change];
      };
    });
  },

  // A queue of changes that does not keep removals.
  'resume-complete': (adapter) =>
    tamperFeed(
      adapter,
      () =>
        (change, { mode, live }) =>
          mode === 'resume' && !live && change.type === 'remove' ? [] : [change],
    ),

  'resume-every-cursor': (adapter) =>
    tamperFeed(adapter, () => (change, { live }) => [
      live && change.type === 'upsert' && change.cursor !== undefined
        ? { ...change, cursor: String(Number(change.cursor) + 1) }
        : change,
    ]),

  // Checks the cursor, but not the epoch.
  'resume-other-epoch': (adapter) => {
    let epoch = '';
    return withWatch(adapter, async function* (request) {
      const { since } = request;
      const lost = since?.epoch.startsWith('no-such-epoch') ?? false;
      const forwarded = lost ? { ...request, since: { ...since!, epoch } } : request;
      for await (const change of messages(adapter, forwarded)) {
        if (change.type === 'open') epoch = change.epoch ?? '';
        yield change;
      }
    });
  },

  'resume-from-the-future': (adapter) => silentResume(adapter, (cursor, highest) => cursor > highest),

  'resume-expired': (adapter) => silentResume(adapter, (cursor, highest) => cursor <= highest),

  // Uses the same epoch name every time.
  'epoch-renewed': (adapter) => {
    let epoch = '';
    const rename = <T extends { epoch?: string | null }>(one: T): T =>
      isAbsent(one.epoch) ? one : { ...one, epoch: 'one' };
    return {
      ...withWatch(adapter, async function* (request) {
        const { since } = request;
        const forwarded = since?.epoch === 'one' ? { ...request, since: { ...since, epoch } } : request;
        for await (const change of messages(adapter, forwarded)) {
          if (change.type !== 'open') yield change;
          else {
            epoch = change.epoch ?? '';
            yield rename(change);
          }
        }
      }),
      act: async (request) => {
        const result = await adapter.act(request);
        return 'epoch' in result ? rename(result) : result;
      },
      get: async (ref, signal) => {
        const reading = await adapter.get!(ref, signal);
        return reading && rename(reading);
      },
    };
  },
};

/** Resumes from an expired position and sends no changes. */
function silentResume(
  adapter: Parameters<Sabotage>[0],
  when: (cursor: number, highest: number) => boolean,
): ReturnType<Sabotage> {
  let epoch = '';
  let highest = 0;
  return withWatch(adapter, async function* (request) {
    const { since, signal } = request;
    try {
      for await (const change of messages(adapter, request)) {
        if (change.type === 'open') epoch = change.epoch ?? '';
        if ('cursor' in change) highest = Math.max(highest, Number(change.cursor));
        yield change;
      }
    } catch (error) {
      const expired = (error as { code?: string }).code === 'expired';
      if (!expired || !since || since.epoch !== epoch || !when(Number(since.cursor), highest)) throw error;
      yield { type: 'open', mode: 'resume', epoch };
      yield { type: 'synced', cursor: since.cursor };
      await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve()));
    }
  });
}
