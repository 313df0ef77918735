import { prepared } from './conformance-cases.ts';
import { closestMatch } from './closest-match.ts';
import type { CaseResult, CaseStatus } from './run-rule.ts';
import { RULE_SET, type RuleSet } from './rule.ts';
import type { BackendControl, Subject } from './subject.ts';

/** What may be said of a run. */
export interface RunOptions {
  /** Only these rules, by id. Default: all. */
  readonly only?: readonly string[];
  /** Rules known to be broken, by id. One of them that holds fails the run: take it off the list. */
  readonly expectedFailures?: readonly string[];
  /** Judges by an older set of rules. Default: the newest. */
  readonly ruleSet?: RuleSet;
  /** Called before and after each case: for progress. */
  onCase?(id: string, result?: CaseResult): void;
  /** Ends the run. The case under way tidies up, and counts as not judged. */
  readonly signal?: AbortSignal;
}

/** What a run found out. Plain data, to be printed as JSON. */
export interface ConformanceReport {
  readonly contract: 1;
  readonly ruleSet: RuleSet;
  readonly system: string;
  /** `true`: nothing was acted on, nothing changed; either it was asked for, or there is no back door. */
  readonly readOnly: boolean;
  /** No rule that must hold is broken, but for those expected, and nothing kept a case from being judged. */
  readonly ok: boolean;
  readonly durationMs: number;
  readonly counts: Readonly<Record<CaseStatus, number>>;
  /** What the adapter has and claims, and what the back door offers: these decide what is skipped. */
  readonly capabilities: { readonly adapter: readonly string[]; readonly control: readonly string[] };
  readonly results: readonly CaseResult[];
  /** Rules that were not judged: `only` left them out, the run was ended, or no feed could be had. */
  readonly notRun: readonly string[];
}

const DOOR_MEMBERS = [
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
 * Judges an adapter by every rule of the contract, one after the other.
 *
 * @returns the report; it never rejects for what an adapter does
 * @throws TypeError or RangeError for a subject or options that make no sense, such as a rule id that there is not
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
    // Where no feed can be had, there is nothing to judge.
    if (findings.outOfReach || signal?.aborted || (only && !only.includes(id))) {
      notRun.push(id);
      continue;
    }
    onCase?.(id);
    const judged = await judge(signal);
    if (!judged) {
      notRun.push(id);
      continue;
    }
    const result = expectedFailures.includes(id) ? expectFailure(judged) : judged;
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
    capabilities: { adapter: findings.adapterMembers, control: doorMembers(subject) },
    results,
    notRun,
  };
}

/** @throws RangeError for an id that none of the cases has */
export function checkRules(cases: readonly { readonly id: string }[], ids: readonly string[]): void {
  const known = cases.map(({ id }) => id);
  const unknown = ids.find((id) => !known.includes(id));
  if (unknown === undefined) return;
  const meant = closestMatch(unknown, known);
  throw new RangeError(
    `There is no rule "${unknown}"; ${meant === undefined ? `there is: ${known.join(', ')}.` : `did you mean "${meant}"?`}`,
  );
}

/** Whether a result leaves the run as good as it is. */
export function isFine({ status, expected }: CaseResult): boolean {
  return expected === true || (status !== 'failed' && status !== 'error');
}

/** What is made of the result of a rule that is known to be broken. */
export function expectFailure(result: CaseResult): CaseResult {
  if (result.failure) return { ...result, expected: true };
  if (result.status !== 'passed') return result;
  return {
    ...result,
    status: 'failed',
    reason: 'It was expected to fail, and holds: take it off the list of expected failures.',
  };
}

function doorMembers({ control, readOnly }: Subject): readonly string[] {
  return readOnly ? [] : DOOR_MEMBERS.filter((member) => control?.[member]);
}
