/** How often a lost feed is requested again, and from which position. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { row } from '../../support/scripted-adapter.ts';
import { adapterError, createFixture, flow, liveFixture, record } from '../../support/store-fixture.ts';
import type { TestEnvironment } from '../../support/environment.ts';
import type { ScriptedAdapter } from '../../support/scripted-adapter.ts';

/** The time until the next attempt. */
async function untilNextAttempt(env: TestEnvironment, adapter: ScriptedAdapter, most = 4_000_000): Promise<number> {
  const count = adapter.watches.length;
  const began = env.monotonic();
  while (adapter.watches.length === count && env.monotonic() - began < most) await env.advance(50);
  return Math.round((env.monotonic() - began) / 50) * 50;
}

describe('backoff', () => {
  test('full jitter from the first retry on: from zero to a limit that doubles up to 30 s', async () => {
    for (const chance of [0, 0.5, 1 - 1e-9]) {
      const { env, adapter, feed } = await liveFixture([]);
      env.chance = chance;
      feed.fail();
      const waits = [await untilNextAttempt(env, adapter)];
      for (let attempt = 1; attempt < 8; attempt++) {
        adapter.feed.fail();
        waits.push(await untilNextAttempt(env, adapter));
      }
      const ceilings = [1000, 2000, 4000, 8000, 16_000, 30_000, 30_000, 30_000];
      for (const [index, wait] of waits.entries())
        assert.ok(Math.abs(wait - chance * ceilings[index]!) <= 50, `${chance}: ${waits.join()}`);
    }
  });

  test('fault 14: a clean end counts as a lost connection', async () => {
    const { env, adapter, feed, store } = await liveFixture([row('a', 'active')], { cursor: 'c1' });
    env.chance = 0.5;
    feed.end();
    assert.equal(store.connection('flows').value.state, 'waiting');
    assert.equal(await untilNextAttempt(env, adapter), 500);
    assert.deepEqual(adapter.feed.request.since, { epoch: 'e1', cursor: 'c1' });
    adapter.feed.end();
    assert.equal(await untilNextAttempt(env, adapter), 1000);
  });

  test('fault 15: accepted and lost before `synced`: the delay still grows', async () => {
    const { env, adapter, store } = createFixture();
    record(store.list('flows'));
    await env.advance(0);
    const waits: number[] = [];
    for (let attempt = 0; attempt < 5; attempt++) {
      adapter.feed.opens();
      adapter.feed.push({ type: 'page', items: [row('a', 'active')] });
      adapter.feed.end();
      waits.push(await untilNextAttempt(env, adapter));
    }
    assert.deepEqual(waits, [500, 1000, 2000, 4000, 8000]);
  });

  test('synced and lost at once: the delay grows too; only a healthy period resets it', async () => {
    const { env, adapter, feed } = await liveFixture([]);
    feed.end();
    const waits = [await untilNextAttempt(env, adapter)];
    for (let attempt = 0; attempt < 3; attempt++) {
      adapter.feed.resumes();
      adapter.feed.end();
      waits.push(await untilNextAttempt(env, adapter));
    }
    adapter.feed.resumes([], { heartbeatMs: 100_000 });
    await env.advance(29_000);
    adapter.feed.end();
    waits.push(await untilNextAttempt(env, adapter));
    adapter.feed.resumes([], { heartbeatMs: 100_000 });
    await env.advance(30_000);
    adapter.feed.end();
    waits.push(await untilNextAttempt(env, adapter));
    assert.deepEqual(waits, [500, 1000, 2000, 4000, 8000, 500]);
  });

  test('invariant 11: whatever the server does, requests in ten minutes are few', async () => {
    const ways: readonly ((adapter: ScriptedAdapter) => void)[] = [
      ({ feed }) => feed.end(),
      ({ feed }) => feed.fail(adapterError('expired')),
      ({ feed }) => feed.fail(adapterError('protocol')),
      ({ feed }) => (feed.snapshot([]), feed.end()),
      ({ feed }) => (feed.snapshot([]), feed.fail(adapterError('expired'))),
      ({ feed }) => feed.push({ type: 'open', mode: 'resume', epoch: 'other' }),
      ({ feed }) => feed.fail(adapterError('unauthenticated')),
      ({ feed }) => (feed.snapshot([]), feed.fail(adapterError('unauthenticated'))),
      ({ feed }) => feed.snapshot([row('a', 'active')], { count: 2 }),
    ];
    for (const [index, way] of ways.entries()) {
      const { env, adapter, store } = createFixture();
      adapter.reauthenticate = () => Promise.resolve();
      record(store.list('flows'));
      for (let at = 0; at < 600_000; at += 250) {
        await env.advance(250);
        if (adapter.openFeeds && store.connection('flows').value.state !== 'live') way(adapter);
      }
      assert.ok(adapter.watches.length < 60, `way ${index}: ${adapter.watches.length}`);
      store.dispose();
    }
  });
});

