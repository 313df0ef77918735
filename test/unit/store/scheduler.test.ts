/** A store whose time is that of an RxJS scheduler. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { VirtualTimeScheduler } from 'rxjs';
import { TestScheduler } from 'rxjs/testing';
import { createCampaignStore, schedulerEnvironment, type StoreOptions } from '../../../src/store/index.ts';
import { settled, TestPage } from '../../support/environment.ts';
import { row, ScriptedAdapter } from '../../support/scripted-adapter.ts';
import { flow, record } from '../../support/store-fixture.ts';

/** A store in the time of a scheduler. */
function scheduledStore(scheduler: VirtualTimeScheduler, options: Partial<StoreOptions> = {}) {
  const adapter = new ScriptedAdapter();
  const environment = { ...schedulerEnvironment(scheduler), random: () => 0.5, page: new TestPage() };
  const store = createCampaignStore({ adapter, environment, report: () => {}, ...options });
  const list = record(store.list('flows'));
  return {
    adapter,
    store,
    list,
    state: () => store.connection('flows').value.state,
    /** Passes virtual time. */
    pass: async (ms: number): Promise<void> => {
      await settled();
      const until = scheduler.now() + ms;
      scheduler.maxFrames = until;
      scheduler.schedule(() => {}, ms);
      scheduler.flush();
      assert.equal(scheduler.now(), until);
      await settled();
    },
  };
}

for (const [name, create] of [
  ['VirtualTimeScheduler', () => new VirtualTimeScheduler()],
  ['TestScheduler', () => new TestScheduler(assert.deepEqual)],
] as const)
  test(`${name}: connecting, live, silent, retried, live again, idle, forgotten, all in virtual time`, async () => {
    const scheduler = create();
    const began = performance.now();
    const { adapter, store, list, state, pass } = scheduledStore(scheduler, { graceMs: 5000, keepMs: 600_000 });
    await pass(0);
    assert.equal(state(), 'connecting');
    await pass(29_999);
    assert.equal(adapter.watches.length, 1);
    adapter.feed.opens();
    assert.equal(state(), 'syncing');
    adapter.feed.push({ type: 'page', items: [row('a', 'active')] });
    adapter.feed.syncs();
    assert.equal(store.list('flows').value.size, 0, 'observers are notified with the next frame');
    await pass(1);
    assert.deepEqual(list.last.ids, ['a']);
    assert.equal(state(), 'live');
    for (let beat = 0; beat < 720; beat++) {
      await pass(5000);
      adapter.feed.heartbeat();
    }
    assert.equal(adapter.watches.length, 1);
    await pass(6999);
    assert.equal(state(), 'live');
    await pass(1);
    assert.equal(state(), 'stale');
    assert.deepEqual(store.campaign(flow('a')).value.stale, { asOf: scheduler.now() - 7000, why: 'feed' });
    await pass(500);
    assert.equal(adapter.watches.length, 2);
    adapter.feed.resumes([row('a', 'error', 2)]);
    await pass(1);
    assert.equal(store.campaign(flow('a')).value.status, 'error');
    list.stop();
    await pass(4999);
    assert.equal(adapter.openFeeds, 1);
    await pass(1);
    assert.equal(adapter.openFeeds, 0);
    assert.equal(state(), 'idle');
    await pass(600_000);
    assert.equal(store.list('flows').value.total, 0);
    assert.equal(scheduler.actions.length, 0, 'no timer is left');
    assert.ok(performance.now() - began < scheduler.now());
  });

test('an action is uncertain after twenty seconds of virtual time', async () => {
  const { adapter, store, pass } = scheduledStore(new VirtualTimeScheduler());
  await pass(0);
  adapter.feed.snapshot([row('a', 'active')], { heartbeatMs: 1_000_000 });
  await pass(16);
  const outcome = store.perform(flow('a'), 'stop');
  adapter.acts[0]!.answer({ outcome: 'accepted' });
  await pass(19_999);
  assert.equal(store.campaign(flow('a')).value.request?.phase, 'pending');
  await pass(1);
  assert.deepEqual(await outcome, { outcome: 'uncertain', reason: { code: 'unconfirmed' } });
});

test('dispose leaves nothing scheduled', async () => {
  const scheduler = new VirtualTimeScheduler();
  const { adapter, store, pass } = scheduledStore(scheduler);
  await pass(0);
  adapter.feed.snapshot([row('a', 'active')]);
  await pass(16);
  void store.perform(flow('a'), 'stop');
  await pass(16);
  store.dispose();
  assert.equal(scheduler.actions.length, 0);
  assert.equal(adapter.openFeeds, 0);
});
