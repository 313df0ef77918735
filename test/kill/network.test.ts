/** Everything that can happen between a page and its backend at the level of TCP, to feeds and to actions. */
import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import type { ActionOutcome } from '../../src/store/index.ts';
import { BackendProcess, temporaryFolder } from './support/backend-process.ts';
import { feedFaults } from './support/feed-faults.ts';
import { httpAnswer, Proxy, type Fault } from './support/proxy.ts';
import { ExpectedState } from './support/expected-state.ts';
import { pause, until } from './support/until.ts';
import { ScreenObserver } from './support/screen-observer.ts';

const WATCH = /^GET \/flows\/watch/;
const ACT = /^POST \/flows\/campaigns\//;
/** A feed that failed a few times in a row is tried again within this time (ms): the longest pause between two attempts, and time for the attempt. */
const BACK_MS = 45_000;
/** Most of the time each of them waits. */
const CONCURRENTLY = { concurrency: 8 };

describe('a feed', CONCURRENTLY, () => {
  for (const { name, fault, blocks, slow, lasts } of feedFaults)
    it(`${name}: nothing is lost, nothing false is shown, and all is equal again`, async (t) => {
      const data = temporaryFolder(t);
      const backend = await BackendProcess.start(t, { data });
      const proxy = await Proxy.before(t, backend.port);
      const truth = new ExpectedState(data, 'flows');
      const ref = { system: 'flows', id: 'welcome-series' };
      await backend.order('campaigns.rename', ref, 'Größe 測試 🎈');
      const watches = (): number => proxy.seen.filter(({ line }) => WATCH.test(line)).length;
      const times = slow ? Infinity : 1;
      const comesBack = async (viewer: ScreenObserver): Promise<void> => {
        if (blocks) {
          await until('it is not tried again by itself', () => viewer.state === 'misconfigured');
          proxy.heal();
          await viewer.store.refresh({ system: 'flows' });
        } else if (lasts) {
          await pause(300);
          assert.notEqual(viewer.state, 'live');
          proxy.heal();
        }
        await viewer.equals(backend, BACK_MS);
      };

      // Its first snapshot comes to harm.
      const first = proxy.harm(WATCH, fault, times);
      const viewer = new ScreenObserver(t, proxy.url);
      await until('it does', () => first() > 0);
      await comesBack(viewer);
      const rows = viewer.ids.length;
      assert.ok(rows > 0);

      // So does its resume, and the backend does not wait for it.
      proxy.heal();
      viewer.lengths.length = 0;
      // Each attempt, until it was looked at: the one after the first may follow at once.
      const again = proxy.harm(WATCH, fault, lasts ? 1 : Infinity);
      proxy.cut();
      await backend.order('campaigns.rename', ref, 'Übergröße 試験 🎉');
      await backend.order('campaigns.force', { system: 'flows', id: 'price-drop-on-wish-list' }, { message: 'ñ' });
      await backend.order('campaigns.add', { system: 'flows', name: 'Added meanwhile' });
      await until('it comes to harm', () => again() > 0);
      assert.ok(viewer.ids.length >= rows);
      if (!slow) {
        assert.notEqual(viewer.state, 'live');
        if (!lasts) proxy.heal();
      }
      await comesBack(viewer);
      assert.ok(
        viewer.lengths.every((length) => length >= rows),
        viewer.lengths.join(),
      );
      await until('one feed is open', async () => {
        const { systems } = await backend.stage();
        return systems.find(({ system }) => system === 'flows')!.openFeeds === 1;
      });
      assert.ok(watches() <= 12, `${watches()} requests are a storm`);

      // The message of a change while all is slow, too.
      await backend.order('campaigns.force', ref, { message: 'mañana' });
      await until('it is shown', () => viewer.view(ref.id).message === 'mañana');
      viewer.leave();
      await until('no connection is left', () => proxy.open === 0);
      await backend.kill();
      truth.gather();
      viewer.assertNothingInvented(truth);
    });

  it('refused: reconnects once the port listens again', async (t) => {
    const backend = await BackendProcess.start(t);
    const proxy = await Proxy.before(t, backend.port);
    await proxy.refuse();
    const viewer = new ScreenObserver(t, proxy.url);
    await until('it waits', () => viewer.state === 'waiting');
    await proxy.listen();
    await viewer.equals(backend, BACK_MS);
  });
});

/** What can become of an action on its way, and what has to be told of it. */
interface ActionFault {
  readonly name: string;
  readonly fault: Fault;
  readonly told: ActionOutcome['outcome'];
  readonly effects: number;
}