describe('Retry-After', () => {
  test('fault 20: is the least delay, whatever the jitter', async () => {
    for (const chance of [0, 0.999]) {
      const { env, adapter, feed } = await liveFixture([]);
      env.chance = chance;
      feed.fail(adapterError('throttled', 60_000));
      assert.equal(await untilNextAttempt(env, adapter), 60_000);
    }
  });

  test('fault 20: counts as an hour at most', async () => {
    const { env, adapter, feed } = await liveFixture([]);
    feed.fail(adapterError('throttled', 86_400_000));
    await env.advance(3_599_000);
    assert.equal(adapter.watches.length, 1);
    await env.advance(1000);
    assert.equal(adapter.watches.length, 2);
  });

  test('applies to `online`, to a page that becomes visible, and to new observers', async () => {
    const { env, adapter, feed, list, store } = await liveFixture([], { hiddenMs: 1000 });
    feed.fail(adapterError('throttled', 60_000));
    env.page.goOnline();
    await env.advance(2000);
    env.page.hide();
    await env.advance(2000);
    assert.equal(store.connection('flows').value.state, 'paused');
    env.page.show();
    assert.equal(store.connection('flows').value.state, 'waiting');
    env.page.enterCache();
    env.page.leaveCache();
    await env.advance(2000);
    list.stop();
    await env.advance(6000);
    assert.equal(store.connection('flows').value.state, 'idle');
    record(store.list('flows'));
    await env.advance(0);
    assert.equal(store.connection('flows').value.state, 'waiting');
    assert.equal(adapter.watches.length, 1);
    await env.advance(60_000 - 12_000 - 1);
    assert.equal(adapter.watches.length, 1);
    await env.advance(1);
    assert.equal(adapter.watches.length, 2);
    assert.ok(env.page.listeners > 0);
  });
});

