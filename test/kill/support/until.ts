/** Waits until `condition` returns something other than `false`, `null` or `undefined`, and returns that. */
export async function until<T>(
  what: string | (() => string),
  condition: () => T | Promise<T>,
  ms = 30_000,
): Promise<NonNullable<Exclude<T, false>>> {
  const end = performance.now() + ms;
  for (;;) {
    const result = await condition();
    if (result) return result as NonNullable<Exclude<T, false>>;
    if (performance.now() > end) throw new Error(`Not within ${ms} ms: ${typeof what === 'string' ? what : what()}`);
    await pause(20);
  }
}

export function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
