/** A store over httpAdapter, with a `fetch` that ignores its signal: the stream itself must be cancelled. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { httpAdapter } from '../../../src/adapters/index.ts';
import { settled } from '../../support/environment.ts';
import { row } from '../../support/scripted-adapter.ts';
import { createFixture, record } from '../../support/store-fixture.ts';

/** A live feed over streams that only end when they are cancelled. */
async function streaming() {
  const streams: { cancelled: boolean }[] = [];
  const encoder = new TextEncoder();
  const fetch = (): Promise<Response> => {
    const stream = { cancelled: false };
    streams.push(stream);
    const changes = [
      { type: 'open', mode: 'snapshot', epoch: 'e1', heartbeatMs: 5000 },
      { type: 'page', items: [row('a', 'active')] },
      { type: 'synced', cursor: 'c1' },
    ];
    const body = new ReadableStream<Uint8Array>({
      start: (controller) =>
        changes.forEach((change) => controller.enqueue(encoder.encode(`data: ${JSON.stringify(change)}\n\n`))),
      cancel: () => void (stream.cancelled = true),
    });
    return Promise.resolve(new Response(body, { headers: { 'content-type': 'text/event-stream' } }));
  };
  const { store, env } = createFixture({ adapter: httpAdapter({ src: 'https://backend.test/api', fetch }) });
  const list = record(store.list('flows'));
  const state = (): string => store.connection('flows').value.state;
  for (let turn = 0; state() !== 'live' && turn < 100; turn++) await env.advance(0);
  assert.equal(state(), 'live');
  assert.deepEqual(
    streams.map(({ cancelled }) => cancelled),
    [false],
  );
  return { store, env, list, streams };
}

type Streaming = Awaited<ReturnType<typeof streaming>>;

describe('the stream of an idle feed is cancelled, although `fetch` ignores the signal, when', () => {
  for (const [what, happens] of [
    ['the last observer has left', async ({ env, list }) => (list.stop(), env.advance(5000))],
    ['the store is disposed of', ({ store }) => store.dispose()],
    ['the page is put away', ({ env }) => env.page.enterCache()],
    ['its heartbeats stop', ({ env }) => env.advance(7000)],
    [
      'its successor is synced',
      async ({ store, env }) => {
        const refreshed = store.refresh({ system: 'flows' });
        for (let turn = 0; turn < 20; turn++) await env.advance(0);
        assert.equal(await refreshed, true);
      },
    ],
  ] as readonly [string, (all: Streaming) => unknown][])
    test(what, async () => {
      const all = await streaming();
      await happens(all);
      await settled();
      await settled();
      assert.equal(all.streams[0]!.cancelled, true);
      all.store.dispose();
    });
});
