/** A healthy feed stays open until its successor is synced. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { ADAPTER_ERROR_CODES } from '../../../src/adapters/index.ts';
import { row, ScriptedAdapter, type ScriptedWatch } from '../../support/scripted-adapter.ts';
import { adapterError, createFixture, flow, record, type StoreFixture } from '../../support/store-fixture.ts';

/** Remembers how many feeds were open at a time. */
class CountingAdapter extends ScriptedAdapter {
  mostOpen = 0;

  override watch(...args: Parameters<ScriptedAdapter['watch']>): ReturnType<ScriptedAdapter['watch']> {
    const feed = super.watch(...args);
    this.mostOpen = Math.max(this.mostOpen, this.openFeeds);
    return feed;
  }
}

/** A store with two feeds: the present one, and its successor, which has sent nothing yet. */
interface TwoFeeds extends StoreFixture {
  readonly adapter: CountingAdapter;
  readonly present: ScriptedWatch;
  readonly successor: ScriptedWatch;
  /** Stops all observers. */
  leave(): void;
  /** Passes time in steps of 5 s, in which the present feed and any `others` send heartbeats. */
  pass(ms: number, ...others: readonly ScriptedWatch[]): Promise<void>;
}

const ROWS = [row('a', 'active', 5), row('b', 'active', 5)];

/** Observes the system, or with ids these campaigns, and syncs its feed. */
async function live(
  ids: readonly string[] = [],
  open: object = { heartbeatMs: 5000 },
  options: Parameters<typeof createFixture>[0] = {},
) {
  const adapter = new CountingAdapter();
  const fixture = createFixture({ adapter, ...options });
  const { store, env } = fixture;
  const observers: { stop(): void }[] = ids.length
    ? ids.map((id) => record(store.campaign(flow(id))))
    : [record(store.list('flows'))];
  await env.advance(0);
  const present = adapter.feed;
  present.push({ type: 'open', mode: 'snapshot', epoch: 'e1', ...open });
  present.push({ type: 'page', items: ROWS }, { type: 'synced', cursor: 'c1', count: 2 });
  await env.frameOver();
  return Object.assign(fixture, {
    adapter,
    present,
    observers,
  });
}

/** Waits for the successor that was asked for. */
async function withSuccessor(fixture: Awaited<ReturnType<typeof live>>): Promise<TwoFeeds> {
  const { env, adapter, present, observers } = fixture;
  await env.advance(0);
  assert.equal(adapter.watches.length, 2);
  return Object.assign(fixture, {
    successor: adapter.feed,
    leave: () => observers.forEach((observer) => observer.stop()),
    pass: async (ms: number, ...others: readonly ScriptedWatch[]) => {
      for (let left = ms; left > 0; left -= 5000) {
        await env.advance(Math.min(5000, left));
        for (const feed of [present, ...others]) if (feed.open) feed.heartbeat();
      }
    },
  });
}

/** What opens a successor, each with its own way there. */
const REASONS: Readonly<Record<string, () => Promise<TwoFeeds>>> = {
  'a refresh': async () => {
    const fixture = await live();
    void fixture.store.refresh({ system: 'flows' });
    return withSuccessor(fixture);
  },
  'a wrong count': async () => {
    const fixture = await live();
    fixture.present.heartbeat({ count: 3 });
    return withSuccessor(fixture);
  },
  'another observed campaign': () => growth(),
  'the renewal of a feed without heartbeats': async () => {
    const fixture = await live([], {});
    await fixture.env.advance(450_000);
    return withSuccessor(fixture);
  },
};

/** Two feeds because a second campaign is observed: a successor that is needed until it is synced. */
async function growth(options: Parameters<typeof createFixture>[0] = {}): Promise<TwoFeeds> {
  const fixture = await live(['a'], undefined, options);
  fixture.observers.push(record(fixture.store.campaign(flow('b'))));
  return withSuccessor(fixture);
}

const state = ({ store }: TwoFeeds): string => store.connection('flows').value.state;

/** Sends what the successor was asked for, and syncs it. */
function sync(feed: ScriptedWatch, rows: readonly unknown[] = ROWS): void {
  if (feed.request.since) feed.resumes();
  else feed.snapshot(rows, { count: rows.length });
}

