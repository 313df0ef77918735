/** Campaigns that stay in a status for longer than the lifecycle expects. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { defineLifecycle } from '../../../src/lifecycle/index.ts';
import type { ListView } from '../../../src/store/index.ts';
import { row } from '../../support/scripted-adapter.ts';
import { liveFixture, record, flow, type StoreFixture } from '../../support/store-fixture.ts';
import { TestEnvironment } from '../../support/environment.ts';

const AFTER = 5_000;
/** Flows whose active campaigns are expected to go on. */
const lifecycle = defineLifecycle({
  system: 'flows',
  label: 'Flows',
  initial: 'inactive',
  statuses: {
    inactive: { label: 'Inactive', tone: 'gray', icon: 'square', meaning: 'Nothing is sent.', action: 'start' },
    active: {
      label: 'Active',
      tone: 'green',
      icon: 'play',
      meaning: 'Messages leave.',
      fault: 'error',
      stuckAfterMs: AFTER,
    },
    error: { label: 'Error', tone: 'red', icon: 'octagon-bang', meaning: 'It broke.', action: 'start' },
  },
  actions: { start: { label: 'Start', pending: 'Starting', from: { inactive: 'active', error: 'active' } } },
});
const environment = (): TestEnvironment => new TestEnvironment();

async function running(rows: (now: number) => readonly unknown[], env = environment()): ReturnType<typeof liveFixture> {
  return liveFixture(rows(env.now()), { environment: env, lifecycles: [lifecycle] });
}

function stuckIds({ store }: StoreFixture): readonly string[] {
  return store.list('flows', { stuck: true }).value.ids;
}

describe('a campaign whose status lasts', () => {
  test('is stuck once the time has passed, and not before; its observers are notified once', async () => {
    const fixture = await running((now) => [row('a', 'active', 1, { at: now })]);
    const { env, view, store } = fixture;
    const { at } = view('a');
    const observed = record(store.campaign(flow('a')));
    const stuck = record(store.list('flows', { stuck: true }));
    await env.advance(at! + AFTER - env.now() - 1);
    assert.equal(view('a').stuckSince, undefined);
    await env.advance(1 + 16);
    assert.equal(view('a').stuckSince, at);
    assert.deepEqual(
      stuck.values.map(({ ids }) => ids),
      [[], ['a']],
    );
    await env.advance(1_000);
    assert.equal(observed.values.length, 2);
    assert.equal(stuck.values.length, 2);
  });

  test('is stuck at once if the time has passed before it is read', async () => {
    const fixture = await running((now) => [
      row('a', 'active', 1, { at: now - AFTER }),
      row('b', 'active', 1, { at: now }),
    ]);
    assert.equal(fixture.view('a').stuckSince, fixture.view('a').at);
    assert.deepEqual(stuckIds(fixture), ['a']);
  });

  test('is not stuck any more after another status or message, and may be stuck again', async () => {
    const fixture = await running((now) => [row('a', 'active', 1, { at: now - AFTER })]);
    const { env, feed, view } = fixture;
    feed.upsert(row('a', 'active', 2, { at: env.now(), message: 'half done' }));
    await env.frameOver();
    assert.equal(view('a').stuckSince, undefined);
    assert.deepEqual(stuckIds(fixture), []);
    await env.advance(AFTER);
    assert.equal(view('a').stuckSince, view('a').at);
    feed.upsert(row('a', 'inactive', 3, { at: env.now() - AFTER }));
    await env.frameOver();
    assert.equal(view('a').stuckSince, undefined);
  });

  test('stays stuck when only the revision grows', async () => {
    const { env, feed, view } = await running((now) => [row('a', 'active', 1, { at: now - AFTER })]);
    const before = view('a');
    feed.upsert(row('a', 'active', 2, { at: before.at! }));
    await env.frameOver();
    assert.equal(view('a'), before);
  });

  test('is not stuck without a time, nor in a status that may last', async () => {
    const fixture = await running((now) => [row('a', 'active'), row('b', 'error', 1, { at: now - 10 * AFTER })]);
    await fixture.env.advance(2 * AFTER);
    assert.deepEqual(stuckIds(fixture), []);
  });

  test('is not stuck while the feed is lost, and is when it is back', async () => {
    const fixture = await running((now) => [
      row('a', 'active', 1, { at: now }),
      row('b', 'active', 1, { at: now - AFTER }),
    ]);
    const { env, feed, adapter, view } = fixture;
    feed.fail();
    await env.advance(AFTER + 2_000);
    assert.deepEqual([view('a').stuckSince, view('b').stuckSince], [undefined, undefined]);
    assert.ok(view('b').stale);
    adapter.feed.resumes();
    await env.advance(1_000);
    assert.deepEqual([view('a').stuckSince, view('b').stuckSince], [view('a').at, view('b').at]);
  });

  test('is measured by the clock of the server', async () => {
    const env = environment();
    const ahead = 5 * AFTER;
    const fixture = await liveFixture([row('a', 'active', 1, { at: env.now() + ahead - 1_000 })], {
      environment: env,
      lifecycles: [lifecycle],
      serverTime: env.now() + ahead,
    });
    await env.advance(AFTER - 2_000);
    assert.deepEqual(stuckIds(fixture), []);
    await env.advance(2_000);
    assert.deepEqual(stuckIds(fixture), ['a']);
  });
});

test('a list counts the stuck campaigns among those that match its text', async () => {
  const { store } = await running((now) => [
    row('a', 'active', 1, { at: now - AFTER, name: 'Spring' }),
    row('b', 'active', 1, { at: now - AFTER, name: 'Autumn' }),
    row('c', 'active', 1, { at: now, name: 'Spring 2' }),
  ]);
  const counts = ({ stuck, size, counts: of }: ListView): unknown => [stuck, size, of.get('active')];
  assert.deepEqual(counts(store.list('flows').value), [2, 3, 3]);
  assert.deepEqual(counts(store.list('flows', { text: 'spring' }).value), [1, 2, 2]);
  assert.deepEqual(counts(store.list('flows', { text: 'spring', stuck: true }).value), [1, 1, 2]);
  assert.deepEqual(counts(store.list('flows', { statuses: ['error'], stuck: true }).value), [2, 0, 3]);
});

test('of many campaigns, each is stuck at most a second late, and nothing is done in between', async () => {
  const fixture = await running((now) =>
    Array.from({ length: 50 }, (_, n) => row(`c${n}`, 'active', 1, { at: now - AFTER + 1_000 + n * 40 })),
  );
  const stuck = record(fixture.store.list('flows', { stuck: true }));
  await fixture.env.advance(4_000);
  assert.equal(stuck.last.size, 50);
  assert.ok(stuck.values.length <= 5, `${stuck.values.length} lists`);
});
