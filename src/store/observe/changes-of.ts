import type { Delta, RowStore } from '../data/row-store.ts';
import type { CampaignChange } from '../types.ts';

/** What these deltas changed for a user: not what was read for the first time, is let go, or only confirmed. */
export function* changesOf(
  system: string,
  deltas: readonly Delta[],
  rows: Pick<RowStore, 'removed'>,
): Iterable<CampaignChange> {
  for (const { id, before, after } of deltas) {
    if (!before || before.row === after?.row || (!after && !rows.removed(id))) continue;
    const { status } = before.row;
    yield { ref: { system, id }, before: status, ...(after ? { after: after.row.status } : {}) };
  }
}
