/**
 * The public types of the status store: what elements and hosts read from it and request of it.
 *
 * The store holds the last state from the backend, its age, and the outcome of each request. It shows no status that the backend did
 * not send, not even for a moment after a press. It holds no texts: reasons are codes with parameters. Everything read is a
 * {@link Live}; nothing here errors or rejects.
 */
import type { Observable } from 'rxjs';
import type {
  CampaignAdapter,
  CampaignRef,
  Dependency,
  LogEntry,
  Position,
  WithoutNull,
} from '../adapters/contract.ts';
import type { Icon, Lifecycle, Tone } from '../lifecycle/index.ts';

/** An Observable that emits its present value at once, and whose value can be read. It never errors. The value keeps its reference until it changes. */
export interface Live<T> extends Observable<T> {
  readonly value: T;
}

/** All that is shown of one campaign, derived from its record and its lifecycle. Times are ms since 1970 by the server's clock. */
export interface CampaignView {
  readonly ref: CampaignRef;
  /** `loading`: not read yet, or not known while the feed is lost. `gone`: it was removed. `absent`: a complete snapshot did not contain it. */
  readonly presence: 'loading' | 'present' | 'gone' | 'absent';
  /** The backend's reason for the removal; `vanished` when a complete snapshot no longer contained it. */
  readonly goneReason?: string;
  /** Set while the campaign is `loading` and the feed fails: why, as in {@link Connection.cause}. */
  readonly loadError?: Connection['cause'];
  /** The status from the backend; `''` until the campaign was read. */
  readonly status: string;
  /** The lifecycle has this status. */
  readonly known: boolean;
  readonly tone: Tone | 'neutral';
  readonly icon: Icon | 'unknown';
  /** The campaign's name, or its id while it has none. */
  readonly name: string;
  /** The backend's message, or `''`. */
  readonly message: string;
  /** The message was longer than the store keeps. */
  readonly truncated: boolean;
  /** When the message, or without one the status, became true. */
  readonly at?: number;
  /**
   * Set when the status has lasted longer than the lifecycle's `stuckAfterMs`: since when, which is `at`. Not while the view is
   * stale: then nobody knows.
   */
  readonly stuckSince?: number;
  readonly changedBy?: string;
  readonly cause?: { readonly kind: string; readonly id: string; readonly name: string };
  readonly editable?: boolean;
  /** Set while this is only the last known state, with the time at which it was true. */
  readonly stale?: { readonly asOf: number; readonly why: 'feed' | 'unreadable' };
  /** What the status offers, in the lifecycle's order. */
  readonly actions: readonly ActionView[];
  /** The first of `actions`: what the button offers. Absent: the status offers no action, so no button is shown. */
  readonly action?: ActionView;
  /** The latest request for an action and its outcome. A campaign that is removed and created again begins without one. */
  readonly request?: {
    readonly action: string;
    /** When it was requested. */
    readonly since: number;
    readonly phase: 'pending' | ActionOutcome['outcome'];
    readonly reason?: Reason;
  };
}

/** An offered action, and why it can't be taken now. `action` is `''` for an unknown status, which gets a disabled button. */
export interface ActionView {
  readonly action: string;
  readonly disabled?: Reason;
}

/** What several campaigns of a system offer at one time. */
export interface Offers {
  /** Those that offer an action and can take it now, in the order of the lifecycle's actions. Without actions that none offers. */
  readonly actions: ReadonlyMap<string, readonly string[]>;
  /** The ids of campaigns that were removed, or never existed. */
  readonly gone: readonly string[];
}

/** Why an action is not possible or did not succeed, as a code with parameters. Elements translate it into text. */
export interface Reason {
  readonly code: ReasonCode;
  /** The missing prerequisites, or the pending action. */
  readonly what?: readonly string[];
  /** The backend's own sentence, shown as it is. */
  readonly text?: string;
}

/** The codes of a {@link Reason}. */
export type ReasonCode =
  | 'missing'
  | 'denied'
  | 'pending'
  | 'illegal'
  | 'unknown-status'
  | 'input-missing'
  | 'input-too-long'
  | 'input-unknown'
  | 'offline'
  | 'forbidden'
  | 'invalid'
  | 'gone'
  | 'unavailable'
  | 'unauthenticated'
  | 'throttled'
  | 'conflict'
  | 'not-listed'
  | 'unconfirmed';

