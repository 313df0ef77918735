/** pollingAdapter with lists that come in one answer. Time is mocked. */
import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, mock, test } from 'node:test';
import { AdapterError, type Change } from '../../../src/adapters/index.ts';
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
import { actRequest } from '../../support/watching.ts';

let backend: PolledBackend;

beforeEach(() => {
  mock.timers.enable({ apis: ['setTimeout'] });
  backend = new PolledBackend();
});
afterEach(() => mock.timers.reset());

const open: Change = {
  type: 'open',
  contract: 1,
  mode: 'snapshot',
  epoch: 'e1',
  heartbeatMs: INTERVAL_MS + TIMEOUT_MS,
};

describe('the first poll', () => {
  test('a snapshot: rows with revisions, and a count; without a cursor', async () => {
    const watch = await watching(backend.adapter());
    assert.deepEqual(watch.takeChanges(), [open]);
    await backend.answer([row('a', { name: 'A', missing: [] }), row('b')]);
    assert.deepEqual(watch.takeChanges(), [
      { type: 'page', items: [rowWithRevision('a', 1, { name: 'A', missing: [] }), rowWithRevision('b', 2)] },
      { type: 'synced', count: 2 },
    ]);
    watch.stop();
  });

  test('an empty list is valid', async () => {
    const watch = await watching(backend.adapter());
    await backend.answer([]);
    assert.deepEqual(watch.takeChanges(), [open, { type: 'synced', count: 0 }]);
    watch.stop();
  });

  test('a position is answered with a snapshot', async () => {
    const watch = await watching(backend.adapter(), { since: { epoch: 'e1', cursor: '7' } });
    await backend.answer([row('a')]);
    assert.deepEqual(watch.takeChanges(), [
      open,
      { type: 'page', items: [rowWithRevision('a', 1)] },
      { type: 'synced', count: 1 },
    ]);
    watch.stop();
  });

  test('for some ids: only these rows, without a count', async () => {
    const watch = await watching(backend.adapter(), { ids: ['b', 'x'] });
    await backend.answer([row('a'), row('b')]);
    assert.deepEqual(watch.takeChanges(), [
      open,
      { type: 'page', items: [rowWithRevision('b', 2)] },
      { type: 'synced' },
    ]);
    await passTime(INTERVAL_MS);
    await backend.answer([row('a', { status: 'active' }), row('b', { status: 'active' })]);
    assert.deepEqual(watch.takeChanges(), [
      { type: 'upsert', items: [rowWithRevision('b', 4, { status: 'active' })] },
      { type: 'heartbeat' },
    ]);
    await passTime(INTERVAL_MS);
    await backend.answer([]);
    assert.deepEqual(watch.takeChanges(), [
      { type: 'remove', items: [{ id: 'b', revision: 6 }] },
      { type: 'heartbeat' },
    ]);
    watch.stop();
  });
});

