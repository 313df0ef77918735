import { prepared } from './conformance-cases.ts';
import { closestMatch } from './closest-match.ts';
import type { CaseResult, CaseStatus } from './run-rule.ts';
import { RULE_SET, type RuleSet } from './rule.ts';
import type { BackendControl, Subject } from './subject.ts';

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

/** The result of a run. Plain data that can be printed as JSON. */
export interface ConformanceReport {
  readonly contract: 1;
  readonly ruleSet: RuleSet;
  readonly system: string;
  /** True if the run sent no action and changed nothing, because it was asked to or because there is no backend control. */
  readonly readOnly: boolean;
  /** True if no `must` rule is broken except expected failures, and no case ended in an error. */
  readonly ok: boolean;
  readonly durationMs: number;
  readonly counts: Readonly<Record<CaseStatus, number>>;
  /** The optional members of the adapter and of the backend control. They decide which rules are skipped. */
  readonly capabilities: { readonly adapter: readonly string[]; readonly control: readonly string[] };
  readonly results: readonly CaseResult[];
  /** Rules that were not checked: `only` left them out, the run was stopped, or no feed could be opened. */
  readonly notRun: readonly string[];
}

const CONTROL_MEMBERS = [
  'seed',
  'change',
  'remove',
  'cut',
  'clear',
  'expireCursors',
  'newEpoch',
  'loseNextAnswer',
  'answerWith',
  'openFeeds',
] as const satisfies readonly (keyof BackendControl)[];

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
  const { cases, findings } = prepared(subject, ruleSet);
  checkRules(cases, [...(only ?? []), ...expectedFailures]);

  const start = performance.now();
  const results: CaseResult[] = [];
  const notRun: string[] = [];
  for (const { id, judge } of cases) {
    // If no feed can be opened, there is nothing to check.
    if (findings.outOfReach || signal?.aborted || (only && !only.includes(id))) {
      notRun.push(id);
      continue;
    }
    onCase?.(id);
    const checked = await judge(signal);
    if (!checked) {
      notRun.push(id);
      continue;
    }
    const result = expectedFailures.includes(id) ? expectFailure(checked) : checked;
    results.push(result);
    onCase?.(id, result);
  }
  const counts = { passed: 0, failed: 0, warned: 0, skipped: 0, error: 0 };
  for (const { status } of results) counts[status]++;
  return {
    contract: 1,
    ruleSet,
    system: subject.system,
    readOnly: subject.readOnly === true || !subject.control,
    ok: results.length > 0 && results.every(isFine),
    durationMs: Math.round(performance.now() - start),
    counts,
    capabilities: { adapter: findings.adapterMembers, control: controlMembers(subject) },
    results,
    notRun,
  };
}

/** @throws RangeError for an id that no case has */
export function checkRules(cases: readonly { readonly id: string }[], ids: readonly string[]): void {
  const known = cases.map(({ id }) => id);
  const unknown = ids.find((id) => !known.includes(id));
  if (unknown === undefined) return;
  const meant = closestMatch(unknown, known);
  throw new RangeError(
    `There is no rule "${unknown}"; ${meant === undefined ? `the rules are: ${known.join(', ')}.` : `did you mean "${meant}"?`}`,
  );
}

/** Whether a result does not fail the run. */
export function isFine({ status, expected }: CaseResult): boolean {
  return expected === true || (status !== 'failed' && status !== 'error');
}

/** Turns the result of a rule that is listed as an expected failure into the result of the run. */
export function expectFailure(result: CaseResult): CaseResult {
  if (result.failure) return { ...result, expected: true };
  if (result.status !== 'passed') return result;
  return {
    ...result,
    status: 'failed',
    reason: 'The rule is listed as an expected failure, but it holds. Take it off the list.',
  };
}

function controlMembers({ control, readOnly }: Subject): readonly string[] {
  return readOnly ? [] : CONTROL_MEMBERS.filter((member) => control?.[member]);
}
