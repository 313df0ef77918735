/** Which row settles a request when the status that the action leads to is not the one that arrives. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { simulateBackend, simulatedAdapter } from '../../../mocks/index.ts';
import { defineLifecycle } from '../../../src/lifecycle/index.ts';
import { TestEnvironment } from '../../support/environment.ts';
import { row } from '../../support/scripted-adapter.ts';
import { adapterError, flow, liveFixture, pythonRef, record, createFixture } from '../../support/store-fixture.ts';

const a = flow('a');
const DONE = { outcome: 'done' } as const;
const UNCONFIRMED = { outcome: 'uncertain', reason: { code: 'unconfirmed' } } as const;

/** Jobs that can be restarted while they run. */
const jobs = defineLifecycle({
  system: 'jobs',
  label: 'Jobs',
  initial: 'running',
  statuses: {
    running: {
      label: 'Running',
      tone: 'green',
      icon: 'play',
      meaning: 'Works.',
      action: 'restart',
      fault: 'failed',
    },
    failed: { label: 'Failed', tone: 'red', icon: 'octagon-bang', meaning: 'Broke.', action: 'restart' },
  },
  actions: { restart: { label: 'Restart', pending: 'Restarting', from: { running: 'running', failed: 'running' } } },
});
const job = { system: 'jobs', id: 'j' };

/** A live feed of one job. */
async function jobStage(status: string) {
  const all = createFixture({ lifecycles: [jobs] });
  record(all.store.list('jobs'));
  await all.env.advance(0);
  const { feed } = all.adapter;
  feed.snapshot([row('j', status, 1, { at: 1 })], { heartbeatMs: 1_000_000 });
  await all.env.frameOver();
  return { ...all, feed, job: () => all.store.campaign(job).value };
}

describe('an action whose target fails at once', () => {
  for (const feedFirst of [false, true])
    test(`is done, and the error is shown, when the feed skips the target; ${feedFirst ? 'the feed comes first' : 'the answer comes first'}`, async () => {
      const { store, adapter, env, feed, view, reported } = await liveFixture([row('a', 'inactive')]);
      const outcome = store.perform(a, 'start');
      const fails = (): void => feed.upsert(row('a', 'error', 3, { message: 'Channel is stopped.', at: 5 }));
      if (feedFirst) fails();
      adapter.acts[0]!.answer({ outcome: 'accepted' });
      await env.advance(0);
      if (!feedFirst) fails();
      assert.deepEqual(await outcome, DONE);
      const { status, tone, message, request, action } = view('a');
      assert.deepEqual([status, tone, message], ['error', 'red', 'Channel is stopped.']);
      assert.equal(request?.phase, 'done');
      assert.deepEqual(action, { action: 'start' });
      assert.equal(reported('conflict'), 0);
    });

  test('is done when a resumed feed brings only the error', async () => {
    const { store, adapter, env, feed } = await liveFixture([row('a', 'inactive')]);
    const outcome = store.perform(a, 'start');
    adapter.acts[0]!.answer({ outcome: 'accepted' });
    feed.fail();
    await env.advance(1000);
    adapter.feed.resumes([row('a', 'error', 3)]);
    assert.deepEqual(await outcome, DONE);
  });

  test('is done in python, too', async () => {
    const { store, adapter, env } = createFixture();
    const ref = pythonRef('p');
    record(store.campaign(ref));
    await env.advance(0);
    adapter.feed.snapshot([row('p', 'configured')]);
    const outcome = store.perform(ref, 'start');
    adapter.acts[0]!.answer({ outcome: 'accepted' });
    await env.advance(0);
    adapter.feed.upsert(row('p', 'error', 3));
    assert.deepEqual(await outcome, DONE);
  });

  test('is done without an answer, where only the action leads there', async () => {
    const { store, adapter, env, feed, view } = await liveFixture([row('a', 'inactive')]);
    adapter.idempotent = false;
    const outcome = store.perform(a, 'start');
    adapter.acts[0]!.fail(new TypeError('fetch failed'));
    assert.deepEqual(await outcome, UNCONFIRMED);
    feed.upsert(row('a', 'error', 3));
    await env.frameOver();
    assert.equal(view('a').request?.phase, 'done');
  });

  test('is not done before its answer: a refusal is reported as refused', async () => {
    const { store, adapter, env, feed, view } = await liveFixture([row('a', 'inactive')]);
    const outcome = store.perform(a, 'start');
    feed.upsert(row('a', 'error', 3));
    await env.frameOver();
    assert.equal(view('a').request?.phase, 'pending');
    adapter.acts[0]!.answer({ outcome: 'refused', code: 'forbidden' });
    assert.deepEqual(await outcome, { outcome: 'refused', reason: { code: 'forbidden' } });
  });

  test('is not done without an answer, where the campaign may have failed by itself', async () => {
    const { store, adapter, env, feed, job: shown } = await jobStage('running');
    adapter.idempotent = false;
    const outcome = store.perform(job, 'restart');
    adapter.acts[0]!.fail(new TypeError('fetch failed'));
    assert.deepEqual(await outcome, UNCONFIRMED);
    feed.upsert(row('j', 'failed', 2, { at: 2 }));
    await env.frameOver();
    assert.equal(shown().request?.phase, 'conflict');
  });
});

