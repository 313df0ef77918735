import { type CampaignRow, summarize, parseRemoval, type ParsedRow, parseRow, unreadableRow } from './parse-record.ts';

/** A campaign in the collection. */
export interface Entry {
  readonly row: CampaignRow;
  /** Set when what came after `row` could not be read: the time (server clock) at which `row` was still true. */
  readonly unreadableSince?: number;
  /** The revision of what could not be read, if that much could. Only what is as new makes up for it. */
  readonly unreadableRevision?: number;
  /** When `row` was read by itself rather than by the feed: such a row may be newer than a lost feed. */
  readonly readAt?: number;
}

/** A campaign that is no longer there. */
export interface RemovedRow {
  readonly row: CampaignRow;
  /** Whatever arrives with a revision up to this one is older than the removal. */
  readonly revision: number;
  readonly reason: string;
}

/** What was known of a campaign when somebody asked for it by itself: the feed may have said more until the answer comes. */
export interface Known {
  readonly entry: Entry | undefined;
  readonly removed: RemovedRow | undefined;
  /** What the latest snapshot then was about. */
  readonly coverage: Coverage;
}

/** Whether a snapshot would have named a campaign, if it were there. */
type Coverage = (id: string) => boolean;

/** What the collection tells its owner. */
export interface RowStoreEvents {
  /** One campaign has another entry now, or none. */
  onRowChange(id: string, before: Entry | undefined, after: Entry | undefined): void;
  /** Something was not taken in. */
  onIgnored(what: 'dropped' | 'late' | 'unreadable' | 'regressions', detail: unknown): void;
  /** Now, by the server's clock. */
  now(): number;
}

/** Only so many removals are remembered; the oldest are forgotten first. */
const REMEMBERED_REMOVALS = 1000;
/** So many rows behind what is known, in one snapshot or in a row of them, mean that the backend counts anew without saying so. */
const TOLERATED_REGRESSIONS = 3;

/**
 * The campaigns of one system: folds pages, upserts and removals into one truth. Within an epoch a row wins by its revision,
 * and what a complete snapshot did not name is swept. Rows of a new epoch are staged aside and swapped in at once.
 */
export class RowStore {
  #entries = new Map<string, Entry>();
  #removed = new Map<string, RemovedRow>();
  #epoch: string | undefined;
  #snapshot:
    | {
        readonly epoch: string;
        readonly staged: Map<string, Entry> | undefined;
        /** Removals among the staged rows. */
        readonly removed: Map<string, RemovedRow>;
        readonly named: Set<string>;
        /** Changed meanwhile: an older row that the snapshot still brings is late. */
        readonly changed: Set<string>;
        regressed: boolean;
      }
    | undefined;
  #regressions = 0;
  #distrusted = false;
  #behind = false;
  #contested = false;
  /** Campaigns that were read by themselves since the present feed was asked for. */
  readonly #readMeanwhile = new Set<string>();
  /** The numbering that the latest of them named. */
  #readEpoch: string | undefined;
  /** Of the latest whole snapshot. That all was forgotten is like one that covers everything, and names nothing. */
  #coverage: Coverage = () => false;

  constructor(
    private readonly system: string,
    private readonly events: RowStoreEvents,
  ) {}

  get entries(): ReadonlyMap<string, Entry> {
    return this.#entries;
  }

  /** The numbering that the rows belong to; `undefined` before the first snapshot. */
  get epoch(): string | undefined {
    return this.#epoch;
  }

  /** The next snapshot can't be compared with what is known: a lower revision came in the same epoch. */
  get distrusted(): boolean {
    return this.#distrusted;
  }

  /** Since the latest snapshot began, the feed has brought something older than what is known. */
  get behind(): boolean {
    return this.#behind;
  }

  /** The latest snapshot did not name a campaign that was read by itself meanwhile: one of both is older. */
  get contested(): boolean {
    return this.#contested;
  }

  /** A snapshot of this numbering may be older than what is known: since its feed was asked for, a campaign was read in another one. */
  disputes(epoch: string): boolean {
    return this.#readEpoch !== undefined && this.#readEpoch !== epoch;
  }

