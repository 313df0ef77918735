import { RULE_SET, type Rule, type RuleInfo, type RuleSet } from '../rule.ts';
import { actionRules } from './actions.ts';
import { changeRules } from './changes.ts';
import { stoppingRules } from './stopping.ts';
import { feedRules } from './feed.ts';
import { historyRules } from './history.ts';
import { manyActionRules } from './many-actions.ts';
import { unusualInputRules } from './unusual-input.ts';
import { readingRules } from './readings.ts';
import { resumeRules } from './resume.ts';
import { snapshotRules } from './snapshot.ts';

/**
 * Rules that other rules depend on. They are checked first, in the order of their dependencies: if one is broken, the rules that need
 * it are skipped.
 */
const FOUNDATIONS: readonly string[] = [
  'adapter-shape',
  'feed-opens-first',
  'feed-synced',
  'feed-again',
  'feed-schema',
  'snapshot-complete',
  'row-faithful',
  'change-reported',
  'removal-reported',
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
  ...stoppingRules,
  ...readingRules,
  ...actionRules,
  ...manyActionRules,
  ...historyRules,
  ...unusualInputRules,
];

/** Every rule with its check, in the order in which they run. */
export const allRules: readonly Rule[] = [
  ...FOUNDATIONS.map((id) => documented.find((rule) => rule.id === id)!),
  ...documented.filter(({ id }) => !FOUNDATIONS.includes(id)),
];

/** The rules of a set, without their checks, in the order of the docs. Default: the newest set. */
export function conformanceRules(ruleSet: RuleSet = RULE_SET): readonly RuleInfo[] {
  return documented.filter((rule) => rule.ruleSet <= ruleSet).map(({ run: _, ...info }) => info);
}
