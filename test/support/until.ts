/** The present time (ms), also in a test that replaces `performance.now`. */
const now = performance.now.bind(performance);
/** The time between two looks at the condition (ms). */
const EVERY_MS = 10;
/** A look counts as at most this much time (ms): a machine that stands still is not a condition that fails. */
const LONGEST_LOOK_MS = 1000;

/**
 * Waits until `condition` returns something truthy, and returns that.
 *
 * @param what names the condition in the error
 */
export async function until<T>(
  condition: () => T | Promise<T>,
  what: string | (() => string) = String(condition),
  ms = 30_000,
): Promise<NonNullable<Exclude<T, false>>> {
  let waited = 0;
  for (let before = now(); ;) {
    const result = await condition();
    if (result) return result as NonNullable<Exclude<T, false>>;
    if (waited > ms) throw new Error(`Not within ${ms} ms: ${typeof what === 'string' ? what : what()}`);
    await pause(EVERY_MS);
    const after = now();
    waited += Math.min(after - before, LONGEST_LOOK_MS);
    before = after;
  }
}

/** Waits for so long (ms). */
export function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
