import type { Dependency } from '../src/adapters/contract.ts';
import type { Database, Table } from './database.ts';
import { SimulationError } from './simulation-error.ts';
import type { DependencyRef } from './types.ts';

/** The state of a dependency. */
export interface DependencyState extends DependencyRef {
  readonly name: string;
  readonly state: 'running' | 'stopped' | 'error';
  readonly message?: string;
}

/** What campaigns depend on: channels and agents, or whatever the platform has. */
export class Dependencies {
  readonly #database: Database;
  readonly #states: Table<DependencyState>;

  constructor(database: Database) {
    this.#database = database;
    this.#states = database.table('dependencies');
  }

  /** The ids of one kind. */
  ids(kind: string): readonly string[] {
    return Array.from(this.#states.values()).flatMap((one) => (one.kind === kind ? one.id : []));
  }

  get(ref: DependencyRef): DependencyState | undefined {
    return this.#states.get(keyOf(ref));
  }

  /** @throws {@link SimulationError} for an unknown dependency */
  require(ref: DependencyRef): DependencyState {
    const found = this.get(ref);
    if (found) return found;
    const ids = this.ids(ref.kind).join(', ');
    throw new SimulationError(`There is no ${ref.kind} "${ref.id}"; there is: ${ids || 'nothing of this kind'}.`);
  }

  /** @throws {@link SimulationError} for an unknown dependency */
  set(ref: DependencyRef, state: DependencyState['state'], message?: string): void {
    const { kind, id, name } = this.require(ref);
    this.#states.put(keyOf(ref), { kind, id, name, state, ...(message === undefined ? {} : { message }) });
  }

  define(ref: DependencyRef, name: string): void {
    this.#database.transact(() => this.#states.put(keyOf(ref), { ...ref, name, state: 'running' }));
  }

  list(): readonly Dependency[] {
    return Array.from(this.#states.values(), (one) => this.describe(one));
  }

  /** A dependency for a diagnosis. An unknown one has the state `unknown`. */
  describe({ kind, id }: DependencyRef): Dependency {
    const found = this.get({ kind, id });
    if (!found) return { kind, id, name: id, state: 'unknown' };
    return { ...found, href: `#/settings/${kind}s/${encodeURIComponent(id)}` };
  }
}

function keyOf({ kind, id }: DependencyRef): string {
  return JSON.stringify([kind, id]);
}