  removed(id: string): RemovedRow | undefined {
    return this.#removed.get(id);
  }

  /** To be taken when a campaign is asked for by itself, and given back with the answer. */
  known(id: string): Known {
    return { entry: this.#entries.get(id), removed: this.#removed.get(id), coverage: this.#coverage };
  }

  /** Whether anything was heard of a campaign since it was asked for by itself. */
  changedSince(id: string, asked: Known): boolean {
    const { entry, removed } = this.known(id);
    return entry ? entry !== asked.entry : removed !== undefined && removed !== asked.removed;
  }

  /** Another feed is asked for: whatever it says was read after this. */
  feedRequested(): void {
    this.#readMeanwhile.clear();
    this.#readEpoch = undefined;
  }

  /** A snapshot begins. Rows of the present epoch fold in as they come; those of another one wait for its end. */
  beginSnapshot(epoch: string): void {
    const another = this.#distrusted || (this.#epoch !== undefined && this.#epoch !== epoch);
    this.#epoch ??= epoch;
    this.#behind = false;
    this.#contested = false;
    this.#snapshot = {
      epoch,
      staged: another ? new Map() : undefined,
      removed: new Map(),
      named: new Set(),
      changed: new Set(),
      regressed: false,
    };
  }

  /** The attempt ended before its snapshot did. */
  abandonSnapshot(): void {
    this.#snapshot = undefined;
  }

