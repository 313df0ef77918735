import type { CampaignRef } from '../../adapters/contract.ts';
import type { CampaignView, CampaignStore } from '../../store/types.ts';
import type { CampaignActionButton } from '../campaign-action-button/campaign-action-button.ts';
import type { CampaignStatusTag } from '../campaign-status-tag/campaign-status-tag.ts';
import type { Settings } from '../shared/context/contexts.ts';
import { sameCampaign } from '../shared/base/same-campaign.ts';
import { visibleText } from '../shared/text/status-text.ts';
import { routeTo } from '../routes.ts';
import { AddedCell, type CellSurroundings } from './columns/added-cell.ts';
import type { BuiltInColumn, ListColumn } from './columns/list-column.ts';
import type { ShownColumn } from './columns/shown-columns.ts';
import { holdsFocus } from './grid-focus.ts';
import type { Selection } from './selection.ts';

/** What a row takes from the list that it stands in. */
export interface RowSurroundings extends CellSurroundings {
  /** The store to follow a campaign in. */
  readonly source: CampaignStore | undefined;
  /** What tag and button get, so that they need no provider. */
  readonly settings: Settings;
  /** The campaign that is open elsewhere on the page; its row is highlighted. */
  readonly selected: string;
  /** The campaigns that are chosen for actions; `undefined` if none can be chosen. */
  readonly selection: Pick<Selection, 'has'> | undefined;
  readonly density: 'comfortable' | 'compact';
  /** The columns on display. */
  readonly columns: readonly ShownColumn[];
  /** Runs a change of what can be focused in a cell. */
  keepFocus(change: () => void): void;
  /** The campaign in a row has changed its status. */
  statusChanged(row: CampaignRow, view: CampaignView): void;
  /** A campaign in a row can no longer be read, or can be read again. */
  readabilityChanged(): void;
}

/**
 * One row of a list: nodes that are built once, and can be handed another campaign. It follows its campaign by itself, and
 * writes only what changed.
 */
