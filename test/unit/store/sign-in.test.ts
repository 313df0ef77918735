/**
 * Fault 20: an expired sign-in is renewed once for all requests that failed because of it; a forbidden request is not
 * repeated.
 */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { ListView } from '../../../src/store/index.ts';
import { row } from '../../support/scripted-adapter.ts';
import {
  adapterError,
  consoleErrors,
  flow,
  liveFixture,
  pythonRef,
  record,
  createFixture,
} from '../../support/store-fixture.ts';

const expired = (): Error => adapterError('unauthenticated');

describe('fault 20: 401', () => {
  test('both feeds and an action: one sign-in, no attempt meanwhile, then all continue at once', async () => {
    const { store, adapter, env, feed, view } = await liveFixture([row('a', 'active')], { cursor: 'c4' });
    record(store.list('python'));
    await env.advance(0);
    const python = adapter.feed;
    const outcome = store.perform(flow('a'), 'stop');
    python.fail(expired());
    feed.fail(expired());
    adapter.acts[0]!.fail(expired());
    await env.advance(10_000);
    assert.equal(adapter.signIns.length, 1);
    assert.equal(adapter.openFeeds, 0);
    assert.equal(adapter.acts.length, 1);
    assert.equal(store.connection('flows').value.state, 'unauthenticated');
    assert.equal(store.connection('flows').value.nextAttemptAt, undefined);
    adapter.signIns[0]!.answer();
    await env.advance(0);
    assert.equal(adapter.openFeeds, 2);
    const flows = adapter.watches.findLast(({ request }) => request.system === 'flows')!;
    assert.deepEqual(flows.request.since, { epoch: 'e1', cursor: 'c4' });
    assert.equal(adapter.acts.length, 2);
    assert.equal(adapter.acts[1]!.request.idempotencyKey, adapter.acts[0]!.request.idempotencyKey);
    adapter.acts[1]!.answer({ outcome: 'done', campaign: row('a', 'inactive', 2), epoch: 'e1' });
    assert.deepEqual(await outcome, { outcome: 'done' });
    flows.resumes();
    await env.frameOver();
    assert.equal(view('a').stale, undefined);
    assert.equal(adapter.signIns.length, 1);
  });

  test('no attempt is made during a sign-in that takes up to two minutes', async () => {
    const { adapter, env, feed } = await liveFixture([]);
    feed.fail(expired());
    await env.advance(119_999);
    assert.equal(adapter.watches.length, 1);
    adapter.signIns[0]!.answer();
    await env.advance(0);
    assert.equal(adapter.watches.length, 2);
  });

  test('a sign-in that hangs blocks nothing: attempts go on, at most one in 30 s; when it succeeds after all, the feed resumes at once', async () => {
    const { adapter, env, feed } = await liveFixture([]);
    feed.fail(expired());
    for (let at = 0; at < 600_000; at += 1000) {
      await env.advance(1000);
      if (adapter.openFeeds) adapter.feed.fail(expired());
    }
    assert.ok(adapter.watches.length > 3 && adapter.watches.length <= 18, String(adapter.watches.length));
    assert.equal(adapter.signIns.length, 1);
    const before = adapter.watches.length;
    adapter.signIns[0]!.answer();
    await env.advance(0);
    assert.equal(adapter.watches.length, before + 1);
  });

  test('sign-in fails: a slow retry, which signs in again', async () => {
    const { adapter, env, feed } = await liveFixture([]);
    feed.fail(expired());
    await env.advance(0);
    adapter.signIns[0]!.fail(new Error('cancelled'));
    await env.advance(59_999);
    assert.equal(adapter.watches.length, 1);
    await env.advance(1);
    adapter.feed.fail(expired());
    await env.advance(0);
    assert.equal(adapter.signIns.length, 2);
  });

  test('sign-in succeeds without effect: no hot loop', async () => {
    const { adapter, env, feed } = await liveFixture([]);
    feed.fail(expired());
    for (let at = 0; at < 600_000; at += 1000) {
      for (const question of adapter.signIns) question.answer();
      await env.advance(1000);
      if (adapter.openFeeds) adapter.feed.fail(expired());
    }
    assert.ok(adapter.signIns.length <= 11, String(adapter.signIns.length));
    assert.ok(adapter.watches.length <= 22, String(adapter.watches.length));
  });

  test('a reauthenticate that throws synchronously counts as failed, each time', async () => {
    const { adapter, env, feed } = await liveFixture([]);
    let calls = 0;
    adapter.reauthenticate = () => {
      calls++;
      throw new Error('sync');
    };
    for (let attempt = 0; attempt < 3; attempt++) {
      adapter.feed.fail(expired());
      await env.advance(60_000);
    }
    assert.equal(calls, 3);
    assert.equal(adapter.watches.length, 4);
    assert.equal(feed.open, false);
  });

  test('an adapter that throws 401 synchronously does not hang the page', async () => {
    const { store, adapter, env } = createFixture();
    adapter.reauthenticate = () => Promise.resolve();
    for (let count = 0; count < 50; count++) adapter.watchThrows.push(expired());
    record(store.list('flows'));
    await env.advance(1000);
    assert.ok(adapter.watches.length <= 2);
    assert.equal(store.connection('flows').value.state, 'unauthenticated');
  });

  test('a request from before the sign-in, answered after it: sent again, without another sign-in', async () => {
    const { store, adapter, env, feed } = await liveFixture([row('a', 'active')]);
    void store.perform(flow('a'), 'stop');
    await env.advance(100);
    feed.fail(expired());
    await env.advance(100);
    adapter.signIns[0]!.answer();
    await env.advance(100);
    adapter.acts[0]!.fail(expired());
    await env.advance(0);
    assert.equal(adapter.acts.length, 2);
    assert.equal(adapter.signIns.length, 1);
  });

  test('an action: refused with that code when sign-in fails or has no effect', async () => {
    for (const helps of [false, true]) {
      const { store, adapter, env, view } = await liveFixture([row('a', 'active')]);
      const outcome = store.perform(flow('a'), 'stop');
      adapter.acts[0]!.fail(expired());
      await env.advance(0);
      if (helps) {
        adapter.signIns[0]!.answer();
        await env.advance(10);
        adapter.acts[1]!.fail(expired());
      } else adapter.signIns[0]!.fail(new Error());
      assert.deepEqual(await outcome, { outcome: 'refused', reason: { code: 'unauthenticated' } });
      assert.equal(view('a').request?.phase, 'refused');
    }
  });

  test('an action while sign-in takes too long: refused with that code, and not sent later', async () => {
    const { store, adapter, env } = await liveFixture([row('a', 'active')], { heartbeatMs: 100_000 });
    const outcome = store.perform(flow('a'), 'stop');
    adapter.acts[0]!.fail(expired());
    await env.advance(20_000);
    assert.deepEqual(await outcome, { outcome: 'refused', reason: { code: 'unauthenticated' } });
    adapter.signIns[0]!.answer();
    await env.advance(1000);
    assert.equal(adapter.acts.length, 1);
  });

  test('a renewed sign-in drops the refusals that it may have changed, and no others', async () => {
    const { store, adapter, env, feed, view } = await liveFixture([row('a', 'active'), row('b', 'active')]);
    const refused = ['a', 'b'].map((id) => store.perform(flow(id), 'stop'));
    adapter.acts[0]!.fail(expired());
    adapter.acts[1]!.answer({ outcome: 'refused', code: 'invalid' });
    await env.advance(0);
    adapter.signIns[0]!.fail(new Error('cancelled'));
    await Promise.all(refused);
    assert.equal(view('a').request?.reason?.code, 'unauthenticated');
    feed.fail(expired());
    await env.advance(0);
    adapter.signIns[1]!.answer();
    await env.frameOver();
    assert.equal(view('a').request, undefined);
    assert.equal(view('b').request?.reason?.code, 'invalid');
  });

  test('a renewed sign-in repeats no action whose answer may still come', async () => {
    const { store, adapter, env, feed } = await liveFixture([row('a', 'active')], { uncertainAfterMs: 1_000_000 });
    void store.perform(flow('a'), 'stop');
    await env.advance(100);
    feed.fail(expired());
    await env.advance(0);
    adapter.signIns[0]!.answer();
    await env.advance(0);
    adapter.feed.resumes([], { heartbeatMs: 1_000_000 });
    assert.equal(adapter.acts.length, 1);
    adapter.acts[0]!.fail(expired());
    await env.advance(60_000);
    assert.equal(adapter.acts.length, 2);
    adapter.feed.fail(expired());
    await env.advance(0);
    adapter.signIns[1]!.answer();
    await env.advance(0);
    assert.equal(adapter.acts.length, 2);
  });

  test('an action that expired after a renewal waits for the next, while one from before it is sent again', async () => {
    const options = { heartbeatMs: 1_000_000, uncertainAfterMs: 1_000_000 };
    const { store, adapter, env, feed } = await liveFixture([row('a', 'active'), row('b', 'active')], options);
    void store.perform(flow('a'), 'stop');
    await env.advance(100);
    feed.fail(expired());
    await env.advance(0);
    adapter.signIns[0]!.answer();
    await env.advance(60_000);
    void store.perform(flow('b'), 'stop');
    adapter.acts[1]!.fail(expired());
    await env.advance(0);
    assert.equal(adapter.signIns.length, 2);
    adapter.acts[0]!.fail(expired());
    await env.advance(0);
    assert.deepEqual(
      adapter.acts.map(({ request }) => request.ref.id),
      ['a', 'b', 'a'],
    );
  });

  test('Check again, a diagnosis and a log cause a sign-in too', async () => {
    const { store, adapter, env } = await liveFixture([row('a', 'active')], { heartbeatMs: 1_000_000 });
    const read = store.refresh(flow('a'));
    adapter.gets[0]!.fail(expired());
    await env.advance(0);
    adapter.signIns[0]!.answer();
    await env.advance(0);
    adapter.gets[1]!.answer({ campaign: row('a', 'error', 2), epoch: 'e1' });
    await read;
    assert.equal(store.campaign(flow('a')).value.status, 'error');

    await env.advance(60_000);
    record(store.diagnosis(flow('a')));
    adapter.diagnoses[0]!.fail(expired());
    await env.advance(0);
    assert.equal(adapter.signIns.length, 2);
    adapter.signIns[1]!.answer();

    await env.advance(60_000);
    record(store.log(pythonRef('b')));
    adapter.logs[0]!.fail(expired());
    await env.advance(0);
    assert.equal(adapter.signIns.length, 3);
  });

  test('without reauthenticate: the state is shown, and retried slowly', async () => {
    const { store, adapter, env, feed } = await liveFixture([]);
    adapter.reauthenticate = undefined as never;
    feed.fail(expired());
    await env.advance(59_000);
    assert.equal(adapter.watches.length, 1);
    assert.equal(store.connection('flows').value.state, 'unauthenticated');
    await env.advance(1000);
    assert.equal(adapter.watches.length, 2);
  });

  test('Try now works while signed out', async () => {
    const { store, adapter, env, feed } = await liveFixture([row('a', 'active')]);
    feed.fail(expired());
    await env.advance(1000);
    void store.refresh({ system: 'flows' });
    assert.equal(adapter.openFeeds, 1);
    adapter.feed.resumes();
    adapter.signIns[0]!.answer();
    await env.advance(1000);
    assert.equal(adapter.watches.length, 2);
    assert.equal(store.connection('flows').value.state, 'live');
  });
});

