import type {
  CampaignRef,
  Change,
  Dependency,
  HistoryPage,
  LogEntry,
  Reading,
  WatchRequest,
} from '../src/adapters/contract.ts';
import { flows, python, type Lifecycle } from '../src/lifecycle/index.ts';
import { untilAborted } from '../src/util/abortable.ts';
import { amount } from './amount.ts';
import { Api } from './api.ts';
import { campaignControls } from './campaign-controls.ts';
import { CampaignTable, servedRecord, type Entry } from './campaign-table.ts';
import { systemClock, withoutTimers, type Clock } from './clock.ts';
import { Database, type SavedState, type Table, type Write } from './database.ts';
import { Dependencies } from './dependencies.ts';
import { EngineLog } from './engine-log.ts';
import { Engine } from './engine.ts';
import { faultControls } from './fault-controls.ts';
import { CampaignFeed, logFeed, type FeedParts } from './feed.ts';
import { Network } from './network.ts';
import { RandomChanges } from './random-changes.ts';
import { seededRandom, type SeededRandom } from './random.ts';
import { dependencyReason } from './sample-messages.ts';
import { SeedData } from './seed-data.ts';
import { AnswerError } from './simulation-error.ts';
import type {
  CampaignControls,
  DependencyControls,
  Effect,
  Faults,
  SimulatedBackend,
  SimulateOptions,
} from './types.ts';

const MOST_PER_PAGE = 200;

/** Where a backend’s data is kept. Without it, the data ends with the backend. */
export interface BackendStorage {
  /** The state to start from, instead of sample data. */
  readonly saved?: SavedState | undefined;
  /** Part of the epoch names, for a backend that may restart with the same seed but other data. */
  readonly epochSalt?: string;
  /**
   * Stores a transaction before its changes become visible; returns when they are durable. If it throws, the
   * transaction is undone.
   */
  append?(writes: readonly Write[]): void;
}

/** A simulated backend on a storage. */
export class Backend implements SimulatedBackend {
  readonly lifecycles: ReadonlyMap<string, Lifecycle>;
  readonly campaigns: CampaignControls;
  readonly dependencies: DependencyControls;
  readonly faults: Faults;
  readonly #database: Database;
  readonly #table: CampaignTable;
  readonly #engine: Engine;
  readonly #randomChanges: RandomChanges;
  readonly #dependencies: Dependencies;
  readonly #log: EngineLog;
  readonly #network: Network;
  readonly #api: Api;
  readonly #epochs: Table<{ readonly name: string; readonly number: number }>;
  readonly #clock: Clock;
  readonly #random: SeededRandom;
  readonly #epochSalt: string;
  readonly #feedParts: FeedParts;

  constructor(options: SimulateOptions = {}, storage: BackendStorage = {}) {
    const { lifecycles = [flows, python], seed = 'spring', sampleData = 'default' } = options;
    const { clock = systemClock, still = false } = options;
    const heartbeatMs = amount('heartbeatMs', options.heartbeatMs ?? 5_000, 1);
    const processingMs = still ? 0 : amount('processingMs', options.processingMs ?? 1_500);
    const tickMs = still ? 0 : amount('tickMs', options.tickMs ?? 2_000);
    const keepChanges = amount('keepChanges', options.keepChanges ?? 10_000, 1);
    const pageSize = Math.min(MOST_PER_PAGE, amount('pageSize', options.pageSize ?? MOST_PER_PAGE, 1));

    const random = (this.#random = seededRandom(String(seed)));
    const database = (this.#database = new Database(storage.saved, (writes) => storage.append?.(writes)));
    this.#clock = clock;
    this.#epochSalt = storage.epochSalt ?? '';
    this.#epochs = database.table('epoch');
    this.lifecycles = new Map(lifecycles.map((lifecycle) => [lifecycle.system, lifecycle]));
    const table = (this.#table = new CampaignTable(database, {
      lifecycles,
      clock,
      keepChanges,
      user: options.user ?? 'Planner',
    }));
    const dependencies = (this.#dependencies = new Dependencies(database));
    const log = (this.#log = new EngineLog(database));
    const network = (this.#network = new Network(clock));
    // Feeds and requests take time in a still backend too; only its data stands still.
    const engineClock = still ? withoutTimers(clock) : clock;
    const engine = (this.#engine = new Engine({
      table,
      database,
      log,
      dependencies,
      random,
      clock: engineClock,
      processingMs,
    }));
    const epoch = (): string => this.epoch;
    const api = (this.#api = new Api({
      table,
      database,
      engine,
      network,
      random,
      clock: engineClock,
      processingMs,
      epoch,
    }));
    this.#feedParts = { table, network, clock, heartbeatMs, pageSize, epoch };

    const seedData = new SeedData({ table, engine, database, dependencies, random, clock });
    if (!storage.saved)
      database.transact(() => {
        this.#epochs.put('now', { name: random.word('epoch', this.#epochSalt, 1), number: 1 });
        seedData.addDependencies();
        if (sampleData === 'default') seedData.addDefaults();
      });
    database.subscribe(() => network.wakeAll());
    engine.resume();
    api.resume();
    if (tickMs > 0) engine.run(tickMs);

