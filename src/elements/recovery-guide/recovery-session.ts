/** The state of one recovery from an error, and its transitions. Pure rules without DOM or texts. */
import { recoverySteps, type Lifecycle, type RecoveryStep } from '../../lifecycle/index.ts';
import type { CampaignView, DependencyView } from '../../store/types.ts';

/** One recovery, from the status that needs it until its last automatic step is done or the user closes the guide. */
export interface RecoverySession {
  /** The status that began it: its steps stay, whatever the campaign turns into. */
  readonly entered: string;
  /** What went wrong: the latest the backend said while in that status. */
  readonly error: Pick<CampaignView, 'message' | 'truncated' | 'at' | 'cause'>;
  /** The steps that the user ticked. */
  readonly byHand: ReadonlySet<string>;
  /** The campaign has been in another status since. */
  readonly left: boolean;
  /** How it ended: in which status, or closed. */
  readonly ended?: { readonly recovered: string } | 'closed';
}

/** How a step stands. `unknown`: it would tick itself, but its state is not known. */
export type StepState = 'live' | 'hand' | 'todo' | 'unknown';

/** What ticks steps. */
export interface LiveFacts {
  readonly status: string;
  readonly dependencies: readonly DependencyView[];
}

/** Whether a step is done by live data; `undefined` for one that the user ticks, or if it is not known. */
export function checkedLive(step: RecoveryStep, { status, dependencies }: LiveFacts): boolean | undefined {
  if (!step.done) return undefined;
  if ('status' in step.done) return step.done.status.includes(status);
  const { dependency: kind } = step.done;
  const states = dependencies.filter((dependency) => dependency.kind === kind).map(({ state }) => state);
  if (states.some((state) => state === 'stopped' || state === 'error')) return false;
  return states.length === 0 || states.includes('unknown') ? undefined : true;
}

/** The state of a step. Live data take precedence over the user's tick. */
export function stepState(step: RecoveryStep, facts: LiveFacts, byHand: ReadonlySet<string>): StepState {
  const live = checkedLive(step, facts);
  if (live !== undefined) return live ? 'live' : 'todo';
  if (byHand.has(step.id)) return 'hand';
  return step.done ? 'unknown' : 'todo';
}

/** The session after this view: begun, continued, ended or dropped. The same object if nothing changed. */
export function advance(
  session: RecoverySession | undefined,
  view: CampaignView,
  lifecycle: Lifecycle | undefined,
  dependencies: readonly DependencyView[],
): RecoverySession | undefined {
  if (view.presence === 'loading') return session;
  if (view.presence !== 'present') return undefined;
  return recoverySteps(lifecycle, view.status).length > 0
    ? onError(session, view)
    : afterError(session, view, lifecycle, dependencies);
}

/** Ticks a step, or takes the tick back. */
export function tickByHand(session: RecoverySession, step: string, done: boolean): RecoverySession {
  const byHand = new Set(session.byHand);
  if (done) byHand.add(step);
  else byHand.delete(step);
  return { ...session, byHand };
}

function onError(session: RecoverySession | undefined, view: CampaignView): RecoverySession {
  const error = {
    message: view.message,
    truncated: view.truncated,
    ...(view.at === undefined ? {} : { at: view.at }),
    ...(view.cause ? { cause: view.cause } : {}),
  };
  const same =
    session !== undefined &&
    !session.left &&
    session.entered === view.status &&
    // A new message or time is a new error: what was ticked for the last one says nothing about it.
    session.error.message === view.message &&
    session.error.at === view.at;
  if (!same) return { entered: view.status, error, byHand: new Set(), left: false };
  return session.error.cause === view.cause ? session : { ...session, error };
}

function afterError(
  session: RecoverySession | undefined,
  { status }: CampaignView,
  lifecycle: Lifecycle | undefined,
  dependencies: readonly DependencyView[],
): RecoverySession | undefined {
  if (!session || session.ended === 'closed') return undefined;
  if (session.ended) return session.ended.recovered === status ? session : undefined;
  const steps = recoverySteps(lifecycle, session.entered);
  const ticking = steps.filter(({ done }) => done);
  const facts = { status, dependencies };
  const last = ticking.at(-1);
  const done = last
    ? checkedLive(last, facts) === true
    : steps.every((step) => stepState(step, facts, session.byHand) === 'hand');
  if (done) return { ...session, left: true, ended: { recovered: status } };
  return session.left ? session : { ...session, left: true };
}
