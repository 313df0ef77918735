import { untilAborted } from './abortable.ts';

/** Holds what comes until somebody takes it. */
export class AsyncQueue<T> {
  #held: T[] = [];
  #arrived: () => void = () => {};

  readonly put = (item: T): void => {
    this.#held.push(item);
    this.#arrived();
  };

  /** Everything that is there; waits for something. @throws the signal's reason when it aborts */
  async take(signal: AbortSignal): Promise<readonly T[]> {
    if (!this.#held.length) await untilAborted(signal, new Promise<void>((resolve) => (this.#arrived = resolve)));
    signal.throwIfAborted();
    const taken = this.#held;
    this.#held = [];
    return taken;
  }
}
