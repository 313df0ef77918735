/** Pure rules over what a list asks for. */
import type { ListQuery } from '../../store/types.ts';
import { objectLike, optionalText, Unusable, words } from '../shared/base/converters.ts';

/** The columns that a list can be sorted by. */
export type SortColumn = NonNullable<ListQuery['sort']>;

/** Something is searched for or filtered out. */
export function isNarrowed({ statuses, stuck, text }: ListQuery): boolean {
  return Boolean(statuses?.length || stuck || text?.trim());
}

/** The same query with another search text. */
export function withText({ text: _, ...rest }: ListQuery, text: string): ListQuery {
  return text ? { ...rest, text } : rest;
}

/** Adds a status to the filter, or takes it out. */
export function withStatusToggled({ statuses: before = [], ...rest }: ListQuery, status: string): ListQuery {
  const without = before.filter((other) => other !== status);
  const statuses = without.length < before.length ? without : [...before, status];
  return statuses.length ? { ...rest, statuses } : rest;
}

/** Asks only for stuck campaigns, or for the others as well. */
export function withStuckToggled({ stuck, ...rest }: ListQuery): ListQuery {
  return stuck ? rest : { ...rest, stuck: true };
}

/** Sorts by a column, or turns the order around if that is the one already. Times begin with the latest. */
export function sortedBy({ descending, ...rest }: ListQuery, column: SortColumn): ListQuery {
  const turned = (rest.sort ?? 'name') === column ? !descending : column === 'at';
  return turned ? { ...rest, sort: column, descending: true } : { ...rest, sort: column };
}

/** All statuses, stuck or not. */
export function unfiltered({ statuses: _, stuck: __, ...rest }: ListQuery): ListQuery {
  return rest;
}

/** Neither searched nor filtered; the order stays. */
export function widened({ text: _, ...rest }: ListQuery): ListQuery {
  return unfiltered(rest);
}

const COLUMNS_TO_SORT: readonly unknown[] = ['name', 'status', 'at'] satisfies readonly SortColumn[];
const NO_QUERY: ListQuery = Object.freeze({});
const queryLike = objectLike<ListQuery>('ListQuery', (value) => !Array.isArray(value), NO_QUERY);

/** What a host asks for, as far as it can be asked for; the same object if all of it can. */
export function toQuery(value: unknown): ListQuery | Unusable {
  const query = queryLike(value);
  if (query instanceof Unusable || isQuery(query)) return query;
  const { statuses, stuck, text, sort, descending } = query as Record<keyof ListQuery, unknown>;
  const wanted = words(statuses);
  const sought = optionalText(text);
  return {
    ...(wanted === undefined ? {} : { statuses: typeof wanted === 'string' ? [wanted] : wanted }),
    ...(stuck ? { stuck: true } : {}),
    ...(sought === undefined ? {} : { text: sought }),
    ...(COLUMNS_TO_SORT.includes(sort) ? { sort: sort as SortColumn } : {}),
    ...(descending ? { descending: true } : {}),
  };
}

function isQuery({ statuses = [], stuck = false, text = '', sort = 'name', descending = false }: ListQuery): boolean {
  return (
    Array.isArray(statuses) &&
    statuses.every((status: unknown) => typeof status === 'string') &&
    typeof stuck === 'boolean' &&
    typeof text === 'string' &&
    COLUMNS_TO_SORT.includes(sort) &&
    typeof descending === 'boolean'
  );
}
