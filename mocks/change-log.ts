import type { CampaignRecord } from '../src/adapters/contract.ts';
import type { Database, Table } from './database.ts';

/** One change of one campaign: its row from then on, or that it is gone. */
export type LoggedChange = { readonly row: CampaignRecord } | { readonly gone: Removal };
/** A removal, as feeds tell it. */
export interface Removal {
  readonly id: string;
  readonly revision: number;
  readonly reason?: string;
}

interface LogRange {
  readonly head: number;
  /** Changes up to this one are compacted away: whoever was last told of an earlier one can't resume. */
  readonly floor: number;
}

/** The changes of one system in the order they happened, numbered from 1 within an epoch. Appended to, never rewritten. */
export class ChangeLog {
  readonly #database: Database;
  readonly #changes: Table<LoggedChange>;
  readonly #ranges: Table<LogRange>;
  readonly #system: string;
  readonly #keep: number;
  /** Open feeds: what they have not told yet is kept for them. Only who comes back later can find it gone. */
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
    // Half as much again before it is cut back, so that the cost per change stays constant.
    if (head + 1 - floor > this.#keep * 1.5) this.#compactTo(head + 1 - this.#keep);
  }

  /** The next changes after a position, at most `limit`. `undefined`: they are no longer all kept. */
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

  /** The position that a cursor stands for, if one can go on from there. */
  position(cursor: string): number | undefined {
    if (!/^\d{1,15}$/.test(cursor)) return undefined;
    const position = Number(cursor);
    const { head, floor } = this.#range;
    return position >= floor && position <= head ? position : undefined;
  }

  /** Forgets everything so far: only who has missed nothing can go on. */
  compact(): void {
    this.#compactTo(this.#range.head);
  }

  /** Starts the numbering again, for a new epoch. */
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

  /** What lies below the floor follows from the floor, so the journal need not hear of it. */
  #trim(): void {
    let { floor } = this.#range;
    for (const { position } of this.readers) floor = Math.min(floor, position);
    for (const key of this.#changes.keys()) {
      if (Number(key) > floor) break;
      this.#changes.discard(key);
    }
  }
}
