/** Snapshots that the store takes of its own accord share one budget: the pauses between them grow. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { row, type SnapshotOptions } from '../../support/scripted-adapter.ts';
import { flow, liveFixture, type StoreFixture } from '../../support/store-fixture.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;

/** A live feed that is silent without becoming stale. */
const steady = (rows: readonly unknown[], more: SnapshotOptions = {}) =>
  liveFixture(rows, { heartbeatMs: 3_000_000, ...more });

/**
 * Passes time minute by minute, and answers each new feed with a snapshot.
 *
 * @param each happens every minute
 * @returns the minutes at which feeds were asked for
 */
async function pass(
  { env, adapter }: StoreFixture,
  ms: number,
  rows: readonly unknown[],
  more: SnapshotOptions,
  each: (minute: number) => unknown = () => {},
): Promise<number[]> {
  const minutes: number[] = [];
  const began = env.monotonic();
  // A second feed may be on its way already.
  let known = adapter.watches.length - (adapter.openFeeds - 1);
  for (let minute = 0; minute < ms / MINUTE_MS; minute++) {
    await each(minute);
    // In halves of a minute, because the pauses below are multiples of one and a half.
    for (let half = 0; half < 2; half++) {
      for (; known < adapter.watches.length; known++) {
        minutes.push((env.monotonic() - began) / MINUTE_MS);
        adapter.watches[known]!.snapshot(rows, { heartbeatMs: 3_000_000, ...more });
      }
      adapter.feed.heartbeat();
      await env.advance(MINUTE_MS / 2);
    }
  }
  return minutes;
}

describe('a difference that no snapshot removes', () => {
  test('a row with a numeric id and a count: the pauses double up to an hour and a half, over a whole day', async () => {
    const rows = [row('a', 'active'), { id: 7, status: 'active', revision: 1 }];
    const fixture = await steady(rows, { count: 2 });
    const snapshots = await pass(fixture, 24 * HOUR_MS, rows, { count: 2 });
    assert.equal(fixture.adapter.watches.length, 22);
    assert.deepEqual(snapshots.slice(0, 9), [0, 1.5, 4.5, 10.5, 22.5, 46.5, 94.5, 184.5, 274.5]);
    assert.equal(fixture.connection.state, 'live');
    assert.equal(fixture.adapter.openFeeds, 1);
  });

  test('the pauses differ from page to page', async () => {
    for (const [chance, pauseMs] of [
      [0, 60_000],
      [0.25, 75_000],
      [0.75, 105_000],
    ] as const) {
      const { env, adapter, feed } = await steady([row('a', 'active')], { count: 1 });
      env.chance = chance;
      feed.heartbeat({ count: 2 });
      adapter.feed.snapshot([row('a', 'active')], { heartbeatMs: 3_000_000, count: 2 });
      await env.advance(pauseMs - 1);
      assert.equal(adapter.watches.length, 2);
      await env.advance(1);
      assert.equal(adapter.watches.length, 3);
    }
  });
});

describe('all reasons share the budget', () => {
  const rows = [row('a', 'active', 9)];
  const reasons: readonly [string, (fixture: StoreFixture) => unknown][] = [
    ['a wrong count', ({ adapter }) => adapter.feed.heartbeat({ count: 5 })],
    [
      'late rows',
      ({ adapter }) => {
        for (let turn = 0; turn < 3; turn++) adapter.feed.upsert(row('a', 'error', 3));
      },
    ],
    [
      'a change that can’t be applied',
      ({ adapter }) =>
        adapter.feed.push({
          type: 'upsert',
          get items(): unknown {
            throw new Error('broken');
          },
        }),
    ],
    [
      'a single read that finds nothing',
      async ({ store, adapter, env }) => {
        adapter.feed.upsert(row('gone', 'active', 1));
        void store.refresh(flow('gone'));
        adapter.gets.at(-1)!.answer(undefined);
        await env.advance(0);
      },
    ],
    [
      'a single read of another epoch',
      async ({ store, adapter, env }) => {
        void store.refresh(flow('a'));
        adapter.gets.at(-1)!.answer({ campaign: row('a', 'active', 1), epoch: 'e2' });
        await env.advance(0);
      },
    ],
  ];

  for (const [reason, happens] of reasons)
    test(`${reason}, every minute for half a day: about a dozen snapshots`, async () => {
      const fixture = await steady(rows);
      await pass(fixture, 12 * HOUR_MS, rows, {}, () => happens(fixture));
      const { length } = fixture.adapter.watches;
      assert.ok(length > 8 && length <= 15, String(length));
    });

  test('all of them in turn: no more than for one of them', async () => {
    const fixture = await steady(rows);
    await pass(fixture, 12 * HOUR_MS, rows, {}, (minute) => reasons[minute % reasons.length]![1](fixture));
    const { length } = fixture.adapter.watches;
    assert.ok(length > 8 && length <= 15, String(length));
  });
});

describe('the budget', () => {
  const one = [row('a', 'active')];

  test('starts over once nothing was wrong for as long as the last pause', async () => {
    const fixture = await steady(one, { count: 1 });
    const wrong = { count: 2 };
    assert.deepEqual(
      await pass(fixture, 5 * MINUTE_MS, one, wrong, () => fixture.adapter.feed.heartbeat(wrong)),
      [0, 1.5, 4.5],
    );
    await pass(fixture, HOUR_MS, one, { count: 1 });
    const { length } = fixture.adapter.watches;
    fixture.adapter.feed.heartbeat(wrong);
    assert.equal(fixture.adapter.watches.length, length + 1, 'at once');
    fixture.adapter.feed.snapshot(one, { heartbeatMs: 3_000_000, ...wrong });
    await fixture.env.advance(90_000);
    assert.equal(fixture.adapter.watches.length, length + 2, 'after the shortest pause');
  });

  test('is not drawn on by users who refresh', async () => {
    const { store, adapter } = await steady(one, { count: 1 });
    for (let press = 0; press < 10; press++) {
      const refreshed = store.refresh({ system: 'flows' });
      adapter.feed.snapshot(one, { heartbeatMs: 3_000_000, count: 1 });
      assert.equal(await refreshed, true);
    }
    const { length } = adapter.watches;
    adapter.feed.heartbeat({ count: 2 });
    assert.equal(adapter.watches.length, length + 1);
  });

  test('does not keep users from refreshing, and a refresh serves what waits for it', async () => {
    const { store, env, adapter, feed } = await steady(one, { count: 1 });
    feed.heartbeat({ count: 2 });
    adapter.feed.snapshot(one, { heartbeatMs: 3_000_000, count: 2 });
    await env.advance(1000);
    const refreshed = store.refresh({ system: 'flows' });
    assert.equal(adapter.watches.length, 3);
    adapter.feed.snapshot([...one, row('b', 'active')], { heartbeatMs: 3_000_000, count: 2 });
    assert.equal(await refreshed, true);
    await env.advance(HOUR_MS / 2);
    assert.equal(adapter.watches.length, 3);
  });

  test('a snapshot that a lost feed needs anyway serves what waits for the budget', async () => {
    const { env, adapter, feed } = await steady(one, { count: 1 });
    feed.heartbeat({ count: 2 });
    adapter.feed.snapshot(one, { heartbeatMs: 3_000_000, count: 2 });
    adapter.feed.fail();
    await env.advance(1000);
    assert.equal(adapter.feed.request.since, undefined);
    adapter.feed.snapshot([...one, row('b', 'active')], { heartbeatMs: 3_000_000, count: 2 });
    await env.advance(HOUR_MS / 2);
    assert.equal(adapter.watches.length, 3);
  });
});
