/**
 * The contract between a backend and the store: list, then watch. Only types, except {@link AdapterError}.
 *
 * A feed consists of five kinds of change, `open`, `page`, `synced`, `upsert` and `remove`, and optionally `heartbeat`. A position is an epoch *and* a cursor.
 * `null` in an optional field counts as absent, because many backends write it there.
 */

/** Names one campaign. Ids of two systems may be equal. */
export interface CampaignRef {
  readonly system: string;
  readonly id: string;
}

/** ISO 8601, or milliseconds since 1970. Shown, never compared for order. */
export type Timestamp = string | number;

/** A row as an adapter gives it. The store parses it again and drops other fields; `null` in an optional field counts as absent. */
export interface CampaignRecord {
  id: string;
  /** A status of the lifecycle. One that the lifecycle does not know is shown as it is. */
  status: string;
  name?: string | null;
  system?: string | null;
  /** Safe integer >= 0. Grows with every change of this id within an epoch, also across delete and recreate. */
  revision: number;
  /** The reason for the status. In an error: the latest error, complete. */
  message?: string | null;
  /** When the message (else the status) became true. */
  at?: Timestamp | null;
  /** Who or what moved it last. */
  changedBy?: string | null;
  /** Prerequisites not met now. `[]`: all met. Absent: not known, so they disable nothing. */
  missing?: readonly string[] | null;
  /** The dependency that an error comes from. */
  cause?: { kind: string; id: string; name?: string | null } | null;
  /** Actions this user may not take, with the reason ('' for none). Only for display: the backend must refuse them too. */
  denied?: Readonly<Record<string, string>> | null;
}

/** Where to resume. Valid only as a pair, and compared for equality only. The store makes it from `open.epoch` and the last cursor. */
export interface Position {
  readonly epoch: string;
  readonly cursor: string;
}

/** What the store asks an adapter to watch. */
export interface WatchRequest {
  readonly system: string;
  /** Only these are observed, such as the campaign of a single header. An adapter may ignore it and send all. */
  readonly ids?: readonly string[];
  /** Resume from here if you can; else send a snapshot, or throw `AdapterError('expired')`. */
  readonly since?: Position;
  /** Every adapter must stop when it aborts. */
  readonly signal: AbortSignal;
}

/** A campaign that is no longer there. */
export interface Removal {
  id: string;
  revision?: number | null;
  reason?: string | null;
}

/** The version of this contract. A backend names it in `open`; the store refuses a feed of another one. */
export const CONTRACT_VERSION = 1;

/** One message of a feed. */
export type Change<Row = CampaignRecord> =
  /**
   * Comes first. Revisions and cursors are comparable within one `epoch`; absent: they never start over. `heartbeatMs`: a longer
   * silence means that the feed is lost.
   */
  | {
      type: 'open';
      /** The version of the contract that the feed is written in; absent: the store's own. */
      contract?: typeof CONTRACT_VERSION | null;
      mode: 'snapshot' | 'resume';
      epoch?: string | null;
      heartbeatMs?: number | null;
      serverTime?: Timestamp | null;
    }
  /** Rows of the snapshot. */
  | { type: 'page'; items: readonly Row[] }
  /**
   * Ends the snapshot, or in mode `resume` the missed changes; the feed is live from here. Read `cursor` before the rows.
   * `partial`: a campaign that was not sent may still exist. `count`: how many campaigns there are.
   */
  | { type: 'synced'; cursor?: string | null; partial?: boolean | null; count?: number | null }
  /** New or changed rows, complete. */
  | { type: 'upsert'; items: readonly Row[]; cursor?: string | null }
  /** Without `revision`: removed after the last revision known. */
  | { type: 'remove'; items: readonly Removal[]; cursor?: string | null }
  /** Shows that the connection is alive. */
  | { type: 'heartbeat'; cursor?: string | null; count?: number | null; serverTime?: Timestamp | null };

/** An async generator, a ReadableStream or an Observable. It must stop when `signal` aborts: returning a generator does not interrupt its await. */
export type Feed<T> =
  | AsyncIterable<T>
  | {
      subscribe(observer: { next(value: T): void; error(error: unknown): void; complete(): void }): {
        unsubscribe(): void;
      };
    };

/** One action that a user asked for. */
export interface ActRequest {
  readonly ref: CampaignRef;
  readonly action: string;
  readonly signal: AbortSignal;
  /** What the user saw. Answer `conflict` only if the action is not legal from the real status; `revision` is for backends that need it. */
  readonly expect: { readonly status: string; readonly revision: number; readonly epoch?: string };
  /** One per request of the user, the same on every retry. */
  readonly idempotencyKey: string;
  /** The text that the action asked for: see `input` of its definition. */
  readonly input?: string;
}

