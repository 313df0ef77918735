import type { Localizer } from '../../i18n/index.ts';
import type { Lifecycle } from '../../lifecycle/index.ts';
import type { CampaignStore, CampaignView } from '../../store/types.ts';
import type { ListColumn } from './columns/list-column.ts';
import { statusTexts } from '../shared/text/status-text.ts';

/** After so many rows the page may draw a frame. */
const ROWS_PER_TASK = 2000;
/** A spreadsheet runs a cell that begins with one of these as a formula. */
const FORMULA = /^[=+\-@\t\r]/;

/** What is exported. */
export interface CsvSource {
  readonly i18n: Localizer;
  readonly lifecycle: Lifecycle | undefined;
  readonly store: CampaignStore;
  readonly system: string;
  /** In the order of the rows. */
  readonly ids: readonly string[];
  /** The host's columns on display. */
  readonly added: readonly ListColumn[];
  textOf(column: ListColumn, view: CampaignView): string;
}

const COLUMNS = ['id', 'name', 'status', 'word', 'message', 'at', 'asOf'] as const;

/**
 * Campaigns as CSV after RFC 4180: UTF-8 with a byte order mark, without which Excel reads it as another encoding, and lines that end
 * with CR LF. A cell that a spreadsheet would run as a formula begins with an apostrophe.
 */
export async function campaignsAsCsv(source: CsvSource): Promise<Blob> {
  const { i18n, store, system, ids, added } = source;
  const headings = [...COLUMNS.map((column) => i18n.format(`csv.${column}`)), ...added.map(({ heading }) => heading)];
  const parts = ['\uFEFF', line(headings)];
  for (let from = 0; from < ids.length; from += ROWS_PER_TASK) {
    if (from > 0) await new Promise((resolve) => setTimeout(resolve));
    for (const id of ids.slice(from, from + ROWS_PER_TASK))
      parts.push(line(cellsOf(store.campaign({ system, id }).value, source)));
  }
  return new Blob(parts, { type: 'text/csv;charset=utf-8' });
}

function cellsOf(view: CampaignView, { i18n, lifecycle, added, textOf }: CsvSource): readonly string[] {
  const { ref, name, status, message, at, stale } = view;
  const { label } = statusTexts(i18n, lifecycle, view);
  const own = added.map((column) => textOf(column, view));
  return [ref.id, name, label, status, message, timeText(at), timeText(stale?.asOf), ...own];
}

function timeText(at: number | undefined): string {
  return at === undefined ? '' : new Date(at).toISOString();
}

function line(cells: readonly string[]): string {
  return `${cells.map(cell).join(',')}\r\n`;
}

function cell(text: string): string {
  const safe = FORMULA.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
