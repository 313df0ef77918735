import {
  AdapterError,
  type CampaignAdapter,
  type Change,
  CONTRACT_VERSION,
  type Position,
} from '../../adapters/contract.ts';
import { stuckLimits, type Lifecycle } from '../../lifecycle/index.ts';
import { isAbsent } from '../../util/is-absent.ts';
import { includes, type Scope } from '../../util/id-scope.ts';
import { ListIndex } from '../data/list-index.ts';
import { concernsLists, type Known, RowStore } from '../data/row-store.ts';
import type {
  Connection,
  ConnectionEventInspection,
  ConnectionState,
  Environment,
  FeedInspection,
  StoreEventKind,
  SystemInspection,
} from '../types.ts';
import { Completeness } from './completeness.ts';
import { connectionTable, type ConnectionEvent } from './connection-table.ts';
import type { CoreEvent, Effect } from './events.ts';
import { describeFailure, type Failure } from './failure.ts';
import { Freshness } from './freshness.ts';
import { Interest } from './interest.ts';
import { Requests } from './requests.ts';
import { ResyncBudget } from './resync-budget.ts';
import { RetrySchedule } from './retry-schedule.ts';
import { ServerClock } from './server-clock.ts';
import { WatchAttempt } from './watch-attempt.ts';

/** How a system is kept up to date. Times are ms. See `StoreOptions`. */
export interface CoreOptions {
  readonly graceMs: number;
  readonly hiddenMs: number;
  readonly slackMs: number;
  readonly keepMs: number;
  readonly uncertainAfterMs: number;
  readonly maxIds: number;
  readonly hideWhenForbidden: boolean;
  /** Whether it honours idempotency keys. */
  readonly adapter: Pick<CampaignAdapter, 'idempotent'>;
}

/** Why a feed begins with a snapshot instead of resuming, for the host's error log. */
const RESYNC_REASONS = {
  refresh: 'a refresh was requested',
  expired: 'the place to resume from is gone',
  protocol: 'the backend broke the contract',
  'not-resumed': 'the backend did not resume where the feed ended',
  count: 'the number of campaigns does not match',
  drift: 'what is shown differs from what the backend says',
  regressions: 'revisions went back within one epoch',
  late: 'the feed sent rows that are older than what was known from it',
  unconfirmed: 'a campaign was read or changed meanwhile, and is not in the snapshot',
  'other-epoch': 'a campaign was read in another epoch than the feed is in',
  'not-found': 'a single read found no such campaign',
  unreadable: 'a change could not be applied',
} as const;
type ResyncReason = keyof typeof RESYNC_REASONS;

/** A resync that is due. */
interface Resync {
  readonly reason: ResyncReason;
  /** For the host's error log. */
  readonly why: string;
}

/** The backoff starts over only after the feed was synced for this long (ms). */
const HEALTHY_MS = 30_000;
/** After a sleep of the machine longer than this (ms), no feed is trusted. */
const ASLEEP_MS = 10_000;
/** A feed that promised no heartbeat is renewed after this time (ms), up to twice of it: it may be dead all the same. */
const RENEW_MS = 300_000;
/** After a snapshot with a few lower revisions, the next one comes after this time (ms), up to twice of it. */
const REGRESSED_MS = 60_000;
/** After this many live rows that are older than what feeds had sent, only a snapshot can tell what is true. */
const TOLERATED_LATE_ROWS = 3;

/** So many of the connection's events are kept for {@link SystemCore.inspect}. */
const KEPT_EVENTS = 20;

/** What the core needs of the environment: it sets no timers and calls nobody. */
export type CoreClock = Pick<Environment, 'now' | 'monotonic' | 'random'>;

/**
 * Everything that is decided about one system: its connection, its feeds and their positions, its rows, and the requests for actions.
 * An event goes in, effects come out; the shell carries them out and sends `deadline` when {@link due} has come. A feed that is synced
 * stays until its successor is synced, so that there are at most two: the present feed, and a candidate.
 */
export class SystemCore {
  readonly rows: RowStore;
  readonly requests: Requests;
  #lists: ListIndex | undefined;
  readonly #interest: Interest;
  readonly #clock: ServerClock;
  /** Which rows are up to date. */
  readonly freshness = new Freshness();
  readonly #completeness = new Completeness();
  readonly #retry: RetrySchedule;
  readonly #budget = new ResyncBudget();
  readonly #counters = { dropped: 0, late: 0, unreadable: 0, regressions: 0, drift: 0 };
  #effects: Effect[] = [];
  #disposed = false;

  #state: ConnectionState = 'idle';
  #since: number;
  #cause: Connection['cause'];
  #connection: Connection | undefined;
  #misconfigurationReported = false;
  /** The latest events of the connection, by the monotonic clock, and the snapshots that were read in place of a resume. */
  readonly #events: ConnectionEventInspection[] = [];
  readonly #resyncs: Record<string, number> = {};

