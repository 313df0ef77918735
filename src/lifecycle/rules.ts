/** Pure rules over any lifecycle. They are free functions, because a method with a status parameter would make `Lifecycle` invariant. */
import type { Confirmation, Icon, Lifecycle, RecoveryStep, Status, Tone } from './types.ts';

/** How a status is shown. An unknown status is neutral. */
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

/** Why an offered action can't be taken, according to the lifecycle and the record. */
export interface Obstacle {
  readonly code: 'missing' | 'denied' | 'illegal' | 'unknown-status';
  /** The prerequisites that are missing. */
  readonly what?: readonly string[];
  /** The backend's reason for denying it. */
  readonly text?: string;
}

/** The parts of a record that affect its actions; `null` counts as absent. */
export interface Circumstances {
  /** Prerequisites not met now. Absent: not known, so they disable nothing. */
  readonly missing?: readonly string[] | null | undefined;
  /** Actions this user may not take, with the reason. */
  readonly denied?: Readonly<Record<string, string>> | null | undefined;
}

/** Everything derived from a status and its lifecycle. Tag, button, list and header all use it. */
export interface StatusView extends StatusLook {
  readonly status: string;
  readonly editable?: boolean;
  /** What the status offers, in order. */
  readonly actions: readonly Offer[];
  /** The first of `actions`: the button's. */
  readonly action?: Offer;
}

/** One legal transition, for tables and filters. */
export interface Transition {
  readonly action: string;
  readonly from: string;
  readonly to: string;
}

/** The definition of a status, or `undefined` for one that the lifecycle does not know. */
export function statusDef(lifecycle: Lifecycle | undefined, status: string): Status | undefined {
  return lifecycle?.statuses[status];
}

/** How a status is shown. */
export function lookOf(lifecycle: Lifecycle | undefined, status: string): StatusLook {
  const def = statusDef(lifecycle, status);
  return def ? { known: true, tone: def.tone, icon: def.icon } : { known: false, tone: 'neutral', icon: 'unknown' };
}

/** `stuckAfterMs` of the statuses that have one. */
export function stuckLimits(lifecycle: Lifecycle): ReadonlyMap<string, number> {
  return new Map(
    statusWords(lifecycle).flatMap((word) => {
      const limit = lifecycle.statuses[word]!.stuckAfterMs;
      return limit === undefined ? [] : [[word, limit] as const];
    }),
  );
}

/** The statuses of a lifecycle, in their order. */
export function statusWords(lifecycle: Lifecycle | undefined): readonly string[] {
  return lifecycle?.statusOrder ?? [];
}

const views = new WeakMap<Lifecycle, Map<string, StatusView>>();

/** Derives what is shown of a status: once for each status, unless prerequisites or permissions matter. */
export function statusView(lifecycle: Lifecycle | undefined, status: string, facts: Circumstances = {}): StatusView {
  // Statuses come from outside: those that no lifecycle has are not kept.
  if (!lifecycle || facts.missing?.length || facts.denied || !statusDef(lifecycle, status))
    return derive(lifecycle, status, facts);
  let known = views.get(lifecycle);
  if (!known) views.set(lifecycle, (known = new Map<string, StatusView>()));
  let view = known.get(status);
  if (!view) known.set(status, (view = derive(lifecycle, status, facts)));
  return view;
}

function derive(lifecycle: Lifecycle | undefined, status: string, facts: Circumstances): StatusView {
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

/** The actions that this status offers, in order; the first is the button's. For an unknown status, one disabled offer without an action. */
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
  // Legal only once the status has become its `ready` status by itself, so all of its prerequisites are named.
  return needs.length ? { code: 'missing', what: needs } : { code: 'illegal' };
}

/** The actions that are legal from a status, in the order of the definition. */
export function legalActions(lifecycle: Lifecycle | undefined, status: string): readonly string[] {
  if (!lifecycle) return [];
  return Object.keys(lifecycle.actions).filter((action) => lifecycle.actions[action]!.from[status] !== undefined);
}

