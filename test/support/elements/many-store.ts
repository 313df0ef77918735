import { BehaviorSubject } from 'rxjs';
import { listView } from '../../../src/store/data/list-view.ts';
import type { CampaignView, ListView, Live } from '../../../src/store/index.ts';
import { StubStore } from './stub-store.ts';

const STATUSES = ['active', 'inactive', 'error'] as const;
/** The id of the campaign that is made at a place. */
export const idOf = (index: number): string => `c${String(index).padStart(6, '0')}`;
/** The name of a campaign with such an id. */
export const nameOf = (id: string): string => `Campaign ${id}`;
/** The first ids. */
export const idsOf = (count: number): string[] => Array.from({ length: count }, (_, index) => idOf(index));

/** A store with as many campaigns as a test asks for, each made when it is first looked at. */
export class ManyStore extends StubStore {
  readonly #list: BehaviorSubject<ListView>;
  readonly #shown = new Set<string>();
  #ids: readonly string[];
  /** How often the order was read, row by row or as a whole. */
  readonly reads = { slice: 0, indexOf: 0 };

  constructor(count: number) {
    super();
    this.#ids = idsOf(count);
    this.#list = new BehaviorSubject(this.#view());
  }

  get ids(): readonly string[] {
    return this.#ids;
  }

  /** Shows these campaigns, in this order. */
  order(ids: readonly string[]): void {
    this.#ids = ids;
    this.#list.next(this.#view());
  }

  /** Takes a campaign away. */
  take(id: string): void {
    this.change({ system: 'flows', id }, { presence: 'gone' });
    this.order(this.#ids.filter((other) => other !== id));
  }

  override list(): Live<ListView> {
    return this.#list;
  }

  override campaign(ref: CampaignView['ref']): Live<CampaignView> {
    if (!this.#shown.has(ref.id)) {
      this.#shown.add(ref.id);
      const index = Number(ref.id.replace(/\D/g, ''));
      this.show(ref, {
        status: STATUSES[index % 3]!,
        name: nameOf(ref.id),
        at: this.time - index * 1000,
        changedBy: 'Planner',
      });
    }
    return super.campaign(ref);
  }

  #view(): ListView {
    const ids = this.#ids;
    const view = listView({ ids, total: ids.length, counts: new Map([['active', ids.length]]), complete: true });
    const { reads } = this;
    return {
      ...view,
      slice: (from, to) => (reads.slice++, view.slice(from, to)),
      indexOf: (id) => (reads.indexOf++, view.indexOf(id)),
    };
  }
}
