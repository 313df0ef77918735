/** The invariants that hold at every moment, as far as the tests of the store's parts do not cover them. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { ListView } from '../../../src/store/index.ts';
import { row, type ScriptedWatch } from '../../support/scripted-adapter.ts';
import { adapterError, flow, liveFixture, record, createFixture } from '../../support/store-fixture.ts';
import { randomSource } from '../../support/random-source.ts';
import { countedWork } from './counted-work.ts';

const IDS = ['a', 'b', 'c', 'd', 'e'];
const STATUSES = ['inactive', 'active', 'error'];

/** The current state of a backend, and every earlier one. The message of each state identifies it. */
class Truth {
  epoch = 1;
  readonly rows = new Map<string, ReturnType<typeof row>>();
  /** Per id, in order: `epoch:revision`. */
  readonly history = new Map<string, string[]>(IDS.map((id) => [id, []]));
  readonly #revisions = new Map<string, number>();

  constructor(private readonly chance: () => number) {
    for (const id of IDS) this.change(id);
  }

  change(id: string): void {
    const revision = this.#next(id);
    const message = `${this.epoch}:${revision}`;
    this.history.get(id)!.push(message);
    this.rows.set(id, row(id, STATUSES[Math.floor(this.chance() * 3)]!, revision, { message }));
  }

  remove(id: string): number {
    this.rows.delete(id);
    return this.#next(id);
  }

  /** Restores an older state: revisions begin again. */
  restore(): void {
    this.epoch++;
    this.#revisions.clear();
    for (const id of IDS)
      if (this.chance() < 0.8) this.change(id);
      else this.rows.delete(id);
  }

  #next(id: string): number {
    const revision = (this.#revisions.get(id) ?? 0) + 1;
    this.#revisions.set(id, revision);
    return revision;
  }
}

describe('a feed that is cut, repeats itself, arrives late and restarts', () => {
  for (let seed = 1; seed <= 20; seed++)
    test(`invariants 2, 3 and 4, seed ${seed}: shown states are a subsequence of the true ones, of one epoch, and no campaign disappears unannounced`, async () => {
      const chance = randomSource(seed);
      const pick = <T>(from: readonly T[]): T => from[Math.floor(chance() * from.length)]!;
      const truth = new Truth(chance);
      const { store, adapter, env } = createFixture();
      Object.defineProperty(env, 'random', { value: chance });

      const shown = new Map<string, string[]>(IDS.map((id) => [id, []]));
      for (const id of IDS)
        store.campaign(flow(id)).subscribe(({ presence, status, message }) => {
          const seen = shown.get(id)!;
          // Without a status, no row of it could be read yet.
          if (presence === 'present' && status && seen.at(-1) !== message) seen.push(message);
        });
      /** Ids that a removal, a complete snapshot or a new epoch allows to disappear. */
      const dismissed = new Set<string>();
      let before: readonly string[] = [];
      store.list('flows').subscribe(({ ids }) => {
        for (const id of before) assert.ok(ids.includes(id) || dismissed.has(id), `${id} went without a word`);
        before = ids;
        dismissed.clear();
        const epochs = new Set(
          ids
            .map((id) => store.campaign(flow(id)).value)
            // An unreadable row is marked, and shows its last known state, which may be from before.
            .flatMap(({ stale, message }) => (stale?.why === 'unreadable' ? [] : [message.split(':')[0]])),
        );
        assert.ok(epochs.size <= 1, `rows of the epochs ${[...epochs].join(' and ')} side by side`);
      });

      let synced = false;
      let known: number | undefined;
      let sentOf = new Map<string, unknown[]>();
      const listen = async (feed: ScriptedWatch): Promise<void> => {
        synced = false;
        const resumes = feed.request.since?.epoch === String(truth.epoch) && chance() < 0.5;
        feed.opens({ epoch: String(truth.epoch) }, resumes ? 'resume' : 'snapshot');
        if (!resumes && chance() < 0.2) feed.push({ type: 'upsert', items: [{ id: pick(IDS) }, { nonsense: true }] });
        const rows = [...truth.rows.values()];
        if (resumes) feed.upsert(...rows);
        else for (const one of rows) feed.push({ type: 'page', items: [one] });
        if (chance() < 0.3) return feed.fail();
        await env.advance(chance() * 40);
        const partial = !resumes && chance() < 0.3;
        if (!resumes && (!partial || known !== truth.epoch))
          for (const id of IDS) if (!truth.rows.has(id)) dismissed.add(id);
        known = truth.epoch;
        feed.syncs({ partial });
        sentOf = new Map(rows.map((one) => [one.id, [one]]));
        synced = true;
      };

      await env.advance(0);
      await listen(adapter.feed);
      for (let step = 0; step < 150; step++) {
        const id = pick(IDS);
        const { feed } = adapter;
        const sendRow = (): void => {
          const one = truth.rows.get(id)!;
          sentOf.set(id, [...(sentOf.get(id) ?? []), one]);
          if (synced && feed.open) feed.upsert(one);
        };
        const what = chance();
        if (what < 0.4) {
          truth.change(id);
          sendRow();
        } else if (what < 0.5 && truth.rows.has(id)) {
          const revision = truth.remove(id);
          if (synced && feed.open) {
            dismissed.add(id);
            feed.remove(id, revision);
          }
        } else if (what < 0.65 && synced && feed.open) {
          const old = sentOf.get(id);
          if (old) feed.upsert(pick(old), pick(old));
        } else if (what < 0.7 && synced && feed.open) feed.upsert({ id, revision: 'x' }, null, { id: 5 });
        else if (what < 0.75) {
          truth.restore();
          if (feed.open) feed.fail();
        } else if (what < 0.85 && feed.open) feed.end();
        else if (what < 0.9) void store.refresh({ system: 'flows' });
        await env.advance(chance() * 3000);
        if (adapter.feed !== feed && adapter.feed.open) await listen(adapter.feed);
      }

      for (const id of IDS) {
        const history = truth.history.get(id)!;
        let from = -1;
        for (const message of shown.get(id)!) {
          const at = history.indexOf(message);
          assert.ok(at > from, `${id}: ${message} after ${history[from] ?? 'nothing'}`);
          from = at;
        }
      }
      assert.ok(
        IDS.some((id) => shown.get(id)!.length > 5),
        'the story was worth telling',
      );
      store.dispose();
    });
});

