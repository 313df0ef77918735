/** All campaigns of a system, or some of them. A Set can be sent over a BroadcastChannel. */
export type Scope = ReadonlySet<string> | 'all';

/** Above this many single campaigns, all campaigns are watched. */
export const MOST_IDS = 20;

/** The scope of a watch request. */
export function scopeOf(ids: readonly string[] | undefined): Scope {
  return ids ? new Set(ids) : 'all';
}

/** True if a campaign is in the scope. */
export function covers(scope: Scope, id: unknown): boolean {
  return scope === 'all' || scope.has(id as string);
}

/** True if the outer scope contains all of the inner one. */
export function includes(outer: Scope, inner: Scope): boolean {
  return outer === 'all' || (inner !== 'all' && [...inner].every((id) => outer.has(id)));
}

/** The smallest scope that includes all of them. */
export function union(scopes: Iterable<Scope>): Scope {
  const ids = new Set<string>();
  for (const scope of scopes) {
    if (scope === 'all') return 'all';
    for (const id of scope) ids.add(id);
  }
  return ids.size > MOST_IDS ? 'all' : ids;
}
