import { RULE_SET, type Rule, type RuleInfo, type RuleSet } from '../rule.ts';
import { actionRules } from './actions.ts';
import { changeRules } from './changes.ts';
import { endRules } from './stopping.ts';
import { feedRules } from './feed.ts';
import { oddRules } from './unusual-input.ts';
import { readingRules } from './readings.ts';
import { resumeRules } from './resume.ts';
import { snapshotRules } from './snapshot.ts';

/**
 * What others stand on. These are judged first, each after those that it stands on itself: where one does not hold, what needs it
 * is skipped instead of failing with it.
 */
const FOUNDATIONS: readonly string[] = [
  'adapter-shape',
  'feed-opens-first',
  'feed-synced',
  'feed-again',
  'feed-schema',
  'snapshot-complete',
  'row-faithful',
  'change-told',
  'removal-told',
  'act-schema',
  'act-legal',
  'act-illegal',
  'act-illegal-answered',
];

const documented: readonly Rule[] = [
  ...feedRules,
  ...snapshotRules,
  ...changeRules,
  ...resumeRules,
  ...endRules,
  ...readingRules,
  ...actionRules,
  ...oddRules,
];

/** Every rule with its proof, in the order in which they are judged. */
export const allRules: readonly Rule[] = [
  ...FOUNDATIONS.map((id) => documented.find((rule) => rule.id === id)!),
  ...documented.filter(({ id }) => !FOUNDATIONS.includes(id)),
];

/** The rules of a set, without their proofs, in the order of the docs. Default: the newest set. */
export function conformanceRules(ruleSet: RuleSet = RULE_SET): readonly RuleInfo[] {
  return documented.filter((rule) => rule.ruleSet <= ruleSet).map(({ run: _, ...info }) => info);
}
