import type { ActResult } from '../../adapters/contract.ts';
import { isAbsent } from '../../util/is-absent.ts';
import { fresh } from '../checked-control.ts';
import { formatValue, listed } from '../format-value.ts';
import type { RuleGroup } from '../rule.ts';
import { RuleBroken, skip } from '../rule-errors.ts';
import type { RuleContext } from '../rule-context.ts';
import { hasStatus } from '../watch-recorder.ts';
import { answerOf, prepare, prepareOne, type Answer, type Attempt, type Situation } from './attempt.ts';
import { clearAction, illegal, invalidInputs, legal, mayBeIn, resting, validInput } from './attempt.ts';
import { underEachFailure } from './stopping.ts';

const ALWAYS_LEGAL = 'every action is legal everywhere';

/** The effects and answers of actions, derived from the transitions of the lifecycle. */
export const actionRules: RuleGroup = {
  group: 'Actions',
  requires: ['control', 'snapshot-complete', 'row-faithful', 'change-reported', 'act-schema'],
  rules: {
    'act-legal': {
      title: 'A legal action is done or accepted, and the feed reports a status that it leads to.',
      why: 'This is the button. If it has no effect, users press it again, or leave a campaign running that they meant to stop.',
      fix: 'Map each action of the lifecycle to a request of the backend, and let the feed report the new status.',
      check: async (context) => {
        for (const attempt of await prepare(context, legal(context.control.lifecycle))) await attempt.actAndLand();
      },
    },
    'act-lands': {
      ruleSet: 2,
      title: 'After an action the feed reports only statuses that the action, or the engine after it, leads to.',
      why: 'The store takes any other status for the work of someone else, and shows a conflict to the user who acted.',
      fix: 'Keep steps in between, such as “stopping”, out of the row. Or add them to the lifecycle: as landings of the action, or as `moves` of a status.',
      requires: ['act-legal'],
      check: async (context) => {
        const all = await prepare(context, legal(context.control.lifecycle));
        for (const attempt of all) await attempt.actAndLand();
        await context.fence(all[0]!.feed);
        for (const attempt of all) {
          const { action, from, targets } = attempt;
          const stray = attempt.strayRow(targets);
          if (stray)
            return `“${action}” leads from “${from}” to ${listed(targets)}, and the feed sent ${formatValue(stray)}.`;
        }
      },
    },
    'act-schema': {
      title: 'Every answer of `act` fits the schema of `ActResult`.',
      why: "An answer that can't be read counts as no answer: the action is shown as “not confirmed”.",
      fix: 'Return one of the four outcomes: `done` with the new row, `refused` with one of the four codes.',
      check: async (context) => {
        const illegalOne = illegal(context.control.lifecycle).slice(0, 1);
        const all = await prepare(context, [clearAction(context), ...illegalOne]);
        // `act` checks the schema.
        for (const attempt of all) await attempt.act();
        await all[0]!.act({ id: fresh('no-such-campaign'), key: fresh('key') });
      },
    },
    'act-illegal': {
      title: 'An action that is not legal from the current status has no effect and is neither done nor accepted.',
      why: 'Two users see the same campaign. The later request must not undo the earlier one.',
      fix: 'Check the transition in the backend, in the same step as the change: `UPDATE … WHERE status = …`.',
      check: async (context) => {
        const all = await prepare(context, illegal(context.control.lifecycle), ALWAYS_LEGAL);
        const trials = all.map((attempt) => ({
          attempt,
          what: `“${attempt.action}” is not legal from “${attempt.from}”`,
        }));
        return wronglyDone(context, trials, ({ isAccepted }) => !isAccepted);
      },
    },
    'act-illegal-answered': {
      title: 'An action that is not legal is answered with `conflict` or `refused`, not thrown.',
      why: 'A thrown error means that the outcome is unknown. The screen shows “not confirmed” instead of the reason.',
      fix: 'Turn 409 and 412 into `conflict` and other 4xx into `refused`, as `actResultFromResponse(response)` does.',
      check: async (context) => {
        for (const attempt of await prepare(context, illegal(context.control.lifecycle), ALWAYS_LEGAL)) {
          const { shown, outcome } = await attempt.act();
          if (outcome === 'thrown') return `“${attempt.action}” is not legal from “${attempt.from}”, and act ${shown}.`;
        }
      },
    },
    'act-missing': {
      title: 'An action that needs a prerequisite is refused while it is missing.',
      why: 'Otherwise a campaign runs without contacts, or is shown as running although it does not.',
      fix: 'Refuse with `invalid`, and name what is missing in `reason`. `missing` in the row disables the button before that.',
      requires: ['act-illegal-answered'],
      check: async (context) => {
        const waiting = Object.entries(context.control.lifecycle.statuses).flatMap(([from, { action, needs }]) =>
          action !== undefined && needs.length ? [{ from, action, missing: needs }] : [],
        );
        const all = await prepare(context, waiting, 'no action of the lifecycle needs a prerequisite');
        if (!all.every(({ row }) => Array.isArray(row['missing']))) skip("the rows don't report what is missing");
        const trials = all.map((attempt, index) => ({
          attempt,
          what: `“${attempt.action}” needs ${listed(waiting[index]!.missing, 'and')}`,
        }));
        return wronglyDone(context, trials, ({ outcome, isAccepted }) => outcome !== 'thrown' && !isAccepted);
      },
    },
    'act-input': {
      ruleSet: 2,
      title: 'An action that asks for a text is done or accepted with one.',
      why: 'The button asks users for the text that the lifecycle declares, such as a reason. If it is refused, the action is impossible.',
      fix: 'Pass the `input` of the request on to the backend.',
      requires: ['act-legal'],
      check: async (context) => {
        for (const attempt of await prepareWithInput(context)) {
          const input = validInput(context.control.lifecycle, attempt.action)!;
          const { shown, isAccepted } = await attempt.act({ input });
          if (!isAccepted) return `“${attempt.action}” was sent with the text “${input}”, and act ${shown}.`;
          await attempt.landed();
        }
      },
    },
    'act-input-invalid': {
      ruleSet: 2,
      title: 'An action whose text is missing or invalid is refused and has no effect.',
      why: 'The kit asks for the text before it sends the action; another client may not. The action would be done without the reason, or with any value.',
      fix: 'Check the text in the backend, and refuse with `invalid`. Send no text in the place of a missing one.',
      check: async (context) => {
        const all = await prepareWithInput(context);
        const trials = all.flatMap((attempt) =>
          invalidInputs(context.control.lifecycle, attempt.action).map((input) => {
            const text = input === null ? 'without its text' : `with the text ${formatValue(input, 40)}`;
            return { attempt, what: `“${attempt.action}” was sent ${text}`, sent: { input, key: fresh('key') } };
          }),
        );
        return wronglyDone(context, trials, ({ outcome }) => outcome === 'refused');
      },
    },
    'act-unknown-campaign': {
      title: 'An action on an unknown campaign is refused with `gone`.',
      why: 'It was deleted a moment ago. Users should see that, not “not confirmed”.',
      fix: 'Turn 404 and 410 into `{ outcome: "refused", code: "gone" }`.',
      check: async (context) => {
        const attempt = await prepareOne(context);
        const { outcome, code, shown } = await attempt.act({ id: fresh('no-such-campaign') });
        if (outcome !== 'refused' || code !== 'gone') return `The campaign does not exist, and act ${shown}.`;
      },
    },
    'act-unknown-action': {
      title: 'An unknown action is refused.',
      why: 'If the lifecycle has an action that the backend does not know, it would always end as “not confirmed”.',
      fix: "Refuse actions that you can't map with `invalid`, before you ask the backend.",
      check: async (context) => {
        const [attempt] = await prepare(context, [{ action: 'no-such-action', from: context.control.restingStatus }]);
        const { shown, outcome, isAccepted } = await attempt!.act();
        if (outcome === 'thrown' || isAccepted) return `The action does not exist, and act ${shown}.`;
      },
    },
    'act-stale-but-legal': {
      title: 'An action that is legal now is done or accepted, even if the user saw an older row.',
      why: 'A counter may change while the user presses Stop. A conflict would mean that Stop does not stop.',
      fix: "Decide by the current status alone. Don't send `expect.revision` as If-Match unless the backend requires it.",
      requires: ['act-legal'],
      check: async (context) => {
        const all = legal(context.control.lifecycle);
        const other = ({ action, from }: Situation) => all.find((two) => two.action === action && two.from !== from);
        const fromTwo = all.filter(other).slice(0, 1);
        const [renamed, moved] = await prepare(context, [clearAction(context), ...fromTwo]);
        const { feed, id, action } = renamed!;
        await context.renamed(feed, id);
        const answer = await renamed!.act();
        if (!answer.isAccepted)
          return `The campaign was renamed after the user saw it; “${action}” is still legal, and act ${answer.shown}.`;
        if (!moved) return;
        const saw = other(moved)!.from;
        const { isAccepted, shown } = await moved.act({ row: { ...moved.row, status: saw } });
        if (!isAccepted)
          return `The user saw “${saw}”, the campaign is “${moved.from}”; “${moved.action}” is legal from both, and act ${shown}.`;
      },
    },
    'act-overtaken': {
      title:
        'An action that was legal when the user saw the row but is not now is a `conflict`. If the answer has a row, it is the current one.',
      why: 'A conflict means that someone else was faster. A refusal would mean that the user may not do it, and a success would be false.',
      fix: 'Answer 412 or 409, turn it into `conflict`, and add the current row.',
      requires: ['act-illegal', 'act-illegal-answered'],
      check: async (context) => {
        const { lifecycle } = context.control;
        const free = illegal(lifecycle).filter(({ from }) => !resting(lifecycle, from).missing.length);
        const now = ({ action }: Situation) => free.find((other) => other.action === action);
        const before = legal(lifecycle).filter(now).slice(0, 1);
        const [attempt] = await prepare(context, before, 'no action of the lifecycle can become illegal');
        const status = now(before[0]!)!.from;
        await attempt!.move(status);
        const { action, from, id } = attempt!;
        const { outcome, campaign, shown } = await attempt!.act();
        const what = `The user saw “${from}”, the campaign is now “${status}”, where “${action}” is not legal, and act ${shown}`;
        if (outcome !== 'conflict') return `${what}.`;
        if (campaign && (campaign.id !== id || !mayBeIn(lifecycle, status, campaign['status'])))
          return `${what}: that is not the current row.`;
      },
    },
    'act-done-agrees': {
      title: 'The row of `done` agrees with the feed.',
      why: "The store shows that row at once. If its revision is higher than the feed's, later changes are hidden.",
      fix: "Take the row from the backend's answer, with revisions as in the feed. If it has no row, return `accepted`.",
      requires: ['act-legal'],
      check: async (context) => {
        const attempt = await prepareOne(context);
        const { feed, row, id } = attempt;
        const { shown, isAccepted, outcome, campaign, epoch } = await attempt.act();
        if (!isAccepted) return `“${attempt.action}” is legal, and act ${shown}.`;
        if (outcome !== 'done' || !campaign) skip('the adapter answers `accepted`, without a row');
        const { revision, status } = campaign;
        if (campaign.id !== id) return `The action was sent for ${formatValue(id)}, and act ${shown}.`;
        if (!isAbsent(epoch) && epoch !== feed.epoch)
          return `The feed is of epoch ${formatValue(feed.epoch)}, and act ${shown}.`;
        const reached = await feed.until(() =>
          feed.rowsOf(id).find((sent) => Number(sent['revision']) >= Number(revision)),
        );
        if (!reached) return `act ${shown}, and the last row of the feed is ${formatValue(feed.row(id))}.`;
        if (reached['revision'] === revision && reached['status'] !== status)
          return `With the same revision act ${shown}, and the feed sent ${formatValue(reached)}.`;
        if (!(Number(revision) > context.revisionOf(row)))
          return `The campaign was ${formatValue(row)}, and act ${shown}, whose revision is not higher.`;
      },
    },
    'act-new-key': {
      title: 'The same action with a new key is a new request.',
      why: 'After Start, Stop and Start again, the third request must not be taken for a retry of the first.',
      fix: 'Recognize retries by `idempotencyKey` alone.',
      requires: ['act-legal'],
      check: async (context) => {
        const attempt = await prepareOne(context);
        await attempt.actAndLand();
        await attempt.actAndLand({ row: await attempt.move(), key: fresh('key') });
      },
    },
    'idempotent-replay': {
      title: 'If the adapter is `idempotent`, a key that is sent again later has no second effect.',
      why: 'A late retry of Start would start a campaign again that someone has just stopped.',
      fix: "Keep the answer of each key and return it again. If the backend does not, don't set `idempotent: true`.",
      requires: ['adapter.idempotent', 'act-legal'],
      check: async (context) => {
        const attempt = await prepareOne(context);
        const { feed, action, targets, id } = attempt;
        await attempt.actAndLand();
        await attempt.move();
        const start = feed.messages.length;
        const { shown, isAccepted } = await attempt.actPatiently();
        await context.fence(feed);
        const moved = feed.rowsOf(id, start).find(hasStatus(targets));
        if (moved)
          return `“${action}” was sent again with its old key after it had been undone; act ${shown}, and the feed sent ${formatValue(moved)}.`;
        if (!isAccepted) return `“${action}” was done and sent again with the same key, and act ${shown}.`;
      },
    },
    'idempotent-at-once': {
      title:
        'If the adapter is `idempotent`, two requests with one key at the same time have one effect and one answer.',
      why: 'A retry may be sent before a slow answer arrives. Neither request may fail because of the other.',
      fix: 'Lock the key before you act. Answer the second request with the result of the first, or with 409 until there is one.',
      requires: ['adapter.idempotent', 'act-legal'],
      check: async (context) => {
        const attempt = await prepareOne(context);
        const answers = await Promise.all([attempt.actPatiently(), attempt.actPatiently()]);
        const shown = answers.map((one) => `act ${one.shown}`).join(', and ');
        if (!answers.every(({ isAccepted }) => isAccepted))
          return `“${attempt.action}” was sent twice at once with one key; ${shown}.`;
      },
    },
    'act-lost-answer': {
      title: 'If the answer is lost, `act` throws, because the outcome is unknown.',
      why: '`refused` would mean that nothing happened, and `done` that it did. Either may be false.',
      fix: 'Let network errors through. Turn only answers of the backend into outcomes.',
      requires: ['control.loseNextAnswer', 'act-legal'],
      check: async (context) => {
        const attempt = await prepareOne(context);
        await context.control.call('loseNextAnswer');
        const { outcome, code, shown } = await attempt.act();
        if (outcome !== 'thrown' || code === 'unauthenticated' || code === 'throttled')
          return `The answer was lost on the way, and act ${shown}.`;
      },
    },
    'idempotent-lost-answer': {
      title:
        'If the adapter is `idempotent`, a retry with the same key gets the outcome of the request whose answer was lost.',
      why: 'The retry settles an uncertain action. A conflict with its own first request would look as if someone else was faster.',
      fix: 'Store the answer with its key before you send it.',
      requires: ['control.loseNextAnswer', 'adapter.idempotent', 'act-lost-answer'],
      check: async (context) => {
        const attempt = await prepareOne(context);
        await context.control.call('loseNextAnswer');
        const lost = await attempt.act();
        if (lost.outcome !== 'thrown') return `The answer was lost on the way, and act ${lost.shown}.`;
        const { shown, isAccepted } = await attempt.actPatiently();
        if (!isAccepted) return `The answer was lost, and with the same key act ${shown}.`;
      },
    },
    'act-error-codes': {
      title: '`unauthenticated` and `throttled` are thrown with their codes, and a forbidden action is refused.',
      why: 'In these three cases nothing happened, so the store signs in, waits or shows the reason. After any other error the outcome is unknown.',
      fix: 'Use `actResultFromResponse(response)`, or do the same.',
      requires: ['control.answerWith', 'act-legal'],
      check: async (context) => {
        const attempt = await prepareOne(context);
        return underEachFailure(context, async (failure) => {
          const { outcome, code, shown } = await attempt.act({ key: fresh('key') });
          const isRight = {
            unauthenticated: outcome === 'thrown' && code === failure,
            throttled: outcome === 'thrown' && code === failure,
            forbidden: outcome === 'refused' && code === failure,
            // HTTP 503 means “later”, and `actResultFromResponse` throws `throttled` for it.
            unavailable: outcome === 'thrown' && code !== 'unauthenticated',
          };
          if (!isRight[failure]) return `The backend answered “${failure}”, and act ${shown}.`;
        });
      },
    },
  },
};

