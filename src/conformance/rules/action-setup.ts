/** What the rules about actions share: campaigns to act on, the actions that are legal, and what became of a request. */
import type { AdapterErrorCode, ActResult } from '../../adapters/contract.ts';
import {
  landing,
  landings,
  legalActions,
  movesAfter,
  settle,
  statusDef,
  withMoves,
  type Lifecycle,
} from '../../lifecycle/index.ts';
import { pause } from '../deadline.ts';
import { formatValue } from '../format-value.ts';
import { fresh, seenIn, showAnswer, type Answer, type Attempt, type RuleContext } from '../rule-context.ts';
import type { SeedCampaign } from '../subject.ts';
import { hasStatus, type Row, type WatchRecorder } from '../watch-recorder.ts';

/** Time between two attempts of a throttled request, in ms. */
const RETRY_MS = 100;
const NO_ACTION = 'the lifecycle has no action';

/** An action, and a status that it is legal from. */
export interface LegalAction {
  readonly action: string;
  readonly from: string;
}

/** A campaign and an action that is legal for it. */
export interface PreparedAttempt {
  readonly recorder: WatchRecorder;
  readonly attempt: Attempt & { readonly key: string };
  readonly from: string;
  /** Where the campaign may be seen after the action. */
  readonly targets: readonly string[];
}

/** Each action in each status that it is legal from. */
export function legal(lifecycle: Lifecycle): readonly LegalAction[] {
  return lifecycle.statusOrder.flatMap((from) => legalActions(lifecycle, from).map((action) => ({ action, from })));
}

/** Each action in each status where it is not legal. */
export function illegal(
  lifecycle: Lifecycle,
): readonly { readonly action: string; readonly status: string; readonly missing: readonly string[] }[] {
  return Object.entries(lifecycle.statuses).flatMap(([status, def]) =>
    Object.keys(lifecycle.actions)
      .filter((action) => landing(lifecycle, status, action) === undefined)
      // Actions that need a prerequisite are checked by another rule.
      .filter((action) => !(def.needs.length && def.action === action))
      .map((action) => ({ action, ...resting(lifecycle, status) })),
  );
}

/** Where a campaign may be seen after an action: where the action lands, and where the engine takes it from there by itself. */
export function targetsOf(lifecycle: Lifecycle, { action, from }: LegalAction): readonly string[] {
  return [...landings(lifecycle, from, action), ...movesAfter(lifecycle, from, action)];
}

/**
 * The first action that leads to a status which a campaign does not reach without it. Without one, the first legal action. Skips the
 * rule if there is no action.
 */
export function clearAction(context: RuleContext): LegalAction {
  const { lifecycle } = context.control;
  const all = legal(lifecycle);
  const isClear = (one: LegalAction): boolean => {
    const otherwise = withMoves(lifecycle, [one.from]);
    return !targetsOf(lifecycle, one).some((status) => otherwise.includes(status));
  };
  return all.find(isClear) ?? all[0] ?? context.skip(NO_ACTION);
}

/**
 * Whether a campaign that was in one status may now be seen in another, although nobody acted. The engine may have made the moves
 * that the lifecycle lists. A fault does not count, because nothing in a test backend fails by itself.
 */
export function mayBeIn(lifecycle: Lifecycle, before: string, seen: unknown): boolean {
  if (seen === before) return true;
  return !!statusDef(lifecycle, before)?.moves.length && withMoves(lifecycle, [before]).includes(String(seen));
}

/** Seed values for a campaign that stays in a status. */
export function resting(
  lifecycle: Lifecycle,
  status: string,
): { readonly status: string; readonly missing: readonly string[] } {
  const { needs = [] } = statusDef(lifecycle, status) ?? {};
  return { status, missing: settle(lifecycle, status, []) === status ? [] : needs };
}

/** Makes campaigns and opens a feed that has sent them. */
export async function seedAndWatch(
  context: RuleContext,
  seeds: readonly Partial<SeedCampaign>[],
): Promise<{ readonly recorder: WatchRecorder; readonly made: readonly SeedCampaign[] }> {
  const made = await context.control.seed(...seeds);
  return { recorder: await context.synced(), made };
}

/**
 * The row of a campaign that the rule acts on. Skips the rule if the engine has already moved the campaign.
 *
 * @throws Blocked if there is no row, or if it has another status for no reason
 */
