import type { CampaignRef } from '../src/adapters/contract.ts';
import { landings, legalActions, movesFrom, statusDef, type Lifecycle } from '../src/lifecycle/index.ts';
import type { CampaignTable } from './campaign-table.ts';
import type { Clock } from './clock.ts';
import type { Database, Table } from './database.ts';
import type { Engine } from './engine.ts';
import type { SeededRandom } from './random.ts';
import type { SeedData } from './seed-data.ts';
import type { ChurnOptions } from './types.ts';

/** The changes that are due are made in steps of this many ms. */
const STEP_MS = 20;
const FOR_MS = 60_000;
/** One change in so many removes a campaign; the next one of the kind brings one back. */
const ADD_OR_REMOVE_EVERY = 20;
/** One change in so many is one of status. */
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

/** A busy platform: campaigns that change all the time, each change in a transaction of its own, no two alike. */
export class RandomChanges {
  readonly #table: CampaignTable;
  readonly #database: Database;
  readonly #engine: Engine;
  readonly #seedData: SeedData;
  readonly #random: SeededRandom;
  readonly #clock: Clock;
  /** How many changes were made so far, by system: the next one follows from it, also after a restart. */
  readonly #counts: Table<number>;
  readonly #runs = new Map<string, Run>();

  constructor(parts: {
    table: CampaignTable;
    database: Database;
    engine: Engine;
    seedData: SeedData;
    random: SeededRandom;
    clock: Clock;
  }) {
    this.#table = parts.table;
    this.#database = parts.database;
    this.#engine = parts.engine;
    this.#seedData = parts.seedData;
    this.#random = parts.random;
    this.#clock = parts.clock;
    this.#counts = parts.database.table('churn');
  }

  /** Begins, in the place of what is under way in this system. */
  run(options: ChurnOptions): void {
    const { system, perSecond, forMs = FOR_MS, steady = [] } = options;
    this.#table.system(system);
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
    // What a standstill has missed, beyond a second of it, is not made up for.
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

  /** In turn, one of the campaigns goes, and one that went comes back. False: there is none. */
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
 * Where a random change may lead. An engine that moves by itself keeps to its table: its own moves, else what an action leads to.
 * Of any other lifecycle every status, as a reader sees it who missed what was in between.
 */
function nextStatuses(lifecycle: Lifecycle, status: string): readonly string[] {
  const words = lifecycle.statusOrder;
  if (!words.some((word) => lifecycle.statuses[word]!.moves.length)) return words;
  const moves = movesFrom(lifecycle, status);
  if (moves.length) return moves;
  return legalActions(lifecycle, status).flatMap((action) => landings(lifecycle, status, action));
}
