/** One action on several campaigns, and a campaign's history, over a real port. */
import assert from 'node:assert/strict';
import { after, beforeEach, describe, test } from 'node:test';
import { httpAdapter, routeAdapter, type ActRequest, type CampaignAdapter } from '../../../src/adapters/index.ts';
import { json, serve } from '../../support/http-server.ts';

const server = await serve();
after(() => server.close());
const { signal } = new AbortController();
const expect = { status: 'active', revision: 4 };
const request = (id: string, more: Partial<ActRequest> = {}): ActRequest => ({
  ref: { system: 'flows', id },
  action: 'stop',
  expect,
  idempotencyKey: `key-${id}`,
  signal,
  ...more,
});
let sent = 0;
beforeEach(() => (sent = server.requests.length));
const newRequests = (): readonly string[] => server.requests.slice(sent).map(({ method, url }) => `${method} ${url}`);

describe('an action on several campaigns', () => {
  test('is one request with a key per campaign, and returns one result each, in order', async () => {
    const results = [{ outcome: 'accepted' }, { outcome: 'refused', code: 'gone' }];
    server.handler = (_, response) => json(response, 200, { results });
    const many = [request('a/b', { input: 'Why' }), request('..')];
    assert.deepEqual(await httpAdapter({ src: server.src }).actMany!(many), results);
    assert.deepEqual(newRequests(), ['POST /api/flows/actions/stop']);
    assert.deepEqual(JSON.parse(server.requests.at(-1)!.body), {
      requests: [
        { id: 'a/b', expect, idempotencyKey: 'key-a/b', input: 'Why' },
        { id: '..', expect, idempotencyKey: 'key-..' },
      ],
    });
  });

  test('is one request per action and system', async () => {
    server.handler = ({ url, body }, response) => {
      const { requests } = JSON.parse(body) as { requests: { id: string }[] };
      json(response, 200, { results: requests.map(({ id }) => ({ outcome: 'accepted', id: `${url} ${id}` })) });
    };
    const many = [
      request('a'),
      request('b', { action: 'start' }),
      request('c', { ref: { system: 'python', id: 'c' } }),
      request('d'),
    ];
    const results = await httpAdapter({ src: server.src }).actMany!(many);
    assert.deepEqual(
      results.map((result) => (result as unknown as { id: string }).id),
      [
        '/api/flows/actions/stop a',
        '/api/flows/actions/start b',
        '/api/python/actions/stop c',
        '/api/flows/actions/stop d',
      ],
    );
    assert.equal(newRequests().length, 3);
  });

  for (const status of [404, 405, 501])
    test(`is sent one by one when the backend answers ${status}, and from then on`, async () => {
      server.handler = ({ url }, response) => {
        if (url.includes('/campaigns/')) response.writeHead(202).end();
        else json(response, status, {});
      };
      const adapter = httpAdapter({ src: server.src });
      const accepted = [{ outcome: 'accepted' }, { outcome: 'accepted' }];
      assert.deepEqual(await adapter.actMany!([request('a'), request('b')]), accepted);
      assert.deepEqual(await adapter.actMany!([request('a'), request('b')]), accepted);
      const single = ['a', 'b'].map((id) => `POST /api/flows/campaigns/${id}/actions/stop`);
      assert.deepEqual([...newRequests()].sort(), ['POST /api/flows/actions/stop', ...single, ...single].sort());
    });

  test('refused as a whole is refused for each', async () => {
    server.handler = (_, response) => json(response, 403, { detail: 'Editors only.' });
    const refused = { outcome: 'refused', code: 'forbidden', reason: 'Editors only.' };
    assert.deepEqual(await httpAdapter({ src: server.src }).actMany!([request('a'), request('b')]), [refused, refused]);
  });

  test('fails with the code of the answer, and as unavailable for any other error', async () => {
    server.handler = ({ url }, response) => {
      if (url.includes('flows')) json(response, 429, {});
      else json(response, 200, { results: [{ outcome: 'accepted' }] });
    };
    const adapter = httpAdapter({ src: server.src });
    await assert.rejects(adapter.actMany!([request('a')]), { code: 'throttled' });
    const other = request('c', { ref: { system: 'python', id: 'c' } });
    await assert.rejects(adapter.actMany!([request('a'), other]), { code: 'unavailable' });
  });

  for (const body of [{}, { results: [] }, { results: 'no' }, null])
    test(`answered by ${JSON.stringify(body)} has an unknown outcome`, async () => {
      server.handler = (_, response) => json(response, 200, body);
      await assert.rejects(httpAdapter({ src: server.src }).actMany!([request('a')]), { code: 'protocol' });
    });
});

describe('a history over HTTP', () => {
  const ref = { system: 'flows', id: 'a/b' };

  test('is requested page by page', async () => {
    const page = { entries: [{ status: 'active', at: 1 }], before: 'ü&=' };
    server.handler = (_, response) => json(response, 200, page);
    const adapter = httpAdapter({ src: server.src });
    assert.deepEqual(await adapter.history!(ref, { limit: 20 }, signal), page);
    await adapter.history!(ref, { before: 'ü&=', limit: 5 }, signal);
    assert.deepEqual(newRequests(), [
      'GET /api/flows/campaigns/a%2Fb/history?limit=20',
      'GET /api/flows/campaigns/a%2Fb/history?before=%C3%BC%26%3D&limit=5',
    ]);
  });

  test('is misconfigured when the backend keeps none', async () => {
    server.handler = (_, response) => json(response, 404, {});
    await assert.rejects(httpAdapter({ src: server.src }).history!(ref, { limit: 20 }, signal), {
      code: 'misconfigured',
    });
  });
});

describe('routeAdapter', () => {
  const part = (name: string, more: Partial<CampaignAdapter<unknown>> = {}): CampaignAdapter<unknown> => ({
    watch: () => (async function* () {})(),
    act: () => Promise.resolve({ outcome: 'accepted' }),
    actMany: (requests) =>
      Promise.resolve(requests.map(({ ref }) => ({ outcome: 'conflict', reason: `${name} ${ref.id}` }))),
    ...more,
  });

  test('passes each adapter its requests at once, and returns the results in the original order', async () => {
    const adapter = routeAdapter({ flows: part('f'), python: part('p') });
    const results = await adapter.actMany!([
      request('a'),
      request('b', { ref: { system: 'python', id: 'b' } }),
      request('c'),
    ]);
    assert.deepEqual(
      results.map((result) => (result.outcome === 'conflict' ? result.reason : '')),
      ['f a', 'p b', 'f c'],
    );
  });

  test('supports actMany only if all adapters do, and history if one does', async () => {
    const { actMany: _, ...single } = part('p');
    assert.equal(routeAdapter({ flows: part('f'), python: single }).actMany, undefined);
    assert.equal(routeAdapter({ flows: single }).history, undefined);
    const history = () => Promise.resolve({ entries: [] });
    const mixed = routeAdapter({ flows: part('f', { history }), python: single });
    assert.deepEqual(await mixed.history!({ system: 'flows', id: 'a' }, { limit: 1 }, signal), { entries: [] });
    await assert.rejects(mixed.history!({ system: 'python', id: 'a' }, { limit: 1 }, signal), {
      code: 'misconfigured',
    });
  });
});