export class CampaignRow {
  readonly #list: RowSurroundings;
  readonly element: HTMLElement;
  readonly #cells: Readonly<Record<Exclude<BuiltInColumn, 'select'>, HTMLElement>> & {
    readonly select: HTMLElement | undefined;
  };
  readonly #added = new Map<ListColumn, AddedCell>();
  readonly #id = create('bdi', 'id meta');
  readonly #tag: CampaignStatusTag;
  readonly #time = create('time', 'time');
  readonly #by = create('span', 'by meta');
  readonly #action: CampaignActionButton;
  #box: HTMLInputElement | undefined;
  #control: HTMLElement | undefined;
  #ref: CampaignRef | undefined;
  #view: CampaignView | undefined;
  #index = 0;
  #top = -1;
  #subscription: { unsubscribe(): void } | undefined;
  #flash: Animation | undefined;
  /** An action was asked for in this row. */
  #asked = false;

  constructor(list: RowSurroundings) {
    this.#list = list;

    this.element = create('div', 'row');
    this.element.role = 'row';
    if (list.selection) {
      this.#box = control(create('input', ''), 'select');
      this.#box.type = 'checkbox';
    }
    this.#tag = control(create('campaign-status-tag', ''), 'tag');
    this.#action = control(create('campaign-action-button', ''), 'action');
    this.#cells = {
      select: this.#box && makeCell('select', this.#box),
      name: makeCell('name', this.#id),
      status: makeCell('status', this.#tag),
      at: makeCell('at', this.#time, this.#by),
      action: makeCell('action', this.#action),
    };
    this.#cells.at.tabIndex = -1;
    for (const [part, element] of [
      ['row', this.element],
      ['id', this.#id],
      ['since', this.#cells.at],
    ] as const)
      element.setAttribute('part', part);
    this.arrange();
  }

  /** What is known of the campaign. */
  get view(): CampaignView | undefined {
    return this.#view;
  }

  /** What came last of the campaign could not be read. */
  get unreadable(): boolean {
    return isUnreadable(this.#view);
  }

  /** The campaign is no longer in the backend. */
  get gone(): boolean {
    return this.#view?.presence === 'gone' || this.#view?.presence === 'absent';
  }

  /** The id of the campaign. */
  get id(): string {
    return this.#ref?.id ?? '';
  }

  /** Which campaign this is. */
  get ref(): CampaignRef | undefined {
    return this.#ref;
  }

  /** The place of the campaign in the list. */
  get index(): number {
    return this.#index;
  }

  /** The user is in the middle of something here: a popup or dialog is open, or an action asked for here is pending. */
  get engaged(): boolean {
    if (this.#asked && this.#view?.request?.phase === 'pending') return true;
    return [this.#tag, this.#action].some(({ shadowRoot }) => shadowRoot?.querySelector('[popover], dialog[open]'));
  }

  /** Shows this campaign, as row number `index` of the list, so many px below the top of all rows. */
  show(ref: CampaignRef, index: number, top: number): void {
    const place = String(index + 2);
    if (this.element.ariaRowIndex !== place) this.element.ariaRowIndex = place;
    this.#index = index;
    this.moveTo(top);
    if (this.#ref && sameCampaign(this.#ref, ref)) return;
    this.#unfollow();
    this.#flash?.cancel();
    if (this.unreadable) this.#list.readabilityChanged();
    this.#ref = ref;
    this.#view = undefined;
    this.#asked = false;
    for (const inner of [this.#tag, this.#action]) {
      inner.system = ref.system;
      inner.campaignId = ref.id;
      inner.settings = this.#list.settings;
    }
    this.restyle();
    this.follow();
  }

  /** Moves the row to so many px below the top of all rows. */
  moveTo(top: number): void {
    if (this.#top !== top) this.element.style.insetBlockStart = `${(this.#top = top)}px`;
  }

  /** An action was asked for here: its outcome is awaited here too. */
  asked(): void {
    this.#asked = true;
  }

  /** Listens to the campaign. */
  follow(): void {
    if (this.#subscription || !this.#ref) return;
    this.showAdded();
    this.#subscription = this.#list.source?.campaign(this.#ref).subscribe((view) => this.#receive(view));
  }

  /** Stops listening. What is shown stays, but for what the host has rendered. */
  rest(): void {
    this.#unfollow();
    for (const cell of this.#added.values()) cell.clear();
  }

  /** Writes everything again, in the words and with the routes of now. */
  reword(): void {
    this.#tag.settings = this.#action.settings = this.#list.settings;
    if (this.#view) this.#paint(this.#view, undefined);
  }

  /** Writes again how long ago it was. */
  tick(): void {
    if (this.#view) this.#paintTime(this.#view);
  }

  /** Takes over the list's columns. Cells that stay keep their nodes. */
  arrange(): void {
    const { columns } = this.#list;
    for (const [column, cell] of this.#added) {
      if (columns.includes(column)) continue;
      cell.clear();
      this.#added.delete(column);
    }
    const cells = columns.map((column) =>
      typeof column === 'string' ? this.#cells[column]! : this.#addedCell(column),
    );
    const { element } = this;
    for (const cell of [...element.children] as HTMLElement[]) if (!cells.includes(cell)) cell.remove();
    cells.forEach((cell, index) => {
      cell.ariaColIndex = String(index + 1);
      const present = element.children[index] ?? null;
      if (present !== cell) element.insertBefore(cell, present);
    });
  }

  /** Writes the cells of the host's columns again. */
  showAdded(): void {
    if (this.#view) for (const cell of this.#added.values()) cell.show(this.#view);
  }

  /** Takes over the list's highlight, selection and density. */
  restyle(): void {
    this.#tag.density = this.#action.density = this.#list.density;
    const selected = this.#ref !== undefined && this.#ref.id === this.#list.selected;
    this.element.classList.toggle('selected', selected);
    if (this.#control) this.#control.ariaCurrent = selected ? 'true' : null;
    if (!this.#box) return;
    const chosen = this.#list.selection?.has(this.id) ?? false;
    this.element.ariaSelected = String(chosen);
    this.#box.checked = chosen;
  }

  /** Shows for a moment that something has just happened here. */
  flash(): void {
    this.#flash = this.element.animate([{ opacity: 1 }, { opacity: 0 }], {
      duration: 1200,
      easing: 'ease-out',
      pseudoElement: '::before',
    });
  }

  /** A button that offers nothing gives its cell free, but not under the focus: there it still says why. */
  fitAction(): void {
    const phase = this.#view?.request?.phase;
    const hasOutcome = phase === 'refused' || phase === 'conflict' || phase === 'uncertain';
    const idle = !this.#view?.action && !hasOutcome && !holdsFocus(this.#action);
    if (this.#action.hidden !== idle) this.#refit(() => (this.#action.hidden = idle));
  }

  #receive(view: CampaignView): void {
    const before = this.#view;
    if (view === before) return;
    this.#view = this.#tag.view = this.#action.view = view;
    this.#paint(view, before);
    if (isUnreadable(view) !== isUnreadable(before)) this.#list.readabilityChanged();
    if (before?.presence === 'present' && before.status !== view.status) this.#list.statusChanged(this, view);
  }

  #paint(view: CampaignView, before: CampaignView | undefined): void {
    const { i18n } = this.#list.settings;
    this.#paintName(view);
    if (view.tone !== before?.tone) this.element.dataset['tone'] = view.tone;
    const present = view.presence === 'present';
    if (view.at !== before?.at || view.presence !== before?.presence) this.#paintTime(view);
    write(
      this.#by,
      present && view.changedBy ? i18n.format('list.changedBy', { who: visibleText(view.changedBy) }) : '',
    );
    this.element.classList.toggle('gone', this.gone);
    this.fitAction();
    this.showAdded();
  }

  #addedCell(column: ListColumn): HTMLElement {
    let cell = this.#added.get(column);
    if (!cell) {
      this.#added.set(column, (cell = new AddedCell(column, this.#list)));
      if (this.#view) cell.show(this.#view);
    }
    return cell.element;
  }

  #unfollow(): void {
    this.#subscription?.unsubscribe();
    this.#subscription = undefined;
  }

  #paintName(view: CampaignView): void {
    const href = routeTo(this.#list.settings.routes, 'campaign', { ref: view.ref });
    const kind = href === undefined ? 'button' : 'a';
    if (this.#control?.localName !== kind) {
      const made = control(create(kind, 'open'), 'name');
      if (made instanceof HTMLButtonElement) made.type = 'button';
      made.dir = 'auto';
      this.#refit(() => {
        this.#control?.remove();
        this.#cells.name.prepend((this.#control = made));
      });
      this.restyle();
    }
    if (href !== undefined && this.#control instanceof HTMLAnchorElement && this.#control.href !== href)
      this.#control.href = href;
    const [name, id] = [visibleText(view.name), visibleText(view.ref.id)];
    const { i18n } = this.#list.settings;
    const shown = name || id || i18n.format('header.unnamed');
    write(this.#control!, shown);
    if (this.#box) this.#box.ariaLabel = i18n.format('list.select', { name: shown });
    write(this.#id, name === id || !name ? '' : id);
  }

  /** Changes what a cell gives its focus to. */
  #refit(change: () => void): void {
    if (this.element.isConnected) this.#list.keepFocus(change);
    else change();
  }

  #paintTime({ at, presence }: CampaignView): void {
    const {
      source,
      settings: { i18n },
    } = this.#list;
    // What is gone is no longer in the status that it had.
    if (at === undefined || presence !== 'present' || !source) {
      this.#time.removeAttribute('datetime');
      this.#time.title = '';
      write(this.#time, '');
      return;
    }
    const moment = new Date(at).toISOString();
    if (this.#time.dateTime !== moment) this.#time.dateTime = moment;
    const title = i18n.dateTime(at);
    if (this.#time.title !== title) this.#time.title = title;
    write(this.#time, i18n.roughlyAgo(source.now() - at));
  }
}

function isUnreadable(view: CampaignView | undefined): boolean {
  return view?.stale?.why === 'unreadable';
}

function makeCell(column: BuiltInColumn, ...contents: readonly HTMLElement[]): HTMLElement {
  const cell = create('div', `cell ${column}`);
  cell.role = column === 'name' ? 'rowheader' : 'gridcell';
  cell.append(...contents);
  return cell;
}

function create<K extends keyof HTMLElementTagNameMap>(name: K, classes: string): HTMLElementTagNameMap[K] {
  const element = document.createElement(name);
  if (classes) element.className = classes;
  return element;
}

/** Marks what a cell gives its focus to. */
function control<E extends HTMLElement>(element: E, part: string): E {
  element.dataset['control'] = '';
  element.tabIndex = -1;
  element.setAttribute('part', part);
  return element;
}

function write(element: HTMLElement, text: string): void {
  if (element.textContent === text) return;
  element.textContent = text;
  element.hidden = text === '';
}
