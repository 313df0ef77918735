import { partitionPoint } from '../../util/partition-point.ts';
import type { CampaignRow } from './parse-record.ts';
import { rowOrder } from './row-order.ts';
import type { Slots } from './slots.ts';
import { passes, type StatusFilter } from './status-table.ts';

/** Which order a list is read from. */
export interface OrderRequest {
  readonly sort: 'name' | 'at';
  readonly descending: boolean;
  /** A folded text that names or ids must contain; `undefined`: all rows. */
  readonly text: string | undefined;
}

/** A block is split when it grows beyond this, into two halves. */
const BLOCK = 512;

/** Neighbours in an order. */
interface Block {
  readonly slots: number[];
  /** How many of them have each status, by its code. */
  readonly counts: number[];
}

/**
 * Rows in one order, in blocks that count their statuses: for all queries that sort and search alike, whatever statuses they show. A change of
 * status moves nothing; it costs the same for any number of rows.
 */
export class Order {
  /** How many observed lists use it. */
  observers = 0;
  /** A list was read from it since the last change. */
  read = true;
  /** How often the order or a status in it has changed. */
  clock = 0;
  #blocks: Block[] = [];
  #blockOf: (Block | undefined)[] = [];
  #totals: number[];
  /** How many rows have each status that the lifecycle does not have. */
  readonly #unknown = new Map<string, number>();
  /** When a row of a status last came, left or moved, and when one last changed to or from it: by its code, and by the clock. */
  readonly #moved: number[];
  readonly #flipped: number[];
  private readonly compare: (a: CampaignRow, b: CampaignRow) => number;

  /**
   * @param key names it in the index
   * @param request what it was made for
   * @param takes whether a row belongs into it
   * @param sorted the slots of all rows, in order
   */
  constructor(
    readonly key: string,
    readonly request: OrderRequest,
    private readonly slots: Slots,
    private readonly takes: (slot: number) => boolean,
    sorted: readonly number[],
  ) {
    this.compare = rowOrder(request.sort, request.descending);
    this.#totals = this.#zeros();
    this.#moved = this.#zeros();
    this.#flipped = this.#zeros();
    this.fill(sorted);
  }

  // Changes

  /** Begins anew. @param sorted the slots of all rows, in order */
  fill(sorted: readonly number[]): void {
    this.#blocks = [];
    this.#blockOf = [];
    this.#totals = this.#zeros();
    this.#unknown.clear();
    this.#moved.fill(++this.clock);
    for (const slot of sorted) {
      if (!this.takes(slot)) continue;
      let block = this.#blocks.at(-1);
      if (!block || block.slots.length >= BLOCK / 2) this.#blocks.push((block = this.#block([])));
      this.#put(block, block.slots.length, slot);
    }
  }

  /** A row was added, or has changed its place, or whether it belongs here. Its status is the same. */
  place(slot: number): void {
    const block = this.#blockOf[slot];
    if (!this.takes(slot)) {
      if (block) this.remove(slot);
    } else if (!block) this.#insert(slot);
    else if (!this.#inPlace(block, slot)) {
      this.#take(block, slot);
      this.#insert(slot);
    }
  }

  /** A row leaves. */
  remove(slot: number): void {
    const block = this.#blockOf[slot];
    if (block) this.#take(block, slot);
  }

  /** A row has another status than before, or became stuck in it, and keeps its place. @param code the one that it had */
  flip(slot: number, code: number, before: string): void {
    const block = this.#blockOf[slot];
    if (!block) return;
    const now = this.slots.codes[slot]!;
    block.counts[code]!--;
    block.counts[now]!++;
    this.#count(code, before, -1);
    this.#count(now, this.#row(slot).status, 1);
    this.#flipped[code] = this.#flipped[now] = ++this.clock;
  }

  // Reads

