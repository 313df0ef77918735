import { type CampaignRow, summarize, parseRemoval, type ParsedRow, parseRow, unreadableRow } from './parse-record.ts';

/** A campaign in the row store. */
export interface Entry {
  readonly row: CampaignRow;
  /** Set when a later row could not be read: the time (server clock) at which `row` was still true. */
  readonly unreadableSince?: number;
  /** The revision of the unreadable row, if it is known. Only a row with this or a higher revision replaces it. */
  readonly unreadableRevision?: number;
  /** When `row` came from a single read instead of the feed: it may be newer than a lost feed. */
  readonly readAt?: number;
}

/** A removed campaign. */
export interface RemovedRow {
  readonly row: CampaignRow;
  /** A row with a revision up to this one is older than the removal. */
  readonly revision: number;
  readonly reason: string;
}

/** What was known of a campaign when a single read was requested: the feed may change it before the answer comes. */
export interface Known {
  readonly entry: Entry | undefined;
  readonly removed: RemovedRow | undefined;
  /** What the latest snapshot covered at that time. */
  readonly coverage: Coverage;
}

/** Whether a snapshot would contain a campaign if it existed. */
type Coverage = (id: string) => boolean;

/** Callbacks of the row store, and its clock. */
export interface RowStoreEvents {
  /** The entry of a campaign was added, replaced or removed. */
  onRowChange(id: string, before: Entry | undefined, after: Entry | undefined): void;
  /** Data was not applied. */
  onIgnored(what: 'dropped' | 'late' | 'unreadable' | 'regressions', detail: unknown): void;
  /** Now, by the server's clock. */
  now(): number;
}

/** How many removals are remembered; the oldest are dropped first. */
const REMEMBERED_REMOVALS = 1000;
/** After this many rows with lower revisions, in one snapshot or in consecutive ones, the backend must have restarted its revisions unannounced. */
const TOLERATED_REGRESSIONS = 3;

