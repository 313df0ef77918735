import { aTimeout, expect, fixture, html, nextFrame } from '@open-wc/testing';
import { LitElement, type TemplateResult } from 'lit';
import { simulateBackend, simulatedAdapter, type SimulatedBackend } from '../../mocks/index.ts';
import { CampaignElement } from '../../src/elements/shared/base/campaign-element.ts';
import { CampaignViewElement } from '../../src/elements/shared/base/campaign-view-element.ts';
import { defineElement } from '../../src/elements/shared/base/define-element.ts';
import { StubStore } from '../support/elements/stub-store.ts';
import { CampaignNavigateEvent } from '../../src/elements/events.ts';
import type { CampaignAdapter } from '../../src/adapters/index.ts';
import { flows, python } from '../../src/lifecycle/index.ts';
import { CampaignProvider } from '../../src/provider/campaign-provider.ts';
import { drawTemplate } from '../../src/elements/shared/templates/draw-template.ts';
import '../../src/provider/define.ts';
import { createCampaignStore, type CampaignStore } from '../../src/store/index.ts';
import { until } from '../support/browser.ts';

/** Shows what any element of the kit gets from the provider. */
class ProbeElement extends CampaignViewElement {
  renders = 0;

  protected override draw(): void {
    this.renders++;
    drawTemplate(this, html`<p>${this.problem ?? this.view?.name}</p>`);
  }

  get shown(): string {
    return this.shadowRoot?.textContent?.trim() ?? '';
  }

  get current(): CampaignStore | undefined {
    return this.source;
  }
}
customElements.define('probe-element', ProbeElement);

/** Has a probe in its own shadow root. */
class NestingElement extends LitElement {
  protected override render(): TemplateResult {
    return html`<probe-element system="flows" campaign-id=${first}></probe-element>`;
  }
}
customElements.define('nesting-element', NestingElement);

let first = '';
const backends: SimulatedBackend[] = [];

function backendNamed(name: string): SimulatedBackend {
  const backend = simulateBackend({ seed: 1 });
  backends.push(backend);
  first = backend.campaigns.list('flows')[0]!.id;
  backend.campaigns.rename({ system: 'flows', id: first }, name);
  return backend;
}

async function provider(adapter: object): Promise<CampaignProvider> {
  return fixture<CampaignProvider>(html`<campaign-provider .adapter=${adapter}></campaign-provider>`);
}

function probe(): ProbeElement {
  const element = document.createElement('probe-element') as ProbeElement;
  element.system = 'flows';
  element.campaignId = first;
  return element;
}

