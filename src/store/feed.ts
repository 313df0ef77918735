import { AdapterError, type CampaignAdapter, type Change, type Position } from '../adapters/contract.ts';
import { Collection, type CollectionEvents } from './collection.ts';
import { connectionTable, type ConnectionEvent } from './connection-table.ts';
import { Demand, includes, type Scope } from './demand.ts';
import type { Connection, ConnectionState, Environment, StoreEventKind } from './face.ts';
import { backoff, failureOf, type Failure } from './failure.ts';
import { Freshness } from './freshness.ts';
import { PageWatch } from './page-watch.ts';
import { readFeed } from '../adapters/read-feed.ts';
import { moment } from './records.ts';
import type { Session } from './session.ts';
import { Verifier } from './verifying.ts';

/** How the feed is kept. Times are ms. */
export interface FeedOptions {
  readonly graceMs: number;
  readonly hiddenMs: number;
  readonly slackMs: number;
  readonly hideWhenForbidden: boolean;
  readonly verify: boolean;
}

/** What the feed tells its owner, besides the changes of its collection. */
export interface FeedEvents extends Pick<CollectionEvents, 'changed'> {
  /** State, cause or counters of the connection changed. */
  connectionChanged(): void;
  /** What is shown became the last known truth, became the present one again, or covers other campaigns. */
  freshnessChanged(): void;
  /** What was known can no longer be compared with: another numbering of revisions is in force, or everything is to be forgotten. */
  trackLost(): void;
  report(kind: StoreEventKind, detail: unknown): void;
}

/** How long (ms) an attempt may stay without a word where no heartbeat is promised yet. */
const ANSWER_MS = 30_000;
/** The backoff starts over only after the feed was whole for this long (ms). */
const HEALTHY_MS = 30_000;
/** Where another attempt will hardly help, this is the wait (ms), give or take half of it. */
const BLOCKED_MS = 60_000;
/** Without a promised heartbeat, or once something came late, a feed is renewed after this time (ms), up to twice of it. */
const RECYCLE_MS = 300_000;
/** After a snapshot that is in part older than what is known, the next one comes after this time (ms), up to twice of it. */
const DOUBTED_MS = 60_000;
/** A timer that is this late (ms) means that the machine slept. */
const ASLEEP_MS = 10_000;
/** A count that does not match asks for one snapshot in this time (ms). */
const DRIFT_EVERY_MS = 60_000;
/** A clock that is later than this (ms since 1970) would soon run out of what dates can say. */
const LAST_CLOCK = Date.UTC(9999, 11, 31);
/** `online` and `visible` hurry an attempt at most once in this time (ms). */
const HURRY_EVERY_MS = 5000;
/** A hurried attempt comes within this time (ms). */
const HURRY_MS = 1000;

/** One call of the adapter's `watch`. What an earlier one still says is not heard. */
interface Attempt {
  readonly controller: AbortController;
  readonly scope: Scope;
  readonly since: Position | undefined;
  /** Set by `open`. */
  mode?: 'snapshot' | 'resume';
  epoch: string;
  /** Its snapshot is whole: from here on each cursor is a place to go on from. */
  synced: boolean;
}

/**
 * The feed of one system: opens it while someone observes, keeps it alive, resumes it by position, and folds what it says into
 * a {@link Collection}. The streams never error out: a failure is a state.
 */
