import type { Findings } from './findings.ts';
import { unmet, type Rule } from './rule.ts';
import { RuleContext } from './rule-context.ts';
import { formatError } from './format-value.ts';
import type { Subject } from './subject.ts';
import { Blocked, ControlFailed, HarnessError, NotApplicable, OutOfReach, RuleBroken } from './rule-errors.ts';
import { within } from './deadline.ts';

/** How a case ended. `error`: what surrounds the adapter failed, so nothing was proved. */
export type CaseStatus = 'passed' | 'failed' | 'warned' | 'skipped' | 'error';

/** Why a rule does not hold. */
export interface Failure {
  /** What was received. */
  readonly received: string;
  readonly rule: string;
  readonly why: string;
  readonly fix: string;
  /** Where the docs tell more: a file of the package, and the heading in it. */
  readonly docs: string;
  /** What went back and forth. */
  readonly trace: readonly string[];
}

/** What came of a case. */
export interface CaseResult {
  readonly id: string;
  readonly level: 'must' | 'should';
  readonly title: string;
  readonly status: CaseStatus;
  readonly durationMs: number;
  /** Why it was skipped, or what went wrong around it. */
  readonly reason?: string;
  readonly failure?: Failure;
  /** Skipped, since this rule does not hold, or something failed in its case that is needed here, too. */
  readonly blockedBy?: string;
  /** It was expected to fail, and does. */
  readonly expected?: true;
}

/** Where a rule is documented. */
export function docsOf(id: string): string {
  return `docs/conformance.md#${id}`;
}

type Verdict = Pick<CaseResult, 'status' | 'reason' | 'failure' | 'blockedBy'>;

/**
 * Judges one rule. Never rejects.
 *
 * @param findings those of the cases before; what this one finds out is added
 * @param signal ends the case, and lets it tidy up
 * @returns `undefined` if it was ended before it was judged
 */
export async function runRule(
  rule: Rule,
  subject: Subject,
  findings: Findings,
  signal?: AbortSignal,
): Promise<CaseResult | undefined> {
  const start = performance.now();
  const stage = new RuleContext(subject, findings, rule.id);
  let verdict = await judge(rule, stage, findings, signal);
  try {
    await stage.end();
  } catch (error) {
    // A case that proved something has done so all the same.
    if (verdict?.status === 'passed') verdict = { status: 'error', reason: sentence(error) };
  }
  if (!verdict) return undefined;
  if (verdict.failure || findings.failed.has(verdict.blockedBy ?? '')) findings.failed.add(rule.id);
  else findings.failed.delete(rule.id);
  const { id, level, title } = rule;
  return { id, level, title, ...verdict, durationMs: Math.round(performance.now() - start) };
}

async function judge(
  rule: Rule,
  stage: RuleContext,
  findings: Findings,
  signal: AbortSignal | undefined,
): Promise<Verdict | undefined> {
  const { caseMs } = stage.timeouts;
  try {
    const { late } = await within(caseMs, prove(rule, stage), signal);
    if (late) throw new HarnessError(`The case was not over within ${caseMs} ms (timeouts.caseMs).`);
    return { status: 'passed' };
  } catch (error) {
    return signal?.aborted ? undefined : verdictOf(underlying(error, rule, stage), rule, stage, findings);
  }
}

async function prove(rule: Rule, stage: RuleContext): Promise<void> {
  await stage.begin();
  for (const need of rule.needs) {
    const reason = unmet(need, stage);
    if (reason !== undefined) throw new NotApplicable(reason);
  }
  await rule.run(stage);
}

/** Where campaigns can't be told apart, whatever is missed is missed for that. */
function underlying(error: unknown, rule: Rule, stage: RuleContext): unknown {
  const { nameless } = stage;
  if (nameless === undefined || rule.id === 'feed-schema') return error;
  return error instanceof RuleBroken || error instanceof Blocked ? new Blocked('feed-schema', nameless) : error;
}

function verdictOf(error: unknown, rule: Rule, stage: RuleContext, findings: Findings): Verdict {
  if (error instanceof NotApplicable) return { status: 'skipped', reason: sentence(error) };
  if (error instanceof ControlFailed) return { status: 'skipped', reason: sentence(error), blockedBy: error.by };
  if (error instanceof Blocked && error.by !== rule.id && findings.failed.has(error.by))
    return { status: 'skipped', reason: `${error.by} does not hold, and this needs it`, blockedBy: error.by };
  if (error instanceof RuleBroken || error instanceof Blocked) return broken(rule, stage, error.message);
  if (error instanceof OutOfReach) findings.outOfReach = true;
  if (error instanceof HarnessError) return { status: 'error', reason: sentence(error) };
  return { status: 'error', reason: `The case itself failed: ${formatError(error)}` };
}

function broken(rule: Rule, stage: RuleContext, received: string): Verdict {
  return {
    status: rule.level === 'must' ? 'failed' : 'warned',
    failure: {
      received,
      rule: rule.title,
      why: rule.why,
      fix: rule.fix,
      docs: docsOf(rule.id),
      trace: stage.trace.lines,
    },
  };
}

function sentence(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
