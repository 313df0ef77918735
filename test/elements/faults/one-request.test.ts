import { expect } from '@open-wc/testing';
import { click, until } from '../../support/browser.ts';
import { inside, page } from './page.ts';
import { showing, textOf } from '../../support/elements/two-stores.ts';

describe('fault 32: one action in two elements', () => {
  it('pressed in header and list, by mouse and by key, sends one request', async () => {
    // The request stays under way until all presses are done, however long they take.
    let release = (): void => {};
    const { around, acts } = await page({ spring: 'running' }, new Promise((resolve) => (release = resolve)));
    const header = around.appendChild(Object.assign(showing('campaign-header'), { campaignId: 'spring' }));
    const list = around.appendChild(showing('campaign-list'));
    const buttons = (): (HTMLElement | null)[] => [
      inside(header, 'campaign-action-button'),
      list.shadowRoot!.querySelector('campaign-action-button'),
    ];
    await until(() => buttons().every((button) => button && inside(button, '.action')));
    const [one, other] = buttons().map((button) => inside(button!, '.action')!);
    await click(one!);
    other!.click();
    other!.click();
    await click(other!);
    release();
    await until(() => textOf(header).includes('Configured') && textOf(list).includes('Configured'));
    expect(acts).to.deep.equal(['stop spring']);
  });
});
