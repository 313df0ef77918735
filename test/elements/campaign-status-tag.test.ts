import { ContextProvider } from '@lit/context';
import { expect, fixture, html } from '@open-wc/testing';
import { CampaignStatusTag } from '../../src/elements/campaign-status-tag/campaign-status-tag.ts';
import '../../src/elements/campaign-status-tag/define.ts';
import { settingsContext, storeContext, type Settings } from '../../src/elements/shared/context/contexts.ts';
import { defineElement } from '../../src/elements/shared/base/define-element.ts';
import { noRoutes } from '../../src/elements/shared/context/no-routes.ts';
import { Localizer } from '../../src/i18n/index.ts';
import {
  atRest,
  axOf,
  cdp,
  click,
  doubleClick,
  emulate,
  focused,
  hover,
  memory,
  moveTo,
  nextFrame,
  pause,
  press,
  seen,
  setViewport,
  tap,
  touchScreen,
  unhover,
  until,
} from '../support/browser.ts';
import { expectAccessible } from '../support/elements/axe.ts';
import { pseudo, unmarked } from '../support/elements/pseudo-locale.ts';
import { renewTimes } from '../support/elements/renew-times.ts';
import { expectSame } from '../support/elements/deep-equal.ts';
import { mailings } from '../support/elements/six-statuses.ts';
import { StubStore } from '../support/elements/stub-store.ts';
import '../support/elements/load-layers.ts';

const ref = { system: 'flows', id: 'spring' };
const at = Date.parse('2026-03-01T12:00:00Z');
const message = 'The channel "Main" is not running.\nretry 1 failed\nretry 2 failed';

const within = <E extends Element = HTMLElement>(tag: CampaignStatusTag, selector: string): E | null =>
  tag.shadowRoot!.querySelector<E>(selector);
const button = (tag: CampaignStatusTag): HTMLElement => within(tag, 'button')!;
const popup = (tag: CampaignStatusTag): HTMLElement | null => within(tag, '.popup');
const body = (tag: CampaignStatusTag): HTMLElement => within(tag, '.popup-body')!;
const describes = async (tag: CampaignStatusTag): Promise<string> => (await axOf(button(tag)))!.description;
/** Waits until a popup has faded in: axe can't determine the contrast of half transparent text. */
const shown = (): Promise<void> => nextFrame().then(atRest);
const opened = (tag: CampaignStatusTag): Promise<HTMLElement> => until(() => popup(tag), 'a popup');

const plain = (
  template = html`<campaign-status-tag
    system="flows"
    status="error"
    name="Spring sale"
    message=${message}
    at=${at}
  ></campaign-status-tag>`,
): Promise<CampaignStatusTag> => fixture<CampaignStatusTag>(template);

