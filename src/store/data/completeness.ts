import type { Environment } from '../types.ts';

/** A count that does not match asks for one snapshot in this time (ms). */
const DRIFT_EVERY_MS = 60_000;

/** Whether all campaigns of a system are known, as far as snapshots and the backend's own count tell. */
export class Completeness {
  #complete = false;
  #partly = false;
  #driftAt = -Infinity;

  constructor(private readonly env: Pick<Environment, 'monotonic'>) {}

  /** A whole snapshot was read, and all campaigns have been watched since. */
  get complete(): boolean {
    return this.#complete;
  }

  /** All campaigns are watched, but some of them may not have been named yet. */
  get partly(): boolean {
    return this.#partly;
  }

  /**
   * The feed is whole.
   *
   * @param all it covers all campaigns
   * @param snapshot what it began with; `undefined` where it went on from its position
   */
  synced(all: boolean, snapshot: { readonly partial: boolean; readonly newEpoch: boolean } | undefined): void {
    if (!all) this.#complete = false;
    else if (snapshot) this.#complete = !snapshot.partial || (this.#complete && !snapshot.newEpoch);
    this.#partly = all && !this.#complete;
  }

  /** The backend says how many campaigns there are. @returns what that shows for the first time, if anything */
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

  /** All campaigns are to be forgotten. */
  forget(): void {
    this.#complete = false;
  }
}
