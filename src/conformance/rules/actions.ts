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
import { rules, type Rule } from '../rule.ts';
import { formatValue } from '../format-value.ts';
import { fresh, seenIn, showAnswer, type Answer, type Press, type RuleContext } from '../rule-context.ts';
import type { SeedCampaign } from '../subject.ts';
import type { Row, WatchRecorder } from '../watch-recorder.ts';
import { pause } from '../deadline.ts';
import { eachTrouble } from './stopping.ts';

/** Between two attempts of a request that was told to come back later, in ms. */
const LATER_MS = 100;

/** What actions do, derived from the transitions of the lifecycle. */
export const actionRules: readonly Rule[] = rules('Actions', [
  {
    id: 'act-legal',
    title: 'A legal action is taken on, and the feed tells the status that it leads to.',
    why: 'This is the button. If nothing comes of a press, people press again, or walk away from a campaign that still runs.',
    fix: "Map each action of the lifecycle to the backend's own request, and let the feed tell the new status.",
    needs: ['control'],
    run: async (stage: RuleContext) => {
      const { lifecycle } = stage.control;
      const moves = transitions(lifecycle);
      const { watching, made } = await begin(
        stage,
        moves.map(({ from }) => resting(lifecycle, from)),
      );
      for (const [index, { action, from }] of moves.entries()) {
        const row = rowOf(stage, watching, made[index]!);
        const heard = watching.messages.length;
        const answer = await stage.act({ id: row.id, action, seen: seenIn(row, watching.epoch) });
        const what = `“${action}” is legal from “${from}”`;
        if (!isTaken(answer)) stage.broken(`${what}, and act ${showAnswer(answer)}.`);
        const targets = landings(lifecycle, from, action);
        await watching.told(
          row.id,
          (told) => targets.includes(String(told['status'])),
          `status ${listed(targets)}, where “${action}” leads from “${from}”`,
          {
            from: heard,
            by: 'change-told',
          },
        );
      }
    },
  },
  {
    id: 'act-schema',
    title: 'Every answer of `act` fits the schema of `ActResult`.',
    why: "An answer that can't be read counts as none: the action turns “not confirmed”.",
    fix: 'Give one of the four outcomes; `done` with the row after it, `refused` with one of the four codes.',
    needs: ['control'],
    run: async (stage: RuleContext) => {
      const { lifecycle } = stage.control;
      const [move] = transitions(lifecycle);
      const { watching, made } = await begin(stage, [
        resting(lifecycle, move!.from),
        ...illegal(lifecycle).slice(0, 1),
      ]);
      const presses: Press[] = made.map((campaign, index) => {
        const row = rowOf(stage, watching, campaign);
        return {
          id: row.id,
          action: index ? illegal(lifecycle)[0]!.action : move!.action,
          seen: seenIn(row, watching.epoch),
        };
      });
      presses.push({ ...presses[0]!, id: fresh('no-such-campaign') });
      // An answer that does not fit blocks whatever rule asked for it: here that is this one.
      for (const press of presses) await stage.act(press);
    },
  },
  {
    id: 'act-illegal',
    title: 'An action that is not legal from the present status does nothing, and is not said to be taken on.',
    why: 'Two people look at one campaign; the later press must not undo the earlier one.',
    fix: 'Check the transition in the backend, in one step with the change: `UPDATE … WHERE status = …`.',
    needs: ['control'],
    run: async (stage: RuleContext) => {
      const pairs = illegal(stage.control.lifecycle);
      if (!pairs.length) stage.skip('every action is legal everywhere');
      const { watching, made } = await begin(stage, pairs);
      for (const [index, { action }] of pairs.entries()) {
        const row = rowOf(stage, watching, made[index]!);
        const answer = await stage.act({ id: row.id, action, seen: seenIn(row, watching.epoch) });
        if (isTaken(answer))
          stage.broken(`“${action}” is not legal from “${String(row['status'])}”, and act ${showAnswer(answer)}.`);
      }
      await stage.fence(watching);
      for (const [index, { action, status }] of pairs.entries()) {
        const moved = watching.rowsOf(made[index]!.id).find((row) => row['status'] !== status);
        if (moved)
          stage.broken(`“${action}” is not legal from “${status}”, and then the feed told ${formatValue(moved)}.`);
      }
    },
  },
  {
    id: 'act-illegal-answered',
    title: 'An action that is not legal is answered with `conflict` or `refused`, not thrown.',
    why: 'Whatever is thrown means that nobody knows what happened: the screen says “not confirmed” where it could say why not.',
    fix: 'Turn 409 and 412 into `conflict`, 4xx into `refused`; `actResultFromResponse(response)` does.',
    needs: ['control'],
    run: async (stage: RuleContext) => {
      const pairs = illegal(stage.control.lifecycle);
      if (!pairs.length) stage.skip('every action is legal everywhere');
      const { watching, made } = await begin(stage, pairs);
      for (const [index, { action, status }] of pairs.entries()) {
        const row = rowOf(stage, watching, made[index]!);
        const answer = await stage.act({ id: row.id, action, seen: seenIn(row, watching.epoch) });
        if ('thrown' in answer)
          stage.broken(`“${action}” is not legal from “${status}”, and act ${showAnswer(answer)}.`);
      }
    },
  },
  {
    id: 'act-missing',
    title: 'An action that waits for a prerequisite is refused while that is missing.',
    why: 'A campaign would run without contacts; or it would be said to run, and does not.',
    fix: 'Refuse with `invalid` and say what is missing. `missing` on the row disables the button before that.',
    needs: ['control'],
    run: async (stage: RuleContext) => {
      const { lifecycle } = stage.control;
      const waiting = Object.entries(lifecycle.statuses).flatMap(([status, { action, needs = [] }]) =>
        action !== undefined && needs.length ? [{ status, action, missing: needs }] : [],
      );
      if (!waiting.length) stage.skip('no action of the lifecycle waits for anything');
      const { watching, made } = await begin(stage, waiting);
      for (const [index, { action, status, missing }] of waiting.entries()) {
        const row = rowOf(stage, watching, made[index]!);
        if (!Array.isArray(row['missing'])) stage.skip("the rows don't tell what is missing");
        const answer = await stage.act({ id: row.id, action, seen: seenIn(row, watching.epoch) });
        const what = `“${action}” waits for ${listed(missing)}`;
        if ('thrown' in answer) stage.blocked('act-illegal-answered', `${what}, and act ${showAnswer(answer)}.`);
        if (isTaken(answer)) stage.broken(`${what}, and act ${showAnswer(answer)}.`);
        await stage.fence(watching);
        const moved = watching.rowsOf(row.id).find((told) => told['status'] !== status);
        if (moved) stage.broken(`${what}, and then the feed told ${formatValue(moved)}.`);
      }
    },
  },
  {
    id: 'act-unknown-campaign',
    title: 'An action on a campaign that there is not is refused with `gone`.',
    why: 'It was deleted a moment ago: people want to hear that, and not “not confirmed”.',
    fix: 'Turn 404 and 410 into `{ outcome: "refused", code: "gone" }`.',
    needs: ['control'],
    run: async (stage: RuleContext) => {
      const [move] = transitions(stage.control.lifecycle);
      const seen = { status: move!.from, revision: 1 };
      const answer = await stage.act({ id: fresh('no-such-campaign'), action: move!.action, seen });
      if ('thrown' in answer || answer.result.outcome !== 'refused' || answer.result.code !== 'gone')
        stage.broken(`There is no such campaign, and act ${showAnswer(answer)}.`);
    },
  },
  {
    id: 'act-unknown-action',
    title: 'An action that there is not is refused.',
    why: 'A lifecycle with one action more than the backend knows would show it as “not confirmed” forever.',
    fix: "Refuse with `invalid` what you can't map, before you ask the backend.",
    needs: ['control'],
    run: async (stage: RuleContext) => {
      const { watching, made } = await begin(stage, [{}]);
      const row = rowOf(stage, watching, made[0]!);
      const answer = await stage.act({ id: row.id, action: 'no-such-action', seen: seenIn(row, watching.epoch) });
      if ('thrown' in answer || isTaken(answer))
        stage.broken(`There is no such action, and act ${showAnswer(answer)}.`);
    },
  },
  {
    id: 'act-stale-but-legal',
    title: 'What the user saw may be old: an action that is legal now is taken on.',
    why: 'A counter ticks while someone reaches for Stop. A conflict over that is a Stop that does not stop.',
    fix: "Decide by the real status alone. Don't send `expect.revision` as If-Match unless the backend insists.",
    needs: ['control'],
    run: async (stage: RuleContext) => {
      const { lifecycle } = stage.control;
      const [move] = transitions(lifecycle);
      const twoWays = transitions(lifecycle).flatMap((one) =>
        transitions(lifecycle)
          .filter((two) => two.action === one.action && two.from !== one.from)
          .map((two) => ({ ...one, saw: two.from })),
      )[0];
      const wishes = [move!, ...(twoWays ? [twoWays] : [])].map(({ from }) => resting(lifecycle, from));
      const { watching, made } = await begin(stage, wishes);
      const [ticked, moved] = made;
      const before = rowOf(stage, watching, ticked!);
      const name = fresh('Ticked');
      await stage.control.change(ticked!.id, { name });
      await watching.told(ticked!.id, (row) => row['name'] === name, `name "${name}"`);
      const answer = await stage.act({ id: before.id, action: move!.action, seen: seenIn(before, watching.epoch) });
      if (!isTaken(answer))
        stage.broken(
          `The campaign was renamed after the user saw it; “${move!.action}” is still legal, and act ${showAnswer(answer)}.`,
        );
      if (!twoWays || !moved) return;
      const row = rowOf(stage, watching, moved);
      const other = await stage.act({
        id: moved.id,
        action: twoWays.action,
        seen: { ...seenIn(row, watching.epoch), status: twoWays.saw },
      });
      if (!isTaken(other))
        stage.broken(
          `The user saw “${twoWays.saw}”, the campaign is “${twoWays.from}”; “${twoWays.action}” is legal from both, and act ${showAnswer(other)}.`,
        );
    },
  },
  {
    id: 'act-overtaken',
    title:
      'An action that was legal in what the user saw, and is not any more, is a `conflict`, with the truth if it brings a row.',
    why: 'A conflict says “someone was faster, look again”. A refusal says “you may not”, and a success lies.',
    fix: 'Answer 412 or 409 and turn it into `conflict`; put the present row beside it.',
    needs: ['control'],
    run: async (stage: RuleContext) => {
      const { lifecycle } = stage.control;
      const overtaken = transitions(lifecycle)
        .flatMap(({ action, from }) =>
          illegal(lifecycle)
            .filter((pair) => pair.action === action)
            .map((pair) => ({ ...pair, from })),
        )
        .find(({ missing }) => !missing.length);
      if (!overtaken) stage.skip('no action can be overtaken');
      const { action, from, status } = overtaken;
      const { watching, made } = await begin(stage, [resting(lifecycle, from)]);
      const row = rowOf(stage, watching, made[0]!);
      await stage.control.change(row.id, { status });
      await watching.told(row.id, (told) => told['status'] === status, `status "${status}"`);
      const answer = await stage.act({ id: row.id, action, seen: seenIn(row, watching.epoch) });
      const what = `The user saw “${from}”, the campaign is “${status}” by now, where “${action}” is not legal`;
      if ('thrown' in answer) stage.blocked('act-illegal-answered', `${what}, and act ${showAnswer(answer)}.`);
      if (isTaken(answer)) stage.blocked('act-illegal', `${what}, and act ${showAnswer(answer)}.`);
      if (answer.result.outcome !== 'conflict') stage.broken(`${what}, and act ${showAnswer(answer)}.`);
      const brought = answer.result.campaign as Record<string, unknown> | undefined;
      if (brought !== undefined && (brought['id'] !== row.id || brought['status'] !== status))
        stage.broken(`${what}, and act ${showAnswer(answer)}: that is not the newer truth.`);
    },
  },
  {
    id: 'act-done-agrees',
    title: 'The row of `done` is one that the feed tells, too.',
    why: "The store shows it at once. A revision beyond the feed's would hide every later change.",
    fix: "Take the row from the backend's answer, numbered as in the feed; if there is none, answer `accepted`.",
    needs: ['control'],
    run: async (stage: RuleContext) => {
      const { lifecycle } = stage.control;
      const [move] = transitions(lifecycle);
      const { watching, made } = await begin(stage, [resting(lifecycle, move!.from)]);
      const row = rowOf(stage, watching, made[0]!);
      const answer = await stage.act({ id: row.id, action: move!.action, seen: seenIn(row, watching.epoch) });
      if ('thrown' in answer || !isTaken(answer)) stage.blocked('act-legal', `act ${showAnswer(answer)}.`);
      if (answer.result.outcome !== 'done') stage.skip('the adapter answers `accepted`, so the feed alone tells');
      const after = answer.result.campaign as Record<string, unknown>;
      const before = stage.revisionOf(row);
      const { epoch } = answer.result;
      if (after['id'] !== row.id)
        stage.broken(`The action was asked of ${formatValue(row.id)}, and done ${showAnswer(answer)}.`);
      if (epoch !== undefined && epoch !== watching.epoch)
        stage.broken(`The feed is of epoch ${formatValue(watching.epoch)}, and act ${showAnswer(answer)}.`);
      const reached = await watching.until(() =>
        watching.rowsOf(row.id).find((told) => Number(told['revision']) >= Number(after['revision'])),
      );
      if (!reached)
        stage.blocked(
          'change-told',
          `act ${showAnswer(answer)}, and the feed never got beyond ${formatValue(watching.row(row.id))}.`,
        );
      if (reached['revision'] === after['revision'] && reached['status'] !== after['status'])
        stage.broken(`Under one revision act ${showAnswer(answer)}, and the feed told ${formatValue(reached)}.`);
      if (!(Number(after['revision']) > before))
        stage.broken(`The campaign was ${formatValue(row)}, and act ${showAnswer(answer)}, with no higher revision.`);
    },
  },
  {
    id: 'act-new-key',
    title: 'The same action with a new key is a new request.',
    why: 'Start, Stop, Start again: the third press must not be taken for an echo of the first.',
    fix: 'Tell repetitions by `idempotencyKey`, and by nothing else.',
    needs: ['control'],
    run: async (stage: RuleContext) => {
      const { watching, press, from, targets } = await pressOnce(stage);
      const row = await backTo(stage, watching, press.id, from);
      const heard = watching.messages.length;
      const again = await stage.act({ ...press, seen: seenIn(row, watching.epoch), key: fresh('key') });
      if (!isTaken(again))
        stage.broken(`“${press.action}” is legal again from “${from}”, and with a new key act ${showAnswer(again)}.`);
      await watching.told(
        press.id,
        (row) => targets.includes(String(row['status'])),
        `status ${listed(targets)} after “${press.action}” with a new key`,
        {
          from: heard,
          by: 'act-legal',
        },
      );
    },
  },
  {
    id: 'idempotent-replay',
    title: 'Who claims to be idempotent gives one key one effect, also later.',
    why: 'A retry of a lost Start would start again what a colleague has just stopped.',
    fix: "Keep the answer of each key and give it again; if the backend does not, don't say `idempotent: true`.",
    needs: ['control', 'adapter.idempotent'],
    run: async (stage: RuleContext) => {
      const { watching, press, from, targets } = await pressOnce(stage);
      await backTo(stage, watching, press.id, from);
      const heard = watching.messages.length;
      const again = await insist(stage, press);
      await stage.fence(watching);
      const moved = watching.rowsOf(press.id, heard).find((row) => targets.includes(String(row['status'])));
      if (moved)
        stage.broken(
          `“${press.action}” was sent again with its old key after someone had undone it; act ${showAnswer(again)}, and the feed told ${formatValue(moved)}.`,
        );
      if (!isTaken(again))
        stage.broken(`“${press.action}” was done, and sent again with the same key act ${showAnswer(again)}.`);
    },
  },
  {
    id: 'idempotent-at-once',
    title: 'Who claims to be idempotent gives one key one effect, also while the first request is under way.',
    why: 'A retry overtakes a slow answer: one of the two must not fail over what the other did.',
    fix: "Lock the key before you act; answer the second request with the first one's result, or with 409 until there is one.",
    needs: ['control', 'adapter.idempotent'],
    run: async (stage: RuleContext) => {
      const { press } = await ready(stage);
      const answers = await Promise.all([insist(stage, press), insist(stage, press)]);
      for (const answer of answers)
        if (!isTaken(answer))
          stage.broken(
            `“${press.action}” was sent twice at once with one key; ${answers.map((one) => `act ${showAnswer(one)}`).join(', and ')}.`,
          );
    },
  },
  {
    id: 'act-lost-answer',
    title: 'When an answer is lost, `act` throws: nobody knows what happened.',
    why: '“Refused” would say that nothing happened, and “done” that it did. Either may be a lie.',
    fix: 'Let errors of the network through. Turn only answers of the backend into outcomes.',
    needs: ['control.loseNextAnswer'],
    run: async (stage: RuleContext) => {
      const { press } = await ready(stage);
      await stage.control.use('loseNextAnswer');
      const answer = await stage.act(press);
      if (!('thrown' in answer) || codeOf(answer) === 'unauthenticated' || codeOf(answer) === 'throttled')
        stage.broken(`The answer was lost on the way, and act ${showAnswer(answer)}.`);
    },
  },
  {
    id: 'idempotent-lost-answer',
    title: 'Who claims to be idempotent tells a retry what came of the request whose answer was lost.',
    why: 'The retry is how an uncertain action becomes a certain one. A conflict with oneself would say that someone else was faster.',
    fix: 'Keep the answer with its key before it is sent.',
    needs: ['control.loseNextAnswer', 'adapter.idempotent'],
    run: async (stage: RuleContext) => {
      const { press } = await ready(stage);
      await stage.control.use('loseNextAnswer');
      const lost = await stage.act(press);
      if (!('thrown' in lost)) stage.blocked('act-lost-answer', `act ${showAnswer(lost)}.`);
      const answer = await insist(stage, press);
      if (!isTaken(answer)) stage.broken(`The answer was lost, and a retry with the same key ${showAnswer(answer)}.`);
    },
  },
  {
    id: 'act-error-codes',
    title:
      'An action that was not let through says so: “not signed in” and “later” are thrown with their codes, “not allowed” is refused.',
    why: 'After these three surely nothing happened, and the store signs in, waits, or gives the reason. Of a breakdown nobody knows.',
    fix: 'Let `actResultFromResponse(response)` read the answer, or do as it does.',
    needs: ['control.answerWith'],
    run: async (stage: RuleContext) => {
      const { press } = await ready(stage);
      await eachTrouble(stage, async (trouble) => {
        const answer = await stage.act({ ...press, key: fresh('key') });
        const right: Readonly<Record<typeof trouble, boolean>> = {
          unauthenticated: codeOf(answer) === 'unauthenticated',
          throttled: codeOf(answer) === 'throttled',
          forbidden: 'result' in answer && answer.result.outcome === 'refused' && answer.result.code === 'forbidden',
          // A 503 is “later” to HTTP, and `actResultFromResponse` takes it for that.
          unavailable: 'thrown' in answer && codeOf(answer) !== 'unauthenticated',
        };
        if (!right[trouble]) stage.broken(`The backend answered “${trouble}”, and act ${showAnswer(answer)}.`);
      });
    },
  },
]);

