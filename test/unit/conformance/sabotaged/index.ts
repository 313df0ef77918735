/** One sabotaged adapter per rule: a conforming adapter changed so that it breaks that rule and no other. */
import { actionSabotage } from './actions.ts';
import { changeSabotage } from './changes.ts';
import { stoppingSabotage } from './stopping.ts';
import { feedSabotage } from './feed.ts';
import type { Sabotage } from './tamper.ts';
import { readingSabotage } from './readings.ts';

export type { Sabotage } from './tamper.ts';

export const sabotages: ReadonlyMap<string, Sabotage> = new Map(
  [feedSabotage, changeSabotage, stoppingSabotage, readingSabotage, actionSabotage].flatMap((table) =>
    Object.entries(table),
  ),
);
