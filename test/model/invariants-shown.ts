/** What may be on screen: invariants 2, 3, 4, 6, 8 (the part that can be seen), 10 and 12. */
import type { CampaignView, Connection, ListView } from '../../src/store/index.ts';
import { reached } from './coverage.ts';
import { GONE, shownFace, UNREADABLE, type Face, type State, type ExpectedState } from './expected-state.ts';
import { Violation } from './violation.ts';

/** How far in its history a campaign is known to a page. */
export interface Mark {
  /** The earliest of its states that may still be shown. */
  index: number;
  /** The page said, or was told, that it has taken in everything up to here. */
  promised: boolean;
  /** What was shown last. */
  face?: Face;
}

/** What is shown of a campaign, beside all that ever was so. */
export interface Claim {
  readonly view: CampaignView;
  readonly face: Face;
  readonly history: readonly State[];
  readonly mark: Mark;
  /** The page was sent a row of it that can't be read. */
  readonly scarred: boolean;
}

/** I2: of each campaign an ordered part of its true states is shown. What was overtaken does not come back. */
export function i2InOrder({ view, face, history, mark }: Claim): void {
  throw new Violation(
    'I2',
    `${name(view)} is ${face} again, after it was ${history[mark.index]!.face}\n${told(history)}`,
  );
}

/** I4: nothing is removed except by a removal, a complete snapshot or an epoch in which it is not. In each of them it was really gone. */
export function i4NothingVanishes({ view, face, history, mark }: Claim): void {
  if (face !== GONE) return;
  const by = mark.promised ? 'the page knew it was' : 'it was shown as';
  throw new Violation(
    'I4',
    `${name(view)} is ${view.presence}, but ${by} ${history[mark.index]!.face}, and was not removed since\n${told(history)}`,
  );
}

/** I6: a state that is shown was the campaign's state at some time. None is made up, not even for a moment after a press. */
export function i6NeverInvented({ view, face, history }: Claim): void {
  if (!history.some((state) => state.face === face))
    throw new Violation('I6', `${name(view)} is shown as ${face}, which it never was\n${told(history)}`);
}

/** I8: everything up to the position that a page goes on from was taken in. */
export function i8Applied({ view, face, history, mark }: Claim): void {
  if (mark.promised)
    throw new Violation(
      'I8',
      `${name(view)} is shown as ${face}, though the page was told of ${history[mark.index]!.face}\n${told(history)}`,
    );
}

/** I10: what can't be read changes nothing but its mark, and only what can't be read is marked. */
export function i10OnlyMarkedForCause({ view, history, scarred }: Claim): void {
  if (view.stale?.why === 'unreadable' && !scarred && !history.some(({ face }) => face === UNREADABLE))
    throw new Violation('I10', `${name(view)} is marked as unreadable, but could always be read`);
}

/** I10: what is rejected is counted. */
export function i10Counted(system: string, { counters }: Connection, garbage: number): void {
  if (garbage > 0) reached('I10: garbage is counted');
  if (counters.dropped < garbage)
    throw new Violation('I10', `${system} was sent ${garbage} things that are none, and counted ${counters.dropped}`);
}

/** I3: the rows of a list belong to one numbering, but for those of which nothing newer can be read. */
export function i3OneEpoch(system: string, views: readonly CampaignView[], expected: ExpectedState): void {
  let common: Set<number> | undefined;
  const seen: string[] = [];
  for (const view of views) {
    if (view.stale?.why === 'unreadable' || view.presence !== 'present') continue;
    const face = shownFace(view);
    const epochs = new Set(expected.history(view.ref).flatMap((state) => (state.face === face ? [state.epoch] : [])));
    seen.push(`${view.ref.id} of epoch ${[...epochs].join(' or ')}`);
    common = common ? new Set([...common].filter((epoch) => epochs.has(epoch))) : epochs;
  }
  if (seen.length > 1 && common && !common.has(0)) reached('I3: a list with several rows, none of the first epoch');
  if (common?.size === 0) throw new Violation('I3', `the list of ${system} is mixed: ${seen.join(', ')}`);
}

/** I12: list, counts and single campaigns agree whenever anyone is told of the list. */
export function i12Agree(
  system: string,
  list: ListView,
  statuses: readonly string[],
  views: readonly CampaignView[],
): void {
  const said = (what: string, got: unknown, wanted: unknown): void => {
    const [a, b] = [JSON.stringify(got), JSON.stringify(wanted)];
    if (a !== b) throw new Violation('I12', `the list of ${system} says ${what} ${a}, its campaigns say ${b}`);
  };
  if (views.length > 1) reached('I12: a list with several rows');
  if (statuses.length && list.ids.length) reached('I12: a list of some statuses');
  const counts = new Map<string, number>();
  for (const { status } of views) counts.set(status, (counts.get(status) ?? 0) + 1);
  said(
    'presence',
    views.map(({ presence }) => presence),
    views.map(() => 'present'),
  );
  said('total', list.total, views.length);
  said('counts', [...list.counts].sort(), [...counts].sort());
  const named = views.filter(({ status }) => !statuses.length || statuses.includes(status)).map(({ ref }) => ref.id);
  said('ids', [...list.ids].sort(), named.sort());
}

function name({ ref }: CampaignView): string {
  return `${ref.system}/${ref.id}`;
}

function told(history: readonly State[]): string {
  return history.map(({ epoch, cursor, face }) => `    it was, in epoch ${epoch} at ${cursor}: ${face}`).join('\n');
}