/**
 * `done`: confirmed by the feed or the backend. The campaign may have failed since; its status and message show that. `uncertain`: no
 * answer came, or it was accepted and no change came.
 */
export interface ActionOutcome {
  readonly outcome: 'done' | 'refused' | 'conflict' | 'uncertain';
  readonly reason?: Reason;
}

/** What became of one campaign among several that an action was requested for. */
export type BulkOutcome =
  /** The feed or the backend confirmed it. */
  | 'done'
  /** Not sent, because the campaign does not offer the action, or can't take it now. */
  | 'skipped'
  /** The backend did not do it: refused, or the status had already changed. */
  | 'failed'
  /** Sent, and not confirmed. It may still happen; then it becomes `done`. */
  | 'uncertain'
  /** Not sent: sending has stopped before, or the backend surely did nothing. */
  | 'unsent';

/** How far an action on several campaigns has come. A new object whenever it changes. */
export interface BulkProgress {
  /** `sending`: some are still to be sent. `settling`: outcomes are awaited. `ended`: nothing more happens by itself. */
  readonly state: 'sending' | 'settling' | 'ended';
  /** Why not all were sent. `lost`: the backend can't be reached, does not answer, or takes no requests now. */
  readonly stopped?: 'cancelled' | 'lost';
  /** How many campaigns there are, each counted once in `counts`. */
  readonly total: number;
  /** `pending`: sent, and the outcome is awaited. `unsent` includes those that are still to be sent. */
  readonly counts: Readonly<Record<BulkOutcome | 'pending', number>>;
}

/** Campaigns with the same outcome for the same reason. */
export interface BulkGroup {
  readonly outcome: BulkOutcome;
  readonly reason?: Reason;
  readonly ids: readonly string[];
}

/** An action on several campaigns of a system. */
export interface BulkRun {
  readonly system: string;
  readonly action: string;
  readonly progress: Live<BulkProgress>;
  /** What is known of each campaign now, without those whose outcome is awaited. The cost grows with their number. */
  results(): readonly BulkGroup[];
  /** Sends no more. What was sent is not taken back. */
  cancel(): void;
  /**
   * Sends what was not sent; does nothing while the backend is lost. A request that may have had an effect is not repeated.
   */
  resume(): void;
}

/** What a list asks for. */
export interface ListQuery {
  /** Only these statuses; empty or absent: all. */
  statuses?: readonly string[];
  /** Only campaigns that are stuck: in a status for longer than the lifecycle's `stuckAfterMs`. */
  stuck?: boolean;
  /**
   * Only campaigns whose name or id contains this, without regard to case, accents, and kinds of blanks, dashes and quotes. Blanks alone: all.
   */
  text?: string;
  /** Default: `name`. `status` follows the order of the lifecycle's table. */
  sort?: 'name' | 'status' | 'at';
  descending?: boolean;
}

/**
 * The result of a list query: ids and counts, without records. A new object with a higher `version` whenever it changes. An entry is
 * `undefined` if the campaign at its place was not read yet.
 *
 * A view never changes. The latest one reads places at a small cost that hardly grows with the number of campaigns; an earlier one
 * computes all of its ids when it is first asked for one.
 */
export interface ListView {
  /** How many campaigns match the query. */
  readonly size: number;
  /** The id at a place in the query's order. */
  at(index: number): string | undefined;
  /** The ids from `from` up to, but without, `to`, as far as there are any. */
  slice(from: number, to: number): readonly (string | undefined)[];
  /** The place of an id, or -1. */
  indexOf(id: string): number;
  /** All ids in order. Made when first read, at a cost that grows with the number of campaigns. */
  readonly ids: readonly string[];
  /** How many campaigns of the system are known. */
  readonly total: number;
  /** Campaigns per status among those that match `text`: what each filter would show. */
  readonly counts: ReadonlyMap<string, number>;
  /** Campaigns that are stuck among those that match `text`. */
  readonly stuck: number;
  /** False until a complete snapshot was read. */
  readonly complete: boolean;
  readonly version: number;
}

/** The states of a feed. `idle`: there is no observer. `waiting`: the next attempt is scheduled. `paused`: the page was hidden for a long time. */
export type ConnectionState =
  | 'idle'
  | 'connecting'
  | 'syncing'
  | 'live'
  | 'stale'
  | 'waiting'
  | 'paused'
  | 'unauthenticated'
  | 'forbidden'
  | 'misconfigured';

