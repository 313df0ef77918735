import { ContextProvider } from '@lit/context';
import { expect, fixture, html } from '@open-wc/testing';
import { simulateBackend, simulatedAdapter, type SimulatedBackend } from '../../mocks/index.ts';
import { CampaignActionButton } from '../../src/elements/campaign-action-button/campaign-action-button.ts';
import '../../src/elements/campaign-action-button/define.ts';
import { settingsContext, storeContext } from '../../src/elements/shared/context/contexts.ts';
import { defineElement } from '../../src/elements/shared/base/define-element.ts';
import type { CampaignActionEvent, CampaignNavigateEvent, CampaignOutcomeEvent } from '../../src/elements/events.ts';
import { noRoutes } from '../../src/elements/shared/context/no-routes.ts';
import type { Routes } from '../../src/elements/routes.ts';
import { createCampaignStore, type ActionOutcome, type CampaignStore, type Reason } from '../../src/store/index.ts';
import { Localizer } from '../../src/i18n/index.ts';
import {
  atRest,
  axOf,
  click,
  clickHere,
  doubleClick,
  emulate,
  focused,
  hover,
  memory,
  nextFrame,
  pause,
  press,
  stopTime,
  tap,
  touchScreen,
  type,
  until,
} from '../support/browser.ts';
import { expectAccessible } from '../support/elements/axe.ts';
import { pseudo, unmarked } from '../support/elements/pseudo-locale.ts';
import { expectSame } from '../support/elements/deep-equal.ts';
import { workflows } from '../support/lifecycles/index.ts';
import { mailings } from '../support/elements/six-statuses.ts';
import { StubStore, type Facts } from '../support/elements/stub-store.ts';
import '../support/elements/load-layers.ts';

const flow = { system: 'flows', id: 'spring' };
const script = { system: 'python', id: 'spring' };

const within = <E extends Element = HTMLElement>(element: CampaignActionButton, selector: string): E | null =>
  element.shadowRoot!.querySelector<E>(selector);
const button = (element: CampaignActionButton): HTMLElement => within(element, '.action')!;
const outcome = (element: CampaignActionButton): HTMLElement | null => within(element, '.outcome');
const popup = (element: CampaignActionButton): HTMLElement | null => within(element, '.popup');
const dialog = (element: CampaignActionButton): HTMLDialogElement | null => within(element, 'dialog');
/** The visible label. */
const visibleLabel = (element: CampaignActionButton): string =>
  [...button(element).querySelectorAll<HTMLElement>('.face')]
    .filter((one) => getComputedStyle(one).visibility === 'visible')
    .map(
      (one) =>
        [...one.querySelectorAll('span:not(.visually-hidden)')].map((part) => part.textContent).join('') ||
        one.textContent,
    )
    .join('|')
    .trim();
/** Waits until a popup has faded in, and the guard against an unintended press is over. */
const settled = (): Promise<void> => pause(200).then(atRest);
const guarded = (): Promise<void> => pause(550);
const buttonNamed = (element: CampaignActionButton, name: string): HTMLElement => {
  const found = [...element.shadowRoot!.querySelectorAll('button')].find((one) => one.textContent.trim() === name);
  if (!found) throw new Error(`There is no button "${name}".`);
  return found;
};

/** A store whose outcomes the test gives, one by one. */
class AnsweringStore extends StubStore {
  refreshed = 0;
  dismissed = 0;
  #answer: ((outcome: ActionOutcome) => void) | undefined;

