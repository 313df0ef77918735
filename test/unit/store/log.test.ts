/** The engine log of one campaign. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { LogEntry } from '../../../src/adapters/index.ts';
import { LogLines } from '../../../src/store/data/log-lines.ts';
import type { LogView } from '../../../src/store/index.ts';
import { pythonRef, record, createFixture } from '../../support/store-fixture.ts';

const p = pythonRef('p');
const lines = (...texts: readonly string[]): LogEntry[] => texts.map((text) => ({ text }));
const texts = (view: LogView): string[] => view.entries.map(({ text }) => text);
const facts = ({ entries, size, dropped, state }: LogView) => ({ entries, size, dropped, state });

test('loading, live, each value appended, once per frame', async () => {
  const { store, adapter, env } = createFixture();
  const seen = record(store.log(p));
  assert.deepEqual(facts(seen.last), { entries: [], size: 0, dropped: 0, state: 'loading' });
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
  assert.deepEqual(facts(seen.last), { entries: [], size: 0, dropped: 0, state: 'live' });
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
    while (adapter.logs.length === count && env.monotonic() - began < 60_000) await env.advance(100);
    pauses.push(env.monotonic() - began);
  };
  for (let attempt = 0; attempt < 4; attempt++) await end();
  await env.advance(30_000);
  await end();
  assert.deepEqual(pauses, [500, 1000, 2000, 4000, 500]);
});

test('the newest hundred thousand entries are kept; older ones are counted', async () => {
  const { store, adapter, env } = createFixture();
  const seen = record(store.log(p));
  for (let batch = 0; batch < 102; batch++)
    adapter.logs[0]!.push(Array.from({ length: 1000 }, (_, index) => ({ text: `${batch * 1000 + index}` })));
  await env.frameOver();
  const { last } = seen;
  assert.deepEqual([last.size, last.dropped, last.entries.length], [100_000, 2000, 100_000]);
  assert.deepEqual([last.at(0)?.text, last.at(99_999)?.text], ['2000', '101999']);
  assert.deepEqual([last.at(-1), last.at(100_000), last.at(0.5)], [undefined, undefined, undefined]);
  assert.deepEqual([last.entries[0], last.entries.at(-1)], [last.at(0), last.at(99_999)]);
});

test('long entries count by their characters: no more than twenty million are kept', async () => {
  const { store, adapter, env } = createFixture();
  const seen = record(store.log(p));
  for (let count = 0; count < 500; count++) adapter.logs[0]!.push(lines('x'.repeat(50_000)));
  await env.frameOver();
  assert.deepEqual([seen.last.size, seen.last.dropped], [400, 100]);
});

test('an entry is passed on without a look at the other entries', async () => {
  const { store, adapter, env } = createFixture();
  const seen = record(store.log(p));
  adapter.logs[0]!.push(lines('1', '2', '3'));
  await env.frameOver();
  const texts = ['1', '2', '3'].map((_, index) => seen.last.at(index)!);
  let reads = 0;
  Object.defineProperty(texts[1], 'text', { get: () => (reads++, '2') });
  adapter.logs[0]!.push(lines('4'));
  await env.frameOver();
  assert.equal(seen.last.size, 4);
  assert.equal(reads, 0);
});

test('a view of a log that dropped entries since still has them', async () => {
  const { store, adapter, env } = createFixture();
  const seen = record(store.log(p));
  adapter.logs[0]!.push(lines('first'));
  await env.frameOver();
  const before = seen.last;
  for (let batch = 0; batch < 101; batch++) adapter.logs[0]!.push(lines(...Array.from({ length: 1000 }, String)));
  await env.frameOver();
  assert.equal(seen.last.dropped, 1001);
  assert.deepEqual([before.size, before.at(0)?.text, before.entries.length], [1, 'first', 1]);
});

test('adding an entry to a long log, and viewing it, costs no more than in a short one', () => {
  const cheapest = (length: number): number => {
    const log = new LogLines();
    for (let index = 0; index < length; index++) log.add({ text: `${index}` });
    const costs = Array.from({ length: 20 }, () => {
      const began = performance.now();
      for (let count = 0; count < 200; count++) {
        log.add({ text: 'more' });
        log.view('live').at(log.view('live').size - 1);
      }
      return performance.now() - began;
    });
    return Math.min(...costs);
  };
  cheapest(1000);
  const [short, long] = [cheapest(1000), cheapest(99_000)];
  assert.ok(long < 10 * short, `${long} ms after ${short} ms`);
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
  assert.deepEqual(facts(record(store.log(p)).last), { entries: [], size: 0, dropped: 0, state: 'unsupported' });
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
  assert.deepEqual(facts(again.last), { entries: [], size: 0, dropped: 0, state: 'loading' });
  adapter.logs[1]!.push(lines('1', '2'));
  await env.frameOver();
  assert.deepEqual(texts(again.last), ['1', '2']);
});
