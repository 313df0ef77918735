/** Actions during polls, and polls that overlap. Time is mocked. */
import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, mock, test } from 'node:test';
import { AdapterError, type ActResult, type CampaignAdapter } from '../../../src/adapters/index.ts';
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
import { actRequest, type RecordedWatch } from '../../support/watching.ts';

let backend: PolledBackend;
let adapter: CampaignAdapter<unknown>;
let watch: RecordedWatch;

/** A live feed of `a` and `b`. */
beforeEach(async () => {
  mock.timers.enable({ apis: ['setTimeout'] });
  backend = new PolledBackend();
  adapter = backend.adapter();
  watch = await watching(adapter);
  await backend.answer([row('a'), row('b')]);
  watch.takeChanges();
});
afterEach(() => {
  watch.stop();
  mock.timers.reset();
});

const active = { status: 'active' };

describe('the result of an action', () => {
  const answerTo = async (result: unknown): Promise<ActResult<unknown>> => {
    const acted = adapter.act(actRequest('a'));
    backend.act.answer(result as ActResult<unknown>);
    return acted;
  };

  test('is never “done”: a row without a revision proves nothing; the next poll does', async () => {
    assert.deepEqual(await answerTo({ outcome: 'done', campaign: row('a', active), epoch: 'x' }), {
      outcome: 'accepted',
    });
  });

  test('a conflict keeps its reason, and leaves its row to the next poll', async () => {
    assert.deepEqual(await answerTo({ outcome: 'conflict', reason: 'Too late.', campaign: row('a') }), {
      outcome: 'conflict',
      reason: 'Too late.',
    });
    assert.deepEqual(await answerTo({ outcome: 'conflict', campaign: row('a') }), { outcome: 'conflict' });
  });

  test('any other result is passed on unchanged', async () => {
    for (const result of [
      { outcome: 'accepted' },
      { outcome: 'refused', code: 'forbidden', reason: 'No.' },
      undefined,
      { outcome: 'perhaps' },
    ])
      assert.deepEqual(await answerTo(result), result);
  });

  test('the backend receives the request unchanged, and its error is passed on', async () => {
    const error = new Error('reset');
    const request = actRequest('a');
    const acted = adapter.act(request);
    assert.equal(backend.act.request, request);
    backend.act.fail(error);
    await assert.rejects(acted, (thrown) => thrown === error);
  });

  test('is idempotent only where the backend is', () => {
    assert.equal(adapter.idempotent, false);
    assert.equal(backend.adapter({ idempotent: true }).idempotent, true);
  });
});

describe('an action wakes the poller', () => {
  test('that sleeps, whatever the result', async () => {
    const ends: ((call: PolledBackend['act']) => void)[] = [
      (call) => call.answer({ outcome: 'accepted' }),
      (call) => call.answer({ outcome: 'refused', code: 'gone' }),
      (call) => call.fail(new Error('nobody knows')),
      (call) => call.fail(new AdapterError('unavailable')),
    ];
    for (const end of ends) {
      const before = backend.lists.length;
      const acted = adapter.act(actRequest('a')).catch(() => {});
      await settled();
      assert.equal(backend.lists.length, before);
      end(backend.act);
      await acted;
      await settled();
      assert.equal(backend.lists.length, before + 1);
      await backend.answer([row('a'), row('b')]);
    }
  });

  test('not while the backend has asked to wait', async () => {
    for (const code of ['throttled', 'unauthenticated'] as const) {
      const acted = adapter.act(actRequest('a'));
      backend.act.fail(new AdapterError(code));
      await assert.rejects(acted);
      await settled();
      assert.equal(backend.lists.length, 1);
    }
  });

  test('during a poll: another poll follows at once', async () => {
    await passTime(INTERVAL_MS);
    const acted = adapter.act(actRequest('b'));
    backend.act.answer({ outcome: 'accepted' });
    await acted;
    await settled();
    assert.equal(backend.lists.length, 2);
    await backend.answer([row('a'), row('b')]);
    assert.equal(backend.lists.length, 3);
    await backend.answer([row('a'), row('b')]);
    assert.equal(backend.lists.length, 3);
  });

  test('of its own system only', async () => {
    const python = await watching(adapter, { system: 'python' });
    await backend.answer([]);
    const acted = adapter.act(actRequest('a', { ref: { system: 'python', id: 'a' } }));
    backend.act.answer({ outcome: 'accepted' });
    await acted;
    await settled();
    assert.deepEqual(
      backend.lists.map(({ request }) => request),
      ['flows', 'python', 'python'],
    );
    python.stop();
  });
});

