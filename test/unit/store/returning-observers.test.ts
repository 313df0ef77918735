/** An observer that returns within the grace period. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { row, type ScriptedWatch } from '../../support/scripted-adapter.ts';
import { flow, liveFixture, record, type StoreFixture } from '../../support/store-fixture.ts';

/** Passes time while the feed sends heartbeats. */
async function pass({ env }: StoreFixture, feed: ScriptedWatch, ms: number): Promise<void> {
  for (let left = ms; left > 0; left -= 1000) {
    await env.advance(Math.min(1000, left));
    feed.heartbeat();
  }
}

describe('an observer that returns within the grace period', () => {
  for (const [when, waitMs] of [
    ['in the same task', 0],
    ['at its last moment', 4999],
  ] as const)
    test(`${when} keeps the feed open and live, long after the grace period would have ended`, async () => {
      const fixture = await liveFixture([row('a', 'active')]);
      const { store, adapter, env, list, feed, view } = fixture;
      list.stop();
      if (waitMs) await pass(fixture, feed, waitMs);
      record(store.list('flows'));
      await pass(fixture, feed, 60_000);
      assert.ok(feed.open);
      assert.equal(adapter.watches.length, 1);
      assert.equal(store.connection('flows').value.state, 'live');
      assert.equal(view('a').stale, undefined);
      feed.upsert(row('a', 'error', 2));
      await env.frameOver();
      assert.equal(view('a').status, 'error');
    });

  test('keeps it open as an observer of one campaign, too', async () => {
    const fixture = await liveFixture([row('a', 'active')]);
    fixture.list.stop();
    await pass(fixture, fixture.feed, 3000);
    record(fixture.store.campaign(flow('a')));
    await pass(fixture, fixture.feed, 60_000);
    assert.ok(fixture.feed.open);
  });

  test('gives whoever leaves after it the whole grace period', async () => {
    const fixture = await liveFixture([row('a', 'active')]);
    const { store, list, feed } = fixture;
    list.stop();
    await pass(fixture, feed, 4000);
    record(store.list('flows')).stop();
    await pass(fixture, feed, 4999);
    assert.ok(feed.open);
    await pass(fixture, feed, 1);
    assert.ok(!feed.open);
  });

  test('and one that comes after it keep the rows: they are not dropped later', async () => {
    const fixture = await liveFixture([row('a', 'active')], { keepMs: 60_000 });
    const { store, env, adapter, list } = fixture;
    list.stop();
    await env.advance(30_000);
    record(store.list('flows'));
    await env.advance(0);
    adapter.feed.resumes();
    await pass(fixture, adapter.feed, 120_000);
    assert.deepEqual(store.list('flows').value.ids, ['a']);
    assert.ok(adapter.feed.open);
  });
});