  #attempts = 0;
  #feed: WatchAttempt | undefined;
  #candidate: WatchAttempt | undefined;
  /** Where to resume, and what a feed that resumes from there covers. */
  #position: (Position & { readonly scope: Scope }) | undefined;
  /** What the latest attempt asked for, and when. */
  #lastRequest: { readonly scope: Scope; readonly at: number } = { scope: new Set(), at: 0 };
  #syncedAt: number | undefined;
  /** The last change of the feed, by the wall clock (ms since 1970); 0: none yet. */
  #receivedAt = 0;
  /** The next feed must begin with a snapshot, and why. */
  #resync: Resync | undefined;
  #refreshes: number[] = [];
  #demandAwaited = false;
  #pageFollowed = false;
  /** The page has been hidden for long, or was put away, and not been shown since. */
  #hidden = false;
  /** The pause (ms) that the backend asked for with an expired sign-in. */
  #pauseWithoutSignIn: number | undefined;
  /** The candidate waits for a renewed sign-in. */
  #signingIn = false;
  /** The feed is to be replaced because it may be dead unnoticed. */
  #renewing = false;
  /** An action was requested at some time. */
  requested = false;
  /** When the present event happened, by the monotonic clock. */
  #handledAt = 0;

  /** Deadlines by the monotonic clock, besides those of the parts. */
  readonly #deadlines: Partial<
    Record<'grace' | 'hidden' | 'candidate' | 'resync' | 'renewal' | 'confirmation' | 'dropRows', number>
  > = {};