/** How the feed of one system is doing. */
export interface Connection {
  readonly state: ConnectionState;
  /** When this state began. */
  readonly since: number;
  /** Set while only the last known state is shown. */
  readonly lost?: { readonly asOf: number };
  readonly nextAttemptAt?: number;
  readonly cause?: { readonly code: string; readonly message: string };
  readonly counters: Readonly<Record<'dropped' | 'late' | 'unreadable' | 'regressions' | 'drift', number>>;
}

/**
 * How a store is doing at one time, to find out why it shows what it shows: plain data that JSON can hold. It names campaigns that an
 * action is pending for, and repeats messages of the backend; it holds no records. Times are ms since 1970 by the server's clock.
 */
export interface StoreInspection {
  /** When it was taken. */
  readonly at: number;
  /** Whether the page is visible, and whether the browser is online. */
  readonly page: { readonly visible: boolean; readonly online: boolean };
  /** The systems that something has asked the store for. */
  readonly systems: readonly SystemInspection[];
}

/** How one system is doing: its {@link Connection}, and what is behind it. */
export interface SystemInspection extends Connection {
  /** The name of the system, such as `flows`. */
  readonly system: string;
  /** The backend asked not to be called before this time (Retry-After). Absent when it has passed. */
  readonly notBefore?: number;
  /** Where the next feed resumes. Absent: it begins with a snapshot. */
  readonly position?: Position;
  /** Why the next feed begins with a snapshot although it could resume: one of the reasons in `resyncs`. */
  readonly resync?: string;
  /** The present feed. */
  readonly feed?: FeedInspection;
  /** A second feed that replaces the present one once it is synced. */
  readonly successor?: FeedInspection;
  /** The epoch of the rows. */
  readonly epoch?: string;
  /** How many campaigns are known. */
  readonly rows: number;
  /** A complete snapshot was read, and all campaigns have been watched since. */
  readonly complete: boolean;
  /** How often a snapshot was read in place of a resume, by reason, such as `expired` or `new-epoch`. */
  readonly resyncs: Readonly<Record<string, number>>;
  /** How many actions are pending. */
  readonly pending: number;
  /** The oldest of them, at most 20. */
  readonly requests: readonly RequestInspection[];
  /** What happened to the connection, oldest first: the latest 20 events. */
  readonly events: readonly ConnectionEventInspection[];
}

/** A feed that was requested and has not ended. */
export interface FeedInspection {
  /** When it was requested. */
  readonly requestedAt: number;
  /** `all` campaigns, or the number of those that were requested by id. */
  readonly scope: 'all' | number;
  /** How it began. Absent until the backend has answered. */
  readonly mode?: 'snapshot' | 'resume';
  /** The snapshot, or the catch-up, is complete. */
  readonly synced: boolean;
  /** The epoch that it named when it opened. */
  readonly epoch?: string;
  /** The latest position that it sent. */
  readonly cursor?: string;
  /** When it last sent something, a heartbeat included; before that, when it was requested. */
  readonly aliveAt: number;
  /** When it counts as lost if it sends nothing. Absent for a synced feed that promised no heartbeat. */
  readonly silentAt?: number;
}

/** A pending action. */
export interface RequestInspection {
  /** The campaign's id. */
  readonly id: string;
  /** The name of the action, such as `start`. */
  readonly action: string;
  /** When the user asked for it. */
  readonly since: number;
  /** How often it was sent. */
  readonly attempts: number;
  /** The backend has accepted it; the feed decides its outcome. */
  readonly accepted: boolean;
  /** Why it is held back: `throttled` or `unauthenticated`. */
  readonly heldBackBy?: ReasonCode;
}

/** An event of a system's connection. */
export interface ConnectionEventInspection {
  /** When it happened. */
  readonly at: number;
  /** What happened, such as `lost`, `due` (the next attempt), `synced`, `resync` or `successor-failed`. */
  readonly event: string;
  /** The state that it led to. */
  readonly state: ConnectionState;
  /** The error behind it, or the reason of a resync. */
  readonly cause?: { readonly code: string; readonly message: string };
}

/** A parsed dependency; its texts are limited in length. */
export type DependencyView = WithoutNull<Dependency>;

