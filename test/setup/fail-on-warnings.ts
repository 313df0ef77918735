/**
 * Comes first in every test file (the test runner's config puts it there). It fails a test that left behind an error nobody
 * caught, or a warning of Lit's development mode, such as a property hidden by a class field.
 */

interface LitGlobals {
  litIssuedWarnings?: Set<string>;
}
// Lit says once that this is its development mode. That we know.
((globalThis as LitGlobals).litIssuedWarnings ??= new Set()).add('dev-mode');

const problems: string[] = [];
const expected: { pattern: RegExp; seen: boolean }[] = [];

/** An error outside of any promise or call that matches is part of this test. It fails if none comes. */
export function expectUncaught(pattern: RegExp): void {
  expected.push({ pattern, seen: false });
}

function uncaught(event: Event, error: unknown, message: string): void {
  const text = error instanceof Error ? (error.stack ?? error.message) : message || String(error);
  const match = expected.find(({ pattern }) => pattern.test(text));
  if (match) match.seen = true;
  else problems.push(text);
  // Before mocha's own listener, which would blame whichever test runs now and stop there.
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

/** Rejections nobody handles are reported a task later. */
const task = (): Promise<void> => new Promise((resolve) => setTimeout(resolve));

// Inside the test, not in a hook after it: when a hook fails, mocha drops all tests that would follow.
beforeEach(function () {
  const test = this.currentTest;
  const body = test?.fn as ((this: Mocha.Context) => unknown) | undefined;
  if (!test || !body || body.length > 0) return; // one with a `done` is looked at below
  test.fn = async function (this: Mocha.Context) {
    await body.call(this);
    await task();
    settle();
  };
});
after(async () => {
  await task();
  settle();
});
