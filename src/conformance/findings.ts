/** What the cases of one subject have found out so far. Later cases use it instead of finding out again. */
export class Findings {
  /** Rules that are broken, or could not be checked because of a broken one. */
  readonly failed = new Set<string>();
  /** The optional members that the adapter has. */
  adapterMembers: readonly string[] = [];
  /** A feed has completed a snapshot, so the backend is reachable and accepts the adapter. */
  reached = false;
  /** No feed can be opened, so there is nothing to check. */
  outOfReach = false;
  /** The adapter starts without a session and has `reauthenticate`. `undefined`: not known yet. */
  signedOut: boolean | undefined;
  readonly #worked = new Set<string>();
  readonly #failedIn = new Map<string, string>();

  /** Records that a member of a backend control, such as `control.seed`, worked. */
  controlWorked(member: string): void {
    this.#worked.add(member);
  }

  /** Records that a member failed. One that has never worked is not called again; one that has may have failed because of its arguments. */
  controlFailed(member: string, rule: string): void {
    if (!this.#worked.has(member)) this.#failedIn.set(member, rule);
  }

  /** The rule in whose case a member failed, if that member must not be called again. */
  failedIn(member: string): string | undefined {
    return this.#failedIn.get(member);
  }
}
