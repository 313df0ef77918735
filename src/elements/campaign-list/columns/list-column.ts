/** The columns that a host adds to a list, as it gives them. */
import type { CampaignView } from '../../../store/types.ts';
import { isObject, objectLike } from '../../shared/base/converters.ts';

/** A column that a host adds to a list. */
export interface ListColumn {
  /** Names the column, in `hiddenColumns` and in parts. No blanks, and not `select`, `name`, `status`, `at` or `action`. */
  readonly key: string;
  /** The words in the header row. */
  readonly heading: string;
  /** What its cell says about a campaign: shown, printed, exported, and read by a screen reader. As text, never as markup. */
  text(view: CampaignView): string | null | undefined;
  /** Fills a cell with something else to see than the text. Called once for each cell; cells are used again for other campaigns. */
  render?(cell: HTMLElement): CellContent;
  /** How wide the column is while there is room, in em. Default: 9. */
  readonly width?: number;
  /** Which edge of the column the text keeps to. Default: `start`. */
  readonly align?: 'start' | 'end';
}

/** What a host shows in a cell. */
export interface CellContent {
  /** Shows a campaign: another one than before, or the same one with a newer view. */
  update(view: CampaignView): void;
  /** The cell has left the page. */
  remove?(): void;
}

/** The columns of every list; no other may have their keys. */
const BUILT_IN = ['select', 'name', 'status', 'at', 'action'] as const;
/** A column of every list. */
export type BuiltInColumn = (typeof BUILT_IN)[number];

const NONE: readonly ListColumn[] = Object.freeze([]);

/** Columns with distinct keys. */
export const toColumns = objectLike<readonly ListColumn[]>(
  'readonly ListColumn[]',
  (value) =>
    Array.isArray(value) && value.every(isColumn) && new Set(value.map(({ key }) => key)).size === value.length,
  NONE,
);

function isColumn(value: unknown): value is ListColumn {
  if (!isObject(value)) return false;
  const { key, heading, text, render, width = 1 } = value as Partial<Record<keyof ListColumn, unknown>>;
  return (
    typeof key === 'string' &&
    /^\S+$/.test(key) &&
    !BUILT_IN.some((builtIn) => builtIn === key) &&
    typeof heading === 'string' &&
    typeof text === 'function' &&
    (render === undefined || typeof render === 'function') &&
    typeof width === 'number' &&
    width > 0 &&
    width < Infinity
  );
}