describe('campaign-status-tag', () => {
  let store: StubStore;

  beforeEach(() => {
    store = new StubStore(mailings);
    store.show(ref, { status: 'active', name: 'Spring sale', at });
  });

  const connected = (): Promise<CampaignStatusTag> =>
    fixture(html`<campaign-status-tag system="flows" campaign-id="spring" .store=${store}></campaign-status-tag>`);

  describe('accessibility', () => {
    it('passes axe in every status and state, closed and pinned', async () => {
      for (const [system, status] of [
        ['flows', 'inactive'],
        ['flows', 'error'],
        ['python', 'created'],
        ['python', 'configured'],
        ['python', 'running'],
        ['python', 'paused'],
      ] as const) {
        const tag = await plain(
          html`<campaign-status-tag
            system=${system}
            status=${status}
            name="Spring sale"
            message=${message}
          ></campaign-status-tag>`,
        );
        await expectAccessible(tag);
        tag.open();
        await shown();
        await expectAccessible(tag);
        tag.staleSince = at;
        await tag.updateComplete;
        await expectAccessible(tag);
        tag.remove();
      }
    });

    it('T1: is a button named after its status; the host element has no role or name', async () => {
      const tag = await plain();
      const node = await axOf(button(tag));
      expect(node).to.include({ role: 'button', name: 'Status: Error' });
      expect(node!.states['expanded']).to.equal(false);
      expect(tag.getAttributeNames().filter((name) => name === 'role' || name.startsWith('aria-'))).to.deep.equal([]);
    });

    it('T2: is described by the message, line by line, and by what to do next', async () => {
      expect(await describes(await plain())).to.equal(
        'The channel "Main" is not running. retry 1 failed. retry 2 failed Fix what the message names, then press Start.',
      );
    });

    it('T2: without a message, is described by the meaning of the status', async () => {
      const tag = await plain(html`<campaign-status-tag system="python" status="running"></campaign-status-tag>`);
      expect(await describes(tag)).to.equal(
        'Contacts are being worked through, and messages leave in their planned time windows. ' +
          'Follow progress on the Contacts tab; press Stop to pause.',
      );
    });

    it('T2: a description has at most 240 characters, and a longer message is cut after a word', async () => {
      const tag = await plain();
      const i18n = (length: number): string => 'words of trouble '.repeat(length).slice(0, length).trimEnd();
      tag.message = i18n(240);
      await tag.updateComplete;
      expect(await describes(tag)).to.equal(`${i18n(240)} Fix what the message names, then press Start.`);
      tag.message = Array.from({ length: 500 }, () => 'words of trouble').join('\n');
      await tag.updateComplete;
      const text = await describes(tag);
      expect(text.length).to.be.within(180, 240);
      expect(text).to.match(/^words of trouble\. words[^…]*\b(words|of|trouble\.?)… Open to read all of it\. Fix what/);
    });

    it('a description starts with “stale” when the status is stale', async () => {
      const tag = await plain();
      tag.staleSince = at;
      await tag.updateComplete;
      expect(await describes(tag)).to.match(
        /^Last known status, true at .*\. No newer status is available now\. The channel/,
      );
      store.show(ref, { status: 'active', stale: { asOf: at, why: 'unreadable' } });
      expect(await describes(await connected())).to.match(/^Last known status.*could not be read\. Triggers fire/);
    });

    it('says on the tag for how long it is stuck, and in its description since when', async () => {
      const tag = await plain();
      tag.stuckSince = Date.now() - 14.5 * 60_000;
      await tag.updateComplete;
      expect(tag.renderRoot.querySelector('[part=since]')!.textContent).to.equal('Stuck for 14 min');
      expect(button(tag).getAttribute('aria-label')).to.match(/^Status: .* Stuck for 14 min$/);
      expect(await describes(tag)).to.match(/^Stuck: nothing new has been reported since .*\. The channel/);
      store.show(ref, { status: 'active', stuckSince: store.now() - 3 * 3_600_000 });
      const live = await connected();
      expect(live.renderRoot.querySelector('[part=since]')!.textContent).to.equal('Stuck for 3 hr');
      store.show(ref, { status: 'active' });
      await live.updateComplete;
      expect(live.renderRoot.querySelector('[part=since]')).to.equal(null);
    });

    it('does not say that a status is stuck that is only the last known one', async () => {
      const tag = await plain();
      tag.stuckSince = at;
      tag.staleSince = at;
      await tag.updateComplete;
      expect(tag.renderRoot.querySelector('[part=since]')!.textContent).to.match(/^Last known/);
    });

    it('hides the hint from assistive technology, which reads its text once as the description', async () => {
      const tag = await plain();
      await hover(button(tag));
      const hint = await opened(tag);
      expect(await axOf(hint)).to.equal(undefined);
      expect(await axOf(body(tag))).to.equal(undefined);
    });

    it('provides its description to a host that shows the status in its own way', async () => {
      const tag = await plain();
      expect(tag.description).to.equal(await describes(tag));
    });

    it('can be labelled by a label of the page, where the browser supports it', async () => {
      const box = await fixture<HTMLElement>(
        html`<div>
          <label for="tag-7">Spring</label><campaign-status-tag id="tag-7" status="x"></campaign-status-tag>
        </div>`,
      );
      await click(box.querySelector('label')!);
      expect(popup(box.querySelector('campaign-status-tag')!)?.getAttribute('role')).to.equal('dialog');
    });

    it('T5: when pinned, it is a dialog named after the campaign', async () => {
      const tag = await plain();
      tag.open();
      await nextFrame();
      const node = (await axOf(popup(tag)!))!;
      expect(node).to.include({ role: 'dialog', name: 'Message of Spring sale' });
      expect(node.description).to.match(/^The channel "Main" is not running/);
      expect(node.states['modal'] ?? false).to.equal(false);
      expect((await axOf(button(tag)))!.states['expanded']).to.equal(true);
    });
  });

  describe('defaults and reflection', () => {
    it('is comfortable with automatic emphasis by default, and reflects only what differs', async () => {
      const tag = await plain(html`<campaign-status-tag system="flows" status="active"></campaign-status-tag>`);
      expect(tag).to.include({
        density: 'comfortable',
        emphasis: 'auto',
        staleSince: undefined,
        stuckSince: undefined,
        message: '',
        name: '',
      });
      expect(tag.getAttributeNames()).to.have.members(['system', 'status']);
      tag.density = 'compact';
      tag.emphasis = 'solid';
      await tag.updateComplete;
      expect(tag.getAttribute('density')).to.equal('compact');
      expect(tag.getAttribute('emphasis')).to.equal('solid');
      tag.removeAttribute('density');
      expect(tag.density).to.equal('comfortable');
    });

    it('accepts the time of the last known status as ISO text or as ms', async () => {
      const tag = await plain();
      for (const since of [new Date(at).toISOString(), at, String(at)]) {
        tag.staleSince = since;
        expect(tag.view?.stale).to.deep.equal({ asOf: at, why: 'feed' });
      }
      tag.staleSince = 'last week';
      expect(tag.view?.stale).to.equal(undefined);
    });

    it('exposes its states to the page’s CSS', async () => {
      const tag = await plain();
      const states = (): string[] =>
        ['stale', 'stuck', 'unknown', 'loading', 'gone', 'open', 'pinned'].filter((name) =>
          tag.matches(`:state(${name})`),
        );
      expect(states()).to.deep.equal([]);
      tag.status = 'napping';
      tag.message = '';
      tag.staleSince = at;
      await tag.updateComplete;
      expect(states()).to.deep.equal(['stale', 'unknown']);
      tag.open();
      await tag.updateComplete;
      expect(states()).to.deep.equal(['stale', 'unknown', 'open', 'pinned']);
      tag.close();
      tag.status = 'active';
      tag.staleSince = undefined;
      await tag.updateComplete;
      expect(states()).to.deep.equal([]);
      tag.stuckSince = at;
      await tag.updateComplete;
      expect(states()).to.deep.equal(['stuck']);
    });

    it('shows what is missing', async () => {
      const text = async (template: ReturnType<typeof html>): Promise<string | undefined> =>
        within(await plain(template), '[part=problem]')?.textContent;
      expect(await text(html`<campaign-status-tag></campaign-status-tag>`)).to.match(/needs the attributes/);
      expect(await text(html`<campaign-status-tag system="flows" campaign-id="a"></campaign-status-tag>`)).to.match(
        /provider/,
      );
      expect(await text(html`<campaign-status-tag system="nope" status="a"></campaign-status-tag>`)).to.match(
        /no system "nope"/,
      );
    });
  });

  describe('given a view', () => {
    const settings = (): Settings => ({ store, i18n: new Localizer(), routes: noRoutes, announce: () => {} });
    const label = async (tag: CampaignStatusTag): Promise<string> => (
      await tag.updateComplete,
      within(tag, '.label')!.textContent
    );

    it('shows it, with its settings, without asking a provider or observing the campaign', async () => {
      const box = await fixture<HTMLElement>(html`<div></div>`);
      let asked = 0;
      box.addEventListener('context-request', () => asked++);
      const tag = document.createElement('campaign-status-tag');
      tag.settings = settings();
      tag.view = store.change(ref, { status: 'error', message: 'broken', name: 'Spring sale' });
      box.append(tag);
      expect(await label(tag)).to.equal('Error');
      expect(await describes(tag)).to.match(/^broken/);
      expect(tag.campaignRef).to.deep.equal(ref);
      tag.view = store.change(ref, { status: 'active', message: '' });
      expect(await label(tag)).to.equal('Active');
      expect([asked, store.observers()]).to.deep.equal([0, 0]);
    });

    it('takes texts and store from the provider if it has no settings, and still does not observe the campaign', async () => {
      const box = await fixture<HTMLElement>(html`<div></div>`);
      new ContextProvider(box, { context: storeContext, initialValue: new StubStore() });
      new ContextProvider(box, { context: settingsContext, initialValue: settings() });
      const tag = document.createElement('campaign-status-tag');
      tag.view = store.show({ system: 'mailings', id: 'may' }, { status: 'paused' });
      box.append(tag);
      expect(await label(tag)).to.equal('Paused');
      expect(store.observers()).to.equal(0);
    });

    it('follows the campaign again when the view is taken away', async () => {
      const box = await fixture<HTMLElement>(html`<div></div>`);
      new ContextProvider(box, { context: storeContext, initialValue: store });
      const tag = document.createElement('campaign-status-tag');
      Object.assign(tag, {
        system: 'flows',
        campaignId: 'spring',
        view: { ...store.campaign(ref).value, status: 'error' },
      });
      box.append(tag);
      expect(await label(tag)).to.equal('Error');
      tag.view = undefined;
      expect(await label(tag)).to.equal('Active');
      expect(store.observers()).to.equal(1);
      tag.view = store.campaign(ref).value;
      await tag.updateComplete;
      expect(store.observers()).to.equal(0);
    });

    it('closes its popup, without fading, when the next view is of another campaign', async () => {
      const tag = await plain(html`<campaign-status-tag .view=${store.campaign(ref).value}></campaign-status-tag>`);
      tag.open();
      await tag.updateComplete;
      tag.view = store.show({ system: 'flows', id: 'autumn' }, { status: 'error' });
      expect(await label(tag)).to.equal('Error');
      expectSame(popup(tag), null);
      expect(button(tag).getAnimations({ subtree: true })).to.deep.equal([]);
    });

    it('shows what is wrong with a view or settings that are none, and recovers', async () => {
      const tag = await plain();
      for (const odd of [42, 'odd', {}, { ref: null, status: 'error', actions: [] }, new Error('odd')]) {
        for (const name of ['view', 'settings'] as const) {
          Object.assign(tag, { [name]: odd });
          await tag.updateComplete;
          expect(within(tag, '.problem')!.textContent, name).to.contain(name);
          Object.assign(tag, { [name]: null });
          expect(await label(tag)).to.equal('Error');
        }
      }
    });
  });

  describe('events', () => {
    it('dispatches no event of the kit, and lets clicks through', async () => {
      const tag = await plain();
      const received: string[] = [];
      for (const name of ['campaign-action', 'campaign-outcome', 'campaign-navigate', 'campaign-query', 'click'])
        tag.addEventListener(name, () => received.push(name));
      await click(button(tag));
      await click(within(tag, '.popup-copy')!);
      await press('Escape');
      expect(received).to.deep.equal(['click', 'click']);
    });
  });

  describe('slots and parts', () => {
    it('shows the content of `details` in the pinned popup only', async () => {
      const tag = await plain(
        html`<campaign-status-tag system="flows" status="error"
          ><a slot="details" href="#x">Runbook</a></campaign-status-tag
        >`,
      );
      const link = tag.querySelector('a')!;
      expect(link.checkVisibility()).to.equal(false);
      tag.open();
      await nextFrame();
      expect(link.checkVisibility()).to.equal(true);
      await expectAccessible(tag);
    });

    it('moves the keyboard focus through the content of `details` and back to the tag', async () => {
      const tag = await plain(
        html`<campaign-status-tag system="flows" status="error" message="x"
          ><a slot="details" href="#x">Runbook</a></campaign-status-tag
        >`,
      );
      const link = tag.querySelector('a')!;
      const keys: string[] = [];
      tag.parentElement!.addEventListener('keydown', ({ key }) => keys.push(key));
      tag.focus();
      await press('Enter');
      await press('Tab');
      expectSame(focused(), link);
      await press('ArrowDown');
      expect(keys, 'a key in the popup is none of a grid around it').not.to.include('ArrowDown');
      await press('Tab');
      expectSame(focused(), within(tag, '.popup-copy'));
      await press('Shift+Tab');
      expectSame(focused(), link);
      await press('Escape');
      expectSame(popup(tag), null);
      expectSame(focused(), button(tag));
    });

    it('draws the icon of a host’s own lifecycle as an svg, and takes it away when a built-in one follows', async () => {
      const path = 'M2 2h12v12H2Z';
      const own = store.change(ref, { status: 'active' });
      const tag = await plain();
      tag.view = { ...own, icon: { path } };
      await tag.updateComplete;
      const svg = within(tag, '[part=icon]')!;
      expect(svg.querySelector('path')!.getAttribute('d')).to.equal(path);
      expect(svg.getAttribute('aria-hidden')).to.equal('true');
      expect(svg.getBoundingClientRect().width).to.be.closeTo(14, 0.1);
      expect(getComputedStyle(button(tag), '::before').content).to.equal('none');
      expect((await axOf(button(tag)))!.name).to.equal('Status: Active');
      tag.view = own;
      await tag.updateComplete;
      expectSame(within(tag, 'svg'), null);
      expect(getComputedStyle(button(tag), '::before').clipPath).to.match(/^polygon/);
    });

    it('has the documented parts', async () => {
      const tag = await plain();
      tag.staleSince = at;
      await tag.updateComplete;
      tag.open();
      await nextFrame();
      const parts = new Set(
        [...tag.shadowRoot!.querySelectorAll('[part]')].map((element) => element.getAttribute('part')),
      );
      expect([...parts]).to.have.members(['tag', 'label', 'since', 'popup', 'popup-body', 'popup-close', 'popup-copy']);
    });
  });

  describe('keyboard', () => {
    it('T5: Enter and Space pin the popup and focus its text; Escape returns', async () => {
      const tag = await plain();
      for (const key of ['Enter', ' ']) {
        tag.focus();
        expectSame(focused(), button(tag));
        await press(key);
        expect(tag.matches(':state(pinned)'), key).to.equal(true);
        expectSame(focused(), body(tag));
        await press('Escape');
        expectSame(popup(tag), null);
        expectSame(focused(), button(tag));
      }
      await pause(350);
      expectSame(popup(tag), null, 'the focus that comes back opens nothing');
    });

    it('opens the hint on keyboard focus, and closes it on blur', async () => {
      const tag = await plain(html`<campaign-status-tag system="flows" status="error"></campaign-status-tag>`);
      await press('Tab');
      expectSame(focused(), button(tag));
      await opened(tag);
      expect(tag.matches(':state(pinned)')).to.equal(false);
      await press('Tab');
      expectSame(popup(tag), null);
    });

    it('Tab moves through text, Copy and Close; leaving the popup closes it', async () => {
      const box = await fixture<HTMLElement>(
        html`<div>
          <campaign-status-tag system="flows" status="error" message="x"></campaign-status-tag><button>after</button>
        </div>`,
      );
      const tag = box.querySelector('campaign-status-tag')!;
      tag.focus();
      await press('Enter');
      const order: (string | null)[] = [];
      for (let step = 0; step < 4; step++) {
        order.push(focused()!.getAttribute('part') ?? focused()!.textContent);
        await press('Tab');
      }
      expect(order).to.deep.equal(['popup-body', 'popup-copy', 'popup-close', 'after']);
      expectSame(popup(tag), null);
    });

    it('keeps scroll keys in its text from a surrounding grid, and lets other keys through', async () => {
      const tag = await plain();
      const received: string[] = [];
      tag.addEventListener('keydown', ({ key }) => received.push(key));
      tag.focus();
      await press('Enter');
      for (const key of ['ArrowDown', 'PageDown', 'End', 'Control+a', 'F2']) await press(key);
      expect(received).to.deep.equal(['Enter', 'Control', 'F2']);
    });

    it('is not in the tab order when its host is inert', async () => {
      const box = await fixture<HTMLElement>(
        html`<div>
          <button>before</button><campaign-status-tag tabindex="-1" system="flows" status="error"></campaign-status-tag
          ><button>after</button>
        </div>`,
      );
      const tag = box.querySelector('campaign-status-tag')!;
      box.querySelector('button')!.focus();
      await press('Tab');
      expect(focused()!.textContent).to.equal('after');
      tag.focus();
      expectSame(focused(), button(tag));
      tag.tabIndex = 0;
      box.querySelector('button')!.focus();
      await press('Tab');
      expectSame(focused(), button(tag), 'one stop, the button itself');
      await press('Tab');
      expect(focused()!.textContent).to.equal('after');
    });
  });

  describe('pointer', () => {
    it('T3: opens after a short hover, not before', async () => {
      const tag = await plain();
      let hovered = 0;
      let after = 0;
      button(tag).addEventListener('pointerover', () => (hovered ||= performance.now()));
      const opens = seen(tag.shadowRoot!, () => popup(tag) && (after ||= performance.now() - hovered));
      await hover(button(tag));
      await opens;
      expect(after).to.be.at.least(240);
      expect(tag.matches(':state(open)')).to.equal(true);
      expect(tag.matches(':state(pinned)')).to.equal(false);
    });

    it('T3: stays while the pointer moves into it and rests there, and closes when the pointer leaves', async () => {
      const tag = await plain();
      await hover(button(tag));
      const hint = await opened(tag);
      const from = button(tag).getBoundingClientRect();
      const to = hint.getBoundingClientRect();
      expect(to.top - from.bottom, 'a gap to cross').to.be.above(3);
      for (const y of [from.bottom - 4, (from.bottom + to.top) / 2, to.top + 20]) {
        await moveTo(Math.round(from.left + 10), Math.round(y));
        await pause(400);
      }
      expectSame(popup(tag), hint, 'after resting in it');
      let left = 0;
      let after = 0;
      tag.addEventListener('pointerleave', () => (left = performance.now()));
      const goes = seen(tag.shadowRoot!, () => !popup(tag) && (after ||= performance.now() - left));
      await unhover();
      await goes;
      expect(after, 'not just after leaving').to.be.at.least(190);
    });

    it('T3: no timer closes it while the user reads', async () => {
      const tag = await plain();
      await hover(button(tag));
      await opened(tag);
      await pause(1500);
      expect(popup(tag)).to.not.equal(null);
    });

    it('T4: Escape closes the hint, keeps the focus, and only a new hover opens it again', async () => {
      const box = await fixture<HTMLElement>(
        html`<div><input /><campaign-status-tag system="flows" status="error"></campaign-status-tag></div>`,
      );
      const [tag, input] = [box.querySelector('campaign-status-tag')!, box.querySelector('input')!];
      input.focus();
      await hover(button(tag));
      await opened(tag);
      await press('Escape');
      expectSame(popup(tag), null);
      expectSame(focused(), input);
      const { left, top } = button(tag).getBoundingClientRect();
      await moveTo(Math.round(left + 5), Math.round(top + 5));
      await pause(400);
      expectSame(popup(tag), null);
      await unhover();
      await hover(button(tag));
      await opened(tag);
    });

    it('T4: Escape in a modal dialog or an open menu closes only the popup', async () => {
      for (const pinned of [false, true]) {
        const dialog = await fixture<HTMLDialogElement>(
          html`<dialog><campaign-status-tag system="flows" status="error"></campaign-status-tag></dialog>`,
        );
        const menu = await fixture<HTMLElement>(
          html`<div popover><campaign-status-tag system="flows" status="error"></campaign-status-tag></div>`,
        );
        for (const around of [dialog, menu]) {
          const isOpen = (): boolean => around.matches(':modal, :popover-open');
          if (around === dialog) dialog.showModal();
          else menu.showPopover();
          const tag = around.querySelector('campaign-status-tag')!;
          if (pinned) await click(button(tag));
          else await hover(button(tag));
          await opened(tag);
          expect(isOpen(), 'opening closes nothing').to.equal(true);
          await press('Escape');
          expectSame(popup(tag), null);
          expect(isOpen(), `${around.localName}, ${pinned ? 'pinned' : 'hint'}`).to.equal(true);
          await press('Escape');
          expect(isOpen(), 'the next Escape is theirs').to.equal(false);
          await unhover();
        }
      }
    });

    it('T5: a press pins it and leaves the focus on the tag; a second press closes it', async () => {
      const tag = await plain();
      await click(button(tag));
      const pinned = popup(tag)!;
      expect(button(tag).getAttribute('aria-expanded')).to.equal('true');
      expectSame(focused(), button(tag));
      await unhover();
      await pause(400);
      expectSame(popup(tag), pinned);
      await click(button(tag));
      expectSame(popup(tag), null);
      expect(button(tag).getAttribute('aria-expanded')).to.equal('false');
    });

    it('T5: a double click opens it, and does not close it again', async () => {
      const tag = await plain();
      await doubleClick(button(tag));
      expect(tag.matches(':state(pinned)')).to.equal(true);
    });

    it('T5: pinning a hint keeps the same node in place', async () => {
      const tag = await plain();
      await hover(button(tag));
      const hint = await opened(tag);
      await shown();
      const { left, top } = hint.getBoundingClientRect();
      await click(button(tag));
      expectSame(popup(tag), hint);
      expect(hint.getBoundingClientRect()).to.include({ left, top });
      expect(hint.getAttribute('aria-hidden')).to.equal(null);
    });

    it('T5: a tap pins it, and a tap elsewhere closes it', async () => {
      const box = await fixture<HTMLElement>(
        html`<div>
          <campaign-status-tag system="flows" status="error"></campaign-status-tag>
          <p style="margin-top: 400px">elsewhere</p>
        </div>`,
      );
      const tag = box.querySelector('campaign-status-tag')!;
      await tap(button(tag));
      await pause(400);
      expect(tag.matches(':state(pinned)')).to.equal(true);
      await tap(box.querySelector('p')!);
      await until(() => !popup(tag), 'the popup to close');
    });

    it('a touch opens nothing before the finger is lifted', async () => {
      const tag = await plain();
      await touchScreen();
      const { left, top, width, height } = button(tag).getBoundingClientRect();
      const touchPoints = [{ x: Math.round(left + width / 2), y: Math.round(top + height / 2) }];
      await cdp('Input.dispatchTouchEvent', { type: 'touchStart', touchPoints });
      await pause(400);
      expectSame(popup(tag), null);
      await cdp('Input.dispatchTouchEvent', { type: 'touchCancel', touchPoints: [] });
      await pause(300);
      expectSame(popup(tag), null);
    });

    it('T5: a press outside closes it and returns the focus, unless the press moved the focus', async () => {
      const box = await fixture<HTMLElement>(
        html`<div>
          <campaign-status-tag system="flows" status="error"></campaign-status-tag>
          <p style="margin-top: 400px">elsewhere</p>
          <input />
        </div>`,
      );
      const tag = box.querySelector('campaign-status-tag')!;
      await click(button(tag));
      await click(body(tag));
      expectSame(focused(), body(tag));
      await click(box.querySelector('p')!);
      expectSame(popup(tag), null);
      expectSame(focused(), button(tag));
      await click(button(tag));
      await click(box.querySelector('input')!);
      expectSame(popup(tag), null);
      expectSame(focused(), box.querySelector('input'));
    });

    it('T5: its text can be selected by dragging', async () => {
      const tag = await plain();
      await click(button(tag));
      await shown();
      const text = within(tag, '.foreign')!;
      const { left, top } = text.getBoundingClientRect();
      const { sendMouse } = await import('@web/test-runner-commands');
      await moveTo(Math.round(left + 1), Math.round(top + 10));
      await sendMouse({ type: 'down' });
      await moveTo(Math.round(left + 90), Math.round(top + 10));
      await sendMouse({ type: 'up' });
      expect(getSelection()!.toString()).to.match(/^The chan/);
      expect(tag.matches(':state(pinned)')).to.equal(true);
    });

    it('T5: Copy copies what is shown, and reports success and failure', async () => {
      const tag = await plain();
      const copied: string[] = [];
      const clipboard = navigator.clipboard;
      const write = clipboard.writeText.bind(clipboard);
      const execCommand = document.execCommand.bind(document);
      try {
        clipboard.writeText = (text) => (copied.push(text), Promise.resolve());
        tag.open();
        await shown();
        const confirmation = seen(tag.shadowRoot!, () => within(tag, '.popup-copy')!.textContent.includes('Copied'));
        await click(within(tag, '.popup-copy')!);
        await confirmation;
        expect(copied).to.deep.equal([message]);
        clipboard.writeText = () => Promise.reject(new Error('denied'));
        document.execCommand = () => false;
        const fails = seen(tag.shadowRoot!, () => popup(tag)!.textContent.includes('Could not copy'));
        await click(within(tag, '.popup-copy')!);
        await fails;
      } finally {
        clipboard.writeText = write;
        document.execCommand = execCommand;
      }
    });

    it('T5: Copy also works where the page may not use the clipboard API, and keeps what is selected', async () => {
      const tag = await plain();
      const { clipboard } = navigator;
      Object.defineProperty(navigator, 'clipboard', { configurable: true, value: undefined });
      const pages = (event: ClipboardEvent): void => {
        event.clipboardData!.setData('text/plain', 'the page’s own');
        event.preventDefault();
      };
      document.addEventListener('copy', pages);
      try {
        const words = await fixture(html`<p>Some selected words</p>`);
        tag.open();
        await shown();
        const confirmation = seen(tag.shadowRoot!, () => within(tag, '.popup-copy')!.textContent.includes('Copied'));
        within(tag, '.popup-copy')!.addEventListener('click', () => getSelection()!.selectAllChildren(words), true);
        await click(within(tag, '.popup-copy')!);
        await confirmation;
        expect(getSelection()!.toString()).to.equal('Some selected words');
        const field = await fixture<HTMLTextAreaElement>(html`<textarea aria-label="Paste here"></textarea>`);
        field.focus();
        await cdp('Input.dispatchKeyEvent', { type: 'keyDown', key: 'v', commands: ['paste'] });
        expect(field.value).to.equal(message);
      } finally {
        document.removeEventListener('copy', pages);
        Object.defineProperty(navigator, 'clipboard', { configurable: true, value: clipboard });
      }
    });

    it('T7: a tag has no popup at rest; at most one is open, and a hint does not replace a pinned one', async () => {
      const box = await fixture<HTMLElement>(
        html`<div>
          ${Array.from({ length: 30 }, () => html`<campaign-status-tag system="flows" status="error"></campaign-status-tag> `)}
        </div>`,
      );
      const tags = [...box.querySelectorAll('campaign-status-tag')];
      const count = (): number => tags.filter((tag) => popup(tag)).length;
      expect(count()).to.equal(0);
      for (const tag of tags.slice(0, 3)) {
        await click(button(tag));
        expect(count()).to.equal(1);
      }
      tags[7]!.open();
      expect(count()).to.equal(1);
      tags[2]!.open();
      expect(count()).to.equal(1);
      await hover(button(tags[29]!));
      await pause(400);
      expect(popup(tags[2]!)).to.not.equal(null);
      await press('Escape');
      expect(count()).to.equal(0);
    });

    it('T7: the popup is in the tag’s own root and inherits the host’s custom properties', async () => {
      const tag = await plain();
      tag.style.setProperty('--campaign-color-raised', 'rgb(1, 2, 3)');
      tag.open();
      expect(popup(tag)!.getRootNode()).to.equal(tag.shadowRoot);
      expect(getComputedStyle(popup(tag)!).backgroundColor).to.equal('rgb(1, 2, 3)');
    });
  });

  describe('while the popup is open', () => {
    it('T8: updates its message in place and keeps the scroll position', async () => {
      store.show(ref, { status: 'error', message: 'line\n'.repeat(80) });
      const tag = await connected();
      tag.open();
      await shown();
      const [text, panel] = [body(tag), popup(tag)];
      text.scrollTop = 60;
      store.change(ref, { message: 'other line\n'.repeat(80) });
      await tag.updateComplete;
      expectSame(popup(tag), panel);
      expect(body(tag)).to.equal(text);
      expect(text.scrollTop).to.equal(60);
      expect(text.textContent).to.contain('other line');
    });

    it('T8: stays open when the status changes, and closes when the message is removed', async () => {
      store.show(ref, { status: 'error', message: 'broken' });
      const tag = await connected();
      tag.open();
      store.show(ref, { status: 'active', message: '' });
      await tag.updateComplete;
      expect(popup(tag)!.textContent).to.contain('Triggers fire');
      store.show(ref, { status: 'error', message: 'broken again' });
      await tag.updateComplete;
      store.show(ref, { status: 'error', message: '' });
      await tag.updateComplete;
      expectSame(popup(tag), null);
      expect(tag.matches(':state(open)')).to.equal(false);
    });

    it('reads the diagnosis of the cause only while it is open', async () => {
      store.show(ref, { status: 'error', message: 'broken', cause: { kind: 'channel', id: 'sms', name: 'Main SMS' } });
      store.diagnose(ref, {
        dependencies: [
          { kind: 'channel', id: 'sms', name: 'Main SMS', state: 'stopped', href: 'https://example.org/c/sms' },
        ],
        outlook: 'fails-again',
      });
      const tag = await connected();
      expect(store.observers('diagnosis')).to.equal(0);
      tag.open();
      await tag.updateComplete;
      expect(store.observers('diagnosis')).to.equal(1);
      const cause = (): string =>
        ['.cause', '.outlook'].map((part) => within(tag, part)!.textContent.replace(/\s+/g, ' ').trim()).join(' ');
      expect(cause()).to.equal(
        'Cause Channel Main SMS not running Open channels The cause is not fixed yet. After “Start”, the campaign would be in error again.',
      );
      expect(within<HTMLAnchorElement>(tag, '.cause a')).to.include({
        href: 'https://example.org/c/sms',
        rel: 'noopener noreferrer',
      });
      store.diagnose(ref, {
        dependencies: [{ kind: 'channel', id: 'sms', name: 'Main SMS', state: 'running' }],
        outlook: 'works',
      });
      await tag.updateComplete;
      expect(cause()).to.equal('Cause Channel Main SMS running The cause looks fixed: “Start” can work now.');
      tag.close();
      await tag.updateComplete;
      expect(store.observers('diagnosis')).to.equal(0);
    });

    it('shows direction marks in the kind of a cause as visible marks', async () => {
      store.show(ref, { status: 'error', cause: { kind: '\u202eyaler', id: 'r', name: 'R\u202e1' } });
      const tag = await connected();
      tag.open();
      await tag.updateComplete;
      expect(within(tag, '.cause bdi')!.textContent).to.equal('[U+202E]yaler R[U+202E]1');
    });

    it('names the action of this status, not another action of its system', async () => {
      const paused = { system: 'mailings', id: 'may' };
      const cause = { kind: 'relay', id: 'r', name: 'R1' };
      store.show(paused, { status: 'paused', cause });
      store.diagnose(paused, { dependencies: [{ ...cause, state: 'running' }], outlook: 'works' });
      const tag = await fixture<CampaignStatusTag>(
        html`<campaign-status-tag system="mailings" campaign-id="may" .store=${store}></campaign-status-tag>`,
      );
      tag.open();
      await tag.updateComplete;
      expect(within(tag, '.outlook')!.textContent).to.equal('The cause looks fixed: “Resume” can work now.');
      store.show({ system: 'python', id: 'winter' }, { status: 'error', cause });
      store.diagnose(
        { system: 'python', id: 'winter' },
        { dependencies: [{ ...cause, state: 'error' }], outlook: 'fails-again' },
      );
      Object.assign(tag, { system: 'python', campaignId: 'winter' });
      await tag.updateComplete;
      tag.open();
      await tag.updateComplete;
      expect(within(tag, '.outlook')!.textContent).to.equal(
        'The cause is not fixed yet. After “Start”, the campaign would be in error again.',
      );
    });

    it('shows when it happened, who moved the campaign, and that a message was cut', async () => {
      store.show(ref, {
        status: 'error',
        message: 'broken',
        truncated: true,
        changedBy: 'Operator',
        at: store.time - 180_000,
      });
      const tag = await connected();
      tag.open();
      await tag.updateComplete;
      const time = within<HTMLTimeElement>(tag, 'time')!;
      expect(time.dateTime).to.equal(new Date(store.time - 180_000).toISOString());
      expect(time.textContent).to.match(/^3 minutes ago, .*2026/);
      expect(body(tag).textContent)
        .to.contain('Last changed by Operator')
        .and.contain('only the beginning of the message');
    });

    it('closes when its tag is removed, and leaves nothing behind', async () => {
      const tag = await connected();
      tag.open();
      const panel = popup(tag)!;
      tag.remove();
      expect(panel.isConnected).to.equal(false);
      expect(button(tag).getAttribute('aria-expanded')).to.equal('false');
      document.body.append(tag);
      await tag.updateComplete;
      expectSame(popup(tag), null);
      expect(tag.matches(':state(open)')).to.equal(false);
      tag.remove();
    });
  });

  describe('what the tag shows', () => {
    it('shows label and icon of every status of every lifecycle', async () => {
      for (const lifecycle of store.lifecycles.values())
        for (const [status, def] of Object.entries(lifecycle.statuses)) {
          store.show({ system: lifecycle.system, id: 'a' }, { status });
          const tag = await fixture<CampaignStatusTag>(
            html`<campaign-status-tag
              system=${lifecycle.system}
              campaign-id="a"
              .store=${store}
            ></campaign-status-tag>`,
          );
          expect(within(tag, '.label')!.textContent).to.equal(def.label);
          expect(getComputedStyle(button(tag), '::before').clipPath).to.match(/^polygon\(evenodd/);
          expect(button(tag).dataset['icon']).to.equal(def.icon);
          expect(button(tag).dataset['tone']).to.equal(def.tone);
          tag.remove();
        }
    });

    it('a stale status has no tint, a dashed outline, and the text for it', async () => {
      const tag = await connected();
      const color = (): string => getComputedStyle(button(tag)).backgroundColor;
      expect(color()).to.equal('rgb(215, 254, 236)');
      store.change(ref, { stale: { asOf: store.time - 60_000, why: 'feed' } });
      await tag.updateComplete;
      await atRest();
      expect(color()).to.equal('rgba(0, 0, 0, 0)');
      expect(getComputedStyle(button(tag)).borderStyle).to.equal('dashed');
      expect(within(tag, '[part=since]')!.innerText).to.match(/^Last known \d/);
      expect(tag.matches(':state(stale)')).to.equal(true);
      expect((await axOf(button(tag)))!.name).to.match(/^Status: Active ?Last known/);
    });

    it('adds the day to a last known time of days ago', async () => {
      store.change(ref, { stale: { asOf: store.time - 3 * 86_400_000, why: 'feed' } });
      expect(within(await connected(), '[part=since]')!.innerText).to.contain('Feb');
    });

    it('adds the day after midnight too, when no other clock runs', async () => {
      const asOf = store.time;
      store.show(ref, { status: 'active', stale: { asOf, why: 'feed' } });
      const tag = await connected();
      expect(within(tag, '.since')!.textContent).not.to.contain('2026');
      store.time += 20 * 3_600_000;
      renewTimes();
      await tag.updateComplete;
      expect(within(tag, '.since')!.textContent).to.contain('2026');
      store.show(ref, { status: 'active' });
      await tag.updateComplete;
      renewTimes();
      expect(tag.isUpdatePending).to.equal(false);
    });

    it('shows that a campaign is loading, was removed, or does not exist', async () => {
      const label = (tag: CampaignStatusTag): string => within(tag, '.label')!.textContent;
      const loading = await fixture<CampaignStatusTag>(
        html`<campaign-status-tag system="flows" campaign-id="new" .store=${store}></campaign-status-tag>`,
      );
      expect(label(loading)).to.equal('Loading…');
      expect(loading.matches(':state(loading)')).to.equal(true);
      const tag = await connected();
      store.change(ref, { presence: 'gone', goneReason: 'archived by Operator' });
      await tag.updateComplete;
      expect(label(tag)).to.equal('Removed');
      expect(await describes(tag)).to.equal('This campaign was removed: archived by Operator');
      store.change(ref, { presence: 'absent' });
      await tag.updateComplete;
      expect(label(tag)).to.equal('Not found');
      expect(tag.matches(':state(gone)')).to.equal(true);
      await expectAccessible(tag);
    });

    it('says why a campaign could not be loaded, until it is', async () => {
      store.show(ref, { presence: 'loading', loadError: { code: 'unavailable', message: 'HTTP 503 \u202eelba' } });
      const tag = await connected();
      expect(within(tag, '.label')!.textContent).to.equal('Not loaded');
      expect(button(tag).dataset['icon']).to.equal('unknown');
      expect(await describes(tag)).to.equal('This campaign could not be read: HTTP 503 [U+202E]elba');
      await expectAccessible(tag);
      store.show(ref, { presence: 'loading', loadError: { code: 'unavailable', message: '' } });
      await tag.updateComplete;
      expect(await describes(tag)).to.equal('This campaign could not be read yet.');
      store.show(ref, { status: 'active' });
      await tag.updateComplete;
      expect(within(tag, '.label')!.textContent).to.equal('Active');
    });

    it('shows the status of its attributes as last known until the campaign was read, if it says of which time it is', async () => {
      const asOf = store.time - 60_000;
      const tag = await fixture<CampaignStatusTag>(
        html`<campaign-status-tag
          system="flows"
          campaign-id="new"
          status="error"
          message="broken"
          stale-since=${asOf}
          .store=${store}
        ></campaign-status-tag>`,
      );
      const label = (): string => within(tag, '.label')!.textContent;
      expect(label()).to.equal('Error');
      expect(within(tag, '.since')!.textContent).to.match(/^Last known/);
      expect(tag.matches(':state(stale)')).to.equal(true);
      tag.staleSince = undefined;
      await tag.updateComplete;
      expect(label()).to.equal('Loading…');
      tag.staleSince = asOf;
      const unread = { system: 'flows', id: 'new' };
      store.show(unread, { presence: 'absent' });
      await tag.updateComplete;
      expect(label()).to.equal('Not found');
      store.show(unread, { status: 'active' });
      await tag.updateComplete;
      expect(label()).to.equal('Active');
      expect(within(tag, '.since')).to.equal(null);
    });

    it('T9, fault 23: shows an unknown status as it is, in a neutral tone, in at most 24 characters', async () => {
      for (const status of ['constructor', '__proto__', 'toString', 'x'.repeat(500), '\u202egnp.exe', '']) {
        store.show(ref, { status });
        const tag = await connected();
        const label = within(tag, '.label')!.textContent;
        expect(button(tag).dataset['tone'], status).to.equal('neutral');
        expect(label.length).to.be.at.most(24);
        expect(label).to.not.match(/[\u202a-\u202e]/);
        expect(label).to.equal(
          status === ''
            ? 'No status'
            : status.length > 24
              ? `${'x'.repeat(23)}…`
              : status.replace('\u202e', '[U+202E]'),
        );
        expect(button(tag).getBoundingClientRect().width).to.be.below(280);
        tag.open();
        await tag.updateComplete;
        if (status.length > 24) expect(body(tag).textContent).to.contain(`Status from the backend: ${'x'.repeat(500)}`);
        // Axe can't tell what is behind a text that is scrolled out of sight.
        await expectAccessible(tag, { undecided: status.length > 24 ? ['color-contrast'] : [] });
        tag.remove();
      }
    });

    it('has labels for a message, a status and a name without visible characters', async () => {
      store.show(ref, { status: '\u200b', message: ' \n\u2060', name: '\u200b' });
      const tag = await connected();
      expect(within(tag, '.label')!.textContent).to.equal('No status');
      tag.open();
      await tag.updateComplete;
      expect(within(tag, '.foreign')!.textContent).to.contain('does not know this status yet');
      expect(popup(tag)!.getAttribute('aria-label')).to.equal('Status message');
    });

    it('T6, fault 25: shows a hostile message as text', async () => {
      const hostile = '<img src=x onerror="window.hacked = true"><script>window.hacked = true</script>';
      store.show(ref, { status: 'error', message: hostile, changedBy: hostile, name: hostile });
      const tag = await connected();
      tag.open();
      await nextFrame();
      expect(within(tag, '.foreign')!.textContent).to.equal(hostile);
      expect(tag.shadowRoot!.querySelector('img, script')).to.equal(null);
      expect('hacked' in window).to.equal(false);
    });

    it('T6, fault 25: shows direction marks as visible marks, keeps lines, and drops control characters', async () => {
      const tag = await plain();
      tag.message = 'a\u202eb\u2066c\r\nd\te\u0000\u0007f';
      await tag.updateComplete;
      tag.open();
      await nextFrame();
      const text = within(tag, '.foreign')!;
      expect(text.textContent).to.equal('a[U+202E]b[U+2066]c\nd\tef');
      expect(text.innerText).to.equal('a[U+202E]b[U+2066]c\nd\tef');
      expect(getComputedStyle(text)).to.include({
        whiteSpace: 'pre-wrap',
        overflowWrap: 'anywhere',
        unicodeBidi: 'plaintext',
      });
      expect(text.dir).to.equal('auto');
    });

    it('T6: shows ten thousand characters and forty lines in a box that scrolls and can be focused', async () => {
      await setViewport(320, 480);
      for (const long of ['x'.repeat(10_000), 'line\n'.repeat(40)]) {
        const tag = await plain();
        tag.message = long;
        await tag.updateComplete;
        await click(button(tag));
        await shown();
        const box = popup(tag)!.getBoundingClientRect();
        expect(box.left).to.be.at.least(0);
        expect(box.right).to.be.at.most(320);
        expect(box.top).to.be.at.least(0);
        expect(box.bottom).to.be.at.most(480);
        expect(body(tag).scrollHeight).to.be.above(body(tag).clientHeight);
        expect(body(tag).scrollWidth).to.be.at.most(body(tag).clientWidth);
        expect(document.documentElement.scrollWidth).to.be.at.most(320);
        // Axe can't tell what is behind a text that is scrolled out of sight.
        await expectAccessible(tag, { undecided: ['color-contrast'] });
        tag.remove();
      }
    });

    it('T6: a message that fits neither below nor above does not cover its tag', async () => {
      await setViewport(500, 460);
      for (const [top, beside] of [
        [170, 'below'],
        [320, 'above'],
      ] as const) {
        const box = await fixture<HTMLElement>(
          html`<div style="position: fixed; inset-block-start: ${top}px; inset-inline-start: 100px">
            <campaign-status-tag system="flows" status="error" message=${'line\n'.repeat(40)}></campaign-status-tag>
          </div>`,
        );
        const tag = box.querySelector('campaign-status-tag')!;
        tag.open();
        await shown();
        const [around, over] = [popup(tag)!.getBoundingClientRect(), button(tag).getBoundingClientRect()];
        expect(beside === 'below' ? around.top - over.bottom : over.top - around.bottom, beside).to.be.within(0, 12);
        expect(around.top).to.be.at.least(0);
        expect(around.bottom).to.be.at.most(460);
        expect(body(tag).clientHeight).to.be.above(60);
        await click(within(tag, '.popup-close')!);
        box.remove();
      }
    });

    it('keeps 16 KiB of a message, and shows that it was cut', async () => {
      const tag = await plain();
      tag.message = 'x'.repeat(200_000);
      await tag.updateComplete;
      tag.open();
      await nextFrame();
      expect(within(tag, '.foreign')!.textContent.length).to.equal(16_384);
      expect(body(tag).textContent).to.contain('only the beginning');
    });

    it('takes every text from the translations', async () => {
      const foreign = ['Spring sale', 'broken', 'Main SMS', 'spring', 'Operator'];
      const facts = [
        {
          status: 'error',
          message: 'broken',
          changedBy: 'Operator',
          truncated: true,
          cause: { kind: 'channel', id: 'sms', name: 'Main SMS' },
        },
        { status: 'active' },
        { status: 'napping-napping-napping-napping' },
        { status: '' },
        { status: 'active', stale: { asOf: store.time - 9e7, why: 'unreadable' } },
        { presence: 'loading' },
        { presence: 'loading', loadError: { code: 'unavailable', message: 'broken' } },
        { presence: 'gone' },
        { presence: 'absent' },
      ] as const;
      store.diagnose(ref, {
        dependencies: [{ kind: 'channel', id: 'sms', name: 'Main SMS', state: 'error' }],
        outlook: 'fails-again',
      });
      const box = await fixture<HTMLElement>(html`<div></div>`);
      new ContextProvider(box, {
        context: settingsContext,
        initialValue: { i18n: new Localizer(pseudo), routes: noRoutes, announce: () => {} },
      });
      for (const fact of facts) {
        store.show(ref, { name: 'Spring sale', at, ...fact });
        const tag = document.createElement('campaign-status-tag');
        Object.assign(tag, { system: 'flows', campaignId: 'spring', store });
        box.append(tag);
        await tag.updateComplete;
        await hover(button(tag));
        await opened(tag);
        expect(unmarked(tag, [...foreign, 'napping-napping-napping-napping', 'napping-napping-napping'])).to.deep.equal(
          [],
        );
        await click(button(tag));
        expect(unmarked(tag, [...foreign, 'napping-napping-napping-napping', 'napping-napping-napping'])).to.deep.equal(
          [],
        );
        tag.remove();
        await unhover();
      }
    });
  });

  describe('size and look', () => {
    it('is 24 pixels high, 20 when compact, with a target of 24, or 44 for touch', async () => {
      const hit = (tag: CampaignStatusTag): number => parseFloat(getComputedStyle(button(tag), '::after').blockSize);
      const tag = await plain();
      expect(button(tag).getBoundingClientRect().height).to.equal(24);
      tag.density = 'compact';
      await tag.updateComplete;
      expect(button(tag).getBoundingClientRect().height).to.be.closeTo(20, 0.2);
      expect(hit(tag)).to.be.at.least(24);
      await touchScreen();
      expect(hit(tag)).to.be.at.least(44);
    });

    it('grows with its text, and a user’s text spacing cuts nothing off', async () => {
      const tag = await plain();
      tag.style.setProperty('--campaign-font-size', '26px');
      expect(button(tag).getBoundingClientRect().height).to.be.closeTo(48, 1);
      tag.style.removeProperty('--campaign-font-size');
      const style = document.createElement('style');
      style.textContent =
        '* { line-height: 1.5 !important; letter-spacing: .12em !important; word-spacing: .16em !important; }';
      document.head.append(style);
      const label = within(tag, '.label')!;
      expect(label.scrollWidth).to.be.at.most(label.clientWidth);
      expect(button(tag).scrollHeight).to.be.at.most(Math.max(button(tag).clientHeight, 24));
      expect(getComputedStyle(button(tag)).letterSpacing).to.not.equal('normal');
      style.remove();
    });

    it('is distinct in forced colours by icon and outline alone', async () => {
      const tag = await plain();
      await emulate({ forcedColors: 'active' });
      expect(getComputedStyle(button(tag), '::before').backgroundColor).to.equal(getComputedStyle(button(tag)).color);
      expect(getComputedStyle(button(tag)).borderWidth).to.equal('1px');
    });

    it('fades between statuses briefly, and not at all with reduced motion', async () => {
      const running = (tag: CampaignStatusTag): Animation[] => button(tag).getAnimations({ subtree: true });
      const tag = await connected();
      expect(running(tag)).to.deep.equal([]);
      store.show(ref, { status: 'error' });
      await tag.updateComplete;
      await Promise.resolve();
      expect(running(tag).length).to.be.above(0);
      for (const animation of running(tag)) expect(animation.effect!.getComputedTiming().duration).to.be.at.most(160);
      await until(() => running(tag).length === 0);
      await emulate({ reducedMotion: 'reduce' });
      store.show(ref, { status: 'active' });
      await tag.updateComplete;
      await Promise.resolve();
      expect(running(tag)).to.deep.equal([]);
      tag.open();
      await tag.updateComplete;
      for (const animation of popup(tag)!.getAnimations())
        expect(animation.effect!.getComputedTiming().duration).to.be.at.most(80);
    });

    it('is mirrored in right-to-left text, except for its icon', async () => {
      const box = await fixture<HTMLElement>(
        html`<div dir="rtl"><campaign-status-tag system="python" status="running"></campaign-status-tag></div>`,
      );
      const tag = box.querySelector('campaign-status-tag')!;
      const icon = getComputedStyle(button(tag), '::before');
      const [whole, word] = [button(tag), within(tag, '.label')!].map((element) => element.getBoundingClientRect());
      const [width, gap] = [icon.width, getComputedStyle(button(tag)).columnGap].map(parseFloat);
      // The icon and the gap beside it are to the right of the word.
      expect(whole!.right - word!.right).to.be.closeTo(1 + 7 + width! + gap!, 0.5);
      expect(icon.transform).to.equal('none');
      tag.open();
      await shown();
      expect(popup(tag)!.getBoundingClientRect().right).to.be.closeTo(button(tag).getBoundingClientRect().right, 1);
    });
  });

  describe('life cycle', () => {
    it('shows the current state after it was removed and put back', async () => {
      const tag = await connected();
      const parent = tag.parentElement!;
      tag.remove();
      expect(store.observers()).to.equal(0);
      store.show(ref, { status: 'error' });
      parent.append(tag);
      await tag.updateComplete;
      expect(within(tag, '.label')!.textContent).to.equal('Error');
      store.show(ref, { status: 'active' });
      await tag.updateComplete;
      expect(within(tag, '.label')!.textContent).to.equal('Active');
      expect(store.observers()).to.equal(1);
    });

    it('closes, without fading, when it is given another campaign', async () => {
      const tag = await connected();
      store.show({ system: 'flows', id: 'autumn' }, { status: 'error' });
      tag.open();
      await tag.updateComplete;
      tag.campaignId = 'autumn';
      await tag.updateComplete;
      await Promise.resolve();
      expect(within(tag, '.label')!.textContent).to.equal('Error');
      expectSame(popup(tag), null);
      expect(button(tag).getAnimations({ subtree: true })).to.deep.equal([]);
    });

    it('faults 46 and 47: moved between providers it shows the new store, and outside all providers its own attributes', async () => {
      const other = new StubStore();
      other.show(ref, { status: 'inactive' });
      const [a, b, c] = await Promise.all([0, 1, 2].map(() => fixture<HTMLElement>(html`<div></div>`)));
      new ContextProvider(a!, { context: storeContext, initialValue: store });
      new ContextProvider(b!, { context: storeContext, initialValue: other });
      const tag = document.createElement('campaign-status-tag');
      Object.assign(tag, { system: 'flows', campaignId: 'spring', status: 'error' });
      const label = async (): Promise<string> => (await tag.updateComplete, within(tag, '.label')!.textContent);
      a!.append(tag);
      expect(await label()).to.equal('Active');
      b!.append(tag);
      expect(await label()).to.equal('Inactive');
      expect([store.observers(), other.observers()]).to.deep.equal([0, 1]);
      c!.append(tag);
      expect(await label()).to.equal('Error');
      expect([store.observers(), other.observers()]).to.deep.equal([0, 0]);
    });

    it('opens in a closed root, and closes on a press beside it', async () => {
      const host = await fixture<HTMLElement>(html`<div></div>`);
      const root = host.attachShadow({ mode: 'closed' });
      root.innerHTML = '<p>beside</p><campaign-status-tag system="flows" status="error"></campaign-status-tag>';
      const tag = root.querySelector('campaign-status-tag')!;
      await tag.updateComplete;
      const at = async (element: Element): Promise<void> => {
        const { left, top, width, height } = element.getBoundingClientRect();
        await moveTo(Math.round(left + Math.min(20, width / 2)), Math.round(top + height / 2));
      };
      const { sendMouse } = await import('@web/test-runner-commands');
      const pressAt = async (element: Element): Promise<void> => {
        await at(element);
        await sendMouse({ type: 'down' });
        await sendMouse({ type: 'up' });
      };
      await at(button(tag));
      await opened(tag);
      await pressAt(button(tag));
      expect(tag.matches(':state(pinned)')).to.equal(true);
      await pressAt(body(tag));
      expect(tag.matches(':state(pinned)')).to.equal(true);
      await pressAt(root.querySelector('p')!);
      expectSame(popup(tag), null);
    });

    it('keeps its look in another document, and back in its own', async () => {
      const tag = await plain();
      const frame = await fixture<HTMLIFrameElement>(html`<iframe title="Another document"></iframe>`);
      const own = tag.parentElement!;
      for (const place of [frame.contentDocument!.body, own]) {
        place.append(tag);
        await tag.updateComplete;
        expect(tag.shadowRoot!.adoptedStyleSheets.length).to.equal(1);
        const look = (tag.ownerDocument.defaultView ?? window).getComputedStyle(button(tag));
        expect(look.borderRadius).to.equal('6px');
      }
    });

    it('has one sheet and no popup’s at rest, and the popup’s while it is open', async () => {
      const tag = await plain();
      const sheets = (): number => tag.shadowRoot!.adoptedStyleSheets.length;
      expect(sheets()).to.equal(1);
      tag.open();
      expect(sheets()).to.equal(2);
      tag.close();
      expect(sheets()).to.equal(1);
    });

    it('leaves no subscription, listener or node behind after a hundred connects', async () => {
      const tag = await connected();
      const parent = tag.parentElement!;
      tag.open();
      await tag.updateComplete;
      tag.close();
      tag.remove();
      const before = await memory();
      for (let round = 0; round < 100; round++) {
        parent.append(tag);
        await tag.updateComplete;
        tag.open();
        await tag.updateComplete;
        tag.remove();
      }
      expect(store.observers()).to.equal(0);
      const after = await memory();
      // A leak would be a hundred and more; the browser itself sometimes keeps one or two.
      expect(after.listeners).to.be.at.most(before.listeners + 10);
      expect(after.nodes).to.be.at.most(before.nodes + 50);
    });

    it('does not render when another campaign changes, or when nothing changed', async () => {
      const tag = await connected();
      await tag.updateComplete;
      store.show({ system: 'flows', id: 'other' }, { status: 'error' });
      expect(tag.isUpdatePending).to.equal(false);
    });

    it('fault 49: can be defined twice', async () => {
      expect(() => defineElement('campaign-status-tag', CampaignStatusTag)).to.not.throw();
      expect(() => defineElement('campaign-status-tag', class extends HTMLElement {})).to.not.throw();
      expect(customElements.get('campaign-status-tag')).to.equal(CampaignStatusTag);
    });
  });
});
