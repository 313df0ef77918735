/** Whether an optional field holds nothing: many backends write `null` where there is nothing, and it is as good as absent. */
export function isAbsent(value: unknown): value is null | undefined {
  return value === undefined || value === null;
}
