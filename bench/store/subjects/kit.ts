/** The kit's store over an adapter that sends at once; its frame comes when the benchmark says so. */
import { createCampaignStore } from '../../../src/store/index.ts';
import type { CampaignStore } from '../../../src/store/types.ts';
import { PushAdapter } from '../../data/feed.ts';
import { exposeStore, WINDOW } from '../subject.ts';

exposeStore(() => {
  let adapter: PushAdapter;
  let store: CampaignStore;
  const frames: (() => void)[] = [];
  const frame = (): void => {
    for (const run of frames.splice(0)) run();
  };
  return {
    load(rows) {
      adapter = new PushAdapter(rows);
      store = createCampaignStore({ adapter, maxIds: 0, environment: { frame: (run) => void frames.push(run) } });
      // The store reads a system while somebody observes it: here the first campaign.
      store.campaign({ system: 'flows', id: 'c0' }).subscribe();
    },
    list(sort, statuses, changed) {
      const list = store.list('flows', { sort, statuses });
      list.subscribe(changed);
      return () => list.value.slice(0, WINDOW);
    },
    one(id, changed) {
      store.campaign({ system: 'flows', id }).subscribe(changed);
    },
    apply: (rows) => adapter.push(rows),
    frame,
    status: (id) => store.campaign({ system: 'flows', id }).value.status,
  };
});
