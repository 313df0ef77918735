/**
 * The worked example of a custom adapter, over a real WebSocket: with the server next to it, and with one that
 * misbehaves.
 */
import assert from 'node:assert/strict';
import type { AddressInfo } from 'node:net';
import { after, afterEach, before, beforeEach, describe, test } from 'node:test';
import { type WebSocket, WebSocketServer } from 'ws';
import { serveCampaigns, type CampaignSocketServer } from '../../../examples/adapters/websocket-server.ts';
import { webSocketAdapter, type ServerMessage } from '../../../examples/adapters/websocket.ts';
import { simulateBackend, type SimulatedBackend } from '../../../mocks/index.ts';
import type { ActResult, AdapterError, CampaignRef } from '../../../src/adapters/index.ts';
import { createCampaignStore, type CampaignStore } from '../../../src/store/index.ts';
import { record, type Recorder } from '../../support/store-fixture.ts';
import { until } from '../../support/until.ts';
import { actRequest, RecordedWatch } from '../../support/watching.ts';
import { withWebSocket } from '../../support/web-socket.ts';

withWebSocket();

describe('with a store and the server beside it', () => {
  let backend: SimulatedBackend;
  let server: CampaignSocketServer;
  let store: CampaignStore;
  let list: Recorder<unknown>;
  let reports: string[];

  beforeEach(async () => {
    backend = simulateBackend({ heartbeatMs: 300, tickMs: 0, processingMs: 20, pageSize: 5 });
    server = await serveCampaigns(backend);
    reports = [];
    store = createCampaignStore({
      adapter: webSocketAdapter(server.url),
      graceMs: 0,
      slackMs: 300,
      uncertainAfterMs: 60_000,
      environment: { random: () => 0.1 },
      report: ({ kind }) => reports.push(kind),
    });
    list = record(store.list('flows'));
    await until(() => state() === 'live' && equal());
  });
  afterEach(async () => {
    store.dispose();
    try {
      await until(() => server.sockets.size === 0);
      assert.equal(backend.openFeeds(), 0);
    } finally {
      await server.close();
      backend.dispose();
    }
  });

  const state = (): string => store.connection('flows').value.state;
  const some = (status: string): CampaignRef => ({
    system: 'flows',
    id: backend.campaigns.list('flows').find((campaign) => campaign.status === status)!.id,
  });
  const equal = (): boolean => {
    const rows = backend.campaigns.list('flows');
    return (
      store.list('flows').value.ids.length === rows.length &&
      rows.every(({ id, status, name }) => {
        const view = store.campaign({ system: 'flows', id }).value;
        return view.status === status && view.name === name && !view.stale;
      })
    );
  };

  test('a snapshot, then changes and removals', async () => {
    backend.campaigns.raise(some('active'), 'Äußerst 😀\nschlimm');
    backend.campaigns.add({ system: 'flows', name: 'New' });
    backend.campaigns.remove(some('inactive'), 'archived');
    await until(equal);
  });

  test('an action is answered with the row after it', async () => {
    const ref = some('active');
    assert.deepEqual(await store.perform(ref, 'stop'), { outcome: 'done' });
    assert.equal(store.campaign(ref).value.status, 'inactive');
    await until(() => server.sockets.size === 1);
  });

  test('fault 31: a lost answer: asked again with the same key, one effect', async () => {
    const ref = some('active');
    const { revision } = backend.campaigns.get(ref)!.record;
    backend.faults.loseNextAnswer();
    assert.deepEqual(await store.perform(ref, 'stop'), { outcome: 'done' });
    assert.equal(backend.campaigns.get(ref)!.record.revision, revision + 1);
  });

  test('the server is killed and restarts: last known meanwhile, then the feed resumes', async () => {
    const ref = some('inactive');
    const removed = some('error');
    const before = list.values.length;
    await server.close();
    await until(() => store.campaign(ref).value.stale !== undefined);
    backend.campaigns.rename(ref, 'Renamed meanwhile');
    backend.campaigns.remove(removed);
    server = await serveCampaigns(backend, Number(new URL(server.url).port));
    await until(() => state() === 'live' && equal());
    assert.equal(store.campaign(ref).value.name, 'Renamed meanwhile');
    assert.equal(store.campaign(removed).value.presence, 'gone');
    assert.ok(!reports.includes('resync'));
    assert.ok(list.values.length > before);
  });

  test('it restarts with another epoch: a new snapshot is read', async () => {
    backend.faults.restart({ newEpoch: true });
    await until(() => state() !== 'live');
    await until(() => state() === 'live' && equal());
    assert.ok(reports.includes('resync'));
  });

  test('fault 16: silence beyond the promised heartbeat is detected', async () => {
    backend.faults.stallFeed();
    await until(() => state() !== 'live');
    backend.faults.clear();
    await until(() => state() === 'live' && equal());
  });

  test('single campaigns are requested by id', async () => {
    const { id } = some('inactive');
    const watch = new RecordedWatch(webSocketAdapter(server.url), { ids: [id] });
    await until(() => watch.changes.some(({ type }) => type === 'synced'));
    backend.campaigns.rename({ system: 'flows', id }, 'Alone');
    backend.campaigns.touch(some('active'));
    await until(() => watch.changes.some(({ type }) => type === 'upsert'));
    watch.stop();
    const rows = watch.changes.flatMap((change) => ('items' in change ? (change.items as { id: string }[]) : []));
    assert.deepEqual(
      rows.map((row) => row.id),
      [id, id],
    );
  });

  for (const [status, code] of [
    [401, 'unauthenticated'],
    [403, 'forbidden'],
    [404, 'misconfigured'],
    [410, 'expired'],
    [429, 'throttled'],
    [500, 'unavailable'],
  ] as const)
    test(`an answer ${status} of the backend is ${code} for a feed`, async () => {
      backend.faults.answer(status, { retryAfterMs: 1500 });
      const watch = new RecordedWatch(webSocketAdapter(server.url));
      await watch.ended;
      const error = watch.outcome as AdapterError;
      assert.deepEqual([error.name, error.code], ['AdapterError', code]);
      assert.equal(error.retryAfterMs, code === 'throttled' ? 1500 : undefined);
    });

  test('an answer to an action: refused where surely nothing happened, else thrown', async () => {
    const act = (status: number): Promise<ActResult<unknown>> => {
      backend.faults.answer(status, { retryAfterMs: 1500 });
      return webSocketAdapter(server.url).act(actRequest('a'));
    };
    for (const [status, code] of [
      [403, 'forbidden'],
      [404, 'gone'],
    ] as const) {
      const result = await act(status);
      assert.equal(result.outcome === 'refused' && result.code, code);
    }
    await assert.rejects(act(401), { name: 'AdapterError', code: 'unauthenticated' });
    await assert.rejects(act(429), { name: 'AdapterError', code: 'throttled', retryAfterMs: 1500 });
    await assert.rejects(act(500), { name: 'AdapterError', code: 'unavailable' });
  });
});