  /** How many rows have each status. */
  counts(): ReadonlyMap<string, number> {
    const { statuses } = this.slots;
    const known = statuses.words.map((word) => [word, this.size({ codes: statuses.codesOf(word) })] as const);
    return new Map([...known.filter(([, count]) => count > 0), ...this.#unknown]);
  }

  /** How many rows pass. */
  size(filter: StatusFilter | undefined): number {
    let size = 0;
    for (const code of filter?.codes ?? this.#totals.keys()) size += this.#totals[code]!;
    for (const status of filter?.unknown ?? []) size += this.#unknown.get(status) ?? 0;
    return size;
  }

  /** The rows that pass, from one place among them up to another. */
  slice(filter: StatusFilter | undefined, from: number, to: number): CampaignRow[] {
    const rows: CampaignRow[] = [];
    let before = 0;
    for (const block of this.#blocks) {
      if (before >= to) break;
      const passing = this.#passing(block, filter);
      if (before + passing > from)
        for (const slot of block.slots) {
          if (passing < block.slots.length && !this.#passes(filter, slot)) continue;
          if (before >= from && before < to) rows.push(this.#row(slot));
          before++;
        }
      else before += passing;
    }
    return rows;
  }

  /** The place of a row among those that pass; -1 if it is none of them. */
  indexOf(filter: StatusFilter | undefined, slot: number): number {
    const own = this.#blockOf[slot];
    if (!own || !this.#passes(filter, slot)) return -1;
    let place = 0;
    for (const block of this.#blocks) {
      if (block === own) break;
      place += this.#passing(block, filter);
    }
    for (const other of own.slots) {
      if (other === slot) break;
      if (this.#passes(filter, other)) place++;
    }
    return place;
  }

  /** All slots, in order. */
  all(): number[] {
    return this.#blocks.flatMap(({ slots }) => slots);
  }

  /** Whether other rows pass, or in another order, than when the clock showed this. With `byStatus`, the statuses themselves matter. */
  changedSince(clock: number, filter: StatusFilter | undefined, byStatus: boolean): boolean {
    if (clock === this.clock) return false;
    const codes = [
      ...(filter?.codes ?? this.#totals.keys()),
      ...(filter?.unknown ? [this.slots.statuses.unknown] : []),
    ];
    return codes.some(
      (code) => this.#moved[code]! > clock || ((byStatus || filter !== undefined) && this.#flipped[code]! > clock),
    );
  }

  // Blocks

  #zeros(): number[] {
    return new Array<number>(this.slots.statuses.unknown + 1).fill(0);
  }

  #block(slots: number[]): Block {
    const counts = this.#zeros();
    const block = { slots, counts };
    for (const slot of slots) {
      counts[this.slots.codes[slot]!]!++;
      this.#blockOf[slot] = block;
    }
    return block;
  }

  #row(slot: number): CampaignRow {
    return this.slots.rows[slot]!;
  }

  #precedes(slot: number, other: number): boolean {
    return this.compare(this.#row(slot), this.#row(other)) < 0;
  }

  #passes(filter: StatusFilter | undefined, slot: number): boolean {
    return passes(filter, this.slots.codes[slot]!, this.#row(slot));
  }

  #passing({ slots, counts }: Block, filter: StatusFilter | undefined): number {
    if (!filter) return slots.length;
    let passing = 0;
    for (const code of filter.codes) passing += counts[code]!;
    if (filter.unknown && counts[this.slots.statuses.unknown])
      for (const slot of slots) if (filter.unknown.has(this.#row(slot).status)) passing++;
    return passing;
  }

  #count(code: number, status: string, by: number): void {
    this.#totals[code]! += by;
    if (code !== this.slots.statuses.unknown) return;
    const count = (this.#unknown.get(status) ?? 0) + by;
    if (count) this.#unknown.set(status, count);
    else this.#unknown.delete(status);
  }

  /** True if a row whose sort key has changed still stands between its neighbours. At the ends of a block nothing is known. */
  #inPlace({ slots }: Block, slot: number): boolean {
    const place = slots.indexOf(slot);
    const [before, after] = [slots[place - 1], slots[place + 1]];
    const [first, last] = [slots === this.#blocks[0]?.slots, slots === this.#blocks.at(-1)?.slots];
    return (
      (before === undefined ? first : this.#precedes(before, slot)) &&
      (after === undefined ? last : this.#precedes(slot, after))
    );
  }

  #insert(slot: number): void {
    const at = this.#blockFor(slot);
    const block = this.#blocks[at];
    // Rows that come in order, as those of lists by time do, fill the last block, and then begin another.
    const last = at === this.#blocks.length - 1 && block?.slots.length === BLOCK;
    if (!block || (last && this.#precedes(block.slots[BLOCK - 1]!, slot))) {
      const next = this.#block([]);
      this.#blocks.push(next);
      return this.#put(next, 0, slot);
    }
    const place = partitionPoint(block.slots, (other) => !this.#precedes(slot, other));
    this.#put(block, place, slot);
    if (block.slots.length > BLOCK)
      this.#blocks.splice(
        at,
        1,
        this.#block(block.slots.slice(0, BLOCK / 2)),
        this.#block(block.slots.slice(BLOCK / 2)),
      );
  }

  /** The place of the last block that begins before a row, or of the first one. */
  #blockFor(slot: number): number {
    const blocks = this.#blocks;
    // Looked at first: in lists by time, most rows come at the end.
    if (blocks.length && this.#precedes(blocks.at(-1)!.slots[0]!, slot)) return blocks.length - 1;
    return Math.max(0, partitionPoint(blocks, ({ slots }) => !this.#precedes(slot, slots[0]!)) - 1);
  }

  #put(block: Block, place: number, slot: number): void {
    const code = this.slots.codes[slot]!;
    block.slots.splice(place, 0, slot);
    block.counts[code]!++;
    this.#blockOf[slot] = block;
    this.#count(code, this.#row(slot).status, 1);
    this.#moved[code] = ++this.clock;
  }

  #take(block: Block, slot: number): void {
    const code = this.slots.codes[slot]!;
    block.slots.splice(block.slots.indexOf(slot), 1);
    block.counts[code]!--;
    this.#blockOf[slot] = undefined;
    this.#count(code, this.#row(slot).status, -1);
    this.#moved[code] = ++this.clock;
    if (!block.slots.length) this.#blocks.splice(this.#blocks.indexOf(block), 1);
  }
}
