import type { Lifecycle } from '../../lifecycle/index.ts';
import { deepEqual } from '../../util/deep-equal.ts';
import { foldText } from '../../util/fold-text.ts';
import { partitionPoint } from '../../util/partition-point.ts';
import type { ListQuery, ListView } from '../types.ts';
import type { IndexState, ListIndex } from './list-index.ts';
import { knownIds, viewOf, type IdSource, type ViewFacts } from './list-view.ts';
import type { Order, OrderRequest } from './order.ts';
import { sameList, type CampaignRow } from './parse-record.ts';
import { rowOrder } from './row-order.ts';
import { containsText } from './slots.ts';
import { passes, StatusTable, type StatusFilter } from './status-table.ts';

/** What a view shows. */
interface Shown {
  index: ListIndex;
  order: Order;
  /** The latest state of the index in which the list was the same. */
  state: IndexState;
  /** The order's clock in that state. */
  clock: number;
  /** All ids, once someone has asked for them: views that differ in their counts alone share them. */
  ids?: readonly string[];
}
const shownBy = new WeakMap<ListView, Shown>();

/** A query for the campaigns of one system, and its lists. */
export class PreparedQuery {
  readonly #table: StatusTable;
  readonly #filter: StatusFilter | undefined;
  readonly #byStatus: boolean;
  readonly #request: OrderRequest;
  readonly #compare: (a: CampaignRow, b: CampaignRow) => number;
  /** The list is these parts of an order, one after the other: sorted by status, one for each. */
  readonly #parts: readonly (StatusFilter | undefined)[];

  constructor(lifecycle: Lifecycle, { statuses, stuck, text = '', sort = 'name', descending = false }: ListQuery) {
    this.#table = new StatusTable(lifecycle);
    this.#filter = this.#table.filter(statuses, stuck);
    this.#byStatus = sort === 'status';
    const parts = this.#byStatus ? this.#table.split(this.#filter) : [this.#filter];
    this.#parts = descending ? [...parts].reverse() : parts;
    this.#request = { sort: sort === 'at' ? 'at' : 'name', descending, text: text.trim() ? foldText(text) : undefined };
    const inOrder = rowOrder(this.#request.sort, descending);
    const sign = descending ? -1 : 1;
    const place = ({ status }: CampaignRow): number => this.#table.placeOf(status);
    this.#compare = this.#byStatus ? (a, b) => sign * (place(a) - place(b)) || inOrder(a, b) : inOrder;
  }

  /** Keeps ready what the list is read from. @returns ends that */
  observe(index: ListIndex): () => void {
    return index.observe(this.#request);
  }

  /** Reads the list. @param before the previous result, which is returned if nothing changed */
  read(index: ListIndex, complete: boolean, before?: ListView): ListView {
    index.update();
    const order = index.order(this.#request);
    const now: Shown = { index, order, state: index.state, clock: order.clock };
    const was = before && shownBy.get(before);
    const followed = was?.order === order;
    const counts = followed && was.clock === order.clock ? before!.counts : order.counts();
    const total = index.slots.size;
    const stuck = order.size({ codes: this.#table.stuck });
    const inOrder = followed && !order.changedSince(was.clock, this.#filter, this.#byStatus);
    const same =
      was &&
      total === before.total &&
      stuck === before.stuck &&
      complete === before.complete &&
      deepEqual(counts, before.counts);
    if (same && inOrder) {
      Object.assign(was, now);
      return before;
    }
    if (inOrder && was.ids) now.ids = was.ids;
    const size = this.#parts.reduce((sum, part) => sum + order.size(part), 0);
    const next = this.#view({ size, total, counts, stuck, complete, version: (before?.version ?? 0) + 1 }, now);
    // An order that was made since does not know what has changed.
    if (!same || followed || !sameList(before.ids, next.ids)) return next;
    Object.assign(was, now);
    return before;
  }

  /**
   * A view reads the index while the list is the same in its latest state. Afterwards it computes its ids, once, from what has changed since:
   * it never shows anything of a later state.
   */
  #view(facts: ViewFacts, shown: Shown): ListView {
    const { index, order } = shown;
    let known: IdSource | undefined;
    const keep = (ids: readonly string[]): IdSource => {
      shown.state = {};
      return (known = knownIds(ids));
    };
    const slice = (from: number, to: number): string[] => this.#slice(order, from, to).map(({ id }) => id);
    const current = (): boolean => {
      if (!known && shown.state !== index.state) keep(shown.ids ?? this.#earlier(shown));
      return !known;
    };
    const view = viewOf(facts, {
      slice: (from, to) => (current() ? slice(from, to) : known!.slice(from, to)),
      indexOf: (id) => (current() ? this.#indexOf(index, order, id) : known!.indexOf(id)),
      get all() {
        return (shown.ids ??= current() ? slice(0, facts.size) : known!.all);
      },
    });
    shownBy.set(view, shown);
    return view;
  }

  #slice(order: Order, from: number, to: number): readonly CampaignRow[] {
    let end = 0;
    return this.#parts.flatMap((part) => {
      const start = end;
      end += order.size(part);
      return start < to && end > from ? order.slice(part, from - start, to - start) : [];
    });
  }

  #indexOf(index: ListIndex, order: Order, id: string): number {
    const slot = index.slots.of(id);
    if (slot === undefined) return -1;
    let start = 0;
    for (const part of this.#parts) {
      const place = order.indexOf(part, slot);
      if (place >= 0) return start + place;
      start += order.size(part);
    }
    return -1;
  }

  /** The ids of an earlier state. */
  #earlier({ index, state }: Shown): readonly string[] {
    const changed = new Map<string, CampaignRow | undefined>();
    for (; state.next; state = state.next)
      for (const { id, before } of state.deltas ?? []) if (!changed.has(id)) changed.set(id, before?.row);
    const rows = state.rows ? this.#sorted(state.rows) : this.#slice(index.order(this.#request), 0, Infinity);
    const unchanged = rows.filter(({ id }) => !changed.has(id));
    const ids: string[] = [];
    let place = 0;
    for (const row of this.#sorted([...changed.values()].filter((one) => one !== undefined))) {
      const end = partitionPoint(unchanged, (other) => this.#compare(other, row) < 0);
      for (; place < end; place++) ids.push(unchanged[place]!.id);
      ids.push(row.id);
    }
    for (; place < unchanged.length; place++) ids.push(unchanged[place]!.id);
    return ids;
  }

  /** Those of some rows that the list shows, in its order. */
  #sorted(rows: readonly CampaignRow[]): CampaignRow[] {
    const { text } = this.#request;
    return rows
      .filter(
        (row) => passes(this.#filter, this.#table.codeOf(row), row) && (text === undefined || containsText(row, text)),
      )
      .sort(this.#compare);
  }
}
