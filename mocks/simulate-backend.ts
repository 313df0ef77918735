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
import { CampaignTable, servedRecord } from './campaign-table.ts';
import { RandomChanges } from './random-changes.ts';
import { systemClock, type Clock } from './clock.ts';
import { Database, type Table } from './database.ts';
import { Dependencies } from './dependencies.ts';
import { EngineLog } from './engine-log.ts';
import { Engine } from './engine.ts';
import { CampaignFeed, logFeed, type FeedParts } from './feed.ts';
import { Api } from './api.ts';
import { dependencyReason } from './sample-messages.ts';
import { Network } from './network.ts';
import { seededRandom, type SeededRandom } from './random.ts';
import { SeedData } from './seed-data.ts';
import { AnswerError } from './simulation-error.ts';
import type {
  AgentControls,
  CampaignControls,
  ChannelControls,
  Effect,
  Faults,
  SimulatedBackend,
  SimulateOptions,
} from './types.ts';

const MOST_PER_PAGE = 200;
const READ_ONLY = 'You have read-only access to this workspace.';

/** The contract’s keys of prerequisites. */
const CONTACTS = 'contacts';
const STRATEGY = 'strategy';
const ACTIVE_FLOW = 'active-flow';

/**
 * Creates a campaign platform in memory. It is deterministic, follows the given lifecycles, and can simulate faults of backend and network.
 *
 * @param options seed, clock, sample data, delays (ms); all have defaults.
 * @throws RangeError for a delay or size that is no number >= 0
 * @example
 * ```ts
 * const backend = simulateBackend({ seed: 7 });
 * backend.channels.break('email', 'the certificate has expired');
 * const store = createCampaignStore({ adapter: simulatedAdapter(backend) });
 * ```
 */
export function simulateBackend(options: SimulateOptions = {}): SimulatedBackend {
  return new Backend(options);
}

class Backend implements SimulatedBackend {
  readonly lifecycles: ReadonlyMap<string, Lifecycle>;
  readonly campaigns: CampaignControls;
  readonly channels: ChannelControls;
  readonly agents: AgentControls;
  readonly faults: Faults;
  readonly #database: Database;
  readonly #table: CampaignTable;
  readonly #engine: Engine;
  readonly #randomChanges: RandomChanges;
  readonly #log: EngineLog;
  readonly #network: Network;
  readonly #api: Api;
  readonly #epochs: Table<{ readonly name: string; readonly number: number }>;
  readonly #clock: Clock;
  readonly #random: SeededRandom;
  readonly #epochSalt: string;
  readonly #dependencies: { readonly channels: Dependencies; readonly agents: Dependencies };
  readonly #feedParts: FeedParts;

