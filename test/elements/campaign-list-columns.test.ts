import { expect, fixture, html, nextFrame } from '@open-wc/testing';
import { simulateBackend, simulatedAdapter, type SimulatedBackend } from '../../mocks/index.ts';
import '../../src/elements/campaign-list/define.ts';
import type { CampaignList } from '../../src/elements/campaign-list/campaign-list.ts';
import { columnMenuChunk } from '../../src/elements/campaign-list/columns/column-menu-chunk.ts';
import type { CellContent, ListColumn } from '../../src/elements/campaign-list/columns/list-column.ts';
import type { CampaignColumnsEvent } from '../../src/elements/events.ts';
import { english } from '../../src/i18n/index.ts';
import { createCampaignStore, type CampaignView } from '../../src/store/index.ts';
import {
  axNode,
  axNodes,
  axOf,
  click,
  emulate,
  focused,
  moveTo,
  press,
  setViewport,
  until,
} from '../support/browser.ts';
import { expectAccessible } from '../support/elements/axe.ts';
import { ManyStore } from '../support/elements/many-store.ts';

const NAMES = ['Alpha', 'Bravo', 'Charlie'] as const;
const STATUSES = ['active', 'inactive', 'error'] as const;

const closing: (() => void)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) close();
  await moveTo(0, 0);
});

const owner: ListColumn = { key: 'owner', heading: 'Owner', text: ({ ref }) => `Team ${ref.id}` };
const budget: ListColumn = { key: 'budget', heading: 'Budget', text: () => '1,200', width: 5, align: 'end' };
/** A column in whose cells the host puts a link. */
const link: ListColumn = {
  key: 'link',
  heading: 'Page',
  text: ({ name }) => `Page of ${name}`,
  render: (cell) => {
    const anchor = document.createElement('a');
    cell.append(anchor);
    return {
      update: ({ ref }) => {
        anchor.href = `#${ref.id}`;
        anchor.textContent = `Page of ${ref.id}`;
      },
    };
  },
};

/** Counts what a column renders. */
class Rendered {
  /** The cells that are rendered now, and the campaign in each. */
  readonly cells = new Map<HTMLElement, string>();
  begun = 0;
  readonly column: ListColumn = {
    key: 'rendered',
    heading: 'Rendered',
    text: ({ ref }) => `text of ${ref.id}`,
    render: (cell) => this.#begin(cell),
  };

  #begin(cell: HTMLElement): CellContent {
    this.begun++;
    return {
      update: ({ ref }: CampaignView) => {
        this.cells.set(cell, ref.id);
        cell.textContent = `content of ${ref.id}`;
      },
      remove: () => this.cells.delete(cell),
    };
  }
}

interface Shown {
  readonly list: CampaignList;
  readonly backend: SimulatedBackend;
  /** What `campaign-columns` has reported. */
  readonly events: string[];
}

/** A list of three campaigns, whose ids are their names. */
async function three(properties: Partial<CampaignList> = {}, direction = 'ltr'): Promise<Shown> {
  const backend = simulateBackend({ seed: 1, tickMs: 0, sampleData: 'empty' });
  const store = createCampaignStore({ adapter: simulatedAdapter(backend) });
  closing.push(
    () => store.dispose(),
    () => backend.dispose(),
  );
  NAMES.forEach((name, n) => backend.campaigns.add({ system: 'flows', id: name, name, status: STATUSES[n % 3]! }));
  const around = await fixture(
    html`<div dir=${direction}><campaign-list .store=${store} system="flows"></campaign-list></div>`,
  );
  const list = around.querySelector('campaign-list')!;
  Object.assign(list, properties);
  await until(() => rows(list).length > 0, 'rows');
  await list.updateComplete;
  const events: string[] = [];
  list.addEventListener('campaign-columns', ({ detail }: CampaignColumnsEvent) => {
    expect(detail.system).to.equal('flows');
    events.push(detail.hiddenColumns);
  });
  return { list, backend, events };
}

const part = (list: CampaignList, name: string): HTMLElement | null =>
  list.renderRoot.querySelector<HTMLElement>(`[part~="${name}"]`);
