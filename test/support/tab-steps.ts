/** The steps of random runs with tabs over one backend. */
import type { SimulatedBackend } from '../../mocks/index.ts';
import type { CampaignRecord } from '../../src/adapters/index.ts';
import type { Tab } from './tabs.ts';

/** The one system of these runs. */
export const SYSTEM = 'flows';

/** The tabs and campaigns that a step can affect; its number chooses one. */
export interface TabsWorld {
  readonly backend: SimulatedBackend;
  alive(which: number): { readonly tab: Tab } | undefined;
  row(which: number): CampaignRecord | undefined;
}

/** Tabs that freeze and crash, campaigns that are added and removed, and faults of the network. */
export const TAB_STEPS = {
  freeze: (world, which) => world.alive(which)?.tab.freeze(),
  freezeAndLose: (world, which) => {
    const tab = world.alive(which)?.tab;
    if (!tab) return;
    tab.losesWhileFrozen = true;
    tab.freeze();
  },
  freezeByBrowser: (world, which) => world.alive(which)?.tab.freezeByBrowser(),
  crash: (world, which) => world.alive(which)?.tab.crash(),
  add: ({ backend }) => void backend.campaigns.fill(1, SYSTEM),
  remove: (world, which) => {
    const row = world.row(which);
    if (row) world.backend.campaigns.remove({ system: SYSTEM, id: row.id });
  },
  drop: ({ backend }) => backend.faults.dropFeed(),
  cut: ({ backend }) => backend.faults.cutFeed(),
  stall: ({ backend }) => backend.faults.stallFeed(),
  restore: ({ backend }) => backend.faults.restoreFeed(),
  compact: ({ backend }) => backend.faults.compact(),
  restart: ({ backend }, which) => backend.faults.restart({ newEpoch: which % 2 === 0 }),
} satisfies Record<string, (world: TabsWorld, which: number) => void>;
