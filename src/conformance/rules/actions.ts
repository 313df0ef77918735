import type { AdapterErrorCode } from '../../adapters/contract.ts';
import {
  landing,
  landings,
  settle,
  statusDef,
  transitions,
  type Lifecycle,
  type Transition,
} from '../../lifecycle/index.ts';
import { isAbsent } from '../../util/is-absent.ts';
import { rules, type Rule } from '../rule.ts';
import { formatValue } from '../format-value.ts';
import { fresh, seenIn, showAnswer, type Answer, type Attempt, type RuleContext } from '../rule-context.ts';
import type { SeedCampaign } from '../subject.ts';
import { hasStatus, type Row, type WatchRecorder } from '../watch-recorder.ts';
import { pause } from '../deadline.ts';
import { eachFailureKind } from './stopping.ts';

/** Time between two attempts of a throttled request, in ms. */
const RETRY_MS = 100;

/** The effects and answers of actions, derived from the transitions of the lifecycle. */
export const actionRules: readonly Rule[] = rules('Actions', [
  {
    id: 'act-legal',
    title: 'A legal action is done or accepted, and the feed reports a status that it leads to.',
    why: 'This is the button. If it has no effect, users press it again, or leave a campaign running that they meant to stop.',
    fix: 'Map each action of the lifecycle to a request of the backend, and let the feed report the new status.',
    needs: ['control'],
    run: async (context: RuleContext) => {
      const { lifecycle } = context.control;
      const moves = transitions(lifecycle);
      const { recorder, made } = await seedAndWatch(
        context,
        moves.map(({ from }) => resting(lifecycle, from)),
      );
      for (const [index, { action, from }] of moves.entries()) {
        const row = rowOf(context, recorder, made[index]!);
        const start = recorder.messages.length;
        const answer = await context.act({ id: row.id, action, seen: seenIn(row, recorder.epoch) });
        const what = `“${action}” is legal from “${from}”`;
        if (!isAccepted(answer)) context.broken(`${what}, and act ${showAnswer(answer)}.`);
        const targets = landings(lifecycle, from, action);
        await recorder.waitForRow(
          row.id,
          hasStatus(targets),
          `status ${listed(targets)}, where “${action}” leads from “${from}”`,
          { from: start },
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
      const [move] = transitions(lifecycle);
      const { recorder, made } = await seedAndWatch(context, [
        resting(lifecycle, move!.from),
        ...illegal(lifecycle).slice(0, 1),
      ]);
      const attempts: Attempt[] = made.map((campaign, index) => {
        const row = rowOf(context, recorder, campaign);
        return {
          id: row.id,
          action: index ? illegal(lifecycle)[0]!.action : move!.action,
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
      const pairs = illegal(context.control.lifecycle);
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
        const moved = recorder.rowsOf(made[index]!.id).find((row) => row['status'] !== status);
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
        const what = `“${action}” needs ${missing.map((word) => `"${word}"`).join(' and ')}`;
        if ('thrown' in answer) context.blocked('act-illegal-answered', `${what}, and act ${showAnswer(answer)}.`);
        if (isAccepted(answer)) context.broken(`${what}, and act ${showAnswer(answer)}.`);
        await context.fence(recorder);
        const moved = recorder.rowsOf(row.id).find((later) => later['status'] !== status);
        if (moved) context.broken(`${what}, and then the feed sent ${formatValue(moved)}.`);
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
      const [move] = transitions(context.control.lifecycle);
      const seen = { status: move!.from, revision: 1 };
      const answer = await context.act({ id: fresh('no-such-campaign'), action: move!.action, seen });
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
      const [move] = transitions(lifecycle);
      const twoSources = transitions(lifecycle).flatMap((one) =>
        transitions(lifecycle)
          .filter((two) => two.action === one.action && two.from !== one.from)
          .map((two) => ({ ...one, saw: two.from })),
      )[0];
      const seeds = [move!, ...(twoSources ? [twoSources] : [])].map(({ from }) => resting(lifecycle, from));
      const { recorder, made } = await seedAndWatch(context, seeds);
      const [renamed, moved] = made;
      const before = rowOf(context, recorder, renamed!);
      const name = fresh('Renamed');
      await context.control.change(renamed!.id, { name });
      await recorder.waitForRow(renamed!.id, (row) => row['name'] === name, `name "${name}"`);
      const answer = await context.act({ id: before.id, action: move!.action, seen: seenIn(before, recorder.epoch) });
      if (!isAccepted(answer))
        context.broken(
          `The campaign was renamed after the user saw it; “${move!.action}” is still legal, and act ${showAnswer(answer)}.`,
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
      const overtaken = transitions(lifecycle)
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
      await context.control.change(row.id, { status });
      await recorder.waitForRow(row.id, hasStatus([status]), `status "${status}"`);
      const answer = await context.act({ id: row.id, action, seen: seenIn(row, recorder.epoch) });
      const what = `The user saw “${from}”, the campaign is now “${status}”, where “${action}” is not legal`;
      if ('thrown' in answer) context.blocked('act-illegal-answered', `${what}, and act ${showAnswer(answer)}.`);
      if (isAccepted(answer)) context.blocked('act-illegal', `${what}, and act ${showAnswer(answer)}.`);
      if (answer.result.outcome !== 'conflict') context.broken(`${what}, and act ${showAnswer(answer)}.`);
      const included = answer.result.campaign as Record<string, unknown> | null | undefined;
      if (included && (included['id'] !== row.id || included['status'] !== status))
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
      const { lifecycle } = context.control;
      const [move] = transitions(lifecycle);
      const { recorder, made } = await seedAndWatch(context, [resting(lifecycle, move!.from)]);
      const row = rowOf(context, recorder, made[0]!);
      const answer = await context.act({ id: row.id, action: move!.action, seen: seenIn(row, recorder.epoch) });
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
      const { recorder, attempt, from, targets } = await actOnce(context);
      const row = await undo(context, recorder, attempt.id, from);
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
      const { recorder, attempt, from, targets } = await actOnce(context);
      await undo(context, recorder, attempt.id, from);
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

interface SeedOptions {
  readonly status?: string;
  readonly missing?: readonly string[];
}

/** Makes campaigns and opens a feed that has sent them. */
async function seedAndWatch(
  context: RuleContext,
  seeds: readonly SeedOptions[],
): Promise<{ readonly recorder: WatchRecorder; readonly made: readonly SeedCampaign[] }> {
  const made = await context.control.seed(
    ...seeds.map(({ status, missing }) => ({
      ...(status === undefined ? {} : { status }),
      ...(missing === undefined ? {} : { missing }),
    })),
  );
  return { recorder: await context.synced(), made };
}

/** Makes one campaign from which an action is legal, and that action as a user would send it. */
async function prepareAttempt(context: RuleContext): Promise<{
  readonly recorder: WatchRecorder;
  readonly attempt: Attempt & { readonly key: string };
  readonly move: Transition;
}> {
  const { lifecycle } = context.control;
  const [move] = transitions(lifecycle);
  const { recorder, made } = await seedAndWatch(context, [resting(lifecycle, move!.from)]);
  const row = rowOf(context, recorder, made[0]!);
  return {
    recorder,
    move: move!,
    attempt: { id: row.id, action: move!.action, seen: seenIn(row, recorder.epoch), key: fresh('key') },
  };
}

/** The same, but sends the action and waits until the feed reports it. */
async function actOnce(context: RuleContext): Promise<{
  readonly recorder: WatchRecorder;
  readonly attempt: Attempt & { readonly key: string };
  readonly from: string;
  readonly targets: readonly string[];
}> {
  const { recorder, attempt, move } = await prepareAttempt(context);
  const targets = landings(context.control.lifecycle, move.from, move.action);
  const answer = await context.act(attempt);
  if (!isAccepted(answer)) context.blocked('act-legal', `act ${showAnswer(answer)}.`);
  await recorder.waitForRow(attempt.id, hasStatus(targets), `status ${listed(targets)}`, {
    by: 'act-legal',
  });
  return { recorder, attempt, from: move.from, targets };
}

/** Moves a campaign back to a status without the adapter, as another user would. */
async function undo(context: RuleContext, recorder: WatchRecorder, id: string, status: string): Promise<Row> {
  const start = recorder.messages.length;
  await context.control.change(id, { status });
  return recorder.waitForRow(id, hasStatus([status]), `status "${status}" again`, { from: start });
}

/** The row of a campaign. @throws Blocked if there is none or it is not in the status it was made in */
function rowOf(context: RuleContext, recorder: WatchRecorder, made: SeedCampaign): Row {
  const row = recorder.row(made.id);
  if (!row) context.blocked('snapshot-complete', `The snapshot does not name ${formatValue(made.id)}.`);
  if (row['status'] !== made.status)
    context.blocked(
      'row-faithful',
      `The campaign was made in status ${formatValue(made.status)}, and the feed sent ${formatValue(row)}.`,
    );
  return row;
}

/** Seed values for a campaign that stays in a status. */
function resting(
  lifecycle: Lifecycle,
  status: string,
): { readonly status: string; readonly missing: readonly string[] } {
  const { needs = [] } = statusDef(lifecycle, status) ?? {};
  return { status, missing: settle(lifecycle, status, []) === status ? [] : needs };
}

/** Each action in each status where it is not legal. */
function illegal(
  lifecycle: Lifecycle,
): readonly { readonly action: string; readonly status: string; readonly missing: readonly string[] }[] {
  return Object.keys(lifecycle.statuses).flatMap((status) =>
    Object.keys(lifecycle.actions)
      .filter((action) => landing(lifecycle, status, action) === undefined)
      // Actions that need a prerequisite are checked by another rule.
      .filter((action) => !(statusDef(lifecycle, status)?.needs && statusDef(lifecycle, status)?.action === action))
      .map((action) => ({ action, ...resting(lifecycle, status) })),
  );
}

/** Sends an action, and sends it again while it is throttled. */
async function retryThrottled(context: RuleContext, attempt: Attempt): Promise<Answer> {
  for (let left = context.timeouts.answerMs; ; left -= RETRY_MS) {
    const answer = await context.act(attempt);
    if (codeOf(answer) !== 'throttled' || left <= 0) return answer;
    await pause(RETRY_MS);
  }
}

function isAccepted(answer: Answer): boolean {
  return 'result' in answer && (answer.result.outcome === 'done' || answer.result.outcome === 'accepted');
}

/** The code of a thrown AdapterError. */
function codeOf(answer: Answer): AdapterErrorCode | undefined {
  if (!('thrown' in answer)) return undefined;
  const { name, code } = (answer.thrown ?? {}) as { name?: unknown; code?: AdapterErrorCode };
  return name === 'AdapterError' ? code : undefined;
}

function listed(words: readonly string[]): string {
  return words.map((word) => `"${word}"`).join(' or ');
}