describe('the next polls', () => {
  test('emit changes only; a poll without a change emits a heartbeat', async () => {
    const watch = await watching(backend.adapter());
    await backend.answer([row('a'), row('b'), row('c')]);
    watch.takeChanges();
    await passTime(INTERVAL_MS);
    await backend.answer([row('c'), row('b'), row('a')]);
    assert.deepEqual(watch.takeChanges(), [{ type: 'heartbeat', count: 3 }]);
    await passTime(INTERVAL_MS);
    await backend.answer([row('a'), row('b', { status: 'active' }), row('d')]);
    assert.deepEqual(watch.takeChanges(), [
      { type: 'upsert', items: [rowWithRevision('b', 4, { status: 'active' }), rowWithRevision('d', 5)] },
      { type: 'remove', items: [{ id: 'c', revision: 6 }] },
      { type: 'heartbeat', count: 3 },
    ]);
    watch.stop();
  });

  test('fault 8: a campaign that returns under an old id has a higher revision than its removal', async () => {
    const watch = await watching(backend.adapter());
    await backend.answer([row('a')]);
    await passTime(INTERVAL_MS);
    await backend.answer([]);
    watch.takeChanges();
    await passTime(INTERVAL_MS);
    await backend.answer([row('a')]);
    assert.deepEqual(watch.takeChanges(), [
      { type: 'upsert', items: [rowWithRevision('a', 3)] },
      { type: 'heartbeat', count: 1 },
    ]);
    watch.stop();
  });

  test('fields that the contract does not name are no change, and are not passed on', async () => {
    const watch = await watching(backend.adapter());
    await backend.answer([row('a', { revision: 99, contacts: 5, denied: { stop: '' } })]);
    assert.deepEqual(watch.takeChanges().at(1), {
      type: 'page',
      items: [rowWithRevision('a', 1, { denied: { stop: '' } })],
    });
    await passTime(INTERVAL_MS);
    await backend.answer([row('a', { revision: 100, contacts: 6, denied: { stop: '' } })]);
    assert.deepEqual(watch.takeChanges(), [{ type: 'heartbeat', count: 1 }]);
    watch.stop();
  });

  test('a backend that changes its rows in place is detected; emitted rows stay unchanged', async () => {
    const watch = await watching(backend.adapter());
    const own = row('a', { missing: ['contacts'] }) as { missing: string[] };
    await backend.answer([own]);
    const [, page] = watch.takeChanges() as [unknown, { items: { missing: string[] }[] }];
    own.missing.push('strategy');
    assert.deepEqual(page.items[0]!.missing, ['contacts']);
    await passTime(INTERVAL_MS);
    await backend.answer([own]);
    assert.deepEqual(watch.takeChanges().at(0), {
      type: 'upsert',
      items: [rowWithRevision('a', 2, { missing: ['contacts', 'strategy'] })],
    });
    watch.stop();
  });

  test('the interval runs from the end of a poll to the next; polls never overlap', async () => {
    const watch = await watching(backend.adapter());
    await passTime(TIMEOUT_MS - 1);
    await backend.answer([]);
    await passTime(INTERVAL_MS - 1);
    assert.equal(backend.lists.length, 1);
    await passTime(1);
    assert.equal(backend.lists.length, 2);
    await passTime(TIMEOUT_MS - 1);
    assert.equal(backend.lists.length, 2);
    watch.stop();
  });
});

describe('several watches', () => {
  test('each receives what it has missed; all receive the same revisions', async () => {
    const adapter = backend.adapter();
    const one = await watching(adapter);
    await backend.answer([row('a')]);
    one.takeChanges();
    const other = await watching(adapter);
    await backend.answer([row('a', { status: 'active' })]);
    const changed = rowWithRevision('a', 2, { status: 'active' });
    assert.deepEqual(other.takeChanges().slice(1), [
      { type: 'page', items: [changed] },
      { type: 'synced', count: 1 },
    ]);
    await passTime(INTERVAL_MS);
    for (const list of backend.lists.slice(2)) list.answer([row('a', { status: 'active' })]);
    await settled();
    assert.deepEqual(one.takeChanges(), [
      { type: 'upsert', items: [changed] },
      { type: 'heartbeat', count: 1 },
    ]);
    assert.deepEqual(other.takeChanges(), [{ type: 'heartbeat', count: 1 }]);
    one.stop();
    other.stop();
  });

  test('two systems share nothing: equal ids, separate revisions', async () => {
    const adapter = backend.adapter();
    const flows = await watching(adapter, { system: 'flows' });
    const python = await watching(adapter, { system: 'python' });
    assert.deepEqual(
      backend.lists.map(({ request }) => request),
      ['flows', 'python'],
    );
    backend.lists[0]!.answer([row('a'), row('b')]);
    await settled();
    backend.lists[1]!.answer([row('b', { status: 'created' })]);
    await settled();
    assert.deepEqual(flows.takeChanges().at(1), {
      type: 'page',
      items: [rowWithRevision('a', 1), rowWithRevision('b', 2)],
    });
    assert.deepEqual(python.takeChanges().at(1), {
      type: 'page',
      items: [rowWithRevision('b', 1, { status: 'created' })],
    });
    flows.stop();
    python.stop();
  });

  test('a later watch continues the revisions, and names no removals from before', async () => {
    const adapter = backend.adapter();
    const first = await watching(adapter);
    await backend.answer([row('a'), row('b')]);
    first.stop();
    const second = await watching(adapter);
    await backend.answer([row('a'), row('c')]);
    assert.deepEqual(second.takeChanges(), [
      open,
      { type: 'page', items: [rowWithRevision('a', 1), rowWithRevision('c', 3)] },
      { type: 'synced', count: 2 },
    ]);
    second.stop();
  });
});