/** One campaign, read now. */
export interface Reading<Row = CampaignRecord> {
  campaign: Row;
  epoch?: string | null;
}

/** The outcome of an action. */
export type ActResult<Row = CampaignRecord> =
  /** It took effect; `campaign` is the row after it. */
  | ({ outcome: 'done' } & Reading<Row>)
  /** Accepted, or done without a row to return: the feed will show the result. */
  | { outcome: 'accepted' }
  /** It is not legal from the real status. */
  | { outcome: 'conflict'; reason?: string | null; campaign?: Row | null; epoch?: string | null }
  /** Nothing happened. */
  | { outcome: 'refused'; code: 'forbidden' | 'invalid' | 'gone' | 'unavailable'; reason?: string | null };

/** The same type without `null`: absent fields are left out. */
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

/** One status change of a campaign. */
export interface HistoryEntry {
  /** The new status. */
  status: string;
  at: Timestamp;
  /** The action that caused it; absent if the engine changed the status by itself. */
  action?: string | null;
  /** Who or what caused it. */
  changedBy?: string | null;
  message?: string | null;
}

/** One page of a campaign's history, newest first. */
export interface HistoryPage {
  entries: readonly HistoryEntry[];
  /** Where the next older page begins; absent if there is none. */
  before?: string | null;
}

/** A backend, as the store sees it. Type yours as `CampaignAdapter`, so that rows are checked; a store takes `CampaignAdapter<unknown>`. */
export interface CampaignAdapter<Row = CampaignRecord> {
  /** A snapshot, then its changes, until `signal` aborts. The store may open a second feed before it closes the first, to replace it. */
  watch(request: WatchRequest): Feed<Change<Row>>;
  /**
   * Sends an action.
   *
   * @throws {@link AdapterError} `unauthenticated` or `throttled` if nothing happened. The store sends it again until
   * `uncertainAfterMs` is over, then refuses it with that code, or at once if Retry-After is longer. After any other error the
   * outcome is unknown.
   */
  act(request: ActRequest): Promise<ActResult<Row>>;
  /** The backend applies each `idempotencyKey` once. Only then does the store retry an action of unknown outcome; else it waits for the feed. */
  readonly idempotent?: boolean;
  /** Reads one campaign, for "Check again". `undefined`: there is none. The store waits 30 s for it. */
  get?(ref: CampaignRef, signal: AbortSignal): Promise<Reading<Row> | undefined>;
  /** What the campaign depends on. Each value replaces the one before; a promise is requested again while it is observed. */
  diagnose?(ref: CampaignRef, signal: AbortSignal): Promise<readonly Dependency[]> | Feed<readonly Dependency[]>;
  /** The engine log. Each value is appended; a new subscription starts over. */
  log?(ref: CampaignRef, signal: AbortSignal): Feed<readonly LogEntry[]>;
  /**
   * Sends several actions in one call. It gives one result each, in their order, under the rules of {@link act}; an error counts for
   * all of them.
   */
  actMany?(requests: readonly ActRequest[]): Promise<readonly ActResult<Row>[]>;
  /** The status changes of a campaign, newest first. @param page `before` of the page that came before this one */
  history?(
    ref: CampaignRef,
    page: { readonly before?: string; readonly limit: number },
    signal: AbortSignal,
  ): Promise<HistoryPage>;
  /** Renews the sign-in. Called once for all requests that got `unauthenticated`; then they are sent again. */
  reauthenticate?(signal: AbortSignal): Promise<void>;
}

/** Why a feed or a request failed, as the store distinguishes it. */
export const ADAPTER_ERROR_CODES = [
  'expired',
  'unauthenticated',
  'forbidden',
  'throttled',
  'unavailable',
  'protocol',
  'misconfigured',
] as const;

/** One of {@link ADAPTER_ERROR_CODES}. */
export type AdapterErrorCode = (typeof ADAPTER_ERROR_CODES)[number];

/**
 * Thrown by adapters. The store recognises it by `name` and `code`, not by class, so that it also works between two copies of the
 * kit. Any other error that `watch` throws counts as `unavailable`.
 */
export class AdapterError extends Error {
  override readonly name = 'AdapterError';
  /** Wait at least this many ms before the next attempt. */
  readonly retryAfterMs: number | undefined;
  /** @param options `retryAfterMs`: the least wait before the next attempt, in ms. `cause`: the error behind this one. */
  constructor(
    readonly code: AdapterErrorCode,
    message: string = code,
    options: { retryAfterMs?: number; cause?: unknown } = {},
  ) {
    super(message, options);
    this.retryAfterMs = options.retryAfterMs;
  }
}
