/** What {@link GridFocus} has to know of the rows of a grid. The header is row 0. */
export interface GridRows {
  count(): number;
  /** The row at a place, brought into the document if need be. */
  at(index: number): HTMLElement | undefined;
  /** The first row in view, without the header. */
  first(): HTMLElement | undefined;
  /** Scrolls to a row, by no more than is needed. */
  reveal(row: HTMLElement): void;
  /** The row is in view, or would be after a short scroll. */
  isNear(row: HTMLElement): boolean;
  /** How many rows are visible at once. */
  perPage(): number;
}

const CELL = '[role="gridcell"], [role="rowheader"], [role="columnheader"]';
/** In these, keys have another meaning. */
const LAYER = 'dialog, [popover], [role="dialog"], [role="alertdialog"], input:not([data-control]), textarea, select';

/** True if a key was pressed in something in the grid where keys have another meaning. */
export function isFromLayer(event: Event, grid: Element): boolean {
  for (const node of event.composedPath()) {
    if (node === grid) break;
    if (node instanceof Element && node.matches(LAYER)) return true;
  }
  return false;
}

/** The focus is in this element. In an open modal dialog it may be, and `:focus-within` would not match. */
export function holdsFocus(element: Element): boolean {
  const root = element.getRootNode();
  const active = root instanceof ShadowRoot || root instanceof Document ? root.activeElement : null;
  return element.contains(active) || element.matches(':focus-within');
}

/**
 * Focus by cells in an ARIA grid: one tab stop, and keys that move it. A cell gives its focus to the control in it that is
 * marked `data-control`. Knows roles and places, not what the cells are about.
 */
export class GridFocus {
  readonly #grid: () => HTMLElement | undefined;
  readonly #rows: GridRows;
  /** The cell that the user was in last. */
  #cell: HTMLElement | undefined;
  /** The one element of the grid that Tab reaches, and its cell. */
  #stop: HTMLElement | undefined;
  #stopCell: HTMLElement | undefined;
  /** The column that the user is in; a row with fewer cells does not change it. */
  #column = 0;
  /** A change runs within {@link keep}. */
  #keeping = false;
  /** Such a change has replaced what a cell gives its focus to. */
  #refitted = false;

  /** @param grid the element with the role, once it is there */
  constructor(grid: () => HTMLElement | undefined, rows: GridRows) {
    this.#grid = grid;
    this.#rows = rows;
  }

  /** True while something in the grid has the focus. */
  get within(): boolean {
    const grid = this.#grid();
    return grid !== undefined && holdsFocus(grid);
  }

  /** True while the focus is in a dialog or popup that belongs to a cell. */
  get inLayer(): boolean {
    const root = this.#grid()?.getRootNode();
    if (!this.within || !(root instanceof ShadowRoot)) return false;
    for (let element = root.activeElement; element; element = element.shadowRoot?.activeElement ?? null)
      if (element.closest('dialog[open], [popover]')) return true;
    return false;
  }

  /** The row that the user was in last, and returns to by Tab. */
  get row(): HTMLElement | undefined {
    return this.#cell && rowOf(this.#cell);
  }

  /** Puts the focus on the grid's tab stop. */
  focus(): void {
    const cell = this.#resting;
    if (cell) this.#enter(cell);
    else this.#grid()?.focus();
  }

  /** Puts the focus into a row, in the column that the user is in. @param index its place; the header is 0 */
  focusRow(index: number): HTMLElement | undefined {
    const cell = this.#cellAt(index, this.#column);
    if (cell) this.#enter(cell);
    return cell && rowOf(cell);
  }