const page = '<!doctype html><title>Bad gateway</title>';
const actionFaults: readonly ActionFault[] = [
  { name: 'lost on its way there', fault: { do: 'lose' }, told: 'done', effects: 1 },
  {
    name: 'its answer cut before the headers',
    fault: { do: 'cut', at: 'before the headers' },
    told: 'done',
    effects: 1,
  },
  { name: 'its answer cut after the headers', fault: { do: 'cut', at: 'after the headers' }, told: 'done', effects: 1 },
  { name: 'its answer cut halfway', fault: { do: 'cut', at: { byte: 40 } }, told: 'done', effects: 1 },
  { name: 'its answer half closed', fault: { do: 'cut', at: { byte: 40 }, how: 'end' }, told: 'done', effects: 1 },
  { name: 'its answer late', fault: { do: 'delay', ms: 400 }, told: 'done', effects: 1 },
  { name: 'its answer a byte at a time', fault: { do: 'drip' }, told: 'done', effects: 1 },
  {
    name: 'answered 502, and not passed on',
    fault: { do: 'answer', bytes: httpAnswer(502, 'text/html', page) },
    told: 'done',
    effects: 1,
  },
  {
    name: 'answered 502 after it took effect',
    fault: { do: 'answer', bytes: httpAnswer(502, 'text/html', page), reached: true },
    told: 'done',
    effects: 1,
  },
  {
    name: 'answered in no HTTP after it took effect',
    fault: { do: 'answer', bytes: 'SSH-2.0-OpenSSH_9.2\r\n', reached: true },
    told: 'done',
    effects: 1,
  },
  {
    name: 'answered 200 with half a record after it took effect',
    fault: { do: 'answer', bytes: httpAnswer(200, 'application/json', '{"campaign":{"id":"ask'), reached: true },
    told: 'uncertain',
    effects: 1,
  },
  {
    name: 'answered 200 by somebody’s sign-in page',
    fault: { do: 'answer', bytes: httpAnswer(200, 'text/html', page) },
    told: 'uncertain',
    effects: 0,
  },
  { name: 'taken and never answered', fault: { do: 'hang' }, told: 'uncertain', effects: 0 },
  {
    name: 'its answer never whole',
    fault: { do: 'hold', at: { byte: 40 } },
    told: 'uncertain',
    effects: 1,
  },
];

describe('an action', CONCURRENTLY, () => {
  const stage = async (
    t: TestContext,
    uncertainAfterMs: number,
  ): Promise<{ backend: BackendProcess; proxy: Proxy; viewer: ScreenObserver }> => {
    const backend = await BackendProcess.start(t);
    const proxy = await Proxy.before(t, backend.port);
    await backend.order('campaigns.add', { system: 'flows', id: 'asked', met: ['active-flow'], channel: 'email' });
    const viewer = new ScreenObserver(t, proxy.url, { uncertainAfterMs });
    await viewer.equals(backend);
    // So that nothing but its answer can tell.
    await backend.order('faults.stallFeed');
    return { backend, proxy, viewer };
  };

  for (const { name, fault, told, effects } of actionFaults)
    it(`${name}: ${told}, and ${effects} effect`, async (t) => {
      const { backend, proxy, viewer } = await stage(t, told === 'uncertain' ? 4_000 : 60_000);
      const struck = proxy.harm(ACT, fault);
      const { outcome } = await viewer.store.perform(viewer.ref('asked'), 'start');
      assert.equal(struck(), 1);
      const { request, status } = viewer.view('asked');
      assert.equal(outcome, told);
      assert.equal(request?.phase, told);
      assert.equal(status, told === 'done' ? 'active' : 'inactive', 'shown is what was said, and no more');
      const keys = proxy.seen.flatMap(({ headers }) => headers.get('idempotency-key') ?? []);
      assert.equal(new Set(keys).size, 1, 'one intent, one key');

      // Nothing comes after it was told.
      proxy.heal();
      await pause(300);
      assert.deepEqual(
        [...(await backend.effects()).values()].map((one) => one.length),
        effects ? [effects] : [],
      );
      // What was not told is told once the feed speaks again.
      await backend.order('faults.restoreFeed');
      await viewer.equals(backend, BACK_MS);
      assert.equal(viewer.view('asked').status, effects ? 'active' : 'inactive');
      if (effects) assert.notEqual(viewer.view('asked').request?.phase, 'uncertain');
    });
});
