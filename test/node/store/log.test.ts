/** The engine log of one campaign. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { LogEntry } from '../../../src/adapters/index.ts';
import { pythonRef, record, createFixture } from '../support/store-fixture.ts';

const p = pythonRef('p');
const lines = (...texts: readonly string[]): LogEntry[] => texts.map((text) => ({ text }));
const texts = (view: { entries: readonly LogEntry[] }): string[] => view.entries.map(({ text }) => text);

test('loading, live, each value appended, once per frame', async () => {
  const { store, adapter, env } = createFixture();
  const seen = record(store.log(p));
  assert.deepEqual(seen.last, { entries: [], dropped: 0, state: 'loading' });
  adapter.logs[0]!.push(lines('1', '2'), lines('3'));
  await env.frameOver();
  assert.equal(seen.values.length, 2);
  assert.deepEqual(texts(seen.last), ['1', '2', '3']);
  assert.equal(seen.last.state, 'live');
});

test('an empty log is live with its first, empty value', async () => {
  const { store, adapter, env } = createFixture();
  const seen = record(store.log(p));
  adapter.logs[0]!.push([]);
  await env.frameOver();
  assert.deepEqual(seen.last, { entries: [], dropped: 0, state: 'live' });
});

test('an emitted value is never changed later', async () => {
  const { store, adapter, env } = createFixture();
  const seen = record(store.log(p));
  adapter.logs[0]!.push(lines('1'));
  await env.frameOver();
  const before = seen.last;
  adapter.logs[0]!.push(lines('2'));
  await env.frameOver();
  assert.deepEqual(texts(before), ['1']);
});

test('lost: its entries stay; a new subscription starts over', async () => {
  const { store, adapter, env } = createFixture();
  const seen = record(store.log(p));
  adapter.logs[0]!.push(lines('1', '2'));
  adapter.logs[0]!.end();
  await env.frameOver();
  assert.equal(seen.last.state, 'lost');
  assert.deepEqual(texts(seen.last), ['1', '2']);
  await env.advance(500);
  adapter.logs[1]!.push(lines('1', '2', '3'));
  await env.frameOver();
  assert.deepEqual(texts(seen.last), ['1', '2', '3']);
  assert.equal(seen.last.state, 'live');
});

test('delays between attempts grow, and start over after a healthy period', async () => {
  const { store, adapter, env } = createFixture();
  record(store.log(p));
  const pauses: number[] = [];
  const end = async (): Promise<void> => {
    const count = adapter.logs.length;
    const began = env.monotonic();
    adapter.logs.at(-1)!.end();
    while (adapter.logs.length === count) await env.advance(100);
    pauses.push(env.monotonic() - began);
  };
  for (let attempt = 0; attempt < 4; attempt++) await end();
  await env.advance(30_000);
  await end();
  assert.deepEqual(pauses, [500, 1000, 2000, 4000, 500]);
});

test('the newest five thousand entries are kept; older ones are counted', async () => {
  const { store, adapter, env } = createFixture();
  const seen = record(store.log(p));
  for (let batch = 0; batch < 6; batch++)
    adapter.logs[0]!.push(Array.from({ length: 1000 }, (_, index) => ({ text: `${batch * 1000 + index}` })));
  await env.frameOver();
  assert.equal(seen.last.entries.length, 5000);
  assert.equal(seen.last.entries[0]!.text, '1000');
  assert.equal(seen.last.dropped, 1000);
});

test('entries are untrusted: texts are cleaned, invalid ones are dropped and reported', async () => {
  const { store, adapter, env, reported } = createFixture();
  const seen = record(store.log(p));
  adapter.logs[0]!.push([
    { text: 'a\u001b[0m\tb\u0000', at: '2026-01-01T00:00:00Z', level: 'error', secret: 1 },
    { text: 5 },
    null,
    { text: 'x', level: 'fatal' },
  ] as unknown as LogEntry[]);
  adapter.logs[0]!.push('nonsense' as unknown as LogEntry[]);
  await env.frameOver();
  assert.deepEqual(seen.last.entries, [{ text: 'a[0m\tb', at: Date.UTC(2026, 0, 1), level: 'error' }]);
  assert.equal(reported('dropped'), 4);
  assert.equal(seen.last.state, 'live');
});

test('an adapter without logs is unsupported', async () => {
  const { store, adapter, env } = createFixture();
  adapter.log = undefined as never;
  assert.deepEqual(record(store.log(p)).last, { entries: [], dropped: 0, state: 'unsupported' });
  await env.advance(60_000);
  assert.equal(env.timers, 0);
});

test('a later observer sees it loading, not the old entries', async () => {
  const { store, adapter, env } = createFixture();
  const live = store.log(p);
  const first = record(live);
  adapter.logs[0]!.push(lines('1'));
  await env.frameOver();
  first.stop();
  assert.equal(adapter.logs[0]!.open, false);
  const again = record(live);
  assert.deepEqual(again.last, { entries: [], dropped: 0, state: 'loading' });
  adapter.logs[1]!.push(lines('1', '2'));
  await env.frameOver();
  assert.deepEqual(texts(again.last), ['1', '2']);
});