export function rowOf(context: RuleContext, recorder: WatchRecorder, made: SeedCampaign): Row {
  const row = recorder.row(made.id);
  if (!row) context.blocked('snapshot-complete', `The snapshot does not name ${formatValue(made.id)}.`);
  const { status } = row;
  if (status === made.status) return row;
  if (mayBeIn(context.control.lifecycle, made.status, status))
    context.skip(
      `the engine moved a campaign from “${made.status}” to “${String(status)}” before the action was sent; stop the engine of the test backend`,
    );
  return context.blocked(
    'row-faithful',
    `The campaign was made in status ${formatValue(made.status)}, and the feed sent ${formatValue(row)}.`,
  );
}

/** Makes one campaign for each given action, and those actions as a user would send them. Skips the rule if there is none. */
export async function prepareAttempts(
  context: RuleContext,
  actions: readonly LegalAction[],
): Promise<readonly PreparedAttempt[]> {
  if (!actions.length) context.skip(NO_ACTION);
  const { lifecycle } = context.control;
  const { recorder, made } = await seedAndWatch(
    context,
    actions.map(({ from }) => resting(lifecycle, from)),
  );
  return actions.map(({ action, from }, index) => {
    const row = rowOf(context, recorder, made[index]!);
    const attempt = { id: row.id, action, seen: seenIn(row, recorder.epoch), key: fresh('key') };
    return { recorder, attempt, from, targets: targetsOf(lifecycle, { action, from }) };
  });
}

/** Makes one campaign, and an action for it whose effect can't be mistaken. */
export async function prepareAttempt(context: RuleContext): Promise<PreparedAttempt> {
  const [prepared] = await prepareAttempts(context, [clearAction(context)]);
  return prepared!;
}

/** The same, but sends the action and waits until the feed reports it. */
export async function actOnce(context: RuleContext): Promise<PreparedAttempt> {
  const prepared = await prepareAttempt(context);
  const answer = await context.act(prepared.attempt);
  if (!isAccepted(answer)) context.blocked('act-legal', `act ${showAnswer(answer)}.`);
  await landed(prepared);
  return prepared;
}

/**
 * Waits until the feed reports that an action was done.
 *
 * @param from index of the first message to look at
 * @param by the rule that requires the report
 */
export function landed(
  { recorder, attempt, targets }: PreparedAttempt,
  from: number = 0,
  by: string = 'act-legal',
): Promise<Row> {
  return recorder.waitForRow(attempt.id, hasStatus(targets), `status ${listed(targets)}`, { from, by });
}

/** Moves a campaign back to the status it was in before the action, without the adapter, as another user would. */
export async function undo(context: RuleContext, { recorder, attempt, from }: PreparedAttempt): Promise<Row> {
  const start = recorder.messages.length;
  await context.control.change(attempt.id, { status: from });
  return recorder.waitForRow(attempt.id, hasStatus([from]), `status "${from}" again`, { from: start });
}

/** Sends an action, and sends it again while it is throttled. */
export async function retryThrottled(context: RuleContext, attempt: Attempt): Promise<Answer> {
  for (let left = context.timeouts.answerMs; ; left -= RETRY_MS) {
    const answer = await context.act(attempt);
    if (codeOf(answer) !== 'throttled' || left <= 0) return answer;
    await pause(RETRY_MS);
  }
}

/** Whether `act` answered that the action is done or will be. */
export function isAccepted(answer: Answer): boolean {
  return 'result' in answer && isDone(answer.result);
}

/** Whether an outcome says that the action is done or will be. */
export function isDone({ outcome }: ActResult<unknown>): boolean {
  return outcome === 'done' || outcome === 'accepted';
}

/** The code of a thrown AdapterError. */
export function codeOf(answer: Answer): AdapterErrorCode | undefined {
  if (!('thrown' in answer)) return undefined;
  const { name, code } = (answer.thrown ?? {}) as { name?: unknown; code?: AdapterErrorCode };
  return name === 'AdapterError' ? code : undefined;
}

/** Words for a sentence, such as `"active" or "error"`. */
export function listed(words: readonly string[]): string {
  return words.map((word) => `"${word}"`).join(' or ');
}