const parts = (list: CampaignList, name: string): HTMLElement[] => [
  ...list.renderRoot.querySelectorAll<HTMLElement>(`[part~="${name}"]`),
];
const rows = (list: CampaignList): HTMLElement[] => parts(list, 'row');
const row = (list: CampaignList, name: string): HTMLElement =>
  rows(list).find((element) => element.querySelector('[part="name"]')?.textContent === name)!;
/** What the cells of a column show. */
const texts = (list: CampaignList, key: string): string[] =>
  parts(list, `cell-${key}`).map((cell) => shownIn(cell).textContent ?? '');
/** What stands in a cell: its text, or what the host has rendered. */
const shownIn = (cell: HTMLElement): Element => cell.querySelector('slot')?.assignedElements()[0] ?? cell;
/** What the header row says. */
const headings = (list: CampaignList): string[] =>
  [...part(list, 'header')!.children].map((cell) => cell.textContent?.trim() ?? '');
/** The position of the focus as "row/column", both from 1. */
function where(list: CampaignList): string {
  const cell = [...list.renderRoot.querySelectorAll('[role$="cell"], [role="rowheader"], [role="columnheader"]')].find(
    (one) => one.matches(':focus-within'),
  );
  return cell
    ? `${cell.closest('[role="row"]')!.getAttribute('aria-rowindex')}/${cell.getAttribute('aria-colindex')}`
    : '';
}
const focusedPart = (list: CampaignList): string | null | undefined =>
  list.shadowRoot!.activeElement?.getAttribute('part');
/** The check box of a column in the open menu. */
const choice = (list: CampaignList, heading: string): HTMLInputElement =>
  parts(list, 'column')
    .find((label) => label.textContent?.trim() === heading)!
    .querySelector('input')!;
async function openMenu(list: CampaignList): Promise<void> {
  await click(part(list, 'columns')!);
  await until(() => part(list, 'popup'), 'the menu');
}
function numbered(list: CampaignList, count: number): void {
  expect(part(list, 'grid')!.getAttribute('aria-colcount')).to.equal(String(count));
  for (const line of [part(list, 'header')!, ...rows(list)])
    expect([...line.children].map((cell) => cell.getAttribute('aria-colindex'))).to.deep.equal(
      Array.from({ length: count }, (_, index) => String(index + 1)),
    );
}
/** Silences the console, and gives what is said there. */
function errorsSaid(): string[] {
  const { error } = console;
  const said: string[] = [];
  console.error = (...words: unknown[]) => void said.push(words.join(' '));
  closing.push(() => (console.error = error));
  return said;
}

