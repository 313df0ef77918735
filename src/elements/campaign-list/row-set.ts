import { CampaignRow, type RowSurroundings } from './campaign-row.ts';
import { longestRun } from './longest-run.ts';

/** The rows of a list, one for each campaign on screen. A row keeps its nodes as long as its campaign is there. */
export class RowSet {
  readonly #list: RowSurroundings;
  readonly #byElement = new WeakMap<Element, CampaignRow>();
  #rows = new Map<string, CampaignRow>();
  #shown: readonly CampaignRow[] = [];
  #ids: readonly string[] = [];
  #body: HTMLElement | undefined;
  #system = '';
  #resting = false;

  constructor(list: RowSurroundings) {
    this.#list = list;
  }

  /** How many rows there are. */
  get size(): number {
    return this.#shown.length;
  }

  /** How many of them show a campaign that could not be read. */
  get unreadable(): number {
    return this.#shown.reduce((count, row) => count + (row.unreadable ? 1 : 0), 0);
  }

  /** The row at a place. */
  at(index: number): CampaignRow | undefined {
    return this.#shown[index];
  }

  /** The row of a campaign. */
  get(id: string): CampaignRow | undefined {
    return this.#rows.get(id);
  }

  /** The row that a node stands in. */
  around(node: Element): CampaignRow | undefined {
    const element = node.closest('[role="row"]');
    return element ? this.#byElement.get(element) : undefined;
  }

  /** Shows these campaigns in this order. Rows that need not move stay where they are. */
  show(body: HTMLElement | undefined, system: string, ids: readonly string[]): void {
    if (body !== this.#body || system !== this.#system) {
      this.clear();
      this.#body = body;
      this.#system = system;
    }
    if (!body || ids === this.#ids) return;
    const places = new Map(this.#shown.map((row, place) => [row, place]));
    const rows = new Map<string, CampaignRow>();
    for (const [index, id] of ids.entries()) {
      const row = this.#rows.get(id) ?? this.#make();
      row.show({ system, id }, index);
      rows.set(id, row);
    }
    for (const [id, row] of this.#rows) if (!rows.has(id)) this.#drop(row);
    const shown = [...rows.values()];
    const stay = longestRun(shown.map((row) => places.get(row) ?? -1));
    let next: Element | null = null;
    for (let index = shown.length - 1; index >= 0; index--) {
      const { element } = shown[index]!;
      if (!stay.has(index)) place(body, element, next);
      next = element;
    }
    this.#rows = rows;
    this.#shown = shown;
    this.#ids = ids;
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

  /** Does something with every row. */
  each(act: (row: CampaignRow) => void): void {
    this.#shown.forEach(act);
  }

  /** Takes all rows away. */
  clear(): void {
    for (const row of this.#shown) this.#drop(row);
    this.#rows = new Map();
    this.#shown = [];
    this.#ids = [];
  }

  #make(): CampaignRow {
    const row = new CampaignRow(this.#list);
    this.#byElement.set(row.element, row);
    return row;
  }

  #drop(row: CampaignRow): void {
    row.rest();
    row.element.remove();
  }
}

/** Puts a row before another one. Where the browser can, a row that is there is moved whole: focus and popups stay as they are. */
function place(body: HTMLElement, element: HTMLElement, next: Element | null): void {
  if (element.parentNode === body && 'moveBefore' in body) body.moveBefore(element, next);
  else body.insertBefore(element, next);
}
