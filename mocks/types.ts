/** Types of the simulated backend. All times are ms since 1970, all delays ms. */
import type {
  ActRequest,
  ActResult,
  CampaignRecord,
  CampaignRef,
  Change,
  Dependency,
  HistoryPage,
  LogEntry,
  Reading,
  WatchRequest,
} from '../src/adapters/contract.ts';
import type { Lifecycle } from '../src/lifecycle/index.ts';
import type { Clock } from './clock.ts';
import type { SavedState } from './database.ts';

/** How a simulated backend is made. */
export interface SimulateOptions {
  /** The systems it runs. Default: flows and python. */
  lifecycles?: readonly Lifecycle[];
  /** The same seed, clock and calls give the same output, byte for byte. Default `'spring'`. */
  seed?: string | number;
  /**
   * The campaigns it starts with. `default`: a dozen per system, in all statuses. `empty`: none, but the channels and
   * agents exist.
   */
  sampleData?: 'default' | 'empty';
  /** Default: the system clock. */
  clock?: Clock;
  /** The heartbeat interval that feeds promise. Default 5,000. */
  heartbeatMs?: number;
  /**
   * How long after a Start the engine detects a broken dependency, and how long an accepted action takes. Default
   * 1,500.
   */
  processingMs?: number;
  /** How often the engine runs. Default 2,000; 0: only when {@link SimulatedBackend.tick} is called. */
  tickMs?: number;
  /** Rows per `page` of a snapshot, and per `upsert`. Default and maximum: 200. */
  pageSize?: number;
  /** Changes kept per system for feeds that resume; older ones are compacted. Default 10,000. */
  keepChanges?: number;
  /** The user whose actions these are, for `changedBy`. Default `'Planner'`. */
  user?: string;
  /**
   * The data changes only on explicit calls, for pages and tests that must not move: the engine runs, and accepted
   * actions are done, only in {@link SimulatedBackend.tick}, and {@link CampaignControls.churn} throws. Feeds send
   * heartbeats all the same. `tickMs` and `processingMs` have no effect. Default false.
   */
  still?: boolean;
}

/** A new campaign. */
export interface NewCampaign {
  readonly system: string;
  /** Default: derived from the name. Set it to reuse the id of a removed campaign. */
  readonly id?: string;
  readonly name?: string;
  /** Prerequisites that are met from the start, by their keys. Default: none. */
  readonly met?: readonly string[];
  /** The status it starts in. Default: the initial status of the lifecycle. */
  readonly status?: string;
  /** What it depends on. Default: a channel and some agents, all running. */
  readonly dependencies?: readonly DependencyRef[];
}

/** A channel, an agent, or whatever else a campaign may depend on. */
export interface DependencyRef {
  readonly kind: string;
  readonly id: string;
}

/** What {@link CampaignControls.force} overwrites. `null` removes a field. */
export interface ForcedFacts {
  /** Any text, also a status that no lifecycle has. */
  readonly status?: string;
  readonly name?: string;
  readonly message?: string | null;
  readonly cause?: { readonly kind: string; readonly id: string; readonly name?: string } | null;
  readonly changedBy?: string | null;
  readonly at?: string | number | null;
}

/** Options of {@link CampaignControls.churn}. */
export interface ChurnOptions {
  readonly system: string;
  /** Changes per second; 0 stops. */
  readonly perSecond: number;
  /** Stops after this time (ms). Default: a minute. */
  readonly forMs?: number;
  /** Campaigns that are never removed and keep their status: only their messages change. Default: none. */
  readonly steady?: readonly string[];
}

/** A status change that an action caused. */
export interface Effect {
  readonly idempotencyKey: string;
  readonly ref: CampaignRef;
  readonly action: string;
  readonly from: string;
  readonly to: string;
}

/** A campaign with the backend’s internal data. */
export interface CampaignDetails {
  readonly record: CampaignRecord;
  readonly dependencies: readonly DependencyRef[];
  /** Contacts or events processed so far. */
  readonly processed: number;
  /** True while it is served as an unreadable record. */
  readonly corrupt: boolean;
}

/**
 * Changes campaigns as the engine or other users would. All methods throw {@link SimulationError} for an unknown
 * campaign, system or key.
 */
