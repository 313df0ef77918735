/**
 * A feed may be an async generator, a ReadableStream or an Observable; the store does not wait for one that does not
 * stop.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Observable } from 'rxjs';
import type { Change, Feed, WatchRequest } from '../../../src/adapters/index.ts';
import { row } from '../../support/scripted-adapter.ts';
import { record, createFixture } from '../../support/store-fixture.ts';

const CHANGES: readonly Change[] = [
  { type: 'open', mode: 'snapshot', epoch: 'e1', heartbeatMs: 5000 },
  { type: 'page', items: [row('a', 'active')] },
  { type: 'synced', cursor: 'c1' },
];

const aborted = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));

async function reads(
  watch: (request: WatchRequest) => Feed<Change<unknown>>,
): Promise<ReturnType<typeof createFixture>> {
  const all = createFixture({ graceMs: 0 });
  all.adapter.watch = watch;
  const list = record(all.store.list('flows'));
  await all.env.frameOver();
  assert.deepEqual(list.last.ids, ['a']);
  assert.equal(all.store.connection('flows').value.state, 'live');
  list.stop();
  await all.env.advance(0);
  assert.equal(all.store.connection('flows').value.state, 'idle');
  return all;
}

test('an async generator that obeys the signal', async () => {
  let ended = false;
  await reads(async function* ({ signal }) {
    try {
      yield* CHANGES;
      await aborted(signal);
    } finally {
      ended = true;
    }
  });
  assert.equal(ended, true);
});

test('an async generator that ignores the signal is not waited for, and its values are ignored', async () => {
  let go!: () => void;
  const { env, view } = await reads(async function* () {
    yield* CHANGES;
    await new Promise<void>((resolve) => (go = resolve));
    yield { type: 'upsert', items: [row('a', 'error', 2)] };
  });
  go();
  await env.frameOver();
  assert.equal(view('a').status, 'active');
});

test('a ReadableStream with several values per chunk; it is cancelled', async () => {
  let cancelled = 0;
  await reads(
    () =>
      new ReadableStream({
        start: (controller) => CHANGES.forEach((change) => controller.enqueue(change)),
        cancel: () => void cancelled++,
      }),
  );
  assert.equal(cancelled, 1);
});

test('a ReadableStream that cannot be iterated, as in Safari', async () => {
  let cancelled = 0;
  await reads(() => {
    const stream = new ReadableStream({
      start: (controller) => CHANGES.forEach((change) => controller.enqueue(change)),
      cancel: () => void cancelled++,
    });
    return { getReader: () => stream.getReader() } as unknown as Feed<Change>;
  });
  assert.equal(cancelled, 1);
});

test('an Observable that emits everything before subscribe() returns', async () => {
  let left = 0;
  await reads(
    () =>
      new Observable<Change>((subscriber) => {
        for (const change of CHANGES) subscriber.next(change);
        return () => void left++;
      }),
  );
  assert.equal(left, 1);
});

test('an Observable that completes before subscribe() returns is a lost connection', async () => {
  const { store, adapter, env } = createFixture();
  let watchCount = 0;
  adapter.watch = () => {
    watchCount++;
    return new Observable<Change>((subscriber) => subscriber.complete());
  };
  record(store.list('flows'));
  await env.advance(0);
  assert.equal(store.connection('flows').value.state, 'waiting');
  await env.advance(500);
  assert.equal(watchCount, 2);
});

test('feeds that throw when they are stopped affect nothing', async () => {
  await reads(() => ({
    subscribe: (observer) => {
      for (const change of CHANGES) observer.next(change);
      return {
        unsubscribe: () => {
          throw new Error('stuck');
        },
      };
    },
  }));
  await reads(() => ({
    [Symbol.asyncIterator]: () => {
      const changes = [...CHANGES];
      return {
        next: () =>
          changes.length
            ? Promise.resolve({ done: false as const, value: changes.shift()! })
            : new Promise<never>(() => {}),
        return: () => Promise.reject(new Error('stuck')),
      };
    },
  }));
});

test('a value that is no feed is reported', async () => {
  for (const feed of [undefined, null, 7, {}, []]) {
    const { store, adapter, env } = createFixture();
    adapter.watch = () => feed as never;
    record(store.list('flows'));
    await env.advance(0);
    assert.equal(store.connection('flows').value.state, 'waiting');
    assert.ok(store.connection('flows').value.cause?.message);
    store.dispose();
  }
});

test('a value after the end is ignored', async () => {
  const { store, adapter, env } = createFixture();
  record(store.list('flows'));
  await env.advance(0);
  adapter.feed.snapshot([row('a', 'active')]);
  adapter.feed.end();
  adapter.feed.upsert(row('a', 'error', 2));
  adapter.feed.end();
  adapter.feed.fail();
  await env.frameOver();
  assert.equal(store.campaign({ system: 'flows', id: 'a' }).value.status, 'active');
  assert.equal(store.connection('flows').value.state, 'waiting');
});
