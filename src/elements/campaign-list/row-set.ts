import { CampaignRow, type RowSurroundings } from './campaign-row.ts';
import { holdsFocus } from './grid-focus.ts';
import { longestRun } from './longest-run.ts';

/** The order that rows are taken from. */
interface RowOrder {
  at(index: number): string | undefined;
  indexOf(id: string, near: number): number;
}

/** Which rows to render, and how. */
export interface Rendering {
  readonly order: RowOrder;
  readonly from: number;
  readonly to: number;
  /** The top of the row at a place, in px from the top of the body. */
  top(index: number): number;
  /** This row must keep its campaign and stay in the document as long as its campaign is in the order. */
  keeps(row: CampaignRow): boolean;
}

/**
 * The rendered rows of a list, by campaign. A row keeps its nodes as long as it is rendered; then its nodes are handed to a
 * campaign that comes into view.
 */
export class RowSet {
  readonly #list: RowSurroundings;
  readonly #byElement = new WeakMap<Element, CampaignRow>();
  readonly #rows = new Map<string, CampaignRow>();
  /** The rows in the order of the document. */
  #placed: CampaignRow[] = [];
  #body: HTMLElement | undefined;
  #system = '';
  #resting = false;

  constructor(list: RowSurroundings) {
    this.#list = list;
  }

  /** How many of the rendered rows show a campaign that could not be read. */
  get unreadable(): number {
    return this.#placed.reduce((count, row) => count + (row.unreadable ? 1 : 0), 0);
  }

  /** The row of a campaign, if it is rendered. */
  get(id: string): CampaignRow | undefined {
    return this.#rows.get(id);
  }

  /** The row that a node stands in. */
  around(node: Element): CampaignRow | undefined {
    const element = node.closest('[role="row"]');
    return element ? this.#byElement.get(element) : undefined;
  }

  /** Renders these rows, and those that are kept. Rows that are there already keep their nodes and their place in the document. */
  show(body: HTMLElement, system: string, { order, from, to, top, keeps }: Rendering): void {
    if (body !== this.#body || system !== this.#system) {
      this.clear();
      this.#body = body;
      this.#system = system;
    }
    const wanted = new Map<string, number>();
    for (let index = from; index < to; index++) {
      const id = order.at(index);
      if (id !== undefined) wanted.set(id, index);
    }
    const free: CampaignRow[] = [];
    for (const [id, row] of this.#rows) {
      if (wanted.has(id)) continue;
      const kept = keeps(row);
      const index = kept ? order.indexOf(id, row.index) : -1;
      if (index >= 0) {
        wanted.set(id, index);
        continue;
      }
      this.#rows.delete(id);
      if (kept) this.#drop(row);
      else free.push(row);
    }
    for (const [id, index] of wanted) this.#put(id, index, top(index), free);
    for (const row of free) this.#drop(row);
  }

  /** Renders one more row. */
  add(index: number, { order, top }: Pick<Rendering, 'order' | 'top'>): CampaignRow | undefined {
    const id = order.at(index);
    return id === undefined ? undefined : this.#put(id, index, top(index), []);
  }

  /** Puts the nodes into the order in which they are on screen, for screen readers. The focused row is not moved. */
  sort(): void {
    const body = this.#body;
    if (!body || this.#placed.every((row, place) => place === 0 || row.index > this.#placed[place - 1]!.index)) return;
    const places = new Map(this.#placed.map((row, place) => [row, place]));
    const rows = [...this.#placed].sort((one, other) => one.index - other.index);
    // Chromium scrolls to a focused element that is moved: the others move around it.
    const fixed = holdsFocus(body) ? rows.findIndex(({ element }) => holdsFocus(element)) : -1;
    const anchor = fixed < 0 ? undefined : places.get(rows[fixed]!)!;
    const stay = longestRun(
      rows.map((row, index) => {
        const place = places.get(row)!;
        return anchor === undefined || Math.sign(place - anchor) === Math.sign(index - fixed) ? place : -1;
      }),
    );
    let next: Element | null = null;
    for (let index = rows.length - 1; index >= 0; index--) {
      const { element } = rows[index]!;
      if (!stay.has(index)) place(body, element, next);
      next = element;
    }
    this.#placed = rows;
  }

  /** Lets every row listen to its campaign again after {@link rest}. */
  follow(): void {
    if (this.#resting) this.each((row) => row.follow());
    this.#resting = false;
  }

  /** Lets no row listen. */
  rest(): void {
    this.each((row) => row.rest());
    this.#resting = true;
  }

  /** Does something with every rendered row. */
  each(act: (row: CampaignRow) => void): void {
    this.#placed.forEach(act);
  }

  /** Takes all rows away. */
  clear(): void {
    for (const row of [...this.#placed]) this.#drop(row);
    this.#rows.clear();
  }

  #make(): CampaignRow {
    const row = new CampaignRow(this.#list);
    this.#byElement.set(row.element, row);
    return row;
  }

  /** Renders a campaign: in its row, else in one of the `free` ones, else in a new one. */
  #put(id: string, index: number, top: number, free: CampaignRow[]): CampaignRow {
    let row = this.#rows.get(id);
    if (!row) this.#rows.set(id, (row = free.pop() ?? this.#make()));
    row.show({ system: this.#system, id }, index, top);
    if (!row.element.parentNode) {
      this.#body?.append(row.element);
      this.#placed.push(row);
    }
    return row;
  }

  #drop(row: CampaignRow): void {
    row.rest();
    if (row.unreadable) this.#list.readabilityChanged();
    row.element.remove();
    this.#placed = this.#placed.filter((other) => other !== row);
  }
}

/** Puts a row before another one. Where the browser can, a row that is there is moved whole: focus and popups stay as they are. */
function place(body: HTMLElement, element: HTMLElement, next: Element | null): void {
  if ('moveBefore' in body) body.moveBefore(element, next);
  else (body as HTMLElement).insertBefore(element, next);
}
