import type { ListView } from '../types.ts';

/** What a view shows besides its ids. */
export type ViewFacts = Pick<ListView, 'size' | 'total' | 'counts' | 'stuck' | 'complete' | 'version'>;

/** Where a view gets its ids from. */
export interface IdSource {
  /** The ids from one place up to another; both are within the list. */
  slice(from: number, to: number): readonly string[];
  indexOf(id: string): number;
  readonly all: readonly string[];
}

/** A list view. Its methods work behind a Proxy, as frameworks put it around objects. */
export function viewOf(facts: ViewFacts, source: IdSource): ListView {
  const { size } = facts;
  const within = (place: number): number => Math.min(Math.max(0, Math.trunc(place)), size);
  return Object.freeze({
    ...facts,
    get ids() {
      return source.all;
    },
    at: (index: number) =>
      Number.isInteger(index) && index >= 0 && index < size ? source.slice(index, index + 1)[0] : undefined,
    slice: (from: number, to: number) => source.slice(within(from), within(to)),
    indexOf: (id: string) => source.indexOf(id),
  });
}

/** Ids that are all known. */
export function knownIds(ids: readonly string[]): IdSource {
  let places: ReadonlyMap<string, number> | undefined;
  return {
    all: ids,
    slice: (from, to) => ids.slice(from, to),
    indexOf: (id) => (places ??= new Map(ids.map((one, place) => [one, place]))).get(id) ?? -1,
  };
}

/** A list view over ids that are all known. */
export function listView(
  {
    ids,
    total,
    counts,
    stuck = 0,
    complete,
  }: Pick<ListView, 'ids' | 'total' | 'counts' | 'complete'> & { readonly stuck?: number },
  version = 0,
): ListView {
  return viewOf({ size: ids.length, total, counts, stuck, complete, version }, knownIds(ids));
}

/** The list of a system that has no feed. */
export const emptyList: ListView = listView({ ids: [], total: 0, counts: new Map(), complete: false });
