/** One write: a value, or its removal where the value is absent. */
export type Write = readonly [table: string, key: string, value?: unknown];

/** Everything a simulated backend knows, as plain JSON: what is saved, and what it can be made from again. */
export interface SavedState {
  readonly format: 1;
  readonly rows: readonly (readonly [table: string, key: string, value: unknown])[];
}

/** A table of JSON values. Values are frozen: a change replaces them. */
export interface Table<V> {
  readonly size: number;
  get(key: string): V | undefined;
  has(key: string): boolean;
  keys(): IterableIterator<string>;
  values(): IterableIterator<V>;
  entries(): IterableIterator<[string, V]>;
  put(key: string, value: V): void;
  delete(key: string): void;
  /** Forgets a row without a trace in the journal: for what a reader of the journal can tell to be too old by itself. */
  discard(key: string): void;
}

/**
 * Named tables with transactions. Whatever one transaction writes is handed to `persist` in one piece before anybody can see
 * it, so a backend that is killed at any moment comes back either before it or after it.
 */
export class Database {
  readonly #tables = new Map<string, Map<string, unknown>>();
  readonly #persist: ((writes: readonly Write[]) => void) | undefined;
  readonly #listeners = new Set<() => void>();
  #open: { writes: Write[]; undo: (() => void)[]; after: (() => void)[] } | undefined;

  constructor(saved?: SavedState, persist?: (writes: readonly Write[]) => void) {
    for (const [table, key, value] of saved?.rows ?? []) this.#rows(table).set(key, freeze(value));
    this.#persist = persist;
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

  /** Runs `work` whole or not at all: if it throws, or its writes can't be kept, nothing has happened. */
  transact<R>(work: () => R): R {
    if (this.#open) return work();
    const open = (this.#open = { writes: [] as Write[], undo: [] as (() => void)[], after: [] as (() => void)[] });
    let result: R;
    try {
      result = work();
      if (open.writes.length) this.#persist?.(open.writes);
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

  /** Tells the listeners that there is something to look at. */
  notify(): void {
    for (const listener of [...this.#listeners]) guarded(listener);
  }

  /** Runs `work` once the transaction under way is kept. */
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

  /** Takes the place of everything, in one transaction. */
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

/** Plays writes back onto a saved state. */
export function replay(saved: SavedState | undefined, transactions: Iterable<readonly Write[]>): SavedState {
  const database = new Database(saved);
  for (const writes of transactions)
    database.transact(() => {
      for (const [table, key, value] of writes) {
        if (value === undefined) database.table(table).delete(key);
        else database.table<unknown>(table).put(key, value);
      }
    });
  return database.save();
}

/** A bystander that throws must not undo what has happened. */
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
