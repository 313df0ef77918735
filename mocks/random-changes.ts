import type { CampaignRef } from '../src/adapters/contract.ts';
import { landings, legalActions, movesFrom, statusDef, type Lifecycle } from '../src/lifecycle/index.ts';
import type { CampaignTable } from './campaign-table.ts';
import type { Clock } from './clock.ts';
import type { Database, Table } from './database.ts';
import type { Engine } from './engine.ts';
import type { SeededRandom } from './random.ts';
import type { SeedData } from './seed-data.ts';
import { SimulationError } from './simulation-error.ts';
import type { ChurnOptions } from './types.ts';

/** Due changes are made every this many ms. */
const STEP_MS = 20;
const FOR_MS = 60_000;
/** One change in this many removes a campaign or, in turn, adds a removed one again. */
const ADD_OR_REMOVE_EVERY = 20;
/** One change in this many changes a status. */
const MOVE_EVERY = 4;

interface Run {
  readonly options: ChurnOptions;
  readonly steady: ReadonlySet<string>;
  readonly until: number;
  lastStep: number;
  /** Changes that are due, with fractions. */
  due: number;
  timer: unknown;
}

/** Simulates a busy platform: changes campaigns continuously, each change in its own transaction. */
export class RandomChanges {
  readonly #table: CampaignTable;
  readonly #database: Database;
  readonly #engine: Engine;
  readonly #seedData: SeedData;
  readonly #random: SeededRandom;
  readonly #clock: Clock;
  readonly #still: boolean;
  /** The number of changes so far, by system. It determines the next change, also after a restart. */
  readonly #counts: Table<number>;
  readonly #runs = new Map<string, Run>();

  constructor(parts: {
    table: CampaignTable;
    database: Database;
    engine: Engine;
    seedData: SeedData;
    random: SeededRandom;
    clock: Clock;
    still: boolean;
  }) {
    this.#table = parts.table;
    this.#database = parts.database;
    this.#engine = parts.engine;
    this.#seedData = parts.seedData;
    this.#random = parts.random;
    this.#clock = parts.clock;
    this.#still = parts.still;
    this.#counts = parts.database.table('churn');
  }

  /**
   * Starts, and replaces the current run of this system.
   *
   * @throws {@link SimulationError} in a still backend
   */
  run(options: ChurnOptions): void {
    const { system, perSecond, forMs = FOR_MS, steady = [] } = options;
    this.#table.system(system);
    if (this.#still) throw new SimulationError('churn: a still backend changes only on explicit calls.');
    this.#end(system);
    if (perSecond === 0) return;
    const now = this.#clock.now();
    const run: Run = {
      options,
      steady: new Set(steady),
      until: now + forMs,
      lastStep: now,
      due: 0,
      timer: undefined,
    };
    this.#runs.set(system, run);
    this.#wait(run);
  }

  dispose(): void {
    for (const system of [...this.#runs.keys()]) this.#end(system);
  }

  #end(system: string): void {
    this.#clock.clearTimeout(this.#runs.get(system)?.timer);
    this.#runs.delete(system);
  }

  #wait(run: Run): void {
    run.timer = this.#clock.setTimeout(() => this.#step(run), STEP_MS);
  }

  #step(run: Run): void {
    const { system, perSecond } = run.options;
    const now = this.#clock.now();
    // After a pause, at most one second of changes is made up for.
    run.due += (perSecond * Math.min(1_000, now - run.lastStep)) / 1_000;
    run.lastStep = now;
    for (; run.due >= 1; run.due--) this.#database.transact(() => this.#change(run));
    if (now < run.until) this.#wait(run);
    else this.#end(system);
  }

  #change({ options: { system }, steady }: Run): void {
    const n = this.#counts.get(system) ?? 0;
    this.#counts.put(system, n + 1);
    const { entries } = this.#table.system(system);
    const keys = ['churn', system, n];
    const present = [...entries.keys()];
    const movable = present.filter((id) => !steady.has(id));
    if (n % ADD_OR_REMOVE_EVERY === 0 && this.#addOrRemove(system, movable, n)) return;
    if (n % MOVE_EVERY === 1 && movable.length) {
      this.#move({ system, id: this.#random.pick(movable, ...keys) }, n);
    } else if (present.length) {
      const facts = { message: `Change ${n}: ${this.#random.between(1, 900, 'contacts', ...keys)} contacts so far.` };
      this.#table.change({ system, id: this.#random.pick(present, ...keys) }, { facts });
    }
  }

  /** In turn, removes a campaign or adds a removed one again. Returns false if there is none. */
  #addOrRemove(system: string, movable: readonly string[], n: number): boolean {
    const { entries, revisions } = this.#table.system(system);
    const removes = (n / ADD_OR_REMOVE_EVERY) % 2 === 0;
    const candidates = removes ? movable : [...revisions.keys()].filter((id) => !entries.has(id));
    if (!candidates.length) return false;
    const ref = { system, id: this.#random.pick(candidates, 'churn', system, n) };
    if (removes) {
      this.#table.remove(ref, `Change ${n}`);
      this.#engine.forget(ref);
    } else {
      this.#seedData.add(ref);
    }
    return true;
  }

  #move(ref: CampaignRef, n: number): void {
    const { lifecycle } = this.#table.system(ref.system);
    const possible = nextStatuses(lifecycle, this.#table.entry(ref).record.status);
    if (!possible.length) return;
    const status = this.#random.pick(possible, 'status', ref.system, n);
    const label = statusDef(lifecycle, status)?.label ?? status;
    this.#table.change(ref, {
      facts: {
        status,
        message: `Change ${n}: ${label} since then.`,
        cause: null,
        at: new Date(this.#clock.now()).toISOString(),
        changedBy: 'Scheduler',
      },
    });
  }
}

/**
 * The statuses that a random change may lead to. If the lifecycle lists moves: those, else the targets of actions. For
 * other lifecycles: any status, as for a reader who missed the changes in between.
 */
function nextStatuses(lifecycle: Lifecycle, status: string): readonly string[] {
  const statuses = lifecycle.statusOrder;
  if (!statuses.some((name) => lifecycle.statuses[name]!.moves.length)) return statuses;
  const moves = movesFrom(lifecycle, status);
  if (moves.length) return moves;
  return legalActions(lifecycle, status).flatMap((action) => landings(lifecycle, status, action));
}
