import type { LogEntryView, LogView } from '../../store/types.ts';
import { foldText } from '../../util/fold-text.ts';

/** The levels of a line, from the least to the most severe one. */
const LEVELS = ['debug', 'info', 'warning', 'error'] as const;
/** The levels that can be filtered for, with all more severe ones; `''` for all lines. */
export const LEAST_LEVELS = ['', 'info', 'warning', 'error'] as const;
/** A level that can be filtered for. */
export type LeastLevel = (typeof LEAST_LEVELS)[number];

/** Which lines of a log to show. */
export interface LineFilter {
  /** Only lines of this level or a more severe one, so none without a level. */
  readonly level: LeastLevel;
  /** Only lines that contain this, folded by `foldText`. */
  readonly text: string;
}

/** Lines that are looked at between two looks at the clock. */
const STEP = 50;
/** The numbers of dropped lines are removed from an array when there are this many, so that each costs little. */
const COMPACT_AT = 10_000;

/**
 * The lines of a log that pass a filter. Each has a place, which stays the same while lines are added and older ones are found.
 * Places are consecutive; the first line that came after the filter was set is at 0, earlier ones have negative places. Without
 * a filter a line's place is its number, counted from the beginning of the log.
 */
export class LineSelection {
  #view: LogView | undefined;
  #filter: LineFilter = { level: '', text: '' };
  /** The numbers of the lines from place `#shift` on, ascending. The first `#head` of them are no longer kept. */
  #newer: number[] = [];
  #shift = 0;
  #head = 0;
  /** The numbers of the lines before place 0, descending. */
  #older: number[] = [];
  /** The lines from `#unread` up to, but without, `#read` were looked at. */
  #unread = 0;
  #read = 0;

  /** True while a filter is set. */
  get filtered(): boolean {
    return this.#filter.level !== '' || this.#filter.text !== '';
  }

  /** The place of the first line. */
  get start(): number {
    if (!this.filtered) return this.#view?.dropped ?? 0;
    return this.#older.length ? -this.#older.length : this.#shift + this.#head;
  }

  /** The place after the last line. */
  get end(): number {
    return this.filtered ? this.#shift + this.#newer.length : totalOf(this.#view);
  }

  /** How many lines there are, as far as they were found. */
  get size(): number {
    return this.end - this.start;
  }

  /** False while older lines are still to be looked at, by {@link search}. */
  get complete(): boolean {
    return !this.filtered || this.#unread <= (this.#view?.dropped ?? 0);
  }

  /** The number of the line at a place. */
  numberAt(place: number): number {
    if (!this.filtered) return place;
    return place < 0 ? this.#older[-1 - place]! : this.#newer[place - this.#shift]!;
  }

  /** The line at a place. */
  at(place: number): LogEntryView {
    return this.#view!.at(this.numberAt(place) - this.#view!.dropped)!;
  }

  /** The place of a line, or of the next one that passes the filter. */
  placeOf(number: number): number {
    let [low, high] = [this.start, this.end];
    if (!this.filtered) return Math.min(Math.max(low, number), high);
    while (low < high) {
      const middle = Math.floor((low + high) / 2);
      if (this.numberAt(middle) < number) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** Sets another filter. The latest lines are looked at at once, the others by {@link search}. */
  filter(filter: LineFilter): void {
    this.#filter = filter;
    this.#startOver();
  }

  /** Takes a later view of the same log, at a cost that depends on what is new in it. @param again the log was read anew */
  take(view: LogView | undefined, again: boolean): void {
    this.#view = view;
    if (again) return this.#startOver();
    if (!this.filtered || !view) return;
    for (; this.#read < totalOf(view); this.#read++) if (this.#passes(this.#read)) this.#newer.push(this.#read);
    this.#forget(view.dropped);
  }

  /** Looks at older lines, the latest ones first, for about so long (ms). */
  search(ms: number): void {
    const view = this.#view;
    if (!view) return;
    const until = performance.now() + ms;
    while (!this.complete && performance.now() < until)
      for (let step = 0; step < STEP && !this.complete; step++)
        if (this.#passes(--this.#unread)) this.#older.push(this.#unread);
  }

  #startOver(): void {
    this.#newer = [];
    this.#older = [];
    this.#shift = this.#head = 0;
    this.#read = this.#unread = totalOf(this.#view);
  }

  #passes(number: number): boolean {
    const { level, text } = this.#filter;
    const entry = this.#view!.at(number - this.#view!.dropped);
    if (!entry) return false;
    if (level && (entry.level === undefined || LEVELS.indexOf(entry.level) < LEVELS.indexOf(level))) return false;
    return !text || foldText(entry.text).includes(text);
  }

  /** Removes lines that are no longer kept. */
  #forget(dropped: number): void {
    while (this.#older.length && this.#older.at(-1)! < dropped) this.#older.pop();
    if (this.#older.length) return;
    while (this.#head < this.#newer.length && this.#newer[this.#head]! < dropped) this.#head++;
    if (this.#head < COMPACT_AT) return;
    this.#newer.splice(0, this.#head);
    this.#shift += this.#head;
    this.#head = 0;
  }
}

/** How many lines a log has had. */
export function totalOf(view: LogView | undefined): number {
  return view ? view.dropped + view.size : 0;
}
