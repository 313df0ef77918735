import { AdapterError, type Change, type Position } from '../contract.ts';
import { ANSWER_MS, promisedHeartbeat } from '../heartbeat.ts';
import { Stopwatch } from '../../util/stopwatch.ts';
import type { SharingEnvironment } from './environment.ts';
import { epochOf, RowCache, type Open } from './row-cache.ts';
import type { FeedSubscriber } from './subscriber.ts';
import { includes, type Scope, union } from '../../util/id-scope.ts';

/** What a store adds to the promised heartbeat (ms). */
const SLACK_MS = 2000;

/**
 * The shared feed as this tab has received it, from the backend or from the leading tab, with this tab's subscribers. Each subscriber
 * gets a feed of its own that keeps the contract.
 */
export class SharedFeed {
  readonly #subscribers = new Set<FeedSubscriber>();
  /** The last complete snapshot with all changes since. Kept while there are no subscribers, so that one can resume from there. */
  #complete: RowCache | undefined;
  /** The snapshot that is being received. */
  #loading: RowCache | undefined;
  /** The phase of the present connection. `none`: it has not answered yet, or there is none. */
  #phase: 'none' | 'snapshot' | 'resume' | 'live' = 'none';
  #lastReceived: Stopwatch;
  #serverTime: { readonly at: number; readonly monotonic: number } | undefined;
  #heartbeatTimer: unknown;

  constructor(
    private readonly system: string,
    private readonly env: SharingEnvironment,
  ) {
    this.#lastReceived = new Stopwatch(env);
  }

  get hasSubscribers(): boolean {
    return this.#subscribers.size > 0;
  }

  /** The connection has answered. */
  get answered(): boolean {
    return this.#phase !== 'none';
  }

  get live(): boolean {
    return this.#phase === 'live';
  }

  /** The position of the rows; `undefined` without rows or cursors. */
  get position(): Position | undefined {
    return this.#complete?.position;
  }

  /** The campaigns that the rows cover. */
  get scope(): Scope | undefined {
    return this.#complete?.scope;
  }

