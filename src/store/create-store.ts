import type { CampaignRef } from '../adapters/contract.ts';
import { flows, LifecycleError, python, statusView, type Lifecycle } from '../lifecycle/index.ts';
import { ActionRequests } from './actions/action-requests.ts';
import type { Entry } from './data/row-store.ts';
import { diagnosisSource } from './sources/diagnosis-source.ts';
import { consoleReport } from './report/console-report.ts';
import { completeEnvironment } from './environment.ts';
import { describeFailure } from './sync/errors.ts';
import type {
  ActionOutcome,
  ActionView,
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
import { SystemFeed } from './sync/system-feed.ts';
import { queryKey } from '../util/query-key.ts';
import { emptyList, list } from './data/list-query.ts';
import { Notifier } from './observe/observable-value.ts';
import { entryLimit, historySource } from './sources/history-source.ts';
import { logSource } from './sources/log-source.ts';
import { unreadableRow } from './data/parse-record.ts';
import type { PollerContext } from './sources/poller.ts';
import { EventReporter } from './report/event-reporter.ts';
import { AuthRefresh } from './sync/auth-refresh.ts';

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
  readonly #actions: ActionRequests;
  readonly #feeds = new Map<string, SystemFeed>();
  readonly #closing = new AbortController();
  readonly #reports: EventReporter;
  #disposed = false;

  constructor(options: StoreOptions) {
    checkOptions(options);
    const { adapter } = options;
    this.#options = options;
    this.#hiddenMs = options.hiddenMs ?? 300_000;
    this.#reports = new EventReporter(options.report ?? consoleReport());
    this.lifecycles = lifecycleTable(options.lifecycles ?? [flows, python]);
    this.#env = completeEnvironment(options.environment);
    this.#notifier = new Notifier((f) => this.#env.frame(f));
    this.#auth = new AuthRefresh(adapter, this.#env, () => {
      this.#actions.signedIn();
      for (const feed of this.#feeds.values()) feed.resume();
    });
    this.#actions = new ActionRequests({
      adapter,
      auth: this.#auth,
      env: this.#env,
      uncertainAfterMs: options.uncertainAfterMs ?? 20_000,
      lifecycle: (system) => this.lifecycles.get(system),
      feed: (system) => this.#feed(system),
      observed: (ref) => this.#notifier.values.has(campaignKey(ref)),
      onChange: (ref) => {
        this.#notifier.mark(campaignKey(ref));
        // After the whole change is applied, and before the outcome reaches the caller that awaits it.
        queueMicrotask(() => this.#notifier.flush());
      },
      report: (kind, detail) => this.#reports.emit(kind, detail),
    });
  }

  campaign(of: CampaignRef): Live<CampaignView> {
    const ref = refOf(of);
    let release = (): void => {};
    return this.#notifier.observable(campaignKey(ref), campaignGroup(ref.system), () => ({
      read: () => this.#view(ref),
      start: () => (release = this.#feed(ref.system)?.observeCampaign(ref.id) ?? release),
      stop: () => {
        release();
        this.#actions.unobserved(ref);
      },
    }));
  }

  list(system: string, query: ListQuery = {}): Live<ListView> {
    const lifecycle = this.lifecycles.get(system);
    let release = (): void => {};
    let view: ListView | undefined;
    const group = listGroup(system);
    return this.#notifier.observable(`${group} ${queryKey(query)}`, group, () => ({
      read: () => {
        const feed = this.#feed(system);
        return feed && lifecycle ? (view = list(feed.rows.entries, feed.complete, lifecycle, query, view)) : emptyList;
      },
      start: () => (release = this.#feed(system)?.observeAll() ?? release),
      stop: () => release(),
    }));
  }

  connection(system: string): Live<Connection> {
    const opened = this.#env.now();
    const key = connectionKey(system);
    return this.#notifier.observable(key, key, () => ({
      read: () => this.#feed(system)?.connection ?? this.#unknownSystem(system, opened),
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
    ref: CampaignRef,
    action: string,
    { input }: { readonly input?: string | undefined } = {},
  ): Promise<ActionOutcome> {
    if (this.#disposed) return Promise.resolve({ outcome: 'refused', reason: { code: 'unavailable' } });
    // Callers in JavaScript may pass anything.
    const text = typeof input === 'string' ? input : undefined;
    const outcome = this.#actions.perform(refOf(ref), action, text);
    this.#notifier.flush();
    return outcome;
  }

  async refresh(target: CampaignRef | { readonly system: string }): Promise<boolean> {
    const feed = this.#feed(target.system);
    if (!feed || this.#disposed) return false;
    const { adapter } = this.#options;
    if (!('id' in target) || !adapter.get) return feed.refresh();
    const ref = refOf(target);
    const knownBefore = feed.rows.known(ref.id);
    try {
      const reading = await this.#auth.signedIn(() => adapter.get!(ref, this.#closing.signal));
      if (this.#disposed) return false;
      if (reading) {
        const read = this.#actions.takeReading(ref, reading, knownBefore, feed);
        // A row older than the known one proves nothing by itself; the feed, or a change since the request, may.
        return read && (feed.keeps(ref.id) || feed.rows.changedSince(ref.id, knownBefore));
      }
      const known = knownBefore.entry !== undefined;
      if (!feed.rows.removeAbsent(ref.id, knownBefore)) return !known || feed.keeps(ref.id);
      // Changes that the feed has yet to send may be older than this read, and would bring the campaign back.
      feed.resync('a single read found no such campaign');
      return true;
    } catch (error) {
      if (!this.#disposed) this.#reports.emit('unanswered', { ...ref, message: String(error) });
      return false;
    }
  }

  dismiss(ref: CampaignRef): void {
    this.#actions.dismiss(refOf(ref));
    this.#notifier.flush();
  }

  now(): number {
    const feeds = [...this.#feeds.values()];
    return (feeds.find((feed) => feed.hasServerTime) ?? this.#env).now();
  }

  dispose(): void {
    if (this.#disposed) return;
    this.#disposed = true;
    this.#closing.abort();
    this.#actions.dispose();
    this.#auth.dispose();
    // Before the notifier closes, so that observers last see the campaigns as last known.
    for (const feed of this.#feeds.values()) feed.dispose();
    this.#notifier.close();
  }

  #feed(system: string): SystemFeed | undefined {
    const present = this.#feeds.get(system);
    if (present || this.#disposed || !this.lifecycles.has(system)) return present;
    const { adapter, graceMs = 5000, slackMs = 2000, hideWhenForbidden = false } = this.#options;
    const verify = this.#options.verify === true;
    const feed = new SystemFeed(
      system,
      adapter,
      this.#auth,
      this.#env,
      { graceMs, hiddenMs: this.#hiddenMs, slackMs, hideWhenForbidden, verify },
      {
        onRowChange: (id, before, after) => this.#rowChanged({ system, id }, before, after),
        onConnectionChange: () => {
          this.#notifier.mark(connectionKey(system));
          this.#notifier.markGroup(listGroup(system));
        },
        onFreshnessChange: () => this.#notifier.markGroup(campaignGroup(system)),
        onRevisionsReset: () => this.#actions.revisionsReset(system),
        report: (kind, detail) => this.#reports.emit(kind, detail),
        batch: (fold) => this.#reports.batch(fold),
      },
    );
    this.#feeds.set(system, feed);
    return feed;
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

  #rowChanged(ref: CampaignRef, before: Entry | undefined, after: Entry | undefined): void {
    this.#notifier.mark(campaignKey(ref));
    this.#notifier.markGroup(listGroup(ref.system));
    this.#actions.rowChanged(ref, before, after);
  }

  /** Derives the view of a campaign. Everything that is shown of it comes from here. */
  #view(ref: CampaignRef): CampaignView {
    const feed = this.#feed(ref.system);
    const entry = feed?.rows.entries.get(ref.id);
    const removed = entry ? undefined : feed?.rows.removed(ref.id);
    const row = entry?.row ?? removed?.row ?? unreadableRow(ref.id);
    const lifecycle = this.lifecycles.get(ref.system);
    const { actions, action: _, ...look } = statusView(lifecycle, row.status, row);
    const stale = entry && feed ? staleness(feed, entry) : undefined;
    const request = this.#actions.request(ref);
    const offered = entry
      ? actions.map(({ action, disabled }): ActionView => ({
          action,
          ...disabledBy(this.#actions.obstacle(ref, action, row.revision) ?? disabled),
        }))
      : [];
    return {
      ref,
      presence: entry ? 'present' : removed ? 'gone' : !feed || feed.answersFor(ref.id) ? 'absent' : 'loading',
      ...(removed?.reason ? { goneReason: removed.reason } : {}),
      ...look,
      name: row.name,
      message: row.message,
      truncated: row.truncated,
      ...(row.at === undefined ? {} : { at: row.at }),
      ...(row.changedBy === undefined ? {} : { changedBy: row.changedBy }),
      ...(row.cause ? { cause: row.cause } : {}),
      ...(stale ? { stale } : {}),
      actions: offered,
      ...(offered[0] ? { action: offered[0] } : {}),
      ...(request ? { request } : {}),
    };
  }

  #unknownSystem(system: string, since: number): Connection {
    const known = [...this.lifecycles.keys()].join(', ');
    return {
      state: 'misconfigured',
      since,
      cause: { code: 'unknown-system', message: `there is no system "${system}"; known: ${known}` },
      counters: { dropped: 0, late: 0, unreadable: 0, regressions: 0, drift: 0 },
    };
  }
}

function staleness(feed: SystemFeed, { row, unreadableSince, readAt }: Entry): CampaignView['stale'] {
  if (unreadableSince !== undefined) return { asOf: unreadableSince, why: 'unreadable' };
  const since = feed.staleSince(row.id);
  // A campaign that was read singly may be newer than the feed's rows, but nothing keeps it up to date.
  if (since === undefined)
    return readAt === undefined || feed.keeps(row.id) ? undefined : { asOf: readAt, why: 'feed' };
  return { asOf: Math.max(since, readAt ?? since), why: 'feed' };
}

function disabledBy(reason: ActionView['disabled']): Pick<ActionView, 'disabled'> {
  return reason ? { disabled: reason } : {};
}

function checkOptions(options: StoreOptions | undefined): void {
  for (const method of ['watch', 'act'] as const) {
    const value = options?.adapter?.[method];
    if (typeof value !== 'function')
      throw new TypeError(
        `createCampaignStore: adapter.${method} must be a function, got ${typeof value}; pass { adapter: httpAdapter({ src }) }, or your own adapter`,
      );
  }
  for (const name of ['hideWhenForbidden', 'verify'] as const) {
    const value: unknown = options?.[name];
    if (value !== undefined && typeof value !== 'boolean')
      throw new TypeError(`createCampaignStore: ${name} must be true or false, got ${JSON.stringify(value)}`);
  }
  for (const name of ['graceMs', 'hiddenMs', 'uncertainAfterMs', 'slackMs'] as const) {
    const ms: unknown = options?.[name];
    if (ms !== undefined && !(typeof ms === 'number' && ms >= 0 && ms <= LONGEST_TIMER_MS))
      throw new TypeError(
        `createCampaignStore: ${name} must be a number of ms from 0 to ${LONGEST_TIMER_MS}, got ${JSON.stringify(ms)}`,
      );
  }
}

/** The longest delay of a timer; a longer one would fire at once. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

function lifecycleTable(lifecycles: readonly Lifecycle[]): ReadonlyMap<string, Lifecycle> {
  const value: unknown = lifecycles;
  if (!Array.isArray(value))
    throw new LifecycleError('lifecycles', 'must be a list; pass [flows, python], or those of your own');
  const table = new Map<string, Lifecycle>();
  for (const lifecycle of lifecycles) {
    if (typeof lifecycle?.system !== 'string' || Object.getPrototypeOf(lifecycle) !== null)
      throw new LifecycleError(
        'lifecycles',
        'holds a value that is no lifecycle; pass what defineLifecycle() returned',
      );
    if (table.has(lifecycle.system))
      throw new LifecycleError(
        'lifecycles',
        `holds two lifecycles for "${lifecycle.system}"; pass one for each system`,
      );
    table.set(lifecycle.system, lifecycle);
  }
  return table;
}

/** Converts numbers, which callers in JavaScript may pass: ids are strings on the wire. */
function refOf({ system, id }: CampaignRef): CampaignRef {
  return { system: String(system), id: String(id) };
}

// Keys and groups of the notifier. The system's name is quoted, so that no two refs share a key.
const campaignGroup = (system: string): string => `campaign ${JSON.stringify(system)}`;
const campaignKey = ({ system, id }: CampaignRef): string => `${campaignGroup(system)} ${id}`;
const listGroup = (system: string): string => `list ${JSON.stringify(system)}`;
const connectionKey = (system: string): string => `connection ${JSON.stringify(system)}`;