/**
 * The status that an action leads to, or `undefined` if it is illegal. Of several possible ones it is the first.
 *
 * @param missing Prerequisites not met now: with one missing, the campaign lands in the status that waits for it.
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

/** Every status that an action may lead to, with or without missing prerequisites. Seeing the campaign in any of them confirms it. */
export function landings(lifecycle: Lifecycle, status: string, action: string): readonly string[] {
  return targetsOf(lifecycle, status, action).flatMap((target) => [target, ...waitingFor(lifecycle, target)]);
}

/**
 * The statuses to which the engine may move a campaign by itself after an action. Feeds may leave out states in between, so a campaign
 * in one of them confirms the action too.
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

/** The statuses to which the engine may move a campaign by itself: by a fault, or by its `moves`. */
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

/**
 * The problem with the input of an action, or `undefined` if it may be sent. Blanks count as no input.
 *
 * @returns `input-missing`: the action needs an input. `input-too-long`: it is longer than `maxLength`. `input-unknown`: it is none of
 * the options, or the action takes no input.
 */
export function inputProblem(
  lifecycle: Lifecycle,
  action: string,
  input = '',
): 'input-missing' | 'input-too-long' | 'input-unknown' | undefined {
  const def = lifecycle.actions[action]?.input;
  if (!input.trim()) return def?.required ? 'input-missing' : undefined;
  if (!def || (def.options && !def.options.includes(input))) return 'input-unknown';
  return input.length > def.maxLength ? 'input-too-long' : undefined;
}

/**
 * The status that a campaign takes by itself when its prerequisites change: `ready` once its `needs` are met, and back when one is
 * missing again. A status that processes contacts or events (it has a `fault`) does not change.
 */
export function settle(lifecycle: Lifecycle, status: string, missing: readonly string[]): string {
  const def = statusDef(lifecycle, status);
  if (!def || def.fault !== undefined) return status;
  if (def.ready !== undefined && !def.needs.some((need) => missing.includes(need))) return def.ready;
  for (const waiting of waitingFor(lifecycle, status))
    if (lifecycle.statuses[waiting]!.needs.some((need) => missing.includes(need))) return waiting;
  return status;
}

/** Every legal transition, in the order of the definition. */
export function transitions(lifecycle: Lifecycle): readonly Transition[] {
  return Object.entries(lifecycle.actions).flatMap(([action, def]) =>
    Object.entries(def.from).flatMap(([from, targets]) => targets!.map((to) => ({ action, from, to }))),
  );
}

/** The recovery steps of a status; empty for a status that needs none. */
export function recoverySteps(lifecycle: Lifecycle | undefined, status: string): readonly RecoveryStep[] {
  return lifecycle?.recovery?.[status] ?? [];
}

/** True if an action makes a campaign of this status process contacts or events: only then do its dependencies matter. */
export function startsProcessing(lifecycle: Lifecycle | undefined, status: string, action: string): boolean {
  if (!lifecycle) return false;
  const target = landing(lifecycle, status, action);
  return target !== undefined && lifecycle.statuses[target]!.fault !== undefined;
}

/**
 * The action that makes a campaign of this status process again: one that is legal now, or the last one that its recovery steps
 * offer, or any that does so from another status.
 */
export function recoveryAction(lifecycle: Lifecycle | undefined, status: string): string | undefined {
  if (!lifecycle) return undefined;
  const actions = Object.keys(lifecycle.actions);
  const offered = recoverySteps(lifecycle, status).flatMap(({ offer }) =>
    offer && 'action' in offer ? [offer.action] : [],
  );
  const startsLater = (action: string): boolean =>
    Object.keys(lifecycle.actions[action]!.from).some((from) => startsProcessing(lifecycle, from, action));
  return (
    actions.find((action) => startsProcessing(lifecycle, status, action)) ??
    offered.findLast(startsLater) ??
    actions.find(startsLater)
  );
}

/** The statuses whose `ready` status is this one. */
function waitingFor(lifecycle: Lifecycle, status: string): readonly string[] {
  return lifecycle.statusOrder.filter((word) => lifecycle.statuses[word]!.ready === status);
}

function targetsOf(lifecycle: Lifecycle, status: string, action: string): readonly string[] {
  return lifecycle.actions[action]?.from[status] ?? [];
}