describe('the position of a resume', () => {
  test('invariant 8: the last cursor whose changes were applied, of this epoch', async () => {
    const { env, adapter, feed } = await liveFixture([row('a', 'active')], { cursor: 'c1' });
    feed.push({ type: 'upsert', items: [row('a', 'error', 2)], cursor: 'c2' });
    feed.push({ type: 'upsert', items: [row('a', 'active', 3)] });
    feed.end();
    await env.advance(1000);
    assert.deepEqual(adapter.feed.request.since, { epoch: 'e1', cursor: 'c2' });
  });

  test('not a cursor from within a snapshot', async () => {
    const { env, adapter, store } = createFixture();
    record(store.list('flows'));
    await env.advance(0);
    adapter.feed.opens();
    adapter.feed.push({ type: 'upsert', items: [row('a', 'active')], cursor: 'c1' });
    adapter.feed.end();
    await env.advance(1000);
    assert.equal(adapter.feed.request.since, undefined);
  });

  test('in a catch-up every cursor counts', async () => {
    const { env, adapter, feed } = await liveFixture([row('a', 'active')], { cursor: 'c1' });
    feed.end();
    await env.advance(1000);
    adapter.feed.opens({}, 'resume');
    adapter.feed.push({ type: 'upsert', items: [row('a', 'error', 2)], cursor: 'c5' });
    adapter.feed.end();
    await env.advance(2000);
    assert.deepEqual(adapter.feed.request.since, { epoch: 'e1', cursor: 'c5' });
  });

  test('without an epoch it has the epoch ""', async () => {
    const { env, adapter, store } = createFixture();
    record(store.list('flows'));
    await env.advance(0);
    adapter.feed.push({ type: 'open', mode: 'snapshot' }, { type: 'synced', cursor: 'c1' });
    adapter.feed.end();
    await env.advance(1000);
    assert.deepEqual(adapter.feed.request.since, { epoch: '', cursor: 'c1' });
  });

  test('never an invalid cursor', async () => {
    const { env, adapter, feed } = await liveFixture([row('a', 'active')], { cursor: 'c1' });
    for (const cursor of [undefined, '', 7, null, {}]) feed.push({ type: 'heartbeat', cursor });
    feed.end();
    await env.advance(1000);
    assert.deepEqual(adapter.feed.request.since, { epoch: 'e1', cursor: 'c1' });
  });

  test('fault 10: expired: exactly one snapshot, no empty list, actions stay usable', async () => {
    const { env, adapter, feed, store, view, list } = await liveFixture([row('a', 'active')]);
    feed.end();
    await env.advance(500);
    adapter.feed.fail(adapterError('expired'));
    const before = list.values.length;
    await env.advance(1000);
    assert.equal(adapter.feed.request.since, undefined);
    assert.deepEqual(view('a').action, { action: 'stop' });
    void store.perform({ system: 'flows', id: 'a' }, 'stop');
    assert.equal(adapter.acts.length, 1);
    adapter.feed.snapshot([row('a', 'active')]);
    await env.frameOver();
    assert.equal(adapter.watches.length, 3);
    for (const value of list.values.slice(before)) assert.deepEqual((value as { ids: string[] }).ids, ['a']);
  });

  test('fault 11: expired repeatedly: no hot loop, and `since` shows how long it has lasted', async () => {
    const { env, adapter, store } = createFixture();
    record(store.list('flows'));
    await env.advance(0);
    const waits: number[] = [];
    for (let attempt = 0; attempt < 6; attempt++) {
      adapter.feed.opens();
      assert.equal(store.connection('flows').value.since, env.now());
      adapter.feed.fail(adapterError('expired'));
      waits.push(await untilNextAttempt(env, adapter));
    }
    assert.deepEqual(waits, [500, 1000, 2000, 4000, 8000, 15_000]);
  });

  test('a feed that resumes without a position, or in another epoch, is rejected, and a snapshot is read', async () => {
    const { env, adapter, feed, reported } = await liveFixture([row('a', 'active')], { cursor: 'c1' });
    feed.end();
    await env.advance(1000);
    adapter.feed.resumes([row('a', 'error', 9)], { epoch: 'e2' });
    await env.advance(2000);
    assert.equal(adapter.feed.request.since, undefined);
    adapter.feed.resumes([row('a', 'error', 9)]);
    await env.advance(4000);
    adapter.feed.snapshot([row('a', 'active')]);
    await env.frameOver();
    assert.equal(reported('protocol'), 2);
    assert.equal(reported('resync'), 1);
    assert.equal(adapter.watches.length, 4);
  });
});

describe('fault 19: an attempt that timed out', () => {
  test('is ignored, whatever it still emits', async () => {
    const { env, adapter, feed, view, store } = await liveFixture([row('a', 'active')]);
    // Heartbeat plus slack, and the pause before the next attempt.
    await env.advance(8000);
    adapter.feed.resumes();
    feed.upsert(row('a', 'error', 9));
    feed.fail(adapterError('forbidden'));
    feed.push({ type: 'synced' });
    await env.frameOver();
    assert.equal(view('a').status, 'active');
    assert.equal(store.connection('flows').value.state, 'live');
    assert.ok(feed.unsubscribed || !feed.open);
  });
});

