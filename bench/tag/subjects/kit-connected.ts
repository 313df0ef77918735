/** The kit's tag connected to a store. */
import '../../../src/elements/campaign-status-tag/define.ts';
import '../../../src/provider/define.ts';
import { createCampaignStore } from '../../../src/store/index.ts';
import type { Campaign, Status } from '../../data/campaigns.ts';
import { PushAdapter } from '../../data/feed.ts';
import { exposeTag, MESSAGE } from '../subject.ts';

const COUNT = 5_000;
const frames: (() => void)[] = [];
const row = (index: number, status: Status, revision: number): Campaign => ({
  id: `c${index}`,
  name: `Campaign ${index}`,
  status,
  revision,
  at: new Date(revision).toISOString(),
  message: MESSAGE,
  changedBy: 'Scheduler',
  missing: [],
});
const statuses = ['inactive', 'active', 'error'] as const;
const adapter = new PushAdapter(Array.from({ length: COUNT }, (_, i) => row(i, statuses[i % 3] as Status, 1)));
const store = createCampaignStore({ adapter, environment: { frame: (run) => void frames.push(run) } });
const container = document.createElement('campaign-provider');
container.store = store;
// Keeps the feed open while there is no tag.
store.list('flows').subscribe();

let changes: Campaign[] = [];
let revision = 1;

exposeTag({
  container,
  create(index) {
    const tag = document.createElement('campaign-status-tag');
    tag.setAttribute('system', 'flows');
    tag.setAttribute('campaign-id', `c${index}`);
    return tag;
  },
  flip: (_tag, index, status) => void changes.push(row(index, status, ++revision)),
  flush() {
    adapter.push(changes);
    changes = [];
    for (const run of frames.splice(0)) run();
  },
});
