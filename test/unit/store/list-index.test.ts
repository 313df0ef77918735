/**
 * Lists through everything that happens to rows: at each moment they show what their queries find among all rows, and lists that were read
 * earlier still show what they showed then.
 */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { flows, stuckLimits, type Lifecycle } from '../../../src/lifecycle/index.ts';
import type { ListQuery, ListView } from '../../../src/store/index.ts';
import { ListIndex } from '../../../src/store/data/list-index.ts';
import { PreparedQuery } from '../../../src/store/data/list-query.ts';
import { RowStore } from '../../../src/store/data/row-store.ts';
import { expectedList } from '../../support/expected-list.ts';
import { randomSource } from '../../support/random-source.ts';
import { SEED } from '../../support/seed.ts';

/** Campaigns are stuck in two of its statuses after a while. */
const lifecycle: Lifecycle = {
  ...flows,
  statuses: {
    ...flows.statuses,
    active: { ...flows.statuses.active, stuckAfterMs: 3 },
    error: { ...flows.statuses.error, stuckAfterMs: 8 },
  },
};
const STATUSES = ['inactive', 'active', 'error', 'brand-new', 'strange'];
const NAMES = [
  'Spring',
  'spring',
  'Spring 2',
  'Spring 10',
  'Äpfel',
  'apfel',
  'Straße 7',
  'Sale 007',
  'sale 7',
  '山田',
  '',
];
const TEXTS = ['', ' ', 'spring', 'STRASSE', '7', 'c1', '\u0301', '\u00ad', 'nowhere'];
const QUERIES: readonly ListQuery[] = (['name', 'status', 'at'] as const).flatMap((sort) =>
  [false, true].flatMap((descending) =>
    TEXTS.flatMap((text) =>
      [[], ['error'], ['active', 'strange'], ['brand-new'], ['nothing']].flatMap((statuses) =>
        [false, true].map((stuck) => ({ sort, descending, text, statuses, stuck })),
      ),
    ),
  ),
);

type Expected = ReturnType<typeof expectedList>;

/** Rows, changed at random, with lists that are read meanwhile. */
class RandomRun {
  readonly #rows = new RowStore('flows', () => this.#now, stuckLimits(lifecycle));
  #index: ListIndex | undefined;
  #feed = 0;
  #epoch = 1;
  #revision = 0;
  #now = 10;
  readonly #observed = new Map<ListQuery, { view: ListView | undefined; readonly end: () => void }>();
  readonly #earlier: { readonly query: ListQuery; readonly view: ListView; readonly expected: Expected }[] = [];

  constructor(
    private readonly chance: () => number,
    private readonly most: number,
  ) {
    this.#snapshot('e1', 1);
  }

