import { expect, fixture, html, nextFrame } from '@open-wc/testing';
import { BehaviorSubject } from 'rxjs';
import { simulateBackend, simulatedAdapter, type SimulatedBackend } from '../../mocks/index.ts';
import { bulkChunk } from '../../src/elements/campaign-list/bulk-chunk.ts';
import '../../src/elements/campaign-list/define.ts';
import type { CampaignList } from '../../src/elements/campaign-list/campaign-list.ts';
import { english } from '../../src/i18n/index.ts';
import {
  createCampaignStore,
  type BulkGroup,
  type BulkProgress,
  type BulkRun,
  type CampaignStore,
  type Live,
} from '../../src/store/index.ts';
import { axNode, click, emulate, focused, moveTo, pause, press, setViewport, until } from '../support/browser.ts';
import { expectAccessible } from '../support/elements/axe.ts';
import { ManyStore } from '../support/elements/many-store.ts';
import '../support/elements/load-layers.ts';

before(() => bulkChunk.load());

const closing: (() => void)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) close();
  await moveTo(0, 0);
});

interface Shown {
  readonly list: CampaignList;
  readonly backend: SimulatedBackend;
  readonly store: CampaignStore;
  readonly said: string[];
  readonly events: string[];
}

const MET = { flows: ['active-flow'], python: ['contacts', 'strategy'] };

/** A list of campaigns with these ids and statuses; all are selected. */
async function selectedList(
  statuses: Readonly<Record<string, string>>,
  system: 'flows' | 'python' = 'flows',
  properties: Partial<CampaignList> = {},
): Promise<Shown> {
  const backend = simulateBackend({ seed: 1, tickMs: 0, sampleData: 'empty' });
  const store = createCampaignStore({ adapter: simulatedAdapter(backend) });
  closing.push(
    () => store.dispose(),
    () => backend.dispose(),
  );
  for (const [id, status] of Object.entries(statuses))
    backend.campaigns.add({ system, id, name: id, status, met: MET[system] });
  const shown = await show(store, system, properties);
  await until(() => part(shown.list, 'row'), 'rows');
  shown.list.selectAll();
  await until(() => actions(shown.list).length > 0, 'actions');
  return { ...shown, backend, store };
}

async function show(
  store: CampaignStore,
  system: string,
  properties: Partial<CampaignList> = {},
): Promise<Pick<Shown, 'list' | 'said' | 'events'>> {
  const said: string[] = [];
  const events: string[] = [];
  const list = await fixture<CampaignList>(
    html`<campaign-list selectable no-search no-filters .store=${store} system=${system}></campaign-list>`,
  );
  list.settings = { i18n: english, routes: {}, announce: (text) => said.push(text) };
  Object.assign(list, properties);
  list.addEventListener('campaign-bulk-action', ({ detail }) =>
    events.push(`${detail.action} ${[...detail.ids].sort().join(' ')}`),
  );
  list.addEventListener('campaign-bulk-outcome', ({ detail: { action, counts } }) =>
    events.push(`${action}: ${counts.done} done, ${counts.skipped} skipped`),
  );
  return { list, said, events };
}

/** A run that a test moves on. */
class ScriptedRun implements BulkRun {
  readonly system = 'flows';
  readonly action = 'start';
  readonly progress: BehaviorSubject<BulkProgress> & Live<BulkProgress>;
  groups: readonly BulkGroup[] = [];
  calls: string[] = [];

  constructor(readonly total: number) {
    this.progress = new BehaviorSubject(this.#progress({ unsent: total }));
  }

  #progress(counts: Partial<BulkProgress['counts']>, more: Partial<BulkProgress> = {}): BulkProgress {
    const none = { done: 0, skipped: 0, failed: 0, uncertain: 0, unsent: 0, pending: 0 };
    return { state: 'sending', total: this.total, counts: { ...none, ...counts }, ...more };
  }

