/** The backend is killed at the worst moments, then starts again from its last state, from an older state or empty. */
import assert from 'node:assert/strict';
import { cpSync } from 'node:fs';
import { describe, it, type TestContext } from 'node:test';
import type { ActionOutcome } from '../../../src/store/index.ts';
import { BackendProcess, temporaryFolder } from '../../support/kill/backend-process.ts';
import { Proxy } from '../../support/kill/proxy.ts';
import { ExpectedState } from '../../support/kill/expected-state.ts';

import { ScreenObserver } from '../../support/kill/screen-observer.ts';
import { pause, until } from '../../support/until.ts';

/**
 * After several failures in a row, the next attempt comes within this time (ms): the longest backoff, plus time for the
 * attempt.
 */
const BACK_MS = 45_000;
const PER_SECOND = 200;
const WATCH = /^GET \/flows\/watch/;
const ACT = /^POST \/flows\/campaigns\//;

/** The parts mostly wait, so many can run at once. */
const CONCURRENTLY = { concurrency: 8 };

interface Setup {
  readonly data: string;
  readonly backend: BackendProcess;
  readonly proxy: Proxy;
  readonly expected: ExpectedState;
}

async function setUp(t: TestContext): Promise<Setup> {
  const data = temporaryFolder(t);
  const backend = await BackendProcess.start(t, { data });
  return { data, backend, proxy: await Proxy.before(t, backend.port), expected: new ExpectedState(data, 'flows') };
}

/** Adds a flow that can be started. */
async function startable(backend: BackendProcess, id: string): Promise<void> {
  await backend.order('campaigns.add', {
    system: 'flows',
    id,
    met: ['active-flow'],
    dependencies: [{ kind: 'channel', id: 'email' }],
  });
}

