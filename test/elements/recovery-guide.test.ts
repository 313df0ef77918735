import { expect, fixture, html } from '@open-wc/testing';
import { simulateBackend, simulatedAdapter } from '../../mocks/index.ts';
import type { CampaignNavigateEvent } from '../../src/elements/events.ts';
import '../../src/elements/recovery-guide/define.ts';
import type { RecoveryGuide } from '../../src/elements/recovery-guide/recovery-guide.ts';
import { defineLifecycle } from '../../src/lifecycle/index.ts';
import type { DependencyView, Diagnosis } from '../../src/store/types.ts';
import { createCampaignStore } from '../../src/store/index.ts';
import { Localizer } from '../../src/i18n/index.ts';
import { axNode, axOf, click, focused, nextFrame, press, seen, setViewport, until } from '../support/browser.ts';
import { expectAccessible } from '../support/elements/axe.ts';
import { pseudo, unmarked } from '../support/elements/pseudo-locale.ts';
import { mailings } from '../support/elements/six-statuses.ts';
import { renderWithStore, type TestHost } from '../support/elements/fixture.ts';
import { StubStore } from '../support/elements/stub-store.ts';
import '../support/elements/load-layers.ts';

const ref = { system: 'flows', id: 'spring' };
const legacy = { system: 'python', id: 'winter' };

const sms = (state: DependencyView['state']): DependencyView => ({ kind: 'channel', id: 'sms', name: 'SMS', state });
const agent = (state: DependencyView['state'], id = 'scorer'): DependencyView => ({
  kind: 'agent',
  id,
  name: id,
  state,
});
const diagnosis = (...dependencies: DependencyView[]): Diagnosis => ({
  dependencies,
  outlook: dependencies.some(({ state }) => state === 'stopped' || state === 'error')
    ? 'fails-again'
    : dependencies.length
      ? 'works'
      : 'unknown',
});

function all(guide: RecoveryGuide, selector: string): HTMLElement[] {
  return [...guide.shadowRoot!.querySelectorAll<HTMLElement>(selector)];
}
function within(guide: RecoveryGuide, selector: string): HTMLElement {
  const [found] = all(guide, selector);
  if (!found) throw new Error(`There is no ${selector}.`);
  return found;
}
const has = (guide: RecoveryGuide, selector: string) => all(guide, selector).length > 0;
const clean = (element: Element) => element.textContent.replace(/\s+/g, ' ').trim();
const text = (guide: RecoveryGuide, selector: string) => clean(within(guide, selector));
const step = (guide: RecoveryGuide, number: number) => all(guide, 'ol > li')[number - 1]!;
const states = (guide: RecoveryGuide) =>
  all(guide, 'ol > li').map((item) => clean(item.querySelector('.state, .line > .visually-hidden')!));
const current = (guide: RecoveryGuide) =>
  all(guide, 'ol > li').flatMap((item, index) => (item.getAttribute('aria-current') === 'step' ? [index + 1] : []));
const box = (guide: RecoveryGuide, number: number) => step(guide, number).querySelector('input')!;

