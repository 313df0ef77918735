/** The ways a case ends without passing. Thrown only within the kit. */

/** Ends a case: the adapter broke the rule. */
export class RuleBroken extends Error {}

/** Ends a case: the rule does not apply to this adapter, backend or lifecycle. */
export class NotApplicable extends Error {
  /** @param blockedBy the rule in whose case something failed that is needed here too, and was reported there */
  constructor(
    reason: string,
    readonly blockedBy?: string,
  ) {
    super(reason);
  }
}

/** Ends a case: the test setup failed, not the adapter. The backend control threw, or the backend could not be reached. */
export class HarnessError extends Error {}

/** Ends a case, and the run: no feed can be opened, because there is no adapter, no backend, or no sign-in. */
export class OutOfReach extends HarnessError {}

/** The run was stopped, or the case timed out. Further calls of the case are refused. */
export class RunEnded extends Error {}

/** Ends a case: the rule does not apply. */
export function skip(reason: string): never {
  throw new NotApplicable(reason);
}
