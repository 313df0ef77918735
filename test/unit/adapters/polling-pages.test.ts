/** Lists that come page by page: a row that moves between two pages is not removed. Time is mocked. */
import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, mock, test } from 'node:test';
import { AdapterError, type CampaignAdapter } from '../../../src/adapters/index.ts';
import { settled } from '../../support/environment.ts';
import { PendingRequest } from '../../support/scripted-adapter.ts';
import {
  INTERVAL_MS,
  passTime,
  PolledBackend,
  row,
  rowWithRevision,
  TIMEOUT_MS,
  watching,
} from '../../support/polled-backend.ts';

/** The requests for pages. */
let pages: PendingRequest<AbortSignal, readonly unknown[] | undefined>[];
/** How many page iterations have ended, with or without an error. */
let left: number;
let adapter: CampaignAdapter<unknown>;

beforeEach(() => {
  mock.timers.enable({ apis: ['setTimeout'] });
  pages = [];
  left = 0;
  adapter = new PolledBackend().adapter({
    async *list(_system, signal) {
      try {
        for (;;) {
          const page = new PendingRequest<AbortSignal, readonly unknown[] | undefined>(signal);
          pages.push(page);
          const rows = await page.promise;
          if (!rows) return;
          yield rows as never;
        }
      } finally {
        left++;
      }
    },
  });
});
afterEach(() => mock.timers.reset());

/** Answers a whole poll, page by page. */
async function answer(...rows: (readonly unknown[])[]): Promise<void> {
  for (const page of [...rows, undefined]) {
    pages.at(-1)!.answer(page);
    await settled();
  }
}

const active = { status: 'active' };

test('each page is emitted as it comes; `synced` is partial, and a second poll at once counts all', async () => {
  const watch = await watching(adapter);
  watch.takeChanges();
  pages.at(-1)!.answer([row('a'), row('b')]);
  await settled();
  assert.deepEqual(watch.takeChanges(), [{ type: 'page', items: [rowWithRevision('a', 1), rowWithRevision('b', 2)] }]);
  pages.at(-1)!.answer([row('c')]);
  await settled();
  assert.deepEqual(watch.takeChanges(), [{ type: 'page', items: [rowWithRevision('c', 3)] }]);
  pages.at(-1)!.answer(undefined);
  await settled();
  assert.deepEqual(watch.takeChanges(), [{ type: 'synced', partial: true }]);
  await answer([row('a'), row('b', active)], [row('c')]);
  assert.deepEqual(watch.takeChanges(), [
    { type: 'upsert', items: [rowWithRevision('b', 4, active)] },
    { type: 'heartbeat', count: 3 },
  ]);
  const { length } = pages;
  await passTime(INTERVAL_MS - 1);
  assert.equal(pages.length, length, 'the third one takes its time');
  await passTime(1);
  assert.equal(pages.length, length + 1);
  watch.stop();
});

test('missed by one poll is uncertain; missed by two polls in a row is removed', async () => {
  const watch = await watching(adapter);
  await answer([row('a'), row('b')], [row('c')]);
  watch.takeChanges();
  await answer([row('a'), row('b')]);
  assert.deepEqual(watch.takeChanges(), [{ type: 'heartbeat' }]);
  await passTime(INTERVAL_MS);
  await answer([row('a'), row('b')], [row('c')]);
  assert.deepEqual(watch.takeChanges(), [{ type: 'heartbeat', count: 3 }]);
  await passTime(INTERVAL_MS);
  await answer([row('a'), row('b')]);
  assert.deepEqual(watch.takeChanges(), [{ type: 'heartbeat' }]);
  await passTime(INTERVAL_MS);
  await answer([row('a'), row('b')]);
  assert.deepEqual(watch.takeChanges(), [
    { type: 'remove', items: [{ id: 'c', revision: 4 }] },
    { type: 'heartbeat', count: 2 },
  ]);
  watch.stop();
});

test('missed by two polls at once counts as one miss', async () => {
  const one = await watching(adapter);
  await answer([row('a'), row('b')]);
  one.takeChanges();
  const first = pages.at(-1)!;
  const other = await watching(adapter);
  const second = pages.at(-1)!;
  first.answer([row('a')]);
  second.answer([row('a')]);
  await settled();
  for (const page of pages.slice(-2)) page.answer(undefined);
  await settled();
  assert.deepEqual(one.takeChanges(), [{ type: 'heartbeat' }]);
  one.stop();
  other.stop();
});

