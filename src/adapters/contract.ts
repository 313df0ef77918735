/**
 * The contract between a backend and the store: list, then watch. Types only, but for {@link AdapterError}.
 *
 * An adapter author meets five words: `open`, `page`, `synced`, `upsert`, `remove`. A position is an epoch *and* a cursor. In what an
 * adapter gives, `null` in an optional field is as good as absent: that is how many backends write it.
 */

/** Names one campaign. Ids of two systems may be equal. */
export interface CampaignRef {
  readonly system: string;
  readonly id: string;
}

/** ISO 8601, or milliseconds since 1970. Shown, never compared for order. */
export type Timestamp = string | number;

/** A row as an adapter gives it; the store parses it again. Other fields are dropped; `null` in an optional field is as good as absent. */
export interface CampaignRecord {
  id: string;
  /** A word of the lifecycle. One that it does not know is shown as it is. */
  status: string;
  name?: string | null;
  system?: string | null;
  /** Safe integer >= 0. Grows with every change of this id within an epoch, also across delete and recreate. */
  revision: number;
  /** In an error: the latest error, whole. */
  message?: string | null;
  /** When the message (else the status) became true. */
  at?: Timestamp | null;
  /** Who or what moved it last. */
  changedBy?: string | null;
  /** Prerequisites not met now. `[]`: all met. Absent: not known, so nothing is disabled for it. */
  missing?: readonly string[] | null;
  /** The dependency that an error comes from. */
  cause?: { kind: string; id: string; name?: string | null } | null;
  /** Actions this user may not take, with the reason ('' for none). Display, not defence. */
  denied?: Readonly<Record<string, string>> | null;
}

/** Where to go on: valid only as a pair, compared for equality only. The store makes it from `open.epoch` and the last cursor. */
export interface Position {
  readonly epoch: string;
  readonly cursor: string;
}

/** What the store asks an adapter to watch. */
export interface WatchRequest {
  readonly system: string;
  /** Only these are looked at (a header alone on a page). An adapter may ignore it and send all. */
  readonly ids?: readonly string[];
  /** Go on from here if you can; else answer with a snapshot, or throw `AdapterError('expired')`. */
  readonly since?: Position;
  /** The one cancellation every adapter obeys. */
  readonly signal: AbortSignal;
}

/** A campaign that is no longer there. */
export interface Removal {
  id: string;
  revision?: number | null;
  reason?: string | null;
}

/** One message of a feed. */
export type Change<Row = CampaignRecord> =
  /**
   * First. `epoch` names one numbering of revisions and cursors; absent: it never restarts. `heartbeatMs`: silence beyond it
   * means a dead feed.
   */
  | {
      type: 'open';
      contract?: 1 | null;
      mode: 'snapshot' | 'resume';
      epoch?: string | null;
      heartbeatMs?: number | null;
      serverTime?: Timestamp | null;
    }
  /** Rows of the snapshot. */
  | { type: 'page'; items: readonly Row[] }
  /**
   * Ends the snapshot, or in `resume` the catch-up; live from here. `cursor` was read before the rows. `partial`: a row not
   * named may still exist. `count`: how many campaigns there are.
   */
  | { type: 'synced'; cursor?: string | null; partial?: boolean | null; count?: number | null }
  /** New or changed rows, whole. */
  | { type: 'upsert'; items: readonly Row[]; cursor?: string | null }
  /** Without `revision`: removed as of the last one known. */
  | { type: 'remove'; items: readonly Removal[]; cursor?: string | null }
  /** Proof of life. */
  | { type: 'heartbeat'; cursor?: string | null; count?: number | null; serverTime?: Timestamp | null };

/** An async generator, a ReadableStream or an Observable. Must stop at `signal`: returning a generator does not interrupt its await. */
export type Feed<T> =
  | AsyncIterable<T>
  | {
      subscribe(observer: { next(value: T): void; error(error: unknown): void; complete(): void }): {
        unsubscribe(): void;
      };
    };

/** One user's intent, as it is sent. */
export interface ActRequest {
  readonly ref: CampaignRef;
  readonly action: string;
  readonly signal: AbortSignal;
  /** What the user saw: conflict only if the action is not legal from the real status; revision is there for backends that insist. */
  readonly expect: { readonly status: string; readonly revision: number; readonly epoch?: string };
  /** One per intent, the same on every retry. */
  readonly idempotencyKey: string;
  /** The text that the action asked for: see `input` of its definition. */
  readonly input?: string;
}

/** One campaign, read now. */
export interface Reading<Row = CampaignRecord> {
  campaign: Row;
  epoch?: string | null;
}

