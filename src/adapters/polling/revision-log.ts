import { WakeableSleep } from '../../util/wakeable-sleep.ts';
import { type ActRequest, AdapterError, type CampaignRecord } from '../contract.ts';
import { limitRemovals } from '../revision-order.ts';

/** The longest id that the store accepts. */
const LONGEST_ID = 1024;

/** The fields that the store reads. A change of other fields counts as none. */
const FIELDS = [
  'id',
  'status',
  'name',
  'system',
  'message',
  'at',
  'changedBy',
  'missing',
  'cause',
  'denied',
] as const satisfies readonly (keyof CampaignRecord)[];

interface RevisedRow {
  /** The row as JSON, for comparison. */
  readonly text: string;
  readonly revision: number;
  /** One paged read did not contain it. It counts as removed if the next one misses it too. */
  missed?: boolean;
}

/**
 * The campaigns of one system as they were read last, each with the revision of its last change. A backend that only lists has no
 * revisions, so they are counted here: every changed row and every removal increments one counter for all feeds.
 */
export class RevisionLog {
  readonly #rows = new Map<string, RevisedRow>();
  readonly #removed = new Set<string>();
  readonly #readings = new Set<ListReading>();
  readonly #runningActions = new Set<{ readonly id: string; readonly over: Promise<void> }>();
  #revision = 0;

  constructor(readonly system: string) {}

  /** The ids of all present campaigns. */
  get ids(): Iterable<string> {
    return this.#rows.keys();
  }

  get size(): number {
    return this.#rows.size;
  }

  /** The ids of removed campaigns, as far as they are remembered. */
  get removed(): Iterable<string> {
    return this.#removed;
  }

  /** The revision of the latest change of any campaign. Every removal happened at or before it. */
  get revision(): number {
    return this.#revision;
  }

  has(id: string): boolean {
    return this.#rows.has(id);
  }

  /** The revision of a campaign's last change. */
  revisionOf(id: string): number | undefined {
    return this.#rows.get(id)?.revision;
  }

  /** A copy of a campaign's row with its revision. Untrusted, like all data from a backend. */
  row(id: string): unknown {
    const { text, revision } = this.#rows.get(id)!;
    return { ...(JSON.parse(text) as object), revision };
  }

  /** Begins a read. Always {@link ListReading.close} it. */
  read(): ListReading {
    const reading = new ListReading(
      this,
      [...this.#runningActions].map(({ id }) => id),
    );
    this.#readings.add(reading);
    return reading;
  }

  /**
   * Runs an action on a campaign. A read that overlaps with it may have seen the campaign before the action's effect.
   *
   * @param longest after this many ms, an action no longer keeps the campaign from being read
   */
  async runAction<T>({ ref: { id }, signal }: ActRequest, longest: number, action: () => Promise<T>): Promise<T> {
    const answer = new WakeableSleep();
    const one = { id, over: answer.sleep(longest, signal) };
    this.#runningActions.add(one);
    void one.over.then(() => this.#runningActions.delete(one));
    this.markUncertain(id);
    try {
      return await action();
    } finally {
      answer.wake();
      this.#runningActions.delete(one);
      this.markUncertain(id);
    }
  }

  /** Waits until no action on this campaign is running. */
  async whenIdle(id: string): Promise<void> {
    await Promise.all([...this.#runningActions].filter((one) => one.id === id).map(({ over }) => over));
  }

  /** A campaign has changed or is being changed: running reads can't tell whether they saw it before or after. */
  markUncertain(id: string, except?: ListReading): void {
    for (const reading of this.#readings) if (reading !== except) reading.uncertain.add(id);
  }

  /** @returns false if the row differs from the known one and it is unknown which is newer */
  put(reading: ListReading, id: string, text: string): boolean {
    const known = this.#rows.get(id);
    if (known?.text === text) {
      delete known.missed;
      return true;
    }
    if (reading.uncertain.has(id)) return false;
    this.#rows.set(id, { text, revision: ++this.#revision });
    this.#removed.delete(id);
    this.markUncertain(id, reading);
    return true;
  }

  /** A read did not contain this campaign. @returns whether it is certain that there is no such campaign */
  miss(reading: ListReading, id: string): boolean {
    const known = this.#rows.get(id);
    if (!known) return true;
    if (reading.uncertain.has(id)) return false;
    this.markUncertain(id, reading);
    if (reading.paged && !known.missed) {
      known.missed = true;
      return false;
    }
    this.#rows.delete(id);
    this.#revision++;
    this.#removed.add(id);
    limitRemovals(this.#removed);
    return true;
  }

  /** Ends a read, successful or not. */
  forget(reading: ListReading): void {
    this.#readings.delete(reading);
  }
}

/** One read of a backend's list, or of one campaign. */
export class ListReading {
  /** The list comes in pages. A campaign can move from one page to another and be missed. */
  paged = false;
  /** Campaigns for which this read proves nothing, because an action or another read overlapped with it. */
  readonly uncertain: Set<string>;
  /** Rows without a usable id. They are passed on, so that the store reports them. */
  readonly invalidRows: unknown[] = [];
  /** Every campaign that it contained or missed could be compared. */
  settled = true;
  readonly #named = new Set<string>();

  constructor(
    private readonly revisions: RevisionLog,
    disturbed: readonly string[],
  ) {
    this.uncertain = new Set(disturbed);
  }

  /**
   * Applies rows that were read together.
   *
   * @returns the ids of their campaigns
   * @throws AdapterError `protocol` if two of them contradict each other
   */
  take(rows: readonly unknown[]): ReadonlySet<string> {
    const together = new Map<string, string>();
    for (const row of rows) {
      const id = idOf(row, this.revisions.system);
      if (id === undefined) {
        this.invalidRows.push(row);
        continue;
      }
      const text = textOf(row, id);
      const twin = together.get(id);
      if (twin !== undefined && twin !== text)
        throw new AdapterError(
          'protocol',
          `list("${this.revisions.system}") names ${JSON.stringify(id)} twice, with different content; ` +
            'an id must belong to one campaign of its system only',
        );
      together.set(id, text);
    }
    for (const [id, text] of together) {
      this.#named.add(id);
      if (!this.revisions.put(this, id, text)) this.settled = false;
    }
    return new Set(together.keys());
  }

  /** All rows were read: campaigns that were not among them are missing. */
  complete(): void {
    for (const id of [...this.revisions.ids]) if (!this.#named.has(id)) this.miss(id);
  }

  /** The read did not contain this campaign. */
  miss(id: string): void {
    if (!this.revisions.miss(this, id)) this.settled = false;
  }

  /** Ends the read, successful or not. */
  close(): void {
    this.revisions.forget(this);
  }
}

/** The id of a row, if it is one that the store would accept for this system. */
export function idOf(row: unknown, system: string): string | undefined {
  try {
    const { id, system: own } = row as { id?: unknown; system?: unknown };
    return typeof id === 'string' && id && id.length <= LONGEST_ID && (own ?? system) === system ? id : undefined;
  } catch {
    return undefined;
  }
}

function textOf(row: unknown, id: string): string {
  try {
    const record = row as Partial<Record<string, unknown>>;
    return JSON.stringify(Object.fromEntries(FIELDS.map((field) => [field, record[field] ?? undefined])));
  } catch {
    // A row that JSON can't hold is passed on with its id only: the store marks the campaign as unreadable.
    return JSON.stringify({ id });
  }
}
