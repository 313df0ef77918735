/**
 * Actions of an engine that moves campaigns by itself: several landings, moves that the feed leaves out,
 * self-transitions, inputs.
 */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { jobs } from '../../support/jobs.ts';
import { row } from '../../support/scripted-adapter.ts';
import { record, createFixture } from '../../support/store-fixture.ts';

const a = { system: 'jobs', id: 'a' };

async function liveJobs(...rows: readonly unknown[]) {
  const all = createFixture({ lifecycles: [jobs] });
  const list = record(all.store.list('jobs', { sort: 'status' }));
  await all.env.advance(0);
  all.adapter.feed.snapshot(rows);
  await all.env.frameOver();
  return { ...all, list, feed: all.adapter.feed };
}

/** The outcome of an accepted action when the feed brings these rows. */
async function outcomeOf(action: string, from: string, ...rows: readonly unknown[]) {
  const { store, adapter, env, feed } = await liveJobs(row('a', from, 1));
  const outcome = store.perform(a, action);
  adapter.acts[0]!.answer({ outcome: 'accepted' });
  await env.advance(0);
  for (const one of rows) feed.upsert(one);
  await env.advance(20_000);
  return outcome;
}

describe('an action of an engine that moves by itself', () => {
  for (const landing of ['5', '3'])
    test(`with two possible landings is done in "${landing}", one of them`, async () => {
      assert.deepEqual(await outcomeOf('check', '10', row('a', landing, 2)), { outcome: 'done' });
    });

  test('that lands elsewhere is a conflict', async () => {
    assert.deepEqual(await outcomeOf('check', '10', row('a', '2', 2)), {
      outcome: 'conflict',
      reason: { code: 'conflict' },
    });
  });

  for (const [what, seen] of [
    ['its landing', '2'],
    ['the next move, with its landing left out of the feed', '3'],
    ['the last move, with everything before left out', '4'],
  ] as const)
    test(`is done when the feed sends ${what}`, async () => {
      assert.deepEqual(await outcomeOf('submit', '10', row('a', seen, 2)), { outcome: 'done' });
    });

  test('is done once, at the first status of a chain', async () => {
    const { store, adapter, env, feed } = await liveJobs(row('a', '10', 1));
    const seen = record(store.campaign(a));
    const outcome = store.perform(a, 'submit');
    adapter.acts[0]!.answer({ outcome: 'accepted' });
    await env.advance(0);
    for (const [index, status] of ['2', '3', '4'].entries()) {
      feed.upsert(row('a', status, index + 2));
      await env.frameOver();
      assert.deepEqual(await outcome, { outcome: 'done' });
    }
    assert.equal(seen.last.status, '4');
    assert.equal(seen.last.request, undefined);
  });

  test('that leads to its own status is done by a row with a new time, not by a new revision alone', async () => {
    assert.deepEqual(await outcomeOf('restart', '3', row('a', '3', 2)), {
      outcome: 'uncertain',
      reason: { code: 'unconfirmed' },
    });
    assert.deepEqual(await outcomeOf('restart', '3', row('a', '3', 2, { at: 1000 })), { outcome: 'done' });
  });
});

describe('the input of an action', () => {
  for (const [action, input, code] of [
    ['cancel', undefined, 'input-missing'],
    ['cancel', ' \n', 'input-missing'],
    ['cancel', '123456', 'input-too-long'],
    ['restart', 'slow', 'input-unknown'],
  ] as const)
    test(`${JSON.stringify(input)} for ${action} is refused at once as ${code}, and nothing is sent`, async () => {
      const { store, adapter, reported } = await liveJobs(row('a', '3', 1));
      const outcome = await store.perform(a, action, input === undefined ? {} : { input });
      assert.deepEqual(outcome, { outcome: 'refused', reason: { code } });
      assert.equal(adapter.acts.length, 0);
      assert.equal(reported('refused'), 1);
    });

  test('is refused for an action without one', async () => {
    const { store } = await liveJobs(row('a', '10', 1));
    const outcome = await store.perform(a, 'submit', { input: 'now' });
    assert.deepEqual(outcome.reason, { code: 'input-unknown' });
  });

  test('is sent with every attempt; the same action meanwhile is the same request', async () => {
    const { store, adapter, env } = await liveJobs(row('a', '3', 1));
    const outcome = store.perform(a, 'cancel', { input: '12345' });
    assert.equal(store.perform(a, 'cancel', { input: 'other' }), outcome);
    adapter.acts[0]!.fail(new Error('reset'));
    await env.advance(2000);
    assert.deepEqual(
      adapter.acts.map(({ request }) => request.input),
      ['12345', '12345'],
    );
  });

  test('that is optional may be absent, and is not sent then', async () => {
    const { store, adapter } = await liveJobs(row('a', '3', 1));
    void store.perform(a, 'restart');
    assert.equal('input' in adapter.acts[0]!.request, false);
  });
});

describe('a list', () => {
  test('keeps the given order of statuses that are named by numbers', async () => {
    const { list } = await liveJobs(row('x', '2'), row('y', '10'), row('z', '4'));
    assert.deepEqual(list.last.ids, ['y', 'x', 'z']);
  });

  test('is read by index', async () => {
    const { list } = await liveJobs(row('x', '2'), row('y', '10'), row('z', '4'));
    const { last } = list;
    assert.deepEqual([last.size, last.at(0), last.at(2), last.at(3), last.at(-1)], [3, 'y', 'z', undefined, undefined]);
    assert.deepEqual(last.slice(1, 9), ['x', 'z']);
    assert.deepEqual([last.indexOf('x'), last.indexOf('nobody')], [1, -1]);
  });

  test('is a new object with a higher version after a change, and the same object otherwise', async () => {
    const { list, feed, env } = await liveJobs(row('x', '2'), row('y', '10'));
    const before = list.last;
    feed.upsert(row('x', '2', 2, { message: 'still queued' }));
    await env.frameOver();
    assert.equal(list.last, before);
    feed.upsert(row('x', '4', 3));
    await env.frameOver();
    assert.notEqual(list.last, before);
    assert.ok(list.last.version > before.version);
    assert.equal(before.counts.get('2'), 1);
  });
});
