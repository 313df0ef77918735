import { expect, fixture, html } from '@open-wc/testing';
import { simulateBackend, simulatedAdapter } from '../../../mocks/index.ts';
import type { CampaignProvider } from '../../../src/provider/campaign-provider.ts';
import { nextFrame, until } from '../../support/browser.ts';
import { kinds, NamedStore, ref, showing, textOf, watchFrames } from '../../support/elements/two-stores.ts';

const provider = (store?: NamedStore): Promise<CampaignProvider> =>
  fixture<CampaignProvider>(html`<campaign-provider .store=${store}></campaign-provider>`);

/** Swaps the store, and checks every frame until the second store is on screen: none may show the first. */
async function expectNoAlphaAfter(element: Element, text: string, swap: () => void): Promise<void> {
  await until(() => textOf(element).includes(`${text} of Alpha`), 'Alpha is on screen');
  const frames = watchFrames(() => textOf(element));
  swap();
  await until(() => textOf(element).includes(`${text} of Beta`), 'Beta is on screen');
  await nextFrame();
  await nextFrame();
  const seen = frames.stop();
  expect(seen.length).to.be.greaterThan(0);
  for (const text of seen) expect(text).not.to.contain('of Alpha');
}

describe('fault 46: an element gets another store', () => {
  for (const [name, text] of kinds)
    describe(name, () => {
      it('moved between providers in one task: no frame shows the old store, and its subscriptions end', async () => {
        const [alpha, beta] = [new NamedStore('Alpha'), new NamedStore('Beta')];
        const [one, two] = [await provider(alpha), await provider(beta)];
        const element = one.appendChild(showing(name));
        await expectNoAlphaAfter(element, text, () => two.append(element));
        expect(alpha.observers()).to.equal(0);
        expect(beta.observers()).to.be.greaterThan(0);
      });

      it('its provider is given another store: no frame shows the old store', async () => {
        const [alpha, beta] = [new NamedStore('Alpha'), new NamedStore('Beta')];
        const around = await provider(alpha);
        const element = around.appendChild(showing(name));
        await expectNoAlphaAfter(element, text, () => (around.store = beta));
        expect(alpha.observers()).to.equal(0);
      });

      it('it is given a store itself, and then none: no frame shows the old store', async () => {
        const [alpha, beta] = [new NamedStore('Alpha'), new NamedStore('Beta')];
        const around = await provider(beta);
        const element = showing(name);
        element.store = alpha;
        around.append(element);
        await expectNoAlphaAfter(element, text, () => (element.store = undefined));
        expect(alpha.observers()).to.equal(0);
      });
    });

  it('its provider is given another adapter: the old feed ends, and its rows are never shown again', async () => {
    const [alpha, beta] = ['Alpha', 'Beta'].map((name) => {
      const backend = simulateBackend({ sampleData: 'empty', tickMs: 0 });
      const met = ['contacts', 'strategy'];
      backend.campaigns.add({ ...ref, name: `campaign of ${name}`, status: 'running', met });
      backend.campaigns.raise(ref, `message of ${name}`);
      return backend;
    });
    const around = await fixture<CampaignProvider>(
      html`<campaign-provider .adapter=${simulatedAdapter(alpha!)}></campaign-provider>`,
    );
    for (const [name] of kinds) around.append(showing(name));
    await until(() => textOf(around).includes('message of Alpha'));
    await expectNoAlphaAfter(around, 'campaign', () => (around.adapter = simulatedAdapter(beta!)));
    expect([alpha!.openFeeds(), beta!.openFeeds()]).to.deep.equal([0, 1]);
    around.remove();
    for (const backend of [alpha!, beta!]) backend.dispose();
  });

  it('removed and put back in one task: the feed stays open', async () => {
    const backend = simulateBackend({ sampleData: 'empty', tickMs: 0 });
    backend.campaigns.add({ ...ref, name: 'campaign of Alpha' });
    const adapter = simulatedAdapter(backend);
    let watches = 0;
    const around = await fixture<CampaignProvider>(
      html`<campaign-provider
        .adapter=${{ ...adapter, watch: (request: Parameters<typeof adapter.watch>[0]) => (watches++, adapter.watch(request)) }}
      ></campaign-provider>`,
    );
    const element = around.appendChild(showing('campaign-list'));
    await until(() => textOf(element).includes('campaign of Alpha'));
    const before = watches;
    for (let round = 0; round < 20; round++) {
      element.remove();
      around.append(element);
    }
    await nextFrame();
    expect(watches).to.equal(before);
    expect(backend.openFeeds()).to.equal(1);
    around.remove();
    backend.dispose();
  });
});

describe('fault 47: an element moved out of all providers', () => {
  for (const [name, text] of kinds)
    it(`${name} shows its own attributes, or what is missing, and nothing of the old store`, async () => {
      const alpha = new NamedStore('Alpha');
      const around = await provider(alpha);
      const element = around.appendChild(showing(name));
      Object.assign(element, { status: 'error', name: 'plain campaign', message: 'plain message' });
      await until(() => textOf(element).includes(`${text} of Alpha`));
      const frames = watchFrames(() => textOf(element));
      document.body.append(element);
      await until(() => /plain (campaign|message)|campaign-provider/.test(textOf(element)));
      await nextFrame();
      for (const text of frames.stop()) expect(text).not.to.contain('of Alpha');
      expect(alpha.observers()).to.equal(0);
      element.remove();
    });
});
