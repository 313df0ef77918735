/** One action on several campaigns: each is sent once, and each has one outcome. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { ActRequest, ActResult } from '../../../src/adapters/index.ts';
import type { BulkRun } from '../../../src/store/index.ts';
import { TestEnvironment } from '../../support/environment.ts';
import { PendingRequest, row, ScriptedAdapter } from '../../support/scripted-adapter.ts';
import { adapterError, createFixture, flow, liveFixture, record } from '../../support/store-fixture.ts';

/** An adapter that takes several actions in one call. */
class ManyAdapter extends ScriptedAdapter {
  readonly calls: PendingRequest<readonly ActRequest[], readonly ActResult<unknown>[]>[] = [];

  actMany(requests: readonly ActRequest[]): Promise<readonly ActResult<unknown>[]> {
    const call = new PendingRequest<readonly ActRequest[], readonly ActResult<unknown>[]>(requests);
    this.calls.push(call);
    return call.promise;
  }

  /** Answers the latest call: each action was done. */
  done(status = 'active', revision = 2): void {
    const { request, answer } = this.calls.at(-1)!;
    answer(request.map(({ ref: { id } }) => ({ outcome: 'done', campaign: row(id, status, revision), epoch: 'e1' })));
  }
}

const idsOf = (count: number): string[] => Array.from({ length: count }, (_, n) => `c${n}`);
const rowsOf = (count: number, status = 'error') => idsOf(count).map((id) => row(id, status));
const sentIds = (call: { readonly request: readonly ActRequest[] } | undefined): string[] =>
  call!.request.map(({ ref }) => ref.id);

/** The outcomes in short: `done c0 c1; skipped illegal c2`. Long lists are counted. */
const results = (run: BulkRun): string =>
  run
    .results()
    .map(({ outcome, reason, ids }) =>
      [outcome, reason?.code, ids.length > 5 ? ids.length : ids.join(' ')].filter(Boolean).join(' '),
    )
    .join('; ');

function live(rows: readonly unknown[], adapter = new ManyAdapter(), more: object = {}) {
  return liveFixture(rows, { adapter, ...more }).then((fixture) => ({ ...fixture, ...all(fixture), adapter }));
}
/** The accessors of a fixture, which a spread would evaluate. */
function all<T extends object>(fixture: T): T {
  return Object.create(null, Object.getOwnPropertyDescriptors(fixture)) as T;
}

