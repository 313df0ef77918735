/** After a resync of the store's own accord the next one comes after this time (ms), up to twice of it; then after twice as long. */
const FIRST_PAUSE_MS = 60_000;
const LONGEST_PAUSE_MS = 3_600_000;

/** How often a system may be read again because something looks wrong. All reasons share one budget, which users do not draw on. */
export class ResyncBudget {
  #spent = 0;
  #nextAt = -Infinity;
  #pause = 0;

  /** From when on the next one may be taken, by the monotonic clock (ms). */
  get nextAt(): number {
    return this.#nextAt;
  }

  /** A resync is taken. @param random 0 <= x < 1: many pages that share a backend must not read it at once */
  spend(now: number, random: number): void {
    // No need for as long as the pause was: what looked wrong is over.
    if (now > this.#nextAt + this.#pause) this.#spent = 0;
    this.#pause = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** this.#spent++) * (1 + random);
    this.#nextAt = now + this.#pause;
  }
}
