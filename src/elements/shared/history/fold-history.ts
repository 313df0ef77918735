import type { HistoryEntryView } from '../../../store/types.ts';

/** One entry of a history, or several equal ones in a row. */
export interface HistoryFold {
  /** The newest of them. */
  readonly entry: HistoryEntryView;
  /** How many they are. */
  readonly times: number;
  /** When the oldest of them happened. */
  readonly since: number;
}

/**
 * Folds equal entries that follow each other, so that an error that comes again and again is shown once. What somebody did by
 * an action is never folded.
 *
 * @param entries newest first
 */
export function foldHistory(entries: readonly HistoryEntryView[]): readonly HistoryFold[] {
  const folds: HistoryFold[] = [];
  for (const entry of entries) {
    const last = folds.at(-1);
    if (last && isRepeated(last.entry, entry))
      folds[folds.length - 1] = { entry: last.entry, times: last.times + 1, since: entry.at };
    else folds.push({ entry, times: 1, since: entry.at });
  }
  return folds;
}

function isRepeated(newer: HistoryEntryView, older: HistoryEntryView): boolean {
  return (
    newer.action === undefined &&
    older.action === undefined &&
    newer.status === older.status &&
    newer.changedBy === older.changedBy &&
    newer.message === older.message
  );
}
