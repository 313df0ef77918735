/**
 * A snapshot that declares itself partial: campaigns that it does not name may still exist, until as many are known as
 * there are.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ListView } from '../../../src/store/index.ts';
import { flow, liveFixture, record } from '../../support/store-fixture.ts';

const row = (id: string) => ({ id, status: 'inactive', revision: 1 });

test('the list is incomplete, and a campaign that was not named is not absent', async () => {
  const { env, feed, list, store, reported } = await liveFixture([row('a')], { partial: true });
  const other = record(store.campaign(flow('b')));
  await env.frameOver();
  assert.equal((list.last as ListView).complete, false);
  assert.equal(other.last.presence, 'loading');

  feed.heartbeat({ count: 2 });
  await env.frameOver();
  assert.equal((list.last as ListView).complete, false);

  feed.upsert(row('c'));
  feed.heartbeat({ count: 2 });
  await env.frameOver();
  assert.equal((list.last as ListView).complete, true);
  assert.equal(other.last.presence, 'absent');
  assert.equal(reported('drift'), 0);
  store.dispose();
});

test('after a complete snapshot, the list stays complete in the same epoch, and not in another', async () => {
  const { adapter, env, store, list } = await liveFixture([row('a'), row('b')]);
  for (const [epoch, complete] of [
    ['e1', true],
    ['e2', false],
  ] as const) {
    void store.refresh({ system: 'flows' });
    adapter.feed.snapshot([row('a')], { epoch, partial: true });
    await env.frameOver();
    assert.equal((list.last as ListView).complete, complete);
  }
  store.dispose();
});

test('from then on another count is drift', async () => {
  const { env, feed, store, reported } = await liveFixture([row('a')], { partial: true });
  feed.heartbeat({ count: 1 });
  feed.heartbeat({ count: 2 });
  await env.frameOver();
  assert.equal(reported('drift'), 1);
  store.dispose();
});

test('for requested ids, a partial snapshot is complete', async () => {
  const { adapter, env, store, list } = await liveFixture([row('a')], { partial: true });
  const other = record(store.campaign(flow('b')));
  list.stop();
  await env.advance(0);
  adapter.feed.end();
  await env.advance(60_000);
  assert.deepEqual(adapter.feed.request.ids, ['b']);
  adapter.feed.snapshot([], { partial: true });
  await env.frameOver();
  assert.equal(other.last.presence, 'absent');
  store.dispose();
});
