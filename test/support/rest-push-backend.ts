import { randomUUID } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import { backendControl, simulateBackend, simulatedAdapter, type SimulatedBackend } from '../../mocks/index.ts';
import type { CampaignRecord, Change } from '../../src/adapters/index.ts';
import { isAbsent } from '../../src/util/is-absent.ts';
import { json, type Received, serve, stream, type TestServer } from './http-server.ts';

const SYSTEM = 'flows';
/** The backend's names of the kit's statuses. */
const STATES: Readonly<Record<string, string>> = { inactive: 'PAUSED', active: 'RUNNING', error: 'FAILED' };
const KEEP_ALIVE_MS = 1000;

/** A campaign as this backend has it. */
interface Row {
  readonly campaign_id: number;
  readonly display_name: string | null;
  readonly run_state: string;
  readonly last_error: string | null;
  readonly updated_at: string | null;
  readonly blocked_by: readonly string[] | null;
}

/**
 * A REST backend that was not made for the kit, and pushes: snake case, nulls, ids that are numbers and its own, a list with a cursor,
 * no revisions; server-sent events that carry the row as it was then, with comments that keep the connection alive. `/test` controls
 * it. A simulated backend does the work.
 */
export async function startRestPushBackend(): Promise<TestServer & { readonly backend: SimulatedBackend }> {
  const backend = simulateBackend({ sampleData: 'empty', tickMs: 0, processingMs: 20 });
  const clients = new Set<ServerResponse>();
  const held: string[] = [];
  let isHolding = false;
  const send = (text: string): void => clients.forEach((client) => void client.write(text));
  const push = (text: string): void => void (isHolding ? held.push(text) : send(text));
  const hold = (on: boolean): void => {
    isHolding = on;
    if (!on) for (const text of held.splice(0)) send(text);
  };
  const over = new AbortController();
  void pushChanges(backend, over.signal, push);
  const keepAlive = setInterval(() => send(': still here\n\n'), KEEP_ALIVE_MS);

  const server = await serve((request, response) => {
    if (new URL(request.url, 'http://x').pathname === '/v2/flows/events') {
      stream(response, ': connected\n\n');
      clients.add(response);
      response.on('close', () => clients.delete(response));
      return;
    }
    void answer(backend, request, hold).then(({ status, body }) => json(response, status, body));
  });
  return {
    ...server,
    backend,
    close: async () => {
      clearInterval(keepAlive);
      over.abort();
      backend.dispose();
      await server.close();
    },
  };
}

/** Pushes each change as an event with the row as it is then. */
async function pushChanges(backend: SimulatedBackend, signal: AbortSignal, push: (text: string) => void) {
  const feed = simulatedAdapter(backend).watch({ system: SYSTEM, signal }) as AsyncIterable<Change>;
  for await (const change of feed) {
    if (change.type === 'upsert') for (const row of change.items) push(event('campaign_updated', rowOf(row)));
    if (change.type === 'remove')
      for (const { id } of change.items) push(event('campaign_deleted', { campaign_id: Number(id) }));
  }
}

async function answer(
  backend: SimulatedBackend,
  { method, url, body }: Received,
  hold: (on: boolean) => void,
): Promise<{ status: number; body: unknown }> {
  const { pathname, searchParams } = new URL(url, 'http://x');
  const [root, , , id, verb] = pathname.slice(1).split('/');
  if (root === 'test') return control(backend, method, id, JSON.parse(body || '{}') as Partial<Row>, hold);
  if (id === undefined) {
    const after = Number(searchParams.get('cursor') || 0);
    const rows = backend.campaigns.list(SYSTEM).map(rowOf);
    const rest = rows.filter(({ campaign_id }) => campaign_id > after).sort((a, b) => a.campaign_id - b.campaign_id);
    const data = rest.slice(0, Number(searchParams.get('limit') || 20));
    return { status: 200, body: { data, next_cursor: data.length < rest.length ? data.at(-1)!.campaign_id : null } };
  }
  const ref = { system: SYSTEM, id };
  const found = backend.campaigns.get(ref);
  if (!found) return { status: 404, body: { error_message: `There is no campaign ${id}.` } };
  if (verb === undefined) return { status: 200, body: rowOf(found.record) };
  const { status, revision } = found.record;
  const expect = { status, revision };
  const result = await backend.act({ ref, action: verb, expect, idempotencyKey: randomUUID() });
  if (result.outcome === 'conflict') return { status: 409, body: { error_message: result.reason } };
  if (result.outcome === 'refused') return { status: 422, body: { error_message: result.reason } };
  return { status: 202, body: {} };
}

/** The interface for tests: POST creates a campaign and answers its id, PATCH changes it, DELETE removes it, PUT holds back pushes. */
async function control(
  backend: SimulatedBackend,
  method: string,
  id: string | undefined,
  row: Partial<Row> & { hold?: boolean },
  hold: (on: boolean) => void,
): Promise<{ status: number; body: unknown }> {
  const { seed, change, remove } = backendControl(backend, SYSTEM);
  const status = Object.keys(STATES).find((one) => STATES[one] === row.run_state) ?? row.run_state;
  const facts = {
    ...(isAbsent(row.display_name) ? {} : { name: row.display_name }),
    ...(status === undefined ? {} : { status }),
    ...(isAbsent(row.last_error) ? {} : { message: row.last_error }),
    ...(isAbsent(row.blocked_by) ? {} : { missing: row.blocked_by }),
  };
  if (method === 'PUT') hold(row.hold === true);
  else if (method === 'DELETE') await remove(id!);
  else if (method === 'PATCH') await change(id!, facts);
  else {
    const made =
      Math.max(0, ...backend.campaigns.list(SYSTEM).map((one) => Number(one.id)), lastId.get(backend) ?? 0) + 1;
    lastId.set(backend, made);
    await seed([{ id: String(made), name: `Campaign ${made}`, status: '', ...facts }]);
    return { status: 201, body: { campaign_id: made } };
  }
  return { status: 200, body: {} };
}

/** The highest id that a backend ever gave: none is given twice. */
const lastId = new WeakMap<SimulatedBackend, number>();

function rowOf({ id, name, status, message, at, missing }: CampaignRecord): Row {
  return {
    campaign_id: Number(id),
    display_name: name ?? null,
    run_state: STATES[status] ?? status,
    last_error: message ?? null,
    updated_at: at === undefined || at === null ? null : new Date(at).toISOString(),
    blocked_by: missing ?? null,
  };
}

function event(name: string, data: unknown): string {
  return `event: ${name}\ndata: ${JSON.stringify(data)}\n\n`;
}