/** Several actions in one call. Each request follows the rules of `act`. */
export const manyActionRules: RuleGroup = {
  group: 'Several actions at once',
  ruleSet: 2,
  requires: ['control', 'adapter.actMany', 'act-legal', 'act-many-in-order'],
  rules: {
    'act-many-in-order': {
      title: '`actMany` returns one outcome for each request, in the order of the requests.',
      why: 'An outcome names no campaign. In another order users see one campaign stopped while another one was.',
      fix: 'Keep the place of each request, and put its outcome there, whatever finishes first.',
      check: async (context) => {
        const two = await prepareTwo(context);
        const answers = await actMany(context, [...two.map((one) => one.request()), unknownOf(two)]);
        for (const [place, { id, action }] of two.entries()) {
          const { shown, isAccepted, campaign } = answers[place]!;
          if (!isAccepted || (campaign && campaign.id !== id))
            return `Request ${place + 1} was “${action}” of ${formatValue(id)}, which is legal, and actMany ${shown} in its place.`;
        }
        const { shown, isAccepted } = answers[2]!;
        if (isAccepted) return `Request 3 was for an unknown campaign, and actMany ${shown} in its place.`;
      },
    },
    'act-many-apart': {
      title: 'A request of `actMany` that is refused does not affect the others.',
      why: 'Of fifty selected campaigns one has just been deleted. The other forty-nine must still stop.',
      fix: 'Do each request by itself. Use no transaction around all of them, and continue after a refusal.',
      check: async (context) => {
        const two = await prepareTwo(context);
        const [, ...answers] = await actMany(context, [unknownOf(two), ...two.map((one) => one.request())]);
        for (const [place, attempt] of two.entries()) {
          const { shown, isAccepted } = answers[place]!;
          if (!isAccepted)
            return `Request 1 was for an unknown campaign, request ${place + 2} is legal, and actMany ${shown} in its place.`;
          await attempt.landed();
        }
      },
    },
    'act-many-keys': {
      title:
        'If the adapter is `idempotent`, the keys of the requests of `actMany` that are sent again have no second effect.',
      why: 'Requests whose answer was lost are sent again, together or one by one. Without their keys they would start campaigns that someone has just stopped.',
      fix: 'Send the `idempotencyKey` of each request with it, not one key for the call, and keep the answer of each key.',
      requires: ['adapter.idempotent', 'act-many-apart'],
      check: async (context) => {
        const two = await prepareTwo(context);
        const { feed } = two[0]!;
        const send = (): Promise<readonly Answer[]> =>
          actMany(
            context,
            two.map((one) => one.request()),
          );
        const refused = (await send()).find(({ isAccepted }) => !isAccepted);
        if (refused) return `Each request is legal, and actMany ${refused.shown}.`;
        for (const attempt of two) {
          await attempt.landed();
          await attempt.move();
        }
        const start = feed.messages.length;
        const again = await send();
        const alone = await two[0]!.actPatiently();
        await context.fence(feed);
        for (const [place, { id, action, targets }] of two.entries()) {
          const { shown, isAccepted } = again[place]!;
          const moved = feed.rowsOf(id, start).find(hasStatus(targets));
          if (moved)
            return `“${action}” was undone and sent again with its old key, by actMany and by act; actMany ${shown}, act ${alone.shown}, and the feed sent ${formatValue(moved)}.`;
          if (!isAccepted) return `“${action}” was done and sent again with the same key, and actMany ${shown}.`;
        }
      },
    },
  },
};

