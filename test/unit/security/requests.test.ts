/**
 * The requests of the HTTP adapter: they are not cached, follow no redirect, go to no other site, and have no token in
 * the address.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { httpAdapter, type CampaignAdapter, type Feed } from '../../../src/adapters/index.ts';

const TOKEN = 'token-of-user';
const ref = { system: 'flows', id: 'a' };
const { signal } = new AbortController();

const requests: Readonly<Record<string, (adapter: CampaignAdapter<unknown>) => unknown>> = {
  watch: (adapter) => first(adapter.watch({ ...ref, ids: ['a'], since: { epoch: 'e', cursor: 'c' }, signal })),
  get: (adapter) => adapter.get!(ref, signal),
  act: (adapter) =>
    adapter.act({ ref, action: 'stop', expect: { status: 'active', revision: 1 }, idempotencyKey: 'k', signal }),
  diagnose: (adapter) => adapter.diagnose!(ref, signal),
  log: (adapter) => first(adapter.log!(ref, signal)),
};

for (const [what, request] of Object.entries(requests))
  test(what, async () => {
    let sent: { address: string; init: RequestInit } | undefined;
    const adapter = httpAdapter({
      src: '/api',
      headers: () => ({ authorization: `Bearer ${TOKEN}` }),
      fetch: (address, init) => {
        sent = { address: address as string, init: init! };
        return Promise.resolve(new Response(null, { status: 500 }));
      },
    });
    await Promise.resolve(request(adapter)).catch(() => {});
    const { address, init } = sent!;
    assert.deepEqual(
      { redirect: init.redirect, cache: init.cache, credentials: init.credentials, mode: init.mode },
      { redirect: 'manual', cache: 'no-store', credentials: 'same-origin', mode: undefined },
    );
    assert.equal(new Headers(init.headers).get('authorization'), `Bearer ${TOKEN}`);
    assert.doesNotMatch(address, new RegExp(TOKEN));
  });

async function first(feed: Feed<unknown>): Promise<unknown> {
  for await (const value of feed as AsyncIterable<unknown>) return value;
  return undefined;
}