  override perform(...[ref, action, options]: Parameters<CampaignStore['perform']>): Promise<ActionOutcome> {
    this.performed.push({ ref, action, ...options });
    this.change(ref, { request: { action, since: this.time, phase: 'pending' } });
    return new Promise((resolve) => (this.#answer = resolve));
  }

  /** Ends a request with this outcome and these facts about the campaign. */
  answer(ref: typeof flow, answer: ActionOutcome, facts: Facts = {}): void {
    const { action, since } = this.campaign(ref).value.request!;
    this.change(ref, {
      ...facts,
      request: { action, since, phase: answer.outcome, ...(answer.reason ? { reason: answer.reason } : {}) },
    });
    this.#answer?.(answer);
  }

  override refresh(): Promise<boolean> {
    this.refreshed++;
    return Promise.resolve(true);
  }

  override dismiss(ref?: typeof flow): void {
    this.dismissed++;
    if (ref) this.change(ref, {});
  }
}

interface ReceivedEvents {
  readonly actions: CampaignActionEvent[];
  readonly outcomes: CampaignOutcomeEvent[];
  readonly navigations: CampaignNavigateEvent[];
}
function listen(element: EventTarget): ReceivedEvents {
  const received: ReceivedEvents = { actions: [], outcomes: [], navigations: [] };
  element.addEventListener('campaign-action', (event) => received.actions.push(event as CampaignActionEvent));
  element.addEventListener('campaign-outcome', (event) => received.outcomes.push(event as CampaignOutcomeEvent));
  element.addEventListener('campaign-navigate', (event) => received.navigations.push(event as CampaignNavigateEvent));
  return received;
}

describe('campaign-action-button', () => {
  let store: AnsweringStore;
  let spoken: string[];

  beforeEach(() => {
    store = new AnsweringStore();
    spoken = [];
  });

  /** The button of a campaign, in a provider. */
  async function shown(
    ref: typeof flow,
    facts: Facts,
    routes: Routes = noRoutes,
    i18n = new Localizer(),
  ): Promise<CampaignActionButton> {
    store.show(ref, { name: 'Spring sale', ...facts });
    const box = await fixture<HTMLElement>(html`<div></div>`);
    new ContextProvider(box, { context: storeContext, initialValue: store });
    new ContextProvider(box, {
      context: settingsContext,
      initialValue: { i18n, routes, announce: (text) => spoken.push(text) },
    });
    const element = document.createElement('campaign-action-button');
    Object.assign(element, { system: ref.system, campaignId: ref.id });
    box.append(element);
    await element.updateComplete;
    return element;
  }
  const plain = (template: ReturnType<typeof html>): Promise<CampaignActionButton> =>
    fixture<CampaignActionButton>(template);

  const unavailable: Reason = { code: 'unavailable', text: 'Engine is busy.' };

  describe('accessibility', () => {
    it('passes axe in every state, and with popup and dialog open', async () => {
      const states: [typeof flow, Facts][] = [
        [flow, { status: 'inactive' }],
        [flow, { status: 'inactive', missing: ['active-flow'] }],
        [script, { status: 'error' }],
        [script, { status: 'napping' }],
        [flow, { status: 'active', request: { action: 'stop', since: store.time, phase: 'pending' } }],
        [flow, { status: 'active', request: { action: 'stop', since: store.time, phase: 'uncertain' } }],
        [
          flow,
          { status: 'active', request: { action: 'stop', since: store.time, phase: 'refused', reason: unavailable } },
        ],
        [flow, { status: 'inactive', request: { action: 'stop', since: store.time, phase: 'conflict' } }],
      ];
      for (const [ref, facts] of states) {
        const element = await shown(ref, facts);
        await expectAccessible(element);
        const trigger = outcome(element) ?? button(element);
        if (trigger.dataset['popup'] === 'pin') {
          trigger.click();
          await settled();
          expect(popup(element)).to.not.equal(null);
          await expectAccessible(element);
        }
        element.remove();
      }
      const element = await shown(script, { status: 'error' });
      element.press();
      await settled();
      await expectAccessible(element);
    });

    it('B3: its name starts with the visible verb and contains the campaign', async () => {
      const element = await shown(flow, { status: 'inactive' });
      expect(await axOf(button(element))).to.include({ role: 'button', name: 'Start Spring sale', description: '' });
      store.change(flow, { status: 'active' });
      await element.updateComplete;
      expect((await axOf(button(element)))!.name).to.equal('Stop Spring sale');
      const nameless = await plain(
        html`<campaign-action-button system="flows" status="active"></campaign-action-button>`,
      );
      expect((await axOf(button(nameless)))!.name).to.equal('Stop');
    });

    it('B1: when disabled, it stays focusable and is described by the reason', async () => {
      const element = await shown(script, { status: 'created', missing: ['contacts', 'strategy'] });
      const node = (await axOf(button(element)))!;
      expect(node.states['disabled']).to.equal(true);
      expect(node.states['focusable']).to.equal(true);
      expect(node.description).to.equal(
        'Waits for contacts and a Data Load strategy. Upload contacts. Upload a Data Load strategy.',
      );
      expect(button(element).hasAttribute('disabled')).to.equal(false);
      await press('Tab');
      expectSame(focused(), button(element));
    });

    it('B2: when disabled, the reason is legible', async () => {
      const element = await shown(script, { status: 'created', missing: ['contacts'] });
      await expectAccessible(element);
      expect(getComputedStyle(button(element)).borderStyle).to.equal('dashed');
      // Axe leaves disabled controls out.
      button(element).removeAttribute('aria-disabled');
      await expectAccessible(element);
    });

    it('B6: confirms in an alert dialog with a name and a description, and focuses the safe answer', async () => {
      const element = await shown(script, { status: 'error' });
      await click(button(element));
      const node = (await axOf(dialog(element)!))!;
      expect(node).to.include({
        role: 'alertdialog',
        name: 'Force stop Spring sale?',
        description: 'Whatever the engine is doing for this campaign ends at once, even halfway through a contact.',
      });
      expect(node.states['modal']).to.equal(true);
      expect(focused()!.textContent.trim()).to.equal('Keep as is');
    });

    it('the outcome of a request has a name and a description', async () => {
      const element = await shown(script, {
        status: 'error',
        request: { action: 'force-stop', since: store.time, phase: 'refused', reason: unavailable },
      });
      expect(await axOf(outcome(element)!)).to.include({
        role: 'button',
        name: 'Refused (Force stop Spring sale)',
        description: 'Engine is busy.',
      });
    });
  });

  describe('defaults and reflection', () => {
    it('is comfortable by default and reflects only what differs', async () => {
      const element = await plain(
        html`<campaign-action-button system="flows" status="active"></campaign-action-button>`,
      );
      expect(element).to.include({ density: 'comfortable', pending: false, reason: undefined });
      expect(element.getAttributeNames()).to.have.members(['system', 'status']);
      element.density = 'compact';
      element.pending = true;
      await element.updateComplete;
      expect(element.getAttribute('density')).to.equal('compact');
      expect(element.hasAttribute('pending')).to.equal(true);
    });

    it('without a store, shows pending and disabled from its attributes', async () => {
      const element = await plain(
        html`<campaign-action-button system="flows" status="inactive" pending></campaign-action-button>`,
      );
      expect(visibleLabel(element)).to.equal('Starting…');
      element.pending = false;
      element.reason = 'The office is closed.';
      await element.updateComplete;
      await pause(560);
      expect(visibleLabel(element)).to.equal('Start');
      expect((await axOf(button(element)))!.description).to.equal('The office is closed.');
      element.reason = undefined;
      element.missing = 'active-flow';
      await element.updateComplete;
      expect((await axOf(button(element)))!.description).to.match(/^Waits for an active flow/);
    });

    it('offers the action that the host names, while it is legal', async () => {
      const paused = { system: 'mailings', id: 'may' };
      store = new AnsweringStore(mailings);
      const element = await shown(paused, { status: 'paused' });
      expect(visibleLabel(element)).to.equal('Resume');
      element.action = 'cancel';
      await element.updateComplete;
      expect(visibleLabel(element)).to.equal('Cancel');
      await guarded();
      await click(button(element));
      expect(store.performed).to.deep.equal([{ ref: paused, action: 'cancel' }]);
      store.change(paused, { status: 'running' });
      await element.updateComplete;
      expect((await axOf(button(element)))!.description).to.equal('This is not possible in the current status.');
      expect(button(element).getAttribute('aria-disabled')).to.equal('true');
      element.action = '';
      await element.updateComplete;
      expect(visibleLabel(element)).to.equal('Pause');
    });

    it('hides the outcome of the status’s own action when it offers another action', async () => {
      const paused = { system: 'mailings', id: 'may' };
      store = new AnsweringStore(mailings);
      const request = { action: 'resume', since: 0, phase: 'refused' } as const;
      const element = await shown(paused, { status: 'paused', request });
      expect(outcome(element)).not.to.equal(null);
      element.action = 'cancel';
      await element.updateComplete;
      expectSame(outcome(element), null);
      store.change(paused, { request: { ...request, action: 'cancel' } });
      await element.updateComplete;
      expect(outcome(element)).not.to.equal(null);
    });

    it('exposes its states to the page’s CSS', async () => {
      stopTime();
      const element = await shown(flow, { status: 'inactive', missing: ['active-flow'] });
      const states = (): string[] =>
        ['disabled', 'pending', 'refused', 'conflict', 'uncertain', 'confirming', 'open'].filter((name) =>
          element.matches(`:state(${name})`),
        );
      expect(states()).to.deep.equal(['disabled']);
      store.show(flow, { status: 'inactive', request: { action: 'start', since: 0, phase: 'pending' } });
      await element.updateComplete;
      expect(states()).to.deep.equal(['pending']);
      store.show(flow, { status: 'inactive', request: { action: 'start', since: 0, phase: 'uncertain' } });
      await element.updateComplete;
      expect(states()).to.deep.equal(['uncertain']);
    });

    it('shows no button when the status offers no action, while loading, and when the campaign is removed', async () => {
      const element = await shown(flow, { presence: 'loading' });
      delete (store.campaign(flow).value as { action?: unknown }).action;
      for (const facts of [
        { presence: 'loading' },
        { presence: 'absent' },
        { presence: 'gone', status: 'active' },
      ] as Facts[]) {
        store.show(flow, facts);
        const { action: _none, ...view } = store.campaign(flow).value;
        (store.campaign(flow) as unknown as { set(view: unknown): void }).set(view);
        await element.updateComplete;
        expectSame(button(element), null, facts.presence);
      }
    });

    it('disables the action of an unknown status', async () => {
      for (const status of ['constructor', '__proto__', 'x'.repeat(500)]) {
        const element = await shown(flow, { status });
        expect(visibleLabel(element)).to.equal('No action');
        expect(button(element).getAttribute('aria-disabled')).to.equal('true');
        element.remove();
      }
    });
  });

  describe('events', () => {
    it('dispatches one event before the request, and one for its outcome', async () => {
      const element = await shown(flow, { status: 'inactive' });
      const received = listen(element.parentElement!);
      element.addEventListener('campaign-action', () => expect(store.performed).to.deep.equal([]));
      await click(button(element));
      expect(store.performed).to.deep.equal([{ ref: flow, action: 'start' }]);
      expect(received.actions.map(({ detail }) => detail)).to.deep.equal([{ ref: flow, action: 'start' }]);
      expect(received.actions[0]).to.include({ bubbles: true, composed: true, cancelable: true });
      store.answer(flow, { outcome: 'done' }, { status: 'active' });
      await until(() => received.outcomes.length > 0);
      await settled();
      expect(received.outcomes.map(({ detail }) => detail)).to.deep.equal([
        { ref: flow, action: 'start', outcome: 'done' },
      ]);
      expect(received.actions.length).to.equal(1);
      expect(spoken).to.deep.equal(['Spring sale is Active.']);
    });

    it('sends nothing when the event is cancelled', async () => {
      const element = await shown(flow, { status: 'inactive' });
      const received = listen(element);
      element.addEventListener('campaign-action', (event) => event.preventDefault());
      await click(button(element));
      await settled();
      expect(store.performed).to.deep.equal([]);
      expect(received.outcomes).to.deep.equal([]);
      expect(visibleLabel(element)).to.equal('Start');
    });

    it('fault 50: does nothing when it receives an event', async () => {
      const element = await shown(flow, { status: 'inactive' });
      const { CampaignActionEvent: Spoof } = await import('../../src/elements/events.ts');
      element.dispatchEvent(new Spoof(flow, 'start'));
      button(element).dispatchEvent(new Spoof(flow, 'start'));
      expect(store.performed).to.deep.equal([]);
    });

    it('without a store, only dispatches the event', async () => {
      const element = await plain(
        html`<campaign-action-button system="flows" campaign-id="7" status="active"></campaign-action-button>`,
      );
      const received = listen(element);
      await click(button(element));
      expect(received.actions.map(({ detail }) => detail)).to.deep.equal([
        { ref: { system: 'flows', id: '7' }, action: 'stop' },
      ]);
      expect(received.outcomes).to.deep.equal([]);
    });

    it('links to a missing prerequisite when the host has a route, and dispatches an event when not', async () => {
      const element = await shown(
        script,
        { status: 'created', missing: ['contacts', 'strategy'] },
        { contacts: '/campaigns/{id}/contacts' },
      );
      const received = listen(element.parentElement!);
      await click(button(element));
      const link = within<HTMLAnchorElement>(element, 'a.link')!;
      expect(new URL(link.href).pathname).to.equal('/campaigns/spring/contacts');
      expect(link.rel).to.equal('noopener noreferrer');
      await click(buttonNamed(element, 'Open strategy'));
      expect(received.navigations.map(({ detail }) => detail)).to.deep.equal([{ to: 'strategy', ref: script }]);
      expect(store.performed).to.deep.equal([]);
    });
  });

  describe('given a view', () => {
    /** A button in a provider without a store of its own context; what it may press through is in the settings. */
    async function given(facts: Facts): Promise<CampaignActionButton> {
      const element = document.createElement('campaign-action-button');
      element.settings = { store, i18n: new Localizer(), routes: noRoutes, announce: (text) => spoken.push(text) };
      element.view = store.show(flow, { name: 'Spring sale', ...facts });
      (await fixture<HTMLElement>(html`<div></div>`)).append(element);
      await element.updateComplete;
      return element;
    }

    it('sends a request through the store of its settings, and observes nothing before it', async () => {
      const element = await given({ status: 'inactive', missing: [] });
      const { outcomes } = listen(element);
      expect(visibleLabel(element)).to.equal('Start');
      expect(store.observers()).to.equal(0);
      await click(button(element));
      expect(store.performed).to.deep.equal([{ ref: flow, action: 'start' }]);
      element.view = store.campaign(flow).value;
      await element.updateComplete;
      expect(visibleLabel(element)).to.equal('Starting…');
      store.answer(flow, { outcome: 'done' }, { status: 'active' });
      element.view = store.campaign(flow).value;
      await until(() => outcomes.length > 0, 'the outcome');
      expect(outcomes[0]!.detail).to.deep.equal({ ref: flow, action: 'start', outcome: 'done' });
      expect(spoken.join()).to.contain('Spring sale');
      await until(() => visibleLabel(element) === 'Stop', 'the next verb');
    });

    it('ignores a press that began before the view of another campaign', async () => {
      const element = await given({ status: 'inactive', missing: [] });
      element.view = store.show({ system: 'flows', id: 'autumn' }, { status: 'active' });
      await element.updateComplete;
      expect(visibleLabel(element)).to.equal('Stop');
      element.view = store.change({ system: 'flows', id: 'autumn' }, { status: 'inactive' });
      await element.updateComplete;
      element.press();
      expect(store.performed).to.deep.equal([]);
    });

    it('without a store anywhere its event is the request', async () => {
      const view = store.show(flow, { status: 'inactive', missing: [] });
      const element = await fixture<CampaignActionButton>(
        html`<campaign-action-button .view=${view}></campaign-action-button>`,
      );
      const { actions } = listen(element);
      element.press();
      expect(actions.map(({ detail }) => detail)).to.deep.equal([{ ref: flow, action: 'start' }]);
      expect(store.performed).to.deep.equal([]);
    });
  });

  describe('slots', () => {
    it('has none: slotted content is not shown', async () => {
      const element = await plain(
        html`<campaign-action-button system="flows" status="active"><p>not shown</p></campaign-action-button>`,
      );
      expect(element.querySelector('p')!.checkVisibility()).to.equal(false);
    });
  });

  describe('parts', () => {
    it('has the documented parts', async () => {
      const element = await shown(script, {
        status: 'error',
        request: { action: 'force-stop', since: 0, phase: 'refused', reason: unavailable },
      });
      const parts = (): string[] =>
        [...element.shadowRoot!.querySelectorAll('[part]')].map((one) => one.getAttribute('part')!);
      expect(parts()).to.have.members(['button', 'outcome']);
      outcome(element)!.click();
      expect(parts()).to.include.members(['popup', 'popup-body', 'popup-close', 'popup-copy']);
      element.press();
      await nextFrame();
      expect(parts()).to.include.members(['confirm', 'confirm-cancel', 'confirm-go']);
    });
  });

  describe('keyboard', () => {
    it('acts on Enter and on Space', async () => {
      for (const key of ['Enter', ' ']) {
        const element = await shown(flow, { status: 'inactive' });
        element.focus();
        await press(key);
        expect(store.performed.splice(0), key).to.deep.equal([{ ref: flow, action: 'start' }]);
        element.remove();
      }
    });

    it('counts a held key that opens the dialog as one press', async () => {
      const element = await shown(script, { status: 'error' });
      const { sendKeys } = await import('@web/test-runner-commands');
      element.focus();
      for (let repeat = 0; repeat < 6; repeat++) await sendKeys({ down: 'Enter' });
      await sendKeys({ up: 'Enter' });
      expect(dialog(element)).to.not.equal(null);
      expect(store.performed).to.deep.equal([]);
    });

    it('fault 32: counts a held key as one press, however long it is held', async () => {
      const element = await plain(
        html`<campaign-action-button system="flows" status="active"></campaign-action-button>`,
      );
      const received = listen(element);
      const { sendKeys } = await import('@web/test-runner-commands');
      element.focus();
      for (let repeat = 0; repeat < 4; repeat++) {
        await sendKeys({ down: 'Enter' });
        await pause(300);
      }
      await sendKeys({ up: 'Enter' });
      expect(received.actions.length).to.equal(1);
    });

    it('B6: Tab stays in the dialog; Escape closes it, changes nothing and returns the focus', async () => {
      const element = await shown(script, { status: 'error' });
      element.focus();
      await press('Enter');
      const order: string[] = [];
      for (let step = 0; step < 3; step++) {
        order.push(focused()!.textContent.trim());
        await press('Tab');
      }
      expect(new Set(order)).to.include.keys('Keep as is', 'Force stop');
      await press('Escape');
      await nextFrame();
      expectSame(dialog(element), null);
      expectSame(focused(), button(element));
      expect(store.performed).to.deep.equal([]);
    });

    it('is not in the tab order when its host is inert', async () => {
      const element = await shown(flow, { status: 'inactive' });
      element.tabIndex = -1;
      await press('Tab');
      expect(focused()).to.not.equal(button(element));
      element.focus();
      expectSame(focused(), button(element));
    });
  });

  describe('disabled with a reason', () => {
    it('B1: a press, by mouse, finger, Enter or Space, only pins the reason', async () => {
      const element = await shown(script, { status: 'created', missing: ['strategy'] });
      const received = listen(element);
      const ways: [string, () => Promise<void>][] = [
        ['mouse', () => click(button(element))],
        ['finger', () => tap(button(element))],
        ['Enter', () => press('Enter')],
        ['Space', () => press(' ')],
      ];
      for (const [name, way] of ways) {
        element.focus();
        await way();
        await nextFrame();
        expect(popup(element)?.getAttribute('role'), name).to.equal('dialog');
        expect(popup(element)!.textContent).to.contain('Upload a Data Load strategy.');
        await press('Escape');
        expectSame(popup(element), null, name);
      }
      expect(received.actions).to.deep.equal([]);
      expect(store.performed).to.deep.equal([]);
    });

    it('shows the reason as a hint that has no controls', async () => {
      const element = await shown(script, { status: 'created', missing: ['strategy'] });
      await hover(button(element));
      const hint = await until(() => popup(element));
      expect(hint.getAttribute('aria-hidden')).to.equal('true');
      expect(hint.querySelector('a, button, [tabindex]')).to.equal(null);
    });

    it('shows the reason of the backend as text', async () => {
      const hostile = '<img src=x onerror="window.hacked = true">\u202e';
      const element = await shown(script, { status: 'configured', denied: { start: hostile } });
      await click(button(element));
      expect(popup(element)!.textContent).to.contain('<img src=x onerror="window.hacked = true">[U+202E]');
      expect(element.shadowRoot!.querySelector('img')).to.equal(null);
      expect('hacked' in window).to.equal(false);
    });

    it('closes the reason when it no longer applies, and the button works again', async () => {
      const element = await shown(script, { status: 'created', missing: ['strategy'] });
      await click(button(element));
      store.show(script, { status: 'configured' });
      await element.updateComplete;
      expectSame(popup(element), null);
      expect(button(element).hasAttribute('aria-expanded')).to.equal(false);
      await guarded();
      await click(button(element));
      expect(store.performed.length).to.equal(1);
    });
  });

  describe('pending', () => {
    it('B4: stays the same node, focused and as wide; twenty presses send one request', async () => {
      const element = await shown(flow, { status: 'inactive' });
      const [node, width] = [button(element), button(element).getBoundingClientRect().width];
      await click(node);
      await element.updateComplete;
      await clickHere(19);
      await press('Enter');
      expect(store.performed.length).to.equal(1);
      expectSame(button(element), node);
      expectSame(focused(), node);
      expect(visibleLabel(element)).to.equal('Starting…');
      expect(node.getBoundingClientRect().width).to.equal(width);
      expect(node.getAttribute('aria-disabled')).to.equal('true');
      expect((await axOf(node))!.name).to.equal('Starting… Spring sale');
    });

    it('B4: shows progress after 150 ms, then for at least 400 ms', async () => {
      const pass = stopTime();
      const element = await shown(flow, { status: 'inactive' });
      await click(button(element));
      await element.updateComplete;
      const line = button(element)
        .getAnimations({ subtree: true })
        .find((animation) => (animation as CSSAnimation).animationName === 'appear')!;
      line.pause();
      for (const [ms, opacity] of [
        [149, '0'],
        [151, '1'],
      ] as const) {
        line.currentTime = ms;
        expect(getComputedStyle(button(element), '::after').opacity, `after ${ms} ms`).to.equal(opacity);
      }
      pass(250);
      // The page's time is stopped.
      const answered = Date.now();
      store.answer(flow, { outcome: 'done' }, { status: 'active' });
      await element.updateComplete;
      expect(visibleLabel(element)).to.equal('Starting…');
      await until(() => visibleLabel(element) === 'Stop');
      expect(Date.now() - answered).to.be.at.least(290);
    });

    it('B4: shows an answer that comes within 150 ms at once', async () => {
      stopTime();
      const element = await shown(flow, { status: 'inactive' });
      element.press();
      store.answer(flow, { outcome: 'done' }, { status: 'active' });
      await element.updateComplete;
      expect(visibleLabel(element)).to.equal('Stop');
    });

    it('fault 32: a double click sends one request, even when the backend answers before the second click', async () => {
      const pass = stopTime();
      const element = await shown(flow, { status: 'inactive' });
      await click(button(element));
      store.answer(flow, { outcome: 'done' }, { status: 'active' });
      await element.updateComplete;
      expect(visibleLabel(element)).to.equal('Stop');
      await clickHere();
      expect(store.performed.map(({ action }) => action)).to.deep.equal(['start']);
      expectSame(popup(element), null, 'nothing to explain');
      pass(500);
      await clickHere();
      expect(store.performed.map(({ action }) => action)).to.deep.equal(['start', 'stop']);
    });

    it('fault 32: the second half of a double click that closed a popup over the button sends nothing', async () => {
      const element = await shown(flow, { status: 'inactive' });
      const { left, top, width, height } = button(element).getBoundingClientRect();
      const cover = document.body.appendChild(document.createElement('button'));
      cover.style.cssText = `position: fixed; left: ${left}px; top: ${top}px; width: ${width}px; height: ${height}px`;
      cover.addEventListener('click', () => cover.remove());
      await doubleClick(cover);
      expect(store.performed).to.deep.equal([]);
    });

    it('shows a pending request that another element sent', async () => {
      const element = await shown(flow, { status: 'inactive' });
      void store.perform(flow, 'start');
      await element.updateComplete;
      expect(visibleLabel(element)).to.equal('Starting…');
      await click(button(element));
      expect(store.performed.length).to.equal(1);
    });

    it('shows no motion when the user prefers reduced motion', async () => {
      await emulate({ reducedMotion: 'reduce' });
      const element = await shown(flow, {
        status: 'inactive',
        request: { action: 'start', since: 0, phase: 'pending' },
      });
      const moving = button(element)
        .getAnimations({ subtree: true })
        .filter((animation) => animation.effect!.getComputedTiming().iterations === Infinity);
      expect(moving).to.deep.equal([]);
      await until(() => getComputedStyle(button(element), '::after').opacity === '1');
    });
  });

  describe('a verb that changes while the user is pressing', () => {
    it('B5: a press that began on another verb sends nothing and explains why', async () => {
      const element = await shown(flow, { status: 'inactive' });
      const { sendMouse } = await import('@web/test-runner-commands');
      await hover(button(element));
      await sendMouse({ type: 'down' });
      store.show(flow, { status: 'active', name: 'Spring sale' });
      await element.updateComplete;
      await pause(600);
      await sendMouse({ type: 'up' });
      await until(() => popup(element), 'the reason');
      expect(popup(element)!.textContent).to.contain('press again if you mean “Stop”');
      expect(spoken).to.deep.equal(['The button changed as you pressed it; press again if you mean “Stop”.']);
      expect(store.performed).to.deep.equal([]);
      expect(button(element).getAttribute('aria-expanded')).to.equal(null);
      await clickHere();
      expect(store.performed.map(({ action }) => action)).to.deep.equal(['stop']);
    });

    it('B5: a press within half a second of a change by someone else sends nothing and explains why', async () => {
      const pass = stopTime();
      const element = await shown(flow, { status: 'inactive' });
      const received = listen(element);
      store.show(flow, { status: 'active' });
      await element.updateComplete;
      await click(button(element));
      await until(() => popup(element), 'the reason');
      expect(received.actions).to.deep.equal([]);
      pass(500);
      await click(button(element));
      expect(received.actions.length).to.equal(1);
    });

    it('B5: removes the explanation when it no longer applies', async () => {
      stopTime();
      const element = await shown(flow, { status: 'inactive' });
      store.show(flow, { status: 'active' });
      await element.updateComplete;
      await click(button(element));
      await until(() => popup(element), 'the reason');
      store.show(flow, { status: 'inactive' });
      await element.updateComplete;
      expectSame(popup(element), null);
    });

    it('accepts a press on a button that has just appeared, or that changed because of the user’s own request', async () => {
      const element = await shown(flow, { presence: 'loading' });
      (store.campaign(flow) as unknown as { set(view: unknown): void }).set({
        ...store.campaign(flow).value,
        action: undefined,
      });
      await element.updateComplete;
      store.show(flow, { status: 'inactive' });
      await element.updateComplete;
      await click(button(element));
      expect(store.performed.length).to.equal(1);
      await pause(520);
      store.answer(flow, { outcome: 'done' }, { status: 'active' });
      await element.updateComplete;
      await until(() => visibleLabel(element) === 'Stop');
      element.press();
      expect(store.performed.map(({ action }) => action)).to.deep.equal(['start', 'stop']);
    });
  });

  describe('confirmation', () => {
    const go = (element: CampaignActionButton): HTMLElement => within(element, '.confirm-go')!;

    it('B6: asks first, acts after the confirmation, and returns the focus', async () => {
      const element = await shown(script, { status: 'error' });
      const received = listen(element);
      await click(button(element));
      expect(received.actions).to.deep.equal([]);
      expect(element.matches(':state(confirming)')).to.equal(true);
      await guarded();
      await click(go(element));
      expect(store.performed).to.deep.equal([{ ref: script, action: 'force-stop' }]);
      expect(received.actions.length).to.equal(1);
      expectSame(dialog(element), null);
      expectSame(focused(), button(element));
    });

    it('a double click never opens and confirms, wherever the dialog appears', async () => {
      const pass = stopTime();
      const element = await shown(script, { status: 'error' });
      await click(button(element));
      // As if the dialog had opened right below the pointer.
      await click(go(element));
      await clickHere(3);
      expect(store.performed).to.deep.equal([]);
      expect(dialog(element)).to.not.equal(null);
      pass(500);
      await clickHere();
      expect(store.performed.length).to.equal(1);
    });

    it('a press that comes too early keeps the focus on the safe answer', async () => {
      const pass = stopTime();
      const element = await shown(script, { status: 'error' });
      await click(button(element));
      await doubleClick(go(element));
      expectSame(focused(), within(element, '.confirm-cancel'));
      pass(500);
      await press('Enter');
      expect(store.performed).to.deep.equal([]);
      expectSame(dialog(element), null);
    });

    it('a press that began too early does not confirm, however long it is held', async () => {
      const pass = stopTime();
      const element = await shown(script, { status: 'error' });
      const { sendMouse } = await import('@web/test-runner-commands');
      await click(button(element));
      await hover(go(element));
      await sendMouse({ type: 'down' });
      pass(500);
      await sendMouse({ type: 'up' });
      expect(store.performed).to.deep.equal([]);
    });

    it('a press beside the dialog does not close it', async () => {
      const element = await shown(script, { status: 'error' });
      await click(button(element));
      const { sendMouse } = await import('@web/test-runner-commands');
      await sendMouse({ type: 'click', position: [4, 4] });
      expect(dialog(element)).to.not.equal(null);
    });

    it('B7: reports that the status changed meanwhile, and no longer confirms', async () => {
      const element = await shown(script, { status: 'error' });
      await click(button(element));
      await guarded();
      store.show(script, { status: 'configured', name: 'Spring sale' });
      await element.updateComplete;
      expect(within(element, '[role=status]')!.textContent).to.equal(
        'The status has changed to Configured; this is no longer possible.',
      );
      expect(go(element).getAttribute('aria-disabled')).to.equal('true');
      await click(go(element));
      expect(store.performed).to.deep.equal([]);
      expect(dialog(element)).to.not.equal(null);
      await settled();
      await expectAccessible(element);
      await click(buttonNamed(element, 'Keep as is'));
      expectSame(dialog(element), null);
      expectSame(focused(), button(element));
    });

    it('B7: returns the focus to the button, even when the button has no action left', async () => {
      const element = await shown(script, { status: 'error' });
      for (const [presence, description] of [
        ['gone', 'The campaign was removed.'],
        ['present', 'This is not possible in the current status.'],
      ] as const) {
        store.show(script, { status: 'error' });
        await element.updateComplete;
        element.focus();
        await press('Enter');
        const { action: _, ...view } = store.campaign(script).value;
        store.put(script, { ...view, presence, status: 'finished' });
        await element.updateComplete;
        await press('Escape');
        await until(() => !dialog(element));
        await element.updateComplete;
        expectSame(focused(), button(element));
        expect((await axOf(button(element)))!.description).to.equal(description);
      }
    });

    it('closes when the element gets another campaign', async () => {
      const element = await shown(script, { status: 'error' });
      store.show({ system: 'python', id: 'autumn' }, { status: 'error', name: 'Autumn sale' });
      await click(button(element));
      await guarded();
      const confirming = go(element);
      element.campaignId = 'autumn';
      confirming.click();
      expect(store.performed).to.deep.equal([]);
      await element.updateComplete;
      expectSame(dialog(element), null);
      element.press();
      await guarded();
      element.campaignId = 'spring';
      await element.updateComplete;
      expectSame(dialog(element), null);
      expect(store.performed).to.deep.equal([]);
    });

    it('closes when the element gets another store with a campaign of the same id', async () => {
      const element = await shown(script, { status: 'error' });
      const other = new AnsweringStore();
      other.show(script, { status: 'error', name: 'Somebody else’s' });
      element.press();
      await guarded();
      const confirming = go(element);
      element.store = other;
      confirming.click();
      await element.updateComplete;
      expectSame(dialog(element), null);
      expect([...store.performed, ...other.performed]).to.deep.equal([]);
    });

    it('closes with its element, and sends nothing', async () => {
      const element = await shown(script, { status: 'error' });
      await click(button(element));
      const openDialog = dialog(element)!;
      element.remove();
      expect(openDialog.isConnected).to.equal(false);
      expect(store.performed).to.deep.equal([]);
    });

    it('shows the whole title, wherever and however often it contains the campaign’s name', async () => {
      const element = await shown(script, { status: 'error' });
      for (const [title, shows] of [
        ['Stop {name}? {name} is live!', 'Stop Spring sale? Spring sale is live!'],
        ['{name}: stop?', 'Spring sale: stop?'],
        ['Stop it?', 'Stop it?'],
      ] as const) {
        const i18n = new Localizer({ lang: 'en', terms: { 'python.actions.force-stop.confirm.title': title } });
        const other = await shown(script, { status: 'error' }, noRoutes, i18n);
        other.press();
        expect(within(other, '.confirm-title')!.textContent).to.equal(shows);
        other.remove();
      }
      element.remove();
    });

    it('shows a hostile name as text', async () => {
      const element = await shown(script, { status: 'error', name: '<b>x</b>\u202e' });
      element.press();
      expect(within(element, '.confirm-title')!.textContent).to.equal('Force stop <b>x</b>[U+202E]?');
    });
  });

  describe('several actions', () => {
    const flowRun = { system: 'workflows', id: 'spring' };
    const more = (element: CampaignActionButton): HTMLElement | null => within(element, '.more');
    const choices = (element: CampaignActionButton): HTMLElement[] => [
      ...element.shadowRoot!.querySelectorAll<HTMLElement>('.choice'),
    ];
    const choice = (element: CampaignActionButton, verb: string): HTMLElement =>
      choices(element).find((one) => one.textContent.trim().startsWith(verb))!;

    /** A running workflow, whose menu holds Terminate and Pause. */
    async function running(facts: Facts = {}): Promise<CampaignActionButton> {
      store = new AnsweringStore(workflows);
      return shown(flowRun, { status: 'running', ...facts });
    }

    it('shows the first action as the button and the others in a menu; a status with one action has no menu', async () => {
      const element = await running();
      expect(visibleLabel(element)).to.equal('Cancel');
      await click(more(element)!);
      expect(choices(element).map((one) => one.textContent.trim())).to.deep.equal([
        'Terminate Spring sale',
        'Pause Spring sale',
      ]);
      store.change(flowRun, { status: 'failed' });
      await element.updateComplete;
      expectSame(more(element), null);
      expectSame(popup(element), null);
    });

    it('the menu is named after the campaign, passes axe, and has large enough targets', async () => {
      const element = await running({ denied: { pause: 'Only operators may pause.' } });
      expect(await axOf(more(element)!)).to.include({ role: 'button', name: 'More actions for Spring sale' });
      const { width, height } = more(element)!.getBoundingClientRect();
      expect(Math.min(width, height)).to.be.at.least(24);
      more(element)!.click();
      await settled();
      await expectAccessible(element);
      expect(await axOf(choice(element, 'Pause'))).to.include({
        name: 'Pause Spring sale',
        description: 'Only operators may pause.',
      });
    });

    it('the menu works by keyboard: arrows cycle, Escape returns to the button', async () => {
      const element = await running();
      more(element)!.focus();
      await press('Enter');
      expectSame(focused(), choice(element, 'Terminate'));
      await press('ArrowDown');
      expectSame(focused(), choice(element, 'Pause'));
      await press('ArrowDown');
      expectSame(focused(), choice(element, 'Terminate'));
      await press('ArrowUp');
      expectSame(focused(), choice(element, 'Pause'));
      await press('Escape');
      expectSame(popup(element), null);
      expectSame(focused(), more(element));
    });

    it('requests the chosen action and closes', async () => {
      const element = await running();
      const received = listen(element);
      await guarded();
      await click(more(element)!);
      await click(choice(element, 'Pause'));
      expect(store.performed).to.deep.equal([{ ref: flowRun, action: 'pause' }]);
      expect(received.actions.map(({ detail }) => detail)).to.deep.equal([{ ref: flowRun, action: 'pause' }]);
      expectSame(popup(element), null);
      store.answer(flowRun, { outcome: 'done' }, { status: 'paused' });
      await element.updateComplete;
      expect(visibleLabel(element)).to.equal('Resume');
    });

    it('explains why an action of the menu is disabled, and does nothing else', async () => {
      const element = await running({ denied: { pause: 'Only operators may pause.' } });
      await guarded();
      await click(more(element)!);
      expect(choice(element, 'Pause').getAttribute('aria-disabled')).to.equal('true');
      await click(choice(element, 'Pause'));
      expect(store.performed).to.deep.equal([]);
      expect(popup(element)!.textContent).to.contain('Only operators may pause.');
    });

    it('ignores a press that began before the menu held these actions', async () => {
      const pass = stopTime();
      const element = await running();
      pass(1000);
      await click(more(element)!);
      store.change(flowRun, { status: 'paused' });
      await element.updateComplete;
      await click(choice(element, 'Terminate'));
      expectSame(dialog(element), null);
      pass(500);
      await click(choice(element, 'Terminate'));
      expect(dialog(element)).to.not.equal(null);
    });

    it('offers a refused action of the menu again', async () => {
      const element = await running();
      await guarded();
      await click(more(element)!);
      await click(choice(element, 'Pause'));
      store.answer(flowRun, { outcome: 'refused', reason: unavailable });
      await until(() => popup(element));
      await click(buttonNamed(element, 'Ask again'));
      expect(store.performed.map(({ action }) => action)).to.deep.equal(['pause', 'pause']);
    });

    it('has no menu when the host names one action', async () => {
      const element = await running();
      element.action = 'terminate';
      await element.updateComplete;
      expect(visibleLabel(element)).to.equal('Terminate');
      expectSame(more(element), null);
    });
  });

  describe('input', () => {
    const flowRun = { system: 'workflows', id: 'spring' };
    const field = (element: CampaignActionButton): HTMLInputElement & HTMLSelectElement =>
      within(element, '.confirm-input')!;
    const go = (element: CampaignActionButton): HTMLElement => within(element, '.confirm-go')!;

    async function openInputDialog(status: string, action = ''): Promise<CampaignActionButton> {
      store = new AnsweringStore(workflows);
      const element = await shown(flowRun, { status });
      element.action = action;
      await element.updateComplete;
      await guarded();
      element.press();
      await settled();
      return element;
    }

    it('asks for the text together with the confirmation of this status, and sends it', async () => {
      const element = await openInputDialog('running', 'terminate');
      const received = listen(element);
      expect(within(element, '.confirm-title')!.textContent).to.equal('Terminate Spring sale?');
      await expectAccessible(element);
      expectSame(focused(), field(element));
      expect((await axOf(field(element)))!.name).to.equal('Reason');
      expect(field(element).maxLength).to.equal(200);
      await type('  Wrong list ');
      await guarded();
      await press('Enter');
      expect(store.performed).to.deep.equal([{ ref: flowRun, action: 'terminate', input: 'Wrong list' }]);
      expect(received.actions[0]!.detail).to.deep.equal({ ref: flowRun, action: 'terminate', input: 'Wrong list' });
      expectSame(dialog(element), null);
    });

    it('without a confirmation, the dialog is titled by action and campaign; an empty text sends nothing', async () => {
      const element = await openInputDialog('paused', 'terminate');
      expect(within(element, '.confirm-title')!.textContent).to.equal('Terminate Spring sale');
      expectSame(within(element, '.confirm-text'), null);
      await guarded();
      await click(go(element));
      expect(store.performed).to.deep.equal([{ ref: flowRun, action: 'terminate' }]);
    });

    it('shows the options, and an error while none is chosen', async () => {
      const element = await openInputDialog('failed');
      expect([...field(element).options].map(({ text }) => text)).to.deep.equal([
        'Choose…',
        'First event',
        'Last step',
      ]);
      await guarded();
      await click(go(element));
      expect(store.performed).to.deep.equal([]);
      expectSame(focused(), field(element));
      const error = within(element, '.confirm-error')!;
      expect(error.textContent).to.equal(`Run again from: ${field(element).validationMessage}`);
      expect((await axOf(field(element)))!.description).to.equal(error.textContent);
      await expectAccessible(element);
      field(element).value = 'Last step';
      field(element).dispatchEvent(new Event('input', { bubbles: true }));
      await element.updateComplete;
      expect(error.textContent).to.equal('');
      await click(go(element));
      expect(store.performed).to.deep.equal([{ ref: flowRun, action: 'reset', input: 'Last step' }]);
    });

    it('keeps the typed text, and can no longer be confirmed, when the action changed meanwhile', async () => {
      const element = await openInputDialog('paused', 'terminate');
      await type('Wrong list');
      store.change(flowRun, { status: 'running' });
      await element.updateComplete;
      expect(field(element).value).to.equal('Wrong list');
      expect(within(element, '.confirm-over')!.textContent).to.contain('Running');
      await guarded();
      await press('Enter');
      expect(store.performed).to.deep.equal([]);
    });
  });

  describe('outcomes', () => {
    it('refused: shows and announces it, with the reason and what to do next', async () => {
      const element = await shown(script, { status: 'error' });
      const received = listen(element);
      await click(button(element));
      await guarded();
      await click(within(element, '.confirm-go')!);
      store.answer(script, { outcome: 'refused', reason: unavailable });
      await until(() => popup(element), 'the reason');
      expect(popup(element)!.textContent.replace(/\s+/g, ' ')).to.contain(
        '“Force stop” was refused. Engine is busy. Check again first. If nothing changes, open the engine log, or ask the team that runs the platform.',
      );
      expect(spoken).to.deep.equal(['“Force stop” was refused for Spring sale: Engine is busy.']);
      expect(received.outcomes.map(({ detail }) => detail)).to.deep.equal([
        { ref: script, action: 'force-stop', outcome: 'refused', code: 'unavailable' },
      ]);
      expectSame(focused(), button(element), 'the focus stays');
      await press('Escape');
      expectSame(popup(element), null);
      expect(outcome(element)!.textContent).to.contain('Refused');
    });

    it('does not replace a popup that the user is reading', async () => {
      const element = await shown(flow, { status: 'inactive' });
      const other = await shown(script, { status: 'created', missing: ['contacts'] });
      await click(button(element));
      await click(button(other));
      store.answer(flow, { outcome: 'refused', reason: unavailable });
      await until(() => outcome(element));
      await settled();
      expect(popup(other)).to.not.equal(null);
      expectSame(popup(element), null);
    });

    it('uncertain: shows how long ago it was requested; Check again reads, Ask again sends a new request', async () => {
      const element = await shown(flow, {
        status: 'active',
        request: { action: 'stop', since: store.time - 40_000, phase: 'uncertain' },
      });
      expect(button(element).getAttribute('aria-disabled')).to.equal('false');
      await click(outcome(element)!);
      expect(popup(element)!.textContent).to.contain('“Stop” is not confirmed. Requested: 40 seconds ago.');
      await click(buttonNamed(element, 'Check again'));
      expect(store.refreshed).to.equal(1);
      await until(() => spoken.length > 0);
      expect(spoken).to.deep.equal(['Spring sale is Active.']);
      await click(buttonNamed(element, 'Ask again'));
      expect(store.performed).to.deep.equal([{ ref: flow, action: 'stop' }]);
      await element.updateComplete;
      expectSame(popup(element), null);
      expectSame(focused(), button(element));
    });

    it('conflict: shows that the request came too late, without Ask again', async () => {
      const element = await shown(flow, {
        status: 'inactive',
        request: { action: 'stop', since: store.time, phase: 'conflict', reason: { code: 'conflict' } },
      });
      await click(outcome(element)!);
      expect(popup(element)!.textContent).to.contain('“Stop” came too late');
      expect([...popup(element)!.querySelectorAll('button')].map((one) => one.textContent.trim())).to.deep.equal([
        'Copy',
        'Dismiss',
        'Close',
      ]);
    });

    it('is removed when dismissed, and the focus stays on the button', async () => {
      const element = await shown(flow, {
        status: 'active',
        request: { action: 'stop', since: store.time, phase: 'uncertain' },
      });
      outcome(element)!.focus();
      await press('Enter');
      await click(buttonNamed(element, 'Dismiss'));
      await element.updateComplete;
      expect(store.dismissed).to.equal(1);
      expectSame(outcome(element), null);
      expectSame(popup(element), null);
      expectSame(focused(), button(element));
    });

    it('reports a request that was never sent', async () => {
      const element = await shown(flow, { status: 'inactive' });
      store.perform = () => Promise.resolve({ outcome: 'refused', reason: { code: 'offline' } });
      element.press();
      await until(() => outcome(element));
      await until(() => popup(element));
      expect(popup(element)!.textContent).to.contain('This browser is offline; nothing was sent.');
      await click(buttonNamed(element, 'Dismiss'));
      await element.updateComplete;
      expectSame(outcome(element), null);
    });

    it('is not shown for a campaign of the same id in another store', async () => {
      const element = await shown(flow, { status: 'inactive' });
      store.perform = () => Promise.resolve({ outcome: 'refused', reason: { code: 'offline' } });
      element.press();
      await until(() => outcome(element));
      const other = new AnsweringStore();
      other.show(flow, { status: 'inactive' });
      element.store = other;
      await element.updateComplete;
      expectSame(outcome(element), null);
      expectSame(popup(element), null);
    });

    it('ends with the campaign: one that is made again under its id shows nothing of it', async () => {
      const element = await shown(flow, { status: 'inactive' });
      store.perform = () => Promise.resolve({ outcome: 'refused', reason: { code: 'offline' } });
      element.press();
      await until(() => outcome(element));
      store.change(flow, { presence: 'gone' });
      await element.updateComplete;
      store.show(flow, { status: 'inactive' });
      await element.updateComplete;
      expect(visibleLabel(element)).to.equal('Start');
      expectSame(outcome(element), null);
    });

    it('keeps the focus when the button has no action left', async () => {
      const element = await shown(flow, { status: 'inactive' });
      element.focus();
      const { action: _none, ...view } = store.show(flow, { status: 'active', presence: 'gone' });
      (store.campaign(flow) as unknown as { set(view: unknown): void }).set(view);
      await element.updateComplete;
      expectSame(focused(), button(element));
      expect(button(element).getAttribute('aria-disabled')).to.equal('true');
      expect((await axOf(button(element)))!.description).to.equal('The campaign was removed.');
      await press('Tab');
      await element.updateComplete;
      expectSame(button(element), null);
    });
  });

  describe('the predicted result of an action', () => {
    const cause = { kind: 'channel', id: 'sms', name: 'Main SMS' };
    const down = { dependencies: [{ ...cause, state: 'stopped' as const }], outlook: 'fails-again' as const };

    it('shows before the press that the cause still exists, and later that it is fixed', async () => {
      store.diagnose(flow, down);
      const element = await shown(flow, { status: 'error', message: 'broken', cause });
      expect(store.observers('diagnosis')).to.equal(0);
      await hover(button(element));
      await until(() => popup(element));
      await element.updateComplete;
      expect(store.observers('diagnosis')).to.equal(1);
      expect(popup(element)!.textContent).to.contain(
        'The cause is not fixed yet. After “Start”, the campaign would be in error again.',
      );
      expect((await axOf(button(element)))!.description).to.equal(
        'The cause is not fixed yet. After “Start”, the campaign would be in error again.',
      );
      store.diagnose(flow, { dependencies: [{ ...cause, state: 'running' }], outlook: 'works' });
      await element.updateComplete;
      expect(popup(element)!.textContent).to.contain('The cause looks fixed: “Start” can work now.');
      await click(button(element));
      expect(store.performed.length, 'it is a hint, not a lock').to.equal(1);
    });

    it('names its own action, not another action of the system that also starts campaigns', async () => {
      store = new AnsweringStore(mailings);
      const paused = { system: 'mailings', id: 'may' };
      store.diagnose(paused, down);
      const element = await shown(paused, { status: 'paused', message: 'broken', cause });
      await hover(button(element));
      await until(() => popup(element));
      await element.updateComplete;
      expect(popup(element)!.textContent).to.contain(
        'The cause is not fixed yet. After “Resume”, the campaign would be in error again.',
      );
    });

    it('is not shown for an action that does not start the campaign', async () => {
      store.diagnose(script, down);
      const element = await shown(script, { status: 'error', message: 'broken', cause });
      await hover(button(element));
      await pause(400);
      expectSame(popup(element), null);
    });
  });

  describe('size and look', () => {
    it('B8: is 32 pixels high, 28 when compact, 44 for touch, and never less than 24 wide', async () => {
      const element = await shown(flow, { status: 'inactive' });
      const box = (): DOMRect => button(element).getBoundingClientRect();
      expect(box().height).to.equal(32);
      element.density = 'compact';
      await element.updateComplete;
      expect(box().height).to.equal(28);
      expect(box().width).to.be.at.least(24);
      await touchScreen();
      expect(box().height).to.be.at.least(44);
    });

    it('looks disabled in forced colours', async () => {
      await emulate({ forcedColors: 'active' });
      const element = await shown(script, { status: 'created', missing: ['contacts'] });
      const probe = document.createElement('span');
      probe.style.color = 'GrayText';
      element.after(probe);
      expect(getComputedStyle(button(element)).color).to.equal(getComputedStyle(probe).color);
    });

    it('takes every text from the translations', async () => {
      const i18n = new Localizer(pseudo);
      const foreign = ['Spring sale', 'Engine is busy.', 'Main SMS', 'napping', 'spring'];
      const request = (phase: 'pending' | 'refused' | 'conflict' | 'uncertain') =>
        ({ since: store.time, phase, reason: unavailable }) as const;
      const cases: [typeof flow, Facts][] = [
        [flow, { status: 'inactive' }],
        [flow, { status: 'error', cause: { kind: 'channel', id: 'sms', name: 'Main SMS' } }],
        [script, { status: 'created', missing: ['contacts', 'strategy'] }],
        [script, { status: 'configured', denied: { start: '' } }],
        [script, { status: 'napping' }],
        [script, { status: 'error' }],
        [flow, { status: 'active', request: { action: 'stop', ...request('pending') } }],
        [flow, { status: 'active', request: { action: 'stop', ...request('refused') } }],
        [script, { status: 'error', request: { action: 'force-stop', ...request('refused') } }],
        [flow, { status: 'active', request: { action: 'stop', ...request('conflict') } }],
        [flow, { status: 'active', request: { action: 'stop', ...request('uncertain') } }],
      ];
      store.diagnose(flow, {
        dependencies: [{ kind: 'channel', id: 'sms', name: 'Main SMS', state: 'error' }],
        outlook: 'fails-again',
      });
      for (const [ref, facts] of cases) {
        const element = await shown(ref, facts, noRoutes, i18n);
        const trigger = outcome(element) ?? button(element);
        await hover(trigger);
        await pause(300);
        expect(unmarked(element, foreign)).to.deep.equal([]);
        if (trigger.dataset['popup'] === 'pin') trigger.click();
        else element.press();
        await nextFrame();
        expect(unmarked(element, foreign)).to.deep.equal([]);
        element.remove();
      }
      for (const text of spoken) expect(text.replaceAll('Spring sale', '')).to.not.match(/[A-Za-z]/);
    });
  });

  describe('life cycle', () => {
    it('shows the current state after it was removed and put back, or moved to another store', async () => {
      const element = await shown(flow, { status: 'inactive' });
      const parent = element.parentElement!;
      element.remove();
      expect(store.observers()).to.equal(0);
      store.show(flow, { status: 'active' });
      parent.append(element);
      await element.updateComplete;
      expect(visibleLabel(element)).to.equal('Stop');
      const other = new AnsweringStore();
      other.show(flow, { status: 'error' });
      const box = await fixture<HTMLElement>(html`<div></div>`);
      new ContextProvider(box, { context: storeContext, initialValue: other });
      box.append(element);
      await element.updateComplete;
      expect(visibleLabel(element)).to.equal('Start');
      element.press();
      expect(other.performed.length).to.equal(1);
      expect(store.performed.length).to.equal(0);
    });

    it('fault 41: a request continues when the button is removed; its outcome is announced, without an event', async () => {
      const element = await shown(flow, { status: 'inactive' });
      const received = listen(element);
      element.store = store;
      element.press();
      element.remove();
      store.answer(flow, { outcome: 'done' }, { status: 'active' });
      await settled();
      expect(received.outcomes).to.deep.equal([]);
      expect(spoken).to.deep.equal(['Spring sale is Active.']);
    });

    it('an answer for the previous campaign is not shown on the next one', async () => {
      const element = await shown(flow, { status: 'inactive' });
      const received = listen(element);
      store.show({ system: 'flows', id: 'autumn' }, { status: 'inactive' });
      element.press();
      element.campaignId = 'autumn';
      await element.updateComplete;
      expect(visibleLabel(element)).to.equal('Start');
      store.answer(flow, { outcome: 'refused', reason: unavailable });
      await settled();
      expectSame(outcome(element), null);
      expect(received.outcomes).to.deep.equal([]);
    });

    it('leaves no subscription or listener behind after a hundred connects', async () => {
      const element = await shown(script, { status: 'created', missing: ['contacts'] });
      const parent = element.parentElement!;
      element.press();
      await nextFrame();
      element.remove();
      const before = await memory();
      for (let round = 0; round < 100; round++) {
        parent.append(element);
        await element.updateComplete;
        element.press();
        await element.updateComplete;
        element.remove();
      }
      expect(store.observers()).to.equal(0);
      const after = await memory();
      // A leak would be a hundred and more; the browser itself sometimes keeps one or two.
      expect(after.listeners).to.be.at.most(before.listeners + 10);
      expect(after.nodes).to.be.at.most(before.nodes + 50);
    });

    it('fault 49: can be defined twice', () => {
      expect(() => defineElement('campaign-action-button', CampaignActionButton)).to.not.throw();
    });
  });

  describe('on the real store and a simulated backend', () => {
    let backend: SimulatedBackend;
    let real: CampaignStore;

    beforeEach(() => {
      backend = simulateBackend({ sampleData: 'empty', tickMs: 0, processingMs: 30 });
      real = createCampaignStore({ adapter: simulatedAdapter(backend) });
    });
    afterEach(() => {
      real.dispose();
      backend.dispose();
    });

    async function of(ref: typeof flow): Promise<CampaignActionButton> {
      const element = await plain(
        html`<campaign-action-button
          system=${ref.system}
          campaign-id=${ref.id}
          .store=${real}
        ></campaign-action-button>`,
      );
      await until(() => within(element, '.action'), 'the button');
      return element;
    }

    it('starts and stops', async () => {
      const ref = backend.campaigns.add({ system: 'flows', name: 'Spring sale', met: ['active-flow'] });
      const element = await of(ref);
      const received = listen(element);
      await click(button(element));
      await until(() => visibleLabel(element) === 'Stop');
      expect(backend.campaigns.get(ref)!.record.status).to.equal('active');
      await guarded();
      await click(button(element));
      await until(() => visibleLabel(element) === 'Start' && received.outcomes.length > 1);
      expect(received.outcomes.map(({ detail }) => `${detail.action} ${detail.outcome}`)).to.deep.equal([
        'start done',
        'stop done',
      ]);
    });

    it('force stops after a confirmation, and shows the status of the table', async () => {
      const ref = backend.campaigns.add({
        system: 'python',
        name: 'Spring sale',
        status: 'error',
        met: ['contacts', 'strategy'],
      });
      const element = await of(ref);
      await click(button(element));
      await guarded();
      await click(within(element, '.confirm-go')!);
      await until(() => visibleLabel(element) === 'Start');
      expect(backend.campaigns.get(ref)!.record.status).to.equal('configured');
    });

    it('shows a refusal with the backend’s reason, and works again afterwards', async () => {
      const ref = backend.campaigns.add({ system: 'flows', name: 'Spring sale', met: ['active-flow'] });
      const element = await of(ref);
      backend.faults.refuseNext({ code: 'unavailable', reason: 'Upgrade until 13:00.' });
      await click(button(element));
      await until(() => popup(element)?.textContent?.includes('Upgrade until 13:00.'), 'the reason');
      await click(buttonNamed(element, 'Ask again'));
      await until(() => visibleLabel(element) === 'Stop');
      expectSame(outcome(element), null);
    });

    it('fault 36: shows “not confirmed” when an accepted request has no effect', async () => {
      const ref = backend.campaigns.add({ system: 'flows', name: 'Spring sale', met: ['active-flow'] });
      real.dispose();
      real = createCampaignStore({ adapter: simulatedAdapter(backend), uncertainAfterMs: 400 });
      const element = await of(ref);
      backend.faults.swallowNext();
      await click(button(element));
      await until(() => outcome(element)?.textContent?.includes('Not confirmed'), 'the mark');
      await until(() => visibleLabel(element) === 'Start', 'the button to be free again');
      expect(button(element).getAttribute('aria-disabled')).to.equal('false');
    });

    it('fault 38: offline, refuses a press at once', async () => {
      const ref = backend.campaigns.add({ system: 'flows', name: 'Spring sale', met: ['active-flow'] });
      const page = Object.assign(new EventTarget(), { visible: true, online: true });
      real.dispose();
      real = createCampaignStore({ adapter: simulatedAdapter(backend), environment: { page } });
      const element = await of(ref);
      page.online = false;
      await click(button(element));
      await until(() => popup(element)?.textContent?.includes('nothing was sent'), 'the reason');
      expect(backend.campaigns.get(ref)!.record.status).to.equal('inactive');
    });
  });
});
