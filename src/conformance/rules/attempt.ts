/** Actions on campaigns of the kit: which are legal, what was answered, and what became of the campaign. */
import type { ActRequest, ActResult } from '../../adapters/contract.ts';
import {
  inputProblem,
  landing,
  landings,
  legalActions,
  movesAfter,
  settle,
  statusDef,
  withMoves,
  type Lifecycle,
} from '../../lifecycle/index.ts';
import { isAbsent } from '../../util/is-absent.ts';
import { fresh } from '../checked-control.ts';
import { pause } from '../deadline.ts';
import { codeOf, formatError, formatValue, listed } from '../format-value.ts';
import { RuleBroken, skip } from '../rule-errors.ts';
import type { RuleContext } from '../rule-context.ts';
import { checkActResult } from '../schemas.ts';
import type { SeedCampaign } from '../subject.ts';
import { hasStatus, type Row, type WatchRecorder } from '../watch-recorder.ts';

/** Time between two attempts of a throttled request, in ms. */
const RETRY_MS = 100;
const TEXT = 'Sent by the conformance kit';
const NO_ACTION = 'the lifecycle has no action';

/** An action, and the status of the campaign that it is sent for. */
export interface Situation {
  readonly action: string;
  readonly from: string;
  /** The prerequisites that are missing. Default: those that keep a campaign in the status. */
  readonly missing?: readonly string[];
}

/** How an action was answered: with an outcome, or with an error. */
export interface Answer {
  readonly outcome: ActResult['outcome'] | 'thrown';
  /** Whether the action is done or will be. */
  readonly isAccepted: boolean;
  /** Completes a sentence. */
  readonly shown: string;
  /** The code of a refusal, or of a thrown AdapterError. */
  readonly code?: unknown;
  readonly campaign?: Row | null;
  readonly epoch?: string | null;
}

/** What is sent instead of what a user would send now. */
interface Sent {
  readonly id?: string;
  /** What the user saw. */
  readonly row?: Row;
  readonly key?: string;
  /** `null`: none. */
  readonly input?: string | null;
}

/** One campaign of the kit, and one action that can be sent for it. */
export class Attempt {
  readonly action: string;
  readonly from: string;
  /** Where the campaign may be seen after the action: where it lands, and where the engine takes it from there by itself. */
  readonly targets: readonly string[];
  readonly #key = fresh('key');
  /** How many messages had come when the action was last sent. */
  #since = 0;

  /** @param row what the user sees */
  constructor(
    private readonly context: RuleContext,
    readonly feed: WatchRecorder,
    readonly row: Row,
    situation: Situation,
  ) {
    this.action = situation.action;
    this.from = situation.from;
    this.targets = targetsOf(context.control.lifecycle, situation);
  }

  get id(): string {
    return this.row.id;
  }

  /** Sends the action, by default with the same key each time. @throws RuleBroken if no answer comes, or one that does not fit its schema */
  async act(sent: Sent = {}): Promise<Answer> {
    const { adapter, trace } = this.context;
    const request = this.request(sent);
    this.#since = this.feed.messages.length;
    const [result] = await this.context.call(`act(${this.action})`, (signal) =>
      Promise.allSettled([(async () => adapter.act({ ...request, signal }))()]),
    );
    if (result.status === 'fulfilled') return answerOf(result.value, this.context);
    const shown = `throws ${formatError(result.reason)}`;
    trace.add('act', shown);
    return { outcome: 'thrown', isAccepted: false, shown, code: codeOf(result.reason) };
  }

  /** Sends the action, and sends it again with the same key while it is throttled. */
  async actPatiently(): Promise<Answer> {
    for (let left = this.context.timeouts.answerMs; ; left -= RETRY_MS) {
      const answer = await this.act();
      if (answer.outcome !== 'thrown' || answer.code !== 'throttled' || left <= 0) return answer;
      await pause(RETRY_MS);
    }
  }

