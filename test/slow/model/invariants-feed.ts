/** The invariants about a page's feeds: 7, 8, 11 and 13. Times are ms of the monotonic clock. */
import type { WatchRequest } from '../../../src/adapters/index.ts';
import type { CampaignView, Connection } from '../../../src/store/index.ts';
import { reached } from './coverage.ts';
import { Violation } from './violation.ts';

/** What passed between a store and its adapter for one system. */
export interface ObservedConnection {
  readonly system: string;
  /** When a feed was requested. */
  readonly requests: readonly number[];
  /** When something gave the store a reason to ask at once. */
  readonly prompts: readonly number[];
  /** When the last change came. */
  readonly lastMessageAt: number;
  /** The longest silence that the open feed has promised. */
  readonly heartbeatMs: number | undefined;
  /** Since when no feed has been live; `undefined` while one is, and before the first. */
  readonly lostAt: number | undefined;
  /** The backend asked not to be called before this time. */
  readonly heldBackUntil: number;
}

/** The least value of the injected random numbers: with less, a jittered wait may be no wait at all. */
export const LEAST_CHANCE = 0.2;
/** A feed that is lost may be back within this time (ms) before anything is reported. */
const BLINK_MS = 1000;
const BACKOFF_MS = { first: 1000, most: 30_000 };
/** Requests in a window that no failure causes: a renewed sign-in, a count that does not match, the first request. */
const BY_ITSELF = 3;

/** I7: per store and system there is one feed; beside it a successor, which is opened only while the feed is synced. */
export function i7OneCandidate(system: string, open: readonly { readonly synced: boolean }[]): void {
  if (open.length > 1) throw new Violation('I7', `a third feed of ${system} is opened`);
  if (open.some(({ synced }) => !synced))
    throw new Violation('I7', `a second feed of ${system} is opened beside one that is not synced`);
}

/** I7: all counts are zero once there is no observer, or the store is disposed of. */
export function i7NothingLeft(when: string, counts: Readonly<Record<string, number>>): void {
  const left = Object.entries(counts).filter(([, count]) => count !== 0);
  if (left.length) throw new Violation('I7', `${when} there are ${left.map(([what, n]) => `${n} ${what}`).join(', ')}`);
}

/**
 * I8: a position comes from the adapter, belongs to this epoch, and was named while at least these campaigns were
 * watched.
 */
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

/** I11: whatever the backend does, a page makes no more requests than its growing backoff allows. */
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

/** I11: the store respects `retryAfterMs`, whoever asks for a new attempt. */
export function i11RespectsRetryAfter({ system, heldBackUntil }: ObservedConnection, now: number): void {
  if (heldBackUntil) reached('I11: asked for after a Retry-After');
  if (now < heldBackUntil)
    throw new Violation('I11', `${system} was asked for ${heldBackUntil - now} ms before its Retry-After was over`);
}

/** I11: a count that matches does not cause a resync. */
export function i11NotForRightCounts(system: string, { counters }: Connection, wrong: number): void {
  if (counters.drift > wrong)
    throw new Violation('I11', `${counters.drift} counts of ${system} were taken for wrong, and ${wrong} could be`);
}

/** I13: no feed counts as live once its last message is older than its heartbeat promised. */
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
    throw new Violation('I13', `${line.system} is called live, but nothing was received for ${silent} ms`);
}

/** I13: what no feed keeps up to date is marked as last known, at the latest one second after the feed was lost. */
export function i13MarkedWhenLost(line: ObservedConnection, view: CampaignView, now: number): void {
  if (line.lostAt !== undefined && now - line.lostAt > BLINK_MS && view.presence === 'present')
    reached('I13: the last known truth of a lost feed');
  if (line.lostAt !== undefined && now - line.lostAt > BLINK_MS && view.presence === 'present' && !view.stale)
    throw new Violation(
      'I13',
      `${line.system}/${view.ref.id} is shown as the truth of now, but its feed was lost ${now - line.lostAt} ms ago`,
    );
}

/** The most retries that fit, with the shortest waits that the random numbers allow and the backoff at its start. */
function retriesIn(window: number): number {
  let passed = 0;
  let retries = 0;
  for (; passed <= window; retries++)
    passed += LEAST_CHANCE * Math.min(BACKOFF_MS.most, BACKOFF_MS.first * 2 ** retries);
  return retries;
}
