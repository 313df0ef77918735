import type { LogEntryView, LogView } from '../../store/types.ts';

/** The most lines that are on the page at once. */
export const MAX_LINES = 1000;
/** Lines leave the page by this many at a time, so that most updates only add. */
export const BLOCK = 100;

/** A run of lines that is drawn, and left alone, as one. */
export interface LogBlock {
  /** The number of its first line, counted from the first one ever logged. */
  readonly first: number;
  readonly lines: readonly LogEntryView[];
}

/**
 * Which lines of an ever growing log are on the page. While following, it is the latest ones. While paused, nothing on the page
 * goes away or moves: lines are only added below, until the page is full.
 */
export class LogWindow {
  /** The number of the first line shown: so many older ones are not. */
  first = 0;
  /** So many of those are no longer kept; they were, when what is shown was last moved. */
  dropped = 0;
  lines: readonly LogEntryView[] = [];
  following = true;
  /** How many lines there have been in all. */
  total = 0;
  #view: LogView | undefined;
  #totalAtPause = 0;

  /** How many lines came since the last time the end was in sight. */
  get unseen(): number {
    return this.following ? 0 : Math.max(0, this.total - this.#totalAtPause);
  }

  /** Takes in what the store keeps now. */
  take(view: LogView | undefined): void {
    if (view === this.#view) return;
    const again = this.#startedOver(view);
    this.#view = view;
    this.total = view ? view.dropped + view.entries.length : 0;
    if (again) this.#totalAtPause = Math.min(this.#totalAtPause, this.total);
    if (this.following) this.#latest();
    else if (again) this.#again();
    else this.#add();
  }

  /** Leaves what is shown where it is. */
  pause(): void {
    if (!this.following) return;
    this.following = false;
    this.#totalAtPause = this.total;
  }

  /** Goes to the latest lines, and stays with them. */
  follow(): void {
    this.following = true;
    this.#latest();
  }

  /** What is shown, cut at round numbers: a block changes only while it is the last one. */
  blocks(): readonly LogBlock[] {
    const blocks: LogBlock[] = [];
    for (let first = this.first, at = 0; at < this.lines.length;) {
      const length = Math.min(BLOCK - (first % BLOCK), this.lines.length - at);
      blocks.push({ first, lines: this.lines.slice(at, at + length) });
      first += length;
      at += length;
    }
    return blocks;
  }

  /** A new subscription begins with the first line again: what was at the end is then no longer where it was. */
  #startedOver(view: LogView | undefined): boolean {
    const before = this.#view;
    if (!view || !before || before.entries.length === 0) return true;
    const index = before.dropped + before.entries.length - 1 - view.dropped;
    return index >= view.entries.length || (index >= 0 && view.entries[index] !== before.entries.at(-1));
  }

  #latest(): void {
    const { dropped, entries } = this.#view ?? { dropped: 0, entries: [] };
    const fits = Math.ceil(Math.max(0, this.total - MAX_LINES) / BLOCK) * BLOCK;
    this.first = Math.max(dropped, fits);
    this.dropped = dropped;
    this.lines = entries.slice(this.first - dropped);
  }

  /** The same stretch as before, as far as the log that started over has it. */
  #again(): void {
    const { dropped, entries } = this.#view ?? { dropped: 0, entries: [] };
    this.first = Math.max(dropped, Math.min(this.first, this.total));
    this.dropped = dropped;
    this.lines = entries.slice(this.first - dropped, this.first - dropped + MAX_LINES);
  }

  #add(): void {
    const { dropped, entries } = this.#view ?? { dropped: 0, entries: [] };
    const from = this.first + this.lines.length - dropped;
    const remaining = MAX_LINES - this.lines.length;
    if (remaining > 0 && from >= 0 && from < entries.length)
      this.lines = [...this.lines, ...entries.slice(from, from + remaining)];
  }
}
