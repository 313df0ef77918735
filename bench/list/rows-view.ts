/** The rows of a list in an array, by a query: what a host keeps by hand for a list that keeps none itself. */
import type { Campaign } from '../data/campaigns.ts';
import type { ListQuery } from './subject.ts';

const compareBy = { name: comparing('name'), at: comparing('at') } as const;

export class RowsView {
  readonly #all = new Map<string, Campaign>();
  #query: ListQuery = { sort: 'name', descending: false, statuses: [] };
  #shown: Campaign[] = [];
  #places = new Map<string, number>();
  #outdated = true;

  load(rows: readonly Campaign[]): void {
    for (const row of rows) this.#all.set(row.id, row);
    this.#outdated = true;
  }

  set query(query: ListQuery) {
    this.#query = query;
    this.#outdated = true;
  }

  apply(rows: readonly Campaign[]): void {
    const follows = this.#query.sort === 'at' || this.#query.statuses.length > 0;
    for (const row of rows) {
      this.#all.set(row.id, row);
      const place = this.#places.get(row.id);
      if (place !== undefined) this.#shown[place] = row;
    }
    this.#outdated ||= follows;
  }

  /** The rows to show now; sorted at most once a frame, by whoever asks once a frame. */
  get shown(): readonly Campaign[] {
    if (this.#outdated) {
      const { sort, descending, statuses } = this.#query;
      const all = [...this.#all.values()];
      this.#shown = statuses.length ? all.filter(({ status }) => statuses.includes(status)) : all;
      this.#shown.sort(compareBy[sort]);
      if (descending) this.#shown.reverse();
      this.#places = new Map(this.#shown.map(({ id }, place) => [id, place]));
      this.#outdated = false;
    }
    return this.#shown;
  }
}

function comparing(field: 'name' | 'at'): (a: Campaign, b: Campaign) => number {
  return (a, b) => (a[field] < b[field] ? -1 : a[field] > b[field] ? 1 : 0);
}
