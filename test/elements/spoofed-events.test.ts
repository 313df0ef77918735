import { expect, fixture, html } from '@open-wc/testing';
import '../../src/define.ts';
import type { CampaignActionButton } from '../../src/elements/campaign-action-button/campaign-action-button.ts';
import {
  CampaignActionEvent,
  CampaignNavigateEvent,
  CampaignOutcomeEvent,
  CampaignQueryEvent,
} from '../../src/elements/events.ts';
import type { CampaignProvider } from '../../src/provider/campaign-provider.ts';
import { nextFrame, until } from '../support/browser.ts';
import { kinds, NamedStore, ref, showing, textOf } from '../support/elements/two-stores.ts';
import '../support/elements/load-layers.ts';

/** Events that a page, or injected markup, can forge: the kit’s own events, and others of the same name. */
const fakeEvents: readonly (() => Event)[] = [
  () => new CampaignActionEvent(ref, 'force-stop'),
  () => new CampaignOutcomeEvent(ref, 'force-stop', { outcome: 'done' }),
  () => new CampaignNavigateEvent('log', ref),
  () => new CampaignQueryEvent(ref.system, { text: 'nothing is called so' }),
  ...['campaign-action', 'campaign-outcome', 'campaign-navigate', 'campaign-query'].map(
    (type) => () =>
      new CustomEvent(type, {
        bubbles: true,
        composed: true,
        cancelable: true,
        detail: { ref, action: 'force-stop', outcome: 'done', to: 'log', system: ref.system, query: { text: 'x' } },
      }),
  ),
];

/** Every node at and below this one, including shadow roots. */
function* everything(root: Element | ShadowRoot): Generator<Element | ShadowRoot> {
  yield root;
  if (root instanceof Element && root.shadowRoot) yield* everything(root.shadowRoot);
  for (const child of root.children) yield* everything(child);
}

describe('fault 50: events that somebody made up', () => {
  it('do nothing, wherever they come from: the provider, each element, anything inside, slotted markup, the document', async () => {
    const store = new NamedStore('Alpha');
    const around = await fixture<CampaignProvider>(html`
      <campaign-provider .store=${store}
        ><section><button>slotted</button></section></campaign-provider
      >
    `);
    for (const [name] of kinds) {
      const element = around.appendChild(showing(name));
      // Markup of the host, where an element has no slot for it and where it has one.
      element.append(document.createElement('i'));
    }
    await until(() => textOf(around).includes('line of Alpha') || textOf(around).includes('campaign of Alpha'));
    await nextFrame();
    const before = textOf(around);
    let sent = 0;
    for (const target of [...everything(around), around.parentElement!, document, window])
      for (const make of fakeEvents) {
        target.dispatchEvent(make());
        sent++;
      }
    await nextFrame();
    expect(sent).to.be.greaterThan(500);
    expect(store.performed).to.deep.equal([]);
    expect(textOf(around)).to.equal(before);
  });

  it('and do not keep the real ones from working', async () => {
    const store = new NamedStore('Alpha');
    const around = await fixture<CampaignProvider>(html`<campaign-provider .store=${store}></campaign-provider>`);
    store.show(ref, { status: 'configured', name: 'Alpha', missing: [] });
    const button = around.appendChild(showing('campaign-action-button') as unknown as CampaignActionButton);
    await until(() => textOf(button).includes('Start'));
    for (const make of fakeEvents) button.dispatchEvent(make());
    button.press();
    expect(store.performed).to.deep.equal([{ ref, action: 'start' }]);
  });
});
