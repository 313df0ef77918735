import { http, HttpResponse, type HttpHandler } from 'msw/http';
import type { ActResult, CampaignRef, Change, Position, Reading } from '../src/adapters/contract.ts';
import { CONTROLS, runControl } from './controls.ts';
import { AnswerError, SimulationError } from './simulation-error.ts';
import type { SimulatedActRequest, SimulatedBackend } from './types.ts';

/** Options of {@link handlers}. */
export interface HandlersOptions {
  /** What a provider gets as `src`: absolute, or in a browser a path such as `/sim/story-1`. */
  readonly baseUrl: string;
  /** Whether `POST {baseUrl}/_sim` runs controls. Default true. */
  readonly controls?: boolean;
}

/** HTTP statuses of refusals. `unavailable` is 503, which a client may retry. */
const REFUSED = { forbidden: 403, invalid: 422, gone: 404, unavailable: 503 } as const;
const BUSY_RETRY_MS = 1_000;

/**
 * MSW request handlers that put a simulated backend behind the kit's HTTP contract. They serve a service worker, `msw/node`, and
 * `getResponse()` alike.
 *
 * Besides the contract there is `GET {baseUrl}/_sim`, the state of the simulation, and `POST {baseUrl}/_sim` with
 * `{"do": "channels.break", "with": ["email"]}`, or the same without `do` at `{baseUrl}/_sim/channels.break`.
 */
export function handlers(backend: SimulatedBackend, { baseUrl, controls = true }: HandlersOptions): HttpHandler[] {
  const base = baseUrl.replace(/\/+$/, '');
  const depth = pathOf(base).length;
  /** The decoded path segments after the base. An id may contain any character. */
  const segmentsOf = (request: Request): string[] => pathOf(request.url).slice(depth).map(decode);
  const campaign = (request: Request): CampaignRef => {
    const [system = '', , id = ''] = segmentsOf(request);
    return { system, id };
  };

  return [
    http.get(`${base}/:system/watch`, ({ request }) =>
      withProblems(async () => {
        const { searchParams } = new URL(request.url);
        const ids = searchParams.getAll('id');
        const since = positionOf(request.headers.get('last-event-id'));
        const cancelled = new AbortController();
        const feed = await backend.connect({
          system: segmentsOf(request)[0] ?? '',
          signal: cancelled.signal,
          ...(ids.length ? { ids } : {}),
          ...(since ? { since } : {}),
        });
        return eventStream(changeEvents(feed), cancelled);
      }),
    ),
    http.get(`${base}/:system/campaigns/:id`, ({ request }) =>
      withProblems(async () => {
        const ref = campaign(request);
        const reading = await backend.get(ref);
        return reading
          ? HttpResponse.json(reading)
          : problem(404, `There is no campaign "${ref.id}" in ${ref.system}.`);
      }),
    ),
    http.post(`${base}/:system/campaigns/:id/actions/:action`, ({ request }) =>
      withProblems(async () => {
        const ref = campaign(request);
        const action = segmentsOf(request)[4] ?? '';
        if (!backend.lifecycles.has(ref.system)) return problem(404, `There is no system "${ref.system}" here.`);
        const idempotencyKey = request.headers.get('idempotency-key') ?? '';
        const intent = intentOf(await bodyOf(request), 'body');
        return actionResponse(await backend.act({ ref, action, ...intent, idempotencyKey }));
      }),
    ),
    http.post(`${base}/:system/actions/:action`, ({ request }) =>
      withProblems(async () => {
        const [system = '', , action = ''] = segmentsOf(request);
        if (!backend.lifecycles.has(system)) return problem(404, `There is no system "${system}" here.`);
        const requests = itemsOf(await bodyOf(request)).map((item, index) => {
          const { id, idempotencyKey } = item as { id?: unknown; idempotencyKey?: unknown };
          const at = `requests[${index}]`;
          if (typeof id !== 'string' || typeof idempotencyKey !== 'string')
            throw new AnswerError(400, `${at} needs {"id": string, "idempotencyKey": string}.`);
          return { ref: { system, id }, action, idempotencyKey, ...intentOf(item, at) };
        });
        return HttpResponse.json({ results: await backend.actMany(requests) });
      }),
    ),
    http.get(`${base}/:system/campaigns/:id/history`, ({ request }) =>
      withProblems(async () => {
        const { searchParams } = new URL(request.url);
        const before = searchParams.get('before');
        const limit = Number(searchParams.get('limit') ?? NaN);
        const page = { limit, ...(before === null ? {} : { before }) };
        return HttpResponse.json(await backend.history(campaign(request), page));
      }),
    ),
    http.get(`${base}/:system/campaigns/:id/diagnosis`, ({ request }) =>
      withProblems(async () => HttpResponse.json({ dependencies: await backend.diagnose(campaign(request)) })),
    ),
    http.get(`${base}/:system/campaigns/:id/log`, ({ request }) =>
      withProblems(async () => {
        const cancelled = new AbortController();
        const feed = await backend.connectLog(campaign(request), cancelled.signal);
        return eventStream(dataEvents(feed), cancelled);
      }),
    ),
    ...(controls ? controlHandlers(backend, base, segmentsOf) : []),
  ];
}