export class SystemFeed {
  readonly collection: Collection;
  readonly #demand = new Demand(
    () => this.#wantedMore(),
    () => this.#wantedLess(),
  );
  readonly #freshness: Freshness;
  readonly #page: PageWatch;

  #state: ConnectionState = 'idle';
  #since: number;
  #cause: Connection['cause'];
  #nextAttemptAt: number | undefined;
  readonly #counters = { dropped: 0, late: 0, unreadable: 0, regressions: 0, drift: 0 };
  #misconfigurationTold = false;

  #attempt: Attempt | undefined;
  #failures = 0;
  #syncedAt: number | undefined;
  /** Where to go on, and what a feed that goes on from there covers. */
  #position: { readonly epoch: string; readonly cursor: string; readonly scope: Scope } | undefined;
  /** What the latest attempt asked for. */
  #asked: { readonly scope: Scope; readonly at: number } = { scope: new Set(), at: 0 };
  #complete = false;
  /** All campaigns are watched, but some of them may not have been named yet. */
  #partly = false;
  /** Something came that is older than what is known. Late, or counted anew without a word: only a snapshot can tell. */
  #doubted = false;
  /** Why the next snapshot is one that should not have been needed. */
  #resync: string | undefined;
  readonly #verifier: Verifier | undefined;

  #clockOffset = 0;
  #heartbeatMs: number | undefined;
  /** The last sign of life: by the monotonic clock, and by the server's. */
  #heard = 0;
  #heardAt = 0;
  #driftAt = -Infinity;
  #hurriedAt = -Infinity;
  /** The backend asked to be left alone until then, by the monotonic clock. */
  #notBefore = 0;

  #graceTimer: unknown;
  #retryTimer: unknown;
  #livenessTimer: unknown;
  #recycleTimer: unknown;
  #scopeCheck = false;
  #disposed = false;
  #waiters: (() => void)[] = [];

  constructor(
    private readonly system: string,
    private readonly adapter: CampaignAdapter<unknown>,
    private readonly session: Session,
    private readonly env: Environment,
    private readonly options: FeedOptions,
    private readonly events: FeedEvents,
  ) {
    this.#since = env.now();
    this.collection = new Collection(system, {
      changed: events.changed,
      counted: (what, detail) => this.#count(what, detail),
      now: () => this.now(),
    });
    this.#freshness = new Freshness({
      env,
      anythingRead: () => this.#syncedAt !== undefined || this.collection.entries.size > 0,
      changed: () => events.freshnessChanged(),
    });
    if (options.verify)
      this.#verifier = new Verifier(system, adapter, env, this.collection, (difference) => {
        this.#count('drift', difference);
        if (this.#state === 'live') this.relist('verified: what is shown differs from what the backend says');
      });
    this.#page = new PageWatch(env, options.hiddenMs, {
      hidden: () => this.#fire('hidden'),
      shown: () => {
        this.#fire(this.#heldBack ? 'postponed' : 'shown');
        this.#hurry();
      },
      online: () => this.#hurry(),
    });
  }

  /** Now by the server's clock. */
  now(): number {
    return this.env.now() + this.#clockOffset;
  }

  get connection(): Connection {
    const { lost } = this.#freshness;
    return {
      state: this.#state,
      since: this.#since,
      ...(lost ? { lost } : {}),
      ...(this.#nextAttemptAt === undefined ? {} : { nextAttemptAt: this.#nextAttemptAt }),
      ...(this.#cause ? { cause: this.#cause } : {}),
      counters: { ...this.#counters },
    };
  }

  /** A whole snapshot was read, and all campaigns have been watched since. */
  get complete(): boolean {
    return this.#complete;
  }

  /** What the feed knows of this campaign is as of then; `undefined` while it is up to date, or was never vouched for. */
  staleSince(id: string): number | undefined {
    return this.#freshness.staleSince(id);
  }

  /** The feed keeps this campaign up to date. */
  keeps(id: string): boolean {
    return this.#freshness.keeps(id);
  }

  /** The feed has said all that there is to say of this campaign: if it has no row, there is none. */
  answersFor(id: string): boolean {
    return this.#syncedAt !== undefined && this.keeps(id) && !this.#partly;
  }

  /** Someone observes one campaign. @returns ends it */
  observeCampaign(id: string): () => void {
    return this.#demand.campaign(id);
  }

  /** Someone observes a list. @returns ends it */
  observeAll(): () => void {
    return this.#demand.all();
  }

  /** Reads everything anew. Gives whether that went well. */
  async refresh(): Promise<boolean> {
    if (this.#disposed || this.#state === 'idle' || this.#state === 'paused') return false;
    if (this.#state === 'live') this.#position = undefined;
    const settled = new Promise<void>((resolve) => this.#waiters.push(resolve));
    this.#fire('restart');
    await settled;
    // By now it may be any state: the compiler still thinks of the ones above.
    return this.connection.state === 'live';
  }

  /** Only a snapshot can tell. Where no feed is open, the next one begins with it: a backend that asked to be left alone is. */
  relist(why: string): void {
    this.#resync = why;
    this.#position = undefined;
    if (this.#attempt) this.#fire('restart');
    else this.#hurry();
  }

  /** The user is signed in again. */
  resume(): void {
    if (this.#state === 'unauthenticated') this.#fire('due');
  }

  /** Ends the feed. What was read is from now on the last known truth. */
  dispose(): void {
    this.#closeAttempt();
    this.#freshness.lose();
    this.#disposed = true;
    this.#page.stop();
    this.env.clearTimeout(this.#graceTimer);
    this.#releaseWaiters();
  }

  // What is wanted

  /** While the last observer's grace period runs, what was asked for last is kept up. */
  get #wantedScope(): Scope {
    return this.#demand.any ? this.#demand.scope : this.#asked.scope;
  }

  #wantedMore(): void {
    this.env.clearTimeout(this.#graceTimer);
    this.#graceTimer = undefined;
    if (this.#scopeCheck) return;
    this.#scopeCheck = true;
    // Whoever else comes in this task is asked for in the same request.
    queueMicrotask(() => {
      this.#scopeCheck = false;
      if (this.#disposed || !this.#demand.any) return;
      if (this.#state === 'idle') this.#fire(this.#heldBack ? 'postponed' : 'wanted');
      else if (this.#attempt && !includes(this.#attempt.scope, this.#wantedScope)) this.#fire('restart');
    });
  }

  #wantedLess(): void {
    if (this.#demand.any || this.#disposed || this.#graceTimer !== undefined) return;
    this.#graceTimer = this.env.setTimeout(() => {
      this.#graceTimer = undefined;
      if (!this.#demand.any) this.#fire('unwanted');
    }, this.options.graceMs);
  }

  // The machine

  #fire(event: ConnectionEvent, failure?: Failure): void {
    const next = connectionTable[this.#state][event];
    if (next === null || this.#disposed) return;
    const before = this.#state;
    if (before === 'live' && this.env.monotonic() - this.#syncedAt! >= HEALTHY_MS) this.#failures = 0;
    this.#state = next;
    this.#since = this.now();
    this.#nextAttemptAt = undefined;
    if (failure) this.#cause = { code: failure.code, message: failure.message };
    if (next !== 'syncing' && next !== 'live') this.#closeAttempt();
    switch (next) {
      case 'connecting':
        this.#page.start();
        this.#freshness.blink(() => this.events.connectionChanged());
        this.#open();
        break;
      case 'syncing':
        break;
      case 'live':
        this.#cause = undefined;
        this.#misconfigurationTold = false;
        break;
      case 'stale':
        this.#freshness.lose();
        this.#retry(failure);
        break;
      case 'waiting':
        this.#page.start();
        this.#freshness.blink(() => this.events.connectionChanged());
        if (event === 'postponed') this.#attemptIn(0);
        else this.#retry(failure);
        break;
      case 'unauthenticated':
        this.#freshness.lose();
        this.#signIn(failure);
        break;
      case 'forbidden':
        if (this.options.hideWhenForbidden) this.#forget();
        this.#freshness.lose();
        this.#retry(failure, BLOCKED_MS);
        break;
      case 'misconfigured':
        this.#freshness.lose();
        this.#retry(failure, BLOCKED_MS);
        this.#tellMisconfiguration();
        break;
      case 'idle':
      case 'paused':
        this.#freshness.lose();
        if (next === 'idle') this.#page.stop();
        break;
    }
    if (next !== 'connecting' && next !== 'syncing') this.#releaseWaiters();
    this.events.connectionChanged();
  }

  #open(): void {
    const scope = this.#wantedScope;
    this.#asked = { scope, at: this.env.monotonic() };
    this.collection.feedAsked();
    const controller = new AbortController();
    if (this.#doubted) this.#position = undefined;
    const since = this.#position && includes(this.#position.scope, scope) ? this.#position : undefined;
    const attempt: Attempt = { controller, scope, since, epoch: '', synced: false };
    this.#attempt = attempt;
    this.#heartbeatMs = undefined;
    this.#heard = this.env.monotonic();
    this.#watchLiveness(this.#heard);
    readFeed<Change<unknown>>(
      () =>
        this.adapter.watch({
          system: this.system,
          signal: controller.signal,
          ...(scope === 'all' ? {} : { ids: [...scope] }),
          ...(since ? { since: { epoch: since.epoch, cursor: since.cursor } satisfies Position } : {}),
        }),
      controller.signal,
      {
        next: (change) => {
          if (this.#attempt === attempt) this.#take(attempt, change);
        },
        ended: (error) => {
          if (this.#attempt === attempt) this.#ended(error);
        },
      },
    );
  }

  #closeAttempt(): void {
    // Before the first snapshot was whole, there is nothing better than its parts.
    if (this.#attempt?.synced || this.#syncedAt === undefined) this.#freshness.ended(this.#heardAt);
    this.#verifier?.stop();
    this.#attempt?.controller.abort();
    this.#attempt = undefined;
    this.collection.abandonSnapshot();
    for (const timer of [this.#retryTimer, this.#livenessTimer, this.#recycleTimer]) this.env.clearTimeout(timer);
    this.#retryTimer = this.#livenessTimer = this.#recycleTimer = undefined;
  }

  #ended(error: unknown): void {
    const failure = failureOf(error);
    switch (failure.code) {
      case 'protocol':
        this.events.report('protocol', { system: this.system, message: failure.message });
        return this.#startOver(failure);
      case 'expired':
        return this.#startOver(failure);
      case 'unauthenticated':
      case 'forbidden':
      case 'misconfigured':
        return this.#fire(failure.code, failure);
      default:
        return this.#fire('lost', failure);
    }
  }

  /** The place to go on from is gone, or what can't be read would stand in the way of every resume. */
  #startOver(failure: Failure): void {
    this.#position = undefined;
    this.#resync = `${failure.code}: ${failure.message}`;
    this.#fire('lost', failure);
  }

  #retry(failure: Failure | undefined, around?: number): void {
    const floor = failure?.retryAfterMs ?? 0;
    this.#notBefore = Math.max(this.#notBefore, this.env.monotonic() + floor);
    const chance = this.env.random();
    this.#attemptIn(around === undefined ? backoff(this.#failures++, chance) : around * (0.5 + chance));
  }

  /** @param wait the time until the next attempt, unless the backend asked for more */
  #attemptIn(wait: number): void {
    const ms = Math.max(wait, this.#notBefore - this.env.monotonic());
    this.#nextAttemptAt = this.now() + ms;
    this.#retryTimer = this.env.setTimeout(() => this.#fire('due'), ms);
  }

  /** The backend asked to be left alone for a while. */
  get #heldBack(): boolean {
    return this.env.monotonic() < this.#notBefore;
  }

  /** Nothing is tried while the user is being signed in; if that leads nowhere, now and then. */
  #signIn(failure: Failure | undefined): void {
    const asked = this.#asked;
    void this.session.renew(asked.at).then((renewed) => {
      if (this.#state !== 'unauthenticated' || this.#asked !== asked || this.#disposed) return;
      if (renewed) return this.#fire('due');
      this.#retry(failure, BLOCKED_MS);
      this.events.connectionChanged();
    });
  }

  // What the backend says

  #take(attempt: Attempt, change: Change<unknown>): void {
    try {
      this.#heard = this.env.monotonic();
      this.#fold(attempt, change);
      if (this.collection.behind && !this.#doubted) this.#doubt();
    } catch (error) {
      // One guarded fold on the shared path: what can't be folded hurts nothing else.
      this.#count('dropped', { problem: String(error) });
    }
  }

  #fold(attempt: Attempt, change: Change<unknown>): void {
    const type: unknown = change?.type;
    if (type === 'open') return this.#opened(attempt, change as Extract<Change, { type: 'open' }>);
    if (attempt.mode === undefined) {
      const got = typeof type === 'string' ? JSON.stringify(type.slice(0, 60)) : 'something without a `type`';
      return this.#ended(
        new AdapterError(
          'protocol',
          `the first change of a feed must be { type: "open", mode: "snapshot" }, got ${got}`,
        ),
      );
    }
    this.#heardAt = this.now();
    switch (change.type) {
      case 'page':
        return this.collection.page(change.items);
      case 'upsert':
        this.collection.upsert(change.items);
        return this.#advance(attempt, change.cursor);
      case 'remove':
        this.collection.remove(change.items);
        return this.#advance(attempt, change.cursor);
      case 'synced':
        return this.#synced(attempt, change);
      case 'heartbeat':
        this.#setClock(change.serverTime);
        this.#advance(attempt, change.cursor);
        return this.#compareCount(change.count);
      default:
        this.#count('dropped', { problem: `unknown change type ${JSON.stringify(type)}` });
    }
  }

  #opened(attempt: Attempt, open: Extract<Change, { type: 'open' }>): void {
    if (attempt.mode !== undefined) {
      this.#count('dropped', { problem: 'open came twice' });
      return;
    }
    attempt.epoch = typeof open.epoch === 'string' ? open.epoch : '';
    if (open.mode === 'resume' && attempt.since?.epoch !== attempt.epoch)
      return this.#ended(new AdapterError('protocol', 'the feed resumed without being asked, or in another epoch'));
    attempt.mode = open.mode === 'resume' ? 'resume' : 'snapshot';
    const promised = open.heartbeatMs;
    this.#heartbeatMs = typeof promised === 'number' && promised > 0 && promised <= 3_600_000 ? promised : undefined;
    this.#setClock(open.serverTime);
    this.#heardAt = this.now();
    if (attempt.mode === 'snapshot') {
      if (attempt.since) this.#resync = 'the backend did not go on from where the feed ended';
      this.#position = undefined;
      this.collection.beginSnapshot(attempt.epoch);
    }
    this.#watchLiveness(this.#heard);
    this.#fire('opened');
  }

  #synced(attempt: Attempt, change: Extract<Change, { type: 'synced' }>): void {
    if (attempt.synced) return this.#advance(attempt, change.cursor);
    attempt.synced = true;
    const all = attempt.scope === 'all';
    const partial = change.partial === true;
    const epochBefore = this.collection.epoch;
    if (attempt.mode === 'snapshot') {
      this.collection.endSnapshot(attempt.scope === 'all' ? undefined : attempt.scope, partial);
      this.#doubted = this.collection.behind;
    }
    const newEpoch = epochBefore !== undefined && epochBefore !== this.collection.epoch;
    if (!all) this.#complete = false;
    else if (attempt.mode === 'snapshot') this.#complete = !partial || (this.#complete && !newEpoch);
    this.#partly = all && !this.#complete;
    // A resume that names no new cursor goes on from its old one, but for what it watches only.
    if (this.#position) this.#position = { ...this.#position, scope: attempt.scope };
    this.#advance(attempt, change.cursor);
    this.#syncedAt = this.env.monotonic();
    this.#freshness.whole(attempt.scope);
    this.#fire('synced');
    if (this.#doubted) this.#recycleLater(DOUBTED_MS);
    else if (this.#heartbeatMs === undefined) this.#recycleLater(RECYCLE_MS);
    if (newEpoch) this.events.trackLost();
    this.#tellResync(newEpoch);
    this.#verifier?.start(attempt.scope, (this.#heartbeatMs ?? ANSWER_MS) + this.options.slackMs);
    if (this.collection.contested) return this.relist('a campaign was read by itself, and is not in the snapshot');
    if (this.collection.distrusted) return this.relist('revisions went back within one epoch');
    if (!partial) this.#compareCount(change.count);
  }

  #advance(attempt: Attempt, cursor: unknown): void {
    if (typeof cursor !== 'string' || !cursor || !(attempt.synced || attempt.mode === 'resume')) return;
    this.#position = { epoch: attempt.epoch, cursor, scope: attempt.scope };
  }

  #compareCount(count: unknown): void {
    if (typeof count !== 'number' || this.#state !== 'live' || this.#attempt?.scope !== 'all') return;
    if (count === this.collection.entries.size) return this.#nothingMissing();
    if (!this.#complete) return;
    const now = this.env.monotonic();
    if (now - this.#driftAt < DRIFT_EVERY_MS) return;
    this.#driftAt = now;
    this.#count('drift', { expected: count, known: this.collection.entries.size });
    this.relist('the number of campaigns does not match');
  }

  /** After a partial snapshot: by now as many are known as there are. */
  #nothingMissing(): void {
    if (this.#complete) return;
    this.#complete = true;
    this.#partly = false;
    this.events.connectionChanged();
    this.events.freshnessChanged();
  }

  #setClock(serverTime: unknown): void {
    const at = moment(serverTime);
    if (at !== undefined && at >= 0 && at <= LAST_CLOCK) this.#clockOffset = at - this.env.now();
  }

  #count(what: keyof Connection['counters'], detail: unknown): void {
    this.#counters[what]++;
    this.events.report(what, { system: this.system, ...(detail as object) });
    this.events.connectionChanged();
  }

  /** A snapshot that should not have been needed is whole. */
  #tellResync(newEpoch: boolean): void {
    const why = newEpoch ? 'new epoch' : this.#resync;
    this.#resync = undefined;
    if (why) this.events.report('resync', { system: this.system, why });
  }

  #forget(): void {
    this.#position = undefined;
    this.#complete = false;
    this.events.trackLost();
    this.collection.clear();
  }

  // Liveness

  /** @param from when the waiting began, by the monotonic clock */
  #watchLiveness(from: number): void {
    this.env.clearTimeout(this.#livenessTimer);
    const promised = this.#heartbeatMs;
    const allowed = promised === undefined ? ANSWER_MS : promised + this.options.slackMs;
    const wait = Math.max(0, from + allowed - this.env.monotonic());
    const due = this.env.now() + wait;
    this.#livenessTimer = this.env.setTimeout(() => {
      const now = this.env.monotonic();
      // Where nothing was promised, being quiet is not being stale.
      const quiet = now - this.#heard >= allowed && (promised !== undefined || this.#state !== 'live');
      if (this.env.now() - due > ASLEEP_MS) this.#fire('silent', failureWith('unavailable', 'the machine was asleep'));
      else if (quiet) this.#fire('silent', failureWith('unavailable', 'no sign of life from the backend'));
      else this.#watchLiveness(promised === undefined ? now : this.#heard);
    }, wait);
  }

  /** @param ms after this time, up to twice of it */
  #recycleLater(ms: number): void {
    this.env.clearTimeout(this.#recycleTimer);
    this.#recycleTimer = this.env.setTimeout(
      () => (this.#doubted ? this.relist('something came that is older than what is known') : this.#fire('restart')),
      ms * (1 + this.env.random()),
    );
  }

  #doubt(): void {
    this.#doubted = true;
    if (this.#state === 'live') this.#recycleLater(RECYCLE_MS);
  }

  /** Someone looks, or the network is said to be back: the next attempt comes within a second. */
  #hurry(): void {
    if (this.#state !== 'waiting' && this.#state !== 'stale') return;
    const now = this.env.monotonic();
    if (now - this.#hurriedAt < HURRY_EVERY_MS || this.#heldBack) return;
    this.#hurriedAt = now;
    const ms = this.env.random() * HURRY_MS;
    if (this.#nextAttemptAt !== undefined && this.#nextAttemptAt - this.now() <= ms) return;
    this.env.clearTimeout(this.#retryTimer);
    this.#attemptIn(ms);
    this.events.connectionChanged();
  }

  #tellMisconfiguration(): void {
    if (this.#misconfigurationTold) return;
    this.#misconfigurationTold = true;
    this.events.report('misconfigured', { system: this.system, ...this.#cause });
    console.error(`campaign-status-kit: the feed of "${this.system}" is misconfigured: ${this.#cause?.message ?? ''}`);
  }

  #releaseWaiters(): void {
    const waiters = this.#waiters;
    this.#waiters = [];
    for (const resolve of waiters) resolve();
  }
}

function failureWith(code: Failure['code'], message: string): Failure {
  return { code, message, retryAfterMs: undefined };
}
