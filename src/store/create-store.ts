import type { CampaignRef } from '../adapters/contract.ts';
import { flows, python, type Lifecycle } from '../lifecycle/index.ts';
import { MOST_IDS } from '../util/id-scope.ts';
import { queryKey } from '../util/query-key.ts';
import { campaignSource } from './campaign-view.ts';
import { describeFailure } from './core/failure.ts';
import { emptyList, list } from './data/list-query.ts';
import { completeEnvironment } from './environment.ts';
import { campaignGroup, campaignKey, connectionKey, listGroup, Notifier } from './observe/notifier.ts';
import { consoleReport } from './report/console-report.ts';
import { EventReporter } from './report/event-reporter.ts';
import { AuthRefresh } from './shell/auth-refresh.ts';
import { SystemShell } from './shell/system-shell.ts';
import { checkOptions, lifecycleTable } from './store-options.ts';
import { diagnosisSource } from './sources/diagnosis-source.ts';
import { entryLimit, historySource } from './sources/history-source.ts';
import { logSource } from './sources/log-source.ts';
import type { PollerContext } from './sources/poller.ts';
import type {
  ActionOutcome,
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
  return new Store(options);
}

class Store implements CampaignStore {
  readonly lifecycles: ReadonlyMap<string, Lifecycle>;
  readonly #options: StoreOptions;
  readonly #env: Environment;
  readonly #hiddenMs: number;
  readonly #notifier: Notifier;
  readonly #auth: AuthRefresh;
  readonly #systems = new Map<string, SystemShell>();
  readonly #closing = new AbortController();
  readonly #reports: EventReporter;
  readonly #openedAt: number;
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
    return this.#notifier.observable(campaignKey(ref), campaignGroup(ref.system), () =>
      campaignSource(ref, this.#system(ref.system), this.lifecycles.get(ref.system)),
    );
  }

  list(systemName: string, query: ListQuery = {}): Live<ListView> {
    const lifecycle = this.lifecycles.get(systemName);
    const system = this.#system(systemName);
    const group = listGroup(systemName);
    let release = (): void => {};
    return this.#notifier.observable(`${group} ${queryKey(query)}`, group, () => ({
      read: (before) => {
        if (!system || !lifecycle) return emptyList;
        const { rows, complete } = system.core;
        return list(rows.entries, complete, lifecycle, query, before);
      },
      start: () => (release = system?.observe() ?? release),
      stop: () => release(),
    }));
  }

  connection(system: string): Live<Connection> {
    const key = connectionKey(system);
    return this.#notifier.observable(key, key, () => ({
      read: () => this.#system(system)?.core.connection ?? this.#unknownSystem(system),
    }));
  }

  diagnosis(of: CampaignRef): Live<Diagnosis> {
    const ref = refOf(of);
    const key = `diagnosis ${campaignKey(ref)}`;
    return this.#notifier.observable(key, key, () =>
      diagnosisSource(ref, this.#options.adapter, this.#pollerContext(ref, key, 'dependency')),
    );
  }

  log(of: CampaignRef): Live<LogView> {
    const ref = refOf(of);
    const key = `log ${campaignKey(ref)}`;
    // Not requested for a system that keeps no log.
    const read = this.lifecycles.get(ref.system)?.log ? this.#options.adapter.log : undefined;
    return this.#notifier.observable(key, key, () =>
      logSource(
        read && ((signal) => read.call(this.#options.adapter, ref, signal)),
        this.#pollerContext(ref, key, 'log entry'),
      ),
    );
  }

  history(of: CampaignRef, limit = 20): Live<HistoryView> {
    const ref = refOf(of);
    const most = entryLimit(limit);
    const key = `history ${most} ${campaignKey(ref)}`;
    return this.#notifier.observable(key, key, () =>
      historySource(
        ref,
        most,
        this.#options.adapter,
        this.campaign(ref),
        this.#pollerContext(ref, key, 'history entry'),
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

  async refresh(target: CampaignRef | { readonly system: string }): Promise<boolean> {
    const system = this.#system(target.system);
    if (!system || this.#disposed) return false;
    if (!('id' in target) || !this.#options.adapter.get) return system.refresh();
    return system.refreshCampaign(refOf(target), this.#closing.signal);
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
    this.#closing.abort();
    this.#auth.dispose();
    // Before the notifier closes, so that observers last see the campaigns as last known.
    for (const system of this.#systems.values()) system.dispose();
    this.#notifier.close();
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
        report: (kind, detail) => this.#reports.emit(kind, detail),
      },
    );
    this.#systems.set(name, system);
    return system;
  }

  /** The environment of a diagnosis, a log or a history. */
  #pollerContext(ref: CampaignRef, key: string, what: string): PollerContext {
    return {
      env: this.#env,
      hiddenMs: this.#hiddenMs,
      onChange: () => this.#notifier.mark(key),
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

/** Converts numbers, which callers in JavaScript may pass: ids are strings on the wire. */
function refOf({ system, id }: CampaignRef): CampaignRef {
  return { system: String(system), id: String(id) };
}
