import type { CampaignAdapter } from '../adapters/contract.ts';
import type { RuleContext } from './rule-context.ts';
import type { Awaitable, BackendControl } from './subject.ts';

/** The rule sets there are. A rule never joins an older set, so that a later kit never fails an adapter that was right. */
export type RuleSet = 1;
/** The newest set of rules. */
export const RULE_SET: RuleSet = 1;

/** What a rule can be judged by. Where it is not there, the rule is skipped. */
export type Need =
  | 'control'
  | `control.${'cut' | 'clear' | 'expireCursors' | 'newEpoch' | 'loseNextAnswer' | 'answerWith' | 'openFeeds'}`
  | `adapter.${'get' | 'diagnose' | 'log' | 'idempotent'}`
  | 'other';

/** One rule of the contract, as it is documented. */
export interface RuleInfo {
  /** Stable: its anchor in the docs, and its name in lists of expected failures. */
  readonly id: string;
  /** Breaking a `must` fails a run, breaking a `should` warns. */
  readonly level: 'must' | 'should';
  /** The rule in one sentence. */
  readonly title: string;
  /** What goes wrong on a screen where it does not hold. */
  readonly why: string;
  /** How it is mended, as a rule. */
  readonly fix: string;
  /** What it is about: a heading of the docs. */
  readonly group: string;
  /** What it takes to judge it. Nothing: it is part of the read-only set. */
  readonly needs: readonly Need[];
  /** The rule set that it came with. */
  readonly ruleSet: RuleSet;
}

/** A rule with its proof. */
export interface Rule extends RuleInfo {
  /** @throws as in `verdict.ts` where it does not hold, or can't be judged */
  run(stage: RuleContext): Awaitable<void>;
}

/** What a file of rules says of each. */
export type RuleDraft = Omit<Rule, 'group' | 'needs' | 'ruleSet' | 'level'> &
  Partial<Pick<Rule, 'needs' | 'level' | 'ruleSet'>>;

/** Fills in what most rules have in common: `must`, the first rule set, and no needs. */
export function rules(group: string, drafts: readonly RuleDraft[]): readonly Rule[] {
  return drafts.map((draft) => ({ level: 'must', needs: [], ruleSet: 1, group, ...draft }));
}

/** Why a rule can't be judged here; `undefined` if it can. */
export function unmet(need: Need, stage: RuleContext): string | undefined {
  if (need === 'other') return stage.subject.other ? undefined : 'the subject names no second system (`other`)';
  const [of, member] = need.split('.') as [
    'control' | 'adapter',
    keyof BackendControl | keyof CampaignAdapter | undefined,
  ];
  if (of === 'adapter') {
    if (stage.adapter[member as keyof CampaignAdapter]) return undefined;
    return member === 'idempotent' ? 'the adapter does not claim to be idempotent' : `the adapter has no \`${member}\``;
  }
  if (stage.subject.readOnly) return 'the run is read-only';
  if (!stage.hasControl) return 'there is no back door';
  if (member === undefined || stage.control.door[member as keyof BackendControl]) return undefined;
  return `the back door has no \`${member}\``;
}
