/**
 * A test that needs what its engine lacks is reported as not run, never as passed: fail-on-warnings.ts skips it and adds
 * the reason to its title.
 */

let lacking: string | undefined;

/** Ends the test that runs: the engine lacks this. */
export function notRun(lacks: string): never {
  lacking = lacks;
  throw new Error(`Not run: this engine lacks ${lacks}.`);
}

/** What the engine lacks for the test that has ended, if anything. Also resets it for the next test. */
export function takeLacking(): string | undefined {
  const lacks = lacking;
  lacking = undefined;
  return lacks;
}
