import { within } from './deadline.ts';
import { closestMatch, formatError } from './format-value.ts';
import { HarnessError, NotApplicable, OutOfReach, RuleBroken, skip } from './rule-errors.ts';
import { RULE_SET, unmet, type Rule, type RuleInfo, type RuleSet } from './rule.ts';
import { Findings } from './findings.ts';
import { RuleContext } from './rule-context.ts';
import { allRules } from './rules/index.ts';
import { checkSubject, type Subject } from './subject.ts';

/** The share of the usual time to wait for a feed if a rule that is required is broken: most of what is waited for won't come. */
const LITTLE_PATIENCE = 0.1;

/** How a case ended. `error`: the test setup failed, so nothing is known about the adapter. */
export type CaseStatus = 'passed' | 'failed' | 'warned' | 'skipped' | 'error';

/** Why a rule is broken. */
export interface Failure {
  /** What the adapter did. */
  readonly received: string;
  readonly rule: string;
  readonly why: string;
  readonly fix: string;
  /** The section of the docs: a file of the package and a heading in it. */
  readonly docs: string;
  /** The messages exchanged. */
  readonly trace: readonly string[];
}

/** The result of a case. */
export interface CaseResult {
  readonly id: string;
  readonly level: 'must' | 'should';
  readonly title: string;
  readonly status: CaseStatus;
  readonly durationMs: number;
  /** Why it was skipped, or what failed in the test setup. */
  readonly reason?: string;
  readonly failure?: Failure;
  /** Skipped because this rule is broken, or because something failed in its case that is needed here too. */
  readonly blockedBy?: string;
  /** Listed as an expected failure, and fails. */
  readonly expected?: true;
}

/** One rule, ready to check one subject. Needs no test runner. */
export interface ConformanceCase extends RuleInfo {
  /** The section of the docs about this rule. */
  readonly docs: string;
  /** Checks the rule with a fresh adapter and its own campaigns. Never rejects, and leaves nothing open. */
  run(): Promise<CaseResult>;
}

/** A case that can be stopped. */
interface PreparedCase {
  readonly info: RuleInfo;
  /** @returns `undefined` if `signal` aborted before there was a result */
  judge(signal?: AbortSignal): Promise<CaseResult | undefined>;
}

type Verdict = Pick<CaseResult, 'status' | 'reason' | 'failure' | 'blockedBy'>;

/**
 * The cases for a subject, in order. Run them one after the other, because some cut connections or restart the backend. If a case
 * fails that others depend on, those are skipped.
 *
 * @param ruleSet Default: the newest.
 * @throws TypeError for a subject without `system`, `createAdapter`, or a lifecycle where one is needed; RangeError for an invalid timeout
 */
export function conformanceCases(subject: Subject, ruleSet: RuleSet = RULE_SET): readonly ConformanceCase[] {
  return prepareCases(subject, ruleSet).cases.map(({ info, judge }) => ({
    ...info,
    docs: docsOf(info.id),
    run: async () => (await judge())!,
  }));
}

/** The same cases, with the findings they share. @throws as {@link conformanceCases}; RangeError for an id in `ids` that no case has */
export function prepareCases(
  subject: Subject,
  ruleSet: RuleSet,
  ids: readonly string[] = [],
): { readonly cases: readonly PreparedCase[]; readonly findings: Findings } {
  checkSubject(subject);
  const findings = new Findings();
  const rules = allRules.filter(({ info }) => info.ruleSet <= ruleSet);
  const known = rules.map(({ info }) => info.id);
  const unknown = ids.find((id) => !known.includes(id));
  if (unknown !== undefined) {
    const meant = closestMatch(unknown, known);
    const help = meant === undefined ? `the rules are: ${known.join(', ')}.` : `did you mean "${meant}"?`;
    throw new RangeError(`There is no rule "${unknown}"; ${help}`);
  }
  const cases = rules.map((rule) => ({
    info: rule.info,
    judge: (signal?: AbortSignal) => checkRule(rule, subject, findings, signal),
  }));
  return { cases, findings };
}

/**
 * Checks one rule. If another rule that it requires is broken, and it does not hold either, it is skipped: its own mistake is not
 * known. Never rejects.
 *
 * @param findings of the cases before; this case adds its own
 * @param signal stops the case and lets it clean up
 */
async function checkRule(
  rule: Rule,
  subject: Subject,
  findings: Findings,
  signal?: AbortSignal,
): Promise<CaseResult | undefined> {
  const start = performance.now();
  const { id, level, title } = rule.info;
  const blockedBy = rule.requires.find((required) => findings.broken.has(required));
  const context = new RuleContext(subject, findings, id, blockedBy === undefined ? 1 : LITTLE_PATIENCE);
  let verdict = await judge(rule, context, signal);
  try {
    await context.end();
  } catch (error) {
    // A failure that was found stays a failure, even if the cleanup fails too.
    if (verdict?.status === 'passed') verdict = verdictOf(error, rule, context);
  }
  if (!verdict) return undefined;
  if (verdict.failure && blockedBy !== undefined)
    verdict = { status: 'skipped', reason: `${blockedBy} is broken, and this rule needs it`, blockedBy };
  if (verdict.failure) findings.broken.add(id);
  else findings.broken.delete(id);
  return { id, level, title, ...verdict, durationMs: Math.round(performance.now() - start) };
}

async function judge(rule: Rule, context: RuleContext, signal?: AbortSignal): Promise<Verdict | undefined> {
  const { caseMs } = context.timeouts;
  const late = new HarnessError(`The case did not finish within ${caseMs} ms (timeouts.caseMs).`);
  try {
    await within(caseMs, check(rule, context), late, signal);
    return { status: 'passed' };
  } catch (error) {
    return signal?.aborted ? undefined : verdictOf(error, rule, context);
  }
}

async function check(rule: Rule, context: RuleContext): Promise<void> {
  await context.start();
  for (const need of rule.info.needs) {
    const reason = unmet(need, context);
    if (reason !== undefined) skip(reason);
  }
  const received = await rule.check(context);
  if (received !== undefined) throw new RuleBroken(received);
}

function verdictOf(error: unknown, { info }: Rule, context: RuleContext): Verdict {
  const reason = error instanceof Error ? error.message : String(error);
  if (error instanceof NotApplicable)
    return { status: 'skipped', reason, ...(error.blockedBy === undefined ? {} : { blockedBy: error.blockedBy }) };
  if (error instanceof RuleBroken) {
    const { id, level, title, why, fix } = info;
    // If the id of a campaign can't be read, that is the cause of whatever was missed.
    const received = context.unreadableId ?? reason;
    const failure = { received, rule: title, why, fix, docs: docsOf(id), trace: context.trace.lines };
    return { status: level === 'must' ? 'failed' : 'warned', failure };
  }
  if (error instanceof OutOfReach) context.findings.outOfReach = true;
  if (error instanceof HarnessError) return { status: 'error', reason };
  return { status: 'error', reason: `The check itself failed: ${formatError(error)}` };
}

function docsOf(id: string): string {
  return `docs/conformance.md#${id}`;
}
