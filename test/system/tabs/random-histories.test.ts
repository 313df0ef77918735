/**
 * Tabs with real stores over one simulated backend open, close, freeze, wake and crash; messages are late and the
 * network fails. Once all is quiet, every tab shows what the backend has, and there is one connection.
 */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { simulateBackend, simulatedAdapter, type SimulatedBackend } from '../../../mocks/index.ts';
import { type CampaignRecord, shareAcrossTabs } from '../../../src/adapters/index.ts';
import { type CampaignStore, createCampaignStore } from '../../../src/store/index.ts';
import { fc } from '../../support/fast-check.ts';
import { record, type Recorder } from '../../support/store-fixture.ts';
import { SYSTEM, TAB_STEPS, type TabsWorld } from '../../support/tab-steps.ts';
import { nothing, Origin, type Tab } from '../../support/tabs.ts';

/** The number of random histories. */
const RUNS = Number(process.env.SHARING_RUNS ?? 200);
/** Longer than any backoff, takeover or recycling of a connection (ms). */
const QUIET_MS = 900_000;

interface OpenTab {
  readonly tab: Tab;
  store: CampaignStore;
  seen: Recorder<unknown> | undefined;
  /** The one campaign that it shows; `undefined`: the list. */
  only: string | undefined;
}

/** A step of a history: what happens, to which tab or campaign, and the time until the next step. */
interface Step {
  readonly what: keyof typeof STEPS;
  readonly which: number;
  readonly after: number;
}

class World implements TabsWorld {
  readonly origin = new Origin();
  readonly backend: SimulatedBackend;
  readonly openTabs: OpenTab[] = [];
  /** Every status that a campaign ever had. */
  readonly history = new Map<string, Set<string>>();

  constructor(latencies: readonly number[]) {
    const { clock } = this.origin;
    let sent = 0;
    this.origin.latency = () => latencies[sent++ % latencies.length]!;
    this.backend = simulateBackend({ seed: 'tabs', clock, keepChanges: 15, pageSize: 4, tickMs: 0, heartbeatMs: 5000 });
    this.backend.subscribe(() => this.note());
    this.note();
  }

  note(): void {
    for (const { id, status } of this.backend.campaigns.list(SYSTEM))
      this.history.set(id, (this.history.get(id) ?? new Set()).add(status));
  }

  get connections(): number {
    return this.backend.openFeeds(SYSTEM);
  }

  /** Opens a tab that shows the list, or one campaign. */
  open(ids?: readonly string[]): void {
    const tab = this.origin.open();
    const adapter = shareAcrossTabs(tab.adapter(simulatedAdapter(this.backend)), {
      environment: tab.sharing,
    });
    const store = createCampaignStore({ adapter, environment: tab.environment, report: () => {} });
    const openTab: OpenTab = { tab, store, seen: undefined, only: undefined };
    this.openTabs.push(openTab);
    this.look(openTab, ids);
  }

  look(openTab: OpenTab, ids?: readonly string[]): void {
    const [id] = ids ?? [];
    openTab.only = id;
    openTab.seen =
      id === undefined ? record(openTab.store.list(SYSTEM)) : record(openTab.store.campaign({ system: SYSTEM, id }));
  }

  alive(which: number): OpenTab | undefined {
    const all = this.openTabs.filter(({ tab }) => !tab.crashed);
    return all[which % Math.max(1, all.length)];
  }

  row(which: number): CampaignRecord | undefined {
    const rows = this.backend.campaigns.list(SYSTEM);
    return rows[which % Math.max(1, rows.length)];
  }

  /** Asserts that what the tabs show was true at some time. */
  assertTrue(): void {
    for (const { tab, store } of this.openTabs) {
      if (tab.crashed) continue;
      for (const id of store.list(SYSTEM).value.ids) {
        const { presence, status } = store.campaign({ system: SYSTEM, id }).value;
        const was = presence !== 'present' || this.history.get(id)?.has(status);
        assert.ok(was, `${tab.name} shows ${id} as ${status}, which it never was`);
      }
    }
  }

