/** What the cases of one subject have found out so far, so that later ones need not find it out again. */
export class Findings {
  /** Rules that don't hold, or could not be judged because of one that does not. */
  readonly failed = new Set<string>();
  /** The optional members that the adapter has. */
  adapterMembers: readonly string[] = [];
  /** A feed has told a whole snapshot: the backend is there, and lets the adapter in. */
  reached = false;
  /** No feed can be had, so there is nothing to judge. */
  outOfReach = false;
  /** The adapter begins without a session, and has a way to sign in. `undefined`: not known yet. */
  signedOut: boolean | undefined;
  readonly #worked = new Set<string>();
  readonly #shut = new Map<string, string>();

  /** A member of a back door, such as `control.seed`, did what it was told. */
  doorWorked(member: string): void {
    this.#worked.add(member);
  }

  /** It did not. One that never did is not tried again; one that did may have failed for what it was told. */
  doorFailed(member: string, rule: string): void {
    if (!this.#worked.has(member)) this.#shut.set(member, rule);
  }

  /** The rule in whose case a member failed that is not to be tried again. */
  shutSince(member: string): string | undefined {
    return this.#shut.get(member);
  }
}
