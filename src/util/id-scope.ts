/** All campaigns of a system, or some of them. A Set crosses a BroadcastChannel as it is. */
export type Scope = ReadonlySet<string> | 'all';

/** More campaigns than this, each wanted by itself, are watched by watching all. */
export const MOST_IDS = 20;

/** What a request asks for. */
export function scopeOf(ids: readonly string[] | undefined): Scope {
  return ids ? new Set(ids) : 'all';
}

/** Is a campaign in the scope? */
export function covers(scope: Scope, id: unknown): boolean {
  return scope === 'all' || scope.has(id as string);
}

/** Is all of the inner scope in the outer one? */
export function includes(outer: Scope, inner: Scope): boolean {
  return outer === 'all' || (inner !== 'all' && [...inner].every((id) => outer.has(id)));
}

/** One scope that includes them all. */
export function union(scopes: Iterable<Scope>): Scope {
  const ids = new Set<string>();
  for (const scope of scopes) {
    if (scope === 'all') return 'all';
    for (const id of scope) ids.add(id);
  }
  return ids.size > MOST_IDS ? 'all' : ids;
}
