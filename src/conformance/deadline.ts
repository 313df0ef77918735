import { RunEnded } from './rule-errors.ts';

/** A wait is made of so many parts. Of a standstill of the whole process it counts one: nothing can come then, however right it is. */
export const PARTS = 10;

/** Calls back after a wait of `ms`. @returns how to call that off */
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
 * @throws what it rejects with; Over once `signal` aborts
 */
export async function within<T>(
  ms: number,
  promise: Promise<T>,
  signal?: AbortSignal,
): Promise<{ readonly late: false; readonly value: T } | { readonly late: true }> {
  let callOff = (): void => {};
  let end = (): void => {};
  const late = new Promise<{ late: true }>((resolve, reject) => {
    callOff = later(ms, () => resolve({ late: true }));
    end = () => reject(new RunEnded());
  });
  if (signal?.aborted) end();
  signal?.addEventListener('abort', end, { once: true });
  try {
    return await Promise.race([promise.then((value) => ({ late: false as const, value })), late]);
  } finally {
    callOff();
    signal?.removeEventListener('abort', end);
  }
}

/** Waits. @param ms how long */
export function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
