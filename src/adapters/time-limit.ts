import { AdapterError } from './contract.ts';

/**
 * A piece of work that must end: by itself, with the signal it was asked under, or when its time is over. Whoever does the work
 * gets {@link TimeLimit.signal}; one who does not obey it is not waited for.
 */
export class TimeLimit {
  readonly #work = new AbortController();
  readonly #interrupted: Promise<never>;
  readonly #end: () => void;

  /**
   * @param ms how long it may take
   * @param signal gives it up earlier
   * @param what names the work in the error, such as `list("flows")`
   * @param option the option that sets the time, if one does
   */
  constructor(ms: number, signal: AbortSignal, what: string, option?: string) {
    let interrupt!: (reason: unknown) => void;
    this.#interrupted = new Promise((_, reject) => (interrupt = reject));
    // It may be cut while nobody waits.
    this.#interrupted.catch(() => {});
    const stop = (reason: unknown): void => {
      this.end();
      interrupt(reason);
      this.#work.abort(reason);
    };
    const onAbort = (): void => stop(signal.reason);
    const timer = setTimeout(
      () => stop(new AdapterError('unavailable', `${what} took longer than ${ms} ms${option ? ` (${option})` : ''}`)),
      ms,
    );
    signal.addEventListener('abort', onAbort, { once: true });
    this.#end = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', onAbort);
    };
    if (signal.aborted) onAbort();
  }

  /** Aborts when the work is to stop. */
  get signal(): AbortSignal {
    return this.#work.signal;
  }

  /**
   * One step of the work, as long as there is time.
   *
   * @throws AdapterError `unavailable` when the time is over; the signal's reason when the work is given up; what `step` throws
   */
  wait<T>(step: () => T): Promise<Awaited<T>> {
    return Promise.race([new Promise<T>((resolve) => resolve(step())), this.#interrupted]);
  }

  /** The work is over: no timer and no listener stays behind. */
  end(): void {
    this.#end();
  }
}
