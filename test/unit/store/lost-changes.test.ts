/** A change that can't be applied is lost: what the feed sends after it can't make up for that, only a snapshot can. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { row, type ScriptedWatch } from '../../support/scripted-adapter.ts';
import { createFixture, liveFixture, record } from '../../support/store-fixture.ts';

/** A change whose rows throw when they are read. */
const broken = (type: 'page' | 'upsert' | 'remove', cursor?: string): object => ({
  type,
  ...(cursor === undefined ? {} : { cursor }),
  get items(): unknown {
    throw new Error('broken');
  },
});

describe('a live change that can’t be applied', () => {
  for (const type of ['upsert', 'remove'] as const)
    test(`${type}: a snapshot follows at once, and later cursors are no place to resume from`, async () => {
      const { env, adapter, feed, store } = await liveFixture([row('a', 'active', 1)], { cursor: 'c1' });
      feed.push(broken(type, 'c2'));
      feed.heartbeat({ cursor: 'c3' });
      feed.push({ type: 'upsert', items: [row('b', 'active', 1)], cursor: 'c4' });
      await env.advance(0);
      assert.ok(feed.open);
      assert.equal(adapter.watches.length, 2);
      assert.equal(adapter.feed.request.since, undefined);
      adapter.feed.fail();
      feed.fail();
      await env.advance(1000);
      assert.equal(adapter.feed.request.since, undefined, 'nor after a loss');
      adapter.feed.snapshot([row('a', 'error', 2), row('b', 'active', 1)], { cursor: 'c5' });
      await env.frameOver();
      assert.equal(store.campaign({ system: 'flows', id: 'a' }).value.status, 'error');
      assert.equal(store.connection('flows').value.counters.dropped, 1);
      adapter.feed.fail();
      await env.advance(2000);
      assert.deepEqual(adapter.feed.request.since, { epoch: 'e1', cursor: 'c5' });
    });

  test('while the budget for snapshots is spent: the feed goes on, and a loss of it leads to a snapshot', async () => {
    const { env, adapter, feed } = await liveFixture([row('a', 'active', 1)], { heartbeatMs: 1_000_000 });
    feed.push(broken('upsert'));
    const second = adapter.feed;
    second.snapshot([row('a', 'active', 1)], { heartbeatMs: 1_000_000, cursor: 'c5' });
    second.push(broken('upsert', 'c6'));
    second.heartbeat({ cursor: 'c7' });
    await env.advance(1000);
    assert.equal(adapter.watches.length, 2);
    second.fail();
    await env.advance(1000);
    assert.equal(adapter.watches.length, 3);
    assert.equal(adapter.feed.request.since, undefined);
  });
});

/** A feed that loses a page must not sync: its rows would be taken for all that exist. */
describe('a page of a snapshot that can’t be applied: the snapshot is taken again, and removes nothing', () => {
  const rows = [row('a', 'active', 1), row('b', 'active', 1)];

  function losesB(feed: ScriptedWatch): void {
    feed.opens();
    feed.push({ type: 'page', items: rows.slice(0, 1) }, broken('page'));
    if (feed.open) feed.syncs({ cursor: 'c9' });
  }

  test('of the first feed', async () => {
    const { store, adapter, env } = createFixture();
    const list = record(store.list('flows'));
    await env.advance(0);
    losesB(adapter.feed);
    await env.advance(1000);
    assert.equal(list.last.complete, false);
    assert.equal(adapter.openFeeds, 1);
    adapter.feed.snapshot(rows);
    await env.frameOver();
    assert.deepEqual(list.last.ids, ['a', 'b']);
  });

  test('of a feed that was lost', async () => {
    const { store, adapter, env, feed } = await liveFixture(rows);
    feed.push(broken('upsert'));
    adapter.feed.fail();
    feed.fail();
    await env.advance(1000);
    losesB(adapter.feed);
    await env.advance(3000);
    assert.deepEqual(store.list('flows').value.ids, ['a', 'b']);
    adapter.feed.snapshot(rows);
    await env.frameOver();
    assert.equal(store.connection('flows').value.state, 'live');
  });

  test('of a successor: the present feed stays, and another successor follows', async () => {
    const { store, adapter, env, feed } = await liveFixture(rows, { count: 2 });
    const ids = (): readonly string[] => store.list('flows').value.ids;
    feed.heartbeat({ count: 3 });
    losesB(adapter.feed);
    await env.frameOver();
    assert.deepEqual(ids(), ['a', 'b']);
    assert.ok(feed.open);
    await env.advance(1000);
    assert.equal(adapter.watches.length, 3);
    adapter.feed.snapshot(rows);
    await env.frameOver();
    assert.deepEqual(ids(), ['a', 'b']);
    assert.equal(adapter.openFeeds, 1);
  });

  test('of a successor for a refresh: it resolves to false', async () => {
    const { store, adapter, env, feed } = await liveFixture(rows);
    const refreshed = store.refresh({ system: 'flows' });
    losesB(adapter.feed);
    assert.equal(await refreshed, false);
    await env.frameOver();
    assert.deepEqual(store.list('flows').value.ids, ['a', 'b']);
    assert.ok(feed.open);
    assert.equal(adapter.openFeeds, 1);
  });
});
