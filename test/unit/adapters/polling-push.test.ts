/** pollingAdapter with pushes: they say what to read again, and only reads decide. Time is mocked. */
import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, mock, test } from 'node:test';
import {
  AdapterError,
  type CampaignRef,
  type PolledCampaign,
  type PolledPush,
  type PollingAdapterOptions,
} from '../../../src/adapters/index.ts';
import { settled } from '../../support/environment.ts';
import {
  INTERVAL_MS,
  passTime,
  PolledBackend,
  row,
  rowWithRevision,
  TIMEOUT_MS,
  watching,
} from '../../support/polled-backend.ts';
import { PendingRequest, ScriptedFeed } from '../../support/scripted-adapter.ts';
import type { RecordedWatch } from '../../support/watching.ts';

const LISTENING_MS = 60_000;
const GAP_MS = 500;
/** Pushes that arrive within this time are read together. */
const BURST_MS = 20;
const active = { status: 'active' };

let backend: PolledBackend;
let feeds: ScriptedFeed<PolledPush>[];
let gets: PendingRequest<CampaignRef, PolledCampaign | undefined>[];
let warnings: unknown[][];
let watch: RecordedWatch;

const listen: NonNullable<PollingAdapterOptions['listen']> = (_, signal) => {
  const feed = new ScriptedFeed<PolledPush>(signal);
  feeds.push(feed);
  return feed.feed;
};
const get: NonNullable<PollingAdapterOptions['get']> = (ref) => {
  const request = new PendingRequest<CampaignRef, PolledCampaign | undefined>(ref);
  gets.push(request);
  return request.promise;
};

/** Opens a feed of `a` and `b` whose pushes are connected, so that its list was read twice. */
async function connected(options: Partial<PollingAdapterOptions> = {}): Promise<void> {
  watch = await watching(backend.adapter({ listen, ...options }));
  push([]);
  await backend.answer([row('a'), row('b')]);
  await passTime(GAP_MS);
  await backend.answer([row('a'), row('b')]);
  await passTime(GAP_MS);
  watch.takeChanges();
  backend.lists.length = 0;
}

function push(...values: readonly PolledPush[]): void {
  feeds.at(-1)!.push(...values);
}

beforeEach(() => {
  mock.timers.enable({ apis: ['setTimeout'] });
  mock.method(Math, 'random', () => 1);
  warnings = [];
  mock.method(console, 'warn', (...args: unknown[]) => void warnings.push(args));
  backend = new PolledBackend();
  feeds = [];
  gets = [];
});
afterEach(async () => {
  watch?.stop();
  await settled();
  mock.restoreAll();
  mock.timers.reset();
});

