/** An answer `done` is believed as it is: the backend knows better than the table of the lifecycle. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { defineLifecycle } from '../../../src/lifecycle/index.ts';
import { row } from '../../support/scripted-adapter.ts';
import { createFixture, flow, liveFixture, record } from '../../support/store-fixture.ts';

const DONE = { outcome: 'done' } as const;

/** Jobs that can be restarted while they run. */
const jobs = defineLifecycle({
  system: 'jobs',
  label: 'Jobs',
  initial: 'running',
  statuses: { running: { label: 'Running', tone: 'green', icon: 'play', meaning: 'Works.', action: 'restart' } },
  actions: { restart: { label: 'Restart', pending: 'Restarting', from: { running: 'running' } } },
});

describe('an action whose answer is done with a row', () => {
  for (const [what, status] of [
    ['in no status that the action leads to', 'error'],
    ['in a status that the lifecycle does not know', 'archived'],
    ['in the status that it had before', 'active'],
  ] as const)
    test(`${what}: done at once, and the row is shown`, async () => {
      const { store, adapter, view, reported } = await liveFixture([row('a', 'active', 4)]);
      const outcome = store.perform(flow('a'), 'stop');
      adapter.acts[0]!.answer({ outcome: 'done', campaign: row('a', status, 5), epoch: 'e1' });
      assert.deepEqual(await outcome, DONE);
      assert.equal(view('a').status, status);
      assert.equal(view('a').request?.phase, 'done');
      assert.equal(reported('conflict'), 0);
    });

  test('with the revision that is known already: done', async () => {
    const { store, adapter } = await liveFixture([row('a', 'active', 4)]);
    const outcome = store.perform(flow('a'), 'stop');
    adapter.acts[0]!.answer({ outcome: 'done', campaign: row('a', 'active', 4), epoch: 'e1' });
    assert.deepEqual(await outcome, DONE);
  });

  for (const revision of [4, 5])
    test(`of a self-transition, with ${revision === 4 ? 'the same revision' : 'a newer revision'} and nothing else new: done`, async () => {
      const { store, adapter, env } = createFixture({ lifecycles: [jobs] });
      const job = { system: 'jobs', id: 'j' };
      record(store.list('jobs'));
      await env.advance(0);
      adapter.feed.snapshot([row('j', 'running', 4, { at: 1 })]);
      const outcome = store.perform(job, 'restart');
      adapter.acts[0]!.answer({ outcome: 'done', campaign: row('j', 'running', revision, { at: 1 }), epoch: 'e1' });
      assert.deepEqual(await outcome, DONE);
      assert.equal(store.campaign(job).value.request?.phase, 'done');
    });
});