describe('campaign-list, columns', () => {
  describe('accessibility', () => {
    it('passes axe with columns of the host and the open menu, light and dark', async () => {
      const { list } = await three({ columns: [owner, budget, link], columnChoice: true });
      for (const colorScheme of ['light', 'dark'] as const) {
        await emulate({ colorScheme });
        await expectAccessible(list);
      }
      await openMenu(list);
      await expectAccessible(list);
    });

    it('numbers the columns on display without gaps', async () => {
      const { list } = await three({ columns: [owner, budget] });
      numbered(list, 6);
      expect(headings(list)).to.deep.equal(['Campaign', 'Status', 'Since', 'Owner', 'Budget', 'Action']);
      list.hiddenColumns = 'at owner';
      await list.updateComplete;
      numbered(list, 4);
      expect(headings(list)).to.deep.equal(['Campaign', 'Status', 'Budget', 'Action']);
      Object.assign(list, { selectable: true, hiddenColumns: 'action', columns: [budget, owner] });
      await list.updateComplete;
      numbered(list, 6);
      expect(headings(list)).to.deep.equal(['', 'Campaign', 'Status', 'Since', 'Budget', 'Owner']);
    });

    it('names the header cells and reads the text of a cell that shows something else', async () => {
      const { list } = await three({ columns: [owner, link] });
      for (const name of ['Owner', 'Page']) await axNode({ role: 'columnheader', name });
      expect((await axOf(row(list, 'Bravo').children[3]!))?.name).to.equal('Team Bravo');
      expect((await axOf(row(list, 'Bravo').children[4]!))?.name).to.equal('Page of Bravo');
    });

    it('is a menu of check boxes behind a button that says whether it is open', async () => {
      const { list } = await three({ columns: [owner], columnChoice: true, hiddenColumns: 'owner' });
      expect((await axNode({ role: 'button', name: 'Columns' })).states['expanded']).to.equal(false);
      await openMenu(list);
      await axNode({ role: 'dialog', name: 'Columns' });
      const boxes = await axNodes({ role: 'checkbox' });
      expect(boxes.map(({ name, states }) => `${name}: ${String(states['checked'])}`)).to.deep.equal([
        'Since: true',
        'Owner: false',
        'Action: true',
      ]);
      expect((await axNode({ role: 'button', name: 'Columns' })).states['expanded']).to.equal(true);
    });
  });

  describe('defaults and reflection', () => {
    it('has the documented defaults, and reflects none of them', async () => {
      const list = await fixture<CampaignList>(html`<campaign-list></campaign-list>`);
      const { columns, hiddenColumns, columnChoice } = list;
      expect({ columns, hiddenColumns, columnChoice }).to.deep.equal({
        columns: [],
        hiddenColumns: '',
        columnChoice: false,
      });
      expect(list.getAttributeNames()).to.deep.equal([]);
    });

    it('takes hidden columns as an attribute, a text or a list, and shows name and status always', async () => {
      const { list } = await three({ columns: [owner] });
      list.setAttribute('hidden-columns', '  name status   owner');
      expect(list.hiddenColumns).to.equal('name status owner');
      await list.updateComplete;
      expect(headings(list)).to.deep.equal(['Campaign', 'Status', 'Since', 'Action']);
      list.hiddenColumns = ['at', 'action'] as unknown as string;
      expect(list.hiddenColumns).to.equal('at action');
      await list.updateComplete;
      expect(headings(list)).to.deep.equal(['Campaign', 'Status', 'Owner']);
      list.removeAttribute('hidden-columns');
      expect(list.hiddenColumns).to.equal('');
    });

    for (const [what, columns] of [
      ['a key of a built-in column', [{ ...owner, key: 'status' }]],
      ['a key with a blank', [{ ...owner, key: 'the owner' }]],
      ['the same key twice', [owner, { ...budget, key: 'owner' }]],
      ['no text', [{ key: 'owner', heading: 'Owner' }]],
      ['a width that is none', [{ ...owner, width: 'wide' }]],
    ] as const)
      it(`says what it takes when a column has ${what}, and shows rows again once that is right`, async () => {
        const { list } = await three();
        list.columns = columns as unknown as ListColumn[];
        await list.updateComplete;
        expect(part(list, 'problem')!.textContent).to.equal(
          '`columns` of <campaign-list> must be of the type readonly ListColumn[].',
        );
        list.columns = [owner];
        await until(() => texts(list, 'owner').length === 3, 'rows');
      });
  });

  describe('events', () => {
    it('reports each choice of the user, and none of the host', async () => {
      const { list, events } = await three({ columns: [owner, budget], columnChoice: true, hiddenColumns: 'later' });
      list.hiddenColumns = 'later budget';
      await openMenu(list);
      await click(choice(list, 'Owner'));
      await list.updateComplete;
      expect(headings(list)).to.deep.equal(['Campaign', 'Status', 'Since', 'Action']);
      await click(choice(list, 'Budget'));
      await click(choice(list, 'Since'));
      // The key of a column that is not there yet is kept.
      expect(events).to.deep.equal(['later budget owner', 'later owner', 'later owner at']);
      expect(list.hiddenColumns).to.equal('later owner at');
      expect(choice(list, 'Budget').checked).to.equal(true);
      expect(choice(list, 'Owner').checked).to.equal(false);
    });
  });

  describe('texts and parts', () => {
    it('shows what the host says as text, in the parts of its column', async () => {
      const text = '<img src=x onerror=alert(1)> \u202eevil';
      const { list } = await three({ columns: [{ ...owner, heading: '<b>Owner</b>', text: () => text }] });
      expect(texts(list, 'owner')[0]).to.equal('<img src=x onerror=alert(1)> [U+202E]evil');
      expect(list.renderRoot.querySelectorAll('img, b').length).to.equal(0);
      expect(headings(list)[3]).to.equal('<b>Owner</b>');
      expect(parts(list, 'cell').length).to.equal(3);
    });

    it('cuts a heading that is too long at its end, and shows the whole to the mouse', async () => {
      await setViewport(1280, 600);
      const heading = 'A heading that is far too long for its column';
      const { list } = await three({ columns: [{ ...budget, heading }] });
      const cell = part(list, 'header')!.children[3]!;
      const words = cell.firstElementChild as HTMLElement;
      expect(words.getBoundingClientRect().left).to.be.at.least(cell.getBoundingClientRect().left);
      expect(words.scrollWidth).to.be.greaterThan(words.clientWidth);
      const { left, top } = words.getBoundingClientRect();
      await moveTo(left + 5, top + 5);
      await until(() => words.title === heading, 'the whole');
    });

    it('marks in the headings of cards what would turn their texts around', async () => {
      await setViewport(320, 600);
      const { list } = await three({ columns: [{ ...owner, heading: '\u202erenwO' }] });
      // The style sheet shows this attribute.
      expect(parts(list, 'cell-owner')[0]!.dataset['heading']).to.equal('[U+202E]renwO');
    });

    it('follows the campaign, and the host’s own data when it says that they have changed', async () => {
      let suffix = '';
      const { list, backend } = await three({
        columns: [{ ...owner, text: ({ name, status }) => `${name} ${status}${suffix}` }],
      });
      expect(texts(list, 'owner')).to.deep.equal(['Alpha active', 'Bravo inactive', 'Charlie error']);
      backend.campaigns.force({ system: 'flows', id: 'Alpha' }, { status: 'error' });
      await until(() => texts(list, 'owner')[0] === 'Alpha error', 'the new status');
      suffix = '!';
      list.updateColumns();
      expect(texts(list, 'owner')).to.deep.equal(['Alpha error!', 'Bravo inactive!', 'Charlie error!']);
    });

    it('shows no value as an empty cell', async () => {
      const values = [undefined, null, 0];
      const { list } = await three({
        columns: [{ ...owner, text: ({ ref }) => values[NAMES.indexOf(ref.id as 'Alpha')] as unknown as string }],
      });
      expect(texts(list, 'owner')).to.deep.equal(['', '', '0']);
    });

    it('extends the selection by Shift and a click on what the host has rendered', async () => {
      const badge: ListColumn = {
        ...owner,
        render: (cell) => ({ update: ({ name }) => (cell.textContent = `Badge of ${name}`) }),
      };
      const { list } = await three({ columns: [badge], selectable: true });
      await click(row(list, 'Alpha').querySelector('[part="select"]')!);
      shownIn(row(list, 'Charlie').querySelector('.added')!).dispatchEvent(
        new MouseEvent('click', { shiftKey: true, bubbles: true, composed: true }),
      );
      expect(list.selection).to.deep.equal(['Alpha', 'Bravo', 'Charlie']);
    });

    it('keeps the nodes of rows and cells when other columns come and go', async () => {
      const { list } = await three({ columns: [owner] });
      const before = [...row(list, 'Alpha').children];
      const places = (): number[] => [...row(list, 'Alpha').children].map((cell) => before.indexOf(cell));
      Object.assign(list, { columns: [budget, owner], hiddenColumns: 'at' });
      await list.updateComplete;
      expect(places()).to.deep.equal([0, 1, -1, 3, 4]);
      Object.assign(list, { columns: [owner], hiddenColumns: '' });
      await list.updateComplete;
      expect(places()).to.deep.equal([0, 1, 2, 3, 4]);
    });
  });

  for (const direction of ['ltr', 'rtl'] as const)
    describe(`keyboard, ${direction}`, () => {
      const [onward, back] = direction === 'ltr' ? ['ArrowRight', 'ArrowLeft'] : ['ArrowLeft', 'ArrowRight'];

      it('moves through the host’s cells, and gives the focus to a link in one', async () => {
        const { list } = await three({ columns: [owner, link] }, direction);
        row(list, 'Alpha').querySelector<HTMLElement>('[part="name"]')!.focus();
        for (let step = 0; step < 3; step++) await press(onward);
        expect(where(list)).to.equal('2/4');
        expect(focusedPart(list)).to.equal('cell cell-owner');
        await press(onward);
        expect(where(list)).to.equal('2/5');
        expect(focused()!.textContent).to.equal('Page of Alpha');
        await press('ArrowDown');
        expect(focused()!.textContent).to.equal('Page of Bravo');
        await press('ArrowUp');
        await press('ArrowUp');
        expect(where(list)).to.equal('1/5');
        await press('End');
        expect(where(list)).to.equal('1/6');
        await press(back);
        await press(back);
        expect(where(list)).to.equal('1/4');
      });
    });

  describe('keyboard', () => {
    it('is one tab stop, whatever the host renders', async () => {
      const button: ListColumn = {
        ...link,
        key: 'buttons',
        render: (cell) => {
          cell.innerHTML = '<button>One</button><input><span tabindex="0">Two</span>';
          // As frameworks do, which render later.
          setTimeout(() => cell.append(Object.assign(document.createElement('button'), { textContent: 'Late' })));
          return { update() {} };
        },
      };
      const { list } = await three({ columns: [link, button], noSearch: true, noFilters: true });
      await until(() => list.querySelectorAll('button').length === 6, 'what comes later');
      await nextFrame();
      const stops = [...list.querySelectorAll<HTMLElement>('a, button, input, span')].filter(
        ({ tabIndex }) => tabIndex >= 0,
      );
      expect(stops.map((stop) => stop.outerHTML)).to.deep.equal([]);
      row(list, 'Bravo').querySelector<HTMLElement>('[part="name"]')!.focus();
      for (let step = 0; step < 3; step++) await press('ArrowRight');
      expect(focused()!.textContent).to.equal('Page of Bravo');
      await press('ArrowRight');
      expect(focused()!.textContent).to.equal('One');
      await press('Tab');
      expect(list.matches(':focus-within')).to.equal(false);
      await press('Shift+Tab');
      expect(focused()!.textContent).to.equal('One');
    });

    it('keeps the focus in its cell, and in the row when the column goes', async () => {
      const { list } = await three({ columns: [owner, link] });
      const cell = parts(list, 'cell-owner')[1]!;
      cell.focus();
      list.hiddenColumns = 'at';
      await list.updateComplete;
      expect(`${where(list)} ${focusedPart(list)}`).to.equal('3/3 cell cell-owner');
      await press('ArrowDown');
      expect(where(list)).to.equal('4/3');
      await press('ArrowUp');
      list.hiddenColumns = 'at owner';
      await list.updateComplete;
      expect(where(list)).to.equal('3/3');
      expect(focused()!.textContent).to.equal('Page of Bravo');
      list.hiddenColumns = 'at owner link';
      await list.updateComplete;
      expect(where(list)).to.equal('3/3');
      expect(focusedPart(list)).to.equal('action');
    });

    it('leaves Space to a control of the host, and selects the row by it on a link', async () => {
      let presses = 0;
      const button: ListColumn = {
        ...owner,
        render: (cell) => {
          cell.append(Object.assign(document.createElement('span'), { role: 'button', tabIndex: 0 }));
          cell.addEventListener('keydown', () => presses++);
          return { update() {} };
        },
      };
      const { list } = await three({ columns: [button, link], selectable: true });
      row(list, 'Bravo').querySelector<HTMLElement>('[part="name"]')!.focus();
      for (let step = 0; step < 3; step++) await press('ArrowRight');
      expect(focused()!.role).to.equal('button');
      await press(' ');
      expect(presses).to.equal(1);
      expect(list.selection).to.deep.equal([]);
      await press('ArrowRight');
      expect(focused()!.localName).to.equal('a');
      await press(' ');
      expect(list.selection).to.deep.equal(['Bravo']);
    });

    it('opens the menu by Enter, and chooses by Space', async () => {
      const { list, events } = await three({ columns: [owner], columnChoice: true });
      part(list, 'columns')!.focus();
      await press('Enter');
      await until(() => part(list, 'popup'), 'the menu');
      await press('Tab');
      await press('Tab');
      await press(' ');
      expect(events).to.deep.equal(['owner']);
      await press('Escape');
      expect(parts(list, 'popup').length).to.equal(0);
      expect(focusedPart(list)).to.equal('columns');
    });
  });

  describe('life cycle', () => {
    it('hands a cell one campaign after the other, and takes away what has left the page', async () => {
      const rendered = new Rendered();
      const list = await fixture<CampaignList>(
        html`<campaign-list contained system="flows" style="block-size: 400px"></campaign-list>`,
      );
      Object.assign(list, { store: new ManyStore(5000), columns: [rendered.column] });
      await until(() => rows(list).length > 0, 'rows');
      await nextFrame();
      const settled = async (): Promise<void> => {
        await until(() => rendered.cells.size === rows(list).length, 'a content in each row, and no other');
        const shown = texts(list, 'rendered');
        expect(shown).to.deep.equal(
          rows(list).map((element) => `content of c${String(Number(element.ariaRowIndex) - 2).padStart(6, '0')}`),
        );
        expect(list.children.length).to.equal(shown.length);
      };
      const { begun } = rendered;
      for (const top of [3000, 90_000, 0, 150_000]) {
        part(list, 'grid')!.scrollTop = top;
        await new Promise((resolve) => setTimeout(resolve, 300));
        await settled();
      }
      expect(rendered.begun).to.be.at.most(begun + 20);
      const place = list.parentElement!;
      list.remove();
      await until(() => rendered.cells.size === 0, 'nothing');
      expect(list.children.length).to.equal(0);
      place.append(list);
      await until(() => rendered.cells.size > 0, 'contents');
      await settled();
      list.columns = [];
      await list.updateComplete;
      await until(() => rendered.cells.size === 0, 'nothing');
      expect(list.children.length).to.equal(0);
    });

    it('keeps a row whose link has the focus where it is in the document, over scrolls', async () => {
      const list = await fixture<CampaignList>(
        html`<campaign-list contained system="flows" style="block-size: 400px"></campaign-list>`,
      );
      Object.assign(list, { store: new ManyStore(5000), columns: [link] });
      await until(() => rows(list).length > 0, 'rows');
      await nextFrame();
      part(list, 'grid')!.scrollTop = 20_000;
      await until(() => rows(list).some(({ ariaRowIndex }) => ariaRowIndex === '420'), 'later rows');
      await nextFrame();
      const kept = rows(list).find(({ ariaRowIndex }) => ariaRowIndex === '420')!;
      shownIn(kept.querySelector('.added')!).querySelector('a')!.focus();
      const moved: Node[] = [];
      const observer = new MutationObserver((records) => {
        for (const { addedNodes } of records) moved.push(...addedNodes);
      });
      observer.observe(kept.parentElement!, { childList: true });
      for (const top of [0, 40_000, 0, 40_000]) {
        part(list, 'grid')!.scrollTop = top;
        await until(() => {
          const places = rows(list).map(({ ariaRowIndex }) => Number(ariaRowIndex));
          return places.length > 5 && places.every((place, index) => index === 0 || place > places[index - 1]!);
        }, 'the order of the document');
        await nextFrame();
      }
      observer.disconnect();
      expect(moved.length).to.be.greaterThan(0);
      expect(moved.includes(kept)).to.equal(false);
      expect(where(list)).to.equal('420/4');
      expect(focused()!.localName).to.equal('a');
    });

    it('asks the host only for rows on screen, and not at all without added columns', async () => {
      const asked = new Set<string>();
      const list = await fixture<CampaignList>(
        html`<campaign-list contained system="flows" style="block-size: 400px"></campaign-list>`,
      );
      const column: ListColumn = { ...owner, text: ({ ref }) => (asked.add(ref.id), ref.id) };
      Object.assign(list, { store: new ManyStore(5000), columns: [column] });
      await until(() => rows(list).length > 0, 'rows');
      await nextFrame();
      expect(asked.size).to.be.within(1, 40);
      const [first] = rows(list);
      list.columns = [];
      await list.updateComplete;
      expect(first!.children.length).to.equal(4);
      expect(list.renderRoot.querySelectorAll('slot:not([name=toolbar])').length).to.equal(0);
    });
  });

  describe('functions of the host that throw', () => {
    it('spoil their own cell only, and are reported once', async () => {
      const said = errorsSaid();
      const broken: ListColumn = {
        ...owner,
        text: ({ ref, status }) => {
          if (ref.id === 'Bravo') throw new Error(`no owner while ${status}`);
          return ref.id;
        },
      };
      const { list, backend } = await three({ columns: [broken, budget] });
      expect(texts(list, 'owner')).to.deep.equal(['Alpha', 'Can’t be shown', 'Charlie']);
      expect(texts(list, 'budget')).to.deep.equal(['1,200', '1,200', '1,200']);
      backend.campaigns.force({ system: 'flows', id: 'Bravo' }, { status: 'active' });
      await until(() => row(list, 'Bravo').querySelector('campaign-action-button')!.view?.status === 'active');
      expect(said).to.deep.equal([
        '<campaign-list>: the column "owner" threw; its next errors are not reported Error: no owner while inactive',
      ]);
    });

    for (const [what, render] of [
      ['render', () => raise()],
      ['update', () => ({ update: raise })],
      ['render gives nothing', () => undefined as unknown as CellContent],
    ] as const)
      it(`leave the text where it can’t be rendered: ${what}`, async () => {
        const said = errorsSaid();
        const { list } = await three({ columns: [{ ...owner, render }, budget] });
        expect(texts(list, 'owner')).to.deep.equal(['Team Alpha', 'Team Bravo', 'Team Charlie']);
        expect(list.children.length).to.equal(0);
        expect(said.length).to.equal(1);
      });

    it('do not keep other cells when one can’t be taken away', async () => {
      const said = errorsSaid();
      const rendered = new Rendered();
      const broken: ListColumn = { ...owner, render: () => ({ update() {}, remove: raise }) };
      const { list } = await three({ columns: [broken, rendered.column] });
      list.columns = [];
      await list.updateComplete;
      await until(() => rendered.cells.size === 0, 'nothing');
      expect(said.length).to.equal(1);
    });
  });

  describe('choice', () => {
    it('is offered where the host wants it', async () => {
      const { list } = await three({ columns: [owner] });
      expect(parts(list, 'columns').length).to.equal(0);
      list.columnChoice = true;
      await list.updateComplete;
      await openMenu(list);
      list.columnChoice = false;
      await until(() => !part(list, 'popup'), 'no menu');
    });

    it('says that it could not be loaded, and opens when it can', async () => {
      const { load } = columnMenuChunk;
      const value = Object.getOwnPropertyDescriptor(columnMenuChunk, 'value');
      Object.defineProperty(columnMenuChunk, 'value', { configurable: true, value: undefined });
      columnMenuChunk.load = () => Promise.reject(new Error('no network'));
      const restore = (): void => {
        columnMenuChunk.load = load;
        if (value) Object.defineProperty(columnMenuChunk, 'value', value);
        else Reflect.deleteProperty(columnMenuChunk, 'value');
      };
      closing.push(restore);
      const said: string[] = [];
      const { list } = await three({
        columnChoice: true,
        settings: { i18n: english, routes: {}, announce: (text) => said.push(text) },
      });
      await click(part(list, 'columns')!);
      await until(() => part(list, 'columns-problem'), 'why not');
      expect(said).to.deep.equal([part(list, 'columns-problem')!.textContent]);
      restore();
      await click(part(list, 'columns')!);
      await until(() => part(list, 'popup'), 'the menu');
      expect(parts(list, 'columns-problem').length).to.equal(0);
    });
  });

  describe('layout', () => {
    const box = (element: Element): DOMRect => element.getBoundingClientRect();

    it('gives each column its width, and keeps to the edge that it asks for', async () => {
      await setViewport(1280, 600);
      const { list } = await three({ columns: [owner, budget] });
      const [, , , ownerCell, budgetCell, action] = [...row(list, 'Alpha').children];
      const em = parseFloat(getComputedStyle(part(list, 'grid')!).fontSize);
      expect(box(ownerCell!).width).to.be.closeTo(9 * em, 0.5);
      expect(box(budgetCell!).width).to.be.closeTo(5 * em, 0.5);
      expect(box(budgetCell!.firstElementChild!).right).to.be.closeTo(box(budgetCell!).right, 0.5);
      expect(box(action!).left).to.be.greaterThan(box(budgetCell!).right);
      list.hiddenColumns = 'at action';
      await list.updateComplete;
      const cells = [...row(list, 'Alpha').children].map((cell) => Math.round(box(cell).top + box(cell).height / 2));
      expect(new Set(cells).size, 'one line').to.equal(1);
      expect(box(budgetCell!).right).to.be.closeTo(box(row(list, 'Alpha')).right - 16, 1);
    });

    it('turns rows into cards where its columns no longer fit, with one line for them, in narrow cards one for each', async () => {
      await setViewport(760, 600);
      const { list } = await three();
      expect(box(rows(list)[0]!).height).to.equal(48);
      list.columns = [owner, budget, link];
      await list.updateComplete;
      const cells = (): DOMRect[] => [...row(list, 'Alpha').children].map(box);
      const cardsDoNotOverlap = (): void => {
        const [first, second] = rows(list).map(box);
        expect(second!.top).to.be.at.least(first!.bottom);
        const [name, , since, ...added] = cells();
        for (const cell of added.slice(0, 3)) expect(cell.top).to.be.at.least(name!.bottom);
        for (const cell of added.slice(0, 3)) expect(cell.bottom).to.be.at.most(since!.top);
      };
      await until(() => box(rows(list)[0]!).height > 48, 'cards');
      await nextFrame();
      cardsDoNotOverlap();
      expect(cells()[4]!.top).to.equal(cells()[3]!.top);
      expect(cells()[4]!.left).to.be.at.least(cells()[3]!.right);
      const { height } = box(rows(list)[0]!);
      await setViewport(480, 600);
      await until(() => box(rows(list)[0]!).height > height, 'higher cards');
      await nextFrame();
      cardsDoNotOverlap();
      expect(cells()[4]!.top).to.be.at.least(cells()[3]!.bottom);
      await setViewport(1100, 600);
      await until(() => box(rows(list)[0]!).height === 48, 'rows of one line again');
    });

    it('keeps its cards as they are when it has no column of the host', async () => {
      await setViewport(600, 600);
      const { list } = await three();
      const height = (): number => box(rows(list)[0]!).height;
      const plain = height();
      list.columns = [owner];
      await until(() => height() > plain, 'a line more');
      list.columns = [];
      await until(() => height() === plain, 'no line more');
      expect(getComputedStyle(row(list, 'Alpha')).display).to.equal('flex');
    });

    it('scrolls in one direction only at 320 px, also with large text', async () => {
      await setViewport(320, 600);
      const { list } = await three({ columns: [owner, budget, link], columnChoice: true });
      for (const size of ['13px', '26px']) {
        list.style.setProperty('--campaign-font-size', size);
        await nextFrame();
        await nextFrame();
        expect(document.documentElement.scrollWidth).to.be.at.most(320);
        for (const element of rows(list)) {
          const outer = box(element);
          for (const cell of element.children) {
            expect(box(cell).bottom, cell.className).to.be.at.most(outer.bottom);
            expect(box(cell).right, cell.className).to.be.at.most(outer.right);
          }
        }
      }
    });

    it('uses the host’s widths of the built-in columns for exactly these', async () => {
      await setViewport(1280, 600);
      const { list } = await three();
      list.style.setProperty('--campaign-list-columns', '100px 200px 300px 400px');
      const widths = (): number[] => [...row(list, 'Alpha').children].map((cell) => Math.round(box(cell).width));
      expect(widths()).to.deep.equal([100, 200, 300, 400]);
      list.columns = [owner];
      await list.updateComplete;
      expect(widths()).not.to.include(300);
      list.columns = [];
      await list.updateComplete;
      expect(widths()).to.deep.equal([100, 200, 300, 400]);
    });
  });

  describe('on paper', () => {
    it('prints the host’s columns whole', async () => {
      const long = 'A very long text that has no room in its column and in none of its lines';
      const { list } = await three({ columns: [{ ...owner, text: () => long }] });
      dispatchEvent(new Event('beforeprint'));
      await list.updateComplete;
      await emulate({ media: 'print' });
      const value = parts(list, 'cell-owner')[0]!.firstElementChild!;
      expect(value.scrollWidth).to.be.at.most(value.clientWidth + 1);
      dispatchEvent(new Event('afterprint'));
    });
  });

  describe('exported as CSV', () => {
    it('follow the others, with their headings, unless they are hidden', async () => {
      errorsSaid();
      const broken: ListColumn = { ...link, key: 'broken', heading: 'Broken', text: raise };
      const formula: ListColumn = { ...owner, key: 'formula', heading: '=Sum', text: () => '=1+1' };
      const { list } = await three({ columns: [owner, budget, broken, formula], hiddenColumns: 'budget action' });
      const lines = (await (await list.exportCsv()).text()).split('\r\n');
      expect(lines[0]!.split(',').slice(6)).to.deep.equal(['Last known at', 'Owner', 'Broken', "'=Sum"]);
      expect(lines[1]!.split(',').slice(7)).to.deep.equal(['Team Alpha', 'Can’t be shown', "'=1+1"]);
    });
  });
});

function raise(): never {
  throw new Error('broken');
}
