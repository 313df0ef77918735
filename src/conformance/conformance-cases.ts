import { Findings } from './findings.ts';
import { docsOf, runRule, type CaseResult } from './run-rule.ts';
import { RULE_SET, type RuleInfo, type RuleSet } from './rule.ts';
import { allRules } from './rules/index.ts';
import { lifecycleOf } from './rule-context.ts';
import { timeoutsOf, type Subject } from './subject.ts';

/** One rule, ready to check one subject. Needs no test runner. */
export interface ConformanceCase extends RuleInfo {
  /** The section of the docs about this rule. */
  readonly docs: string;
  /** Checks the rule with a fresh adapter and its own campaigns. Never rejects, and leaves nothing open. */
  run(): Promise<CaseResult>;
}

/**
 * The cases for a subject, in order. Run them one after the other, because some cut connections or restart the backend. If a case
 * fails that others depend on, those are skipped.
 *
 * @param ruleSet Default: the newest.
 * @throws TypeError for a subject without `system`, `createAdapter`, or a lifecycle where one is needed; RangeError for an invalid timeout
 */
export function conformanceCases(subject: Subject, ruleSet: RuleSet = RULE_SET): readonly ConformanceCase[] {
  return prepared(subject, ruleSet).cases.map(({ judge, ...info }) => ({ ...info, run: async () => (await judge())! }));
}

/** A case that can be stopped. */
export interface PreparedCase extends Omit<ConformanceCase, 'run'> {
  /** @returns `undefined` if `signal` aborted before there was a result */
  judge(signal?: AbortSignal): Promise<CaseResult | undefined>;
}

/** The same cases as {@link conformanceCases}, with the findings they share. @throws as {@link conformanceCases} */
export function prepared(
  subject: Subject,
  ruleSet: RuleSet = RULE_SET,
): { readonly cases: readonly PreparedCase[]; readonly findings: Findings } {
  check(subject);
  const findings = new Findings();
  const cases = allRules
    .filter((rule) => rule.ruleSet <= ruleSet)
    .map((rule): PreparedCase => {
      const { run: _, ...info } = rule;
      return { ...info, docs: docsOf(rule.id), judge: (signal) => runRule(rule, subject, findings, signal) };
    });
  return { cases, findings };
}

function check(subject: Subject): void {
  const { system, createAdapter, control, readOnly } = subject;
  if (typeof system !== 'string' || !system) throw new TypeError('A subject needs `system`, such as "flows".');
  if (typeof createAdapter !== 'function')
    throw new TypeError('A subject needs `createAdapter`, a function that returns a fresh adapter.');
  if (control && !readOnly) {
    for (const member of ['seed', 'change', 'remove'] as const)
      if (typeof control[member] !== 'function') throw new TypeError(`A backend control needs \`${member}\`.`);
    if (!lifecycleOf(subject))
      throw new TypeError(
        `The lifecycle of "${system}" is unknown. Give \`lifecycle\`, made by defineLifecycle, next to \`control\`.`,
      );
  }
  timeoutsOf(subject);
}
