/** How a page keeps its feeds: invariants 7, 8, 11 and 13. Times are ms of the monotonic clock. */
import type { WatchRequest } from '../../src/adapters/index.ts';
import type { CampaignView, Connection } from '../../src/store/index.ts';
import { reached } from './coverage.ts';
import { Violation } from './violation.ts';

/** What went over the line between a store and its adapter, for one system. */
export interface ObservedConnection {
  readonly system: string;
  /** When a feed was asked for. */
  readonly requests: readonly number[];
  /** When somebody or something gave the store a reason to ask at once. */
  readonly prompts: readonly number[];
  /** When the last change came. */
  readonly lastMessageAt: number;
  /** The silence that the open feed promised not to exceed. */
  readonly heartbeatMs: number | undefined;
  /** Since when there has been no feed that was whole; `undefined` while there is one, and before the first. */
  readonly lostAt: number | undefined;
  /** The backend asked to be left alone until then. */
  readonly heldBackUntil: number;
}

/** The least that the injected chance gives: with less, a jittered wait may be no wait at all. */
export const LEAST_CHANCE = 0.2;
/** A feed that is gone may be back within this time before anybody is told. */
const BLINK_MS = 1000;
const BACKOFF_MS = { first: 1000, most: 30_000 };
/** Requests in a window that are due to no failure: a renewed sign-in, a count that does not match, the first one. */
const BY_ITSELF = 3;

/** I7: at most one feed is open per store and system. */
export function i7OneFeed(system: string, open: WatchRequest | undefined): void {
  if (open) throw new Violation('I7', `a second feed of ${system} is opened while the first is not given up`);
}

/** I7: what is counted is zero, once nobody looks or the store is gone. */
export function i7NothingLeft(when: string, counts: Readonly<Record<string, number>>): void {
  const left = Object.entries(counts).filter(([, count]) => count !== 0);
  if (left.length) throw new Violation('I7', `${when} there are ${left.map(([what, n]) => `${n} ${what}`).join(', ')}`);
}

/** I8: a position comes from the adapter, of this epoch, with at least these campaigns watched. */
export function i8ResumesFromPosition(
  { system, since, ids }: WatchRequest,
  named: readonly WatchRequest[] | undefined,
): void {
  if (!named)
    throw new Violation(
      'I8',
      `${system} is resumed from ${since?.epoch}:${since?.cursor}, which its adapter never named`,
    );
  const covered = named.some((request) => !request.ids || ids?.every((id) => request.ids!.includes(id)));
  if (!covered)
    throw new Violation(
      'I8',
      `${system} is resumed for ${ids?.join() ?? 'all'} from ${since?.cursor}, which was named for fewer`,
    );
}

/** I11: whatever the backend does, a page asks no more often than its growing pauses allow. */
export function i11NoHotLoop(line: ObservedConnection, now: number): void {
  for (const window of [10_000, 29_000]) {
    const recent = (times: readonly number[]): number =>
      times.length - times.findLastIndex((at) => at <= now - window) - 1;
    const allowed = retriesIn(window) + BY_ITSELF + recent(line.prompts);
    const requests = recent(line.requests);
    if (requests > 4) reached('I11: asked for often');
    if (requests > allowed)
      throw new Violation(
        'I11',
        `${line.system} was asked for ${requests} times in ${window} ms; ${allowed} would be many`,
      );
  }
}

/** I11: a backend that asked to be left alone for a while is, but for a user who asks for everything anew. */
export function i11RespectsRetryAfter({ system, heldBackUntil }: ObservedConnection, now: number): void {
  if (heldBackUntil) reached('I11: asked for after a Retry-After');
  if (now < heldBackUntil)
    throw new Violation('I11', `${system} was asked for ${heldBackUntil - now} ms before its Retry-After was over`);
}

/** I11: a count that is right is no reason to read everything anew. */
export function i11NotForRightCounts(system: string, { counters }: Connection, wrong: number): void {
  if (counters.drift > wrong)
    throw new Violation('I11', `${counters.drift} counts of ${system} were taken for wrong, and ${wrong} could be`);
}

/** I13: nothing is called live once the last sign of life is older than was promised. */
export function i13DetectsSilence(
  line: ObservedConnection,
  connection: Connection,
  now: number,
  slackMs: number,
): void {
  const silent = now - line.lastMessageAt;
  if (line.heartbeatMs !== undefined && silent > line.heartbeatMs + slackMs)
    reached('I13: a feed is silent for longer than promised');
  if (connection.state === 'live' && line.heartbeatMs !== undefined && silent > line.heartbeatMs + slackMs)
    throw new Violation('I13', `${line.system} is called live, but nothing was heard for ${silent} ms`);
}

/** I13: what nobody keeps true is shown as the last known truth, a second after the feed was lost at the latest. */
export function i13MarkedWhenLost(line: ObservedConnection, view: CampaignView, now: number): void {
  if (line.lostAt !== undefined && now - line.lostAt > BLINK_MS && view.presence === 'present')
    reached('I13: the last known truth of a lost feed');
  if (line.lostAt !== undefined && now - line.lostAt > BLINK_MS && view.presence === 'present' && !view.stale)
    throw new Violation(
      'I13',
      `${line.system}/${view.ref.id} is shown as the truth of now, but its feed was lost ${now - line.lostAt} ms ago`,
    );
}

/** How many retries there can be, with the shortest pauses that chance allows and the backoff at its start. */
function retriesIn(window: number): number {
  let passed = 0;
  let retries = 0;
  for (; passed <= window; retries++)
    passed += LEAST_CHANCE * Math.min(BACKOFF_MS.most, BACKOFF_MS.first * 2 ** retries);
  return retries;
}
