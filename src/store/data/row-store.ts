import { limitRemovals, removalRevision, revisionOrder } from '../../adapters/revision-order.ts';
import {
  type CampaignRow,
  parseRemoval,
  type ParsedRow,
  parseRow,
  sameContent,
  summarize,
  unreadableRow,
} from './parse-record.ts';
import { StuckRows } from './stuck-rows.ts';

/** A campaign in the row store. */
export interface Entry {
  /** Keeps its reference while only the revision grows. */
  readonly row: CampaignRow;
  /** -1: kept from another epoch, or no readable row has come yet. After a removal at least the revision of that. */
  readonly revision: number;
  /** Set when a later row could not be read: the time (server clock) at which `row` was still true. */
  readonly unreadableSince?: number;
  /** The revision of the unreadable row, if it is known. Only a row with this or a higher revision replaces it. */
  readonly unreadableRevision?: number;
  /** When `row` came from a single read or an action's answer instead of the feed: it may be newer than what the feed has sent. */
  readonly readAt?: number;
  /**
   * Set if the latest snapshot did not contain the campaign, which a single read or the feed before had brought meanwhile: the time
   * (server clock) of that snapshot. Which of them is newer shows when the feed sends the campaign, or does not.
   */
  readonly unconfirmedSince?: number;
}

/** In place of a feed's number, for rows that no feed brought. Feeds are numbered from 1. */
const READING = 0;

/** A removed campaign. */
export interface RemovedRow {
  readonly row: CampaignRow;
  /** A row with a revision up to this one is older than the removal. */
  readonly revision: number;
  readonly reason: string;
  /** Removed because a single read did not find it: what this feed has yet to send may be older. */
  readonly ignoredFeed?: number;
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

/** The entry of a campaign was added, replaced or removed. */
export interface Delta {
  readonly id: string;
  readonly before: Entry | undefined;
  readonly after: Entry | undefined;
}

/** True if a list may show something else: the campaign came, left, became stuck, or has another status, name or time. */
export function concernsLists({ before, after }: Delta): boolean {
  const [one, other] = [before?.row, after?.row];
  return (
    one !== other &&
    (one?.status !== other?.status ||
      one?.name !== other?.name ||
      one?.at !== other?.at ||
      one?.stuckSince !== other?.stuckSince)
  );
}

/** Data that was not applied. */
export interface Ignored {
  readonly what: 'dropped' | 'late' | 'unreadable' | 'regressions';
  readonly detail: object;
  /** The feed sent it live, and it is older than what feeds had sent: revisions may have started over. */
  readonly suspicious?: boolean;
}

/** After this many rows with lower revisions, in one snapshot or in consecutive ones, the backend must have restarted its revisions unannounced. */
const TOLERATED_REGRESSIONS = 3;

/** A snapshot that a feed is sending. */
interface Snapshot {
  readonly feed: number;
  readonly epoch: string;
  /** The rows of a new epoch, until they are swapped in. */
  readonly staged: Map<string, Entry> | undefined;
  /** Removals among the staged rows. */
  readonly removed: Map<string, RemovedRow>;
  readonly named: Set<string>;
  /** Campaigns that the feed itself changed during the snapshot: an older row of the snapshot is only late. */
  readonly changed: Set<string>;
  regressed: boolean;
}

type Origin = 'page' | 'upsert' | 'reading';

/**
 * The campaigns of one system: merges pages, upserts and removals into one state. Within an epoch the higher revision wins, and rows
 * that a complete snapshot does not contain are removed. Rows of a new epoch are staged separately and swapped in at once. Two feeds
 * may send at a time: the present one, and its successor, which is sending a snapshot.
 *
 * What a call changed is collected until {@link takeDeltas} and {@link takeIgnored} hand it over.
 */
export class RowStore {
  #entries = new Map<string, Entry>();
  #removed = new Map<string, RemovedRow>();
  #epoch: string | undefined;
  #snapshot: Snapshot | undefined;
  #regressions = 0;
  #distrusted = false;
  #deltas: Delta[] = [];
  #ignored: Ignored[] = [];
  #latestFeed = 0;
  /** What single reads and the feed before the latest one have changed since that was requested; `undefined`: removed. */
  readonly #changedMeanwhile = new Map<string, Entry | undefined>();
  /** Campaigns whose entry is unconfirmed. */
  readonly #unconfirmed = new Set<string>();
  /** The epoch of the latest single read since the latest feed was requested. */
  #readEpoch: string | undefined;
  /** The coverage of the latest complete snapshot. Dropping all rows counts as an empty snapshot that covers everything. */
  #coverage: Coverage = () => false;
  /** The feed that sent it. */
  #coveredBy = 0;
  /** Removed campaigns of which the present feed is not believed. */
  readonly #notFound = new Set<string>();
  /** Only where the lifecycle says when campaigns are stuck. */
  readonly #stuck: StuckRows | undefined;

