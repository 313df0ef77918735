/** Which campaigns are watched: a few single ones by id, otherwise all. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { row } from '../../support/scripted-adapter.ts';
import { adapterError, flow, liveFixture, record, createFixture } from '../../support/store-fixture.ts';

describe('requested ids', () => {
  test('single campaigns of one task: one request, by their ids', async () => {
    const { store, adapter, env } = createFixture();
    for (const id of ['a', 'b', 'a']) record(store.campaign(flow(id)));
    await env.advance(0);
    assert.equal(adapter.watches.length, 1);
    assert.deepEqual(adapter.feed.request.ids, ['a', 'b']);
    assert.equal(adapter.feed.request.since, undefined);
  });

  test('twenty single campaigns are requested by id, twenty-one by requesting all', async () => {
    for (const [count, expected] of [
      [20, 20],
      [21, undefined],
    ] as const) {
      const { store, adapter, env } = createFixture();
      for (let id = 0; id < count; id++) record(store.campaign(flow(`c${id}`)));
      await env.advance(0);
      assert.equal(adapter.feed.request.ids?.length, expected);
    }
  });

  test('a list requests all', async () => {
    const { store, adapter, env } = createFixture();
    record(store.campaign(flow('a')));
    record(store.list('flows'));
    await env.advance(0);
    assert.equal(adapter.watches.length, 1);
    assert.equal(adapter.feed.request.ids, undefined);
  });

  test('each system has a feed of its own', async () => {
    const { store, adapter, env } = createFixture();
    record(store.list('flows'));
    record(store.list('python'));
    await env.advance(0);
    assert.deepEqual(
      adapter.watches.map(({ request }) => request.system),
      ['flows', 'python'],
    );
  });

  test('reading without observing, and observing the connection, request nothing', async () => {
    const { store, adapter, env } = createFixture();
    record(store.connection('flows'));
    assert.equal(store.list('flows').value.total, 0);
    await env.advance(60_000);
    assert.equal(adapter.watches.length, 0);
    assert.equal(env.timers, 0);
  });
});

describe('a scope that grows', () => {
  test('opens a second feed without a position, and keeps the first one until that is synced', async () => {
    const { store, adapter, env, view } = createFixture();
    record(store.campaign(flow('a')));
    await env.advance(0);
    const first = adapter.feed;
    first.snapshot([row('a', 'active')]);
    record(store.campaign(flow('b')));
    await env.advance(0);
    assert.equal(adapter.watches.length, 2);
    assert.deepEqual(adapter.feed.request.ids, ['a', 'b']);
    assert.equal(adapter.feed.request.since, undefined);
    await env.advance(6000);
    assert.ok(first.open);
    assert.equal(store.connection('flows').value.state, 'live');
    assert.equal(view('a').stale, undefined);
    assert.equal(view('b').presence, 'loading');
    adapter.feed.snapshot([row('a', 'active'), row('b', 'active')]);
    assert.ok(!first.open);
    assert.equal(adapter.openFeeds, 1);
    await env.frameOver();
    assert.equal(view('b').presence, 'present');
  });

  test('shows the new campaign as loading, then as it is; the old one stays unchanged', async () => {
    const { store, adapter, env, view } = createFixture();
    const a = record(store.campaign(flow('a')));
    await env.advance(0);
    adapter.feed.snapshot([row('a', 'active')]);
    await env.frameOver();
    const before = a.values.length;
    const b = record(store.campaign(flow('b')));
    assert.equal(b.last.presence, 'loading');
    await env.advance(100);
    adapter.feed.opens();
    adapter.feed.push({ type: 'page', items: [row('a', 'active'), row('b', 'error')] });
    await env.frameOver();
    assert.equal(b.last.presence, 'present');
    assert.equal(view('b').stale, undefined);
    adapter.feed.syncs();
    await env.frameOver();
    assert.equal(view('b').stale, undefined);
    assert.equal(a.values.length, before);
  });

  test('with ids, an id that the snapshot does not name is absent, and nothing else is removed', async () => {
    const { store, adapter, env, view } = await liveFixture([row('a', 'active'), row('b', 'active')]);
    record(store.campaign(flow('c')));
    await env.frameOver();
    assert.equal(view('c').presence, 'absent');
    assert.equal(adapter.watches.length, 1);
  });

  test('with ids, `count` is ignored', async () => {
    const { store, adapter, env, connection } = createFixture();
    record(store.campaign(flow('a')));
    await env.advance(0);
    adapter.feed.snapshot([row('a', 'active')], { partial: true, count: 500 });
    adapter.feed.heartbeat({ count: 500 });
    await env.frameOver();
    assert.equal(connection.counters.drift, 0);
    assert.equal(adapter.watches.length, 1);
  });
});

describe('a scope that shrinks', () => {
  test('keeps the feed; the next attempt requests less and resumes', async () => {
    const { store, adapter, env, list, feed } = await liveFixture([row('a', 'active'), row('b', 'active')], {
      cursor: 'c7',
    });
    record(store.campaign(flow('a')));
    list.stop();
    await env.advance(4000);
    assert.equal(adapter.watches.length, 1);
    feed.end();
    await env.advance(1000);
    assert.deepEqual(adapter.feed.request.ids, ['a']);
    assert.deepEqual(adapter.feed.request.since, { epoch: 'e1', cursor: 'c7' });
  });

  test('what is no longer watched is last known, as of the end of the wider feed', async () => {
    const { store, adapter, env, list, feed, view } = await liveFixture([row('a', 'active'), row('b', 'active')]);
    record(store.campaign(flow('a')));
    list.stop();
    feed.heartbeat();
    const receivedAt = env.now();
    feed.end();
    await env.advance(1000);
    adapter.feed.fail(adapterError('throttled', 60_000));
    await env.advance(60_000);
    adapter.feed.resumes();
    await env.frameOver();
    assert.equal(view('a').stale, undefined);
    assert.deepEqual(view('b').stale, { asOf: receivedAt, why: 'feed' });
    assert.equal(store.list('flows').value.complete, false);
  });

  test('it is current again after a snapshot, once it is watched again', async () => {
    const { store, adapter, env, list, feed, view } = await liveFixture([row('a', 'active'), row('b', 'active')]);
    record(store.campaign(flow('a')));
    list.stop();
    feed.end();
    await env.advance(1000);
    adapter.feed.resumes();
    record(store.campaign(flow('b')));
    await env.advance(0);
    assert.deepEqual(adapter.feed.request.ids, ['a', 'b']);
    assert.equal(adapter.feed.request.since, undefined);
    adapter.feed.snapshot([row('a', 'active'), row('b', 'error', 2)]);
    await env.frameOver();
    assert.equal(view('b').stale, undefined);
    assert.equal(view('b').status, 'error');
  });

  test('from one campaign to another: the first is stale from then on, not since 1970', async () => {
    const { store, adapter, env, view } = createFixture();
    const a = record(store.campaign(flow('a')));
    await env.advance(0);
    adapter.feed.snapshot([row('a', 'active')]);
    await env.advance(3000);
    adapter.feed.heartbeat();
    const receivedAt = env.now();
    a.stop();
    record(store.campaign(flow('b')));
    await env.advance(0);
    assert.deepEqual(adapter.feed.request.ids, ['b']);
    adapter.feed.snapshot([row('b', 'active')]);
    await env.frameOver();
    assert.deepEqual(view('a').stale, { asOf: receivedAt, why: 'feed' });
    assert.equal(view('b').stale, undefined);
  });

  test('without observers, within the grace period: an attempt requests what was requested last, never nothing', async () => {
    const { adapter, env, list, feed, view } = await liveFixture([row('a', 'active')], { cursor: 'c3' });
    list.stop();
    feed.end();
    await env.advance(1000);
    assert.equal(adapter.watches.length, 2);
    assert.equal(adapter.feed.request.ids, undefined);
    assert.deepEqual(adapter.feed.request.since, { epoch: 'e1', cursor: 'c3' });
    adapter.feed.resumes();
    assert.equal(view('a').stale, undefined);
  });
});

describe('an adapter that ignores ids', () => {
  test('may send all: requested campaigns are current, the others are kept for later', async () => {
    const { store, adapter, env, view } = createFixture();
    record(store.campaign(flow('a')));
    await env.advance(0);
    adapter.feed.snapshot([row('a', 'active'), row('b', 'error')]);
    await env.frameOver();
    assert.equal(view('a').stale, undefined);
    assert.equal(view('b').status, 'error');
    assert.equal(store.list('flows').value.complete, false);
  });
});

describe('a campaign that is observed while a feed is on its way', () => {
  test('to the first snapshot: one feed for all of them is asked for at once', async () => {
    const { store, adapter, env } = createFixture();
    record(store.campaign(flow('a')));
    await env.advance(500);
    record(store.campaign(flow('b')));
    await env.advance(0);
    assert.deepEqual(
      adapter.watches.map(({ request, open }) => [request.ids, open]),
      [
        [['a'], false],
        [['a', 'b'], true],
      ],
    );
    assert.equal(store.connection('flows').value.since, env.now());
  });

  test('beside a live one: the next feed is asked for when that is synced', async () => {
    const { store, adapter, env } = createFixture();
    record(store.campaign(flow('a')));
    await env.advance(0);
    adapter.feed.snapshot([], { heartbeatMs: 1_000_000 });
    for (const id of ['b', 'c']) {
      record(store.campaign(flow(id)));
      await env.advance(0);
    }
    assert.equal(adapter.watches.length, 2);
    adapter.feed.snapshot([], { heartbeatMs: 1_000_000 });
    assert.deepEqual(adapter.feed.request.ids, ['a', 'b', 'c']);
  });

  test('beside a live one, after a failure: the pause before the next attempt is kept', async () => {
    const { store, adapter, env } = createFixture();
    record(store.campaign(flow('a')));
    await env.advance(0);
    adapter.feed.snapshot([], { heartbeatMs: 1_000_000 });
    record(store.campaign(flow('b')));
    await env.advance(0);
    adapter.feed.fail();
    record(store.campaign(flow('c')));
    await env.advance(0);
    assert.equal(adapter.watches.length, 2);
    await env.advance(1000);
    assert.deepEqual(adapter.feed.request.ids, ['a', 'b', 'c']);
  });
});
