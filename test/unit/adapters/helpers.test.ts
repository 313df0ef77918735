/** The helpers for custom adapters. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import {
  actResultFromResponse,
  AdapterError,
  errorFromResponse,
  routeAdapter,
  sleep,
  type CampaignAdapter,
} from '../../../src/adapters/index.ts';
import { ScriptedAdapter } from '../../support/scripted-adapter.ts';

describe('AdapterError', () => {
  test('carries code, message, least waiting time and cause', () => {
    const cause = new Error('behind');
    const error = new AdapterError('throttled', 'slow down', { retryAfterMs: 5, cause });
    assert.deepEqual(
      [error.name, error.code, error.message, error.retryAfterMs, error.cause],
      ['AdapterError', 'throttled', 'slow down', 5, cause],
    );
    assert.equal(new AdapterError('expired').message, 'expired');
  });
});

describe('errorFromResponse and actResultFromResponse', () => {
  test('work on any Response, also without an address', async () => {
    const error = await errorFromResponse(new Response('', { status: 502 }));
    assert.deepEqual([error.code, error.message], ['unavailable', 'the backend answered 502']);
    assert.deepEqual(await actResultFromResponse(new Response('', { status: 403 })), {
      outcome: 'refused',
      code: 'forbidden',
    });
    await assert.rejects(actResultFromResponse(new Response('', { status: 500 })), { code: 'unavailable' });
  });

  test('leave out details that are not strings', async () => {
    const answer = (body: unknown): Response => Response.json(body, { status: 422 });
    assert.deepEqual(await actResultFromResponse(answer({ detail: 7, title: {} })), {
      outcome: 'refused',
      code: 'invalid',
    });
    assert.deepEqual(await actResultFromResponse(answer(null)), { outcome: 'refused', code: 'invalid' });
    assert.deepEqual(await actResultFromResponse(Response.json({ epoch: 5 }, { status: 412 })), {
      outcome: 'conflict',
    });
  });

  test('consume the body, so that the connection can be reused', async () => {
    for (const type of ['text/html', 'application/json']) {
      const response = new Response('x', { status: 500, headers: { 'content-type': type } });
      await errorFromResponse(response);
      assert.equal(response.bodyUsed, true);
    }
  });
});

describe('sleep', () => {
  test('waits; settles at once when aborted; leaves no timer and no listener', async () => {
    const began = performance.now();
    await sleep(15, new AbortController().signal);
    assert.ok(performance.now() - began >= 13);

    const controller = new AbortController();
    let listeners = 0;
    const { signal } = controller;
    const { addEventListener, removeEventListener } = signal;
    signal.addEventListener = (...args: Parameters<typeof addEventListener>) => (
      listeners++,
      addEventListener.apply(signal, args)
    );
    signal.removeEventListener = (...args: Parameters<typeof removeEventListener>) => (
      listeners--,
      removeEventListener.apply(signal, args)
    );
    const sleeping = sleep(3_600_000, signal);
    controller.abort();
    await sleeping;
    assert.equal(listeners, 0);
    await sleep(3_600_000, signal);
    await sleep(1, new AbortController().signal);
  });
});

describe('routeAdapter', () => {
  const request = (system: string) => ({
    ref: { system, id: 'a' },
    action: 'stop',
    expect: { status: 'active', revision: 1 },
    idempotencyKey: 'k',
    signal: new AbortController().signal,
  });

  test('each system goes to its own adapter', () => {
    const flows = new ScriptedAdapter();
    const python = new ScriptedAdapter();
    const both = routeAdapter({ flows, python });
    const { signal } = new AbortController();
    both.watch({ system: 'python', signal });
    void both.act(request('flows'));
    void both.get!({ system: 'python', id: 'a' }, signal);
    void both.diagnose!({ system: 'flows', id: 'a' }, signal);
    both.log!({ system: 'python', id: 'a' }, signal);
    assert.deepEqual([flows.watches.length, python.watches.length], [0, 1]);
    assert.deepEqual([flows.acts.length, python.acts.length], [1, 0]);
    assert.deepEqual([flows.diagnoses.length, python.diagnoses.length], [1, 0]);
    assert.deepEqual([flows.logs.length, python.logs.length], [0, 1]);
  });

  test('rejects a system without an adapter as misconfigured', async () => {
    const both = routeAdapter({ flows: new ScriptedAdapter() });
    const refused = {
      name: 'AdapterError',
      code: 'misconfigured',
      message: 'routeAdapter has no adapter for "__proto__"; it has: flows',
    };
    assert.throws(() => both.watch({ system: '__proto__', signal: new AbortController().signal }), refused);
    await assert.rejects(both.act(request('__proto__')), refused);
  });

  test('refuses a value that is no adapter when it is created', () => {
    for (const wrong of [undefined, null, {}, 'x'])
      assert.throws(() => routeAdapter({ flows: new ScriptedAdapter(), python: wrong as never }), {
        name: 'TypeError',
        message: 'routeAdapter: "python" must be an adapter, such as httpAdapter({ src }); it has no watch()',
      });
    assert.throws(() => routeAdapter({ flows: { watch: () => (async function* () {})() } as never }), {
      message: 'routeAdapter: "flows" must be an adapter, such as httpAdapter({ src }); it has no act()',
    });
  });

  test('promises only what all of its adapters promise', () => {
    const plain: CampaignAdapter<unknown> = {
      watch: () => (async function* () {})(),
      act: () => Promise.reject(new Error()),
    };
    const full = new ScriptedAdapter();
    assert.equal(routeAdapter({ a: full, b: full }).idempotent, true);
    const mixed = routeAdapter({ a: full, b: plain });
    assert.equal(mixed.idempotent, false);
    assert.equal(mixed.get, undefined);
    assert.equal(typeof mixed.diagnose, 'function');
    assert.equal(typeof mixed.log, 'function');
    const bare = routeAdapter({ b: plain });
    assert.deepEqual(
      [bare.get, bare.diagnose, bare.log, bare.reauthenticate],
      [undefined, undefined, undefined, undefined],
    );
  });

  test('an adapter without diagnosis has no dependencies; one without a log is unsupported', async () => {
    const plain: CampaignAdapter<unknown> = {
      watch: () => (async function* () {})(),
      act: () => Promise.reject(new Error()),
    };
    const mixed = routeAdapter({ a: new ScriptedAdapter(), b: plain });
    const { signal } = new AbortController();
    assert.deepEqual(await mixed.diagnose!({ system: 'b', id: 'x' }, signal), []);
    assert.throws(() => mixed.log!({ system: 'b', id: 'x' }, signal), {
      code: 'misconfigured',
      message: '"b" keeps no engine log',
    });
  });

  test('signs in with all adapters that can', async () => {
    const one = new ScriptedAdapter();
    const other = new ScriptedAdapter();
    const renewed = routeAdapter({ one, other }).reauthenticate!(new AbortController().signal);
    one.signIns[0]!.answer();
    other.signIns[0]!.answer();
    await renewed;
  });

  test('an adapter that serves two systems signs in once', async () => {
    const both = new ScriptedAdapter();
    const renewed = routeAdapter({ flows: both, python: both }).reauthenticate!(new AbortController().signal);
    assert.equal(both.signIns.length, 1);
    both.signIns[0]!.answer();
    await renewed;
  });
});
