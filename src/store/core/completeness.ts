/** Whether all campaigns of a system are known, from snapshots and the backend's own count. */
export class Completeness {
  #complete = false;
  #partly = false;

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

  /** The backend's count equals the number of known campaigns. @returns whether that is news */
  confirmed(): boolean {
    if (this.#complete) return false;
    this.#complete = true;
    this.#partly = false;
    return true;
  }

  /** All rows were dropped. */
  forget(): void {
    this.#complete = false;
    this.#partly = false;
  }
}