  /** Rows of the snapshot. */
  page(items: unknown): void {
    for (const item of this.#list(items)) this.#fold(item, 'page');
  }

  /** Live changes. */
  upsert(items: unknown): void {
    for (const item of this.#list(items)) this.#fold(item, 'upsert');
  }

  /**
   * One campaign, read by itself.
   *
   * @param asked what was known when it was asked for
   * @param epoch the numbering it belongs to, if it says so; the first one that is heard of is in force
   * @returns its id, or `undefined` if it could not be read
   */
  reading(item: unknown, asked: Known, epoch?: string): string | undefined {
    const parsed = read(item, this.system);
    const id = 'row' in parsed ? parsed.row.id : parsed.id;
    // It was asked for before that snapshot, and would bring back what is not there.
    if (id !== undefined && asked.coverage !== this.#coverage && this.#coverage(id) && !this.#entries.has(id)) {
      this.events.onIgnored('late', { id });
      return id;
    }
    this.#epoch ??= epoch;
    this.#readEpoch = epoch ?? this.#readEpoch;
    return this.#fold(item, 'reading', asked);
  }

  /** Live removals. */
  remove(items: unknown): void {
    for (const item of this.#list(items)) {
      const removal = parseRemoval(item);
      if (typeof removal === 'string') {
        this.events.onIgnored('dropped', { problem: removal, item: summarize(item) });
        continue;
      }
      const { id, revision, reason = '' } = removal;
      const known = this.#rows.get(id);
      const latest = known ? Math.max(known.row.revision, known.unreadableRevision ?? -1) : 0;
      if (known && revision !== undefined && revision < latest) {
        this.#ignore(id, latest, revision, 'upsert');
        continue;
      }
      this.#snapshot?.named.delete(id);
      this.#snapshot?.changed.add(id);
      this.#removeRow(id, Math.max(revision ?? 0, latest), reason);
    }
  }

  /**
   * A reading said that there is no such campaign.
   *
   * @param asked what was known when it was asked for
   * @returns false, and nothing happens, if it was not known, or something else was heard of the campaign meanwhile: nobody can tell which is newer
   */
  removeAbsent(id: string, asked: Known): boolean {
    const known = this.#entries.get(id);
    if (!known || known !== asked.entry) return false;
    this.#removeUnnamed(id, known);
    return true;
  }

  /**
   * Ends a snapshot: swaps in a new epoch, sweeps what was not named.
   *
   * @param scope the ids that were asked for; `undefined` for all
   * @param partial a row not named may still exist: nothing is swept
   */
  endSnapshot(scope: ReadonlySet<string> | undefined, partial: boolean): void {
    const snapshot = this.#snapshot;
    if (!snapshot) return;
    this.#snapshot = undefined;
    if (!snapshot.regressed) this.#regressions = 0;
    const covers: Coverage = (id) => (scope ? scope.has(id) : !partial);
    this.#coverage = covers;
    if (snapshot.staged) {
      const before = this.#entries;
      this.#entries = snapshot.staged;
      this.#epoch = snapshot.epoch;
      this.#removed = snapshot.removed;
      this.#distrusted = false;
      this.#regressions = 0;
      for (const [id, entry] of before)
        if (!this.#entries.has(id)) {
          // A row of the old numbering can't stay among the new ones; only if it was asked for is it known to be gone.
          if (covers(id) && !this.#removed.has(id))
            remember(this.#removed, id, { row: entry.row, revision: -1, reason: 'vanished' });
          this.events.onRowChange(id, entry, undefined);
        }
      for (const [id, entry] of this.#entries) this.events.onRowChange(id, before.get(id), entry);
      return;
    }
    for (const [id, entry] of [...this.#entries]) {
      if (!covers(id) || snapshot.named.has(id)) continue;
      if (this.#readMeanwhile.has(id)) this.#contested = true;
      else this.#removeUnnamed(id, entry);
    }
  }

  /** Forgets every row. */
  clear(): void {
    const before = this.#entries;
    this.#entries = new Map();
    this.#removed.clear();
    this.#epoch = undefined;
    this.#snapshot = undefined;
    this.#coverage = () => true;
    for (const [id, entry] of before) this.events.onRowChange(id, entry, undefined);
  }

  /** Where rows go now: a new epoch's wait aside. */
  get #rows(): Map<string, Entry> {
    return this.#snapshot?.staged ?? this.#entries;
  }

  /** Removals that belong to {@link #rows}. */
  get #currentRemoved(): Map<string, RemovedRow> {
    return this.#snapshot?.staged ? this.#snapshot.removed : this.#removed;
  }

  #list(items: unknown): readonly unknown[] {
    if (Array.isArray(items)) return items;
    this.events.onIgnored('dropped', { problem: '`items` must be a list' });
    return [];
  }

  #fold(item: unknown, how: 'page' | 'upsert' | 'reading', asked?: Known): string | undefined {
    const parsed = read(item, this.system);
    if (!('row' in parsed)) {
      if (parsed.id === undefined) this.events.onIgnored('dropped', { problem: parsed.problem, item: summarize(item) });
      else this.#keepLastGood(parsed.id, parsed, how, asked);
      return undefined;
    }
    const { row } = parsed;
    if (how === 'reading') {
      this.#readMeanwhile.add(row.id);
      this.#snapshot?.changed.add(row.id);
    }
    const snapshot = how === 'reading' ? undefined : this.#snapshot;
    const readAnew = how === 'reading' || (how === 'page' && snapshot?.named.has(row.id) === false);
    snapshot?.named.add(row.id);
    const rows = how === 'reading' ? this.#entries : this.#rows;
    const known = rows.get(row.id);
    const removed = (how === 'reading' ? this.#removed : this.#currentRemoved).get(row.id);
    if (removed && (row.revision <= removed.revision || isOlder(asked, removed))) {
      snapshot?.named.delete(row.id);
      this.#ignore(row.id, removed.revision, row.revision, how);
      return row.id;
    }
    if (known && row.revision < known.row.revision) {
      this.#ignore(row.id, known.row.revision, row.revision, how);
      return row.id;
    }
    if (how === 'upsert') snapshot?.changed.add(row.id);
    const repeated = known?.row.revision === row.revision;
    const { unreadableSince, unreadableRevision = 0 } = known ?? {};
    const olderThanUnreadable = unreadableSince !== undefined && row.revision < unreadableRevision;
    // The same revision, seen live, proves nothing about what could not be read after it; read anew, it does.
    const asBefore = repeated && (unreadableSince === undefined || olderThanUnreadable || !readAnew);
    if (asBefore && how !== 'reading') return row.id;
    const entry: Entry = {
      ...(asBefore ? known : { row }),
      ...(olderThanUnreadable ? { unreadableSince, unreadableRevision } : {}),
      ...(how === 'reading' ? { readAt: this.events.now() } : {}),
    };
    rows.set(row.id, entry);
    if (rows === this.#entries) {
      this.#removed.delete(row.id);
      this.events.onRowChange(row.id, known, entry);
    }
    return row.id;
  }

  /** It is older than what is known: late. In a snapshot nothing should be, unless the campaign has changed meanwhile. */
  #ignore(id: string, known: number, got: number, how: 'page' | 'upsert' | 'reading'): void {
    const snapshot = this.#snapshot;
    const regressed = how === 'page' && snapshot !== undefined && !snapshot.changed.has(id);
    if (regressed) {
      snapshot.regressed = true;
      if (++this.#regressions >= TOLERATED_REGRESSIONS) this.#distrusted = true;
    }
    if (regressed || how === 'upsert') this.#behind = true;
    this.events.onIgnored(regressed ? 'regressions' : 'late', { id, known, got });
  }

  #keepLastGood(
    id: string,
    { revision, problem }: { readonly revision?: number | undefined; readonly problem: string },
    how: 'page' | 'upsert' | 'reading',
    asked?: Known,
  ): void {
    const rows = how === 'reading' ? this.#entries : this.#rows;
    const known = rows.get(id);
    const removed = known ? undefined : (how === 'reading' ? this.#removed : this.#currentRemoved).get(id);
    const latest = known?.row.revision ?? removed?.revision ?? -1;
    if ((revision !== undefined && revision <= latest) || (removed && isOlder(asked, removed))) {
      if (known && how !== 'reading') this.#snapshot?.named.add(id);
      if (!known || revision !== latest) this.#ignore(id, latest, revision ?? -1, how);
      return;
    }
    this.events.onIgnored('unreadable', { id, problem, known: known?.row.revision ?? -1 });
    if (how !== 'reading') this.#snapshot?.named.add(id);
    if (known?.unreadableSince !== undefined) {
      if (revision !== undefined && revision > (known.unreadableRevision ?? -1))
        rows.set(id, { ...known, unreadableRevision: revision });
      return;
    }
    // What is kept of another numbering must not stand in the way of this one's revisions.
    const former = rows === this.#entries ? undefined : this.#entries.get(id);
    const last = known?.row ?? (former && { ...former.row, revision: -1 }) ?? unreadableRow(id);
    const entry: Entry = {
      row: last,
      unreadableSince: this.events.now(),
      ...(revision === undefined ? {} : { unreadableRevision: revision }),
    };
    rows.set(id, entry);
    if (rows === this.#entries) this.events.onRowChange(id, known, entry);
  }

  #removeRow(id: string, revision: number, reason: string): void {
    const rows = this.#rows;
    const known = rows.get(id);
    const before = this.#currentRemoved.get(id);
    if (!known && before && before.revision >= revision) return;
    remember(this.#currentRemoved, id, {
      row: known?.row ?? before?.row ?? this.#entries.get(id)?.row ?? unreadableRow(id),
      revision,
      reason,
    });
    if (!known) return;
    rows.delete(id);
    if (rows === this.#entries) this.events.onRowChange(id, known, undefined);
  }

  /** It was not named. That is no removal with a revision of its own: the same row may come back, such as when a right is given back. */
  #removeUnnamed(id: string, entry: Entry): void {
    remember(this.#removed, id, { row: entry.row, revision: entry.row.revision - 1, reason: 'vanished' });
    this.#entries.delete(id);
    this.events.onRowChange(id, entry, undefined);
  }
}

function remember(gone: Map<string, RemovedRow>, id: string, removed: RemovedRow): void {
  gone.delete(id);
  gone.set(id, removed);
  if (gone.size <= REMEMBERED_REMOVALS) return;
  for (const oldest of gone.keys()) {
    gone.delete(oldest);
    break;
  }
}

/** A removal without a revision of its own, such as a sweep, is newer than what was asked for before it. */
function isOlder(asked: Known | undefined, removed: RemovedRow): boolean {
  return asked !== undefined && asked.removed !== removed;
}

/** A row that can't even be looked at (a getter that throws) is like any other that can't be read. */
function read(item: unknown, system: string): ParsedRow {
  try {
    return parseRow(item, system);
  } catch (error) {
    return { id: undefined, problem: String(error) };
  }
}