describe('with a server that misbehaves', () => {
  let server: WebSocketServer;
  let url: string;
  /** How the server answers a message on a socket. */
  let answer: (socket: WebSocket, request: { kind: string; key: string }) => void;

  before(async () => {
    server = new WebSocketServer({ host: '127.0.0.1', port: 0 });
    await new Promise((resolve) => server.once('listening', resolve));
    url = `ws://127.0.0.1:${(server.address() as AddressInfo).port}`;
    server.on('connection', (socket) =>
      socket.on('message', (data: Buffer) => answer(socket, JSON.parse(data.toString()) as never)),
    );
  });
  after(() => {
    for (const socket of server.clients) socket.terminate();
    server.close();
  });

  const opened: ServerMessage = { kind: 'opened', epoch: 'e1', resumed: false, heartbeatMs: 5000 };
  const send = (socket: WebSocket, ...messages: (ServerMessage | { kind: 'news' })[]): void => {
    for (const message of messages) socket.send(JSON.stringify(message));
  };

  test('closed during its snapshot, cleanly or not: an error, and no end of the snapshot', async () => {
    for (const close of [(socket: WebSocket) => socket.close(1000), (socket: WebSocket) => socket.terminate()]) {
      answer = (socket) => {
        send(socket, opened, { kind: 'rows', rows: [{ id: 'a', status: 'active', revision: 1 }] });
        setTimeout(() => close(socket), 20);
      };
      const watch = new RecordedWatch(webSocketAdapter(url));
      await watch.ended;
      assert.equal((watch.outcome as AdapterError).code, 'unavailable');
      assert.deepEqual(
        watch.changes.map(({ type }) => type),
        ['open', 'page'],
      );
    }
  });

  test('invalid JSON, or an unexpected message: protocol error, and the socket is closed', async () => {
    for (const text of ['<html>', 'null', JSON.stringify({ kind: 'answer', to: 'k', answer: {} })]) {
      let closed: Promise<unknown> | undefined;
      answer = (socket) => {
        closed = new Promise((resolve) => socket.once('close', resolve));
        socket.send(text);
      };
      const watch = new RecordedWatch(webSocketAdapter(url));
      await watch.ended;
      assert.equal((watch.outcome as AdapterError).code, 'protocol');
      assert.equal((watch.outcome as AdapterError).message, `${url} sent ${text}`);
      await closed;
    }
  });

  test('answers are matched by the key of the request', async () => {
    const accepted: ActResult = { outcome: 'accepted' };
    answer = (socket, { key }) =>
      send(
        socket,
        { kind: 'answer', to: 'of another', answer: { outcome: 'refused', code: 'gone' } },
        { kind: 'alive', cursor: '1' },
        { kind: 'answer', to: key, answer: accepted },
      );
    const adapter = webSocketAdapter(url);
    const keys = ['k1', 'k2'].map((idempotencyKey) => adapter.act(actRequest('a', { idempotencyKey })));
    assert.deepEqual(await Promise.all(keys), [accepted, accepted]);
  });

  test('closed before the answer: the outcome is unknown', async () => {
    answer = (socket) => socket.close(1000);
    await assert.rejects(webSocketAdapter(url).act(actRequest('a')), { name: 'AdapterError', code: 'unavailable' });
  });

  test('no server', async () => {
    const watch = new RecordedWatch(webSocketAdapter('ws://127.0.0.1:9'));
    await watch.ended;
    assert.equal((watch.outcome as AdapterError).code, 'unavailable');
  });

  test('the signal: before the start, while connecting, while waiting, while an answer is pending', async () => {
    answer = (socket) => send(socket, opened);
    await until(() => server.clients.size === 0);
    const adapter = webSocketAdapter(url);
    const early = new RecordedWatch(adapter, { signal: AbortSignal.abort() });
    await early.ended;
    const connecting = new RecordedWatch(adapter);
    connecting.stop();
    await connecting.ended;
    const waiting = new RecordedWatch(adapter);
    await until(() => waiting.changes.length === 1);
    waiting.stop();
    await waiting.ended;
    assert.deepEqual([early.outcome, connecting.outcome, waiting.outcome], ['ended', 'ended', 'ended']);
    const controller = new AbortController();
    const acted = adapter.act(actRequest('a', { signal: controller.signal }));
    await until(() => server.clients.size === 1);
    controller.abort();
    await assert.rejects(acted, { name: 'AbortError' });
    await until(() => server.clients.size === 0);
  });
});