describe('an action on several campaigns', () => {
  test('is sent with one call of actMany, and every campaign has one outcome', async () => {
    const { store, adapter, env } = await live(rowsOf(3));
    const run = store.performMany('flows', idsOf(3), 'start');
    assert.equal(adapter.acts.length, 0);
    assert.equal(adapter.calls.length, 1);
    assert.deepEqual(
      adapter.calls[0]!.request.map(({ ref, action, expect }) => ({ ref, action, expect })),
      idsOf(3).map((id) => ({
        ref: flow(id),
        action: 'start',
        expect: { status: 'error', revision: 1, epoch: 'e1' },
      })),
    );
    assert.equal(new Set(adapter.calls[0]!.request.map(({ idempotencyKey }) => idempotencyKey)).size, 3);
    assert.equal(run.progress.value.state, 'settling');
    adapter.done();
    await env.frameOver();
    assert.deepEqual(run.progress.value, {
      state: 'ended',
      total: 3,
      counts: { done: 3, skipped: 0, failed: 0, uncertain: 0, unsent: 0, pending: 0 },
    });
    assert.equal(results(run), 'done c0 c1 c2');
    assert.equal(store.campaign(flow('c1')).value.status, 'active');
  });

  test('is pending at each campaign at once, like a single request', async () => {
    const { store } = await live(rowsOf(2));
    store.performMany('flows', idsOf(2), 'start');
    assert.deepEqual(store.campaign(flow('c1')).value.action, {
      action: 'start',
      disabled: { code: 'pending', what: ['start'] },
    });
  });

  test('skips what does not offer it, what can not take it now, and what is not there, each with its reason', async () => {
    const { store, adapter, env } = await live([
      row('ready', 'error'),
      row('active', 'active'),
      row('missing', 'inactive', 1, { missing: ['active-flow'] }),
      row('denied', 'error', 1, { denied: { start: 'Read only.' } }),
      row('unknown', 'paused'),
      row('pending', 'error'),
      row('removed', 'error'),
    ]);
    void store.perform(flow('pending'), 'start');
    adapter.feed.remove('removed', 2);
    await env.frameOver();
    const ids = ['ready', 'active', 'missing', 'denied', 'unknown', 'pending', 'removed', 'never', 'ready'];
    const run = store.performMany('flows', ids, 'start');
    assert.equal(adapter.acts.length, 2, 'one campaign is left, and sent by itself');
    assert.deepEqual(run.results(), [
      { outcome: 'skipped', reason: { code: 'illegal' }, ids: ['active'] },
      { outcome: 'skipped', reason: { code: 'missing', what: ['active-flow'] }, ids: ['missing'] },
      { outcome: 'skipped', reason: { code: 'denied', text: 'Read only.' }, ids: ['denied'] },
      { outcome: 'skipped', reason: { code: 'unknown-status' }, ids: ['unknown'] },
      { outcome: 'skipped', reason: { code: 'pending', what: ['start'] }, ids: ['pending'] },
      { outcome: 'skipped', reason: { code: 'gone' }, ids: ['removed', 'never'] },
    ]);
    assert.equal(run.progress.value.total, 8);
    assert.deepEqual(
      { ...run.progress.value.counts },
      {
        done: 0,
        skipped: 7,
        failed: 0,
        uncertain: 0,
        unsent: 0,
        pending: 1,
      },
    );
  });

  test('sends only what was confirmed, where that is said', async () => {
    const { store, adapter } = await live(rowsOf(3));
    const run = store.performMany('flows', idsOf(3), 'start', { only: ['c0', 'c1'] });
    assert.deepEqual(sentIds(adapter.calls[0]), ['c0', 'c1']);
    assert.equal(results(run), 'skipped not-listed c2');
  });

  test('reports no refusal to the host for what is skipped', async () => {
    const { store, reports } = await live(rowsOf(3, 'active'));
    store.performMany('flows', idsOf(3), 'start');
    assert.deepEqual(
      reports.filter(({ kind }) => kind === 'refused'),
      [],
    );
  });

  test('skips everything for an input that its definition does not allow, in an unknown system, and after dispose', async () => {
    const { store, adapter } = await live(rowsOf(1));
    assert.equal(results(store.performMany('flows', ['c0'], 'start', { input: 'x' })), 'skipped input-unknown c0');
    assert.equal(results(store.performMany('nowhere', ['c0'], 'start')), 'skipped unknown-status c0');
    const empty = store.performMany('flows', [], 'start');
    assert.deepEqual([empty.progress.value.state, empty.results()], ['ended', []]);
    store.dispose();
    assert.equal(results(store.performMany('flows', ['c0'], 'start')), 'skipped unknown-status c0');
    assert.equal(adapter.calls.length + adapter.acts.length, 0);
  });

  test('gives what the backend did not do, with its reasons', async () => {
    const { store, adapter, env } = await live(rowsOf(4));
    const run = store.performMany('flows', idsOf(4), 'start');
    adapter.calls[0]!.answer([
      { outcome: 'refused', code: 'forbidden', reason: 'Not yours.' },
      { outcome: 'conflict', campaign: row('c1', 'inactive', 2), epoch: 'e1' },
      { outcome: 'refused', code: 'forbidden', reason: 'Not yours.' },
      { outcome: 'accepted' },
    ]);
    await env.frameOver();
    assert.equal(results(run), 'failed forbidden c0 c2; failed conflict c1');
    assert.equal(run.progress.value.state, 'settling');
    adapter.feed.upsert(row('c3', 'active', 2));
    await env.frameOver();
    assert.equal(results(run), 'failed forbidden c0 c2; failed conflict c1; done c3');
    assert.equal(run.progress.value.state, 'ended');
  });

  test('is confirmed by the feed, and not by acceptance', async () => {
    const { store, adapter, env } = await live(rowsOf(2), new ManyAdapter(), { uncertainAfterMs: 20_000 });
    const run = store.performMany('flows', idsOf(2), 'start');
    adapter.calls[0]!.answer([{ outcome: 'accepted' }, { outcome: 'accepted' }]);
    adapter.feed.upsert(row('c0', 'active', 2));
    for (let n = 0; n < 5; n++) {
      await env.advance(4500);
      adapter.feed.heartbeat();
    }
    assert.equal(results(run), 'done c0; uncertain unconfirmed c1');
    assert.deepEqual([run.progress.value.state, run.progress.value.stopped], ['ended', undefined]);
    adapter.feed.upsert(row('c1', 'active', 2));
    await env.frameOver();
    assert.equal(results(run), 'done c0 c1', 'a late confirmation counts');
  });

  test('notifies once per frame, and keeps the progress until it changes', async () => {
    const { store, adapter, env } = await live(rowsOf(50));
    const run = store.performMany('flows', idsOf(50), 'start');
    const { values } = record(run.progress);
    adapter.done();
    await env.frameOver();
    assert.deepEqual(
      values.map(({ counts }) => counts.done),
      [0, 50],
    );
    assert.equal(run.progress.value, values.at(-1));
  });

  test('keeps the feed open until the last outcome is known, and no longer', async () => {
    const { store, adapter, env, list } = await live(rowsOf(2), new ManyAdapter(), { graceMs: 100 });
    store.performMany('flows', idsOf(2), 'start');
    list.stop();
    await env.advance(1000);
    assert.equal(adapter.openFeeds, 1);
    adapter.done();
    await env.advance(1000);
    assert.equal(adapter.openFeeds, 0);
    assert.equal(env.timers, 1, 'only the one that drops the rows');
  });
});

