/**
 * Runs first in every test file (the test runner's config puts it there). It fails a test that left an uncaught error,
 * or a warning of Lit's development mode, such as a property hidden by a class field. It skips a test that the engine
 * can't run.
 */
import { lackFor } from './engine-limits.ts';
import { notRun, takeLacking } from './not-run.ts';

interface LitGlobals {
  litIssuedWarnings?: Set<string>;
}
// Lit always reports once that this is its development mode; ignore that.
((globalThis as LitGlobals).litIssuedWarnings ??= new Set()).add('dev-mode');

const problems: string[] = [];
const expected: { pattern: RegExp; seen: boolean }[] = [];

/** Expects an uncaught error outside of any promise or call that matches. The test fails if none comes. */
export function expectUncaught(pattern: RegExp): void {
  expected.push({ pattern, seen: false });
}

function uncaught(event: Event, error: unknown, message: string): void {
  // Only Chromium's stack begins with the message.
  const text = error instanceof Error ? `${error.message}\n${error.stack ?? ''}` : message || String(error);
  const match = expected.find(({ pattern }) => pattern.test(text));
  if (match) match.seen = true;
  else problems.push(text);
  // Runs before mocha's own listener, which would blame the running test and stop it.
  event.stopImmediatePropagation();
  event.preventDefault();
}
addEventListener('error', (event) => uncaught(event, event.error, event.message), { capture: true });
addEventListener('unhandledrejection', (event) => uncaught(event, event.reason, ''), { capture: true });

const { warn } = console;
console.warn = (...args: unknown[]): void => {
  if (args.some((arg) => typeof arg === 'string' && arg.includes('lit.dev/msg/'))) problems.push(args.join(' '));
  else warn.apply(console, args);
};

function settle(): void {
  const missing = expected.splice(0).filter(({ seen }) => !seen);
  const left = [
    ...problems.splice(0),
    ...missing.map(({ pattern }) => `Expected an uncaught error like ${pattern}, none came.`),
  ];
  if (left.length > 0) throw new Error(left.join('\n\n'));
}

/** Unhandled rejections are reported a task later. */
const task = (): Promise<void> => new Promise((resolve) => setTimeout(resolve));

// Check inside the test, not in a hook after it: when a hook fails, mocha skips all tests that would follow.
beforeEach(function () {
  const test = this.currentTest;
  const body = test?.fn as ((this: Mocha.Context) => unknown) | undefined;
  if (!test || !body || body.length > 0) return; // A test with a `done` callback is checked below.
  test.fn = async function (this: Mocha.Context) {
    let failure: { error: unknown } | undefined;
    try {
      const lack = lackFor(test.title);
      if (lack !== undefined) notRun(lack);
      await body.call(this);
    } catch (error) {
      failure = { error };
    }
    await task();
    const lacks = takeLacking();
    if (lacks !== undefined) {
      problems.length = expected.length = 0;
      test.title += ` (not run: this engine lacks ${lacks})`;
      this.skip();
    }
    if (failure) throw failure.error;
    settle();
  };
});
after(async () => {
  await task();
  settle();
});
