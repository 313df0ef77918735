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
export interface FeedEvents extends FeedMetricsEvents, Pick<RowStoreEvents, 'onRowChange'> {
  /** What is shown became the last known truth, became the present one again, or covers other campaigns. */
  onFreshnessChange(): void;
  /** What was known can no longer be compared with: another numbering of revisions is in force, or everything is to be forgotten. */
  onRevisionsReset(): void;
  /** Runs `fold`, and lets reports out once it is over. */
  batch(fold: () => void): void;
}

/** The backoff starts over only after the feed was whole for this long (ms). */
const HEALTHY_MS = 30_000;

/**
 * The feed of one system: opens it while someone observes, keeps it alive, resumes it by position, and folds what it says into
 * a {@link RowStore}. The streams never error out: a failure is a state.
 */
export class SystemFeed {
  readonly rows: RowStore;
  readonly #interest: Interest;
  readonly #freshness: Freshness;
  readonly #page: PageVisibility;
  readonly #clock: ServerClock;
  readonly #heartbeat: HeartbeatMonitor;
  readonly #retry: RetrySchedule;
  readonly #resyncPolicy: ResyncPolicy;
  readonly #metrics: FeedMetrics;
  readonly #completeness: Completeness;
  readonly #consistencyCheck: ConsistencyCheck | undefined;

  #state: ConnectionState = 'idle';
  #since: number;
  #cause: Connection['cause'];

  #session: WatchSession | undefined;
  #syncedAt: number | undefined;
  /** Where to go on, and what a feed that goes on from there covers. */
  #position: { readonly epoch: string; readonly cursor: string; readonly scope: Scope } | undefined;
  /** What the latest attempt asked for. */
  #lastRequest: { readonly scope: Scope; readonly at: number } = { scope: new Set(), at: 0 };
  /** When the feed spoke last, by the server's clock; 0: never. */
  #receivedAt = 0;
  #disposed = false;
  #waiters: (() => void)[] = [];

