/** Two clocks, in ms. */
export interface Clocks {
  /** Wall clock: continues while the machine sleeps, and can be set. */
  now(): number;
  /** Can't be set, but may stop while the machine sleeps. */
  monotonic(): number;
}

/** Measures time by both clocks, because each may miss some: the monotonic one in a sleep, the wall clock when it is set back. */
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

  /** The time (ms) since the start, by the clock that shows more. */
  get elapsed(): number {
    return Math.max(this.clocks.now() - this.#wall, this.clocks.monotonic() - this.#monotonic);
  }

  /** The time (ms) that only the wall clock shows: it was set, or the machine slept. */
  get gap(): number {
    return this.clocks.now() - this.#wall - (this.clocks.monotonic() - this.#monotonic);
  }
}
