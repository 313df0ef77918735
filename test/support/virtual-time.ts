/** Time that advances as soon as no other work is left, so that a slow machine does not change what a wait sees. */

/** What `setTimeout` returns. Sockets that outlive their test unref theirs. */
class Timer {
  constructor(
    readonly due: number,
    readonly run: () => void,
  ) {}

  ref(): this {
    return this;
  }

  unref(): this {
    return this;
  }
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
  const timers = new Set<Timer>();
  let elapsed = 0;
  globalThis.setTimeout = ((run: () => void, ms = 0) => {
    const timer = new Timer(elapsed + Math.max(1, ms), run);
    timers.add(timer);
    return timer;
  }) as unknown as typeof setTimeout;
  globalThis.clearTimeout = (timer: unknown) => void timers.delete(timer as Timer);
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
      const [next] = [...timers].sort((a, b) => a.due - b.due);
      if (!next) throw new Error('The work waits for something that no timer can bring.');
      timers.delete(next);
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