test('invariant 13: never “live” when the last message is older than heartbeat plus slack', async () => {
  for (let seed = 1; seed <= 10; seed++) {
    const chance = randomSource(seed);
    const heartbeatMs = 1000 + Math.floor(chance() * 9000);
    const slackMs = Math.floor(chance() * 3000);
    const { env, adapter, store } = await liveFixture([row('a', 'active')], { heartbeatMs, slackMs });
    let receivedAt = env.monotonic() - 16;
    let lived = 0;
    for (let step = 0; step < 400; step++) {
      const { feed } = adapter;
      if (feed.open && chance() < 0.5) {
        if (store.connection('flows').value.state === 'live') feed.heartbeat();
        else feed.resumes([], { heartbeatMs });
        receivedAt = env.monotonic();
      }
      await env.advance(chance() * (heartbeatMs + slackMs));
      if (store.connection('flows').value.state !== 'live') continue;
      lived++;
      assert.ok(env.monotonic() - receivedAt < heartbeatMs + slackMs, `seed ${seed}, step ${step}`);
      assert.equal(store.campaign(flow('a')).value.stale, undefined);
    }
    assert.ok(lived > 20, `seed ${seed}: it was live ${lived} times`);
    store.dispose();
  }
});

test('invariant 14: the cost of one change, up to the notified list, depends neither on the number of campaigns nor on observers of others', async () => {
  const costs: number[] = [];
  for (const campaigns of [10, 10_000]) {
    const rows = Array.from({ length: campaigns }, (_, index) => row(`c${index}`, 'active'));
    const { feed, store, env, list } = await liveFixture(rows);
    for (const one of rows) record(store.campaign(flow(one.id)));
    const errors = record(store.list('flows', { statuses: ['error'], sort: 'at' }));
    const changed = row(`c${campaigns / 2}`, 'error', 2);
    costs.push(
      countedWork(() => {
        feed.upsert(changed);
        env.runFrames();
      }),
    );
    assert.equal((list.last as ListView).counts.get('error'), 1);
    assert.deepEqual(errors.last.ids, [changed.id]);
  }
  assert.ok(costs[0]! > 0);
  assert.equal(costs[1], costs[0]);
});

test('invariant 14: a change of a message or a revision, a heartbeat and a lost connection touch no list', async () => {
  const { feed, env, list } = await liveFixture([row('a', 'active', 1)]);
  const { frames } = env;
  const { last } = list;
  feed.upsert(row('a', 'active', 2, { message: 'Other words.' }));
  feed.upsert(row('a', 'active', 3, { message: 'Other words.' }));
  feed.heartbeat();
  feed.fail(adapterError('unavailable'));
  await env.frameOver();
  assert.equal(env.frames, frames);
  assert.equal(list.last, last);
});

