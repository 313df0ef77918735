import { untilAborted } from './abortable.ts';

/** A queue whose consumer waits for items. */
export class AsyncQueue<T> {
  #held: T[] = [];
  #arrived: () => void = () => {};

  readonly put = (item: T): void => {
    this.#held.push(item);
    this.#arrived();
  };

  /** Takes all items; waits while there are none. @throws the signal's reason when it aborts */
  async take(signal: AbortSignal): Promise<readonly T[]> {
    if (!this.#held.length) await untilAborted(signal, new Promise<void>((resolve) => (this.#arrived = resolve)));
    signal.throwIfAborted();
    const taken = this.#held;
    this.#held = [];
    return taken;
  }
}