describe('a poll that overlaps an action on a campaign proves nothing about it', () => {
  const before = [row('a', { message: 'from before' }), row('b', { message: 'changed' })];
  const onlyB = [{ type: 'upsert', items: [rowWithRevision('b', 3, { message: 'changed' })] }, { type: 'heartbeat' }];

  test('began before the action, ended after it', async () => {
    await passTime(INTERVAL_MS);
    const acted = adapter.act(actRequest('a'));
    backend.act.answer({ outcome: 'accepted' });
    await acted;
    backend.list.answer(before);
    await settled();
    assert.deepEqual(watch.takeChanges(), onlyB);
    await backend.answer([row('a', active), before[1]]);
    assert.deepEqual(watch.takeChanges(), [
      { type: 'upsert', items: [rowWithRevision('a', 4, active)] },
      { type: 'heartbeat', count: 2 },
    ]);
  });

  test('began before the action, ended during it', async () => {
    await passTime(INTERVAL_MS);
    const acted = adapter.act(actRequest('a'));
    await backend.answer(before);
    assert.deepEqual(watch.takeChanges(), onlyB);
    backend.act.answer({ outcome: 'accepted' });
    await acted;
  });

  test('began and ended during the action', async () => {
    const acted = adapter.act(actRequest('a'));
    await passTime(INTERVAL_MS);
    await backend.answer(before);
    assert.deepEqual(watch.takeChanges(), onlyB);
    backend.act.answer({ outcome: 'accepted' });
    await acted;
  });

  test('began during the action, ended after it', async () => {
    const acted = adapter.act(actRequest('a'));
    await passTime(INTERVAL_MS);
    backend.act.answer({ outcome: 'accepted' });
    await acted;
    await backend.answer(before);
    assert.deepEqual(watch.takeChanges(), onlyB);
  });

  test('without the campaign: proves no removal', async () => {
    const acted = adapter.act(actRequest('a'));
    await passTime(INTERVAL_MS);
    await backend.answer([row('b')]);
    assert.deepEqual(watch.takeChanges(), [{ type: 'heartbeat' }]);
    backend.act.answer({ outcome: 'accepted' });
    await acted;
    await settled();
    await backend.answer([row('b')]);
    assert.deepEqual(watch.takeChanges(), [
      { type: 'remove', items: [{ id: 'a', revision: 3 }] },
      { type: 'heartbeat', count: 1 },
    ]);
  });

  test('as a snapshot is partial: it has the last known row, and removes nothing', async () => {
    const acted = adapter.act(actRequest('a'));
    const late = await watching(adapter);
    await backend.answer([row('a', { message: 'from before' }), row('b')]);
    assert.deepEqual(late.takeChanges().slice(1), [
      { type: 'page', items: [rowWithRevision('a', 1), rowWithRevision('b', 2)] },
      { type: 'synced', partial: true },
    ]);
    backend.act.answer({ outcome: 'accepted' });
    await acted;
    late.stop();
  });

  test('an action that hangs delays the reading of its campaign for a limited time only', async () => {
    void adapter.act(actRequest('a'));
    await passTime(INTERVAL_MS);
    await passTime(1);
    await backend.answer(before);
    assert.deepEqual(watch.takeChanges(), onlyB);
    await passTime(TIMEOUT_MS - INTERVAL_MS - 1);
    await passTime(1);
    await backend.answer(before);
    assert.deepEqual(watch.takeChanges(), [
      { type: 'upsert', items: [rowWithRevision('a', 4, { message: 'from before' })] },
      { type: 'heartbeat', count: 2 },
    ]);
  });

  test('once it is over, earlier readings prove nothing about it', async () => {
    const acted = adapter.act(actRequest('a'));
    await passTime(INTERVAL_MS);
    await backend.answer([row('a'), row('b')]);
    await passTime(TIMEOUT_MS - INTERVAL_MS);
    watch.takeChanges();
    backend.act.answer({ outcome: 'accepted' });
    await acted;
    await backend.answer(before);
    assert.deepEqual(watch.takeChanges(), onlyB);
  });
});

describe('two polls at once', () => {
  test('that differ: the first to end counts, and the next poll decides', async () => {
    await passTime(INTERVAL_MS);
    const slow = backend.list;
    const other = await watching(adapter);
    await backend.answer([row('a', active), row('b'), row('c')]);
    other.takeChanges();
    slow.answer([row('a'), row('b')]);
    await settled();
    // The first watch receives what the other poll found, and `c`, which that poll has just returned, is not removed.
    assert.deepEqual(watch.takeChanges(), [
      { type: 'upsert', items: [rowWithRevision('a', 3, active), rowWithRevision('c', 4)] },
      { type: 'heartbeat' },
    ]);
    other.stop();
  });

  test('a removed campaign is not restored by an older poll', async () => {
    await passTime(INTERVAL_MS);
    const slow = backend.list;
    const other = await watching(adapter);
    await backend.answer([row('b')]);
    slow.answer([row('a'), row('b')]);
    await settled();
    assert.deepEqual(watch.takeChanges(), [
      { type: 'remove', items: [{ id: 'a', revision: 3 }] },
      { type: 'heartbeat' },
    ]);
    other.stop();
  });

  test('a partial snapshot names the campaigns that were removed while nobody watched', async () => {
    const other = await watching(adapter);
    await backend.answer([row('a')]);
    assert.deepEqual(other.takeChanges().slice(1), [
      { type: 'page', items: [rowWithRevision('a', 1)] },
      { type: 'synced', count: 1 },
    ]);
    const acted = adapter.act(actRequest('a'));
    const late = await watching(adapter, { ids: ['a', 'b'] });
    await backend.answer([row('a', active)]);
    assert.deepEqual(late.takeChanges().slice(1), [
      { type: 'page', items: [rowWithRevision('a', 1)] },
      { type: 'synced', partial: true },
      { type: 'remove', items: [{ id: 'b', revision: 3 }] },
    ]);
    backend.act.answer({ outcome: 'accepted' });
    await acted;
    other.stop();
    late.stop();
  });
});