/** An action that must have no effect. */
interface Trial {
  readonly attempt: Attempt;
  readonly what: string;
  readonly sent?: Parameters<Attempt['act']>[0];
}

/** Sends the actions, and says which one is not answered rightly, or has an effect. */
async function wronglyDone(
  context: RuleContext,
  trials: readonly Trial[],
  isRight: (answer: Answer) => boolean,
): Promise<string | undefined> {
  for (const { attempt, what, sent } of trials) {
    const answer = await attempt.act(sent);
    if (!isRight(answer)) return `${what}, and act ${answer.shown}.`;
  }
  await context.fence(trials[0]!.attempt.feed);
  const done = trials.find(({ attempt }) => attempt.strayRow());
  return done && `${done.what}, and then the feed sent ${formatValue(done.attempt.strayRow())}.`;
}

/** A campaign for each legal action that asks for a text. Skips the rule if there is none. */
function prepareWithInput(context: RuleContext): Promise<readonly Attempt[]> {
  const { lifecycle } = context.control;
  const withInput = legal(lifecycle).filter(({ action }) => lifecycle.actions[action]!.input);
  return prepare(context, withInput, 'no action of the lifecycle asks for a text (`input`)');
}

/** Two campaigns, and the same legal action for each. */
function prepareTwo(context: RuleContext): Promise<readonly Attempt[]> {
  const one = clearAction(context);
  return prepare(context, [one, one]);
}

/** The same request for a campaign that does not exist. */
function unknownOf([attempt]: readonly Attempt[]): ReturnType<Attempt['request']> {
  return attempt!.request({ id: fresh('no-such-campaign'), key: fresh('key') });
}

/** Sends several actions in one call. @throws RuleBroken if no answer comes, or one that is no list of as many outcomes */
async function actMany(
  context: RuleContext,
  requests: readonly ReturnType<Attempt['request']>[],
): Promise<readonly Answer[]> {
  const results: unknown = await context.call('actMany', (signal) =>
    context.adapter.actMany!(requests.map((request) => ({ ...request, signal }))),
  );
  if (!Array.isArray(results) || results.length !== requests.length)
    throw new RuleBroken(`actMany got ${requests.length} requests and answered ${formatValue(results)}.`);
  return results.map((result) => answerOf(result as ActResult<unknown>, context));
}
