/**
 * A page that defines only a subclass of one element, under its own name. It imports no `define` module. The log defines itself
 * when it is opened (`test/elements/log-loading.test.ts`).
 */
import { expect, fixture, html } from '@open-wc/testing';
import { CampaignHeader, CampaignList, RecoveryGuide } from '../../../src/index.ts';
import { until } from '../../support/browser.ts';
import { StubStore } from '../../support/elements/stub-store.ts';

const ref = { system: 'flows', id: 'spring' };

describe('a subclass under another name', () => {
  it('has its parts: none of them is defined before', () => {
    for (const name of ['campaign-status-tag', 'campaign-action-button'])
      expect(customElements.get(name)).to.equal(undefined);
  });

  for (const [name, base, inner] of [
    ['acme-list', CampaignList, ['campaign-status-tag', 'campaign-action-button']],
    ['acme-header', CampaignHeader, ['campaign-status-tag', 'campaign-action-button']],
    ['acme-guide', RecoveryGuide, ['campaign-action-button']],
  ] as const)
    it(`${name} defines ${inner.join(', ')}`, async () => {
      customElements.define(name, class extends (base as typeof CampaignList) {});
      const store = new StubStore();
      store.show(ref, { status: 'error', name: 'Spring sale' });
      const element = Object.assign(document.createElement(name), { store, system: ref.system, campaignId: ref.id });
      await fixture(html`<div>${element}</div>`);
      await until(() => element.shadowRoot?.childElementCount);
      for (const part of inner) expect(customElements.get(part), part).not.to.equal(undefined);
    });
});
