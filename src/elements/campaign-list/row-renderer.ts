import type { CampaignRow, RowSurroundings } from './campaign-row.ts';
import type { ListOrder } from './list-order.ts';
import { RowSet } from './row-set.ts';
import { RowViewport } from './row-viewport.ts';
import { rowWindow, topAfterScroll, type RowWindow } from './row-window.ts';

/** The list whose rows are rendered. */
export interface RowHost {
  readonly surroundings: RowSurroundings;
  readonly order: ListOrder;
  /** Render so many rows from the first on, wherever the list is scrolled to; `undefined`: those on screen. */
  fixed(): number | undefined;
  /** The row that the user was in last. */
  focusRow(): HTMLElement | undefined;
  /** Runs a change of rows. */
  keepFocus(change: () => void): void;
}

const NOTHING: RowWindow = { from: 0, to: 0, top: 0, extent: 0, shift: 0 };

/** Renders the rows of a list that are on screen, out of all that are in its order. */
export class RowRenderer {
  readonly rows: RowSet;
  readonly #host: RowHost;
  readonly #viewport = new RowViewport(
    () => this.#host.keepFocus(() => this.#render()),
    () => this.#host.keepFocus(() => this.#render(true)),
  );
  #grid: HTMLElement | undefined;
  #body: HTMLElement | undefined;
  #spaces: readonly HTMLElement[] = [];
  #system = '';
  #window = NOTHING;
  /** The height of all rows, as it is on the page (px). */
  #extent: number | undefined;
  /** What is rendered now, in short. */
  #rendered = '';

  constructor(host: RowHost) {
    this.#host = host;
    this.rows = new RowSet(host.surroundings);
  }

  /** The places of the rendered rows. */
  get range(): Pick<RowWindow, 'from' | 'to'> {
    return this.#window;
  }

  /** The first row that is entirely visible. */
  get first(): HTMLElement | undefined {
    const id = this.#host.order.at(this.#window.top);
    return id === undefined ? undefined : this.rows.get(id)?.element;
  }

  /** Renders into this grid, as it is after an update of the list. */
  update(grid: HTMLElement | undefined, system: string): void {
    if (grid !== this.#grid) this.#enter(grid);
    if (!grid) return;
    this.#system = system;
    this.#viewport.observe({
      grid,
      body: this.#body!,
      probe: grid.parentElement!.querySelector('.probe')!,
      header: grid.querySelector('.header')!,
      spaces: this.#spaces,
    });
    this.#render();
    this.rows.follow();
  }

  /** The row at a place, rendered if need be. */
  at(index: number): HTMLElement | undefined {
    const { order } = this.#host;
    const row = this.rows.add(index, { order, top: (place) => this.#top(place) });
    if (!this.#viewport.scrolling) this.rows.sort();
    return row?.element;
  }

  /** The row is on screen, or nearly so. */
  isNear(element: HTMLElement): boolean {
    const row = this.rows.around(element);
    return row === undefined || (row.index >= this.#window.from && row.index < this.#window.to);
  }

  /** Scrolls to a row, and renders what is on screen then. */
  reveal(element: HTMLElement, block: 'nearest' | 'center' = 'nearest'): void {
    const row = this.rows.around(element);
    row?.moveTo(topAfterScroll(row.index, block, this.#host.order.size, this.#viewport.geometry));
    (element as Partial<HTMLElement>).scrollIntoView?.({ block, inline: 'nearest', behavior: 'instant' });
    if (!row) return;
    this.#viewport.measure();
    this.#host.keepFocus(() => this.#render());
  }

  /** How many rows are visible at once. */
  perPage(): number {
    return this.#viewport.rowsPerPage();
  }

  /** Observes nothing any more. What is rendered stays. */
  rest(): void {
    this.#viewport.rest();
    this.rows.rest();
  }

  /** Takes all rows away. */
  clear(): void {
    this.rows.clear();
    this.#rendered = '';
  }

  #enter(grid: HTMLElement | undefined): void {
    this.clear();
    this.#viewport.rest();
    this.#grid = grid;
    this.#body = grid?.querySelector<HTMLElement>('.body') ?? undefined;
    this.#spaces = [...(this.#body?.querySelectorAll<HTMLElement>('.space') ?? [])];
    this.#window = NOTHING;
    this.#extent = undefined;
  }

  /** @param settled scrolling has ended: the document's order is put right, and rows that are no longer kept go */
  #render(settled = false): void {
    const body = this.#body;
    if (!body) return;
    const { order } = this.#host;
    const fixed = this.#host.fixed();
    const { size } = order;
    const { extent } = rowWindow(size, this.#viewport.geometry);
    if (extent !== this.#extent) {
      // What is visible depends on how tall the list is.
      this.#extent = extent;
      body.style.blockSize = `${extent}px`;
      this.#viewport.measure();
    }
    const { geometry } = this.#viewport;
    const own = rowWindow(size, geometry);
    const window = fixed === undefined ? own : { ...own, from: 0, to: Math.min(fixed, size), shift: 0 };
    const { from, to, shift } = window;
    const rendered = [order.version, this.#system, from, to, shift, geometry.height].join(' ');
    if (rendered === this.#rendered && !settled) return;
    this.#rendered = rendered;
    this.#window = window;
    const [before, after] = this.#spaces;
    span(before!, 0, this.#top(from));
    span(after!, this.#top(to), window.extent);
    this.rows.show(body, this.#system, {
      order,
      from,
      to,
      top: (index) => this.#top(index),
      keeps: (row) => this.#keeps(row),
    });
    // On paper rows stand in the order of the document.
    if (fixed !== undefined || !this.#viewport.scrolling) this.rows.sort();
  }

  /** The top of a row, in px from the top of the body. Rows that are not in view stay within the body. */
  #top(index: number): number {
    const { height } = this.#viewport.geometry;
    const { shift, extent } = this.#window;
    return Math.max(0, Math.min(index * height - shift, extent));
  }

  #keeps(row: CampaignRow): boolean {
    const { element } = row;
    return element === this.#host.focusRow() || element.matches(':hover') || row.engaged;
  }
}

function span(space: HTMLElement, from: number, to: number): void {
  space.style.insetBlockStart = `${from}px`;
  space.style.blockSize = `${Math.max(0, to - from)}px`;
}
