import { foldText } from '../../util/fold-text.ts';
import type { CampaignRow } from './parse-record.ts';
import type { StatusTable } from './status-table.ts';

/** The rows that lists know. Each has a slot, a number that orders hold in its place; those of removed campaigns are used again. */
export class Slots {
  /** The row in each slot; `undefined` in a free one. */
  readonly rows: (CampaignRow | undefined)[] = [];
  /** The code of each row: of its status, and whether it is stuck. */
  readonly codes: number[] = [];
  readonly #ids = new Map<string, number>();
  readonly #free: number[] = [];
  /** What a search looks through, from the first search on. */
  readonly #folded: (string | undefined)[] = [];

  constructor(readonly statuses: StatusTable) {}

  get size(): number {
    return this.#ids.size;
  }

  of(id: string): number | undefined {
    return this.#ids.get(id);
  }

  /** The slots that are in use. */
  all(): number[] {
    return [...this.#ids.values()];
  }

  add(row: CampaignRow): number {
    const slot = this.#free.pop() ?? this.rows.length;
    this.#ids.set(row.id, slot);
    this.rows[slot] = row;
    this.codes[slot] = this.statuses.codeOf(row);
    return slot;
  }

  remove(slot: number): void {
    this.#ids.delete(this.rows[slot]!.id);
    this.rows[slot] = this.#folded[slot] = undefined;
    this.#free.push(slot);
  }

  /** The name has changed. */
  forgetText(slot: number): void {
    this.#folded[slot] = undefined;
  }

  /** Like {@link containsText}, but fast. */
  contains(slot: number, text: string): boolean {
    return contains((this.#folded[slot] ??= searched(this.rows[slot]!)), text);
  }
}

/** Whether the name or the id of a row contains a folded text. Nothing contains an empty one: it was a text that nobody can see. */
export function containsText(row: CampaignRow, text: string): boolean {
  return contains(searched(row), text);
}

function searched({ name, id }: CampaignRow): string {
  return `${foldText(name)}\n${foldText(id)}`;
}

function contains(where: string, text: string): boolean {
  return text !== '' && where.includes(text);
}
