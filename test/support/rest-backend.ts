import { randomUUID } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import { backendControl, simulateBackend, type SimulatedBackend, type SimulateOptions } from '../../mocks/index.ts';
import type { CampaignRecord, CampaignRef } from '../../src/adapters/index.ts';
import { transitions } from '../../src/lifecycle/index.ts';
import { json, type Received, serve, type TestServer } from './http-server.ts';

/** The backend's names of the kit's statuses. */
const STATES: Readonly<Record<string, string>> = {
  inactive: 'PAUSED',
  active: 'RUNNING',
  error: 'FAILED',
  created: 'DRAFT',
  configured: 'READY',
  running: 'RUNNING',
};

/** A campaign as this backend has it. */
export interface Item {
  readonly key: string;
  readonly title: string;
  readonly state: string;
  readonly problem: string | null;
  readonly changed: string;
  readonly blockers: readonly string[];
}

/**
 * A small REST backend that was not made for the kit: its own field names and statuses, lists by offset, PATCH of the
 * state, no revisions, no keys, no feed. It obeys the lifecycles' rules, because a simulated backend does the work.
 */
export interface RestBackend extends TestServer {
  readonly backend: SimulatedBackend;
  /** Answers in place of the backend while it returns true; it may also leave a request unanswered. */
  trouble: ((request: Received, response: ServerResponse) => boolean) | undefined;
  /** Runs once, after the next request of this method has had its effect and before its answer is sent. */
  before(method: string, work: (response: ServerResponse) => Promise<void> | void): void;
}

export async function startRestBackend(options: SimulateOptions & { port?: number } = {}): Promise<RestBackend> {
  const { port = 0, ...simulation } = options;
  const backend = simulateBackend({ tickMs: 0, processingMs: 20, ...simulation });
  const waiting: { method: string; work: Parameters<RestBackend['before']>[1] }[] = [];
  const server = await serve((request, response) => {
    if (rest.trouble?.(request, response)) return;
    void answer(backend, request).then(async ({ status, body }) => {
      const index = waiting.findIndex(({ method }) => method === request.method);
      if (index >= 0) await waiting.splice(index, 1)[0]!.work(response);
      if (!response.destroyed) json(response, status, body);
    });
  }, port);
  const close = server.close;
  const rest: RestBackend = Object.assign(server, {
    backend,
    trouble: undefined,
    before: (...[method, work]: Parameters<RestBackend['before']>) => void waiting.push({ method, work }),
    close: async () => {
      backend.dispose();
      await close();
    },
  });
  return rest;
}

async function answer(backend: SimulatedBackend, request: Received): Promise<{ status: number; body: unknown }> {
  const { pathname, searchParams } = new URL(request.url, 'http://localhost');
  const [, root, system = '', ...path] = pathname.split('/').map(decodeURIComponent);
  if (!backend.lifecycles.has(system)) return problem(404, `There is no ${system} here.`);
  if (root === 'test') return behind(backend, system, path[0]!, request);
  const key = path[1];
  if (key === undefined) {
    const offset = Number(searchParams.get('offset') ?? 0);
    const limit = Math.min(Number(searchParams.get('limit') ?? 10), 100);
    const all = backend.campaigns.list(system).map(itemOf);
    return { status: 200, body: { items: all.slice(offset, offset + limit), total: all.length } };
  }
  const ref = { system, id: key };
  const found = backend.campaigns.get(ref);
  if (!found) return problem(404, `There is no campaign ${key}.`);
  if (request.method !== 'PATCH') return { status: 200, body: itemOf(found.record) };
  return patch(backend, ref, found.record, JSON.parse(request.body) as { state?: string });
}

async function patch(
  backend: SimulatedBackend,
  ref: CampaignRef,
  { status, revision }: CampaignRecord,
  { state }: { state?: string },
): Promise<{ status: number; body: unknown }> {
  const lifecycle = backend.lifecycles.get(ref.system)!;
  const moves = transitions(lifecycle).filter(({ from }) => from === status);
  const action = moves.find(({ to }) => STATES[to] === state)?.action;
  if (!action) return problem(409, `A campaign that is ${STATES[status]} can't be turned ${state}.`);
  const result = await backend.act({ ref, action, expect: { status, revision }, idempotencyKey: randomUUID() });
  if (result.outcome === 'refused') return problem(result.code === 'forbidden' ? 403 : 422, result.reason);
  if (result.outcome === 'conflict') return problem(409, result.reason);
  return { status: 200, body: itemOf(backend.campaigns.get(ref)!.record) };
}

/**
 * The control interface for tests, beside the API: PUT creates a campaign, PATCH changes any part of it, DELETE removes
 * it.
 */
async function behind(
  backend: SimulatedBackend,
  system: string,
  id: string,
  { method, body }: Received,
): Promise<{ status: number; body: unknown }> {
  const control = backendControl(backend, system);
  if (method === 'DELETE') await control.remove(id);
  else {
    const { title, state, problem, blockers } = JSON.parse(body) as Partial<Item>;
    const statuses = Object.keys(backend.lifecycles.get(system)!.statuses);
    const facts = {
      ...(title === undefined ? {} : { name: title }),
      ...(state === undefined ? {} : { status: statuses.find((status) => STATES[status] === state) ?? state }),
      ...(typeof problem === 'string' ? { message: problem } : {}),
      ...(blockers === undefined ? {} : { missing: blockers }),
    };
    if (method === 'PUT') await control.seed([{ id, name: id, status: '', ...facts }]);
    else await control.change(id, facts);
  }
  return { status: 200, body: {} };
}

function problem(status: number, detail?: string | null): { status: number; body: unknown } {
  return { status, body: { detail } };
}

function itemOf({ id, name, status, message, at, missing }: CampaignRecord): Item {
  return {
    key: id,
    title: name ?? id,
    state: STATES[status] ?? status,
    problem: message ?? null,
    changed: new Date(at ?? 0).toISOString(),
    blockers: missing ?? [],
  };
}
