import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { request as rawRequest } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { createParser } from 'eventsource-parser';
import { getResponse, http } from 'msw';
import { getResponse as getResponse2, http as http2 } from 'msw2';
import type { ActResult, CampaignRecord, Change, HistoryPage } from '../../../src/adapters/contract.ts';
import { handlers, manualClock, requestHandler, type SimulatedBackend } from '../../../mocks/index.ts';
import { startServer, type RunningServer } from '../../../mocks/server/start-server.ts';
import { workflows } from '../../support/lifecycles/index.ts';
import { until } from '../../support/until.ts';
import { stage } from './support.ts';

interface ReceivedEvent {
  readonly id: string | undefined;
  readonly change: Change;
}

/** A feed read over a real socket. */
class Events {
  readonly received: ReceivedEvent[] = [];
  readonly stop = new AbortController();
  readonly response: Promise<Response>;
  end: 'clean' | 'broken' | undefined;

  constructor(url: string, headers: Record<string, string> = {}) {
    this.response = fetch(url, { headers: { accept: 'text/event-stream', ...headers }, signal: this.stop.signal });
    void this.#read();
  }

  async synced(): Promise<ReceivedEvent> {
    await until(() => this.received.some(({ change }) => change.type === 'synced'));
    return this.received.find(({ change }) => change.type === 'synced')!;
  }

  async #read(): Promise<void> {
    const parser = createParser({
      onEvent: ({ id, data }) => this.received.push({ id, change: JSON.parse(data) as Change }),
    });
    try {
      const decoder = new TextDecoder();
      for await (const bytes of (await this.response).body!) parser.feed(decoder.decode(bytes, { stream: true }));
      this.end = 'clean';
    } catch {
      this.end = 'broken';
    }
  }
}

const servers: RunningServer[] = [];
/** Nothing happens by itself: no rounds, and no heartbeat while a test runs, unless it asks for them. */
async function serve(options: Parameters<typeof startServer>[0] = {}): Promise<RunningServer> {
  const server = await startServer({ ...options, backend: { tickMs: 0, heartbeatMs: 3_600_000, ...options.backend } });
  servers.push(server);
  return server;
}
after(() => Promise.all(servers.map((server) => server.close())));