  moves(counts: Partial<BulkProgress['counts']>, more: Partial<BulkProgress> = {}): void {
    this.progress.next(this.#progress(counts, more));
  }

  results = (): readonly BulkGroup[] => this.groups;
  cancel = (): void => void this.calls.push('cancel');
  resume = (): void => void this.calls.push('resume');
}

/** A store whose selected campaigns all offer Start, and whose run a test moves on. */
class OfferingStore extends ManyStore {
  readonly runs: ScriptedRun[] = [];

  override offers() {
    return { actions: new Map([['start', this.ids]]), gone: [] };
  }

  override performMany(_system: string, ids: Iterable<string>): BulkRun {
    const run = new ScriptedRun([...ids].length);
    this.runs.push(run);
    return run;
  }
}

async function scripted(
  count: number,
): Promise<Pick<Shown, 'list' | 'said' | 'events'> & { run: ScriptedRun; store: OfferingStore }> {
  const store = new OfferingStore(count);
  const shown = await show(store, 'flows');
  await until(() => part(shown.list, 'row'), 'rows');
  shown.list.selectAll();
  await until(() => actions(shown.list).length > 0, 'actions');
  await act(shown.list, 'Start');
  await until(() => store.runs.length === 1, 'a run');
  await shown.list.updateComplete;
  return { ...shown, store, run: store.runs[0]! };
}

const statusOf = async (backend: SimulatedBackend, system: string, id: string): Promise<string | undefined> =>
  (await backend.get({ system, id }))?.campaign.status;
const part = (list: CampaignList, name: string): HTMLElement | null =>
  list.renderRoot.querySelector<HTMLElement>(`[part="${name}"]`);
const parts = (list: CampaignList, name: string): HTMLElement[] => [
  ...list.renderRoot.querySelectorAll<HTMLElement>(`[part="${name}"]`),
];
const text = (element: Element | null): string => (element?.textContent ?? '').trim().replace(/\s+/g, ' ');
const actions = (list: CampaignList): string[] => parts(list, 'bulk-action').map(text);
const summary = (list: CampaignList): string => text(part(list, 'bulk-summary'));
const groups = (list: CampaignList): string[] => parts(list, 'bulk-toggle').map(text);
const action = (list: CampaignList, verb: string): HTMLElement =>
  parts(list, 'bulk-action').find((button) => text(button).startsWith(verb))!;
const act = (list: CampaignList, verb: string): Promise<void> => click(action(list, verb));
const inside = (list: CampaignList): Element | null => list.shadowRoot!.activeElement;
const ended = (list: CampaignList): Promise<unknown> =>
  until(() => part(list, 'bulk-close') && !part(list, 'bulk-progress'), 'the end');

const MIXED = { Alpha: 'error', Bravo: 'active', Charlie: 'error', Delta: 'inactive' } as const;

describe('campaign-list, actions on the selected campaigns', () => {
  describe('accessibility', () => {
    it('names each action by verb and number, the visible text first', async () => {
      const { list } = await selectedList(MIXED);
      expect(actions(list)).to.deep.equal(['Start 3', 'Stop 1']);
      await axNode({ role: 'button', name: 'Start 3 of the selected campaigns' });
      await axNode({ role: 'button', name: 'Stop 1 of the selected campaigns' });
    });

    for (const [what, width, forcedColors] of [
      ['wide', 1000, 'none'],
      ['narrow', 320, 'none'],
      ['in forced colours', 1000, 'active'],
    ] as const)
      it(`passes axe with outcomes, ${what}`, async () => {
        await setViewport(width, 700);
        await emulate({ forcedColors });
        const { list } = await selectedList(MIXED);
        await act(list, 'Start');
        await ended(list);
        await click(parts(list, 'bulk-toggle')[0]!);
        await expectAccessible(list);
        expect(document.documentElement.scrollWidth).to.be.at.most(width);
        await axNode({ role: 'region', name: 'Start, 4 campaigns' });
      });

    it('passes axe while requests are sent, and when sending has stopped', async () => {
      const { list, run } = await scripted(1200);
      run.moves({ done: 300, unsent: 400, pending: 500 });
      await until(() => summary(list).includes('500 under way'));
      await axNode({ role: 'progressbar', name: 'Start, 1,200 campaigns' });
      await expectAccessible(list);
      run.moves({ done: 800, unsent: 400 }, { state: 'ended', stopped: 'lost' });
      await until(() => part(list, 'bulk-stopped'));
      await expectAccessible(list);
    });

    it('passes axe with a confirmation', async () => {
      const { list } = await selectedList({ Alpha: 'error' }, 'python');
      await act(list, 'Force stop');
      await until(() => part(list, 'confirm'));
      const dialog = await axNode({ role: 'alertdialog' });
      expect(dialog.name).to.equal('Force stop 1 campaign?');
      expect(dialog.description).to.match(/^For each of them: /);
      // What is behind the backdrop keeps axe from seeing the dialog's background; the button's tests check its contrast.
      await expectAccessible(list, { undecided: ['color-contrast'] });
    });
  });

  describe('outcomes', () => {
    it('lists each campaign once, with the reason why it was skipped', async () => {
      const { list, backend } = await selectedList(MIXED);
      await act(list, 'Start');
      await ended(list);
      expect(summary(list)).to.equal('1 skipped and 3 done');
      expect(groups(list)).to.deep.equal(['1 skipped: This is not possible in the current status.', '3 done']);
      expect(await statusOf(backend, 'flows', 'Alpha')).to.equal('active');
      await click(parts(list, 'bulk-toggle')[1]!);
      expect(parts(list, 'bulk-names').map(text)).to.deep.equal(['AlphaCharlieDelta']);
      await until(() => actions(list).join() === 'Stop 4', 'what they offer now');
      await act(list, 'Stop');
      await until(() => text(part(list, 'bulk-title')) === 'Stop, 4 campaigns');
      await ended(list);
      expect(groups(list)).to.deep.equal(['4 done']);
    });

    it('lists reasons of the backend as text, and no more than twenty for one outcome', async () => {
      const { list, run } = await scripted(30);
      run.groups = Array.from({ length: 30 }, (_, n) => ({
        outcome: 'failed' as const,
        reason: { code: 'forbidden' as const, text: `<b>Reason ${n}</b>` },
        ids: [`c${n}`],
      }));
      run.moves({ failed: 30 }, { state: 'ended' });
      await ended(list);
      expect(groups(list).length).to.equal(21);
      expect(groups(list)[0]).to.equal('1 failed: <b>Reason 0</b>');
      expect(groups(list)[20]).to.equal('10 failed');
    });

    it('bounds the names, and lists the rest when it is asked to', async () => {
      const { list, run, store } = await scripted(1500);
      run.groups = [{ outcome: 'done', ids: store.ids }];
      run.moves({ done: 1500 }, { state: 'ended' });
      await ended(list);
      await click(part(list, 'bulk-toggle')!);
      expect(part(list, 'bulk-names')!.children.length).to.equal(100);
      expect(text(list.renderRoot.querySelector('.rest-names'))).to.equal('and 1,400 more Show 1,000 more');
      await click(part(list, 'bulk-more')!);
      expect(part(list, 'bulk-names')!.children.length).to.equal(1100);
      await click(part(list, 'bulk-more')!);
      expect(part(list, 'bulk-names')!.children.length).to.equal(1500);
      expect(part(list, 'bulk-more')).to.equal(null);
      await click(part(list, 'bulk-toggle')!);
      expect(part(list, 'bulk-names')).to.equal(null);
    });

    it('can be cancelled and continued; meanwhile another action has to wait', async () => {
      const { list, run, store, said } = await scripted(1200);
      expect(action(list, 'Start').getAttribute('aria-disabled')).to.equal('true');
      await act(list, 'Start');
      expect(store.runs.length).to.equal(1);
      expect(said).to.deep.equal([english.format('bulk.busy')]);
      await click(part(list, 'bulk-cancel')!);
      expect(run.calls).to.deep.equal(['cancel']);
      run.moves({ done: 500, unsent: 700 }, { state: 'ended', stopped: 'cancelled' });
      run.groups = [{ outcome: 'unsent', ids: store.ids.slice(500) }];
      await until(() => part(list, 'bulk-continue'));
      expect(text(part(list, 'bulk-continue'))).to.equal('Continue with 700');
      expect(text(part(list, 'bulk-stopped'))).to.equal('Cancelled. 700 were not sent.');
      await click(part(list, 'bulk-continue')!);
      expect(run.calls).to.deep.equal(['cancel', 'resume']);
    });
  });

  describe('confirmation', () => {
    const FAILED = Object.fromEntries(
      Array.from({ length: 130 }, (_, n) => [`Campaign ${String(n).padStart(3, '0')}`, 'error']),
    );

    it('lists the names before anything is sent, all of them if asked', async () => {
      const { list, events } = await selectedList({ ...FAILED, Running: 'running' }, 'python');
      await act(list, 'Force stop 130');
      await until(() => part(list, 'confirm'));
      expect(text(part(list, 'confirm')!.querySelector('h2'))).to.equal('Force stop 130 campaigns?');
      expect(part(list, 'bulk-names')!.children.length).to.equal(100);
      await click(part(list, 'bulk-more')!);
      expect(part(list, 'bulk-names')!.children.length).to.equal(130);
      expect(text(part(list, 'bulk-names'))).not.to.contain('Running');
      expect(events).to.deep.equal([]);
      await press('Escape');
      expect(part(list, 'confirm')).to.equal(null);
      await pause(50);
      expect(events).to.deep.equal([]);
      expect(part(list, 'bulk')).to.equal(null);
    });

    it('sends to no campaign that was not listed', async () => {
      const { list, backend } = await selectedList({ Alpha: 'error', Bravo: 'running', Charlie: 'error' }, 'python');
      await act(list, 'Force stop');
      await until(() => part(list, 'confirm'));
      backend.campaigns.force({ system: 'python', id: 'Bravo' }, { status: 'error' });
      await pause(600);
      await click(part(list, 'confirm-go')!);
      await until(() => part(list, 'bulk'));
      await ended(list);
      expect(groups(list)).to.deep.equal(['1 skipped: It was not among the campaigns that were confirmed.', '2 done']);
      expect(await statusOf(backend, 'python', 'Bravo')).to.equal('error');
    });

    it('can not be confirmed when no campaign offers it any more', async () => {
      const { list, backend } = await selectedList({ Alpha: 'error' }, 'python');
      await act(list, 'Force stop');
      await until(() => part(list, 'confirm'));
      backend.campaigns.force({ system: 'python', id: 'Alpha' }, { status: 'configured' });
      await until(() => part(list, 'confirm-go')?.getAttribute('aria-disabled') === 'true');
      expect(text(part(list, 'confirm'))).to.contain('None of these campaigns offers this any more.');
    });
  });

  describe('events', () => {
    it('reports the request before anything is sent, and the end, once each', async () => {
      const { list, events } = await selectedList(MIXED);
      await act(list, 'Start');
      await ended(list);
      expect(events).to.deep.equal(['start Alpha Bravo Charlie Delta', 'start: 3 done, 1 skipped']);
    });

    it('sends nothing if the host cancels the event', async () => {
      const { list, backend } = await selectedList(MIXED);
      list.addEventListener('campaign-bulk-action', (event) => event.preventDefault());
      await act(list, 'Start');
      await pause(50);
      expect(part(list, 'bulk')).to.equal(null);
      expect(await statusOf(backend, 'flows', 'Alpha')).to.equal('error');
    });
  });

  describe('announcements', () => {
    it('says the outcomes at the end, and not each of them', async () => {
      const { list, said } = await selectedList(MIXED);
      await act(list, 'Start');
      await ended(list);
      expect(said).to.deep.equal(['Start: 1 skipped and 3 done']);
    });

    it('says once that sending has stopped', async () => {
      const { list, run, said } = await scripted(1200);
      for (let done = 0; done < 500; done += 50) {
        run.moves({ done, unsent: 700, pending: 500 - done });
        await nextFrame();
      }
      expect(said).to.deep.equal([]);
      run.moves({ done: 500, unsent: 700 }, { state: 'ended', stopped: 'lost' });
      await until(() => part(list, 'bulk-stopped'));
      expect(said).to.deep.equal(['Start: 700 not sent and 500 done']);
    });
  });

  describe('parts', () => {
    it('has the documented parts', async () => {
      const { list, run, store } = await scripted(1200);
      for (const name of ['bulk', 'bulk-title', 'bulk-summary', 'bulk-progress', 'bulk-cancel', 'bulk-action'])
        expect(part(list, name), name).to.be.instanceOf(HTMLElement);
      run.groups = [{ outcome: 'unsent', ids: store.ids }];
      run.moves({ unsent: 1200 }, { state: 'ended', stopped: 'lost' });
      await until(() => part(list, 'bulk-continue'));
      await click(part(list, 'bulk-toggle')!);
      for (const name of ['bulk-stopped', 'bulk-close', 'bulk-group', 'bulk-names', 'bulk-more'])
        expect(part(list, name), name).to.be.instanceOf(HTMLElement);
    });
  });

  describe('keyboard', () => {
    it('leads from all rows to an action, to its outcomes, to the names, and back to the rows', async () => {
      const { list } = await selectedList(MIXED);
      list.clearSelection();
      part(list, 'select')!.focus();
      await press('Control+a');
      await until(() => actions(list).length === 2);
      await press('Shift+Tab');
      await press('Shift+Tab');
      expect(text(inside(list))).to.equal('Start 3');
      await press('Enter');
      await ended(list);
      expect(inside(list)).to.equal(part(list, 'bulk-title'));
      await press('Tab');
      expect(inside(list)).to.equal(part(list, 'bulk-close'));
      await press('Tab');
      expect(inside(list)).to.equal(part(list, 'bulk-toggle'));
      await press('Enter');
      expect(inside(list)!.getAttribute('aria-expanded')).to.equal('true');
      await press('Tab');
      expect(inside(list)).to.equal(part(list, 'bulk-names'));
      await press('Shift+Tab');
      await press('Shift+Tab');
      await press('Enter');
      expect(part(list, 'bulk')).to.equal(null);
      expect(part(list, 'grid')!.contains(inside(list))).to.equal(true);
      expect(focused()).not.to.equal(document.body);
    });
  });

  describe('life cycle', () => {
    it('shows the outcomes again after it was moved, and none of another system', async () => {
      const { list } = await selectedList(MIXED);
      await act(list, 'Start');
      await ended(list);
      const home = list.parentElement!;
      list.remove();
      home.append(list);
      await list.updateComplete;
      await until(() => groups(list).length === 2, 'the outcomes');
      list.system = 'python';
      await until(() => !part(list, 'bulk'), 'no outcomes of another system');
      expect(actions(list)).to.deep.equal([]);
    });

    it('says so when the code can not be loaded, and sends nothing', async () => {
      const { list, said, events } = await selectedList(MIXED);
      const { load } = bulkChunk;
      bulkChunk.load = () => Promise.reject(new Error('no network'));
      closing.push(() => (bulkChunk.load = load));
      await act(list, 'Start');
      await until(() => part(list, 'selection-problem'));
      expect(said).to.deep.equal([english.format('bulk.notLoaded')]);
      expect(events).to.deep.equal([]);
      bulkChunk.load = load;
      await act(list, 'Start');
      await ended(list);
      expect(part(list, 'selection-problem')).to.equal(null);
    });
  });
});
