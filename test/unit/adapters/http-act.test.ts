/** Actions and single reads of httpAdapter, over a real port. */
import assert from 'node:assert/strict';
import type { ServerResponse } from 'node:http';
import { after, describe, mock, test } from 'node:test';
import { AdapterError, httpAdapter, type ActRequest } from '../../../src/adapters/index.ts';
import { event, json, serve, stream } from '../../support/http-server.ts';

const server = await serve();
after(() => server.close());
const adapter = httpAdapter({ src: server.src });
const ref = { system: 'flows', id: 'a/b ü' };
const { signal } = new AbortController();

const act = (more: Partial<ActRequest> = {}) =>
  adapter.act({
    ref,
    action: 'force-stop',
    expect: { status: 'error', revision: 4, epoch: 'e1' },
    idempotencyKey: 'key-1',
    signal,
    ...more,
  });

async function thrownBy(promise: Promise<unknown>): Promise<AdapterError> {
  try {
    await promise;
  } catch (error) {
    return error as AdapterError;
  }
  throw new assert.AssertionError({ message: 'it did not fail' });
}

describe('what is sent', () => {
  test('POST with the key, and with the status that the user saw', async () => {
    server.handler = (_, response) => (response.writeHead(202), response.end());
    await act();
    const { method, url, headers, body } = server.requests.at(-1)!;
    assert.deepEqual([method, url], ['POST', '/api/flows/campaigns/a%2Fb%20%C3%BC/actions/force-stop']);
    assert.equal(headers['idempotency-key'], 'key-1');
    assert.equal(headers['content-type'], 'application/json');
    assert.deepEqual(JSON.parse(body), { expect: { status: 'error', revision: 4, epoch: 'e1' } });
  });

  test('the host’s headers, which cannot replace the key', async () => {
    const own = httpAdapter({ src: server.src, headers: { authorization: 'Bearer 1', 'Idempotency-Key': 'forged' } });
    await own.act({ ref, action: 'stop', expect: { status: 'active', revision: 1 }, idempotencyKey: 'key-2', signal });
    assert.equal(server.requests.at(-1)!.headers.authorization, 'Bearer 1');
    assert.equal(server.requests.at(-1)!.headers['idempotency-key'], 'key-2');
  });

  test('nothing when the headers cannot be read: refused', async () => {
    const sent = server.requests.length;
    const own = httpAdapter({ src: server.src, headers: () => Promise.reject(new Error('no token')) });
    const request = { ref, action: 'stop', expect: { status: 'active', revision: 1 }, idempotencyKey: 'key-3', signal };
    assert.deepEqual(await own.act(request), {
      outcome: 'refused',
      code: 'unavailable',
      reason: 'headers: Error: no token',
    });
    const signedOut = httpAdapter({
      src: server.src,
      headers: () => {
        throw new AdapterError('unauthenticated');
      },
    });
    assert.equal((await thrownBy(signedOut.act(request))).code, 'unauthenticated', 'and a sign-in can be renewed');
    assert.equal(server.requests.length, sent);
  });

  test('declares that it honours keys', () => {
    assert.equal(adapter.idempotent, true);
    assert.equal(adapter.reauthenticate, undefined);
    assert.equal(typeof httpAdapter({ src: 'x', reauthenticate: async () => {} }).reauthenticate, 'function');
  });
});

/** Answers with a page, as a web server does. */
function page(response: ServerResponse, status: number): void {
  response.writeHead(status, { 'content-type': 'text/html' });
  response.end('<b>no');
}