  /**
   * @param now by the server's clock
   * @param stuckAfter `stuckAfterMs` of the statuses that have one
   */
  constructor(
    private readonly system: string,
    private readonly now: () => number,
    stuckAfter: ReadonlyMap<string, number> = new Map(),
  ) {
    this.#stuck = stuckAfter.size > 0 ? new StuckRows(stuckAfter) : undefined;
  }

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

  /** True while the latest complete snapshot held lower revisions than the rows. */
  get regressed(): boolean {
    return this.#regressions > 0;
  }

  /** Some campaigns are kept although the latest snapshot did not contain them. */
  get hasUnconfirmed(): boolean {
    return this.#unconfirmed.size > 0;
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
  changedSince(id: string, asked: Known): boolean {
    const { entry, removed } = this.known(id);
    return entry ? entry !== asked.entry : removed !== undefined && removed !== asked.removed;
  }

  /** The changes since the last call. */
  takeDeltas(): readonly Delta[] {
    const deltas = this.#deltas;
    if (deltas.length) this.#deltas = [];
    return deltas;
  }

  /** What was not applied since the last call. */
  takeIgnored(): readonly Ignored[] {
    const ignored = this.#ignored;
    if (ignored.length) this.#ignored = [];
    return ignored;
  }

  /** A new feed is requested: everything that it sends is newer than earlier single reads, and than earlier changes of its predecessor. */
  feedRequested(feed: number): void {
    this.#latestFeed = feed;
    this.#changedMeanwhile.clear();
    this.#readEpoch = undefined;
  }

  /** A feed begins a snapshot. Rows of the present epoch are applied at once, those of another epoch at the end. */
  beginSnapshot(feed: number, epoch: string): void {
    const another = this.#distrusted || (this.#epoch !== undefined && this.#epoch !== epoch);
    this.#epoch ??= epoch;
    this.#snapshot = {
      feed,
      epoch,
      staged: another ? new Map() : undefined,
      removed: new Map(),
      named: new Set(),
      changed: new Set(),
      regressed: false,
    };
  }

