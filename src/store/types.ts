/**
 * The public face of the status store: what elements and hosts read from it and ask of it. Types only.
 *
 * The store knows what the backend said last, how old that is, and what became of each request. It does not know what a
 * status means beyond its lifecycle, it makes no status up (not even for a moment after a press), and it holds no words:
 * reasons are codes with parameters. Everything read is a {@link Live}; nothing here ever errors or rejects.
 */
import type { Observable } from 'rxjs';
import type { CampaignAdapter, CampaignRef, Dependency, LogEntry, WithoutNull } from '../adapters/contract.ts';
import type { Icon, Lifecycle, Tone } from '../lifecycle/index.ts';

/** An Observable that replays its value at once, and can be read. Never errors. Same reference until something changed. */
export interface Live<T> extends Observable<T> {
  readonly value: T;
}

/** All that is shown of one campaign, from one record and one table. Times are ms since 1970 by the server's clock. */
export interface CampaignView {
  readonly ref: CampaignRef;
  /** `loading`: not read yet, or nobody can tell while the feed is lost. `gone`: it was here and was removed. `absent`: a complete reading did not name it. */
  readonly presence: 'loading' | 'present' | 'gone' | 'absent';
  /** The backend's word for why it is gone; `vanished` when a complete snapshot no longer named it. */
  readonly goneReason?: string;
  /** The word from the backend; `''` until the campaign was read. */
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
  /** When the message, else the status, became true. */
  readonly at?: number;
  readonly changedBy?: string;
  readonly cause?: { readonly kind: string; readonly id: string; readonly name: string };
  readonly editable?: boolean;
  /** Set when this is only the last known truth, with the time it was true. */
  readonly stale?: { readonly asOf: number; readonly why: 'feed' | 'unreadable' };
  /** What the status offers, in the lifecycle's order. */
  readonly actions: readonly ActionView[];
  /** The first of `actions`: what the button offers. Absent: the status offers no action, no button shows. */
  readonly action?: ActionView;
  /** What became of the latest action asked for. A campaign that is removed and made again begins without one. */
  readonly request?: {
    readonly action: string;
    /** When it was asked for. */
    readonly since: number;
    readonly phase: 'pending' | ActionOutcome['outcome'];
    readonly reason?: Reason;
  };
}

/** An action on offer, and why it can't be taken now. `action` is `''` for an unknown status: a disabled button in the kit's own words. */
export interface ActionView {
  readonly action: string;
  readonly disabled?: Reason;
}

/** Why not, as a code with its parameters; elements put it into words. */
export interface Reason {
  readonly code: ReasonCode;
  /** What the code is about: the prerequisites that are missing, or the action that is pending. */
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
  | 'unconfirmed';

/**
 * `done`: feed or backend said so. The campaign may have failed since: its status and message tell that. `uncertain`: accepted or
 * unanswered, and no change came.
 */
export interface ActionOutcome {
  readonly outcome: 'done' | 'refused' | 'conflict' | 'uncertain';
  readonly reason?: Reason;
}

/** What a list asks for. */
export interface ListQuery {
  /** Only these statuses; empty or absent: all. */
  statuses?: readonly string[];
  /** Only campaigns whose name or id contains this, without regard to case or accents. */
  text?: string;
  /** Default: `name`. `status` follows the order of the lifecycle's table. */
  sort?: 'name' | 'status' | 'at';
  descending?: boolean;
}

/**
 * What a list gets: ids and counts, never records. A new object whenever something of it changed, with a higher `version`. Places
 * may be holes (`undefined`) where a list is larger than what was read.
 */
export interface ListView {
  /** How many campaigns the query names. */
  readonly size: number;
  /** The id at a place in the query's order. */
  at(index: number): string | undefined;
  /** The ids from `from` up to, but without, `to`. */
  slice(from: number, to: number): readonly (string | undefined)[];
  /** The place of an id, or -1. */
  indexOf(id: string): number;
  /** All ids in order, made when first read: costs as much as there are campaigns. */
  readonly ids: readonly string[];
  /** All campaigns of the system that are known. */
  readonly total: number;
  /** Campaigns per status word among those that match `text`: what each filter would show. */
  readonly counts: ReadonlyMap<string, number>;
  /** False until a whole snapshot was read. */
  readonly complete: boolean;
  readonly version: number;
}

/** The states of a feed. `idle`: nobody observes. `waiting`: it will be tried again. `paused`: the page has been hidden for long. */
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
  /** Set while what is shown is only the last known truth. */
  readonly lost?: { readonly asOf: number };
  readonly nextAttemptAt?: number;
  readonly cause?: { readonly code: string; readonly message: string };
  readonly counters: Readonly<Record<'dropped' | 'late' | 'unreadable' | 'regressions' | 'drift', number>>;
}

/** A dependency as the store gives it: read, and its texts capped. */
export type DependencyView = WithoutNull<Dependency>;

/** What a campaign depends on, and whether another try is worth it. */
export interface Diagnosis {
  readonly dependencies: readonly DependencyView[];
  /** `works`: all that is known runs. `fails-again`: something is still down. */
  readonly outlook: 'works' | 'fails-again' | 'unknown';
}

/** An entry of an engine log as the store gives it: read, and its text capped. */
export type LogEntryView = WithoutNull<LogEntry>;

/** The engine log of one campaign, as far as it is kept. */
export interface LogView {
  readonly entries: readonly LogEntryView[];
  /** How many older entries are no longer kept. */
  readonly dropped: number;
  readonly state: 'loading' | 'live' | 'lost' | 'unsupported';
}

