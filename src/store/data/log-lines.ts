import type { LogEntryView, LogView } from '../types.ts';

/** The most lines that are kept; older ones are counted. */
const KEPT_LOG_LINES = 100_000;
/** The most characters that are kept, so that long lines can't fill the memory. */
const KEPT_LOG_CHARACTERS = 20_000_000;
/** So many lines share an array. */
const BLOCK = 1000;

/**
 * The kept lines of one log. Adding a line and making a view cost the same however many lines are kept: the lines lie in blocks
 * that are only added to, and that all views share.
 */
export class LogLines {
  #blocks: readonly LogEntryView[][] = [];
  /** The number of the first line in `#blocks`. Lines are numbered from the beginning of the log. */
  #base = 0;
  #first = 0;
  #end = 0;
  #characters = 0;

  /** Adds a line, and drops the oldest ones that no longer fit. */
  add(entry: LogEntryView): void {
    if (this.#end - this.#base === this.#blocks.length * BLOCK) this.#blocks = [...this.#blocks, []];
    this.#blocks.at(-1)!.push(entry);
    this.#end++;
    this.#characters += entry.text.length;
    while (this.#end - this.#first > KEPT_LOG_LINES || this.#characters > KEPT_LOG_CHARACTERS) this.#drop();
  }

  /** What is kept now. Later lines do not change a view. */
  view(state: LogView['state']): LogView {
    return viewOf(this.#blocks, this.#first - this.#base, this.#end - this.#first, this.#first, state);
  }

  #drop(): void {
    this.#characters -= this.#blocks[0]![this.#first - this.#base]!.text.length;
    this.#first++;
    if (this.#first - this.#base < BLOCK) return;
    this.#blocks = this.#blocks.slice(1);
    this.#base += BLOCK;
  }
}

/** A log view over lines that are given as an array. */
export function logView({
  entries,
  dropped,
  state,
}: Pick<LogView, 'dropped' | 'state'> & { readonly entries: readonly LogEntryView[] }): LogView {
  return Object.freeze({
    entries,
    size: entries.length,
    at: (index: number) => entries[index],
    dropped,
    state,
  });
}

/** True if two views show the same. Entries are never replaced, so the first and the last one stand for those between them. */
export function sameLog(a: LogView, b: LogView): boolean {
  return (
    a.state === b.state &&
    a.dropped === b.dropped &&
    a.size === b.size &&
    a.at(0) === b.at(0) &&
    a.at(a.size - 1) === b.at(b.size - 1)
  );
}

/** A log view over the lines from `skip` on. Its methods work behind a Proxy, as frameworks put it around objects. */
function viewOf(
  blocks: readonly LogEntryView[][],
  skip: number,
  size: number,
  dropped: number,
  state: LogView['state'],
): LogView {
  let entries: readonly LogEntryView[] | undefined;
  return Object.freeze({
    size,
    dropped,
    state,
    at(index: number) {
      if (!Number.isInteger(index) || index < 0 || index >= size) return undefined;
      const place = skip + index;
      return blocks[Math.floor(place / BLOCK)]![place % BLOCK];
    },
    get entries() {
      return (entries ??= blocks.flat().slice(skip, skip + size));
    },
  });
}
