import { expect, fixture, html } from '@open-wc/testing';
import { BehaviorSubject } from 'rxjs';
import type { CampaignActionButton } from '../../../src/elements/campaign-action-button/campaign-action-button.ts';
import type { CampaignProvider } from '../../../src/provider/campaign-provider.ts';
import { listView } from '../../../src/store/data/list-view.ts';
import type { Connection, ListView, Live } from '../../../src/store/index.ts';
import '../../../src/define.ts';
import { axNode, click, nextFrame, setViewport, until } from '../../support/browser.ts';
import { kinds, textOf } from '../../support/elements/two-stores.ts';
import { pseudo } from '../../support/elements/pseudo-locale.ts';
import { replaceTexts } from '../../support/elements/replace-texts.ts';
import { StubStore, type Facts } from '../../support/elements/stub-store.ts';
import '../../support/elements/load-layers.ts';

const ref = { system: 'python', id: 'spring' };
const flow = { system: 'flows', id: 'spring' };
const listOf = (id: string, counts: ReadonlyMap<string, number>, total: number): ListView =>
  listView({ ids: [id], total, counts, complete: true });

/** A store whose campaign changes together with its list, connection, log and dependencies. */
class ChangingStore extends StubStore {
  readonly #list = new BehaviorSubject(listOf(ref.id, new Map(), 1));
  readonly #connection = new BehaviorSubject<Connection>(super.connection(ref.system).value);

  /** Changes every text that may change, so that no two steps share one. */
  turn(step: number, facts: Facts): void {
    const at = this.time - 180_000 * step;
    const cause = { kind: 'channel', id: 'c', name: `Channel ${step}` };
    this.show(ref, {
      name: `Campaign ${step}`,
      message: `Message ${step}`,
      changedBy: `Team ${step}`,
      at,
      cause,
      stale: { asOf: at, why: 'feed' },
      ...facts,
    });
    this.diagnose(ref, {
      dependencies: [{ ...cause, state: step % 2 ? 'stopped' : 'running', message: `Reason ${step}` }],
      outlook: step % 2 ? 'fails-again' : 'works',
    });
    this.write(ref, { entries: [{ text: `Line ${step}`, at }], dropped: step, state: 'lost' });
    this.#list.next(listOf(ref.id, new Map([[facts.status!, step]]), step));
    this.#connection.next({ ...this.#connection.value, state: 'waiting', since: at, lost: { asOf: at } });
  }

  override list(): Live<ListView> {
    return this.#list;
  }

  override connection(): Live<Connection> {
    return this.#connection;
  }
}

const refused = (action: string, step: number): Facts => ({
  request: { action, since: 0, phase: 'refused', reason: { code: 'unavailable', text: `Refusal ${step}` } },
});
/** From status to status, and within each from message to message. */
const steps: readonly Facts[] = [
  { status: 'created', missing: ['contacts', 'strategy'], ...refused('start', 0) },
  { status: 'created', missing: ['contacts'], ...refused('stop', 1) },
  { status: 'error', ...refused('force-stop', 2) },
  { status: 'error', ...refused('start', 3) },
  { status: 'configured', ...refused('force-stop', 4) },
  { status: 'running', ...refused('start', 5) },
  { status: 'a status that nobody knows', ...refused('stop', 6) },
];

interface Opened {
  readonly element: string;
  readonly what: string;
  readonly open: (element: HTMLElement) => unknown;
  /** The step at which it is opened. */
  readonly from: number;
}
const pressed = (element: HTMLElement, part: string): void =>
  element.shadowRoot!.querySelector<HTMLElement>(`[part=${part}]`)!.click();
const layers: readonly Opened[] = [
  ...kinds.map(([element]) => ({ element, what: '', open: () => {}, from: 0 })),
  { element: 'campaign-status-tag', what: ' with its message open', open: (tag) => pressed(tag, 'tag'), from: 0 },
  { element: 'campaign-action-button', what: ' with a reason open', open: (one) => pressed(one, 'button'), from: 0 },
  { element: 'campaign-action-button', what: ' with an outcome open', open: (one) => pressed(one, 'outcome'), from: 0 },
  { element: 'campaign-action-button', what: ' that asks to confirm', open: (one) => pressed(one, 'button'), from: 3 },
  { element: 'campaign-header', what: ' with its log open', open: (header) => pressed(header, 'log-button'), from: 0 },
  { element: 'recovery-guide', what: ' with its log open', open: (guide) => pressed(guide, 'log-button'), from: 2 },
];

/** What an element shows after each step. @param disturb applied to it before each change */
async function shownAlong(
  { element: name, open, from }: Opened,
  disturb: (element: Element) => void,
): Promise<string[]> {
  const store = new ChangingStore();
  store.turn(from, steps[from]!);
  const around = await fixture<CampaignProvider>(html`<campaign-provider .store=${store}></campaign-provider>`);
  const element = around.appendChild(document.createElement(name));
  Object.assign(element, { system: ref.system, campaignId: ref.id });
  await nextFrame();
  open(element);
  await nextFrame();
  const shown: string[] = [];
  for (const [step, facts] of steps.entries()) {
    if (step <= from) continue;
    disturb(element);
    store.turn(step, facts);
    await nextFrame();
    await nextFrame();
    shown.push(textOf(element).replace(/\s+/g, ' '));
  }
  around.remove();
  return shown;
}

