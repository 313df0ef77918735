/** A page that is hidden, in the back/forward cache, offline, or asleep. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { TestEnvironment } from '../../support/environment.ts';
import { row } from '../../support/scripted-adapter.ts';
import { flow, liveFixture, pythonRef, record, createFixture } from '../../support/store-fixture.ts';

describe('hidden and shown', () => {
  test('fault 42: hidden for less than the limit keeps the feed', async () => {
    const { env, adapter, feed } = await liveFixture([], { hiddenMs: 10_000 });
    env.page.hide();
    await env.advance(4000);
    feed.heartbeat();
    await env.advance(4000);
    env.page.show();
    feed.heartbeat();
    await env.advance(6000);
    assert.equal(adapter.watches.length, 1);
    assert.equal(feed.open, true);
  });

  test('fault 42: hidden for longer: no connection and no timer; visible again: one connection, which resumes', async () => {
    const { env, adapter, feed, store, view } = await liveFixture([row('a', 'active')], {
      hiddenMs: 4000,
      cursor: 'c9',
    });
    env.page.hide();
    await env.advance(4000);
    assert.equal(store.connection('flows').value.state, 'paused');
    assert.equal(feed.open, false);
    assert.equal(env.timers, 0);
    assert.ok(view('a').stale);
    await env.advance(3_600_000);
    assert.equal(adapter.watches.length, 1);
    env.page.show();
    assert.equal(adapter.openFeeds, 1);
    assert.deepEqual(adapter.feed.request.since, { epoch: 'e1', cursor: 'c9' });
    adapter.feed.resumes();
    await env.frameOver();
    assert.equal(view('a').stale, undefined);
  });

  test('a page that was hidden from the start pauses too', async () => {
    const { store, env, adapter } = createFixture({ hiddenMs: 4000 });
    env.page.visible = false;
    record(store.list('flows'));
    await env.advance(0);
    adapter.feed.snapshot([]);
    await env.advance(4000);
    assert.equal(store.connection('flows').value.state, 'paused');
    assert.equal(env.timers, 0);
  });

  test('fault 42: a tab that was opened in the background gets `pageshow`, and pauses all the same', async () => {
    const { store, env, adapter } = createFixture({ hiddenMs: 4000 });
    env.page.visible = false;
    record(store.list('flows'));
    await env.advance(0);
    adapter.feed.snapshot([]);
    env.page.dispatchEvent(new Event('pageshow'));
    await env.advance(4000);
    assert.equal(adapter.openFeeds, 0);
    assert.equal(env.timers, 0);
    env.page.show();
    assert.equal(adapter.openFeeds, 1);
  });

  test('fault 42: diagnosis and log pause too, and are stale when the page is visible again', async () => {
    const { store, env, adapter } = createFixture({ hiddenMs: 4000 });
    const log = record(store.log(pythonRef('a')));
    const diagnosis = record(store.diagnosis(pythonRef('a')));
    adapter.logs[0]!.push([{ text: 'begun' }]);
    adapter.diagnoses[0]!.answer([{ kind: 'channel', id: 'email', name: 'Email', state: 'running' }]);
    await env.frameOver();
    env.page.hide();
    await env.advance(4000);
    assert.equal(adapter.logs[0]!.open, false);
    assert.equal(env.timers, 0);
    await env.advance(3_600_000);
    assert.equal(log.last.state, 'lost');
    assert.equal(diagnosis.last.outlook, 'unknown');
    assert.deepEqual([adapter.logs.length, adapter.diagnoses.length], [1, 1]);
    env.page.show();
    assert.deepEqual([adapter.logs.length, adapter.diagnoses.length], [2, 2]);
    adapter.logs[1]!.push([{ text: 'begun' }, { text: 'done' }]);
    await env.frameOver();
    assert.deepEqual(
      log.last.entries.map(({ text }) => text),
      ['begun', 'done'],
    );
    log.stop();
    diagnosis.stop();
    assert.equal(env.timers, 0);
    assert.equal(env.page.listeners, 0);
  });

  test('fault 42: flapping a hundred times opens no further connection', async () => {
    const { env, adapter, feed } = await liveFixture([], { hiddenMs: 4000 });
    for (let turn = 0; turn < 100; turn++) {
      env.page.hide();
      await env.advance(50);
      env.page.show();
      feed.heartbeat();
    }
    assert.equal(adapter.watches.length, 1);
  });

  test('fault 42: flapping while the feed is down causes one attempt in five seconds at most', async () => {
    const { env, adapter, feed } = await liveFixture([]);
    env.chance = 1 - 1e-9;
    feed.fail();
    for (let attempt = 0; attempt < 6; attempt++) {
      await env.advance(31_000);
      adapter.feed.fail();
    }
    const before = adapter.watches.length;
    for (let turn = 0; turn < 100; turn++) {
      env.page.hide();
      env.page.show();
      env.page.goOnline();
      await env.advance(90);
      if (adapter.openFeeds) adapter.feed.fail();
    }
    assert.ok(adapter.watches.length - before <= 2, String(adapter.watches.length - before));
  });

  test('no observer remained while it was hidden: nothing is opened on return', async () => {
    const { env, adapter, list, store } = await liveFixture([], { hiddenMs: 1000 });
    env.page.hide();
    await env.advance(2000);
    list.stop();
    await env.advance(5000);
    env.page.show();
    await env.advance(1000);
    assert.equal(store.connection('flows').value.state, 'idle');
    assert.equal(adapter.watches.length, 1);
    assert.equal(env.page.listeners, 0);
  });
});

describe('the back/forward cache', () => {
  test('fault 44: closed at once, without a timer; restored: resumes', async () => {
    const { env, adapter, feed, store, view } = await liveFixture([row('a', 'active')], { cursor: 'c2' });
    env.page.enterCache();
    assert.equal(feed.open, false);
    assert.equal(store.connection('flows').value.state, 'paused');
    assert.equal(env.timers, 0);
    await env.sleep(3_600_000);
    env.page.leaveCache();
    assert.equal(adapter.openFeeds, 1);
    assert.deepEqual(adapter.feed.request.since, { epoch: 'e1', cursor: 'c2' });
    assert.ok(view('a').stale);
    adapter.feed.resumes([row('a', 'error', 2)]);
    await env.frameOver();
    assert.equal(view('a').status, 'error');
    assert.equal(view('a').stale, undefined);
  });
});

describe('offline and online', () => {
  test('fault 45: `offline` alone proves nothing: the feed stays', async () => {
    const { env, adapter, feed, store } = await liveFixture([]);
    env.page.goOffline();
    await env.advance(4000);
    feed.heartbeat();
    await env.advance(4000);
    assert.equal(adapter.watches.length, 1);
    assert.equal(store.connection('flows').value.state, 'live');
  });

  test('fault 45: `online` causes one early attempt, after a jitter, and none where the feed is live', async () => {
    const { env, adapter, feed } = await liveFixture([]);
    env.page.goOnline();
    await env.advance(1000);
    assert.equal(adapter.watches.length, 1);
    env.chance = 1 - 1e-9;
    feed.fail();
    for (let attempt = 0; attempt < 5; attempt++) {
      await env.advance(31_000);
      adapter.feed.fail();
    }
    const before = adapter.watches.length;
    env.chance = 0.5;
    env.page.goOnline();
    env.page.goOnline();
    assert.equal(adapter.watches.length, before);
    await env.advance(499);
    assert.equal(adapter.watches.length, before);
    await env.advance(1);
    assert.equal(adapter.watches.length, before + 1);
  });

  test('`online` never delays an attempt', async () => {
    const { env, adapter, feed } = await liveFixture([]);
    env.chance = 0.1;
    feed.fail();
    env.chance = 0.9;
    env.page.goOnline();
    await env.advance(100);
    assert.equal(adapter.watches.length, 2);
  });
});

describe('a hidden page whose timers run once a minute', () => {
  /** Hides the page; the backend keeps its heartbeat. */
  async function hidden(ms: number, options: Parameters<typeof liveFixture>[1] = {}) {
    const fixture = await liveFixture([row('a', 'active')], options);
    const { env, feed } = fixture;
    env.slowestTimers = 60_000;
    env.page.hide();
    await beats(ms);
    return { ...fixture, beats };

    async function beats(time: number): Promise<void> {
      for (let passed = 0; passed < time; passed += 5000) {
        await env.advance(5000);
        feed.heartbeat();
      }
    }
  }

  test('keeps its feed: a late timer does not mean that the machine slept', async () => {
    const { adapter, store } = await hidden(240_000);
    assert.equal(adapter.watches.length, 1);
    assert.equal(store.connection('flows').value.state, 'live');
  });

  test('keeps its feed also when the page is shown before the late timer runs', async () => {
    const { env, adapter, store, beats } = await hidden(30_000);
    env.page.show();
    await beats(120_000);
    assert.equal(adapter.watches.length, 1);
    assert.equal(store.connection('flows').value.state, 'live');
  });

  test('is shown after it was to close its feed, but before the timer ran: resumes', async () => {
    const { env, adapter, feed, view } = await hidden(30_000, { hiddenMs: 10_000 });
    assert.ok(feed.open);
    env.page.show();
    assert.ok(!feed.open);
    assert.equal(adapter.watches.length, 2);
    assert.ok(adapter.feed.request.since);
    assert.ok(view('a').stale);
  });

  test('fault 43: notices a sleep of the machine by its clocks, and a lost feed by its heartbeat', async () => {
    for (const [sleeps, cause] of [
      [(env: TestEnvironment) => env.shiftWallClock(60_000), 'the machine was asleep, or its clock was set'],
      [(env: TestEnvironment) => env.sleep(60_000), 'no heartbeat from the backend'],
    ] as const) {
      const { env, store } = await hidden(30_000);
      await sleeps(env);
      await env.advance(60_000);
      assert.equal(store.connection('flows').value.cause?.message, cause);
    }
  });
});