function controlHandlers(
  backend: SimulatedBackend,
  base: string,
  segmentsOf: (request: Request) => string[],
): HttpHandler[] {
  const run = async (request: Request, name?: string): Promise<Response> => {
    try {
      const body = await bodyOf(request);
      const command = name === undefined ? body : { ...(body as object), do: name };
      return HttpResponse.json({ ok: true, result: runControl(backend, command) ?? null });
    } catch (error) {
      if (error instanceof SimulationError || error instanceof RangeError) return problem(422, error.message);
      throw error;
    }
  };
  return [
    http.get(`${base}/_sim`, () => HttpResponse.json(stateOf(backend))),
    http.post(`${base}/_sim`, ({ request }) => withProblems(() => run(request))),
    http.post(`${base}/_sim/:control`, ({ request }) => withProblems(() => run(request, segmentsOf(request)[1]))),
  ];
}

/** The state of the simulation, for a control panel. */
function stateOf(backend: SimulatedBackend): Record<string, unknown> {
  const systems = [...backend.lifecycles.keys()].map((system) => ({
    system,
    cursor: backend.cursor(system),
    openFeeds: backend.openFeeds(system),
    campaigns: backend.campaigns.list(system),
  }));
  const { epoch, channels, agents, faults } = backend;
  return { epoch, systems, channels: channels.list(), agents: agents.list(), faults: faults.state, controls: CONTROLS };
}

/** Turns errors of a request into HTTP answers. */
async function withProblems(work: () => Promise<Response>): Promise<Response> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof AnswerError)) throw error;
    if (error.status === 0) return HttpResponse.error();
    return problem(error.status, error.message, {}, error.retryAfterMs);
  }
}

function actionResponse(result: ActResult): Response {
  if (result.outcome === 'done') return HttpResponse.json({ campaign: result.campaign, epoch: result.epoch });
  if (result.outcome === 'accepted') return new HttpResponse(null, { status: 202 });
  if (result.outcome === 'refused')
    return problem(REFUSED[result.code], result.reason, {}, result.code === 'unavailable' ? BUSY_RETRY_MS : undefined);
  const { campaign, epoch, reason } = result;
  return problem(412, reason, { ...(campaign ? { campaign } : {}), ...(epoch ? { epoch } : {}) });
}

const TITLES: ReadonlyMap<number, string> = new Map([
  [400, 'Bad request'],
  [401, 'Not signed in'],
  [403, 'Not allowed'],
  [404, 'Not found'],
  [409, 'Under way'],
  [410, 'Expired'],
  [412, 'Overtaken'],
  [422, 'Not possible'],
  [429, 'Too many requests'],
  [503, 'Not available now'],
]);

function problem(status: number, detail?: string | null, more: Partial<Reading> = {}, retryAfterMs?: number): Response {
  const body = { type: 'about:blank', title: TITLES.get(status) ?? 'Problem', status, detail, ...more };
  // A response of these statuses must not have a body.
  const content = [101, 204, 205, 304].includes(status) ? null : JSON.stringify(body);
  const headers: Record<string, string> = { 'content-type': 'application/problem+json', 'cache-control': 'no-store' };
  if (retryAfterMs !== undefined) headers['retry-after'] = String(Math.max(1, Math.ceil(retryAfterMs / 1_000)));
  return new HttpResponse(content, { status, headers });
}