describe('on a page where something else replaced the text nodes', () => {
  beforeEach(() => setViewport(1000, 800));

  for (const layer of layers)
    it(`${layer.element}${layer.what} shows the current state after each change`, async () => {
      const undisturbed = await shownAlong(layer, () => {});
      expect(new Set(undisturbed).size, 'each step shows something else').to.equal(undisturbed.length);
      expect(await shownAlong(layer, replaceTexts)).to.deep.equal(undisturbed);
    });

  it('campaign-provider shows a problem in the current language', async () => {
    const provider = await fixture<CampaignProvider>(html`<campaign-provider></campaign-provider>`);
    replaceTexts(provider);
    Object.assign(provider, { translations: pseudo, verify: true });
    await nextFrame();
    expect(textOf(provider)).not.to.match(/[a-z]/);
  });

  for (const name of ['campaign-action-button', 'campaign-header', 'campaign-list'])
    it(`${name} sends the action of the verb that it shows`, async () => {
      const store = new StubStore();
      store.show(flow, { status: 'inactive', name: 'Spring sale', missing: [] });
      const list = new BehaviorSubject(listOf(flow.id, new Map(), 1));
      store.list = () => list;
      const around = await fixture<CampaignProvider>(html`<campaign-provider .store=${store}></campaign-provider>`);
      const tag = around.appendChild(document.createElement('campaign-status-tag'));
      const element = around.appendChild(document.createElement(name));
      for (const one of [tag, element]) Object.assign(one, { system: flow.system, campaignId: flow.id });
      await until(() => textOf(element).includes('Start'));
      await axNode({ role: 'button', name: 'Start Spring sale' });
      replaceTexts(document.body);
      store.change(flow, { status: 'active', missing: [] });
      await nextFrame();
      expect(textOf(tag)).to.include('Active').and.not.to.include('Inactive');
      await axNode({ role: 'button', name: 'Stop Spring sale' });
      // A press right after the verb has changed is ignored, with a hint.
      await new Promise((resolve) => setTimeout(resolve, 600));
      await click(name === 'campaign-action-button' ? element : element.shadowRoot!.querySelector('[part=action]')!);
      expect(store.performed).to.deep.equal([{ ref: flow, action: 'stop' }]);
    });

  it('campaign-action-button sends no action when its verb was overwritten with another', async () => {
    const store = new StubStore();
    store.show(flow, { status: 'active', name: 'Spring sale' });
    const element = await fixture<CampaignActionButton>(
      html`<campaign-action-button .store=${store} system="flows" campaign-id="spring"></campaign-action-button>`,
    );
    const texts = document.createTreeWalker(element.shadowRoot!, NodeFilter.SHOW_TEXT);
    while (texts.nextNode()) if (texts.currentNode.textContent === 'Stop') texts.currentNode.textContent = 'Start';
    await click(element);
    expect(store.performed).to.deep.equal([]);
    await until(() => textOf(element).includes('Stop'));
    await axNode({ role: 'button', name: 'Stop Spring sale' });
    await click(element);
    expect(store.performed).to.deep.equal([{ ref: flow, action: 'stop' }]);
  });
});

describe('for page translators', () => {
  const foreign = ['Spring sale', 'Channel is down.'];
  /** All visible texts that a translator leaves alone. */
  function untranslated(node: Node): string[] {
    if (node instanceof Element && node.getAttribute('translate') === 'no') return [node.textContent.trim()];
    const inner = node instanceof Element && node.shadowRoot ? untranslated(node.shadowRoot) : [];
    return [...inner, ...[...node.childNodes].flatMap(untranslated)];
  }
  async function everything(attributes: Readonly<Record<string, string>>): Promise<Element> {
    const store = new StubStore();
    store.show(ref, { status: 'error', name: foreign[0]!, message: foreign[1]! });
    const list = new BehaviorSubject(listOf(ref.id, new Map([['error', 1]]), 1));
    store.list = () => list;
    const around = await fixture<CampaignProvider>(html`<campaign-provider .store=${store}></campaign-provider>`);
    for (const [name] of kinds) {
      const element = document.createElement(name);
      Object.assign(element, { system: ref.system, campaignId: ref.id });
      for (const [attribute, value] of Object.entries(attributes)) element.setAttribute(attribute, value);
      around.append(element);
    }
    await nextFrame();
    return around;
  }

  it('status label and verb are marked as not to be translated, wherever they stand alone', async () => {
    const around = await everything({});
    const untranslatedIn = (name: string): string[] => untranslated(around.querySelector(name)!);
    expect(untranslatedIn('campaign-status-tag')).to.deep.equal(['Error']);
    expect(new Set(untranslatedIn('campaign-action-button'))).to.deep.equal(new Set(['Force stop', 'Force-stopping…']));
    expect(untranslatedIn('campaign-header')).to.include.members(['Error', 'Force stop']);
    expect(untranslatedIn('recovery-guide')).to.include('Force stop');
    expect(untranslatedIn('campaign-list')).to.include.members([
      'Created',
      'Configured',
      'Running',
      'Error',
      'Force stop',
    ]);
    around.querySelector('campaign-status-tag')!.open();
    await nextFrame();
    expect(untranslatedIn('campaign-status-tag')).to.deep.equal(['Error', 'Error']);
    around.querySelector('campaign-action-button')!.press();
    await nextFrame();
    expect(untranslatedIn('campaign-action-button').at(-1), 'in the confirmation').to.equal('Force stop');
  });

  it('status label and verb may be translated when the host sets translate', async () => {
    for (const translate of ['yes', '']) {
      const around = await everything({ translate });
      expect(untranslated(around)).to.deep.equal([]);
      around.remove();
    }
  });
});
