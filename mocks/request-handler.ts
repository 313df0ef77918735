import type { ActResult, CampaignRef, Change, Position, Reading } from '../src/adapters/contract.ts';
import { CONTROLS, runControl } from './controls.ts';
import { AnswerError, SimulationError } from './simulation-error.ts';
import type { SimulatedActRequest, SimulatedBackend } from './types.ts';

/** Options of {@link requestHandler}. */
export interface RequestHandlerOptions {
  /** What a provider gets as `src`: absolute, or in a browser a path such as `/sim/story-1`. */
  readonly baseUrl: string;
  /** Whether `POST {baseUrl}/_sim` runs controls. Default true. */
  readonly controls?: boolean;
}

/** A request below the base URL, with the decoded values of its path. */
interface RouteRequest {
  readonly request: Request;
  readonly query: URLSearchParams;
  /** The value of `:system`, and so on; `''` where the path has none. */
  readonly system: string;
  readonly id: string;
  readonly action: string;
  readonly control: string;
  readonly ref: CampaignRef;
}

interface Route {
  readonly method: string;
  /** Segments after the base URL; `:name` takes any. */
  readonly path: string;
  answer(backend: SimulatedBackend, request: RouteRequest): Promise<Response>;
}

/** HTTP statuses of refusals. `unavailable` is 503, which a client may retry. */
const REFUSED = { forbidden: 403, invalid: 422, gone: 404, unavailable: 503 } as const;
const BUSY_RETRY_MS = 1_000;

const CONTRACT: readonly Route[] = [
  {
    method: 'GET',
    path: ':system/watch',
    async answer(backend, { request, query, system }) {
      const ids = query.getAll('id');
      const since = positionOf(request.headers.get('last-event-id'));
      const cancelled = new AbortController();
      const feed = await backend.connect({
        system,
        signal: cancelled.signal,
        ...(ids.length ? { ids } : {}),
        ...(since ? { since } : {}),
      });
      return eventStream(changeEvents(feed), cancelled);
    },
  },
  {
    method: 'GET',
    path: ':system/campaigns/:id',
    async answer(backend, { ref }) {
      const reading = await backend.get(ref);
      return reading ? Response.json(reading) : problem(404, `There is no campaign "${ref.id}" in ${ref.system}.`);
    },
  },
  {
    method: 'POST',
    path: ':system/campaigns/:id/actions/:action',
    async answer(backend, { request, ref, action }) {
      requireSystem(backend, ref.system);
      const idempotencyKey = request.headers.get('idempotency-key') ?? '';
      const intent = intentOf(await bodyOf(request), 'body');
      return actionResponse(await backend.act({ ref, action, ...intent, idempotencyKey }));
    },
  },
  {
    method: 'POST',
    path: ':system/actions/:action',
    async answer(backend, { request, system, action }) {
      requireSystem(backend, system);
      const requests = itemsOf(await bodyOf(request)).map((item, index) => {
        const { id, idempotencyKey } = item as { id?: unknown; idempotencyKey?: unknown };
        const at = `requests[${index}]`;
        if (typeof id !== 'string' || typeof idempotencyKey !== 'string')
          throw new AnswerError(400, `${at} needs {"id": string, "idempotencyKey": string}.`);
        return { ref: { system, id }, action, idempotencyKey, ...intentOf(item, at) };
      });
      return Response.json({ results: await backend.actMany(requests) });
    },
  },
  {
    method: 'GET',
    path: ':system/campaigns/:id/history',
    async answer(backend, { query, ref }) {
      const before = query.get('before');
      const page = { limit: Number(query.get('limit') ?? NaN), ...(before === null ? {} : { before }) };
      return Response.json(await backend.history(ref, page));
    },
  },
  {
    method: 'GET',
    path: ':system/campaigns/:id/diagnosis',
    answer: async (backend, { ref }) => Response.json({ dependencies: await backend.diagnose(ref) }),
  },
  {
    method: 'GET',
    path: ':system/campaigns/:id/log',
    async answer(backend, { ref }) {
      const cancelled = new AbortController();
      const feed = await backend.connectLog(ref, cancelled.signal);
      return eventStream(dataEvents(feed), cancelled);
    },
  },
];

const SIMULATION: readonly Route[] = [
  { method: 'GET', path: '_sim', answer: (backend) => Promise.resolve(Response.json(stateOf(backend))) },
  {
    method: 'POST',
    path: '_sim',
    answer: async (backend, { request }) => controlResponse(backend, await bodyOf(request)),
  },
  {
    method: 'POST',
    path: '_sim/:control',
    answer: async (backend, { request, control }) =>
      controlResponse(backend, { ...((await bodyOf(request)) as object), do: control }),
  },
];

