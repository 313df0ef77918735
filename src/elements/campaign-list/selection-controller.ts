import type { Localizer } from '../../i18n/index.ts';
import type { Offers } from '../../store/types.ts';
import type { CampaignRow } from './campaign-row.ts';
import { isFromLayer } from './grid-focus.ts';
import { Selection, type ShownOrder } from './selection.ts';

/** What the selection offers is read at most this often (ms): that takes longer the more is selected. */
const EVERY_MS = 500;
/** How many are selected is said after this long without another key (ms). */
const COUNT_MS = 300;

/** The list in which campaigns are selected. */
export interface SelectionHost {
  readonly i18n: () => Localizer;
  /** The rows in their shown order. */
  readonly order: ShownOrder;
  /** All campaigns that match search and filters. */
  matching(): readonly string[];
  /** What these campaigns offer; `undefined` without a store. */
  offers(ids: readonly string[]): Offers | undefined;
  /** The row that an element stands in. */
  rowAround(element: Element): CampaignRow | undefined;
  /** Puts the focus into the row at a place. @returns its campaign */
  focusRow(index: number): string | undefined;
  announce(text: string): void;
  /** The selection has changed. */
  changed(): void;
  /** It is time to call {@link SelectionController.refresh} again. */
  due(): void;
}

/** How many of the shown rows are selected. */
export type SelectedShare = 'none' | 'some' | 'all';

/** From the user's keys and presses to the selection of a list. */
export class SelectionController {
  readonly selection = new Selection();
  readonly #list: SelectionHost;
  #offers: Offers | undefined;
  #readAt = -Infinity;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #counting: ReturnType<typeof setTimeout> | undefined;

  constructor(list: SelectionHost) {
    this.#list = list;
  }

  /** What the selected campaigns offer, as it was last read. */
  get offers(): Offers | undefined {
    return this.#offers;
  }

  /** How many of the shown rows are selected. The cost grows with their number. */
  share(): SelectedShare {
    const { order } = this.#list;
    const { selection } = this;
    if (selection.size === 0 || order.size === 0) return 'none';
    let selected = 0;
    for (let index = 0; index < order.size; index++) {
      const id = order.at(index);
      if (id !== undefined && selection.has(id)) selected++;
      if (selected > 0 && selected <= index) return 'some';
    }
    return selected === 0 ? 'none' : 'all';
  }

  /** Reads what the selection offers now, unless it was read just before. Campaigns that were removed leave the selection. */
  refresh(): void {
    if (this.selection.size === 0 || this.#timer !== undefined) return;
    const wait = this.#readAt + EVERY_MS - performance.now();
    if (wait <= 0) return this.#read();
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      this.#list.due();
    }, wait);
  }

  /** Adds all campaigns that match search and filters. */
  selectAll(): void {
    const matching = this.#list.matching();
    this.selection.add(matching);
    this.#changed();
    const { size } = this.selection;
    this.#announce(size === matching.length ? 'list.selection.all' : 'list.selection.all.more', {
      count: matching.length,
      total: size,
    });
  }

  /** Empties the selection. */
  clear(): void {
    if (this.selection.size === 0) return;
    this.selection.replace([]);
    this.#changed();
    this.#announce('list.selection.cleared');
  }

  /** A press of the check box in the header. */
  readonly toggleAll = (): void => {
    if (this.share() !== 'all') return this.selectAll();
    this.selection.remove(this.#list.matching());
    this.#changed();
    this.#announceCount();
  };

  /** To be called for every press in the rows. */
  readonly onClick = (event: MouseEvent): void => {
    const { target } = event;
    // What the host has put into a cell lies outside of the row's tree.
    const element = event
      .composedPath()
      .find((node): node is Element => node instanceof Element && node.matches('[role="row"]'));
    const row = element && this.#list.rowAround(element);
    if (!row || !(target instanceof Element) || event.defaultPrevented) return;
    const inCell = target.closest('.cell.select') !== null;
    if (event.shiftKey && (inCell || !isControl(target))) this.#extendTo(row.id);
    else if (inCell) this.#toggle(row);
  };

  /** To be called for every press that begins in the rows: with Shift, it would select text. */
  readonly onMousedown = (event: MouseEvent): void => {
    if (event.shiftKey && event.target instanceof Element && !isControl(event.target)) event.preventDefault();
  };

  /** To be called for every key in the grid. @param focused the row with the focus. @returns whether the key was for the selection */
  onKeydown(event: KeyboardEvent, focused: CampaignRow | undefined): boolean {
    const grid = event.currentTarget as Element;
    if (event.defaultPrevented || event.altKey || isFromLayer(event, grid) || !this.#take(event, focused)) return false;
    event.preventDefault();
    return true;
  }

  /** Nothing is read any more. */
  rest(): void {
    clearTimeout(this.#counting);
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  /** These are other campaigns altogether. */
  reset(): void {
    this.selection.replace([]);
    this.#offers = undefined;
    this.rest();
  }

  #take(event: KeyboardEvent, focused: CampaignRow | undefined): boolean {
    const { key, shiftKey } = event;
    if (event.ctrlKey || event.metaKey) {
      if (key.toLowerCase() !== 'a' || shiftKey) return false;
      this.selectAll();
      return true;
    }
    switch (key) {
      case 'Escape':
        if (this.selection.size === 0) return false;
        this.clear();
        // A dialog around the list stays open.
        event.stopPropagation();
        return true;
      case ' ':
        if (!focused) return false;
        if (shiftKey) this.#extendTo(focused.id);
        else if (takesSpace(event)) return false;
        else this.#toggle(focused);
        return true;
      case 'ArrowUp':
      case 'ArrowDown': {
        if (!focused || !shiftKey) return false;
        const { size } = this.#list.order;
        const index = focused.index + (key === 'ArrowDown' ? 1 : -1);
        const begin = focused.id;
        if (!this.selection.has(begin)) this.selection.toggle(begin);
        const id = index >= 0 && index < size ? this.#list.focusRow(index) : undefined;
        this.#extendTo(id ?? begin);
        return true;
      }
      default:
        return false;
    }
  }

  #toggle({ id }: CampaignRow): void {
    this.selection.toggle(id);
    this.#changed();
  }

  #extendTo(id: string): void {
    this.selection.extendTo(id, this.#list.order);
    this.#changed();
    this.#announceCount();
  }

  #changed(): void {
    this.rest();
    this.#read();
    this.#list.changed();
  }

  #read(): void {
    this.#readAt = performance.now();
    this.#offers = this.selection.size > 0 ? this.#list.offers(this.selection.ids) : undefined;
    const gone = this.#offers?.gone;
    if (!gone?.length) return;
    this.selection.remove(gone);
    this.#list.changed();
  }

  #announceCount(): void {
    this.#counting = setTimeout(() => this.#announce('list.selection.count', { count: this.selection.size }), COUNT_MS);
  }

  #announce(...message: Parameters<Localizer['format']>): void {
    this.#list.announce(this.#list.i18n().format(...message));
  }
}

/** Space presses a control in a cell. Of what the host has put there, only a link is known not to take it. */
function takesSpace({ target, currentTarget }: KeyboardEvent): boolean {
  if (!(target instanceof Element)) return false;
  return target.matches('button, input') || (!(currentTarget as Element).contains(target) && !target.matches('a'));
}

function isControl(target: Element): boolean {
  return target.closest('a, button, [data-control]') !== null;
}
