import { conformanceCases } from './conformance-cases.ts';
import { formatFailure } from './format-report.ts';
import { checkRules, expectFailure, isFine, type RunOptions } from './run-conformance.ts';
import { timeoutsOf, type Subject } from './subject.ts';

/** The part of a test runner that is needed. Mocha, Jasmine, Vitest, Jest and node:test have it. */
export interface Runner {
  describe(name: string, body: () => void): unknown;
  it(name: string, body: (...context: unknown[]) => Promise<void>): unknown;
}

/** Vitest, Jest and Jasmine take a timeout as the third argument; the others ignore it. */
type TimedIt = (name: string, body: (...context: unknown[]) => Promise<void>, timeoutMs: number) => unknown;

/** What a runner passes to a test, as the first argument or as `this`. */
interface TestContext {
  skip?(reason?: string): void;
  timeout?(ms: number): unknown;
}

/**
 * Registers the cases as tests of any runner. A broken recommendation (`should`) does not fail its test.
 *
 * @throws as {@link conformanceCases}; RangeError for an unknown rule id
 * @example
 * ```ts
 * import { describe, it } from 'node:test';
 * describeConformance({ describe, it }, { system: 'flows', createAdapter: () => myAdapter() });
 * ```
 */
export function describeConformance(
  runner: Runner,
  subject: Subject,
  options: Pick<RunOptions, 'only' | 'expectedFailures' | 'ruleSet'> = {},
): void {
  const { only, expectedFailures = [], ruleSet } = options;
  const all = conformanceCases(subject, ruleSet);
  checkRules(all, [...(only ?? []), ...expectedFailures]);
  const cases = all.filter(({ id }) => !only || only.includes(id));
  const { caseMs } = timeoutsOf(subject);
  runner.describe(`the adapter of ${subject.system} keeps the contract`, () => {
    const it = runner.it as TimedIt;
    for (const one of cases)
      it(
        `${one.id}: ${one.title}`,
        // A rest parameter: some runners wait for a callback if the function declares a named one.
        async function (this: unknown, ...context: unknown[]) {
          const test = (context[0] ?? this) as TestContext | undefined;
          if (typeof test?.timeout === 'function') test.timeout(caseMs * 2);
          const ran = await one.run();
          const result = expectedFailures.includes(one.id) ? expectFailure(ran) : ran;
          if (result.status === 'skipped') test?.skip?.(result.reason);
          if (!isFine(result)) throw new Error(formatFailure(result));
        },
        caseMs * 2,
      );
  });
}