describe('an action that leads back to its own status', () => {
  const failed = { message: 'Channel is stopped.', at: 5 };

  for (const feedFirst of [false, true])
    test(`a Start from error that fails again is done, and the new message is shown; ${feedFirst ? 'the feed comes first' : 'the answer comes first'}`, async () => {
      const { store, adapter, env, feed, view, reported } = await liveFixture([row('a', 'error', 7, failed)]);
      const outcome = store.perform(a, 'start');
      const fails = (): void => feed.upsert(row('a', 'error', 9, { message: 'Agent is stopped.', at: 8 }));
      if (feedFirst) fails();
      adapter.acts[0]!.answer({ outcome: 'accepted' });
      await env.advance(0);
      if (!feedFirst) fails();
      assert.deepEqual(await outcome, DONE);
      const { status, message, at, request, action } = view('a');
      assert.deepEqual([status, message, at], ['error', 'Agent is stopped.', 8]);
      assert.equal(request?.phase, 'done');
      assert.deepEqual(action, { action: 'start' });
      assert.equal(reported('conflict'), 0);
    });

  for (const [what, more] of [
    ['message', { ...failed, message: 'Agent is stopped.' }],
    ['time', { ...failed, at: 6 }],
  ] as const)
    test(`a Start from error is done when only the ${what} is new`, async () => {
      const { store, adapter, env, feed } = await liveFixture([row('a', 'error', 7, failed)]);
      const outcome = store.perform(a, 'start');
      adapter.acts[0]!.answer({ outcome: 'accepted' });
      await env.advance(0);
      feed.upsert(row('a', 'error', 9, more));
      assert.deepEqual(await outcome, DONE);
    });

  test('a Start from error is not confirmed by a newer revision with the same status, message and time', async () => {
    const { store, adapter, env, feed, view } = await liveFixture([row('a', 'error', 7, failed)], {
      heartbeatMs: 1_000_000,
    });
    const outcome = store.perform(a, 'start');
    adapter.acts[0]!.answer({ outcome: 'accepted' });
    await env.advance(0);
    feed.upsert(row('a', 'error', 8, { ...failed, name: 'Spring sale', changedBy: 'counter' }));
    await env.frameOver();
    assert.equal(view('a').request?.phase, 'pending');
    await env.advance(20_000);
    assert.deepEqual(await outcome, UNCONFIRMED);
    feed.upsert(row('a', 'error', 9, { ...failed, at: 9 }));
    await env.frameOver();
    assert.equal(view('a').request?.phase, 'done', 'the new failure came late');
  });

  test('a Start from error is not confirmed by a new message while its answer is pending', async () => {
    const { store, adapter, env, feed, view } = await liveFixture([row('a', 'error', 7, failed)]);
    const outcome = store.perform(a, 'start');
    feed.upsert(row('a', 'error', 8, { message: 'Agent is stopped.', at: 8 }));
    await env.frameOver();
    assert.equal(view('a').request?.phase, 'pending');
    adapter.acts[0]!.answer({ outcome: 'refused', code: 'unavailable' });
    assert.deepEqual(await outcome, { outcome: 'refused', reason: { code: 'unavailable' } });
  });

  test('a Start from error is not confirmed by a message of another epoch', async () => {
    const { store, adapter, env } = await liveFixture([row('a', 'error', 7, failed)]);
    const outcome = store.perform(a, 'start');
    adapter.acts[0]!.answer({ outcome: 'accepted' });
    await env.advance(0);
    void store.refresh({ system: 'flows' });
    adapter.feed.snapshot([row('a', 'error', 9, { message: 'An older one.', at: 2 })], { epoch: 'e2' });
    assert.deepEqual(await outcome, UNCONFIRMED);
  });

  test('a Force stop is not confirmed by a new message, because it leaves error', async () => {
    const { store, adapter, env } = createFixture();
    const ref = pythonRef('p');
    record(store.campaign(ref));
    await env.advance(0);
    adapter.feed.snapshot([row('p', 'error', 7, failed)]);
    void store.perform(ref, 'force-stop');
    adapter.acts[0]!.answer({ outcome: 'accepted' });
    await env.advance(0);
    adapter.feed.upsert(row('p', 'error', 8, { message: 'Another error.', at: 8 }));
    await env.frameOver();
    assert.equal(store.campaign(ref).value.request?.phase, 'pending');
  });
});

