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
 * What this tab has heard of the shared feed, and what each of its readers was told. It hears the same in every tab, be it from
 * the backend or from the tab that leads; each reader gets a feed of its own out of it, that keeps the contract.
 */
export class SharedFeed {
  readonly #subscribers = new Set<FeedSubscriber>();
  /** The last whole snapshot, with all changes since. Kept while nobody reads, for whoever goes on from there. */
  #complete: RowCache | undefined;
  /** A snapshot under way. */
  #loading: RowCache | undefined;
  /** What the present connection is doing. `none`: it has not answered yet, or there is none. */
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

  /** Where the rows are; `undefined` without any, or without cursors. */
  get position(): Position | undefined {
    return this.#complete?.position;
  }

  /** What the rows are about. */
  get scope(): Scope | undefined {
    return this.#complete?.scope;
  }

  /** What the readers want together. */
  get wanted(): Scope {
    return union([...this.#subscribers].map(({ scope }) => scope));
  }

  /** What the readers want of the backend, though the tabs have rows. */
  get renew(): FeedSubscriber['renew'] {
    const all = this.#waiting.map(({ renew }) => renew);
    return all.find((renew) => renew === 'snapshot') ?? all.find((renew) => renew);
  }

  /** Someone waits for what the present connection, as far as it is known, will not give. */
  get needsMore(): boolean {
    const { scope } = this.#loading ?? this.#complete ?? {};
    return this.#waiting.some(
      (subscriber) => subscriber.renew !== undefined || !scope || !includes(scope, subscriber.scope),
    );
  }

  /** How long ago (ms) the backend was heard, also if the machine slept meanwhile. */
  get quietMs(): number {
    return this.#lastReceived.elapsed;
  }

  /** The backend has broken its promise: nobody may be told that the rows are the truth of now. */
  get silent(): boolean {
    const promised = (this.#loading ?? this.#complete)?.heartbeatMs;
    if (this.answered && promised !== undefined) return this.quietMs >= promised + SLACK_MS;
    return !this.live && this.quietMs > ANSWER_MS;
  }

  add(subscriber: FeedSubscriber): void {
    this.#subscribers.add(subscriber);
  }

  /** @returns false if it was not here any more */
  remove(subscriber: FeedSubscriber): boolean {
    return this.#subscribers.delete(subscriber);
  }

  /** Nothing is left to go on from. */
  forget(): void {
    this.#complete = undefined;
  }

  /** Another connection is asked for, in place of the one before, or there is none any more. */
  interrupted(): void {
    this.#phase = 'none';
    this.#loading = undefined;
    this.#stopHeartbeatTimer();
    for (const subscriber of this.#subscribers)
      if (subscriber.phase === 'snapshot')
        this.#end(subscriber, new AdapterError('unavailable', 'the snapshot broke off; another tab reads it anew'));
  }

  /** A connection is asked for now: from here on it has time to answer. */
  requested(): void {
    this.#received(0);
  }

  /**
   * The connection begins to answer.
   *
   * @returns false if it goes on from where this tab is not
   */
  opened(open: Open, scope: Scope): boolean {
    const resumed = open.mode === 'resume';
    if (resumed && this.#complete?.epoch !== epochOf(open)) return false;
    this.interrupted();
    this.#received(0);
    this.#setClock(open.serverTime);
    const broken = new AdapterError('unavailable', 'the catch-up broke off; all is read anew');
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

  /** The connection says something. */
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
      default: // What the contract does not know is for the readers to judge.
    }
    // Rows of a snapshot under way say nothing yet to those who have the last one.
    for (const subscriber of [...this.#subscribers])
      if (subscriber.phase !== 'nothing' && !(subscriber.phase === 'live' && this.#loading)) subscriber.emit(change);
  }

  /**
   * Another tab has described the feed to this one.
   *
   * @param quietMs how long ago the backend was heard
   * @returns false if it can't be followed from here
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
    // A position that the backend does not know, or can't speak of, is none to go on from.
    const { code } = (error ?? {}) as { code?: unknown };
    if (code === 'expired' || code === 'protocol') this.forget();
    this.#phase = 'none';
    this.#loading = undefined;
    this.#stopHeartbeatTimer();
    this.#endAll(() => true, error);
  }

  /** Tells those who wait what there is, if it is what they want. */
  serve(): void {
    const { scope } = this.#loading ?? this.#complete ?? {};
    for (const subscriber of this.#waiting) {
      // A snapshot that is just being read is as new as any.
      if (this.#phase !== 'snapshot' && !(this.live && !subscriber.renew)) continue;
      if (!scope || !includes(scope, subscriber.scope)) continue;
      this.#begin(subscriber, this.replay(subscriber.since)!);
      this.#expectHeartbeat();
    }
  }

  /**
   * The feed as far as it was heard, for someone who comes now.
   *
   * @param position where he is: then nothing but that need be said
   * @returns `undefined` while the connection has not answered
   */
  replay(position?: Position): Change<unknown>[] | undefined {
    const rows = this.#loading ?? this.#complete;
    if (!rows || !this.answered) return undefined;
    if (this.live && equal(position, rows.position)) return [this.#open(rows, 'resume'), rows.synced()];
    return [this.#open(rows, 'snapshot'), ...rows.pages(), ...(this.live ? [rows.synced()] : [])];
  }

  get #waiting(): FeedSubscriber[] {
    return [...this.#subscribers].filter(({ phase: told }) => told === 'nothing');
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

  /** What is told from memory is the truth only if the backend is heard within its promise. */
  #expectHeartbeat(): void {
    const promised = this.#complete?.heartbeatMs;
    if (!this.live || promised === undefined) return;
    this.#stopHeartbeatTimer();
    this.#heartbeatTimer = this.env.setTimeout(
      () =>
        this.#endAll(
          ({ phase: told }) => told === 'live',
          new AdapterError('unavailable', 'no sign of life from the backend'),
        ),
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
  return new AdapterError('expired', 'the tabs that share this feed read it anew');
}

/** A reader may go on with another connection: it is promised the same, about no less. */
function canContinue(subscriber: FeedSubscriber, open: Open, scope: Scope): boolean {
  return subscriber.heartbeatMs === promisedHeartbeat(open.heartbeatMs) && includes(scope, subscriber.scope);
}

function equal(a: Position | undefined, b: Position | undefined): boolean {
  return a !== undefined && b !== undefined && a.epoch === b.epoch && a.cursor === b.cursor;
}
