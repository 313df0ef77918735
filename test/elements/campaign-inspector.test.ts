import { expect, fixture, html } from '@open-wc/testing';
import { simulateBackend, simulatedAdapter } from '../../mocks/index.ts';
import '../../src/elements/campaign-inspector/define.ts';
import type { CampaignInspector } from '../../src/elements/campaign-inspector/campaign-inspector.ts';
import { Localizer } from '../../src/i18n/index.ts';
import { createCampaignStore, type StoreInspection, type SystemInspection } from '../../src/store/index.ts';
import { axNode, click, focused, forbidCopying, nextFrame, press, setViewport, until } from '../support/browser.ts';
import { expectAccessible } from '../support/elements/axe.ts';
import { renderWithStore, type TestHost } from '../support/elements/fixture.ts';
import { pseudo, unmarked } from '../support/elements/pseudo-locale.ts';
import { StubStore } from '../support/elements/stub-store.ts';

const now = Date.parse('2026-03-01T12:00:00Z');

function inspection(system: string, more: Partial<SystemInspection> = {}): SystemInspection {
  return {
    system,
    state: 'waiting',
    since: now - 20_000,
    nextAttemptAt: now + 40_000,
    notBefore: now + 40_000,
    cause: { code: 'throttled', message: 'quota of <b>flows</b> is used up' },
    counters: { dropped: 0, late: 12_345, unreadable: 0, regressions: 0, drift: 0 },
    rows: 7,
    complete: true,
    resyncs: { expired: 2 },
    pending: 1,
    requests: [{ id: 'spring', action: 'stop', since: now - 3000, attempts: 1, accepted: true }],
    events: [
      { at: now - 60_000, event: 'synced', state: 'live' },
      { at: now - 20_000, event: 'lost', state: 'waiting', cause: { code: 'throttled', message: 'quota' } },
    ],
    ...more,
  };
}

const textOf = (node: Element | null | undefined): string => node?.textContent.replace(/\s+/g, ' ').trim() ?? '';
const all = (element: Element, selector: string): Element[] => [...element.shadowRoot!.querySelectorAll(selector)];
const within = (element: Element, selector: string): HTMLElement => {
  const found = element.shadowRoot!.querySelector<HTMLElement>(selector);
  if (!found) throw new Error(`There is no ${selector}.`);
  return found;
};
/** The facts that are shown, by their names. */
const facts = (element: Element): Record<string, string> =>
  Object.fromEntries(all(element, '.fact').map(({ children: [term, value] }) => [textOf(term), textOf(value)]));

