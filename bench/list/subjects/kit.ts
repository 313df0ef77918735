/** The kit's list over a store, with a tag and a button in each row. */
import '../../../src/elements/campaign-list/define.ts';
import '../../../src/provider/define.ts';
import { createCampaignStore } from '../../../src/store/index.ts';
import { PushAdapter } from '../../data/feed.ts';
import { exposeList } from '../subject.ts';

const list = document.createElement('campaign-list');
let adapter: PushAdapter;

exposeList({
  async mount(box, rows) {
    adapter = new PushAdapter(rows);
    const provider = document.createElement('campaign-provider');
    provider.store = createCampaignStore({ adapter });
    Object.assign(list, { system: 'flows', contained: true });
    Object.assign(provider.style, { display: 'block', height: '100%' });
    list.style.height = '100%';
    provider.append(list);
    box.append(provider);
    await list.updateComplete;
  },
  async query(query) {
    list.query = query;
    await list.updateComplete;
  },
  apply: (rows) => adapter.push(rows),
  scroller: () => list.shadowRoot!.querySelector('.grid')!,
  rows: () => list.shadowRoot!.querySelectorAll('.body > .row'),
});
