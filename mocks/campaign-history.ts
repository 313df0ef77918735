import type { CampaignRef, HistoryEntry, HistoryPage } from '../src/adapters/contract.ts';
import type { Database, Table } from './database.ts';
import { keyOf } from './engine-log.ts';

const KEEP = 100;
const LARGEST_PAGE = 200;

interface Moves {
  /** The number of the first kept entry; earlier ones were dropped. */
  readonly first: number;
  /** Oldest first. */
  readonly entries: readonly HistoryEntry[];
}

const NONE: Moves = { first: 0, entries: [] };

/** The moves of each campaign. The latest hundred are kept, until the campaign is removed. */
export class CampaignHistory {
  readonly #moves: Table<Moves>;

  constructor(database: Database) {
    this.#moves = database.table('history');
  }

  append(ref: CampaignRef, entry: HistoryEntry): void {
    const { first, entries } = this.#moves.get(keyOf(ref)) ?? NONE;
    const dropped = entries.length < KEEP ? 0 : 1;
    this.#moves.put(keyOf(ref), { first: first + dropped, entries: [...entries.slice(dropped), entry] });
  }

  /**
   * The moves before a position, newest first.
   *
   * @throws RangeError for a limit that is no whole number above 0, or an invalid position
   */
  page(ref: CampaignRef, { before, limit }: { readonly before?: string; readonly limit: number }): HistoryPage {
    if (!(Number.isInteger(limit) && limit > 0))
      throw new RangeError(`limit: got ${limit}; give a whole number above 0`);
    if (before !== undefined && !/^\d{1,15}$/.test(before))
      throw new RangeError(`before: got ${JSON.stringify(before)}; give what the page before named`);
    const { first, entries } = this.#moves.get(keyOf(ref)) ?? NONE;
    const end = before === undefined ? entries.length : Math.min(entries.length, Math.max(0, Number(before) - first));
    const start = Math.max(0, end - Math.min(limit, LARGEST_PAGE));
    return {
      entries: entries.slice(start, end).reverse(),
      ...(start > 0 ? { before: String(first + start) } : {}),
    };
  }

  clear(ref: CampaignRef): void {
    this.#moves.delete(keyOf(ref));
  }
}