export interface CampaignControls {
  list(system: string): readonly CampaignRecord[];
  get(ref: CampaignRef): CampaignDetails | undefined;
  add(campaign: NewCampaign): CampaignRef;
  remove(ref: CampaignRef, reason?: string): void;
  rename(ref: CampaignRef, name: string): void;
  /** Increases the revision and changes nothing else. */
  touch(ref: CampaignRef): void;
  /** Meets a prerequisite, or takes it away: `setPrerequisite(ref, 'contacts', true)`. */
  setPrerequisite(ref: CampaignRef, prerequisite: string, met: boolean): void;
  /**
   * Moves the campaign as its engine may do by itself: to one of the `moves` or the `fault` of its status. The message
   * is shown with the new status. @throws {@link SimulationError} for any other status
   */
  move(ref: CampaignRef, status: string, message?: string): void;
  /**
   * Chooses the status that the next action leads to, if that action has several possible ones. By default the seed
   * decides. @throws {@link SimulationError} if no action from the current status can lead there
   */
  landNext(ref: CampaignRef, status: string): void;
  /**
   * Causes an error of the campaign itself, such as an exception of its strategy. Returns false, without effect, unless its
   * status processes.
   */
  raise(ref: CampaignRef, message?: string): boolean;
  /** Denies actions of this campaign to the user, each with a reason; `{}` allows all again. */
  deny(ref: CampaignRef, reasons: Readonly<Record<string, string>>): void;
  /** Overwrites fields against all rules, as a newer or broken backend might. */
  force(ref: CampaignRef, facts: ForcedFacts): void;
  /** Serves the campaign with an unreadable status until its next change. */
  corrupt(ref: CampaignRef): void;
  /** Adds `n` campaigns, spread over all statuses. */
  fill(n: number, system: string): void;
  /**
   * Changes campaigns of one system continuously: new messages, other statuses, removals and returns, each in its own
   * transaction. The seed and the current data determine the n-th change. A restart stops it.
   *
   * @throws {@link SimulationError} in a still backend
   */
  churn(options: ChurnOptions): void;
}

/** The channels and agents. */
export interface DependencyControls {
  list(): readonly Dependency[];
  /**
   * Changes the state of a dependency. Unless it is `running`, every processing campaign that depends on it gets its
   * fault status. The default message of a stopped channel or a failed agent is a sample.
   *
   * @throws {@link SimulationError} for an unknown dependency
   */
  set(dependency: DependencyRef, state: 'running' | 'stopped' | 'error', message?: string): void;
}

/** The kinds of request that a fault may be limited to. */
export type RequestKind = 'watch' | 'act' | 'actMany' | 'get' | 'history' | 'diagnose' | 'log';

/** The faults that are active now. */
export interface FaultState {
  readonly latencyMs: number;
  readonly refuseNext: number;
  readonly loseNextAnswer: number;
  readonly swallowNext: number;
  readonly acceptOnly: boolean;
  /** Systems whose feeds are cut; `'*'` for all. */
  readonly cut: readonly string[];
  readonly stalled: readonly string[];
  readonly readOnly?: string;
  readonly throttledUntil?: number;
  readonly answer?: number;
}

/** Faults between the backend and its clients. Without a `system`, feeds of all systems are affected. */
export interface Faults {
  readonly state: FaultState;
  /** Delays every request from now on; 0: no delay. */
  latency(ms: number): void;
  /** Refuses the next action (of this name), once. */
  refuseNext(options?: {
    readonly action?: string;
    readonly code?: 'forbidden' | 'invalid' | 'gone' | 'unavailable' | 'conflict';
    readonly reason?: string;
  }): void;
  /** The next action takes effect, and its answer is lost. */
  loseNextAnswer(): void;
  /** The next action is accepted, and has no effect. */
  swallowNext(): void;
  /** Answers actions with "accepted"; they take effect after `processingMs`. */
  acceptOnly(on: boolean): void;
  /** Open feeds fail, and so do new ones, until restored. */
  cutFeed(system?: string): void;
  /** Open feeds end cleanly, once. */
  dropFeed(system?: string): void;
  /** Feeds can be open, but send nothing, not even heartbeats, until restored. */
  stallFeed(system?: string): void;
  /** Ends {@link cutFeed} and {@link stallFeed}. */
  restoreFeed(): void;
  /**
   * Restarts the backend: feeds fail, pending requests are lost. With a new epoch, revisions and cursors start over.
   */
  restart(options?: { readonly newEpoch?: boolean }): void;
  /** Makes the user read-only: every record denies all actions, and every action is refused. */
  readOnly(on: boolean, reason?: string): void;
  /** Answers every new request with 429 for this long. */
  throttle(ms: number): void;
  /**
   * Answers new requests with this HTTP status; 0: no answer. `to` and `times` limit it to one kind and a number of
   * requests. `null` ends it.
   *
   * @throws RangeError for a number that is no final HTTP status
   */
  answer(
    status: number | null,
    options?: { readonly to?: RequestKind; readonly times?: number; readonly retryAfterMs?: number },
  ): void;
  /** Sends any value on the open feeds. A string is sent as it is, without JSON encoding. */
  inject(system: string, message: unknown): void;
  /** Deletes the change log, so that all earlier positions have expired. */
  compact(system?: string): void;
  /** Ends all faults. */
  clear(): void;
}

