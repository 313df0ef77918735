import type { LogEntryView, LogView } from '../../store/types.ts';
import { LineSelection, totalOf, type LineFilter } from './line-selection.ts';

/** Lines enter and leave the page by this many at a time, so that most updates only add. */
const BLOCK = 50;

/** A run of lines that is rendered, and left alone, as one. */
export interface LogBlock {
  /** The same for the same run of places. */
  readonly key: number;
  /** The place of its first line. */
  readonly first: number;
  readonly lines: readonly LogEntryView[];
}

/** The line that stays where it is, and where that is. */
export interface Anchor {
  /** The number of the line. */
  readonly number: number;
  /** Its top, in px below the top of what is visible. */
  readonly offset: number;
}

/**
 * Which lines of a growing log are on the page. While following, the latest ones; while paused, those around the anchor, which
 * is the first visible line. Their number depends on the height of what is visible, not on that of the log.
 */
export class LogWindow {
  readonly lines: LineSelection = new LineSelection();
  /** The places of the rendered lines, up to, but without, `to`. */
  from = 0;
  to = 0;
  /** Set while paused. */
  anchor: Anchor | undefined;
  #latest: LogView | undefined;
  #shown: LogView | undefined;
  /** The place or number at which the log ended when it was paused. */
  #endAtPause = 0;

  get following(): boolean {
    return this.anchor === undefined;
  }

  /** How many lines came since the last time the end was visible. */
  get unseen(): number {
    return this.following ? 0 : Math.max(0, this.#end - this.#endAtPause);
  }

  /** The view that is shown. While the user reads lines that are no longer kept, it is the last one that has them. */
  get view(): LogView | undefined {
    return this.#shown;
  }

  /** Takes in what the store keeps now. */
  take(view: LogView | undefined): void {
    if (view === this.#latest) return;
    this.#latest = view;
    if (view && this.anchor && !has(view, this.anchor.number)) return;
    this.#show(view);
  }

  /** Shows other lines. The anchor stays where it is, or the next line that is shown takes its place. */
  filter(filter: LineFilter): void {
    this.lines.filter(filter);
    this.#endAtPause = this.#end;
  }

  /** Leaves what is shown where it is. */
  pause(anchor: Anchor): void {
    if (this.following) this.#endAtPause = this.#end;
    this.anchor = anchor;
  }

  /** Goes to the latest lines, and stays with them. */
  follow(): void {
    this.anchor = undefined;
    this.#show(this.#latest);
  }

  /** Decides which lines to render. @param visible how many lines are visible at once, at most */
  lay(visible: number): void {
    const { start, end } = this.lines;
    const first = this.anchor ? Math.min(this.lines.placeOf(this.anchor.number), end - 1) : end - visible;
    this.from = Math.max(start, Math.floor((first - visible) / BLOCK) * BLOCK);
    this.to = this.anchor ? Math.min(end, Math.ceil((first + 2 * visible) / BLOCK) * BLOCK) : end;
  }

  /** Renders so many of the latest lines, for paper. */
  layLatest(count: number): void {
    const { start, end } = this.lines;
    this.from = Math.max(start, end - count);
    this.to = end;
  }

  /** The rendered lines, cut at round places: a block changes only while it is the last one. */
  blocks(): readonly LogBlock[] {
    const blocks: LogBlock[] = [];
    for (let first = this.from; first < this.to;) {
      const key = Math.floor(first / BLOCK);
      const end = Math.min((key + 1) * BLOCK, this.to);
      const lines = Array.from({ length: end - first }, (_, index) => this.lines.at(first + index));
      blocks.push({ key, first, lines });
      first = end;
    }
    return blocks;
  }

  /** Lines that came are counted by number, or by place while only some are shown. */
  get #end(): number {
    return this.lines.filtered ? this.lines.end : totalOf(this.#latest);
  }

  #show(view: LogView | undefined): void {
    if (view === this.#shown) return;
    const again = !continues(this.#shown, view);
    this.#shown = view;
    this.lines.take(view, again);
    if (again) this.#endAtPause = Math.min(this.#endAtPause, this.#end);
  }
}

function has({ dropped, size }: LogView, number: number): boolean {
  return number >= dropped && number < dropped + size;
}

/** A new subscription begins with the first line again: then a line with the same number is another object. */
function continues(before: LogView | undefined, view: LogView | undefined): boolean {
  if (!before || !view || before.size === 0) return false;
  const last = totalOf(before) - 1;
  return last < view.dropped || view.at(last - view.dropped) === before.at(before.size - 1);
}
