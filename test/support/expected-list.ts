import { statusWords, type Lifecycle } from '../../src/lifecycle/index.ts';
import type { ListQuery, ListView } from '../../src/store/index.ts';
import { foldText } from '../../src/util/fold-text.ts';

/** What lists look at. */
export interface ListedRow {
  readonly id: string;
  readonly name: string;
  readonly status: string;
  readonly at?: number | undefined;
  readonly stuckSince?: number | undefined;
}

/** What a list shows: the query evaluated over all rows, without an index. */
export function expectedList(
  rows: Iterable<ListedRow>,
  lifecycle: Lifecycle,
  query: ListQuery,
): Pick<ListView, 'ids' | 'size' | 'total' | 'counts' | 'stuck'> {
  const { statuses = [], stuck: onlyStuck = false, text = '' } = query;
  const counts = new Map<string, number>();
  const found: ListedRow[] = [];
  let total = 0;
  let stuck = 0;
  for (const row of rows) {
    total++;
    if (text.trim() && !contains(row, foldText(text))) continue;
    counts.set(row.status, (counts.get(row.status) ?? 0) + 1);
    const isStuck = row.stuckSince !== undefined;
    if (isStuck) stuck++;
    if ((!statuses.length || statuses.includes(row.status)) && (isStuck || !onlyStuck)) found.push(row);
  }
  const ids = found.sort(order(lifecycle, query)).map(({ id }) => id);
  return { ids, size: ids.length, total, counts, stuck };
}

function contains({ name, id }: ListedRow, text: string): boolean {
  return text !== '' && (foldText(name).includes(text) || foldText(id).includes(text));
}

const collator = new Intl.Collator(undefined, { numeric: true, sensitivity: 'base' });

function order(
  lifecycle: Lifecycle,
  { sort = 'name', descending = false }: ListQuery,
): (a: ListedRow, b: ListedRow) => number {
  const words = statusWords(lifecycle);
  const place = ({ status }: ListedRow): number => (words.includes(status) ? words.indexOf(status) : words.length);
  const by = (a: ListedRow, b: ListedRow): number =>
    sort === 'status' ? place(a) - place(b) : sort === 'at' ? (a.at ?? 0) - (b.at ?? 0) : 0;
  const sign = descending ? -1 : 1;
  return (a, b) => sign * (by(a, b) || collator.compare(a.name, b.name)) || (a.id < b.id ? -1 : 1);
}
