import type { CampaignRef, LogEntry } from '../src/adapters/contract.ts';
import type { Database, Table } from './database.ts';

const KEEP = 300;

/** The engine log of each campaign. The latest few hundred entries are kept. */
export class EngineLog {
  readonly #database: Database;
  readonly #totals: Table<number>;

  constructor(database: Database) {
    this.#database = database;
    this.#totals = database.table('log-totals');
    for (const key of this.#totals.keys()) this.#trim(key);
  }

  append(ref: CampaignRef, entries: readonly LogEntry[]): void {
    const key = keyOf(ref);
    const lines = this.#lines(key);
    let total = this.#totals.get(key) ?? 0;
    for (const entry of entries) lines.put(String(total++), entry);
    this.#totals.put(key, total);
    this.#database.afterCommit(() => this.#trim(key));
  }

  /** The entries from number `from` on, and the number of the next one. `undefined`: the log was restarted. */
  read(ref: CampaignRef, from: number): { readonly entries: readonly LogEntry[]; readonly next: number } | undefined {
    const key = keyOf(ref);
    const total = this.#totals.get(key) ?? 0;
    if (from > total) return undefined;
    const lines = this.#lines(key);
    const entries: LogEntry[] = [];
    for (let n = Math.max(from, total - KEEP); n < total; n++) {
      const entry = lines.get(String(n));
      if (entry) entries.push(entry);
    }
    return { entries, next: total };
  }

  clear(ref: CampaignRef): void {
    const key = keyOf(ref);
    const lines = this.#lines(key);
    for (const line of [...lines.keys()]) lines.delete(line);
    this.#totals.delete(key);
  }

  #lines(key: string): Table<LogEntry> {
    return this.#database.table(`log/${key}`);
  }

  #trim(key: string): void {
    const first = (this.#totals.get(key) ?? 0) - KEEP;
    const lines = this.#lines(key);
    for (const line of lines.keys()) {
      if (Number(line) >= first) break;
      lines.discard(line);
    }
  }
}

/** A unique string per campaign, whatever characters its ids contain. */
export function keyOf(ref: CampaignRef): string {
  return JSON.stringify([ref.system, ref.id]);
}
