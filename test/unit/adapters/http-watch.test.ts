/** The feed of httpAdapter, over a real port. */
import assert from 'node:assert/strict';
import type { ServerResponse } from 'node:http';
import process from 'node:process';
import { after, describe, test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import {
  httpAdapter,
  type AdapterError,
  type Change,
  type Feed,
  type WatchRequest,
} from '../../../src/adapters/index.ts';
import { event, json, serve, stream } from '../../support/http-server.ts';

const server = await serve();
after(() => server.close());
const adapter = httpAdapter({ src: server.src });

/** Reads this many changes, or all until the end, and then stops the feed. */
async function read(request: Partial<WatchRequest> = {}, count = Infinity, from = adapter): Promise<Change<unknown>[]> {
  const controller = new AbortController();
  const changes: Change<unknown>[] = [];
  const feed = from.watch({ system: 'flows', signal: controller.signal, ...request }) as AsyncIterable<Change<unknown>>;
  for await (const change of feed) if (changes.push(change) >= count) break;
  controller.abort();
  return changes;
}

async function failure(request: Partial<WatchRequest> = {}, from = adapter): Promise<AdapterError> {
  try {
    await read(request, Infinity, from);
  } catch (error) {
    return error as AdapterError;
  }
  throw new assert.AssertionError({ message: 'it did not fail' });
}

const open: Change = { type: 'open', contract: 1, mode: 'snapshot', epoch: 'e1', heartbeatMs: 5000 };

describe('requests', () => {
  test('a snapshot: path, headers, no position', async () => {
    server.handler = (_, response) => (stream(response, event(open), event({ type: 'synced' })), response.end());
    assert.deepEqual(await read(), [open, { type: 'synced' }]);
    const { method, url, headers } = server.requests.at(-1)!;
    assert.deepEqual([method, url], ['GET', '/api/flows/watch']);
    assert.equal(headers.accept, 'text/event-stream');
    assert.equal(headers['last-event-id'], undefined);
    assert.equal(headers['cache-control'], 'no-cache');
  });

  test('some ids: one parameter each, with any character', async () => {
    await read({ ids: ['a b', 'ü&id=x', '100%/'] });
    const { searchParams } = new URL(server.requests.at(-1)!.url, 'http://x');
    assert.deepEqual(searchParams.getAll('id'), ['a b', 'ü&id=x', '100%/']);
  });

  test('a position: epoch and cursor, encoded, in Last-Event-ID', async () => {
    await read({ since: { epoch: 'e:1 ü€', cursor: '日:7' } });
    const sent = server.requests.at(-1)!.headers['last-event-id'] as string;
    assert.match(sent, /^[\x21-\x7e]+$/);
    assert.deepEqual(sent.split(':').map(decodeURIComponent), ['e:1 ü€', '日:7']);
  });

  test('a system with odd characters stays one path segment', async () => {
    await read({ system: '../x/y?z' });
    assert.equal(server.requests.at(-1)!.url, '/api/..%2Fx%2Fy%3Fz/watch');
  });

  test('`src` with or without a slash at its end', async () => {
    await read({}, Infinity, httpAdapter({ src: `${server.src}/` }));
    assert.equal(server.requests.at(-1)!.url, '/api/flows/watch');
  });

  test('headers: constant, or computed for each request; they do not replace the adapter’s own', async () => {
    await read({}, Infinity, httpAdapter({ src: server.src, headers: { 'x-tenant': 't1', accept: 'text/html' } }));
    assert.equal(server.requests.at(-1)!.headers['x-tenant'], 't1');
    assert.equal(server.requests.at(-1)!.headers.accept, 'text/event-stream');
    let token = 0;
    const fresh = httpAdapter({
      src: server.src,
      headers: () => Promise.resolve({ authorization: `Bearer ${++token}` }),
    });
    await read({}, Infinity, fresh);
    await read({}, Infinity, fresh);
    assert.equal(server.requests.at(-1)!.headers.authorization, 'Bearer 2');
  });

  test('without an address: a clear error', () => {
    for (const src of ['', '  ', undefined, 5])
      assert.throws(() => httpAdapter({ src: src as string }), {
        name: 'TypeError',
        message:
          'httpAdapter: `src` is missing; call httpAdapter({ src }) with the address below which `{system}/watch` is found',
      });
  });
});

describe('reading', () => {
  test('events in any chunks: split within a line, within a character', async () => {
    const changes = [
      open,
      { type: 'page', items: [{ id: 'ä😀', status: 'aktiv', revision: 1 }] },
      { type: 'synced', cursor: '1' },
    ];
    const bytes = Buffer.from(`: hello\r\n\r\n${changes.map((change) => event(change, 'e:1')).join('')}`);
    for (const size of [1, 2, 7, 64]) {
      const send = async (response: ServerResponse): Promise<void> => {
        stream(response);
        for (let at = 0; at < bytes.length; at += size) {
          response.write(bytes.subarray(at, at + size));
          if (at % (size * 16) === 0) await wait(0);
        }
        response.end();
      };
      server.handler = (_, response) => void send(response);
      // On a slow machine the parts come so slowly that the adapter shows that the connection is alive.
      assert.deepEqual(
        (await read()).filter(({ type }) => type !== 'heartbeat'),
        changes,
      );
    }
  });

  test('events of another name, and events without data, are skipped', async () => {
    server.handler = (_, response) => {
      stream(
        response,
        'event: ping\ndata: {}\n\n',
        event(open),
        'event: ping\ndata: now\n\n',
        'data:\n\nid: 7\ndata:\n\ndata\n\n',
        `event: message\n${event({ type: 'synced' })}`,
      );
      response.end();
    };
    assert.deepEqual(
      (await read()).filter(({ type }) => type !== 'heartbeat'),
      [open, { type: 'synced' }],
    );
  });

  test('a message that is no change is a protocol error', async () => {
    server.handler = (_, response) => (stream(response, event(open), 'data: [DONE]\n\n'), response.end());
    assert.equal((await failure()).code, 'protocol');
  });

  test('comments, events of another name and parts of an event are a heartbeat, but none before the first message', async () => {
    for (const sign of [': ping\n\n', 'event: ping\ndata: x\n\n', 'data: {"type":']) {
      server.handler = (_, response) => {
        stream(response, ': connected\n\n');
        void wait(600).then(async () => {
          response.write(event(open));
          await wait(600);
          response.write(sign);
        });
      };
      assert.deepEqual(await read({}, 2), [open, { type: 'heartbeat' }], sign);
    }
  });

  for (const type of ['Text/Event-Stream', 'text/event-stream ; charset=UTF-8'])
    test(`the type ${type} is a stream of events`, async () => {
      server.handler = (_, response) => {
        response.writeHead(200, { 'content-type': type });
        response.end(event(open));
      };
      assert.deepEqual(await read(), [open]);
    });

  test('the type text/event-streaming is not', async () => {
    server.handler = (_, response) => {
      response.writeHead(200, { 'content-type': 'text/event-streaming' });
      response.end(event(open));
    };
    assert.equal((await failure()).code, 'misconfigured');
  });

  test('CR LF line ends, data over several lines, comments, other fields', async () => {
    server.handler = (_, response) => {
      stream(
        response,
        ': ping\r\nretry: 5\r\nevent: message\r\ndata: {"type":\r\ndata: "heartbeat"}\r\n\r\n',
        'id: x\n\n',
        'data: ',
      );
      response.end();
    };
    assert.deepEqual(await read(), [{ type: 'heartbeat' }]);
  });

  test('a change is emitted as soon as it arrives', async () => {
    let write!: (text: string) => void;
    server.handler = (_, response) => (stream(response, event(open)), (write = (text) => response.write(text)));
    const controller = new AbortController();
    const feed = adapter.watch({ system: 'flows', signal: controller.signal }) as AsyncGenerator<Change<unknown>>;
    assert.deepEqual((await feed.next()).value, open);
    write(event({ type: 'heartbeat' }));
    assert.deepEqual((await feed.next()).value, { type: 'heartbeat' });
    controller.abort();
    await assert.doesNotReject(feed.next().catch(() => ({ done: true })));
    await server.requests.at(-1)!.closed;
  });

  test('abort closes the connection, also while it is idle', async () => {
    server.handler = (_, response) => stream(response, event(open));
    const controller = new AbortController();
    const feed = adapter.watch({ system: 'flows', signal: controller.signal }) as AsyncGenerator<Change<unknown>>;
    await feed.next();
    const pending = feed.next().then(
      () => 'ended',
      () => 'failed',
    );
    controller.abort();
    assert.match(await pending, /ended|failed/);
    await server.requests.at(-1)!.closed;
  });

  test('a `fetch` that ignores the signal and answers late: its response is cancelled', async () => {
    let answer!: (response: Response) => void;
    let resolveSent!: () => void;
    const sent = new Promise<void>((resolve) => (resolveSent = resolve));
    const stubborn = httpAdapter({
      src: server.src,
      fetch: () => (resolveSent(), new Promise((resolve) => (answer = resolve))),
    });
    const controller = new AbortController();
    const feed = stubborn.watch({ system: 'flows', signal: controller.signal }) as AsyncGenerator<Change<unknown>>;
    const ended = feed.next();
    await sent;
    controller.abort();
    await new Promise<void>((cancelled) =>
      answer(
        new Response(new ReadableStream({ cancel: () => cancelled() }), {
          headers: { 'content-type': 'text/event-stream' },
        }),
      ),
    );
    assert.deepEqual(await ended, { done: true, value: undefined });
  });

  test('ending the iteration closes the connection', async () => {
    server.handler = (_, response) => stream(response, event(open));
    await read({}, 1);
    await server.requests.at(-1)!.closed;
  });

  test('a connection that breaks is an error, a connection that ends is an end', async () => {
    server.handler = (_, response) => {
      stream(response, event(open));
      setTimeout(() => response.destroy(), 5);
    };
    const error = await failure();
    assert.notEqual(error.name, 'AdapterError');
    server.handler = (_, response) => (stream(response, event(open)), response.end());
    assert.deepEqual(await read(), [open]);
  });
});

describe('fault 26: too long, or not JSON', () => {
  test('an event beyond the limit: protocol error, and the connection is closed', { timeout: 60_000 }, async () => {
    const small = httpAdapter({ src: server.src, longestEvent: 10_000 });
    server.handler = (_, response) => {
      stream(response, event(open));
      response.write(`data: "${'x'.repeat(1_000_000)}`);
    };
    const error = await failure({}, small);
    assert.deepEqual([error.name, error.code], ['AdapterError', 'protocol']);
    assert.match(error.message, /^\/api\/flows\/watch: /);
    await server.requests.at(-1)!.closed;
  });

  test('ten megabytes without a line end: refused in little time', { timeout: 60_000 }, async () => {
    const piece = Buffer.alloc(64 * 1024, 'x');
    server.handler = (_, response) => {
      stream(response, 'data: "');
      const push = (left: number): void => {
        if (left && !response.destroyed) response.write(piece, () => push(left - 1));
      };
      push(160);
    };
    const before = process.cpuUsage();
    assert.equal((await failure()).code, 'protocol');
    const { user, system } = process.cpuUsage(before);
    assert.ok(user + system < 2_000_000, `${user + system} µs of work`);
  });

  test('invalid JSON: protocol error with the beginning of the data', async () => {
    server.handler = (_, response) => (stream(response, `data: <html>${'x'.repeat(200)}\n\n`), response.end());
    const error = await failure();
    assert.equal(error.code, 'protocol');
    assert.match(error.message, /^flows\/watch sent something that is not JSON: <html>x+$/);
    assert.ok(error.message.length < 150);
  });
});

describe('answers that are not a feed', () => {
  test('an HTML page: misconfigured, with the address and what to check', async () => {
    server.handler = (_, response) => {
      response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' });
      response.end('<!doctype html>');
    };
    const error = await failure();
    assert.equal(error.code, 'misconfigured');
    assert.equal(
      error.message,
      `${server.src}/flows/watch answered text/html instead of text/event-stream; ` +
        'is it the address of the campaign backend, and not of a page?',
    );
  });

  test('no content type, or no content', async () => {
    server.handler = (_, response) => response.end('x');
    assert.match((await failure()).message, /answered nothing instead of/);
    server.handler = (_, response) => (response.writeHead(204), response.end());
    assert.equal((await failure()).code, 'misconfigured');
  });

  for (const [status, code] of [
    [400, 'misconfigured'],
    [401, 'unauthenticated'],
    [403, 'forbidden'],
    [404, 'misconfigured'],
    [405, 'misconfigured'],
    [408, 'unavailable'],
    [410, 'expired'],
    [425, 'unavailable'],
    [429, 'throttled'],
    [500, 'unavailable'],
    [502, 'unavailable'],
    [503, 'throttled'],
    [504, 'unavailable'],
  ] as const)
    test(`${status}: ${code}, with the backend's sentence`, async () => {
      server.handler = (_, response) => json(response, status, { title: 'T', detail: 'Because.' });
      const error = await failure();
      assert.deepEqual([error.name, error.code, error.retryAfterMs], ['AdapterError', code, undefined]);
      const hint = status === 404 ? '; is `src` the address of the campaign backend?' : '';
      assert.equal(error.message, `/api/flows/watch answered ${status}: Because.${hint}`);
    });

  test('fault 20: Retry-After in seconds, or as a date by the server’s own clock', async () => {
    const serverTime = Date.UTC(2030, 0, 1);
    for (const [retryAfter, expected] of [
      ['7', 7000],
      ['0', 0],
      [new Date(serverTime + 90_000).toUTCString(), 90_000],
      [new Date(serverTime - 90_000).toUTCString(), 0],
      ['soon', undefined],
      ['', undefined],
    ] as const) {
      server.handler = (_, response) =>
        json(response, 429, {}, { 'retry-after': retryAfter, date: new Date(serverTime).toUTCString() });
      assert.equal((await failure()).retryAfterMs, expected, retryAfter);
    }
  });

  for (const location of ['/login', 'https://login.example/'])
    test(`a redirect to ${location} is not followed: the user is signed out`, async () => {
      const count = server.requests.length;
      server.handler = (_, response) => (response.writeHead(302, { location }), response.end());
      const error = await failure();
      assert.deepEqual(
        [error.name, error.code, error.message],
        ['AdapterError', 'unauthenticated', `flows/watch was redirected to ${location}, as if the user had to sign in`],
      );
      assert.equal(server.requests.length, count + 1);
    });

  test('nothing listens at the address', async () => {
    const closedServer = await serve();
    await closedServer.close();
    assert.equal((await failure({}, httpAdapter({ src: closedServer.src }))).name, 'TypeError');
  });
});

test('the iteration of a closed feed ends, as Iterables promise', () => {
  const feed: Feed<Change<unknown>> = adapter.watch({ system: 'flows', signal: AbortSignal.abort() });
  assert.ok(Symbol.asyncIterator in feed);
});