describe('campaign-provider', () => {
  afterEach(() => {
    for (const backend of backends.splice(0)) backend.dispose();
  });

  describe('accessibility', () => {
    it('adds one live region to the document, and removes it with the last provider', async () => {
      const one = await provider(simulatedAdapter(backendNamed('One')));
      const two = await provider(simulatedAdapter(backendNamed('Two')));
      expect(document.querySelectorAll('[role=status]')).to.have.length(1);
      one.remove();
      expect(document.querySelectorAll('[role=status]')).to.have.length(1);
      two.remove();
      expect(document.querySelectorAll('[role=status]')).to.have.length(0);
    });

    it('passes axe', async () => {
      await expect(await provider(simulatedAdapter(backendNamed('One')))).to.be.accessible();
    });
  });

  describe('defaults and reflection', () => {
    it('has no store at first, and shows what it needs', async () => {
      const element = await fixture<CampaignProvider>(html`<campaign-provider></campaign-provider>`);
      expect(element.currentStore).to.equal(undefined);
      expect(element.shadowRoot!.textContent).to.contain('needs `src`');
      expect(element.src).to.equal('');
    });

    it('prefers the host’s store to an adapter, and does not dispose of it', async () => {
      const adapter = simulatedAdapter(backendNamed('One'));
      const own = createCampaignStore({ adapter });
      const dispose = own.dispose.bind(own);
      let disposed = 0;
      own.dispose = () => void disposed++;
      const element = await fixture<CampaignProvider>(
        html`<campaign-provider .store=${own} .adapter=${adapter}></campaign-provider>`,
      );
      expect(element.currentStore === own).to.equal(true);
      element.store = undefined;
      await element.updateComplete;
      expect(element.currentStore === own).to.equal(false);
      expect(disposed).to.equal(0);
      dispose();
    });

    it('creates one store, however often it updates', async () => {
      const element = await provider(simulatedAdapter(backendNamed('One')));
      element.lifecycles = [flows, python];
      await element.updateComplete;
      const store = element.currentStore;
      element.routes = { channels: '/channels' };
      element.lifecycles = [flows, python];
      element.report = () => {};
      element.requestUpdate();
      await element.updateComplete;
      expect(element.currentStore === store).to.equal(true);
    });

    it('verify: reads a second time, now and then; without it, never', async () => {
      const { setTimeout } = window;
      // Only the delay before a check has this length here.
      window.setTimeout = ((run: () => void, ms = 0) =>
        setTimeout(run, ms > 30_000 && ms <= 60_000 ? 1 : ms)) as typeof window.setTimeout;
      try {
        for (const verify of [true, false]) {
          const adapter = simulatedAdapter(backendNamed('One'));
          let watches = 0;
          const counted: CampaignAdapter<unknown> = {
            act: (request) => adapter.act(request),
            watch: (request) => (watches++, adapter.watch(request)),
          };
          const element = await fixture<CampaignProvider>(
            html`<campaign-provider ?verify=${verify} .adapter=${counted}></campaign-provider>`,
          );
          expect(element.verify).to.equal(verify);
          const inside = element.appendChild(probe());
          await until(() => inside.shown === 'One');
          if (verify) await until(() => watches > 2);
          else await new Promise((resolve) => setTimeout(resolve, 100));
          if (!verify) expect(watches).to.equal(1);
          element.remove();
        }
      } finally {
        window.setTimeout = setTimeout;
      }
    });

    it('shows what is wrong with its properties instead of throwing', async () => {
      const { error } = console;
      const logged: unknown[] = [];
      console.error = (...args: unknown[]) => logged.push(args);
      const element = await provider({});
      console.error = error;
      expect(element.shadowRoot!.textContent).to.contain('adapter.watch must be a function, got undefined');
      expect(logged).to.have.length(1);
    });
  });

  describe('events', () => {
    it('dispatches no event of the kit, and lets those of its content through once', async () => {
      const element = await provider(simulatedAdapter(backendNamed('One')));
      const received: string[] = [];
      for (const name of ['campaign-action', 'campaign-outcome', 'campaign-navigate', 'campaign-query'])
        element.addEventListener(name, () => received.push(name));
      const inside = element.appendChild(probe());
      await until(() => inside.shown === 'One');
      element.translations = { lang: 'de' };
      await element.updateComplete;
      expect(received).to.deep.equal([]);
      inside.dispatchEvent(new CampaignNavigateEvent('campaign', inside.campaignRef));
      expect(received).to.deep.equal(['campaign-navigate']);
    });
  });

  describe('slots', () => {
    it('displays its content as if it were not there', async () => {
      const element = await provider(simulatedAdapter(backendNamed('One')));
      const page = element.appendChild(document.createElement('p'));
      page.textContent = 'page';
      expect(page.assignedSlot?.name).to.equal('');
      expect(getComputedStyle(element).display).to.equal('contents');
      for (const property of ['color', 'font-size', 'line-height'] as const)
        expect(getComputedStyle(page).getPropertyValue(property)).to.equal(
          getComputedStyle(element.parentElement!).getPropertyValue(property),
        );
    });
  });

  describe('campaign-change', () => {
    const changes = [{ ref: { system: 'flows', id: 'a' }, before: 'active', after: 'error' }];

    it('is fired with change-events, of the present store only, and no longer when that is taken away', async () => {
      const [one, other] = [new StubStore(), new StubStore()];
      const provider = await fixture<CampaignProvider>(
        html`<campaign-provider change-events .store=${one}></campaign-provider>`,
      );
      const received: unknown[] = [];
      provider.parentElement!.addEventListener('campaign-change', ({ detail }) => received.push(detail));
      one.changes.next(changes);
      expect(received).to.deep.equal([{ changes }]);
      provider.store = other;
      await provider.updateComplete;
      one.changes.next(changes);
      expect([received.length, one.changes.observed]).to.deep.equal([1, false]);
      other.changes.next(changes);
      expect(received.length).to.equal(2);
      provider.changeEvents = false;
      await provider.updateComplete;
      expect(other.changes.observed).to.equal(false);
    });

    it('costs nothing without change-events, nor outside the page', async () => {
      const store = new StubStore();
      const provider = await fixture<CampaignProvider>(html`<campaign-provider .store=${store}></campaign-provider>`);
      expect(store.changes.observed).to.equal(false);
      provider.changeEvents = true;
      await provider.updateComplete;
      const parent = provider.parentNode!;
      provider.remove();
      expect(store.changes.observed).to.equal(false);
      parent.append(provider);
      expect(store.changes.observed).to.equal(true);
    });
  });

  describe('parts', () => {
    it('has the documented part', async () => {
      const element = await fixture<CampaignProvider>(html`<campaign-provider></campaign-provider>`);
      const problem = element.shadowRoot!.querySelector('[part=problem]')!;
      expect(problem.checkVisibility()).to.equal(true);
      expect(problem.getAttribute('role')).to.equal('note');
    });
  });

  describe('without a report', () => {
    it('logs dropped records on the console once; with a report handler, logs nothing', async () => {
      const { warn } = console;
      const logged: unknown[][] = [];
      console.warn = (...args: unknown[]) => logged.push(args);
      const adapter = {
        async *watch() {
          await Promise.resolve();
          yield { type: 'open', mode: 'snapshot' };
          yield { type: 'page', items: [{ id: 42 }, { id: 43 }] };
          yield { type: 'synced' };
        },
        act: () => Promise.resolve({ outcome: 'accepted' }),
      };
      first = 'any';
      (await provider(adapter)).append(probe());
      await until(() => logged.length > 0, 'a warning');
      const received: string[] = [];
      const other = await provider(adapter);
      other.report = ({ kind }) => received.push(kind);
      other.append(probe());
      await until(() => received.length >= 2, 'the host to hear of both');
      console.warn = warn;
      expect(logged).to.have.length(1);
      expect(logged[0]![0]).to.contain('dropped');
    });
  });

  describe('an adapter or a store that is made with each render', () => {
    for (const [what, replacements, warnings] of [
      ['two replacements are none', 2, 0],
      ['the console says so once', 7, 1],
    ] as const)
      it(what, async () => {
        const { warn } = console;
        const logged: unknown[][] = [];
        console.warn = (...args: unknown[]) => logged.push(args);
        const backend = backendNamed('One');
        const element = await provider(simulatedAdapter(backend));
        for (let render = 0; render < replacements; render++) {
          element.adapter = simulatedAdapter(backend);
          await element.updateComplete;
        }
        console.warn = warn;
        expect(logged).to.have.length(warnings);
        if (warnings) expect(logged[0]![0]).to.contain('make it once, outside of your render function');
      });
  });

  describe('which store a consumer gets', () => {
    it('the provider’s, inside it', async () => {
      const element = await provider(simulatedAdapter(backendNamed('Inside')));
      const inside = element.appendChild(probe());
      await until(() => inside.shown === 'Inside');
    });

    it('the provider’s, in a nested shadow root', async () => {
      const element = await provider(simulatedAdapter(backendNamed('Nested')));
      const outer = element.appendChild(new NestingElement());
      await until(() => outer.shadowRoot?.querySelector<ProbeElement>('probe-element')?.shown === 'Nested');
    });

    it('the provider’s, when the consumer existed before the provider was defined', async () => {
      const adapter = simulatedAdapter(backendNamed('Late'));
      const box = await fixture<HTMLElement>(html`<div></div>`);
      const late = box.appendChild(document.createElement('late-provider'));
      const waiting = late.appendChild(probe());
      await waiting.updateComplete;
      expect(waiting.shown).to.contain('<campaign-provider');
      customElements.define('late-provider', class extends CampaignProvider {});
      (late as CampaignProvider).adapter = adapter;
      await until(() => waiting.shown === 'Late');
    });

    it('the nearest provider’s', async () => {
      const outer = await provider(simulatedAdapter(backendNamed('Outer')));
      const inner = document.createElement('campaign-provider');
      inner.adapter = simulatedAdapter(backendNamed('Inner'));
      outer.append(inner);
      const inside = inner.appendChild(probe());
      await until(() => inside.shown === 'Inner');
    });

    it('its own provider’s: two providers on one page share nothing', async () => {
      const one = await provider(simulatedAdapter(backendNamed('One')));
      const two = await provider(simulatedAdapter(backendNamed('Two')));
      const [a, b] = [one.appendChild(probe()), two.appendChild(probe())];
      await until(() => a.shown === 'One' && b.shown === 'Two');
      expect(one.currentStore).not.to.equal(two.currentStore);
    });

    it('an explicit store, before the provider’s', async () => {
      const element = await provider(simulatedAdapter(backendNamed('Context')));
      const store = createCampaignStore({ adapter: simulatedAdapter(backendNamed('Own')) });
      const own = probe();
      own.store = store;
      element.append(own);
      await until(() => own.shown === 'Own');
      store.dispose();
    });
  });

  describe('life cycle', () => {
    it('fault 46: a consumer moved between providers in one task shows the new store, never data of the old one', async () => {
      const one = await provider(simulatedAdapter(backendNamed('One')));
      const two = await provider(simulatedAdapter(backendNamed('Two')));
      const moved = one.appendChild(probe());
      await until(() => moved.shown === 'One');
      two.append(moved);
      expect(moved.current).to.equal(two.currentStore);
      await moved.updateComplete;
      expect(moved.shown).not.to.equal('One');
      await until(() => moved.shown === 'Two');
    });

    it('fault 47: a consumer moved out of all providers falls back to its plain properties', async () => {
      const element = await provider(simulatedAdapter(backendNamed('One')));
      const moved = element.appendChild(probe());
      moved.status = 'active';
      moved.name = 'Plain';
      await until(() => moved.shown === 'One');
      document.body.append(moved);
      await moved.updateComplete;
      expect(moved.current).to.equal(undefined);
      expect(moved.shown).to.equal('Plain');
      moved.remove();
    });

    it('removed and put back later, the page shows what changed meanwhile', async () => {
      const backend = backendNamed('Before');
      const element = await provider(simulatedAdapter(backend));
      const inside = element.appendChild(probe());
      await until(() => inside.shown === 'Before');
      inside.remove();
      backend.campaigns.rename({ system: 'flows', id: first }, 'After');
      await aTimeout(20);
      element.append(inside);
      await until(() => inside.shown === 'After');
    });

    it('a consumer that moves with its provider stays as it is, but not under another provider or in another tree', async () => {
      const here = await provider(simulatedAdapter(backendNamed('Here')));
      const id = first;
      const there = await provider(simulatedAdapter(backendNamed('There')));
      first = id;
      const [one, two] = [document.createElement('div'), document.createElement('div')];
      here.append(one, two);
      const inside = one.appendChild(probe());
      await until(() => inside.shown === 'Here');
      const { renders } = inside;
      two.moveBefore(inside, null);
      await nextFrame();
      expect(inside.renders, 'left alone').to.equal(renders);
      there.append(document.createElement('p'));
      there.moveBefore(inside, null);
      expect(inside.current).to.equal(there.currentStore);
      document.body.moveBefore(inside, null);
      expect(inside.current).to.equal(undefined);
      here.moveBefore(inside, null);
      expect(inside.current).to.equal(here.currentStore);
      inside.remove();
    });

    it('moved in one task, the provider keeps its store and its connection', async () => {
      const backend = backendNamed('Kept');
      const element = await provider(simulatedAdapter(backend));
      const inside = element.appendChild(probe());
      await until(() => inside.shown === 'Kept');
      const store = element.currentStore;
      document.body.append(element);
      await nextFrame();
      expect(element.currentStore === store).to.equal(true);
      expect(inside.shown).to.equal('Kept');
      expect(backend.openFeeds()).to.equal(1);
      element.remove();
    });

    it('given another adapter while disconnected, it creates no store before it is connected', async () => {
      const element = await provider(simulatedAdapter(backendNamed('Old')));
      const home = element.parentElement!;
      const inside = element.appendChild(probe());
      await until(() => inside.shown === 'Old');
      element.remove();
      const backend = backendNamed('New');
      element.adapter = simulatedAdapter(backend);
      await element.updateComplete;
      expect(element.currentStore).to.equal(undefined);
      home.append(element);
      await until(() => inside.shown === 'New');
      expect(backend.openFeeds()).to.equal(1);
    });

    it('another adapter creates another store, and ends the old one', async () => {
      const old = backendNamed('Old');
      const element = await provider(simulatedAdapter(old));
      const inside = element.appendChild(probe());
      await until(() => inside.shown === 'Old');
      element.adapter = simulatedAdapter(backendNamed('New'));
      await until(() => inside.shown === 'New');
      await until(() => old.openFeeds() === 0);
    });

    it('a hundred connects and disconnects leave one feed, and none after the grace period', async () => {
      const backend = backendNamed('One');
      const store = createCampaignStore({ adapter: simulatedAdapter(backend), graceMs: 50 });
      const element = await fixture<CampaignProvider>(html`<campaign-provider .store=${store}></campaign-provider>`);
      const inside = probe();
      for (let round = 0; round < 100; round++) {
        element.append(inside);
        if (round % 10 === 0) await nextFrame();
        inside.remove();
      }
      element.append(inside);
      await until(() => inside.shown === 'One');
      expect(backend.openFeeds()).to.equal(1);
      inside.remove();
      await until(() => backend.openFeeds() === 0);
      store.dispose();
    });
  });

  describe('settings', () => {
    it('passes translations to its content, and updates them at run time', async () => {
      const element = await fixture<CampaignProvider>(
        html`<campaign-provider .adapter=${simulatedAdapter(backendNamed('One'))}>
          <probe-element system="nowhere" campaign-id="x"></probe-element>
        </campaign-provider>`,
      );
      const inside = element.querySelector<ProbeElement>('probe-element')!;
      await until(() => inside.shown.startsWith('There is no system "nowhere" here; known: flows and python'));
      element.translations = {
        lang: 'de',
        messages: { 'setup.unknownSystem': 'Kein System {system}; bekannt: {known}' },
      };
      await until(() => inside.shown === 'Kein System nowhere; bekannt: flows und python');
    });
  });

  describe('defined twice', () => {
    it('keeps the first definition, and warns once if the second has another version', () => {
      const { warn } = console;
      const logged: string[] = [];
      console.warn = (text: string) => logged.push(text);
      class OtherElement extends HTMLElement {}
      customElements.define('taken-name', OtherElement);
      class Ours extends CampaignElement {
        protected override draw(): void {}
      }
      defineElement('taken-name', Ours);
      defineElement('taken-name', Ours);
      defineElement('campaign-provider', class extends CampaignProvider {});
      console.warn = warn;
      expect(customElements.get('taken-name')).to.equal(OtherElement);
      expect(logged).to.have.length(1);
      expect(logged[0]).to.contain('<taken-name> is already defined by something else');
    });
  });
});
