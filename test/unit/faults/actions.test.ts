/** Faults of actions that the tests of the store's parts do not cover. */
import assert from 'node:assert/strict';
import { beforeEach, describe, test } from 'node:test';
import { TestEnvironment } from '../../support/environment.ts';
import { row } from '../../support/scripted-adapter.ts';
import {
  adapterError,
  flow,
  liveFixture,
  record,
  createFixture,
  type StoreFixture,
} from '../../support/store-fixture.ts';
import { FakeWire, snapshot } from './fake-wire.ts';

const a = flow('a');

describe('fault 34: the outcome of each HTTP answer to an action', () => {
  let env: TestEnvironment;
  let wire: FakeWire;
  let all: StoreFixture;

  beforeEach(async () => {
    env = new TestEnvironment();
    wire = new FakeWire(env);
    all = createFixture({ adapter: wire.adapter, environment: env });
    record(all.store.list('flows'));
    await env.advance(0);
    wire.streams[0]!.send(...snapshot([row('a', 'active')]));
    await env.advance(50);
  });

  test('412: shows the newer status and the reason, and is not sent again', async () => {
    wire.answer(412, { body: { detail: 'It failed meanwhile.', campaign: row('a', 'error', 7), epoch: 'e1' } });
    assert.deepEqual(await all.store.perform(a, 'stop'), {
      outcome: 'conflict',
      reason: { code: 'conflict', text: 'It failed meanwhile.' },
    });
    assert.equal(all.view('a').status, 'error');
    assert.equal(all.view('a').request?.phase, 'conflict');
    await env.advance(60_000);
    assert.equal(wire.to('/stop').length, 1);
  });

  test('422: refused, not sent again, and reported as a wiring error', async () => {
    wire.answer(422, { body: { detail: 'No such transition.' } });
    assert.deepEqual(await all.store.perform(a, 'stop'), {
      outcome: 'refused',
      reason: { code: 'invalid', text: 'No such transition.' },
    });
    await env.advance(60_000);
    assert.equal(wire.to('/stop').length, 1);
    assert.equal(all.reported('invalid'), 1);
  });

  test('409: the same request is still pending; it is sent again with the same key', async () => {
    wire.answer(409, { times: 2 });
    wire.answer(200, { body: { campaign: row('a', 'inactive', 2), epoch: 'e1' } });
    const outcome = all.store.perform(a, 'stop');
    await env.advance(3000);
    assert.deepEqual(await outcome, { outcome: 'done' });
    const keys = wire.to('/stop').map(({ headers }) => headers.get('idempotency-key'));
    assert.equal(keys.length, 3);
    assert.equal(new Set(keys).size, 1);
  });
});

describe('fault 40: a page that is frozen during an action', () => {
  test('hidden: the request continues, and its answer counts', async () => {
    const { env, adapter, store } = await liveFixture([row('a', 'active')], { hiddenMs: 1000, heartbeatMs: 1_000_000 });
    const outcome = store.perform(a, 'stop');
    env.page.hide();
    await env.advance(2000);
    assert.equal(adapter.acts[0]!.request.signal.aborted, false);
    adapter.acts[0]!.answer({ outcome: 'done', campaign: row('a', 'inactive', 2), epoch: 'e1' });
    assert.deepEqual(await outcome, { outcome: 'done' });
  });

  test('frozen for an hour without an answer: settled on wake, without a new request', async () => {
    const { env, adapter, store, view } = await liveFixture([row('a', 'active')]);
    const outcome = store.perform(a, 'stop');
    env.page.enterCache();
    await env.sleep(3_600_000);
    env.page.leaveCache();
    assert.deepEqual(await outcome, { outcome: 'uncertain', reason: { code: 'unconfirmed' } });
    adapter.feed.resumes([row('a', 'inactive', 2)]);
    await env.frameOver();
    assert.equal(view('a').request?.phase, 'done', 'and the feed shows its outcome');
    assert.equal(adapter.acts.length, 1);
  });

  test('frozen before a retry: sent again on wake with the same key, within its time limit', async () => {
    const { env, adapter, store } = await liveFixture([row('a', 'active')]);
    env.chance = 0.999;
    void store.perform(a, 'stop');
    adapter.acts[0]!.fail(new TypeError('fetch failed'));
    await env.advance(0);
    env.page.enterCache();
    await env.sleep(5000);
    env.page.leaveCache();
    await env.advance(0);
    assert.deepEqual(
      adapter.acts.map(({ request }) => request.idempotencyKey),
      [adapter.acts[0]!.request.idempotencyKey, adapter.acts[0]!.request.idempotencyKey],
    );
  });

  test('faults 38 and 43: a sleep with a clock that was set back: settled on wake, and not sent', async () => {
    const { env, adapter, store } = await liveFixture([row('a', 'active')]);
    const outcome = store.perform(a, 'stop');
    adapter.acts[0]!.fail(new TypeError('fetch failed'));
    await env.advance(0);
    env.shiftWallClock(-86_400_000);
    await env.sleep(30_000);
    assert.deepEqual(await outcome, { outcome: 'uncertain', reason: { code: 'unconfirmed' } });
    assert.equal(adapter.acts.length, 1);
  });

  test('fault 28: a clock that is set back does not delay a retry', async () => {
    const { env, adapter, store } = await liveFixture([row('a', 'active')]);
    void store.perform(a, 'stop');
    adapter.acts[0]!.fail(new TypeError('fetch failed'));
    await env.advance(0);
    env.shiftWallClock(-86_400_000);
    await env.advance(2000);
    assert.equal(adapter.acts.length, 2);
  });

  for (const [what, error, outcome] of [
    ['the answer was lost', new TypeError('fetch failed'), { outcome: 'uncertain', reason: { code: 'unconfirmed' } }],
    ['it was throttled', adapterError('throttled', 3000), { outcome: 'refused', reason: { code: 'throttled' } }],
    [
      'the sign-in had expired',
      adapterError('unauthenticated'),
      { outcome: 'refused', reason: { code: 'unauthenticated' } },
    ],
  ] as const)
    test(`faults 38 and 40: frozen for an hour after ${what}: settled on wake, and not sent`, async () => {
      const { env, adapter, store } = await liveFixture([row('a', 'active')]);
      const settled = store.perform(a, 'stop');
      adapter.acts[0]!.fail(error);
      await env.advance(0);
      env.page.enterCache();
      for (const question of adapter.signIns) question.answer();
      await env.sleep(3_600_000);
      env.page.leaveCache();
      await env.advance(60_000);
      assert.deepEqual(await settled, outcome);
      assert.equal(adapter.acts.length, 1);
    });
});