describe('the present feed stays, and nothing is stale, until the successor is synced, for', () => {
  for (const [reason, open] of Object.entries(REASONS))
    test(reason, async () => {
      const feeds = await open();
      const { store, adapter, env, present, successor } = feeds;
      const a = record(store.campaign(flow('a')));
      const connection = record(store.connection('flows'));
      successor.opens({}, successor.request.since ? 'resume' : 'snapshot');
      for (let minute = 0; minute < 10; minute++) {
        if (!successor.request.since) successor.push({ type: 'page', items: [row(`x${minute}`, 'active')] });
        await feeds.pass(60_000, successor);
        assert.ok(present.open);
        assert.ok(successor.open);
      }
      if (!successor.request.since) successor.push({ type: 'page', items: ROWS });
      successor.syncs();
      await env.frameOver();
      assert.ok(!present.open);
      assert.ok(successor.open);
      assert.equal(adapter.watches.length, 2);
      assert.ok(a.values.every(({ stale }) => stale === undefined));
      assert.ok(connection.values.every((value) => value.state === 'live' && value.lost === undefined));
    });
});

describe('while both feeds are open', () => {
  test('changes of the present feed are shown at once, and older rows of the successor do not undo them', async () => {
    const feeds = await growth();
    const { env, present, successor, view } = feeds;
    successor.opens();
    present.upsert(row('a', 'error', 7));
    await env.frameOver();
    assert.equal(view('a').status, 'error');
    successor.push({ type: 'page', items: [row('a', 'active', 6), row('b', 'active', 5)] });
    successor.syncs();
    await env.frameOver();
    assert.equal(view('a').status, 'error');
    assert.equal(feeds.connection.counters.regressions, 0);
    assert.equal(feeds.connection.counters.late, 1);
  });

  test('a campaign that the present feed removes is not restored by an older row of the successor', async () => {
    const { env, present, successor, view } = await growth();
    successor.opens();
    present.remove('a', 8);
    successor.push({ type: 'page', items: [row('a', 'active', 6), row('b', 'active', 5)] });
    successor.syncs();
    await env.frameOver();
    assert.equal(view('a').presence, 'gone');
  });

  test('a campaign that the present feed adds is kept, although the snapshot of the successor does not contain it', async () => {
    const feeds = await REASONS['a refresh']!();
    feeds.successor.opens();
    feeds.present.upsert(row('c', 'active', 9));
    feeds.successor.push({ type: 'page', items: ROWS });
    feeds.successor.syncs();
    await feeds.env.frameOver();
    assert.deepEqual(feeds.store.list('flows').value.ids, ['a', 'b', 'c']);
  });

  test('rows of another epoch are shown together, when the successor is synced', async () => {
    const { store, env, present, successor, view } = await REASONS['a refresh']!();
    successor.opens({ epoch: 'e2' });
    successor.push({ type: 'page', items: [row('a', 'error', 1)] });
    present.upsert(row('b', 'error', 6));
    await env.frameOver();
    assert.deepEqual([view('a').status, view('b').status], ['active', 'error']);
    successor.syncs();
    await env.frameOver();
    assert.equal(view('a').status, 'error');
    assert.deepEqual(store.list('flows').value.ids, ['a']);
  });

  test('more reasons for a successor open no third feed', async () => {
    const feeds = await growth();
    const { store, adapter, env, present } = feeds;
    present.heartbeat({ count: 7 });
    void store.refresh({ system: 'flows' });
    await env.advance(0);
    assert.equal(adapter.watches.length, 2, 'its snapshot serves all of them');
    for (const id of ['c', 'd', 'e']) {
      record(store.campaign(flow(id)));
      await feeds.pass(5000);
      assert.equal(adapter.openFeeds, 2);
    }
    record(store.list('flows'));
    await env.advance(0);
    sync(adapter.feed);
    assert.equal(adapter.feed.request.ids, undefined, 'what came into view meanwhile is watched next');
    sync(adapter.feed);
    await env.frameOver();
    assert.equal(adapter.openFeeds, 1);
    assert.equal(adapter.mostOpen, 2);
  });

  test('a refresh resolves to true when the successor is synced, whatever the successor was opened for', async () => {
    const { store, successor } = await growth();
    let result: boolean | undefined;
    const refreshed = store.refresh({ system: 'flows' }).then((ok) => (result = ok));
    successor.opens();
    await Promise.resolve();
    assert.equal(result, undefined);
    successor.push({ type: 'page', items: ROWS });
    successor.syncs();
    assert.equal(await refreshed, true);
  });
});

