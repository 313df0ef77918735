/** Requests that hang: an action, a single read, and a renewal of the sign-in. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { row } from '../../support/scripted-adapter.ts';
import { adapterError, flow, liveFixture, pythonRef, record } from '../../support/store-fixture.ts';

const a = flow('a');
const DONE = { outcome: 'done' } as const;
const UNCONFIRMED = { outcome: 'uncertain', reason: { code: 'unconfirmed' } } as const;
const expired = (): Error => adapterError('unauthenticated');

/** A live feed that is silent without becoming stale. */
const steady = (options: Parameters<typeof liveFixture>[1] = {}) =>
  liveFixture([row('a', 'active'), row('b', 'active')], { heartbeatMs: 1_000_000, ...options });

describe('an action whose request hangs, where the backend honours keys', () => {
  test('is given up after half of its time, and sent again with the same key', async () => {
    const { store, adapter, env, view } = await steady();
    const outcome = store.perform(a, 'stop');
    await env.advance(9999);
    assert.equal(adapter.acts[0]!.request.signal.aborted, false);
    assert.equal(adapter.acts.length, 1);
    await env.advance(1);
    assert.equal(adapter.acts[0]!.request.signal.aborted, true);
    await env.advance(500);
    assert.equal(adapter.acts.length, 2);
    assert.equal(adapter.acts[1]!.request.idempotencyKey, adapter.acts[0]!.request.idempotencyKey);
    assert.deepEqual(adapter.acts[1]!.request.expect, adapter.acts[0]!.request.expect);
    assert.equal(view('a').request?.phase, 'pending');
    adapter.acts[1]!.answer({ outcome: 'done', campaign: row('a', 'inactive', 2), epoch: 'e1' });
    assert.deepEqual(await outcome, DONE);
  });

  for (const [what, end] of [
    ['rejects when it is aborted', (act) => act.fail(new DOMException('aborted', 'AbortError'))],
    ['answers after it was given up', (act) => act.answer({ outcome: 'refused', code: 'forbidden' })],
  ] as readonly [string, (act: Awaited<ReturnType<typeof steady>>['adapter']['acts'][number]) => void][])
    test(`a request that ${what} changes nothing`, async () => {
      const { store, adapter, env, view } = await steady();
      const outcome = store.perform(a, 'stop');
      await env.advance(10_000);
      end(adapter.acts[0]!);
      await env.advance(2000);
      assert.equal(adapter.acts.length, 2);
      assert.equal(view('a').request?.phase, 'pending');
      adapter.acts[1]!.answer({ outcome: 'done', campaign: row('a', 'inactive', 2), epoch: 'e1' });
      assert.deepEqual(await outcome, DONE);
    });

  test('is uncertain at its deadline if every request hangs; then the button works again, with a new key', async () => {
    const { store, adapter, env, view, reports } = await steady();
    const outcome = store.perform(a, 'stop');
    await env.advance(19_999);
    assert.equal(view('a').request?.phase, 'pending');
    await env.advance(1);
    assert.deepEqual(await outcome, UNCONFIRMED);
    assert.equal(adapter.acts.length, 2);
    assert.deepEqual(
      reports.map(({ kind, detail }) => [kind, detail]),
      [['unanswered', { system: 'flows', id: 'a', action: 'stop', message: 'no answer in time' }]],
    );
    assert.deepEqual(view('a').action, { action: 'stop' });
    await env.advance(600_000);
    assert.equal(adapter.acts.length, 2);
    void store.perform(a, 'stop');
    assert.equal(adapter.acts.length, 3);
    assert.notEqual(adapter.acts[2]!.request.idempotencyKey, adapter.acts[0]!.request.idempotencyKey);
  });

  test('is confirmed by the feed while it hangs, and not sent again', async () => {
    const { store, adapter, env, feed } = await steady();
    const outcome = store.perform(a, 'stop');
    await env.advance(5000);
    feed.upsert(row('a', 'inactive', 2));
    assert.deepEqual(await outcome, DONE);
    await env.advance(60_000);
    assert.equal(adapter.acts.length, 1);
  });

  test('has deadlines that follow uncertainAfterMs', async () => {
    const { store, adapter, env } = await steady({ uncertainAfterMs: 4000 });
    const outcome = store.perform(a, 'stop');
    await env.advance(2000);
    assert.equal(adapter.acts[0]!.request.signal.aborted, true);
    await env.advance(2000);
    assert.deepEqual(await outcome, UNCONFIRMED);
  });

  test('does not hold back an action on another campaign', async () => {
    const { store, adapter } = await steady();
    void store.perform(a, 'stop');
    const other = store.perform(flow('b'), 'stop');
    adapter.acts[1]!.answer({ outcome: 'done', campaign: row('b', 'inactive', 2), epoch: 'e1' });
    assert.deepEqual(await other, DONE);
  });
});