describe('what an answer means', () => {
  const campaign = { id: 'a', status: 'configured', revision: 5 };

  test('200 with a campaign: done', async () => {
    server.handler = (_, response) => json(response, 200, { campaign, epoch: 'e1' });
    assert.deepEqual(await act(), { outcome: 'done', campaign, epoch: 'e1' });
    server.handler = (_, response) => json(response, 200, { campaign });
    assert.deepEqual(await act(), { outcome: 'done', campaign });
  });

  test('200 without one: accepted only, whatever else it has', async () => {
    server.handler = (_, response) => json(response, 200, {});
    assert.deepEqual(await act(), { outcome: 'accepted' });
    for (const body of ['null', '7', '', '<html>', '{"campaign"']) {
      server.handler = (_, response) => (
        response.writeHead(200, { 'content-type': 'application/json' }),
        response.end(body)
      );
      assert.deepEqual(await act(), { outcome: 'accepted' }, body);
    }
    server.handler = (_, response) => (
      response.writeHead(200, { 'content-type': 'text/html' }),
      response.end('<html>')
    );
    assert.deepEqual(await act(), { outcome: 'accepted' });
  });

  for (const status of [202, 204])
    test(`${status}: accepted`, async () => {
      server.handler = (_, response) => (response.writeHead(status), response.end());
      assert.deepEqual(await act(), { outcome: 'accepted' });
    });

  for (const [status, code] of [
    [400, 'invalid'],
    [403, 'forbidden'],
    [404, 'gone'],
    [410, 'gone'],
    [422, 'invalid'],
  ] as const)
    test(`${status}: refused, ${code}, with the reason if there is one`, async () => {
      server.handler = (_, response) => json(response, status, { detail: 'Because.' });
      assert.deepEqual(await act(), { outcome: 'refused', code, reason: 'Because.' });
      server.handler = (_, response) => json(response, status, { title: 'Title only' });
      assert.deepEqual(await act(), { outcome: 'refused', code, reason: 'Title only' });
      server.handler = (_, response) => {
        response.writeHead(status, { 'content-type': 'Application/Problem+JSON; charset=utf-8' });
        response.end('{"detail":"In capitals."}');
      };
      assert.deepEqual(await act(), { outcome: 'refused', code, reason: 'In capitals.' });
      server.handler = (_, response) => page(response, status);
      if (code !== 'gone') assert.deepEqual(await act(), { outcome: 'refused', code });
    });

  for (const status of [404, 410])
    test(`${status} of a proxy, with a page: not done, and the campaign is not gone`, async () => {
      server.handler = (_, response) => page(response, status);
      assert.deepEqual(await act(), {
        outcome: 'refused',
        code: 'unavailable',
        reason:
          `/api/flows/campaigns/a%2Fb%20%C3%BC/actions/force-stop answered ${status}, and not in JSON as the campaign backend would; ` +
          'does a proxy unescape or rewrite the path? In nginx, end proxy_pass without a slash.',
      });
    });

  test('200 APPLICATION/JSON with a campaign: done', async () => {
    server.handler = (_, response) => {
      response.writeHead(200, { 'content-type': 'APPLICATION/JSON' });
      response.end(JSON.stringify({ campaign }));
    };
    assert.deepEqual(await act(), { outcome: 'done', campaign });
  });

  test('412: conflict, with the newer row if it comes along', async () => {
    server.handler = (_, response) => json(response, 412, { detail: 'Too late.', campaign, epoch: 'e1' });
    assert.deepEqual(await act(), { outcome: 'conflict', reason: 'Too late.', campaign, epoch: 'e1' });
    server.handler = (_, response) => (response.writeHead(412), response.end());
    assert.deepEqual(await act(), { outcome: 'conflict' });
  });

  test('401: nothing happened; sign in', async () => {
    server.handler = (_, response) => json(response, 401, {});
    assert.equal((await thrownBy(act())).code, 'unauthenticated');
  });

  for (const status of [429, 503])
    test(`${status}: nothing happened; wait for Retry-After`, async () => {
      server.handler = (_, response) => json(response, status, {}, { 'retry-after': '3' });
      const error = await thrownBy(act());
      assert.deepEqual([error.code, error.retryAfterMs], ['throttled', 3000]);
    });

  for (const status of [405, 408, 409, 413, 418, 425, 500, 502, 504])
    test(`${status}: the outcome is unknown`, async () => {
      server.handler = (_, response) => json(response, status, { detail: 'Hm.' }, { 'retry-after': '2' });
      const error = await thrownBy(act());
      assert.deepEqual([error.code, error.retryAfterMs], ['unavailable', 2000]);
    });

  test('a connection that breaks before or during the answer: the outcome is unknown', async () => {
    const breaksOff = (status: number) => {
      server.handler = (_, response) => {
        response.writeHead(status, { 'content-type': 'application/json', 'content-length': 1000 });
        response.write('{"campaign":', () => response.destroy());
      };
    };
    server.handler = (_, response) => void response.destroy();
    assert.notEqual((await thrownBy(act())).name, 'AdapterError');
    breaksOff(200);
    assert.notEqual((await thrownBy(act())).name, 'AdapterError');
    // Here the status alone decides the outcome.
    breaksOff(412);
    assert.deepEqual(await act(), { outcome: 'conflict' });
  });

  test('a redirect is not followed: nothing happened; sign in', async () => {
    const count = server.requests.length;
    server.handler = (_, response) => (response.writeHead(307, { location: '/elsewhere' }), response.end());
    assert.equal((await thrownBy(act())).code, 'unauthenticated');
    assert.equal(server.requests.length, count + 1);
  });

  test('a reason of a megabyte is dropped', async () => {
    server.handler = (_, response) => json(response, 403, { detail: 'x'.repeat(1_000_000) });
    assert.deepEqual(await act(), { outcome: 'refused', code: 'forbidden' });
  });
});

