import { Subject } from 'rxjs';
import type { CampaignRef } from '../adapters/contract.ts';
import { flows, python, type Lifecycle } from '../lifecycle/index.ts';
import { MOST_IDS } from '../util/id-scope.ts';
import { plainObject } from '../util/plain-object.ts';
import { queryKey } from '../util/query-key.ts';
import { BulkSender } from './bulk/bulk-sender.ts';
import { campaignSource } from './campaign-view.ts';
import { describeFailure } from './core/failure.ts';
import { PreparedQuery } from './data/list-query.ts';
import { emptyList } from './data/list-view.ts';
import { completeEnvironment } from './environment.ts';
import { campaignGroup, CONNECTIONS, listGroup, Notifier, type ValueSource } from './observe/notifier.ts';
import { consoleReport } from './report/console-report.ts';
import { EventReporter } from './report/event-reporter.ts';
import { AuthRefresh } from './shell/auth-refresh.ts';
import { SystemShell } from './shell/system-shell.ts';
import { checkOptions, lifecycleTable } from './store-options.ts';
import { diagnosisSource } from './sources/diagnosis-source.ts';
import { entryLimit, historySource } from './sources/history-source.ts';
import { readOffers } from './offers.ts';
import { logSource } from './sources/log-source.ts';
import type { PollerContext } from './sources/poller.ts';
import type {
  ActionOutcome,
  BulkRun,
  CampaignChange,
  CampaignStore,
  CampaignView,
  Connection,
  Diagnosis,
  Environment,
  HistoryView,
  ListQuery,
  ListView,
  Live,
  LogView,
  Offers,
  StoreInspection,
  StoreOptions,
} from './types.ts';

/**
 * Creates a store over one adapter.
 *
 * @throws TypeError if `adapter` has no `watch` or no `act`, or a time is no number of ms; `LifecycleError` if a lifecycle was not
 * made by `defineLifecycle`, or two are for the same system
 * @example
 * ```ts
 * const store = createCampaignStore({ adapter: httpAdapter({ src: '/api/campaigns' }) });
 * store.campaign({ system: 'flows', id: 'spring-sale' }).subscribe((view) => console.log(view.status, view.message));
 * ```
 */
export function createCampaignStore(options: StoreOptions): CampaignStore {
  return plainObject(new Store(options), MEMBERS);
}

const MEMBERS = [
  'lifecycles',
  'changes',
  'campaign',
  'list',
  'offers',
  'connection',
  'inspect',
  'diagnosis',
  'log',
  'history',
  'perform',
  'performMany',
  'refresh',
  'dismiss',
  'now',
  'dispose',
] as const satisfies readonly (keyof CampaignStore)[];

class Store implements CampaignStore {
  readonly lifecycles: ReadonlyMap<string, Lifecycle>;
  readonly #options: StoreOptions;
  readonly #env: Environment;
  readonly #hiddenMs: number;
  readonly #notifier: Notifier;
  readonly #auth: AuthRefresh;
  readonly #systems = new Map<string, SystemShell>();
  readonly #reports: EventReporter;
  readonly #openedAt: number;
  readonly #changes = new Subject<readonly CampaignChange[]>();
  readonly changes = this.#changes.asObservable();
  #bulkRuns = 0;
  #disposed = false;