describe('an action whose request hangs, where the backend does not honour keys', () => {
  test('is sent once, and uncertain at its deadline; then the button works again', async () => {
    const { store, adapter, env, view } = await steady();
    adapter.idempotent = false;
    const outcome = store.perform(a, 'stop');
    await env.advance(19_999);
    assert.equal(view('a').request?.phase, 'pending');
    await env.advance(1);
    assert.deepEqual(await outcome, UNCONFIRMED);
    assert.deepEqual(view('a').action, { action: 'stop' });
    await env.advance(600_000);
    assert.equal(adapter.acts.length, 1);
  });

  test('shows its answer, however late that comes', async () => {
    const { store, adapter, env, view } = await steady();
    adapter.idempotent = false;
    void store.perform(a, 'stop');
    await env.advance(60_000);
    assert.equal(adapter.acts[0]!.request.signal.aborted, false);
    adapter.acts[0]!.answer({ outcome: 'done', campaign: row('a', 'inactive', 2), epoch: 'e1' });
    await env.frameOver();
    assert.equal(view('a').status, 'inactive');
    assert.equal(view('a').request?.phase, 'done');
  });
});

describe('an action whose request hangs after its outcome is known', () => {
  for (const [how, end] of [
    ['confirmed by the feed', ({ feed }) => feed.upsert(row('a', 'inactive', 2))],
    ['in conflict with the feed', ({ feed }) => feed.upsert(row('a', 'error', 2))],
    ['closed', ({ store }) => store.dismiss(a)],
    ['replaced by another press', ({ store }) => void store.perform(a, 'stop')],
  ] as readonly [string, (fixture: Awaited<ReturnType<typeof steady>>) => void][])
    test(`is aborted once an uncertain one is ${how}`, async () => {
      const fixture = await steady();
      const { store, adapter, env } = fixture;
      adapter.idempotent = false;
      void store.perform(a, 'stop');
      await env.advance(60_000);
      assert.equal(adapter.acts[0]!.request.signal.aborted, false);
      end(fixture);
      await env.advance(0);
      assert.equal(adapter.acts[0]!.request.signal.aborted, true);
    });

  test('is not aborted before its time is over: the backend may have more to do', async () => {
    for (const idempotent of [true, false]) {
      const { store, adapter, env, feed } = await steady();
      adapter.idempotent = idempotent;
      const outcome = store.perform(a, 'stop');
      await env.advance(5000);
      feed.upsert(row('a', 'inactive', 2));
      assert.deepEqual(await outcome, DONE);
      await env.advance(14_999);
      assert.equal(adapter.acts[0]!.request.signal.aborted, false);
      await env.advance(1);
      assert.equal(adapter.acts[0]!.request.signal.aborted, true);
    }
  });
});