describe('the present feed ends while its successor is on its way: the successor takes its place', () => {
  for (const [what, end] of [
    ['failed', (feed) => feed.fail()],
    ['ended', (feed) => feed.end()],
    ['throttled', (feed) => feed.fail(adapterError('throttled', 60_000))],
    ['position expired', (feed) => feed.fail(adapterError('expired'))],
    ['broke the contract', (feed) => feed.fail(adapterError('protocol'))],
  ] as readonly [string, (feed: ScriptedWatch) => void][])
    test(`${what}: no further request, and nothing is stale if the successor is synced within a second`, async () => {
      const feeds = await growth();
      const { adapter, env, present, successor, view } = feeds;
      successor.opens();
      end(present);
      await env.advance(900);
      assert.equal(view('a').stale, undefined);
      assert.equal(state(feeds), 'syncing');
      successor.push({ type: 'page', items: ROWS });
      successor.syncs();
      await env.frameOver();
      assert.equal(state(feeds), 'live');
      assert.equal(view('a').stale, undefined);
      assert.equal(adapter.watches.length, 2);
      assert.equal(adapter.openFeeds, 1);
    });

  test('silent: rows are last known until the successor is synced', async () => {
    const feeds = await growth();
    const { env, adapter, present, successor, view } = feeds;
    const trueAt = env.now() - 16;
    successor.opens();
    for (let beat = 0; beat < 3; beat++) {
      await env.advance(3000);
      successor.heartbeat();
    }
    assert.ok(!present.open);
    assert.equal(state(feeds), 'syncing');
    assert.deepEqual(view('a').stale, { asOf: trueAt, why: 'feed' });
    successor.push({ type: 'page', items: ROWS });
    successor.syncs();
    await env.frameOver();
    assert.equal(view('a').stale, undefined);
    assert.equal(adapter.watches.length, 2);
  });

  test('the successor has not answered yet: connecting, then syncing, then live', async () => {
    const feeds = await growth();
    feeds.present.fail();
    assert.equal(state(feeds), 'connecting');
    feeds.successor.opens();
    assert.equal(state(feeds), 'syncing');
    feeds.successor.push({ type: 'page', items: ROWS });
    feeds.successor.syncs();
    assert.equal(state(feeds), 'live');
  });

  test('what an ended feed still sends is ignored', async () => {
    const { env, present, successor, view } = await growth();
    present.fail();
    present.upsert(row('a', 'error', 9));
    sync(successor);
    await env.frameOver();
    assert.equal(view('a').status, 'active');
  });

  test('Retry-After of the present feed holds when the successor fails too', async () => {
    const { env, adapter, present, successor } = await growth();
    present.fail(adapterError('throttled', 60_000));
    await env.advance(1000);
    successor.fail();
    await env.advance(58_999);
    assert.equal(adapter.watches.length, 2);
    await env.advance(1);
    assert.equal(adapter.watches.length, 3);
  });

  for (const code of ['unauthenticated', 'forbidden', 'misconfigured'] as const)
    test(`${code}: both feeds are closed, for the successor would be refused too`, async () => {
      const feeds = await growth();
      feeds.present.fail(adapterError(code));
      assert.equal(state(feeds), code);
      assert.equal(feeds.adapter.openFeeds, 0);
    });
});

