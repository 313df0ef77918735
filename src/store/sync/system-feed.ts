import { AdapterError, type CampaignAdapter, type Change } from '../../adapters/contract.ts';
import { WatchSession } from './watch-session.ts';
import { RowStore, type RowStoreEvents } from '../data/row-store.ts';
import { Completeness } from '../data/completeness.ts';
import { connectionTable, type ConnectionEvent } from './connection-table.ts';
import { includes, type Scope } from '../../util/id-scope.ts';
import { Interest } from './interest.ts';
import type { Connection, ConnectionState, Environment } from '../types.ts';
import { describeFailure, type Failure } from './errors.ts';
import { Freshness } from './freshness.ts';
import { FeedMetrics, type FeedMetricsEvents } from '../report/feed-metrics.ts';
import { HeartbeatMonitor } from './heartbeat-monitor.ts';
import { PageVisibility } from './page-visibility.ts';
import { ResyncPolicy } from './resync-policy.ts';
import { RetrySchedule } from './retry-schedule.ts';
import { ServerClock } from '../data/server-clock.ts';
import type { AuthRefresh } from './auth-refresh.ts';
import { ConsistencyCheck } from '../report/consistency-check.ts';

/** How the feed is kept. Times are ms. */
export interface FeedOptions {
  readonly graceMs: number;
  readonly hiddenMs: number;
  readonly slackMs: number;
  readonly hideWhenForbidden: boolean;
  readonly verify: boolean;
}

/** What the feed tells its owner, besides the changes of its collection. */
export interface FeedEvents extends FeedMetricsEvents, Pick<RowStoreEvents, 'changed'> {
  /** What is shown became the last known truth, became the present one again, or covers other campaigns. */
  freshnessChanged(): void;
  /** What was known can no longer be compared with: another numbering of revisions is in force, or everything is to be forgotten. */
  trackLost(): void;
  /** Runs `fold`, and lets reports out once it is over. */
  whole(fold: () => void): void;
}

/** The backoff starts over only after the feed was whole for this long (ms). */
const HEALTHY_MS = 30_000;

/**
 * The feed of one system: opens it while someone observes, keeps it alive, resumes it by position, and folds what it says into
 * a {@link RowStore}. The streams never error out: a failure is a state.
 */
export class SystemFeed {
  readonly collection: RowStore;
  readonly #demand: Interest;
  readonly #freshness: Freshness;
  readonly #page: PageVisibility;
  readonly #clock: ServerClock;
  readonly #liveness: HeartbeatMonitor;
  readonly #retry: RetrySchedule;
  readonly #renewal: ResyncPolicy;
  readonly #incidents: FeedMetrics;
  readonly #completeness: Completeness;
  readonly #verifier: ConsistencyCheck | undefined;

  #state: ConnectionState = 'idle';
  #since: number;
  #cause: Connection['cause'];

  #attempt: WatchSession | undefined;
  #syncedAt: number | undefined;
  /** Where to go on, and what a feed that goes on from there covers. */
  #position: { readonly epoch: string; readonly cursor: string; readonly scope: Scope } | undefined;
  /** What the latest attempt asked for. */
  #asked: { readonly scope: Scope; readonly at: number } = { scope: new Set(), at: 0 };
  /** When the feed spoke last, by the server's clock; 0: never. */
  #heardAt = 0;
  #disposed = false;
  #waiters: (() => void)[] = [];

