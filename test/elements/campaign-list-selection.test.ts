import { expect, fixture, html, nextFrame } from '@open-wc/testing';
import { sendKeys } from '@web/test-runner-commands';
import { simulateBackend, simulatedAdapter, type SimulatedBackend } from '../../mocks/index.ts';
import '../../src/elements/campaign-list/define.ts';
import type { CampaignList } from '../../src/elements/campaign-list/campaign-list.ts';
import type { CampaignSelectionEvent } from '../../src/elements/events.ts';
import { english } from '../../src/i18n/index.ts';
import { createCampaignStore, type CampaignStore } from '../../src/store/index.ts';
import { axNode, axNodes, click, emulate, moveTo, press, setViewport, until } from '../support/browser.ts';
import { expectAccessible } from '../support/elements/axe.ts';
import { idOf, ManyStore } from '../support/elements/many-store.ts';

const NAMES = ['Alpha', 'Bravo', 'Charlie', 'Delta', 'Echo', 'Foxtrot'] as const;
const STATUSES = ['active', 'inactive', 'error'] as const;

const closing: (() => void)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) close();
  await moveTo(0, 0);
});

interface Shown {
  readonly list: CampaignList;
  readonly backend: SimulatedBackend;
  readonly store: CampaignStore;
  /** What `campaign-selection` has reported. */
  readonly events: string[];
  /** What was announced. */
  readonly said: string[];
}

/** A list of six campaigns, whose ids are their names. */
async function six(properties: Partial<CampaignList> = {}): Promise<Shown> {
  const backend = simulateBackend({ seed: 1, tickMs: 0, sampleData: 'empty' });
  const store = createCampaignStore({ adapter: simulatedAdapter(backend) });
  closing.push(
    () => store.dispose(),
    () => backend.dispose(),
  );
  NAMES.forEach((name, n) => backend.campaigns.add({ system: 'flows', id: name, name, status: STATUSES[n % 3]! }));
  const list = await fixture<CampaignList>(
    html`<campaign-list selectable .store=${store} system="flows"></campaign-list>`,
  );
  const said: string[] = [];
  list.settings = { i18n: english, routes: {}, announce: (text) => said.push(text) };
  Object.assign(list, properties);
  await until(() => rows(list).length > 0, 'rows');
  await list.updateComplete;
  const events: string[] = [];
  list.addEventListener('campaign-selection', ({ detail }: CampaignSelectionEvent) => {
    expect(detail.system).to.equal('flows');
    events.push(detail.ids.join());
  });
  return { list, backend, store, events, said };
}

/** A list of many campaigns in a box of 400 px. */
async function many(count: number): Promise<{ readonly list: CampaignList; readonly store: ManyStore }> {
  const store = new ManyStore(count);
  const list = await fixture<CampaignList>(
    html`<campaign-list selectable contained system="flows" style="block-size: 400px"></campaign-list>`,
  );
  list.store = store;
  await until(() => rows(list).length > 0, 'rows');
  await nextFrame();
  return { list, store };
}

const part = (list: CampaignList, name: string): HTMLElement | null =>
  list.renderRoot.querySelector<HTMLElement>(`[part="${name}"]`);
const parts = (list: CampaignList, name: string): HTMLElement[] => [
  ...list.renderRoot.querySelectorAll<HTMLElement>(`[part="${name}"]`),
];
const rows = (list: CampaignList): HTMLElement[] => parts(list, 'row');
const row = (list: CampaignList, name: string): HTMLElement =>
  rows(list).find((element) => element.querySelector('[part="name"]')?.textContent === name)!;
const box = (list: CampaignList, name: string): HTMLInputElement => row(list, name).querySelector('[part="select"]')!;
const allBox = (list: CampaignList): HTMLInputElement => part(list, 'select-all') as HTMLInputElement;
const selected = (list: CampaignList): string => [...list.selection].sort().join();
async function clickWithShift(element: Element): Promise<void> {
  await sendKeys({ down: 'Shift' });
  await click(element);
  await sendKeys({ up: 'Shift' });
}
const TRIES = 3;
/** The shortest of several measurements: the others were interrupted. */
async function shortest(measure: () => Promise<number>): Promise<number> {
  let best = Infinity;
  for (let n = 0; n < TRIES; n++) best = Math.min(best, await measure());
  return best;
}
const focused = (list: CampaignList): Element | null => list.shadowRoot!.activeElement;

