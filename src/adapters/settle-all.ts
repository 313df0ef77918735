import { AdapterError } from './contract.ts';

/** How many tasks run at once: as many as browsers open connections to one HTTP/1.1 server. */
const AT_ONCE = 6;

/**
 * Runs all tasks, a few at once, even if one fails.
 *
 * @throws if a task failed: the first error, if all of them failed with the same code; else AdapterError `unavailable`, because some
 * of them may have taken effect
 */
export async function settleAll(tasks: readonly (() => Promise<void>)[]): Promise<void> {
  const errors: unknown[] = [];
  const waiting = tasks.values();
  const run = async (): Promise<void> => {
    for (const task of waiting) await task().catch((error: unknown) => errors.push(error));
  };
  await Promise.all(Array.from({ length: AT_ONCE }, run));
  if (!errors.length) return;
  if (errors.length === tasks.length && new Set(errors.map(codeOf)).size === 1) throw errors[0];
  throw new AdapterError('unavailable', `${errors.length} of ${tasks.length} requests failed`, { cause: errors[0] });
}

function codeOf(error: unknown): unknown {
  const { name, code } = Object(error) as { name?: unknown; code?: unknown };
  return name === 'AdapterError' ? code : undefined;
}