/** An action request as the backend receives it: the adapter’s request, with an optional signal. */
export type SimulatedActRequest = Omit<ActRequest, 'signal'> & { readonly signal?: AbortSignal };

/** A campaign platform in memory. It follows the lifecycles’ tables, and can simulate every fault of a real one. */
export interface SimulatedBackend {
  readonly lifecycles: ReadonlyMap<string, Lifecycle>;
  readonly epoch: string;
  /** The position of the latest change. @throws {@link SimulationError} for an unknown system */
  cursor(system: string): string;

  readonly campaigns: CampaignControls;
  readonly dependencies: DependencyControls;
  readonly faults: Faults;

  /**
   * Runs the engine once: accepted actions that are due are done, and processing campaigns make progress, or fail on a
   * broken dependency.
   */
  tick(): void;
  /**
   * The effects of actions, by key, for the latest 10,000 keys. Tests use it to prove that a key has at most one
   * effect.
   */
  effects(): readonly Effect[];

  /**
   * The feed: a snapshot or the missed changes, then new changes. @throws AdapterError on its first step if it does not
   * open
   */
  watch(request: WatchRequest): AsyncIterable<Change>;
  /** Like {@link watch}, but resolves or rejects when the feed has opened or failed, before its first message. */
  connect(request: WatchRequest): Promise<AsyncIterable<Change>>;
  /**
   * @throws AdapterError `misconfigured` without a key; `throttled` while the same key is pending; `unavailable` when
   * the answer is lost
   */
  act(request: SimulatedActRequest): Promise<ActResult>;
  /**
   * One result per request, in order, by the rules and keys of {@link act}; each is atomic. @throws as {@link act}, for
   * all of them; then none was done, unless the answer was lost
   */
  actMany(requests: readonly SimulatedActRequest[]): Promise<readonly ActResult[]>;
  get(ref: CampaignRef, signal?: AbortSignal): Promise<Reading | undefined>;
  /**
   * The latest moves of a campaign, newest first; the oldest of more than a hundred are dropped. A page has 200 entries at most.
   * @throws AdapterError `misconfigured` for an unknown campaign, a `limit` that is no whole number above 0, or a foreign `before`
   */
  history(
    ref: CampaignRef,
    page: { readonly before?: string; readonly limit: number },
    signal?: AbortSignal,
  ): Promise<HistoryPage>;
  diagnose(ref: CampaignRef, signal?: AbortSignal): Promise<readonly Dependency[]>;
  /** The engine log: the kept entries, then new ones. */
  log(ref: CampaignRef, signal?: AbortSignal): AsyncIterable<readonly LogEntry[]>;
  /** Like {@link log}, but resolves or rejects when it has opened or failed, before its first entries. */
  connectLog(ref: CampaignRef, signal?: AbortSignal): Promise<AsyncIterable<readonly LogEntry[]>>;
  /** The number of open feeds, of one system or of all. */
  openFeeds(system?: string): number;

  /** Calls `listener` after every change of data or faults. Returns a function that unsubscribes. */
  subscribe(listener: () => void): () => void;
  /** The whole state, for {@link restore}. */
  save(): SavedState;
  /** Restores a saved state in a new epoch. Open feeds fail. */
  restore(saved: SavedState): void;
  /** Ends all feeds, timers and requests. */
  dispose(): void;
}
