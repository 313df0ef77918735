import type { Campaign } from '../data/campaigns.ts';
import type { StoreSubject } from './subject.ts';

export class MapStore implements StoreSubject {
  readonly #rows = new Map<string, Campaign>();
  readonly #ones = new Map<string, () => void>();
  readonly #lists = new Set<() => void>();

  constructor(private readonly accepts: (row: unknown) => row is Campaign) {}

  load(rows: readonly Campaign[]): void {
    this.apply(rows);
  }

  list(_order: unknown, _statuses: unknown, changed: () => void): () => undefined {
    this.#lists.add(changed);
    return () => undefined;
  }

  one(id: string, changed: () => void): void {
    this.#ones.set(id, changed);
  }

  apply(rows: readonly Campaign[]): void {
    for (const row of rows) {
      if (!this.accepts(row)) continue;
      this.#rows.set(row.id, row);
      this.#ones.get(row.id)?.();
    }
    for (const changed of this.#lists) changed();
  }

  status(id: string): string | undefined {
    return this.#rows.get(id)?.status;
  }
}
