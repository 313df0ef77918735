/** A sabotaged adapter for each rule: made of a right one, it breaks that rule and no other. */
import { actionSabotage } from './actions.ts';
import { changeSabotage } from './changes.ts';
import { endSabotage } from './ends.ts';
import { feedSabotage } from './feeds.ts';
import type { Sabotage } from './tamper.ts';
import { readingSabotage } from './readings.ts';

export type { Sabotage } from './tamper.ts';

export const sabotages: ReadonlyMap<string, Sabotage> = new Map(
  [feedSabotage, changeSabotage, endSabotage, readingSabotage, actionSabotage].flatMap((table) =>
    Object.entries(table),
  ),
);