describe('an action from a status to the same status', () => {
  test('is done when the feed shows the status with a new time', async () => {
    const { store, adapter, env, feed, job: shown } = await jobStage('running');
    assert.deepEqual(shown().action, { action: 'restart' });
    const outcome = store.perform(job, 'restart');
    adapter.acts[0]!.answer({ outcome: 'accepted' });
    await env.advance(0);
    assert.equal(shown().request?.phase, 'pending');
    feed.upsert(row('j', 'running', 2, { at: 9 }));
    assert.deepEqual(await outcome, DONE);
    assert.equal(shown().at, 9);
  });

  test('is done by the row in its answer', async () => {
    const { store, adapter } = await jobStage('running');
    const outcome = store.perform(job, 'restart');
    adapter.acts[0]!.answer({ outcome: 'done', campaign: row('j', 'running', 2, { at: 9 }), epoch: 'e1' });
    assert.deepEqual(await outcome, DONE);
  });

  test('is done when it was accepted and the campaign failed afterwards', async () => {
    const { store, adapter, env, feed, job: shown } = await jobStage('running');
    const outcome = store.perform(job, 'restart');
    adapter.acts[0]!.answer({ outcome: 'accepted' });
    await env.advance(0);
    feed.upsert(row('j', 'failed', 3, { at: 9, message: 'Out of memory.' }));
    assert.deepEqual(await outcome, DONE);
    assert.equal(shown().message, 'Out of memory.');
  });

  test('is not confirmed by a newer revision with the same message and time', async () => {
    const { store, adapter, env, feed } = await jobStage('running');
    const outcome = store.perform(job, 'restart');
    adapter.acts[0]!.answer({ outcome: 'accepted' });
    await env.advance(0);
    feed.upsert(row('j', 'running', 2, { at: 1 }));
    await env.advance(20_000);
    assert.deepEqual(await outcome, UNCONFIRMED);
  });

  test('is done on a simulated backend that accepts first and acts later', async () => {
    const env = new TestEnvironment();
    const backend = simulateBackend({ clock: env.newClock(), lifecycles: [jobs] });
    backend.campaigns.add({ ...job, name: 'Nightly import' });
    backend.faults.acceptOnly(true);
    const { store } = createFixture({ environment: env, adapter: simulatedAdapter(backend), lifecycles: [jobs] });
    record(store.campaign(job));
    await env.advance(1000);
    const outcome = store.perform(job, 'restart');
    await env.advance(0);
    assert.equal(store.campaign(job).value.request?.phase, 'pending');
    await env.advance(10_000);
    assert.deepEqual(await outcome, DONE);
    assert.deepEqual(
      backend.effects().map(({ from, to }) => [from, to]),
      [['running', 'running']],
    );
  });
});

