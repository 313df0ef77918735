/**
 * Ids come from the backend and may be any text. None may lead a request to another address than that of its campaign.
 */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { httpAdapter, type CampaignAdapter } from '../../../src/adapters/index.ts';

const { signal } = new AbortController();
const expect = { status: 'active', revision: 1 };

/** An adapter, and the paths that it requested. */
function recording(): { adapter: CampaignAdapter<unknown>; paths: string[] } {
  const paths: string[] = [];
  const adapter = httpAdapter({
    src: 'https://campaigns.test/api',
    fetch: (address) => {
      // As the browser sends it.
      paths.push(new URL(address as string).pathname);
      return Promise.resolve(Response.json({ campaign: { id: 'x', status: 'active', revision: 2 } }));
    },
  });
  return { adapter, paths };
}

const requests: Readonly<Record<string, (adapter: CampaignAdapter<unknown>, id: string) => Promise<unknown>>> = {
  get: (adapter, id) => adapter.get!({ system: 'flows', id }, signal),
  act: (adapter, id) =>
    adapter.act({ ref: { system: 'flows', id }, action: 'stop', expect, idempotencyKey: 'k', signal }),
  diagnose: async (adapter, id) => adapter.diagnose!({ system: 'flows', id }, signal),
};

describe('an address for each id', () => {
  for (const id of [
    'a/b',
    'a/../b',
    '/',
    '//elsewhere.test',
    '?x=1',
    '#x',
    '%2e%2e',
    '...',
    '..a',
    ' ',
    '\\..\\',
    '\u0000',
    '\ud800',
  ])
    for (const [what, request] of Object.entries(requests))
      test(`${what} ${JSON.stringify(id)} stays below its campaign’s path`, async () => {
        const { adapter, paths } = recording();
        await request(adapter, id);
        const [path = ''] = paths;
        assert.match(path, /^\/api\/flows\/campaigns\/[^/]+(\/actions\/stop|\/diagnosis)?$/);
        assert.equal(decodeURIComponent(path.split('/')[4]!), id.toWellFormed());
      });
});

describe('`.` and `..`, which no URL can hold: parsers remove them, escaped or not', () => {
  for (const id of ['.', '..'])
    test(`as id ${id}: nothing is requested, and an action is refused`, async () => {
      const { adapter, paths } = recording();
      await assert.rejects(requests['get']!(adapter, id), { name: 'AdapterError', code: 'misconfigured' });
      await assert.rejects(requests['diagnose']!(adapter, id), { name: 'AdapterError', code: 'misconfigured' });
      const result = await requests['act']!(adapter, id);
      assert.deepEqual(result, { outcome: 'refused', code: 'invalid', reason: `no address can hold "${id}"` });
      assert.deepEqual(paths, []);
    });

  test('as a system or an action: nothing is requested either', async () => {
    const { adapter, paths } = recording();
    for (const [system, action] of [
      ['..', 'stop'],
      ['flows', '..'],
    ] as const)
      assert.equal(
        (await adapter.act({ ref: { system, id: 'a' }, action, expect, idempotencyKey: 'k', signal })).outcome,
        'refused',
      );
    const feed = adapter.watch({ system: '..', signal }) as AsyncGenerator;
    await assert.rejects(feed.next(), { name: 'AdapterError', code: 'misconfigured' });
    assert.deepEqual(paths, []);
  });
});

test('a position that is not a string is sent as well as possible, so that the backend can answer that it has expired', async () => {
  const sent: (string | null)[] = [];
  const adapter = httpAdapter({
    src: 'https://campaigns.test/api',
    fetch: (_, init) => {
      sent.push(new Headers(init!.headers).get('last-event-id'));
      return Promise.resolve(new Response(null, { status: 410 }));
    },
  });
  const feed = adapter.watch({ system: 'flows', since: { epoch: '\ud800', cursor: 'ü' }, signal }) as AsyncGenerator;
  await assert.rejects(feed.next(), { code: 'expired' });
  assert.deepEqual(sent, ['%EF%BF%BD:%C3%BC']);
});