  /** A feed ended. Its snapshot, if it was sending one, is incomplete. */
  abandonSnapshot(feed: number): void {
    if (this.#snapshot?.feed === feed) this.#snapshot = undefined;
  }

  /** Rows of the snapshot. */
  page(feed: number, items: unknown): void {
    for (const item of this.#list(items)) this.#fold(item, 'page', feed);
  }

  /** Live changes. */
  upsert(feed: number, items: unknown): void {
    for (const item of this.#list(items)) this.#fold(item, 'upsert', feed);
  }

  /**
   * Applies a campaign that was read singly.
   *
   * @param asked what was known when the read was requested
   * @param epoch the epoch of the row, if it names one; the first epoch that comes is the present one
   * @returns its id, or `undefined` if it could not be parsed
   */
  reading(item: unknown, asked: Known, epoch?: string): string | undefined {
    const parsed = read(item, this.system);
    const id = 'row' in parsed ? parsed.row.id : parsed.id;
    // It was requested before a snapshot that did not contain it, so it would bring back a removed campaign, or prove an unconfirmed one.
    const unnamed = id !== undefined && (!this.#entries.has(id) || this.#unconfirmed.has(id));
    if (unnamed && asked.coverage !== this.#coverage && this.#coverage(id)) {
      this.#ignored.push({ what: 'late', detail: { id } });
      return id;
    }
    this.#epoch ??= epoch;
    this.#readEpoch = epoch ?? this.#readEpoch;
    return this.#fold(item, 'reading', READING, asked, parsed);
  }

  /** Live removals. */
  remove(feed: number, items: unknown): void {
    const snapshot = this.#snapshotOf(feed);
    for (const item of this.#list(items)) {
      const removal = parseRemoval(item);
      if (typeof removal === 'string') {
        this.#ignored.push({ what: 'dropped', detail: { problem: removal, item: summarize(item) } });
        continue;
      }
      const { id, revision, reason = '' } = removal;
      const known = this.#rowsOf(feed).get(id);
      const latest = known && Math.max(known.revision, known.unreadableRevision ?? -1);
      const upTo = removalRevision(revision, latest, this.#removedOf(feed).get(id)?.revision);
      if (upTo === undefined) {
        this.#ignore(id, latest!, revision!, 'upsert', known?.readAt === undefined);
        continue;
      }
      snapshot?.named.delete(id);
      snapshot?.changed.add(id);
      if (feed !== this.#latestFeed) this.#changedMeanwhile.set(id, undefined);
      this.#removeRow(feed, id, upTo, reason);
    }
  }

  /**
   * Removes a campaign that a single read did not find.
   *
   * @param asked what was known when the read was requested
   * @param feed what the present feed has yet to send may be older than the read
   * @returns false, without a removal, if the campaign was not known or has changed meanwhile: then it is unknown which is newer
   */
  removeAbsent(id: string, asked: Known, feed: number | undefined): boolean {
    const known = this.#entries.get(id);
    if (!known || known !== asked.entry) return false;
    this.#removeUnnamed(id, known, feed);
    if (feed !== undefined) this.#notFound.add(id);
    return true;
  }

  /**
   * Ends a snapshot: swaps in a new epoch, and removes rows that it did not contain.
   *
   * @param scope the ids that were requested; `undefined` for all
   * @param partial campaigns that it did not contain may still exist, so none is removed
   * @returns whether all rows were swapped: revisions can't be compared with earlier ones
   */
  endSnapshot(feed: number, scope: ReadonlySet<string> | undefined, partial: boolean): boolean {
    const snapshot = this.#snapshotOf(feed);
    if (!snapshot) return false;
    this.#snapshot = undefined;
    if (!snapshot.regressed) this.#regressions = 0;
    const covers: Coverage = (id) => (scope ? scope.has(id) : !partial);
    this.#coverage = covers;
    this.#coveredBy = feed;
    if (snapshot.staged) {
      this.#unconfirmed.clear();
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
          this.#changed(id, entry, undefined);
        }
      for (const [id, entry] of this.#entries) this.#changed(id, before.get(id), entry);
      if (feed === this.#latestFeed) this.#changedMeanwhile.clear();
      return true;
    }
    for (const [id, entry] of [...this.#entries]) {
      if (!covers(id) || snapshot.named.has(id)) continue;
      if (this.#changedMeanwhile.get(id) === entry) {
        this.#unconfirmed.add(id);
        this.#replace(id, { ...entry, unconfirmedSince: this.now() });
      } else this.#removeUnnamed(id, entry);
    }
    // Later snapshots of this feed are newer than what it records.
    if (feed === this.#latestFeed) this.#changedMeanwhile.clear();
    return false;
  }

  /** Removes the campaigns that the feed had time to send, and has not. */
  removeUnconfirmed(): void {
    for (const id of [...this.#unconfirmed]) this.#removeUnnamed(id, this.#entries.get(id)!);
  }

  /** What the feed sends of campaigns that a single read did not find is believed again: by now it has sent what is older. */
  acceptAgain(): void {
    for (const id of this.#notFound) {
      const removed = this.#removed.get(id);
      if (!removed) continue;
      const { ignoredFeed: _, ...rest } = removed;
      this.#removed.set(id, rest);
    }
    this.#notFound.clear();
  }

  /** When to call {@link markStuck}, by the server's clock; `Infinity` for never. */
  get stuckDue(): number {
    return this.#stuck?.due ?? Infinity;
  }

  /** Marks the campaigns that have become stuck. */
  markStuck(): void {
    for (const id of this.#stuck?.next(this.now()) ?? []) {
      const entry = this.#entries.get(id)!;
      this.#replace(id, { ...entry, row: this.#marked(entry.row) });
    }
  }

  /** Drops every row. */
  clear(): void {
    const before = this.#entries;
    this.#entries = new Map();
    this.#removed.clear();
    this.#unconfirmed.clear();
    this.#changedMeanwhile.clear();
    this.#epoch = undefined;
    this.#snapshot = undefined;
    this.#regressions = 0;
    this.#distrusted = false;
    this.#coverage = () => true;
    for (const [id, entry] of before) this.#changed(id, entry, undefined);
  }

  #replace(id: string, entry: Entry): void {
    const before = this.#entries.get(id);
    this.#entries.set(id, entry);
    this.#changed(id, before, entry);
  }

  #changed(id: string, before: Entry | undefined, after: Entry | undefined): void {
    this.#stuck?.follow(id, after?.row);
    this.#deltas.push({ id, before, after });
  }

  #marked(row: CampaignRow): CampaignRow {
    return this.#stuck ? this.#stuck.marked(row, this.now()) : row;
  }

  #snapshotOf(feed: number): Snapshot | undefined {
    return this.#snapshot?.feed === feed ? this.#snapshot : undefined;
  }

  /** The rows that a feed changes now: the staged ones while it sends a snapshot of a new epoch. */
  #rowsOf(feed: number): Map<string, Entry> {
    return this.#snapshotOf(feed)?.staged ?? this.#entries;
  }

  /** Removals that belong to {@link #rowsOf}. */
  #removedOf(feed: number): Map<string, RemovedRow> {
    const snapshot = this.#snapshotOf(feed);
    return snapshot?.staged ? snapshot.removed : this.#removed;
  }

  #list(items: unknown): readonly unknown[] {
    if (Array.isArray(items)) return items;
    this.#ignored.push({ what: 'dropped', detail: { problem: '`items` must be a list' } });
    return [];
  }

  #fold(
    item: unknown,
    origin: Origin,
    feed: number,
    asked?: Known,
    parsed: ParsedRow = read(item, this.system),
  ): string | undefined {
    if (!('row' in parsed)) {
      if (parsed.id === undefined)
        this.#ignored.push({ what: 'dropped', detail: { problem: parsed.problem, item: summarize(item) } });
      else this.#keepLastGood(parsed.id, parsed, origin, feed, asked);
      return undefined;
    }
    const { row, revision } = parsed;
    const { id } = row;
    const snapshot = this.#snapshotOf(feed);
    const readAgain = origin === 'reading' || (origin === 'page' && snapshot?.named.has(id) === false);
    snapshot?.named.add(id);
    const rows = this.#rowsOf(feed);
    const known = rows.get(id);
    const removed = this.#removedOf(feed).get(id);
    const order = revisionOrder(revision, known?.revision, removed?.revision);
    if (removed && (order === 'older' || isNewer(removed, feed, asked))) {
      snapshot?.named.delete(id);
      this.#ignore(id, removed.revision, revision, origin, removed.ignoredFeed === undefined);
      return id;
    }
    if (known && order === 'older') {
      if (origin === 'reading') this.#changedMeanwhile.set(id, known);
      this.#ignore(id, known.revision, revision, origin, known.readAt === undefined);
      return id;
    }
    if (origin === 'upsert') snapshot?.changed.add(id);
    const { unreadableSince, unreadableRevision = 0 } = known ?? {};
    const olderThanUnreadable = unreadableSince !== undefined && revision < unreadableRevision;
    // A repeated revision replaces a later unreadable row only if it was read again: a live repetition may be older.
    const asBefore =
      known && order === 'repeated' && (unreadableSince === undefined || olderThanUnreadable || !readAgain);
    if (asBefore && origin !== 'reading') {
      if (this.#unconfirmed.has(id) && feed >= this.#coveredBy && rows === this.#entries) {
        this.#replace(id, confirmed(known));
        this.#unconfirmed.delete(id);
      }
      return id;
    }
    const content: Entry = asBefore
      ? confirmed(known)
      : { row: known && sameContent(known.row, row) ? known.row : this.#marked(row), revision };
    const entry: Entry =
      olderThanUnreadable || origin === 'reading'
        ? {
            ...content,
            ...(olderThanUnreadable ? { unreadableSince, unreadableRevision } : {}),
            ...(origin === 'reading' ? { readAt: this.now() } : {}),
          }
        : content;
    this.#put(feed, id, known, entry);
    return id;
  }

  #put(feed: number, id: string, known: Entry | undefined, entry: Entry): void {
    const rows = this.#rowsOf(feed);
    rows.set(id, entry);
    this.#removedOf(feed).delete(id);
    if (rows !== this.#entries) return;
    this.#unconfirmed.delete(id);
    if (feed !== this.#latestFeed) this.#changedMeanwhile.set(id, entry);
    this.#changed(id, known, entry);
  }

  /**
   * Reports a row that is older than the known one. In a snapshot this is a regression, unless the campaign changed meanwhile.
   *
   * @param fromFeed the known one came from a feed, not from a single read
   */
  #ignore(id: string, known: number, got: number, origin: Origin, fromFeed: boolean): void {
    const snapshot = this.#snapshot;
    const regressed =
      origin === 'page' && snapshot !== undefined && !snapshot.changed.has(id) && !this.#changedMeanwhile.has(id);
    if (regressed) {
      snapshot.regressed = true;
      if (++this.#regressions >= TOLERATED_REGRESSIONS) this.#distrusted = true;
    }
    this.#ignored.push({
      what: regressed ? 'regressions' : 'late',
      detail: { id, known, got },
      suspicious: origin === 'upsert' && fromFeed,
    });
  }

  #keepLastGood(
    id: string,
    { revision, problem }: { readonly revision?: number | undefined; readonly problem: string },
    origin: Origin,
    feed: number,
    asked?: Known,
  ): void {
    const snapshot = this.#snapshotOf(feed);
    const rows = this.#rowsOf(feed);
    const known = rows.get(id);
    const removed = this.#removedOf(feed).get(id);
    const latest = known?.revision ?? removed?.revision ?? -1;
    const order = revision === undefined ? 'newer' : revisionOrder(revision, known?.revision, removed?.revision);
    if (order !== 'newer' || (removed && isNewer(removed, feed, asked))) {
      if (known) snapshot?.named.add(id);
      if (order !== 'repeated') this.#ignore(id, latest, revision ?? -1, origin, known?.readAt === undefined);
      return;
    }
    this.#ignored.push({ what: 'unreadable', detail: { id, problem, known: known?.revision ?? -1 } });
    snapshot?.named.add(id);
    if (known?.unreadableSince !== undefined) {
      if (revision !== undefined && revision > (known.unreadableRevision ?? -1))
        rows.set(id, { ...known, unreadableRevision: revision });
      return;
    }
    // A row kept from another epoch does not keep its revision, so that rows of this epoch replace it.
    const former = rows === this.#entries ? undefined : this.#entries.get(id);
    const last = known ?? { row: former?.row ?? unreadableRow(id), revision: latest };
    this.#put(feed, id, known, {
      row: last.row,
      revision: last.revision,
      unreadableSince: this.now(),
      ...(revision === undefined ? {} : { unreadableRevision: revision }),
    });
  }

