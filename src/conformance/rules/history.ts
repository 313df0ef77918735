import type { HistoryEntry } from '../../adapters/contract.ts';
import { deepEqual } from '../../util/deep-equal.ts';
import { pause } from '../deadline.ts';
import { formatValue } from '../format-value.ts';
import { seenIn, showAnswer, type RuleContext } from '../rule-context.ts';
import { rules, type Rule } from '../rule.ts';
import { isAccepted, landed, prepareAttempt, undo, type PreparedAttempt } from './action-setup.ts';

/** A limit that holds the whole history of a campaign of the kit. */
const ALL = 100;
/** How many actions make a history of several pages. */
const ACTIONS = 3;
/** Time between two readings of a history that lacks an action, in ms. */
const AGAIN_MS = 50;

/** What moved a campaign, page by page. */
export const historyRules: readonly Rule[] = rules('The history of a campaign', [
  {
    id: 'history-schema',
    ruleSet: 2,
    title: '`history` returns pages that fit the schema of `HistoryPage`.',
    why: "The store leaves out an entry that it can't read, so the history has gaps.",
    fix: 'Return `{ entries, before }`. Each entry needs `status` and `at`; leave out `before` on the last page.',
    needs: ['adapter.history'],
    run: async (context: RuleContext) => {
      const id = await context.idWithPast();
      if (id === undefined) context.skip('there is no campaign with a history');
      // `context.history` checks the schema and names this rule.
      await context.history(id, ALL);
    },
  },
  {
    id: 'history-action',
    ruleSet: 2,
    title: 'An action that was taken is in the history, with its name and the status that it led to.',
    why: 'People read the history to find out who stopped a campaign. A move without its action looks like one of the engine.',
    fix: 'Record the `action` with the move, in the same step as the change of the status.',
    needs: ['control', 'adapter.history'],
    run: async (context: RuleContext) => {
      const prepared = await prepareAttempt(context);
      await actAndRead(context, prepared, 1);
    },
  },
  {
    id: 'history-newest-first',
    ruleSet: 2,
    title: 'The history begins with the newest entry.',
    why: 'The latest move is what people look for. The store shows the entries in the order in which they come.',
    fix: 'Sort by the order of the moves, newest first: `ORDER BY id DESC`. Times may be equal.',
    needs: ['control', 'adapter.history'],
    run: async (context: RuleContext) => {
      const prepared = await prepareAttempt(context);
      const older = await actAndRead(context, prepared, 1);
      await undo(context, prepared);
      const newer = await actAndRead(context, prepared, 2);
      if (!deepEqual(newer.slice(-older.length), older))
        context.broken(
          `After another action the history did not end with the entries from before. It was ${formatValue(older)}, and then ${formatValue(newer)}.`,
        );
    },
  },
  {
    id: 'history-paged',
    ruleSet: 2,
    title: 'The pages of a history that `before` leads to hold every entry once, and end.',
    why: '“Show more” would repeat the same moves, or never reach the first one.',
    fix: 'Let `before` name the place after the last entry of the page, and leave it out if there are no more entries.',
    needs: ['control', 'adapter.history'],
    run: async (context: RuleContext) => {
      const prepared = await prepareAttempt(context);
      let whole = await actAndRead(context, prepared, 1);
      for (let times = 2; times <= ACTIONS; times++) {
        await undo(context, prepared);
        whole = await actAndRead(context, prepared, times);
      }
      const paged = await context.history(prepared.attempt.id, 1);
      if (!deepEqual(paged, whole))
        context.broken(
          `Pages of 1 had ${paged.length} entries, ${formatValue(paged)}, and pages of ${ALL} had ${whole.length}: ${formatValue(whole)}.`,
        );
    },
  },
]);

/** Acts on a campaign, and reads its history until it names the action this many times. @throws Blocked if it does not */
async function actAndRead(
  context: RuleContext,
  prepared: PreparedAttempt,
  times: number,
): Promise<readonly HistoryEntry[]> {
  const { recorder, attempt, targets } = prepared;
  const { id, action } = attempt;
  const start = recorder.messages.length;
  const by = times === 1 ? 'act-legal' : 'act-new-key';
  const answer = await context.act({ id, action, seen: seenIn(recorder.row(id)!, recorder.epoch) });
  if (!isAccepted(answer)) context.blocked(by, `act ${showAnswer(answer)}.`);
  await landed(prepared, start, by);
  const isNamed = (entry: HistoryEntry): boolean => entry.action === action && targets.includes(entry.status);
  for (let left = context.timeouts.answerMs; ; left -= AGAIN_MS) {
    const entries = await context.history(id, ALL);
    if (entries.filter(isNamed).length >= times) return entries;
    if (left <= 0)
      context.blocked(
        'history-action',
        `“${action}” was taken ${times === 1 ? 'once' : `${times} times`}, and the history is ${formatValue(entries)}.`,
      );
    await pause(AGAIN_MS);
  }
}
