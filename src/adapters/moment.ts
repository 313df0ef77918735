/** Two ways to tell the time, in ms. */
export interface Clocks {
  /** On the wall: goes on while the machine sleeps, and can be set. */
  now(): number;
  /** Can't be set, but may stand still while the machine sleeps. */
  monotonic(): number;
}

/** A clock on the wall that is so far (ms) behind the other one was set back. */
const SET_BACK_MS = 10_000;

/** A moment by both clocks, since neither alone can tell afterwards how long ago it was. */
export class Moment {
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

  /**
   * How long ago it was, in ms, any sleep of the machine included. `Infinity` if the clock on the wall was set back since: any
   * sleep may hide behind that.
   */
  get ago(): number {
    const wall = this.clocks.now() - this.#wall;
    const monotonic = this.clocks.monotonic() - this.#monotonic;
    return monotonic - wall > SET_BACK_MS ? Infinity : Math.max(wall, monotonic);
  }
}
