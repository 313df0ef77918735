import { statusWords, type Lifecycle } from '../../lifecycle/index.ts';
import { deepEqual } from '../../util/deep-equal.ts';
import type { Entry } from './row-store.ts';
import type { ListQuery, ListView } from '../types.ts';
import type { CampaignRow } from './parse-record.ts';

/**
 * Evaluates a query over the rows of one system.
 *
 * @param before the previous result, which is returned if nothing changed
 */
export function list(
  entries: ReadonlyMap<string, Entry>,
  complete: boolean,
  lifecycle: Lifecycle,
  query: ListQuery,
  before?: ListView,
): ListView {
  const text = fold(query.text ?? '');
  const statuses = query.statuses?.length ? new Set(query.statuses) : undefined;
  const counts = new Map<string, number>();
  const found: CampaignRow[] = [];
  for (const { row } of entries.values()) {
    if (text && !searchable(row).includes(text)) continue;
    counts.set(row.status, (counts.get(row.status) ?? 0) + 1);
    if (!statuses || statuses.has(row.status)) found.push(row);
  }
  found.sort(order(lifecycle, query));
  const next = { ids: found.map((row) => row.id), total: entries.size, counts, complete };
  if (
    before &&
    deepEqual(next, { ids: before.ids, total: before.total, counts: before.counts, complete: before.complete })
  )
    return before;
  return listView(next, (before?.version ?? 0) + 1);
}

/** The list of a system that has no feed. */
export const emptyList: ListView = listView({ ids: [], total: 0, counts: new Map(), complete: false });

/** A list view over ids that are all known. */
export function listView(of: Pick<ListView, 'ids' | 'total' | 'counts' | 'complete'>, version = 0): ListView {
  const { ids } = of;
  let places: ReadonlyMap<string, number> | undefined;
  return Object.freeze({
    ...of,
    version,
    size: ids.length,
    at: (index: number) => ids[index],
    slice: (from: number, to: number) => ids.slice(from, to),
    indexOf(id: string): number {
      places ??= new Map(ids.map((one, index) => [one, index]));
      return places.get(id) ?? -1;
    },
  });
}

const collator = new Intl.Collator(undefined, { numeric: true, sensitivity: 'base' });
const folded = new WeakMap<CampaignRow, string>();

function order(lifecycle: Lifecycle, { sort = 'name', descending = false }: ListQuery) {
  const statuses = statusWords(lifecycle);
  const rank = new Map(statuses.map((status, index) => [status, index]));
  const place = (row: CampaignRow): number => rank.get(row.status) ?? statuses.length;
  const by: (a: CampaignRow, b: CampaignRow) => number =
    sort === 'status' ? (a, b) => place(a) - place(b) : sort === 'at' ? (a, b) => (a.at ?? 0) - (b.at ?? 0) : () => 0;
  const sign = descending ? -1 : 1;
  return (a: CampaignRow, b: CampaignRow): number =>
    sign * (by(a, b) || collator.compare(a.name, b.name)) || (a.id < b.id ? -1 : 1);
}

function searchable(row: CampaignRow): string {
  let text = folded.get(row);
  if (text === undefined) folded.set(row, (text = `${fold(row.name)}\n${fold(row.id)}`));
  return text;
}

/** Removes case and accents, for searching. */
function fold(text: string): string {
  return text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase().trim();
}
