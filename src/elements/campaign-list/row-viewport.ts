import type { RowGeometry } from './row-window.ts';

/** Scrolling is over after this long without a scroll event (ms). */
const SETTLE_MS = 150;
/** The height of a row that is not laid out, because the list is not displayed. */
const USUAL_HEIGHT = 48;

/** The parts of a list that decide which rows are on screen. */
export interface RowBoxes {
  /** The grid. It scrolls by itself, or with the page or a box around it. */
  readonly grid: HTMLElement;
  /** The box of all rows. */
  readonly body: HTMLElement;
  /** A box as tall as a row. */
  readonly probe: HTMLElement;
  /** The header row, which covers rows that scroll below it. */
  readonly header: HTMLElement;
  /** The spaces in the box before and after the rendered rows. */
  readonly spaces: readonly HTMLElement[];
}

/**
 * Observes which part of a list is on screen, whichever box around it scrolls: by scroll events, and by the blank spaces
 * around the rendered rows, which become visible if anything else moves the list. Nothing is measured between these.
 */
export class RowViewport {
  readonly #onChange: () => void;
  readonly #onSettle: () => void;
  #boxes: RowBoxes | undefined;
  #geometry: RowGeometry = { height: USUAL_HEIGHT, offset: 0, view: 0, ratio: 1 };
  #stop: AbortController | undefined;
  #sizes: ResizeObserver | undefined;
  #blanks: IntersectionObserver | undefined;
  #settling: ReturnType<typeof setTimeout> | undefined;

  /**
   * @param onChange called when other rows may be on screen, or the height of a row has changed
   * @param onSettle called when scrolling has ended
   */
  constructor(onChange: () => void, onSettle: () => void) {
    this.#onChange = onChange;
    this.#onSettle = onSettle;
  }

  /** The geometry as it was last measured. */
  get geometry(): RowGeometry {
    return this.#geometry;
  }

  /** True until scrolling has settled. */
  get scrolling(): boolean {
    return this.#settling !== undefined;
  }

  /** Observes these boxes; does nothing if they are observed already. */
  observe(boxes: RowBoxes): void {
    if (this.#boxes?.body === boxes.body) return;
    this.rest();
    this.#boxes = boxes;
    const { grid, probe, header, spaces } = boxes;
    const { signal } = (this.#stop = new AbortController());
    const boxesAround = new Set<EventTarget>([grid.ownerDocument]);
    for (let node: Element | null = grid; node; node = around(node)) boxesAround.add(node);
    // Scroll events do not leave a shadow root, so each tree around the list has a listener of its own.
    for (const root of new Set([...boxesAround].map((box) => (box as Node).getRootNode())))
      root.addEventListener(
        'scroll',
        ({ target }) => {
          if (target && boxesAround.has(target)) this.#scrolled();
        },
        { capture: true, passive: true, signal },
      );
    this.measure();
    // jsdom has no layout, and nothing that observes it.
    if (typeof ResizeObserver !== 'function' || typeof IntersectionObserver !== 'function') return;
    this.#sizes = new ResizeObserver(() => this.#changed());
    for (const sized of [probe, header]) this.#sizes.observe(sized);
    this.#blanks = new IntersectionObserver((entries) => {
      if (entries.some(({ isIntersecting, boundingClientRect }) => isIntersecting && boundingClientRect.height > 0))
        this.#changed();
    });
    for (const space of spaces) this.#blanks.observe(space);
  }

  /** Observes nothing any more. */
  rest(): void {
    this.#stop?.abort();
    this.#sizes?.disconnect();
    this.#blanks?.disconnect();
    clearTimeout(this.#settling);
    this.#settling = undefined;
    this.#boxes = undefined;
  }

  /** Reads from the layout what is on screen now. */
  measure(): void {
    if (!this.#boxes) return;
    const { grid, body, probe, header } = this.#boxes;
    const page = body.ownerDocument.defaultView ?? window;
    const rows = body.getBoundingClientRect();
    const box = grid.getBoundingClientRect();
    // A host may have scaled the list.
    const scale = box.height / grid.offsetHeight || 1;
    const top = Math.max(0, box.top);
    this.#geometry = {
      height: probe.offsetHeight || USUAL_HEIGHT,
      offset: (top - rows.top) / scale,
      view: Math.max(0, Math.min(page.innerHeight, box.bottom) - top) / scale,
      ratio: page.devicePixelRatio,
    };
    setLength(grid, '--_head', header.offsetHeight);
    setLength(body, '--_height', this.#geometry.height);
  }

  /** How many rows are visible at once, below the header and within all boxes that clip the list. */
  rowsPerPage(): number {
    if (!this.#boxes) return 1;
    const { grid, header } = this.#boxes;
    let [top, bottom] = [0, (grid.ownerDocument.defaultView ?? window).innerHeight];
    for (let node: Element | null = grid; node; node = around(node)) {
      if (getComputedStyle(node).overflowY === 'visible') continue;
      const box = node.getBoundingClientRect();
      top = Math.max(top, box.top);
      bottom = Math.min(bottom, box.bottom);
    }
    return Math.max(1, Math.floor((bottom - top - header.offsetHeight) / this.#geometry.height));
  }

  #scrolled(): void {
    clearTimeout(this.#settling);
    this.#settling = setTimeout(() => {
      this.#settling = undefined;
      this.#onSettle();
    }, SETTLE_MS);
    this.#changed();
  }

  #changed(): void {
    this.measure();
    this.#onChange();
  }
}

function setLength({ style }: HTMLElement, name: string, px: number): void {
  const length = `${px}px`;
  if (style.getPropertyValue(name) !== length) style.setProperty(name, length);
}

/** The element that an element is laid out in. */
function around(element: Element): Element | null {
  if (element.assignedSlot) return element.assignedSlot;
  const { parentNode } = element;
  return parentNode instanceof ShadowRoot ? parentNode.host : element.parentElement;
}
