import { RULE_SET, rulesOf, type Rule, type RuleInfo, type RuleSet } from '../rule.ts';
import { actionRules, manyActionRules } from './actions.ts';
import { changeRules, resumeRules } from './changes.ts';
import { feedRules, snapshotRules } from './feed.ts';
import { historyRules, readingRules } from './readings.ts';
import { stoppingRules } from './stopping.ts';
import { unusualInputRules } from './unusual-input.ts';

const documented: readonly Rule[] = [
  ...[feedRules, snapshotRules, changeRules, resumeRules, stoppingRules, readingRules],
  ...[actionRules, manyActionRules, historyRules, unusualInputRules],
].flatMap(rulesOf);

/** Every rule with its check, each after those that it requires. `requires` names those that are required indirectly too. */
export const allRules: readonly Rule[] = sorted(documented);

/** The rules of a set, without their checks, in the order of the docs. Default: the newest set. */
export function conformanceRules(ruleSet: RuleSet = RULE_SET): readonly RuleInfo[] {
  return documented.map(({ info }) => info).filter((info) => info.ruleSet <= ruleSet);
}

function sorted(rules: readonly Rule[]): readonly Rule[] {
  const done = new Map<string, Rule>();
  const add = (rule: Rule): void => {
    if (done.has(rule.info.id)) return;
    const requires = new Set<string>();
    for (const id of rule.requires) {
      add(rules.find(({ info }) => info.id === id)!);
      for (const required of [...done.get(id)!.requires, id]) requires.add(required);
    }
    done.set(rule.info.id, { ...rule, requires: [...requires] });
  };
  rules.forEach(add);
  return [...done.values()];
}
