import { expect, fixture, html } from '@open-wc/testing';
import { CampaignStatusTag } from '../../../src/elements/campaign-status-tag/campaign-status-tag.ts';
import type { CampaignProvider } from '../../../src/provider/campaign-provider.ts';
import { click, expectUncaught, nextFrame, until } from '../../support/browser.ts';
import { inside, page } from './page.ts';
import { kinds, NamedStore, ref, showing, textOf } from '../../support/elements/two-stores.ts';

/** Throws when it should show an error status. */
class BrokenTag extends CampaignStatusTag {
  protected override draw(): void {
    if (this.view?.status === 'error') throw new Error('broken tag');
    super.draw();
  }
}
customElements.define('broken-tag', BrokenTag);

describe('fault 48: an error in one element or listener does not affect the others', () => {
  it('an element whose render throws: all others show the next change, and the feed stays open', async () => {
    expectUncaught(/broken tag/);
    const store = new NamedStore('Alpha');
    store.change(ref, { status: 'running', message: 'all is well' });
    const around = await fixture<CampaignProvider>(html`<campaign-provider .store=${store}></campaign-provider>`);
    const before = around.appendChild(showing('campaign-status-tag'));
    around.append(showing('broken-tag'));
    const others = kinds.map(([name]) => around.appendChild(showing(name)));
    await nextFrame();
    store.change(ref, { status: 'error', message: 'message of Alpha' });
    await until(() => [before, ...others].every((element) => /Error|Force stop|line of Alpha/.test(textOf(element))));
    store.change(ref, { status: 'running', message: '' });
    await until(() => textOf(before).includes('Running'));
  });

  it('host listeners that throw: the request is sent, and its outcome is shown', async () => {
    expectUncaught(/host’s listener, campaign-action/);
    expectUncaught(/host’s listener, campaign-outcome/);
    const { around, acts, backend } = await page({ spring: 'configured' });
    const received: string[] = [];
    for (const type of ['campaign-action', 'campaign-outcome'])
      around.addEventListener(type, () => {
        received.push(type);
        throw new Error(`host’s listener, ${type}`);
      });
    const [tag, button] = ['campaign-status-tag', 'campaign-action-button'].map((name) => {
      const element = showing(name);
      Object.assign(element, { campaignId: 'spring' });
      return around.appendChild(element);
    });
    await until(() => inside(button!, '.action')?.getAttribute('aria-disabled') === 'false');
    await click(inside(button!, '.action')!);
    await until(() => textOf(tag!).includes('Running') && received.includes('campaign-outcome'));
    expect(acts).to.deep.equal(['start spring']);
    expect(backend.campaigns.get({ system: 'python', id: 'spring' })!.record.status).to.equal('running');
  });

  it('a listener that, on an outcome, removes elements and requests the next action: the other elements stay correct', async () => {
    const { around, acts } = await page({ spring: 'configured', autumn: 'configured' });
    const of = (name: string, campaignId: string): HTMLElement =>
      around.appendChild(Object.assign(showing(name), { campaignId }));
    const first = of('campaign-action-button', 'spring');
    const second = of('campaign-action-button', 'autumn');
    const tags = ['spring', 'autumn'].map((id) => of('campaign-status-tag', id));
    await until(() => inside(second, '.action')?.getAttribute('aria-disabled') === 'false');
    around.addEventListener('campaign-outcome', (event) => {
      if (event.detail.ref.id !== 'spring') return;
      first.remove();
      void around.currentStore!.perform({ system: 'python', id: 'autumn' }, 'start');
    });
    await click(inside(first, '.action')!);
    await until(() => tags.every((tag) => textOf(tag).includes('Running')));
    expect(acts).to.deep.equal(['start spring', 'start autumn']);
  });
});
