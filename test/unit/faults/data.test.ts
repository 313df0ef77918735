/** Faults of data and clocks that the tests of the store's parts do not cover. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { english } from '../../../src/i18n/index.ts';
import { row } from '../../support/scripted-adapter.ts';
import { flow, liveFixture, record } from '../../support/store-fixture.ts';

const DAY = 86_400_000;

describe('wrong clocks', () => {
  for (const [what, skew] of [
    ['a day ahead', DAY],
    ['a day behind', -DAY],
  ] as const)
    test(`fault 28: a backend whose clock is ${what}: order, staleness and waiting times are as with a right clock`, async () => {
      const { env, adapter, feed, store, view } = await liveFixture([row('a', 'active')], {
        serverTime: Date.UTC(2026, 0, 12, 9) + skew,
      });
      feed.upsert(row('a', 'error', 2, { at: Date.UTC(2026, 0, 12, 9) + skew }));
      feed.upsert(row('a', 'active', 1, { at: Date.UTC(2026, 0, 12, 9) + skew + 60_000 }));
      await env.frameOver();
      assert.equal(view('a').status, 'error', 'the revision decides, not the time');
      assert.equal(english.ago(store.now() - view('a').at!), 'just now');
      assert.equal(view('a').stale, undefined);
      feed.end();
      await env.advance(499);
      assert.equal(adapter.watches.length, 1);
      await env.advance(1);
      assert.equal(adapter.watches.length, 2);
    });

  test('fault 28: a wall clock that is set back while an attempt is scheduled neither delays nor hastens it', async () => {
    for (const step of [DAY, -DAY]) {
      const { env, adapter, feed } = await liveFixture([]);
      feed.end();
      env.shiftWallClock(step);
      await env.advance(499);
      assert.equal(adapter.watches.length, 1);
      await env.advance(1);
      assert.equal(adapter.watches.length, 2);
    }
  });

  test('fault 28: a clock that is set back keeps neither a silent feed live nor an action pending', async () => {
    const { env, adapter, store } = await liveFixture([row('a', 'active')]);
    const outcome = store.perform(flow('a'), 'stop');
    adapter.acts[0]!.answer({ outcome: 'accepted' });
    env.shiftWallClock(-DAY);
    await env.advance(7000);
    assert.equal(store.connection('flows').value.state, 'stale');
    await env.advance(13_000);
    assert.equal((await outcome).outcome, 'uncertain');
  });

  test('fault 28: a time in the future is shown as “just now”', async () => {
    const { view, store } = await liveFixture([row('a', 'error', 1, { at: Date.UTC(2026, 0, 13, 9) })]);
    assert.ok(view('a').at! > store.now());
    assert.equal(english.ago(store.now() - view('a').at!), 'just now');
  });
});

test('fault 29: a hundred thousand changes in one tick: one emission each, with the last state, and input is processed meanwhile', async () => {
  const { env, feed, store, list } = await liveFixture([]);
  const watched = ['c0', 'c7', 'c999'].map((id) => record(store.campaign(flow(id))));
  const before = [list, ...watched].map(({ values }) => values.length);
  const { frames } = env;
  const began = performance.now();
  for (let revision = 1; revision <= 100; revision++)
    for (let id = 0; id < 1000; id++) feed.upsert(row(`c${id}`, revision === 100 ? 'error' : 'active', revision));
  const input = new Promise<number>((resolve) => setTimeout(() => resolve(performance.now()), 0));
  assert.deepEqual(
    [list, ...watched].map(({ values }) => values.length),
    before,
    'nothing is emitted before the frame',
  );
  await env.frameOver();
  assert.deepEqual(
    [list, ...watched].map(({ values }) => values.length),
    before.map((count) => count + 1),
  );
  assert.equal(env.frames, frames + 1);
  assert.ok(watched.every(({ last }) => last.status === 'error'));
  assert.deepEqual(store.list('flows').value.counts, new Map([['error', 1000]]));
  // This takes about half a second. Work that grew with the campaigns, or an emission for each change, would take
  // minutes.
  assert.ok((await input) - began < 30_000, `${(await input) - began} ms`);
});
