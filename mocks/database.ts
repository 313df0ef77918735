/** A write: a value, or a deletion if the value is absent. */
export type Write = readonly [table: string, key: string, value?: unknown];

/** The whole state of a simulated backend as plain JSON. */
export interface SavedState {
  readonly format: 1;
  readonly rows: readonly (readonly [table: string, key: string, value: unknown])[];
}

/** A table of JSON values. Values are frozen; a change replaces them. */
export interface Table<V> {
  readonly size: number;
  get(key: string): V | undefined;
  has(key: string): boolean;
  keys(): IterableIterator<string>;
  values(): IterableIterator<V>;
  entries(): IterableIterator<[string, V]>;
  put(key: string, value: V): void;
  delete(key: string): void;
  /** Deletes a row without journaling it, for rows that a reader of the journal recognizes as expired. */
  discard(key: string): void;
}

/**
 * Named tables with transactions. All writes of a transaction are passed to `append` at once, before they are visible.
 * So a killed backend restarts from before or after a transaction, never from its middle.
 */
export class Database {
  readonly #tables = new Map<string, Map<string, unknown>>();
  readonly #append: ((writes: readonly Write[]) => void) | undefined;
  readonly #listeners = new Set<() => void>();
  #open: { writes: Write[]; undo: (() => void)[]; after: (() => void)[] } | undefined;

  constructor(saved?: SavedState, append?: (writes: readonly Write[]) => void) {
    for (const [table, key, value] of saved?.rows ?? []) this.#rows(table).set(key, freeze(value));
    this.#append = append;
  }

  table<V>(name: string): Table<V> {
    const rows = this.#rows(name) as Map<string, V>;
    return {
      get size() {
        return rows.size;
      },
      get: (key) => rows.get(key),
      has: (key) => rows.has(key),
      keys: () => rows.keys(),
      values: () => rows.values(),
      entries: () => rows.entries(),
      put: (key, value) => this.#write(name, rows, key, freeze(value)),
      delete: (key) => this.#write(name, rows, key, undefined),
      discard: (key) => void rows.delete(key),
    };
  }

  /** Runs `work` in a transaction: if it throws, or storing its writes fails, all are undone. */
  transact<R>(work: () => R): R {
    if (this.#open) return work();
    const open = (this.#open = { writes: [] as Write[], undo: [] as (() => void)[], after: [] as (() => void)[] });
    let result: R;
    try {
      result = work();
      if (open.writes.length) this.#append?.(open.writes);
    } catch (error) {
      for (const undo of open.undo.reverse()) undo();
      throw error;
    } finally {
      this.#open = undefined;
    }
    for (const run of open.after) run();
    if (open.writes.length) this.notify();
    return result;
  }

  /** Notifies the listeners. */
  notify(): void {
    for (const listener of [...this.#listeners]) guarded(listener);
  }

  /** Runs `work` after the current transaction, or at once without one. */
  afterCommit(work: () => void): void {
    if (this.#open) this.#open.after.push(work);
    else work();
  }

  /** Calls `listener` after each transaction that wrote something. */
  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  save(): SavedState {
    const rows: (readonly [string, string, unknown])[] = [];
    for (const [table, content] of this.#tables) for (const [key, value] of content) rows.push([table, key, value]);
    return { format: 1, rows };
  }

  /** Replaces the whole state in one transaction. */
  replace(saved: SavedState): void {
    this.transact(() => {
      for (const [name, rows] of this.#tables)
        for (const key of [...rows.keys()]) this.#write(name, rows, key, undefined);
      for (const [name, key, value] of saved.rows) this.#write(name, this.#rows(name), key, freeze(value));
    });
  }

  #rows(name: string): Map<string, unknown> {
    let rows = this.#tables.get(name);
    if (!rows) this.#tables.set(name, (rows = new Map<string, unknown>()));
    return rows;
  }

  #write(name: string, rows: Map<string, unknown>, key: string, value: unknown): void {
    if (!this.#open) throw new Error(`${name}: a write outside a transaction`);
    const had = rows.has(key);
    const old = rows.get(key);
    if (value === undefined) {
      if (!had) return;
      rows.delete(key);
      this.#open.writes.push([name, key]);
    } else {
      rows.set(key, value);
      this.#open.writes.push([name, key, value]);
    }
    this.#open.undo.push(() => (had ? rows.set(key, old) : rows.delete(key)));
  }
}

/** The state after these transactions. */
export function replay(transactions: Iterable<readonly Write[]>): SavedState {
  const database = new Database();
  for (const writes of transactions)
    database.transact(() => {
      for (const [table, key, value] of writes) {
        if (value === undefined) database.table(table).delete(key);
        else database.table<unknown>(table).put(key, value);
      }
    });
  return database.save();
}

/** An error of a listener is reported later, so that it does not affect the transaction. */
function guarded(listener: () => void): void {
  try {
    listener();
  } catch (error) {
    queueMicrotask(() => {
      throw error;
    });
  }
}

function freeze<T>(value: T): T {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return value;
  for (const inner of Object.values(value)) freeze(inner as unknown);
  return Object.freeze(value);
}
