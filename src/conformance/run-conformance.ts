import { prepareCases, type CaseResult, type CaseStatus } from './conformance-cases.ts';
import { formatFailure, type ConformanceReport } from './format-report.ts';
import { RULE_SET, type RuleSet } from './rule.ts';
import { timeoutsOf, type BackendControl, type Subject } from './subject.ts';

/** Options of a run. */
export interface RunOptions {
  /** Only these rules, by id. Default: all. */
  readonly only?: readonly string[];
  /** Rules known to be broken, by id. If one of them holds, the run fails, so that it is taken off the list. */
  readonly expectedFailures?: readonly string[];
  /** Checks an older set of rules. Default: the newest. */
  readonly ruleSet?: RuleSet;
  /** Called before and after each case, to show progress. */
  onCase?(id: string, result?: CaseResult): void;
  /** Stops the run. The current case cleans up and counts as not run. */
  readonly signal?: AbortSignal;
}

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

const CONTROL_MEMBERS = [
  ...(['seed', 'change', 'remove', 'cut', 'clear', 'expireCursors', 'newEpoch'] as const),
  ...(['loseNextAnswer', 'answerWith', 'openFeeds'] as const),
] satisfies readonly (keyof BackendControl)[];

/**
 * Checks an adapter against every rule of the contract, one after the other.
 *
 * @returns the report; nothing an adapter does makes it reject
 * @throws TypeError or RangeError for an invalid subject or option, such as an unknown rule id
 * @example
 * ```ts
 * const report = await runConformance({ system: 'flows', createAdapter: () => httpAdapter({ src }) });
 * console.log(formatReport(report));
 * ```
 */
export async function runConformance(subject: Subject, options: RunOptions = {}): Promise<ConformanceReport> {
  const { only, expectedFailures = [], ruleSet = RULE_SET, onCase, signal } = options;
  const { cases, findings } = prepareCases(subject, ruleSet, [...(only ?? []), ...expectedFailures]);
  const start = performance.now();
  const counts: Record<CaseStatus, number> = { passed: 0, failed: 0, warned: 0, skipped: 0, error: 0 };
  const results: CaseResult[] = [];
  const notRun: string[] = [];
  for (const { info, judge } of cases) {
    const { id } = info;
    // If no feed can be opened, there is nothing to check.
    const isLeftOut = findings.outOfReach || signal?.aborted || (only && !only.includes(id));
    if (!isLeftOut) onCase?.(id);
    const checked = isLeftOut ? undefined : await judge(signal);
    if (!checked) {
      notRun.push(id);
      continue;
    }
    const result = expectedFailures.includes(id) ? expectFailure(checked) : checked;
    results.push(result);
    counts[result.status]++;
    onCase?.(id, result);
  }
  return {
    contract: 1,
    ruleSet,
    system: subject.system,
    readOnly: subject.readOnly === true || !subject.control,
    ok: results.length > 0 && results.every(isFine),
    durationMs: Math.round(performance.now() - start),
    counts,
    capabilities: {
      adapter: findings.adapterMembers,
      control: subject.readOnly ? [] : CONTROL_MEMBERS.filter((member) => subject.control?.[member]),
    },
    results,
    notRun,
  };
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
  const { only, expectedFailures = [], ruleSet = RULE_SET } = options;
  const { cases } = prepareCases(subject, ruleSet, [...(only ?? []), ...expectedFailures]);
  const timeoutMs = timeoutsOf(subject).caseMs * 2;
  runner.describe(`the adapter of ${subject.system} keeps the contract`, () => {
    const it = runner.it as TimedIt;
    for (const { info, judge } of cases.filter(({ info }) => !only || only.includes(info.id)))
      it(
        `${info.id}: ${info.title}`,
        // A rest parameter: some runners wait for a callback if the function declares a named one.
        async function (this: unknown, ...context: unknown[]) {
          const test = (context[0] ?? this) as TestContext | undefined;
          if (typeof test?.timeout === 'function') test.timeout(timeoutMs);
          const checked = (await judge())!;
          const result = expectedFailures.includes(info.id) ? expectFailure(checked) : checked;
          if (result.status === 'skipped') test?.skip?.(result.reason);
          if (!isFine(result)) throw new Error(formatFailure(result));
        },
        timeoutMs,
      );
  });
}

/** Whether a result does not fail the run. */
function isFine({ status, expected }: CaseResult): boolean {
  return expected === true || (status !== 'failed' && status !== 'error');
}

/** Turns the result of a rule that is listed as an expected failure into the result of the run. */
function expectFailure(result: CaseResult): CaseResult {
  if (result.failure) return { ...result, expected: true };
  if (result.status !== 'passed') return result;
  return {
    ...result,
    status: 'failed',
    reason: 'The rule is listed as an expected failure, but it holds. Take it off the list.',
  };
}