describe('a campaign that is removed and created again', () => {
  test('does not show the refusal from before its removal', async () => {
    const { store, adapter, env, feed } = await liveFixture([row('a', 'active', 4)]);
    const shown = record(store.campaign(a));
    const outcome = store.perform(a, 'stop');
    adapter.acts[0]!.answer({ outcome: 'refused', code: 'invalid', reason: 'Locked.' });
    await outcome;
    feed.remove('a', 5);
    await env.frameOver();
    assert.equal(shown.last.presence, 'gone');
    assert.equal(shown.last.request, undefined);
    feed.upsert(row('a', 'active', 6));
    await env.frameOver();
    assert.equal(shown.last.presence, 'present');
    assert.equal(shown.last.request, undefined);
    assert.deepEqual(shown.last.action, { action: 'stop' });
  });

  test('does not show the refusal when both come in one frame, or a snapshot removes it', async () => {
    for (const remove of [
      ({ feed }: Awaited<ReturnType<typeof liveFixture>>) => feed.remove('a', 5),
      ({ store, adapter }: Awaited<ReturnType<typeof liveFixture>>) => {
        void store.refresh({ system: 'flows' });
        adapter.feed.snapshot([]);
      },
    ]) {
      const all = await liveFixture([row('a', 'active', 4)]);
      const outcome = all.store.perform(a, 'stop');
      all.adapter.acts[0]!.answer({ outcome: 'refused', code: 'invalid' });
      await outcome;
      remove(all);
      all.adapter.feed.upsert(row('a', 'active', 6));
      await all.env.frameOver();
      assert.equal(all.view('a').presence, 'present');
      assert.equal(all.view('a').request, undefined);
    }
  });

  test('does not show that a request met the removal; until then its observers see that', async () => {
    const { store, env, feed } = await liveFixture([row('a', 'active', 4)]);
    const shown = record(store.campaign(a));
    const outcome = store.perform(a, 'stop');
    feed.remove('a', 5);
    assert.deepEqual(await outcome, { outcome: 'conflict', reason: { code: 'gone' } });
    assert.equal(shown.last.request?.phase, 'conflict');
    feed.upsert(row('a', 'active', 6));
    await env.frameOver();
    assert.equal(shown.last.request, undefined);
  });

  test('ignores the late answer to a request from before its removal', async () => {
    const { store, adapter, env, feed } = await liveFixture([row('a', 'active', 4)]);
    const shown = record(store.campaign(a));
    void store.perform(a, 'stop');
    feed.remove('a', 5);
    feed.upsert(row('a', 'active', 6));
    adapter.acts[0]!.answer({ outcome: 'done', campaign: row('a', 'inactive', 5), epoch: 'e1' });
    await env.frameOver();
    assert.equal(shown.last.status, 'active');
    assert.equal(shown.last.request, undefined);
  });
});

describe('the outcome of a request for a campaign that was removed meanwhile', () => {
  test('is dropped when the last observer of the campaign leaves', async () => {
    const { store, feed, view } = await liveFixture([row('a', 'active', 4)]);
    const [shown, other] = [record(store.campaign(a)), record(store.campaign(a))];
    const outcome = store.perform(a, 'stop');
    feed.remove('a', 5);
    await outcome;
    other.stop();
    assert.equal(view('a').request?.phase, 'conflict');
    shown.stop();
    assert.equal(view('a').request, undefined);
  });

  test('is not kept when nobody observes the campaign', async () => {
    const { store, feed, view } = await liveFixture([row('a', 'active', 4)]);
    const outcome = store.perform(a, 'stop');
    feed.remove('a', 5);
    assert.deepEqual(await outcome, { outcome: 'conflict', reason: { code: 'gone' } });
    assert.equal(view('a').request, undefined);
  });
});

test('a campaign that is only forgotten keeps the outcome of its request', async () => {
  const { store, adapter, env, feed, view } = await liveFixture([row('a', 'active', 4), row('b', 'active', 4)], {
    hideWhenForbidden: true,
  });
  const outcomes = [store.perform(a, 'stop'), store.perform(flow('b'), 'stop')];
  adapter.acts[0]!.answer({ outcome: 'refused', code: 'invalid', reason: 'Locked.' });
  adapter.acts[1]!.answer({ outcome: 'done', campaign: row('b', 'inactive', 5), epoch: 'e1' });
  await Promise.all(outcomes);
  feed.fail(adapterError('forbidden'));
  await env.frameOver();
  assert.equal(view('a').presence, 'loading');
  void store.refresh({ system: 'flows' });
  adapter.feed.snapshot([row('a', 'active', 4), row('b', 'inactive', 5)]);
  await env.frameOver();
  assert.deepEqual(view('a').request?.reason, { code: 'invalid', text: 'Locked.' });
  assert.equal(view('b').request?.phase, 'done');
});