/**
 * The campaigns of one system: merges pages, upserts and removals into one state. Within an epoch the higher revision wins, and rows
 * that a complete snapshot does not contain are removed. Rows of a new epoch are staged separately and swapped in at once.
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
        /** Campaigns changed during the snapshot: an older row of the snapshot is only late. */
        readonly changed: Set<string>;
        regressed: boolean;
      }
    | undefined;
  #regressions = 0;
  #distrusted = false;
  #behind = false;
  #contested = false;
  /** Campaigns that were read singly since the present feed was requested. */
  readonly #readMeanwhile = new Set<string>();
  /** The epoch of the latest of them. */
  #readEpoch: string | undefined;
  /** The coverage of the latest complete snapshot. Dropping all rows counts as an empty snapshot that covers everything. */
  #coverage: Coverage = () => false;

  constructor(
    private readonly system: string,
    private readonly events: RowStoreEvents,
  ) {}

  get entries(): ReadonlyMap<string, Entry> {
    return this.#entries;
  }

  /** The epoch of the rows; `undefined` before the first snapshot. */
  get epoch(): string | undefined {
    return this.#epoch;
  }

  /** The next snapshot can't be compared with the rows: too many lower revisions came in the same epoch. */
  get distrusted(): boolean {
    return this.#distrusted;
  }

  /** Since the latest snapshot began, the feed has sent something older than the rows. */
  get behind(): boolean {
    return this.#behind;
  }

  /** The latest snapshot did not contain a campaign that was read singly meanwhile: it is unknown which is newer. */
  get contested(): boolean {
    return this.#contested;
  }

  /** A snapshot of this epoch may be outdated: since its feed was requested, a campaign was read in another epoch. */
  disputes(epoch: string): boolean {
    return this.#readEpoch !== undefined && this.#readEpoch !== epoch;
  }

  removed(id: string): RemovedRow | undefined {
    return this.#removed.get(id);
  }

  /** What is known of a campaign. Take it when a single read is requested, and pass it on with the answer. */
  known(id: string): Known {
    return { entry: this.#entries.get(id), removed: this.#removed.get(id), coverage: this.#coverage };
  }

  /** Whether a campaign has changed since a single read was requested. */
  changedSince(id: string, knownBefore: Known): boolean {
    const { entry, removed } = this.known(id);
    return entry ? entry !== knownBefore.entry : removed !== undefined && removed !== knownBefore.removed;
  }

  /** A new feed is requested: everything that it sends is newer than earlier single reads. */
  feedRequested(): void {
    this.#readMeanwhile.clear();
    this.#readEpoch = undefined;
  }

  /** Begins a snapshot. Rows of the present epoch are applied at once, those of another epoch at the end. */
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

  /** The feed ended before its snapshot was complete. */
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
   * Applies a campaign that was read singly.
   *
   * @param knownBefore what was known when the read was requested
   * @param epoch the epoch of the row, if it names one; the first epoch that comes is the present one
   * @returns its id, or `undefined` if it could not be parsed
   */
  reading(item: unknown, knownBefore: Known, epoch?: string): string | undefined {
    const parsed = read(item, this.system);
    const id = 'row' in parsed ? parsed.row.id : parsed.id;
    // It was requested before a snapshot that did not contain it, so it would bring back a removed campaign.
    if (id !== undefined && knownBefore.coverage !== this.#coverage && this.#coverage(id) && !this.#entries.has(id)) {
      this.events.onIgnored('late', { id });
      return id;
    }
    this.#epoch ??= epoch;
    this.#readEpoch = epoch ?? this.#readEpoch;
    return this.#fold(item, 'reading', knownBefore);
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
   * Removes a campaign that a single read did not find.
   *
   * @param knownBefore what was known when the read was requested
   * @returns false, without a removal, if the campaign was not known or has changed meanwhile: then it is unknown which is newer
   */
  removeAbsent(id: string, knownBefore: Known): boolean {
    const known = this.#entries.get(id);
    if (!known || known !== knownBefore.entry) return false;
    this.#removeUnnamed(id, known);
    return true;
  }

  /**
   * Ends a snapshot: swaps in a new epoch, and removes rows that it did not contain.
   *
   * @param scope the ids that were requested; `undefined` for all
   * @param partial campaigns that it did not contain may still exist, so none is removed
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
          // A row of the old epoch can't stay among the new ones. It counts as removed only if the snapshot covers it.
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

  /** Drops every row. */
  clear(): void {
    const before = this.#entries;
    this.#entries = new Map();
    this.#removed.clear();
    this.#epoch = undefined;
    this.#snapshot = undefined;
    this.#coverage = () => true;
    for (const [id, entry] of before) this.events.onRowChange(id, entry, undefined);
  }

  /** The rows that the feed changes now: the staged ones while a snapshot of a new epoch is read. */
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

  #fold(item: unknown, how: 'page' | 'upsert' | 'reading', knownBefore?: Known): string | undefined {
    const parsed = read(item, this.system);
    if (!('row' in parsed)) {
      if (parsed.id === undefined) this.events.onIgnored('dropped', { problem: parsed.problem, item: summarize(item) });
      else this.#keepLastGood(parsed.id, parsed, how, knownBefore);
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
    if (removed && (row.revision <= removed.revision || isOlder(knownBefore, removed))) {
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
    // A repeated revision replaces a later unreadable row only if it was read again: a live repetition may be older.
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

  /** Reports a row that is older than the known one. In a snapshot this is a regression, unless the campaign changed meanwhile. */
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
    knownBefore?: Known,
  ): void {
    const rows = how === 'reading' ? this.#entries : this.#rows;
    const known = rows.get(id);
    const removed = known ? undefined : (how === 'reading' ? this.#removed : this.#currentRemoved).get(id);
    const latest = known?.row.revision ?? removed?.revision ?? -1;
    if ((revision !== undefined && revision <= latest) || (removed && isOlder(knownBefore, removed))) {
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
    // A row kept from another epoch gets revision -1, so that rows of this epoch replace it.
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

  /** Removes a row that a snapshot did not contain. The same revision may return, such as when a permission is granted again. */
  #removeUnnamed(id: string, entry: Entry): void {
    remember(this.#removed, id, { row: entry.row, revision: entry.row.revision - 1, reason: 'vanished' });
    this.#entries.delete(id);
    this.events.onRowChange(id, entry, undefined);
  }
}

function remember(removals: Map<string, RemovedRow>, id: string, removed: RemovedRow): void {
  removals.delete(id);
  removals.set(id, removed);
  if (removals.size <= REMEMBERED_REMOVALS) return;
  for (const oldest of removals.keys()) {
    removals.delete(oldest);
    break;
  }
}

/** True for a read that was requested before the removal: a removal without its own revision is newer than it. */
function isOlder(knownBefore: Known | undefined, removed: RemovedRow): boolean {
  return knownBefore !== undefined && knownBefore.removed !== removed;
}

/** Parses a row. A getter that throws makes it unreadable, like any other mistake. */
function read(item: unknown, system: string): ParsedRow {
  try {
    return parseRow(item, system);
  } catch (error) {
    return { id: undefined, problem: String(error) };
  }
}