describe('the backend is killed', CONCURRENTLY, () => {
  it('mid-stream and restarted: the feed resumes, missed changes arrive, and nothing false is shown', async (t) => {
    const { backend, proxy, expected } = await setUp(t);
    await backend.order('campaigns.fill', 30, 'flows');
    const observer = new ScreenObserver(t, proxy.url);
    const watches = (): typeof proxy.seen => proxy.seen.filter(({ line }) => WATCH.test(line));
    const shown = (): number => [...observer.shown.values()].reduce((sum, states) => sum + states.length, 0);
    for (let round = 0; round < 3; round++) {
      await observer.live(BACK_MS);
      await backend.order('campaigns.churn', { system: 'flows', perSecond: PER_SECOND });
      const before = shown();
      await until(() => shown() > before + 100, 'changes stream');
      await backend.kill();
      expected.gather();
      await observer.lost();
      await backend.restart();
    }
    await observer.live(BACK_MS);
    await observer.equals(backend);
    await backend.kill();
    expected.gather();
    observer.assertNothingInvented(expected);
    const [first, ...later] = watches();
    assert.equal(first!.headers.get('last-event-id'), undefined);
    assert.ok(
      later.length >= 3 && later.every(({ headers }) => headers.has('last-event-id')),
      'each went on from where it was',
    );
    assert.deepEqual(
      observer.reports.filter(({ kind }) => ['resync', 'drift', 'dropped'].includes(kind)),
      [],
    );
  });

  it('fault 1: during the first snapshot: its rows are shown as incomplete, and the next attempt starts clean', async (t) => {
    const { backend, proxy } = await setUp(t);
    await backend.order('campaigns.fill', 2_000, 'flows');
    proxy.injectFault(WATCH, { do: 'hold', at: { line: 300_000 } });
    const observer = new ScreenObserver(t, proxy.url);
    const all = (await backend.campaigns('flows')).size;
    await until(() => observer.ids.length > 200, 'a part of it is there');
    assert.ok(observer.ids.length < all);
    assert.equal(observer.state, 'syncing');
    assert.equal(observer.store.list('flows').value.complete, false);
    const [removed] = observer.ids;
    await backend.kill();
    await proxy.refuse();
    await backend.restart();
    await backend.order('campaigns.remove', observer.ref(removed!));
    await proxy.listen();
    await observer.equals(backend, BACK_MS);
    assert.equal(observer.ids.includes(removed!), false, 'no row from the dead attempt that the backend lacks');
  });

  it('fault 2: during a later snapshot: the old rows stay as last known, and none is missing', async (t) => {
    const { backend, proxy, expected } = await setUp(t);
    await backend.order('campaigns.fill', 2_000, 'flows');
    const observer = new ScreenObserver(t, proxy.url);
    await observer.equals(backend, BACK_MS);
    const all = observer.ids.length;
    observer.lengths.length = 0;
    await proxy.refuse();
    await backend.order('campaigns.touch', observer.ref(observer.ids[0]!));
    // The backend forgets the changes after the observer's position, so the resume is refused and a snapshot follows.
    await backend.order('faults.compact', 'flows');
    proxy.injectFault(WATCH, { do: 'hold', at: { line: 300_000 } }, 2);
    await proxy.listen();
    await until(() => observer.states.at(-1) === 'syncing', 'it syncs again', BACK_MS);
    await until(() => observer.ids.every((id) => observer.view(id).stale?.why === 'feed'), 'every row is last known');
    await backend.kill();
    expected.gather();
    await backend.restart();
    await backend.order('campaigns.add', { system: 'flows', name: 'Added meanwhile' });
    await observer.equals(backend, BACK_MS);
    assert.ok(
      observer.lengths.every((length) => length >= all),
      observer.lengths.join(),
    );
  });

  it('fault 12: and started from an older state: statuses go back, all at once, and not before', async (t) => {
    const { data, backend, proxy } = await setUp(t);
    const setMessages = async (message: string): Promise<void> => {
      for (const id of (await backend.campaigns('flows')).keys())
        await backend.order('campaigns.force', { system: 'flows', id }, { message });
    };
    await startable(backend, 'moved');
    await startable(backend, 'removed');
    await setMessages('before');
    const older = temporaryFolder(t);
    cpSync(data, older, { recursive: true, filter: (path) => !/lock\.\d+$/.test(path) });
    await backend.order('campaigns.remove', { system: 'flows', id: 'removed' });
    await startable(backend, 'added');
    const observer = new ScreenObserver(t, proxy.url);
    await observer.live();
    assert.equal((await observer.store.perform(observer.ref('moved'), 'start')).outcome, 'done');
    await setMessages('after');
    await observer.equals(backend);

    // Whenever something changes, everything shown must belong to one state.
    const mixed: string[] = [];
    for (const id of observer.ids) {
      const subscription = observer.store.campaign(observer.ref(id)).subscribe(() => {
        const messages = new Set(observer.ids.map((one) => observer.view(one).message));
        if (messages.size > 1) mixed.push([...messages].join(' and '));
      });
      t.after(() => subscription.unsubscribe());
    }
    await backend.kill();
    await backend.restart({ restore: older });
    await observer.equals(backend, BACK_MS);
    assert.deepEqual(mixed, []);
    assert.equal(observer.view('moved').status, 'inactive');
    assert.equal(observer.view('moved').message, 'before');
    assert.equal(observer.view('removed').presence, 'present');
    assert.equal(observer.view('added').presence, 'gone');
    const whys = observer.reports
      .filter(({ kind }) => kind === 'resync')
      .map(({ detail }) => (detail as { why: string }).why);
    assert.equal(whys.filter((why) => why === 'new epoch').length, 1, whys.join());
  });

  it('and started without data: the new rows replace the old ones at once', async (t) => {
    const { backend, proxy } = await setUp(t);
    await backend.order('campaigns.fill', 5, 'flows');
    const observer = new ScreenObserver(t, proxy.url);
    await observer.equals(backend);
    const before = observer.ids.length;
    await backend.kill();
    await backend.restart({ data: null });
    await observer.equals(backend, BACK_MS);
    assert.deepEqual(observer.lengths.slice(-2), [before, before - 5]);
  });

  it('during an action, and started from an older state: the reported outcome is correct', async (t) => {
    const { data, backend, proxy } = await setUp(t);
    await startable(backend, 'requested');
    const older = temporaryFolder(t);
    cpSync(data, older, { recursive: true, filter: (path) => !/lock\.\d+$/.test(path) });
    const observer = new ScreenObserver(t, proxy.url);
    await observer.live();
    // The action takes effect, but no change and no answer leaves the backend before the kill.
    await backend.order('faults.stallFeed');
    proxy.injectFault(ACT, { do: 'hold', at: 'before the headers' });
    const result = observer.store.perform(observer.ref('requested'), 'start');
    await until(async () => (await backend.effects()).size === 1, 'it takes effect');
    await backend.kill();
    await backend.restart({ restore: older });
    const { outcome } = await result;
    await observer.equals(backend, BACK_MS);
    const effects = [...(await backend.effects()).values()].flat();
    // The restored state does not contain the effect. A request that is sent again may have a new effect or stay
    // unknown, but a refusal would be false.
    if (outcome === 'done') assert.equal(effects.length, 1);
    else assert.equal(outcome satisfies ActionOutcome['outcome'], 'uncertain');
    assert.ok(effects.length <= 1);
  });

  it('before an action is processed: it is sent again with its key, and has one effect', async (t) => {
    const { backend, proxy } = await setUp(t);
    await startable(backend, 'requested');
    const observer = new ScreenObserver(t, proxy.url);
    await observer.live();
    await backend.order('faults.latency', 60_000);
    const result = observer.store.perform(observer.ref('requested'), 'start');
    await until(() => proxy.seen.some(({ line }) => ACT.test(line)), 'it is asked for');
    await backend.kill();
    await backend.restart();
    assert.deepEqual(await result, { outcome: 'done' });
    assert.deepEqual(await effectsOf(backend), [1]);
    assert.equal(new Set(keysSeen(proxy)).size, 1);
    assert.ok(keysSeen(proxy).length > 1);
  });

  it('fault 31: after an action took effect and before its answer: one effect, reported as done', async (t) => {
    const { backend, proxy } = await setUp(t);
    await startable(backend, 'requested');
    const observer = new ScreenObserver(t, proxy.url);
    await observer.live();
    // Stall the feed, so that it does not report the change first.
    await backend.order('faults.stallFeed');
    proxy.injectFault(ACT, { do: 'hold', at: 'before the headers' });
    const result = observer.store.perform(observer.ref('requested'), 'start');
    await until(async () => (await backend.effects()).size === 1, 'it takes effect');
    assert.equal(observer.view('requested').request?.phase, 'pending');
    assert.equal(observer.view('requested').status, 'inactive', 'nothing is shown that was not reported');
    await backend.kill();
    await backend.restart();
    assert.deepEqual(await result, { outcome: 'done' });
    assert.deepEqual(await effectsOf(backend), [1]);
    await observer.equals(backend, BACK_MS);
    assert.equal(observer.view('requested').status, 'active');
  });

  it('at any moment of an action: never two effects, and each reported outcome is correct', async (t) => {
    const { backend, proxy } = await setUp(t);
    const ids = ['a', 'b', 'c', 'd'];
    for (const id of ids) await startable(backend, id);
    const observer = new ScreenObserver(t, proxy.url);
    await observer.live();
    await backend.order('faults.latency', 60);
    const result = ids.map(async (id, place) => {
      await pause(place * 25);
      return observer.store.perform(observer.ref(id), 'start');
    });
    await pause(80);
    await backend.kill();
    await backend.restart();
    assert.deepEqual(
      await Promise.all(result),
      ids.map(() => ({ outcome: 'done' })),
    );
    assert.deepEqual(await effectsOf(backend), [1, 1, 1, 1]);
    assert.equal(new Set(keysSeen(proxy)).size, 4, 'each intent has its own key, and no other');
    await observer.equals(backend, BACK_MS);
  });
});

async function effectsOf(backend: BackendProcess): Promise<number[]> {
  return [...(await backend.effects()).values()].map((effects) => effects.length);
}

/** The key of every action request that passed the proxy, repeats included. */
function keysSeen(proxy: Proxy): string[] {
  return proxy.seen.flatMap(({ headers }) => headers.get('idempotency-key') ?? []);
}
