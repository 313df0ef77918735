import { Over } from './verdict.ts';

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
  let timer: ReturnType<typeof setTimeout> | undefined;
  let end = (): void => {};
  const late = new Promise<{ late: true }>((resolve, reject) => {
    timer = setTimeout(() => resolve({ late: true }), ms);
    end = () => reject(new Over());
  });
  if (signal?.aborted) end();
  signal?.addEventListener('abort', end, { once: true });
  try {
    return await Promise.race([promise.then((value) => ({ late: false as const, value })), late]);
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener('abort', end);
  }
}

/** Waits. @param ms how long */
export function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