  constructor(options: StoreOptions) {
    checkOptions(options);
    this.#options = options;
    this.#hiddenMs = options.hiddenMs ?? 300_000;
    this.#reports = new EventReporter(options.report ?? consoleReport());
    this.lifecycles = lifecycleTable(options.lifecycles ?? [flows, python]);
    this.#env = completeEnvironment(options.environment);
    this.#openedAt = this.#env.now();
    this.#notifier = new Notifier(this.#env);
    this.#auth = new AuthRefresh(options.adapter, this.#env, () => {
      for (const system of this.#systems.values()) system.signedIn();
    });
  }

  campaign(of: CampaignRef): Live<CampaignView> {
    const ref = refOf(of);
    return this.#notifier.observable(campaignGroup(ref.system), ref.id, () =>
      campaignSource(ref, this.#system(ref.system), this.lifecycles.get(ref.system)),
    );
  }

  list(systemName: string, query: ListQuery = {}): Live<ListView> {
    const lifecycle = this.lifecycles.get(systemName);
    const system = this.#system(systemName);
    return this.#notifier.observable(listGroup(systemName), queryKey(query), () =>
      listSource(system, lifecycle && new PreparedQuery(lifecycle, query)),
    );
  }

  offers(systemName: string, ids: Iterable<string>): Offers {
    const lifecycle = this.lifecycles.get(systemName);
    const system = this.#system(systemName);
    return system && lifecycle ? readOffers(system.core, lifecycle, ids) : { actions: new Map(), gone: [] };
  }

  connection(system: string): Live<Connection> {
    return this.#notifier.observable(CONNECTIONS, system, () => ({
      read: () => this.#system(system)?.core.connection ?? this.#unknownSystem(system),
    }));
  }

  inspect(): StoreInspection {
    const { visible, online } = this.#env.page;
    const systems = Array.from(this.#systems.values(), ({ core }) => core.inspect());
    return { at: this.now(), page: { visible, online }, systems };
  }

  diagnosis(of: CampaignRef): Live<Diagnosis> {
    const ref = refOf(of);
    const group = `diagnosis ${ref.system}`;
    return this.#notifier.observable(group, ref.id, () =>
      diagnosisSource(ref, this.#options.adapter, this.#pollerContext(ref, group, 'dependency')),
    );
  }

  log(of: CampaignRef): Live<LogView> {
    const ref = refOf(of);
    const group = `log ${ref.system}`;
    // Not requested for a system that keeps no log.
    const read = this.lifecycles.get(ref.system)?.log ? this.#options.adapter.log : undefined;
    return this.#notifier.observable(group, ref.id, () =>
      logSource(
        read && ((signal) => read.call(this.#options.adapter, ref, signal)),
        this.#pollerContext(ref, group, 'log entry'),
      ),
    );
  }

  history(of: CampaignRef, limit = 20): Live<HistoryView> {
    const ref = refOf(of);
    const most = entryLimit(limit);
    const group = `history ${most} ${ref.system}`;
    return this.#notifier.observable(group, ref.id, () =>
      historySource(
        ref,
        most,
        this.#options.adapter,
        this.campaign(ref),
        this.#pollerContext(ref, group, 'history entry'),
      ),
    );
  }

  perform(
    of: CampaignRef,
    action: string,
    { input }: { readonly input?: string | undefined } = {},
  ): Promise<ActionOutcome> {
    const ref = refOf(of);
    if (this.#disposed) return Promise.resolve({ outcome: 'refused', reason: { code: 'unavailable' } });
    const system = this.#system(ref.system);
    if (!system) {
      const reason = { code: 'unknown-status' } as const;
      this.#reports.emit('refused', { ...ref, action, reason });
      return Promise.resolve({ outcome: 'refused', reason });
    }
    // Callers in JavaScript may pass anything.
    return system.press(ref.id, action, typeof input === 'string' ? input : undefined);
  }

  performMany(
    systemName: string,
    ids: Iterable<string>,
    action: string,
    { input, only }: { readonly input?: string | undefined; readonly only?: Iterable<string> | undefined } = {},
  ): BulkRun {
    const key = String(++this.#bulkRuns);
    const sender = new BulkSender({
      system: systemName,
      action,
      input,
      ids: new Set(Array.from(ids, String)),
      only: only && new Set(Array.from(only, String)),
      shell: this.#disposed ? undefined : this.#system(systemName),
      lifecycle: this.lifecycles.get(systemName),
      connection: this.connection(systemName),
      adapter: this.#options.adapter,
      page: this.#env.page,
      onChange: () => this.#notifier.mark('bulk', key),
    });
    const progress = this.#notifier.observable('bulk', key, () => ({ read: () => sender.progress }));
    sender.start();
    return {
      system: systemName,
      action,
      progress,
      results: () => sender.results(),
      cancel: () => sender.cancel(),
      resume: () => sender.resume(),
    };
  }

  async refresh(target: CampaignRef | { readonly system: string }): Promise<boolean> {
    const system = this.#system(target.system);
    if (!system || this.#disposed) return false;
    if (!('id' in target) || !this.#options.adapter.get) return system.refresh();
    return system.refreshCampaign(refOf(target).id);
  }

  dismiss(of: CampaignRef): void {
    const ref = refOf(of);
    this.#systems.get(ref.system)?.dismiss(ref.id);
  }

  now(): number {
    const cores = [...this.#systems.values()].map(({ core }) => core);
    return (cores.find((core) => core.hasServerTime) ?? this.#env).now();
  }

  dispose(): void {
    if (this.#disposed) return;
    this.#disposed = true;
    this.#auth.dispose();
    // Before the notifier closes, so that observers last see the campaigns as last known.
    for (const system of this.#systems.values()) system.dispose();
    this.#notifier.close();
    this.#changes.complete();
  }

  #system(name: string): SystemShell | undefined {
    const lifecycle = this.lifecycles.get(name);
    const present = this.#systems.get(name);
    if (present || this.#disposed || !lifecycle) return present;
    const { adapter, graceMs = 5000, slackMs = 2000, keepMs = 600_000, uncertainAfterMs = 20_000 } = this.#options;
    const { maxIds = MOST_IDS, hideWhenForbidden = false, verify = false } = this.#options;
    const times = { graceMs, slackMs, keepMs, uncertainAfterMs, hiddenMs: this.#hiddenMs };
    const system = new SystemShell(
      name,
      lifecycle,
      { ...times, maxIds, hideWhenForbidden, adapter },
      {
        adapter,
        auth: this.#auth,
        env: this.#env,
        verify,
        notifier: this.#notifier,
        changes: this.#changes,
        report: (kind, detail) => this.#reports.emit(kind, detail),
      },
    );
    this.#systems.set(name, system);
    return system;
  }

  /** The environment of a diagnosis, a log or a history. */
  #pollerContext(ref: CampaignRef, group: string, what: string): PollerContext {
    return {
      env: this.#env,
      hiddenMs: this.#hiddenMs,
      onChange: () => this.#notifier.mark(group, ref.id),
      onDropped: (problem) => this.#reports.emit('dropped', { ...ref, problem: `${what}: ${problem}` }),
      onFailure: (error) => {
        if (describeFailure(error).code === 'unauthenticated') void this.#auth.renew(this.#env.monotonic());
      },
    };
  }

  #unknownSystem(system: string): Connection {
    const known = [...this.lifecycles.keys()].join(', ');
    return {
      state: 'misconfigured',
      since: this.#openedAt,
      cause: { code: 'unknown-system', message: `there is no system "${system}"; known: ${known}` },
      counters: { dropped: 0, late: 0, unreadable: 0, regressions: 0, drift: 0 },
    };
  }
}

/** A list, which is observed meanwhile. @param query and `system`: `undefined` for an unknown system */
function listSource(system: SystemShell | undefined, query: PreparedQuery | undefined): ValueSource<ListView> {
  let release = (): void => {};
  return {
    read: (before) => (system && query ? query.read(system.core.lists, system.core.complete, before) : emptyList),
    equal: (a, b) => a === b,
    start: () => {
      if (!system || !query) return;
      const ends = [system.observe(), query.observe(system.core.lists)];
      release = () => ends.forEach((end) => end());
    },
    stop: () => release(),
  };
}

/** Converts numbers, which callers in JavaScript may pass: ids are strings on the wire. */
function refOf({ system, id }: CampaignRef): CampaignRef {
  return { system: String(system), id: String(id) };
}