/** What a campaign depends on, and whether another attempt can succeed. */
export interface Diagnosis {
  readonly dependencies: readonly DependencyView[];
  /** `works`: every known dependency runs. `fails-again`: a dependency is still down. */
  readonly outlook: 'works' | 'fails-again' | 'unknown';
}

/** A parsed entry of an engine log; its text is limited in length. */
export type LogEntryView = WithoutNull<LogEntry>;

/** The latest entries of a campaign's engine log. A view never changes: new entries come with another one. */
export interface LogView {
  /** How many entries are kept. */
  readonly size: number;
  /** The entry at a place; the oldest one that is kept is at 0. */
  at(index: number): LogEntryView | undefined;
  /** All of them. Made when first read, at a cost that grows with their number. */
  readonly entries: readonly LogEntryView[];
  /** How many older entries are no longer kept. */
  readonly dropped: number;
  readonly state: 'loading' | 'live' | 'lost' | 'unsupported';
}

/** One status change of a campaign. */
export interface HistoryEntryView {
  /** The new status. */
  readonly status: string;
  /** In ms since 1970. */
  readonly at: number;
  /** The action that caused it; absent if the engine changed the status by itself. */
  readonly action?: string;
  /** Who or what caused it. */
  readonly changedBy?: string;
  readonly message?: string;
}

/** The status changes of a campaign, newest first. */
export interface HistoryView {
  readonly entries: readonly HistoryEntryView[];
  /** True if there are older entries. */
  readonly more: boolean;
  /** `lost`: the latest read failed; the entries are those of the last successful one. */
  readonly state: 'loading' | 'loaded' | 'lost' | 'unsupported';
}

/** The store: one state, shared by all elements of a page. Nothing in it errors or rejects. */
export interface CampaignStore {
  /**
   * What changes in the backend, once per frame, when it is shown. Only of campaigns that are observed; what is read for the first time
   * is no change. While nobody observes it, it costs nothing.
   */
  readonly changes: Observable<readonly CampaignChange[]>;
  readonly lifecycles: ReadonlyMap<string, Lifecycle>;
  /** One campaign. While it is observed, the same ref gives the same Live. */
  campaign(ref: CampaignRef): Live<CampaignView>;
  /** The ids and counts that match a query. */
  list(system: string, query?: ListQuery): Live<ListView>;
  /** What these campaigns offer now. Read once, at a cost that grows with their number; for a selection of many. */
  offers(system: string, ids: Iterable<string>): Offers;
  /** The state of the system's feed. Observing it does not open the feed. */
  connection(system: string): Live<Connection>;
  /**
   * How the connections are doing now, and why: for support requests, and for `campaign-inspector`. Reading it changes nothing.
   *
   * @example
   * ```ts
   * console.log(JSON.stringify(store.inspect(), null, 2));
   * ```
   */
  inspect(): StoreInspection;
  /** What the campaign depends on, requested while it is observed. */
  diagnosis(ref: CampaignRef): Live<Diagnosis>;
  /** The engine log, read while it is observed. */
  log(ref: CampaignRef): Live<LogView>;
  /**
   * The status changes of the campaign. Read while they are observed, and again whenever the campaign changes.
   *
   * @param limit how many entries, at most 1,000. Default 20.
   */
  history(ref: CampaignRef, limit?: number): Live<HistoryView>;
  /**
   * Requests an action. Never rejects; the same action while it is pending gives the same promise.
   *
   * @param options `input`: the text that the action asks for. A text that its definition does not allow is refused.
   */
  perform(ref: CampaignRef, action: string, options?: { readonly input?: string }): Promise<ActionOutcome>;
  /**
   * Requests an action of several campaigns, each once. Campaigns that don't offer it, or can't take it now, are skipped. The others are
   * sent in batches of 500 with the adapter's `actMany`, one batch after the other; without it four at a time. Sending stops by itself
   * when the backend is lost, so that {@link BulkRun.resume} can go on later.
   *
   * @param options `input`: the text that goes with the action, the same for all. `only`: where the user has confirmed a list of
   * campaigns, these; any other that offers the action by now is skipped with the reason `not-listed`.
   */
  performMany(
    system: string,
    ids: Iterable<string>,
    action: string,
    options?: { readonly input?: string; readonly only?: Iterable<string> },
  ): BulkRun;
  /**
   * Reads one campaign, or takes a new snapshot of the system. Resolves to true if it succeeded: then what is shown is up to date. A
   * snapshot is not requested while the backend has asked for a pause (Retry-After).
   */
  refresh(target: CampaignRef | { readonly system: string }): Promise<boolean>;
  /** Removes a settled request, so that its outcome is no longer shown. A pending one stays. */
  dismiss(ref: CampaignRef): void;
  /** Now by the server's clock, in ms since 1970. Compare times in views with it. */
  now(): number;
  /** Ends all feeds and requests. No timer, listener or subscription remains; all Lives complete. */
  dispose(): void;
}

