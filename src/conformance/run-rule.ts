import type { Findings } from './findings.ts';
import { unmet, type Rule } from './rule.ts';
import { RuleContext } from './rule-context.ts';
import { formatError } from './format-value.ts';
import type { Subject } from './subject.ts';
import { Blocked, ControlFailed, HarnessError, NotApplicable, OutOfReach, RuleBroken } from './rule-errors.ts';
import { within } from './deadline.ts';

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

/** The section of the docs about a rule. */
export function docsOf(id: string): string {
  return `docs/conformance.md#${id}`;
}

type Verdict = Pick<CaseResult, 'status' | 'reason' | 'failure' | 'blockedBy'>;

/**
 * Checks one rule. Never rejects.
 *
 * @param findings of the cases before; this case adds its own
 * @param signal stops the case and lets it clean up
 * @returns `undefined` if it was stopped before there was a result
 */
export async function runRule(
  rule: Rule,
  subject: Subject,
  findings: Findings,
  signal?: AbortSignal,
): Promise<CaseResult | undefined> {
  const start = performance.now();
  const context = new RuleContext(subject, findings, rule.id);
  let verdict = await judge(rule, context, findings, signal);
  try {
    await context.end();
  } catch (error) {
    // A failure that was found stays a failure, even if the cleanup fails too.
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
  context: RuleContext,
  findings: Findings,
  signal: AbortSignal | undefined,
): Promise<Verdict | undefined> {
  const { caseMs } = context.timeouts;
  try {
    const { late } = await within(caseMs, check(rule, context), signal);
    if (late) throw new HarnessError(`The case did not finish within ${caseMs} ms (timeouts.caseMs).`);
    return { status: 'passed' };
  } catch (error) {
    return signal?.aborted ? undefined : verdictOf(underlying(error, rule, context), rule, context, findings);
  }
}

async function check(rule: Rule, context: RuleContext): Promise<void> {
  await context.start();
  for (const need of rule.needs) {
    const reason = unmet(need, context);
    if (reason !== undefined) throw new NotApplicable(reason);
  }
  await rule.run(context);
}

/** If the id of a campaign is unreadable, that is the cause of whatever was missed. */
function underlying(error: unknown, rule: Rule, context: RuleContext): unknown {
  const { unreadableId } = context;
  if (unreadableId === undefined || rule.id === 'feed-schema') return error;
  return error instanceof RuleBroken || error instanceof Blocked ? new Blocked('feed-schema', unreadableId) : error;
}

function verdictOf(error: unknown, rule: Rule, context: RuleContext, findings: Findings): Verdict {
  if (error instanceof NotApplicable) return { status: 'skipped', reason: sentence(error) };
  if (error instanceof ControlFailed) return { status: 'skipped', reason: sentence(error), blockedBy: error.by };
  if (error instanceof Blocked && error.by !== rule.id && findings.failed.has(error.by))
    return { status: 'skipped', reason: `${error.by} is broken, and this rule needs it`, blockedBy: error.by };
  if (error instanceof RuleBroken || error instanceof Blocked) return broken(rule, context, error.message);
  if (error instanceof OutOfReach) findings.outOfReach = true;
  if (error instanceof HarnessError) return { status: 'error', reason: sentence(error) };
  return { status: 'error', reason: `The check itself failed: ${formatError(error)}` };
}

function broken(rule: Rule, context: RuleContext, received: string): Verdict {
  return {
    status: rule.level === 'must' ? 'failed' : 'warned',
    failure: {
      received,
      rule: rule.title,
      why: rule.why,
      fix: rule.fix,
      docs: docsOf(rule.id),
      trace: context.trace.lines,
    },
  };
}

function sentence(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
