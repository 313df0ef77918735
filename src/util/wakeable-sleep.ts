import { sleep } from './sleep.ts';

/** A sleep that another part of the code can end early. */
export class WakeableSleep {
  readonly #sleepers = new Set<() => void>();
  #wakeups = 0;

  /** How often {@link wake} was called. A caller that worked meanwhile compares it to see that it must not sleep. */
  get wakeups(): number {
    return this.#wakeups;
  }

  /** Ends every sleep. */
  wake(): void {
    this.#wakeups++;
    for (const wake of this.#sleepers) wake();
  }

  /** Waits `ms`, unless {@link wake} is called or `signal` aborts first. It leaves no timer or listener. */
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
