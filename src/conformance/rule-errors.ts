/** The ways a case ends without passing. Thrown only within the kit. */

/** The adapter broke the rule of the case. */
export class RuleBroken extends Error {}

/**
 * The case could not reach its own rule because another rule is broken. If that rule has failed, this case is skipped; otherwise it
 * fails.
 */
export class Blocked extends Error {
  constructor(
    readonly by: string,
    message: string,
  ) {
    super(message);
  }
}

/** The rule does not apply to this adapter, backend or lifecycle. */
export class NotApplicable extends Error {}

/** The test setup failed, not the adapter: the backend control threw, or the backend could not be reached. */
export class HarnessError extends Error {}

/** No feed can be opened: there is no adapter, no backend, or no sign-in. */
export class OutOfReach extends HarnessError {}

/** The case needs a member of the backend control that failed before, in the case of the rule `by`, where it was reported. */
export class ControlFailed extends Error {
  constructor(
    readonly by: string,
    message: string,
  ) {
    super(message);
  }
}

/** The run was stopped, or the case timed out. Further calls of the case are refused. */
export class RunEnded extends Error {}