  /** The union of what the subscribers watch. */
  get wanted(): Scope {
    return union([...this.#subscribers].map(({ scope }) => scope));
  }

  /** What the subscribers want from the backend although the tabs have rows. */
  get renew(): FeedSubscriber['renew'] {
    const all = this.#waiting.map(({ renew }) => renew);
    return all.find((renew) => renew === 'snapshot') ?? all.find((renew) => renew);
  }

  /** True if a subscriber waits for something that the present connection will not send. */
  get needsMore(): boolean {
    const { scope } = this.#loading ?? this.#complete ?? {};
    return this.#waiting.some(
      (subscriber) => subscriber.renew !== undefined || !scope || !includes(scope, subscriber.scope),
    );
  }

  /** Time (ms) since the last message of the backend, including time that the machine slept. */
  get quietMs(): number {
    return this.#lastReceived.elapsed;
  }

  /** The backend has missed its heartbeat: the rows must not be passed on as up to date. */
  get silent(): boolean {
    const promised = (this.#loading ?? this.#complete)?.heartbeatMs;
    if (this.answered && promised !== undefined) return this.quietMs >= promised + SLACK_MS;
    return !this.live && this.quietMs > ANSWER_MS;
  }

  add(subscriber: FeedSubscriber): void {
    this.#subscribers.add(subscriber);
  }

  /** @returns false if it was already removed */
  remove(subscriber: FeedSubscriber): boolean {
    return this.#subscribers.delete(subscriber);
  }

  /** Drops the rows, so that the next feed begins with a snapshot. */
  forget(): void {
    this.#complete = undefined;
  }

  /** The connection was closed or is being replaced. */
  interrupted(): void {
    this.#phase = 'none';
    this.#loading = undefined;
    this.#stopHeartbeatTimer();
    for (const subscriber of this.#subscribers)
      if (subscriber.phase === 'snapshot')
        this.#end(subscriber, new AdapterError('unavailable', 'the snapshot broke off; another tab reads it again'));
  }

  /** A connection was requested: its time to answer begins. */
  requested(): void {
    this.#received(0);
  }

  /**
   * The connection has sent `open`.
   *
   * @returns false if it resumes in another epoch than this tab's rows
   */
  opened(open: Open, scope: Scope): boolean {
    const resumed = open.mode === 'resume';
    if (resumed && this.#complete?.epoch !== epochOf(open)) return false;
    this.interrupted();
    this.#received(0);
    this.#setClock(open.serverTime);
    const broken = new AdapterError('unavailable', 'the resume broke off; a snapshot follows');
    if (!resumed) this.#endAll((subscriber) => subscriber.phase === 'resume', broken);
    const { position } = this;
    if (resumed) this.#complete!.narrowTo(scope);
    else this.#loading = new RowCache(this.system, open, scope);
    this.#phase = resumed ? 'resume' : 'snapshot';
    if (resumed)
      this.#endAll((subscriber) => subscriber.phase === 'live' && !canContinue(subscriber, open, scope), resyncError());
    for (const subscriber of this.#waiting) {
      if (!includes(scope, subscriber.scope) || (resumed && !equal(subscriber.since, position))) continue;
      this.#begin(subscriber, [open]);
    }
    return true;
  }

  /** Applies a change of the connection and passes it on. */
  take(change: Change<unknown>): void {
    this.#received(0);
    const rows = this.#loading ?? this.#complete;
    switch (change?.type) {
      case 'page':
        rows?.put(change.items);
        break;
      case 'upsert':
        rows?.put(change.items);
        rows?.advance(change.cursor);
        break;
      case 'remove':
        rows?.remove(change.items);
        rows?.advance(change.cursor);
        break;
      case 'synced':
        return this.#synced(change);
      case 'heartbeat':
        rows?.advance(change.cursor);
        this.#setClock(change.serverTime);
        break;
      default: // Passed on: each store reports changes that the contract does not know.
    }
    // Live subscribers keep the last snapshot until the new one is complete.
    for (const subscriber of [...this.#subscribers])
      if (subscriber.phase !== 'nothing' && !(subscriber.phase === 'live' && this.#loading)) subscriber.emit(change);
  }

  /**
   * Takes over the state of the feed from another tab.
   *
   * @param quietMs time since the last message of the backend
   * @returns false if the feed can't be followed from here
   */
  adopt(changes: readonly Change<unknown>[], scope: Scope, quietMs: number): boolean {
    const [open, ...rest] = changes;
    if (open?.type !== 'open' || !this.opened(open, scope)) return false;
    for (const change of rest) this.take(change);
    this.#received(quietMs);
    this.#expectHeartbeat();
    return true;
  }

  /** The connection has ended. @param error `undefined`: cleanly */
  ended(error: unknown): void {
    // The backend rejected the position, or sends something unreadable after it, so resuming from it would fail again.
    const { code } = (error ?? {}) as { code?: unknown };
    if (code === 'expired' || code === 'protocol') this.forget();
    this.#phase = 'none';
    this.#loading = undefined;
    this.#stopHeartbeatTimer();
    this.#endAll(() => true, error);
  }

  /** Sends the rows to waiting subscribers, if they want them. */
  serve(): void {
    const { scope } = this.#loading ?? this.#complete ?? {};
    for (const subscriber of this.#waiting) {
      // A snapshot that is being received is as new as another request would give.
      if (this.#phase !== 'snapshot' && !(this.live && !subscriber.renew)) continue;
      if (!scope || !includes(scope, subscriber.scope)) continue;
      this.#begin(subscriber, this.replay(subscriber.since)!);
      this.#expectHeartbeat();
    }
  }

  /**
   * The changes that bring a new subscriber to the present state.
   *
   * @param position the subscriber's position; if it is the present one, the changes hold no rows
   * @returns `undefined` while the connection has not answered
   */
  replay(position?: Position): Change<unknown>[] | undefined {
    const rows = this.#loading ?? this.#complete;
    if (!rows || !this.answered) return undefined;
    if (this.live && equal(position, rows.position)) return [this.#open(rows, 'resume'), rows.synced()];
    return [this.#open(rows, 'snapshot'), ...rows.pages(), ...(this.live ? [rows.synced()] : [])];
  }

  get #waiting(): FeedSubscriber[] {
    return [...this.#subscribers].filter(({ phase }) => phase === 'nothing');
  }

  #begin(subscriber: FeedSubscriber, changes: readonly Change<unknown>[]): void {
    const open = changes[0] as Open;
    subscriber.heartbeatMs = promisedHeartbeat(open.heartbeatMs);
    subscriber.phase = this.live ? 'live' : open.mode;
    for (const change of changes) if (this.#subscribers.has(subscriber)) subscriber.emit(change);
  }

  #synced(change: Extract<Change<unknown>, { type: 'synced' }>): void {
    const before = this.#complete;
    const after = this.#loading ?? before;
    if (!after) return;
    const renewed = this.#loading !== undefined;
    after.advance(change.cursor);
    if (renewed) {
      after.partial = change.partial === true;
      if (before && before.epoch === after.epoch && after.partial && after.scope === 'all') after.fillFrom(before);
    }
    this.#complete = after;
    this.#loading = undefined;
    this.#phase = 'live';
    const { cursor, count } = change;
    const proof: Change<unknown> = {
      type: 'heartbeat',
      ...(cursor === undefined ? {} : { cursor }),
      ...(count === undefined ? {} : { count }),
    };
    for (const subscriber of [...this.#subscribers])
      switch (subscriber.phase) {
        case 'snapshot':
        case 'resume':
          subscriber.phase = 'live';
          subscriber.emit(change);
          break;
        case 'live': {
          const missed = renewed ? this.#missed(before, after, subscriber) : [];
          if (!missed) this.#end(subscriber, resyncError());
          else for (const one of [...missed, proof]) if (this.#subscribers.has(subscriber)) subscriber.emit(one);
          break;
        }
        case 'nothing':
          if (renewed || subscriber.renew === 'resume') subscriber.renew = undefined;
          break;
      }
  }

  #missed(before: RowCache | undefined, after: RowCache, subscriber: FeedSubscriber): Change<unknown>[] | undefined {
    return before && canContinue(subscriber, after.open, after.scope)
      ? after.since(before, subscriber.scope)
      : undefined;
  }

  #open(rows: RowCache, mode: Open['mode']): Open {
    const time = this.#serverTime;
    return {
      ...rows.open,
      mode,
      ...(time ? { serverTime: Math.round(time.at + this.env.monotonic() - time.monotonic) } : {}),
    };
  }

  #setClock(serverTime: unknown): void {
    const at = typeof serverTime === 'string' ? Date.parse(serverTime) : serverTime;
    if (typeof at === 'number' && Number.isFinite(at)) this.#serverTime = { at, monotonic: this.env.monotonic() };
  }

  #received(agoMs: number): void {
    this.#lastReceived = new Stopwatch(this.env, agoMs);
    this.#stopHeartbeatTimer();
  }

  /** Ends live subscribers if the next heartbeat is missed: rows from the cache are true only while the backend keeps its heartbeat. */
  #expectHeartbeat(): void {
    const promised = this.#complete?.heartbeatMs;
    if (!this.live || promised === undefined) return;
    this.#stopHeartbeatTimer();
    this.#heartbeatTimer = this.env.setTimeout(
      () =>
        this.#endAll(({ phase }) => phase === 'live', new AdapterError('unavailable', 'no heartbeat from the backend')),
      Math.max(0, promised + SLACK_MS - this.quietMs),
    );
  }

  #stopHeartbeatTimer(): void {
    this.env.clearTimeout(this.#heartbeatTimer);
    this.#heartbeatTimer = undefined;
  }

  #endAll(which: (subscriber: FeedSubscriber) => boolean, error: unknown): void {
    for (const subscriber of [...this.#subscribers]) if (which(subscriber)) this.#end(subscriber, error);
  }

  #end(subscriber: FeedSubscriber, error: unknown): void {
    if (this.remove(subscriber)) subscriber.end(error);
  }
}

function resyncError(): AdapterError {
  return new AdapterError('expired', 'the tabs that share this feed take a new snapshot');
}

/** True if a subscriber can continue on another connection: it has the same heartbeat and covers the subscriber's scope. */
function canContinue(subscriber: FeedSubscriber, open: Open, scope: Scope): boolean {
  return subscriber.heartbeatMs === promisedHeartbeat(open.heartbeatMs) && includes(scope, subscriber.scope);
}

function equal(a: Position | undefined, b: Position | undefined): boolean {
  return a !== undefined && b !== undefined && a.epoch === b.epoch && a.cursor === b.cursor;
}
