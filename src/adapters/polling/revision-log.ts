import { WakeableSleep } from '../../util/wakeable-sleep.ts';
import { type ActRequest, AdapterError, type CampaignRecord } from '../contract.ts';

/** So many removals are remembered for watches that begin later; the oldest are forgotten first. */
const REMEMBERED_REMOVALS = 1000;
/** The longest id that the store can read. */
const LONGEST_ID = 1024;

/** What the store reads of a row. Whatever else a backend changes is no change here. */
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
  /** The row as JSON: equal text, equal row. */
  readonly text: string;
  readonly revision: number;
  /** A reading in pages did not name it. Once is no proof. */
  missed?: boolean;
}

/**
 * The campaigns of one system as they were read last, each with the stamp of its last change. A backend that only lists has no
 * revisions to give, so they are counted here: one counter, moved on by every changed row and every removal, for all watches.
 */
export class RevisionLog {
  readonly #rows = new Map<string, RevisedRow>();
  readonly #removed = new Set<string>();
  readonly #readings = new Set<ListReading>();
  readonly #runningActions = new Set<{ readonly id: string; readonly over: Promise<void> }>();
  #revision = 0;

  constructor(readonly system: string) {}

  /** Every campaign that is there. */
  get ids(): Iterable<string> {
    return this.#rows.keys();
  }

  get size(): number {
    return this.#rows.size;
  }

  /** Campaigns that are no longer there, as far back as it is remembered. */
  get removed(): Iterable<string> {
    return this.#removed;
  }

  /** The stamp of the latest change, whatever it was about. Whoever is gone has been gone since then at the latest. */
  get revision(): number {
    return this.#revision;
  }

  has(id: string): boolean {
    return this.#rows.has(id);
  }

  /** The stamp of a campaign's last change. */
  revisionOf(id: string): number | undefined {
    return this.#rows.get(id)?.revision;
  }

  /** A copy of a campaign's row, stamped. Untrusted, as everything that a backend gives. */
  row(id: string): unknown {
    const { text, revision } = this.#rows.get(id)!;
    return { ...(JSON.parse(text) as object), revision };
  }

  /** A reading begins. {@link ListReading.close} it in any case. */
  read(): ListReading {
    const reading = new ListReading(
      this,
      [...this.#runningActions].map(({ id }) => id),
    );
    this.#readings.add(reading);
    return reading;
  }

  /**
   * Runs an action on a campaign. What a reading says of it that was under way meanwhile may be older than the action's effect.
   *
   * @param longest an action that takes longer than so many ms no longer keeps the campaign from being read
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

  /** Waits until no action on this campaign is under way. */
  async whenIdle(id: string): Promise<void> {
    await Promise.all([...this.#runningActions].filter((one) => one.id === id).map(({ over }) => over));
  }

  /** Something else was learnt, or is being done, about a campaign: readings under way can't be compared with it. */
  markUncertain(id: string, except?: ListReading): void {
    for (const reading of this.#readings) if (reading !== except) reading.uncertain.add(id);
  }

  /** @returns false if this differs from what is known, and nobody can tell which is newer */
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

  /** A reading did not name this campaign. @returns whether that is settled: it is not there */
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
    for (const oldest of this.#removed) {
      if (this.#removed.size <= REMEMBERED_REMOVALS) break;
      this.#removed.delete(oldest);
    }
    return true;
  }

  /** A reading is over, well or not. */
  forget(reading: ListReading): void {
    this.#readings.delete(reading);
  }
}

/** One reading of a backend's list, or of one campaign. */
export class ListReading {
  /** It comes in pages, between which a campaign can slip through. */
  paged = false;
  /** Campaigns about which this reading proves nothing: an action, or another reading, got in between. */
  readonly uncertain: Set<string>;
  /** Rows that belong to no campaign; the store says what is wrong with them. */
  readonly invalidRows: unknown[] = [];
  /** Nothing that it read or missed had to be left open. */
  settled = true;
  readonly #named = new Set<string>();

  constructor(
    private readonly revisions: RevisionLog,
    disturbed: readonly string[],
  ) {
    this.uncertain = new Set(disturbed);
  }

  /**
   * Takes in rows that were read together.
   *
   * @returns the campaigns they are about
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

  /** Every row was taken: what was not named is gone, or was missed once. */
  complete(): void {
    for (const id of [...this.revisions.ids]) if (!this.#named.has(id)) this.miss(id);
  }

  /** There is no such campaign, as far as this reading goes. */
  miss(id: string): void {
    if (!this.revisions.miss(this, id)) this.settled = false;
  }

  /** It is over, well or not. */
  close(): void {
    this.revisions.forget(this);
  }
}

/** The id of a row that belongs to a campaign of this system, as the store would read it. */
function idOf(row: unknown, system: string): string | undefined {
  try {
    const { id, system: own } = row as { id?: unknown; system?: unknown };
    return typeof id === 'string' && id && id.length <= LONGEST_ID && (own ?? system) === system ? id : undefined;
  } catch {
    return undefined;
  }
}

function textOf(row: unknown, id: string): string {
  try {
    const given = row as Partial<Record<string, unknown>>;
    return JSON.stringify(Object.fromEntries(FIELDS.map((field) => [field, given[field] ?? undefined])));
  } catch {
    // What JSON can't hold is no status either; the store marks the campaign as unreadable.
    return JSON.stringify({ id });
  }
}
