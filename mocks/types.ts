/** The face of the simulated backend. Types only. All times are ms since 1970, all delays ms. */
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
import type { SavedState, Write } from './database.ts';

/** What a simulated backend is made of. */
export interface SimulateOptions {
  /** The systems it runs. Default: flows and python. */
  lifecycles?: readonly Lifecycle[];
  /** The same seed, clock and calls give the same output, byte for byte. Default `'spring'`. */
  seed?: string | number;
  /** `default`: a dozen campaigns per system, in all statuses. `empty`: none, but channels and agents are there. */
  sampleData?: 'default' | 'empty';
  /** Default: the clock on the wall. */
  clock?: Clock;
  /** The silence that feeds promise not to exceed. Default 5,000. */
  heartbeatMs?: number;
  /** How long after a Start the engine meets what is broken, and how long an accepted action takes. Default 1,500. */
  processingMs?: number;
  /** How often the engine works by itself. Default 2,000; 0: only when {@link SimulatedBackend.tick} is called. */
  tickMs?: number;
  /** Rows per `page` of a snapshot, and per `upsert`. Default and most: 200. */
  pageSize?: number;
  /** Changes kept per system for feeds that resume; older ones are compacted away. Default 10,000. */
  keepChanges?: number;
  /** Who acts. Default `'Campaign manager'`. */
  user?: string;
  /** Goes on from what {@link SimulatedBackend.save} gave, instead of from a scene. */
  saved?: SavedState;
  /** With `saved`: begin a new epoch, as a backend must that was put back to an older state. */
  newEpoch?: boolean;
  /** Mixed into the names of epochs, for a backend whose life does not follow from its seed alone. */
  epochSalt?: string;
  /** Keeps each transaction; returns only when it is safe. Called before anybody can see the change. If it throws, nothing happened. */
  persist?(writes: readonly Write[]): void;
}

/** A new campaign. */
export interface NewCampaign {
  readonly system: string;
  /** Default: made from the name. Give it to bring back an id that was removed. */
  readonly id?: string;
  readonly name?: string;
  /** Prerequisites it has from the start, by their words. Default: none. */
  readonly met?: readonly string[];
  /** A status to begin in, as if it had been there for a while. Default: what the lifecycle gives a new one. */
  readonly status?: string;
  /** The channel it sends through, by id. */
  readonly channel?: string;
  /** The agents it uses, by id. */
  readonly agents?: readonly string[];
}

/** What {@link CampaignControls.force} overwrites. `null` takes a member away. */
export interface ForcedFacts {
  /** Any word, also one that no lifecycle knows. */
  readonly status?: string;
  readonly name?: string;
  readonly message?: string | null;
  readonly cause?: { readonly kind: string; readonly id: string; readonly name?: string } | null;
  readonly changedBy?: string | null;
  readonly at?: string | number | null;
}

/** A busy platform, as {@link CampaignControls.churn} makes it. */
export interface ChurnOptions {
  readonly system: string;
  /** How many changes a second; 0 ends it. */
  readonly perSecond: number;
  /** It ends by itself after this time (ms). Default: a minute. */
  readonly forMs?: number;
  /** Campaigns that keep their status and stay: only their messages change. Default: none. */
  readonly steady?: readonly string[];
}

/** That an action moved a campaign. */
export interface Effect {
  readonly idempotencyKey: string;
  readonly ref: CampaignRef;
  readonly action: string;
  readonly from: string;
  readonly to: string;
}

/** One campaign with what stays behind the scenes. */
export interface CampaignDetails {
  readonly record: CampaignRecord;
  readonly channel: string;
  readonly agents: readonly string[];
  /** How many contacts or events were processed so far. */
  readonly processed: number;
  /** It is being served as a record that no reader can make sense of. */
  readonly corrupt: boolean;
}

