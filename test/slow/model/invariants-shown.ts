/** The invariants about the screen: 2, 3, 4, 6, 8 (its visible part), 10 and 12. */
import type { CampaignView, Connection, ListQuery, ListView } from '../../../src/store/index.ts';
import { expectedList } from '../../support/expected-list.ts';
import { reached } from './coverage.ts';
import {
  GONE,
  viewFingerprint,
  UNREADABLE,
  type Fingerprint,
  type State,
  type ExpectedState,
} from './expected-state.ts';
import { LIFECYCLES } from './systems.ts';
import { Violation } from './violation.ts';

/** How much of a campaign's history a page knows. */
export interface Mark {
  /** The earliest of its states that may still be shown. */
  index: number;
  /** The page reported, or was sent, that it has applied everything up to here. */
  promised: boolean;
  /** What was shown last. */
  fingerprint?: Fingerprint;
}

/** What is shown of a campaign, with its real history. */
export interface Claim {
  readonly view: CampaignView;
  readonly fingerprint: Fingerprint;
  readonly history: readonly State[];
  readonly mark: Mark;
  /** The page was sent an unreadable row of it. */
  readonly scarred: boolean;
}

/**
 * I2: the states shown of a campaign are an ordered part of its real states. A state that was superseded does not come
 * back.
 */
export function i2InOrder({ view, fingerprint, history, mark }: Claim): void {
  throw new Violation(
    'I2',
    `${name(view)} is ${fingerprint} again, after it was ${history[mark.index]!.fingerprint}\n${historyText(history)}`,
  );
}

/**
 * I4: a campaign is removed only by a removal, or by a complete snapshot or an epoch without it. In each of them it was
 * really removed.
 */
export function i4NothingVanishes({ view, fingerprint, history, mark }: Claim): void {
  if (fingerprint !== GONE) return;
  const by = mark.promised ? 'the page knew it was' : 'it was shown as';
  throw new Violation(
    'I4',
    `${name(view)} is ${view.presence}, but ${by} ${history[mark.index]!.fingerprint}, and was not removed since\n${historyText(history)}`,
  );
}

/**
 * I6: a state that is shown was the campaign's state at some time. None is invented, not even for a moment after a
 * press.
 */
export function i6NeverInvented({ view, fingerprint, history }: Claim): void {
  if (!history.some((state) => state.fingerprint === fingerprint))
    throw new Violation('I6', `${name(view)} is shown as ${fingerprint}, which it never was\n${historyText(history)}`);
}

/** I8: everything up to the position that a page resumes from was applied. */
export function i8Applied({ view, fingerprint, history, mark }: Claim): void {
  if (mark.promised)
    throw new Violation(
      'I8',
      `${name(view)} is shown as ${fingerprint}, though the page received ${history[mark.index]!.fingerprint}\n${historyText(history)}`,
    );
}

/** I10: an unreadable row changes nothing but its mark, and only unreadable rows are marked. */
export function i10OnlyMarkedForCause({ view, history, scarred }: Claim): void {
  if (view.stale?.why === 'unreadable' && !scarred && !history.some(({ fingerprint }) => fingerprint === UNREADABLE))
    throw new Violation('I10', `${name(view)} is marked as unreadable, but could always be read`);
}

/** I10: every rejection is counted. */
export function i10Counted(system: string, { counters }: Connection, garbage: number): void {
  if (garbage > 0) reached('I10: garbage is counted');
  if (counters.dropped < garbage)
    throw new Violation('I10', `${system} was sent ${garbage} things that are none, and counted ${counters.dropped}`);
}

/** I3: the rows of a list belong to one epoch, except for those without a newer readable row. */
export function i3OneEpoch(system: string, views: readonly CampaignView[], expected: ExpectedState): void {
  let common: Set<number> | undefined;
  const seen: string[] = [];
  for (const view of views) {
    if (view.stale?.why === 'unreadable' || view.presence !== 'present') continue;
    const fingerprint = viewFingerprint(view);
    const epochs = new Set(
      expected.history(view.ref).flatMap((state) => (state.fingerprint === fingerprint ? [state.epoch] : [])),
    );
    seen.push(`${view.ref.id} of epoch ${[...epochs].join(' or ')}`);
    common = common ? new Set([...common].filter((epoch) => epochs.has(epoch))) : epochs;
  }
  if (seen.length > 1 && common && !common.has(0)) reached('I3: a list with several rows, none of the first epoch');
  if (common?.size === 0) throw new Violation('I3', `the list of ${system} is mixed: ${seen.join(', ')}`);
}

/** I12: list, counts and single campaigns agree whenever the list notifies an observer. */
export function i12Agree(system: string, list: ListView, query: ListQuery, views: readonly CampaignView[]): void {
  const assertSame = (what: string, got: unknown, wanted: unknown): void => {
    const [a, b] = [JSON.stringify(got), JSON.stringify(wanted)];
    if (a !== b) throw new Violation('I12', `the list of ${system} says ${what} ${a}, its campaigns say ${b}`);
  };
  if (views.length > 1) reached('I12: a list with several rows');
  if (query.statuses?.length && list.size) reached('I12: a list of some statuses');
  const rows = views.map(({ ref, name, status, at }) => ({ id: ref.id, name, status, at }));
  const expected = expectedList(rows, LIFECYCLES.get(system)!, query);
  assertSame(
    'presence',
    views.map(({ presence }) => presence),
    views.map(() => 'present'),
  );
  assertSame('total', list.total, expected.total);
  assertSame('size', list.size, expected.size);
  assertSame('counts', [...list.counts].sort(), [...expected.counts].sort());
  assertSame('its middle', list.slice(1, 4), expected.ids.slice(1, 4));
  assertSame(
    'places',
    expected.ids.map((id) => list.indexOf(id)),
    [...expected.ids.keys()],
  );
  assertSame('ids', list.ids, expected.ids);
}

function name({ ref }: CampaignView): string {
  return `${ref.system}/${ref.id}`;
}

function historyText(history: readonly State[]): string {
  return history
    .map(({ epoch, cursor, fingerprint }) => `    it was, in epoch ${epoch} at ${cursor}: ${fingerprint}`)
    .join('\n');
}
