/** The states of the connection, and the event that leads to each. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { connectionTable, type ConnectionEvent } from '../../../src/store/core/connection-table.ts';
import type { ConnectionState } from '../../../src/store/index.ts';
import { row } from '../../support/scripted-adapter.ts';
import { adapterError, consoleErrors, liveFixture, record, createFixture } from '../../support/store-fixture.ts';

const STATES: readonly ConnectionState[] = [
  'idle',
  'connecting',
  'syncing',
  'live',
  'stale',
  'waiting',
  'paused',
  'unauthenticated',
  'forbidden',
  'misconfigured',
];
const EVENTS: readonly ConnectionEvent[] = [
  'wanted',
  'postponed',
  'unwanted',
  'opened',
  'synced',
  'silent',
  'lost',
  'replaced',
  'unauthenticated',
  'forbidden',
  'misconfigured',
  'due',
  'hidden',
  'shown',
  'restart',
];

describe('the table', () => {
  test('is total: each state has a next state or “ignored” for each event', () => {
    assert.deepEqual(Object.keys(connectionTable).sort(), [...STATES].sort());
    for (const state of STATES) {
      assert.deepEqual(Object.keys(connectionTable[state]).sort(), [...EVENTS].sort(), state);
      for (const event of EVENTS) {
        const next = connectionTable[state][event];
        assert.ok(next === null || STATES.includes(next), `${state} ${event}`);
      }
    }
  });

  test('each state can be reached and left', () => {
    const reachable = (from: ConnectionState): Set<ConnectionState> => {
      const reached = new Set([from]);
      for (const state of reached)
        for (const next of Object.values(connectionTable[state])) if (next !== null) reached.add(next);
      return reached;
    };
    for (const state of STATES) assert.equal(reachable(state).size, STATES.length, state);
  });

  test('only an attempt can become live, and only when it is synced', () => {
    for (const state of STATES)
      for (const event of EVENTS)
        if (connectionTable[state][event] === 'live')
          assert.ok(event === 'synced' && (state === 'syncing' || state === 'live'), `${state} ${event}`);
  });

  test('the last observer’s leaving ends every state', () => {
    for (const state of STATES) assert.equal(connectionTable[state].unwanted, state === 'idle' ? null : 'idle');
  });
});

describe('each state is shown with its details', () => {
  test('idle, connecting, syncing, live', async () => {
    const { store, adapter, env } = createFixture();
    const states: string[] = [];
    store.connection('flows').subscribe(({ state }) => states.push(state));
    record(store.list('flows'));
    await env.frameOver();
    adapter.feed.opens();
    await env.frameOver();
    adapter.feed.push({ type: 'page', items: [] });
    adapter.feed.syncs();
    await env.frameOver();
    assert.deepEqual(states, ['idle', 'connecting', 'syncing', 'live']);
  });

  test('stale: silent for too long', async () => {
    const { env, store } = await liveFixture([row('a', 'active')]);
    await env.advance(7000 - 16);
    const { state, cause, nextAttemptAt, since } = store.connection('flows').value;
    assert.equal(state, 'stale');
    assert.deepEqual(cause, { code: 'unavailable', message: 'no heartbeat from the backend' });
    assert.equal(since, env.now());
    assert.equal(nextAttemptAt, env.now() + 500);
  });

  test('waiting: ended or failed, with the time of the next attempt', async () => {
    const { env, store, feed } = await liveFixture([row('a', 'active')]);
    feed.fail(new Error('reset'));
    const { state, cause, nextAttemptAt } = store.connection('flows').value;
    assert.equal(state, 'waiting');
    assert.deepEqual(cause, { code: 'unavailable', message: 'reset' });
    assert.equal(nextAttemptAt, env.now() + 500);
  });

  test('paused: hidden for five minutes', async () => {
    const { env, store, feed } = await liveFixture([row('a', 'active')], { hiddenMs: 300_000 });
    env.page.hide();
    for (let at = 0; at < 300_000; at += 5000) {
      assert.equal(store.connection('flows').value.state, 'live');
      feed.heartbeat();
      await env.advance(5000);
    }
    assert.equal(store.connection('flows').value.state, 'paused');
  });

  for (const code of ['unauthenticated', 'forbidden'] as const)
    test(`fault 20: ${code}: retried after half a minute to one and a half`, async () => {
      for (const [chance, wait] of [
        [0, 30_000],
        [0.999, 89_940],
      ] as const) {
        const { env, store, feed, adapter } = await liveFixture([row('a', 'active')]);
        delete adapter.reauthenticate;
        adapter.reauthenticate = undefined as never;
        env.chance = chance;
        feed.fail(adapterError(code));
        await env.frameOver();
        const { state, cause, nextAttemptAt } = store.connection('flows').value;
        assert.equal(state, code);
        assert.equal(cause?.code, code);
        assert.equal(nextAttemptAt, env.now() - 16 + wait);
        await env.advance(wait - 17);
        assert.equal(adapter.watches.length, 1);
        await env.advance(1);
        assert.equal(adapter.watches.length, 2);
      }
    });

  test('fault 20: misconfigured, logged once, however often it is retried', async () => {
    const { env, store, adapter } = createFixture();
    const errors = await consoleErrors(async () => {
      record(store.list('flows'));
      await env.advance(0);
      for (let attempt = 0; attempt < 4; attempt++) {
        adapter.feed.fail(adapterError('misconfigured'));
        await env.advance(60_000);
      }
    });
    assert.equal(adapter.watches.length, 5);
    assert.deepEqual(errors, ['campaign-status-kit: the feed of "flows" is misconfigured: misconfigured']);
  });

  test('misconfigured again after it was live: logged again', async () => {
    const { env, adapter, feed, reported } = await liveFixture([]);
    await consoleErrors(async () => {
      feed.fail(adapterError('misconfigured'));
      await env.advance(60_000);
      adapter.feed.snapshot([]);
      adapter.feed.fail(adapterError('misconfigured'));
    });
    assert.equal(reported('misconfigured'), 2);
  });

  test('live again: the cause is removed', async () => {
    const { env, store, feed, adapter } = await liveFixture([]);
    feed.fail(new Error('reset'));
    await env.advance(1000);
    assert.equal(store.connection('flows').value.cause?.message, 'reset');
    adapter.feed.resumes();
    await env.frameOver();
    const { cause, nextAttemptAt, lost } = store.connection('flows').value;
    assert.deepEqual([cause, nextAttemptAt, lost], [undefined, undefined, undefined]);
  });
});

describe('errors of an adapter', () => {
  test('fault 19: `watch` throws synchronously: a lost connection like any other', async () => {
    const { store, adapter, env } = createFixture();
    adapter.watchThrows.push(new Error('sync'), adapterError('forbidden'), null, undefined);
    record(store.list('flows'));
    await env.advance(0);
    assert.deepEqual(store.connection('flows').value.cause, { code: 'unavailable', message: 'sync' });
    await env.advance(1000);
    assert.equal(store.connection('flows').value.state, 'forbidden');
    await env.advance(60_000);
    assert.equal(store.connection('flows').value.state, 'waiting');
  });

  test('an error of another copy of the kit is recognized by its name and code', async () => {
    const { store, feed } = await liveFixture([]);
    feed.fail({ name: 'AdapterError', code: 'forbidden', message: 'no entry' });
    assert.equal(store.connection('flows').value.state, 'forbidden');
  });

  test('an unknown code, or a value that is no error, is a lost connection', async () => {
    for (const thrown of [
      { name: 'AdapterError', code: '__proto__' },
      'text',
      null,
      undefined,
      { code: 'forbidden' },
    ]) {
      const { store, feed } = await liveFixture([]);
      feed.fail(thrown);
      assert.equal(store.connection('flows').value.state, 'waiting');
      assert.equal(store.connection('flows').value.cause?.code, 'unavailable');
    }
  });
});

test('fault 28: the time is that of a backend that sends it, whichever system was observed first', async () => {
  const { store, adapter, env } = createFixture();
  record(store.connection('flows'));
  record(store.list('python'));
  await env.advance(0);
  adapter.feed.snapshot([], { serverTime: env.now() + 86_400_000 });
  assert.equal(store.now(), env.now() + 86_400_000);
});
