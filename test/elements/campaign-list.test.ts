import { aTimeout, expect, fixture, html, nextFrame } from '@open-wc/testing';
import { Observable } from 'rxjs';
import { simulateBackend, simulatedAdapter, type SimulatedBackend, type SimulateOptions } from '../../mocks/index.ts';
import '../../src/elements/campaign-list/define.ts';
import type { CampaignList } from '../../src/elements/campaign-list/campaign-list.ts';
import type { CampaignNavigateEvent, CampaignQueryEvent } from '../../src/elements/events.ts';
import { AdapterError } from '../../src/adapters/index.ts';
import { flows, python, type IconPath } from '../../src/lifecycle/index.ts';
import type { CampaignProvider } from '../../src/provider/campaign-provider.ts';
import '../../src/provider/define.ts';
import { createCampaignStore, type CampaignStore, type ListQuery, type Live } from '../../src/store/index.ts';
import { english } from '../../src/i18n/index.ts';
import {
  axNode,
  axNodes,
  click,
  emulate,
  focused,
  hover,
  moveTo,
  press,
  setViewport,
  type,
  until,
} from '../support/browser.ts';
import { printRuns, workflows } from '../support/lifecycles/index.ts';
import { expectAccessible } from '../support/elements/axe.ts';
import { renderWithStore } from '../support/elements/fixture.ts';
import { pseudo, unmarked } from '../support/elements/pseudo-locale.ts';
import { mailings } from '../support/elements/six-statuses.ts';
import { slowExports } from '../../stories/support/slow-exports.ts';
import '../support/elements/load-layers.ts';

const stores: CampaignStore[] = [];
const backends: SimulatedBackend[] = [];

afterEach(async () => {
  for (const store of stores.splice(0)) store.dispose();
  for (const backend of backends.splice(0)) backend.dispose();
  await moveTo(0, 0);
});

interface BackendFixture {
  readonly backend: SimulatedBackend;
  readonly store: CampaignStore;
}

function createBackend(options: SimulateOptions = {}): BackendFixture {
  const backend = simulateBackend({ seed: 1, tickMs: 0, ...options });
  const store = createCampaignStore({
    adapter: simulatedAdapter(backend),
    ...(options.lifecycles ? { lifecycles: options.lifecycles } : {}),
  });
  backends.push(backend);
  stores.push(store);
  return { backend, store };
}

/** A few campaigns with fixed names. */
function named(
  names: Readonly<Record<string, string>>,
  system = 'flows',
  options: SimulateOptions = {},
): BackendFixture {
  const created = createBackend({ sampleData: 'empty', ...options });
  for (const [name, status] of Object.entries(names)) created.backend.campaigns.add({ system, id: name, name, status });
  return created;
}

const ABC = { Alpha: 'active', Bravo: 'inactive', Charlie: 'error' } as const;

async function listOf(store: CampaignStore, properties: Partial<CampaignList> = {}): Promise<CampaignList> {
  const list = await fixture<CampaignList>(html`<campaign-list .store=${store} system="flows"></campaign-list>`);
  Object.assign(list, properties);
  await settled(list);
  return list;
}

async function settled(list: CampaignList): Promise<void> {
  await until(() => part(list, 'grid')?.getAttribute('aria-busy') === 'false', 'the list is loaded');
  await nextFrame();
  await nextFrame();
}

const part = (list: CampaignList, name: string): HTMLElement | null =>
  list.renderRoot.querySelector<HTMLElement>(`[part="${name}"]`);
const parts = (list: CampaignList, name: string): HTMLElement[] => [
  ...list.renderRoot.querySelectorAll<HTMLElement>(`[part="${name}"]`),
];
const names = (list: CampaignList): string[] => parts(list, 'name').map((name) => name.textContent ?? '');
const row = (list: CampaignList, name: string): HTMLElement =>
  parts(list, 'row').find((element) => element.querySelector('[part="name"]')?.textContent === name)!;
const nameOf = (list: CampaignList, name: string): HTMLElement => row(list, name).querySelector('[part="name"]')!;
const chip = (list: CampaignList, label: string): HTMLElement =>
  parts(list, 'chip').find((element) => element.querySelector('.word')?.textContent === label)!;
const chips = (list: CampaignList): string[] =>
  parts(list, 'chip').map((element) => (element.textContent ?? '').trim().replace(/\s+/g, ' '));
const sort = (list: CampaignList, label: string): HTMLElement =>
  parts(list, 'sort').find((element) => element.textContent?.trim() === label)!;
const input = (list: CampaignList): HTMLInputElement => part(list, 'search-input') as HTMLInputElement;
/** Types without any delay between two keys, however busy the machine is. */
function typeAtOnce(field: HTMLInputElement, text: string): void {
  field.focus();
  for (const key of text) {
    field.value += key;
    field.dispatchEvent(new InputEvent('input', { bubbles: true, composed: true, data: key }));
  }
}

/** The focused element in the list's shadow root. */
const inside = (list: CampaignList): Element | null => list.shadowRoot!.activeElement;
const cellOf = (element: Element | null): Element | null =>
  element?.closest('[role="gridcell"], [role="rowheader"], [role="columnheader"]') ?? null;
/** The position of the focus as "row/column", both from 1. */
function where(list: CampaignList): string {
  const cell = cellOf(inside(list));
  return cell
    ? `${cell.closest('[role="row"]')!.getAttribute('aria-rowindex')}/${cell.getAttribute('aria-colindex')}`
    : '';
}

/** All tab stops inside the grid, through open shadow roots. */
function tabbables(list: CampaignList): Element[] {
  const found: Element[] = [];
  const walk = (root: ParentNode): void => {
    for (const element of root.querySelectorAll('*')) {
      if (!(element instanceof HTMLElement)) continue;
      const inner = element.shadowRoot;
      if (inner) {
        if (element.tabIndex >= 0 || !element.hasAttribute('tabindex')) walk(inner);
      } else if (element.tabIndex >= 0 && element.checkVisibility()) found.push(element);
    }
  };
  walk(part(list, 'grid')!);
  return found;
}

/** Checks the accessibility tree of rows and cells. */
function auditGrid(list: CampaignList): void {
  const grid = part(list, 'grid')!;
  const rows = [...grid.querySelectorAll('[role="row"]')];
  const indices = rows.map((element) => Number(element.getAttribute('aria-rowindex')));
  expect(indices).to.deep.equal(rows.map((_, index) => index + 1));
  const count = Number(grid.getAttribute('aria-rowcount'));
  expect(count === -1 || count === rows.length, `aria-rowcount ${count} for ${rows.length} rows`).to.equal(true);
  expect(grid.getAttribute('aria-colcount')).to.equal('4');
  for (const element of rows) {
    expect(element.parentElement!.getAttribute('role')).to.equal('rowgroup');
    let column = 1;
    for (const cell of element.children) {
      expect(cell.getAttribute('role')).to.match(/^(gridcell|rowheader|columnheader)$/);
      expect(cell.getAttribute('aria-colindex')).to.equal(String(column));
      column += Number(cell.getAttribute('aria-colspan') ?? 1);
    }
    expect(column).to.equal(5);
  }
}

