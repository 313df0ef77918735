/** When a status is only last known, and as of when. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { row } from '../../support/scripted-adapter.ts';
import { adapterError, flow, liveFixture, record, createFixture } from '../../support/store-fixture.ts';

describe('after a cut', () => {
  test('a feed that is back within a second was never lost', async () => {
    const { adapter, env, feed, view, store } = await liveFixture([row('a', 'active')]);
    env.chance = 0.9;
    const a = record(store.campaign(flow('a')));
    feed.end();
    await env.advance(900);
    adapter.feed.resumes();
    await env.advance(5000 - 900);
    assert.equal(view('a').stale, undefined);
    assert.equal(a.values.length, 1);
  });

  test('one that is not back within a second is lost, as of its last message', async () => {
    const { env, feed, view, connection: before, store } = await liveFixture([row('a', 'active')]);
    env.chance = 0.999;
    await env.advance(2000);
    feed.heartbeat();
    const receivedAt = env.now();
    await env.advance(1500);
    feed.fail();
    await env.advance(985);
    assert.equal(view('a').stale, undefined);
    await env.advance(15);
    assert.deepEqual(view('a').stale, { asOf: receivedAt, why: 'feed' });
    assert.deepEqual(store.connection('flows').value.lost, { asOf: receivedAt });
    assert.equal(before.lost, undefined);
  });

  test('it stays lost through failed attempts, as of the same time', async () => {
    const { adapter, env, feed, view } = await liveFixture([row('a', 'active')]);
    const receivedAt = env.now() - 16;
    feed.fail();
    for (let attempt = 0; attempt < 5; attempt++) {
      await env.advance(31_000);
      adapter.feed.opens();
      adapter.feed.fail();
    }
    assert.deepEqual(view('a').stale, { asOf: receivedAt, why: 'feed' });
  });

  test('it is live again at `synced`, not before', async () => {
    const { adapter, env, feed, view } = await liveFixture([row('a', 'active')]);
    feed.fail();
    await env.advance(1200);
    assert.ok(view('a').stale);
    adapter.feed.opens({}, 'resume');
    await env.frameOver();
    assert.ok(view('a').stale);
    adapter.feed.syncs();
    await env.frameOver();
    assert.equal(view('a').stale, undefined);
  });
});

describe('after a stall', () => {
  test('fault 16: lost exactly after heartbeat plus slack; then the feed is opened again', async () => {
    const { adapter, env, view, store } = await liveFixture([row('a', 'active')], { heartbeatMs: 5000, slackMs: 2000 });
    const receivedAt = env.now() - 16;
    await env.advance(7000 - 16 - 1);
    assert.equal(store.connection('flows').value.state, 'live');
    assert.equal(view('a').stale, undefined);
    await env.advance(1);
    assert.equal(store.connection('flows').value.state, 'stale');
    assert.deepEqual(view('a').stale, { asOf: receivedAt, why: 'feed' });
    assert.equal(adapter.openFeeds, 0);
    await env.advance(1000);
    assert.equal(adapter.watches.length, 2);
    assert.equal(adapter.openFeeds, 1);
  });

  test('any message counts as a heartbeat', async () => {
    const { adapter, env, feed, view } = await liveFixture([row('a', 'active')]);
    for (let revision = 2; revision < 12; revision++) {
      await env.advance(6900);
      feed.upsert(row('a', 'active', revision));
    }
    assert.equal(adapter.watches.length, 1);
    assert.equal(view('a').stale, undefined);
  });

  test('a feed that opens and never ends its snapshot times out', async () => {
    const { store, adapter, env } = createFixture();
    record(store.list('flows'));
    await env.advance(0);
    adapter.feed.opens({ heartbeatMs: 5000 });
    await env.advance(7000);
    assert.equal(store.connection('flows').value.state, 'waiting');
    assert.equal(adapter.openFeeds, 0);
  });

  test('a feed that never answers times out after half a minute', async () => {
    const { store, adapter, env } = createFixture();
    record(store.list('flows'));
    await env.advance(29_999);
    assert.equal(store.connection('flows').value.state, 'connecting');
    await env.advance(1);
    assert.equal(store.connection('flows').value.state, 'waiting');
    await env.advance(1000);
    assert.equal(adapter.watches.length, 2);
    assert.equal(adapter.openFeeds, 1);
  });
});

describe('being quiet is not being stale', () => {
  test('fault 17: heartbeats but no data for days: live, and the cursor advances', async () => {
    const { adapter, env, feed, view, store } = await liveFixture([row('a', 'active')]);
    for (let beat = 0; beat < 2000; beat++) {
      await env.advance(5000);
      feed.heartbeat({ cursor: `beat${beat}` });
    }
    assert.equal(store.connection('flows').value.state, 'live');
    assert.equal(view('a').stale, undefined);
    feed.end();
    await env.advance(1000);
    assert.deepEqual(adapter.feed.request.since, { epoch: 'e1', cursor: 'beat1999' });
  });

  test('fault 18: without a promised heartbeat: never stale for being quiet, reconnects after five to ten minutes', async () => {
    for (const [chance, after] of [
      [0, 300_000],
      [0.5, 450_000],
    ] as const) {
      const { store, adapter, env, view } = createFixture();
      env.chance = chance;
      record(store.list('flows'));
      await env.advance(0);
      adapter.feed.push({ type: 'open', mode: 'snapshot', epoch: 'e1' });
      adapter.feed.push({ type: 'page', items: [row('a', 'active')] }, { type: 'synced', cursor: 'c1' });
      await env.advance(after - 1);
      assert.equal(store.connection('flows').value.state, 'live');
      assert.equal(adapter.watches.length, 1);
      await env.advance(1);
      assert.equal(adapter.watches.length, 2);
      assert.deepEqual(adapter.feed.request.since, { epoch: 'e1', cursor: 'c1' });
      adapter.feed.resumes();
      await env.frameOver();
      assert.equal(view('a').stale, undefined);
    }
  });
});

describe('before the first snapshot is complete', () => {
  test('fault 1: rows are shown, and not as “last known 1970”', async () => {
    const { store, adapter, env, view } = createFixture();
    const list = record(store.list('flows'));
    await env.advance(0);
    adapter.feed.opens();
    adapter.feed.push({ type: 'page', items: [row('a', 'active')] });
    await env.frameOver();
    assert.equal(view('a').presence, 'present');
    assert.equal(view('a').stale, undefined);
    assert.equal(list.last.complete, false);
    assert.equal(store.connection('flows').value.state, 'syncing');
  });

  test('fault 1: rows are stale when the feed breaks off', async () => {
    const { store, adapter, env, view } = createFixture();
    record(store.list('flows'));
    await env.advance(0);
    adapter.feed.opens();
    await env.advance(2000);
    adapter.feed.push({ type: 'page', items: [row('a', 'active')] });
    const readAt = env.now();
    adapter.feed.fail();
    env.chance = 0.999;
    await env.advance(1020);
    assert.deepEqual(view('a').stale, { asOf: readAt, why: 'feed' });
    adapter.feed.snapshot([row('a', 'active')]);
    await env.frameOver();
    assert.equal(view('a').stale, undefined);
  });

  test('a campaign read by itself has its own time; a feed without a message has lost nothing', async () => {
    const { store, adapter, env, view } = createFixture();
    record(store.list('flows'));
    await env.advance(0);
    const read = store.refresh(flow('a'));
    adapter.gets[0]!.answer({ campaign: row('a', 'active'), epoch: 'e1' });
    assert.equal(await read, true);
    const readAt = env.now();
    adapter.feed.fail(adapterError('forbidden'));
    await env.advance(2000);
    assert.deepEqual(view('a').stale, { asOf: readAt, why: 'feed' });
    assert.equal(store.connection('flows').value.lost, undefined, 'not "true until 1970"');
  });

  test('without rows nothing is lost', async () => {
    const { store, adapter, env } = createFixture();
    record(store.list('flows'));
    await env.advance(0);
    adapter.feed.fail();
    await env.advance(60_000);
    assert.equal(store.connection('flows').value.lost, undefined);
  });
});

describe('without observers', () => {
  test('after the grace period everything is stale as of then', async () => {
    const { env, list, feed, view, store } = await liveFixture([row('a', 'active')]);
    await env.advance(4000);
    feed.heartbeat();
    const receivedAt = env.now();
    list.stop();
    await env.advance(4999);
    assert.equal(view('a').stale, undefined);
    await env.advance(1);
    assert.deepEqual(view('a').stale, { asOf: receivedAt, why: 'feed' });
    assert.equal(store.connection('flows').value.state, 'idle');
  });

  test('a campaign created meanwhile is loading, not absent', async () => {
    const { adapter, env, list, view, store } = await liveFixture([row('a', 'active')]);
    assert.equal(view('b').presence, 'absent');
    list.stop();
    await env.advance(60_000);
    const b = record(store.campaign(flow('b')));
    assert.equal(b.last.presence, 'loading');
    await env.advance(0);
    adapter.feed.snapshot([row('b', 'active')]);
    await env.frameOver();
    assert.equal(b.last.presence, 'present');
  });

  test('a campaign read by itself is stale as of that reading', async () => {
    const { store, adapter, env, view } = createFixture();
    void store.refresh(flow('a'));
    adapter.gets[0]!.answer({ campaign: row('a', 'active'), epoch: 'e1' });
    await env.advance(0);
    const readAt = env.now();
    await env.advance(3_600_000);
    assert.equal(view('a').status, 'active');
    assert.deepEqual(view('a').stale, { asOf: readAt, why: 'feed' });
  });
});

describe('Check again while the feed is lost', () => {
  test('updates that campaign only, as of the reading', async () => {
    const { store, adapter, env, feed, view } = await liveFixture([row('a', 'active'), row('b', 'active')]);
    const receivedAt = env.now() - 16;
    feed.fail(adapterError('forbidden'));
    await env.advance(30_000);
    void store.refresh(flow('a'));
    adapter.gets[0]!.answer({ campaign: row('a', 'error', 2), epoch: 'e1' });
    await env.advance(0);
    assert.equal(view('a').status, 'error');
    assert.deepEqual(view('a').stale, { asOf: env.now(), why: 'feed' });
    assert.deepEqual(view('b').stale, { asOf: receivedAt, why: 'feed' });
  });

  test('the same row again: its observers see the new time', async () => {
    const { store, adapter, env, feed } = await liveFixture([row('a', 'active')]);
    const a = record(store.campaign(flow('a')));
    feed.fail(adapterError('forbidden'));
    await env.advance(30_000);
    const read = store.refresh(flow('a'));
    adapter.gets[0]!.answer({ campaign: row('a', 'active'), epoch: 'e1' });
    assert.equal(await read, true);
    const readAt = env.now();
    await env.frameOver();
    assert.deepEqual(a.last.stale, { asOf: readAt, why: 'feed' });
  });

  test('an older answer proves nothing: Check again failed', async () => {
    const { store, adapter, env, feed, view } = await liveFixture([row('a', 'active', 7)]);
    const receivedAt = env.now() - 16;
    feed.fail(adapterError('forbidden'));
    await env.advance(30_000);
    const read = store.refresh(flow('a'));
    adapter.gets[0]!.answer({ campaign: row('a', 'inactive', 5), epoch: 'e1' });
    assert.equal(await read, false);
    assert.equal(view('a').status, 'active');
    assert.deepEqual(view('a').stale, { asOf: receivedAt, why: 'feed' });
  });

  test('an older answer is no failure when the feed is newer', async () => {
    const { store, adapter, feed, view } = await liveFixture([row('a', 'active', 7)]);
    const read = store.refresh(flow('a'));
    feed.upsert(row('a', 'error', 8));
    adapter.gets[0]!.answer({ campaign: row('a', 'active', 7), epoch: 'e1' });
    assert.equal(await read, true);
    assert.equal(view('a').status, 'error');
  });
});

test('when all rows were dropped, nothing is last known any more', async () => {
  const fixture = await liveFixture([row('a', 'active')], { keepMs: 60_000 });
  fixture.list.stop();
  await fixture.env.advance(30_000);
  assert.notEqual(fixture.connection.lost, undefined);
  await fixture.env.advance(60_000);
  assert.equal(fixture.connection.lost, undefined);
});

test('a campaign that was watched twice is last known from the second time', async () => {
  const { store, env, adapter, view } = createFixture();
  const b = record(store.campaign(flow('b')));
  await env.advance(0);
  adapter.feed.snapshot([row('b', 'active')], { heartbeatMs: 1_000_000 });
  record(store.campaign(flow('a')));
  b.stop();
  /** Ends the feed, and opens one for campaign a alone. */
  const narrow = async (): Promise<void> => {
    await env.advance(1000);
    adapter.feed.heartbeat();
    adapter.feed.fail();
    await env.advance(1000);
    assert.deepEqual(adapter.feed.request.ids, ['a']);
    adapter.feed.snapshot([row('a', 'active')], { heartbeatMs: 1_000_000 });
    await env.frameOver();
  };
  await narrow();
  const { asOf } = view('b').stale!;
  const list = record(store.list('flows'));
  await env.advance(60_000);
  adapter.feed.snapshot([row('a', 'active'), row('b', 'active')], { heartbeatMs: 1_000_000 });
  list.stop();
  await narrow();
  assert.ok(view('b').stale!.asOf > asOf + 60_000);
});
