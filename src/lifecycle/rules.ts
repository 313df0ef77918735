/** Pure rules over any lifecycle. Free functions: a method taking a status word would make the type invariant. */
import type { Icon, Lifecycle, RecoveryStep, StatusDef, Tone } from './types.ts';

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

/** What a record says beyond its status. */
export interface Circumstances {
  /** Prerequisites not met now; absent when nobody knows, and then nothing is disabled for it. */
  readonly missing?: readonly string[] | undefined;
  /** Actions this user may not take, with the reason. */
  readonly denied?: Readonly<Record<string, string>> | undefined;
}

/** All that follows from a status word and its lifecycle: the one derivation behind every tag, button, list and header. */
export interface StatusView extends StatusLook {
  readonly status: string;
  readonly editable?: boolean;
  /** Absent: the status offers no action. */
  readonly action?: Offer;
  /** Other actions legal from here. */
  readonly also: readonly string[];
}

/** One legal move, for tables and filters. */
export interface Transition {
  readonly action: string;
  readonly from: string;
  readonly to: string;
}

/** The definition of a status word, or `undefined` for a word that the lifecycle does not know. */
export function statusDef(lifecycle: Lifecycle | undefined, status: string): StatusDef | undefined {
  return lifecycle?.statuses[status];
}

/** How a status word is shown. */
export function lookOf(lifecycle: Lifecycle | undefined, status: string): StatusLook {
  const def = statusDef(lifecycle, status);
  return def ? { known: true, tone: def.tone, icon: def.icon } : { known: false, tone: 'neutral', icon: 'unknown' };
}

/** Derives what is shown of a status. */
export function statusView(lifecycle: Lifecycle | undefined, status: string, facts: Circumstances = {}): StatusView {
  const action = offerOf(lifecycle, status, facts);
  const editable = statusDef(lifecycle, status)?.editable;
  return {
    status,
    ...lookOf(lifecycle, status),
    ...(editable === undefined ? {} : { editable }),
    ...(action ? { action } : {}),
    also: legalActions(lifecycle, status).filter((other) => other !== action?.action),
  };
}

/** What the button of a campaign in this status offers; `undefined` when the status offers no action. */
export function offerOf(
  lifecycle: Lifecycle | undefined,
  status: string,
  facts: Circumstances = {},
): Offer | undefined {
  const def = statusDef(lifecycle, status);
  if (!lifecycle || !def) return { action: '', disabled: { code: 'unknown-status' } };
  if (def.action === undefined) return undefined;
  const disabled = obstacle(lifecycle, status, def.action, facts);
  return disabled ? { action: def.action, disabled } : { action: def.action };
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
  const needs = def.action === action ? (def.needs ?? []) : [];
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
 * Where an action leads from a status, or `undefined` where it is illegal.
 *
 * @param missing Prerequisites not met now: a status that waits for them takes the place of the one they make ready.
 */
export function landing(
  lifecycle: Lifecycle,
  status: string,
  action: string,
  missing: readonly string[] = [],
): string | undefined {
  const target = lifecycle.actions[action]?.from[status];
  return target === undefined ? undefined : settle(lifecycle, target, missing);
}

/** Every status in which an action may land from here, whatever is missing by then: any of them confirms it. */
export function landings(lifecycle: Lifecycle, status: string, action: string): readonly string[] {
  const target = lifecycle.actions[action]?.from[status];
  if (target === undefined) return [];
  return [target, ...waitingFor(lifecycle, target)];
}

/** Where a fault leads after an action has landed: a campaign seen there may have been where the action leads, and failed since. */
export function faultsAfter(lifecycle: Lifecycle, status: string, action: string): readonly string[] {
  return landings(lifecycle, status, action).flatMap((landed) => statusDef(lifecycle, landed)?.fault ?? []);
}

/**
 * The status a resting campaign takes by itself: `ready` once its `needs` are met, and back when one is lost.
 * A status that processes contacts or events (it has a `fault`) is left as it is.
 */
export function settle(lifecycle: Lifecycle, status: string, missing: readonly string[]): string {
  const def = statusDef(lifecycle, status);
  if (!def || def.fault !== undefined) return status;
  if (def.ready !== undefined && !def.needs?.some((need) => missing.includes(need))) return def.ready;
  for (const waiting of waitingFor(lifecycle, status))
    if (lifecycle.statuses[waiting]!.needs?.some((need) => missing.includes(need))) return waiting;
  return status;
}

/** Every legal move, in the order of the table. */
export function transitions(lifecycle: Lifecycle): readonly Transition[] {
  return Object.entries(lifecycle.actions).flatMap(([action, def]) =>
    Object.entries(def.from).map(([from, to]) => ({ action, from, to: to as string })),
  );
}

/** The recovery steps of a status; empty for a status that needs none. */
export function recoverySteps(lifecycle: Lifecycle | undefined, status: string): readonly RecoveryStep[] {
  return lifecycle?.recovery?.[status] ?? [];
}

/** The statuses that turn into this one by themselves. */
function waitingFor(lifecycle: Lifecycle, status: string): readonly string[] {
  return Object.keys(lifecycle.statuses).filter((word) => lifecycle.statuses[word]!.ready === status);
}
