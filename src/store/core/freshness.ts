import type { Scope } from '../../util/id-scope.ts';
import type { Connection } from '../types.ts';

/** A feed that is closed may be back within this time (ms) before the rows are shown as last known. */
const LOST_DELAY_MS = 1000;

/** Which rows are up to date, and since when the others are not. Times are ms by the server's clock, except {@link due}. */
export class Freshness {
  /** What the feed covers. Other campaigns were covered until {@link coveredUntil} (by id) or {@link allCoveredUntil}, and may have changed since. */
  covered: Scope = new Set();
  readonly coveredUntil = new Map<string, number>();
  allCoveredUntil: number | undefined;
  /** Set while what is shown is only the last known state. */
  lost: Connection['lost'];
  /** Until when the latest synced feed kept the rows up to date; set when it ends. */
  #trueUntil = 0;
  /** When {@link lose} is due, by the monotonic clock. */
  due: number | undefined;

  /** The feed has ended; until then it kept the rows up to date. */
  ended(at: number): void {
    this.#trueUntil = at;
  }

  /** A feed of this scope is synced. */
  synced(scope: Scope): void {
    if (scope === 'all') {
      this.coveredUntil.clear();
      this.allCoveredUntil = undefined;
    } else {
      if (this.covered === 'all') this.allCoveredUntil = this.#trueUntil;
      else for (const id of this.covered) this.coveredUntil.set(id, this.#trueUntil);
      for (const id of scope) this.coveredUntil.delete(id);
    }
    this.covered = scope;
    this.due = undefined;
    this.lost = undefined;
  }

  /** There is no feed; the next one may be synced before that is shown. @param now by the monotonic clock */
  loseSoon(now: number): void {
    if (!this.lost) this.due ??= now + LOST_DELAY_MS;
  }

  /** There is no feed, and that is shown. @returns whether that is new */
  lose(): boolean {
    this.due = undefined;
    if (this.lost) return false;
    this.lost = { asOf: this.#trueUntil };
    return true;
  }

  /** All rows were dropped: nothing is known that could be out of date. */
  forget(): void {
    this.covered = new Set();
    this.coveredUntil.clear();
    this.allCoveredUntil = undefined;
    this.lost = undefined;
    this.due = undefined;
  }
}