  constructor(options: SimulateOptions) {
    const { lifecycles = [flows, python], seed = 'spring', clock = systemClock, sampleData = 'default' } = options;
    const heartbeatMs = amount('heartbeatMs', options.heartbeatMs ?? 5_000, 1);
    const processingMs = amount('processingMs', options.processingMs ?? 1_500);
    const tickMs = amount('tickMs', options.tickMs ?? 2_000);
    const keepChanges = amount('keepChanges', options.keepChanges ?? 10_000, 1);
    const pageSize = Math.min(MOST_PER_PAGE, amount('pageSize', options.pageSize ?? MOST_PER_PAGE, 1));

    const random = (this.#random = seededRandom(String(seed)));
    const database = (this.#database = new Database(options.saved, options.persist));
    this.#clock = clock;
    this.#epochSalt = options.epochSalt ?? '';
    this.#epochs = database.table('epoch');
    this.lifecycles = new Map(lifecycles.map((lifecycle) => [lifecycle.system, lifecycle]));
    const table = (this.#table = new CampaignTable(database, {
      lifecycles,
      clock,
      keepChanges,
      user: options.user ?? 'Planner',
    }));
    const channels = new Dependencies(database, 'channel');
    const agents = new Dependencies(database, 'agent');
    this.#dependencies = { channels, agents };
    const log = (this.#log = new EngineLog(database));
    const network = (this.#network = new Network(clock));
    const engine = (this.#engine = new Engine({ table, database, log, channels, agents, random, clock, processingMs }));
    const epoch = (): string => this.epoch;
    this.#api = new Api({ table, database, engine, network, random, clock, processingMs, epoch });
    this.#feedParts = { table, network, clock, heartbeatMs, pageSize, epoch };

    const seedData = new SeedData({ table, engine, database, channels, agents, random, clock });
    database.transact(() => {
      if (!options.saved) {
        this.#epochs.put('now', { name: random.word('epoch', this.#epochSalt, 1), number: 1 });
        seedData.addDependencies();
        if (sampleData === 'default') seedData.addDefaults();
      } else if (options.newEpoch) {
        this.#beginEpoch();
      }
    });
    database.subscribe(() => network.wakeAll());
    engine.resume();
    this.#api.resume();
    if (tickMs > 0) engine.run(tickMs);

    this.#randomChanges = new RandomChanges({ table, database, engine, seedData, random, clock });
    this.campaigns = this.#campaignControls(seedData);
    this.channels = {
      list: () => channels.list(),
      break: (id, message) =>
        this.#setDependency(channels, id, 'stopped', message ?? dependencyReason(random, 'channel', id, clock.now())),
      fix: (id) => this.#setDependency(channels, id, 'running'),
    };
    this.agents = {
      list: () => agents.list(),
      stop: (id) => this.#setDependency(agents, id, 'stopped'),
      fail: (id, message) =>
        this.#setDependency(agents, id, 'error', message ?? dependencyReason(random, 'agent', id, clock.now())),
      fix: (id) => this.#setDependency(agents, id, 'running'),
    };
    this.faults = this.#faultControls();
  }

  get epoch(): string {
    return this.#epochs.get('now')?.name ?? '';
  }

  cursor(system: string): string {
    return String(this.#table.system(system).log.head);
  }

  tick(): void {
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
    const { channel, agents } = this.#requireCampaign(ref);
    return [
      this.#dependencies.channels.describe(channel),
      ...agents.map((id) => this.#dependencies.agents.describe(id)),
    ];
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

  save(): ReturnType<SimulatedBackend['save']> {
    return this.#database.save();
  }

  restore(saved: ReturnType<SimulatedBackend['save']>): void {
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

  /** Changes a dependency; the campaigns that use it fail if it is broken. */
  #setDependency(parts: Dependencies, id: string, state: 'running' | 'stopped' | 'error', message?: string): void {
    this.#database.transact(() => {
      parts.set(id, state, message);
      if (state !== 'running') this.#engine.failDependents(parts.kind, id);
    });
  }

  #campaignControls(seedData: SeedData): CampaignControls {
    const table = this.#table;
    const setPrerequisite =
      (prerequisite: string, met: boolean) =>
      (ref: CampaignRef): void =>
        table.setPrerequisite(ref, prerequisite, met);
    return {
      list: (system) => Array.from(table.system(system).entries.values(), (entry) => entry.record),
      get: (ref) => {
        const entry = table.find(ref);
        if (!entry) return undefined;
        const { record, channel, agents, corrupt = false } = entry;
        return { record, channel, agents, corrupt, processed: this.#engine.processed(ref) };
      },
      add: (campaign) => ({
        system: campaign.system,
        id: this.#database.transact(() => seedData.add(campaign)),
      }),
      remove: (ref, reason) =>
        this.#database.transact(() => {
          table.remove(ref, reason);
          this.#engine.forget(ref);
          this.#api.forget(ref);
        }),
      rename: (ref, name) => table.change(ref, { facts: { name } }),
      touch: (ref) => table.change(ref, {}),
      uploadContacts: setPrerequisite(CONTACTS, true),
      removeContacts: setPrerequisite(CONTACTS, false),
      uploadStrategy: setPrerequisite(STRATEGY, true),
      removeStrategy: setPrerequisite(STRATEGY, false),
      activateFlow: setPrerequisite(ACTIVE_FLOW, true),
      deactivateFlow: setPrerequisite(ACTIVE_FLOW, false),
      supply: (ref, prerequisite) => table.setPrerequisite(ref, prerequisite, true),
      withdraw: (ref, prerequisite) => table.setPrerequisite(ref, prerequisite, false),
      move: (ref, status, message) => this.#engine.move(ref, status, message),
      landNext: (ref, status) => this.#api.landNext(ref, status),
      raise: (ref, message) => this.#engine.raise(ref, message),
      deny: (ref, reasons) => table.change(ref, { denied: reasons }),
      force: (ref, facts) => table.change(ref, { facts }),
      corrupt: (ref) => table.change(ref, { corrupt: true }),
      fill: (n, system) => this.#database.transact(() => seedData.fill(amount('fill', n), system)),
      churn: (options) => {
        amount('churn: perSecond', options.perSecond);
        amount('churn: forMs', options.forMs ?? 0);
        this.#randomChanges.run(options);
      },
    };
  }

  #faultControls(): Faults {
    const table = this.#table;
    const network = this.#network;
    /** A fault changes no data, so listeners are notified explicitly. */
    const set = (change: () => void): void => {
      change();
      this.#database.notify();
    };
    const feeds = (system: string | undefined): string | undefined => {
      if (system !== undefined) table.system(system);
      return system;
    };
    const faults: Faults = {
      get state() {
        return network.state(table.readOnly);
      },
      latency: (ms) => set(() => (network.latencyMs = amount('latency', ms))),
      refuseNext: (options = {}) => set(() => network.refusals.push(options)),
      loseNextAnswer: () => set(() => network.loseNextAnswer++),
      swallowNext: () => set(() => network.swallowNext++),
      acceptOnly: (on) => set(() => (network.acceptOnly = on)),
      cutFeed: (system) => set(() => network.cut(feeds(system))),
      dropFeed: (system) => set(() => network.drop(feeds(system))),
      stallFeed: (system) => set(() => network.stall(feeds(system))),
      restoreFeed: () => set(() => network.restore()),
      restart: ({ newEpoch = false } = {}) => {
        if (newEpoch) this.#database.transact(() => this.#beginEpoch());
        set(() => network.breakConnections());
      },
      readOnly: (on, reason = READ_ONLY) => table.setReadOnly(on ? reason : undefined),
      throttle: (ms) => set(() => network.throttle(amount('throttle', ms))),
      answer: (status, options) => {
        if (status !== null && status !== 0 && !(Number.isInteger(status) && status >= 200 && status <= 599))
          throw new RangeError(
            `answer: got ${status}; give an HTTP status from 200 to 599, 0 for none at all, or null`,
          );
        set(() => network.answer(status, options));
      },
      inject: (system, message) => {
        table.system(system);
        network.inject(system, message);
      },
      compact: (system) =>
        this.#database.transact(() => {
          for (const each of system === undefined ? table.systems.values() : [table.system(system)]) each.log.compact();
        }),
      clear: () => {
        if (table.readOnly !== undefined) table.setReadOnly(undefined);
        set(() => network.clear());
      },
    };
    return faults;
  }

  /** @throws AnswerError 404 for an unknown system */
  #requireSystem(system: string): void {
    if (!this.lifecycles.has(system)) throw new AnswerError(404, `There is no system "${system}" here.`);
  }

  /** @throws AnswerError 404 for an unknown system or campaign */
  #requireCampaign(ref: CampaignRef): { readonly channel: string; readonly agents: readonly string[] } {
    this.#requireSystem(ref.system);
    const entry = this.#table.find(ref);
    if (!entry) throw new AnswerError(404, `There is no campaign "${ref.id}" in ${ref.system}.`);
    return entry;
  }
}

function amount(name: string, value: number, least = 0): number {
  if (!(value >= least && value < Infinity)) throw new RangeError(`${name}: got ${value}; give a number >= ${least}`);
  return value;
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
