/** An invariant does not hold. */
export class Violation extends Error {
  override readonly name = 'Violation';

  /**
   * @param invariant such as `I4`
   * @param what which campaign or feed, what was seen, and what it should have been
   */
  constructor(
    readonly invariant: string,
    what: string,
  ) {
    super(`${invariant}: ${what}`);
  }
}
