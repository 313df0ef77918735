import { Findings } from './findings.ts';
import { docsOf, runRule, type CaseResult } from './run-rule.ts';
import { RULE_SET, type RuleInfo, type RuleSet } from './rule.ts';
import { allRules } from './rules/index.ts';
import { lifecycleOf } from './rule-context.ts';
import { timeoutsOf, type Subject } from './subject.ts';

/** One rule, ready to be judged for one subject. Needs no test runner. */
export interface ConformanceCase extends RuleInfo {
  /** Where the docs tell more. */
  readonly docs: string;
  /** Judges it, with a fresh adapter and campaigns of its own. Never rejects; leaves nothing open. */
  run(): Promise<CaseResult>;
}

/**
 * The cases for a subject, in their order. Run them one after the other: some cut or restart the backend. Where a case fails
 * that others stand on, those are skipped instead of failing with it.
 *
 * @param ruleSet Default: the newest.
 * @throws TypeError for a subject without `system`, `createAdapter`, or a lifecycle where one is needed; RangeError for a wrong time
 */
export function conformanceCases(subject: Subject, ruleSet: RuleSet = RULE_SET): readonly ConformanceCase[] {
  return prepared(subject, ruleSet).cases.map(({ judge, ...info }) => ({ ...info, run: async () => (await judge())! }));
}

/** A case that can be ended. */
export interface PreparedCase extends Omit<ConformanceCase, 'run'> {
  /** @returns `undefined` if `signal` aborted before it was judged */
  judge(signal?: AbortSignal): Promise<CaseResult | undefined>;
}

/** The same, with what the cases find out together. @throws as {@link conformanceCases} */
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
    throw new TypeError('A subject needs `createAdapter`, a function that gives a fresh adapter.');
  if (control && !readOnly) {
    for (const member of ['seed', 'change', 'remove'] as const)
      if (typeof control[member] !== 'function') throw new TypeError(`A back door needs \`${member}\`.`);
    if (!lifecycleOf(subject))
      throw new TypeError(
        `The lifecycle of "${system}" is not known: give \`lifecycle\` along with the back door, as made by defineLifecycle.`,
      );
  }
  timeoutsOf(subject);
}