  constructor(
    private readonly system: string,
    private readonly adapter: CampaignAdapter<unknown>,
    private readonly session: AuthRefresh,
    private readonly env: Environment,
    private readonly options: FeedOptions,
    private readonly events: FeedEvents,
  ) {
    this.#since = env.now();
    this.#demand = new Interest(env, options.graceMs, {
      grown: () => this.#wantedMore(),
      over: () => this.#fire('unwanted'),
    });
    this.#completeness = new Completeness(env);
    this.#clock = new ServerClock(env);
    this.#retry = new RetrySchedule(env, this.#clock, () => this.#fire('due'));
    this.#liveness = new HeartbeatMonitor(env, options.slackMs, (why) =>
      this.#fire('silent', { code: 'unavailable', message: why, retryAfterMs: undefined }),
    );
    this.#renewal = new ResyncPolicy(env, () =>
      this.#renewal.doubted ? this.relist('something came that is older than what is known') : this.#fire('restart'),
    );
    this.#incidents = new FeedMetrics(system, events);
    this.collection = new RowStore(system, {
      changed: events.changed,
      counted: (what, detail) => this.#incidents.count(what, detail),
      now: () => this.now(),
    });
    this.#freshness = new Freshness({
      env,
      anythingRead: () => this.#syncedAt !== undefined || (this.#heardAt > 0 && this.collection.entries.size > 0),
      changed: () => events.freshnessChanged(),
    });
    if (options.verify)
      this.#verifier = new ConsistencyCheck(system, adapter, env, this.collection, (difference) => {
        this.#incidents.count('drift', difference);
        if (this.#state === 'live') this.relist('verified: what is shown differs from what the backend says');
      });
    this.#page = new PageVisibility(env, options.hiddenMs, {
      hidden: () => this.#fire('hidden'),
      shown: () => {
        this.#fire(this.#retry.heldBack ? 'postponed' : 'shown');
        this.#hurry();
      },
      online: () => this.#hurry(),
    });
  }

  /** Now by the server's clock. */
  now(): number {
    return this.#clock.now();
  }

  /** The backend has told the time. */
  get tellsTime(): boolean {
    return this.#clock.told;
  }

  get connection(): Connection {
    const { lost } = this.#freshness;
    const { nextAt } = this.#retry;
    return {
      state: this.#state,
      since: this.#since,
      ...(lost ? { lost } : {}),
      ...(nextAt === undefined ? {} : { nextAttemptAt: nextAt }),
      ...(this.#cause ? { cause: this.#cause } : {}),
      counters: this.#incidents.counters,
    };
  }

  /** A whole snapshot was read, and all campaigns have been watched since. */
  get complete(): boolean {
    return this.#completeness.complete;
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
    return this.#syncedAt !== undefined && this.keeps(id) && !this.#completeness.partly;
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
    this.#incidents.needsResync(why);
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
    this.#fire('unwanted');
    this.#disposed = true;
    this.#demand.dispose();
  }

  // What is wanted

  /** While the last observer's grace period runs, what was asked for last is kept up. */
  get #wantedScope(): Scope {
    return this.#demand.any ? this.#demand.scope : this.#asked.scope;
  }

  #wantedMore(): void {
    if (this.#state === 'idle') this.#fire(this.#retry.heldBack ? 'postponed' : 'wanted');
    else if (this.#attempt && !includes(this.#attempt.scope, this.#wantedScope)) this.#fire('restart');
  }

  // The machine

  #fire(event: ConnectionEvent, failure?: Failure): void {
    const next = connectionTable[this.#state][event];
    if (next === null || this.#disposed) return;
    const before = this.#state;
    if (before === 'live' && this.env.monotonic() - this.#syncedAt! >= HEALTHY_MS) this.#retry.healthy();
    this.#state = next;
    this.#since = this.now();
    if (failure) this.#cause = { code: failure.code, message: failure.message };
    if (next !== 'syncing' && next !== 'live') this.#closeAttempt();
    if (next === 'connecting' || next === 'waiting') {
      this.#page.start();
      this.#freshness.blink(() => this.events.connectionChanged());
    } else if (next !== 'syncing' && next !== 'live') this.#freshness.lose();
    switch (next) {
      case 'connecting':
        this.#open();
        break;
      case 'live':
        this.#cause = undefined;
        break;
      case 'waiting':
      case 'stale':
        if (event === 'postponed') this.#retry.soon();
        else this.#retry.afterFailure(failure?.retryAfterMs);
        break;
      case 'unauthenticated':
        this.#signIn(failure);
        break;
      case 'forbidden':
        if (this.options.hideWhenForbidden) this.#forget();
        this.#retry.afterRefusal(failure?.retryAfterMs);
        break;
      case 'misconfigured':
        this.#retry.afterRefusal(failure?.retryAfterMs);
        this.#incidents.misconfigured(this.#cause);
        break;
      case 'idle':
        this.#page.stop();
        break;
      case 'syncing':
      case 'paused':
    }
    if (next !== 'connecting' && next !== 'syncing') this.#releaseWaiters();
    this.events.connectionChanged();
  }

  #open(): void {
    const scope = this.#wantedScope;
    this.#asked = { scope, at: this.env.monotonic() };
    this.collection.feedAsked();
    if (this.#renewal.doubted) this.#position = undefined;
    const since = this.#position && includes(this.#position.scope, scope) ? this.#position : undefined;
    const attempt = new WatchSession(scope, since && { epoch: since.epoch, cursor: since.cursor });
    this.#attempt = attempt;
    this.#liveness.begin();
    attempt.open(this.adapter, this.system, {
      said: (change) => {
        if (this.#attempt === attempt) this.events.whole(() => this.#take(attempt, change));
      },
      ended: (error) => {
        if (this.#attempt === attempt) this.events.whole(() => this.#ended(error));
      },
    });
  }

  #closeAttempt(): void {
    // Before the first snapshot was whole, there is nothing better than its parts.
    if (this.#attempt?.synced || this.#syncedAt === undefined) this.#freshness.ended(this.#heardAt);
    this.#verifier?.stop();
    this.#attempt?.close();
    this.#attempt = undefined;
    this.collection.abandonSnapshot();
    this.#liveness.stop();
    this.#retry.stop();
    this.#renewal.stop();
  }

  #ended(error: unknown): void {
    const failure = describeFailure(error);
    switch (failure.code) {
      case 'protocol':
        this.#incidents.protocol(failure.message);
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
    this.#incidents.needsResync(`${failure.code}: ${failure.message}`);
    this.#fire('lost', failure);
  }

  /** Nothing is tried while the user is being signed in; if that leads nowhere, now and then. */
  #signIn(failure: Failure | undefined): void {
    const asked = this.#asked;
    void this.session.renew(asked.at).then((renewed) => {
      if (this.#state !== 'unauthenticated' || this.#asked !== asked || this.#disposed) return;
      if (renewed) return this.#fire('due');
      this.#retry.afterRefusal(failure?.retryAfterMs);
      this.events.connectionChanged();
    });
  }

  // What the backend says

  #take(attempt: WatchSession, change: Change<unknown>): void {
    try {
      this.#liveness.heard();
      this.#fold(attempt, Object(change) as Change<unknown>);
      if (this.collection.behind) this.#renewal.doubt(this.#state === 'live');
    } catch (error) {
      // One guarded fold on the shared path: what can't be folded hurts nothing else.
      this.#incidents.count('dropped', { problem: String(error) });
    }
  }

  #fold(attempt: WatchSession, change: Change<unknown>): void {
    const type: unknown = change.type;
    const named = typeof type === 'string' ? JSON.stringify(type.slice(0, 60)) : undefined;
    if (type === 'open') return this.#opened(attempt, change as Extract<Change, { type: 'open' }>);
    if (attempt.mode === undefined)
      return this.#ended(
        new AdapterError(
          'protocol',
          `the first change of a feed must be { type: "open", mode: "snapshot" }, got ${named ?? 'something without a `type`'}`,
        ),
      );
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
        this.#clock.set(change.serverTime);
        this.#advance(attempt, change.cursor);
        return this.#compareCount(change.count);
      default:
        this.#incidents.count('dropped', {
          problem: named ? `unknown change type ${named}` : 'a change without a `type`',
        });
    }
  }

  #opened(attempt: WatchSession, open: Extract<Change, { type: 'open' }>): void {
    if (attempt.mode !== undefined) {
      this.#incidents.count('dropped', { problem: 'open came twice' });
      return;
    }
    attempt.epoch = typeof open.epoch === 'string' ? open.epoch : '';
    if (open.mode === 'resume' && attempt.since?.epoch !== attempt.epoch)
      return this.#ended(new AdapterError('protocol', 'the feed resumed without being asked, or in another epoch'));
    attempt.mode = open.mode === 'resume' ? 'resume' : 'snapshot';
    this.#liveness.opened(open.heartbeatMs);
    this.#clock.set(open.serverTime);
    this.#heardAt = this.now();
    if (attempt.mode === 'snapshot') {
      if (this.collection.disputes(attempt.epoch))
        return this.relist('a campaign was read in another epoch than the feed is in');
      if (attempt.since) this.#incidents.needsResync('the backend did not go on from where the feed ended');
      this.#position = undefined;
      this.collection.beginSnapshot(attempt.epoch);
    }
    this.#fire('opened');
  }

  #synced(attempt: WatchSession, change: Extract<Change, { type: 'synced' }>): void {
    if (attempt.synced) return this.#advance(attempt, change.cursor);
    attempt.synced = true;
    const scope = attempt.scope === 'all' ? undefined : attempt.scope;
    const partial = change.partial === true;
    const epochBefore = this.collection.epoch;
    if (attempt.mode === 'snapshot') {
      this.collection.endSnapshot(scope, partial);
      this.#renewal.snapshotRead(this.collection.behind);
    }
    const newEpoch = epochBefore !== undefined && epochBefore !== this.collection.epoch;
    this.#completeness.feedWhole(!scope, attempt.mode === 'snapshot' ? { partial, newEpoch } : undefined);
    // A resume that names no new cursor goes on from its old one, but for what it watches only.
    if (this.#position) this.#position = { ...this.#position, scope: attempt.scope };
    this.#advance(attempt, change.cursor);
    this.#syncedAt = this.env.monotonic();
    this.#liveness.whole();
    this.#freshness.whole(attempt.scope);
    this.#fire('synced');
    this.#renewal.whole(this.#liveness.promised);
    if (newEpoch) this.events.trackLost();
    this.#incidents.whole(newEpoch);
    this.#verifier?.start(attempt.scope, this.#liveness.allowedMs);
    if (this.collection.contested) return this.relist('a campaign was read by itself, and is not in the snapshot');
    if (this.collection.distrusted) return this.relist('revisions went back within one epoch');
    if (!partial) this.#compareCount(change.count);
  }

  #advance(attempt: WatchSession, cursor: unknown): void {
    if (typeof cursor !== 'string' || !cursor || !(attempt.synced || attempt.mode === 'resume')) return;
    this.#position = { epoch: attempt.epoch, cursor, scope: attempt.scope };
  }

  #compareCount(count: unknown): void {
    if (typeof count !== 'number' || this.#state !== 'live' || this.#attempt?.scope !== 'all') return;
    const known = this.collection.entries.size;
    const shown = this.#completeness.compare(known, count);
    if (shown === 'complete') {
      this.events.connectionChanged();
      this.events.freshnessChanged();
    }
    if (shown === 'drift') {
      this.#incidents.count('drift', { expected: count, known });
      this.relist('the number of campaigns does not match');
    }
  }

  #forget(): void {
    this.#position = undefined;
    this.#completeness.forget();
    this.events.trackLost();
    this.collection.clear();
  }

  /** Someone looks, or the network is said to be back: the next attempt comes within a second. */
  #hurry(): void {
    if (this.#state !== 'waiting' && this.#state !== 'stale') return;
    if (this.#retry.hurry()) this.events.connectionChanged();
  }

  #releaseWaiters(): void {
    const waiters = this.#waiters;
    this.#waiters = [];
    for (const resolve of waiters) resolve();
  }
}
