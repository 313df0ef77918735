import { unmet, type Rule } from './rule.ts';
import { Stage } from './stage.ts';
import { showError } from './show.ts';
import type { Subject } from './subject.ts';
import { Blocked, HarnessError, NotApplicable, RuleBroken } from './verdict.ts';
import { within } from './within.ts';

/** How a case ended. `error`: what surrounds the adapter failed, so nothing was proved. */
export type CaseStatus = 'passed' | 'failed' | 'warned' | 'skipped' | 'error';

/** Why a rule does not hold. */
export interface Failure {
  /** What was received. */
  readonly received: string;
  readonly rule: string;
  readonly why: string;
  readonly fix: string;
  /** Where the docs tell more. */
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
  /** Skipped, since this rule does not hold. */
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
 * @param failed the rules that are known not to hold: a case that is blocked by one of them is skipped
 */
export async function runRule(rule: Rule, subject: Subject, failed: ReadonlySet<string>): Promise<CaseResult> {
  const start = performance.now();
  const stage = new Stage(subject, failed);
  let verdict = await judge(rule, stage, failed);
  try {
    await stage.end();
  } catch (error) {
    // A case that proved something has done so all the same.
    if (verdict.status === 'passed') verdict = { status: 'error', reason: sentence(error) };
  }
  const { id, level, title } = rule;
  return { id, level, title, ...verdict, durationMs: Math.round(performance.now() - start) };
}

async function judge(rule: Rule, stage: Stage, failed: ReadonlySet<string>): Promise<Verdict> {
  try {
    await stage.begin();
    for (const need of rule.needs) {
      const reason = unmet(need, stage);
      if (reason !== undefined) return { status: 'skipped', reason };
    }
    const { caseMs } = stage.patience;
    const { late } = await within(caseMs, Promise.resolve(rule.run(stage)));
    if (late) throw new HarnessError(`The case was not over within ${caseMs} ms (patience.caseMs).`);
    return { status: 'passed' };
  } catch (error) {
    if (error instanceof NotApplicable) return { status: 'skipped', reason: sentence(error) };
    if (error instanceof Blocked && error.by !== rule.id && failed.has(error.by))
      return { status: 'skipped', reason: `${error.by} does not hold, and this needs it`, blockedBy: error.by };
    if (error instanceof RuleBroken || error instanceof Blocked) return broken(rule, stage, error.message);
    if (error instanceof HarnessError) return { status: 'error', reason: sentence(error) };
    return { status: 'error', reason: `The case itself failed: ${showError(error)}` };
  }
}

function broken(rule: Rule, stage: Stage, received: string): Verdict {
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