describe('a refresh', () => {
  test('while the feed is lost ends when the next one is synced', async () => {
    const { store, adapter, feed } = await liveFixture([row('a', 'active')]);
    feed.fail();
    let ended: boolean | undefined;
    const refreshed = store.refresh({ system: 'flows' }).then((ok) => (ended = ok));
    adapter.feed.opens();
    await Promise.resolve();
    assert.equal(ended, undefined);
    adapter.feed.push({ type: 'page', items: [row('a', 'active')] });
    adapter.feed.syncs();
    assert.equal(await refreshed, true);
  });

  test('has no effect while nobody observes, or the page has been hidden for long', async () => {
    const { store } = createFixture();
    assert.equal(await store.refresh({ system: 'flows' }), false);
    const live = await liveFixture([], { hiddenMs: 1000 });
    live.env.page.hide();
    await live.env.advance(1000);
    assert.equal(live.connection.state, 'paused');
    assert.equal(await live.store.refresh({ system: 'flows' }), false);
  });
});

test('a page that is shown again shortly before Retry-After is over waits for that, and no longer', async () => {
  const { env, adapter, feed } = await liveFixture([], { hiddenMs: 1000 });
  env.page.hide();
  await env.advance(500);
  feed.fail(adapterError('throttled', 10_000));
  await env.advance(9900);
  env.page.show();
  await env.advance(99);
  assert.equal(adapter.watches.length, 1);
  await env.advance(1);
  assert.equal(adapter.watches.length, 2);
});

test('a single read that is told to wait puts off the next attempt at the feed, and that is shown', async () => {
  const fixture = await liveFixture([row('a', 'active')]);
  const { store, env, adapter, feed } = fixture;
  const read = store.refresh(flow('a'));
  feed.fail();
  const connection = record(store.connection('flows'));
  adapter.gets[0]!.fail(adapterError('throttled', 60_000));
  assert.equal(await read, false);
  await env.frameOver();
  assert.equal(Math.round(connection.last.nextAttemptAt! - env.now()), 60_000 - 16);
});

describe('a single read that finds nothing', () => {
  test('of a campaign that nobody knew: it is up to date', async () => {
    const { store, adapter, feed } = await liveFixture([]);
    const read = store.refresh(flow('b'));
    feed.fail();
    adapter.gets[0]!.answer(undefined);
    assert.equal(await read, true);
  });

  test('of one that has changed meanwhile: it is up to date only while a feed keeps it so', async () => {
    for (const keeps of [true, false]) {
      const { store, adapter, env, feed } = await liveFixture([row('a', 'active')]);
      const read = store.refresh(flow('a'));
      feed.upsert(row('a', 'error', 2));
      if (!keeps) {
        feed.fail();
        await env.advance(1000);
      }
      adapter.gets[0]!.answer(undefined);
      assert.equal(await read, keeps);
    }
  });
});

test('a single read of another epoch is not up to date', async () => {
  const { store, adapter } = await liveFixture([row('a', 'active', 5)]);
  const read = store.refresh(flow('a'));
  adapter.gets[0]!.answer({ campaign: row('a', 'error', 1), epoch: 'e2' });
  assert.equal(await read, false);
});

describe('when the network is back, the next attempt', () => {
  test('comes within a second, and is shown so', async () => {
    const { store, env, adapter, feed } = await liveFixture([]);
    const connection = record(store.connection('flows'));
    feed.fail();
    for (const pause of [500, 1000, 2000]) {
      await env.advance(pause);
      adapter.feed.fail();
    }
    await env.frameOver();
    assert.ok(connection.last.nextAttemptAt! - env.now() > 2000);
    env.page.goOnline();
    await env.frameOver();
    assert.ok(connection.last.nextAttemptAt! - env.now() < 1000);
  });

  test('is not put off when it is due sooner', async () => {
    const { env, adapter, feed } = await liveFixture([]);
    feed.fail();
    await env.advance(300);
    env.page.goOnline();
    await env.advance(200);
    assert.equal(adapter.watches.length, 2);
  });
});
