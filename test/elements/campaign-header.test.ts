import { expect, fixture, html } from '@open-wc/testing';
import { simulateBackend, simulatedAdapter } from '../../mocks/index.ts';
import type { CampaignActionButton } from '../../src/elements/campaign-action-button/campaign-action-button.ts';
import '../../src/elements/campaign-header/define.ts';
import type { CampaignHeader } from '../../src/elements/campaign-header/campaign-header.ts';
import { createCampaignStore } from '../../src/store/index.ts';
import { Localizer } from '../../src/i18n/index.ts';
import {
  axNode,
  axOf,
  axTree,
  click,
  emulate,
  focused,
  nextFrame,
  press,
  setViewport,
  until,
} from '../support/browser.ts';
import { expectAccessible } from '../support/elements/axe.ts';
import { pseudo, unmarked } from '../support/elements/pseudo-locale.ts';
import { renewTimes } from '../support/elements/renew-times.ts';
import { mailings } from '../support/elements/six-statuses.ts';
import { renderWithStore, type TestHost } from '../support/elements/fixture.ts';
import { StubStore } from '../support/elements/stub-store.ts';
import '../support/elements/load-layers.ts';

const ref = { system: 'flows', id: 'spring' };
const legacy = { system: 'python', id: 'winter' };

function within<E extends Element = HTMLElement>(element: Element, selector: string): E {
  const found = element.shadowRoot!.querySelector<E>(selector);
  if (!found) throw new Error(`There is no ${selector}.`);
  return found;
}
const has = (element: Element, selector: string) => element.shadowRoot!.querySelector(selector) !== null;
const text = (element: Element, selector: string) => within(element, selector).textContent.replace(/\s+/g, ' ').trim();

