import { isAbsent } from '../../util/is-absent.ts';
import { formatValue } from '../format-value.ts';
import { rules, type Rule } from '../rule.ts';
import { fresh, seenIn, showAnswer, type Attempt, type RuleContext } from '../rule-context.ts';
import { invalidInputs, validInput } from '../sample-input.ts';
import { hasStatus } from '../watch-recorder.ts';
import {
  actOnce,
  clearAction,
  codeOf,
  illegal,
  isAccepted,
  landed,
  legal,
  type LegalAction,
  listed,
  mayBeIn,
  prepareAttempt,
  prepareAttempts,
  resting,
  retryThrottled,
  rowOf,
  seedAndWatch,
  undo,
} from './action-setup.ts';
import { eachFailureKind } from './stopping.ts';

/** The effects and answers of actions, derived from the transitions of the lifecycle. */
export const actionRules: readonly Rule[] = rules('Actions', [
  {
    id: 'act-legal',
    title: 'A legal action is done or accepted, and the feed reports a status that it leads to.',
    why: 'This is the button. If it has no effect, users press it again, or leave a campaign running that they meant to stop.',
    fix: 'Map each action of the lifecycle to a request of the backend, and let the feed report the new status.',
    needs: ['control'],
    run: async (context: RuleContext) => {
      for (const prepared of await prepareAttempts(context, legal(context.control.lifecycle))) {
        const { recorder, attempt, from, targets } = prepared;
        const { action } = attempt;
        const start = recorder.messages.length;
        const answer = await context.act(attempt);
        if (!isAccepted(answer)) context.broken(`“${action}” is legal from “${from}”, and act ${showAnswer(answer)}.`);
        await recorder.waitForRow(
          attempt.id,
          hasStatus(targets),
          `status ${listed(targets)}, where “${action}” leads from “${from}”`,
          { from: start },
        );
      }
    },
  },
  {
    id: 'act-lands',
    ruleSet: 2,
    title: 'After an action the feed reports only statuses that the action, or the engine after it, leads to.',
    why: 'The store takes any other status for the work of someone else, and shows a conflict to the user who acted.',
    fix: 'Keep steps in between, such as “stopping”, out of the row. Or add them to the lifecycle: as landings of the action, or as `moves` of a status.',
    needs: ['control'],
    run: async (context: RuleContext) => {
      const { lifecycle } = context.control;
      const all = await prepareAttempts(context, legal(lifecycle));
      const { recorder } = all[0]!;
      const start = recorder.messages.length;
      for (const prepared of all) {
        const answer = await context.act(prepared.attempt);
        if (!isAccepted(answer)) context.blocked('act-legal', `act ${showAnswer(answer)}.`);
        await landed(prepared, start);
      }
      await context.fence(recorder);
      for (const { attempt, from, targets } of all) {
        const stray = recorder
          .rowsOf(attempt.id, start)
          .find(({ status }) => !mayBeIn(lifecycle, from, status) && !targets.includes(String(status)));
        if (stray)
          context.broken(
            `“${attempt.action}” leads from “${from}” to ${listed(targets)}, and the feed sent ${formatValue(stray)}.`,
          );
      }
    },
  },
  {
    id: 'act-schema',
    title: 'Every answer of `act` fits the schema of `ActResult`.',
    why: "An answer that can't be read counts as no answer: the action is shown as “not confirmed”.",
    fix: 'Return one of the four outcomes: `done` with the new row, `refused` with one of the four codes.',
    needs: ['control'],
    run: async (context: RuleContext) => {
      const { lifecycle } = context.control;
      const move = clearAction(context);
      const { recorder, made } = await seedAndWatch(context, [
        resting(lifecycle, move.from),
        ...illegal(lifecycle).slice(0, 1),
      ]);
      const attempts: Attempt[] = made.map((campaign, index) => {
        const row = rowOf(context, recorder, campaign);
        return {
          id: row.id,
          action: index ? illegal(lifecycle)[0]!.action : move.action,
          seen: seenIn(row, recorder.epoch),
        };
      });
      attempts.push({ ...attempts[0]!, id: fresh('no-such-campaign') });
      // `context.act` checks the schema and names this rule.
      for (const attempt of attempts) await context.act(attempt);
    },
  },
  {
    id: 'act-illegal',
    title: 'An action that is not legal from the current status has no effect and is neither done nor accepted.',
    why: 'Two users see the same campaign. The later request must not undo the earlier one.',
    fix: 'Check the transition in the backend, in the same step as the change: `UPDATE … WHERE status = …`.',
    needs: ['control'],
    run: async (context: RuleContext) => {
      const { lifecycle } = context.control;
      const pairs = illegal(lifecycle);
      if (!pairs.length) context.skip('every action is legal everywhere');
      const { recorder, made } = await seedAndWatch(context, pairs);
      for (const [index, { action }] of pairs.entries()) {
        const row = rowOf(context, recorder, made[index]!);
        const answer = await context.act({ id: row.id, action, seen: seenIn(row, recorder.epoch) });
        if (isAccepted(answer))
          context.broken(`“${action}” is not legal from “${String(row['status'])}”, and act ${showAnswer(answer)}.`);
      }
      await context.fence(recorder);
      for (const [index, { action, status }] of pairs.entries()) {
        const moved = recorder.rowsOf(made[index]!.id).find((row) => !mayBeIn(lifecycle, status, row['status']));
        if (moved)
          context.broken(`“${action}” is not legal from “${status}”, and then the feed sent ${formatValue(moved)}.`);
      }
    },
  },
  {
    id: 'act-illegal-answered',
    title: 'An action that is not legal is answered with `conflict` or `refused`, not thrown.',
    why: 'A thrown error means that the outcome is unknown. The screen shows “not confirmed” instead of the reason.',
    fix: 'Turn 409 and 412 into `conflict` and other 4xx into `refused`, as `actResultFromResponse(response)` does.',
    needs: ['control'],
    run: async (context: RuleContext) => {
      const pairs = illegal(context.control.lifecycle);
      if (!pairs.length) context.skip('every action is legal everywhere');
      const { recorder, made } = await seedAndWatch(context, pairs);
      for (const [index, { action, status }] of pairs.entries()) {
        const row = rowOf(context, recorder, made[index]!);
        const answer = await context.act({ id: row.id, action, seen: seenIn(row, recorder.epoch) });
        if ('thrown' in answer)
          context.broken(`“${action}” is not legal from “${status}”, and act ${showAnswer(answer)}.`);
      }
    },
  },
  {
    id: 'act-missing',
    title: 'An action that needs a prerequisite is refused while it is missing.',
    why: 'Otherwise a campaign runs without contacts, or is shown as running although it does not.',
    fix: 'Refuse with `invalid`, and name what is missing in `reason`. `missing` in the row disables the button before that.',
    needs: ['control'],
    run: async (context: RuleContext) => {
      const { lifecycle } = context.control;
      const waiting = Object.entries(lifecycle.statuses).flatMap(([status, { action, needs = [] }]) =>
        action !== undefined && needs.length ? [{ status, action, missing: needs }] : [],
      );
      if (!waiting.length) context.skip('no action of the lifecycle needs a prerequisite');
      const { recorder, made } = await seedAndWatch(context, waiting);
      for (const [index, { action, status, missing }] of waiting.entries()) {
        const row = rowOf(context, recorder, made[index]!);
        if (!Array.isArray(row['missing'])) context.skip("the rows don't report what is missing");
        const answer = await context.act({ id: row.id, action, seen: seenIn(row, recorder.epoch) });
        const what = `“${action}” needs ${missing.map((prerequisite) => `"${prerequisite}"`).join(' and ')}`;
        if ('thrown' in answer) context.blocked('act-illegal-answered', `${what}, and act ${showAnswer(answer)}.`);
        if (isAccepted(answer)) context.broken(`${what}, and act ${showAnswer(answer)}.`);
        await context.fence(recorder);
        const moved = recorder.rowsOf(row.id).find((later) => !mayBeIn(lifecycle, status, later['status']));
        if (moved) context.broken(`${what}, and then the feed sent ${formatValue(moved)}.`);
      }
    },
  },
  {
    id: 'act-input',
    ruleSet: 2,
    title: 'An action that asks for a text is done or accepted with one.',
    why: 'The button asks users for the text that the lifecycle declares, such as a reason. If it is refused, the action is impossible.',
    fix: 'Pass the `input` of the request on to the backend.',
    needs: ['control'],
    run: async (context: RuleContext) => {
      for (const prepared of await prepareAttempts(context, actionsWithInput(context))) {
        const { recorder, attempt } = prepared;
        const start = recorder.messages.length;
        const input = validInput(context.lifecycle, attempt.action)!;
        const answer = await context.act({ ...attempt, input });
        if (!isAccepted(answer))
          context.broken(`“${attempt.action}” was sent with the text “${input}”, and act ${showAnswer(answer)}.`);
        await landed(prepared, start);
      }
    },
  },
  {
    id: 'act-input-invalid',
    ruleSet: 2,
    title: 'An action whose text is missing or invalid is refused and has no effect.',
    why: 'The kit asks for the text before it sends the action; another client may not. The action would be done without the reason, or with any value.',
    fix: 'Check the text in the backend, and refuse with `invalid`. Send no text in the place of a missing one.',
    needs: ['control'],
    run: async (context: RuleContext) => {
      const { lifecycle } = context.control;
      for (const prepared of await prepareAttempts(context, actionsWithInput(context))) {
        const { recorder, attempt, from } = prepared;
        const { action } = attempt;
        for (const input of invalidInputs(lifecycle, action)) {
          const what = `“${action}” was sent ${input === null ? 'without its text' : `with the text ${formatValue(input, 40)}`}`;
          const answer = await context.act({ ...attempt, input, key: fresh('key') });
          if ('thrown' in answer || answer.result.outcome !== 'refused')
            context.broken(`${what}, and act ${showAnswer(answer)}.`);
          await context.fence(recorder);
          const moved = recorder.rowsOf(attempt.id).find(({ status }) => !mayBeIn(lifecycle, from, status));
          if (moved) context.broken(`${what} and refused, and then the feed sent ${formatValue(moved)}.`);
        }
      }
    },
  },
  {
    id: 'act-unknown-campaign',
    title: 'An action on an unknown campaign is refused with `gone`.',
    why: 'It was deleted a moment ago. Users should see that, not “not confirmed”.',
    fix: 'Turn 404 and 410 into `{ outcome: "refused", code: "gone" }`.',
    needs: ['control'],
    run: async (context: RuleContext) => {
      const { action, from } = clearAction(context);
      const seen = { status: from, revision: 1 };
      const answer = await context.act({ id: fresh('no-such-campaign'), action, seen });
      if ('thrown' in answer || answer.result.outcome !== 'refused' || answer.result.code !== 'gone')
        context.broken(`The campaign does not exist, and act ${showAnswer(answer)}.`);
    },
  },
  {
    id: 'act-unknown-action',
    title: 'An unknown action is refused.',
    why: 'If the lifecycle has an action that the backend does not know, it would always end as “not confirmed”.',
    fix: "Refuse actions that you can't map with `invalid`, before you ask the backend.",
    needs: ['control'],
    run: async (context: RuleContext) => {
      const { recorder, made } = await seedAndWatch(context, [{}]);
      const row = rowOf(context, recorder, made[0]!);
      const answer = await context.act({ id: row.id, action: 'no-such-action', seen: seenIn(row, recorder.epoch) });
      if ('thrown' in answer || isAccepted(answer))
        context.broken(`The action does not exist, and act ${showAnswer(answer)}.`);
    },
  },
  {
    id: 'act-stale-but-legal',
    title: 'An action that is legal now is done or accepted, even if the user saw an older row.',
    why: 'A counter may change while the user presses Stop. A conflict would mean that Stop does not stop.',
    fix: "Decide by the current status alone. Don't send `expect.revision` as If-Match unless the backend requires it.",
    needs: ['control'],
    run: async (context: RuleContext) => {
      const { lifecycle } = context.control;
      const move = clearAction(context);
      const twoSources = legal(lifecycle).flatMap((one) =>
        legal(lifecycle)
          .filter((two) => two.action === one.action && two.from !== one.from)
          .map((two) => ({ ...one, saw: two.from })),
      )[0];
      const seeds = [move, ...(twoSources ? [twoSources] : [])].map(({ from }) => resting(lifecycle, from));
      const { recorder, made } = await seedAndWatch(context, seeds);
      const [renamed, moved] = made;
      const before = rowOf(context, recorder, renamed!);
      const name = fresh('Renamed');
      await context.control.change(renamed!.id, { name });
      await recorder.waitForRow(renamed!.id, (row) => row['name'] === name, `name "${name}"`);
      const answer = await context.act({ id: before.id, action: move.action, seen: seenIn(before, recorder.epoch) });
      if (!isAccepted(answer))
        context.broken(
          `The campaign was renamed after the user saw it; “${move.action}” is still legal, and act ${showAnswer(answer)}.`,
        );
      if (!twoSources || !moved) return;
      const row = rowOf(context, recorder, moved);
      const other = await context.act({
        id: moved.id,
        action: twoSources.action,
        seen: { ...seenIn(row, recorder.epoch), status: twoSources.saw },
      });
      if (!isAccepted(other))
        context.broken(
          `The user saw “${twoSources.saw}”, the campaign is “${twoSources.from}”; “${twoSources.action}” is legal from both, and act ${showAnswer(other)}.`,
        );
    },
  },
  {
    id: 'act-overtaken',
    title:
      'An action that was legal when the user saw the row but is not now is a `conflict`. If the answer has a row, it is the current one.',
    why: 'A conflict means that someone else was faster. A refusal would mean that the user may not do it, and a success would be false.',
    fix: 'Answer 412 or 409, turn it into `conflict`, and add the current row.',
    needs: ['control'],
    run: async (context: RuleContext) => {
      const { lifecycle } = context.control;
      const overtaken = legal(lifecycle)
        .flatMap(({ action, from }) =>
          illegal(lifecycle)
            .filter((pair) => pair.action === action)
            .map((pair) => ({ ...pair, from })),
        )
        .find(({ missing }) => !missing.length);
      if (!overtaken) context.skip('no action of the lifecycle can become illegal');
      const { action, from, status } = overtaken;
      const { recorder, made } = await seedAndWatch(context, [resting(lifecycle, from)]);
      const row = rowOf(context, recorder, made[0]!);
      const start = recorder.messages.length;
      await context.control.change(row.id, { status });
      await recorder.waitForRow(row.id, ({ status: now }) => mayBeIn(lifecycle, status, now), `status "${status}"`, {
        from: start,
      });
      const answer = await context.act({ id: row.id, action, seen: seenIn(row, recorder.epoch) });
      const what = `The user saw “${from}”, the campaign is now “${status}”, where “${action}” is not legal`;
      if ('thrown' in answer) context.blocked('act-illegal-answered', `${what}, and act ${showAnswer(answer)}.`);
      if (isAccepted(answer)) context.blocked('act-illegal', `${what}, and act ${showAnswer(answer)}.`);
      if (answer.result.outcome !== 'conflict') context.broken(`${what}, and act ${showAnswer(answer)}.`);
      const included = answer.result.campaign as Record<string, unknown> | null | undefined;
      if (included && (included['id'] !== row.id || !mayBeIn(lifecycle, status, included['status'])))
        context.broken(`${what}, and act ${showAnswer(answer)}: that is not the current row.`);
    },
  },
  {
    id: 'act-done-agrees',
    title: 'The row of `done` agrees with the feed.',
    why: "The store shows that row at once. If its revision is higher than the feed's, later changes are hidden.",
    fix: "Take the row from the backend's answer, with revisions as in the feed. If it has no row, return `accepted`.",
    needs: ['control'],
    run: async (context: RuleContext) => {
      const { recorder, attempt } = await prepareAttempt(context);
      const row = recorder.row(attempt.id)!;
      const answer = await context.act(attempt);
      if ('thrown' in answer || !isAccepted(answer)) context.blocked('act-legal', `act ${showAnswer(answer)}.`);
      if (answer.result.outcome !== 'done') context.skip('the adapter answers `accepted`, without a row');
      const after = answer.result.campaign as Record<string, unknown>;
      const before = context.revisionOf(row);
      const { epoch } = answer.result;
      if (after['id'] !== row.id)
        context.broken(`The action was sent for ${formatValue(row.id)}, and act ${showAnswer(answer)}.`);
      if (!isAbsent(epoch) && epoch !== recorder.epoch)
        context.broken(`The feed is of epoch ${formatValue(recorder.epoch)}, and act ${showAnswer(answer)}.`);
      const reached = await recorder.until(() =>
        recorder.rowsOf(row.id).find((sent) => Number(sent['revision']) >= Number(after['revision'])),
      );
      if (!reached)
        context.blocked(
          'change-reported',
          `act ${showAnswer(answer)}, and the last row of the feed is ${formatValue(recorder.row(row.id))}.`,
        );
      if (reached['revision'] === after['revision'] && reached['status'] !== after['status'])
        context.broken(`With the same revision act ${showAnswer(answer)}, and the feed sent ${formatValue(reached)}.`);
      if (!(Number(after['revision']) > before))
        context.broken(
          `The campaign was ${formatValue(row)}, and act ${showAnswer(answer)}, whose revision is not higher.`,
        );
    },
  },
  {
    id: 'act-new-key',
    title: 'The same action with a new key is a new request.',
    why: 'After Start, Stop and Start again, the third request must not be taken for a retry of the first.',
    fix: 'Recognize retries by `idempotencyKey` alone.',
    needs: ['control'],
    run: async (context: RuleContext) => {
      const prepared = await actOnce(context);
      const { recorder, attempt, from, targets } = prepared;
      const row = await undo(context, prepared);
      const start = recorder.messages.length;
      const again = await context.act({ ...attempt, seen: seenIn(row, recorder.epoch), key: fresh('key') });
      if (!isAccepted(again))
        context.broken(
          `“${attempt.action}” is legal again from “${from}”, and with a new key act ${showAnswer(again)}.`,
        );
      await recorder.waitForRow(
        attempt.id,
        hasStatus(targets),
        `status ${listed(targets)} after “${attempt.action}” with a new key`,
        { from: start, by: 'act-legal' },
      );
    },
  },
  {
    id: 'idempotent-replay',
    title: 'If the adapter is `idempotent`, a key that is sent again later has no second effect.',
    why: 'A late retry of Start would start a campaign again that someone has just stopped.',
    fix: "Keep the answer of each key and return it again. If the backend does not, don't set `idempotent: true`.",
    needs: ['control', 'adapter.idempotent'],
    run: async (context: RuleContext) => {
      const prepared = await actOnce(context);
      const { recorder, attempt, targets } = prepared;
      await undo(context, prepared);
      const start = recorder.messages.length;
      const again = await retryThrottled(context, attempt);
      await context.fence(recorder);
      const moved = recorder.rowsOf(attempt.id, start).find(hasStatus(targets));
      if (moved)
        context.broken(
          `“${attempt.action}” was sent again with its old key after it had been undone; act ${showAnswer(again)}, and the feed sent ${formatValue(moved)}.`,
        );
      if (!isAccepted(again))
        context.broken(`“${attempt.action}” was done and sent again with the same key, and act ${showAnswer(again)}.`);
    },
  },
  {
    id: 'idempotent-at-once',
    title: 'If the adapter is `idempotent`, two requests with one key at the same time have one effect and one answer.',
    why: 'A retry may be sent before a slow answer arrives. Neither request may fail because of the other.',
    fix: 'Lock the key before you act. Answer the second request with the result of the first, or with 409 until there is one.',
    needs: ['control', 'adapter.idempotent'],
    run: async (context: RuleContext) => {
      const { attempt } = await prepareAttempt(context);
      const answers = await Promise.all([retryThrottled(context, attempt), retryThrottled(context, attempt)]);
      for (const answer of answers)
        if (!isAccepted(answer))
          context.broken(
            `“${attempt.action}” was sent twice at once with one key; ${answers.map((one) => `act ${showAnswer(one)}`).join(', and ')}.`,
          );
    },
  },
  {
    id: 'act-lost-answer',
    title: 'If the answer is lost, `act` throws, because the outcome is unknown.',
    why: '`refused` would mean that nothing happened, and `done` that it did. Either may be false.',
    fix: 'Let network errors through. Turn only answers of the backend into outcomes.',
    needs: ['control.loseNextAnswer'],
    run: async (context: RuleContext) => {
      const { attempt } = await prepareAttempt(context);
      await context.control.use('loseNextAnswer');
      const answer = await context.act(attempt);
      if (!('thrown' in answer) || codeOf(answer) === 'unauthenticated' || codeOf(answer) === 'throttled')
        context.broken(`The answer was lost on the way, and act ${showAnswer(answer)}.`);
    },
  },
  {
    id: 'idempotent-lost-answer',
    title:
      'If the adapter is `idempotent`, a retry with the same key gets the outcome of the request whose answer was lost.',
    why: 'The retry settles an uncertain action. A conflict with its own first request would look as if someone else was faster.',
    fix: 'Store the answer with its key before you send it.',
    needs: ['control.loseNextAnswer', 'adapter.idempotent'],
    run: async (context: RuleContext) => {
      const { attempt } = await prepareAttempt(context);
      await context.control.use('loseNextAnswer');
      const lost = await context.act(attempt);
      if (!('thrown' in lost)) context.blocked('act-lost-answer', `act ${showAnswer(lost)}.`);
      const answer = await retryThrottled(context, attempt);
      if (!isAccepted(answer))
        context.broken(`The answer was lost, and the retry with the same key ${showAnswer(answer)}.`);
    },
  },
  {
    id: 'act-error-codes',
    title: '`unauthenticated` and `throttled` are thrown with their codes, and a forbidden action is refused.',
    why: 'In these three cases nothing happened, so the store signs in, waits or shows the reason. After any other error the outcome is unknown.',
    fix: 'Use `actResultFromResponse(response)`, or do the same.',
    needs: ['control.answerWith'],
    run: async (context: RuleContext) => {
      const { attempt } = await prepareAttempt(context);
      await eachFailureKind(context, async (failure) => {
        const answer = await context.act({ ...attempt, key: fresh('key') });
        const right: Readonly<Record<typeof failure, boolean>> = {
          unauthenticated: codeOf(answer) === 'unauthenticated',
          throttled: codeOf(answer) === 'throttled',
          forbidden: 'result' in answer && answer.result.outcome === 'refused' && answer.result.code === 'forbidden',
          // HTTP 503 means “later”, and `actResultFromResponse` throws `throttled` for it.
          unavailable: 'thrown' in answer && codeOf(answer) !== 'unauthenticated',
        };
        if (!right[failure]) context.broken(`The backend answered “${failure}”, and act ${showAnswer(answer)}.`);
      });
    },
  },
]);

/** The legal actions that ask for a text. Skips the rule if there are none. */
function actionsWithInput(context: RuleContext): readonly LegalAction[] {
  const { lifecycle } = context.control;
  const withInput = legal(lifecycle).filter(({ action }) => lifecycle.actions[action]!.input);
  return withInput.length ? withInput : context.skip('no action of the lifecycle asks for a text (`input`)');
}
