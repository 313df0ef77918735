/** Which columns a list shows, and how wide they are. */
import { words } from '../../shared/base/converters.ts';
import type { BuiltInColumn, ListColumn } from './list-column.ts';

/** A column on display. */
export type ShownColumn = BuiltInColumn | ListColumn;

/** Built-in columns that can be hidden. */
const HIDEABLE = ['at', 'action'] as const satisfies readonly BuiltInColumn[];

/** The width of a column that states none, and the gap before a column, in em. */
const WIDTH = 9;
const GAP = 16 / 13;
/** The width below which rows become cards, and that of columns just above it, in em, as in the style sheet. */
const CARDS = 49.2;
const NARROWEST = { at: 8.5, action: 11.5 };

/** The columns that can be hidden, in the order of the list. */
export function hideableColumns(added: readonly ListColumn[]): readonly ((typeof HIDEABLE)[number] | ListColumn)[] {
  const [at, action] = HIDEABLE;
  return [at, ...added, action];
}

/** The columns on display, in their order. @param hidden the keys of hidden columns, separated by blanks */
export function shownColumns(
  added: readonly ListColumn[],
  hidden: string,
  selectable: boolean,
): readonly ShownColumn[] {
  const keys = hidden.split(' ');
  const shown = hideableColumns(added).filter((column) => !keys.includes(keyOf(column)));
  return [...(selectable ? (['select'] as const) : []), 'name', 'status', ...shown];
}

/** The name of a column. */
export function keyOf(column: ShownColumn): string {
  return typeof column === 'string' ? column : column.key;
}

/** Keys as one text, separated by single blanks, from such a text or a list. */
export function toKeys(value: unknown): string {
  return [words(value) ?? []].flat().join(' ').trim().replace(/\s+/g, ' ');
}

/** The same keys with this one added, or without it. */
export function withKeyToggled(keys: string, key: string): string {
  const before = keys.split(' ');
  return toKeys(before.includes(key) ? before.filter((other) => other !== key) : [...before, key]);
}

/** Gives the box of a list the widths of its columns. */
export function layOutColumns({ style, classList }: HTMLElement, columns: readonly ShownColumn[]): void {
  const widths = columns.flatMap((column) => (typeof column === 'string' ? [] : (column.width ?? WIDTH)));
  const hidden = HIDEABLE.filter((column) => !columns.includes(column));
  const changed = widths.length + hidden.length > 0;
  const total = (all: readonly number[]): number => all.reduce((sum, width) => sum + width + GAP, 0);
  const stretch = Math.max(0, total(widths) - total(hidden.map((column) => NARROWEST[column]))) / CARDS;
  classList.toggle('extended', widths.length > 0);
  for (const [name, value] of [
    // The host's widths are those of the built-in columns.
    ['--campaign-list-columns', changed && 'initial'],
    ['--_added', widths.map((width) => `minmax(0, ${width}em)`).join(' ')],
    ['--_count', widths.length > 0 && String(widths.length)],
    ['--_stretch', stretch > 0 && String(1 + stretch)],
    // A custom property without a value takes the track away.
    ['--_no-at', hidden.includes('at') && ' '],
    ['--_no-action', hidden.includes('action') && ' '],
  ] as const)
    style.setProperty(name, value || '');
}