describe('campaign-header', () => {
  let store: StubStore;
  let host: TestHost;

  beforeEach(() => {
    store = new StubStore(mailings);
    store.show(ref, { status: 'active', name: 'Spring sale', missing: [] });
    store.show(legacy, { status: 'running', name: 'Winter tyres', missing: [] });
    store.write(legacy, { entries: [{ text: 'one' }], dropped: 0, state: 'live' });
  });

  async function shown(
    content = html`<campaign-header system="flows" campaign-id="spring"></campaign-header>`,
    i18n?: Localizer,
  ): Promise<CampaignHeader> {
    host = await renderWithStore(store, content, i18n ? { i18n } : {});
    const header = host.querySelector('campaign-header')!;
    await settled(header);
    return header;
  }
  const ofPython = () => shown(html`<campaign-header system="python" campaign-id="winter"></campaign-header>`);
  async function settled(header: CampaignHeader): Promise<void> {
    await header.updateComplete;
    await nextFrame();
  }

  describe('accessibility', () => {
    it('passes axe, with the log closed and open', async () => {
      const header = await ofPython();
      await expectAccessible(header);
      header.openLog();
      await settled(header);
      await expectAccessible(header);
    });

    it('passes axe when the campaign is loading, removed, absent or unreadable', async () => {
      const header = await shown();
      for (const presence of ['loading', 'gone', 'absent', 'present'] as const) {
        store.change(ref, { presence });
        await settled(header);
        await expectAccessible(header);
      }
    });

    it('H1: its reading order equals its visual order', async () => {
      await ofPython();
      const names: string[] = [];
      const walk = (nodes: Awaited<ReturnType<typeof axTree>>): void => {
        for (const { role, name, children } of nodes) {
          if (role === 'heading' || role === 'button') names.push(`${role} ${name}`);
          walk(children);
        }
      };
      walk(await axTree());
      expect(names[0]).to.equal('heading Winter tyres');
      expect(names[1]).to.match(/^button Status: Running/);
      expect(names[2]).to.match(/^button Stop/);
      expect(names[3]).to.equal('button Show logs');
    });

    it('H1: has a heading of the given level', async () => {
      const header = await shown();
      expect((await axNode({ role: 'heading' })).states['level']).to.equal(2);
      for (const level of [1, 2, 3, 4, 5, 6]) {
        header.headingLevel = level;
        await settled(header);
        expect((await axNode({ role: 'heading', name: 'Spring sale' })).states['level']).to.equal(level);
      }
      for (const [odd, level] of [
        [0, 2],
        [-3, 1],
        [9, 6],
        [NaN, 2],
      ] as const) {
        header.headingLevel = odd;
        await settled(header);
        expect(within(header, '.heading').localName).to.equal(`h${level}`);
      }
    });

    it('H1: the log button references the log', async () => {
      const header = await ofPython();
      const button = within(header, '[part=log-button]');
      expect(button.getAttribute('aria-controls')).to.equal('log');
      expect(within(header, '#log').getRootNode()).to.equal(button.getRootNode());
      expect((await axOf(button))?.states['expanded']).to.equal(false);
      await click(button);
      await settled(header);
      expect((await axOf(button))?.states['expanded']).to.equal(true);
      expect((await axOf(button))?.name).to.equal('Hide logs');
      await axNode({ role: 'log', name: 'Engine log of Winter tyres' });
    });
  });

  describe('defaults and reflection', () => {
    it('has defaults, and reflects log-open', async () => {
      const header = await ofPython();
      expect([header.headingLevel, header.logOpen, header.hasAttribute('log-open')]).to.deep.equal([2, false, false]);
      header.openLog();
      await settled(header);
      expect(header.hasAttribute('log-open')).to.equal(true);
      header.closeLog();
      await settled(header);
      expect(header.hasAttribute('log-open')).to.equal(false);
    });

    it('opens the log with the attribute, and reads no log before that', async () => {
      await ofPython();
      expect(store.observers('log')).to.equal(0);
      const header = await shown(
        html`<campaign-header system="python" campaign-id="winter" log-open></campaign-header>`,
      );
      expect(has(header, 'campaign-log')).to.equal(true);
      expect(store.observers('log')).to.equal(1);
    });

    it('shows what is missing instead of throwing', async () => {
      const problemOf = async (template: ReturnType<typeof html>) => text(await fixture(template), '[part=problem]');
      expect(await problemOf(html`<campaign-header></campaign-header>`)).to.contain('campaign-id');
      expect(await problemOf(html`<campaign-header system="flows" campaign-id="x"></campaign-header>`)).to.contain(
        'campaign-provider',
      );
      expect(
        await problemOf(html`<campaign-header system="nope" campaign-id="x" .store=${store}></campaign-header>`),
      ).to.contain('"nope"');
    });

    it('works without a store, from plain attributes', async () => {
      const header = await fixture<CampaignHeader>(
        html`<campaign-header system="flows" status="inactive" name="Plain" missing="active-flow"></campaign-header>`,
      );
      await settled(header);
      expect(text(header, '.heading')).to.equal('Plain');
      expect(text(header, '[part=editable]')).to.equal('Editable');
      await axNode({ role: 'button', name: /Status: Inactive/ });
      const start = await axNode({ role: 'button', name: /^Start/ });
      expect(start.states['disabled']).to.equal(true);
      header.name = '';
      await settled(header);
      expect(text(header, '.heading')).to.equal('Unnamed campaign');
    });

    it('provides its own store to the elements inside it', async () => {
      const other = new StubStore();
      other.show(legacy, { status: 'configured', name: 'Other', missing: [] });
      const header = await ofPython();
      header.store = other;
      header.openLog();
      await settled(header);
      expect(text(header, '.heading')).to.equal('Other');
      await axNode({ role: 'button', name: /Status: Configured/ });
      expect(store.observers()).to.equal(0);
      expect(other.observers('log')).to.equal(1);
    });
  });

  describe('events', () => {
    it('lets the events of its parts through, and dispatches none of its own', async () => {
      const header = await ofPython();
      const received: string[] = [];
      for (const name of ['campaign-action', 'campaign-outcome', 'campaign-navigate'])
        host.addEventListener(name, ({ type }) => received.push(type));
      await click(within(header, '[part=log-button]'));
      await click(within(header, '[part=log-button]'));
      expect(received).to.deep.equal([]);
      await click(within(header, '[part=action]'));
      await until(() => received.length > 1);
      expect(received).to.deep.equal(['campaign-action', 'campaign-outcome']);
      expect(store.performed).to.deep.equal([{ ref: legacy, action: 'stop' }]);
    });

    it('dispatches one event for the page of a missing prerequisite', async () => {
      store.show(ref, { status: 'inactive', name: 'Spring sale', missing: ['active-flow'] });
      const header = await shown();
      const received: unknown[] = [];
      header.addEventListener('campaign-navigate', ({ detail }) => received.push(detail));
      const button = within<CampaignActionButton>(header, '[part=action]');
      button.press();
      await until(() => button.shadowRoot!.querySelector('.popup .link'));
      await click(within(button, '.popup .link'));
      expect(received).to.deep.equal([{ to: 'flows', ref }]);
    });
  });

  describe('slots and parts', () => {
    it('shows the host’s facts and buttons', async () => {
      const header = await shown(
        html`<campaign-header system="flows" campaign-id="spring">
          <span slot="meta">Owner: Marketing</span><button slot="actions">Duplicate</button>
        </campaign-header>`,
      );
      for (const slot of ['meta', 'actions'])
        expect(within<HTMLSlotElement>(header, `slot[name=${slot}]`).assignedElements()).to.have.length(1);
    });

    it('has the documented parts', async () => {
      const header = await ofPython();
      header.openLog();
      await settled(header);
      for (const part of ['header', 'heading', 'name', 'facts', 'tag', 'actions', 'action', 'log-button', 'log'])
        within(header, `[part~=${part}]`);
    });

    it('keeps a gap between its buttons, also when one shows only an outcome', async () => {
      const { action: _, ...view } = store.change(legacy, {
        request: { action: 'start', since: store.time, phase: 'uncertain' },
      });
      const header = await ofPython();
      store.put(legacy, view);
      await settled(header);
      const outcome = within(within(header, '[part=action]'), '.outcome').getBoundingClientRect();
      expect(within(header, '[part=log-button]').getBoundingClientRect().left - outcome.right).to.be.at.least(8);
    });
  });

  describe('keyboard', () => {
    it('opens and closes the log by key, and keeps the focus', async () => {
      const header = await ofPython();
      const button = within(header, '[part=log-button]');
      button.focus();
      await press('Enter');
      await settled(header);
      expect(header.logOpen).to.equal(true);
      expect(focused() === button, 'focus').to.equal(true);
      await press(' ');
      await settled(header);
      expect(header.logOpen).to.equal(false);
      expect(focused() === button, 'focus').to.equal(true);
    });

    it('keeps the focus when the focused control is removed', async () => {
      const header = await ofPython();
      within(header, '[part=log-button]').focus();
      store.change(legacy, { presence: 'absent' });
      await settled(header);
      expect(focused() === within(header, '.heading'), 'focus').to.equal(true);
    });
  });

  describe('life cycle', () => {
    it('shows another campaign, another store, and works after it was put back', async () => {
      const header = await shown();
      store.show({ system: 'flows', id: 'other' }, { status: 'inactive', name: 'Other' });
      header.campaignId = 'other';
      await settled(header);
      expect(text(header, '.heading')).to.equal('Other');
      const other = new StubStore();
      other.show({ system: 'flows', id: 'other' }, { status: 'error', name: 'Elsewhere' });
      const second = await renderWithStore(other, html``);
      second.append(header);
      await settled(header);
      expect(text(header, '.heading')).to.equal('Elsewhere');
      header.remove();
      expect(other.observers()).to.equal(0);
      other.show({ system: 'flows', id: 'other' }, { status: 'active', name: 'Later' });
      second.append(header);
      await settled(header);
      expect(text(header, '.heading')).to.equal('Later');
    });

    it('leaves nothing behind after a hundred connects', async () => {
      const header = await ofPython();
      header.openLog();
      await settled(header);
      for (let round = 0; round < 100; round++) {
        header.remove();
        host.append(header);
      }
      await settled(header);
      expect(store.observers('log')).to.equal(1);
      header.remove();
      expect(store.observers()).to.equal(0);
    });
  });

  describe('editing', () => {
    it('shows “editable”, “locked”, or nothing when unknown', async () => {
      const header = await shown();
      expect(text(header, '[part=editable]')).to.equal('Not editable');
      store.change(ref, { status: 'inactive' });
      await settled(header);
      expect(text(header, '[part=editable]')).to.equal('Editable');
      expect(has(await ofPython(), '[part=editable]')).to.equal(false);
    });
  });

  describe('the engine log', () => {
    it('is offered only where the system keeps a log', async () => {
      expect(has(await shown(), '[part=log-button]')).to.equal(false);
      expect(has(await ofPython(), '[part=log-button]')).to.equal(true);
      const none = await shown(html`<campaign-header system="flows" campaign-id="spring" log-open></campaign-header>`);
      expect(has(none, 'campaign-log')).to.equal(false);
    });
  });

  describe('a campaign that is not there', () => {
    it('shows that a removed campaign is gone, by name, and why', async () => {
      const header = await shown();
      store.change(ref, { presence: 'gone', goneReason: 'Archived by Operator' });
      await settled(header);
      expect(text(header, '.heading')).to.equal('Spring sale');
      expect(text(header, '[part=notice]')).to.equal('Spring sale was removed. Reason: Archived by Operator');
      expect(header.matches(':state(missing)')).to.equal(true);
      store.change(ref, { presence: 'gone', goneReason: 'vanished' });
      await settled(header);
      expect(text(header, '[part=notice]')).to.contain('backend no longer lists it');
      expect(text(header, '[part=notice]')).not.to.contain('vanished');
    });

    it('shows that an absent campaign does not exist, by id', async () => {
      const header = await shown();
      store.change(ref, { presence: 'absent', name: 'spring' });
      await settled(header);
      expect(text(header, '[part=notice]')).to.equal('There is no campaign "spring" in Flows.');
      expect(has(header, '[part=action]')).to.equal(false);
    });

    it('isolates the direction of an id', async () => {
      store.show({ system: 'flows', id: 'x\u202ey' }, { presence: 'absent' });
      const header = await shown(html`<campaign-header system="flows" campaign-id=${'x\u202ey'}></campaign-header>`);
      expect(text(header, '[part=notice]')).to.equal('There is no campaign "x[U+202E]y" in Flows.');
    });

    it('has the same height while it is loading', async () => {
      const other = { system: 'flows', id: 'late' };
      const header = await shown(html`<campaign-header system="flows" campaign-id="late"></campaign-header>`);
      expect(text(header, '.heading')).to.contain('Loading');
      expect(header.matches(':state(loading)')).to.equal(true);
      const { height } = header.getBoundingClientRect();
      store.show(other, { status: 'active', name: 'Late' });
      await settled(header);
      expect(header.getBoundingClientRect().height).to.equal(height);
      expect(header.matches(':state(loading)')).to.equal(false);
    });

    it('says why a campaign could not be loaded', async () => {
      store.show(ref, { presence: 'loading', loadError: { code: 'unavailable', message: 'HTTP 503' } });
      const header = await shown();
      expect(text(header, '.heading')).to.equal('spring');
      expect(text(header, '[part=notice]')).to.equal('This campaign could not be read: HTTP 503');
      expect(within(header, '[part=header]').getAttribute('aria-busy')).to.equal(null);
      await expectAccessible(header);
    });

    it('shows that the status is only last known, and since when', async () => {
      const header = await shown();
      const noon = new Date().setHours(12, 0, 0, 0);
      store.change(ref, { stale: { asOf: noon, why: 'feed' } });
      await settled(header);
      expect(text(header, '[part=notice]')).to.match(
        /^Last known status, true at 12:00:00.PM\. No newer status is available now\.$/,
      );
      store.change(ref, { stale: { asOf: Date.parse('2026-03-01T12:00:00'), why: 'feed' } });
      await settled(header);
      expect(text(header, '[part=notice]')).to.match(/true at Mar 1, 2026, 12:00:00.PM\./);
      expect(header.matches(':state(stale)')).to.equal(true);
      store.change(ref, {});
      await settled(header);
      expect(has(header, '[part=notice]')).to.equal(false);
    });
  });

  it('adds the day to a last known time after midnight', async () => {
    const header = await shown();
    const { now } = Date;
    store.change(ref, { stale: { asOf: Date.now(), why: 'feed' } });
    await settled(header);
    const year = String(new Date().getFullYear());
    expect(text(header, '[part=notice]')).not.to.contain(year);
    Date.now = () => now() + 86_400_000;
    try {
      renewTimes();
      await settled(header);
      expect(text(header, '[part=notice]')).to.contain(year);
    } finally {
      Date.now = now;
    }
  });

  describe('announcements', () => {
    it('L2: announces a change of its campaign once, and nothing at first', async () => {
      const header = await shown();
      expect(host.announced).to.deep.equal([]);
      store.change(ref, { status: 'error', message: 'Broken' });
      await settled(header);
      expect(host.announced).to.deep.equal(['Spring sale is now Error.']);
      store.change(ref, { status: 'error', message: 'Broken in another way' });
      store.change(ref, { status: 'error', stale: { asOf: 0, why: 'feed' } });
      await settled(header);
      expect(host.announced).to.have.length(1);
    });

    it('announces nothing of another campaign that changed while the page was hidden', async () => {
      const header = await shown();
      store.show({ system: 'flows', id: 'other' }, { status: 'inactive', name: 'Other' });
      Object.defineProperty(document, 'hidden', { value: true, configurable: true });
      store.change(ref, { message: 'Changed' });
      header.campaignId = 'other';
      await header.updateComplete;
      Reflect.deleteProperty(document, 'hidden');
      document.dispatchEvent(new Event('visibilitychange'));
      expect(host.announced).to.deep.equal([]);
    });

    it('announces nothing of another store when the page is visible again', async () => {
      const header = await shown();
      const other = new StubStore();
      other.show(ref, { status: 'error', name: 'Spring sale' });
      Object.defineProperty(document, 'hidden', { value: true, configurable: true });
      store.change(ref, { message: 'Changed' });
      header.store = other;
      await header.updateComplete;
      Reflect.deleteProperty(document, 'hidden');
      document.dispatchEvent(new Event('visibilitychange'));
      expect(host.announced).to.deep.equal([]);
    });

    it('announces nothing when a campaign is read for the first time', async () => {
      const header = await shown(html`<campaign-header system="flows" campaign-id="late"></campaign-header>`);
      store.show({ system: 'flows', id: 'late' }, { status: 'active', name: 'Late' });
      await settled(header);
      expect(host.announced).to.deep.equal([]);
    });

    it('announces nothing that the button has announced already', async () => {
      await shown();
      const pendingRequest = { action: 'stop', since: store.time };
      store.change(ref, { request: { ...pendingRequest, phase: 'pending' } });
      store.change(ref, { status: 'inactive', request: { ...pendingRequest, phase: 'done' } });
      expect(host.announced).to.deep.equal([]);
    });

    it('announces nothing twice when the status comes before the outcome', async () => {
      await shown();
      const pendingRequest = { action: 'stop', since: store.time };
      store.change(ref, { request: { ...pendingRequest, phase: 'pending' } });
      store.change(ref, { status: 'inactive', request: { ...pendingRequest, phase: 'pending' } });
      store.change(ref, { status: 'inactive', request: { ...pendingRequest, phase: 'done' } });
      expect(host.announced).to.deep.equal([]);
    });

    it('announces the outcome of an action that had been given up', async () => {
      await shown();
      const pendingRequest = { action: 'stop', since: store.time };
      store.change(ref, { request: { ...pendingRequest, phase: 'uncertain' } });
      store.change(ref, { status: 'inactive', request: { ...pendingRequest, phase: 'done' } });
      expect(host.announced).to.deep.equal(['Spring sale is now Inactive.']);
    });

    it('announces a fault that follows an action', async () => {
      await shown();
      const pendingRequest = { action: 'start', since: store.time };
      store.change(ref, { status: 'active', request: { ...pendingRequest, phase: 'done' } });
      store.change(ref, { status: 'error', request: { ...pendingRequest, phase: 'done' } });
      expect(host.announced).to.deep.equal(['Spring sale is now Error.']);
    });

    it('announces that the campaign was removed', async () => {
      await shown();
      store.change(ref, { presence: 'gone' });
      expect(host.announced).to.deep.equal(['Spring sale was removed.']);
    });

    it('L4: announces one summary when the page is visible again', async () => {
      const header = await shown();
      let hidden = true;
      Object.defineProperty(document, 'hidden', { configurable: true, get: () => hidden });
      try {
        store.change(ref, { status: 'error' });
        store.change(ref, { status: 'active' });
        store.change(ref, { status: 'error' });
        expect(host.announced).to.deep.equal([]);
        hidden = false;
        document.dispatchEvent(new Event('visibilitychange'));
        expect(host.announced).to.deep.equal(['Spring sale is now Error.']);
        hidden = true;
        store.change(ref, { status: 'inactive' });
        store.change(ref, { status: 'error' });
        hidden = false;
        document.dispatchEvent(new Event('visibilitychange'));
        expect(host.announced).to.have.length(1);
      } finally {
        Reflect.deleteProperty(document, 'hidden');
      }
      header.remove();
    });
  });

  describe('hostile text', () => {
    it('is shown as text, with its direction isolated', async () => {
      store.show(ref, { status: 'x'.repeat(500), name: '<img src=x onerror="window.hit=1">\u202E' });
      const header = await shown();
      expect(has(header, 'img')).to.equal(false);
      expect(text(header, '.heading')).to.equal('<img src=x onerror="window.hit=1">[U+202E]');
      expect(getComputedStyle(within(header, '[part=name]')).unicodeBidi).to.equal('isolate');
      expect(header.scrollWidth).to.be.at.most(header.clientWidth);
    });

    it('has a label for a name without visible characters', async () => {
      store.show(ref, { status: 'active', name: '\u200b\u00ad' });
      expect(text(await shown(), '.heading')).to.equal('Unnamed campaign');
    });

    it('reads no word from an object’s prototype', async () => {
      for (const status of ['constructor', '__proto__', 'toString', '']) {
        store.show(ref, { status, name: status || 'none' });
        await expectAccessible(await shown());
      }
    });
  });

  describe('texts', () => {
    it('all come from the translations', async () => {
      const localizer = new Localizer(pseudo);
      const foreign = ['Spring sale', 'Winter tyres', 'spring', 'Archived'];
      const header = await shown(undefined, localizer);
      store.change(ref, { stale: { asOf: 0, why: 'unreadable' } });
      await settled(header);
      expect(unmarked(header, foreign)).to.deep.equal([]);
      for (const presence of ['loading', 'absent', 'gone'] as const) {
        store.change(ref, { presence, goneReason: 'Archived' });
        await settled(header);
        expect(unmarked(header, foreign)).to.deep.equal([]);
      }
      const legacyHeader = await shown(
        html`<campaign-header system="python" campaign-id="winter" log-open></campaign-header>`,
        localizer,
      );
      expect(unmarked(legacyHeader, [...foreign, 'one'])).to.deep.equal([]);
    });
  });

  describe('a third system', () => {
    it('works with statuses that offer no action', async () => {
      const may = { system: 'mailings', id: 'may' };
      store.show(may, { status: 'draft', name: 'May', missing: ['content'] });
      const header = await shown(html`<campaign-header system="mailings" campaign-id="may"></campaign-header>`);
      expect(text(header, '[part=editable]')).to.equal('Editable');
      expect(has(header, '[part=log-button]')).to.equal(true);
      await axNode({ role: 'button', name: /^Schedule/ });
      store.change(may, { status: 'finished' });
      await settled(header);
      expect(text(header, '[part=editable]')).to.equal('Not editable');
      expect(host.announced).to.deep.equal(['May is now Finished.']);
      expect(within(header, '[part=action]').getBoundingClientRect().width).to.equal(0);
    });
  });

  describe('size and look', () => {
    it('fits into 320 px, with targets of 24 px', async () => {
      await setViewport(320, 600);
      store.change(legacy, { name: 'Rindfleischetikettierungsüberwachungsaufgabenübertragungsgesetz' });
      const header = await shown(
        html`<campaign-header system="python" campaign-id="winter" log-open></campaign-header>`,
      );
      expect(document.documentElement.scrollWidth).to.be.at.most(320);
      for (const button of header.shadowRoot!.querySelectorAll('button'))
        expect(button.getBoundingClientRect().height).to.be.at.least(24);
    });

    it('shows no motion when the user prefers reduced motion', async () => {
      await emulate({ reducedMotion: 'reduce' });
      const header = await ofPython();
      header.openLog();
      await header.updateComplete;
      expect(getComputedStyle(within(header, '.chevron')).transitionDuration).to.equal('0s');
    });

    it('keeps the width of the log button', async () => {
      const header = await ofPython();
      const button = within(header, '[part=log-button]');
      const { width } = button.getBoundingClientRect();
      header.openLog();
      await settled(header);
      expect(button.getBoundingClientRect().width).to.equal(width);
    });
  });

  it('announces changes by a real backend, but not those that its own user requested', async () => {
    const backend = simulateBackend({ sampleData: 'empty', tickMs: 0, processingMs: 50 });
    const real = createCampaignStore({ adapter: simulatedAdapter(backend), graceMs: 0 });
    const campaign = backend.campaigns.add({
      system: 'python',
      id: 'r',
      name: 'Real',
      status: 'configured',
      met: ['contacts', 'strategy'],
    });
    host = await renderWithStore(real, html`<campaign-header system="python" campaign-id="r"></campaign-header>`);
    const header = host.querySelector('campaign-header')!;
    await until(() => text(header, '.heading') === 'Real');
    await settled(header);
    await click(within(header, '[part=action]'));
    await until(() => header.view?.status === 'running');
    await until(() => host.announced.length > 0);
    expect(host.announced).to.deep.equal(['Real is Running.']);
    backend.campaigns.raise(campaign);
    await until(() => header.view?.status === 'error');
    expect(host.announced).to.deep.equal(['Real is Running.', 'Real is now Error.']);
    backend.campaigns.remove(campaign, 'Cleared away');
    await until(() => header.view?.presence === 'gone');
    expect(host.announced.at(-1)).to.equal('Real was removed.');
    host.remove();
    real.dispose();
    backend.dispose();
  });
});