describe('fault 20: 403 on the feed', () => {
  test('rows stay, as last known', async () => {
    const { env, feed, view, adapter, reported } = await liveFixture([row('a', 'active')]);
    feed.fail(adapterError('forbidden'));
    await env.frameOver();
    assert.equal(reported('misconfigured'), 0);
    assert.equal(view('a').status, 'active');
    assert.equal(view('a').stale?.why, 'feed');
    assert.equal(adapter.signIns.length, 0);
  });

  test('with hideWhenForbidden rows are removed, and every campaign is unknown', async () => {
    const { env, feed, view, store, list, adapter } = await liveFixture([row('a', 'active')], {
      hideWhenForbidden: true,
    });
    feed.fail(adapterError('forbidden'));
    await env.frameOver();
    const { size, total, counts, complete } = list.last as ListView;
    assert.deepEqual({ size, total, counts, complete }, { size: 0, total: 0, counts: new Map(), complete: false });
    assert.equal(view('a').presence, 'loading');
    assert.equal(view('a').name, 'a');
    await env.advance(60_000);
    assert.equal(adapter.feed.request.since, undefined);
    adapter.feed.snapshot([row('a', 'error', 2)]);
    await env.frameOver();
    assert.equal(view('a').status, 'error');
    assert.equal(view('a').stale, undefined);
    assert.equal(store.list('flows').value.complete, true);
  });

  test('hideWhenForbidden hides nothing when the feed fails for another reason', async () => {
    const { env, feed, view } = await liveFixture([row('a', 'active')], { hideWhenForbidden: true });
    await consoleErrors(async () => {
      feed.fail(adapterError('misconfigured'));
      await env.frameOver();
    });
    assert.equal(view('a').status, 'active');
  });

  test('and are not restored by an earlier request: a reading, or the answer to an action', async () => {
    const { env, feed, store, adapter } = await liveFixture([row('a', 'active'), row('b', 'active')], {
      hideWhenForbidden: true,
    });
    const checked = store.refresh(flow('a'));
    void store.perform(flow('b'), 'stop');
    feed.fail(adapterError('forbidden'));
    adapter.gets[0]!.answer({ campaign: row('a', 'error', 2), epoch: 'e1' });
    adapter.acts[0]!.answer({ outcome: 'done', campaign: row('b', 'inactive', 2), epoch: 'e1' });
    assert.equal(await checked, false);
    await env.frameOver();
    assert.deepEqual(store.list('flows').value.ids, []);
  });
});