describe('batches', () => {
  test('hold 500 requests, and the next one goes out when the one before is answered', async () => {
    const { store, adapter, env } = await live(rowsOf(1200));
    const run = store.performMany('flows', idsOf(1200), 'start');
    await env.frameOver();
    assert.equal(adapter.calls.length, 1);
    assert.deepEqual(sentIds(adapter.calls[0]), idsOf(500));
    assert.deepEqual([run.progress.value.state, run.progress.value.counts.unsent], ['sending', 700]);
    adapter.calls[0]!.answer(idsOf(500).map(() => ({ outcome: 'accepted' })));
    await env.frameOver();
    assert.equal(adapter.calls.length, 2, 'acceptance is an answer');
    adapter.done();
    await env.frameOver();
    assert.deepEqual(sentIds(adapter.calls[2]), idsOf(1200).slice(1000));
    adapter.done();
    await env.frameOver();
    assert.equal(run.progress.value.counts.done, 700);
    adapter.feed.upsert(...idsOf(500).map((id) => row(id, 'active', 2)));
    await env.frameOver();
    assert.equal(results(run), 'done 1200');
  });

  test('skip what has changed before it was its turn', async () => {
    const { store, adapter, env } = await live(rowsOf(502));
    const run = store.performMany('flows', idsOf(502), 'start');
    adapter.feed.upsert(row('c500', 'active', 2));
    await env.frameOver();
    adapter.done();
    await env.frameOver();
    assert.deepEqual(
      adapter.acts.map(({ request }) => request.ref.id),
      ['c501'],
    );
    assert.match(results(run), /^done 500; skipped illegal c500$/);
  });

  test('are sent again together, with the same keys, when an idempotent backend does not answer', async () => {
    const environment = new TestEnvironment();
    let chance = 0;
    Object.assign(environment, { random: () => (chance = (chance + 0.37) % 1) });
    const { store, adapter, env } = await live(rowsOf(600), new ManyAdapter(), { environment });
    const run = store.performMany('flows', idsOf(600), 'start');
    const keys = adapter.calls[0]!.request.map(({ idempotencyKey }) => idempotencyKey);
    adapter.calls[0]!.fail(new TypeError('reset'));
    await env.advance(2000);
    assert.equal(adapter.acts.length, 0);
    assert.equal(adapter.calls.length, 2);
    assert.deepEqual(
      adapter.calls[1]!.request.map(({ idempotencyKey }) => idempotencyKey),
      keys,
    );
    adapter.done();
    await env.frameOver();
    adapter.done();
    await env.frameOver();
    assert.equal(results(run), 'done 600');
  });

  test('that hang are aborted and sent again together', async () => {
    const { store, adapter, env } = await live(rowsOf(3), new ManyAdapter(), { uncertainAfterMs: 20_000 });
    store.performMany('flows', idsOf(3), 'start');
    const { signal } = adapter.calls[0]!.request[0]!;
    for (let n = 0; n < 3; n++) {
      await env.advance(4000);
      adapter.feed.heartbeat();
    }
    assert.equal(signal.aborted, true);
    assert.equal(adapter.calls.length, 2);
    assert.equal(adapter.calls[1]!.request.length, 3);
    assert.equal(adapter.calls[1]!.request[0]!.signal.aborted, false);
  });

  test('are not aborted while the answer for a part of them may still come', async () => {
    const once = Object.assign(new ManyAdapter(), { idempotent: false });
    const { store, adapter, env } = await live(rowsOf(2), once, { uncertainAfterMs: 20_000 });
    const run = store.performMany('flows', idsOf(2), 'start');
    adapter.feed.upsert(row('c0', 'active', 2));
    for (let n = 0; n < 5; n++) {
      await env.advance(4500);
      adapter.feed.heartbeat();
    }
    assert.equal(results(run), 'done c0; uncertain unconfirmed c1');
    assert.equal(adapter.calls[0]!.request[0]!.signal.aborted, false);
    adapter.done();
    await env.frameOver();
    assert.equal(results(run), 'done c0 c1');
  });

  test('with too few or no results are uncertain, not done', async () => {
    const { store, adapter, env } = await live(rowsOf(4));
    const run = store.performMany('flows', ['c0', 'c1'], 'start');
    adapter.calls[0]!.answer([{ outcome: 'done', campaign: row('c0', 'active', 2), epoch: 'e1' }]);
    await env.frameOver();
    assert.equal(results(run), 'done c0; uncertain unconfirmed c1');
    adapter.idempotent = false;
    const other = store.performMany('flows', ['c2', 'c3'], 'start');
    adapter.calls[1]!.answer({} as never);
    await env.frameOver();
    assert.equal(results(other), 'uncertain unconfirmed c2 c3');
  });
});