describe('a poll that fails', () => {
  test('an error thrown by list ends the feed: an AdapterError as it is, with its Retry-After', async () => {
    for (const error of [new AdapterError('throttled', 'slow down', { retryAfterMs: 7000 }), new Error('reset')]) {
      const watch = await watching(backend.adapter());
      await backend.answer([]);
      await passTime(INTERVAL_MS);
      await backend.fail(error);
      assert.equal(watch.outcome, error);
      await passTime(10 * INTERVAL_MS);
      assert.equal(backend.list.request, 'flows');
    }
    assert.equal(backend.lists.length, 4);
  });

  test('list throws synchronously', async () => {
    const error = new AdapterError('misconfigured', 'no such system here');
    const watch = await watching(
      backend.adapter({
        list: () => {
          throw error;
        },
      }),
    );
    assert.equal(watch.outcome, error);
  });

  test('a list that hangs times out, and its request is aborted', async () => {
    const watch = await watching(backend.adapter());
    await passTime(TIMEOUT_MS - 1);
    assert.equal(backend.list.signal.aborted, false);
    await passTime(1);
    assert.equal(backend.list.signal.aborted, true);
    const error = watch.outcome as AdapterError;
    assert.deepEqual([error.name, error.code], ['AdapterError', 'unavailable']);
    assert.equal(error.message, 'list("flows") took longer than 10000 ms (timeoutMs)');
  });

  test('an answer after the timeout is ignored, and a late rejection is handled', async () => {
    const adapter = backend.adapter();
    const cut = await watching(adapter);
    await passTime(TIMEOUT_MS);
    const next = await watching(adapter);
    backend.lists[0]!.answer([row('late')]);
    await settled();
    await backend.answer([row('a')]);
    assert.deepEqual(next.takeChanges().at(1), { type: 'page', items: [rowWithRevision('a', 1)] });
    assert.deepEqual(cut.changes, [open]);
    next.stop();
    backend.list.fail(new Error('too late'));
    await settled();
  });

  test('an invalid list: reported with what was received, and what to check', async () => {
    const hint = '; for a failed response throw await errorFromResponse(response)';
    for (const [answer, got] of [
      [undefined, 'undefined'],
      [null, 'null'],
      ['<html>', '"<html>"'],
      [{ error: 'no', code: 5 }, 'an object with error, code'],
      [new Response('[]'), 'an object without members'],
      [{ campaigns: 'all' }, 'an object with campaigns'],
      [() => [], 'a function'],
      [5n, '5'],
    ] as const) {
      const watch = await watching(backend.adapter());
      await backend.answer(answer);
      const error = watch.outcome as AdapterError;
      assert.equal(error.code, 'misconfigured');
      assert.equal(
        error.message,
        `list("flows") must give a list of campaigns, or { campaigns, count }, got ${got}${hint}`,
      );
    }
  });

  test('a list shorter than its count is not treated as complete', async () => {
    const watch = await watching(backend.adapter());
    await backend.answer({ campaigns: [row('a'), row('b')], count: 2 });
    assert.deepEqual(watch.takeChanges().at(-1), { type: 'synced', count: 2 });
    await passTime(INTERVAL_MS);
    await backend.answer({ campaigns: [row('a')], count: 2 });
    assert.deepEqual(watch.takeChanges(), []);
    const error = watch.outcome as AdapterError;
    assert.equal(error.code, 'protocol');
    assert.equal(error.message, 'list("flows") gave 1 of 2 campaigns; give all of them, or yield them page by page');
  });

  test('one id for two campaigns: refused; the same row twice is one campaign', async () => {
    const watch = await watching(backend.adapter());
    await backend.answer([row('a'), row('b'), row('a')]);
    assert.deepEqual(watch.takeChanges().slice(1), [
      { type: 'page', items: [rowWithRevision('a', 1), rowWithRevision('b', 2)] },
      { type: 'synced', count: 2 },
    ]);
    await passTime(INTERVAL_MS);
    await backend.answer([row('a'), row('b'), row('a', { status: 'active' })]);
    const error = watch.outcome as AdapterError;
    assert.equal(error.code, 'protocol');
    assert.equal(
      error.message,
      'list("flows") names "a" twice, with different content; an id must belong to one campaign of its system only',
    );
  });
});

