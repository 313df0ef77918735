import type { ListView } from '../../store/types.ts';
import { longestRun } from './longest-run.ts';

/** A changed order is shown, or compared with the shown one, at most this often (ms). */
const EVERY_MS = 250;

/** The rows that are rendered. */
export interface RenderedRange {
  readonly from: number;
  readonly to: number;
}

/**
 * The order that is on screen: a copy of the store's, so that it stays the same while the store's changes. While it is held,
 * nothing moves under the user: rows stay where they are, new ones wait, and what would change in view is counted.
 */
export class ListOrder {
  readonly #onDue: () => void;
  #ids: readonly (string | undefined)[] = [];
  #version = 0;
  #shown: ListView | undefined;
  #shownAt = -Infinity;
  #compared: ListView | undefined;
  #comparedAt = -Infinity;
  #waiting = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** @param onDue called when it is time to call {@link next} again */
  constructor(onDue: () => void) {
    this.#onDue = onDue;
  }

  /** A number that grows whenever the order changes. */
  get version(): number {
    return this.#version;
  }

  /** How many rows there are. */
  get size(): number {
    return this.#ids.length;
  }

  /** How many rows in view would come, go or move if the order were let go; 0 if the order is not held. */
  get waiting(): number {
    return this.#waiting;
  }

  /** The id at a place, if it is known. */
  at(index: number): string | undefined {
    return this.#ids[index];
  }

  /** The place of an id, or -1. @param near where it was last */
  indexOf(id: string, near = 0): number {
    return this.#ids[near] === id ? near : this.#ids.indexOf(id);
  }

  /** The shown order is not the latest. */
  isBehind(view: ListView | undefined): boolean {
    return view !== this.#shown;
  }

  /** Takes the next order over at once, held or not. */
  release(): void {
    this.#shown = undefined;
  }

  /** Takes a row away, although the order is held. @param near where it was last */
  remove(id: string, near: number): void {
    const index = this.indexOf(id, near);
    if (index >= 0) this.#show([...this.#ids.slice(0, index), ...this.#ids.slice(index + 1)]);
  }

  /**
   * Takes in the store's latest order: at once if it is `other`, that of other campaigns or another query; else a few times a
   * second; and not while it is `held`.
   *
   * @param rendered where what would change is counted
   */
  next(view: ListView | undefined, how: 'other' | 'live' | 'held', rendered: RenderedRange): void {
    const first = this.#shown === undefined || this.#ids.length === 0;
    const now = performance.now();
    if (!view || view === this.#shown) {
      if (!view && this.#ids.length > 0) this.#show([]);
      this.#shown = view;
      this.#settle();
    } else if (how === 'other' || first || view.complete !== this.#shown?.complete) {
      this.#take(view, now);
    } else if (how === 'live') {
      if (!this.#waitUntil(this.#shownAt + EVERY_MS, now)) this.#take(view, now);
    } else if (view !== this.#compared && !this.#waitUntil(this.#comparedAt + EVERY_MS, now)) {
      this.#compared = view;
      this.#comparedAt = now;
      this.#waiting = difference(this.#ids, view, rendered) || Math.abs(view.size - this.#ids.length);
    }
  }

  /** Calls nobody any more. */
  rest(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  #take(view: ListView, now: number): void {
    this.#show(view.ids);
    this.#shown = view;
    this.#shownAt = now;
    this.#settle();
  }

  #show(ids: readonly (string | undefined)[]): void {
    this.#ids = ids;
    this.#version++;
  }

  /** The shown order is the latest. */
  #settle(): void {
    this.#waiting = 0;
    this.#compared = undefined;
    this.rest();
  }

  #waitUntil(due: number, now: number): boolean {
    if (now >= due) return false;
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      this.#onDue();
    }, due - now);
    return true;
  }
}

/** How many of the rendered rows come, go or move between the shown order and the latest. */
function difference(ids: readonly (string | undefined)[], latest: ListView, { from, to }: RenderedRange): number {
  const shown = ids.slice(from, to);
  const end = to >= ids.length ? Math.max(to, latest.size) : to;
  const places = shown.map((id) => (id === undefined ? -1 : latest.indexOf(id)));
  const stay = longestRun(places);
  const known = new Set(shown);
  const come = latest.slice(from, end).filter((id) => !known.has(id)).length;
  const left = places.filter((place) => place >= 0 && (place < from || place >= end)).length;
  const pushedOut = [...stay].filter((index) => places[index]! < from || places[index]! >= end).length;
  // A row that leaves the view lets another one in: that is one update, not two.
  return shown.length - stay.size + pushedOut + Math.max(0, come - left);
}