interface Wish {
  readonly status?: string;
  readonly missing?: readonly string[];
}

/** Makes campaigns, and a feed that has told them. */
async function begin(
  stage: RuleContext,
  wishes: readonly Wish[],
): Promise<{ readonly watching: WatchRecorder; readonly made: readonly SeedCampaign[] }> {
  const made = await stage.control.seed(
    ...wishes.map(({ status, missing }) => ({
      ...(status === undefined ? {} : { status }),
      ...(missing === undefined ? {} : { missing }),
    })),
  );
  return { watching: await stage.synced(), made };
}

/** One campaign from which an action is legal, and that action as a user would ask for it. */
async function ready(stage: RuleContext): Promise<{
  readonly watching: WatchRecorder;
  readonly press: Press & { readonly key: string };
  readonly move: Transition;
}> {
  const { lifecycle } = stage.control;
  const [move] = transitions(lifecycle);
  const { watching, made } = await begin(stage, [resting(lifecycle, move!.from)]);
  const row = rowOf(stage, watching, made[0]!);
  return {
    watching,
    move: move!,
    press: { id: row.id, action: move!.action, seen: seenIn(row, watching.epoch), key: fresh('key') },
  };
}

/** The same, and the action done: the feed has told so. */
async function pressOnce(stage: RuleContext): Promise<{
  readonly watching: WatchRecorder;
  readonly press: Press & { readonly key: string };
  readonly from: string;
  readonly targets: readonly string[];
}> {
  const { watching, press, move } = await ready(stage);
  const targets = landings(stage.control.lifecycle, move.from, move.action);
  const answer = await stage.act(press);
  if (!isTaken(answer)) stage.blocked('act-legal', `act ${showAnswer(answer)}.`);
  await watching.told(press.id, (row) => targets.includes(String(row['status'])), `status ${listed(targets)}`, {
    by: 'act-legal',
  });
  return { watching, press, from: move.from, targets };
}