describe('a push', () => {
  test('of a row: the list is read, and only what it says is emitted', async () => {
    await connected();
    push([row('a', { status: 'error' }) as never]);
    await passTime(BURST_MS);
    assert.deepEqual(watch.takeChanges(), []);
    await backend.answer([row('a', active), row('b')]);
    assert.deepEqual(watch.takeChanges(), [
      { type: 'upsert', items: [rowWithRevision('a', 3, active)] },
      { type: 'heartbeat', count: 2 },
    ]);
  });

  test('of a row that the list no longer names: it is removed, not shown', async () => {
    await connected();
    push([row('b', active) as never]);
    await passTime(BURST_MS);
    await backend.answer([row('a')]);
    assert.deepEqual(watch.takeChanges(), [
      { type: 'remove', items: [{ id: 'b', revision: 3 }] },
      { type: 'heartbeat', count: 1 },
    ]);
  });

  test('of an id, with `get`: only this campaign is read', async () => {
    await connected({ get });
    push(['b']);
    await passTime(BURST_MS);
    assert.deepEqual(
      gets.map(({ request }) => request),
      [{ system: 'flows', id: 'b' }],
    );
    gets[0]!.answer(row('b', active) as never);
    await settled();
    assert.deepEqual(watch.takeChanges(), [{ type: 'upsert', items: [rowWithRevision('b', 3, active)] }]);
    assert.equal(backend.lists.length, 0);
  });

  test('of an id, with `get`, that there is no more: it is removed at once', async () => {
    await connected({ get });
    push(['b']);
    await passTime(BURST_MS);
    gets[0]!.answer(undefined);
    await settled();
    assert.deepEqual(watch.takeChanges(), [{ type: 'remove', items: [{ id: 'b', revision: 3 }] }]);
  });

  test('of more ids than are worth single reads: the list is read', async () => {
    await connected({ get });
    push(['a', 'b', 'c', 'd', 'e', 'f']);
    await passTime(BURST_MS);
    assert.deepEqual([gets.length, backend.lists.length], [0, 1]);
  });

  for (const [what, value] of [
    ['nothing in particular', undefined],
    ['null', null],
    ['an id that is no string', [42]],
    ['a row without an id', [{ name: 'A' }]],
  ] as const)
    test(`of ${what}, with \`get\`: the list is read`, async () => {
      await connected({ get });
      push(value as PolledPush);
      await passTime(BURST_MS);
      assert.deepEqual([gets.length, backend.lists.length], [0, 1]);
    });

  for (const [what, value] of [
    ['an empty list', []],
    ['a row of another system', [{ id: 'a', system: 'python' }]],
  ] as const)
    test(`of ${what}: nothing is read`, async () => {
      await connected({ get });
      push(value);
      await passTime(INTERVAL_MS);
      assert.deepEqual([gets.length, backend.lists.length], [0, 0]);
    });

  test('of a campaign that the feed does not watch: nothing is read', async () => {
    watch = await watching(backend.adapter({ listen, get }), { ids: ['a'] });
    push([]);
    await backend.answer([row('a')]);
    await passTime(GAP_MS);
    await backend.answer([row('a')]);
    push(['b']);
    await passTime(INTERVAL_MS);
    assert.deepEqual([gets.length, backend.lists.length], [0, 2]);
  });

  test('during a read of the list: the campaign is read again after it, for the list may be older', async () => {
    await connected({ get });
    push(undefined);
    await passTime(BURST_MS);
    push(['a']);
    await backend.answer([row('a'), row('b')]);
    await passTime(GAP_MS);
    assert.equal(gets.length, 1);
  });
});

describe('many pushes', () => {
  test('that come together are read together', async () => {
    await connected({ get });
    for (let n = 0; n < 100; n++) push([n % 2 ? 'a' : 'b']);
    await passTime(BURST_MS);
    assert.equal(gets.length, 2);
  });

  test('that do not end: one read per gap', async () => {
    await connected();
    for (let ms = 0; ms < 10 * GAP_MS; ms += 10) {
      push(undefined);
      await passTime(10);
      if (backend.lists.length) backend.list.answer([row('a'), row('b')]);
    }
    assert.ok(backend.lists.length >= 9 && backend.lists.length <= 11, String(backend.lists.length));
  });
});

describe('the interval', () => {
  test('is the longer one once the connection has sent something, and the list is read once more then', async () => {
    watch = await watching(backend.adapter({ listen }));
    await backend.answer([row('a')]);
    await passTime(INTERVAL_MS);
    assert.equal(backend.lists.length, 2);
    await backend.answer([row('a')]);
    push([]);
    await passTime(GAP_MS);
    assert.equal(backend.lists.length, 3);
    await backend.answer([row('a')]);
    await passTime(LISTENING_MS - 1);
    assert.equal(backend.lists.length, 3);
    await passTime(1);
    assert.equal(backend.lists.length, 4);
  });

  test('is the shorter one again as soon as the connection is lost', async () => {
    await connected();
    feeds[0]!.fail();
    await settled();
    await passTime(INTERVAL_MS);
    assert.equal(backend.lists.length, 1);
  });

  test('is the shorter one while a paged list has missed a campaign once', async () => {
    await connected();
    push(undefined);
    await passTime(BURST_MS);
    await backend.answer(
      (async function* () {
        yield [row('a')];
      })(),
    );
    assert.deepEqual(watch.takeChanges(), [{ type: 'heartbeat' }]);
    await passTime(INTERVAL_MS);
    assert.equal(backend.lists.length, 2);
  });

  test('decides the promised heartbeat', async () => {
    watch = await watching(backend.adapter({ listen }));
    const [open] = watch.takeChanges() as { heartbeatMs: number }[];
    assert.equal(open!.heartbeatMs, LISTENING_MS + TIMEOUT_MS);
  });
});

