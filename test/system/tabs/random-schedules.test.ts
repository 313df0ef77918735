/**
 * Tabs over one backend, with readers that rely on nothing but the contract. Whatever the order of events, a reader
 * that counts as live has the truth, and once all is quiet, every tab has what the backend has.
 */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { simulateBackend, simulatedAdapter, type SimulatedBackend } from '../../../mocks/index.ts';
import { type CampaignAdapter, type CampaignRecord, shareAcrossTabs } from '../../../src/adapters/index.ts';
import { fc } from '../../support/fast-check.ts';
import { ReferenceReader } from '../../support/reference-reader.ts';
import { SYSTEM, TAB_STEPS, type TabsWorld } from '../../support/tab-steps.ts';
import { nothing, Origin, type Tab } from '../../support/tabs.ts';

const RUNS = Number(process.env.SHARING_SCHEDULES ?? 1000);
/** At the end a leader may have to be replaced by a tab that has failed often and has a long backoff (ms). */
const QUIET_MS = 90_000;
/**
 * How late (ms) a change may be in a tab, beyond the promised silence: the time of messages on their way, and of
 * requests and answers.
 */
const LATE_MS = 500;
/** A tab that woke has received everything it missed after this time (ms). */
const AWAKE_MS = 1000;
const HOUR_MS = 3_600_000;

interface OpenTab {
  readonly tab: Tab;
  readonly adapter: CampaignAdapter<unknown>;
  readonly readers: ReferenceReader[];
  awakeSince: number;
}

/** A name that a campaign had. Each name is given once. */
interface Version {
  readonly name: string | undefined;
  readonly from: number;
  until: number;
}

class World implements TabsWorld {
  readonly origin = new Origin();
  readonly backend: SimulatedBackend;
  readonly openTabs: OpenTab[] = [];
  readonly #history = new Map<string, Version[]>();
  #names = 0;

