/** Every TCP-level fault between a page and its backend, for feeds and for actions. */
import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import type { ActionOutcome } from '../../../src/store/index.ts';
import { BackendProcess, temporaryFolder } from '../../support/kill/backend-process.ts';
import { feedFaults } from '../../support/kill/feed-faults.ts';
import { httpAnswer, Proxy, type Fault } from '../../support/kill/proxy.ts';
import { ExpectedState } from '../../support/kill/expected-state.ts';

import { ScreenObserver } from '../../support/kill/screen-observer.ts';
import { pause, until } from '../../support/until.ts';

const WATCH = /^GET \/flows\/watch/;
const ACT = /^POST \/flows\/campaigns\//;
/**
 * After a few failures in a row, the next attempt comes within this time (ms): the longest backoff, plus time for the
 * attempt.
 */
const BACK_MS = 45_000;
/** The parts mostly wait, so many can run at once. */
const CONCURRENTLY = { concurrency: 8 };

describe('a feed', CONCURRENTLY, () => {
  for (const { name, fault, blocks, slow, lasts } of feedFaults)
    it(`${name}: nothing is lost, nothing false is shown, and all is equal again`, async (t) => {
      const data = temporaryFolder(t);
      const backend = await BackendProcess.start(t, { data });
      const proxy = await Proxy.before(t, backend.port);
      const expected = new ExpectedState(data, 'flows');
      const ref = { system: 'flows', id: 'welcome-series' };
      await backend.order('campaigns.rename', ref, 'Größe 測試 🎈');
      const watches = (): number => proxy.seen.filter(({ line }) => WATCH.test(line)).length;
      const times = slow ? Infinity : 1;
      const comesBack = async (observer: ScreenObserver): Promise<void> => {
        if (blocks) {
          await until(() => observer.state === 'misconfigured', 'it is not tried again by itself');
          proxy.clearFaults();
          await observer.store.refresh({ system: 'flows' });
        } else if (lasts) {
          await pause(300);
          assert.notEqual(observer.state, 'live');
          proxy.clearFaults();
        }
        await observer.equals(backend, BACK_MS);
      };

      // The fault hits the first snapshot.
      const first = proxy.injectFault(WATCH, fault, times);
      const observer = new ScreenObserver(t, proxy.url);
      await until(() => first() > 0, 'it does');
      await comesBack(observer);
      const rows = observer.ids.length;
      assert.ok(rows > 0);

      // The fault hits the resume as well, while the backend goes on changing.
      proxy.clearFaults();
      observer.lengths.length = 0;
      // Wait for each faulty attempt before going on: the attempt after the first may follow at once.
      const again = proxy.injectFault(WATCH, fault, lasts ? 1 : Infinity);
      proxy.cut();
      await backend.order('campaigns.rename', ref, 'Übergröße 試験 🎉');
      await backend.order('campaigns.force', { system: 'flows', id: 'price-drop-on-wish-list' }, { message: 'ñ' });
      await backend.order('campaigns.add', { system: 'flows', name: 'Added meanwhile' });
      await until(() => again() > 0, 'it comes to harm');
      assert.ok(observer.ids.length >= rows);
      if (!slow) {
        assert.notEqual(observer.state, 'live');
        if (!lasts) proxy.clearFaults();
      }
      await comesBack(observer);
      assert.ok(
        observer.lengths.every((length) => length >= rows),
        observer.lengths.join(),
      );
      await until(async () => {
        const { systems } = await backend.stage();
        return systems.find(({ system }) => system === 'flows')!.openFeeds === 1;
      }, 'one feed is open');
      assert.ok(watches() <= 12, `${watches()} requests are a storm`);

      // Change the message as well, while everything is slow.
      await backend.order('campaigns.force', ref, { message: 'mañana' });
      await until(() => observer.view(ref.id).message === 'mañana', 'it is shown');
      observer.leave();
      await until(() => proxy.open === 0, 'no connection is left');
      await backend.kill();
      expected.gather();
      observer.assertNothingInvented(expected);
    });

  it('refused: reconnects once the port listens again', async (t) => {
    const backend = await BackendProcess.start(t);
    const proxy = await Proxy.before(t, backend.port);
    await proxy.refuse();
    const observer = new ScreenObserver(t, proxy.url);
    await until(() => observer.state === 'waiting', 'it waits');
    await proxy.listen();
    await observer.equals(backend, BACK_MS);
  });
});

/** A fault on the way of an action, and the outcomes that may be reported for it. */
interface ActionFault {
  readonly name: string;
  readonly fault: Fault;
  readonly result: ActionOutcome['outcome'];
  readonly effects: number;
  readonly uncertainAfterMs?: number;
}

