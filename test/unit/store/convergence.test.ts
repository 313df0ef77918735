/**
 * Whatever happens meanwhile, in the end the store shows what the backend has. Each seed is another random run, the
 * same each time.
 */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { simulateBackend, simulatedAdapter, type SimulatedBackend } from '../../../mocks/index.ts';
import type { CampaignRef } from '../../../src/adapters/index.ts';
import { legalActions } from '../../../src/lifecycle/index.ts';
import { createCampaignStore, type ActionOutcome, type CampaignStore } from '../../../src/store/index.ts';
import { randomSource } from '../../support/random-source.ts';
import { TestEnvironment } from '../../support/environment.ts';
import { record } from '../../support/store-fixture.ts';

interface World {
  readonly env: TestEnvironment;
  readonly backend: SimulatedBackend;
  readonly store: CampaignStore;
  readonly chance: () => number;
  readonly outcomes: Promise<ActionOutcome>[];
  /** Every state that each campaign ever had, as `epoch revision status`. */
  readonly history: Map<string, Set<string>>;
}

function world(seed: number): World {
  const chance = randomSource(seed);
  const env = new TestEnvironment();
  Object.defineProperty(env, 'random', { value: chance });
  const backend = simulateBackend({ seed, clock: env.newClock(), keepChanges: 20, pageSize: 3, tickMs: 0 });
  const store = createCampaignStore({ adapter: simulatedAdapter(backend), environment: env, hiddenMs: 20_000 });
  const history = new Map<string, Set<string>>();
  const note = (): void => {
    for (const { id, status } of backend.campaigns.list('python')) {
      const states = history.get(id) ?? new Set();
      history.set(id, states.add(status));
    }
  };
  note();
  backend.subscribe(note);
  return { env, backend, store, chance, outcomes: [], history };
}

/** Ignores what the simulated backend refuses, such as removing a campaign that does not exist. */
function quietly(f: () => void): void {
  try {
    f();
  } catch (error) {
    if ((error as Error).name !== 'SimulationError') throw error;
  }
}

const SYSTEM = 'python';
const STEPS: readonly ((w: World, ref: CampaignRef) => void | Promise<void>)[] = [
  ({ backend }, ref) => backend.campaigns.touch(ref),
  ({ backend }, ref) => backend.campaigns.rename(ref, `${ref.id}!`),
  ({ backend }, ref) => void backend.campaigns.raise(ref, 'strategy exception'),
  ({ backend }, ref) => backend.campaigns.setPrerequisite(ref, 'contacts', true),
  ({ backend }, ref) => backend.campaigns.setPrerequisite(ref, 'strategy', false),
  ({ backend }, ref) => backend.campaigns.setPrerequisite(ref, 'strategy', true),
  ({ backend }, ref) => backend.campaigns.remove(ref, 'archived'),
  ({ backend }, ref) => void backend.campaigns.add({ ...ref, name: ref.id, met: ['contacts', 'strategy'] }),
  ({ backend }, ref) => backend.campaigns.corrupt(ref),
  ({ backend }) => backend.faults.compact(),
  ({ backend }) => backend.faults.restart(),
  ({ backend }) => backend.faults.restart({ newEpoch: true }),
  ({ backend }) => backend.faults.cutFeed(),
  ({ backend }) => backend.faults.stallFeed(),
  ({ backend }) => backend.faults.dropFeed(),
  ({ backend }) => backend.faults.restoreFeed(),
  ({ backend }) => backend.faults.restoreFeed(),
  ({ backend }) => backend.faults.latency(800),
  ({ backend }) => backend.faults.latency(0),
  ({ backend }) => backend.faults.throttle(4000),
  ({ backend }) => backend.faults.answer(500, { times: 2 }),
  ({ backend }) => backend.faults.inject(SYSTEM, { type: 'upsert', items: [{ id: 5 }, { nonsense: true }] }),
  ({ backend }) => backend.faults.loseNextAnswer(),
  ({ backend }) => backend.faults.acceptOnly(true),
  ({ backend }) => backend.faults.acceptOnly(false),
  ({ backend }) => backend.tick(),
  ({ env }) => env.page.hide(),
  ({ env }) => env.page.show(),
  ({ env }) => (env.page.enterCache(), env.page.leaveCache()),
  ({ env }) => env.page.goOnline(),
  ({ env }) => env.sleep(60_000),
  ({ store }, ref) => void store.refresh(ref),
  ({ store }) => void store.refresh({ system: SYSTEM }),
  press,
  press,
  press,
];