describe('invariant 15: a request settles within its time limit', () => {
  const TIME = 20_000;
  const ways: Readonly<Record<string, (createFixture: Awaited<ReturnType<typeof liveFixture>>) => void>> = {
    'never answered': () => {},
    'accepted, and nothing comes of it': ({ adapter }) => adapter.acts[0]!.answer({ outcome: 'accepted' }),
    'answered with what is no answer': ({ adapter }) => adapter.acts[0]!.answer({} as never),
    'broken off': ({ adapter }) => adapter.acts[0]!.fail(new TypeError('fetch failed')),
    throttled: ({ adapter }) => adapter.acts[0]!.fail(adapterError('throttled', 15_000)),
    'not signed in': ({ adapter }) => adapter.acts[0]!.fail(adapterError('unauthenticated')),
  };
  const surroundings: Readonly<Record<string, (createFixture: Awaited<ReturnType<typeof liveFixture>>) => void>> = {
    'with a feed that lives': () => {},
    'without a feed': ({ feed }) => feed.fail(adapterError('throttled', 3_600_000)),
    'on a page that was put away': ({ env }) => env.page.enterCache(),
    'with nobody looking': ({ list }) => list.stop(),
  };
  for (const [what, happens] of Object.entries(ways))
    for (const [where, surround] of Object.entries(surroundings))
      test(`${what}, ${where}`, async () => {
        const all = await liveFixture([row('a', 'active')], { heartbeatMs: 1_000_000, uncertainAfterMs: TIME });
        let settled: string | undefined;
        void all.store.perform(flow('a'), 'stop').then(({ outcome }) => (settled = outcome));
        await all.env.advance(0);
        happens(all);
        surround(all);
        await all.env.advance(TIME);
        assert.match(settled ?? 'pending', /^(refused|uncertain)$/);
        all.store.dispose();
        assert.equal(all.env.timers, 0);
      });
});

test('invariant 16: the order and repetition of messages do not change the final state', async () => {
  const randomChanges = (chance: () => number): readonly (readonly [string, unknown])[] => {
    const messages: [string, unknown][] = [];
    for (const id of IDS) {
      const last = 3 + Math.floor(chance() * 5);
      const removedAt = chance() < 0.4 ? Math.ceil(chance() * last) : 0;
      for (let revision = 2; revision <= last; revision++)
        messages.push(
          revision === removedAt
            ? ['remove', { id, revision, reason: 'archived' }]
            : ['upsert', row(id, STATUSES[revision % 3]!, revision, { message: `${id}${revision}` })],
        );
    }
    return messages;
  };
  const shuffled = <T>(from: readonly T[], chance: () => number): readonly T[] =>
    from
      .flatMap((one) => (chance() < 0.3 ? [one, one] : [one]))
      .map((one) => [chance(), one] as const)
      .sort(([a], [b]) => a - b)
      .map(([, one]) => one);

  for (let seed = 1; seed <= 10; seed++) {
    const messages = randomChanges(randomSource(seed));
    const ends: unknown[] = [];
    for (let order = 0; order < 12; order++) {
      const chance = randomSource(1000 * seed + order);
      const { store, adapter, env } = createFixture();
      record(store.list('flows'));
      await env.advance(0);
      adapter.feed.opens();
      const snapshot = shuffled(IDS, chance).map((id) => ({ type: 'page', items: [row(id, 'inactive', 1)] }));
      const changes = shuffled(messages, chance).map(([type, item]) => ({ type, items: [item] }));
      // Some come while the snapshot is still being sent.
      const early = Math.floor(chance() * changes.length);
      const during = order ? shuffledTogether(snapshot, changes.slice(0, early), chance) : snapshot;
      adapter.feed.push(...during);
      adapter.feed.syncs();
      adapter.feed.push(...changes.slice(order ? early : 0));
      await env.frameOver();
      ends.push(
        store.list('flows').value.ids.map((id) => {
          const { status, message } = store.campaign(flow(id)).value;
          return [id, status, message];
        }),
      );
      store.dispose();
    }
    for (const end of ends) assert.deepEqual(end, ends[0], `seed ${seed}`);
    assert.ok((ends[0] as ListView['ids']).length > 0);
  }
});

/** Both lists shuffled into one; each keeps its own order. */
function shuffledTogether<T>(one: readonly T[], other: readonly T[], chance: () => number): readonly T[] {
  const rest: readonly [T[], T[]] = [[...one], [...other]];
  const all: T[] = [];
  while (rest[0].length || rest[1].length) {
    const from = rest[0].length && (chance() < 0.5 || !rest[1].length) ? rest[0] : rest[1];
    all.push(from.shift()!);
  }
  return all;
}
