import { AdapterError } from './contract.ts';

/**
 * A piece of work that must end: by itself, with the signal it was asked under, or when its time is over. Whoever does the work
 * gets {@link TimeLimit.signal}; one who does not obey it is not waited for.
 */
export class TimeLimit {
  readonly #work = new AbortController();
  readonly #cut: Promise<never>;
  readonly #end: () => void;

  /**
   * @param ms how long it may take
   * @param signal gives it up earlier
   * @param what names the work in the error, such as `list("flows")`
   * @param by the option that sets the time, if one does
   */
  constructor(ms: number, signal: AbortSignal, what: string, by?: string) {
    let cut!: (reason: unknown) => void;
    this.#cut = new Promise((_, reject) => (cut = reject));
    // It may be cut while nobody waits.
    this.#cut.catch(() => {});
    const stop = (reason: unknown): void => {
      this.end();
      cut(reason);
      this.#work.abort(reason);
    };
    const givenUp = (): void => stop(signal.reason);
    const timer = setTimeout(
      () => stop(new AdapterError('unavailable', `${what} took longer than ${ms} ms${by ? ` (${by})` : ''}`)),
      ms,
    );
    signal.addEventListener('abort', givenUp, { once: true });
    this.#end = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', givenUp);
    };
    if (signal.aborted) givenUp();
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
    return Promise.race([new Promise<T>((resolve) => resolve(step())), this.#cut]);
  }

  /** The work is over: no timer and no listener stays behind. */
  end(): void {
    this.#end();
  }
}
