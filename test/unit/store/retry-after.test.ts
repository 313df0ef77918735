/** While the backend asks not to be called, nothing opens a feed. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { row } from '../../support/scripted-adapter.ts';
import { adapterError, flow, liveFixture, record, type StoreFixture } from '../../support/store-fixture.ts';

const WAIT_MS = 60_000;

/** What could open a feed, or a successor of the present one. */
const REASONS: readonly [string, (fixture: StoreFixture) => unknown][] = [
  ['a refresh', ({ store }) => void store.refresh({ system: 'flows' })],
  ['another observer', ({ store }) => record(store.list('flows', { sort: 'at' }))],
  ['another campaign', ({ store }) => record(store.campaign(flow('new')))],
  ['an action', ({ store }) => void store.perform(flow('a'), 'stop')],
  ['the network is back', ({ env }) => env.page.goOnline()],
  ['the page is shown', ({ env }) => (env.page.hide(), env.page.show())],
  ['the page leaves the cache', ({ env }) => (env.page.enterCache(), env.page.leaveCache())],
  ['a single read finds nothing', ({ adapter }) => adapter.gets[0]!.answer(undefined)],
  [
    'a single read of another epoch',
    ({ adapter }) => adapter.gets[0]!.answer({ campaign: row('a', 'active', 1), epoch: 'e2' }),
  ],
];

/** A live feed, and a single read that is not answered yet. */
async function readingFixture(options?: Parameters<typeof liveFixture>[1]): ReturnType<typeof liveFixture> {
  const fixture = await liveFixture([row('a', 'active')], options);
  void fixture.store.refresh(flow('a'));
  return fixture;
}

describe('Retry-After of a lost feed holds, whatever happens meanwhile', () => {
  for (const [reason, happens] of REASONS)
    test(reason, async () => {
      const fixture = await readingFixture();
      const { env, adapter, feed } = fixture;
      feed.fail(adapterError('throttled', WAIT_MS));
      for (let turn = 0; turn < 6; turn++) {
        await happens(fixture);
        await env.advance(5000);
      }
      assert.equal(adapter.watches.length, 1);
      await env.advance(WAIT_MS - 30_000 - 1);
      assert.equal(adapter.watches.length, 1);
      await env.advance(1);
      assert.equal(adapter.watches.length, 2);
    });
});

describe('Retry-After of a successor holds, whatever happens meanwhile', () => {
  for (const [reason, happens] of [
    ...REASONS.filter(([name]) => name !== 'the page leaves the cache'),
    ['a wrong count', ({ adapter }: StoreFixture) => adapter.watches[0]!.heartbeat({ count: 99 })],
  ] as typeof REASONS)
    test(reason, async () => {
      const fixture = await readingFixture({ heartbeatMs: 1_000_000 });
      const { env, adapter, store, feed } = fixture;
      const refreshed = store.refresh({ system: 'flows' });
      adapter.feed.fail(adapterError('throttled', WAIT_MS));
      assert.equal(await refreshed, false);
      for (let turn = 0; turn < 6; turn++) {
        await happens(fixture);
        await env.advance(5000);
      }
      await env.advance(WAIT_MS - 30_000 - 1);
      assert.equal(adapter.watches.length, 2);
      assert.ok(feed.open);
      assert.equal(store.connection('flows').value.state, 'live');
    });
});

test('six refreshes while the feed is lost: each resolves to false, and none is sent', async () => {
  const { store, adapter, env, feed } = await liveFixture([row('a', 'active')]);
  feed.fail(adapterError('throttled', WAIT_MS));
  for (let press = 0; press < 6; press++) {
    assert.equal(await store.refresh({ system: 'flows' }), false);
    await env.advance(30);
  }
  assert.equal(adapter.watches.length, 1);
});

test('a single read meanwhile resolves to false, and is not sent', async () => {
  const { store, adapter, env, feed } = await liveFixture([row('a', 'active')]);
  feed.fail(adapterError('throttled', WAIT_MS));
  assert.equal(await store.refresh(flow('a')), false);
  await env.advance(WAIT_MS - 1);
  assert.equal(await store.refresh(flow('a')), false);
  assert.equal(adapter.gets.length, 0);
  await env.advance(1);
  void store.refresh(flow('a'));
  assert.equal(adapter.gets.length, 1);
});

describe('Retry-After of a single read holds', () => {
  test('for the next one, and for a feed that is lost before or after it', async () => {
    for (const lostBefore of [true, false]) {
      const { store, adapter, env, feed } = await liveFixture([row('a', 'active')]);
      const read = store.refresh(flow('a'));
      if (lostBefore) feed.fail();
      adapter.gets[0]!.fail(adapterError('throttled', WAIT_MS));
      assert.equal(await read, false);
      if (!lostBefore) feed.fail();
      assert.equal(await store.refresh(flow('a')), false);
      await env.advance(WAIT_MS - 1);
      assert.deepEqual([adapter.watches.length, adapter.gets.length], [1, 1]);
      await env.advance(1);
      assert.equal(adapter.watches.length, 2);
    }
  });
});

test('the wait of an action’s answer does not hold back the feed', async () => {
  const { store, adapter, env, feed } = await liveFixture([row('a', 'active')]);
  void store.perform(flow('a'), 'stop');
  adapter.acts[0]!.fail(adapterError('throttled', WAIT_MS));
  await env.advance(0);
  feed.fail();
  await env.advance(500);
  assert.equal(adapter.watches.length, 2);
});