describe('recovery-guide', () => {
  let store: StubStore;
  let host: TestHost;

  beforeEach(() => {
    store = new StubStore(mailings);
    store.show(ref, {
      status: 'error',
      name: 'Spring sale',
      message: 'SMS is not running.\n  611 messages wait.',
      at: store.time - 120_000,
      cause: { kind: 'channel', id: 'sms', name: 'SMS' },
    });
    store.diagnose(ref, diagnosis(sms('stopped'), agent('running')));
    store.show(legacy, { status: 'error', name: 'Winter tyres', message: 'ZeroDivisionError', missing: [] });
  });

  async function settled(guide: RecoveryGuide): Promise<void> {
    await guide.updateComplete;
    await nextFrame();
  }
  async function shown(
    content = html`<recovery-guide system="flows" campaign-id="spring"></recovery-guide>`,
    settings: Parameters<typeof renderWithStore>[2] = {},
  ): Promise<RecoveryGuide> {
    host = await renderWithStore(store, content, settings);
    const guide = host.querySelector('recovery-guide')!;
    await settled(guide);
    return guide;
  }
  const ofPython = () => shown(html`<recovery-guide system="python" campaign-id="winter"></recovery-guide>`);

  describe('accessibility', () => {
    it('passes axe, open, closed, recovered and idle', async () => {
      const guide = await shown();
      await expectAccessible(guide);
      guide.close();
      await settled(guide);
      await expectAccessible(guide);
      guide.reopen();
      store.change(ref, { status: 'active' });
      await settled(guide);
      await expectAccessible(guide);
      store.change(ref, { status: 'inactive' });
      await settled(guide);
      await expectAccessible(guide);
    });

    it('passes axe with the log open', async () => {
      const guide = await ofPython();
      await click(within(guide, '[part=log-button]'));
      await settled(guide);
      await expectAccessible(guide);
    });

    it('passes axe on a dark page', async () => {
      document.documentElement.style.setProperty('color-scheme', 'dark');
      document.body.style.setProperty('background', '#0f1115');
      try {
        await expectAccessible(await shown());
      } finally {
        document.documentElement.style.removeProperty('color-scheme');
        document.body.style.removeProperty('background');
      }
    });

    it('R1: is a list with a role of its own, and one current step', async () => {
      const guide = await shown();
      const list = within(guide, 'ol');
      expect(list.getAttribute('role')).to.equal('list');
      expect((await axOf(list))?.role).to.equal('list');
      expect((await axOf(list))?.name).to.equal('Steps');
      expect(current(guide)).to.deep.equal([1]);
      expect((await axOf(step(guide, 1)))?.role).to.equal('listitem');
    });

    it('is named after its campaign', async () => {
      await shown();
      await axNode({ role: 'group', name: 'Recover Spring sale' });
      expect((await axNode({ role: 'heading' })).states['level']).to.equal(3);
    });
  });

  describe('defaults and reflection', () => {
    it('has defaults, and reflects quiet', async () => {
      const guide = await shown();
      expect([guide.headingLevel, guide.quiet, guide.hasAttribute('quiet')]).to.deep.equal([3, false, false]);
      guide.quiet = true;
      await settled(guide);
      expect(guide.hasAttribute('quiet')).to.equal(true);
    });

    it('takes a level for its heading', async () => {
      const guide = await shown(
        html`<recovery-guide system="flows" campaign-id="spring" heading-level="2"></recovery-guide>`,
      );
      expect(within(guide, '.heading').localName).to.equal('h2');
    });

    it('says what it lacks instead of throwing', async () => {
      const problemOf = async (template: ReturnType<typeof html>) =>
        text(await fixture<RecoveryGuide>(template), '[part=problem]');
      expect(await problemOf(html`<recovery-guide></recovery-guide>`)).to.contain('campaign-id');
      expect(await problemOf(html`<recovery-guide system="flows" campaign-id="x"></recovery-guide>`)).to.contain(
        'campaign-provider',
      );
      expect(
        await problemOf(html`<recovery-guide system="nope" campaign-id="x" .store=${store}></recovery-guide>`),
      ).to.contain('"nope"');
    });

    it('works alone, from plain attributes, through a whole recovery', async () => {
      const guide = await fixture<RecoveryGuide>(
        html`<recovery-guide system="python" status="error" message="Broken" name="Plain"></recovery-guide>`,
      );
      await settled(guide);
      expect(text(guide, '.heading')).to.equal('Recover Plain');
      expect(text(guide, '[part=message]')).to.equal('Broken');
      guide.status = 'configured';
      guide.message = '';
      await settled(guide);
      expect(states(guide)).to.deep.equal(['To do', 'Done, checked live', 'To do', 'To do']);
      expect(text(guide, '[part=message]')).to.equal('Broken');
      guide.status = 'running';
      await settled(guide);
      expect(text(guide, '[part=recovered]')).to.equal('Recovered: Plain is Running.');
      guide.name = '';
      await settled(guide);
      expect(text(guide, '[part=recovered]')).to.equal('Recovered: This campaign is Running.');
    });
  });

  describe('events', () => {
    it('asks the host for a page that no route leads to, once, and names what is broken', async () => {
      const guide = await shown();
      const received: CampaignNavigateEvent['detail'][] = [];
      host.addEventListener('campaign-navigate', ({ detail }) => received.push(detail));
      await click(step(guide, 2).querySelector('[part=link]')!);
      await click(step(guide, 3).querySelector('[part=link]')!);
      expect(received).to.deep.equal([
        { to: 'channels', ref, dependency: { kind: 'channel', id: 'sms' } },
        { to: 'agents', ref },
      ]);
    });

    it('links to the host’s page where there is a route', async () => {
      const guide = await shown(undefined, { routes: { channels: '/settings/channels/{dependency}' } });
      const link = step(guide, 2).querySelector<HTMLAnchorElement>('[part=link]')!;
      expect(link.localName).to.equal('a');
      expect(new URL(link.href).pathname).to.equal('/settings/channels/sms');
    });

    it('never makes a link of what is no address', async () => {
      store.diagnose(ref, diagnosis({ ...sms('stopped'), href: 'javascript:alert(1)' }));
      const guide = await shown();
      expect(step(guide, 2).querySelector('a') === null).to.equal(true);
    });

    for (const href of ['https://bank.example@elsewhere.example/', 'https://me:secret@elsewhere.example/', 'data:,x'])
      it(`never makes a link of ${href}`, async () => {
        store.diagnose(ref, diagnosis({ ...sms('stopped'), href }));
        const guide = await shown();
        expect(step(guide, 2).querySelector('a') === null).to.equal(true);
      });

    it('asks for the log where it can’t show it', async () => {
      const guide = await fixture<RecoveryGuide>(
        html`<recovery-guide system="python" campaign-id="x" status="error"></recovery-guide>`,
      );
      const received: string[] = [];
      guide.addEventListener('campaign-navigate', ({ detail }) => received.push(detail.to));
      await click(step(guide, 3).querySelector('[part=link]')!);
      expect(received).to.deep.equal(['log']);
    });

    it('lets those of its button through, once each', async () => {
      const guide = await shown();
      const received: string[] = [];
      for (const name of ['campaign-action', 'campaign-outcome'])
        guide.addEventListener(name, ({ type }) => received.push(type));
      await click(within(guide, '[part=action]'));
      await until(() => received.length > 1);
      expect(received).to.deep.equal(['campaign-action', 'campaign-outcome']);
      expect(store.performed).to.deep.equal([{ ref, action: 'start' }]);
    });
  });

  describe('slots', () => {
    it('has none: what stands in it does not show', async () => {
      const guide = await shown(
        html`<recovery-guide system="flows" campaign-id="spring"><p>not shown</p></recovery-guide>`,
      );
      expect(guide.querySelector('p')!.checkVisibility()).to.equal(false);
    });
  });

  describe('parts', () => {
    it('has those that it promises', async () => {
      const guide = await shown();
      for (const part of [
        'guide',
        'heading',
        'progress',
        'close',
        'error',
        'message',
        'cause',
        'steps',
        'step',
        'action',
        'link',
      ])
        within(guide, `[part~=${part}]`);
    });
  });

  describe('keyboard', () => {
    it('R2: ticks by key', async () => {
      const guide = await shown();
      box(guide, 1).focus();
      await press(' ');
      await settled(guide);
      expect(states(guide)[0]).to.equal('Done by you');
      expect(focused() === box(guide, 1), 'focus').to.equal(true);
    });

    it('keeps the focus in the guide when the button of a step goes away with it', async () => {
      const guide = await ofPython();
      const button = within(guide, '[part=action]');
      button.focus();
      expect(guide.shadowRoot!.activeElement === button, 'focus').to.equal(true);
      store.change(legacy, { status: 'configured', message: '' });
      await settled(guide);
      expect(focused() === step(guide, 1), 'focus').to.equal(true);
      within(guide, '[part=action]').focus();
      store.change(legacy, { status: 'running' });
      await settled(guide);
      expect(focused() === within(guide, '.recovered'), 'focus').to.equal(true);
    });

    it('moves the focus to what takes its place when it is closed and opened again', async () => {
      const guide = await shown();
      within(guide, '[part=close]').focus();
      await press('Enter');
      await settled(guide);
      expect(focused() === within(guide, '.reopen'), 'focus').to.equal(true);
      await press('Enter');
      await settled(guide);
      expect(focused() === within(guide, '.guide'), 'focus').to.equal(true);
    });

    it('keeps the focus when the campaign goes', async () => {
      const guide = await shown();
      box(guide, 1).focus();
      store.change(ref, { presence: 'gone' });
      await settled(guide);
      expect(focused() === within(guide, '[part=notice]'), 'focus').to.equal(true);
    });

    it('R3: does not move the focus for a live tick', async () => {
      const guide = await shown();
      box(guide, 1).focus();
      store.diagnose(ref, diagnosis(sms('running'), agent('running')));
      await settled(guide);
      expect(focused() === box(guide, 1), 'focus').to.equal(true);
    });

    it('reaches a long message, and a short one not', async () => {
      const guide = await shown();
      const message = within(guide, '[part=message]');
      expect(message.hasAttribute('tabindex')).to.equal(false);
      store.change(ref, { message: 'line\n'.repeat(400) });
      await settled(guide);
      expect(message.tabIndex).to.equal(0);
      await expectAccessible(guide);
    });
  });

  describe('life', () => {
    it('is moved, removed and put back', async () => {
      const guide = await shown();
      await click(box(guide, 1));
      guide.remove();
      expect(store.observers()).to.equal(0);
      store.diagnose(ref, diagnosis(sms('running'), agent('running')));
      host.append(guide);
      await settled(guide);
      expect(states(guide)).to.deep.equal(['Done by you', 'Done, checked live', 'Done, checked live', 'To do']);
      expect(store.observers('diagnosis')).to.be.greaterThan(0);
    });

    it('shows another campaign with a session of its own', async () => {
      const guide = await shown();
      await click(box(guide, 1));
      guide.system = 'python';
      guide.campaignId = 'winter';
      await settled(guide);
      expect(text(guide, '.heading')).to.equal('Recover Winter tyres');
      expect(states(guide)[0]).to.equal('To do');
      guide.system = 'flows';
      guide.campaignId = 'spring';
      await settled(guide);
      expect(states(guide)[0]).to.equal('Done by you');
    });

    it('does not take what still arrives for the previous campaign for the new one', async () => {
      store.show({ system: 'flows', id: 'other' }, { status: 'active', name: 'Other' });
      const guide = await shown();
      guide.campaignId = 'other';
      store.change(ref, { message: 'Broken again', at: store.time });
      await settled(guide);
      expect(text(guide, '[part=notice]')).to.equal('Nothing to recover: Other is Active.');
    });

    it('says nothing of a recovery that was over before it was handed the campaign', async () => {
      store.show({ system: 'flows', id: 'other' }, { status: 'error', name: 'Other' });
      const guide = await shown();
      store.change(ref, { status: 'active', message: '' });
      await settled(guide);
      guide.campaignId = 'other';
      await settled(guide);
      host.announced.length = 0;
      guide.campaignId = 'spring';
      await settled(guide);
      expect(text(guide, '[part=recovered]')).to.contain('Recovered: Spring sale');
      expect(host.announced).to.deep.equal([]);
    });

    it('leaves nothing behind after a hundred rounds', async () => {
      const guide = await shown();
      for (let round = 0; round < 100; round++) {
        guide.remove();
        host.append(guide);
      }
      await settled(guide);
      guide.remove();
      expect(store.observers()).to.equal(0);
    });

    it('looks at dependencies only while there are steps to take', async () => {
      const guide = await shown();
      expect(store.observers('diagnosis')).to.be.greaterThan(0);
      guide.close();
      await settled(guide);
      expect(store.observers('diagnosis')).to.equal(0);
      guide.reopen();
      await settled(guide);
      expect(store.observers('diagnosis')).to.be.greaterThan(0);
      store.change(ref, { status: 'active' });
      await settled(guide);
      await settled(guide);
      expect(store.observers('diagnosis')).to.equal(0);
    });
  });

  describe('what went wrong', () => {
    it('is shown whole, with its lines, when it happened, and from what, with its state now', async () => {
      const guide = await shown();
      const message = within(guide, '[part=message]');
      expect(message.textContent).to.equal('SMS is not running.\n  611 messages wait.');
      expect(message.dir).to.equal('auto');
      expect(getComputedStyle(message).whiteSpace).to.equal('pre-wrap');
      expect(text(guide, '.error time')).to.equal('2 minutes ago');
      expect(text(guide, '[part=cause]')).to.equal('Cause: Channel SMS not running');
      store.diagnose(ref, diagnosis(sms('running')));
      await settled(guide);
      expect(text(guide, '[part=cause]')).to.equal('Cause: Channel SMS running');
    });

    it('says what the status means where the backend says nothing', async () => {
      store.show(ref, { status: 'error', name: 'Spring sale' });
      expect(text(await shown(), '[part=message]')).to.equal('A problem keeps this campaign from going on.');
    });

    it('names what it comes from, also where its kind is a word that the kit has for something else', async () => {
      const guide = await shown();
      for (const kind of ['other', 'running', 'template']) {
        store.change(ref, { cause: { kind, id: 'x', name: 'X' } });
        await settled(guide);
        expect(text(guide, '[part=cause]')).to.equal(`Cause: ${kind} X`);
      }
    });

    it('is copied as it came', async () => {
      let copied = '';
      const { clipboard } = navigator;
      const value = { writeText: (clipboardText: string) => Promise.resolve(void (copied = clipboardText)) };
      Object.defineProperty(navigator, 'clipboard', { configurable: true, value });
      try {
        const guide = await shown();
        const confirmation = seen(guide.shadowRoot!, () => text(guide, '.copy') === 'Copied');
        await click(within(guide, '.copy'));
        await confirmation;
        expect(copied).to.equal('SMS is not running.\n  611 messages wait.');
        expect(host.announced).to.deep.equal(['Copied']);
      } finally {
        Object.defineProperty(navigator, 'clipboard', { configurable: true, value: clipboard });
      }
    });

    it('stays in sight after Force stop, when the campaign has no message any more', async () => {
      const guide = await ofPython();
      store.change(legacy, { status: 'configured', message: '' });
      await settled(guide);
      expect(text(guide, '[part=message]')).to.equal('ZeroDivisionError');
    });
  });

  describe('R1: how a step stands', () => {
    it('says each of the four states', async () => {
      store.diagnose(ref, diagnosis(sms('running')));
      const guide = await shown();
      await click(box(guide, 1));
      await settled(guide);
      expect(states(guide)).to.deep.equal(['Done by you', 'Done, checked live', 'Unknown', 'To do']);
      expect(current(guide)).to.deep.equal([3]);
      expect(text(guide, '[part=progress]')).to.equal('2 of 4 done');
    });

    it('is done only when every known dependency of the kind runs', async () => {
      const guide = await shown();
      const third = async (...agents: DependencyView[]) => {
        store.diagnose(ref, diagnosis(...agents));
        await settled(guide);
        return states(guide)[2];
      };
      expect(await third(agent('running', 'a'), agent('running', 'b'))).to.equal('Done, checked live');
      expect(await third(agent('running', 'a'), agent('stopped', 'b'))).to.equal('To do');
      expect(await third(agent('running', 'a'), agent('error', 'b'))).to.equal('To do');
      expect(await third(agent('running', 'a'), agent('unknown', 'b'))).to.equal('Unknown');
      expect(await third(sms('running'))).to.equal('Unknown');
    });

    it('does not claim to have checked what is only last known', async () => {
      const guide = await shown();
      store.change(ref, { stale: { asOf: 0, why: 'feed' } });
      await settled(guide);
      expect(states(guide)[2]).to.equal('Last known: done');
      expect(text(guide, '[part=notice]')).to.contain('Last known status');
    });

    it('does not claim that a campaign is well when that is only last known', async () => {
      const guide = await shown();
      store.change(ref, { status: 'active', message: '' });
      await settled(guide);
      expect(has(guide, '[part=notice]')).to.equal(false);
      store.change(ref, { stale: { asOf: 0, why: 'feed' } });
      await settled(guide);
      expect(text(guide, '[part=recovered]')).to.equal('Recovered: Spring sale is Active.');
      expect(text(guide, '[part=notice]')).to.contain('Last known status');
    });

    it('always has exactly one current step, whatever is ticked', async () => {
      const guide = await shown();
      for (let mask = 0; mask < 8; mask++) {
        store.diagnose(ref, diagnosis(sms(mask & 1 ? 'running' : 'stopped'), agent(mask & 2 ? 'running' : 'error')));
        if (box(guide, 1).checked !== Boolean(mask & 4)) box(guide, 1).click();
        await settled(guide);
        expect(current(guide), String(mask)).to.have.length(1);
      }
    });
  });

  describe('R2: who ticks a step', () => {
    it('gives a check box to steps that cannot be checked, and none to what is checked live', async () => {
      const guide = await shown();
      expect(all(guide, 'ol input')).to.have.length(1);
      const node = await axOf(box(guide, 1));
      expect(node?.role).to.equal('checkbox');
      expect(node?.name).to.equal('Done Read the error: it names the cause.');
    });

    it('lets the user tick what the adapter cannot check, until it can', async () => {
      store.diagnose(ref, diagnosis());
      const guide = await shown();
      expect(all(guide, 'ol input')).to.have.length(3);
      await click(box(guide, 2));
      await settled(guide);
      expect(states(guide)[1]).to.equal('Done by you');
      store.diagnose(ref, diagnosis(sms('stopped')));
      await settled(guide);
      expect(states(guide)[1]).to.equal('To do');
      expect(step(guide, 2).querySelector('input') === null).to.equal(true);
    });

    it('takes a tick back', async () => {
      const guide = await shown();
      await click(box(guide, 1));
      await click(box(guide, 1));
      await settled(guide);
      expect(states(guide)[0]).to.equal('To do');
      expect(host.announced).to.deep.equal([]);
    });
  });

  describe('R3: announces', () => {
    it('a live tick and its taking back, once each, and nothing at first', async () => {
      const guide = await shown();
      expect(host.announced).to.deep.equal([]);
      const channel = 'Check that the channel this campaign sends through is running.';
      const flip = async (state: DependencyView['state']) => {
        store.diagnose(ref, diagnosis(sms(state), agent('running')));
        await settled(guide);
        store.diagnose(ref, diagnosis(sms(state), agent('running')));
        await settled(guide);
      };
      await flip('running');
      expect(host.announced).to.deep.equal([`Step 2 done: ${channel}`]);
      expect(states(guide)[1]).to.equal('Done, checked live');
      box(guide, 1).click();
      await settled(guide);
      expect(current(guide)).to.deep.equal([4]);
      await flip('stopped');
      expect(host.announced).to.deep.equal([`Step 2 done: ${channel}`, `Step 2 is open again: ${channel}`]);
      expect(current(guide)).to.deep.equal([2]);
      await flip('unknown');
      await flip('running');
      expect(host.announced).to.have.length(3);
    });

    it('nothing when the first diagnosis arrives', async () => {
      store.diagnose(ref, diagnosis());
      const guide = await shown();
      store.diagnose(ref, diagnosis(sms('running'), agent('running')));
      await settled(guide);
      expect(host.announced).to.deep.equal([]);
    });

    it('a step that someone else did', async () => {
      const guide = await ofPython();
      store.change(legacy, { status: 'configured', message: '' });
      await settled(guide);
      expect(host.announced).to.deep.equal(['Step 2 done: Force stop, so that nothing runs any more.']);
    });

    it('nothing that the button has already announced', async () => {
      const guide = await ofPython();
      const pendingRequest = { action: 'force-stop', since: store.time };
      store.change(legacy, { request: { ...pendingRequest, phase: 'pending' } });
      await settled(guide);
      store.change(legacy, { status: 'configured', message: '', request: { ...pendingRequest, phase: 'done' } });
      await settled(guide);
      expect(states(guide)[1]).to.equal('Done, checked live');
      expect(host.announced).to.deep.equal([]);
    });

    it('that the campaign is well again, instead of the last step', async () => {
      const guide = await shown();
      store.change(ref, { status: 'active' });
      await settled(guide);
      expect(host.announced).to.deep.equal(['Recovered: Spring sale is Active.']);
    });
  });

  describe('what is at hand', () => {
    it('is the action that is legal now, in its step', async () => {
      const guide = await ofPython();
      expect(all(guide, '[part=action]')).to.have.length(1);
      expect(step(guide, 2).querySelector('[part=action]') !== null).to.equal(true);
      expect(clean(step(guide, 4))).to.contain('Comes after step 2.');
      await axNode({ role: 'button', name: 'Force stop Winter tyres' });
      store.change(legacy, { status: 'configured', message: '' });
      await settled(guide);
      expect(step(guide, 2).querySelector('[part=action]') === null).to.equal(true);
      expect(step(guide, 4).querySelector('[part=action]') !== null).to.equal(true);
      await axNode({ role: 'button', name: 'Start Winter tyres' });
    });

    it('says why not, when a prerequisite went missing meanwhile', async () => {
      const guide = await ofPython();
      store.change(legacy, { status: 'created', message: '', missing: ['contacts'] });
      await settled(guide);
      const start = await axNode({ role: 'button', name: 'Start Winter tyres' });
      expect(start.states['disabled']).to.equal(true);
      expect(start.description).to.contain('contacts');
    });

    it('is any action that is legal now, also beside the status’s own', async () => {
      const twoWays = defineLifecycle({
        system: 'two-ways',
        label: 'Two ways',
        initial: 'running',
        statuses: {
          running: { label: 'Running', tone: 'green', icon: 'play', meaning: 'Goes out.', action: 'pause' },
          paused: { label: 'Paused', tone: 'red', icon: 'diamond', meaning: 'Held up.', action: 'resume' },
          cancelled: { label: 'Cancelled', tone: 'gray', icon: 'cross', meaning: 'Will not be sent.' },
        },
        actions: {
          pause: { label: 'Pause', pending: 'Pausing', from: { running: 'paused' } },
          resume: { label: 'Resume', pending: 'Resuming', from: { paused: 'running' } },
          cancel: { label: 'Cancel', pending: 'Cancelling', from: { paused: 'cancelled' } },
        },
        recovery: {
          paused: [
            { id: 'cancel', text: 'Cancel it for good,', offer: { action: 'cancel' } },
            { id: 'resume', text: 'or resume.', done: { status: ['running'] }, offer: { action: 'resume' } },
          ],
        },
      });
      const may = { system: 'two-ways', id: 'may' };
      store = new StubStore(twoWays);
      store.show(may, { status: 'paused', name: 'May' });
      const guide = await shown(html`<recovery-guide system="two-ways" campaign-id="may"></recovery-guide>`);
      for (const name of ['Resume May', 'Cancel May']) {
        const { states } = await axNode({ role: 'button', name });
        expect(states['disabled'], name).not.to.equal(true);
      }
      await click(step(guide, 1).querySelector('[part=action]')!);
      await click(step(guide, 2).querySelector('[part=action]')!);
      expect(store.performed.map(({ action }) => action)).to.deep.equal(['cancel', 'resume']);
    });

    it('says before the click whether it is worth it', async () => {
      const guide = await shown();
      expect(clean(step(guide, 4))).to.contain(
        'The cause is not fixed yet. After “Start”, the campaign would be in error again.',
      );
      store.diagnose(ref, diagnosis(sms('running'), agent('running')));
      await settled(guide);
      expect(clean(step(guide, 4))).to.contain('The cause looks fixed: “Start” can work now.');
      store.diagnose(ref, diagnosis());
      await settled(guide);
      expect(has(guide, '.outlook')).to.equal(false);
    });

    it('does not promise anything when the error comes from no channel or agent', async () => {
      store.diagnose(legacy, diagnosis(sms('running')));
      const guide = await ofPython();
      store.change(legacy, { status: 'configured', message: '' });
      await settled(guide);
      expect(has(guide, '.outlook')).to.equal(false);
    });

    it('opens the engine log in its step', async () => {
      store.write(legacy, { entries: [{ text: 'Traceback' }], dropped: 0, state: 'live' });
      const guide = await ofPython();
      expect(store.observers('log')).to.equal(0);
      const button = within(guide, '[part=log-button]');
      expect(button.getAttribute('aria-expanded')).to.equal('false');
      await click(button);
      await settled(guide);
      expect(button.getAttribute('aria-expanded')).to.equal('true');
      expect(within(guide, '#log').contains(within(guide, '[part=log]'))).to.equal(true);
      expect(store.observers('log')).to.equal(1);
      await click(button);
      await settled(guide);
      expect(store.observers('log')).to.equal(0);
    });

    it('stays where it is while its step goes on to another status', async () => {
      const guide = await ofPython();
      await click(within(guide, '[part=log-button]'));
      await settled(guide);
      const log = within(guide, '[part=log]');
      store.change(legacy, { status: 'configured', message: '' });
      await settled(guide);
      expect(within(guide, '[part=log]') === log, 'same element').to.equal(true);
    });
  });

  describe('a session', () => {
    it('stays through the statuses on the way, and ends with the last self-ticking step', async () => {
      const guide = await ofPython();
      await click(box(guide, 1));
      store.change(legacy, { status: 'configured', message: '' });
      await settled(guide);
      expect(states(guide)).to.deep.equal(['Done by you', 'Done, checked live', 'To do', 'To do']);
      store.change(legacy, { status: 'running' });
      await settled(guide);
      expect(text(guide, '[part=recovered]')).to.equal('Recovered: Winter tyres is Running.');
      expect(guide.matches(':state(recovered)')).to.equal(true);
      store.change(legacy, { status: 'configured' });
      await settled(guide);
      expect(text(guide, '.note')).to.equal('Nothing to recover: Winter tyres is Configured.');
    });

    it('starts again with each new error, without the ticks of the last one', async () => {
      const guide = await shown();
      await click(box(guide, 1));
      store.change(ref, { status: 'active' });
      await settled(guide);
      store.change(ref, { status: 'error', message: 'Again', at: store.time });
      await settled(guide);
      expect(states(guide)[0]).to.equal('To do');
      expect(text(guide, '[part=message]')).to.equal('Again');
      await click(box(guide, 1));
      store.change(ref, { status: 'error', message: 'And again', at: store.time + 1 });
      await settled(guide);
      expect(states(guide)[0]).to.equal('To do');
    });

    it('starts again when the campaign fails again, even in the same words', async () => {
      const guide = await shown();
      await click(box(guide, 1));
      store.change(ref, { status: 'inactive' });
      await settled(guide);
      expect(states(guide)[0]).to.equal('Done by you');
      store.change(ref, { status: 'error' });
      await settled(guide);
      expect(states(guide)[0]).to.equal('To do');
    });

    it('is not disturbed by what does not concern the error', async () => {
      const guide = await shown();
      await click(box(guide, 1));
      store.change(ref, { name: 'Spring sale 2' });
      store.change(ref, { stale: { asOf: 0, why: 'feed' } });
      store.change(ref, {});
      await settled(guide);
      expect(states(guide)[0]).to.equal('Done by you');
    });

    it('is closed for this error, and not for the next', async () => {
      const guide = await shown();
      guide.close();
      await settled(guide);
      expect(has(guide, 'ol')).to.equal(false);
      store.change(ref, { name: 'Other name' });
      await settled(guide);
      expect(has(guide, 'ol')).to.equal(false);
      guide.reopen();
      await settled(guide);
      expect(has(guide, 'ol')).to.equal(true);
      guide.close();
      store.change(ref, { status: 'active' });
      await settled(guide);
      expect(has(guide, '[part=recovered]')).to.equal(false);
      store.change(ref, { status: 'error', message: 'New' });
      await settled(guide);
      expect(has(guide, 'ol')).to.equal(true);
    });

    it('goes on in another guide of the same store: the page was left to fix the cause', async () => {
      const guide = await ofPython();
      await click(box(guide, 1));
      store.change(legacy, { status: 'configured', message: '' });
      await settled(guide);
      host.remove();
      const later = await ofPython();
      expect(states(later)).to.deep.equal(['Done by you', 'Done, checked live', 'To do', 'To do']);
      expect(text(later, '[part=message]')).to.equal('ZeroDivisionError');
    });

    it('of one store is none of another', async () => {
      const guide = await ofPython();
      store.change(legacy, { status: 'configured', message: '' });
      await settled(guide);
      const other = new StubStore();
      other.show(legacy, { status: 'configured', name: 'Winter tyres' });
      guide.store = other;
      await settled(guide);
      expect(has(guide, 'ol')).to.equal(false);
    });

    it('ends quietly with the campaign', async () => {
      const guide = await shown();
      store.change(ref, { presence: 'gone' });
      await settled(guide);
      expect(text(guide, '.note')).to.equal('This campaign was removed.');
      expect(host.announced).to.deep.equal([]);
    });

    it('is over when the user says so, where no step ticks itself', async () => {
      const byHand = defineLifecycle({
        system: 'manual',
        label: 'Manual',
        initial: 'up',
        statuses: {
          up: { label: 'Up', tone: 'green', icon: 'play', meaning: 'Up.', fault: 'down' },
          down: { label: 'Down', tone: 'red', icon: 'cross', meaning: 'Down.', action: 'lift' },
        },
        actions: { lift: { label: 'Lift', pending: 'Lifting', from: { down: 'up' } } },
        recovery: { down: [{ id: 'look', text: 'Look.' }] },
      });
      const guide = await fixture<RecoveryGuide>(
        html`<recovery-guide system="manual" name="M" status="down" .lifecycle=${byHand}></recovery-guide>`,
      );
      guide.status = 'up';
      await settled(guide);
      expect(states(guide)).to.deep.equal(['To do']);
      await click(box(guide, 1));
      await settled(guide);
      expect(text(guide, '[part=recovered]')).to.equal('Recovered: M is Up.');
    });
  });

  describe('with nothing to recover', () => {
    beforeEach(() => store.show(ref, { status: 'active', name: 'Spring sale' }));

    it('says so quietly', async () => {
      expect(text(await shown(), '.note')).to.equal('Nothing to recover: Spring sale is Active.');
    });

    it('shows nothing and takes no room with quiet', async () => {
      const guide = await shown(html`<recovery-guide quiet system="flows" campaign-id="spring"></recovery-guide>`);
      expect(guide.getBoundingClientRect().height).to.equal(0);
      expect(guide.matches(':state(empty)')).to.equal(true);
      store.change(ref, { status: 'error' });
      await settled(guide);
      expect(guide.matches(':state(open)')).to.equal(true);
      expect(guide.getBoundingClientRect().height).to.be.greaterThan(100);
    });

    it('claims nothing of a status that it does not know', async () => {
      store.show(ref, { status: 'constructor', name: 'Spring sale' });
      expect(text(await shown(), '.note')).to.contain('does not know this status yet');
    });

    it('says that it has not been read yet', async () => {
      const guide = await shown(html`<recovery-guide system="flows" campaign-id="late"></recovery-guide>`);
      expect(text(guide, '.note')).to.equal('Loading…');
      store.show(
        { system: 'flows', id: 'late' },
        { presence: 'loading', loadError: { code: 'unavailable', message: '' } },
      );
      await settled(guide);
      expect(text(guide, '.note')).to.equal('This campaign could not be read yet.');
    });
  });

  describe('hostile text', () => {
    it('stays text', async () => {
      const markup = '<img src=x onerror="window.hit=1">';
      store.show(ref, {
        status: 'error',
        name: `${markup}\u202E`,
        message: `${markup}\n\u202Ereversed ${'x'.repeat(10_000)}`,
        cause: { kind: '__proto__', id: markup, name: markup },
      });
      store.diagnose(ref, diagnosis({ kind: 'channel', id: markup, name: markup, state: 'stopped', message: markup }));
      await setViewport(320, 600);
      const guide = await shown();
      expect(has(guide, 'img')).to.equal(false);
      expect(text(guide, '[part=message]')).to.match(/^<img src=x onerror="window\.hit=1"> \[U\+202E\]reversed x+$/);
      expect(text(guide, '.heading')).to.equal(`Recover ${markup}[U+202E]`);
      expect(within(guide, '.heading').querySelector('bdi') !== null).to.equal(true);
      expect(document.documentElement.scrollWidth).to.be.at.most(320);
    });
  });

  describe('words', () => {
    it('has none of its own in the code', async () => {
      const i18n = new Localizer(pseudo);
      const foreign = [
        'SMS is not running.',
        '611 messages wait.',
        'Spring sale',
        'Winter tyres',
        'SMS',
        'scorer',
        'ZeroDivisionError',
      ];
      const guide = await shown(undefined, { i18n });
      await click(box(guide, 1));
      expect(unmarked(guide, foreign)).to.deep.equal([]);
      store.diagnose(ref, diagnosis(sms('running'), agent('running')));
      store.change(ref, { stale: { asOf: 0, why: 'feed' } });
      await settled(guide);
      expect(unmarked(guide, foreign)).to.deep.equal([]);
      store.change(ref, { status: 'active' });
      await settled(guide);
      expect(unmarked(guide, foreign)).to.deep.equal([]);
      const announced = document.createElement('p');
      announced.textContent = host.announced.join(' ');
      expect(host.announced).to.have.length(2);
      expect(unmarked(announced, foreign)).to.deep.equal([]);
      const other = await shown(html`<recovery-guide system="python" campaign-id="winter"></recovery-guide>`, {
        i18n,
      });
      await click(within(other, '[part=log-button]'));
      await settled(other);
      expect(unmarked(other, foreign)).to.deep.equal([]);
      other.close();
      await settled(other);
      expect(unmarked(other, foreign)).to.deep.equal([]);
    });
  });

  describe('a third system', () => {
    it('is led out by its own steps', async () => {
      const may = { system: 'mailings', id: 'may' };
      const relay = (state: DependencyView['state']): DependencyView => ({
        kind: 'relay',
        id: 'r1',
        name: 'Relay 1',
        state,
      });
      store.show(may, { status: 'paused', name: 'May', message: 'Relay refused' });
      store.diagnose(may, diagnosis(relay('error')));
      const guide = await shown(html`<recovery-guide system="mailings" campaign-id="may"></recovery-guide>`);
      expect(states(guide)).to.deep.equal(['To do', 'To do', 'To do']);
      expect(text(guide, 'ol [part=link]')).to.equal('Open postmaster');
      await axNode({ role: 'button', name: 'Resume May' });
      expect(clean(step(guide, 3))).to.contain(
        'The cause is not fixed yet. After “Resume”, the campaign would be in error again.',
      );
      store.diagnose(may, diagnosis(relay('running')));
      await settled(guide);
      expect(clean(step(guide, 2))).to.contain('relay Relay 1 running');
      store.change(may, { status: 'running' });
      await settled(guide);
      expect(text(guide, '[part=recovered]')).to.equal('Recovered: May is Running.');
      store.change(may, { status: 'finished' });
      await settled(guide);
      expect(text(guide, '.note')).to.equal('Nothing to recover: May is Finished.');
    });
  });

  describe('look', () => {
    it('fits into 320 px, with targets of 24 px', async () => {
      await setViewport(320, 800);
      const endless = 'long'.repeat(40);
      const cause = { kind: 'agent', id: 'x', name: endless };
      store.change(legacy, { name: endless, message: endless, cause });
      store.diagnose(legacy, diagnosis({ ...cause, state: 'error', message: endless }));
      const guide = await ofPython();
      await click(within(guide, '[part=log-button]'));
      await settled(guide);
      expect(document.documentElement.scrollWidth).to.be.at.most(320);
      for (const control of all(guide, 'button, label, .link'))
        expect(control.getBoundingClientRect().height, control.outerHTML).to.be.at.least(24);
    });
  });

  it('leads a campaign of a real backend out of its error', async () => {
    const backend = simulateBackend({ sampleData: 'empty', tickMs: 0, processingMs: 50 });
    const real = createCampaignStore({ adapter: simulatedAdapter(backend), graceMs: 0 });
    const campaign = backend.campaigns.add({
      system: 'python',
      id: 'r',
      name: 'Real',
      status: 'running',
      met: ['contacts', 'strategy'],
    });
    backend.campaigns.raise(campaign, 'KeyError');
    host = await renderWithStore(real, html`<recovery-guide system="python" campaign-id="r"></recovery-guide>`);
    const guide = host.querySelector('recovery-guide')!;
    await until(() => has(guide, 'ol'));
    expect(text(guide, '[part=message]')).to.contain('KeyError');
    await click(box(guide, 1));
    await click(within(guide, '[part=action]'));
    const action = within(guide, '[part=action]');
    const go = await until(() => action.shadowRoot!.querySelector<HTMLElement>('[part=confirm-go]'));
    await until(() => go.getAttribute('aria-disabled') !== 'true');
    await new Promise((resolve) => setTimeout(resolve, 600));
    await click(go);
    await until(() => guide.view?.status === 'configured', 'Force stop');
    await settled(guide);
    expect(states(guide)).to.deep.equal(['Done by you', 'Done, checked live', 'To do', 'To do']);
    expect(focused()?.getRootNode() === guide.shadowRoot, 'focus').to.equal(true);
    await click(box(guide, 3));
    await new Promise((resolve) => setTimeout(resolve, 600));
    await click(within(guide, '[part=action]'));
    await until(() => has(guide, '[part=recovered]'), 'Start');
    expect(text(guide, '[part=recovered]')).to.equal('Recovered: Real is Running.');
    await until(() => host.announced.length > 1);
    expect(host.announced).to.deep.equal(['Real is Configured.', 'Real is Running.']);
    host.remove();
    real.dispose();
    backend.dispose();
  });
});
