import type { CampaignRecord } from '../src/adapters/contract.ts';
import type { Database, Table } from './database.ts';

/** A change of a campaign: its new row, or its removal. */
export type LoggedChange = { readonly row: CampaignRecord } | { readonly gone: Removal };
/** A removal, as feeds send it. */
interface Removal {
  readonly id: string;
  readonly revision: number;
  readonly reason?: string;
}

interface LogRange {
  readonly head: number;
  /** Changes up to this one are compacted: a reader at an earlier position cannot resume. */
  readonly floor: number;
}

/** The changes of one system in order, numbered from 1 within an epoch. Append-only. */
export class ChangeLog {
  readonly #database: Database;
  readonly #changes: Table<LoggedChange>;
  readonly #ranges: Table<LogRange>;
  readonly #system: string;
  readonly #keep: number;
  /** Open feeds. Changes that they have not sent yet are kept; only a resuming reader can find its position expired. */
  readonly readers = new Set<{ readonly position: number }>();

  constructor(database: Database, system: string, keep: number) {
    this.#database = database;
    this.#changes = database.table(`changes/${system}`);
    this.#ranges = database.table('spans');
    this.#system = system;
    this.#keep = keep;
    this.#trim();
  }

  get head(): number {
    return this.#range.head;
  }

  append(change: LoggedChange): void {
    const { head, floor } = this.#range;
    this.#changes.put(String(head + 1), change);
    this.#ranges.put(this.#system, { head: head + 1, floor });
    // Compacts at one and a half times the limit, so that the cost per change stays constant.
    if (head + 1 - floor > this.#keep * 1.5) this.#compactTo(head + 1 - this.#keep);
  }

  /** The next changes after a position, at most `limit`; `undefined` if some of them are no longer kept. */
  after(position: number, limit: number): readonly LoggedChange[] | undefined {
    const { head } = this.#range;
    if (position > head) return undefined;
    const found: LoggedChange[] = [];
    for (let n = position + 1; n <= head && found.length < limit; n++) {
      const change = this.#changes.get(String(n));
      if (!change) return undefined;
      found.push(change);
    }
    return found;
  }

  /** The position of a cursor; `undefined` if a feed cannot resume from it. */
  position(cursor: string): number | undefined {
    if (!/^\d{1,15}$/.test(cursor)) return undefined;
    const position = Number(cursor);
    const { head, floor } = this.#range;
    return position >= floor && position <= head ? position : undefined;
  }

  /** Deletes all changes so far: only readers that have them all can resume. */
  compact(): void {
    this.#compactTo(this.#range.head);
  }

  /** Starts numbering at 1 again, for a new epoch. */
  reset(): void {
    for (const key of [...this.#changes.keys()]) this.#changes.delete(key);
    this.#ranges.put(this.#system, { head: 0, floor: 0 });
  }

  get #range(): LogRange {
    return this.#ranges.get(this.#system) ?? { head: 0, floor: 0 };
  }

  #compactTo(floor: number): void {
    this.#ranges.put(this.#system, { head: this.#range.head, floor });
    this.#database.afterCommit(() => this.#trim());
  }

  /** Deletes changes below the floor. Not journaled, because the floor is. */
  #trim(): void {
    let { floor } = this.#range;
    for (const { position } of this.readers) floor = Math.min(floor, position);
    for (const key of this.#changes.keys()) {
      if (Number(key) > floor) break;
      this.#changes.discard(key);
    }
  }
}
