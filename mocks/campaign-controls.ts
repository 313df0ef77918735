import { amount } from './amount.ts';
import type { Api } from './api.ts';
import type { CampaignTable } from './campaign-table.ts';
import type { Database } from './database.ts';
import type { Engine } from './engine.ts';
import type { RandomChanges } from './random-changes.ts';
import type { SeedData } from './seed-data.ts';
import type { CampaignControls } from './types.ts';

/** The controls of the campaigns. */
export function campaignControls({
  database,
  table,
  engine,
  api,
  seedData,
  randomChanges,
}: {
  readonly database: Database;
  readonly table: CampaignTable;
  readonly engine: Engine;
  readonly api: Api;
  readonly seedData: SeedData;
  readonly randomChanges: RandomChanges;
}): CampaignControls {
  return {
    list: (system) => Array.from(table.system(system).entries.values(), (entry) => entry.record),
    get: (ref) => {
      const entry = table.find(ref);
      if (!entry) return undefined;
      const { record, dependencies, corrupt = false } = entry;
      return { record, dependencies, corrupt, processed: engine.processed(ref) };
    },
    add: (campaign) => ({
      system: campaign.system,
      id: database.transact(() => seedData.add(campaign)),
    }),
    remove: (ref, reason) =>
      database.transact(() => {
        table.remove(ref, reason);
        engine.forget(ref);
        api.forget(ref);
      }),
    rename: (ref, name) => table.change(ref, { facts: { name } }),
    touch: (ref) => table.change(ref, {}),
    setPrerequisite: (ref, prerequisite, met) => table.setPrerequisite(ref, prerequisite, met),
    move: (ref, status, message) => engine.move(ref, status, message),
    landNext: (ref, status) => api.landNext(ref, status),
    raise: (ref, message) => engine.raise(ref, message),
    deny: (ref, reasons) => table.change(ref, { denied: reasons }),
    force: (ref, facts) => table.change(ref, { facts }),
    corrupt: (ref) => table.change(ref, { corrupt: true }),
    fill: (n, system) => database.transact(() => seedData.fill(amount('fill', n), system)),
    churn: (options) => {
      amount('churn: perSecond', options.perSecond);
      amount('churn: forMs', options.forMs ?? 0);
      randomChanges.run(options);
    },
  };
}
