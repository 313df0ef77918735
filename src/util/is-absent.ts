/** True if an optional field holds nothing. `null` counts as absent, because many backends write it there. */
export function isAbsent(value: unknown): value is null | undefined {
  return value === undefined || value === null;
}
