/**
 * The simulated backend drives lifecycles of other engines: moves of the engine, several landings, inputs, histories,
 * actions on several campaigns.
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { ActResult, CampaignRef, HistoryEntry } from '../../../src/adapters/contract.ts';
import { movesFrom, type Lifecycle } from '../../../src/lifecycle/index.ts';
import { simulatedAdapter, SimulationError, type SimulatedBackend } from '../../../mocks/index.ts';
import { jobs, printRuns, switches, tasks, workflows } from '../../support/lifecycles/index.ts';
import { press, stage, type Stage } from './support.ts';

const engines: readonly Lifecycle[] = [jobs, printRuns, switches, tasks, workflows];
const statusOf = (backend: SimulatedBackend, ref: CampaignRef): string => backend.campaigns.get(ref)!.record.status;

function one(lifecycle: Lifecycle, status?: string): Stage & { ref: CampaignRef } {
  const made = stage({ lifecycles: [lifecycle], user: 'Operations' });
  const ref = made.backend.campaigns.add({ system: lifecycle.system, ...(status === undefined ? {} : { status }) });
  return { ...made, ref };
}

const act = (
  { backend, ref }: { backend: SimulatedBackend; ref: CampaignRef },
  action: string,
  input?: string,
  idempotencyKey = `${action} ${input}`,
): Promise<ActResult> =>
  backend.act({
    ref,
    action,
    expect: { status: statusOf(backend, ref), revision: 1 },
    idempotencyKey,
    ...(input === undefined ? {} : { input }),
  });

describe('sample data', () => {
  for (const lifecycle of engines)
    it(`${lifecycle.system}: a dozen campaigns show every status, up to twelve of them`, () => {
      const { backend } = stage({ lifecycles: [lifecycle], sampleData: 'default' });
      const shown = new Set(backend.campaigns.list(lifecycle.system).map(({ status }) => status));
      assert.equal(shown.size, Math.min(12, Object.keys(lifecycle.statuses).length));
      backend.dispose();
    });
});

describe('a move of the engine', () => {
  it('moves a campaign where its status may move by itself, with a new revision and time', () => {
    const { backend, clock, ref } = one(workflows);
    const { revision, at } = backend.campaigns.get(ref)!.record;
    clock.advance(1_000);
    backend.campaigns.move(ref, 'failed', 'Step 3 threw.');
    const { record } = backend.campaigns.get(ref)!;
    assert.deepEqual([record.status, record.message, record.changedBy], ['failed', 'Step 3 threw.', 'Engine']);
    assert.equal(record.revision, revision + 1);
    assert.notEqual(record.at, at);
    backend.dispose();
  });

  it('to the fault status has an error message', () => {
    const { backend, ref } = one(printRuns, '10');
    backend.campaigns.move(ref, '99');
    assert.equal(statusOf(backend, ref), '99');
    assert.ok(backend.campaigns.get(ref)!.record.message);
    backend.dispose();
  });

  it('that the lifecycle does not list is rejected, with the listed ones', () => {
    const { backend, ref } = one(tasks);
    assert.throws(() => backend.campaigns.move(ref, 'success'), {
      name: SimulationError.name,
      message:
        'Tasks campaigns do not move from "none" to "success" by themselves; from there they move to: scheduled, skipped, upstream-failed, removed.',
    });
    const off = one(switches);
    assert.throws(() => off.backend.campaigns.move(off.ref, 'on'), /from there they move to: nothing\.$/);
    assert.equal(statusOf(backend, ref), 'none');
    for (const made of [backend, off.backend]) made.dispose();
  });

  it('is what random changes make when the lifecycle lists moves', () => {
    const { backend, clock } = stage({ lifecycles: [tasks] });
    const ref = backend.campaigns.add({ system: 'tasks' });
    const path = [statusOf(backend, ref)];
    backend.subscribe(() => {
      const status = backend.campaigns.get(ref) ? statusOf(backend, ref) : path.at(-1)!;
      if (status !== path.at(-1)) path.push(status);
    });
    backend.campaigns.fill(3, 'tasks');
    backend.campaigns.churn({ system: 'tasks', perSecond: 100, forMs: 4_000, steady: [] });
    clock.advance(4_000);
    backend.dispose();
    const legal = (from: string, to: string): boolean =>
      movesFrom(tasks, from).includes(to) ||
      Object.values((tasks as Lifecycle).actions).some((action) => action.from[from]?.includes(to)) ||
      to === 'none';
    assert.ok(path.length > 2, path.join(' '));
    path.slice(1).forEach((to, index) => assert.ok(legal(path[index]!, to), `${path[index]} to ${to}`));
  });
});

describe('an action', () => {
  it('with several landings takes one by the seed, and each of them for some seed', async () => {
    const landed = new Set<string>();
    for (let seed = 0; seed < 20; seed++) {
      const results = await Promise.all(
        [0, 1].map(async () => {
          const { backend } = stage({ lifecycles: [workflows], seed });
          const ref = backend.campaigns.add({ system: 'workflows', id: 'w' });
          await press(backend, ref, 'cancel');
          backend.dispose();
          return statusOf(backend, ref);
        }),
      );
      assert.equal(results[0], results[1]);
      landed.add(results[0]!);
    }
    assert.deepEqual([...landed].sort(), ['cancelled', 'completed', 'failed']);
  });

  it('with several landings takes the chosen one, once', async () => {
    for (const status of ['cancelled', 'completed', 'failed']) {
      const { backend, ref } = one(workflows);
      backend.campaigns.landNext(ref, status);
      assert.equal((await press(backend, ref, 'pause')).outcome, 'done', 'an action without a choice leaves it');
      await press(backend, ref, 'resume');
      await press(backend, ref, 'cancel');
      assert.equal(statusOf(backend, ref), status);
      backend.dispose();
    }
    const { backend, ref } = one(workflows);
    assert.throws(() => backend.campaigns.landNext(ref, 'terminated'), {
      message: 'No action from "running" lets you choose "terminated"; there is: cancelled, completed, failed.',
    });
    backend.dispose();
  });

  it('that leads to its own status is done, with a new revision and time', async () => {
    const { backend, clock, ref } = one(jobs, 'running');
    const { revision, at } = backend.campaigns.get(ref)!.record;
    clock.advance(1_000);
    const result = await press(backend, ref, 'restart');
    assert.ok(result.outcome === 'done');
    assert.deepEqual([result.campaign.status, result.campaign.revision], ['running', revision + 1]);
    assert.notEqual(result.campaign.at, at);
    backend.dispose();
  });

  it('accepts the input that its definition allows, and nothing else', async () => {
    const made = one(workflows, 'failed');
    const refused = async (action: string, input: string | undefined, reason: string): Promise<void> =>
      assert.deepEqual(await act(made, action, input), { outcome: 'refused', code: 'invalid', reason });
    await refused('reset', undefined, '“Reset” needs a text: Run again from.');
    await refused('reset', ' ', '“Reset” needs a text: Run again from.');
    await refused('reset', 'Somewhere', 'Run again from: choose one of First event, Last step.');
    assert.equal((await act(made, 'reset', 'Last step')).outcome, 'done');
    await refused('pause', 'Lunch', '“Pause” takes no text.');
    await refused('terminate', 'x'.repeat(201), 'Reason: at most 200 characters.');
    await refused('terminate', '😀'.repeat(101), 'Reason: at most 200 characters.');
    assert.equal((await act(made, 'terminate', '😀'.repeat(100))).outcome, 'done');
    made.backend.dispose();
  });

  it('with another input and the same key is another request', async () => {
    const made = one(workflows, 'failed');
    const first = await act(made, 'reset', 'Last step', 'k');
    assert.equal(first.outcome, 'done');
    const again = await made.backend.act({
      ref: made.ref,
      action: 'reset',
      expect: { status: 'failed', revision: 1 },
      idempotencyKey: 'k',
      input: 'First event',
    });
    assert.ok(again.outcome === 'refused' && again.code === 'invalid');
    made.backend.dispose();
  });
});

describe('the history of a campaign', () => {
  it('has action, user, time and message of each move, newest first, in pages', async () => {
    const made = one(workflows);
    const { backend, clock, ref } = made;
    const at = (): string => new Date(clock.now()).toISOString();
    const expected: HistoryEntry[] = [{ status: 'running', at: at(), changedBy: 'Operations' }];
    clock.advance(1_000);
    backend.campaigns.move(ref, 'failed', 'Step 3 threw.');
    expected.unshift({ status: 'failed', at: at(), changedBy: 'Engine', message: 'Step 3 threw.' });
    clock.advance(1_000);
    await act(made, 'reset', 'Last step');
    expected.unshift({
      status: 'running',
      at: at(),
      action: 'reset',
      changedBy: 'Operations',
      message: 'Last step',
    });
    backend.campaigns.rename(ref, 'Another name');
    const whole = await backend.history(ref, { limit: 10 });
    assert.deepEqual(whole, { entries: expected });
    const first = await backend.history(ref, { limit: 2 });
    assert.deepEqual(first.entries, expected.slice(0, 2));
    clock.advance(1_000);
    backend.campaigns.move(ref, 'completed');
    const before = first.before ?? '';
    assert.deepEqual(
      await backend.history(ref, { before, limit: 2 }),
      { entries: expected.slice(2) },
      'the same, whatever came since',
    );
    backend.dispose();
  });

  it('has an entry for an action that leads to its own status', async () => {
    const { backend, ref } = one(jobs, 'running');
    await press(backend, ref, 'restart');
    const { entries } = await backend.history(ref, { limit: 1 });
    assert.deepEqual([entries[0]?.status, entries[0]?.action], ['running', 'restart']);
    backend.dispose();
  });

  it('keeps the latest hundred moves, and is deleted with the campaign', async () => {
    const { backend, ref } = one(switches);
    for (let n = 0; n < 130; n++) await press(backend, ref, n % 2 ? 'turn-off' : 'turn-on');
    const first = await backend.history(ref, { limit: 70 });
    const before = first.before ?? '';
    const rest = await backend.history(ref, { before, limit: 70 });
    assert.deepEqual([first.entries.length, rest.entries.length, rest.before], [70, 30, undefined]);
    backend.campaigns.remove(ref);
    await assert.rejects(backend.history(ref, { limit: 1 }), { code: 'misconfigured' });
    backend.campaigns.add(ref);
    assert.equal((await backend.history(ref, { limit: 9 })).entries.length, 1);
    backend.dispose();
  });

  it('rejects an invalid limit or position', async () => {
    const { backend, ref } = one(switches);
    for (const page of [{ limit: 0 }, { limit: 1.5 }, { limit: NaN }, { limit: 1, before: 'x' }])
      await assert.rejects(backend.history(ref, page), { code: 'misconfigured' });
    backend.dispose();
  });

  it('is restored from a saved state', async () => {
    const { backend, clock, ref } = one(workflows);
    backend.campaigns.move(ref, 'completed');
    const again = stage({ lifecycles: [workflows], clock }, { saved: backend.save() }).backend;
    assert.deepEqual(await again.history(ref, { limit: 9 }), await backend.history(ref, { limit: 9 }));
    for (const made of [backend, again]) made.dispose();
  });
});

describe('several actions in one call', () => {
  it('have a result each, in order, and a failed one does not affect the others', async () => {
    const { backend } = stage({ lifecycles: [switches] });
    const [a, b, c] = ['a', 'b', 'c'].map((id) => backend.campaigns.add({ system: 'switches', id }));
    backend.campaigns.deny(b!, { 'turn-on': 'Frozen.' });
    await press(backend, c!, 'turn-on');
    const request = (ref: CampaignRef, idempotencyKey: string) => ({
      ref,
      action: 'turn-on',
      expect: { status: 'off', revision: 1 },
      idempotencyKey,
      signal: new AbortController().signal,
    });
    const requests = [a!, b!, c!, { system: 'switches', id: 'nobody' }].map((ref, n) => request(ref, `k${n}`));
    const adapter = simulatedAdapter(backend);
    const results = await adapter.actMany(requests);
    assert.deepEqual(
      results.map((result) => (result.outcome === 'refused' ? result.code : result.outcome)),
      ['done', 'forbidden', 'conflict', 'gone'],
    );
    const effects = backend.effects().length;
    assert.deepEqual(await adapter.actMany(requests), results, 'the same keys, the same results');
    assert.deepEqual(await adapter.act(requests[0]!), results[0], 'also one by one');
    assert.equal(backend.effects().length, effects);
    backend.dispose();
  });

  it('with one key have one effect, and a key used for another campaign is refused', async () => {
    const { backend } = stage({ lifecycles: [switches] });
    const [a, b] = ['a', 'b'].map((id) => backend.campaigns.add({ system: 'switches', id }));
    const request = (ref: CampaignRef) => ({
      ref,
      action: 'turn-on',
      expect: { status: 'off', revision: 1 },
      idempotencyKey: 'k',
    });
    const [first, second, other] = await backend.actMany([request(a!), request(a!), request(b!)]);
    assert.equal(first?.outcome, 'done');
    assert.deepEqual(second, first);
    assert.ok(other?.outcome === 'refused' && other.code === 'invalid');
    assert.equal(backend.effects().length, 1);
    backend.dispose();
  });

  it('whose answer is lost are done, and the same keys return the results', async () => {
    const { backend, ref } = one(switches);
    const requests = [{ ref, action: 'turn-on', expect: { status: 'off', revision: 1 }, idempotencyKey: 'k' }] as const;
    backend.faults.loseNextAnswer();
    await assert.rejects(backend.actMany(requests), { code: 'unavailable' });
    assert.equal(statusOf(backend, ref), 'on');
    assert.equal((await backend.actMany(requests))[0]?.outcome, 'done');
    assert.equal(backend.effects().length, 1);
    backend.dispose();
  });

  it('are refused as a whole, before any is done, if one has no key or is still pending', async () => {
    const { backend, clock, ref } = one(switches);
    const good = { ref, action: 'turn-on', expect: { status: 'off', revision: 1 }, idempotencyKey: 'k' };
    await assert.rejects(backend.actMany([good, { ...good, idempotencyKey: '' }]), { code: 'misconfigured' });
    assert.equal(statusOf(backend, ref), 'off');
    backend.faults.latency(100);
    const first = backend.actMany([good]);
    await assert.rejects(backend.actMany([good]), { code: 'throttled' });
    clock.advance(100);
    assert.equal((await first)[0]?.outcome, 'done');
    backend.dispose();
  });

  it('stop waiting once every signal has aborted', async () => {
    const { backend, ref } = one(switches);
    backend.faults.latency(100);
    const controllers = [new AbortController(), new AbortController()];
    const results = backend.actMany(
      controllers.map(({ signal }, n) => ({
        ref,
        action: 'turn-on',
        expect: { status: 'off', revision: 1 },
        idempotencyKey: `k${n}`,
        signal,
      })),
    );
    let over = false;
    results.catch(() => undefined).finally(() => (over = true));
    controllers[0]!.abort();
    await new Promise(setImmediate);
    assert.equal(over, false);
    controllers[1]!.abort();
    await assert.rejects(results, { name: 'AbortError' });
    backend.dispose();
  });
});
