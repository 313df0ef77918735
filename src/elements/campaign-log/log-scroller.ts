import { partitionPoint } from '../../util/partition-point.ts';
import { tallBox, type TallBox } from '../shared/scrolling/tall-box.ts';
import type { Anchor, LogWindow } from './log-window.ts';

/** Closer to the end than this (px) is at the end: with zoom, scroll positions are not whole. */
const NEAR_END = 4;
/** Scrolling is over after this long without a scroll event (ms). */
const SETTLE_MS = 150;
/** The height of a line and of what is visible, until they are measured (px). */
const USUAL_LINE = 20;
const USUAL_VIEW = 400;

/** The boxes of a log. */
export interface LogBoxes {
  /** What scrolls. */
  readonly scroller: HTMLElement;
  /** As tall as all lines. */
  readonly extent: HTMLElement;
  /** The box of the rendered lines, positioned in `extent`. */
  readonly rendered: HTMLElement;
}

/**
 * Keeps the rendered lines of a log where they belong while lines come and go.
 *
 * Lines wrap, so their heights differ and only those of rendered lines are known; all others count as the average one. Unlike
 * the rows of a list, which have one height, lines are therefore not placed by their number: the rendered ones are laid out by the
 * browser, and placed as a whole so that the anchor does not move. The scroll position is corrected for the estimate
 * while nobody scrolls, so that it never works against a wheel or a finger.
 */
export class LogScroller {
  readonly #boxes: () => LogBoxes | undefined;
  readonly #onSettle: () => void;
  #average: number | undefined;
  #scrolledTo = 0;
  #top = 0;
  #visible = Math.ceil(USUAL_VIEW / USUAL_LINE);
  #settling: ReturnType<typeof setTimeout> | undefined;

  /**
   * @param boxes the boxes, while they are rendered
   * @param onSettle called when scrolling has ended
   */
  constructor(boxes: () => LogBoxes | undefined, onSettle: () => void) {
    this.#boxes = boxes;
    this.#onSettle = onSettle;
  }

  /** How many lines are visible at once, if none of them wraps. */
  get visible(): number {
    return this.#visible;
  }

  /** Starts over, for another log. */
  reset(): void {
    clearTimeout(this.#settling);
    this.#settling = this.#average = undefined;
    this.#scrolledTo = this.#top = 0;
  }

  /** Measures what is visible, after its size has changed. Lines wrap elsewhere then. */
  measure(): void {
    const boxes = this.#boxes();
    if (!boxes) return;
    const { scroller } = boxes;
    const line = parseFloat(getComputedStyle(scroller).lineHeight) || USUAL_LINE;
    this.#visible = Math.max(1, Math.ceil((scroller.clientHeight || USUAL_VIEW) / line));
    this.#average = undefined;
  }

  /** Looks where the user has scrolled to. @returns whether other lines are to be shown, or the following has begun or ended */
  look(window: LogWindow): boolean {
    const boxes = this.#boxes();
    if (!boxes) return false;
    const { scroller } = boxes;
    const { scrollTop, scrollHeight, clientHeight } = scroller;
    const up = scrollTop < this.#scrolledTo;
    if (scrollTop === this.#scrolledTo) return false;
    this.#scrolledTo = scrollTop;
    if (scrollHeight - scrollTop - clientHeight <= NEAR_END) {
      if (window.following) return false;
      window.follow();
      return true;
    }
    // A line that came, or a new width, moves the end away too; only going up means that someone reads there.
    if (window.following && !up) return false;
    window.pause(this.#anchor(window, boxes));
    this.#settle();
    return true;
  }

  /** Puts the rendered lines in place. */
  place(window: LogWindow): void {
    const boxes = this.#boxes();
    if (!boxes) return;
    const { scroller, extent, rendered } = boxes;
    const { lines, from, to, anchor } = window;
    const height = rendered.offsetHeight;
    if (height > 0 && to > from && (window.following || this.#average === undefined))
      this.#average = height / (to - from);
    const line = anchor && linesOf(rendered)[lines.placeOf(anchor.number) - from];
    /** From the top of the rendered lines to that of what is visible. */
    const above = line ? line.offsetTop - anchor.offset : 0;
    this.#top = this.#topFor(window, scroller, above);
    rendered.style.insetBlockStart = `${this.#top}px`;
    const bottom = this.#top + height;
    const tall =
      to === lines.end ? bottom : Math.max(this.#box(window, scroller).extent, bottom + scroller.clientHeight);
    extent.style.blockSize = `${tall}px`;
    const target = window.following ? scroller.scrollHeight : this.#top + above;
    if (Math.abs(scroller.scrollTop - target) >= 1) scroller.scrollTop = target;
    this.#scrolledTo = scroller.scrollTop;
  }

  /** The top of the rendered lines in their box. */
  #topFor(window: LogWindow, scroller: HTMLElement, above: number): number {
    const { lines, from, following } = window;
    if (from === lines.start) return 0;
    const unmoved = scroller.scrollTop - above;
    if (!following && this.#settling !== undefined && unmoved >= 0) return unmoved;
    const { missing, track } = this.#box(window, scroller);
    const position = (from - lines.start) * this.#line + above;
    return Math.max(0, Math.round((position * track) / (track + missing)) - above);
  }

  /** The first visible line, and where it is. */
  #anchor(window: LogWindow, { scroller, rendered }: LogBoxes): Anchor {
    const { lines, from, to } = window;
    const { scrollTop } = scroller;
    const elements = linesOf(rendered);
    const depth = scrollTop - this.#top;
    if (elements.length && depth >= 0 && depth < rendered.offsetHeight) {
      const above = partitionPoint(elements, ({ offsetTop, offsetHeight }) => offsetTop + offsetHeight <= depth);
      const first = Math.min(above, elements.length - 1);
      return { number: lines.numberAt(Math.min(from + first, to - 1)), offset: elements[first]!.offsetTop - depth };
    }
    const { missing, track } = this.#box(window, scroller);
    const position = (scrollTop * (track + missing)) / track;
    const place = lines.start + Math.min(Math.floor(position / this.#line), lines.size - 1);
    return { number: lines.numberAt(place), offset: (place - lines.start) * this.#line - position };
  }

  get #line(): number {
    return this.#average ?? USUAL_LINE;
  }

  #box({ lines }: LogWindow, { clientHeight, ownerDocument }: HTMLElement): TallBox {
    return tallBox(lines.size * this.#line, clientHeight, ownerDocument.defaultView?.devicePixelRatio ?? 1);
  }

  #settle(): void {
    clearTimeout(this.#settling);
    this.#settling = setTimeout(() => {
      this.#settling = undefined;
      this.#onSettle();
    }, SETTLE_MS);
  }
}

function linesOf(rendered: HTMLElement): NodeListOf<HTMLElement> {
  return rendered.querySelectorAll<HTMLElement>('.line');
}
