/** The invariants about actions: 5 and 15, and part of 11. */
import type { CampaignRecord, CampaignRef } from '../../../src/adapters/index.ts';
import { movesAfter, landings } from '../../../src/lifecycle/index.ts';
import type { ActionOutcome, CampaignView } from '../../../src/store/index.ts';
import { LIFECYCLES } from './systems.ts';
import { reached } from './coverage.ts';
import type { ExpectedState } from './expected-state.ts';
import { Violation } from './violation.ts';

/** The intent of a user: one press, from the press to its outcome. */
export interface Intent {
  readonly page: string;
  readonly ref: CampaignRef;
  readonly action: string;
  /** By the monotonic clock, ms. */
  readonly at: number;
  /** The earliest of the campaign's states that the user may have seen. */
  readonly index: number;
  /** Whether the browser was online. */
  readonly online: boolean;
  /** The keys of its requests. */
  readonly keys: Set<string>;
  /** The number of times it was sent. */
  sent: number;
  /** The same action was requested again, and was taken for a separate request. */
  replaced: boolean;
  promise?: Promise<ActionOutcome>;
  /** The outcome that was reported. */
  outcome?: ActionOutcome;
}

/** The most requests that one press may cause: retries with growing backoff, for as long as it may be pending. */
const MOST_SENT = 12;

/**
 * I5: a double click is one request. The same action can be requested again only after the first request is settled.
 */
export function i5OneRequest(intent: Intent): void {
  if (intent.replaced && !intent.outcome)
    throw new Violation(
      'I5',
      `${describeIntent(intent)} was pressed again while it was pending, and became another request`,
    );
}

/** I5: while a request is pending, no action is offered. */
export function i5NothingElseOffered({ ref: { system, id }, request, action }: CampaignView): void {
  if (request?.phase === 'pending' && action && !action.disabled)
    throw new Violation('I5', `${action.action} of ${system}/${id} is offered while ${request.action} is pending`);
}

/** I5: one press has one key, and every request belongs to a press. */
export function i5OneKey(intent: Intent | undefined, { system, id }: CampaignRef, action: string, key: string): void {
  if (!intent) throw new Violation('I5', `${action} of ${system}/${id} was asked for, and nobody had pressed`);
  if (intent.keys.size && !intent.keys.has(key))
    throw new Violation('I5', `${describeIntent(intent)} was requested with two keys`);
}

/** I5: no request is queued. A press is not sent if it was made offline, or so long ago that it is settled. */
export function i5NotLater(intent: Intent, now: number, uncertainAfterMs: number): void {
  if (!intent.online) throw new Violation('I5', `${describeIntent(intent)} was pressed offline, and is sent`);
  if (now - intent.at > uncertainAfterMs)
    throw new Violation('I5', `${describeIntent(intent)} is sent ${now - intent.at} ms later`);
}

/**
 * I5: an action reported as "done" has happened: this request did it, or the campaign was seen where the action leads
 * after the state that the user saw (another user was faster), or where a fault leads from there. An action reported as
 * "refused" has not happened.
 */
export function i5TrueOutcome(intent: Intent, expected: ExpectedState): void {
  const { outcome, keys, ref, action, index } = intent;
  const effects = count(keys, (key) => expected.effects(key));
  if (outcome?.outcome === 'done' && !effects) {
    const lifecycle = LIFECYCLES.get(ref.system)!;
    const statuses = Object.keys(lifecycle.statuses);
    const targets = statuses.flatMap((status) => landings(lifecycle, status, action));
    const failures = statuses.flatMap((status) => movesAfter(lifecycle, status, action));
    const [before, ...later] = expected.history(ref).slice(index);
    const seen = later.some(
      ({ record }) =>
        record &&
        (targets.includes(record.status) || (failures.includes(record.status) && isNews(record, before!.record))),
    );
    if (seen) reached('I5: done, by a colleague');
    if (!seen) throw new Violation('I5', `${describeIntent(intent)} is reported as done, but nothing happened`);
  }
}

/**
 * I5: whatever was reported, the action happened at most once, and never if it was refused. An effect that a restore
 * has undone does not count.
 */
export function i5Effects(intent: Intent, effects: ReadonlyMap<string, number>): void {
  const happened = count(intent.keys, (key) => effects.get(key) ?? 0);
  if (happened === 1) reached('I5: one press, one effect');
  if (happened > 1) throw new Violation('I5', `${describeIntent(intent)} happened ${happened} times`);
  if (happened && intent.outcome?.outcome === 'refused')
    throw new Violation(
      'I5',
      `${describeIntent(intent)} is reported as refused (${intent.outcome.reason?.code}), but happened`,
    );
}

/** I15: every press is settled in a bounded time. */
export function i15Settles(intent: Intent, now: number, uncertainAfterMs: number): void {
  if (!intent.outcome && now - intent.at > uncertainAfterMs / 2) reached('I15: pending for long');
  if (!intent.outcome && now - intent.at > uncertainAfterMs)
    throw new Violation('I15', `${describeIntent(intent)} is pending after ${now - intent.at} ms`);
}

/** I11: one press is not sent over and over. */
export function i11FewRetries(intent: Intent): void {
  if (intent.sent > MOST_SENT) throw new Violation('I11', `${describeIntent(intent)} was sent ${intent.sent} times`);
}

function count(keys: ReadonlySet<string>, of: (key: string) => number): number {
  let sum = 0;
  for (const key of keys) sum += of(key);
  return sum;
}

/** True if a record's status facts differ from those of an earlier one. */
function isNews(record: CampaignRecord, before: CampaignRecord | undefined): boolean {
  return record.status !== before?.status || record.message !== before.message || record.at !== before.at;
}

function describeIntent({ ref, action, at }: Intent): string {
  return `${action} of ${ref.system}/${ref.id} (pressed at ${at} ms)`;
}
