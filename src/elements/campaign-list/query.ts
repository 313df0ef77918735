/** Pure rules over what a list asks for. */
import type { ListQuery } from '../../store/types.ts';
import { objectLike, optionalText, Unusable, words } from '../shared/base/converters.ts';

/** The columns that a list can be sorted by. */
export type SortColumn = NonNullable<ListQuery['sort']>;

/** Something is searched for or filtered out. */
export function isNarrowed({ statuses, text }: ListQuery): boolean {
  return Boolean(statuses?.length || text?.trim());
}

/** The same query with another search text. */
export function withText({ text: _, ...rest }: ListQuery, text: string): ListQuery {
  return text ? { ...rest, text } : rest;
}

/** The same query with these statuses; none for all. */
export function withStatuses({ statuses: _, ...rest }: ListQuery, statuses: readonly string[]): ListQuery {
  return statuses.length ? { ...rest, statuses } : rest;
}

/** Adds a status to the filter, or takes it out. */
export function withStatusToggled(query: ListQuery, status: string): ListQuery {
  const before = query.statuses ?? [];
  const without = before.filter((other) => other !== status);
  return withStatuses(query, without.length < before.length ? without : [...before, status]);
}

/** Sorts by a column, or turns the order around if that is the one already. Times begin with the latest. */
export function sortedBy({ descending, ...rest }: ListQuery, column: SortColumn): ListQuery {
  const turned = (rest.sort ?? 'name') === column ? !descending : column === 'at';
  return turned ? { ...rest, sort: column, descending: true } : { ...rest, sort: column };
}

/** Neither searched nor filtered; the order stays. */
export function widened({ statuses: _, text: __, ...rest }: ListQuery): ListQuery {
  return rest;
}

const COLUMNS_TO_SORT: readonly unknown[] = ['name', 'status', 'at'] satisfies readonly SortColumn[];
const NO_QUERY: ListQuery = Object.freeze({});
const queryLike = objectLike<ListQuery>('ListQuery', (value) => !Array.isArray(value), NO_QUERY);

/** What a host asks for, as far as it can be asked for; the same object if all of it can. */
export function toQuery(value: unknown): ListQuery | Unusable {
  const query = queryLike(value);
  if (query instanceof Unusable || isQuery(query)) return query;
  const { statuses, text, sort, descending } = query as Record<keyof ListQuery, unknown>;
  const wanted = words(statuses);
  const sought = optionalText(text);
  return {
    ...(wanted === undefined ? {} : { statuses: typeof wanted === 'string' ? [wanted] : wanted }),
    ...(sought === undefined ? {} : { text: sought }),
    ...(COLUMNS_TO_SORT.includes(sort) ? { sort: sort as SortColumn } : {}),
    ...(descending ? { descending: true } : {}),
  };
}

function isQuery({ statuses = [], text = '', sort = 'name', descending = false }: ListQuery): boolean {
  return (
    Array.isArray(statuses) &&
    statuses.every((status: unknown) => typeof status === 'string') &&
    typeof text === 'string' &&
    COLUMNS_TO_SORT.includes(sort) &&
    typeof descending === 'boolean'
  );
}