describe('campaign-list, whose rows can be selected', () => {
  describe('accessibility', () => {
    it('says that several rows can be selected, and which are', async () => {
      const { list } = await six();
      list.select(['Bravo']);
      await list.updateComplete;
      expect(part(list, 'grid')!.getAttribute('aria-multiselectable')).to.equal('true');
      expect(part(list, 'grid')!.getAttribute('aria-colcount')).to.equal('5');
      expect(rows(list).map((element) => element.getAttribute('aria-selected'))).to.deep.equal(
        NAMES.map((name) => String(name === 'Bravo')),
      );
      expect(part(list, 'header')!.hasAttribute('aria-selected')).to.equal(false);
      const boxes = await axNodes({ role: 'checkbox' });
      expect(boxes.map(({ name, states }) => `${name}: ${String(states['checked'])}`)).to.deep.equal([
        'Select all: mixed',
        ...NAMES.map((name) => `Select ${name}: ${name === 'Bravo'}`),
      ]);
      await axNode({ role: 'group', name: 'Selected campaigns' });
    });

    it('numbers the column of check boxes as the first, and names rows by their names', async () => {
      const { list } = await six();
      const cells = [...row(list, 'Alpha').children];
      expect(cells.map((cell) => `${cell.getAttribute('aria-colindex')} ${cell.getAttribute('role')}`)).to.deep.equal([
        '1 gridcell',
        '2 rowheader',
        '3 gridcell',
        '4 gridcell',
        '5 gridcell',
      ]);
    });

    for (const [what, width, density, forcedColors] of [
      ['wide', 1000, 'comfortable', 'none'],
      ['narrow', 320, 'comfortable', 'none'],
      ['compact', 1000, 'compact', 'none'],
      ['in forced colours', 1000, 'comfortable', 'active'],
    ] as const)
      it(`passes axe ${what}`, async () => {
        await setViewport(width, 600);
        await emulate({ forcedColors });
        const { list } = await six({ density });
        list.select(['Bravo', 'Charlie']);
        await list.updateComplete;
        await expectAccessible(list);
        expect(document.documentElement.scrollWidth).to.be.at.most(width);
      });

    it('shows a selected row in forced colours', async () => {
      await emulate({ forcedColors: 'active' });
      const { list } = await six();
      list.select(['Bravo']);
      await list.updateComplete;
      expect(box(list, 'Bravo').checkVisibility()).to.equal(true);
      expect(getComputedStyle(row(list, 'Bravo')).outlineStyle).to.equal('solid');
    });
  });

  describe('defaults and reflection', () => {
    it('shows no check boxes unless it is asked to, and takes them away again', async () => {
      const { list, events } = await six();
      list.select(['Alpha']);
      list.selectable = false;
      await list.updateComplete;
      expect(list.hasAttribute('selectable')).to.equal(false);
      expect(list.renderRoot.querySelector('[type=checkbox], [aria-selected], [aria-multiselectable]')).to.equal(null);
      expect(part(list, 'grid')!.getAttribute('aria-colcount')).to.equal('4');
      expect(list.selection).to.deep.equal([]);
      list.select(['Alpha']);
      expect(list.selection).to.deep.equal([]);
      expect(events).to.deep.equal([]);
    });

    it('keeps apart what is selected and which campaign is open', async () => {
      const { list } = await six({ selected: 'Alpha' });
      list.select(['Bravo']);
      await list.updateComplete;
      expect(row(list, 'Alpha').getAttribute('aria-selected')).to.equal('false');
      expect(row(list, 'Alpha').querySelector('[aria-current]')).not.to.equal(null);
      expect(row(list, 'Bravo').querySelector('[aria-current]')).to.equal(null);
    });

    it('gives the same list of ids until the selection changes', async () => {
      const { list } = await six();
      list.select(['Alpha']);
      const { selection } = list;
      list.requestUpdate();
      await list.updateComplete;
      expect(list.selection).to.equal(selection);
      list.select(['Bravo']);
      expect(list.selection).to.deep.equal(['Bravo']);
      expect(selection).to.deep.equal(['Alpha']);
    });

    it('can be selected, extended and cleared by the host, without an event', async () => {
      const { list, events } = await six({ query: { statuses: ['error'] } });
      await until(() => rows(list).length === 2, 'the filter');
      list.select(['Alpha']);
      list.selectAll();
      expect(selected(list)).to.equal('Alpha,Charlie,Foxtrot');
      list.clearSelection();
      expect(list.selection).to.deep.equal([]);
      expect(events).to.deep.equal([]);
    });

    it('forgets the selection with another system or store, and keeps it while the list is moved', async () => {
      const { list, store } = await six();
      list.select(['Alpha']);
      const home = list.parentElement!;
      list.remove();
      home.append(list);
      await list.updateComplete;
      expect(selected(list)).to.equal('Alpha');
      list.system = 'python';
      await list.updateComplete;
      expect(list.selection).to.deep.equal([]);
      list.system = 'flows';
      await list.updateComplete;
      list.select(['Alpha']);
      const other = await six();
      other.list.remove();
      list.store = other.store;
      await list.updateComplete;
      expect(list.selection).to.deep.equal([]);
      expect(store).not.to.equal(other.store);
    });
  });

  describe('events', () => {
    it('reports each change of the user once', async () => {
      const { list, events } = await six();
      await click(box(list, 'Bravo'));
      await click(box(list, 'Delta'));
      await click(box(list, 'Bravo'));
      expect(events).to.deep.equal(['Bravo', 'Bravo,Delta', 'Delta']);
    });

    it('reports a removed campaign, which leaves the selection', async () => {
      const { list, backend, events } = await six();
      await click(box(list, 'Bravo'));
      await click(box(list, 'Delta'));
      await moveTo(0, 0);
      backend.campaigns.remove({ system: 'flows', id: 'Bravo' });
      await until(() => selected(list) === 'Delta', 'the removed campaign left');
      expect(events).to.deep.equal(['Bravo', 'Bravo,Delta', 'Delta']);
      await until(() => part(list, 'selection-count')!.textContent.includes('1 selected'));
    });
  });

  describe('parts', () => {
    it('has the documented parts', async () => {
      const { list } = await six();
      list.select(['Alpha']);
      await list.updateComplete;
      for (const name of ['select', 'select-all', 'selection', 'selection-count', 'selection-clear'])
        expect(part(list, name), name).to.be.instanceOf(HTMLElement);
    });
  });

  describe('mouse', () => {
    it('selects anywhere in the cell of the check box', async () => {
      const { list } = await six();
      const cell = box(list, 'Bravo').parentElement!;
      const { left, top } = cell.getBoundingClientRect();
      await moveTo(left + 3, top + 5);
      await click(cell);
      expect(selected(list)).to.equal('Bravo');
      expect(cell.getBoundingClientRect().width).to.be.at.least(24);
      expect(box(list, 'Bravo').checked).to.equal(true);
    });

    it('selects a range with Shift, and another one from the same row', async () => {
      const { list, events } = await six();
      await click(box(list, 'Bravo'));
      await clickWithShift(box(list, 'Echo'));
      expect(selected(list)).to.equal('Bravo,Charlie,Delta,Echo');
      expect(box(list, 'Echo').checked).to.equal(true);
      await clickWithShift(row(list, 'Alpha').querySelector('[part="since"]')!);
      expect(selected(list)).to.equal('Alpha,Bravo');
      expect(events.length).to.equal(3);
      expect(getSelection()!.toString()).to.equal('');
    });

    it('selects all rows with the box in the header, and none again', async () => {
      const { list } = await six();
      await click(allBox(list));
      expect(selected(list)).to.equal(NAMES.join());
      expect([allBox(list).checked, allBox(list).indeterminate]).to.deep.equal([true, false]);
      await click(box(list, 'Alpha'));
      expect([allBox(list).checked, allBox(list).indeterminate]).to.deep.equal([false, true]);
      await click(allBox(list));
      expect(selected(list)).to.equal(NAMES.join());
      await click(allBox(list));
      expect(list.selection).to.deep.equal([]);
      expect([allBox(list).checked, allBox(list).indeterminate]).to.deep.equal([false, false]);
    });

    it('leaves the selection alone when a name or an action is pressed', async () => {
      const { list, events } = await six();
      await click(row(list, 'Alpha').querySelector('[part="name"]')!);
      await click(row(list, 'Alpha').querySelector('[part="since"]')!);
      expect(events).to.deep.equal([]);
    });

    it('moves no row when the first one is selected, also in a narrow list', async () => {
      await setViewport(320, 700);
      const { list } = await six();
      const { top } = row(list, 'Bravo').getBoundingClientRect();
      await click(box(list, 'Bravo'));
      await nextFrame();
      expect(row(list, 'Bravo').getBoundingClientRect().top).to.equal(top);
    });
  });

  describe('keyboard', () => {
    it('toggles with Space at the check box and at the row, and announces nothing: the box says it', async () => {
      const { list, said } = await six();
      box(list, 'Bravo').focus();
      await press(' ');
      expect(selected(list)).to.equal('Bravo');
      await press(' ');
      expect(selected(list)).to.equal('');
      row(list, 'Bravo').querySelector<HTMLElement>('[part="since"]')!.focus();
      await press(' ');
      expect(selected(list)).to.equal('Bravo');
      expect(said).to.deep.equal([]);
    });

    it('presses a button with Space as ever', async () => {
      const { list } = await six();
      let navigated = 0;
      list.addEventListener('campaign-navigate', () => navigated++);
      row(list, 'Bravo').querySelector<HTMLElement>('[part="name"]')!.focus();
      await press(' ');
      expect(navigated).to.equal(1);
      expect(list.selection).to.deep.equal([]);
    });

    it('extends with Shift+Space and Shift+arrows, and says how many are selected', async () => {
      const { list, said } = await six();
      box(list, 'Bravo').focus();
      await press(' ');
      await press('ArrowDown');
      await press('ArrowDown');
      await press('Shift+ ');
      expect(selected(list)).to.equal('Bravo,Charlie,Delta');
      await press('Shift+ArrowDown');
      expect(selected(list)).to.equal('Bravo,Charlie,Delta,Echo');
      expect(focused(list)).to.equal(box(list, 'Echo'));
      await press('Shift+ArrowUp');
      await press('Shift+ArrowUp');
      expect(selected(list)).to.equal('Bravo,Charlie');
      await until(() => said.at(-1) === '2 selected');
      expect(said.length).to.be.below(5);
    });

    it('begins a range with Shift+arrow at the row with the focus', async () => {
      const { list } = await six();
      box(list, 'Alpha').focus();
      await press('Shift+ArrowUp');
      expect(selected(list)).to.equal('Alpha');
      await press('Shift+ArrowDown');
      expect(selected(list)).to.equal('Alpha,Bravo');
    });

    it('selects all filtered rows with Ctrl+A, keeps what the filter hides, and says how many', async () => {
      const { list, events, said } = await six();
      list.select(['Alpha']);
      list.query = { statuses: ['error'] };
      await until(() => rows(list).length === 2, 'the filter');
      box(list, 'Charlie').focus();
      await press('Control+a');
      expect(selected(list)).to.equal('Alpha,Charlie,Foxtrot');
      expect(said).to.deep.equal(['All 2 selected here, 3 in total']);
      expect(events.length).to.equal(1);
      list.query = {};
      await until(() => rows(list).length === 6, 'all rows');
      expect(rows(list).filter((element) => element.ariaSelected === 'true').length).to.equal(3);
      list.query = { sort: 'status' };
      await list.updateComplete;
      expect(selected(list)).to.equal('Alpha,Charlie,Foxtrot');
    });

    it('clears with Escape, which then closes no dialog around the list', async () => {
      const { list, events, said } = await six();
      const dialog = document.createElement('dialog');
      list.parentElement!.append(dialog);
      dialog.append(list);
      dialog.showModal();
      await until(() => rows(list).length === 6, 'rows');
      list.select(['Alpha']);
      box(list, 'Bravo').focus();
      await press('Escape');
      expect(list.selection).to.deep.equal([]);
      expect(said).to.deep.equal(['Nothing selected']);
      expect(dialog.open).to.equal(true);
      await press('Escape');
      expect(dialog.open).to.equal(false);
      expect(events).to.deep.equal(['']);
    });

    it('clears with a button, and gives the focus to the grid', async () => {
      const { list } = await six();
      list.select(['Alpha']);
      await list.updateComplete;
      part(list, 'selection-clear')!.focus();
      await press('Enter');
      expect(list.selection).to.deep.equal([]);
      expect(part(list, 'grid')!.contains(focused(list))).to.equal(true);
    });

    it('has one tab stop, and leaves keys in a popup to it', async () => {
      const { list } = await six();
      list.select(['Alpha']);
      await list.updateComplete;
      const stops = [...part(list, 'grid')!.querySelectorAll<HTMLElement>('*')].filter(
        ({ tabIndex }) => tabIndex === 0,
      );
      expect(stops.length).to.equal(1);
      row(list, 'Charlie').querySelector<HTMLElement>('[part="tag"]')!.focus();
      await press('Enter');
      await press('Control+a');
      expect(selected(list)).to.equal('Alpha');
      await press('Escape');
      expect(selected(list)).to.equal('Alpha');
    });
  });

  describe('100,000 rows', () => {
    it('selects all in little more time than it takes to copy the ids, and renders no more rows for it', async () => {
      const { list, store } = await many(100_000);
      let reads = 0;
      store.offers = () => (reads++, { actions: new Map(), gone: [] });
      rows(list)[0]!.querySelector<HTMLElement>('[part="select"]')!.focus();
      const rendered = rows(list).length;
      const took = await shortest(async () => {
        list.clearSelection();
        await list.updateComplete;
        const began = performance.now();
        focused(list)!.dispatchEvent(
          new KeyboardEvent('keydown', { key: 'a', ctrlKey: true, bubbles: true, composed: true }),
        );
        await list.updateComplete;
        return performance.now() - began;
      });
      const copying = await shortest(() => {
        const began = performance.now();
        return Promise.resolve(new Set([...store.ids]).size && performance.now() - began);
      });
      expect(took).to.be.below(10 * copying);
      expect(list.selection.length).to.equal(100_000);
      expect(rows(list).length).to.equal(rendered);
      expect(reads).to.equal(TRIES);
      part(list, 'grid')!.scrollTop = 1_000_000;
      await nextFrame();
      await nextFrame();
      expect(rows(list).every((element) => element.ariaSelected === 'true')).to.equal(true);
      expect(allBox(list).checked).to.equal(true);
    });

    it('selects a range across rows that were never rendered', async () => {
      const { list } = await many(100_000);
      await click(rows(list)[2]!.querySelector('[part="select"]')!);
      part(list, 'grid')!.scrollTop = 1_000_000;
      await nextFrame();
      await nextFrame();
      const far = rows(list).find(({ ariaRowIndex }) => Number(ariaRowIndex) > 10_000)!;
      const index = Number(far.ariaRowIndex) - 2;
      far
        .querySelector('[part="select"]')!
        .dispatchEvent(new MouseEvent('click', { shiftKey: true, bubbles: true, composed: true }));
      expect(list.selection.length).to.equal(index - 2 + 1);
      expect(list.selection.includes(idOf(index))).to.equal(true);
    });
  });
});