/** What happens to campaigns without a click. All throw {@link SimulationError} for a campaign, system or word that does not exist. */
export interface CampaignControls {
  list(system: string): readonly CampaignRecord[];
  get(ref: CampaignRef): CampaignDetails | undefined;
  add(campaign: NewCampaign): CampaignRef;
  remove(ref: CampaignRef, reason?: string): void;
  rename(ref: CampaignRef, name: string): void;
  /** A change that nobody sees but the revision, such as a contact count. */
  touch(ref: CampaignRef): void;
  uploadContacts(ref: CampaignRef): void;
  removeContacts(ref: CampaignRef): void;
  uploadStrategy(ref: CampaignRef): void;
  removeStrategy(ref: CampaignRef): void;
  activateFlow(ref: CampaignRef): void;
  deactivateFlow(ref: CampaignRef): void;
  /** Supplies any prerequisite of any lifecycle. */
  supply(ref: CampaignRef, prerequisite: string): void;
  /** Takes it away again. */
  withdraw(ref: CampaignRef, prerequisite: string): void;
  /**
   * Takes the campaign where its engine may take it by itself: one of `moves` or the `fault` of its status. The message is shown with
   * the new status. @throws {@link SimulationError} for any other status
   */
  move(ref: CampaignRef, status: string, message?: string): void;
  /**
   * Chooses where the next action lands that can land in several statuses, this one among them. Without it the choice follows from
   * the seed. @throws {@link SimulationError} if no action from the present status leaves that choice
   */
  landNext(ref: CampaignRef, status: string): void;
  /** A strategy exception, or another error of the campaign's own. False, and nothing happens, unless its status processes something. */
  raise(ref: CampaignRef, message?: string): boolean;
  /** Forbids actions of this campaign to the user, with the reason; `{}` allows all again. */
  deny(ref: CampaignRef, reasons: Readonly<Record<string, string>>): void;
  /** Overwrites facts against all rules, as a newer or broken backend might. */
  force(ref: CampaignRef, facts: ForcedFacts): void;
  /** Serves the campaign with a readable id and an unreadable status, until its next change. */
  corrupt(ref: CampaignRef): void;
  /** Adds `n` campaigns in believable statuses. */
  fill(n: number, system: string): void;
  /**
   * Changes campaigns of one system all the time: new messages, other statuses, removals, returns; each change a transaction of
   * its own. The n-th change follows from the seed and what is there. A restart ends it.
   */
  churn(options: ChurnOptions): void;
}

/** Channels: running or not. All throw {@link SimulationError} for an unknown id. */
export interface ChannelControls {
  list(): readonly Dependency[];
  /** Stops it. Every campaign that is sending through it runs into its error status. */
  break(id: string, message?: string): void;
  fix(id: string): void;
}

/** Agents: running, stopped or in error. All throw {@link SimulationError} for an unknown id. */
export interface AgentControls {
  list(): readonly Dependency[];
  /** Every campaign that is using it runs into its error status. */
  stop(id: string): void;
  fail(id: string, message?: string): void;
  fix(id: string): void;
}

/** The kinds of request that a fault may be limited to. */
export type RequestKind = 'watch' | 'act' | 'actMany' | 'get' | 'history' | 'diagnose' | 'log';

/** What is wrong just now. */
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