  #removeRow(feed: number, id: string, revision: number, reason: string): void {
    const rows = this.#rowsOf(feed);
    const removed = this.#removedOf(feed);
    const known = rows.get(id);
    const before = removed.get(id);
    if (!known && before && before.revision >= revision && before.ignoredFeed !== feed) return;
    remember(removed, id, {
      row: known?.row ?? before?.row ?? this.#entries.get(id)?.row ?? unreadableRow(id),
      revision,
      reason,
    });
    if (!known) return;
    rows.delete(id);
    if (rows !== this.#entries) return;
    this.#unconfirmed.delete(id);
    this.#changed(id, known, undefined);
  }

  /** Removes a row that a snapshot or a single read did not contain. The same revision may return, such as when a permission is granted again. */
  #removeUnnamed(id: string, { row, revision }: Entry, ignoredFeed?: number): void {
    remember(this.#removed, id, {
      row,
      revision: revision - 1,
      reason: 'vanished',
      ...(ignoredFeed === undefined ? {} : { ignoredFeed }),
    });
    const known = this.#entries.get(id);
    this.#entries.delete(id);
    this.#unconfirmed.delete(id);
    this.#changed(id, known, undefined);
  }
}

function confirmed({ unconfirmedSince: _, ...entry }: Entry): Entry {
  return entry;
}

function remember(removals: Map<string, RemovedRow>, id: string, removed: RemovedRow): void {
  removals.delete(id);
  removals.set(id, removed);
  limitRemovals(removals);
}

/** Whether a removal is newer than a row, whatever their revisions: it came after the row was requested, or this feed may not have sent it yet. */
function isNewer(removed: RemovedRow, feed: number, asked: Known | undefined): boolean {
  return removed.ignoredFeed === feed || (asked !== undefined && asked.removed !== removed);
}

/** Parses a row. A getter that throws makes it unreadable, like any other mistake. */
function read(item: unknown, system: string): ParsedRow {
  try {
    return parseRow(item, system);
  } catch (error) {
    return { id: undefined, problem: String(error) };
  }
}