test('a press on one of several campaigns, for the same action, shares the outcome of its request', async () => {
  const { store, adapter, env } = await live(rowsOf(2));
  store.performMany('flows', idsOf(2), 'start');
  const single = store.perform(flow('c0'), 'start');
  adapter.done();
  await env.frameOver();
  assert.deepEqual(await single, { outcome: 'done' });
  assert.equal(adapter.acts.length, 0);
});

test('an answer for several is not that of a later attempt at one of them', async () => {
  const { store, adapter, env, feed, view } = await live(rowsOf(2), new ManyAdapter(), { heartbeatMs: 1_000_000 });
  store.performMany('flows', idsOf(2), 'start');
  feed.upsert(row('c0', 'active', 2));
  await env.advance(11_000);
  assert.deepEqual(
    adapter.acts.map(({ request }) => request.ref.id),
    ['c1'],
    'c0 is confirmed, and c1 is sent again by itself',
  );
  adapter.calls[0]!.answer(idsOf(2).map(() => ({ outcome: 'refused', code: 'invalid' })));
  await env.frameOver();
  assert.equal(view('c1').request?.phase, 'pending');
});

describe('without actMany', () => {
  test('four requests are sent at a time', async () => {
    const { store, adapter, env } = await liveFixture(rowsOf(6));
    const run = store.performMany('flows', idsOf(6), 'start');
    assert.deepEqual(
      adapter.acts.map(({ request }) => request.ref.id),
      ['c0', 'c1', 'c2', 'c3'],
    );
    adapter.acts[2]!.answer({ outcome: 'done', campaign: row('c2', 'active', 2), epoch: 'e1' });
    await env.frameOver();
    assert.equal(adapter.acts.length, 5);
    for (const n of [0, 1, 3, 4]) adapter.acts[n]!.answer({ outcome: 'accepted' });
    await env.frameOver();
    assert.equal(adapter.acts.length, 6);
    assert.equal(run.progress.value.counts.pending, 5);
  });
});

