import { sleep } from './sleep.ts';

/** Wakes everyone who sleeps at it. */
export class WakeableSleep {
  readonly #sleepers = new Set<() => void>();
  #wakeups = 0;

  /** How often it rang: who was busy meanwhile can tell that there is no time to sleep. */
  get wakeups(): number {
    return this.#wakeups;
  }

  /** Ends every sleep. */
  wake(): void {
    this.#wakeups++;
    for (const wake of this.#sleepers) wake();
  }

  /** Waits `ms`, unless it rings or `signal` aborts first. Nothing of it outlives the wait. */
  async sleep(ms: number, signal: AbortSignal): Promise<void> {
    if (signal.aborted) return;
    const awake = new AbortController();
    const wake = (): void => awake.abort();
    this.#sleepers.add(wake);
    signal.addEventListener('abort', wake, { once: true });
    await sleep(ms, awake.signal);
    this.#sleepers.delete(wake);
    signal.removeEventListener('abort', wake);
  }
}