  assertConverged(): void {
    const rows = this.backend.campaigns.list(SYSTEM);
    for (const { tab, store, seen, only } of this.openTabs) {
      if (tab.crashed || !seen) continue;
      assert.equal(store.connection(SYSTEM).value.state, 'live', `${tab.name} is live`);
      const list = store.list(SYSTEM).value;
      assert.equal(list.complete, only === undefined, `${tab.name} has all`);
      if (only === undefined) assert.deepEqual([...list.ids].sort(), rows.map(({ id }) => id).sort(), tab.name);
      for (const { id, status, name } of rows) {
        if (only !== undefined && only !== id) continue;
        const view = store.campaign({ system: SYSTEM, id }).value;
        assert.deepEqual([view.status, view.name, view.stale], [status, name, undefined], `${tab.name}: ${id}`);
      }
    }
    const watching = this.openTabs.filter(({ tab, seen }) => !tab.crashed && seen).length;
    assert.equal(this.connections, Math.min(1, watching), `connections for ${watching} tabs`);
  }
}

const STEPS = {
  ...TAB_STEPS,
  open: (world) => world.open(),
  openOne: (world, which) => {
    const row = world.row(which);
    world.open(row ? [row.id] : undefined);
  },
  leave: (world, which) => {
    const openTab = world.alive(which);
    if (!openTab?.seen || openTab.tab.frozen) return;
    openTab.seen.stop();
    openTab.seen = undefined;
  },
  comeBack: (world, which) => {
    const openTab = world.alive(which);
    if (openTab && !openTab.seen && !openTab.tab.frozen) world.look(openTab);
  },
  refresh: (world, which) => {
    const openTab = world.alive(which);
    if (openTab && !openTab.tab.frozen) void openTab.store.refresh({ system: SYSTEM });
  },
  hide: (world, which) => {
    const openTab = world.alive(which);
    if (!openTab || openTab.tab.frozen) return;
    openTab.tab.page.hide();
    openTab.tab.slowestTimers = 60_000;
  },
  show: (world, which) => {
    const openTab = world.alive(which);
    if (!openTab || openTab.tab.frozen) return;
    openTab.tab.slowestTimers = 0;
    openTab.tab.page.show();
  },
  thaw: (world, which) => world.alive(which)?.tab.thaw(),
  change: (world, which) => {
    const row = world.row(which);
    if (row)
      world.backend.campaigns.force({ system: SYSTEM, id: row.id }, { status: which % 2 ? 'active' : 'inactive' });
  },
} satisfies Record<string, (world: World, which: number) => void>;

const step: fc.Arbitrary<Step> = fc.record({
  what: fc.constantFrom(...(Object.keys(STEPS) as (keyof typeof STEPS)[])),
  which: fc.nat({ max: 11 }),
  after: fc.constantFrom(0, 1, 3, 40, 700, 2500, 8000),
});

async function play(first: number, steps: readonly Step[], latencies: readonly number[]): Promise<World> {
  const world = new World(latencies);
  for (let i = 0; i < first; i++) world.open();
  await world.origin.advance(100);
  for (const { what, which, after } of steps) {
    STEPS[what](world, which);
    await world.origin.advance(after);
    world.assertTrue();
  }
  world.backend.faults.clear();
  for (const { tab } of world.openTabs) {
    tab.thaw();
    tab.slowestTimers = 0;
  }
  await world.origin.advance(10);
  for (const { tab } of world.openTabs) if (!tab.crashed) tab.page.show();
  await world.origin.advance(QUIET_MS);
  return world;
}

describe('random tabs, network and backend', () => {
  test(`in ${RUNS} random runs: in the end every tab equals the backend over one connection, and nothing is left`, async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 4 }),
        fc.array(step, { maxLength: 25 }),
        fc.array(fc.constantFrom(0, 1, 2, 5, 30), { minLength: 1, maxLength: 7 }),
        async (first, steps, latencies) => {
          const world = await play(first, steps, latencies);
          world.assertConverged();
          for (const { store, tab } of world.openTabs) if (!tab.crashed) store.dispose();
          await world.origin.advance(1000);
          assert.deepEqual(world.origin.held, nothing);
          assert.equal(world.connections, 0);
          world.backend.dispose();
        },
      ),
      { numRuns: RUNS },
    );
  });
});