describe('sending stops', () => {
  test('when it is cancelled: what was sent is awaited, the rest is not sent', async () => {
    const { store, adapter, env } = await live(rowsOf(600));
    const run = store.performMany('flows', idsOf(600), 'start');
    run.cancel();
    assert.deepEqual([run.progress.value.state, run.progress.value.stopped], ['settling', 'cancelled']);
    adapter.done();
    await env.advance(60_000);
    assert.equal(adapter.calls.length, 1);
    assert.equal(results(run), 'done 500; unsent 100');
    assert.deepEqual([run.progress.value.state, run.progress.value.stopped], ['ended', 'cancelled']);
  });

  test('when the feed is lost, and goes on only when asked to: with what was not sent, each once', async () => {
    const { store, adapter, env } = await live(rowsOf(700));
    const run = store.performMany('flows', idsOf(700), 'start');
    adapter.feed.fail();
    await env.advance(1500);
    assert.equal(run.progress.value.stopped, 'lost');
    run.resume();
    adapter.done();
    await env.frameOver();
    assert.equal(adapter.calls.length, 1, 'while the backend is lost, nothing is sent');
    adapter.feed.snapshot([
      ...idsOf(500).map((id) => row(id, 'active', 2)),
      ...idsOf(700)
        .slice(500)
        .map((id) => row(id, id === 'c600' ? 'active' : 'error', 3)),
    ]);
    await env.advance(1500);
    assert.equal(adapter.calls.length, 1, 'it waits to be asked');
    run.resume();
    assert.equal(run.progress.value.stopped, undefined);
    assert.deepEqual(
      sentIds(adapter.calls[1]),
      idsOf(700)
        .slice(500)
        .filter((id) => id !== 'c600'),
    );
    adapter.done('active', 4);
    await env.frameOver();
    assert.equal(results(run), 'done 699; skipped illegal c600');
  });

  test('when a batch is not answered: its campaigns are not sent again by Continue', async () => {
    const { store, adapter, env } = await live(rowsOf(600), Object.assign(new ManyAdapter(), { idempotent: false }));
    const run = store.performMany('flows', idsOf(600), 'start');
    adapter.calls[0]!.fail(new TypeError('reset'));
    await env.frameOver();
    assert.equal(adapter.calls.length, 1);
    assert.equal(results(run), 'uncertain unconfirmed 500; unsent 100');
    assert.equal(run.progress.value.stopped, 'lost');
    run.resume();
    assert.deepEqual(sentIds(adapter.calls[1]), idsOf(600).slice(500));
    adapter.done();
    await env.frameOver();
    assert.equal(results(run), 'uncertain unconfirmed 500; done 100');
  });

  test('when the backend takes no requests: nothing happened, so Continue sends those too', async () => {
    const { store, adapter, env } = await live(rowsOf(3));
    const run = store.performMany('flows', idsOf(3), 'start');
    adapter.calls[0]!.fail(adapterError('throttled', 60_000));
    await env.frameOver();
    assert.equal(results(run), 'unsent throttled c0 c1 c2');
    run.resume();
    adapter.done();
    await env.frameOver();
    assert.equal(results(run), 'done c0 c1 c2');
  });

  test('while the browser is offline, and when the store is disposed', async () => {
    const { store, adapter, env } = await live(rowsOf(600));
    env.page.goOffline();
    const offline = store.performMany('flows', idsOf(600), 'start');
    assert.equal(results(offline), 'unsent 600');
    assert.equal(offline.progress.value.stopped, 'lost');
    assert.equal(adapter.calls.length, 0);
    env.page.goOnline();
    const run = store.performMany('flows', idsOf(600), 'start');
    store.dispose();
    await env.frameOver();
    assert.equal(results(run), 'uncertain unconfirmed 500; unsent 100');
    run.resume();
    assert.equal(adapter.calls.length, 1);
  });
});

describe('what several campaigns offer', () => {
  test('is counted by action, without those that can not take it now, and names the removed ones', async () => {
    const { store, adapter, env } = await live([
      row('a', 'error'),
      row('b', 'active'),
      row('c', 'inactive'),
      row('d', 'inactive', 1, { missing: ['active-flow'] }),
      row('e', 'paused'),
      row('f', 'active'),
      row('g', 'active'),
    ]);
    void store.perform(flow('f'), 'stop');
    adapter.feed.remove('g', 2);
    await env.frameOver();
    const { actions, gone } = store.offers('flows', ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'never']);
    assert.deepEqual(
      [...actions],
      [
        ['start', ['a', 'c']],
        ['stop', ['b']],
      ],
    );
    assert.deepEqual(gone, ['g', 'never']);
  });

  test('is not known before anything was read', () => {
    const { store } = createFixture();
    assert.deepEqual(store.offers('flows', ['a']), { actions: new Map(), gone: [] });
    assert.deepEqual(store.offers('nowhere', ['a']), { actions: new Map(), gone: [] });
  });
});