describe('invalid rows', () => {
  const odd = [
    row('x', { id: 42 }),
    { status: 'active' },
    null,
    'text',
    7,
    row(''),
    row('y'.repeat(1025)),
    row('b', { system: 'python' }),
    {
      get id(): string {
        throw new Error('no');
      },
    },
  ];

  test('without an id of this system are passed to the store, which reports them; the others are valid', async () => {
    const watch = await watching(backend.adapter());
    await backend.answer([...odd, row('a')]);
    const [, page, synced] = watch.takeChanges() as [unknown, { items: unknown[] }, unknown];
    assert.deepEqual(page.items, [rowWithRevision('a', 1)]);
    assert.deepEqual(synced, {
      type: 'page',
      items: odd,
    });
    watch.stop();
  });

  test('are emitted again only when they change', async () => {
    const watch = await watching(backend.adapter());
    await backend.answer([{ status: 'active' }]);
    watch.takeChanges();
    await passTime(INTERVAL_MS);
    await backend.answer([{ status: 'active' }]);
    assert.deepEqual(watch.takeChanges(), [{ type: 'heartbeat', count: 0 }]);
    await passTime(INTERVAL_MS);
    await backend.answer([{ status: 'error' }, 1n]);
    assert.deepEqual(watch.takeChanges().at(0), { type: 'upsert', items: [{ status: 'error' }, 1n] });
    watch.stop();
  });

  test('with a valid id get a revision: they count, and the store marks them', async () => {
    const cycle: Record<string, unknown> = row('cycle');
    cycle['cause'] = cycle;
    const watch = await watching(backend.adapter());
    await backend.answer([{ id: 'a', status: 5 }, cycle, row('__proto__')]);
    assert.deepEqual(watch.takeChanges().slice(1), [
      {
        type: 'page',
        items: [{ id: 'a', status: 5, revision: 1 }, { id: 'cycle', revision: 2 }, rowWithRevision('__proto__', 3)],
      },
      { type: 'synced', count: 3 },
    ]);
    watch.stop();
  });
});

describe('the signal', () => {
  test('aborted before the start: requests nothing', async () => {
    const watch = await watching(backend.adapter(), { signal: AbortSignal.abort() });
    assert.equal(watch.outcome, 'ended');
    assert.deepEqual(watch.changes, []);
    assert.equal(backend.lists.length, 0);
  });

  test('aborted during a poll: aborts the request, and ends even if the request does not', async () => {
    const watch = await watching(backend.adapter());
    watch.stop();
    await settled();
    assert.equal(backend.list.signal.aborted, true);
    assert.equal(watch.outcome, 'ended');
  });

  test('aborted between polls: ends at once and never polls again', async () => {
    const watch = await watching(backend.adapter());
    await backend.answer([]);
    watch.stop();
    await watch.ended;
    assert.equal(watch.outcome, 'ended');
    await passTime(10 * INTERVAL_MS);
    assert.equal(backend.lists.length, 1);
  });

  test('leaves no timer and no listener, whenever it aborts', async () => {
    for (const stage of ['reading', 'sleeping', 'acting', 'checking'] as const) {
      const controller = new AbortController();
      const { signal } = controller;
      const listeners = countedListeners(signal);
      const timers = countedTimers();
      const adapter = backend.adapter({ get: () => new Promise(() => {}) });
      const watch = await watching(adapter, { signal });
      if (stage !== 'reading') await backend.answer([]);
      if (stage === 'acting') void adapter.act(actRequest('a', { signal }));
      if (stage === 'checking') adapter.get!({ system: 'flows', id: 'a' }, signal).catch(() => {});
      await settled();
      assert.ok(timers() > 0, stage);
      controller.abort();
      await watch.ended;
      await settled();
      assert.deepEqual([listeners(), timers()], [0, 0], stage);
    }
  });
});

/** Counts the listeners of a signal. */
function countedListeners(signal: AbortSignal): () => number {
  const listeners = new Set<unknown>();
  const { addEventListener, removeEventListener } = signal;
  signal.addEventListener = (...args: Parameters<typeof addEventListener>) => {
    listeners.add(args[1]);
    addEventListener.apply(signal, args);
  };
  signal.removeEventListener = (...args: Parameters<typeof removeEventListener>) => {
    listeners.delete(args[1]);
    removeEventListener.apply(signal, args);
  };
  return () => listeners.size;
}

/** Counts the timers that have neither run nor been cleared. Time is mocked: none runs unless the test says so. */
function countedTimers(): () => number {
  const pending = new Set<unknown>();
  const { setTimeout, clearTimeout } = globalThis;
  globalThis.setTimeout = ((run: () => void, ms: number) => {
    const timer = setTimeout(run, ms);
    pending.add(timer);
    return timer;
  }) as typeof setTimeout;
  globalThis.clearTimeout = ((timer: ReturnType<typeof setTimeout>) => {
    pending.delete(timer);
    clearTimeout(timer);
  }) as typeof clearTimeout;
  return () => pending.size;
}