describe('one campaign, read by get', () => {
  const ref = { system: 'flows', id: 'a' };
  const { signal } = new AbortController();
  let gets: PendingRequest<AbortSignal, unknown>[];

  beforeEach(async () => {
    watch.stop();
    gets = [];
    backend = new PolledBackend();
    adapter = backend.adapter({
      get: (requested, own) => {
        assert.deepEqual(requested, ref);
        gets.push(new PendingRequest(own));
        return gets.at(-1)!.promise as Promise<never>;
      },
    });
    watch = await watching(adapter);
    await backend.answer([row('a'), row('b')]);
    watch.takeChanges();
  });

  test('only where the backend can: otherwise the store takes a new snapshot', () => {
    assert.equal(backend.adapter().get, undefined);
  });

  test('unchanged: the same revision; changed: the next revision, also emitted by the watch', async () => {
    const unchanged = adapter.get!(ref, signal);
    await settled();
    gets.at(-1)!.answer(row('a'));
    assert.deepEqual(await unchanged, { campaign: rowWithRevision('a', 1), epoch: 'e1' });
    const changed = adapter.get!(ref, signal);
    await settled();
    gets.at(-1)!.answer(row('a', active));
    assert.deepEqual(await changed, { campaign: rowWithRevision('a', 3, active), epoch: 'e1' });
    await passTime(INTERVAL_MS);
    await backend.answer([row('a', active), row('b')]);
    assert.deepEqual(watch.takeChanges(), [
      { type: 'upsert', items: [rowWithRevision('a', 3, active)] },
      { type: 'heartbeat', count: 2 },
    ]);
  });

  test('not found: removed, for the watch too', async () => {
    const none = adapter.get!(ref, signal);
    await settled();
    gets.at(-1)!.answer(undefined);
    assert.equal(await none, undefined);
    await passTime(INTERVAL_MS);
    await backend.answer([row('b')]);
    assert.deepEqual(watch.takeChanges().at(0), { type: 'remove', items: [{ id: 'a', revision: 3 }] });
  });

  test('another campaign, or an invalid one: reported', async () => {
    for (const [answer, got] of [
      [row('b'), 'an object with id, status'],
      [null, 'null'],
      [{ campaign: row('a') }, 'an object with campaign'],
    ] as const) {
      const result = adapter.get!(ref, signal);
      await settled();
      gets.at(-1)!.answer(answer);
      await assert.rejects(result, {
        name: 'AdapterError',
        code: 'protocol',
        message: `get("a") must give the campaign of that id or undefined, got ${got}`,
      });
    }
  });

  test('waits for a pending action, and is read again if one comes in between', async () => {
    const first = adapter.act(actRequest('a'));
    const result = adapter.get!(ref, signal);
    await settled();
    assert.equal(gets.length, 0);
    backend.act.answer({ outcome: 'accepted' });
    await first;
    await settled();
    assert.equal(gets.length, 1);
    const second = adapter.act(actRequest('a'));
    backend.act.answer({ outcome: 'accepted' });
    await second;
    gets[0]!.answer(row('a', { message: 'from before' }));
    await settled();
    gets[1]!.answer(row('a', active));
    assert.deepEqual(await result, { campaign: rowWithRevision('a', 3, active), epoch: 'e1' });
  });

  test('times out like a list, and stops at its signal', async () => {
    const hung = assert.rejects(adapter.get!(ref, signal), {
      code: 'unavailable',
      message: 'get("a") took longer than 10000 ms (timeoutMs)',
    });
    await settled();
    await passTime(TIMEOUT_MS);
    await hung;
    assert.equal(gets[0]!.request.aborted, true);
    const controller = new AbortController();
    const aborted = assert.rejects(adapter.get!(ref, controller.signal), { name: 'AbortError' });
    await settled();
    controller.abort();
    await aborted;
    assert.equal(gets[1]!.request.aborted, true);
  });
});