    const randomChanges = (this.#randomChanges = new RandomChanges({
      table,
      database,
      engine,
      seedData,
      random,
      clock,
      still,
    }));
    this.campaigns = campaignControls({ database, table, engine, api, seedData, randomChanges });
    this.dependencies = {
      list: () => dependencies.list(),
      set: (ref, state, message = dependencyReason(random, ref.kind, state, ref.id, clock.now())) =>
        database.transact(() => {
          dependencies.set(ref, state, message);
          if (state !== 'running') engine.failDependents(ref);
        }),
    };
    this.faults = faultControls({ database, table, network, beginEpoch: () => this.#beginEpoch() });
  }

  get epoch(): string {
    return this.#epochs.get('now')?.name ?? '';
  }

  cursor(system: string): string {
    return String(this.#table.system(system).log.head);
  }

  tick(): void {
    this.#api.completeDue();
    this.#engine.tick();
  }

  effects(): readonly Effect[] {
    return this.#api.effects();
  }

  async *watch(request: WatchRequest): AsyncGenerator<Change, void, undefined> {
    let feed: AsyncIterable<Change>;
    try {
      feed = await this.connect(request);
    } catch (error) {
      if (request.signal.aborted) return;
      throw error;
    }
    yield* feed;
  }

  async connect(request: WatchRequest): Promise<AsyncIterable<Change>> {
    await this.#network.admit('watch', request.system, request.signal);
    return new CampaignFeed(this.#feedParts, request);
  }

  act: SimulatedBackend['act'] = async (request) => {
    const { signal } = request;
    signal?.throwIfAborted();
    const result = this.#api.act(request);
    return signal ? untilAborted(signal, result) : result;
  };

  actMany: SimulatedBackend['actMany'] = async (requests) => {
    const signals = requests.flatMap(({ signal }) => signal ?? []);
    const all = signals.length === requests.length ? allAborted(signals) : undefined;
    all?.throwIfAborted();
    const results = this.#api.actMany(requests);
    return all ? untilAborted(all, results) : results;
  };

  async get(ref: CampaignRef, signal?: AbortSignal): Promise<Reading | undefined> {
    await this.#network.admit('get', ref.system, signal);
    this.#requireSystem(ref.system);
    const entry = this.#table.find(ref);
    return entry && { campaign: servedRecord(entry), epoch: this.epoch };
  }

  async diagnose(ref: CampaignRef, signal?: AbortSignal): Promise<readonly Dependency[]> {
    await this.#network.admit('diagnose', ref.system, signal);
    return this.#requireCampaign(ref).dependencies.map((dependency) => this.#dependencies.describe(dependency));
  }

  async history(
    ref: CampaignRef,
    page: { readonly before?: string; readonly limit: number },
    signal?: AbortSignal,
  ): Promise<HistoryPage> {
    await this.#network.admit('history', ref.system, signal);
    this.#requireCampaign(ref);
    try {
      return this.#table.history.page(ref, page);
    } catch (error) {
      if (error instanceof RangeError) throw new AnswerError(400, error.message);
      throw error;
    }
  }

  async *log(ref: CampaignRef, signal?: AbortSignal): AsyncGenerator<readonly LogEntry[], void, undefined> {
    let feed: AsyncIterable<readonly LogEntry[]>;
    try {
      feed = await this.connectLog(ref, signal);
    } catch (error) {
      if (signal?.aborted) return;
      throw error;
    }
    yield* feed;
  }

  async connectLog(ref: CampaignRef, signal?: AbortSignal): Promise<AsyncIterable<readonly LogEntry[]>> {
    await this.#network.admit('log', ref.system, signal);
    this.#requireCampaign(ref);
    if (!this.#table.system(ref.system).lifecycle.log)
      throw new AnswerError(404, `${this.#table.system(ref.system).lifecycle.label} campaigns keep no engine log.`);
    return logFeed({ table: this.#table, network: this.#network, log: this.#log }, ref, signal);
  }

  openFeeds(system?: string): number {
    let open = 0;
    for (const feed of this.#network.feeds)
      if (feed.kind === 'watch' && (system ?? feed.system) === feed.system) open++;
    return open;
  }

  subscribe(listener: () => void): () => void {
    return this.#database.subscribe(listener);
  }

  save(): SavedState {
    return this.#database.save();
  }

  restore(saved: SavedState): void {
    this.#database.transact(() => {
      const before = this.#epochs.get('now');
      this.#database.replace(saved);
      this.#beginEpoch(before);
    });
    this.#network.breakConnections();
    this.#engine.resume();
    this.#api.resume();
  }

  dispose(): void {
    this.#network.close();
    this.#randomChanges.dispose();
    this.#engine.dispose();
    this.#api.dispose();
  }

  /** Starts a new epoch. Its name depends on all epochs before, so that two timelines never share one. */
  #beginEpoch(before = this.#epochs.get('now')): void {
    const now = this.#epochs.get('now');
    const number = Math.max(now?.number ?? 0, before?.number ?? 0) + 1;
    const name = this.#random.word(
      'epoch',
      this.#epochSalt,
      before?.name ?? '',
      now?.name ?? '',
      number,
      this.#clock.now(),
    );
    this.#epochs.put('now', { name, number });
    this.#table.resetRevisions();
  }

  /** @throws AnswerError 404 for an unknown system */
  #requireSystem(system: string): void {
    if (!this.lifecycles.has(system)) throw new AnswerError(404, `There is no system "${system}" here.`);
  }

  /** @throws AnswerError 404 for an unknown system or campaign */
  #requireCampaign(ref: CampaignRef): Entry {
    this.#requireSystem(ref.system);
    const entry = this.#table.find(ref);
    if (!entry) throw new AnswerError(404, `There is no campaign "${ref.id}" in ${ref.system}.`);
    return entry;
  }
}

/** Aborts with the last of several signals, because the answer is needed while one caller waits. */
function allAborted(signals: readonly AbortSignal[]): AbortSignal | undefined {
  if (!signals.length) return undefined;
  const all = new AbortController();
  const check = (): void => {
    const last = signals.at(-1)!;
    if (signals.every(({ aborted }) => aborted)) all.abort(last.reason);
  };
  for (const signal of signals) signal.addEventListener('abort', check, { signal: all.signal });
  check();
  return all.signal;
}
