/** A tab that joins gets its rows from the cache of another tab, in the order that every store keeps. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type CampaignStore, createCampaignStore } from '../../../src/store/index.ts';
import { fc } from '../../support/fast-check.ts';
import { flow } from '../../support/store-fixture.ts';
import { openTab, type SharingTab } from '../../support/shared-watch.ts';
import { Origin } from '../../support/tabs.ts';

const IDS = ['a', 'b'];

const step = fc.record({
  id: fc.constantFrom(...IDS),
  revision: fc.oneof(fc.nat(6), fc.constant(undefined)),
  type: fc.constantFrom('upsert', 'upsert', 'remove'),
});

/** What a store shows of a campaign: its status, or that its row can't be read or is not there. */
function shown(store: CampaignStore, id: string): string {
  const { presence, status, stale } = store.campaign(flow(id)).value;
  if (presence !== 'present') return 'not there';
  return stale ? stale.why : status;
}

function storeIn({ adapter, tab }: SharingTab): CampaignStore {
  const store = createCampaignStore({ adapter, environment: tab.environment, report: () => {} });
  store.list('flows').subscribe();
  return store;
}

test('a tab that joins shows what the first tab shows, whatever rows, removals and unreadable rows came before, in whatever order', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 8 }), async (steps) => {
      const origin = new Origin();
      const first = openTab(origin);
      const present = storeIn(first);
      await origin.advance(10);
      first.feed.snapshot([]);
      for (const { id, revision, type } of steps)
        first.feed.push({
          type,
          // A row of an odd revision lacks its status, one without a revision can't be compared: neither can be read.
          items: [{ id, revision, ...(revision !== undefined && revision % 2 === 0 ? { status: `${revision}` } : {}) }],
        });
      await origin.advance(20);
      const joined = storeIn(openTab(origin));
      await origin.advance(100);
      for (const id of IDS) assert.equal(shown(joined, id), shown(present, id), id);
      present.dispose();
      joined.dispose();
    }),
    { numRuns: 300 },
  );
});
