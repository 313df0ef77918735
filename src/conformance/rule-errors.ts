/** How a case ends other than well. Thrown within the kit, never out of it. */

/** The adapter broke the rule of the case. */
export class RuleBroken extends Error {}

/**
 * The case could not get as far as its own rule, since another one does not hold. Where that one has failed, this is no failure of
 * its own.
 */
export class Blocked extends Error {
  constructor(
    readonly by: string,
    message: string,
  ) {
    super(message);
  }
}

/** The case does not apply to this adapter, backend or lifecycle. */
export class NotApplicable extends Error {}

/** What surrounds the adapter failed: the back door threw, the backend could not be reached. */
export class HarnessError extends Error {}

/** No feed can be had: there is no adapter, no backend, or no sign-in. */
export class OutOfReach extends HarnessError {}

/** The case needs a member of the back door that has failed before, in the case of the rule `by`. It was told there. */
export class ControlFailed extends Error {
  constructor(
    readonly by: string,
    message: string,
  ) {
    super(message);
  }
}

/** The run was ended, or the time of the case is over: whatever it still wants is refused. */
export class RunEnded extends Error {}
