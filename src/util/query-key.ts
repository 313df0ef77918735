/** The identity of a list query: equal for queries that ask for the same campaigns in the same order. */
export function queryKey({
  statuses = [],
  text = '',
  sort = 'name',
  descending = false,
}: {
  readonly statuses?: readonly string[];
  readonly text?: string;
  readonly sort?: string;
  readonly descending?: boolean;
}): string {
  return JSON.stringify([[...statuses].sort(), text.trim(), sort, descending]);
}
