/** What every store under measurement does. One module for each makes its store and calls {@link exposeStore}. */
import { campaigns, ChangeSource, sortedIds, withStatus, type Campaign } from '../data/campaigns.ts';
import { measured } from '../marks.ts';

export type Order = 'name' | 'at';

/** The first ids of a list. */
type Ids = readonly (string | undefined)[];

export interface StoreSubject {
  /** Takes all campaigns, as from a first read. */
  load(rows: readonly Campaign[]): void | Promise<void>;
  /**
   * Keeps a list.
   *
   * @param statuses only those with one of these; empty: all
   * @param changed called when the list may have changed
   * @returns reads the first ids of the list, or nothing where the subject keeps no order
   */
  list(order: Order, statuses: readonly string[], changed: () => void): () => Ids | undefined;
  /** Observes one campaign. */
  one(id: string, changed: () => void): void;
  /** Takes some changed campaigns. */
  apply(rows: readonly Campaign[]): void;
  /** What happens with the next frame. Absent where everything happened at once. */
  frame?(): void | Promise<void>;
  status(id: string): string | undefined;
}

export type Observers = 'none' | `${'one' | 'five'} by ${Order}` | 'fifty single';

/** Rows that a list on a screen reads. */
export const WINDOW = 50;
const SINGLE = 50;
/** What the lists are filtered by; the first one alone where there is one list. */
const FILTERS: readonly (readonly string[])[] = [[], ['inactive'], ['active'], ['error'], ['active', 'error']];
/** The time by the clock that one measurement may take, in ms; it makes at least one batch. */
const MOST_MS = 120;

interface StoreRun {
  readonly name: string;
  readonly batch: number;
  readonly changes: number;
}

export interface StorePage {
  open(size: number, observers: Observers): Promise<void>;
  /** @returns how many changes were made */
  run(run: StoreRun): Promise<number>;
  /** Keeps campaigns without a store. */
  hold(size: number): void;
  /** Drops all but the store. */
  forget(): void;
  /** @returns what is wrong with the final state, or `''` */
  check(): string;
}

/** Makes a store callable from the session. @param make a new, empty store */
export function exposeStore(make: () => StoreSubject): void {
  let store: StoreSubject;
  let source = new ChangeSource([]);
  let lists: { order: Order; statuses: readonly string[]; ids: () => Ids | undefined }[] = [];
  let notified = 0;
  let mustNotify = false;
  const changed = (): void => void notified++;

  const page: StorePage = {
    async open(size, observers) {
      store = make();
      lists = [];
      notified = 0;
      mustNotify = observers !== 'none';
      source = new ChangeSource(campaigns(size));
      await store.load([...source.rows]);
      const order = observers.endsWith('at') ? 'at' : 'name';
      const count = observers.startsWith('five') ? FILTERS.length : observers.startsWith('one') ? 1 : 0;
      lists = FILTERS.slice(0, count).map((statuses) => ({
        order,
        statuses,
        ids: store.list(order, statuses, changed),
      }));
      if (observers === 'fifty single')
        for (let i = 0; i < SINGLE; i++) store.one(`c${Math.floor((i * size) / SINGLE)}`, changed);
      await store.frame?.();
    },
    async run({ name, batch, changes }) {
      const batches: Campaign[][] = [];
      for (let i = 0; i < changes; i += batch) batches.push(source.batch(batch));
      let made = 0;
      const end = performance.now() + MOST_MS;
      await measured(name, async () => {
        for (const rows of batches) {
          store.apply(rows);
          // Awaited only where there is something to await: that alone would cost a multiple of one change.
          const frame = store.frame?.();
          if (frame) await frame;
          for (const { ids } of lists) ids();
          made += rows.length;
          if (performance.now() > end) break;
        }
      });
      // What the measurement had no time for: the final state is that of all changes.
      store.apply(batches.slice(made / batch).flat());
      await store.frame?.();
      return made;
    },
    hold(size) {
      source = new ChangeSource(campaigns(size));
    },
    forget() {
      source = new ChangeSource([]);
    },
    check() {
      const { rows } = source;
      const wrong = rows.findIndex(({ id, status }) => store.status(id) !== status);
      if (wrong >= 0) return `campaign c${wrong} has the wrong status`;
      if (mustNotify && notified === 0) return 'no observer was notified';
      for (const { order, statuses, ids } of lists) {
        const shown = ids();
        if (!shown) continue;
        const expected = sortedIds(withStatus(rows, statuses), order);
        if (shown.join() !== expected.slice(0, WINDOW).join()) return `the list by ${order} is in the wrong order`;
      }
      return '';
    },
  };
  Object.assign(globalThis, { page });
}
