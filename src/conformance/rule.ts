import type { CampaignAdapter } from '../adapters/contract.ts';
import type { RuleContext } from './rule-context.ts';
import type { Awaitable, BackendControl } from './subject.ts';

/** The rule sets, oldest first. A new rule never joins an older set, so a later kit does not fail an adapter that passed that set. */
export const RULE_SETS = [1, 2] as const;
/** The number of a rule set. A set holds the rules of all sets before it. */
export type RuleSet = (typeof RULE_SETS)[number];
/** The newest set of rules. */
export const RULE_SET: RuleSet = 2;

/** What a rule needs to be checked. If it is missing, the rule is skipped. */
export type Need =
  | 'control'
  | `control.${'cut' | 'clear' | 'expireCursors' | 'newEpoch' | 'loseNextAnswer' | 'answerWith' | 'openFeeds'}`
  | `adapter.${'get' | 'diagnose' | 'log' | 'history' | 'actMany' | 'idempotent'}`
  | 'other';

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
export interface Rule extends RuleInfo {
  /** @throws an error of `rule-errors.ts` if the rule is broken or can't be checked */
  run(context: RuleContext): Awaitable<void>;
}

/** A rule as written in a file of rules. */
export type RuleDraft = Omit<Rule, 'group' | 'needs' | 'ruleSet' | 'level'> &
  Partial<Pick<Rule, 'needs' | 'level' | 'ruleSet'>>;

/** Fills in the defaults: `must`, the first rule set, and no needs. */
export function rules(group: string, drafts: readonly RuleDraft[]): readonly Rule[] {
  return drafts.map((draft) => ({ level: 'must', needs: [], ruleSet: 1, group, ...draft }));
}

/** Why a need is not met here; `undefined` if it is. */
export function unmet(need: Need, context: RuleContext): string | undefined {
  if (need === 'other') return context.subject.other ? undefined : 'the subject names no second system (`other`)';
  const [of, member] = need.split('.') as [
    'control' | 'adapter',
    keyof BackendControl | keyof CampaignAdapter | undefined,
  ];
  if (of === 'adapter') {
    if (context.adapter[member as keyof CampaignAdapter]) return undefined;
    return member === 'idempotent' ? 'the adapter does not claim to be idempotent' : `the adapter has no \`${member}\``;
  }
  if (context.subject.readOnly) return 'the run is read-only';
  if (!context.hasControl) return 'there is no backend control';
  if (member === undefined || context.control.offers(member as keyof BackendControl)) return undefined;
  return `the backend control has no \`${member}\``;
}
