/** Which row settles a request, where the status that the action leads to is not the one that arrives. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { defineLifecycle } from '../../../src/lifecycle/index.ts';
import { row } from '../support/scripted-adapter.ts';
import { flow, liveStage, pythonRef, record, stage } from '../support/stage.ts';

const a = flow('a');
const DONE = { outcome: 'done' } as const;
const UNCONFIRMED = { outcome: 'uncertain', reason: { code: 'unconfirmed' } } as const;

/** Jobs that can be started over while they run. */
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
  const all = stage({ lifecycles: [jobs] });
  record(all.store.list('jobs'));
  await all.env.advance(0);
  const { feed } = all.adapter;
  feed.snapshot([row('j', status, 1, { at: 1 })], { heartbeatMs: 1_000_000 });
  await all.env.frameOver();
  return { ...all, feed, job: () => all.store.campaign(job).value };
}

describe('an action whose target fails at once', () => {
  for (const feedFirst of [false, true])
    test(`is done, and the error is shown, when the feed leaves the target out; ${feedFirst ? 'the feed comes first' : 'the answer comes first'}`, async () => {
      const { store, adapter, env, feed, view, reported } = await liveStage([row('a', 'inactive')]);
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
    const { store, adapter, env, feed } = await liveStage([row('a', 'inactive')]);
    const outcome = store.perform(a, 'start');
    adapter.acts[0]!.answer({ outcome: 'accepted' });
    feed.fail();
    await env.advance(1000);
    adapter.feed.resumes([row('a', 'error', 3)]);
    assert.deepEqual(await outcome, DONE);
  });

  test('is done in python, too', async () => {
    const { store, adapter, env } = stage();
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

  test('is done although it got no answer, where only the action leads there', async () => {
    const { store, adapter, env, feed, view } = await liveStage([row('a', 'inactive')]);
    adapter.idempotent = false;
    const outcome = store.perform(a, 'start');
    adapter.acts[0]!.fail(new TypeError('fetch failed'));
    assert.deepEqual(await outcome, UNCONFIRMED);
    feed.upsert(row('a', 'error', 3));
    await env.frameOver();
    assert.equal(view('a').request?.phase, 'done');
  });

  test('is not done before it was answered: what was refused is told as refused', async () => {
    const { store, adapter, env, feed, view } = await liveStage([row('a', 'inactive')]);
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
