import { expect } from '@open-wc/testing';
import { click, until } from '../../setup/browser.ts';
import { inside, page } from './page.ts';
import { showing, textOf } from './two-stores.ts';

describe('fault 32: two ways to one action', () => {
  it('header and list: pressed in both, by mouse and by key, it is one request', async () => {
    const { around, acts, backend } = await page({ spring: 'running' });
    const header = around.appendChild(Object.assign(showing('campaign-header'), { campaignId: 'spring' }));
    const list = around.appendChild(showing('campaign-list'));
    const buttons = (): (HTMLElement | null)[] => [
      inside(header, 'campaign-action-button'),
      list.shadowRoot!.querySelector('campaign-action-button'),
    ];
    await until(() => buttons().every((button) => button && inside(button, '.action')));
    backend.faults.latency(400);
    const [one, other] = buttons().map((button) => inside(button!, '.action')!);
    await click(one!);
    other!.click();
    other!.click();
    await click(other!);
    await until(() => textOf(header).includes('Configured') && textOf(list).includes('Configured'), undefined, 4000);
    expect(acts).to.deep.equal(['stop spring']);
  });
});
