/** Two ways to tell the time, in ms. */
export interface Clocks {
  /** On the wall: goes on while the machine sleeps, and can be set. */
  now(): number;
  /** Can't be set, but may stand still while the machine sleeps. */
  monotonic(): number;
}

/** A moment by both clocks: each knows of time that the other may miss, in a sleep or because it was set back. */
export class Stopwatch {
  readonly #wall: number;
  readonly #monotonic: number;

  /** @param ago how many ms before now */
  constructor(
    private readonly clocks: Clocks,
    ago = 0,
  ) {
    this.#wall = clocks.now() - ago;
    this.#monotonic = clocks.monotonic() - ago;
  }

  /** How long ago (ms) it was, by whichever clock knows of more. */
  get elapsed(): number {
    return Math.max(this.clocks.now() - this.#wall, this.clocks.monotonic() - this.#monotonic);
  }
}