describe('campaign-list', () => {
  describe('accessibility', () => {
    it('passes axe with rows in all statuses, light and dark', async () => {
      const { store } = createBackend();
      const list = await listOf(store, { system: 'python', query: { statuses: ['error', 'running'] } });
      await expectAccessible(list);
      await emulate({ colorScheme: 'dark' });
      const page = document.documentElement.style;
      page.colorScheme = 'dark';
      page.background = '#0f1115';
      try {
        await expectAccessible(list);
      } finally {
        page.colorScheme = page.background = '';
      }
    });

    for (const [what, width, density] of [
      ['narrow', 320, 'comfortable'],
      ['compact', 1000, 'compact'],
    ] as const)
      it(`passes axe ${what}`, async () => {
        await setViewport(width, 600);
        const { store } = createBackend();
        await expectAccessible(await listOf(store, { density }));
      });

    it('numbers rows and cells without gaps', async () => {
      const { store, backend } = createBackend();
      const list = await listOf(store);
      auditGrid(list);
      for (const query of [
        { sort: 'at' },
        { statuses: ['error'] },
        { text: 'nothing like it' },
        { sort: 'status', descending: true },
      ] satisfies ListQuery[]) {
        list.query = query;
        await settled(list);
        auditGrid(list);
      }
      backend.campaigns.fill(5, 'flows');
      await until(() => names(list).length === 17);
      auditGrid(list);
    });

    it('names the grid, the filters, the search and each filter', async () => {
      const { store } = named(ABC);
      const list = await listOf(store);
      expect((await axNode({ role: 'grid' })).name).to.equal('Flows campaigns');
      list.label = 'Mine';
      await list.updateComplete;
      expect((await axNode({ role: 'grid' })).name).to.equal('Mine');
      await axNode({ role: 'group', name: 'Filter by status' });
      await axNode({ role: 'search', name: 'Search campaigns' });
      await axNode({ role: 'searchbox', name: 'Search campaigns' });
      const filters = (await axNodes({ role: 'button' })).filter(({ states }) => 'pressed' in states);
      expect(filters.map(({ name, states }) => `${name}: ${String(states['pressed'])}`)).to.deep.equal([
        'All, 3 campaigns: true',
        'Inactive, 1 campaign: false',
        'Active, 1 campaign: false',
        'Error, 1 campaign: false',
      ]);
    });

    it('shows everything in forced colours', async () => {
      await emulate({ forcedColors: 'active' });
      const list = await listOf(named(ABC).store, { selected: 'Alpha', query: { statuses: ['active'] } });
      expect(getComputedStyle(row(list, 'Alpha')).outlineStyle).to.equal('solid');
      expect(getComputedStyle(chip(list, 'Active')).outlineStyle).to.equal('solid');
      expect(chip(list, 'Active').querySelector('.mark')!.checkVisibility()).to.equal(true);
      await expectAccessible(list);
    });

    it('shows no motion when the user prefers reduced motion', async () => {
      await emulate({ reducedMotion: 'reduce' });
      const { store, backend } = named(ABC);
      const list = await listOf(store);
      backend.campaigns.force({ system: 'flows', id: 'Alpha' }, { status: 'error' });
      await until(() => chips(list).includes('Error 2'));
      expect(row(list, 'Alpha').getAnimations({ subtree: true })).to.deep.equal([]);
      await emulate({ reducedMotion: 'no-preference' });
      const bravo = row(list, 'Bravo');
      let moved = 0;
      bravo.animate = (...how) => (moved++, Element.prototype.animate.apply(bravo, how));
      backend.campaigns.force({ system: 'flows', id: 'Bravo' }, { status: 'error' });
      await until(() => moved === 1);
    });

    it('names a row by its name cell, and marks the selected row', async () => {
      const { store } = named(ABC);
      const list = await listOf(store, { selected: 'Bravo' });
      expect(row(list, 'Bravo').firstElementChild!.getAttribute('role')).to.equal('rowheader');
      expect(nameOf(list, 'Bravo').getAttribute('aria-current')).to.equal('true');
      expect(list.renderRoot.querySelectorAll('[aria-current]').length).to.equal(1);
      list.selected = 'Alpha';
      await list.updateComplete;
      expect(nameOf(list, 'Bravo').getAttribute('aria-current')).to.equal(null);
      expect(nameOf(list, 'Alpha').getAttribute('aria-current')).to.equal('true');
    });

    it('has no live region of its own', async () => {
      const list = await listOf(createBackend().store);
      expect(list.renderRoot.querySelector('[aria-live], [role="status"], [role="alert"], [role="log"]')).to.equal(
        null,
      );
    });

    it('scrolls in one direction only at 320 px', async () => {
      await setViewport(320, 600);
      const { store, backend } = named({ ...ABC, ['W'.repeat(60)]: 'error' });
      backend.campaigns.force({ system: 'flows', id: 'Alpha' }, { status: 'x'.repeat(80), changedBy: 'y'.repeat(80) });
      const list = await listOf(store);
      await until(() => chips(list).length === 5);
      expect(document.documentElement.scrollWidth).to.be.at.most(320);
      const edge = list.getBoundingClientRect().right;
      for (const element of list.renderRoot.querySelectorAll('*'))
        expect(element.getBoundingClientRect().right, element.outerHTML).to.be.at.most(edge);
    });
  });

  describe('defaults and reflection', () => {
    it('has the documented defaults, and reflects none of them', async () => {
      const list = await fixture<CampaignList>(html`<campaign-list></campaign-list>`);
      expect(list.getAttributeNames()).to.deep.equal([]);
      const { system, query, label, density, selected, selectable, selection, noSearch, noFilters } = list;
      const { contained, announce } = list;
      expect({ system, query, label, density, selected, selectable, selection }).to.deep.equal({
        system: '',
        query: {},
        label: '',
        density: 'comfortable',
        selected: '',
        selectable: false,
        selection: [],
      });
      expect({ noSearch, noFilters, contained, announce }).to.deep.equal({
        noSearch: false,
        noFilters: false,
        contained: false,
        announce: 'errors',
      });
    });

    it('reflects density and contained, and passes the density to its parts', async () => {
      const list = await listOf(named(ABC).store, { density: 'compact', contained: true });
      expect(list.getAttribute('density')).to.equal('compact');
      expect(list.hasAttribute('contained')).to.equal(true);
      expect(part(list, 'tag')!.getAttribute('density')).to.equal('compact');
      expect(row(list, 'Alpha').getBoundingClientRect().height).to.equal(36);
      list.density = 'comfortable';
      await nextFrame();
      expect(part(list, 'tag')!.getAttribute('density')).not.to.equal('compact');
      expect(row(list, 'Alpha').getBoundingClientRect().height).to.equal(48);
    });

    it('can hide search and filters', async () => {
      const list = await listOf(named(ABC).store, { noSearch: true, noFilters: true });
      expect(part(list, 'search')).to.equal(null);
      expect(part(list, 'filters')).to.equal(null);
    });

    it('shows what is missing instead of throwing', async () => {
      const list = await fixture<CampaignList>(html`<campaign-list></campaign-list>`);
      const announced = (): string => part(list, 'problem')?.textContent ?? '';
      expect(announced()).to.equal('<campaign-list> needs the attribute `system`.');
      list.system = 'flows';
      await list.updateComplete;
      expect(announced()).to.equal(english.format('setup.noStore', { element: 'campaign-list' }));
      list.store = createBackend().store;
      list.system = '__proto__';
      await list.updateComplete;
      expect(announced()).to.equal('There is no system "__proto__" here; known: flows and python.');
      list.system = 'flows';
      await settled(list);
      expect(part(list, 'problem')).to.equal(null);
      expect(names(list).length).to.equal(12);
      list.store = undefined;
      await list.updateComplete;
      expect(announced()).to.contain('campaign-provider');
    });

    it('shows another system, and another store', async () => {
      const { store } = named({ ...ABC });
      const list = await listOf(store);
      expect(names(list)).to.deep.equal(['Alpha', 'Bravo', 'Charlie']);
      list.system = 'python';
      await settled(list);
      expect(names(list)).to.deep.equal([]);
      list.system = 'flows';
      list.store = named({ Delta: 'active' }).store;
      await until(() => names(list).join() === 'Delta');
    });
  });

  describe('events', () => {
    it('dispatches one query event per user change, and none when the host sets the query', async () => {
      const { store } = named(ABC);
      const list = await listOf(store);
      const received: unknown[] = [];
      const onQuery = (event: CampaignQueryEvent): void => void received.push(event.detail);
      document.addEventListener('campaign-query', onQuery);
      try {
        list.query = { sort: 'status' };
        await settled(list);
        expect(received).to.deep.equal([]);
        await click(chip(list, 'Error'));
        await click(sort(list, 'Campaign'));
        typeAtOnce(input(list), 'char');
        await until(() => received.length === 3);
        await aTimeout(200);
        expect(received).to.deep.equal([
          { system: 'flows', query: { sort: 'status', statuses: ['error'] } },
          { system: 'flows', query: { sort: 'name', statuses: ['error'] } },
          { system: 'flows', query: { sort: 'name', statuses: ['error'], text: 'char' } },
        ]);
        expect(list.query).to.deep.equal((received[2] as { query: ListQuery }).query);
      } finally {
        document.removeEventListener('campaign-query', onQuery);
      }
    });

    it('can open a campaign whose name has no visible characters', async () => {
      const { store, backend } = named(ABC);
      backend.campaigns.rename({ system: 'flows', id: 'Alpha' }, '\u200b');
      const list = await listOf(store);
      const received: CampaignNavigateEvent['detail'][] = [];
      list.addEventListener('campaign-navigate', ({ detail }) => received.push(detail));
      await click(nameOf(list, 'Alpha'));
      expect(received.map(({ ref }) => ref.id)).to.deep.equal(['Alpha']);
    });

    it('dispatches one event before the link to a campaign is followed, and none where the event is canceled', async () => {
      const { store } = named(ABC);
      const host = await renderWithStore(store, html`<campaign-list system="flows"></campaign-list>`, {
        routes: { campaign: '#/campaigns/{id}' },
      });
      const list = host.querySelector('campaign-list')!;
      await settled(list);
      const received: (string | undefined)[] = [];
      host.addEventListener('campaign-navigate', (event) => {
        received.push(event.detail.href);
        event.preventDefault();
      });
      await click(nameOf(list, 'Bravo'));
      expect(received).to.deep.equal([new URL('#/campaigns/Bravo', document.baseURI).href]);
      expect(location.hash).to.equal('');
    });

    it('dispatches one event for a page without a route', async () => {
      const list = await listOf(named(ABC).store);
      const received: unknown[] = [];
      list.addEventListener('campaign-navigate', (event: CampaignNavigateEvent) => received.push(event.detail));
      await click(nameOf(list, 'Bravo'));
      nameOf(list, 'Alpha').focus();
      await press('Enter');
      expect(received).to.deep.equal([
        { to: 'campaign', ref: { system: 'flows', id: 'Bravo' } },
        { to: 'campaign', ref: { system: 'flows', id: 'Alpha' } },
      ]);
    });

    it('lets the events of its buttons through, once each', async () => {
      const { store } = named(ABC);
      const list = await listOf(store);
      const received: string[] = [];
      for (const name of ['campaign-action', 'campaign-outcome'] as const)
        list.addEventListener(name, ({ type, detail }) => received.push(`${type} ${detail.ref.id} ${detail.action}`));
      await click(row(list, 'Alpha').querySelector('[part=action]')!);
      await until(() => received.length > 1);
      await nextFrame();
      expect(received).to.deep.equal(['campaign-action Alpha stop', 'campaign-outcome Alpha stop']);
    });

    it('links to a page with a route', async () => {
      const { store } = named(ABC);
      const provider = await fixture<CampaignProvider>(html`
        <campaign-provider .store=${store} .routes=${{ campaign: '/c/{system}/{id}' }}>
          <campaign-list system="flows"></campaign-list>
        </campaign-provider>
      `);
      const list = provider.querySelector('campaign-list')!;
      await settled(list);
      expect((nameOf(list, 'Bravo') as HTMLAnchorElement).pathname).to.equal('/c/flows/Bravo');
      provider.routes = { campaign: () => 'javascript:alert(1)' };
      await until(() => nameOf(list, 'Bravo').localName === 'button');
    });
  });

  describe('slots', () => {
    it('shows the host’s controls beside the filters', async () => {
      const list = await fixture<CampaignList>(html`
        <campaign-list system="flows" .store=${named(ABC).store}><button slot="toolbar">New</button></campaign-list>
      `);
      await settled(list);
      expect(list.querySelector('button')!.assignedSlot!.parentElement).to.equal(part(list, 'toolbar'));
    });

    it('shows the host’s text for an empty list', async () => {
      const list = await fixture<CampaignList>(html`
        <campaign-list system="flows" .store=${named({}).store}><p slot="empty">Make one!</p></campaign-list>
      `);
      await settled(list);
      expect(list.querySelector('p')!.checkVisibility()).to.equal(true);
      expect(part(list, 'gap-action')!.checkVisibility()).to.equal(false);
      auditGrid(list);
    });
  });

  describe('parts', () => {
    it('has the documented parts', async () => {
      const list = await listOf(named(ABC).store, { query: { text: 'a' } });
      for (const name of `toolbar search search-input search-clear filters chip bar count grid header sort row name id tag since
        action`.split(/\s+/))
        expect(part(list, name), name).to.be.instanceOf(HTMLElement);
    });
  });

  for (const direction of ['ltr', 'rtl'] as const)
    describe(`keyboard, ${direction}`, () => {
      const [onward, back] = direction === 'ltr' ? ['ArrowRight', 'ArrowLeft'] : ['ArrowLeft', 'ArrowRight'];

      async function keyboardList(properties: Partial<CampaignList> = {}): Promise<CampaignList> {
        const around = await fixture(html`
          <div dir=${direction}>
            <button id="before">before</button>
            <campaign-list system="flows" .store=${named(ABC).store}></campaign-list>
            <button id="after">after</button>
          </div>
        `);
        const list = around.querySelector('campaign-list')!;
        Object.assign(list, properties);
        await settled(list);
        return list;
      }

      it('is one tab stop', async () => {
        const list = await keyboardList({ noSearch: true, noFilters: true });
        expect(tabbables(list).length).to.equal(1);
        document.getElementById('before')!.focus();
        await press('Tab');
        expect(inside(list)).to.equal(nameOf(list, 'Alpha'));
        await press('Tab');
        expect(focused()!.id).to.equal('after');
        await press('Shift+Tab');
        expect(inside(list)).to.equal(nameOf(list, 'Alpha'));
        await press('Shift+Tab');
        expect(focused()!.id).to.equal('before');
      });

      it('moves by cells, and focuses the control in a cell', async () => {
        const list = await keyboardList();
        nameOf(list, 'Alpha').focus();
        await press(onward);
        expect(inside(list)!.localName).to.equal('campaign-status-tag');
        expect(focused()!.localName).to.equal('button');
        await press(onward);
        expect(where(list)).to.equal('2/3');
        expect(inside(list)!.getAttribute('role')).to.equal('gridcell');
        await press(onward);
        expect(inside(list)!.localName).to.equal('campaign-action-button');
        await press(onward);
        expect(where(list)).to.equal('2/4');
        await press('ArrowDown');
        expect(where(list)).to.equal('3/4');
        await press(back);
        await press('ArrowDown');
        await press('ArrowDown');
        expect(where(list)).to.equal('4/3');
        await press('ArrowUp');
        expect(where(list)).to.equal('3/3');
        expect(tabbables(list).length).to.equal(1);
      });

      it('Home and End go to the ends', async () => {
        const list = await keyboardList();
        nameOf(list, 'Bravo').focus();
        for (const [key, place] of [
          ['End', '3/4'],
          ['Home', '3/1'],
          ['Control+End', '4/4'],
          ['Control+Home', '1/1'],
          ['End', '1/4'],
          ['ArrowDown', '2/4'],
          ['PageDown', '4/4'],
          ['PageUp', '2/4'],
        ] as const) {
          await press(key);
          expect(where(list), key).to.equal(place);
          expect(tabbables(list).length, key).to.equal(1);
        }
      });

      it('Tab leaves the grid from any cell, and returns to it', async () => {
        const list = await keyboardList();
        nameOf(list, 'Bravo').focus();
        await press(onward);
        await press('Tab');
        expect(focused()!.id).to.equal('after');
        await press('Shift+Tab');
        expect(where(list)).to.equal('3/2');
        expect(focused()!.closest('button')).not.to.equal(null);
      });
    });

  describe('keyboard', () => {
    it('sorts from the header', async () => {
      const list = await listOf(named(ABC).store);
      nameOf(list, 'Alpha').focus();
      await press('ArrowUp');
      expect(where(list)).to.equal('1/1');
      await press('Enter');
      await until(() => names(list).join() === 'Charlie,Bravo,Alpha');
      expect(where(list)).to.equal('1/1');
    });

    it('ignores keys in fields and popups, and keys with another meaning', async () => {
      const list = await listOf(named(ABC).store);
      input(list).focus();
      await type('a');
      await press('Home');
      expect(inside(list)).to.equal(input(list));
      nameOf(list, 'Bravo').focus();
      for (const key of ['Alt+ArrowDown', 'Shift+ArrowDown', 'Control+ArrowDown', 'a']) {
        await press(key);
        expect(where(list), key).to.equal('3/1');
      }
    });

    it('pages through many rows, and never scrolls a row under the header', async () => {
      await setViewport(800, 400);
      const { store, backend } = createBackend({ sampleData: 'empty' });
      backend.campaigns.fill(200, 'flows');
      const list = await listOf(store);
      parts(list, 'name')[0]!.focus();
      await press('PageDown');
      const first = Number(where(list).split('/')[0]);
      expect(first).to.be.within(4, 12);
      await press('Control+End');
      expect(where(list)).to.equal('201/4');
      for (let i = 0; i < 6; i++) {
        await press('PageUp');
        const { top, bottom } = inside(list)!.getBoundingClientRect();
        expect(top).to.be.at.least(part(list, 'header')!.getBoundingClientRect().bottom);
        expect(bottom).to.be.at.most(innerHeight);
      }
    });

    it('focuses a cell without a control, and keeps the focus when a control appears in it', async () => {
      const { store, backend } = named({ One: 'running', Two: 'finished' }, 'mailings', { lifecycles: [mailings] });
      const list = await listOf(store, { system: 'mailings' });
      nameOf(list, 'Two').focus();
      await press('End');
      expect(where(list)).to.equal('3/4');
      expect(inside(list)!.getAttribute('role')).to.equal('gridcell');
      await press('ArrowUp');
      expect(inside(list)!.localName).to.equal('campaign-action-button');
      backend.campaigns.force({ system: 'mailings', id: 'One' }, { status: 'finished' });
      await until(() => chips(list).includes('Finished 2'));
      expect(inside(list)!.localName).to.equal('campaign-action-button');
      await press('ArrowDown');
      await nextFrame();
      await press('ArrowUp');
      expect(where(list)).to.equal('2/4');
      expect(inside(list)!.getAttribute('role')).to.equal('gridcell');
      expect(tabbables(list).length).to.equal(1);
    });
  });

  describe('life cycle', () => {
    it('works again after it was removed and put back', async () => {
      const { store, backend } = named(ABC);
      const list = await listOf(store);
      const alpha = row(list, 'Alpha');
      const elsewhere = document.createElement('div');
      list.parentElement!.append(elsewhere);
      elsewhere.append(list);
      await settled(list);
      expect(row(list, 'Alpha')).to.equal(alpha);
      list.remove();
      backend.campaigns.rename({ system: 'flows', id: 'Alpha' }, 'Aleph');
      backend.campaigns.add({ system: 'flows', id: 'Delta', name: 'Delta' });
      elsewhere.append(list);
      await until(() => names(list).join() === 'Aleph,Bravo,Charlie,Delta');
    });

    it('uses the store of the provider that it is moved into', async () => {
      const one = named({ One: 'active' }).store;
      const two = named({ Two: 'active' }).store;
      const page = await fixture(html`
        <div>
          <campaign-provider .store=${one}><campaign-list system="flows"></campaign-list></campaign-provider>
          <campaign-provider .store=${two}></campaign-provider>
        </div>
      `);
      const list = page.querySelector('campaign-list')!;
      await until(() => names(list).join() === 'One');
      page.querySelectorAll('campaign-provider')[1]!.append(list);
      await until(() => names(list).join() === 'Two');
    });

    it('leaves nothing behind after a hundred connects', async () => {
      const { store } = named(ABC);
      const { counted, subscriptions } = counting(store);
      const list = await listOf(counted);
      const home = list.parentElement!;
      const before = subscriptions();
      expect(before).to.be.greaterThan(0);
      for (let i = 0; i < 100; i++) {
        list.remove();
        home.append(list);
        if (i % 10 === 0) await nextFrame();
      }
      await settled(list);
      expect(subscriptions()).to.equal(before);
      list.remove();
      await nextFrame();
      expect(subscriptions()).to.equal(0);
    });
  });

  describe('filters', () => {
    it('has one filter per status, in the order of the lifecycle, with counts', async () => {
      const list = await listOf(createBackend().store, { system: 'python' });
      expect(chips(list)).to.deep.equal(['All 12', 'Created 3', 'Configured 3', 'Running 3', 'Error 3']);
    });

    it('counts each unknown status as it is', async () => {
      const { store, backend } = named(ABC);
      const list = await listOf(store);
      backend.campaigns.force({ system: 'flows', id: 'Alpha' }, { status: 'zipped' });
      backend.campaigns.force({ system: 'flows', id: 'Bravo' }, { status: 'constructor' });
      await until(() => chips(list).length === 6);
      expect(chips(list)).to.deep.equal(['All 3', 'Inactive 0', 'Active 0', 'Error 1', 'constructor 1', 'zipped 1']);
      await click(chip(list, 'constructor'));
      await until(() => names(list).join() === 'Bravo');
      backend.campaigns.force({ system: 'flows', id: 'Bravo' }, { status: 'active' });
      await moveTo(0, 0);
      await until(() => names(list).length === 0);
      expect(chips(list)).to.contain('constructor 0');
    });

    it('shows the most frequent of many unknown statuses and the selected ones, so that rows stay visible', async () => {
      const { store, backend } = createBackend({ sampleData: 'empty' });
      backend.campaigns.fill(40, 'flows');
      const ids = backend.campaigns.list('flows').map(({ id }) => id);
      for (const [n, id] of ids.entries())
        backend.campaigns.force(
          { system: 'flows', id },
          { status: n < 4 ? 'often' : `once ${String(n).padStart(2, '0')}` },
        );
      const list = await listOf(store, { query: { statuses: ['never'] } });
      await until(() => chips(list).includes('often 4'));
      expect(chips(list).slice(4)).to.deep.equal([
        'never 0',
        'often 4',
        ...[4, 5, 6, 7, 8, 9].map((n) => `once 0${n} 1`),
      ]);
    });

    it('adds and removes statuses; “all” removes all', async () => {
      const list = await listOf(named(ABC).store);
      await click(chip(list, 'Error'));
      await until(() => names(list).join() === 'Charlie');
      await click(chip(list, 'Active'));
      await until(() => names(list).join() === 'Alpha,Charlie');
      expect(parts(list, 'chip').map((element) => element.getAttribute('aria-pressed'))).to.deep.equal([
        'false',
        'false',
        'true',
        'true',
      ]);
      expect(part(list, 'count')!.textContent).to.equal('2 of 3 campaigns');
      await click(chip(list, 'Error'));
      await until(() => names(list).join() === 'Alpha');
      await click(chip(list, 'All'));
      await until(() => names(list).length === 3);
      expect(list.query).to.deep.equal({});
    });

    it('has one for stuck campaigns if the lifecycle says when they are; “all” removes it too', async () => {
      const at = Date.now() - 3_600_000;
      const { store, backend } = named({ One: 'running', Two: 'running', Three: 'done' }, 'exports', {
        lifecycles: [slowExports],
      });
      for (const id of ['Two', 'Three']) backend.campaigns.force({ system: 'exports', id }, { at });
      const list = await listOf(store, { system: 'exports' });
      await until(() => chips(list).includes('Stuck 1'));
      await click(chip(list, 'Stuck'));
      await until(() => names(list).join() === 'Two');
      expect(list.query).to.deep.equal({ stuck: true });
      expect(chip(list, 'All').getAttribute('aria-pressed')).to.equal('false');
      backend.campaigns.force({ system: 'exports', id: 'Two' }, { message: 'half done', at: Date.now() });
      await until(() => chips(list).includes('Stuck 0'));
      await until(() => names(list).length === 0);
      await click(chip(list, 'All'));
      await until(() => names(list).length === 3);
      expect(list.query).to.deep.equal({});
      const others = await listOf(named(ABC).store);
      expect(chips(others).some((text) => text.startsWith('Stuck'))).to.equal(false);
    });

    it('keeps the width of a filter when its count grows and when it is pressed', async () => {
      const { store, backend } = named({ ...ABC });
      const list = await listOf(store);
      const widths = (): number[] => parts(list, 'chip').map((element) => element.offsetWidth);
      const before = widths();
      await click(chip(list, 'Error'));
      await list.updateComplete;
      expect(widths()).to.deep.equal(before);
      backend.campaigns.fill(130, 'flows');
      await until(() => chips(list)[0] === 'All 133');
      expect(widths()).to.deep.equal(before);
    });

    it('a filter with the count zero can be pressed', async () => {
      const list = await listOf(named({ Alpha: 'active' }).store);
      await click(chip(list, 'Error'));
      await until(() => part(list, 'gap')?.textContent?.includes('No campaign matches.'));
    });

    it('shows no counts before the first snapshot', async () => {
      const { store, backend } = named(ABC);
      backend.faults.stallFeed();
      const list = await fixture<CampaignList>(html`<campaign-list .store=${store} system="flows"></campaign-list>`);
      expect(chips(list)).to.deep.equal(['All', 'Inactive', 'Active', 'Error']);
      backend.faults.restoreFeed();
      await settled(list);
      expect(chips(list)).to.deep.equal(['All 3', 'Inactive 1', 'Active 1', 'Error 1']);
    });
  });

  describe('search', () => {
    it('finds by name or id, updates the counts, and can be cleared', async () => {
      const { store } = named({ 'Café au lait': 'active', 'Cafe noir': 'error', Tea: 'active' });
      const list = await listOf(store);
      input(list).focus();
      await type('cafe');
      await until(() => names(list).length === 2);
      expect(chips(list)).to.deep.equal(['All 2', 'Inactive 0', 'Active 1', 'Error 1']);
      await click(part(list, 'search-clear')!);
      await until(() => names(list).length === 3);
      expect(inside(list)).to.equal(input(list));
      expect(input(list).value).to.equal('');
    });

    it('keeps spaces while the user types', async () => {
      const list = await listOf(named({ 'New York': 'active', Newcastle: 'active' }).store);
      input(list).focus();
      await type('new ');
      await until(() => list.query.text === 'new');
      await list.updateComplete;
      expect(input(list).value).to.equal('new ');
      await type('y');
      await until(() => names(list).join() === 'New York');
      expect(input(list).value).to.equal('new y');
    });

    it('shows the text that the host sets', async () => {
      const list = await listOf(named(ABC).store, { query: { text: 'alp' } });
      expect(input(list).value).to.equal('alp');
      list.query = {};
      await list.updateComplete;
      expect(input(list).value).to.equal('');
    });
  });

  describe('order', () => {
    it('sorts by a header, reverses, and sets aria-sort', async () => {
      const { store, backend } = named({ Alpha: 'error', Bravo: 'inactive', Charlie: 'active' });
      for (const [id, at] of [
        ['Alpha', 2000],
        ['Bravo', 3000],
        ['Charlie', 1000],
      ] as const)
        backend.campaigns.force({ system: 'flows', id }, { at });
      const list = await listOf(store);
      const sorted = (): (string | null)[] =>
        [...list.renderRoot.querySelectorAll('[role="columnheader"]')].map((header) =>
          header.getAttribute('aria-sort'),
        );
      expect(sorted()).to.deep.equal(['ascending', null, null, null]);
      await click(sort(list, 'Campaign'));
      expect(names(list)).to.deep.equal(['Charlie', 'Bravo', 'Alpha']);
      expect(sorted()).to.deep.equal(['descending', null, null, null]);
      await click(sort(list, 'Status'));
      expect(names(list)).to.deep.equal(['Bravo', 'Charlie', 'Alpha']);
      expect(sorted()).to.deep.equal([null, 'ascending', null, null]);
      await click(sort(list, 'Since'));
      expect(names(list)).to.deep.equal(['Bravo', 'Alpha', 'Charlie']);
      expect(sorted()).to.deep.equal([null, null, 'descending', null]);
    });

    it('moves rows without creating new ones, and keeps the focus', async () => {
      const list = await listOf(named(ABC).store);
      const before = new Map(names(list).map((name) => [name, row(list, name)]));
      nameOf(list, 'Bravo').focus();
      list.query = { descending: true };
      await until(() => names(list).join() === 'Charlie,Bravo,Alpha');
      for (const [name, element] of before) expect(row(list, name)).to.equal(element);
      expect(inside(list)).to.equal(nameOf(list, 'Bravo'));
      auditGrid(list);
    });

    it('holds a new order while the focus is inside, counts the changes and applies them on demand', async () => {
      const { store, backend } = named(ABC);
      const list = await listOf(store);
      nameOf(list, 'Bravo').focus();
      const { y } = row(list, 'Bravo').getBoundingClientRect();
      backend.campaigns.rename({ system: 'flows', id: 'Alpha' }, 'Zulu');
      backend.campaigns.add({ system: 'flows', id: 'Able', name: 'Able' });
      const reorder = await until(() => part(list, 'reorder'));
      await until(() => reorder.textContent.trim() === 'Reorder (2 updates)');
      expect(names(list)).to.deep.equal(['Zulu', 'Bravo', 'Charlie']);
      expect(row(list, 'Bravo').getBoundingClientRect().y).to.equal(y);
      await click(reorder);
      await until(() => names(list).join() === 'Able,Bravo,Charlie,Zulu');
      expect(part(list, 'reorder')).to.equal(null);
      expect(inside(list)).to.equal(nameOf(list, 'Bravo'));
    });

    it('applies a held order when the focus leaves', async () => {
      const { store, backend } = named(ABC);
      const list = await listOf(store);
      nameOf(list, 'Bravo').focus();
      backend.campaigns.rename({ system: 'flows', id: 'Alpha' }, 'Zulu');
      await until(() => part(list, 'reorder'));
      await press('ArrowDown');
      await nextFrame();
      expect(names(list)).to.deep.equal(['Zulu', 'Bravo', 'Charlie']);
      input(list).focus();
      await until(() => names(list).join() === 'Bravo,Charlie,Zulu');
    });

    it('holds the order while the mouse is over the rows, removed rows included', async () => {
      const { store, backend } = named(ABC);
      const list = await listOf(store);
      await hover(row(list, 'Charlie'));
      backend.campaigns.remove({ system: 'flows', id: 'Alpha' });
      await until(() => part(list, 'reorder'));
      expect(names(list)).to.deep.equal(['Alpha', 'Bravo', 'Charlie']);
      await moveTo(0, 0);
      await until(() => names(list).join() === 'Bravo,Charlie');
    });

    it('shows neither time nor person for a removed row', async () => {
      const { store, backend } = named(ABC);
      const list = await listOf(store);
      const since = row(list, 'Alpha').querySelector<HTMLElement>('[part=since]')!;
      expect(since.innerText).to.contain('just now');
      await hover(row(list, 'Charlie'));
      backend.campaigns.remove({ system: 'flows', id: 'Alpha' });
      await until(() => row(list, 'Alpha').classList.contains('gone'));
      expect(since.textContent).to.equal('');
    });

    it('keeps a popup open while its row moves', async () => {
      const { store } = named(ABC);
      const list = await listOf(store);
      const tag = row(list, 'Charlie').querySelector('campaign-status-tag')!;
      tag.open();
      expect(tag.shadowRoot!.querySelector(':popover-open') !== null).to.equal(true);
      list.query = { sort: 'name', descending: true };
      await settled(list);
      expect(names(list)).to.deep.equal(['Charlie', 'Bravo', 'Alpha']);
      expect(tag.shadowRoot!.querySelector(':popover-open') !== null, 'still open').to.equal(true);
    });

    it('closes a popup whose row moves, where the browser can’t move it whole', async () => {
      const moveBefore = Object.getOwnPropertyDescriptor(Element.prototype, 'moveBefore');
      Reflect.deleteProperty(Element.prototype, 'moveBefore');
      try {
        const { store } = named(ABC);
        const list = await listOf(store);
        const tag = row(list, 'Charlie').querySelector('campaign-status-tag')!;
        const openPopup = (): Element | null => tag.shadowRoot!.querySelector(':popover-open');
        tag.open();
        expect(openPopup() !== null).to.equal(true);
        list.query = { sort: 'name', descending: true };
        await settled(list);
        expect(names(list)).to.deep.equal(['Charlie', 'Bravo', 'Alpha']);
        expect(openPopup() === null, 'closed').to.equal(true);
        expect(tag.shadowRoot!.querySelector('button')!.getAttribute('aria-expanded')).to.equal('false');
        tag.open();
        expect(openPopup() !== null, 'opens again').to.equal(true);
      } finally {
        if (moveBefore) Object.defineProperty(Element.prototype, 'moveBefore', moveBefore);
      }
    });

    it('applies at once what the user requests', async () => {
      const list = await listOf(named(ABC).store);
      await click(nameOf(list, 'Alpha'));
      await click(sort(list, 'Campaign'));
      expect(names(list)).to.deep.equal(['Charlie', 'Bravo', 'Alpha']);
    });
  });

  describe('removed rows', () => {
    it('moves the focus to the next row, else the previous, else the grid; and announces it once', async () => {
      const { store, backend } = named(ABC);
      const announced: string[] = [];
      const provider = await fixture(html`
        <campaign-provider .store=${store}><campaign-list system="flows"></campaign-list></campaign-provider>
      `);
      const list = provider.querySelector('campaign-list')!;
      await settled(list);
      watchAnnouncements(announced);
      nameOf(list, 'Bravo').focus();
      await press('ArrowRight');
      backend.campaigns.remove({ system: 'flows', id: 'Bravo' });
      await until(() => names(list).join() === 'Alpha,Charlie');
      expect(where(list)).to.equal('3/2');
      expect(row(list, 'Charlie').contains(inside(list))).to.equal(true);
      await until(() => announced.length > 0, 'it is announced');
      expect(announced).to.deep.equal(['Bravo was removed.']);
      backend.campaigns.remove({ system: 'flows', id: 'Charlie' });
      await until(() => names(list).join() === 'Alpha');
      expect(where(list)).to.equal('2/2');
      backend.campaigns.remove({ system: 'flows', id: 'Alpha' });
      await until(() => names(list).length === 0);
      expect(part(list, 'grid')!.matches(':focus-within')).to.equal(true);
      expect(tabbables(list).length).to.equal(1);
      auditGrid(list);
    });
  });

  describe('a row with an open dialog', () => {
    it('stays until the dialog is closed, although its campaign was removed', async () => {
      const { store, backend } = named({ Alpha: 'running', Bravo: 'error', Charlie: 'running' }, 'python');
      const list = await listOf(store, { system: 'python' });
      nameOf(list, 'Bravo').focus();
      await press('End');
      await press('Enter');
      const dialog = await until(() => focused()?.closest('dialog'));
      backend.campaigns.remove({ system: 'python', id: 'Bravo' });
      await until(() => part(list, 'reorder'));
      expect(dialog.open).to.equal(true);
      expect(names(list)).to.deep.equal(['Alpha', 'Bravo', 'Charlie']);
      await press('Escape');
      await until(() => names(list).join() === 'Alpha,Charlie');
      expect(where(list)).to.equal('3/4');
      expect(row(list, 'Charlie').contains(inside(list))).to.equal(true);
    });
  });

  describe('states of the list', () => {
    const gap = (list: CampaignList): string => part(list, 'gap')?.textContent?.trim().replace(/\s+/g, ' ') ?? '';

    it('is loading, busy and of unknown length until the first snapshot is complete', async () => {
      const { store, backend } = named(ABC);
      backend.faults.stallFeed();
      const list = await fixture<CampaignList>(html`<campaign-list .store=${store} system="flows"></campaign-list>`);
      await nextFrame();
      const grid = part(list, 'grid')!;
      expect(grid.getAttribute('aria-busy')).to.equal('true');
      expect(grid.getAttribute('aria-rowcount')).to.equal('-1');
      expect(gap(list)).to.equal('Loading campaigns… Try again');
      expect(list.matches(':state(loading)')).to.equal(true);
      auditGrid(list);
      backend.faults.restoreFeed();
      await settled(list);
      expect(grid.getAttribute('aria-rowcount')).to.equal('4');
      expect(list.matches(':state(loading)')).to.equal(false);
      expect(part(list, 'gap')).to.equal(null);
    });

    it('marks a list that is only partly read', async () => {
      const { backend } = named(ABC);
      const whole = simulatedAdapter(backend);
      let release = (): void => {};
      const looked = new Promise<void>((resolve) => (release = resolve));
      const store = createCampaignStore({
        adapter: {
          ...whole,
          async *watch(request) {
            for await (const change of whole.watch(request) as AsyncIterable<{ type: string }>) {
              if (change.type === 'synced') await looked;
              yield change as never;
            }
          },
        },
      });
      stores.push(store);
      const list = await fixture<CampaignList>(html`<campaign-list .store=${store} system="flows"></campaign-list>`);
      await until(() => names(list).length === 3);
      expect(part(list, 'count')!.textContent).to.equal('3 campaigns so far, loading…');
      expect(gap(list)).to.equal('More campaigns are being read… Try again');
      expect(part(list, 'grid')!.getAttribute('aria-rowcount')).to.equal('-1');
      auditGrid(list);
      release();
      await settled(list);
      expect(part(list, 'count')!.textContent).to.equal('3 campaigns');
      expect(part(list, 'gap')).to.equal(null);
    });

    it('does not show “loading” when reading is forbidden', async () => {
      const store = createCampaignStore({
        adapter: {
          async *watch() {
            await Promise.resolve();
            yield { type: 'open', mode: 'snapshot' };
            yield { type: 'page', items: [{ id: 'a', status: 'active', revision: 1 }] };
            throw new AdapterError('forbidden');
          },
          act: () => Promise.resolve({ outcome: 'accepted' }),
        },
      });
      stores.push(store);
      const list = await fixture<CampaignList>(html`<campaign-list .store=${store} system="flows"></campaign-list>`);
      await until(() => part(list, 'connection'), 'the note');
      expect(part(list, 'connection')!.textContent).to.contain('You may not see these campaigns.');
      expect(part(list, 'count')!.textContent).to.equal('1 campaign, list incomplete');
      expect(part(list, 'grid')!.getAttribute('aria-rowcount')).to.equal('-1');
    });

    it('is empty, and offers to check again', async () => {
      const { store, backend } = named({});
      const list = await listOf(store);
      expect(gap(list)).to.equal('There are no campaigns yet. Check again');
      expect(list.matches(':state(empty)')).to.equal(true);
      auditGrid(list);
      await expectAccessible(list);
      expect(tabbables(list).length).to.equal(1);
      backend.campaigns.add({ system: 'flows', name: 'First' });
      await until(() => names(list).join() === 'First');
    });

    it('is filtered to nothing, and shows all again with the focus kept', async () => {
      const list = await listOf(named(ABC).store, { query: { text: 'xyz', statuses: ['error'], sort: 'at' } });
      expect(gap(list)).to.equal('No campaign matches. Clear search and filters');
      await expectAccessible(list);
      part(list, 'gap-action')!.focus();
      await press('Enter');
      await until(() => names(list).length === 3);
      expect(list.query).to.deep.equal({ sort: 'at' });
      expect(where(list)).to.equal('2/1');
    });

    it('could not be read: shows why, and retries', async () => {
      const { store, backend } = named(ABC);
      backend.faults.cutFeed();
      const list = await fixture<CampaignList>(html`<campaign-list .store=${store} system="flows"></campaign-list>`);
      await until(() => gap(list).startsWith('The campaigns could not be read. Details: '));
      expect(part(list, 'connection')).to.equal(null);
      auditGrid(list);
      // Restore it at once: the store retries by itself as well.
      backend.faults.restoreFeed();
      part(list, 'gap-action')!.click();
      await until(() => names(list).length === 3);
    });

    for (const [status, text] of [
      [401, 'You are signed out. Sign in to see the campaigns.'],
      [403, 'You may not see these campaigns.'],
      [400, 'The campaigns could not be read: the connection to the backend is not set up correctly.'],
    ] as const)
      it(`is blocked by ${status}, and shows why`, async () => {
        const { store, backend } = named(ABC);
        backend.faults.answer(status);
        const list = await fixture<CampaignList>(html`<campaign-list .store=${store} system="flows"></campaign-list>`);
        await until(() => gap(list).startsWith(text), text);
        expect(gap(list)).to.match(/ Details: .+ Try again$/);
        expect(list.matches(':state(blocked)')).to.equal(true);
        expect(part(list, 'grid')!.getAttribute('aria-busy')).to.equal('false');
        await expectAccessible(list);
        backend.faults.answer(null);
        await click(part(list, 'gap-action')!);
        await until(() => names(list).length === 3);
        expect(list.matches(':state(blocked)')).to.equal(false);
      });

    it('isolates the direction of the backend’s texts', async () => {
      const { backend } = named(ABC);
      const store = createCampaignStore({
        adapter: {
          ...simulatedAdapter(backend),
          watch: () => {
            throw Object.assign(new Error('a\u202eb'), { name: 'AdapterError', code: 'forbidden' });
          },
        },
      });
      stores.push(store);
      const list = await fixture<CampaignList>(html`<campaign-list .store=${store} system="flows"></campaign-list>`);
      await until(() => gap(list).includes('Details: a[U+202E]b'));
    });

    it('keeps the rows when the connection is lost, shows since when, and retries', async () => {
      const { store, backend } = named(ABC);
      const list = await listOf(store);
      const { y } = row(list, 'Alpha').getBoundingClientRect();
      backend.faults.cutFeed();
      const note = await until(() => part(list, 'connection'), 'the note');
      expect(note.textContent).to.match(/Connection lost\. You see the last known state, true at \d.*\./);
      expect(list.matches(':state(lost)')).to.equal(true);
      expect(names(list)).to.deep.equal(['Alpha', 'Bravo', 'Charlie']);
      expect(row(list, 'Alpha').getBoundingClientRect().y, 'no jump').to.equal(y);
      await expectAccessible(list);
      const retry = part(list, 'retry')!;
      retry.focus();
      backend.faults.restoreFeed();
      retry.click();
      await until(() => !part(list, 'connection'));
      expect(list.matches(':state(lost)')).to.equal(false);
      expect(part(list, 'grid')!.matches(':focus-within'), 'the focus goes on').to.equal(true);
    });

    it('keeps the rows in place when the connection note takes two lines', async () => {
      const { store, backend } = named(ABC);
      const list = await listOf(store);
      list.style.inlineSize = '640px';
      await nextFrame();
      const { y } = row(list, 'Alpha').getBoundingClientRect();
      backend.faults.cutFeed();
      const text = await until(() => part(list, 'connection')?.querySelector('span'), 'the note');
      const range = document.createRange();
      range.selectNodeContents(text);
      const lines = new Set([...range.getClientRects()].map(({ top }) => Math.round(top)));
      expect(row(list, 'Alpha').getBoundingClientRect().y, 'no jump').to.equal(y);
      expect(lines.size, 'lines').to.equal(2);
    });

    it('shows all of that in little space too: no row covers it', async () => {
      const { store, backend } = named(
        Object.fromEntries(Array.from({ length: 40 }, (_, n) => [`Campaign ${n}`, 'active'])),
      );
      const list = await listOf(store, { contained: true });
      list.style.inlineSize = '400px';
      list.style.blockSize = '500px';
      backend.faults.cutFeed();
      const note = await until(() => part(list, 'connection'), 'the note');
      expect(note.getBoundingClientRect().bottom).to.be.at.most(part(list, 'grid')!.getBoundingClientRect().top);
    });

    it('shows how many campaigns could not be read, as long as that is so', async () => {
      const { store, backend } = named(ABC);
      const list = await listOf(store);
      backend.campaigns.corrupt({ system: 'flows', id: 'Alpha' });
      const announced = await until(() => part(list, 'unreadable'));
      expect(announced.textContent.trim()).to.equal('1 campaign could not be read');
      const late = await listOf(store);
      await until(() => part(late, 'unreadable'), 'a list that comes later says so too');
      backend.campaigns.force({ system: 'flows', id: 'Alpha' }, { status: 'inactive' });
      await until(() => !part(list, 'unreadable'));
    });
  });

  describe('announcements', () => {
    async function spoken(
      names: Readonly<Record<string, string>>,
      announce: string,
    ): Promise<BackendFixture & { list: CampaignList; announced: string[] }> {
      const created = named(names);
      const provider = await fixture(html`
        <campaign-provider .store=${created.store}>
          <campaign-list system="flows" announce=${announce}></campaign-list>
        </campaign-provider>
      `);
      const list = provider.querySelector('campaign-list')!;
      const announced: string[] = [];
      watchAnnouncements(announced);
      await settled(list);
      return { ...created, list, announced };
    }
    const many = Object.fromEntries(Array.from({ length: 14 }, (_, index) => [`Campaign ${index}`, 'active']));

    it('announces how many campaigns failed, in one summary', async () => {
      const { backend, announced } = await spoken(many, 'errors');
      for (const id of Object.keys(many).slice(0, 3))
        backend.campaigns.force({ system: 'flows', id }, { status: 'error' });
      await until(() => announced.length > 0, 'announced');
      expect(announced).to.deep.equal(['3 campaigns now in error.']);
    });

    it('announces nothing of the previous system', async () => {
      const { list, backend, announced } = await spoken(many, 'all');
      backend.campaigns.force({ system: 'flows', id: 'Campaign 0' }, { status: 'error' });
      // Checked more often than the list announces, so no announcement has been made yet.
      await until(() => chips(list).includes('Error 1'));
      list.system = 'python';
      await aTimeout(1300);
      expect(announced).to.deep.equal([]);
    });

    it('announces all changes on demand, and nothing of the first snapshot', async () => {
      const { backend, announced } = await spoken(many, 'all');
      await aTimeout(1500);
      expect(announced).to.deep.equal([]);
      Object.keys(many).forEach((id, index) => {
        backend.campaigns.force({ system: 'flows', id }, { status: index < 3 ? 'error' : 'inactive' });
      });
      await until(() => announced.length > 0, 'announced');
      expect(announced).to.deep.equal(['14 campaigns changed. 3 campaigns now in error.']);
    });

    for (const announce of ['own', 'off'])
      it(`does not announce other people’s changes: ${announce}`, async () => {
        const { backend, announced } = await spoken(many, announce);
        backend.campaigns.force({ system: 'flows', id: 'Campaign 1' }, { status: 'error' });
        await aTimeout(1800);
        expect(announced).to.deep.equal([]);
      });

    it('announces the number of results, half a second after the last key', async () => {
      const { list, announced } = await spoken({ Alpha: 'active', Alp: 'error', Bravo: 'active' }, 'errors');
      typeAtOnce(input(list), 'alp');
      const typed = performance.now();
      await until(() => announced.length > 0, 'announced');
      expect(performance.now() - typed).to.be.at.least(500);
      expect(announced).to.deep.equal(['2 campaigns found']);
    });

    it('announces the new order', async () => {
      const { list, announced } = await spoken(ABC, 'errors');
      await click(sort(list, 'Status'));
      await until(() => announced.length > 0, 'announced');
      expect(announced).to.deep.equal(['Sorted by Status, ascending']);
    });
  });

  describe('cost', () => {
    it('changes no DOM of other rows when one campaign changes', async () => {
      const { store, backend } = named(ABC);
      const list = await listOf(store);
      const touched = new Set<string>();
      const observer = new MutationObserver((records) => {
        for (const { target } of records) {
          const element = target instanceof Element ? target : target.parentElement;
          const around = element?.closest('[part="row"]');
          if (around) touched.add(around.querySelector('[part="name"]')!.textContent);
        }
      });
      observer.observe(part(list, 'grid')!, { subtree: true, childList: true, characterData: true, attributes: true });
      backend.campaigns.force({ system: 'flows', id: 'Bravo' }, { status: 'active', changedBy: 'Nobody' });
      await until(() => chips(list)[2] === 'Active 2');
      await nextFrame();
      observer.disconnect();
      expect([...touched]).to.deep.equal(['Bravo']);
    });

    it('has one tab stop among a thousand campaigns, and updates them one by one', async () => {
      const { store, backend } = createBackend({ sampleData: 'empty' });
      backend.campaigns.fill(1000, 'flows');
      const list = await listOf(store);
      expect(part(list, 'grid')!.getAttribute('aria-rowcount')).to.equal('1001');
      expect(tabbables(list).length).to.equal(1);
      const all = parts(list, 'row');
      expect(all.length).to.be.within(10, 40);
      let writes = 0;
      const observer = new MutationObserver((records) => (writes += records.length));
      observer.observe(part(list, 'grid')!, { subtree: true, childList: true, characterData: true, attributes: true });
      const shown = names(list)[5]!;
      const { id } = backend.campaigns.list('flows').find(({ name }) => name === shown)!;
      backend.campaigns.force({ system: 'flows', id }, { changedBy: 'Nobody' });
      await until(() => parts(list, 'row').some((element) => element.textContent.includes('Nobody')));
      observer.disconnect();
      expect(writes).to.be.within(1, 4);
      expect(parts(list, 'row')).to.deep.equal(all);
    });
  });

  describe('cost with many rows', () => {
    /** The number of reads and writes of the page during an action. */
    async function operations(doing: () => unknown): Promise<number> {
      let count = 0;
      const undo = (
        [
          [EventTarget.prototype, 'dispatchEvent', 'addEventListener'],
          [Node.prototype, 'insertBefore', 'contains', 'getRootNode'],
          [Element.prototype, 'setAttribute', 'matches', 'closest', 'checkVisibility', 'moveBefore', 'remove'],
          [Element.prototype, 'querySelector', 'querySelectorAll', 'getBoundingClientRect'],
          [window, 'getComputedStyle'],
        ] as readonly (readonly [object, ...string[]])[]
      ).flatMap(([owner, ...methods]) =>
        methods
          .filter((method) => method in owner)
          .map((method) => {
            const owned = Object.getOwnPropertyDescriptor(owner, method);
            const original = (owner as Record<string, (...args: unknown[]) => unknown>)[method]!;
            const counting = function (this: unknown, ...args: unknown[]): unknown {
              count++;
              return original.apply(this, args);
            };
            Object.defineProperty(owner, method, { configurable: true, writable: true, value: counting });
            return () => Object.defineProperty(owner, method, owned!);
          }),
      );
      try {
        await doing();
      } finally {
        for (const restore of undo) restore();
      }
      return count;
    }

    it('does not depend on the number of rows: for loading, changing all, reversing and filtering', async () => {
      const counts: number[][] = [];
      for (const many of [150, 600]) {
        const { store, backend } = createBackend({ sampleData: 'empty' });
        backend.campaigns.fill(many, 'flows');
        const list = await fixture<CampaignList>(html`<campaign-list .store=${store}></campaign-list>`);
        const showing = (rows: number) => async (): Promise<void> => {
          const rowCount = (): string | null | undefined => part(list, 'grid')?.getAttribute('aria-rowcount');
          for (let frame = 0; frame < 300 && rowCount() !== String(rows); frame++) await nextFrame();
          await nextFrame();
          expect(rowCount()).to.equal(String(rows));
        };
        const [all, none] = [showing(many + 1), showing(2)];
        counts.push([
          await operations(async () => {
            list.system = 'flows';
            await all();
          }),
          await operations(async () => {
            for (const { id } of backend.campaigns.list('flows'))
              backend.campaigns.force({ system: 'flows', id }, { status: 'error', message: 'broken' });
            await nextFrame();
            await all();
          }),
          await operations(async () => {
            list.query = { sort: 'name', descending: true };
            await nextFrame();
            await all();
          }),
          await operations(async () => {
            list.query = { text: 'nothing is called so' };
            await none();
          }),
        ]);
        list.remove();
      }
      const [few, many] = counts as [number[], number[]];
      for (const [index, count] of many.entries()) {
        expect(few[index], 'operations are counted').to.be.greaterThan(50);
        expect(count, `of ${String(few)}, then ${String(many)}`).to.be.below(1.5 * few[index]!);
      }
    });
  });

  describe('any lifecycle', () => {
    it('shows six statuses of a host, two of them without an action', async () => {
      const statuses = Object.keys(mailings.statuses);
      const { store } = named(Object.fromEntries(statuses.map((status) => [`Is ${status}`, status])), 'mailings', {
        lifecycles: [mailings, flows, python],
      });
      const list = await listOf(store, { system: 'mailings', query: { sort: 'status' } });
      expect(chips(list)).to.deep.equal([
        'All 6',
        'Draft 1',
        'Scheduled 1',
        'Running 1',
        'Paused 1',
        'Finished 1',
        'Cancelled 1',
      ]);
      expect(names(list)).to.deep.equal(statuses.map((status) => `Is ${status}`));
      expect(parts(list, 'action').filter((button) => button.checkVisibility()).length).to.equal(4);
      expect(part(list, 'grid')!.getAttribute('aria-label')).to.equal('Mailings campaigns');
      auditGrid(list);
      await expectAccessible(list);
    });

    it('keeps the lifecycle’s order of statuses that are named by numbers', async () => {
      const { store } = named(
        Object.fromEntries(printRuns.statusOrder.map((status) => [`Is ${status}`, status])),
        'print-runs',
        {
          lifecycles: [printRuns, flows, python],
        },
      );
      const list = await listOf(store, { system: 'print-runs', query: { sort: 'status' } });
      expect(chips(list)).to.deep.equal(['All 4', 'Waiting 1', 'Printing 1', 'Printed 1', 'Jammed 1']);
    });

    it('offers further actions in a row’s menu, and draws a host’s icon', async () => {
      const { store } = named({ Nightly: 'running', Weekly: 'terminated' }, 'workflows', {
        lifecycles: [workflows, flows, python],
      });
      const list = await listOf(store, { system: 'workflows' });
      const menus = parts(list, 'action').map((button) => button.shadowRoot!.querySelector('[part=more]'));
      expect(menus.map((menu) => menu?.textContent.trim())).to.deep.equal(['More actions for Nightly', undefined]);
      const { path } = workflows.statuses.terminated.icon as IconPath;
      const drawn = [list, ...parts(list, 'tag')].map((element) =>
        element.shadowRoot!.querySelector(`path[d="${path}"]`),
      );
      expect(drawn.map((shape) => shape !== null)).to.deep.equal([true, false, true]);
    });
  });

  describe('texts', () => {
    it('all come from the translations', async () => {
      const { store, backend } = named(ABC);
      const provider = await fixture(html`
        <campaign-provider .store=${store} .translations=${pseudo}>
          <campaign-list system="flows"></campaign-list>
        </campaign-provider>
      `);
      const list = provider.querySelector('campaign-list')!;
      await settled(list);
      const foreign = [...Object.keys(ABC), 'Planner'];
      expect(unmarked(list, foreign)).to.deep.equal([]);
      list.query = { text: 'nothing' };
      await settled(list);
      expect(unmarked(list, foreign)).to.deep.equal([]);
      backend.faults.cutFeed();
      list.query = {};
      await until(() => part(list, 'connection'), 'the note');
      expect(unmarked(list, foreign)).to.deep.equal([]);
    });
  });
});

