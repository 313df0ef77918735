/** `verify: true`: an occasional second snapshot finds what the feed has missed. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { CampaignRecord } from '../../../src/adapters/index.ts';
import { createCampaignStore } from '../../../src/store/index.ts';
import { row, type ScriptedWatch } from '../../support/scripted-adapter.ts';
import { liveFixture, record, createFixture, type StoreFixture } from '../../support/store-fixture.ts';

/** Time until the first check: 30 s plus jitter, which is half of that with the random number 0.5. */
const CHECK_MS = 45_000;
/** The promised heartbeat and the slack. */
const SETTLE_MS = 7000;

const checked = (rows: readonly unknown[]) => liveFixture(rows, { verify: true });

/** Passes time while the feed stays alive. */
async function pass(env: StoreFixture['env'], feed: ScriptedWatch, ms: number): Promise<void> {
  for (let left = ms; left > 0; left -= 5000) {
    await env.advance(Math.min(5000, left));
    if (feed.open) feed.heartbeat();
  }
}

/** Brings the feed to its second snapshot. */
async function untilCheck(on: StoreFixture) {
  const feed = on.adapter.feed;
  await pass(on.env, feed, CHECK_MS);
  const check = on.adapter.feed;
  assert.notEqual(check, feed, 'a second feed was asked for');
  assert.equal(check.request.since, undefined);
  return { feed, check };
}

const settle = (on: StoreFixture, feed: ScriptedWatch): Promise<void> => pass(on.env, feed, SETTLE_MS);

describe('verify', () => {
  test('without a difference: no report, and the second feed is closed', async () => {
    const on = await checked([row('a', 'active', 3)]);
    const connection = record(on.store.connection('flows'));
    const { feed, check } = await untilCheck(on);
    check.snapshot([row('a', 'active', 3)]);
    assert.ok(!check.open);
    assert.ok(feed.open);
    await settle(on, feed);
    assert.deepEqual(on.reports, []);
    assert.equal(connection.values.length, 1);
    assert.equal(on.adapter.openFeeds, 1);
    await pass(on.env, feed, CHECK_MS);
    assert.equal(on.adapter.watches.length, 3, 'and again later');
  });

  const differences: [string, CampaignRecord[], CampaignRecord[], string][] = [
    ['a change that never came', [row('a', 'active', 3)], [row('a', 'error', 4)], 'a'],
    ['other content in the same revision', [row('a', 'active', 3)], [row('a', 'error', 3)], 'a'],
    ['a campaign that never came', [], [row('b', 'active', 1)], 'b'],
    ['a removal that never came', [row('a', 'active', 3), row('b', 'active', 1)], [row('a', 'active', 3)], 'b'],
  ];
  for (const [what, shown, backend, id] of differences)
    test(`${what}: reported once the feed had time to send it, followed by a resync`, async () => {
      const on = await checked(shown);
      const { feed, check } = await untilCheck(on);
      check.snapshot(backend);
      assert.deepEqual(on.reports, []);
      await settle(on, feed);
      assert.deepEqual(
        on.reports.map(({ kind, detail }) => [kind, (detail as { id: string }).id]),
        [['drift', id]],
      );
      assert.equal(on.store.connection('flows').value.counters.drift, 1);
      assert.ok(feed.open, 'until its successor is synced');
      on.adapter.feed.snapshot(backend);
      assert.ok(!feed.open);
      await on.env.frameOver();
      assert.equal(on.store.list('flows').value.total, backend.length);
      assert.equal(on.reported('resync'), 1);
    });

  test('what the feed sends meanwhile is no difference', async () => {
    const on = await checked([row('a', 'active', 3), row('b', 'active', 1), row('c', 'active', 1)]);
    const { feed, check } = await untilCheck(on);
    check.snapshot([row('a', 'error', 4), row('d', 'active', 1), row('c', 'active', 1)]);
    feed.upsert(row('a', 'error', 4), row('d', 'active', 1), row('c', 'error', 2));
    feed.remove('b');
    await settle(on, feed);
    assert.deepEqual(on.reports, []);
  });

  test('a feed that is ahead of the second reading is right', async () => {
    const on = await checked([row('a', 'active', 3)]);
    const { feed, check } = await untilCheck(on);
    check.opens();
    check.push({ type: 'page', items: [row('a', 'active', 3), row('b', 'active', 1)] });
    feed.upsert(row('a', 'error', 4));
    feed.remove('b', 2);
    check.syncs();
    await settle(on, feed);
    assert.deepEqual(on.reports, []);
  });

  test('another epoch, a partial snapshot, or an unreadable one proves nothing', async () => {
    for (const answer of [
      (check: ScriptedWatch) => check.snapshot([], { epoch: 'e2' }),
      (check: ScriptedWatch) => check.snapshot([], { partial: true }),
      (check: ScriptedWatch) => check.snapshot([{ id: 'a', status: 7 }]),
      (check: ScriptedWatch) => check.push(null),
      (check: ScriptedWatch) => check.fail(),
      (check: ScriptedWatch) => check.end(),
    ]) {
      const on = await checked([row('a', 'active', 3)]);
      const { feed, check } = await untilCheck(on);
      answer(check);
      await settle(on, feed);
      assert.deepEqual(on.reports, []);
      assert.equal(on.adapter.openFeeds, 1);
    }
  });

  test('only watched campaigns are requested and compared', async () => {
    const on = createFixture({ verify: true });
    const subscription = on.store.campaign({ system: 'flows', id: 'a' }).subscribe();
    await on.env.advance(0);
    on.adapter.feed.snapshot([row('a', 'active', 3)]);
    const { feed, check } = await untilCheck(on);
    assert.deepEqual(check.request.ids, ['a']);
    check.snapshot([]);
    await settle(on, feed);
    assert.equal(on.reported('drift'), 1);
    subscription.unsubscribe();
    on.store.dispose();
  });

  test('a second reading that hangs times out; dispose leaves nothing behind', async () => {
    const on = await checked([row('a', 'active', 3)]);
    const { feed, check } = await untilCheck(on);
    await pass(on.env, feed, 60_000);
    assert.ok(!check.open);
    await pass(on.env, feed, CHECK_MS);
    assert.equal(on.adapter.openFeeds, 2, 'one more is under way');
    on.store.dispose();
    assert.equal(on.adapter.openFeeds, 0);
    assert.equal(on.env.timers, 0);
  });

  test('is off by default', async () => {
    const on = await liveFixture([row('a', 'active', 3)]);
    await pass(on.env, on.feed, 3 * CHECK_MS);
    assert.equal(on.adapter.watches.length, 1);
    assert.throws(
      () => createCampaignStore({ adapter: on.adapter, verify: 'yes' as unknown as boolean }),
      /createCampaignStore: verify must be true or false, got "yes"/,
    );
  });
});
