import { AdapterError } from './contract.ts';

/**
 * Limits work to a time and to an abort signal. Pass {@link TimeLimit.signal} to the work; work that ignores it is not awaited.
 */
export class TimeLimit {
  readonly #work = new AbortController();
  readonly #interrupted: Promise<never>;
  readonly #end: () => void;

  /**
   * @param ms how long it may take
   * @param signal ends it earlier
   * @param what names the work in the error, such as `list("flows")`
   * @param option the option that sets the time, if there is one
   */
  constructor(ms: number, signal: AbortSignal, what: string, option?: string) {
    let interrupt!: (reason: unknown) => void;
    this.#interrupted = new Promise((_, reject) => (interrupt = reject));
    // It may reject while nothing awaits it.
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

  /** Aborts when the work must stop. */
  get signal(): AbortSignal {
    return this.#work.signal;
  }

  /**
   * Runs one step of the work.
   *
   * @throws AdapterError `unavailable` when the time is over; the signal's reason when it aborts; the error of `step`
   */
  wait<T>(step: () => T): Promise<Awaited<T>> {
    return Promise.race([new Promise<T>((resolve) => resolve(step())), this.#interrupted]);
  }

  /** Ends the limit: removes its timer and listener. */
  end(): void {
    this.#end();
  }
}
