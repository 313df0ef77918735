/** What a press leads to: a pending request at once, and no outcome before it is known. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { broadcasts } from '../../support/broadcasts.ts';
import { row } from '../../support/scripted-adapter.ts';
import { adapterError, flow, liveFixture, record, createFixture } from '../../support/store-fixture.ts';

const a = flow('a');

describe('a press', () => {
  test('is pending at once, in the same task, and changes no status', async () => {
    const { store, env } = await liveFixture([row('a', 'active', 4)]);
    const { values } = record(store.campaign(a));
    void store.perform(a, 'stop');
    const { status, action, request } = values[1]!;
    assert.equal(values.length, 2);
    assert.equal(status, 'active');
    assert.deepEqual(action, { action: 'stop', disabled: { code: 'pending', what: ['stop'] } });
    assert.deepEqual(request, { action: 'stop', since: env.now(), phase: 'pending' });
  });

  test('sends the status that the user saw, and a key', async () => {
    const { store, adapter } = await liveFixture([row('a', 'active', 4)]);
    void store.perform(a, 'stop');
    const { ref, action, expect, idempotencyKey } = adapter.acts[0]!.request;
    assert.deepEqual(
      { ref, action, expect },
      { ref: a, action: 'stop', expect: { status: 'active', revision: 4, epoch: 'e1' } },
    );
    assert.match(idempotencyKey, /^[0-9a-f]{32}$/);
  });

  test('before the first snapshot, on a campaign that was read by itself, sends no epoch', async () => {
    const { env, store, adapter } = createFixture();
    record(store.campaign(a));
    await env.advance(0);
    const read = store.refresh(a);
    adapter.gets[0]!.answer({ campaign: row('a', 'active', 4) });
    await read;
    void store.perform(a, 'stop');
    assert.deepEqual(adapter.acts[0]!.request.expect, { status: 'active', revision: 4 });
  });

  test('on an unreadable row of a new epoch, sends no revision', async () => {
    const { env, store, adapter } = await liveFixture([row('a', 'active', 5)]);
    void store.refresh({ system: 'flows' });
    adapter.feed.snapshot([{ id: 'a', status: 5 }], { epoch: 'e2' });
    await env.frameOver();
    void store.perform(a, 'stop');
    assert.deepEqual(adapter.acts[0]!.request.expect, { status: 'active', revision: 0, epoch: 'e2' });
  });

  test('fault 32: twice, from two elements: one request and one promise', async () => {
    const { store, adapter } = await liveFixture([row('a', 'active')]);
    const first = store.perform(a, 'stop');
    assert.equal(store.perform({ ...a }, 'stop'), first);
    assert.equal(adapter.acts.length, 1);
  });

  test('fault 33: another action meanwhile is refused, with the pending one', async () => {
    const { store, adapter } = await liveFixture([row('a', 'active')]);
    void store.perform(a, 'stop');
    assert.deepEqual(await store.perform(a, 'start'), {
      outcome: 'refused',
      reason: { code: 'pending', what: ['stop'] },
    });
    assert.equal(adapter.acts.length, 1);
  });

  test('fault 38: offline: refused at once, shown, and never sent', async () => {
    const { store, adapter, env, view } = await liveFixture([row('a', 'active')]);
    env.page.goOffline();
    assert.deepEqual(await store.perform(a, 'stop'), { outcome: 'refused', reason: { code: 'offline' } });
    assert.equal(view('a').request?.phase, 'refused');
    env.page.goOnline();
    await env.advance(60_000);
    assert.equal(adapter.acts.length, 0);
    void store.perform(a, 'stop');
    assert.equal(adapter.acts.length, 1);
  });

  test('an illegal, disabled or denied action is refused without a request', async () => {
    const { store, adapter } = await liveFixture([
      row('a', 'active'),
      row('b', 'inactive', 1, { missing: ['active-flow'] }),
      row('c', 'active', 1, { denied: { stop: 'Read only.' } }),
      row('d', 'active', 1, { denied: { stop: '' } }),
    ]);
    const results = await Promise.all([
      store.perform(a, 'start'),
      store.perform(flow('b'), 'start'),
      store.perform(flow('c'), 'stop'),
      store.perform(flow('d'), 'stop'),
      store.perform(flow('nobody'), 'start'),
      store.perform({ system: 'nowhere', id: 'a' }, 'start'),
    ]);
    assert.deepEqual(
      results.map(({ reason }) => reason),
      [
        { code: 'illegal' },
        { code: 'missing', what: ['active-flow'] },
        { code: 'denied', text: 'Read only.' },
        { code: 'denied' },
        { code: 'unavailable' },
        { code: 'unknown-status' },
      ],
    );
    assert.equal(adapter.acts.length, 0);
  });

  test('on a removed campaign is refused', async () => {
    const { store, feed } = await liveFixture([row('a', 'active')]);
    feed.remove('a', 2);
    assert.deepEqual(await store.perform(a, 'stop'), { outcome: 'refused', reason: { code: 'gone' } });
  });
});

describe('confirmed', () => {
  test('by the answer: its row is shown before the feed’s', async () => {
    const { store, adapter, view } = await liveFixture([row('a', 'active')]);
    const outcome = store.perform(a, 'stop');
    adapter.acts[0]!.answer({ outcome: 'done', campaign: row('a', 'inactive', 2), epoch: 'e1' });
    assert.deepEqual(await outcome, { outcome: 'done' });
    assert.equal(view('a').status, 'inactive');
    assert.deepEqual(view('a').action, { action: 'start' });
  });

  test('an accepted action is pending until the feed confirms it', async () => {
    const { store, adapter, env, feed, view } = await liveFixture([row('a', 'active')]);
    const outcome = store.perform(a, 'stop');
    adapter.acts[0]!.answer({ outcome: 'accepted' });
    await env.advance(4000);
    assert.equal(view('a').request?.phase, 'pending');
    feed.upsert(row('a', 'active', 2, { message: 'a contact more' }));
    await env.frameOver();
    assert.equal(view('a').request?.phase, 'pending');
    feed.upsert(row('a', 'inactive', 3));
    assert.deepEqual(await outcome, { outcome: 'done' });
    assert.equal(view('a').request?.phase, 'done');
  });

  test('python: a stop is confirmed by created as well as by configured', async () => {
    for (const status of ['configured', 'created']) {
      const { store, adapter, env } = createFixture();
      const ref = { system: 'python', id: 'p' };
      record(store.campaign(ref));
      await env.advance(0);
      adapter.feed.snapshot([row('p', 'running')]);
      const outcome = store.perform(ref, 'stop');
      adapter.acts[0]!.answer({ outcome: 'accepted' });
      adapter.feed.upsert(row('p', status, 2));
      assert.deepEqual(await outcome, { outcome: 'done' });
    }
  });

  test('fault 35: feed first, answer later: settled once, nothing undone', async () => {
    const { store, adapter, env, feed } = await liveFixture([row('a', 'active')]);
    const { values } = record(store.campaign(a));
    const outcome = store.perform(a, 'stop');
    feed.upsert(row('a', 'inactive', 2), row('a', 'error', 3));
    assert.deepEqual(await outcome, { outcome: 'done' });
    adapter.acts[0]!.answer({ outcome: 'done', campaign: row('a', 'inactive', 2), epoch: 'e1' });
    await env.frameOver();
    assert.deepEqual(
      values.map(({ status, request }) => `${status} ${request?.phase}`),
      ['active undefined', 'active pending', 'error undefined'],
    );
  });

  test('the outcome is shown when the promise resolves', async () => {
    const { store, adapter, view } = await liveFixture([row('a', 'active')]);
    record(store.campaign(a));
    const outcome = store.perform(a, 'stop');
    adapter.acts[0]!.answer({ outcome: 'refused', code: 'unavailable' });
    await outcome;
    assert.equal(view('a').request?.phase, 'refused');
  });

  test('an outcome during a batch does not split the batch', async () => {
    const { store, adapter, env, feed } = await liveFixture([row('a', 'active'), row('b', 'active')]);
    const list = record(store.list('flows'));
    void store.perform(a, 'stop');
    adapter.acts[0]!.answer({ outcome: 'accepted' });
    await env.advance(0);
    const before = list.values.length;
    feed.upsert(row('a', 'inactive', 2), row('b', 'error', 2));
    await env.frameOver();
    assert.equal(list.values.length, before + 1);
    assert.deepEqual(
      list.last.counts,
      new Map([
        ['inactive', 1],
        ['error', 1],
      ]),
    );
  });
});

describe('refused', () => {
  for (const code of ['forbidden', 'invalid', 'gone', 'unavailable'] as const)
    test(`${code}: with the backend’s own sentence`, async () => {
      const { store, adapter, view, reported } = await liveFixture([row('a', 'active')]);
      const outcome = store.perform(a, 'stop');
      adapter.acts[0]!.answer({ outcome: 'refused', code, reason: 'Because\u0000.' });
      assert.deepEqual(await outcome, { outcome: 'refused', reason: { code, text: 'Because.' } });
      assert.deepEqual(view('a').request?.reason, { code, text: 'Because.' });
      assert.equal(view('a').status, 'active');
      assert.equal(reported('refused'), code === 'invalid' ? 0 : 1);
      assert.equal(reported('invalid'), code === 'invalid' ? 1 : 0);
      assert.equal(adapter.acts.length, 1);
    });

  test('fault 37: forbidden disables the button until a newer revision', async () => {
    const { store, adapter, env, feed, view } = await liveFixture([row('a', 'active')]);
    const outcome = store.perform(a, 'stop');
    adapter.acts[0]!.answer({ outcome: 'refused', code: 'forbidden', reason: 'Ask Kim.' });
    await outcome;
    assert.deepEqual(view('a').action, { action: 'stop', disabled: { code: 'forbidden', text: 'Ask Kim.' } });
    assert.deepEqual(await store.perform(a, 'stop'), {
      outcome: 'refused',
      reason: { code: 'forbidden', text: 'Ask Kim.' },
    });
    assert.equal(adapter.acts.length, 1);
    feed.upsert(row('a', 'active', 2));
    await env.frameOver();
    assert.deepEqual(view('a').action, { action: 'stop' });
  });

  test('fault 37: or until the user has signed in again', async () => {
    const { store, adapter, env, feed, view } = await liveFixture([row('a', 'active')]);
    const outcome = store.perform(a, 'stop');
    adapter.acts[0]!.answer({ outcome: 'refused', code: 'forbidden' });
    await outcome;
    feed.fail({ name: 'AdapterError', code: 'unauthenticated' });
    await env.advance(0);
    adapter.signIns[0]!.answer();
    await env.frameOver();
    assert.deepEqual(view('a').action, { action: 'stop' });
    assert.equal(view('a').request, undefined);
  });

  test('the next press is a new request, with a new key', async () => {
    const { store, adapter } = await liveFixture([row('a', 'active')]);
    const outcome = store.perform(a, 'stop');
    adapter.acts[0]!.answer({ outcome: 'refused', code: 'unavailable' });
    await outcome;
    void store.perform(a, 'stop');
    assert.notEqual(adapter.acts[1]!.request.idempotencyKey, adapter.acts[0]!.request.idempotencyKey);
  });
});

describe('fault 34: conflict', () => {
  test('shows the newer row that comes with it, and the reason', async () => {
    const { store, adapter, view, reported } = await liveFixture([row('a', 'active')]);
    const outcome = store.perform(a, 'stop');
    adapter.acts[0]!.answer({ outcome: 'conflict', reason: 'It failed.', campaign: row('a', 'error', 5), epoch: 'e1' });
    assert.deepEqual(await outcome, { outcome: 'conflict', reason: { code: 'conflict', text: 'It failed.' } });
    assert.equal(view('a').status, 'error');
    assert.equal(view('a').request?.phase, 'conflict');
    assert.equal(reported('conflict'), 1);
  });

  test('a row in the action’s target status is another user’s change', async () => {
    const { store, adapter, view } = await liveFixture([row('a', 'active')]);
    const outcome = store.perform(a, 'stop');
    adapter.acts[0]!.answer({ outcome: 'conflict', campaign: row('a', 'inactive', 5), epoch: 'e1' });
    assert.deepEqual(await outcome, { outcome: 'conflict', reason: { code: 'conflict' } });
    assert.equal(view('a').status, 'inactive');
  });

  test('accepted, and the feed shows another status: conflict, in either order', async () => {
    for (const feedFirst of [true, false]) {
      const { store, adapter, env, feed } = await liveFixture([row('a', 'active')]);
      const outcome = store.perform(a, 'stop');
      const emitError = (): void => feed.upsert(row('a', 'error', 2));
      if (feedFirst) emitError();
      adapter.acts[0]!.answer({ outcome: 'accepted' });
      await env.advance(0);
      if (!feedFirst) emitError();
      assert.deepEqual(await outcome, { outcome: 'conflict', reason: { code: 'conflict' } });
    }
  });
});

describe('the outcome of a request', () => {
  test('is removed when it is dismissed; a pending one stays', async () => {
    const { store, adapter, view } = await liveFixture([row('a', 'active')]);
    const { values } = record(store.campaign(a));
    const outcome = store.perform(a, 'stop');
    store.dismiss(a);
    assert.equal(view('a').request?.phase, 'pending');
    adapter.acts[0]!.answer({ outcome: 'refused', code: 'unavailable' });
    await outcome;
    store.dismiss(a);
    store.dismiss(a);
    assert.equal(values.at(-1)!.request, undefined);
  });

  test('stays when the last observer of the campaign leaves', async () => {
    const { store, adapter, view } = await liveFixture([row('a', 'active')]);
    const shown = record(store.campaign(a));
    const outcome = store.perform(a, 'stop');
    adapter.acts[0]!.answer({ outcome: 'refused', code: 'unavailable' });
    await outcome;
    shown.stop();
    assert.equal(view('a').request?.phase, 'refused');
  });

  test('is removed when the status changes', async () => {
    const { store, adapter, env, feed, view } = await liveFixture([row('a', 'active')]);
    const outcome = store.perform(a, 'stop');
    adapter.acts[0]!.answer({ outcome: 'refused', code: 'unavailable' });
    await outcome;
    feed.upsert(row('a', 'active', 2));
    await env.frameOver();
    assert.equal(view('a').request?.phase, 'refused');
    feed.upsert(row('a', 'error', 3));
    await env.frameOver();
    assert.equal(view('a').request, undefined);
  });
});

test('fault 37: only the forbidden action is disabled; others are offered', async () => {
  const { store, adapter, env } = createFixture({ lifecycles: [broadcasts] });
  const b = { system: 'broadcasts', id: 'b' };
  record(store.list('broadcasts'));
  await env.advance(0);
  adapter.feed.snapshot([row('b', 'running')]);
  await env.frameOver();
  const outcome = store.perform(b, 'cancel');
  adapter.acts[0]!.answer({ outcome: 'refused', code: 'forbidden' });
  assert.deepEqual(await outcome, { outcome: 'refused', reason: { code: 'forbidden' } });
  assert.deepEqual(store.campaign(b).value.action, { action: 'pause' });
  assert.deepEqual(await store.perform(b, 'cancel'), { outcome: 'refused', reason: { code: 'forbidden' } });
  assert.equal(adapter.acts.length, 1);
});

describe('a campaign that is no longer shown, without having been removed', () => {
  test('fault 20: a forbidden feed hides it: a pending request is not confirmed, and stays so', async () => {
    const { store, env, feed, reported } = await liveFixture([row('a', 'active', 7)], { hideWhenForbidden: true });
    const { values } = record(store.campaign(a));
    const outcome = store.perform(a, 'stop');
    feed.fail(adapterError('forbidden'));
    await env.frameOver();
    assert.deepEqual(await outcome, { outcome: 'uncertain', reason: { code: 'unconfirmed' } });
    assert.equal(values.at(-1)!.presence, 'loading');
    assert.equal(values.at(-1)!.request?.phase, 'uncertain');
    assert.equal(reported('conflict'), 0);
  });

  test('fault 12: a new epoch has not named it yet', async () => {
    const { store, adapter, env, feed } = await liveFixture([row('a', 'active', 7), row('b', 'active')]);
    const { values } = record(store.campaign(a));
    const outcome = store.perform(a, 'stop');
    feed.fail();
    await env.advance(1000);
    adapter.feed.snapshot([row('b', 'active')], { epoch: 'e2', partial: true });
    await env.frameOver();
    assert.deepEqual(await outcome, { outcome: 'uncertain', reason: { code: 'unconfirmed' } });
    assert.equal(values.at(-1)!.presence, 'loading');
    adapter.feed.upsert(row('a', 'inactive', 2));
    await env.frameOver();
    assert.equal(values.at(-1)!.request?.phase, 'done', 'it settles when the campaign is named');
  });
});
