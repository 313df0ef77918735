import { RunEnded } from './rule-errors.ts';

/** A wait is split into this many parts. A stalled process uses up only one of them: nothing can arrive while it stalls. */
export const PARTS = 10;

/** Calls `run` after `ms`. @returns a function that cancels it */
function later(ms: number, run: () => void): () => void {
  let left = PARTS;
  const wait = (): ReturnType<typeof setTimeout> =>
    setTimeout(() => (--left === 0 ? run() : (timer = wait())), Math.ceil(ms / PARTS));
  let timer = wait();
  return () => clearTimeout(timer);
}

/**
 * Waits for a promise, but not for longer than `ms`.
 *
 * @throws what the promise rejects with; RunEnded once `signal` aborts
 */
export async function within<T>(
  ms: number,
  promise: Promise<T>,
  signal?: AbortSignal,
): Promise<{ readonly late: false; readonly value: T } | { readonly late: true }> {
  let cancel = (): void => {};
  let end = (): void => {};
  const late = new Promise<{ late: true }>((resolve, reject) => {
    cancel = later(ms, () => resolve({ late: true }));
    end = () => reject(new RunEnded());
  });
  if (signal?.aborted) end();
  signal?.addEventListener('abort', end, { once: true });
  try {
    return await Promise.race([promise.then((value) => ({ late: false as const, value })), late]);
  } finally {
    cancel();
    signal?.removeEventListener('abort', end);
  }
}

/** Waits. @param ms how long */
export function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
