/** Counts what the schedules reach: an invariant that never had anything to check proves nothing. */

/** The goals of a long run, besides each of its commands: each must be reached by some of its schedules. */
export const GOALS = [
  'connection: idle',
  'connection: connecting',
  'connection: syncing',
  'connection: live',
  'connection: stale',
  'connection: waiting',
  'connection: paused',
  'connection: unauthenticated',
  'connection: forbidden',
  'connection: misconfigured',

  'feed: a first snapshot',
  'feed: another snapshot',
  'feed: a resume',
  'feed: a successor beside the present one',
  'feed: of a few campaigns',
  'feed: of all campaigns, after one of a few',
  'feed: breaks off within its first snapshot',
  'feed: breaks off within another snapshot',
  'feed: a new epoch is whole',
  'feed: a new epoch breaks off before it is whole',
  'feed: a new epoch is whole while an action is pending',

  'reported: dropped',
  'reported: unreadable',
  'reported: late',
  'reported: drift',
  'reported: resync',
  'reported: protocol',
  'reported: misconfigured',
  'reported: refused',
  'reported: invalid',
  'reported: conflict',
  'reported: unanswered',

  'outcome: done',
  'outcome: conflict, conflict',
  'outcome: conflict, gone',
  'outcome: uncertain, unconfirmed',
  'outcome: refused, missing',
  'outcome: refused, denied',
  'outcome: refused, pending',
  'outcome: refused, illegal',
  'outcome: refused, unknown-status',
  'outcome: refused, offline',
  'outcome: refused, forbidden',
  'outcome: refused, invalid',
  'outcome: refused, gone',
  'outcome: refused, unavailable',
  'outcome: refused, unauthenticated',
  'outcome: refused, throttled',

  'I1: what is looked at is compared',
  'I2: a later state is shown',
  'I3: a list with several rows, none of the first epoch',
  'I4: one goes with a removal',
  'I4: one goes with a snapshot',
  'I5: one press, one effect',
  'I5: done, by a colleague',
  'I5: sent again',
  'I5: pressed again while pending',
  'I6: shown while an action is pending',
  'I7: nobody has looked for longer than the grace',
  'I7: hidden for longer than is kept',
  'I7: disposed of with requests under way',
  'I8: shown after all up to a place was taken in',
  'I9: a new snapshot while observed',
  'I10: garbage is counted',
  'I10: one is marked as unreadable',
  'I11: asked for often',
  'I11: asked for after a Retry-After',
  'I12: a list with several rows',
  'I12: a list of some statuses',
  'I13: a feed is silent for longer than promised',
  'I13: the last known truth of a lost feed',
  'I15: pending for long',
  'I16: many changes of one campaign',
] as const;

/** Something that a schedule can reach. */
export type Goal = (typeof GOALS)[number] | `command: ${string}`;

const reachedGoals = new Set<string>();

/** Records that the running schedule has reached this goal. */
export function reached(goal: Goal): void {
  reachedGoals.add(goal);
}

/** The goals reached since the last call. */
export function takeReached(): readonly string[] {
  const all = [...reachedGoals];
  reachedGoals.clear();
  return all;
}
