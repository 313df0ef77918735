/** The contract's order of rows and removals of one campaign. It holds within one epoch. */

/** True for what the contract allows as a revision. */
export function isRevision(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

/** How a row compares with what is known of its campaign. `repeated`: it has the revision of the known row. */
export type RevisionOrder = 'older' | 'repeated' | 'newer';

/**
 * @param revision of the row
 * @param known the revision of the known row, if there is one
 * @param removed the revision of the latest removal, if there was one
 */
export function revisionOrder(revision: number, known: number | undefined, removed?: number): RevisionOrder {
  // A removal is newer than the row of the same revision.
  if (removed !== undefined && revision <= removed) return 'older';
  if (known === undefined || revision > known) return 'newer';
  return revision === known ? 'repeated' : 'older';
}

/**
 * The revision up to which a campaign is removed: rows up to it are older. `undefined` if the removal itself is older than the known row.
 *
 * @param revision of the removal; without one it comes after all that is known
 * @param known the revision of the known row, if there is one
 * @param removed the revision of an earlier removal, if there was one
 */
export function removalRevision(
  revision: number | undefined,
  known: number | undefined,
  removed: number | undefined,
): number | undefined {
  if (revision !== undefined && known !== undefined && revision < known) return undefined;
  return Math.max(revision ?? -1, known ?? -1, removed ?? -1);
}

/** How many removals are remembered, so that no older row brings a campaign back; the oldest are dropped first. */
const REMEMBERED_REMOVALS = 1000;

/** Drops the oldest removals once there are too many. */
export function limitRemovals(removed: Pick<Set<string>, 'size' | 'keys' | 'delete'>): void {
  for (const oldest of removed.keys()) {
    if (removed.size <= REMEMBERED_REMOVALS) return;
    removed.delete(oldest);
  }
}
