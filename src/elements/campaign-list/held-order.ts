import { longestRun } from './longest-run.ts';

/**
 * The order that is on screen. While it is held, nothing moves under the user: rows stay where they are, new ones wait, and
 * what changed meanwhile is counted.
 */
export class HeldOrder {
  #shown: readonly string[] = [];
  #latest: readonly string[] = [];
  #waiting = 0;

  /** The ids on screen. */
  get shown(): readonly string[] {
    return this.#shown;
  }

  /** How many rows would come, go or move if the order were let go. */
  get waiting(): number {
    return this.#waiting;
  }

  /**
   * Takes the latest order in.
   *
   * @param held keep the order that is on screen
   * @param stays whether a row that the latest order no longer names may stay on screen while it is held
   * @returns the ids to show; the same array until it changes
   */
  next(latest: readonly string[], held: boolean, stays: (id: string) => boolean): readonly string[] {
    if (equal(latest, this.#latest)) latest = this.#latest;
    if (!held || this.#shown.length === 0) {
      this.#waiting = 0;
      return (this.#shown = this.#latest = latest);
    }
    if (latest === this.#shown) {
      this.#waiting = 0;
      this.#latest = latest;
      return latest;
    }
    const named = new Set(latest);
    const left = this.#shown.filter((id) => named.has(id) || stays(id));
    if (left.length < this.#shown.length) this.#shown = left;
    else if (latest === this.#latest) return this.#shown;
    this.#latest = latest;
    this.#waiting = difference(this.#shown, latest);
    return this.#shown;
  }
}

function equal(some: readonly string[], other: readonly string[]): boolean {
  return some.length === other.length && some.every((id, index) => id === other[index]);
}

/** How many rows come, go or move between two orders. */
function difference(from: readonly string[], to: readonly string[]): number {
  const places = new Map(from.map((id, place) => [id, place]));
  const stay = longestRun(to.map((id) => places.get(id) ?? -1)).size;
  const removed = from.length - to.reduce((known, id) => known + (places.has(id) ? 1 : 0), 0);
  return to.length - stay + removed;
}
