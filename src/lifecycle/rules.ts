/** Pure rules over any lifecycle. Free functions: a method taking a status word would make the type invariant. */
import type { Confirmation, Icon, Lifecycle, RecoveryStep, Status, Tone } from './types.ts';

/** What a status word looks like. Unknown words are neutral. */
export interface StatusLook {
  readonly known: boolean;
  readonly tone: Tone | 'neutral';
  readonly icon: Icon | 'unknown';
}

/** The action that a status offers, and why it can't be taken now. */
export interface Offer {
  /** `''` for an unknown status. */
  readonly action: string;
  readonly disabled?: Obstacle;
}

/** Why an offered action can't be taken, as far as the table and the record tell. */
export interface Obstacle {
  readonly code: 'missing' | 'denied' | 'illegal' | 'unknown-status';
  /** The prerequisites that are missing. */
  readonly what?: readonly string[];
  /** The backend's reason for denying it. */
  readonly text?: string;
}

/** What a record says beyond its status; `null` is as good as absent. */
export interface Circumstances {
  /** Prerequisites not met now; absent when nobody knows, and then nothing is disabled for it. */
  readonly missing?: readonly string[] | null | undefined;
  /** Actions this user may not take, with the reason. */
  readonly denied?: Readonly<Record<string, string>> | null | undefined;
}

/** All that follows from a status word and its lifecycle: the one derivation behind every tag, button, list and header. */
export interface StatusView extends StatusLook {
  readonly status: string;
  readonly editable?: boolean;
  /** What the status offers, in order. */
  readonly actions: readonly Offer[];
  /** The first of `actions`: the button's. */
  readonly action?: Offer;
}

/** One legal move, for tables and filters. */
export interface Transition {
  readonly action: string;
  readonly from: string;
  readonly to: string;
}

/** The definition of a status word, or `undefined` for a word that the lifecycle does not know. */
export function statusDef(lifecycle: Lifecycle | undefined, status: string): Status | undefined {
  return lifecycle?.statuses[status];
}

/** How a status word is shown. */
export function lookOf(lifecycle: Lifecycle | undefined, status: string): StatusLook {
  const def = statusDef(lifecycle, status);
  return def ? { known: true, tone: def.tone, icon: def.icon } : { known: false, tone: 'neutral', icon: 'unknown' };
}

/** The status words of a lifecycle, in their order. */
export function statusWords(lifecycle: Lifecycle | undefined): readonly string[] {
  return lifecycle?.statusOrder ?? [];
}

/** Derives what is shown of a status. */
export function statusView(lifecycle: Lifecycle | undefined, status: string, facts: Circumstances = {}): StatusView {
  const actions = offersOf(lifecycle, status, facts);
  const editable = statusDef(lifecycle, status)?.editable;
  return {
    status,
    ...lookOf(lifecycle, status),
    ...(editable === undefined ? {} : { editable }),
    actions,
    ...(actions[0] ? { action: actions[0] } : {}),
  };
}

/** What a campaign in this status offers, in order: the first is the button's. For an unknown status one disabled offer without action. */
export function offersOf(
  lifecycle: Lifecycle | undefined,
  status: string,
  facts: Circumstances = {},
): readonly Offer[] {
  const def = statusDef(lifecycle, status);
  if (!lifecycle || !def) return [{ action: '', disabled: { code: 'unknown-status' } }];
  return def.actions.map((action) => {
    const disabled = obstacle(lifecycle, status, action, facts);
    return disabled ? { action, disabled } : { action };
  });
}

/** Why an action can't be taken from a status, or `undefined` when it can. */
export function obstacle(
  lifecycle: Lifecycle,
  status: string,
  action: string,
  { missing, denied }: Circumstances = {},
): Obstacle | undefined {
  const def = statusDef(lifecycle, status);
  if (!def) return { code: 'unknown-status' };
  if (denied && Object.hasOwn(denied, action)) return { code: 'denied', text: denied[action]! };
  const needs = def.actions[0] === action ? def.needs : [];
  const lacking = needs.filter((need) => missing?.includes(need));
  if (lacking.length) return { code: 'missing', what: lacking };
  if (landing(lifecycle, status, action) !== undefined) return undefined;
  // Legal only once the status has turned into its `ready` by itself, so everything it waits for is named.
  return needs.length && def.ready !== undefined && landing(lifecycle, def.ready, action) !== undefined
    ? { code: 'missing', what: needs }
    : { code: 'illegal' };
}

/** The actions that are legal from a status, in the order of the table. */
export function legalActions(lifecycle: Lifecycle | undefined, status: string): readonly string[] {
  if (!lifecycle || !statusDef(lifecycle, status)) return [];
  return Object.keys(lifecycle.actions).filter((action) => lifecycle.actions[action]!.from[status] !== undefined);
}

/**
 * Where an action leads from a status, or `undefined` where it is illegal. Of several possible landings it is the first.
 *
 * @param missing Prerequisites not met now: a status that waits for them takes the place of the one they make ready.
 */
export function landing(
  lifecycle: Lifecycle,
  status: string,
  action: string,
  missing?: Circumstances['missing'],
): string | undefined {
  const target = targetsOf(lifecycle, status, action)[0];
  return target === undefined ? undefined : settle(lifecycle, target, missing ?? []);
}