/** Someone undoes it behind the adapter's back. */
async function backTo(stage: RuleContext, watching: WatchRecorder, id: string, status: string): Promise<Row> {
  const heard = watching.messages.length;
  await stage.control.change(id, { status });
  return watching.told(id, (row) => row['status'] === status, `status "${status}" again`, { from: heard });
}

/** The row of a campaign, if it is in the status in which it was made. */
function rowOf(stage: RuleContext, watching: WatchRecorder, made: SeedCampaign): Row {
  const row = watching.row(made.id);
  if (!row) stage.blocked('snapshot-complete', `The snapshot does not name ${formatValue(made.id)}.`);
  if (row['status'] !== made.status)
    stage.blocked(
      'row-faithful',
      `The campaign was made in status ${formatValue(made.status)}, and told as ${formatValue(row)}.`,
    );
  return row;
}

/** What a campaign is made of, so that it stays in a status by itself. */
function resting(
  lifecycle: Lifecycle,
  status: string,
): { readonly status: string; readonly missing: readonly string[] } {
  const { needs = [] } = statusDef(lifecycle, status) ?? {};
  return { status, missing: settle(lifecycle, status, []) === status ? [] : needs };
}

/** Every action in every status where it is not legal, whatever is missing. */
function illegal(
  lifecycle: Lifecycle,
): readonly { readonly action: string; readonly status: string; readonly missing: readonly string[] }[] {
  return Object.keys(lifecycle.statuses).flatMap((status) =>
    Object.keys(lifecycle.actions)
      .filter((action) => landing(lifecycle, status, action) === undefined)
      // What only waits for something is another rule's subject.
      .filter((action) => !(statusDef(lifecycle, status)?.needs && statusDef(lifecycle, status)?.action === action))
      .map((action) => ({ action, ...resting(lifecycle, status) })),
  );
}

/** Sends it again as long as it is told to come back later. */
async function insist(stage: RuleContext, press: Press): Promise<Answer> {
  for (let left = stage.timeouts.answerMs; ; left -= LATER_MS) {
    const answer = await stage.act(press);
    if (codeOf(answer) !== 'throttled' || left <= 0) return answer;
    await pause(LATER_MS);
  }
}

function isTaken(answer: Answer): boolean {
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