describe('one campaign', () => {
  test('get: the reading; undefined where there is none', async () => {
    const reading = { campaign: { id: 'a', status: 'active', revision: 1 }, epoch: 'e1' };
    server.handler = (_, response) => json(response, 200, reading);
    assert.deepEqual(await adapter.get!(ref, signal), reading);
    assert.equal(server.requests.at(-1)!.url, '/api/flows/campaigns/a%2Fb%20%C3%BC');
    for (const status of [404, 410]) {
      server.handler = (_, response) => json(response, status, {});
      assert.equal(await adapter.get!(ref, signal), undefined);
    }
  });

  test('get: a 404 of a proxy, with a page, is no proof that there is none', async () => {
    server.handler = (_, response) => page(response, 404);
    const error = await thrownBy(adapter.get!(ref, signal));
    assert.equal(error.code, 'misconfigured');
    assert.match(error.message, /answered 404, and not in JSON as the campaign backend would; does a proxy/);
  });

  test('get: failures are AdapterErrors', async () => {
    for (const [status, code] of [
      [401, 'unauthenticated'],
      [403, 'forbidden'],
      [500, 'unavailable'],
      [503, 'throttled'],
    ] as const) {
      server.handler = (_, response) => json(response, status, {});
      assert.equal((await thrownBy(adapter.get!(ref, signal))).code, code);
    }
    server.handler = (_, response) => response.end('<html>');
    assert.equal((await thrownBy(adapter.get!(ref, signal))).code, 'protocol');
    // Only a status can mean that a campaign does not exist; a meaningless body must not remove it.
    server.handler = (_, response) => json(response, 200, null);
    const { code, message } = await thrownBy(adapter.get!(ref, signal));
    assert.equal(code, 'protocol');
    assert.equal(message, 'flows/campaigns/a%2Fb%20%C3%BC must answer { campaign, epoch }, got null');
  });

  test('get: times out after half a minute, and is aborted', async () => {
    mock.timers.enable({ apis: ['setTimeout'] });
    try {
      let requestInit: RequestInit | undefined;
      let sent!: () => void;
      const underWay = new Promise<void>((resolve) => (sent = resolve));
      const dead = httpAdapter({
        src: '/api',
        fetch: (_, init) => ((requestInit = init), sent(), new Promise(() => {})),
      });
      const error = thrownBy(dead.get!(ref, signal));
      await underWay;
      mock.timers.tick(29_999);
      assert.equal(requestInit!.signal!.aborted, false);
      mock.timers.tick(1);
      const { code, message } = await error;
      assert.equal(code, 'unavailable');
      assert.equal(message, 'flows/campaigns/a%2Fb%20%C3%BC took longer than 30000 ms');
      assert.equal(requestInit!.signal!.aborted, true);
    } finally {
      mock.timers.reset();
    }
  });

  test('diagnosis', async () => {
    const dependencies = [{ kind: 'channel', id: 'email', name: 'Email', state: 'running' }];
    server.handler = (_, response) => json(response, 200, { dependencies });
    assert.deepEqual(await adapter.diagnose!(ref, signal), dependencies);
    assert.equal(server.requests.at(-1)!.url, '/api/flows/campaigns/a%2Fb%20%C3%BC/diagnosis');
    for (const body of [{}, null, 7]) {
      server.handler = (_, response) => json(response, 200, body);
      assert.deepEqual(await adapter.diagnose!(ref, signal), []);
    }
    server.handler = (_, response) => json(response, 404, {});
    assert.equal((await thrownBy(adapter.diagnose!(ref, signal) as Promise<unknown>)).code, 'misconfigured');
  });

  test('log', async () => {
    server.handler = (_, response) => (
      stream(response, event([{ text: '1' }]), event([{ text: '2' }])),
      response.end()
    );
    const read: unknown[] = [];
    for await (const entries of adapter.log!(ref, signal) as AsyncIterable<unknown>) read.push(entries);
    assert.deepEqual(read, [[{ text: '1' }], [{ text: '2' }]]);
    assert.equal(server.requests.at(-1)!.url, '/api/flows/campaigns/a%2Fb%20%C3%BC/log');
  });

  test('each stops at its signal', async () => {
    server.handler = () => {};
    const calls = [
      (own: AbortSignal) => act({ signal: own }),
      (own: AbortSignal) => adapter.get!(ref, own),
      (own: AbortSignal) => adapter.diagnose!(ref, own) as Promise<unknown>,
    ];
    for (const call of calls) {
      const controller = new AbortController();
      const count = server.requests.length;
      const rejection = thrownBy(call(controller.signal));
      while (server.requests.length === count) await new Promise((resolve) => setTimeout(resolve, 1));
      controller.abort();
      assert.equal((await rejection).name, 'AbortError');
      await server.requests.at(-1)!.closed;
    }
  });

  test('a given fetch is used instead of the global one', async () => {
    const seen: RequestInit[] = [];
    const own = httpAdapter({
      src: '/relative',
      credentials: 'include',
      fetch: (url, init) => {
        assert.equal(url, '/relative/flows/campaigns/a');
        seen.push(init!);
        return Promise.resolve(Response.json({ campaign: {} }));
      },
    });
    await own.get!({ system: 'flows', id: 'a' }, signal);
    const { credentials, cache, redirect } = seen[0]!;
    assert.deepEqual([credentials, cache, redirect], ['include', 'no-store', 'manual']);
  });
});