/** A store that counts its subscriptions. */
function counting(store: CampaignStore): { readonly counted: CampaignStore; subscriptions(): number } {
  let count = 0;
  const observables = new Map<string, Live<unknown>>();
  const around = <T>(key: string, live: () => Live<T>): Live<T> => {
    const known = observables.get(key) as Live<T> | undefined;
    if (known) return known;
    const counted = new Observable<T>((subscriber) => {
      count++;
      const subscription = live().subscribe(subscriber);
      return () => {
        count--;
        subscription.unsubscribe();
      };
    });
    Object.defineProperty(counted, 'value', { get: () => live().value });
    observables.set(key, counted as Live<T>);
    return counted as Live<T>;
  };
  const counted: CampaignStore = {
    lifecycles: store.lifecycles,
    campaign: (ref) => around(`campaign ${ref.system} ${ref.id}`, () => store.campaign(ref)),
    list: (system, query) => around(`list ${system} ${JSON.stringify(query)}`, () => store.list(system, query)),
    offers: (system, ids) => store.offers(system, ids),
    inspect: () => store.inspect(),
    connection: (system) => around(`connection ${system}`, () => store.connection(system)),
    diagnosis: (ref) => around(`diagnosis ${ref.system} ${ref.id}`, () => store.diagnosis(ref)),
    log: (ref) => around(`log ${ref.system} ${ref.id}`, () => store.log(ref)),
    changes: store.changes,
    history: (ref, limit) => around(`history ${ref.system} ${ref.id}`, () => store.history(ref, limit)),
    perform: (ref, action) => store.perform(ref, action),
    performMany: (system, ids, action, options) => store.performMany(system, ids, action, options),
    refresh: (target) => store.refresh(target),
    dismiss: (ref) => store.dismiss(ref),
    now: () => store.now(),
    dispose: () => store.dispose(),
  };
  return { counted, subscriptions: () => count };
}

/** Collects what the document's live region announces, until the test ends. */
function watchAnnouncements(announced: string[]): void {
  const region = document.querySelector('[data-campaign-announcer]')!;
  new MutationObserver(() => {
    const text = region.textContent;
    if (text) announced.push(text);
  }).observe(region, { childList: true, characterData: true, subtree: true });
}
