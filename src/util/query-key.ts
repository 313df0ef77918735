/** The identity of a list query: equal for queries that ask for the same campaigns in the same order. */
export function queryKey({
  statuses = [],
  stuck = false,
  text = '',
  sort = 'name',
  descending = false,
}: {
  readonly statuses?: readonly string[];
  readonly stuck?: boolean;
  readonly text?: string;
  readonly sort?: string;
  readonly descending?: boolean;
}): string {
  return JSON.stringify([[...statuses].sort(), stuck, text.trim(), sort, descending]);
}