test('fault 9: removed while nobody watched: emitted by the second poll of the next watch', async () => {
  const first = await watching(adapter);
  await answer([row('a'), row('b')]);
  first.stop();
  const second = await watching(adapter);
  await answer([row('a')]);
  assert.deepEqual(second.takeChanges().slice(1), [
    { type: 'page', items: [rowWithRevision('a', 1)] },
    { type: 'page', items: [rowWithRevision('b', 2)] },
    { type: 'synced', partial: true },
  ]);
  await answer([row('a')]);
  assert.deepEqual(second.takeChanges(), [
    { type: 'remove', items: [{ id: 'b', revision: 3 }] },
    { type: 'heartbeat', count: 1 },
  ]);
  second.stop();
});

test('a campaign that moves to a later page meanwhile is one campaign; the later row counts', async () => {
  const watch = await watching(adapter);
  await answer([row('a'), row('b')], [row('b'), row('a', active)]);
  assert.deepEqual(watch.takeChanges().slice(1), [
    { type: 'page', items: [rowWithRevision('a', 1), rowWithRevision('b', 2)] },
    { type: 'page', items: [rowWithRevision('a', 3, active)] },
    { type: 'synced', partial: true },
  ]);
  watch.stop();
});

test('a page that fails fails its poll as a whole: no campaign counts as missed', async () => {
  const watch = await watching(adapter);
  await answer([row('a')], [row('b')]);
  pages.at(-1)!.answer([row('a')]);
  await settled();
  watch.takeChanges();
  const error = new AdapterError('unavailable', 'page 2 answered 502');
  pages.at(-1)!.fail(error);
  await settled();
  assert.equal(watch.outcome, error);
  assert.deepEqual(watch.takeChanges(), []);
  const next = await watching(adapter);
  await answer([row('a')]);
  assert.deepEqual(next.takeChanges().at(-1), { type: 'synced', partial: true });
  await answer([row('a')], [row('b')]);
  assert.deepEqual(next.takeChanges(), [{ type: 'heartbeat', count: 2 }]);
  next.stop();
});

test('a requested id that moved between pages is searched again before the snapshot ends', async () => {
  const watch = await watching(adapter, { ids: ['b'] });
  await answer([row('a')]);
  assert.deepEqual(
    watch.takeChanges().map(({ type }) => type),
    ['open', 'heartbeat'],
  );
  await answer([row('a')], [row('b')]);
  assert.deepEqual(watch.takeChanges(), [
    { type: 'page', items: [rowWithRevision('b', 2)] },
    { type: 'synced', partial: true },
  ]);
  watch.stop();
});

test('a requested id that is absent: two polls with a heartbeat between them, then reported', async () => {
  const watch = await watching(adapter, { ids: ['x'] });
  await answer([row('a')]);
  await answer([row('a')]);
  assert.deepEqual(watch.takeChanges().slice(1), [{ type: 'heartbeat' }, { type: 'synced', partial: true }]);
  watch.stop();
});

test('one time limit covers all pages; on a timeout the iteration ends and its request is aborted', async () => {
  const watch = await watching(adapter);
  await passTime(TIMEOUT_MS - 1);
  pages.at(-1)!.answer([row('a')]);
  await settled();
  await passTime(1);
  assert.equal((watch.outcome as AdapterError).message, 'list("flows") took longer than 10000 ms (timeoutMs)');
  assert.equal(pages.at(-1)!.request.aborted, true);
  pages.at(-1)!.answer([]);
  await settled();
  assert.equal(left, 1);
});

test('aborted between two pages: the iteration ends', async () => {
  const watch = await watching(adapter);
  pages.at(-1)!.answer([row('a')]);
  await settled();
  watch.stop();
  await watch.ended;
  assert.equal(watch.outcome, 'ended');
  assert.equal(pages.at(-1)!.request.aborted, true);
});

describe('an invalid page', () => {
  test('is reported with what was received', async () => {
    const watch = await watching(adapter);
    pages.at(-1)!.answer({ campaigns: [] } as never);
    await settled();
    const error = watch.outcome as AdapterError;
    assert.equal(error.code, 'misconfigured');
    assert.match(error.message, /^list\("flows"\) must yield lists of campaigns, got an object with campaigns; /);
  });

  test('from an iterator without `return`, or whose `return` fails', async () => {
    for (const leave of [{}, { return: () => Promise.reject(new Error('no')) }]) {
      const watch = await watching(
        new PolledBackend().adapter({
          list: () => ({
            [Symbol.asyncIterator]: () => ({ next: () => Promise.reject(new Error('broken')), ...leave }),
          }),
        }),
      );
      assert.equal((watch.outcome as Error).message, 'broken');
    }
  });

  test('an async generator in a promise is read like any other', async () => {
    const watch = await watching(
      new PolledBackend().adapter({
        list: (async () =>
          (async function* () {
            yield [row('a')];
          })()) as never,
      }),
    );
    assert.deepEqual(watch.takeChanges().slice(1), [
      { type: 'page', items: [rowWithRevision('a', 1)] },
      { type: 'synced', partial: true },
      { type: 'heartbeat', count: 1 },
    ]);
    watch.stop();
  });
});