/** What became of an action. */
export type ActResult<Row = CampaignRecord> =
  /** It happened; this is the row after it. */
  | ({ outcome: 'done' } & Reading<Row>)
  /** Taken on, or done without a row to show: the feed will tell. */
  | { outcome: 'accepted' }
  /** It is not legal from the real status. */
  | { outcome: 'conflict'; reason?: string | null; campaign?: Row | null; epoch?: string | null }
  /** Surely nothing happened. */
  | { outcome: 'refused'; code: 'forbidden' | 'invalid' | 'gone' | 'unavailable'; reason?: string | null };

/** The same with nothing but what is there: `null` is absent. */
export type WithoutNull<T> = { [K in keyof T]: Exclude<T[K], null> };

/** Something a campaign depends on: a recovery diagnostic. */
export interface Dependency {
  kind: string;
  id: string;
  name: string;
  state: 'running' | 'stopped' | 'error' | 'unknown';
  message?: string | null;
  href?: string | null;
}

/** One line, or one block of lines, of the engine log. */
export interface LogEntry {
  text: string;
  at?: Timestamp | null;
  level?: 'debug' | 'info' | 'warning' | 'error' | null;
}

/** One move of a campaign. */
export interface HistoryEntry {
  /** The status it moved to. */
  status: string;
  at: Timestamp;
  /** The action that moved it; absent if the engine did by itself. */
  action?: string | null;
  /** Who or what moved it. */
  changedBy?: string | null;
  message?: string | null;
}

/** A part of a campaign's history, newest first. */
export interface HistoryPage {
  entries: readonly HistoryEntry[];
  /** Where the next older page begins; absent if there is none. */
  before?: string | null;
}

/** A backend, as the store sees it. Written as `CampaignAdapter`, so that rows are checked; a store takes `CampaignAdapter<unknown>`. */
export interface CampaignAdapter<Row = CampaignRecord> {
  /** A snapshot, then its changes, until `signal` aborts. */
  watch(request: WatchRequest): Feed<Change<Row>>;
  /**
   * Asks for an action. Thrown {@link AdapterError} `unauthenticated` or `throttled`: nothing happened; it is sent again while
   * `uncertainAfterMs` lasts, then (or at once, if Retry-After is longer) refused with that code. Anything else thrown: outcome unknown.
   */
  act(request: ActRequest): Promise<ActResult<Row>>;
  /** The backend honours `idempotencyKey`. Only then is an action of unknown outcome sent again; else the store waits for the feed. */
  readonly idempotent?: boolean;
  /** One campaign now, for "Check again". `undefined`: there is none. Answers or fails in its own time: nobody else ends it. */
  get?(ref: CampaignRef, signal: AbortSignal): Promise<Reading<Row> | undefined>;
  /** What the campaign depends on. Each value replaces the one before; a promise is asked again while someone looks. */
  diagnose?(ref: CampaignRef, signal: AbortSignal): Promise<readonly Dependency[]> | Feed<readonly Dependency[]>;
  /** The engine log. Each value is appended; a new subscription starts over. */
  log?(ref: CampaignRef, signal: AbortSignal): Feed<readonly LogEntry[]>;
  /**
   * Asks for several actions in one call: one result each, in their order, under the rules of {@link act}. If it throws, that counts
   * for each of them.
   */
  actMany?(requests: readonly ActRequest[]): Promise<readonly ActResult<Row>[]>;
  /** What moved a campaign, newest first. @param page `before`: as a page before this one named it */
  history?(
    ref: CampaignRef,
    page: { readonly before?: string; readonly limit: number },
    signal: AbortSignal,
  ): Promise<HistoryPage>;
  /** Called once for all that got `unauthenticated`, which then go on. */
  reauthenticate?(signal: AbortSignal): Promise<void>;
}

/** Why a feed or a request failed, as far as the store must know. */
export type AdapterErrorCode =
  'expired' | 'unauthenticated' | 'forbidden' | 'throttled' | 'unavailable' | 'protocol' | 'misconfigured';

/**
 * Thrown by adapters. Known by `name` and `code`, not by class, so that two copies of the kit understand each other. Anything
 * else that `watch` throws counts as `unavailable`.
 */
export class AdapterError extends Error {
  override readonly name = 'AdapterError';
  /** Wait at least this many ms before the next try. */
  readonly retryAfterMs: number | undefined;
  /** @param options `retryAfterMs`: the floor for the next try, in ms. `cause`: the error behind this one. */
  constructor(
    readonly code: AdapterErrorCode,
    message: string = code,
    options: { retryAfterMs?: number; cause?: unknown } = {},
  ) {
    super(message, options);
    this.retryAfterMs = options.retryAfterMs;
  }
}
