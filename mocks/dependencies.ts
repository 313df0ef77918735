import type { Dependency } from '../src/adapters/contract.ts';
import type { Database, Table } from './database.ts';
import { SimulationError } from './simulation-error.ts';

/** The state of a channel or an agent. */
export interface DependencyState {
  readonly name: string;
  readonly state: 'running' | 'stopped' | 'error';
  readonly message?: string;
}

/** The dependencies of one kind: all channels, or all agents. */
export class Dependencies {
  readonly kind: string;
  readonly #database: Database;
  readonly #states: Table<DependencyState>;

  constructor(database: Database, kind: string) {
    this.kind = kind;
    this.#database = database;
    this.#states = database.table(`parts/${kind}`);
  }

  get ids(): readonly string[] {
    return [...this.#states.keys()];
  }

  get(id: string): DependencyState | undefined {
    return this.#states.get(id);
  }

  /** @throws {@link SimulationError} for an unknown id */
  set(id: string, state: DependencyState['state'], message?: string): void {
    const part = this.#states.get(id);
    if (!part) throw new SimulationError(`There is no ${this.kind} "${id}"; there is: ${this.ids.join(', ')}.`);
    this.#states.put(id, { name: part.name, state, ...(message === undefined ? {} : { message }) });
  }

  define(id: string, name: string): void {
    this.#database.transact(() => this.#states.put(id, { name, state: 'running' }));
  }

  list(): readonly Dependency[] {
    return this.ids.map((id) => this.describe(id));
  }

  /** A dependency for a diagnosis. An unknown id has the state `unknown`. */
  describe(id: string): Dependency {
    const part = this.#states.get(id);
    if (!part) return { kind: this.kind, id, name: id, state: 'unknown' };
    const { name, state, message } = part;
    const href = `#/settings/${this.kind}s/${encodeURIComponent(id)}`;
    return { kind: this.kind, id, name, state, ...(message === undefined ? {} : { message }), href };
  }
}