/** One move of a campaign. */
export interface HistoryEntryView {
  /** The status it moved to. */
  readonly status: string;
  /** In ms since 1970. */
  readonly at: number;
  /** The action that moved it; absent if the engine did by itself. */
  readonly action?: string;
  /** Who or what moved it. */
  readonly changedBy?: string;
  readonly message?: string;
}

/** What moved a campaign, newest first. */
export interface HistoryView {
  readonly entries: readonly HistoryEntryView[];
  /** There are older moves than these. */
  readonly more: boolean;
  /** `lost`: the latest reading failed; the entries are those of the last one that did not. */
  readonly state: 'loading' | 'loaded' | 'lost' | 'unsupported';
}

/** The store: one truth, shared by all elements of a page. Nothing in it errors or rejects. */
export interface CampaignStore {
  readonly lifecycles: ReadonlyMap<string, Lifecycle>;
  /** One campaign. The same Live for the same ref while anyone observes it. */
  campaign(ref: CampaignRef): Live<CampaignView>;
  /** The ids and counts that a query asks for. */
  list(system: string, query?: ListQuery): Live<ListView>;
  /** How the system's feed is doing. Observing it does not open the feed. */
  connection(system: string): Live<Connection>;
  /** What the campaign depends on, asked for while anyone observes it. */
  diagnosis(ref: CampaignRef): Live<Diagnosis>;
  /** The engine log, read while anyone observes it. */
  log(ref: CampaignRef): Live<LogView>;
  /**
   * What moved the campaign, read while anyone observes it, and again whenever the campaign changes.
   *
   * @param limit how many moves, at most 1,000. Default 20.
   */
  history(ref: CampaignRef, limit?: number): Live<HistoryView>;
  /**
   * Asks for an action. Never rejects; the same action while pending gives the same promise.
   *
   * @param options `input`: the text that the action asks for. One that its definition does not allow is refused.
   */
  perform(ref: CampaignRef, action: string, options?: { readonly input?: string }): Promise<ActionOutcome>;
  /** Reads one campaign, or the whole feed, again now. Gives whether that went well: then what is shown is the truth of now. */
  refresh(target: CampaignRef | { readonly system: string }): Promise<boolean>;
  /** Forgets a settled request, so that its outcome is no longer shown. A pending one stays. */
  dismiss(ref: CampaignRef): void;
  /** Now by the server's clock, in ms since 1970: what times in views are compared with. */
  now(): number;
  /** Ends everything. No timer, listener or subscription remains; Lives complete. */
  dispose(): void;
}

/** What can happen that a host's error log should know. */
export type StoreEventKind =
  /** A record, removal, change, dependency or log line could not be read and belongs to no campaign: left out. */
  | 'dropped'
  /** A campaign's record could not be read: its last good state is kept, marked. */
  | 'unreadable'
  /** A change older than what is known was ignored. */
  | 'late'
  /** A snapshot of the same epoch names a revision lower than the known one. */
  | 'regressions'
  /** What is shown differs from what the backend says, in number or, with `verify`, in content. */
  | 'drift'
  /** Everything was read anew although the feed should have gone on. */
  | 'resync'
  /** The backend broke the contract. */
  | 'protocol'
  /** The feed can't work as it is wired. */
  | 'misconfigured'
  /** An action was refused, by the store or by the backend. */
  | 'refused'
  /** The backend did not understand an action: a mistake in the wiring. Told in place of `refused`. */
  | 'invalid'
  /** An action met a newer truth. */
  | 'conflict'
  /** An action or a reading got no answer: nobody knows yet what became of it. */
  | 'unanswered';

/** What a host's error log hears of, once each: a record that every snapshot repeats is told once, and so is each request. */
export interface StoreEvent {
  readonly kind: StoreEventKind;
  /** What it was about: the system, the campaign, the problem. From outside in part: text, never markup. */
  readonly detail: unknown;
}

/** What {@link CampaignStore} is made of. Times are ms. */
export interface StoreOptions {
  adapter: CampaignAdapter<unknown>;
  /** Default: flows and python. */
  lifecycles?: readonly Lifecycle[];
  /** How long a feed outlives its last observer. Default 5,000. */
  graceMs?: number;
  /** How long a hidden page keeps its feed. Default 300,000. */
  hiddenMs?: number;
  /** After this long without a confirming change an action is uncertain. Default 20,000. */
  uncertainAfterMs?: number;
  /** Added to the promised heartbeat before silence counts as loss. Default 2,000. */
  slackMs?: number;
  /** Forget all rows when the feed answers "forbidden". */
  hideWhenForbidden?: boolean;
  /**
   * For development: now and then everything is read a second time, quietly, and compared with what is shown. A campaign that
   * differs, and still does once the feed had time to tell, is reported as `drift` and read anew. Costs a second feed meanwhile.
   */
  verify?: boolean;
  /** Replaced in tests. */
  environment?: Partial<Environment>;
  /** Dropped records, resyncs, drift, refusals: for a host's error log. Default: the first dropped record goes to the console. */
  report?(event: StoreEvent): void;
}

/** Everything the store takes from its surroundings. */
export interface Environment {
  /** Wall clock, ms since 1970. */
  now(): number;
  /** A clock that never steps back, ms. */
  monotonic(): number;
  /** 0 <= x < 1. */
  random(): number;
  /** Runs `f` with the next frame: observers are told once per frame. */
  frame(f: () => void): void;
  /** Dispatches `visibilitychange`, `online`, `offline`, `pagehide` and `pageshow`. */
  page: EventTarget & { readonly visible: boolean; readonly online: boolean };
  setTimeout(f: () => void, ms: number): unknown;
  clearTimeout(timer: unknown): void;
}