  /**
   * Runs a change of rows or cells. The focus stays in its cell; where the row is gone, it goes to the row now in its place,
   * else to the one before, else to the grid. Within such a change, another one only runs.
   *
   * @returns the row that was taken away from under the focus, if one was
   */
  keep(change: () => void): HTMLElement | undefined {
    if (this.#keeping) {
      this.#refitted = true;
      change();
      return undefined;
    }
    const cell = this.#cell;
    const row = cell && rowOf(cell);
    const index = row ? indexOf(row) : -1;
    const near = row !== undefined && this.#rows.isNear(row);
    const focused = this.within;
    this.#keeping = true;
    try {
      change();
    } finally {
      this.#keeping = false;
    }
    const removed = cell !== undefined && !cell.isConnected;
    if (removed) this.#cell = this.#cellAt(Math.min(index, this.#rows.count() - 1), this.#column);
    if (this.#refitted || !this.#stop?.isConnected || this.#stopCell !== this.#resting) this.#settle();
    this.#refitted = false;
    if (!focused || this.within) return undefined;
    if (this.#cell && this.#rows.count() > 1) this.#enter(this.#cell, near);
    else this.#grid()?.focus();
    return removed ? row : undefined;
  }

  /** To be called for every key in the grid. */
  readonly onKeydown = (event: KeyboardEvent): void => {
    const grid = this.#grid();
    if (!grid || !this.#cell || event.defaultPrevented || event.altKey || event.shiftKey) return;
    if (isFromLayer(event, grid)) return;
    const chord = event.ctrlKey || event.metaKey;
    if (chord && event.key !== 'Home' && event.key !== 'End') return;
    const row = rowOf(this.#cell);
    const cell = row && this.#next(event.key, chord, row, grid);
    if (!cell) return;
    // Also where there is nowhere to go: the page must not scroll instead.
    event.preventDefault();
    if (cell !== this.#cell) this.#enter(cell);
  };

  /** To be called whenever something in the grid gets the focus. */
  readonly onFocusin = (event: FocusEvent): void => {
    const cell = event
      .composedPath()
      .find((node): node is HTMLElement => node instanceof HTMLElement && node.matches(CELL));
    if (!cell || cell === this.#cell) return;
    this.#cell = cell;
    const cells = cellsOf(rowOf(cell));
    if (cells.length > 1) this.#column = cells.indexOf(cell);
    this.#settle();
  };

  #next(key: string, chord: boolean, row: HTMLElement, grid: HTMLElement): HTMLElement | undefined {
    const index = indexOf(row);
    const last = this.#rows.count() - 1;
    const cells = cellsOf(row);
    const column = cells.indexOf(this.#cell!);
    // Columns may have come or gone since.
    if (cells.length > 1) this.#column = column;
    const along = (to: number): HTMLElement => {
      this.#column = Math.max(0, Math.min(to, cells.length - 1));
      return cells[this.#column]!;
    };
    const forward = getComputedStyle(grid).direction === 'rtl' ? 'ArrowLeft' : 'ArrowRight';
    switch (key) {
      case 'ArrowLeft':
      case 'ArrowRight':
        return along(column + (key === forward ? 1 : -1));
      case 'ArrowUp':
        return this.#cellAt(Math.max(0, index - 1), this.#column);
      case 'ArrowDown':
        return this.#cellAt(Math.min(last, index + 1), this.#column);
      case 'PageUp':
        return this.#cellAt(Math.max(Math.min(1, index), index - this.#page), this.#column);
      case 'PageDown':
        return this.#cellAt(Math.min(last, index + this.#page), this.#column);
      case 'Home':
        if (chord) return this.#cellAt(0, (this.#column = 0));
        return along(0);
      case 'End':
        if (chord) return this.#cellAt(last, (this.#column = Number.MAX_SAFE_INTEGER));
        return along(cells.length - 1);
      default:
        return undefined;
    }
  }

  /** How many rows PageUp and PageDown go: those in view, less one. */
  get #page(): number {
    return Math.max(1, this.#rows.perPage() - 1);
  }

  #cellAt(index: number, column: number): HTMLElement | undefined {
    const row = this.#rows.at(index);
    const cells = row ? cellsOf(row) : [];
    return cells[Math.min(column, cells.length - 1)];
  }

  /** Where Tab leads before the user was anywhere: the first row in view, else the header. */
  #first(): HTMLElement | undefined {
    return cellsOf(this.#rows.first())[0] ?? this.#cellAt(0, 0);
  }

  /** The cell of the tab stop. Before the user was anywhere, it need not follow each scroll. */
  get #resting(): HTMLElement | undefined {
    if (this.#cell) return this.#cell;
    const cell = this.#stopCell;
    return cell?.isConnected && cell.role !== 'columnheader' ? cell : this.#first();
  }

  #enter(cell: HTMLElement, reveal = true): void {
    this.#cell = cell;
    this.#settle();
    this.#stop?.focus({ preventScroll: true });
    if (!holdsFocus(cell)) {
      cell.tabIndex = -1;
      cell.focus({ preventScroll: true });
    }
    const row = rowOf(cell);
    if (row && reveal) this.#rows.reveal(row);
  }

  /** Moves the tab stop to where it belongs now. */
  #settle(): void {
    const cell = this.#resting;
    const stop = cell && targetOf(cell);
    if (this.#stop && this.#stop !== stop) this.#stop.tabIndex = -1;
    this.#stop = stop;
    this.#stopCell = cell;
    if (stop && stop.tabIndex !== 0) stop.tabIndex = 0;
  }
}

function rowOf(cell: HTMLElement): HTMLElement | undefined {
  return cell.closest<HTMLElement>('[role="row"]') ?? undefined;
}

function indexOf(row: HTMLElement): number {
  return Number(row.ariaRowIndex) - 1;
}

function cellsOf(row: HTMLElement | undefined): HTMLElement[] {
  return row ? ([...row.children] as HTMLElement[]) : [];
}

/** What gets the focus of a cell: its control while that can be seen, else the cell. */
function targetOf(cell: HTMLElement): HTMLElement {
  const around = cell.querySelector('slot')?.assignedElements()[0] ?? cell;
  const control = around.querySelector<HTMLElement>('[data-control]');
  // jsdom can't tell what is visible.
  const visible = (control as Partial<HTMLElement> | null)?.checkVisibility?.({ visibilityProperty: true }) ?? true;
  return control && visible ? control : cell;
}