/** Every status in which an action may land from here, whatever is missing by then: any of them confirms it. */
export function landings(lifecycle: Lifecycle, status: string, action: string): readonly string[] {
  return targetsOf(lifecycle, status, action).flatMap((target) => [target, ...waitingFor(lifecycle, target)]);
}

/**
 * Where the engine may have taken a campaign by itself once an action has landed: a feed may leave out what is in between, so a
 * campaign seen there shows that the action was done.
 */
export function movesAfter(lifecycle: Lifecycle, status: string, action: string): readonly string[] {
  const landed = landings(lifecycle, status, action);
  return withMoves(lifecycle, landed).filter((word) => !landed.includes(word));
}

/** These statuses, and every status that the engine may take a campaign to from there by itself, in one move or several. */
export function withMoves(lifecycle: Lifecycle, statuses: readonly string[]): readonly string[] {
  const reached = new Set(statuses);
  for (const word of reached) for (const next of movesFrom(lifecycle, word)) reached.add(next);
  return [...reached];
}

/** Where the engine may take a campaign from a status by itself: by a fault, or in the course of things. */
export function movesFrom(lifecycle: Lifecycle, status: string): readonly string[] {
  const def = statusDef(lifecycle, status);
  if (!def) return [];
  return def.fault === undefined ? def.moves : [def.fault, ...def.moves];
}

/** The question to ask before an action is sent from a status, or `undefined` if it is sent at once. */
export function confirmationOf(
  lifecycle: Lifecycle | undefined,
  status: string,
  action: string,
): Confirmation | undefined {
  return lifecycle?.actions[action]?.confirm[status];
}

/** The most characters of an input whose definition names no `maxLength`. */
const DEFAULT_INPUT_LENGTH = 500;

/**
 * What is wrong with a text that goes with an action, or `undefined` if it may be sent. Blanks alone are no text.
 *
 * @returns `input-missing`: the action is not sent without a text. `input-too-long`: it has more characters than `maxLength`.
 * `input-unknown`: it is none of the options, or the action takes no text.
 */
export function inputProblem(
  lifecycle: Lifecycle,
  action: string,
  input = '',
): 'input-missing' | 'input-too-long' | 'input-unknown' | undefined {
  const def = lifecycle.actions[action]?.input;
  if (!input.trim()) return def?.required ? 'input-missing' : undefined;
  if (!def || (def.options && !def.options.includes(input))) return 'input-unknown';
  return input.length > (def.maxLength ?? DEFAULT_INPUT_LENGTH) ? 'input-too-long' : undefined;
}

/**
 * The status a resting campaign takes by itself: `ready` once its `needs` are met, and back when one is lost.
 * A status that processes contacts or events (it has a `fault`) is left as it is.
 */
export function settle(lifecycle: Lifecycle, status: string, missing: readonly string[]): string {
  const def = statusDef(lifecycle, status);
  if (!def || def.fault !== undefined) return status;
  if (def.ready !== undefined && !def.needs.some((need) => missing.includes(need))) return def.ready;
  for (const waiting of waitingFor(lifecycle, status))
    if (lifecycle.statuses[waiting]!.needs.some((need) => missing.includes(need))) return waiting;
  return status;
}

/** Every legal move, in the order of the table. */
export function transitions(lifecycle: Lifecycle): readonly Transition[] {
  return Object.entries(lifecycle.actions).flatMap(([action, def]) =>
    Object.entries(def.from).flatMap(([from, targets = []]) => targets.map((to) => ({ action, from, to }))),
  );
}

/** The recovery steps of a status; empty for a status that needs none. */
export function recoverySteps(lifecycle: Lifecycle | undefined, status: string): readonly RecoveryStep[] {
  return lifecycle?.recovery?.[status] ?? [];
}

/** True if an action makes a campaign of this status process contacts or events: only then do its dependencies matter. */
export function startsProcessing(lifecycle: Lifecycle | undefined, status: string, action: string): boolean {
  const target = lifecycle && landing(lifecycle, status, action);
  return target !== undefined && lifecycle?.statuses[target]?.fault !== undefined;
}

/**
 * The action that makes a campaign of this status process again: one that does so from here, else the last one that its recovery
 * steps offer, else any that does so from another status.
 */
export function recoveryAction(lifecycle: Lifecycle | undefined, status: string): string | undefined {
  const actions = Object.keys(lifecycle?.actions ?? {});
  const offered = recoverySteps(lifecycle, status).flatMap(({ offer }) =>
    offer && 'action' in offer ? [offer.action] : [],
  );
  const startsLater = (action: string): boolean =>
    Object.keys(lifecycle?.actions[action]?.from ?? {}).some((from) => startsProcessing(lifecycle, from, action));
  return (
    actions.find((action) => startsProcessing(lifecycle, status, action)) ??
    offered.findLast(startsLater) ??
    actions.find(startsLater)
  );
}

/** The statuses that turn into this one by themselves. */
function waitingFor(lifecycle: Lifecycle, status: string): readonly string[] {
  return lifecycle.statusOrder.filter((word) => lifecycle.statuses[word]!.ready === status);
}

function targetsOf(lifecycle: Lifecycle, status: string, action: string): readonly string[] {
  return lifecycle.actions[action]?.from[status] ?? [];
}
