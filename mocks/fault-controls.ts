import { amount } from './amount.ts';
import type { CampaignTable } from './campaign-table.ts';
import type { Database } from './database.ts';
import type { Network } from './network.ts';
import type { Faults } from './types.ts';

const READ_ONLY = 'You have read-only access to this workspace.';

/** The controls of faults. `beginEpoch` runs in a transaction. */
export function faultControls({
  database,
  table,
  network,
  beginEpoch,
}: {
  readonly database: Database;
  readonly table: CampaignTable;
  readonly network: Network;
  readonly beginEpoch: () => void;
}): Faults {
  /** A fault changes no data, so listeners are notified explicitly. */
  const set = (change: () => void): void => {
    change();
    database.notify();
  };
  const feeds = (system: string | undefined): string | undefined => {
    if (system !== undefined) table.system(system);
    return system;
  };
  const faults: Faults = {
    get state() {
      return network.state(table.readOnly);
    },
    latency: (ms) => set(() => (network.latencyMs = amount('latency', ms))),
    refuseNext: (options = {}) => set(() => network.refusals.push(options)),
    loseNextAnswer: () => set(() => network.loseNextAnswer++),
    swallowNext: () => set(() => network.swallowNext++),
    acceptOnly: (on) => set(() => (network.acceptOnly = on)),
    cutFeed: (system) => set(() => network.cut(feeds(system))),
    dropFeed: (system) => set(() => network.drop(feeds(system))),
    stallFeed: (system) => set(() => network.stall(feeds(system))),
    restoreFeed: () => set(() => network.restore()),
    restart: ({ newEpoch = false } = {}) => {
      if (newEpoch) database.transact(() => beginEpoch());
      set(() => network.breakConnections());
    },
    readOnly: (on, reason = READ_ONLY) => table.setReadOnly(on ? reason : undefined),
    throttle: (ms) => set(() => network.throttle(amount('throttle', ms))),
    answer: (status, options) => {
      if (status !== null && status !== 0 && !(Number.isInteger(status) && status >= 200 && status <= 599))
        throw new RangeError(`answer: got ${status}; give an HTTP status from 200 to 599, 0 for none at all, or null`);
      set(() => network.answer(status, options));
    },
    inject: (system, message) => {
      table.system(system);
      network.inject(system, message);
    },
    compact: (system) =>
      database.transact(() => {
        for (const each of system === undefined ? table.systems.values() : [table.system(system)]) each.log.compact();
      }),
    clear: () => {
      if (table.readOnly !== undefined) table.setReadOnly(undefined);
      set(() => network.clear());
    },
  };
  return faults;
}
