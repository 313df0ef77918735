import type { CampaignRecord, CampaignRef, HistoryEntry } from '../src/adapters/contract.ts';
import { settle, statusDef, type Lifecycle } from '../src/lifecycle/index.ts';
import { CampaignHistory } from './campaign-history.ts';
import { ChangeLog } from './change-log.ts';
import type { Clock } from './clock.ts';
import type { Database, Table } from './database.ts';
import { SimulationError } from './simulation-error.ts';
import type { DependencyRef, ForcedFacts } from './types.ts';

/** A campaign: its public record and the backend’s internal data. */
export interface Entry {
  readonly record: CampaignRecord;
  readonly met: readonly string[];
  readonly dependencies: readonly DependencyRef[];
  /** How often it failed, and how often it started to process. */
  readonly faults: number;
  readonly starts: number;
  readonly denied?: Readonly<Record<string, string>>;
  readonly corrupt?: true;
}

/** A change of an entry. */
export interface Change {
  readonly facts?: ForcedFacts;
  readonly met?: readonly string[];
  readonly faults?: number;
  readonly starts?: number;
  readonly denied?: Readonly<Record<string, string>>;
  readonly corrupt?: boolean;
  /** The action that moves it, for its history. */
  readonly action?: string;
  /** The message of the history entry, instead of the record’s, such as the input of an action. */
  readonly note?: string;
}

/** One system: its lifecycle, its campaigns and their changes. */
export interface SystemTable {
  readonly lifecycle: Lifecycle;
  readonly log: ChangeLog;
  readonly entries: Table<Entry>;
  /** The last revision of each id, removed ones included. */
  readonly revisions: Table<number>;
}

/** All campaigns. Every change goes through this class, which adds a revision and an entry in the change log. */
export class CampaignTable {
  readonly systems: ReadonlyMap<string, SystemTable>;
  readonly history: CampaignHistory;
  readonly user: string;
  readonly #database: Database;
  readonly #clock: Clock;
  readonly #meta: Table<{ readonly reason: string }>;

  constructor(
    database: Database,
    options: { lifecycles: readonly Lifecycle[]; clock: Clock; keepChanges: number; user: string },
  ) {
    this.#database = database;
    this.#clock = options.clock;
    this.user = options.user;
    this.#meta = database.table('meta');
    this.history = new CampaignHistory(database);
    this.systems = new Map(
      options.lifecycles.map((lifecycle) => [
        lifecycle.system,
        {
          lifecycle,
          log: new ChangeLog(database, lifecycle.system, options.keepChanges),
          entries: database.table<Entry>(`campaigns/${lifecycle.system}`),
          revisions: database.table<number>(`revisions/${lifecycle.system}`),
        },
      ]),
    );
  }

  /** @throws {@link SimulationError} for an unknown system */
  system(system: string): SystemTable {
    const table = this.systems.get(system);
    if (!table)
      throw new SimulationError(`There is no system "${system}"; there is: ${[...this.systems.keys()].join(', ')}.`);
    return table;
  }

  find(ref: CampaignRef): Entry | undefined {
    return this.systems.get(ref.system)?.entries.get(ref.id);
  }

  /** @throws {@link SimulationError} for an unknown campaign */
  entry(ref: CampaignRef): Entry {
    const entry = this.system(ref.system).entries.get(ref.id);
    if (!entry) throw new SimulationError(`There is no campaign "${ref.id}" in ${ref.system}.`);
    return entry;
  }

  /** Whether its status processes: only then can it fail. */
  processes(ref: CampaignRef): boolean {
    const entry = this.find(ref);
    return !!entry && statusDef(this.system(ref.system).lifecycle, entry.record.status)?.fault !== undefined;
  }

