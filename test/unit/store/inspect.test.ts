/** `store.inspect()` answers why something is stale, from what the store knows anyway. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { CampaignStore, SystemInspection } from '../../../src/store/index.ts';
import { row } from '../../support/scripted-adapter.ts';
import { adapterError, createFixture, flow, liveFixture, record } from '../../support/store-fixture.ts';

const of = (store: CampaignStore): SystemInspection => {
  const { systems } = store.inspect();
  assert.equal(systems.length, 1);
  return systems[0]!;
};
const eventsOf = (store: CampaignStore): string[] => of(store).events.map(({ event, state }) => `${event} ${state}`);

describe('an inspection', () => {
  test('of a store that nobody has asked for anything names no system', () => {
    const { store, env } = createFixture();
    env.page.online = false;
    assert.deepEqual(store.inspect(), { at: env.now(), page: { visible: true, online: false }, systems: [] });
  });

  test('of a live feed has its position, its rows and when it counts as lost', async () => {
    const { store, env } = await liveFixture([row('a', 'active'), row('b', 'active')], {
      epoch: 'e7',
      heartbeatMs: 5000,
    });
    const { events, ...rest } = of(store);
    const aliveAt = events.at(-1)!.at;
    assert.deepEqual(rest, {
      system: 'flows',
      state: 'live',
      since: aliveAt,
      counters: { dropped: 0, late: 0, unreadable: 0, regressions: 0, drift: 0 },
      position: { epoch: 'e7', cursor: 'c1' },
      feed: {
        requestedAt: events[0]!.at,
        scope: 'all',
        mode: 'snapshot',
        synced: true,
        epoch: 'e7',
        cursor: 'c1',
        aliveAt,
        silentAt: aliveAt + 7000,
      },
      epoch: 'e7',
      rows: 2,
      complete: true,
      resyncs: {},
      pending: 0,
      requests: [],
    });
    assert.deepEqual(eventsOf(store), ['wanted connecting', 'opened syncing', 'synced live']);
    assert.ok(aliveAt <= env.now());
  });

  test('of a feed that has not answered yet has no epoch and no position, and says what was asked for', async () => {
    const { store, env } = createFixture();
    record(store.campaign(flow('a')));
    await env.advance(0);
    const { feed, epoch, position } = of(store);
    const at = env.now();
    assert.deepEqual(feed, { requestedAt: at, scope: 1, synced: false, aliveAt: at, silentAt: at + 30_000 });
    assert.deepEqual([epoch, position], [undefined, undefined]);
    assert.equal('epoch' in of(store), false);
  });

  test('of a live feed that promised no heartbeat names no time at which it counts as lost', async () => {
    const { store, adapter, env } = createFixture();
    record(store.list('flows'));
    await env.advance(0);
    adapter.feed.push({ type: 'open', mode: 'snapshot', epoch: 'e1' }, { type: 'synced' });
    assert.equal(of(store).state, 'live');
    assert.equal('silentAt' in of(store).feed!, false);
  });

  test('of a lost feed has the cause, the next attempt and Retry-After below it, by the clock of the server', async () => {
    const { store, env, feed } = await liveFixture([row('a', 'active')], { serverTime: Date.UTC(2030, 0, 1) });
    feed.fail(adapterError('throttled', 60_000));
    await env.advance(2000);
    const { at } = store.inspect();
    const { state, since, cause, lost, nextAttemptAt, notBefore, position, feed: present, events } = of(store);
    assert.equal(new Date(at).getUTCFullYear(), 2030);
    assert.equal(state, 'waiting');
    assert.equal(since, at - 2000);
    assert.deepEqual(cause, { code: 'throttled', message: 'throttled' });
    // The feed last sent something a frame before.
    assert.equal(lost?.asOf, since - 16);
    assert.equal(notBefore, since + 60_000);
    assert.equal(Math.round(nextAttemptAt!), notBefore);
    assert.equal(position?.cursor, 'c1');
    assert.equal(present, undefined);
    assert.deepEqual(events.at(-1), { at: since, event: 'lost', state: 'waiting', cause });
  });

  test('counts snapshots in place of a resume by reason, and names the one that is due', async () => {
    const { store, env, adapter, feed } = await liveFixture([row('a', 'active')]);
    feed.fail(adapterError('expired'));
    assert.equal(of(store).resync, 'expired');
    assert.equal(of(store).position, undefined);
    await env.advance(1000);
    adapter.feed.snapshot([row('a', 'active')]);
    const { resync, resyncs, events } = of(store);
    assert.equal(events.at(-1)?.event, 'resync');
    assert.equal(resync, undefined);
    assert.deepEqual(resyncs, { expired: 1 });
    assert.deepEqual(events.at(-1)?.cause, { code: 'expired', message: 'expired: expired' });
    void store.refresh({ system: 'flows' });
    adapter.feed.snapshot([row('a', 'active')], { epoch: 'e2' });
    assert.deepEqual(of(store).resyncs, { expired: 1, 'new-epoch': 1 });
  });

  test('names the first of several reasons for a snapshot, but a refresh only as long as there is no other', async () => {
    const { store, env, adapter, feed } = await liveFixture([row('a', 'active')]);
    void store.refresh({ system: 'flows' });
    assert.equal(of(store).resync, 'refresh');
    feed.heartbeat({ count: 5 });
    const refresh = of(store).resync;
    feed.fail(adapterError('expired'));
    await env.advance(1000);
    adapter.feed.fail(adapterError('protocol'));
    assert.deepEqual([refresh, of(store).resync], ['refresh', 'expired']);
  });

  for (const [reason, happens] of [
    ['late', ({ feed }) => [4, 4, 4].forEach((revision) => feed.upsert(row('a', 'active', revision)))],
    ['count', ({ feed }) => feed.heartbeat({ count: 5 })],
    ['not-found', ({ adapter }) => adapter.gets[0]!.answer(undefined)],
    ['other-epoch', ({ adapter }) => adapter.gets[0]!.answer({ campaign: row('a', 'active', 1), epoch: 'e2' })],
  ] as readonly [string, (fixture: Awaited<ReturnType<typeof liveFixture>>) => void][])
    test(`names why a snapshot is due: ${reason}`, async () => {
      const fixture = await liveFixture([row('a', 'active', 5)]);
      void fixture.store.refresh(flow('a'));
      happens(fixture);
      await fixture.env.advance(0);
      assert.equal(of(fixture.store).resync, reason);
    });

  test('shows a successor beside the feed, and why one failed', async () => {
    const { store, adapter, reported } = await liveFixture([row('a', 'active')]);
    void store.refresh({ system: 'flows' });
    const { feed, successor } = of(store);
    assert.equal(feed?.synced, true);
    assert.deepEqual([successor?.synced, successor?.mode], [false, undefined]);
    adapter.feed.fail(adapterError('unavailable'));
    const { state, successor: none, events } = of(store);
    assert.deepEqual([state, none], ['live', undefined]);
    const { event, cause } = events.at(-1)!;
    assert.deepEqual([event, cause?.code], ['successor-failed', 'unavailable']);
    assert.equal(reported('misconfigured'), 0);
  });

  test('names pending actions with their attempts, at most twenty', async () => {
    const ids = Array.from({ length: 25 }, (_, n) => `c${n}`);
    const { store, env, adapter } = await liveFixture(ids.map((id) => row(id, 'active')));
    for (const id of ids) void store.perform(flow(id), 'stop');
    await env.advance(0);
    adapter.acts[0]!.fail(adapterError('throttled'));
    adapter.acts[1]!.answer({ outcome: 'accepted' });
    await env.advance(0);
    const { pending, requests } = of(store);
    assert.equal(pending, 25);
    assert.equal(requests.length, 20);
    const since = requests[0]!.since;
    const first = { action: 'stop', since, attempts: 1 };
    assert.deepEqual(requests.slice(0, 2), [
      { id: 'c0', ...first, accepted: false, heldBackBy: 'throttled' },
      { id: 'c1', ...first, accepted: true },
    ]);
  });

  test('keeps the latest twenty events of the connection', async () => {
    const { store, env, adapter, feed } = await liveFixture([row('a', 'active')]);
    feed.fail();
    for (let attempt = 0; attempt < 12; attempt++) {
      await env.advance(of(store).nextAttemptAt! - store.now());
      adapter.feed.fail(adapterError('unavailable', 10_000));
    }
    const events = eventsOf(store);
    assert.equal(events.length, 20);
    assert.deepEqual([...new Set(events)], ['due connecting', 'lost waiting']);
  });

  test('is plain data, and later events do not change it', async () => {
    const { store, env, adapter, feed } = await liveFixture([row('a', 'active'), { id: 7 }]);
    void store.perform(flow('a'), 'stop');
    const before = store.inspect();
    const json = JSON.stringify(before);
    assert.deepEqual(JSON.parse(json), before);
    feed.push({ type: 'nonsense' });
    feed.fail(adapterError('expired'));
    await env.advance(5000);
    adapter.feed.snapshot([row('a', 'active')]);
    assert.equal(JSON.stringify(before), json);
    assert.deepEqual(JSON.parse(JSON.stringify(store.inspect())), store.inspect());
  });

  test('opens no feed, and is there after the store was disposed of', async () => {
    const { store, adapter, env } = await liveFixture([row('a', 'active')]);
    store.dispose();
    store.inspect();
    await env.advance(1000);
    assert.equal(adapter.watches.length, 1);
    assert.equal(of(store).state, 'idle');
  });
});
