/** An invariant does not hold. */
export class Violation extends Error {
  override readonly name = 'Violation';

  /**
   * @param invariant such as `I4`
   * @param what the campaign or feed, what was seen, and what was expected
   */
  constructor(
    readonly invariant: string,
    what: string,
  ) {
    super(`${invariant}: ${what}`);
  }
}