describe('the successor fails: the present feed stays live, and nothing is stale', () => {
  for (const code of ADAPTER_ERROR_CODES.filter((one) => one !== 'forbidden'))
    test(`${code}`, async () => {
      const feeds = await growth();
      const { store, adapter, env, present, successor } = feeds;
      const a = record(store.campaign(flow('a')));
      successor.fail(adapterError(code));
      await feeds.pass(30_000);
      assert.ok(present.open);
      assert.ok(!successor.open);
      assert.equal(state(feeds), 'live');
      present.upsert(row('a', 'error', 6));
      await env.frameOver();
      assert.equal(a.last.status, 'error');
      assert.ok(a.values.every(({ stale }) => stale === undefined));
      assert.equal(adapter.mostOpen, 2);
    });

  test('forbidden: both feeds are closed, and the rows are last known', async () => {
    const feeds = await growth();
    const { adapter, env, successor, view } = feeds;
    successor.fail(adapterError('forbidden'));
    await env.frameOver();
    assert.equal(state(feeds), 'forbidden');
    assert.equal(adapter.openFeeds, 0);
    assert.equal(view('a').stale?.why, 'feed');
  });

  test('the next attempt comes after pauses that grow', async () => {
    const feeds = await growth();
    const { adapter, env, present } = feeds;
    const waits: number[] = [];
    for (let attempt = 0; attempt < 6; attempt++) {
      const { length } = adapter.watches;
      adapter.feed.fail();
      const began = env.monotonic();
      while (adapter.watches.length === length && env.monotonic() - began < 60_000) {
        await env.advance(100);
        present.heartbeat();
      }
      waits.push(env.monotonic() - began);
    }
    assert.deepEqual(waits, [500, 1000, 2000, 4000, 8000, 15_000]);
  });

  test('an attempt that never answers is given up after half a minute', async () => {
    const feeds = await growth();
    await feeds.pass(29_000);
    assert.ok(feeds.successor.open);
    await feeds.pass(2000);
    assert.ok(!feeds.successor.open);
    assert.equal(feeds.adapter.openFeeds, 2, 'the next one is on its way');
    assert.equal(state(feeds), 'live');
  });

  test('one that sends nothing within its promised heartbeat is given up', async () => {
    const feeds = await growth();
    feeds.successor.opens({ heartbeatMs: 5000 });
    await feeds.pass(8000);
    assert.ok(!feeds.successor.open);
    assert.equal(state(feeds), 'live');
  });

  test('what it still sends is ignored, and its rows that are known already stay', async () => {
    const { env, present, successor, view, store } = await growth();
    successor.opens();
    successor.push({ type: 'page', items: [row('b', 'active', 5)] });
    successor.fail();
    successor.push({ type: 'page', items: [row('a', 'error', 9)] }, { type: 'synced', cursor: 'c9' });
    await env.frameOver();
    assert.equal(view('a').status, 'active');
    assert.ok(present.open);
    assert.equal(store.connection('flows').value.state, 'live');
  });

  for (const code of ['expired', 'protocol'] as const)
    test(`${code}: the next attempt begins with a snapshot, where this one had resumed`, async () => {
      const feeds = await REASONS['the renewal of a feed without heartbeats']!();
      assert.deepEqual(feeds.successor.request.since, { epoch: 'e1', cursor: 'c1' });
      feeds.successor.fail(adapterError(code));
      await feeds.env.advance(1000);
      assert.equal(feeds.adapter.watches.length, 3);
      assert.equal(feeds.adapter.feed.request.since, undefined);
      assert.ok(feeds.present.open);
    });

  test('misconfigured: reported once, and tried again after half a minute to one and a half', async () => {
    const feeds = await growth();
    const { error } = console;
    console.error = () => {};
    try {
      for (let attempt = 0; attempt < 3; attempt++) {
        const { length } = feeds.adapter.watches;
        feeds.adapter.feed.fail(adapterError('misconfigured'));
        await feeds.pass(59_000);
        assert.equal(feeds.adapter.watches.length, length);
        await feeds.pass(1000);
        assert.equal(feeds.adapter.watches.length, length + 1);
      }
    } finally {
      console.error = error;
    }
    assert.equal(feeds.reported('misconfigured'), 1);
  });

  test('a refresh resolves to false, and is not repeated', async () => {
    const feeds = await live().then(async (fixture) => {
      const refreshed = fixture.store.refresh({ system: 'flows' });
      return Object.assign(await withSuccessor(fixture), { refreshed });
    });
    feeds.successor.fail();
    assert.equal(await feeds.refreshed, false);
    await feeds.pass(600_000);
    assert.equal(feeds.adapter.watches.length, 2);
    assert.equal(state(feeds), 'live');
  });

  test('it fails while the present feed is lost: the next request waits like any other', async () => {
    const feeds = await growth();
    const { adapter, env, present, successor } = feeds;
    present.fail();
    successor.fail();
    assert.equal(state(feeds), 'waiting');
    assert.equal(adapter.openFeeds, 0);
    await env.advance(499);
    assert.equal(adapter.watches.length, 2);
    await env.advance(1);
    assert.equal(adapter.watches.length, 3);
    assert.deepEqual(adapter.feed.request.ids, ['a', 'b']);
  });
});