async function bodyOf(request: Request): Promise<unknown> {
  try {
    return (await request.json()) as unknown;
  } catch {
    throw new AnswerError(400, 'The body is not JSON.');
  }
}

/** The `expect` and `input` of an action request, single or one of several. */
function intentOf(body: unknown, at: string): Pick<SimulatedActRequest, 'expect' | 'input'> {
  const { expect, input } = (body ?? {}) as { expect?: Record<string, unknown> | null; input?: unknown };
  const { status, revision, epoch } = expect ?? {};
  if (typeof status !== 'string' || typeof revision !== 'number')
    throw new AnswerError(400, `The ${at} needs {"expect": {"status": string, "revision": number}}.`);
  if (input !== undefined && input !== null && typeof input !== 'string')
    throw new AnswerError(400, `The ${at} has an input that is no string.`);
  return {
    expect: { status, revision, ...(typeof epoch === 'string' ? { epoch } : {}) },
    ...(typeof input === 'string' ? { input } : {}),
  };
}

function itemsOf(body: unknown): readonly object[] {
  const { requests } = (body ?? {}) as { requests?: unknown };
  if (!Array.isArray(requests) || requests.some((item) => typeof item !== 'object' || item === null))
    throw new AnswerError(400, 'The body needs {"requests": [{"id", "expect", "idempotencyKey"}]}.');
  return requests as readonly object[];
}

/** Server-sent events of a feed. Ids start with `synced`, because a reader cannot resume within a snapshot. */
async function* changeEvents(feed: AsyncIterable<Change>): AsyncGenerator<string, void, undefined> {
  let epoch = '';
  let synced = false;
  for await (const change of feed) {
    if (typeof change === 'string') {
      yield `data: ${change as string}\n\n`;
      continue;
    }
    // An injected value may have no members.
    const { type, epoch: newEpoch, cursor } = Object(change) as { type?: unknown; epoch?: string; cursor?: string };
    if (type === 'open') epoch = newEpoch ?? '';
    if (type === 'synced') synced = true;
    const id = synced && cursor !== undefined ? `id: ${encodeURIComponent(epoch)}:${encodeURIComponent(cursor)}\n` : '';
    yield `${id}data: ${JSON.stringify(change)}\n\n`;
  }
}

async function* dataEvents(feed: AsyncIterable<unknown>): AsyncGenerator<string, void, undefined> {
  for await (const value of feed) yield `data: ${JSON.stringify(value)}\n\n`;
}

/**
 * A streaming response until the reader leaves. MSW reports that only through `cancel`; the request’s signal never
 * fires.
 */
function eventStream(events: AsyncGenerator<string, void, undefined>, cancelled: AbortController): Response {
  const encoder = new TextEncoder();
  const body = new ReadableStream<Uint8Array>({
    async pull(controller) {
      try {
        const { done, value } = await events.next();
        if (done) controller.close();
        else controller.enqueue(encoder.encode(value));
      } catch (error) {
        controller.error(error);
      }
    },
    cancel: () => cancelled.abort(),
  });
  return new HttpResponse(body, {
    headers: { 'content-type': 'text/event-stream', 'cache-control': 'no-store', 'x-accel-buffering': 'no' },
  });
}

/** Parses `epoch:cursor`, each encoded. An unreadable header is an expired position. */
function positionOf(header: string | null): Position | undefined {
  if (!header) return undefined;
  const [epoch, cursor, ...more] = header.split(':');
  if (epoch === undefined || cursor === undefined || more.length)
    throw new AnswerError(410, 'This position is not one of ours.');
  return { epoch: decode(epoch), cursor: decode(cursor) };
}

function pathOf(url: string): string[] {
  const path = url.replace(/^[a-z][a-z0-9+.-]*:\/\/[^/?#]*/i, '').replace(/[?#].*$/s, '');
  return path.split('/').filter(Boolean);
}

function decode(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}