  add(
    ref: CampaignRef,
    entry: Omit<Entry, 'record' | 'faults' | 'starts'>,
    facts: ForcedFacts & { status: string },
  ): void {
    const { entries } = this.system(ref.system);
    if (!ref.id) throw new SimulationError('A campaign needs an id that is not empty.');
    if (entries.has(ref.id)) throw new SimulationError(`There already is a campaign "${ref.id}" in ${ref.system}.`);
    this.#database.transact(() => {
      this.#write(ref, { ...entry, faults: 0, starts: 0 }, facts);
      this.#appendHistory(ref, facts.status, facts);
    });
  }

  remove(ref: CampaignRef, reason?: string): void {
    this.entry(ref);
    this.#database.transact(() => {
      const { entries, log, revisions } = this.system(ref.system);
      const revision = (revisions.get(ref.id) ?? 0) + 1;
      entries.delete(ref.id);
      revisions.put(ref.id, revision);
      this.history.clear(ref);
      log.append({ gone: { id: ref.id, revision, ...(reason === undefined ? {} : { reason }) } });
    });
  }

  /** Changes an entry and adds it to the change log. */
  change(ref: CampaignRef, change: Change): void {
    const { record, ...rest } = this.entry(ref);
    const { facts = {}, corrupt, denied = rest.denied, action, note, ...others } = change;
    const { corrupt: _, denied: __, ...internal } = rest;
    const entry = {
      ...internal,
      ...others,
      ...(denied && Object.keys(denied).length ? { denied } : {}),
      ...(corrupt ? { corrupt: true as const } : {}),
    };
    this.#database.transact(() => {
      this.#write(ref, entry, facts, record);
      if (facts.status !== undefined) this.#appendHistory(ref, facts.status, facts, { action, note });
    });
  }

  /** Changes the status. The old message is removed with the old status. */
  move(
    ref: CampaignRef,
    status: string,
    by: string,
    { message = null, ...change }: Omit<Change, 'facts'> & { readonly message?: string | null } = {},
  ): void {
    this.change(ref, {
      ...change,
      facts: { status, message, cause: null, at: this.#now(), changedBy: by },
    });
  }

  /** Sets a prerequisite to met or missing. This may change the status, unless the campaign is processing. */
  setPrerequisite(ref: CampaignRef, prerequisite: string, met: boolean): void {
    const { lifecycle } = this.system(ref.system);
    const entry = this.entry(ref);
    const known = Object.keys(lifecycle.prerequisites ?? {});
    if (!known.includes(prerequisite))
      throw new SimulationError(
        `${lifecycle.label} campaigns do not wait for "${prerequisite}"; they wait for: ${known.join(', ') || 'nothing'}.`,
      );
    if (entry.met.includes(prerequisite) === met) return;
    const now = met ? [...entry.met, prerequisite] : entry.met.filter((other) => other !== prerequisite);
    const { status } = entry.record;
    const settled = settle(lifecycle, status, unmetPrerequisites(lifecycle, now));
    if (settled === status) this.change(ref, { met: now });
    else this.move(ref, settled, this.user, { met: now });
  }

  get readOnly(): string | undefined {
    return this.#meta.get('read-only')?.reason;
  }

  /** Denies all actions in every record, or allows them again. */
  setReadOnly(reason: string | undefined): void {
    this.#database.transact(() => {
      if (reason === undefined) this.#meta.delete('read-only');
      else this.#meta.put('read-only', { reason });
      for (const [system, { entries }] of this.systems)
        for (const id of [...entries.keys()])
          this.change({ system, id }, { corrupt: entries.get(id)?.corrupt ?? false });
    });
  }

  /** Restarts revisions and cursors, for a new epoch. */
  resetRevisions(): void {
    for (const { entries, log, revisions } of this.systems.values()) {
      log.reset();
      for (const id of [...revisions.keys()]) revisions.delete(id);
      for (const [id, entry] of [...entries.entries()]) {
        entries.put(id, { ...entry, record: { ...entry.record, revision: 1 } });
        revisions.put(id, 1);
      }
    }
  }

  /** The rows as they are served. */
  rows(system: string): CampaignRecord[] {
    return Array.from(this.system(system).entries.values(), servedRecord);
  }

  #now(): string {
    return new Date(this.#clock.now()).toISOString();
  }

  #write(ref: CampaignRef, internal: Omit<Entry, 'record'>, facts: ForcedFacts, old?: CampaignRecord): void {
    const { lifecycle, entries, log, revisions } = this.system(ref.system);
    this.#database.transact(() => {
      const revision = (revisions.get(ref.id) ?? 0) + 1;
      const record: CampaignRecord = {
        id: ref.id,
        system: ref.system,
        name: facts.name ?? old?.name ?? ref.id,
        status: facts.status ?? old?.status ?? lifecycle.initial,
        revision,
        missing: unmetPrerequisites(lifecycle, internal.met),
      };
      const message = pick(facts.message, old?.message);
      const at = pick(facts.at, old?.at);
      const changedBy = pick(facts.changedBy, old?.changedBy);
      const cause = pick(facts.cause, old?.cause);
      const denied = this.#denied(lifecycle, internal.denied);
      if (message !== undefined) record.message = message;
      if (at !== undefined) record.at = at;
      if (changedBy !== undefined) record.changedBy = changedBy;
      if (cause !== undefined) record.cause = cause;
      if (denied) record.denied = denied;
      const entry: Entry = { ...internal, record };
      entries.put(ref.id, entry);
      revisions.put(ref.id, revision);
      log.append({ row: servedRecord(entry) });
    });
  }

  /** Adds a move to the history, also a move to the same status. */
  #appendHistory(
    ref: CampaignRef,
    status: string,
    { at, changedBy, message }: ForcedFacts,
    { action, note }: { readonly action?: string | undefined; readonly note?: string | undefined } = {},
  ): void {
    const text = note ?? message ?? undefined;
    const entry: HistoryEntry = {
      status,
      at: at ?? this.#now(),
      ...(action === undefined ? {} : { action }),
      ...(typeof changedBy === 'string' ? { changedBy } : {}),
      ...(text === undefined ? {} : { message: text }),
    };
    this.history.append(ref, entry);
  }

  #denied(lifecycle: Lifecycle, own: Entry['denied']): Readonly<Record<string, string>> | undefined {
    const reason = this.readOnly;
    if (reason === undefined) return own;
    return { ...own, ...Object.fromEntries(Object.keys(lifecycle.actions).map((action) => [action, reason])) };
  }
}

/** The prerequisites of a lifecycle that are not among those met. */
export function unmetPrerequisites(lifecycle: Lifecycle, met: readonly string[]): readonly string[] {
  return Object.keys(lifecycle.prerequisites ?? {}).filter((prerequisite) => !met.includes(prerequisite));
}

/** The record as feeds and answers send it. A corrupt one keeps its id and has an unreadable status. */
export function servedRecord({ record, corrupt }: Entry): CampaignRecord {
  return corrupt ? ({ ...record, status: { word: record.status } } as unknown as CampaignRecord) : record;
}

/** `null` removes the value, `undefined` keeps it. */
function pick<T>(change: T | null | undefined, old: T | undefined): T | undefined {
  return change === null ? undefined : (change ?? old);
}