  constructor(
    private readonly system: string,
    private readonly lifecycle: Lifecycle,
    private readonly clock: CoreClock,
    private readonly options: CoreOptions,
  ) {
    this.#since = clock.now();
    this.#interest = new Interest(options.maxIds);
    this.#clock = new ServerClock(clock);
    this.#retry = new RetrySchedule(clock);
    this.rows = new RowStore(system, () => this.now(), stuckLimits(lifecycle));
    this.requests = new Requests({
      system,
      lifecycle,
      rows: this.rows,
      clock: { now: () => clock.now(), random: () => clock.random(), monotonic: () => this.#handledAt },
      uncertainAfterMs: options.uncertainAfterMs,
      adapter: options.adapter,
      serverNow: () => this.now(),
      observed: (id) => this.#interest.has(id),
      read: (id, reading, known) => this.#read(id, reading, known),
      emit: (effect) => this.#effects.push(effect),
      observe: (id, on) => (on ? this.#observe(id) : this.#unobserve(id)),
    });
  }

  // What is shown

  /** Now by the server's clock, ms since 1970. */
  now(): number {
    return this.#clock.now();
  }

  /** The backend has sent its time. */
  get hasServerTime(): boolean {
    return this.#clock.offset !== undefined;
  }

  /** The rows in the orders of lists. Made when a list is first observed or read. */
  get lists(): ListIndex {
    return (this.#lists ??= new ListIndex(this.lifecycle, this.rows.entries));
  }

  /** The same object until something changes. */
  get connection(): Connection {
    const { lost } = this.freshness;
    const nextAttempt = this.#retry.due;
    return (this.#connection ??= {
      state: this.#state,
      since: this.#since,
      ...(lost ? { lost } : {}),
      ...(nextAttempt === undefined ? {} : { nextAttemptAt: this.now() + nextAttempt - this.clock.monotonic() }),
      ...(this.#cause ? { cause: this.#cause } : {}),
      counters: { ...this.#counters },
    });
  }

  /** How the connection is doing, and why. */
  inspect(): SystemInspection {
    const { system, rows } = this;
    const notBefore = this.#retry.heldBack ? { notBefore: this.#wallTime(this.#retry.notBefore) } : {};
    const position = this.#position && { epoch: this.#position.epoch, cursor: this.#position.cursor };
    return {
      system,
      ...this.connection,
      ...notBefore,
      ...(position ? { position } : {}),
      ...(this.#resync ? { resync: this.#resync.reason } : {}),
      ...(this.#feed ? { feed: this.#inspectFeed(this.#feed) } : {}),
      ...(this.#candidate ? { successor: this.#inspectFeed(this.#candidate) } : {}),
      ...(rows.epoch === undefined ? {} : { epoch: rows.epoch }),
      rows: rows.entries.size,
      complete: this.complete,
      resyncs: { ...this.#resyncs },
      ...this.requests.inspect(),
      events: this.#events.map((event) => ({ ...event, at: this.#wallTime(event.at) })),
    };
  }

  #inspectFeed(feed: WatchAttempt): FeedInspection {
    const { requestedAt, scope, mode, synced, epoch, cursor } = feed;
    return {
      requestedAt: this.#wallTime(requestedAt),
      scope: scope === 'all' ? scope : scope.size,
      ...(mode ? { mode, epoch } : {}),
      synced,
      ...(cursor === undefined ? {} : { cursor }),
      aliveAt: this.#wallTime(feed.aliveAt),
      ...(feed.promised || !synced ? { silentAt: this.#wallTime(feed.aliveAt + feed.allowedMs) } : {}),
    };
  }

  /** A time of the monotonic clock, by the server's clock in ms since 1970. */
  #wallTime(monotonic: number): number {
    return Math.round(this.now() + monotonic - this.clock.monotonic());
  }

  /** A complete snapshot was read, and all campaigns have been watched since. */
  get complete(): boolean {
    return this.#completeness.complete;
  }

  /** The feed keeps this campaign up to date. */
  keeps(id: string): boolean {
    const { lost, covered } = this.freshness;
    return !lost && (covered === 'all' || covered.has(id));
  }

  /** The feed has sent all that exists: a campaign without a row does not exist. */
  answersFor(id: string): boolean {
    return this.keeps(id) && !this.#completeness.partly;
  }

  /** When to send `deadline`, by the monotonic clock (ms). */
  get due(): number | undefined {
    if (this.#disposed) return undefined;
    const next = Math.min(
      this.#feed?.due ?? Infinity,
      this.#candidate?.due ?? Infinity,
      this.#retry.due ?? Infinity,
      this.freshness.due ?? Infinity,
      this.requested ? this.requests.due : Infinity,
      this.#stuckDue,
      ...Object.values(this.#deadlines),
    );
    return next === Infinity ? undefined : next;
  }

  /** When campaigns become stuck. While the feed is lost, nobody knows. */
  get #stuckDue(): number {
    const due = this.freshness.lost ? Infinity : this.rows.stuckDue;
    return due === Infinity ? due : due - this.now() + this.clock.monotonic();
  }

  // What happens

  /** Takes an event. @returns what is to be done, in order */
  handle(event: CoreEvent): readonly Effect[] {
    if (this.#disposed) return [];
    this.#effects = [];
    this.#handledAt = this.clock.monotonic();
    this.#dispatch(event);
    return this.#effects;
  }

  #dispatch(event: CoreEvent): void {
    switch (event.type) {
      case 'observed':
        return this.#observe(event.id);
      case 'unobserved':
        this.#unobserve(event.id);
        if (event.id !== undefined && !this.#interest.has(event.id)) this.requests.unobserved(event.id);
        return;
      case 'demand':
        this.#demandAwaited = false;
        return this.#demand();
      case 'change':
        return this.#change(event.feed, event.change);
      case 'disconnect': {
        const attempt = this.#attempt(event.feed);
        return attempt && this.#ended(attempt, describeFailure(event.error));
      }
      case 'deadline':
        return this.#deadline(event.sleptMs);
      case 'page':
        return this.#page(event.change);
      case 'press':
        this.requested = true;
        return event.presses.forEach((press) => this.requests.press(press));
      case 'answer':
        return event.answers.forEach((answer) => this.requests.answer(answer));
      case 'failed':
        return this.requests.failed(event);
      case 'dismiss':
        return this.requests.dismiss(event.id);
      case 'read':
        return this.#requestRead(event);
      case 'reading':
        return this.#reading(event);
      case 'unread':
        return this.#unread(event);
      case 'refresh':
        return this.#refresh(event.ticket);
      case 'drift':
        this.#count('drift', event.detail);
        if (this.#state === 'live') this.#requestResync('drift');
        return;
      case 'signed-in':
        return this.#signedIn(event);
      case 'dispose':
        this.requests.dispose();
        this.#fire('unwanted');
        this.#disposed = true;
        return;
      default:
        event satisfies never;
    }
  }

  #attempt(number: number): WatchAttempt | undefined {
    return [this.#feed, this.#candidate].find((attempt) => attempt?.number === number);
  }

  // What is wanted

  #observe(id: string | undefined): void {
    this.#interest.add(id);
    delete this.#deadlines.grace;
    if (this.#demandAwaited) return;
    // Campaigns observed later in the same task are part of the same request.
    this.#demandAwaited = true;
    this.#effects.push({ type: 'await-demand' });
  }

  #unobserve(id: string | undefined): void {
    this.#interest.remove(id);
    if (!this.#interest.any) this.#deadlines.grace ??= this.clock.monotonic() + this.options.graceMs;
  }

  /** While the last observer's grace period runs, what was asked for last is kept up. */
  get #wantedScope(): Scope {
    return this.#interest.any ? this.#interest.scope : this.#lastRequest.scope;
  }

  #demand(): void {
    if (!this.#interest.any) return;
    if (this.#state === 'idle') return this.#fire(this.#retry.heldBack ? 'postponed' : 'wanted');
    if (!this.#scopeTooSmall) return;
    if (this.#state !== 'live') this.#fire('restart');
    else if (!this.#candidate && this.#deadlines.candidate === undefined) this.#openCandidate();
  }

  // The connection

  #fire(event: ConnectionEvent, failure?: Failure): void {
    const next = connectionTable[this.#state][event];
    if (next === null) return;
    const before = this.#state;
    this.#state = next;
    if (next !== before || next === 'connecting') this.#since = this.now();
    this.#log(event, failure);
    if (failure) {
      this.#failed(failure);
      this.#holdBack(failure);
    }
    if (event === 'replaced') this.#promote();
    else if (next !== 'syncing' && next !== 'live') this.#closeFeeds();
    if (next === 'connecting' || next === 'waiting') {
      this.#followPage(true);
      if (this.#anythingRead) this.freshness.loseSoon(this.clock.monotonic());
    } else if (next !== 'syncing' && next !== 'live') this.#lose();
    if (next !== 'idle') delete this.#deadlines.dropRows;
    this.#enter(next, event, failure);
    if (next !== 'connecting' && next !== 'syncing' && next !== 'live') this.#endRefreshes(false);
    this.#changedConnection();
  }

  /** Keeps why the feed failed: campaigns that could not be read yet show it. */
  #failed({ code, message }: Failure): void {
    if (this.#cause?.code === code && this.#cause.message === message) return;
    this.#cause = { code, message };
    this.#effects.push({ type: 'campaigns' });
  }

  /** Keeps an event of the connection for {@link inspect}. */
  #log(event: string, cause?: { readonly code: string; readonly message: string }): void {
    this.#events.push({
      at: this.clock.monotonic(),
      event,
      state: this.#state,
      ...(cause ? { cause: { code: cause.code, message: cause.message } } : {}),
    });
    if (this.#events.length > KEPT_EVENTS) this.#events.shift();
  }

  #enter(state: ConnectionState, event: ConnectionEvent, failure: Failure | undefined): void {
    switch (state) {
      case 'connecting':
        if (event !== 'replaced') this.#feed = this.#open();
        else if (this.#feed!.mode !== undefined) this.#fire('opened');
        return;
      case 'live':
        this.#cause = undefined;
        return;
      case 'waiting':
      case 'stale':
        return this.#retry.schedule(event === 'postponed' ? 0 : this.#retry.nextBackoff());
      case 'unauthenticated':
        this.#effects.push({ type: 'sign-in', requestedAt: this.#lastRequest.at });
        return;
      case 'forbidden':
      case 'misconfigured':
        if (state === 'forbidden' && this.options.hideWhenForbidden) this.#forget();
        if (state === 'misconfigured' && failure) this.#reportMisconfiguration(failure);
        return this.#retry.schedule(this.#retry.blockedBackoff());
      case 'idle':
        return this.#followPage(false);
      case 'syncing':
      case 'paused':
    }
  }

  /** Asks for a feed: one that resumes, if it can and nothing demands a snapshot. */
  #open(): WatchAttempt {
    const scope = this.#wantedScope;
    const at = this.clock.monotonic();
    this.#lastRequest = { scope, at };
    const position =
      this.#resync || !this.#position || !includes(this.#position.scope, scope) ? undefined : this.#position;
    const since = position && { epoch: position.epoch, cursor: position.cursor };
    const attempt = new WatchAttempt(++this.#attempts, scope, since, at, this.options.slackMs);
    this.rows.feedRequested(attempt.number);
    this.#effects.push({ type: 'watch', feed: attempt.number, scope, since });
    return attempt;
  }

  #close(attempt: WatchAttempt | undefined): void {
    if (!attempt) return;
    this.rows.abandonSnapshot(attempt.number);
    this.#effects.push({ type: 'unwatch', feed: attempt.number });
  }

  #closeFeeds(): void {
    this.#closeFeed();
    this.#dropCandidate();
    delete this.#deadlines.resync;
    this.#retry.stop();
  }

  #closeFeed(): void {
    // Before the first snapshot was complete, there is nothing better than its parts.
    if (this.#feed?.synced || this.#syncedAt === undefined)
      this.freshness.ended(this.#receivedAt + (this.#clock.offset ?? 0));
    if (this.#feed?.synced) {
      if (this.clock.monotonic() - this.#syncedAt! >= HEALTHY_MS) this.#retry.healthy();
      this.#effects.push({ type: 'stop-check' });
    }
    this.#close(this.#feed);
    this.#feed = undefined;
    delete this.#deadlines.renewal;
    delete this.#deadlines.confirmation;
    this.#renewing = false;
  }

  // The candidate

  /** Opens a successor of the present feed, which stays until that is synced. */
  #openCandidate(): void {
    if (this.#state !== 'live') return;
    this.#dropCandidate();
    if (this.#retry.heldBack) this.#deadlines.candidate = this.#retry.notBefore;
    else this.#candidate = this.#open();
  }

  #dropCandidate(): void {
    this.#close(this.#candidate);
    this.#candidate = undefined;
    this.#signingIn = false;
    delete this.#deadlines.candidate;
  }

  /** The candidate takes the place of the feed that was lost. */
  #promote(): void {
    const candidate = this.#candidate;
    this.#candidate = undefined;
    this.#closeFeed();
    this.#feed = candidate;
  }

  /** The candidate failed. The feed stays; the next attempt comes after a pause, if it is still needed. */
  #candidateEnded(failure: Failure): void {
    const { code } = failure;
    const requestedAt = this.#lastRequest.at;
    this.#log('successor-failed', failure);
    if (code === 'forbidden') return this.#fire('forbidden', failure);
    if (code === 'misconfigured') this.#reportMisconfiguration(failure);
    this.#dropCandidate();
    this.#holdBack(failure);
    this.#endRefreshes(false);
    if (this.#resync?.reason === 'refresh') this.#resync = undefined;
    if (code === 'unauthenticated') {
      this.#signingIn = true;
      this.#effects.push({ type: 'sign-in', requestedAt });
      return;
    }
    this.#retryCandidate(code === 'misconfigured' ? this.#retry.blockedBackoff() : this.#retry.nextBackoff());
  }

  /** The backend may ask for a pause. With an expired sign-in it holds only if that can't be renewed. */
  #holdBack({ code, retryAfterMs }: Failure): void {
    if (code === 'unauthenticated') this.#pauseWithoutSignIn = retryAfterMs;
    else this.#retry.holdBack(retryAfterMs);
  }

  #retryCandidate(pause: number): void {
    this.#deadlines.candidate = Math.max(this.clock.monotonic() + pause, this.#retry.notBefore);
  }

  get #scopeTooSmall(): boolean {
    return this.#feed !== undefined && !includes(this.#feed.scope, this.#wantedScope);
  }

  // Reading everything again

  /** Everything must be read again, as soon as the budget allows. */
  #requestResync(reason: ResyncReason, delayMs = 0): void {
    this.#forgetPosition(reason);
    const now = this.clock.monotonic();
    if (this.#state === 'live') {
      // A snapshot that is on its way will show it, unless it is of the wrong epoch.
      if (this.#snapshotUnderWay && !(reason === 'other-epoch' && this.#candidate?.mode)) return;
      this.#scheduleResync(delayMs);
    } else if (!this.#feed) this.#hurry();
    else if (this.#feed.since !== undefined || reason === 'other-epoch' || reason === 'unreadable') {
      if (now < this.#budget.nextAt)
        return this.#fire('lost', { code: 'unavailable', message: RESYNC_REASONS[reason], retryAfterMs: undefined });
      this.#budget.spend(now, this.clock.random());
      this.#fire('restart');
    }
  }

  /** As soon as the budget allows. */
  #scheduleResync(delayMs = 0): void {
    const now = this.clock.monotonic();
    const at = Math.max(now + delayMs, this.#budget.nextAt);
    if (at > now) this.#deadlines.resync ??= at;
    else this.#takeResync();
  }

  /** The candidate begins with a snapshot. */
  get #snapshotUnderWay(): boolean {
    return this.#candidate !== undefined && this.#candidate.since === undefined;
  }

  #takeResync(): void {
    if (this.#state !== 'live') return;
    delete this.#deadlines.resync;
    this.#budget.spend(this.clock.monotonic(), this.clock.random());
    this.#openCandidate();
  }

  /** The next feed must begin with a snapshot. */
  #forgetPosition(reason: ResyncReason, why: string = RESYNC_REASONS[reason]): void {
    if (!this.#resync || this.#resync.reason === 'refresh') this.#resync = { reason, why };
    this.#position = undefined;
  }

  #refresh(ticket: number): void {
    const { heldBack } = this.#retry;
    if (this.#state === 'idle' || this.#state === 'paused' || heldBack)
      return void this.#effects.push({ type: 'refreshed', ticket, ok: false });
    this.#refreshes.push(ticket);
    if (this.#state !== 'live') {
      if (!this.#feed) this.#fire('restart');
    } else if (!this.#candidate || this.#candidate.since) {
      this.#resync ??= { reason: 'refresh', why: RESYNC_REASONS.refresh };
      this.#openCandidate();
    }
  }

  #endRefreshes(ok: boolean): void {
    for (const ticket of this.#refreshes.splice(0)) this.#effects.push({ type: 'refreshed', ticket, ok });
  }

  // What the feeds send

  #change(number: number, change: Change<unknown>): void {
    const attempt = this.#attempt(number);
    if (!attempt) return;
    attempt.aliveAt = this.clock.monotonic();
    try {
      this.#apply(attempt, Object(change) as Change<unknown>);
    } catch (error) {
      this.#count('dropped', { problem: String(error) });
      // A cursor that follows would skip what was lost, and the end of a snapshot would remove the rows of a lost page.
      if (attempt === this.#candidate) this.#broken(attempt, RESYNC_REASONS.unreadable);
      else this.#requestResync('unreadable');
    }
    this.#passOn(attempt);
  }

  #apply(attempt: WatchAttempt, change: Change<unknown>): void {
    const { number } = attempt;
    const type: unknown = change.type;
    const named = typeof type === 'string' ? JSON.stringify(type.slice(0, 60)) : undefined;
    if (type === 'open') return this.#opened(attempt, change as Extract<Change, { type: 'open' }>);
    if (attempt.mode === undefined)
      return this.#broken(
        attempt,
        `the first change of a feed must be { type: "open", mode: "snapshot" }, got ${named ?? 'something without a `type`'}`,
      );
    this.#received(attempt);
    switch (change.type) {
      case 'page':
        return this.rows.page(number, change.items);
      case 'upsert':
        this.rows.upsert(number, change.items);
        return this.#advance(attempt, change.cursor);
      case 'remove':
        this.rows.remove(number, change.items);
        return this.#advance(attempt, change.cursor);
      case 'synced':
        return this.#synced(attempt, change);
      case 'heartbeat':
        this.#clock.set(change.serverTime);
        this.#advance(attempt, change.cursor);
        return this.#compareCount(attempt, change.count);
      default:
        this.#count('dropped', { problem: named ? `unknown change type ${named}` : 'a change without a `type`' });
    }
  }

  #received(attempt: WatchAttempt): void {
    attempt.lastChangeAt = this.clock.now();
    if (attempt === this.#feed) this.#receivedAt = attempt.lastChangeAt;
  }

  #opened(attempt: WatchAttempt, open: Extract<Change, { type: 'open' }>): void {
    if (attempt.mode !== undefined) return this.#count('dropped', { problem: 'open came twice' });
    const problem = otherContract(open.contract);
    if (problem !== undefined) return this.#ended(attempt, describeFailure(new AdapterError('misconfigured', problem)));
    attempt.epoch = typeof open.epoch === 'string' ? open.epoch : '';
    if (open.mode === 'resume' && attempt.since?.epoch !== attempt.epoch)
      return this.#broken(attempt, 'the feed resumed without being asked, or in another epoch');
    attempt.mode = open.mode === 'resume' ? 'resume' : 'snapshot';
    attempt.promise(open.heartbeatMs);
    this.#clock.set(open.serverTime);
    this.#received(attempt);
    if (attempt.mode === 'snapshot') {
      if (this.rows.disputes(attempt.epoch)) {
        if (attempt === this.#feed) return this.#requestResync('other-epoch');
        this.#forgetPosition('other-epoch');
        return this.#silent(attempt, RESYNC_REASONS['other-epoch']);
      }
      if (attempt.since) this.#forgetPosition('not-resumed');
      if (attempt === this.#feed) this.#position = undefined;
      this.rows.beginSnapshot(attempt.number, attempt.epoch);
    }
    if (attempt === this.#feed) this.#fire('opened');
  }

  #synced(attempt: WatchAttempt, change: Extract<Change, { type: 'synced' }>): void {
    if (attempt.synced) return this.#advance(attempt, change.cursor);
    attempt.synced = true;
    const ids = attempt.scope === 'all' ? undefined : attempt.scope;
    const partial = change.partial === true;
    const snapshot = attempt.mode === 'snapshot';
    const epochBefore = this.rows.epoch;
    const resync = snapshot ? this.#resync : undefined;
    if (snapshot) this.#resync = undefined;
    if (attempt === this.#candidate) this.#promote();
    const swapped = snapshot && this.rows.endSnapshot(attempt.number, ids, partial);
    if (swapped) this.requests.revisionsReset();
    const newEpoch = epochBefore !== undefined && epochBefore !== this.rows.epoch;
    this.#completeness.synced(!ids, snapshot ? { partial, newEpoch } : undefined);
    // A resume that names no new cursor resumes from its old one, but for what it covers only.
    const cursor = attempt.cursor ?? attempt.since?.cursor;
    this.#position =
      attempt.mode === 'resume' && cursor !== undefined
        ? { epoch: attempt.epoch, cursor, scope: attempt.scope }
        : undefined;
    this.#advance(attempt, change.cursor);
    this.#syncedAt = this.clock.monotonic();
    this.#receivedAt = attempt.lastChangeAt;
    this.freshness.synced(attempt.scope);
    this.#effects.push({ type: 'campaigns' }, { type: 'list' });
    this.#passOn(attempt);
    this.#fire('synced');
    if (swapped) this.requests.giveUpPending();
    this.#endResync(resync, newEpoch);
    if (!attempt.promised) this.#deadlines.renewal = this.#syncedAt + RENEW_MS * (1 + this.clock.random());
    this.#effects.push({ type: 'check', scope: attempt.scope, settleMs: attempt.allowedMs });
    if (this.rows.distrusted) this.#requestResync('regressions');
    else if (this.rows.regressed) this.#requestResync('regressions', REGRESSED_MS * (1 + this.clock.random()));
    if (this.rows.hasUnconfirmed) this.#deadlines.confirmation = this.#syncedAt + attempt.allowedMs;
    if (!partial) this.#compareCount(attempt, change.count);
  }

  /** The feed is synced. @param resync what its snapshot was for, if it began with one */
  #endResync(resync: Resync | undefined, newEpoch: boolean): void {
    this.#misconfigurationReported = false;
    const ended = newEpoch ? { reason: 'new-epoch', why: 'new epoch' } : resync;
    if (ended) {
      const { reason, why } = ended;
      this.#resyncs[reason] = (this.#resyncs[reason] ?? 0) + 1;
      this.#log('resync', { code: reason, message: why });
      if (reason !== 'refresh') this.#report('resync', { why });
    }
    if (!this.#resync) this.#endRefreshes(true);
    else if (this.#deadlines.resync === undefined) this.#scheduleResync();
    if (this.#scopeTooSmall) this.#openCandidate();
  }

  #advance(attempt: WatchAttempt, cursor: unknown): void {
    if (typeof cursor !== 'string' || !cursor || !(attempt.synced || attempt.mode === 'resume')) return;
    attempt.cursor = cursor;
    if (attempt === this.#feed && !this.#resync)
      this.#position = { epoch: attempt.epoch, cursor, scope: attempt.scope };
  }

  #compareCount(attempt: WatchAttempt, count: unknown): void {
    if (typeof count !== 'number' || this.#state !== 'live' || attempt !== this.#feed || attempt.scope !== 'all')
      return;
    const known = this.rows.entries.size;
    if (count === known) {
      if (!this.#completeness.confirmed()) return;
      this.#effects.push({ type: 'list' }, { type: 'campaigns' });
    } else if (this.complete && this.#resync === undefined) {
      if (this.rows.hasUnconfirmed) return;
      this.#count('drift', { expected: count, known });
      this.#requestResync('count');
    }
  }

  /** What an event did to the rows: for the requests, the observers and the counters. */
  #passOn(attempt?: WatchAttempt): void {
    const deltas = this.rows.takeDeltas();
    if (deltas.length) {
      this.#effects.push({ type: 'rows', deltas });
      if (this.requested) for (const delta of deltas) this.requests.rowChanged(delta);
      if (this.#lists?.take(deltas) === false) this.#lists = undefined;
      if (deltas.some(concernsLists)) this.#effects.push({ type: 'list' });
    }
    for (const { what, detail, suspicious } of this.rows.takeIgnored()) {
      this.#count(what, detail);
      if (suspicious && attempt && ++attempt.lateRows === TOLERATED_LATE_ROWS) this.#requestResync('late');
    }
  }

  #broken(attempt: WatchAttempt, message: string): void {
    this.#ended(attempt, describeFailure(new AdapterError('protocol', message)));
  }

  /** An attempt ended or failed. */
  #ended(attempt: WatchAttempt, failure: Failure): void {
    const { code } = failure;
    if (code === 'protocol') this.#report('protocol', { message: failure.message });
    // What can't be read would stand in the way of every resume.
    if (code === 'protocol' || code === 'expired') this.#forgetPosition(code, `${code}: ${failure.message}`);
    if (attempt === this.#candidate) return this.#candidateEnded(failure);
    if (code === 'unauthenticated' || code === 'forbidden' || code === 'misconfigured')
      return this.#fire(code, failure);
    this.#fire(this.#candidate ? 'replaced' : 'lost', failure);
  }

  /** An attempt is of no use any more, though it did not end. */
  #silent(attempt: WatchAttempt, message: string): void {
    const failure: Failure = { code: 'unavailable', message, retryAfterMs: undefined };
    if (attempt === this.#candidate) this.#candidateEnded(failure);
    else this.#fire(this.#candidate ? 'replaced' : 'silent', failure);
  }

  // Single reads

  #requestRead({ ticket, id }: Extract<CoreEvent, { type: 'read' }>): void {
    if (this.#retry.heldBack) return void this.#effects.push({ type: 'refreshed', ticket, ok: false });
    this.#effects.push({ type: 'read', ticket, id, known: this.rows.known(id) });
  }

  #unread({ ticket, id, error }: Extract<CoreEvent, { type: 'unread' }>): void {
    const { due } = this.#retry;
    this.#report('unanswered', { id, message: String(error) });
    this.#retry.holdBack(describeFailure(error).retryAfterMs);
    if (this.#retry.due !== due) this.#changedConnection();
    this.#effects.push({ type: 'refreshed', ticket, ok: false });
  }

  #reading({ ticket, id, known, reading }: Extract<CoreEvent, { type: 'reading' }>): void {
    const ok = reading ? this.#read(id, reading, known) && this.#provesFresh(id, known) : this.#notFound(id, known);
    this.#effects.push({ type: 'refreshed', ticket, ok });
  }

  /** A row older than the known one proves nothing by itself; the feed, or a change since the request, may. */
  #provesFresh(id: string, known: Known): boolean {
    return this.keeps(id) || this.rows.changedSince(id, known);
  }

  #notFound(id: string, known: Known): boolean {
    if (!this.rows.removeAbsent(id, known, this.#feed?.number)) return known.entry === undefined || this.keeps(id);
    this.#passOn();
    // Changes that a feed has yet to send, also one that resumes, may be older than this read.
    if (!this.#feed) {
      // Not a resync: that would also hurry the next attempt.
      this.#forgetPosition('not-found');
      return true;
    }
    this.#deadlines.confirmation ??= this.clock.monotonic() + this.#feed.allowedMs;
    this.#requestResync('not-found');
    return true;
  }

  /** Applies a row from a single read or an answer. A row of another epoch can't be compared, so everything is read again. */
  #read(id: string, reading: { campaign?: unknown; epoch?: string | null }, asked: Known): boolean {
    const epoch = reading.epoch ?? undefined;
    if (epoch !== undefined && this.rows.epoch !== undefined && epoch !== this.rows.epoch) {
      this.#requestResync('other-epoch');
      return false;
    }
    const read = this.rows.reading(reading.campaign, asked, epoch) === id;
    this.#passOn();
    return read;
  }

  // Time, page and sign-in

  #deadline(sleptMs: number): void {
    const now = this.clock.monotonic();
    const passed = (due: number | undefined): boolean => due !== undefined && now >= due;
    for (const attempt of [this.#candidate, this.#feed]) {
      if (!attempt || this.#attempt(attempt.number) !== attempt) continue;
      if (sleptMs > ASLEEP_MS) this.#silent(attempt, 'the machine was asleep, or its clock was set');
      else if (passed(attempt.due) && !attempt.check(now)) this.#silent(attempt, 'no heartbeat from the backend');
    }
    if (passed(this.#deadlines.hidden)) this.#hide();
    const { grace } = this.#deadlines;
    if (grace !== undefined && passed(grace)) {
      delete this.#deadlines.grace;
      this.#fire('unwanted');
      this.#deadlines.dropRows = grace + this.options.keepMs;
    }
    if (passed(this.#deadlines.dropRows)) {
      delete this.#deadlines.dropRows;
      this.#forget();
    }
    if (passed(this.freshness.due) && this.#lose()) this.#changedConnection();
    if (passed(this.#deadlines.renewal)) this.#renew();
    if (passed(this.#deadlines.confirmation)) {
      delete this.#deadlines.confirmation;
      // An ordered feed that keeps its heartbeat has sent by now what it had to send.
      if (this.#feed?.promised) this.rows.removeUnconfirmed();
      else if (this.rows.hasUnconfirmed) this.#requestResync('unconfirmed');
      this.rows.acceptAgain();
      this.#passOn();
    }
    if (passed(this.#deadlines.candidate)) {
      delete this.#deadlines.candidate;
      if (this.#resync || this.#renewing || this.#scopeTooSmall) this.#openCandidate();
    }
    if (passed(this.#deadlines.resync)) {
      delete this.#deadlines.resync;
      if (this.#resync && !this.#snapshotUnderWay) this.#takeResync();
    }
    if (passed(this.#stuckDue)) {
      this.rows.markStuck();
      this.#passOn();
    }
    if (passed(this.#retry.due)) this.#fire('due');
    this.requests.deadline(now);
  }

  /** Replaces a feed that promised no heartbeat. */
  #renew(): void {
    delete this.#deadlines.renewal;
    this.#renewing = true;
    if (!this.#candidate && this.#deadlines.candidate === undefined) this.#openCandidate();
  }

  #page(change: Extract<CoreEvent, { type: 'page' }>['change']): void {
    switch (change) {
      case 'put-away':
        return this.#hide();
      case 'online':
        return this.#hurry();
      case 'hidden':
        if (!this.#hidden) this.#deadlines.hidden ??= this.clock.monotonic() + this.options.hiddenMs;
        return;
      case 'shown':
        // The timers of a hidden page may be late.
        if (this.clock.monotonic() >= (this.#deadlines.hidden ?? Infinity)) this.#hide();
        delete this.#deadlines.hidden;
        this.#hidden = false;
        this.#fire(this.#retry.heldBack ? 'postponed' : 'shown');
        return this.#hurry();
    }
  }

  #hide(): void {
    delete this.#deadlines.hidden;
    this.#hidden = true;
    this.#fire('hidden');
  }

  #followPage(follow: boolean): void {
    if (!follow) {
      delete this.#deadlines.hidden;
      this.#hidden = false;
    }
    if (this.#pageFollowed === follow) return;
    this.#pageFollowed = follow;
    this.#effects.push({ type: 'follow-page', follow });
  }

  /** Someone looks, or the network is said to be back: the next attempt comes within a second. */
  #hurry(): void {
    if (this.#state !== 'waiting' && this.#state !== 'stale') return;
    if (this.#retry.hurry()) this.#changedConnection();
  }

  /** A renewal of the sign-in has ended. Without success, attempts go on, but rarely. */
  #signedIn({ renewed, requestedAt }: Extract<CoreEvent, { type: 'signed-in' }>): void {
    this.requests.signedIn(renewed, requestedAt);
    if (requestedAt !== undefined && requestedAt !== this.#lastRequest.at) return;
    if (!renewed) this.#retry.holdBack(this.#pauseWithoutSignIn);
    this.#pauseWithoutSignIn = undefined;
    if (this.#signingIn) {
      this.#signingIn = false;
      this.#retryCandidate(renewed ? 0 : this.#retry.blockedBackoff());
    }
    if (this.#state !== 'unauthenticated') return;
    if (renewed) return this.#fire('due');
    if (this.#retry.due === undefined) this.#retry.schedule(this.#retry.blockedBackoff());
    this.#changedConnection();
  }

  // Consequences

  get #anythingRead(): boolean {
    return this.#syncedAt !== undefined || (this.#receivedAt > 0 && this.rows.entries.size > 0);
  }

  #lose(): boolean {
    this.freshness.due = undefined;
    if (!this.#anythingRead || !this.freshness.lose()) return false;
    this.#effects.push({ type: 'campaigns' });
    return true;
  }

  /** Drops all rows. */
  #forget(): void {
    this.#position = undefined;
    this.#completeness.forget();
    this.requests.giveUpPending();
    this.rows.clear();
    this.#passOn();
    if (this.#state === 'idle') {
      this.freshness.forget();
      this.#syncedAt = undefined;
      this.#receivedAt = 0;
      this.#changedConnection();
    }
    this.#effects.push({ type: 'list' }, { type: 'campaigns' });
  }

  #count(what: keyof Connection['counters'], detail: object): void {
    this.#counters[what]++;
    this.#report(what, detail);
    this.#changedConnection();
  }

  #report(kind: StoreEventKind, detail: object): void {
    this.#effects.push({ type: 'report', kind, detail: { system: this.system, ...detail } });
  }

  /** Reported once, until the feed works. */
  #reportMisconfiguration({ code, message }: Failure): void {
    if (this.#misconfigurationReported) return;
    this.#misconfigurationReported = true;
    this.#report('misconfigured', { code, message });
  }

  #changedConnection(): void {
    this.#connection = undefined;
    this.#effects.push({ type: 'connection' });
  }
}

/** What is wrong with the contract's version that a feed names; `undefined` if it is the store's own, or is not named. */
function otherContract(version: unknown): string | undefined {
  if (isAbsent(version) || version === CONTRACT_VERSION) return undefined;
  const ours = `this campaign-status-kit reads version ${CONTRACT_VERSION}`;
  if (typeof version !== 'number')
    return `\`open.contract\` must be the number ${CONTRACT_VERSION}, got ${JSON.stringify(version)?.slice(0, 60)}`;
  const outdated = version > CONTRACT_VERSION ? 'the kit' : 'the backend';
  return `the backend speaks version ${version} of the contract, and ${ours}: update ${outdated}`;
}
