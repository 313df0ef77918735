/** Bodies that try to change the prototype of all objects, over a real port, in every place where a body is read. */
import assert from 'node:assert/strict';
import { after, afterEach, describe, test } from 'node:test';
import { startServer } from '../../../mocks/server/start-server.ts';
import { httpAdapter } from '../../../src/adapters/index.ts';
import { createCampaignStore, type StoreEvent } from '../../../src/store/index.ts';
import { serve, stream } from '../../support/http-server.ts';
import { record } from '../../support/store-fixture.ts';
import { until } from '../../support/until.ts';

const server = await serve();
const backend = await startServer({ backend: { tickMs: 0 } });
after(() => Promise.all([server.close(), backend.close()]));

const untouched = Object.getOwnPropertyNames(Object.prototype).sort();
afterEach(() => {
  assert.deepEqual(Object.getOwnPropertyNames(Object.prototype).sort(), untouched);
  for (const one of [{}, [], '', () => {}]) assert.equal('polluted' in Object(one), false);
});

const POISON =
  '"__proto__":{"polluted":1,"status":"polluted"},"constructor":{"prototype":{"polluted":1}},"prototype":{"polluted":1}';

/** As JSON, with the attack in every object. */
function poisoned(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(poisoned).join()}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const members = Object.entries(value).map(([key, member]) => `${JSON.stringify(key)}:${poisoned(member)}`);
  return `{${[POISON, ...members].join()}}`;
}

const row = (revision: number, more = {}): object => ({
  id: 'a',
  status: 'error',
  revision,
  name: 'A',
  missing: ['__proto__'],
  cause: { kind: '__proto__', id: 'constructor', name: 'prototype' },
  denied: { stop: 'no' },
  ...more,
});
const events = (...values: readonly unknown[]): string[] => values.map((value) => `data: ${poisoned(value)}\n\n`);

server.handler = ({ method, url }, response) => {
  if (url.endsWith('/watch'))
    return stream(
      response,
      ...events(
        { type: 'open', mode: 'snapshot', epoch: '__proto__' },
        { type: 'page', items: [row(1), row(1, { id: '__proto__' }), row(1, { id: 'constructor' })] },
        { type: 'synced', cursor: '__proto__', count: 3 },
        { type: 'upsert', items: [row(2, { message: 'polluted?' })] },
        { type: 'remove', items: [{ id: 'constructor', revision: 2, reason: '__proto__' }] },
        { type: 'heartbeat', count: 2 },
        { type: '__proto__' },
      ),
    );
  if (url.includes('/log')) return stream(response, ...events([{ text: '__proto__', level: 'info' }]));
  const type = { 'content-type': method === 'POST' ? 'application/problem+json' : 'application/json' };
  if (url.endsWith('/diagnosis'))
    return void response
      .writeHead(200, type)
      .end(poisoned({ dependencies: [{ kind: 'channel', id: '__proto__', name: 'C', state: 'running' }] }));
  if (method === 'POST')
    return void response
      .writeHead(412, type)
      .end(poisoned({ detail: '__proto__', campaign: row(3), epoch: '__proto__' }));
  return void response
    .writeHead(200, type)
    .end(poisoned({ campaign: row(4, { status: 'active' }), epoch: '__proto__' }));
};

describe('what a backend sends', () => {
  test('feed, log, diagnosis, reading and answer are read, and no prototype changes', async () => {
    const reports: StoreEvent[] = [];
    const store = createCampaignStore({
      adapter: httpAdapter({ src: server.src }),
      graceMs: 0,
      report: (event) => reports.push(event),
    });
    try {
      const ref = { system: 'flows', id: 'a' };
      const list = record(store.list('flows'));
      const view = record(store.campaign(ref));
      const log = record(store.log({ system: 'python', id: 'a' }));
      const diagnosis = record(store.diagnosis(ref));
      await until(() => reports.some(({ kind }) => kind === 'dropped'));
      await until(() => log.last.entries.length > 0 && diagnosis.last.dependencies.length > 0);
      assert.deepEqual([...list.last.ids].sort(), ['__proto__', 'a']);
      assert.equal(view.last.status, 'error');
      assert.equal(view.last.message, 'polluted?');
      assert.deepEqual(view.last.cause, { kind: '__proto__', id: 'constructor', name: 'prototype' });
      assert.equal(store.campaign({ system: 'flows', id: '__proto__' }).value.status, 'error');
      assert.deepEqual(
        diagnosis.last.dependencies.map(({ id }) => id),
        ['__proto__'],
      );

      const outcome = await store.perform(ref, 'start');
      assert.deepEqual(outcome, { outcome: 'conflict', reason: { code: 'conflict', text: '__proto__' } });
      await store.refresh(ref);
      await until(() => view.last.status === 'active');
      const unknown = reports
        .filter(({ kind }) => kind === 'dropped')
        .map(({ detail }) => (detail as { problem: string }).problem);
      assert.deepEqual(unknown, ['unknown change type "__proto__"']);
    } finally {
      store.dispose();
    }
  });
});

describe('what is sent to the simulated backend', () => {
  const post = (path: string, value: unknown): Promise<Response> =>
    fetch(`${backend.url}/${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'idempotency-key': String(Math.random()) },
      body: poisoned(value),
    });

  test('an action', async () => {
    const { id } = backend.backend.campaigns.list('flows').find(({ status }) => status === 'active')!;
    const answer = await post(`flows/campaigns/${id}/actions/stop`, { expect: { status: 'active', revision: 1 } });
    assert.equal(answer.status, 200);
  });

  test('a control', async () => {
    const added = await post('_sim', { do: 'campaigns.add', with: [{ system: 'flows', name: 'x' }] });
    // The backend refuses unknown members.
    assert.equal(added.status, 422);
  });

  for (const path of ['__proto__/watch', 'constructor/campaigns/toString', 'flows/campaigns/__proto__'])
    test(path, async () => assert.equal((await fetch(`${backend.url}/${path}`)).status, 404));
});