/**
 * Puts a simulated backend behind the kit’s HTTP contract, as a function of a request: for a server, a test runner’s
 * network mock, or with {@link handlers} for MSW. It returns `undefined` for a path that it does not serve.
 *
 * Besides the contract there is `GET {baseUrl}/_sim`, the state of the simulation, and `POST {baseUrl}/_sim` with
 * `{"do": "campaigns.rename", "with": [{"system": "flows", "id": "review-request"}, "Reviews"]}`, or the same without
 * `do` at `{baseUrl}/_sim/campaigns.rename`.
 */
export function requestHandler(
  backend: SimulatedBackend,
  { baseUrl, controls = true }: RequestHandlerOptions,
): (request: Request) => Promise<Response | undefined> {
  const base = segmentsOf(baseUrl);
  const routes = controls ? [...CONTRACT, ...SIMULATION] : CONTRACT;
  return async (request) => {
    const segments = segmentsOf(request.url);
    if (base.some((segment, index) => segment !== segments[index])) return undefined;
    const path = segments.slice(base.length);
    const isHead = request.method === 'HEAD';
    for (const { method, path: pattern, answer } of routes) {
      const values = (isHead ? 'GET' : request.method) === method ? valuesOf(pattern.split('/'), path) : undefined;
      if (!values) continue;
      const { system = '', id = '', action = '', control = '' } = values;
      const query = new URL(request.url).searchParams;
      const routed = { request, query, system, id, action, control, ref: { system, id } };
      const response = await withProblems(() => answer(backend, routed));
      return isHead ? withoutBody(response) : response;
    }
    return undefined;
  };
}

/** The same answer without its body, which ends a stream. */
async function withoutBody(response: Response): Promise<Response> {
  await response.body?.cancel();
  return new Response(null, response);
}

/** The values of the `:name` segments; `undefined` if the path does not match. */
function valuesOf(pattern: readonly string[], path: readonly string[]): Record<string, string> | undefined {
  if (pattern.length !== path.length) return undefined;
  const values: Record<string, string> = {};
  for (const [index, segment] of pattern.entries()) {
    if (segment.startsWith(':')) values[segment.slice(1)] = decode(path[index]!);
    else if (segment !== path[index]) return undefined;
  }
  return values;
}

function requireSystem(backend: SimulatedBackend, system: string): void {
  if (!backend.lifecycles.has(system)) throw new AnswerError(404, `There is no system "${system}" here.`);
}

function controlResponse(backend: SimulatedBackend, command: unknown): Response {
  try {
    return Response.json({ ok: true, result: runControl(backend, command) ?? null });
  } catch (error) {
    if (error instanceof SimulationError || error instanceof RangeError) return problem(422, error.message);
    throw error;
  }
}

/** The state of the simulation, for a control panel. */
function stateOf(backend: SimulatedBackend): Record<string, unknown> {
  const systems = [...backend.lifecycles.keys()].map((system) => ({
    system,
    cursor: backend.cursor(system),
    openFeeds: backend.openFeeds(system),
    campaigns: backend.campaigns.list(system),
  }));
  const { epoch, dependencies, faults } = backend;
  return { epoch, systems, dependencies: dependencies.list(), faults: faults.state, controls: CONTROLS };
}

/** Turns errors of a request into HTTP answers. */
async function withProblems(work: () => Promise<Response>): Promise<Response> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof AnswerError)) throw error;
    if (error.status === 0) return Response.error();
    return problem(error.status, error.message, {}, error.retryAfterMs);
  }
}

function actionResponse(result: ActResult): Response {
  if (result.outcome === 'done') return Response.json({ campaign: result.campaign, epoch: result.epoch });
  if (result.outcome === 'accepted') return new Response(null, { status: 202 });
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
  const content = [204, 205, 304].includes(status) ? null : JSON.stringify(body);
  const headers: Record<string, string> = { 'content-type': 'application/problem+json', 'cache-control': 'no-store' };
  if (retryAfterMs !== undefined) headers['retry-after'] = String(Math.max(1, Math.ceil(retryAfterMs / 1_000)));
  return new Response(content, { status, headers });
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
 * A streaming response until the reader leaves. That shows only in `cancel`: the signal of a request that MSW passes on
 * never fires.
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
  return new Response(body, {
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

/** The segments of a path, not decoded: an id may contain any character. */
function segmentsOf(url: string): string[] {
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