describe('a single read that hangs', () => {
  test('resolves to false after half a minute, is aborted and reported; its answer is ignored', async () => {
    const { store, adapter, env, view, reports } = await steady();
    let result: boolean | undefined;
    const read = store.refresh(a).then((ok) => (result = ok));
    await env.advance(29_999);
    assert.equal(result, undefined);
    assert.equal(adapter.gets[0]!.signal!.aborted, false);
    await env.advance(1);
    assert.equal(await read, false);
    assert.equal(adapter.gets[0]!.signal!.aborted, true);
    assert.deepEqual(
      reports.map(({ kind, detail }) => [kind, detail]),
      [['unanswered', { system: 'flows', id: 'a', message: 'AdapterError: no campaign within 30000 ms' }]],
    );
    adapter.gets[0]!.answer({ campaign: row('a', 'error', 2), epoch: 'e1' });
    await env.frameOver();
    assert.equal(view('a').status, 'active');
  });

  test('leaves no timer once it is answered', async () => {
    const { store, adapter, env, list } = await steady();
    list.stop();
    await env.advance(700_000);
    assert.equal(env.timers, 0);
    const read = store.refresh(a);
    assert.equal(env.timers, 1);
    adapter.gets[0]!.answer({ campaign: row('a', 'error', 2), epoch: 'e1' });
    assert.equal(await read, true);
    assert.equal(env.timers, 0);
  });
});

describe('a reauthenticate that hangs', () => {
  /** Two systems whose feeds found the sign-in expired. */
  async function signedOut() {
    const fixture = await steady();
    record(fixture.store.list('python'));
    await fixture.env.advance(0);
    for (const feed of [...fixture.adapter.watches]) feed.fail(expired());
    await fixture.env.advance(0);
    assert.equal(fixture.adapter.signIns.length, 1);
    return fixture;
  }

  test('is not waited for longer than two minutes: the feeds of all systems are tried again, rarely', async () => {
    const { store, adapter, env } = await signedOut();
    await env.advance(119_999);
    assert.equal(store.connection('flows').value.nextAttemptAt, undefined);
    await env.advance(1);
    for (const system of ['flows', 'python']) assert.ok(store.connection(system).value.nextAttemptAt, system);
    await env.advance(60_000);
    assert.deepEqual(
      adapter.watches.slice(2).map(({ request }) => request.system),
      ['flows', 'python'],
    );
    for (const feed of adapter.watches.slice(2)) feed.snapshot([row('a', 'active')]);
    for (const system of ['flows', 'python']) assert.equal(store.connection(system).value.state, 'live');
  });

  test('an action meanwhile is refused at its own deadline; one that comes later is sent', async () => {
    const { store, adapter, env } = await signedOut();
    const meanwhile = store.perform(a, 'stop');
    adapter.acts[0]!.fail(expired());
    await env.advance(20_000);
    assert.deepEqual(await meanwhile, { outcome: 'refused', reason: { code: 'unauthenticated' } });
    await env.advance(100_000);
    const later = store.perform(a, 'stop');
    assert.equal(adapter.acts.length, 2);
    adapter.acts[1]!.answer({ outcome: 'done', campaign: row('a', 'inactive', 2), epoch: 'e1' });
    assert.deepEqual(await later, DONE);
    const refused = store.perform(flow('b'), 'stop');
    adapter.acts[2]!.fail(expired());
    assert.deepEqual(await refused, { outcome: 'refused', reason: { code: 'unauthenticated' } });
  });

  test('Check again resolves to false after two minutes', async () => {
    const { store, adapter, env } = await signedOut();
    let result: boolean | undefined;
    const read = store.refresh(a).then((ok) => (result = ok));
    adapter.gets[0]!.fail(expired());
    await env.advance(119_999);
    assert.equal(result, undefined);
    await env.advance(1);
    assert.equal(await read, false);
  });

  test('diagnosis, log and history are read again meanwhile', async () => {
    const { store, adapter, env } = await signedOut();
    record(store.diagnosis(pythonRef('p')));
    record(store.log(pythonRef('p')));
    record(store.history(pythonRef('p')));
    for (const requests of [adapter.diagnoses, adapter.logs, adapter.histories])
      (requests[0] as { fail(error: unknown): void }).fail(expired());
    await env.advance(2000);
    for (const requests of [adapter.diagnoses, adapter.logs, adapter.histories]) assert.equal(requests.length, 2);
    assert.equal(adapter.signIns.length, 1);
  });

  test('that succeeds after all: feeds are opened at once', async () => {
    const { adapter, env } = await signedOut();
    await env.advance(130_000);
    adapter.signIns[0]!.answer();
    await env.advance(0);
    assert.equal(adapter.openFeeds, 2);
  });
});
