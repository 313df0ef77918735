import type { ListReading, RevisionLog } from './revision-log.ts';

/** A removal, as a change tells it. */
export interface Removal {
  readonly id: string;
  readonly revision: number;
}

/** What one watch has said of a system so far, and so what there is to say. Each row and each removal is given out once. */
export class WatchDiff {
  readonly #revisions = new Map<string, number>();
  #invalidRows = '[]';

  /** @param ids only these are looked at; absent: all */
  constructor(
    readonly revisions: RevisionLog,
    private readonly ids: ReadonlySet<string> | undefined,
  ) {}

  /** Rows that changed since they were told, of these campaigns or of all. */
  rows(among: Iterable<string> = this.revisions.ids): unknown[] {
    const rows: unknown[] = [];
    for (const id of among) {
      const revision = this.revisions.revisionOf(id);
      if (revision === undefined || this.#revisions.get(id) === revision || !this.#covers(id)) continue;
      this.#revisions.set(id, revision);
      rows.push(this.revisions.row(id));
    }
    return rows;
  }

  /** Campaigns that were told, and are gone since. */
  removals(): Removal[] {
    const gone = [...this.#revisions.keys()].filter((id) => !this.revisions.has(id));
    for (const id of gone) this.#revisions.delete(id);
    return this.#removed(gone);
  }

  /** Campaigns that were gone before this watch began: whoever watched earlier may not have heard of it. */
  earlierRemovals(): Removal[] {
    return this.#removed([...this.revisions.removed].filter((id) => this.#covers(id)));
  }

  /** Rows that belong to no campaign, if they are others than the last time. */
  newInvalidRows({ invalidRows: odd }: ListReading): readonly unknown[] {
    const before = this.#invalidRows;
    this.#invalidRows = textOf(odd);
    return this.#invalidRows === before ? [] : odd;
  }

  /** A campaign was asked for and is not known. */
  get incomplete(): boolean {
    return [...(this.ids ?? [])].some((id) => !this.revisions.has(id));
  }

  /** How many campaigns there are, for a watch that looks at all. */
  get count(): { count?: number } {
    return this.ids ? {} : { count: this.revisions.size };
  }

  #covers(id: string): boolean {
    return this.ids?.has(id) ?? true;
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
