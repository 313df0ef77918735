import type { ListReading, RevisionLog } from './revision-log.ts';

/** An item of a `remove` change. */
export interface Removal {
  readonly id: string;
  readonly revision: number;
}

/** What one feed has emitted so far, compared with what was read: yields each changed row and each removal once. */
export class WatchDiff {
  readonly #revisions = new Map<string, number>();
  #invalidRows = '[]';

  /** @param ids the campaigns to watch; absent: all */
  constructor(
    readonly revisions: RevisionLog,
    private readonly ids: ReadonlySet<string> | undefined,
  ) {}

  /** Rows that changed since they were last emitted, of these campaigns or of all. */
  rows(among: Iterable<string> = this.revisions.ids): unknown[] {
    const rows: unknown[] = [];
    for (const id of among) {
      const revision = this.revisions.revisionOf(id);
      if (revision === undefined || this.#revisions.get(id) === revision || !this.covers(id)) continue;
      this.#revisions.set(id, revision);
      rows.push(this.revisions.row(id));
    }
    return rows;
  }

  /** Campaigns that were emitted and have been removed since. */
  removals(): Removal[] {
    const removedIds = [...this.#revisions.keys()].filter((id) => !this.revisions.has(id));
    for (const id of removedIds) this.#revisions.delete(id);
    return this.#removed(removedIds);
  }

  /** Campaigns that were removed before this feed began. The store may still have them from an earlier feed. */
  earlierRemovals(): Removal[] {
    return this.#removed([...this.revisions.removed].filter((id) => this.covers(id)));
  }

  /** Rows without a usable id, if they differ from those of the last read. */
  newInvalidRows({ invalidRows: odd }: ListReading): readonly unknown[] {
    const before = this.#invalidRows;
    this.#invalidRows = textOf(odd);
    return this.#invalidRows === before ? [] : odd;
  }

  /** True for the campaigns to watch. */
  covers(id: string): boolean {
    return this.ids?.has(id) ?? true;
  }

  /** True while a requested campaign is not known. */
  get incomplete(): boolean {
    return [...(this.ids ?? [])].some((id) => !this.revisions.has(id));
  }

  /** How many campaigns there are, for a feed of all of them. */
  get count(): { count?: number } {
    return this.ids ? {} : { count: this.revisions.size };
  }

  #removed(ids: readonly string[]): Removal[] {
    return ids.map((id) => ({ id, revision: this.revisions.revision }));
  }
}

function textOf(rows: readonly unknown[]): string {
  try {
    return JSON.stringify(rows);
  } catch (error) {
    return String(error);
  }
}
