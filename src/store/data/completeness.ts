import type { Environment } from '../types.ts';

/** A count that does not match causes at most one snapshot in this time (ms). */
const DRIFT_EVERY_MS = 60_000;

/** Tracks whether all campaigns of a system are known, from snapshots and the backend's own count. */
export class Completeness {
  #complete = false;
  #partly = false;
  #driftAt = -Infinity;

  constructor(private readonly env: Pick<Environment, 'monotonic'>) {}

  /** A complete snapshot was read, and all campaigns have been watched since. */
  get complete(): boolean {
    return this.#complete;
  }

  /** All campaigns are watched, but some of them may not have been read yet. */
  get partly(): boolean {
    return this.#partly;
  }

  /**
   * The feed is synced.
   *
   * @param all whether it covers all campaigns
   * @param snapshot the snapshot it began with; `undefined` if it resumed
   */
  synced(all: boolean, snapshot: { readonly partial: boolean; readonly newEpoch: boolean } | undefined): void {
    if (!all) this.#complete = false;
    else if (snapshot) this.#complete = !snapshot.partial || (this.#complete && !snapshot.newEpoch);
    this.#partly = all && !this.#complete;
  }

  /** Compares the number of known campaigns with the backend's count. @returns what that shows for the first time, if anything */
  compare(known: number, count: number): 'complete' | 'drift' | undefined {
    if (count === known) {
      if (this.#complete) return undefined;
      this.#complete = true;
      this.#partly = false;
      return 'complete';
    }
    const now = this.env.monotonic();
    if (!this.#complete || now - this.#driftAt < DRIFT_EVERY_MS) return undefined;
    this.#driftAt = now;
    return 'drift';
  }

  /** All campaigns were dropped. */
  forget(): void {
    this.#complete = false;
  }
}
