import type { AdapterError, Change, WatchRequest } from '../../../src/adapters/index.ts';
import { rejections } from './malformed-rows.ts';
import {
  i7OneCandidate,
  i8ResumesFromPosition,
  i11RespectsRetryAfter,
  type ObservedConnection,
} from './invariants-feed.ts';
import { reached } from './coverage.ts';
import type { ShownStates } from './shown-states.ts';
import type { ExpectedState } from './expected-state.ts';

/** A feed that the store has requested, and neither closed nor lost. */
interface OpenFeed {
  readonly request: WatchRequest;
  epoch: string;
  synced: boolean;
  mode?: string | undefined;
  heartbeatMs?: number | undefined;
  lastMessageAt: number;
}

/**
 * Everything that passes between one page's store and its adapter for one system. Times are ms of the monotonic clock.
 */
export class ModelConnection implements ObservedConnection {
  readonly requests: number[] = [];
  readonly prompts: number[] = [];
  lostAt: number | undefined;
  /** The backend asked not to be called before this time. */
  heldBackUntil = 0;
  /** The least number of rejections that must have been counted. */
  garbage = 0;
  /** The number of `counts` messages that may not match the current counts. */
  wrongCounts = 0;
  /** The open feeds: the present one, then its successor. */
  readonly #feeds: OpenFeed[] = [];
  /** The one that ended last. */
  #former: OpenFeed | undefined;
  #few = false;
  #syncedEpoch: string | undefined;
  /** For each position, the campaigns that were watched when the adapter named it. */
  readonly #positions = new Map<string, WatchRequest[]>();

  constructor(
    readonly system: string,
    private readonly at: {
      readonly expected: ExpectedState;
      readonly shown: ShownStates;
      now(): number;
      everyId(): readonly string[];
      pending(): boolean;
      /** The store has no row of the system. */
      empty(): boolean;
    },
  ) {}

  /** The campaigns that the present feed covers. */
  get watched(): readonly string[] {
    const [present] = this.#feeds;
    return present ? this.#idsOf(present.request) : [];
  }

  get lastMessageAt(): number {
    return (this.#feeds[0] ?? this.#former)?.lastMessageAt ?? -Infinity;
  }

  get heartbeatMs(): number | undefined {
    return (this.#feeds[0] ?? this.#former)?.heartbeatMs;
  }

  /** Rows are about to come, of a feed or a single read. What was dropped before is no longer known, so nothing of it can be out of date. */
  expectRows(): void {
    if (this.at.empty()) this.lostAt = undefined;
  }

  /** @throws Violation */
  watching(request: WatchRequest): void {
    i7OneCandidate(this.system, this.#feeds);
    i11RespectsRetryAfter(this, this.at.now());
    this.expectRows();
    if (this.#feeds.length) reached('feed: a successor beside the present one');
    this.#feeds.push({ request, epoch: '', synced: false, lastMessageAt: -Infinity });
    this.requests.push(this.at.now());
    if (request.ids) reached('feed: of a few campaigns');
    else if (this.#few) reached('feed: of all campaigns, after one of a few');
    this.#few = request.ids !== undefined;
    if (!request.since) return;
    i8ResumesFromPosition(request, this.#positions.get(positionKey(request.since.epoch, request.since.cursor)));
    this.#promise(request, request.since.epoch, request.since.cursor);
  }

  handing(request: WatchRequest, change: Change): void {
    const feed = this.#feedOf(request);
    if (!feed) return;
    feed.lastMessageAt = this.at.now();
    if (change?.type === 'open') {
      feed.epoch = change.epoch ?? '';
      feed.mode = change.mode;
      feed.heartbeatMs = change.heartbeatMs ?? undefined;
    }
    // The feed was live for a moment, even if the store closes it because of this very change.
    if (change?.type === 'synced') {
      if (!feed.synced) {
        if (feed.mode === 'resume') reached('feed: a resume');
        else if (this.#syncedEpoch === undefined) reached('feed: a first snapshot');
        else if (this.#syncedEpoch === feed.epoch) reached('feed: another snapshot');
        else {
          reached('feed: a new epoch is whole');
          if (this.at.pending()) reached('feed: a new epoch is whole while an action is pending');
        }
        this.#syncedEpoch = feed.epoch;
      }
      feed.mode = undefined;
      feed.synced = true;
      this.lostAt = undefined;
    }
    const cursor = cursorOf(change);
    if (hasCount(change) && !this.#upToDate(feed.epoch, cursor)) this.wrongCounts++;
    if (cursor === undefined) return;
    const key = positionKey(feed.epoch, cursor);
    this.#positions.set(key, [...(this.#positions.get(key) ?? []), request]);
  }

  taken(request: WatchRequest, change: Change): void {
    this.garbage += rejections(change);
    const cursor = cursorOf(change);
    const feed = this.#feedOf(request);
    if (feed && cursor !== undefined && (feed.synced || request.since)) this.#promise(request, feed.epoch, cursor);
  }

  ended(request: WatchRequest, error?: unknown): void {
    const { code, retryAfterMs } = (error ?? {}) as Partial<AdapterError>;
    // A sign-in may be renewed at once, whatever wait the answer asked for.
    if (retryAfterMs !== undefined && code !== 'unauthenticated') this.heldBackUntil = this.at.now() + retryAfterMs;
    const feed = this.#feedOf(request);
    if (!feed) return;
    this.#feeds.splice(this.#feeds.indexOf(feed), 1);
    this.#former = feed;
    if (!feed.synced && feed.mode === 'snapshot') {
      if (this.#syncedEpoch === undefined) reached('feed: breaks off within its first snapshot');
      else if (this.#syncedEpoch === feed.epoch) reached('feed: breaks off within another snapshot');
      else reached('feed: a new epoch breaks off before it is whole');
    }
    if (feed.synced && !this.#feeds.some(({ synced }) => synced)) this.lostAt = this.at.now();
  }

  #feedOf(request: WatchRequest): OpenFeed | undefined {
    return this.#feeds.find((feed) => feed.request === request);
  }

  #promise(request: WatchRequest, epoch: string, cursor: string): void {
    const number = this.at.expected.epoch(epoch);
    for (const id of this.#idsOf(request)) {
      const ref = { system: this.system, id };
      this.at.shown.promise(ref, this.at.expected.indexAt(ref, number, Number(cursor)));
    }
  }

  /** True if nothing has happened since this cursor. */
  #upToDate(epochName: string, cursor: string | undefined): boolean {
    const { expected } = this.at;
    const epoch = expected.epoch(epochName);
    return this.at
      .everyId()
      .map((id) => ({ system: this.system, id }))
      .every((ref) => expected.indexAt(ref, epoch, Number(cursor ?? NaN)) === expected.history(ref).length - 1);
  }

  #idsOf({ ids }: WatchRequest): readonly string[] {
    return ids ?? this.at.everyId();
  }
}

function cursorOf(change: Change): string | undefined {
  return change !== null && typeof change === 'object' && 'cursor' in change ? (change.cursor ?? undefined) : undefined;
}

function hasCount(change: Change): boolean {
  return (change?.type === 'heartbeat' || change?.type === 'synced') && change.count !== undefined;
}

function positionKey(epoch: string, cursor: string): string {
  return JSON.stringify([epoch, cursor]);
}