  constructor(latencies: readonly number[]) {
    let sent = 0;
    this.origin.latency = () => latencies[sent++ % latencies.length]!;
    const clock = this.origin.env.newClock();
    this.backend = simulateBackend({
      seed: 'tabs',
      clock,
      sampleData: 'empty',
      keepChanges: 6,
      pageSize: 2,
      tickMs: 0,
      heartbeatMs: 3000,
    });
    this.backend.campaigns.fill(5, SYSTEM);
    this.backend.subscribe(() => this.#note());
    this.#note();
  }

  get now(): number {
    return this.origin.env.monotonic();
  }

  get rows(): readonly CampaignRecord[] {
    return this.backend.campaigns.list(SYSTEM);
  }

  open(ids?: readonly string[], hasty = false): void {
    const tab = this.origin.open();
    const adapter = shareAcrossTabs(tab.adapter(simulatedAdapter(this.backend)), { environment: tab.sharing });
    const openTab: OpenTab = { tab, adapter, readers: [], awakeSince: -Infinity };
    this.openTabs.push(openTab);
    this.read(openTab, ids, hasty);
  }

  read({ tab, adapter, readers }: OpenTab, ids?: readonly string[], hasty = false): void {
    readers.push(new ReferenceReader(tab, adapter, SYSTEM, ids, hasty));
  }

  /** A tab that is neither crashed nor frozen. */
  awake(which: number): OpenTab | undefined {
    const all = this.openTabs.filter(({ tab }) => !tab.crashed && !tab.frozen);
    return all[which % Math.max(1, all.length)];
  }

  alive(which: number): OpenTab | undefined {
    const all = this.openTabs.filter(({ tab }) => !tab.crashed);
    return all[which % Math.max(1, all.length)];
  }

  row(which: number): CampaignRecord | undefined {
    return this.rows[which % Math.max(1, this.rows.length)];
  }

  /** Some campaigns, as a page requests them. */
  ids(which: number): string[] {
    return [which, which + 1].flatMap((one) => this.row(one)?.id ?? []).slice(0, 1 + (which % 2));
  }

  rename(which: number): void {
    const row = this.row(which);
    if (row) this.backend.campaigns.rename({ system: SYSTEM, id: row.id }, `name ${++this.#names}`);
  }

  wake(openTab: OpenTab): void {
    if (!openTab.tab.frozen) return;
    openTab.tab.thaw();
    openTab.awakeSince = this.now;
  }

  /**
   * Asserts that every live reader has what the backend had within the promised time, and that no feed broke the
   * contract.
   */
  assertTrue(): void {
    for (const { tab, readers, awakeSince } of this.openTabs)
      for (const reader of readers) {
        assert.deepEqual(reader.problems, [], tab.name);
        const { live, quietMs, allowedMs, ids, rows } = reader;
        if (!live || tab.crashed || tab.frozen || quietMs > allowedMs || this.now - awakeSince < AWAKE_MS) continue;
        const since = this.now - allowedMs - LATE_MS;
        for (const [id, versions] of this.#history) {
          if (ids && !ids.includes(id)) continue;
          const shown = rows.get(id)?.row?.name;
          const was = versions.some(({ name, until }) => name === shown && until >= since);
          assert.ok(was, `${tab.name} shows ${id} as ${shown}; it was ${JSON.stringify(versions)}, now is ${this.now}`);
        }
        for (const id of rows.keys()) assert.ok(this.#history.has(id), `${tab.name} shows ${id}, which never was`);
      }
  }

  assertConverged(): void {
    const there = new Map(this.rows.map(({ id, name }) => [id, name ?? undefined]));
    let watching = 0;
    for (const { tab, readers } of this.openTabs) {
      if (tab.crashed) continue;
      for (const { live, ids, rows } of readers) {
        watching++;
        assert.ok(live, `${tab.name} is live`);
        const wanted = [...there].filter(([id]) => !ids || ids.includes(id));
        const shown = [...rows].flatMap(([id, { row }]) => (row ? [[id, row.name] as const] : []));
        assert.deepEqual(new Map(shown), new Map(wanted), tab.name);
      }
    }
    assert.equal(this.backend.openFeeds(SYSTEM), Math.min(1, watching), `connections for ${watching} readers`);
  }

  /** A campaign that does not exist has no name. */
  #note(): void {
    const there = new Map(this.rows.map(({ id, name }) => [id, name ?? undefined]));
    for (const id of new Set([...there.keys(), ...this.#history.keys()])) {
      const versions = this.#history.get(id) ?? [{ name: undefined, from: -Infinity, until: Infinity }];
      this.#history.set(id, versions);
      if (versions.at(-1)!.name === there.get(id)) continue;
      versions.at(-1)!.until = this.now;
      versions.push({ name: there.get(id), from: this.now, until: Infinity });
    }
  }
}

const STEPS = {
  ...TAB_STEPS,
  open: (world) => world.open(),
  openSome: (world, which) => world.open(world.ids(which), which % 3 === 0),
  openHasty: (world) => world.open(undefined, true),
  readAllToo: (world, which) => {
    const openTab = world.awake(which);
    if (openTab && openTab.readers.length < 3) world.read(openTab);
  },
  readSomeToo: (world, which) => {
    const openTab = world.awake(which);
    if (openTab && openTab.readers.length < 3) world.read(openTab, world.ids(which));
  },
  stopOne: (world, which) => world.awake(which)?.readers.shift()?.stop(),
  stopAll: (world, which) => {
    for (const reader of world.awake(which)?.readers.splice(0) ?? []) reader.stop();
  },
  /** From a list to one campaign, and back, in one task. */
  change: (world, which) => {
    const openTab = world.awake(which);
    const first = openTab?.readers.shift();
    if (!first) return;
    first.stop();
    world.read(openTab!, first.ids ? undefined : world.ids(which));
  },
  resync: (world, which) => world.awake(which)?.readers[0]?.resubscribe('nothing'),
  resume: (world, which) => world.awake(which)?.readers[0]?.resubscribe('here'),
  wake: (world, which) => {
    const openTab = world.alive(which);
    if (openTab) world.wake(openTab);
  },
  wakeAll: (world) => {
    for (const openTab of world.openTabs) world.wake(openTab);
  },
  rename: (world, which) => world.rename(which),
  renameMore: (world, which) => {
    for (let i = 0; i < 8; i++) world.rename(which + i);
  },
  throttle: ({ backend }) => backend.faults.throttle(2000),
  setClock: ({ origin }, which) => origin.env.shiftWallClock(which % 2 ? HOUR_MS : -HOUR_MS),
  /** A leader that never sends anything again. */
  ghost: ({ origin }, which) =>
    origin.shout({ kind: 'beat', place: { term: origin.env.now() + which * 1000, leader: 'ghost', seq: which } }),
} satisfies Record<string, (world: World, which: number) => void>;

const step = fc.record({
  what: fc.constantFrom(...(Object.keys(STEPS) as (keyof typeof STEPS)[])),
  which: fc.nat({ max: 11 }),
  after: fc.constantFrom(0, 0, 1, 3, 40, 700, 2500, 6000),
});

describe('random message orders', () => {
  test(`in ${RUNS} random schedules no tab receives a false row, and in the end each equals the backend`, async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 3 }),
        fc.array(step, { maxLength: 20 }),
        fc.array(fc.constantFrom(0, 1, 2, 5, 30), { minLength: 1, maxLength: 7 }),
        async (first, steps, latencies) => {
          const world = new World(latencies);
          const { origin, backend, openTabs } = world;
          for (let i = 0; i < first; i++) world.open();
          await origin.advance(100);
          for (const { what, which, after } of steps) {
            STEPS[what](world, which);
            await origin.advance(after);
            world.assertTrue();
          }
          backend.faults.clear();
          for (const openTab of openTabs) world.wake(openTab);
          await origin.advance(QUIET_MS);
          world.assertTrue();
          world.assertConverged();
          for (const { tab, readers } of openTabs) if (!tab.crashed) for (const reader of readers) reader.stop();
          await origin.advance(100);
          assert.deepEqual(origin.held, nothing);
          assert.equal(backend.openFeeds(SYSTEM), 0);
          backend.dispose();
        },
      ),
      { numRuns: RUNS, includeErrorInReport: true },
    );
  });
});