describe('the successor is told to wait', () => {
  test('Retry-After is the least pause before the next one, also for a refresh', async () => {
    const feeds = await growth();
    const { store, adapter } = feeds;
    feeds.successor.fail(adapterError('throttled', 60_000));
    for (let press = 0; press < 6; press++) assert.equal(await store.refresh({ system: 'flows' }), false);
    record(store.campaign(flow('c')));
    feeds.present.heartbeat({ count: 9 });
    await feeds.pass(59_999);
    assert.equal(adapter.watches.length, 2);
    await feeds.pass(1);
    assert.equal(adapter.watches.length, 3);
    assert.deepEqual(adapter.feed.request.ids, ['a', 'b', 'c']);
    assert.equal(state(feeds), 'live');
  });

  test('Retry-After holds for the present feed too, when that is lost meanwhile', async () => {
    const feeds = await growth();
    feeds.successor.fail(adapterError('throttled', 60_000));
    await feeds.pass(5000);
    feeds.present.fail();
    assert.equal(state(feeds), 'waiting');
    await feeds.env.advance(54_999);
    assert.equal(feeds.adapter.watches.length, 2);
    await feeds.env.advance(1);
    assert.equal(feeds.adapter.watches.length, 3);
  });
});

describe('the sign-in of the successor has expired', () => {
  test('renewed once, and the next successor follows at once', async () => {
    const feeds = await growth();
    const { adapter, env } = feeds;
    feeds.successor.fail(adapterError('unauthenticated'));
    await feeds.pass(20_000);
    assert.equal(adapter.signIns.length, 1);
    assert.equal(adapter.watches.length, 2);
    adapter.signIns[0]!.answer();
    await env.advance(0);
    assert.equal(adapter.watches.length, 3);
    sync(adapter.feed);
    await env.frameOver();
    assert.equal(adapter.openFeeds, 1);
    assert.equal(feeds.view('b').presence, 'present');
  });

  for (const [what, end, after] of [
    ['fails', (feeds: TwoFeeds) => feeds.adapter.signIns[0]!.fail(new Error('cancelled')), 60_000],
    ['hangs', () => {}, 180_000],
  ] as const)
    test(`a renewal that ${what}: the next successor comes about a minute later`, async () => {
      const feeds = await growth();
      feeds.successor.fail(adapterError('unauthenticated'));
      await feeds.env.advance(0);
      end(feeds);
      await feeds.pass(after - 1);
      assert.equal(feeds.adapter.watches.length, 2);
      await feeds.pass(1);
      assert.equal(feeds.adapter.watches.length, 3);
      assert.equal(state(feeds), 'live');
    });
});

describe('whoever looks leaves while both feeds are open', () => {
  test('a page that is hidden for long closes both, and opens one feed when it is shown', async () => {
    const feeds = await growth({ hiddenMs: 4000 });
    const { adapter, env } = feeds;
    env.page.hide();
    await env.advance(4000);
    assert.equal(state(feeds), 'paused');
    assert.equal(adapter.openFeeds, 0);
    assert.equal(env.timers, 0);
    env.page.show();
    assert.equal(adapter.openFeeds, 1);
    assert.deepEqual(adapter.feed.request.ids, ['a', 'b']);
    sync(adapter.feed);
    await env.frameOver();
    assert.equal(feeds.view('b').presence, 'present');
  });

  test('a page that is put away closes both at once', async () => {
    const { adapter, env } = await growth();
    env.page.enterCache();
    assert.equal(adapter.openFeeds, 0);
    assert.equal(env.timers, 0);
  });

  test('the last observer leaves: both are closed after the grace period', async () => {
    const feeds = await growth({ graceMs: 3000, keepMs: 1000 });
    const { adapter, env } = feeds;
    feeds.leave();
    await env.advance(2999);
    assert.equal(adapter.openFeeds, 2);
    await env.advance(1);
    assert.equal(adapter.openFeeds, 0);
    assert.equal(state(feeds), 'idle');
    assert.equal(env.page.listeners, 0);
    await env.advance(1000);
    assert.equal(env.timers, 0);
  });

  test('dispose closes both, and a refresh resolves to false', async () => {
    const feeds = await growth();
    const refreshed = feeds.store.refresh({ system: 'flows' });
    feeds.store.dispose();
    assert.equal(await refreshed, false);
    assert.equal(feeds.adapter.openFeeds, 0);
    assert.equal(feeds.env.timers, 0);
    assert.equal(feeds.env.page.listeners, 0);
    feeds.successor.push({ type: 'open', mode: 'snapshot', epoch: 'e1' });
    await feeds.pass(600_000);
    assert.equal(feeds.adapter.watches.length, 2);
  });

  test('a machine that slept gives up both: one jittered request follows', async () => {
    const feeds = await growth();
    const { adapter, env } = feeds;
    await env.sleep(3_600_000);
    assert.equal(adapter.openFeeds, 0);
    await env.advance(1000);
    assert.equal(adapter.openFeeds, 1);
    assert.equal(adapter.watches.length, 3);
  });
});