function act(url: string, path: string, body: unknown, key: string | null = `k${Math.random()}`): Promise<Response> {
  return fetch(`${url}/${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...(key === null ? {} : { 'idempotency-key': key }) },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
}
const expecting = (status: string): unknown => ({ expect: { status, revision: 1 } });

describe('over a real port', () => {
  it('sends all rows, then changes, and resumes by Last-Event-ID', async () => {
    const { url, backend } = await serve();
    const first = new Events(`${url}/flows/watch`);
    const response = await first.response;
    assert.equal(response.headers.get('content-type'), 'text/event-stream');
    assert.equal(response.headers.get('access-control-allow-origin'), '*');
    const synced = await first.synced();
    assert.equal(synced.id, `${encodeURIComponent(backend.epoch)}:${encodeURIComponent(backend.cursor('flows'))}`);
    for (const { id, change } of first.received)
      if (change.type !== 'synced') assert.ok(!id, `no id on ${change.type}`);
    backend.campaigns.rename({ system: 'flows', id: 'back-in-stock' }, 'Back, finally');
    await until(() => first.received.at(-1)?.change.type === 'upsert');
    const { id: lastId } = first.received.at(-1)!;
    assert.ok(lastId);
    first.stop.abort();
    await until(() => backend.openFeeds() === 0);

    backend.campaigns.remove({ system: 'flows', id: 'back-in-stock' });
    const resumed = new Events(`${url}/flows/watch`, { 'last-event-id': lastId });
    await resumed.synced();
    assert.deepEqual(
      resumed.received.map(({ change }) => change.type),
      ['open', 'remove', 'synced'],
    );
    assert.ok(!resumed.received[1]!.id && resumed.received[2]!.id, 'no id before synced, even while catching up');
    resumed.stop.abort();
    for (const position of ['another:1', 'nonsense', `${backend.epoch}:999`, `${backend.epoch}:1:2`]) {
      const expired = await fetch(`${url}/flows/watch`, { headers: { 'last-event-id': position } });
      assert.equal(expired.status, 410, position);
      assert.equal(expired.headers.get('content-type'), 'application/problem+json');
    }
    const some = new Events(`${url}/flows/watch?id=review-request&id=nobody`);
    assert.equal(((await some.synced()).change as { partial?: boolean }).partial, true);
    const rows = some.received.flatMap(({ change }) => (change.type === 'page' ? change.items : []));
    assert.deepEqual(
      rows.map(({ id }) => id),
      ['review-request'],
    );
    some.stop.abort();
  });

  it('serves one action on several campaigns, with a result for each', async () => {
    const { url, backend } = await serve({ backend: { sampleData: 'empty' } });
    const ids = ['a/b', 'c'].map((id) => backend.campaigns.add({ system: 'flows', id, met: ['active-flow'] }).id);
    const requests = [...ids, 'nobody'].map((id) => ({ id, idempotencyKey: id, ...(expecting('inactive') as object) }));
    const started = await act(url, 'flows/actions/start', { requests }, null);
    const { results } = (await started.json()) as { results: ActResult[] };
    assert.deepEqual(
      results.map((result) => (result.outcome === 'done' ? result.campaign.status : result.outcome)),
      ['active', 'active', 'refused'],
    );
    const again = await act(url, 'flows/actions/start', { requests }, null);
    assert.deepEqual([started.status, again.status, await again.json()], [200, 200, { results }]);
    const one = await act(url, 'flows/campaigns/c/actions/start', expecting('inactive'), 'c');
    assert.deepEqual(await one.json(), {
      campaign: backend.campaigns.get({ system: 'flows', id: 'c' })!.record,
      epoch: backend.epoch,
    });

    const item = requests[0]!;
    for (const body of [{}, { requests: {} }, { requests: [null] }, { requests: [{ ...item, id: 7 }] }])
      assert.equal((await act(url, 'flows/actions/start', body, null)).status, 400);
    for (const lacking of [{ idempotencyKey: '' }, { idempotencyKey: undefined }, { expect: {} }, { input: 5 }])
      assert.equal((await act(url, 'flows/actions/start', { requests: [{ ...item, ...lacking }] }, null)).status, 400);
    assert.equal((await act(url, 'circus/actions/start', { requests }, null)).status, 404);
  });

  it('serves the history of a campaign in pages, with the input of an action', async () => {
    const { url, backend } = await serve({ backend: { sampleData: 'empty', lifecycles: [workflows] } });
    const ref = backend.campaigns.add({ system: 'workflows', id: 'a/b', status: 'failed' });
    const at = `workflows/campaigns/${encodeURIComponent(ref.id)}`;
    const body = { ...(expecting('failed') as object), input: 'Last step' };
    assert.equal((await act(url, `${at}/actions/reset`, { ...body, input: null })).status, 422);
    assert.equal((await act(url, `${at}/actions/reset`, body)).status, 200);
    const page = async (query: string): Promise<HistoryPage> =>
      (await (await fetch(`${url}/${at}/history?${query}`)).json()) as HistoryPage;
    const first = await page('limit=1');
    assert.deepEqual([first.entries[0]?.action, first.entries[0]?.message], ['reset', 'Last step']);
    const rest = await page(`limit=5&before=${first.before}`);
    assert.deepEqual([rest.entries.map(({ status }) => status), rest.before], [['failed'], undefined]);
    for (const query of ['', 'limit=0', 'limit=x', 'limit=1&before=x'])
      assert.equal((await fetch(`${url}/${at}/history?${query}`)).status, 400, query);
    for (const path of ['workflows/campaigns/nobody/history?limit=1', 'circus/campaigns/x/history?limit=1'])
      assert.equal((await fetch(`${url}/${path}`)).status, 404);
  });

  it('maps every outcome to its status, with reasons as problem+json', async () => {
    const clock = manualClock();
    const { url, backend } = await serve({ backend: { clock } });
    const weird = { system: 'flows', id: 'a/b ü?%2F:#' };
    backend.campaigns.add({ ...weird, met: ['active-flow'] });
    const at = `flows/campaigns/${encodeURIComponent(weird.id)}`;
    const reading = (await (await fetch(`${url}/${at}`)).json()) as { campaign: CampaignRecord; epoch: string };
    assert.deepEqual(reading, { campaign: backend.campaigns.get(weird)!.record, epoch: backend.epoch });

    const done = await act(url, `${at}/actions/start`, expecting('inactive'), 'once');
    assert.equal(done.status, 200);
    const first = (await done.json()) as { campaign: CampaignRecord };
    assert.equal(first.campaign.status, 'active');
    const again = await act(url, `${at}/actions/start`, expecting('inactive'), 'once');
    assert.deepEqual([again.status, await again.json()], [200, first]);

    const reasons = async (response: Response, status: number): Promise<Record<string, unknown>> => {
      assert.equal(response.status, status);
      assert.equal(response.headers.get('content-type'), 'application/problem+json');
      const problem = (await response.json()) as Record<string, unknown>;
      assert.equal(problem['status'], status);
      assert.ok(problem['type'] && problem['title'] && problem['detail'], JSON.stringify(problem));
      return problem;
    };
    await reasons(await act(url, `${at}/actions/stop`, expecting('active'), 'once'), 422);
    const overtaken = await reasons(await act(url, `${at}/actions/start`, expecting('inactive')), 412);
    assert.deepEqual([(overtaken['campaign'] as CampaignRecord).status, overtaken['epoch']], ['active', backend.epoch]);
    await reasons(await act(url, `${at}/actions/stop`, expecting('active'), null), 400);
    await reasons(await act(url, `${at}/actions/stop`, '{'), 400);
    await reasons(await act(url, `${at}/actions/stop`, { expect: { status: 7 } }), 400);
    await reasons(await act(url, 'flows/campaigns/nobody/actions/stop', expecting('active')), 404);
    await reasons(await act(url, 'circus/campaigns/x/actions/stop', expecting('active')), 404);
    await reasons(await act(url, 'python/campaigns/birthday-greetings/actions/start', expecting('created')), 422);
    for (const path of ['circus/watch', 'circus/campaigns/x', 'flows/campaigns/x', 'flows/campaigns/x/diagnosis'])
      await reasons(await fetch(`${url}/${path}`), 404);
    await reasons(await fetch(`${url}/${at}/log`), 404);
    await reasons(await fetch(`${url}/nothing`), 404);

    backend.faults.latency(150);
    const before = clock.pending;
    const slow = act(url, `${at}/actions/stop`, expecting('active'), 'slow');
    await until(() => clock.pending > before);
    await reasons(await act(url, `${at}/actions/stop`, expecting('active'), 'slow'), 409);
    clock.advance(150);
    assert.equal((await slow).status, 200);
    backend.faults.clear();
    backend.faults.swallowNext();
    assert.equal((await act(url, `${at}/actions/start`, expecting('inactive'))).status, 202);
    backend.faults.loseNextAnswer();
    await assert.rejects(act(url, `${at}/actions/start`, expecting('inactive'), 'lost'), TypeError);
    assert.equal((await act(url, `${at}/actions/start`, expecting('inactive'), 'lost')).status, 200);
    backend.faults.readOnly(true);
    await reasons(await act(url, `${at}/actions/stop`, expecting('active')), 403);
    backend.faults.throttle(2_500);
    const throttled = await fetch(`${url}/flows/watch`);
    assert.deepEqual([throttled.status, throttled.headers.get('retry-after')], [429, '3']);
    backend.faults.clear();
    backend.faults.refuseNext();
    const busy = await act(url, `${at}/actions/stop`, expecting('active'));
    assert.deepEqual([busy.status, busy.headers.get('retry-after')], [503, '1']);
    for (const status of [401, 410, 500]) {
      backend.faults.answer(status, { times: 1 });
      await reasons(await fetch(`${url}/flows/watch`), status);
    }
  });

  it('HEAD answers as GET, without a body', async () => {
    const { url, backend } = await serve();
    const { id } = backend.campaigns.list('flows')[0]!;
    for (const path of [`flows/campaigns/${id}`, `flows/campaigns/${id}/diagnosis`, 'flows/watch', '_sim', 'nothing']) {
      const head = await fetch(`${url}/${path}`, { method: 'HEAD' });
      const stop = new AbortController();
      const get = await fetch(`${url}/${path}`, { signal: stop.signal });
      stop.abort();
      assert.deepEqual([head.status, head.headers.get('content-type')], [get.status, get.headers.get('content-type')]);
      assert.equal(await head.text(), '');
    }
    await until(() => backend.openFeeds() === 0);
  });

  it('serves diagnosis and engine log', async () => {
    const { url, backend } = await serve();
    const { dependencies } = (await (await fetch(`${url}/flows/campaigns/spring-sale-launch/diagnosis`)).json()) as {
      dependencies: { kind: string; state: string }[];
    };
    assert.deepEqual([dependencies[0]!.kind, dependencies[0]!.state], ['channel', 'stopped']);
    const log = new Events(`${url}/python/campaigns/renewal-reminders-dach/log`);
    await until(() => log.received.length > 0);
    const [entries] = log.received.map(({ change }) => change as unknown as { text: string }[]);
    assert.match(entries![0]!.text, /^engine: started/);
    backend.campaigns.raise({ system: 'python', id: 'renewal-reminders-dach' });
    await until(() => log.received.length > 1);
    assert.match(JSON.stringify(log.received.at(-1)), /Traceback/);
    log.stop.abort();
  });

  it('allows pages of any origin, with preflight', async () => {
    const { url } = await serve();
    const preflight = await fetch(`${url}/flows/campaigns/x/actions/stop`, {
      method: 'OPTIONS',
      headers: {
        origin: 'http://elsewhere.example',
        'access-control-request-method': 'POST',
        'access-control-request-headers': 'content-type,idempotency-key,last-event-id',
      },
    });
    assert.equal(preflight.status, 204);
    assert.equal(preflight.headers.get('access-control-allow-origin'), '*');
    assert.match(preflight.headers.get('access-control-allow-methods')!, /POST/);
    for (const header of ['content-type', 'idempotency-key', 'last-event-id'])
      assert.ok(preflight.headers.get('access-control-allow-headers')!.includes(header));
    const missing = await fetch(`${url}/flows/campaigns/nobody`);
    assert.equal(missing.headers.get('access-control-allow-origin'), '*');
    assert.match(missing.headers.get('access-control-expose-headers')!, /retry-after/i);
  });

  it('breaks a cut feed, ends a dropped one, and keeps a stalled one open and silent', async () => {
    const { url, backend } = await serve({ backend: { heartbeatMs: 100 } });
    const dropped = new Events(`${url}/flows/watch`);
    const other = new Events(`${url}/flows/watch`);
    await Promise.all([dropped.synced(), other.synced()]);
    backend.faults.dropFeed();
    await until(() => dropped.end === 'clean' && other.end === 'clean');
    const cut = new Events(`${url}/flows/watch`);
    await cut.synced();
    await until(() => cut.received.at(-1)?.change.type === 'heartbeat');
    assert.ok(cut.received.at(-1)!.id, 'a heartbeat moves the position on');
    backend.faults.cutFeed();
    await until(() => cut.end === 'broken');
    await assert.rejects(fetch(`${url}/flows/watch`), TypeError);
    backend.faults.restoreFeed();
    backend.faults.stallFeed();
    const stalled = new Events(`${url}/flows/watch`);
    assert.equal((await stalled.response).status, 200);
    await new Promise((resolve) => setTimeout(resolve, 250));
    assert.deepEqual(stalled.received, []);
    backend.faults.restoreFeed();
    await stalled.synced();
    backend.faults.inject('flows', 'not even JSON');
    await until(() => stalled.end === 'broken');
    stalled.stop.abort();
    await until(() => backend.openFeeds() === 0);
  });

  it('waits for a slow reader, and notices one that leaves', async () => {
    const { url, backend } = await serve({ backend: { sampleData: 'empty', pageSize: 1 } });
    backend.campaigns.fill(400, 'flows');
    // More than the socket buffers of both ends hold: 40 MB.
    for (const { id } of backend.campaigns.list('flows'))
      backend.campaigns.force({ system: 'flows', id }, { message: 'x'.repeat(100_000) });
    let pulled = 0;
    const connect = backend.connect.bind(backend);
    backend.connect = async (request) => {
      const feed = await connect(request);
      return (async function* () {
        for await (const change of feed) {
          pulled++;
          yield change;
        }
      })();
    };
    const leave = await new Promise<() => void>((resolve, reject) => {
      const request = rawRequest(`${url}/flows/watch`, () => resolve(() => request.destroy()));
      request.on('error', reject).end();
    });
    await until(() => pulled > 2);
    await new Promise((resolve) => setTimeout(resolve, 300));
    assert.ok(pulled < 300, `${pulled} of 400 pages were pulled for a reader who reads none`);
    assert.equal(backend.openFeeds(), 1);
    leave();
    await until(() => backend.openFeeds() === 0);
  });

  it('runs the listed controls, and nothing else', async () => {
    const { url, backend } = await serve();
    const run = (body: unknown, path = '_sim'): Promise<Response> =>
      fetch(`${url}/${path}`, { method: 'POST', body: JSON.stringify(body) });
    assert.equal(
      (await run({ do: 'dependencies.set', with: [{ kind: 'channel', id: 'email' }, 'stopped', 'quota'] })).status,
      200,
    );
    assert.equal(backend.dependencies.list().find(({ id }) => id === 'email')!.message, 'quota');
    const fixed = await run({ with: [{ kind: 'channel', id: 'email' }, 'running'] }, '_sim/dependencies.set');
    assert.equal(fixed.status, 200);
    const added = (await (
      await run({ do: 'campaigns.add', with: [{ system: 'flows', name: 'By hand' }] })
    ).json()) as object;
    assert.deepEqual(added, { ok: true, result: { system: 'flows', id: 'by-hand' } });
    await run({
      do: 'campaigns.force',
      with: [
        { system: 'flows', id: 'by-hand' },
        { status: 'paused', message: null },
      ],
    });
    assert.equal(backend.campaigns.get({ system: 'flows', id: 'by-hand' })!.record.status, 'paused');
    const refused = [
      { do: 'dispose' },
      { do: 'constructor' },
      { do: '__proto__.x' },
      { do: 'campaigns.list', with: ['flows'] },
      { do: 'dependencies.set', with: [{ kind: 'channel', id: 'nowhere' }, 'stopped'] },
      { do: 'dependencies.set', with: [{ kind: 'channel', id: 7 }, 'stopped'] },
      { do: 'tick', with: ['too', 'much'] },
      { do: 'faults.answer', with: ['500'] },
      ...[7, 101, 200.5, 600].map((status) => ({ do: 'faults.answer', with: [status] })),
      { do: 'campaigns.add', with: [{ system: 'flows', colour: 'red' }] },
      { do: 'campaigns.rename', with: [{ system: 'flows' }, 'x'] },
      { do: 'faults.cutFeed', with: ['circus'] },
      ['tick'],
      null,
    ];
    for (const body of refused) {
      const response = await run(body);
      assert.equal(response.status, 422, JSON.stringify(body));
      assert.ok(((await response.json()) as { detail?: string }).detail);
    }
    const state = (await (await fetch(`${url}/_sim`)).json()) as { controls: string[]; systems: object[] };
    assert.ok(state.controls.includes('faults.cutFeed') && state.systems.length === 2);
  });

  it('closes the feed of a reader that left before its answer was ready', async () => {
    const { url, backend } = await serve();
    backend.faults.latency(200);
    const response = fetch(`${url}/flows/watch`, { signal: AbortSignal.timeout(50) });
    await assert.rejects(response, { name: 'TimeoutError' });
    backend.faults.clear();
    const { id } = backend.campaigns.list('flows')[0]!;
    // The answer to a later request with the same latency comes after that of the first.
    backend.faults.latency(200);
    assert.equal((await fetch(`${url}/flows/campaigns/${id}`)).status, 200);
    await until(() => backend.openFeeds() === 0);
  });

  it('answers unusual requests correctly, without console output', async (t) => {
    const complaints = t.mock.method(console, 'error', () => undefined);
    const { url } = await serve();
    const port = Number(new URL(url).port);
    const statusFor = (method: string, path: string): Promise<number> =>
      new Promise((resolve, reject) => {
        rawRequest({ host: '127.0.0.1', port, method, path }, (response) => {
          response.resume().once('end', () => resolve(response.statusCode!));
        })
          .once('error', reject)
          .end();
      });
    assert.equal(
      await statusFor('GET', `${url}/flows/campaigns/review-request`),
      200,
      'a whole address, as through a proxy',
    );
    for (const method of ['TRACE', 'PUT', 'DELETE'])
      assert.equal(await statusFor(method, '/flows/campaigns/x'), 405, method);
    for (const path of ['/', '//', '/%', '/[', '/flows/campaigns/%', '/flows/campaigns/%E0%A4%A', '/:x/campaigns/*'])
      assert.equal(await statusFor('GET', path), 404, path);
    const left = rawRequest({
      host: '127.0.0.1',
      port,
      method: 'POST',
      path: '/_sim',
      headers: { 'content-length': 9 },
    });
    left.once('error', () => undefined);
    await new Promise((resolve) => left.write('{"do"', resolve));
    left.destroy();
    await fetch(`${url}/_sim`);
    assert.equal(complaints.mock.callCount(), 0, String(complaints.mock.calls[0]?.arguments[0]));
  });

  it('sends an injected value on a feed, and continues', async () => {
    const { url, backend } = await serve();
    const events = new Events(`${url}/flows/watch`);
    await events.synced();
    const injected = [null, 42, true, [1], { type: 'gossip' }, '"text"'];
    for (const message of injected) backend.faults.inject('flows', message);
    backend.campaigns.touch({ system: 'flows', id: 'back-in-stock' });
    await until(() => events.received.length >= 3 + injected.length + 1 || events.end !== undefined);
    const changes: unknown[] = events.received.map(({ change }) => change);
    assert.deepEqual(
      changes.slice(3).filter((change) => (change as { type?: string } | null)?.type !== 'upsert'),
      [null, 42, true, [1], { type: 'gossip' }, 'text'],
    );
    assert.equal(events.end, undefined);
    events.stop.abort();
  });

  it('serves the files of a folder, and none outside', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'static-'));
    writeFileSync(join(folder, 'index.html'), '<p>here');
    const { url } = await serve({ static: folder });
    const page = await fetch(url);
    assert.deepEqual([page.headers.get('content-type'), await page.text()], ['text/html; charset=utf-8', '<p>here']);
    const outside = await new Promise<number>((resolve) => {
      rawRequest(`${url}`, { path: '/..%2f..%2f..%2fetc/passwd' }, (response) => resolve(response.statusCode!)).end();
    });
    assert.equal(outside, 404);
    assert.equal((await fetch(`${url}/flows/campaigns/review-request`)).status, 200, 'the contract comes first');
    rmSync(folder, { recursive: true });
  });
});

/** A backend served to a function by MSW, without a network. */
type Mock = (backend: SimulatedBackend, baseUrl: string) => (request: Request) => Promise<Response | undefined>;

const MOCKS: readonly (readonly [name: string, mock: Mock])[] = [
  ['MSW 3', (backend, baseUrl) => (request) => getResponse(handlers(backend, { baseUrl, http }), request)],
  ['MSW 2', (backend, baseUrl) => (request) => getResponse2(handlers(backend, { baseUrl, http: http2 }), request)],
  ['no MSW', (backend, baseUrl) => requestHandler(backend, { baseUrl })],
];

describe('the contract on a request, without a server', () => {
  for (const [name, mock] of MOCKS)
    it(`with ${name}: answers below its base URL, streams until the reader leaves, and passes on the rest`, async () => {
      const { backend } = stage();
      const ref = backend.campaigns.add({ system: 'flows', id: 'a/b %', met: ['active-flow'] });
      const respond = mock(backend, 'https://sim.example/deep/a/');
      const request = (path: string, init?: RequestInit): Promise<Response | undefined> =>
        respond(new Request(`https://sim.example/${path}`, init));
      const campaign = `deep/a/flows/campaigns/${encodeURIComponent(ref.id)}`;
      assert.equal((await request(campaign))?.status, 200);
      assert.equal((await request('deep/a/flows/campaigns/nobody'))?.status, 404);
      const started = await request(`${campaign}/actions/start`, {
        method: 'POST',
        headers: { 'idempotency-key': 'k' },
        body: JSON.stringify(expecting('inactive')),
      });
      assert.deepEqual([started?.status, backend.campaigns.get(ref)!.record.status], [200, 'active']);
      for (const elsewhere of ['deep/b/_sim', 'a/_sim', 'deep/a/flows', 'deep/a/_sim/tick/more'])
        assert.equal(await request(elsewhere), undefined, elsewhere);
      const reader = (await request('deep/a/flows/watch'))!.body!.getReader();
      assert.match(new TextDecoder().decode((await reader.read()).value), /"type":"open"/);
      assert.equal(backend.openFeeds(), 1);
      await reader.cancel();
      assert.equal(backend.openFeeds(), 0);
      backend.faults.answer(0);
      assert.equal((await request(campaign))?.type, 'error');
      backend.dispose();
    });

  it('has no controls if they are switched off', async () => {
    const { backend } = stage();
    const respond = requestHandler(backend, { baseUrl: '/sim', controls: false });
    assert.equal(await respond(new Request('https://sim.example/sim/_sim')), undefined);
    assert.equal((await respond(new Request('https://sim.example/sim/flows/watch')))?.status, 200);
    backend.dispose();
  });
});
