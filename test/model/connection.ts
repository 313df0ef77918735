import type { AdapterError, Change, WatchRequest } from '../../src/adapters/index.ts';
import { rejections } from './malformed-rows.ts';
import { i7OneFeed, i8ResumesFromPosition, i11RespectsRetryAfter, type ObservedConnection } from './invariants-feed.ts';
import { reached } from './coverage.ts';
import type { ShownStates } from './shown-states.ts';
import type { ExpectedState } from './expected-state.ts';

/**
 * Everything that passes between one page's store and its adapter for one system. Times are ms of the monotonic clock.
 */
export class ModelConnection implements ObservedConnection {
  readonly requests: number[] = [];
  readonly prompts: number[] = [];
  lastMessageAt = -Infinity;
  heartbeatMs: number | undefined;
  lostAt: number | undefined;
  /** The backend asked not to be called before this time. */
  heldBackUntil = 0;
  /** The least number of rejections that must have been counted. */
  garbage = 0;
  /** The number of `counts` messages that may not match the current counts. */
  wrongCounts = 0;
  /** The open feed. */
  #request: WatchRequest | undefined;
  #epoch = '';
  #whole = false;
  #few = false;
  #mode: string | undefined;
  #wholeEpoch: string | undefined;
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
    },
  ) {}

  /** The campaigns that the open feed covers. */
  get watched(): readonly string[] {
    return this.#request ? this.#idsOf(this.#request) : [];
  }

  /** @throws Violation */
  watching(request: WatchRequest): void {
    i7OneFeed(this.system, this.#request);
    i11RespectsRetryAfter(this, this.at.now());
    this.#request = request;
    this.requests.push(this.at.now());
    if (request.ids) reached('feed: of a few campaigns');
    else if (this.#few) reached('feed: of all campaigns, after one of a few');
    this.#few = request.ids !== undefined;
    this.#whole = false;
    this.heartbeatMs = undefined;
    if (!request.since) return;
    i8ResumesFromPosition(request, this.#positions.get(positionKey(request.since.epoch, request.since.cursor)));
    this.#promise(request, request.since.epoch, request.since.cursor);
  }

  handing(request: WatchRequest, change: Change): void {
    this.lastMessageAt = this.at.now();
    if (change?.type === 'open') {
      this.#epoch = change.epoch ?? '';
      this.#mode = change.mode;
      this.heartbeatMs = change.heartbeatMs ?? undefined;
    }
    // The feed was live for a moment, even if the store closes it because of this very change.
    if (change?.type === 'synced') {
      if (!this.#whole) {
        if (this.#mode === 'resume') reached('feed: a resume');
        else if (this.#wholeEpoch === undefined) reached('feed: a first snapshot');
        else if (this.#wholeEpoch === this.#epoch) reached('feed: another snapshot');
        else {
          reached('feed: a new epoch is whole');
          if (this.at.pending()) reached('feed: a new epoch is whole while an action is pending');
        }
        this.#wholeEpoch = this.#epoch;
      }
      this.#mode = undefined;
      this.#whole = true;
      this.lostAt = undefined;
    }
    if (hasCount(change) && !this.#upToDate(cursorOf(change))) this.wrongCounts++;
    const cursor = cursorOf(change);
    if (cursor === undefined) return;
    const key = positionKey(this.#epoch, cursor);
    this.#positions.set(key, [...(this.#positions.get(key) ?? []), request]);
  }

  taken(request: WatchRequest, change: Change): void {
    this.garbage += rejections(change);
    const cursor = cursorOf(change);
    if (cursor !== undefined && (this.#whole || request.since)) this.#promise(request, this.#epoch, cursor);
  }

  ended(request: WatchRequest, error?: unknown): void {
    const { code, retryAfterMs } = (error ?? {}) as Partial<AdapterError>;
    // A sign-in may be renewed at once, whatever wait the answer asked for.
    if (retryAfterMs !== undefined && code !== 'unauthenticated') this.heldBackUntil = this.at.now() + retryAfterMs;
    if (this.#request !== request) return;
    this.#request = undefined;
    if (!this.#whole && this.#mode === 'snapshot') {
      if (this.#wholeEpoch === undefined) reached('feed: breaks off within its first snapshot');
      else if (this.#wholeEpoch === this.#epoch) reached('feed: breaks off within another snapshot');
      else reached('feed: a new epoch breaks off before it is whole');
    }
    this.#mode = undefined;
    if (this.#whole) this.lostAt = this.at.now();
    this.#whole = false;
  }

  #promise(request: WatchRequest, epoch: string, cursor: string): void {
    const number = this.at.expected.epoch(epoch);
    for (const id of this.#idsOf(request)) {
      const ref = { system: this.system, id };
      this.at.shown.promise(ref, this.at.expected.indexAt(ref, number, Number(cursor)));
    }
  }

  /** True if nothing has happened since this cursor. */
  #upToDate(cursor: string | undefined): boolean {
    const { expected } = this.at;
    const epoch = expected.epoch(this.#epoch);
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
