/** For stores whose state is one immutable Map of all campaigns. */
import { sortedIds, withStatus, type Campaign } from '../data/campaigns.ts';
import { WINDOW, type Order } from './subject.ts';

export function withChanges(all: ReadonlyMap<string, Campaign>, rows: readonly Campaign[]): Map<string, Campaign> {
  const next = new Map(all);
  for (const row of rows) next.set(row.id, row);
  return next;
}

export function firstIds(
  all: ReadonlyMap<string, Campaign>,
  order: Order,
  statuses: readonly string[],
): readonly string[] {
  return sortedIds(withStatus([...all.values()], statuses), order).slice(0, WINDOW);
}
