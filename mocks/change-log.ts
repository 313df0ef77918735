import type { CampaignRecord } from '../src/adapters/contract.ts';
import type { Database, Table } from './database.ts';

/** One change of one campaign: its row from then on, or that it is gone. */
export type Logged = { readonly row: CampaignRecord } | { readonly gone: Gone };
/** A removal, as feeds tell it. */
export interface Gone {
  readonly id: string;
  readonly revision: number;
  readonly reason?: string;
}

interface Span {
  readonly head: number;
  /** Changes up to this one are compacted away: whoever was last told of an earlier one can't resume. */
  readonly floor: number;
}

/** The changes of one system in the order they happened, numbered from 1 within an epoch. Appended to, never rewritten. */
export class ChangeLog {
  readonly #database: Database;
  readonly #changes: Table<Logged>;
  readonly #spans: Table<Span>;
  readonly #system: string;
  readonly #keep: number;
  /** Open feeds: what they have not told yet is kept for them. Only who comes back later can find it gone. */
  readonly readers = new Set<{ readonly position: number }>();

  constructor(database: Database, system: string, keep: number) {
    this.#database = database;
    this.#changes = database.table(`changes/${system}`);
    this.#spans = database.table('spans');
    this.#system = system;
    this.#keep = keep;
    this.#trim();
  }

  get head(): number {
    return this.#span.head;
  }

  append(change: Logged): void {
    const { head, floor } = this.#span;
    this.#changes.put(String(head + 1), change);
    this.#spans.put(this.#system, { head: head + 1, floor });
    // Half as much again before it is cut back, so that the cost per change stays constant.
    if (head + 1 - floor > this.#keep * 1.5) this.#compactTo(head + 1 - this.#keep);
  }

  /** The next changes after a position, at most `limit`. `undefined`: they are no longer all kept. */
  after(position: number, limit: number): readonly Logged[] | undefined {
    const { head } = this.#span;
    if (position > head) return undefined;
    const found: Logged[] = [];
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
    const { head, floor } = this.#span;
    return position >= floor && position <= head ? position : undefined;
  }

  /** Forgets everything so far: only who has missed nothing can go on. */
  compact(): void {
    this.#compactTo(this.#span.head);
  }

  /** Starts the numbering again, for a new epoch. */
  reset(): void {
    for (const key of [...this.#changes.keys()]) this.#changes.delete(key);
    this.#spans.put(this.#system, { head: 0, floor: 0 });
  }

  get #span(): Span {
    return this.#spans.get(this.#system) ?? { head: 0, floor: 0 };
  }

  #compactTo(floor: number): void {
    this.#spans.put(this.#system, { head: this.#span.head, floor });
    this.#database.afterCommit(() => this.#trim());
  }

  /** What lies below the floor follows from the floor, so the journal need not hear of it. */
  #trim(): void {
    let { floor } = this.#span;
    for (const { position } of this.readers) floor = Math.min(floor, position);
    for (const key of this.#changes.keys()) {
      if (Number(key) > floor) break;
      this.#changes.discard(key);
    }
  }
}