  constructor(
    private readonly system: string,
    private readonly adapter: CampaignAdapter<unknown>,
    private readonly auth: AuthRefresh,
    private readonly env: Environment,
    private readonly options: FeedOptions,
    private readonly events: FeedEvents,
  ) {
    this.#since = env.now();
    this.#interest = new Interest(env, options.graceMs, {
      onGrowth: () => this.#wantedMore(),
      onEnd: () => this.#fire('unwanted'),
    });
    this.#completeness = new Completeness(env);
    this.#clock = new ServerClock(env);
    this.#retry = new RetrySchedule(env, this.#clock, () => this.#fire('due'));
    this.#heartbeat = new HeartbeatMonitor(env, options.slackMs, (why) =>
      this.#fire('silent', { code: 'unavailable', message: why, retryAfterMs: undefined }),
    );
    this.#resyncPolicy = new ResyncPolicy(env, () =>
      this.#resyncPolicy.doubted
        ? this.resync('something came that is older than what is known')
        : this.#fire('restart'),
    );
    this.#metrics = new FeedMetrics(system, events);
    this.rows = new RowStore(system, {
      onRowChange: events.onRowChange,
      onIgnored: (what, detail) => this.#metrics.count(what, detail),
      now: () => this.now(),
    });
    this.#freshness = new Freshness({
      env,
      anythingRead: () => this.#syncedAt !== undefined || (this.#receivedAt > 0 && this.rows.entries.size > 0),
      onChange: () => events.onFreshnessChange(),
    });
    if (options.verify)
      this.#consistencyCheck = new ConsistencyCheck(system, adapter, env, this.rows, (difference) => {
        this.#metrics.count('drift', difference);
        if (this.#state === 'live') this.resync('verified: what is shown differs from what the backend says');
      });
    this.#page = new PageVisibility(env, options.hiddenMs, {
      onHidden: () => this.#fire('hidden'),
      onShown: () => {
        this.#fire(this.#retry.heldBack ? 'postponed' : 'shown');
        this.#hurry();
      },
      onOnline: () => this.#hurry(),
    });
  }

  /** Now by the server's clock. */
  now(): number {
    return this.#clock.now();
  }

  /** The backend has told the time. */
  get hasServerTime(): boolean {
    return this.#clock.isSet;
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
      counters: this.#metrics.counters,
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
    return this.#interest.campaign(id);
  }

  /** Someone observes a list. @returns ends it */
  observeAll(): () => void {
    return this.#interest.all();
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
  resync(why: string): void {
    this.#metrics.needsResync(why);
    this.#position = undefined;
    if (this.#session) this.#fire('restart');
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
    this.#interest.dispose();
  }

  // What is wanted

  /** While the last observer's grace period runs, what was asked for last is kept up. */
  get #wantedScope(): Scope {
    return this.#interest.any ? this.#interest.scope : this.#lastRequest.scope;
  }

  #wantedMore(): void {
    if (this.#state === 'idle') this.#fire(this.#retry.heldBack ? 'postponed' : 'wanted');
    else if (this.#session && !includes(this.#session.scope, this.#wantedScope)) this.#fire('restart');
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
    if (next !== 'syncing' && next !== 'live') this.#closeSession();
    if (next === 'connecting' || next === 'waiting') {
      this.#page.start();
      this.#freshness.loseSoon(() => this.events.onConnectionChange());
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
        this.#metrics.misconfigured(this.#cause);
        break;
      case 'idle':
        this.#page.stop();
        break;
      case 'syncing':
      case 'paused':
    }
    if (next !== 'connecting' && next !== 'syncing') this.#releaseWaiters();
    this.events.onConnectionChange();
  }

  #open(): void {
    const scope = this.#wantedScope;
    this.#lastRequest = { scope, at: this.env.monotonic() };
    this.rows.feedRequested();
    if (this.#resyncPolicy.doubted) this.#position = undefined;
    const since = this.#position && includes(this.#position.scope, scope) ? this.#position : undefined;
    const session = new WatchSession(scope, since && { epoch: since.epoch, cursor: since.cursor });
    this.#session = session;
    this.#heartbeat.begin();
    session.open(this.adapter, this.system, {
      onChange: (change) => {
        if (this.#session === session) this.events.batch(() => this.#take(session, change));
      },
      onEnd: (error) => {
        if (this.#session === session) this.events.batch(() => this.#onEnd(error));
      },
    });
  }

  #closeSession(): void {
    // Before the first snapshot was whole, there is nothing better than its parts.
    if (this.#session?.synced || this.#syncedAt === undefined) this.#freshness.ended(this.#receivedAt);
    this.#consistencyCheck?.stop();
    this.#session?.close();
    this.#session = undefined;
    this.rows.abandonSnapshot();
    this.#heartbeat.stop();
    this.#retry.stop();
    this.#resyncPolicy.stop();
  }

  #onEnd(error: unknown): void {
    const failure = describeFailure(error);
    switch (failure.code) {
      case 'protocol':
        this.#metrics.protocol(failure.message);
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
    this.#metrics.needsResync(`${failure.code}: ${failure.message}`);
    this.#fire('lost', failure);
  }

  /** Nothing is tried while the user is being signed in; if that leads nowhere, now and then. */
  #signIn(failure: Failure | undefined): void {
    const lastRequest = this.#lastRequest;
    void this.auth.renew(lastRequest.at).then((renewed) => {
      if (this.#state !== 'unauthenticated' || this.#lastRequest !== lastRequest || this.#disposed) return;
      if (renewed) return this.#fire('due');
      this.#retry.afterRefusal(failure?.retryAfterMs);
      this.events.onConnectionChange();
    });
  }

  // What the backend says

  #take(session: WatchSession, change: Change<unknown>): void {
    try {
      this.#heartbeat.received();
      this.#fold(session, Object(change) as Change<unknown>);
      if (this.rows.behind) this.#resyncPolicy.doubt(this.#state === 'live');
    } catch (error) {
      // One guarded fold on the shared path: what can't be folded hurts nothing else.
      this.#metrics.count('dropped', { problem: String(error) });
    }
  }

  #fold(session: WatchSession, change: Change<unknown>): void {
    const type: unknown = change.type;
    const named = typeof type === 'string' ? JSON.stringify(type.slice(0, 60)) : undefined;
    if (type === 'open') return this.#opened(session, change as Extract<Change, { type: 'open' }>);
    if (session.mode === undefined)
      return this.#onEnd(
        new AdapterError(
          'protocol',
          `the first change of a feed must be { type: "open", mode: "snapshot" }, got ${named ?? 'something without a `type`'}`,
        ),
      );
    this.#receivedAt = this.now();
    switch (change.type) {
      case 'page':
        return this.rows.page(change.items);
      case 'upsert':
        this.rows.upsert(change.items);
        return this.#advance(session, change.cursor);
      case 'remove':
        this.rows.remove(change.items);
        return this.#advance(session, change.cursor);
      case 'synced':
        return this.#synced(session, change);
      case 'heartbeat':
        this.#clock.set(change.serverTime);
        this.#advance(session, change.cursor);
        return this.#compareCount(change.count);
      default:
        this.#metrics.count('dropped', {
          problem: named ? `unknown change type ${named}` : 'a change without a `type`',
        });
    }
  }

  #opened(session: WatchSession, open: Extract<Change, { type: 'open' }>): void {
    if (session.mode !== undefined) {
      this.#metrics.count('dropped', { problem: 'open came twice' });
      return;
    }
    session.epoch = typeof open.epoch === 'string' ? open.epoch : '';
    if (open.mode === 'resume' && session.since?.epoch !== session.epoch)
      return this.#onEnd(new AdapterError('protocol', 'the feed resumed without being asked, or in another epoch'));
    session.mode = open.mode === 'resume' ? 'resume' : 'snapshot';
    this.#heartbeat.opened(open.heartbeatMs);
    this.#clock.set(open.serverTime);
    this.#receivedAt = this.now();
    if (session.mode === 'snapshot') {
      if (this.rows.disputes(session.epoch))
        return this.resync('a campaign was read in another epoch than the feed is in');
      if (session.since) this.#metrics.needsResync('the backend did not go on from where the feed ended');
      this.#position = undefined;
      this.rows.beginSnapshot(session.epoch);
    }
    this.#fire('opened');
  }

  #synced(session: WatchSession, change: Extract<Change, { type: 'synced' }>): void {
    if (session.synced) return this.#advance(session, change.cursor);
    session.synced = true;
    const scope = session.scope === 'all' ? undefined : session.scope;
    const partial = change.partial === true;
    const epochBefore = this.rows.epoch;
    if (session.mode === 'snapshot') {
      this.rows.endSnapshot(scope, partial);
      this.#resyncPolicy.snapshotRead(this.rows.behind);
    }
    const newEpoch = epochBefore !== undefined && epochBefore !== this.rows.epoch;
    this.#completeness.synced(!scope, session.mode === 'snapshot' ? { partial, newEpoch } : undefined);
    // A resume that names no new cursor goes on from its old one, but for what it watches only.
    if (this.#position) this.#position = { ...this.#position, scope: session.scope };
    this.#advance(session, change.cursor);
    this.#syncedAt = this.env.monotonic();
    this.#heartbeat.synced();
    this.#freshness.synced(session.scope);
    this.#fire('synced');
    this.#resyncPolicy.synced(this.#heartbeat.promised);
    if (newEpoch) this.events.onRevisionsReset();
    this.#metrics.synced(newEpoch);
    this.#consistencyCheck?.start(session.scope, this.#heartbeat.allowedMs);
    if (this.rows.contested) return this.resync('a campaign was read by itself, and is not in the snapshot');
    if (this.rows.distrusted) return this.resync('revisions went back within one epoch');
    if (!partial) this.#compareCount(change.count);
  }

  #advance(session: WatchSession, cursor: unknown): void {
    if (typeof cursor !== 'string' || !cursor || !(session.synced || session.mode === 'resume')) return;
    this.#position = { epoch: session.epoch, cursor, scope: session.scope };
  }

  #compareCount(count: unknown): void {
    if (typeof count !== 'number' || this.#state !== 'live' || this.#session?.scope !== 'all') return;
    const known = this.rows.entries.size;
    const shown = this.#completeness.compare(known, count);
    if (shown === 'complete') {
      this.events.onConnectionChange();
      this.events.onFreshnessChange();
    }
    if (shown === 'drift') {
      this.#metrics.count('drift', { expected: count, known });
      this.resync('the number of campaigns does not match');
    }
  }

  #forget(): void {
    this.#position = undefined;
    this.#completeness.forget();
    this.events.onRevisionsReset();
    this.rows.clear();
  }

  /** Someone looks, or the network is said to be back: the next attempt comes within a second. */
  #hurry(): void {
    if (this.#state !== 'waiting' && this.#state !== 'stale') return;
    if (this.#retry.hurry()) this.events.onConnectionChange();
  }

  #releaseWaiters(): void {
    const waiters = this.#waiters;
    this.#waiters = [];
    for (const resolve of waiters) resolve();
  }
}
