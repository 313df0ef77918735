import type { Lifecycle } from '../../lifecycle/index.ts';
import { Order, type OrderRequest } from './order.ts';
import type { CampaignRow } from './parse-record.ts';
import { compareNames, nameComparison, timeOf } from './row-order.ts';
import { concernsLists, type Delta, type Entry } from './row-store.ts';
import { Slots } from './slots.ts';
import { StatusTable } from './status-table.ts';

/**
 * A state of the index, for lists that still show it: what has changed since, or the rows themselves. The latest state has neither. It is let go
 * with the last of these lists.
 */
export interface IndexState {
  deltas?: readonly Delta[];
  next?: IndexState;
  rows?: readonly CampaignRow[];
}

/** With more changes than this that no list has been read since, the index takes them over, or is dropped if nobody observes a list. */
const MOST_PENDING = 1000;
/** With more new rows at once than this, and than an eighth of those there are, all are sorted anew: a tenth of the work for a first snapshot. */
const MOST_PLACED = 500;

/**
 * The rows of a system in the orders that lists ask for, shared by all its queries. Made when a list is first observed or read, and kept up to
 * date by the deltas of the row store. They are applied when a list is next read, so all lists of a frame show the same state.
 */
export class ListIndex {
  readonly slots: Slots;
  #orders: readonly Order[] = [];
  #state: IndexState = {};
  #pending: Delta[] = [];
  /** Changes that the states since the latest one with rows hold. */
  #held = 0;
  #observers = 0;

  constructor(lifecycle: Lifecycle, entries: ReadonlyMap<string, Entry>) {
    this.slots = new Slots(new StatusTable(lifecycle));
    for (const { row } of entries.values()) this.slots.add(row);
  }

  /** The latest state. */
  get state(): IndexState {
    return this.#state;
  }

  /** Takes what has changed. @returns false if the index is not worth keeping: nobody observes a list */
  take(deltas: readonly Delta[]): boolean {
    for (const delta of deltas) if (delta.before?.row !== delta.after?.row) this.#pending.push(delta);
    if (this.#pending.length <= MOST_PENDING) return true;
    if (this.#observers === 0) return false;
    this.update();
    return true;
  }

  /** Applies what has changed. */
  update(): void {
    const deltas = this.#pending;
    if (!deltas.length) return;
    this.#pending = [];
    if (deltas.some(concernsLists)) this.#leaveState(deltas);
    const orders = this.#orders;
    const added = deltas.filter(({ before }) => !before).length;
    const many = added > Math.max(MOST_PLACED, this.slots.size / 8);
    if (many) this.#orders = [];
    for (const delta of deltas) this.#apply(delta);
    if (many) this.#sortAnew(orders);
  }

  /** A snapshot brings more rows than are worth placing one by one. The order by name comes first: the others are made from it. */
  #sortAnew(orders: readonly Order[]): void {
    for (const order of [...orders].sort((a, b) => Number(b.key === BY_NAME) - Number(a.key === BY_NAME))) {
      const { sort, descending } = order.request;
      order.fill(this.#sorted(sort, descending));
      this.#orders = [...this.#orders.filter(({ key }) => key !== order.key), order];
    }
  }

  /** All rows, as they are in this state. */
  rows(): CampaignRow[] {
    return this.slots.rows.filter((row) => row !== undefined);
  }

  /** A new state begins. The one before it can be computed from the deltas or, so that no more than the rows themselves is held, from these. */
  #leaveState(deltas: readonly Delta[]): void {
    const state = this.#state;
    this.#state = {};
    this.#held += deltas.length;
    if (this.#held > 1000 + this.slots.size) {
      this.#held = 0;
      state.rows = this.rows();
    } else {
      state.deltas = deltas;
      state.next = this.#state;
    }
    this.#orders = this.#orders.filter(({ observers, read, key }) => observers || read || key === BY_NAME);
    for (const order of this.#orders) order.read = false;
  }

  /** An order, made if there is none. */
  order(request: OrderRequest): Order {
    const { sort, descending, text } = request;
    const key = keyOf(request);
    let order = this.#find(key);
    if (!order) {
      const takes = text === undefined ? () => true : (slot: number) => this.slots.contains(slot, text);
      order = new Order(key, request, this.slots, takes, this.#sorted(sort, descending));
      this.#orders = [...this.#orders, order];
    }
    order.read = true;
    return order;
  }

  /** Keeps an order while a list that is read from it is observed. @returns ends that */
  observe(request: OrderRequest): () => void {
    this.update();
    const order = this.order(request);
    order.observers++;
    this.#observers++;
    return () => {
      order.observers--;
      this.#observers--;
    };
  }

  #find(key: string): Order | undefined {
    return this.#orders.find((order) => order.key === key);
  }

  /** All slots in an order. */
  #sorted(sort: 'name' | 'at', descending: boolean): number[] {
    const present = this.#find(keyOf({ sort, descending, text: undefined }));
    if (present) return present.all();
    const { rows } = this.slots;
    if (sort === 'at') {
      const sign = descending ? -1 : 1;
      const byName = descending ? this.#sorted('name', true) : this.order(NAMES).all();
      return byName.sort((a, b) => sign * (timeOf(rows[a]!) - timeOf(rows[b]!)));
    }
    if (descending) return reversed(this.order(NAMES).all(), (a, b) => compareNames(rows[a]!.name, rows[b]!.name));
    const compare = nameComparison(rows.map((row) => row?.name ?? ''));
    return this.slots.all().sort((a, b) => compare(a, b) || (rows[a]!.id < rows[b]!.id ? -1 : 1));
  }

  #apply({ id, after }: Delta): void {
    const slot = this.slots.of(id);
    const row = after?.row;
    if (slot !== undefined && row) return this.#change(slot, row);
    if (slot !== undefined) {
      for (const order of this.#orders) order.remove(slot);
      this.slots.remove(slot);
    } else if (row) {
      const added = this.slots.add(row);
      for (const order of this.#orders) order.place(added);
    }
  }

  #change(slot: number, row: CampaignRow): void {
    const { slots } = this;
    const before = slots.rows[slot]!;
    slots.rows[slot] = row;
    if (row.status !== before.status || row.stuckSince !== before.stuckSince) {
      const code = slots.codes[slot]!;
      slots.codes[slot] = slots.statuses.codeOf(row);
      for (const order of this.#orders) order.flip(slot, code, before.status);
    }
    const renamed = row.name !== before.name;
    if (renamed) slots.forgetText(slot);
    if (renamed || row.at !== before.at)
      for (const order of this.#orders) if (renamed || order.request.sort === 'at') order.place(slot);
  }
}

function keyOf({ sort, descending, text }: OrderRequest): string {
  return JSON.stringify([sort, descending, text]);
}

/** The order from which the others are made. */
const NAMES: OrderRequest = { sort: 'name', descending: false, text: undefined };
const BY_NAME = keyOf(NAMES);

/** Reverses an order, but for equal items: these keep theirs. */
function reversed(slots: readonly number[], compare: (a: number, b: number) => number): number[] {
  const result: number[] = [];
  let end = slots.length;
  while (end > 0) {
    let start = end - 1;
    while (start > 0 && compare(slots[start - 1]!, slots[start]!) === 0) start--;
    for (let place = start; place < end; place++) result.push(slots[place]!);
    end = start;
  }
  return result;
}
