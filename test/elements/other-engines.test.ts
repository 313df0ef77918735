/** The lifecycles of other engines in the elements, on the real store and a simulated backend. */
import { expect, fixture, html } from '@open-wc/testing';
import { simulateBackend, simulatedAdapter, type SimulatedBackend } from '../../mocks/index.ts';
import '../../src/define.ts';
import type { CampaignActionButton, CampaignList, CampaignStatusTag, RecoveryGuide } from '../../src/index.ts';
import { createCampaignStore, type CampaignStore } from '../../src/index.ts';
import { landings, recoverySteps, type Lifecycle } from '../../src/lifecycle/index.ts';
import { click, until } from '../support/browser.ts';
import * as lifecycles from '../support/lifecycles/index.ts';
import { expectAccessible } from '../support/elements/axe.ts';
import '../support/elements/load-layers.ts';

type CampaignViewElement = CampaignStatusTag | CampaignActionButton | RecoveryGuide;

const part = (element: Element, name: string): HTMLElement | null =>
  element.shadowRoot!.querySelector<HTMLElement>(`[part~="${name}"]`);
const parts = (element: Element, name: string): HTMLElement[] => [
  ...element.shadowRoot!.querySelectorAll<HTMLElement>(`[part~="${name}"]`),
];
const textOf = (element: Element | null): string => (element?.textContent ?? '').trim().replace(/\s+/g, ' ');

for (const lifecycle of Object.values<Lifecycle>(lifecycles)) {
  const { system } = lifecycle;
  describe(`campaigns of ${system}`, () => {
    let backend: SimulatedBackend;
    let store: CampaignStore;

    beforeEach(() => {
      backend = simulateBackend({ sampleData: 'empty', tickMs: 0, processingMs: 20, lifecycles: [lifecycle] });
      store = createCampaignStore({ adapter: simulatedAdapter(backend), lifecycles: [lifecycle] });
      for (const status of lifecycle.statusOrder)
        backend.campaigns.add({ system, id: status, name: `Is ${status}`, status });
    });
    afterEach(() => {
      store.dispose();
      backend.dispose();
    });

    async function shown<E extends CampaignViewElement>(name: string, status: string): Promise<E> {
      const element = document.createElement(name) as E;
      Object.assign(element, { store, system, campaignId: status });
      await fixture(html`<div>${element}</div>`);
      await until(() => element.view?.presence === 'present', 'the campaign is shown');
      await element.updateComplete;
      return element;
    }

    for (const status of lifecycle.statusOrder) {
      const { label, tone, meaning, next, actions = [] } = lifecycle.statuses[status]!;

      it(`show ${status} in the tag`, async () => {
        const tag = await shown<CampaignStatusTag>('campaign-status-tag', status);
        expect(textOf(part(tag, 'label'))).to.equal(label);
        expect(part(tag, 'problem')).to.equal(null);
        await expectAccessible(tag);
      });

      it(`offer the actions of ${status}: the first in the button, the others in its menu`, async () => {
        const button = await shown<CampaignActionButton>('campaign-action-button', status);
        const [first, ...others] = actions.map((action) => lifecycle.actions[action]!.label);
        expect(textOf(part(button, 'button')?.querySelector('.verb') ?? null)).to.equal(first ?? '');
        if (others.length > 0) await click(part(button, 'more')!);
        expect(parts(button, 'choice').map((choice) => textOf(choice.querySelector('.verb')))).to.deep.equal(others);
        await expectAccessible(button);
      });

      it(`show in the guide what to do in ${status}`, async () => {
        const guide = await shown<RecoveryGuide>('recovery-guide', status);
        const steps = recoverySteps(lifecycle, status);
        expect(parts(guide, 'step').length).to.equal(steps.length);
        if (steps.length === 0)
          expect(textOf(part(guide, 'notice'))).to.equal(
            tone === 'red'
              ? [meaning, next].filter(Boolean).join(' ')
              : `Nothing to recover: Is ${status} is ${label}.`,
          );
        await expectAccessible(guide);
      });
    }

    it('are listed with the statuses of their lifecycle as filters, in its order', async () => {
      const list = await fixture<CampaignList>(html`<campaign-list .store=${store} .system=${system}></campaign-list>`);
      await until(() => parts(list, 'row').length === lifecycle.statusOrder.length, 'all rows are shown');
      expect(
        parts(list, 'chip')
          .slice(1)
          .map((chip) => textOf(chip.querySelector('.word'))),
      ).to.deep.equal(lifecycle.statusOrder.map((status) => lifecycle.statuses[status]!.label));
      await expectAccessible(list);
    });

    it('take every action to one of its landings', async () => {
      for (const status of lifecycle.statusOrder)
        for (const action of lifecycle.statuses[status]!.actions ?? []) {
          const ref = { system, id: `${status} ${action}` };
          backend.campaigns.add({ ...ref, status });
          const observed = store.campaign(ref).subscribe();
          await until(() => store.campaign(ref).value.presence === 'present', 'the store has the campaign');
          const { input } = lifecycle.actions[action]!;
          const outcome = await store.perform(ref, action, input && { input: input.options?.[0] ?? 'Because' });
          expect(outcome.outcome, ref.id).to.equal('done');
          observed.unsubscribe();
          expect(landings(lifecycle, status, action), ref.id).to.include(backend.campaigns.get(ref)!.record.status);
        }
    });
  });
}