  /** The request that `act` sends, without its signal. A text is sent if the action requires one. */
  request({ id = this.id, row = this.row, key = this.#key, input }: Sent = {}): Omit<ActRequest, 'signal'> {
    const { action, feed } = this;
    const { lifecycle } = this.context.control;
    const isRequired = lifecycle.actions[action]?.input?.required === true;
    const text = input === undefined && isRequired ? validInput(lifecycle, action) : input;
    const { status, revision } = row;
    const request = {
      action,
      expect: {
        status: typeof status === 'string' ? status : '',
        revision: typeof revision === 'number' ? revision : 0,
        ...(feed.epoch ? { epoch: feed.epoch } : {}),
      },
      idempotencyKey: key,
      ...(isAbsent(text) ? {} : { input: text }),
    };
    this.context.trace.add('act', `on ${formatValue(id)}`, request);
    return { ref: this.context.ref(id), ...request };
  }

  /** Sends the action and waits until the feed reports it. @throws RuleBroken if it is not done */
  async actAndLand(sent?: Sent): Promise<void> {
    const { shown, isAccepted } = await this.act(sent);
    if (!isAccepted) throw new RuleBroken(`“${this.action}” is legal from “${this.from}”, and act ${shown}.`);
    await this.landed();
  }

  /** Waits until the feed reports that the action was done. */
  landed(): Promise<Row> {
    const expected = `status ${listed(this.targets)}, where “${this.action}” leads from “${this.from}”`;
    return this.feed.waitForRow(this.id, hasStatus(this.targets), expected, this.#since);
  }

  /** The first row in a status that the campaign does not reach by itself. @param except statuses that are expected nevertheless */
  strayRow(except: readonly string[] = []): Row | undefined {
    const { lifecycle } = this.context.control;
    return this.feed
      .rowsOf(this.id)
      .find(({ status }) => !mayBeIn(lifecycle, this.from, status) && !except.includes(String(status)));
  }

  /** Moves the campaign to a status, without the adapter, as another user would. Default: back to where it was. @returns the new row */
  async move(status: string = this.from): Promise<Row> {
    const { control } = this.context;
    const start = this.feed.messages.length;
    await control.call('change', this.id, { status });
    const isThere = (row: Row): boolean => mayBeIn(control.lifecycle, status, row['status']);
    return this.feed.waitForRow(this.id, isThere, `status "${status}", set by another user`, start);
  }
}

/** Makes one campaign for each situation. Skips the rule if there is none, or if the engine has already moved a campaign. */
export async function prepare(
  context: RuleContext,
  situations: readonly Situation[],
  none: string = NO_ACTION,
): Promise<readonly Attempt[]> {
  if (!situations.length) skip(none);
  const { lifecycle } = context.control;
  const seeds = situations.map(({ from, missing }) => ({
    ...resting(lifecycle, from),
    ...(missing ? { missing } : {}),
  }));
  const { made, feed } = await context.seeded(...seeds);
  return situations.map((one, index) => new Attempt(context, feed, rowOf(lifecycle, feed, made[index]!), one));
}

/** Makes one campaign, and an action for it whose effect can't be mistaken. */
export async function prepareOne(context: RuleContext): Promise<Attempt> {
  return (await prepare(context, [clearAction(context)]))[0]!;
}

/** Checks an outcome. @throws RuleBroken if it does not fit its schema */
export function answerOf(result: ActResult<unknown>, { trace }: RuleContext): Answer {
  const shown = `answers ${formatValue(result)}`;
  trace.add('act', shown);
  const problem = checkActResult(result);
  if (problem !== undefined) throw new RuleBroken(`${problem}. The answer was: ${formatValue(result)}`);
  const { outcome } = result;
  return { ...(result as Partial<Answer>), outcome, shown, isAccepted: outcome === 'done' || outcome === 'accepted' };
}

/** Each action in each status that it is legal from. */
export function legal(lifecycle: Lifecycle): readonly Situation[] {
  return lifecycle.statusOrder.flatMap((from) => legalActions(lifecycle, from).map((action) => ({ action, from })));
}

/** Each action in each status where it is not legal, except those that only wait for a prerequisite. */
export function illegal(lifecycle: Lifecycle): readonly Situation[] {
  return Object.entries(lifecycle.statuses).flatMap(([from, { needs, action: first }]) =>
    Object.keys(lifecycle.actions)
      .filter((action) => landing(lifecycle, from, action) === undefined && !(needs.length && first === action))
      .map((action) => ({ action, from })),
  );
}

/**
 * The first action that leads to a status which a campaign does not reach without it. Without one, the first legal action. Skips the
 * rule if there is no action.
 */
export function clearAction(context: RuleContext): Situation {
  const { lifecycle } = context.control;
  const all = legal(lifecycle);
  const isClear = (one: Situation): boolean => {
    const otherwise = withMoves(lifecycle, [one.from]);
    return !targetsOf(lifecycle, one).some((status) => otherwise.includes(status));
  };
  return all.find(isClear) ?? all[0] ?? skip(NO_ACTION);
}

/** A text that an action accepts. `undefined` if the action asks for none. */
export function validInput(lifecycle: Lifecycle, action: string): string | undefined {
  const input = lifecycle.actions[action]?.input;
  return input && (input.options?.[0] ?? TEXT.slice(0, input.maxLength));
}

/** What an action that asks for a text must refuse. `null`: no text. */
export function invalidInputs(lifecycle: Lifecycle, action: string): readonly (string | null)[] {
  const { maxLength = 0 } = lifecycle.actions[action]?.input ?? {};
  const candidates = [null, TEXT, 'x'.repeat(maxLength + 1)];
  return candidates.filter((one) => inputProblem(lifecycle, action, one ?? undefined) !== undefined);
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
): Pick<SeedCampaign, 'status'> & { missing: readonly string[] } {
  const { needs = [] } = statusDef(lifecycle, status) ?? {};
  return { status, missing: settle(lifecycle, status, []) === status ? [] : needs };
}

function targetsOf(lifecycle: Lifecycle, { action, from }: Situation): readonly string[] {
  return [...landings(lifecycle, from, action), ...movesAfter(lifecycle, from, action)];
}

/**
 * The row of a campaign that the rule acts on. Skips the rule if the engine has already moved the campaign.
 *
 * @throws RuleBroken if there is no row, or if it has another status for no reason
 */
function rowOf(lifecycle: Lifecycle, feed: WatchRecorder, { id, status }: SeedCampaign): Row {
  const row = feed.row(id);
  if (!row) throw new RuleBroken(`The snapshot does not name ${formatValue(id)}.`);
  if (row['status'] === status) return row;
  if (mayBeIn(lifecycle, status, row['status']))
    skip(
      `the engine moved a campaign from “${status}” to “${String(row['status'])}” before the action was sent; stop the engine of the test backend`,
    );
  throw new RuleBroken(`A campaign was made in status ${formatValue(status)}, and the feed sent ${formatValue(row)}.`);
}
