import { formatValue } from '../format-value.ts';
import { fresh, showAnswer, type Attempt, type RuleContext } from '../rule-context.ts';
import { rules, type Rule } from '../rule.ts';
import { hasStatus } from '../watch-recorder.ts';
import {
  clearAction,
  isDone,
  landed,
  prepareAttempts,
  retryThrottled,
  undo,
  type PreparedAttempt,
} from './action-setup.ts';

/** Several actions in one call. Each request follows the rules of `act`. */
export const manyActionRules: readonly Rule[] = rules('Several actions at once', [
  {
    id: 'act-many-in-order',
    ruleSet: 2,
    title: '`actMany` returns one outcome for each request, in the order of the requests.',
    why: 'An outcome names no campaign. In another order users see one campaign stopped while another one was.',
    fix: 'Keep the place of each request, and put its outcome there, whatever finishes first.',
    needs: ['control', 'adapter.actMany'],
    run: async (context: RuleContext) => {
      const two = await prepareTwo(context);
      const attempts = two.map(({ attempt }) => attempt);
      const results = await context.actMany([...attempts, unknown(attempts[0]!)]);
      attempts.forEach(({ id, action }, place) => {
        const result = results[place]!;
        const answered = result.outcome === 'done' ? (result.campaign as { readonly id: string }).id : id;
        if (!isDone(result) || answered !== id)
          context.broken(
            `Request ${place + 1} was “${action}” of ${formatValue(id)}, which is legal, and outcome ${place + 1} was ${formatValue(result)}.`,
          );
      });
      if (isDone(results[2]!))
        context.broken(`Request 3 was for an unknown campaign, and outcome 3 was ${formatValue(results[2])}.`);
    },
  },
  {
    id: 'act-many-apart',
    ruleSet: 2,
    title: 'A request of `actMany` that is refused does not affect the others.',
    why: 'Of fifty selected campaigns one has just been deleted. The other forty-nine must still stop.',
    fix: 'Do each request by itself. Use no transaction around all of them, and continue after a refusal.',
    needs: ['control', 'adapter.actMany'],
    run: async (context: RuleContext) => {
      const two = await prepareTwo(context);
      const attempts = two.map(({ attempt }) => attempt);
      const [refused, ...results] = await context.actMany([unknown(attempts[0]!), ...attempts]);
      if (isDone(refused!))
        context.blocked(
          'act-many-in-order',
          `Request 1 was for an unknown campaign, and outcome 1 was ${formatValue(refused)}.`,
        );
      for (const [place, prepared] of two.entries()) {
        if (!isDone(results[place]!))
          context.broken(
            `Request 1 was refused, and so was request ${place + 2}, which is legal: ${formatValue(results[place])}.`,
          );
        await landed(prepared);
      }
    },
  },
  {
    id: 'act-many-keys',
    ruleSet: 2,
    title:
      'If the adapter is `idempotent`, the keys of the requests of `actMany` that are sent again have no second effect.',
    why: 'Requests whose answer was lost are sent again, together or one by one. Without their keys they would start campaigns that someone has just stopped.',
    fix: 'Send the `idempotencyKey` of each request with it, not one key for the call, and keep the answer of each key.',
    needs: ['control', 'adapter.actMany', 'adapter.idempotent'],
    run: async (context: RuleContext) => {
      const two = await prepareTwo(context);
      const attempts = two.map(({ attempt }) => attempt);
      const results = await context.actMany(attempts);
      if (!results.every(isDone)) context.blocked('act-many-apart', `actMany answered ${formatValue(results)}.`);
      for (const prepared of two) {
        await landed(prepared);
        await undo(context, prepared);
      }
      const { recorder } = two[0]!;
      const start = recorder.messages.length;
      const again = await context.actMany(attempts);
      const alone = await retryThrottled(context, attempts[0]!);
      await context.fence(recorder);
      for (const [place, { attempt, targets }] of two.entries()) {
        const moved = recorder.rowsOf(attempt.id, start).find(hasStatus(targets));
        if (moved)
          context.broken(
            `“${attempt.action}” was undone and sent again with its old key, by actMany and by act; actMany answered ${formatValue(again[place])}, act ${showAnswer(alone)}, and the feed sent ${formatValue(moved)}.`,
          );
        if (!isDone(again[place]!))
          context.broken(
            `“${attempt.action}” was done and sent again with the same key, and actMany answered ${formatValue(again[place])}.`,
          );
      }
    },
  },
]);

/** Two campaigns, and the same legal action for each. */
function prepareTwo(context: RuleContext): Promise<readonly PreparedAttempt[]> {
  const one = clearAction(context);
  return prepareAttempts(context, [one, one]);
}

/** The same request for a campaign that does not exist. */
function unknown(attempt: Attempt): Attempt {
  return { ...attempt, id: fresh('no-such-campaign'), key: fresh('key') };
}