const page = '<!doctype html><title>Bad gateway</title>';
const actionFaults: readonly ActionFault[] = [
  { name: 'lost on its way there', fault: { do: 'lose' }, result: 'done', effects: 1 },
  {
    name: 'its answer cut before the headers',
    fault: { do: 'cut', at: 'before the headers' },
    result: 'done',
    effects: 1,
  },
  {
    name: 'its answer cut after the headers',
    fault: { do: 'cut', at: 'after the headers' },
    result: 'done',
    effects: 1,
  },
  { name: 'its answer cut halfway', fault: { do: 'cut', at: { byte: 40 } }, result: 'done', effects: 1 },
  { name: 'its answer half closed', fault: { do: 'cut', at: { byte: 40 }, how: 'end' }, result: 'done', effects: 1 },
  { name: 'its answer late', fault: { do: 'delay', ms: 400 }, result: 'done', effects: 1 },
  { name: 'its answer a byte at a time', fault: { do: 'drip' }, result: 'done', effects: 1 },
  {
    name: 'answered 502, and not passed on',
    fault: { do: 'answer', bytes: httpAnswer(502, 'text/html', page) },
    result: 'done',
    effects: 1,
  },
  {
    name: 'answered 502 after it took effect',
    fault: { do: 'answer', bytes: httpAnswer(502, 'text/html', page), reached: true },
    result: 'done',
    effects: 1,
  },
  {
    name: 'answered in no HTTP after it took effect',
    fault: { do: 'answer', bytes: 'SSH-2.0-OpenSSH_9.2\r\n', reached: true },
    result: 'done',
    effects: 1,
  },
  {
    name: 'answered 200 with half a record after it took effect',
    fault: { do: 'answer', bytes: httpAnswer(200, 'application/json', '{"campaign":{"id":"ask'), reached: true },
    result: 'uncertain',
    effects: 1,
  },
  {
    name: 'answered 200 by somebody’s sign-in page',
    fault: { do: 'answer', bytes: httpAnswer(200, 'text/html', page) },
    result: 'uncertain',
    effects: 0,
  },
  // After half of its time, an attempt that is not answered is given up, and sent again with the same key.
  { name: 'taken and never answered', fault: { do: 'hang' }, result: 'done', effects: 1, uncertainAfterMs: 20_000 },
  {
    name: 'its answer never whole',
    fault: { do: 'hold', at: { byte: 40 } },
    result: 'done',
    effects: 1,
    uncertainAfterMs: 20_000,
  },
];

describe('an action', CONCURRENTLY, () => {
  const setUp = async (
    t: TestContext,
    uncertainAfterMs: number,
  ): Promise<{ backend: BackendProcess; proxy: Proxy; observer: ScreenObserver }> => {
    const backend = await BackendProcess.start(t);
    const proxy = await Proxy.before(t, backend.port);
    await backend.order('campaigns.add', {
      system: 'flows',
      id: 'requested',
      met: ['active-flow'],
      dependencies: [{ kind: 'channel', id: 'email' }],
    });
    const observer = new ScreenObserver(t, proxy.url, { uncertainAfterMs });
    await observer.equals(backend);
    // Stall the feed, so that only the answer can settle the request.
    await backend.order('faults.stallFeed');
    return { backend, proxy, observer };
  };

  for (const { name, fault, result, effects, uncertainAfterMs } of actionFaults)
    it(`${name}: ${result}, and ${effects} effect`, async (t) => {
      const { backend, proxy, observer } = await setUp(
        t,
        uncertainAfterMs ?? (result === 'uncertain' ? 4_000 : 60_000),
      );
      const faultCount = proxy.injectFault(ACT, fault);
      const { outcome } = await observer.store.perform(observer.ref('requested'), 'start');
      assert.equal(faultCount(), 1);
      const { request, status } = observer.view('requested');
      assert.equal(outcome, result);
      assert.equal(request?.phase, result);
      assert.equal(status, result === 'done' ? 'active' : 'inactive', 'only what was reported is shown');
      const keys = proxy.seen.flatMap(({ headers }) => headers.get('idempotency-key') ?? []);
      assert.equal(new Set(keys).size, 1, 'one intent, one key');

      // No further outcome follows the first.
      proxy.clearFaults();
      await pause(300);
      assert.deepEqual(
        [...(await backend.effects()).values()].map((one) => one.length),
        effects ? [effects] : [],
      );
      // Changes that were held back arrive once the feed is restored.
      await backend.order('faults.restoreFeed');
      await observer.equals(backend, BACK_MS);
      assert.equal(observer.view('requested').status, effects ? 'active' : 'inactive');
      if (effects) assert.notEqual(observer.view('requested').request?.phase, 'uncertain');
    });
});