/** Everything that goes wrong between a backend and its users. Feeds: those of one system, or of all where none is named. */
export interface Faults {
  readonly state: FaultState;
  /** Every request takes this long from now on; 0: none. */
  latency(ms: number): void;
  /** Refuses the next action (of this word), once. */
  refuseNext(options?: {
    readonly action?: string;
    readonly code?: 'forbidden' | 'invalid' | 'gone' | 'unavailable' | 'conflict';
    readonly reason?: string;
  }): void;
  /** The next action takes effect, and its answer never arrives. */
  loseNextAnswer(): void;
  /** The next action is accepted, and nothing comes of it. */
  swallowNext(): void;
  /** Actions are answered with "accepted" and take effect after `processingMs`. */
  acceptOnly(on: boolean): void;
  /** Open feeds break off and new ones fail, until restored. */
  cutFeed(system?: string): void;
  /** Open feeds end cleanly, once. */
  dropFeed(system?: string): void;
  /** Feeds stay open or open anew and say nothing, not even heartbeats, until restored. */
  stallFeed(system?: string): void;
  /** Ends {@link cutFeed} and {@link stallFeed}. */
  restoreFeed(): void;
  /** The backend restarts: feeds break off, requests under way are lost. With a new epoch, revisions and cursors start again. */
  restart(options?: { readonly newEpoch?: boolean }): void;
  /** The user may only look: every record says so, and every action is refused. */
  readOnly(on: boolean, reason?: string): void;
  /** Every new request is answered 429 for this long. */
  throttle(ms: number): void;
  /**
   * Every new request, or those of one kind, or so many of them, gets this HTTP status; 0: no answer at all. `null` ends it.
   *
   * @throws RangeError for a number that is no final HTTP status
   */
  answer(
    status: number | null,
    options?: { readonly to?: RequestKind; readonly times?: number; readonly retryAfterMs?: number },
  ): void;
  /** Puts any value onto the open feeds, as if the backend had said it. A string goes out as it is: not even JSON. */
  inject(system: string, message: unknown): void;
  /** Forgets the change log: whoever resumes from before is told that the position has expired. */
  compact(system?: string): void;
  /** Ends every lasting fault. */
  clear(): void;
}

/** One act as it arrives: the adapter's request, its signal optional. */
export type SimulatedActRequest = Omit<ActRequest, 'signal'> & { readonly signal?: AbortSignal };

/** A campaign platform in memory: it obeys the lifecycles' tables, and can go wrong in every way that a real one does. */
export interface SimulatedBackend {
  readonly lifecycles: ReadonlyMap<string, Lifecycle>;
  readonly epoch: string;
  /** The position of the latest change. @throws {@link SimulationError} for an unknown system */
  cursor(system: string): string;

  readonly campaigns: CampaignControls;
  readonly channels: ChannelControls;
  readonly agents: AgentControls;
  readonly faults: Faults;

  /** One round of the engine now: what is processing gets on, or meets what is broken. */
  tick(): void;
  /** What actions have changed, the latest 10,000 keys of them: for who must prove that a key has one effect at most. */
  effects(): readonly Effect[];

  /** The feed: a snapshot or what was missed, then changes. @throws AdapterError on its first step if it does not open */
  watch(request: WatchRequest): AsyncIterable<Change>;
  /** Like {@link watch}, but tells whether the feed opens before its first message. */
  connect(request: WatchRequest): Promise<AsyncIterable<Change>>;
  /** @throws AdapterError `misconfigured` without a key; `throttled` while the same key is under way; `unavailable` when the answer is lost */
  act(request: SimulatedActRequest): Promise<ActResult>;
  /**
   * One result each, in order, by the rules and keys of {@link act}; each is done whole or not at all. @throws as {@link act}, for all
   * of them; then none was done, unless the answer was lost
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
  /** The engine log: what is kept, then what is added. */
  log(ref: CampaignRef, signal?: AbortSignal): AsyncIterable<readonly LogEntry[]>;
  /** Like {@link log}, but tells whether it opens before its first entries. */
  connectLog(ref: CampaignRef, signal?: AbortSignal): Promise<AsyncIterable<readonly LogEntry[]>>;
  /** How many feeds are open, of one system or of all. */
  openFeeds(system?: string): number;

  /** Calls `listener` after every change of anything, for a control panel. Returns how to stop. */
  subscribe(listener: () => void): () => void;
  /** Everything it knows, to go on from later. */
  save(): SavedState;
  /** Goes back to a saved state, in a new epoch. Open feeds break off. */
  restore(saved: SavedState): void;
  /** Ends all feeds, timers and requests. */
  dispose(): void;
}
