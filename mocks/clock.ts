/** The clock of a simulated backend. Times are ms since 1970, delays are ms. */
export interface Clock {
  now(): number;
  setTimeout(run: () => void, ms: number): unknown;
  clearTimeout(timer: unknown): void;
}

/** The system clock. */
export const systemClock: Clock = {
  now: () => Date.now(),
  setTimeout: (run, ms) => setTimeout(run, ms),
  clearTimeout: (timer) => clearTimeout(timer as ReturnType<typeof setTimeout>),
};

/** The time of another clock, with timers that never fire. */
export function withoutTimers(clock: Clock): Clock {
  return { now: () => clock.now(), setTimeout: () => undefined, clearTimeout: () => undefined };
}

/** A clock that advances only by calls of `advance`. */
export interface ManualClock extends Clock {
  /**
   * Advances by `ms` and runs the timers that become due, in order. Promises settle afterwards: await one before you
   * assert.
   *
   * @throws RangeError for a negative time.
   */
  advance(ms: number): void;
  /** The number of pending timers. */
  readonly pending: number;
}

/**
 * A clock for tests.
 *
 * @param start its first time, in ms since 1970. Default: a Monday morning in 2026.
 */
export function manualClock(start: number = Date.UTC(2026, 0, 12, 9)): ManualClock {
  let time = start;
  let count = 0;
  const waiting = new Map<number, { due: number; run: () => void }>();

  const next = (until: number): number | undefined => {
    let found: number | undefined;
    for (const [timer, { due }] of waiting)
      if (due <= until && (found === undefined || due < waiting.get(found)!.due)) found = timer;
    return found;
  };

  return {
    now: () => time,
    setTimeout(run, ms) {
      waiting.set(++count, { due: time + Math.max(0, ms), run });
      return count;
    },
    clearTimeout(timer) {
      waiting.delete(timer as number);
    },
    advance(ms) {
      if (!(ms >= 0)) throw new RangeError(`advance: ${ms} ms is no time to go on by`);
      const until = time + ms;
      for (let timer = next(until); timer !== undefined; timer = next(until)) {
        const { due, run } = waiting.get(timer)!;
        waiting.delete(timer);
        time = Math.max(time, due);
        run();
      }
      time = until;
    },
    get pending() {
      return waiting.size;
    },
  };
}