describe('a machine that sleeps', () => {
  test('fault 43: after eight hours everything is stale at once; a jittered attempt resumes', async () => {
    const { env, adapter, store, view } = await liveFixture([row('a', 'active')], { cursor: 'c2' });
    const receivedAt = env.now() - 16;
    await env.sleep(8 * 3_600_000);
    assert.equal(store.connection('flows').value.state, 'stale');
    assert.deepEqual(view('a').stale, { asOf: receivedAt, why: 'feed' });
    await env.advance(1000);
    assert.equal(adapter.openFeeds, 1);
    assert.equal(adapter.watches.length, 2);
    assert.ok(adapter.feed.request.since);
  });

  test('fault 43: also without a promised heartbeat', async () => {
    const { store, adapter, env, view } = createFixture();
    record(store.list('flows'));
    await env.advance(0);
    adapter.feed.push({ type: 'open', mode: 'snapshot' }, { type: 'page', items: [row('a', 'active')] });
    adapter.feed.push({ type: 'synced', cursor: 'c1' });
    await env.sleep(8 * 3_600_000);
    assert.ok(view('a').stale);
    assert.notEqual(store.connection('flows').value.state, 'live');
    await env.advance(1000);
    assert.equal(adapter.openFeeds, 1);
  });

  test('fault 43: a short sleep, and a machine whose monotonic clock stops during sleep', async () => {
    for (const heartbeatMs of [undefined, 5000]) {
      const { store, adapter, env } = createFixture();
      record(store.list('flows'));
      await env.advance(0);
      adapter.feed.push({ type: 'open', mode: 'snapshot', heartbeatMs }, { type: 'synced', cursor: 'c1' });
      if (heartbeatMs) env.shiftWallClock(60_000);
      else await env.sleep(60_000);
      await env.advance(8000);
      assert.equal(adapter.watches.length, 2, String(heartbeatMs));
      assert.equal(store.connection('flows').value.cause?.message, 'the machine was asleep, or its clock was set');
    }
  });

  test('fault 43: a sleep with a clock that was set back is detected', async () => {
    const { env, adapter, store } = await liveFixture([row('a', 'active')]);
    env.shiftWallClock(-86_400_000);
    await env.sleep(60_000);
    assert.equal(store.connection('flows').value.cause?.message, 'the machine was asleep, or its clock was set');
    await env.advance(1000);
    assert.equal(adapter.openFeeds, 1);
  });

  test('fault 40: a page put into the cache during an action: settles on return, with the same key', async () => {
    const { env, adapter, store, view } = await liveFixture([row('a', 'active')]);
    const outcome = store.perform(flow('a'), 'stop');
    adapter.acts[0]!.fail(new Error('reset'));
    await env.advance(0);
    env.page.enterCache();
    await env.sleep(5000);
    env.page.leaveCache();
    await env.advance(0);
    assert.equal(adapter.acts.length, 2);
    assert.equal(adapter.acts[1]!.request.idempotencyKey, adapter.acts[0]!.request.idempotencyKey);
    adapter.feed.resumes([row('a', 'inactive', 2)]);
    assert.deepEqual(await outcome, { outcome: 'done' });
    assert.equal(view('a').request?.phase, 'done');
  });
});