describe('campaign-inspector', () => {
  let store: StubStore;
  let host: TestHost;
  let copied: unknown[];
  const { clipboard } = navigator;
  const { setInterval, clearInterval } = window;
  let intervals: Map<number, number | undefined>;

  beforeEach(() => {
    store = new StubStore();
    store.systems = [inspection('flows'), inspection('python', { state: 'live', events: [] })];
    copied = [];
    const writeText = (json: string) => Promise.resolve(void copied.push(JSON.parse(json)));
    Object.defineProperty(navigator, 'clipboard', { configurable: true, value: { writeText } });
    intervals = new Map();
    window.setInterval = ((run: () => void, ms?: number) => {
      const id = setInterval(run, ms);
      intervals.set(id, ms);
      return id;
    }) as typeof setInterval;
    window.clearInterval = (id) => {
      intervals.delete(id as number);
      clearInterval(id);
    };
  });
  afterEach(() => {
    Object.defineProperty(navigator, 'clipboard', { configurable: true, value: clipboard });
    Object.assign(window, { setInterval, clearInterval });
    Reflect.deleteProperty(document, 'hidden');
  });

  async function shown(
    content = html`<campaign-inspector></campaign-inspector>`,
    i18n?: Localizer,
  ): Promise<CampaignInspector> {
    host = await renderWithStore(store, content, i18n ? { i18n } : {});
    const element = host.querySelector('campaign-inspector')!;
    await element.updateComplete;
    return element;
  }

  describe('accessibility', () => {
    it('passes axe with systems, without any, and without a store', async () => {
      const element = await shown();
      await expectAccessible(element);
      store.systems = [];
      element.requestUpdate();
      await element.updateComplete;
      expect(textOf(within(element, '.note'))).to.contain('Nothing has asked');
      await expectAccessible(element);
      await expectAccessible(await fixture(html`<campaign-inspector></campaign-inspector>`));
    });

    it('is a named region with headings in order, and announces nothing when it is read again', async () => {
      const element = await shown(html`<campaign-inspector heading-level="3"></campaign-inspector>`);
      await axNode({ role: 'region', name: 'Connection details' });
      expect(all(element, '[part=heading]').map(({ localName }) => localName)).to.deep.equal(['h3', 'h4', 'h4']);
      await axNode({ role: 'table', name: 'Latest events of flows' });
      store.systems = [inspection('flows', { rows: 9 })];
      await until(() => facts(element)['rows'] === '9');
      expect(all(element, '[aria-live], [role=status], [role=alert]')).to.deep.equal([]);
      expect(host.announced).to.deep.equal([]);
    });
  });

  describe('defaults and reflection', () => {
    it('shows every system, and only one with system', async () => {
      const element = await shown();
      expect(element.system).to.equal('');
      expect(element.headingLevel).to.equal(2);
      expect(all(element, '[part=facts]')).to.have.length(3);
      element.system = 'flows';
      await element.updateComplete;
      expect(all(element, '[part=facts]')).to.have.length(2);
      expect(facts(element)['state']).to.equal('waiting');
      expect(element.getAttributeNames()).to.deep.equal([]);
    });

    it('shows every value of the snapshot by its name, times with their distance', async () => {
      const element = await shown(html`<campaign-inspector system="flows"></campaign-inspector>`);
      const shownFacts = facts(element);
      expect(shownFacts['state']).to.equal('waiting');
      expect(shownFacts['since']).to.match(/\(20 seconds ago\)$/);
      expect(shownFacts['notBefore']).to.match(/\(in 40 seconds\)$/);
      expect(shownFacts['counters.late']).to.equal('12,345');
      expect(shownFacts['resyncs.expired']).to.equal('2');
      expect(shownFacts['requests.0.accepted']).to.equal('true');
      expect(shownFacts['page.online']).to.equal('true');
      expect(within(element, 'dd time').getAttribute('datetime')).to.equal('2026-03-01T12:00:00.000Z');
      expect(all(element, 'tbody tr').map((row) => textOf(row.children[1]))).to.deep.equal(['lost', 'synced']);
    });

    it('shows what is missing instead of throwing', async () => {
      const element = await fixture(html`<campaign-inspector></campaign-inspector>`);
      expect(textOf(within(element, '[part=problem]'))).to.contain('campaign-provider');
      expect(await (element as CampaignInspector).copyJson()).to.equal(false);
    });
  });

  describe('events', () => {
    it('dispatches none, and keeps its presses from the page around it', async () => {
      const element = await shown();
      let heard = 0;
      for (const type of ['click', 'campaign-action', 'campaign-navigate', 'campaign-query'])
        host.addEventListener(type, () => heard++);
      await click(within(element, '[part=copy]'));
      await until(() => copied.length === 1);
      expect(heard).to.equal(0);
    });
  });

  describe('slots', () => {
    it('has none', async () => {
      expect(all(await shown(), 'slot')).to.deep.equal([]);
    });
  });

  describe('parts', () => {
    it('are those of its documentation', async () => {
      const element = await shown();
      const parts = new Set(all(element, '[part]').map((part) => part.getAttribute('part')));
      expect([...parts]).to.have.members(['inspector', 'heading', 'copy', 'facts', 'events']);
    });
  });

  describe('keyboard', () => {
    it('copies what is shown as JSON with Enter, and keeps the focus', async () => {
      const element = await shown(html`<campaign-inspector system="flows"></campaign-inspector>`);
      const button = within(element, '[part=copy]');
      expect(textOf(button)).to.equal('Copy as JSON');
      button.focus();
      await press('Enter');
      await until(() => textOf(button) === 'Copied');
      const expected: StoreInspection = { ...store.inspect(), systems: [inspection('flows')] };
      expect(copied).to.deep.equal([expected]);
      expect(focused() === button).to.equal(true);
      expect(host.announced).to.deep.equal(['Copied']);
    });

    it('shows that copying failed', async () => {
      const element = await shown();
      forbidCopying();
      expect(await element.copyJson()).to.equal(false);
      await element.updateComplete;
      expect(textOf(within(element, '[part=copy]'))).to.equal('Could not copy');
    });
  });

  describe('moved, removed, put back', () => {
    it('reads again every second while it is connected and the page is visible', async () => {
      const element = await shown();
      expect([...intervals.values()]).to.deep.equal([1000]);
      store.systems = [inspection('flows', { rows: 8 })];
      await until(() => facts(element)['rows'] === '8');

      Object.defineProperty(document, 'hidden', { configurable: true, value: true });
      document.dispatchEvent(new Event('visibilitychange'));
      expect([...intervals.values()]).to.deep.equal([]);
      store.systems = [inspection('flows', { rows: 9 })];
      Reflect.deleteProperty(document, 'hidden');
      document.dispatchEvent(new Event('visibilitychange'));
      await element.updateComplete;
      expect(facts(element)['rows']).to.equal('9');
      expect([...intervals.values()]).to.deep.equal([1000]);
    });

    it('shows the store of the provider that it is moved to', async () => {
      const element = await shown();
      const other = new StubStore();
      other.systems = [inspection('flows', { rows: 99 })];
      const second = await renderWithStore(other, html``);
      second.append(element);
      await until(() => facts(element)['rows'] === '99');
      element.remove();
      const { inspected } = other;
      element.requestUpdate();
      await nextFrame();
      expect(other.inspected).to.equal(inspected);
    });
  });

  describe('leaks', () => {
    it('a hundred lives leave no timer behind, and observe nothing', async () => {
      const element = await shown();
      for (let round = 0; round < 100; round++) {
        element.remove();
        host.append(element);
        await element.updateComplete;
      }
      expect(intervals.size).to.equal(1);
      element.remove();
      expect(intervals.size).to.equal(0);
      expect(store.observers()).to.equal(0);
    });
  });

  it('shows texts of the backend as text', async () => {
    const element = await shown(html`<campaign-inspector system="flows"></campaign-inspector>`);
    expect(facts(element)['cause.message']).to.equal('quota of <b>flows</b> is used up');
  });

  it('has no text that is not from the translations, but names and codes', async () => {
    const element = await shown(undefined, new Localizer(pseudo));
    for (const code of all(element, 'code')) code.remove();
    expect(unmarked(element, ['flows', 'python'])).to.deep.equal([]);
  });

  it('fits into 320 px', async () => {
    await setViewport(320, 800);
    const event = { at: now, event: 'successor-failed', state: 'unauthenticated' } as const;
    store.systems = [inspection('flows', { events: [{ ...event, cause: { code: 'x'.repeat(60), message: '' } }] })];
    const element = await shown();
    expect(element.scrollWidth).to.be.at.most(320);
    for (const part of all(element, 'table, dl')) expect(part.scrollWidth).to.be.at.most(part.clientWidth + 1);
  });

  it('shows a real store: how its feed is doing, and what became of it', async () => {
    const backend = simulateBackend({ tickMs: 0 });
    const real = createCampaignStore({ adapter: simulatedAdapter(backend) });
    const observing = real.list('flows').subscribe();
    const element = await fixture(html`<campaign-inspector .store=${real}></campaign-inspector>`);
    await until(() => facts(element)['state'] === 'live');
    expect(Number(facts(element)['rows'])).to.equal(backend.campaigns.list('flows').length);
    observing.unsubscribe();
    real.dispose();
    await until(() => facts(element)['state'] === 'idle');
    backend.dispose();
  });
});
