import type { ListReading, RevisionLog } from './revision-log.ts';

/** A removal, as a change tells it. */
export interface Removal {
  readonly id: string;
  readonly revision: number;
}

/** What one watch has said of a system so far, and so what there is to say. Each row and each removal is given out once. */
export class WatchDiff {
  readonly #revisions = new Map<string, number>();
  #odd = '[]';

  /** @param ids only these are looked at; absent: all */
  constructor(
    readonly stamps: RevisionLog,
    private readonly ids: ReadonlySet<string> | undefined,
  ) {}

  /** Rows that changed since they were told, of these campaigns or of all. */
  rows(among: Iterable<string> = this.stamps.ids): unknown[] {
    const rows: unknown[] = [];
    for (const id of among) {
      const revision = this.stamps.revisionOf(id);
      if (revision === undefined || this.#revisions.get(id) === revision || !this.#covers(id)) continue;
      this.#revisions.set(id, revision);
      rows.push(this.stamps.row(id));
    }
    return rows;
  }

  /** Campaigns that were told, and are gone since. */
  removals(): Removal[] {
    const gone = [...this.#revisions.keys()].filter((id) => !this.stamps.has(id));
    for (const id of gone) this.#revisions.delete(id);
    return this.#removed(gone);
  }

  /** Campaigns that were gone before this watch began: whoever watched earlier may not have heard of it. */
  departed(): Removal[] {
    return this.#removed([...this.stamps.gone].filter((id) => this.#covers(id)));
  }

  /** Rows that belong to no campaign, if they are others than the last time. */
  odd({ odd }: ListReading): readonly unknown[] {
    const before = this.#odd;
    this.#odd = textOf(odd);
    return this.#odd === before ? [] : odd;
  }

  /** A campaign was asked for and is not known. */
  get lacking(): boolean {
    return [...(this.ids ?? [])].some((id) => !this.stamps.has(id));
  }

  /** How many campaigns there are, for a watch that looks at all. */
  get count(): { count?: number } {
    return this.ids ? {} : { count: this.stamps.size };
  }

  #covers(id: string): boolean {
    return this.ids?.has(id) ?? true;
  }

  #removed(ids: readonly string[]): Removal[] {
    return ids.map((id) => ({ id, revision: this.stamps.revision }));
  }
}

function textOf(rows: readonly unknown[]): string {
  try {
    return JSON.stringify(rows);
  } catch (error) {
    return String(error);
  }
}
