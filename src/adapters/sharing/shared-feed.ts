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
  readonly #readers = new Set<FeedSubscriber>();
  /** The last whole snapshot, with all changes since. Kept while nobody reads, for whoever goes on from there. */
  #whole: RowCache | undefined;
  /** A snapshot under way. */
  #begun: RowCache | undefined;
  /** What the present connection is doing. `none`: it has not answered yet, or there is none. */
  #phase: 'none' | 'snapshot' | 'resume' | 'live' = 'none';
  #heard: Stopwatch;
  #serverTime: { readonly at: number; readonly monotonic: number } | undefined;
  #proofTimer: unknown;

  constructor(
    private readonly system: string,
    private readonly env: SharingEnvironment,
  ) {
    this.#heard = new Stopwatch(env);
  }

  get read(): boolean {
    return this.#readers.size > 0;
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
    return this.#whole?.position;
  }

  /** What the rows are about. */
  get scope(): Scope | undefined {
    return this.#whole?.scope;
  }

  /** What the readers want together. */
  get wanted(): Scope {
    return union([...this.#readers].map(({ scope }) => scope));
  }

  /** What the readers want of the backend, though the tabs have rows. */
  get renewal(): FeedSubscriber['renew'] {
    const all = this.#waiting.map(({ renew }) => renew);
    return all.find((renew) => renew === 'snapshot') ?? all.find((renew) => renew);
  }

  /** Someone waits for what the present connection, as far as it is known, will not give. */
  get wanting(): boolean {
    const { scope } = this.#begun ?? this.#whole ?? {};
    return this.#waiting.some((reader) => reader.renew !== undefined || !scope || !includes(scope, reader.scope));
  }

  /** How long ago (ms) the backend was heard, also if the machine slept meanwhile. */
  get quietMs(): number {
    return this.#heard.ago;
  }

  /** The backend has broken its promise: nobody may be told that the rows are the truth of now. */
  get silent(): boolean {
    const promised = (this.#begun ?? this.#whole)?.heartbeatMs;
    if (this.answered && promised !== undefined) return this.quietMs >= promised + SLACK_MS;
    return !this.live && this.quietMs > ANSWER_MS;
  }

  add(reader: FeedSubscriber): void {
    this.#readers.add(reader);
  }

  /** @returns false if it was not here any more */
  remove(reader: FeedSubscriber): boolean {
    return this.#readers.delete(reader);
  }

  /** Nothing is left to go on from. */
  forget(): void {
    this.#whole = undefined;
  }

  /** Another connection is asked for, in place of the one before, or there is none any more. */
  interrupted(): void {
    this.#phase = 'none';
    this.#begun = undefined;
    this.#stopProof();
    for (const reader of this.#readers)
      if (reader.told === 'snapshot')
        this.#end(reader, new AdapterError('unavailable', 'the snapshot broke off; another tab reads it anew'));
  }

  /** A connection is asked for now: from here on it has time to answer. */
  asked(): void {
    this.#hear(0);
  }

  /**
   * The connection begins to answer.
   *
   * @returns false if it goes on from where this tab is not
   */
  opened(open: Open, scope: Scope): boolean {
    const resumed = open.mode === 'resume';
    if (resumed && this.#whole?.epoch !== epochOf(open)) return false;
    this.interrupted();
    this.#hear(0);
    this.#setClock(open.serverTime);
    const broken = new AdapterError('unavailable', 'the catch-up broke off; all is read anew');
    if (!resumed) this.#endAll((reader) => reader.told === 'resume', broken);
    const { position } = this;
    if (resumed) this.#whole!.narrowTo(scope);
    else this.#begun = new RowCache(this.system, open, scope);
    this.#phase = resumed ? 'resume' : 'snapshot';
    if (resumed) this.#endAll((reader) => reader.told === 'live' && !suits(reader, open, scope), anew());
    for (const reader of this.#waiting) {
      if (!includes(scope, reader.scope) || (resumed && !equal(reader.since, position))) continue;
      this.#begin(reader, [open]);
    }
    return true;
  }

  /** The connection says something. */
  take(change: Change<unknown>): void {
    this.#hear(0);
    const rows = this.#begun ?? this.#whole;
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
    for (const reader of [...this.#readers])
      if (reader.told !== 'nothing' && !(reader.told === 'live' && this.#begun)) reader.tell(change);
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
    this.#hear(quietMs);
    this.#askForProof();
    return true;
  }

  /** The connection has ended. @param error `undefined`: cleanly */
  ended(error: unknown): void {
    // A position that the backend does not know, or can't speak of, is none to go on from.
    const { code } = (error ?? {}) as { code?: unknown };
    if (code === 'expired' || code === 'protocol') this.forget();
    this.#phase = 'none';
    this.#begun = undefined;
    this.#stopProof();
    this.#endAll(() => true, error);
  }

  /** Tells those who wait what there is, if it is what they want. */
  serve(): void {
    const { scope } = this.#begun ?? this.#whole ?? {};
    for (const reader of this.#waiting) {
      // A snapshot that is just being read is as new as any.
      if (this.#phase !== 'snapshot' && !(this.live && !reader.renew)) continue;
      if (!scope || !includes(scope, reader.scope)) continue;
      this.#begin(reader, this.describe(reader.since)!);
      this.#askForProof();
    }
  }

  /**
   * The feed as far as it was heard, for someone who comes now.
   *
   * @param position where he is: then nothing but that need be said
   * @returns `undefined` while the connection has not answered
   */
  describe(position?: Position): Change<unknown>[] | undefined {
    const rows = this.#begun ?? this.#whole;
    if (!rows || !this.answered) return undefined;
    if (this.live && equal(position, rows.position)) return [this.#open(rows, 'resume'), rows.synced()];
    return [this.#open(rows, 'snapshot'), ...rows.pages(), ...(this.live ? [rows.synced()] : [])];
  }

  get #waiting(): FeedSubscriber[] {
    return [...this.#readers].filter(({ told }) => told === 'nothing');
  }

  #begin(reader: FeedSubscriber, changes: readonly Change<unknown>[]): void {
    const open = changes[0] as Open;
    reader.heartbeatMs = promisedHeartbeat(open.heartbeatMs);
    reader.told = this.live ? 'live' : open.mode;
    for (const change of changes) if (this.#readers.has(reader)) reader.tell(change);
  }

  #synced(change: Extract<Change<unknown>, { type: 'synced' }>): void {
    const before = this.#whole;
    const after = this.#begun ?? before;
    if (!after) return;
    const renewed = this.#begun !== undefined;
    after.advance(change.cursor);
    if (renewed) {
      after.partial = change.partial === true;
      if (before && before.epoch === after.epoch && after.partial && after.scope === 'all') after.fillFrom(before);
    }
    this.#whole = after;
    this.#begun = undefined;
    this.#phase = 'live';
    const { cursor, count } = change;
    const proof: Change<unknown> = {
      type: 'heartbeat',
      ...(cursor === undefined ? {} : { cursor }),
      ...(count === undefined ? {} : { count }),
    };
    for (const reader of [...this.#readers])
      switch (reader.told) {
        case 'snapshot':
        case 'resume':
          reader.told = 'live';
          reader.tell(change);
          break;
        case 'live': {
          const missed = renewed ? this.#missed(before, after, reader) : [];
          if (!missed) this.#end(reader, anew());
          else for (const one of [...missed, proof]) if (this.#readers.has(reader)) reader.tell(one);
          break;
        }
        case 'nothing':
          if (renewed || reader.renew === 'resume') reader.renew = undefined;
          break;
      }
  }

  #missed(before: RowCache | undefined, after: RowCache, reader: FeedSubscriber): Change<unknown>[] | undefined {
    return before && suits(reader, after.open, after.scope) ? after.since(before, reader.scope) : undefined;
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

  #hear(agoMs: number): void {
    this.#heard = new Stopwatch(this.env, agoMs);
    this.#stopProof();
  }

  /** What is told from memory is the truth only if the backend is heard within its promise. */
  #askForProof(): void {
    const promised = this.#whole?.heartbeatMs;
    if (!this.live || promised === undefined) return;
    this.#stopProof();
    this.#proofTimer = this.env.setTimeout(
      () =>
        this.#endAll(
          ({ told }) => told === 'live',
          new AdapterError('unavailable', 'no sign of life from the backend'),
        ),
      Math.max(0, promised + SLACK_MS - this.quietMs),
    );
  }

  #stopProof(): void {
    this.env.clearTimeout(this.#proofTimer);
    this.#proofTimer = undefined;
  }

  #endAll(which: (reader: FeedSubscriber) => boolean, error: unknown): void {
    for (const reader of [...this.#readers]) if (which(reader)) this.#end(reader, error);
  }

  #end(reader: FeedSubscriber, error: unknown): void {
    if (this.remove(reader)) reader.end(error);
  }
}

function anew(): AdapterError {
  return new AdapterError('expired', 'the tabs that share this feed read it anew');
}

/** A reader may go on with another connection: it is promised the same, about no less. */
function suits(reader: FeedSubscriber, open: Open, scope: Scope): boolean {
  return reader.heartbeatMs === promisedHeartbeat(open.heartbeatMs) && includes(scope, reader.scope);
}

function equal(a: Position | undefined, b: Position | undefined): boolean {
  return a !== undefined && b !== undefined && a.epoch === b.epoch && a.cursor === b.cursor;
}
