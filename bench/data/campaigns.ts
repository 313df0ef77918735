/** The campaigns of all measurements, and the changes that are applied to them. The same seed gives the same rows. */
import { randomSource } from '../../test/support/random-source.ts';

/** A row as a backend sends it. */
export interface Campaign {
  readonly id: string;
  readonly name: string;
  readonly status: Status;
  readonly revision: number;
  /** ISO 8601. No two rows have the same time. */
  readonly at: string;
  readonly message: string;
  readonly changedBy: string;
  readonly missing: readonly string[];
}

const STATUSES = ['inactive', 'active', 'error'] as const;
export type Status = (typeof STATUSES)[number];

const FIRST = ['Autumn', 'Birthday', 'Checkout', 'Dormant', 'Event', 'Festival', 'Gift', 'Holiday', 'Invoice', 'June'];
const SECOND = [
  'launch',
  'mailing',
  'newsletter',
  'offer',
  'preview',
  'reminder',
  'sale',
  'teaser',
  'upgrade',
  'welcome',
];
const START = Date.UTC(2026, 0, 1);

/** Campaigns whose names are in no order. */
export function campaigns(count: number, seed = 1): Campaign[] {
  const random = randomSource(seed);
  const numbers = Array.from({ length: count }, (_, index) => index);
  shuffle(numbers, random);
  const rows = numbers.map((number, index): Campaign => ({
    id: `c${index}`,
    // Padded numbers: every peer's way to compare names gives the same order.
    name: `${pick(FIRST, random)} ${pick(SECOND, random)} ${String(number).padStart(6, '0')}`,
    status: pick(STATUSES, random),
    revision: 1,
    at: time(index),
    message: '',
    changedBy: 'Scheduler',
    missing: [],
  }));
  // As they come from a network: texts that were put together are larger, and slower to compare.
  return JSON.parse(JSON.stringify(rows)) as Campaign[];
}

/** Endless changes of status, each of a campaign at random. It knows the present state of every campaign. */
export class ChangeSource {
  readonly #random = randomSource(2);
  #time: number;

  /** @param rows kept up to date */
  constructor(readonly rows: Campaign[]) {
    this.#time = rows.length;
  }

  batch(size: number): Campaign[] {
    const batch: Campaign[] = [];
    for (let i = 0; i < size; i++) {
      const index = Math.floor(this.#random() * this.rows.length);
      const row = this.rows[index];
      if (!row) continue;
      const status = STATUSES[(STATUSES.indexOf(row.status) + 1) % STATUSES.length] ?? 'active';
      const next = { ...row, status, revision: row.revision + 1, at: time(this.#time++) };
      this.rows[index] = next;
      batch.push(next);
    }
    return batch;
  }
}

/** @param statuses empty: all */
export function withStatus(rows: readonly Campaign[], statuses: readonly string[]): readonly Campaign[] {
  return statuses.length ? rows.filter(({ status }) => statuses.includes(status)) : rows;
}

/** Ids by name or by time, the expected order of every list. */
export function sortedIds(rows: Iterable<Campaign>, order: 'name' | 'at'): string[] {
  return [...rows].sort(order === 'name' ? byName : byTime).map(({ id }) => id);
}

function byName(a: Campaign, b: Campaign): number {
  return a.name < b.name ? -1 : a.name > b.name ? 1 : 0;
}

/** All times are written alike, so their texts are in their order. */
function byTime(a: Campaign, b: Campaign): number {
  return a.at < b.at ? -1 : a.at > b.at ? 1 : 0;
}

function time(step: number): string {
  return new Date(START + step * 1000).toISOString();
}

function pick<T>(from: readonly T[], random: () => number): T {
  return from[Math.floor(random() * from.length)] as T;
}

function shuffle(numbers: number[], random: () => number): void {
  for (let i = numbers.length - 1; i > 0; i--) {
    const j = Math.floor(random() * (i + 1));
    [numbers[i], numbers[j]] = [numbers[j] as number, numbers[i] as number];
  }
}
