import type { CampaignAdapter } from '../adapters/contract.ts';
import type { RuleContext } from './rule-context.ts';
import type { Awaitable, BackendControl } from './subject.ts';

/** The rule sets, oldest first. A new rule never joins an older set, so a later kit does not fail an adapter that passed that set. */
export const RULE_SETS = [1, 2, 3] as const;
/** The number of a rule set. A set holds the rules of all sets before it. */
export type RuleSet = (typeof RULE_SETS)[number];
/** The newest set of rules. */
export const RULE_SET: RuleSet = 3;

const NEEDS = [
  ...(['control', 'control.cut', 'control.clear', 'control.expireCursors', 'control.newEpoch'] as const),
  ...([
    'control.loseNextAnswer',
    'control.answerWith',
    'control.openFeeds',
    'adapter.get',
    'adapter.diagnose',
  ] as const),
  ...(['adapter.log', 'adapter.history', 'adapter.actMany', 'adapter.idempotent', 'other'] as const),
];
/** What a rule needs to be checked. If it is missing, the rule is skipped. */
export type Need = (typeof NEEDS)[number];

/** One rule of the contract, as documented. */
export interface RuleInfo {
  /** Stable: the anchor in the docs, and the name in lists of expected failures. */
  readonly id: string;
  /** A broken `must` fails the run, a broken `should` warns. */
  readonly level: 'must' | 'should';
  /** The rule in one sentence. */
  readonly title: string;
  /** What goes wrong for users if the rule is broken. */
  readonly why: string;
  /** How to fix it, in most cases. */
  readonly fix: string;
  /** Its subject: a heading of the docs. */
  readonly group: string;
  /** What the check needs. Empty: the rule is part of the read-only set. */
  readonly needs: readonly Need[];
  /** The rule set that introduced it. */
  readonly ruleSet: RuleSet;
}

/** A rule with its check. */
export interface Rule {
  readonly info: RuleInfo;
  /** The ids of the rules without which this one can't be judged, in the order in which they are checked. */
  readonly requires: readonly string[];
  /**
   * @returns what the adapter did, in terms of the contract, if that breaks the rule
   * @throws an error of `rule-errors.ts` if the rule is broken or can't be checked
   */
  check(context: RuleContext): Awaitable<string | void>;
}

/** Rules with one subject, by id, in the order of the docs. */
export interface RuleGroup extends Partial<Pick<RuleInfo, 'ruleSet'>> {
  readonly group: string;
  /** What each rule requires besides its own list, except itself. */
  readonly requires?: readonly string[];
  readonly rules: Readonly<Record<string, RuleDraft>>;
}

/** A rule as written. `requires`: ids of rules, and needs. */
interface RuleDraft
  extends Pick<RuleInfo, 'title' | 'why' | 'fix'>, Pick<Rule, 'check'>, Partial<Pick<RuleInfo, 'level' | 'ruleSet'>> {
  readonly requires?: readonly string[];
}

/** The rules of a group, in the order of the docs. */
export function rulesOf({ group, rules, ruleSet = 1, requires: shared = [] }: RuleGroup): readonly Rule[] {
  return Object.entries(rules).map(([id, { check, requires: own = [], ...texts }]) => {
    const requires = [...shared, ...own].filter((other) => other !== id);
    const needs = NEEDS.filter((need) => requires.includes(need));
    // A member of the backend control implies the control.
    const implied = needs.some((need) => need.startsWith('control.')) ? 'control' : undefined;
    return {
      info: { id, level: 'must', group, ruleSet, needs: needs.filter((need) => need !== implied), ...texts },
      requires: requires.filter((other) => !NEEDS.some((need) => need === other)),
      check,
    };
  });
}

/** Why a need is not met here; `undefined` if it is. */
export function unmet(need: Need, { subject, adapter, hasControl }: RuleContext): string | undefined {
  const [of, member] = need.split('.');
  if (of === 'other') return subject.other ? undefined : 'the subject names no second system (`other`)';
  if (of === 'adapter') {
    if (adapter[member as keyof CampaignAdapter]) return undefined;
    return member === 'idempotent' ? 'the adapter does not claim to be idempotent' : `the adapter has no \`${member}\``;
  }
  if (subject.readOnly) return 'the run is read-only';
  if (!hasControl) return 'there is no backend control';
  if (member === undefined || subject.control?.[member as keyof BackendControl]) return undefined;
  return `the backend control has no \`${member}\``;
}
