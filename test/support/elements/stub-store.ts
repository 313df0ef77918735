import { Observable, Subject, type Subscriber } from 'rxjs';
import type { CampaignRef } from '../../../src/adapters/contract.ts';
import { flows, python, statusView, type Circumstances, type Lifecycle } from '../../../src/lifecycle/index.ts';
import { listView } from '../../../src/store/data/list-view.ts';
import { logView } from '../../../src/store/data/log-lines.ts';
import type {
  ActionOutcome,
  BulkProgress,
  BulkRun,
  CampaignChange,
  CampaignStore,
  CampaignView,
  Connection,
  Diagnosis,
  HistoryView,
  ListView,
  Live,
  LogView,
  Offers,
  StoreInspection,
} from '../../../src/store/types.ts';

/** A `Live` that a test sets, synchronously, and whose observers it can count. */
class Settable<T> extends Observable<T> implements Live<T> {
  readonly observers = new Set<Subscriber<T>>();
  /** How many there have been. */
  observed = 0;

  constructor(public value: T) {
    super((subscriber) => {
      this.observers.add(subscriber);
      this.observed++;
      subscriber.next(this.value);
      return () => this.observers.delete(subscriber);
    });
  }

  set(value: T): void {
    this.value = value;
    for (const observer of [...this.observers]) observer.next(value);
  }
}

/** The facts that a test sets for a campaign; the rest follows from its lifecycle, as in the real store. */
export type Facts = Partial<CampaignView> & Circumstances;

const counters = { dropped: 0, late: 0, unreadable: 0, regressions: 0, drift: 0 };

/** A store that shows what a test sets, for states or orders of events that a backend can hardly produce. */
export class StubStore implements CampaignStore {
  readonly lifecycles: ReadonlyMap<string, Lifecycle>;
  readonly changes = new Subject<readonly CampaignChange[]>();
  /** The requested actions. */
  readonly performed: { ref: CampaignRef; action: string; input?: string }[] = [];
  time = Date.parse('2026-03-01T12:00:00Z');
  /** What `inspect` gives. */
  systems: StoreInspection['systems'] = [];
  /** How often it was called. */
  inspected = 0;
  readonly #lives = new Map<string, Settable<unknown>>();

  constructor(...lifecycles: readonly Lifecycle[]) {
    this.lifecycles = new Map([flows, python, ...lifecycles].map((lifecycle) => [lifecycle.system, lifecycle]));
  }

  /** The number of observers: of everything, or of one kind. */
  observers(kind = ''): number {
    let count = 0;
    for (const [key, live] of this.#lives) if (key.startsWith(kind)) count += live.observers.size;
    return count;
  }

  /** How many observers of one kind there have been. */
  observed(kind: string): number {
    let count = 0;
    for (const [key, live] of this.#lives) if (key.startsWith(kind)) count += live.observed;
    return count;
  }

  show(ref: CampaignRef, facts: Facts): CampaignView {
    const { missing, denied, ...rest } = facts;
    const status = facts.status ?? '';
    const view: CampaignView = {
      ref,
      presence: 'present',
      name: ref.id,
      message: '',
      truncated: false,
      ...statusView(this.lifecycles.get(ref.system), status, { missing, denied }),
      ...rest,
    };
    this.put(ref, view);
    return view;
  }

  /** Shows exactly this view, whatever would follow from its lifecycle. */
  put(ref: CampaignRef, view: CampaignView): void {
    this.#view(ref).set(view);
  }

  /** The same campaign, with some facts replaced. */
  change(ref: CampaignRef, facts: Facts): CampaignView {
    const { name, message, at, cause } = this.#view(ref).value;
    return this.show(ref, {
      status: this.#view(ref).value.status,
      name,
      message,
      ...(at === undefined ? {} : { at }),
      ...(cause ? { cause } : {}),
      ...facts,
    });
  }

  diagnose(ref: CampaignRef, diagnosis: Diagnosis): void {
    this.#diagnosis(ref).set(diagnosis);
  }

  write(ref: CampaignRef, log: Parameters<typeof logView>[0]): void {
    this.writeView(ref, logView(log));
  }

  /** Shows exactly this view of a log. */
  writeView(ref: CampaignRef, view: LogView): void {
    this.#log(ref).set(view);
  }

  campaign(ref: CampaignRef): Live<CampaignView> {
    return this.#view(ref);
  }

  list(system: string): Live<ListView> {
    return this.#live(`list ${system}`, () => listView({ ids: [], total: 0, counts: new Map(), complete: true }));
  }

  offers(): Offers {
    return { actions: new Map(), gone: [] };
  }

  connection(system: string): Live<Connection> {
    return this.#live(`connection ${system}`, () => ({ state: 'live', since: this.time, counters }));
  }

  inspect(): StoreInspection {
    this.inspected++;
    return { at: this.time, page: { visible: true, online: true }, systems: this.systems };
  }

  diagnosis(ref: CampaignRef): Live<Diagnosis> {
    return this.#diagnosis(ref);
  }

  log(ref: CampaignRef): Live<LogView> {
    return this.#log(ref);
  }

  history(ref: CampaignRef, limit = 20): Live<HistoryView> {
    return this.#history(ref, limit);
  }

  /** Shows this history to those who ask for so many entries. */
  setHistory(ref: CampaignRef, history: HistoryView, limit = 20): void {
    this.#history(ref, limit).set(history);
  }

  perform(ref: CampaignRef, action: string): Promise<ActionOutcome> {
    this.performed.push({ ref, action });
    return Promise.resolve({ outcome: 'done' });
  }

  performMany(system: string, ids: Iterable<string>, action: string): BulkRun {
    const all = [...ids];
    for (const id of all) this.performed.push({ ref: { system, id }, action });
    const counts = { done: all.length, skipped: 0, failed: 0, uncertain: 0, unsent: 0, pending: 0 };
    const progress = new Settable<BulkProgress>({ state: 'ended', total: all.length, counts });
    return { system, action, progress, results: () => [{ outcome: 'done', ids: all }], cancel() {}, resume() {} };
  }

  refresh(): Promise<boolean> {
    return Promise.resolve(true);
  }

  dismiss(): void {}

  now(): number {
    return this.time;
  }

  dispose(): void {}

  #view(ref: CampaignRef): Settable<CampaignView> {
    return this.#live(`campaign ${nameOf(ref)}`, () => ({
      ref,
      presence: 'loading',
      name: ref.id,
      message: '',
      truncated: false,
      status: '',
      known: false,
      tone: 'neutral',
      icon: 'unknown',
      actions: [],
    }));
  }

  #diagnosis(ref: CampaignRef): Settable<Diagnosis> {
    return this.#live(`diagnosis ${nameOf(ref)}`, () => ({ dependencies: [], outlook: 'unknown' }));
  }

  #history(ref: CampaignRef, limit: number): Settable<HistoryView> {
    return this.#live(`history ${limit} ${nameOf(ref)}`, () => ({ entries: [], more: false, state: 'unsupported' }));
  }

  #log(ref: CampaignRef): Settable<LogView> {
    return this.#live(`log ${nameOf(ref)}`, () => logView({ entries: [], dropped: 0, state: 'loading' }));
  }

  #live<T>(key: string, make: () => T): Settable<T> {
    let live = this.#lives.get(key) as Settable<T> | undefined;
    if (!live) this.#lives.set(key, (live = new Settable(make())));
    return live;
  }
}

function nameOf({ system, id }: CampaignRef): string {
  return JSON.stringify([system, id]);
}