describe('a connection that is lost', () => {
  test('is opened again with growing pauses, and the list is read then', async () => {
    await connected();
    for (const pause of [1000, 2000, 4000]) {
      feeds.at(-1)!.fail();
      const before = feeds.length;
      await passTime(0);
      await passTime(pause - 1);
      assert.equal(feeds.length, before, String(pause));
      await passTime(1);
      assert.equal(feeds.length, before + 1, String(pause));
    }
    // Meanwhile the list was due.
    await backend.answer([row('a'), row('b')]);
    push(['a']);
    await passTime(GAP_MS);
    assert.equal(backend.lists.length, 2);
    assert.deepEqual(warnings, []);
  });

  test('waits at least as long as the backend asks', async () => {
    await connected();
    feeds[0]!.fail(new AdapterError('throttled', 'slow down', { retryAfterMs: 9000 }));
    await passTime(0);
    await passTime(8999);
    assert.equal(feeds.length, 1);
    await passTime(1);
    assert.equal(feeds.length, 2);
  });

  test('a clean end counts as lost', async () => {
    await connected();
    feeds[0]!.end();
    await passTime(0);
    await passTime(1000);
    assert.equal(feeds.length, 2);
  });

  test('before it sent anything: the console says so once, and the feed goes on', async () => {
    watch = await watching(backend.adapter({ listen }));
    const error = new Error('no such address');
    feeds[0]!.fail(error);
    await passTime(0);
    await passTime(1000);
    feeds[1]!.fail(error);
    await settled();
    assert.deepEqual(warnings, [
      ['pollingAdapter: listen("flows") brought nothing, so changes are shown with the next read of the list:', error],
    ]);
    await backend.answer([row('a')]);
    assert.equal(watch.outcome, undefined);
  });

  test('a value that is no push ends it, and the console says what was wrong', async () => {
    watch = await watching(backend.adapter({ listen }));
    push('a' as never);
    await settled();
    assert.match(
      String(warnings[0]![1]),
      /TypeError: listen\("flows"\) must yield lists of ids or rows, or undefined, got "a"/,
    );
  });
});

test('nothing is left after the feed: the connection is closed, and no timer goes on', async () => {
  for (const stage of ['open', 'lost', 'pushed'] as const) {
    await connected();
    if (stage === 'lost') feeds.at(-1)!.fail();
    if (stage === 'pushed') push(['a']);
    await settled();
    watch.stop();
    await watch.ended;
    await settled();
    const before = [feeds.length, backend.lists.length];
    await passTime(LISTENING_MS);
    assert.ok(
      feeds.every(({ open }) => !open),
      stage,
    );
    assert.deepEqual([feeds.length, backend.lists.length], before, stage);
    feeds.length = 0;
  }
});

test('what `get` finds is shown by open feeds at once, without a read of theirs', async () => {
  const adapter = backend.adapter({ get });
  watch = await watching(adapter);
  await backend.answer([row('a'), row('b')]);
  watch.takeChanges();
  for (const [answer, change] of [
    [row('a', active), { type: 'upsert', items: [rowWithRevision('a', 3, active)] }],
    [undefined, { type: 'remove', items: [{ id: 'a', revision: 4 }] }],
  ] as const) {
    const reading = adapter.get!({ system: 'flows', id: 'a' }, new AbortController().signal);
    await settled();
    gets.at(-1)!.answer(answer as never);
    await reading;
    await settled();
    assert.deepEqual(watch.takeChanges(), [change]);
  }
  assert.equal(backend.lists.length, 1);
});