/** A campaign has changed in the backend. */
export interface CampaignChange {
  readonly ref: CampaignRef;
  /** Its status until now. */
  readonly before: string;
  /** Its status from now on. Equal to `before` if something else changed, such as the message; absent if it was removed. */
  readonly after?: string;
}

/** The kinds of events that a host's error log should record. */
export type StoreEventKind =
  /** A record, removal, change, dependency or log line was left out: it could not be read, and names no campaign. */
  | 'dropped'
  /** A campaign's record could not be read: its last good state is kept and marked. */
  | 'unreadable'
  /** A change older than the known state was ignored. */
  | 'late'
  /** A snapshot of the same epoch has a lower revision than the known one. */
  | 'regressions'
  /** What is shown differs from the backend, in number or, with `verify`, in content. */
  | 'drift'
  /** A new snapshot was taken although the feed should have resumed. */
  | 'resync'
  /** The backend broke the contract. */
  | 'protocol'
  /** The feed can't work as it is configured. */
  | 'misconfigured'
  /** An action was refused, by the store or by the backend. */
  | 'refused'
  /** The backend did not understand an action, which is a mistake in the adapter. Reported instead of `refused`. */
  | 'invalid'
  /** The status had already changed when an action arrived. */
  | 'conflict'
  /** An action or a read got no answer: its outcome is not known yet. */
  | 'unanswered';

/** An event for a host's error log. Each is reported once, even if every snapshot repeats the same bad record. */
export interface StoreEvent {
  readonly kind: StoreEventKind;
  /** The system, the campaign, the problem. Some of it comes from the backend: show it as text, never as markup. */
  readonly detail: unknown;
}

/** Options of `createCampaignStore`. Times are ms. */
export interface StoreOptions {
  adapter: CampaignAdapter<unknown>;
  /** Default: flows and python. */
  lifecycles?: readonly Lifecycle[];
  /** How long a feed stays open after its last observer has left. Default 5,000. */
  graceMs?: number;
  /** How long rows are kept after that. Default 600,000. */
  keepMs?: number;
  /** How long a hidden page keeps its feed. Default 300,000. */
  hiddenMs?: number;
  /** After this time without a confirming change, an action is uncertain. Default 20,000. */
  uncertainAfterMs?: number;
  /** Added to the promised heartbeat before silence counts as loss. Default 2,000. */
  slackMs?: number;
  /** So many campaigns that are observed singly are asked for by id; for more, the whole system is watched. Default 20. */
  maxIds?: number;
  /** Drops all rows when the feed is forbidden. */
  hideWhenForbidden?: boolean;
  /**
   * For development: takes a second snapshot now and then, and compares it with what is shown. A campaign that still differs after the
   * feed had time to report the change is reported as `drift`, and a new snapshot is taken. This opens a second feed for that time.
   */
  verify?: boolean;
  /** Replaced in tests. */
  environment?: Partial<Environment>;
  /** Dropped records, resyncs, drift, refusals: for a host's error log. Default: the first dropped record goes to the console. */
  report?(event: StoreEvent): void;
}

/** Everything that the store uses of its environment. */
export interface Environment {
  /** Wall clock, ms since 1970. */
  now(): number;
  /** A clock that never steps back, ms. */
  monotonic(): number;
  /** 0 <= x < 1. */
  random(): number;
  /** Runs `f` with the next frame: observers are notified once per frame. */
  frame(f: () => void): void;
  /** Dispatches `visibilitychange`, `online`, `offline`, `pagehide` and `pageshow`. */
  page: EventTarget & { readonly visible: boolean; readonly online: boolean };
  setTimeout(f: () => void, ms: number): unknown;
  clearTimeout(timer: unknown): void;
}