  step(): void {
    const kind = this.chance();
    if (kind < 0.6)
      this.#rows.upsert(
        this.#feed,
        this.#some(() => this.#row(this.#id())),
      );
    else if (kind < 0.8)
      this.#rows.remove(
        this.#feed,
        this.#some(() => ({ id: this.#id(), revision: ++this.#revision })),
      );
    else if (kind < 0.83) this.#snapshot(`e${this.#epoch}`, 0.9);
    else if (kind < 0.86) this.#snapshot(`e${++this.#epoch}`, 0.9);
    else if (kind < 0.88) this.#rows.clear();
    else if (kind < 0.9) this.#snapshot(`e${this.#epoch}`, 1);
    else this.#toggleObserver(this.#pick(QUERIES));
    this.#now += this.chance();
    if (this.#rows.stuckDue <= this.#now) this.#rows.markStuck();
    const deltas = this.#rows.takeDeltas();
    if (this.#index?.take(deltas) === false) this.#index = undefined;
    if (this.chance() < 0.5) this.#frame();
    if (this.chance() < 0.3) this.#read(this.#pick(QUERIES));
    if (this.chance() < 0.3) this.#lookBack();
  }

  /** All observed lists are read. */
  #frame(): void {
    for (const [query, one] of this.#observed) one.view = this.#read(query, one.view);
  }

  #read(query: ListQuery, before?: ListView): ListView {
    const prepared = new PreparedQuery(lifecycle, query);
    const view = prepared.read(this.#present, true, before);
    const rows = [...this.#rows.entries.values()].map(({ row }) => row);
    const expected = expectedList(rows, lifecycle, query);
    const what = JSON.stringify(query);
    assert.equal(prepared.read(this.#present, true, view), view, `${what}: read again without a change`);
    if (before && view !== before) assert.ok(view.version > before.version, what);
    this.#assertShows(query, view, expected);
    this.#earlier.push({ query, view, expected });
    return view;
  }

  /** A list from before is looked at again. */
  #lookBack(): void {
    const at = Math.floor(this.chance() * this.#earlier.length);
    for (const { query, view, expected } of this.#earlier.splice(at, 1)) this.#assertShows(query, view, expected);
  }

  #assertShows(query: ListQuery, view: ListView, expected: Expected): void {
    const what = JSON.stringify(query);
    const { ids, size, total, counts, stuck } = expected;
    assert.deepEqual([view.size, view.total, view.counts, view.stuck], [size, total, counts, stuck], what);
    const [from, to, place] = [0, 0, 0].map(() => Math.floor(this.chance() * (size + 1)));
    assert.deepEqual(view.slice(from!, to!), ids.slice(from, to), what);
    assert.equal(view.at(place!), ids[place!], what);
    assert.equal(view.indexOf(ids[place!] ?? 'nobody'), place === size ? -1 : place, what);
    if (this.chance() < 0.2) assert.deepEqual(view.ids, ids, what);
  }

  #toggleObserver(query: ListQuery): void {
    const one = this.#observed.get(query);
    one?.end();
    if (one) this.#observed.delete(query);
    else
      this.#observed.set(query, { view: undefined, end: new PreparedQuery(lifecycle, query).observe(this.#present) });
  }

  get #present(): ListIndex {
    return (this.#index ??= new ListIndex(lifecycle, this.#rows.entries));
  }

  /** @param share of the campaigns that it contains */
  #snapshot(epoch: string, share: number): void {
    const feed = ++this.#feed;
    this.#rows.feedRequested(feed);
    this.#rows.beginSnapshot(feed, epoch);
    const ids = Array.from({ length: this.most }, (_, n) => `c${n}`).filter(() => this.chance() < share);
    this.#rows.page(
      feed,
      ids.map((id) => this.#row(id)),
    );
    this.#rows.endSnapshot(feed, undefined, false);
  }

  #row(id: string): unknown {
    const known = this.#rows.entries.get(id)?.row;
    const kind = this.chance();
    return {
      id,
      revision: ++this.#revision,
      message: `${this.#revision}`,
      status: known && kind < 0.6 ? known.status : this.#pick(STATUSES),
      name: known && kind > 0.3 ? known.name : `${this.#pick(NAMES)} ${Math.floor(this.chance() * 9)}`,
      at: known && kind > 0.2 && kind < 0.8 ? known.at : Math.floor(this.#now + 8 - this.chance() * 20),
    };
  }

  #id(): string {
    return `c${Math.floor(this.chance() * this.most)}`;
  }

  #some<T>(make: () => T): readonly T[] {
    return Array.from({ length: 1 + Math.floor(this.chance() * 8) }, make);
  }

  #pick<T>(from: readonly T[]): T {
    return from[Math.floor(this.chance() * from.length)]!;
  }
}

describe('lists show what their queries find among all rows, now and as of when they were read', () => {
  for (const [most, steps] of [
    [6, 600],
    [60, 400],
    [2500, 60],
  ] as const)
    for (let seed = 1; seed <= 4; seed++)
      test(`up to ${most} campaigns that come, leave, change and are read again, seed ${seed}`, () => {
        const run = new RandomRun(randomSource(SEED + 1000 * most + seed), most);
        for (let step = 0; step < steps; step++) run.step();
      });
});