function press({ store, outcomes }: World, ref: CampaignRef): void {
  const { status } = store.campaign(ref).value;
  for (const action of legalActions(store.lifecycles.get(ref.system), status)) {
    outcomes.push(store.perform(ref, action));
    outcomes.push(store.perform(ref, action));
  }
}

async function heal({ env, backend }: World): Promise<void> {
  backend.faults.clear();
  env.page.show();
  for (const { id } of backend.campaigns.list(SYSTEM)) backend.campaigns.touch({ system: SYSTEM, id });
  await env.advance(120_000);
}

function assertSame({ backend, store }: World, seed: number): void {
  const expected = backend.campaigns.list(SYSTEM);
  const { ids, total, complete, counts } = store.list(SYSTEM).value;
  assert.deepEqual([...ids].sort(), expected.map(({ id }) => id).sort(), `seed ${seed}`);
  assert.equal(total, expected.length);
  assert.equal(complete, true);
  const counted = new Map<string, number>();
  for (const { status } of expected) counted.set(status, (counted.get(status) ?? 0) + 1);
  assert.deepEqual(Object.fromEntries(counts), Object.fromEntries(counted));
  for (const { id, status, name, message } of expected) {
    const view = store.campaign({ system: SYSTEM, id }).value;
    assert.deepEqual([view.status, view.name, view.message], [status, name ?? id, message ?? ''], `seed ${seed} ${id}`);
    assert.equal(view.stale, undefined, `seed ${seed} ${id}`);
    assert.notEqual(view.request?.phase, 'pending');
  }
  assert.equal(store.connection(SYSTEM).value.state, 'live');
}

describe('invariants 1, 5, 6, 7 and 15: random events', () => {
  for (let seed = 1; seed <= 40; seed++)
    test(`seed ${seed}: once the network works and the backend is quiet, the store equals the backend`, async () => {
      const w = world(seed);
      const { env, backend, store, chance, outcomes, history } = w;
      const ids = backend.campaigns.list(SYSTEM).map(({ id }) => id);
      record(store.list(SYSTEM));
      for (const id of ids) {
        store.campaign({ system: SYSTEM, id }).subscribe(({ presence, status }) => {
          if (presence === 'present' && status) assert.ok(history.get(id)?.has(status), `${id} never was ${status}`);
        });
      }
      await env.advance(1000);
      for (let step = 0; step < 120; step++) {
        const ref = { system: SYSTEM, id: ids[Math.floor(chance() * ids.length)]! };
        const run = STEPS[Math.floor(chance() * STEPS.length)]!;
        const result: unknown[] = [];
        quietly(() => result.push(run(w, ref)));
        await result[0];
        await env.advance(Math.floor(chance() * 3000));
        assert.ok(backend.openFeeds(SYSTEM) <= 2, `step ${step}: ${backend.openFeeds(SYSTEM)} feeds`);
      }
      await heal(w);
      assertSame(w, seed);
      for (const { outcome } of await Promise.all(outcomes))
        assert.match(outcome, /^(done|refused|conflict|uncertain)$/);
      store.dispose();
      assert.equal(env.timers, 0);
      assert.equal(env.page.listeners, 0);
      await env.advance(0);
      assert.equal(backend.openFeeds(), 0);
      backend.dispose();
    });
});

test('invariant 5: reported as done, it happened once; reported as refused, it did not happen', async () => {
  const w = world(7);
  const { env, backend, store } = w;
  const [first] = backend.campaigns.list('flows').filter(({ status }) => status === 'active');
  const ref = { system: 'flows', id: first!.id };
  record(store.campaign(ref));
  await env.advance(100);
  backend.faults.loseNextAnswer();
  backend.faults.stallFeed();
  const outcome = store.perform(ref, 'stop');
  await env.advance(20_000);
  assert.deepEqual(await outcome, { outcome: 'done' });
  const after = backend.campaigns.get(ref)!.record;
  assert.equal(after.status, 'inactive');
  assert.equal(after.revision, first!.revision + 1);

  backend.faults.clear();
  backend.faults.refuseNext({ code: 'invalid', reason: 'No.' });
  await env.advance(20_000);
  const refused = await store.perform(ref, 'start');
  assert.equal(refused.outcome, 'refused');
  assert.equal(backend.campaigns.get(ref)!.record.revision, after.revision);
});
