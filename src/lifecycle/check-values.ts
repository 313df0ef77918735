/** Thrown by `defineLifecycle`. The message names the path in the table, what is wrong there, and how to fix it. */
export class LifecycleError extends Error {
  override readonly name = 'LifecycleError';
  /** @param path where in the table, such as `flows.statuses.active.fault` */
  constructor(
    readonly path: string,
    problem: string,
  ) {
    super(`${path}: ${problem}`);
  }
}

/** @throws {@link LifecycleError} unless `value` is an object; `wanted` says what it must hold */
export function needTable(path: string, value: unknown, wanted: string): void {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new LifecycleError(path, `got ${JSON.stringify(value)}; give ${wanted}`);
}

/** @throws {@link LifecycleError} for a text that is missing or blank */
export function needText(path: string, value: unknown, fix = 'give it a text'): void {
  if (typeof value !== 'string' || !value.trim()) throw new LifecycleError(path, `is empty; ${fix}`);
}

/** @throws {@link LifecycleError} for a value that is neither `undefined` nor a list, or for a list with duplicates */
export function needList(path: string, value: unknown, what: string): void {
  if (value === undefined) return;
  if (!Array.isArray(value)) throw new LifecycleError(path, `got ${JSON.stringify(value)}; give a list of ${what}`);
  const twice = value.find((item, index) => value.indexOf(item) !== index) as unknown;
  if (twice !== undefined)
    throw new LifecycleError(path, `names ${JSON.stringify(twice)} twice; name each of the ${what} once`);
}

/** @throws {@link LifecycleError} for a value that is not one of the allowed words */
export function needOneOf(path: string, value: unknown, allowed: readonly string[]): void {
  if (!allowed.includes(value as string))
    throw new LifecycleError(path, `got ${JSON.stringify(value)}; use one of: ${allowed.join(', ')}`);
}

/** @throws {@link LifecycleError} for a name that the table does not hold */
export function needKnown(path: string, name: string, table: ReadonlyMap<string, unknown>, what: string): void {
  if (table.has(name)) return;
  const names = [...table.keys()].join(', ') || 'none';
  throw new LifecycleError(path, `there is no ${what} ${JSON.stringify(name)}; use one of: ${names}`);
}
