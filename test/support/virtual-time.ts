/** Time that advances as soon as no other work is left, so that a slow machine does not change what a wait sees. */

interface Timer {
  readonly due: number;
  readonly run: () => void;
}

/**
 * Runs work on virtual time: once all promises have settled, the time jumps to the next timer. Only for work inside
 * this process, because sockets and files are not waited for, and for one piece of work at a time.
 *
 * @throws what the work rejects with; Error if it waits for something that no timer can bring
 */
export async function onVirtualTime<T>(work: () => Promise<T>): Promise<T> {
  const { setTimeout, clearTimeout } = globalThis;
  const dateNow = Date.now;
  const performanceNow = performance.now;
  const start = Date.now();
  const timers = new Map<number, Timer>();
  let elapsed = 0;
  let count = 0;
  globalThis.setTimeout = ((run: () => void, ms = 0) => {
    timers.set(++count, { due: elapsed + Math.max(1, ms), run });
    return count;
  }) as unknown as typeof setTimeout;
  globalThis.clearTimeout = ((timer: number) => void timers.delete(timer)) as typeof clearTimeout;
  Date.now = () => start + elapsed;
  performance.now = () => elapsed;
  try {
    let settled = false;
    const result = work().finally(() => (settled = true));
    result.catch(() => {});
    for (;;) {
      // Promises settle before an immediate runs.
      await new Promise((resolve) => setImmediate(resolve));
      if (settled) return await result;
      const [timer, next] = [...timers].sort(([, a], [, b]) => a.due - b.due)[0] ?? [];
      if (!next) throw new Error('The work waits for something that no timer can bring.');
      timers.delete(timer!);
      elapsed = next.due;
      next.run();
    }
  } finally {
    globalThis.setTimeout = setTimeout;
    globalThis.clearTimeout = clearTimeout;
    Date.now = dateNow;
    performance.now = performanceNow;
  }
}
