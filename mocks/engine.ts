import type { CampaignRef, LogEntry } from '../src/adapters/contract.ts';
import { movesFrom, settle, statusDef } from '../src/lifecycle/index.ts';
import { unmetPrerequisites, type CampaignTable, type Entry } from './campaign-table.ts';
import type { Clock } from './clock.ts';
import type { Database, Table } from './database.ts';
import type { Dependencies, DependencyState } from './dependencies.ts';
import { keyOf, type EngineLog } from './engine-log.ts';
import {
  dependencyError,
  flowError,
  haltLine,
  progressLine,
  startLine,
  stopLine,
  strategyError,
  customError,
  type CampaignError,
} from './sample-messages.ts';
import type { SeededRandom } from './random.ts';
import { SimulationError } from './simulation-error.ts';
import type { DependencyRef } from './types.ts';

/** A round processes this many campaigns; with more, they take turns. */
const ROUND = 50;
const ENGINE = 'Engine';

/** Processes contacts and events of campaigns in a processing status, and fails on broken dependencies. */
export class Engine {
  readonly #table: CampaignTable;
  readonly #database: Database;
  readonly #log: EngineLog;
  readonly #dependencies: Dependencies;
  readonly #random: SeededRandom;
  readonly #clock: Clock;
  readonly #processingMs: number;
  readonly #processed: Table<number>;
  readonly #rounds: Table<number>;
  readonly #checkTimers = new Map<string, unknown>();
  #ticker: unknown;

  constructor(parts: {
    table: CampaignTable;
    database: Database;
    log: EngineLog;
    dependencies: Dependencies;
    random: SeededRandom;
    clock: Clock;
    processingMs: number;
  }) {
    this.#table = parts.table;
    this.#database = parts.database;
    this.#log = parts.log;
    this.#dependencies = parts.dependencies;
    this.#random = parts.random;
    this.#clock = parts.clock;
    this.#processingMs = parts.processingMs;
    this.#processed = parts.database.table('processed');
    this.#rounds = parts.database.table('rounds');
  }

  processed(ref: CampaignRef): number {
    return this.#processed.get(keyOf(ref)) ?? 0;
  }

  /** Runs a round every `ms` from now on. */
  run(ms: number): void {
    this.#ticker = this.#clock.setTimeout(() => {
      this.tick();
      this.run(ms);
    }, ms);
    // The timer alone must not keep a Node process alive.
    (this.#ticker as { unref?(): void } | undefined)?.unref?.();
  }

  /** After a restart: schedules the check of processing campaigns with broken dependencies, as after a Start. */
  resume(): void {
    for (const ref of this.#processing()) if (this.#findBroken(this.#table.entry(ref))) this.#scheduleCheck(ref);
  }

  /** Runs one round. */
  tick(): void {
    this.#database.transact(() => {
      const all = this.#processing();
      if (!all.length) return;
      const round = this.#rounds.get('round') ?? 0;
      this.#rounds.put('round', round + 1);
      const from = (round * ROUND) % all.length;
      for (const ref of all.slice(from, from + ROUND)) if (!this.checkDependencies(ref)) this.#progress(ref, round);
    });
  }

  /** Checks the campaign’s dependencies. Returns true if one is broken and the campaign failed. */
  checkDependencies(ref: CampaignRef): boolean {
    if (!this.#table.processes(ref)) return false;
    const entry = this.#table.entry(ref);
    const broken = this.#findBroken(entry);
    if (!broken) return false;
    const { kind, id, name } = broken;
    this.fault(ref, dependencyError(this.#random, broken, entry.faults, [ref.system, ref.id]), { kind, id, name });
    return true;
  }

  /** Checks every campaign that has this dependency. */
  failDependents({ kind, id }: DependencyRef): void {
    this.#database.transact(() => {
      for (const ref of this.#processing())
        if (this.#table.entry(ref).dependencies.some((one) => one.kind === kind && one.id === id))
          this.checkDependencies(ref);
    });
  }

  /** Fails a campaign with an error of its own. */
  raise(ref: CampaignRef, message?: string): boolean {
    const { faults } = this.#table.entry(ref);
    if (!this.#table.processes(ref)) return false;
    this.fault(ref, message === undefined ? this.ownError(ref, faults) : customError(message));
    return true;
  }

  /**
   * Moves a campaign as the engine may do by itself. A move to the fault status is an error of the campaign.
   *
   * @throws {@link SimulationError} for a move that the lifecycle does not list
   */
  move(ref: CampaignRef, status: string, message?: string): void {
    const { lifecycle } = this.#table.system(ref.system);
    const entry = this.#table.entry(ref);
    const before = entry.record.status;
    const possible = movesFrom(lifecycle, before);
    if (!possible.includes(status))
      throw new SimulationError(
        `${lifecycle.label} campaigns do not move from "${before}" to "${status}" by themselves; from there they move to: ${possible.join(', ') || 'nothing'}.`,
      );
    if (status === statusDef(lifecycle, before)?.fault) {
      this.raise(ref, message);
      return;
    }
    this.#database.transact(() => {
      const target = settle(lifecycle, status, unmetPrerequisites(lifecycle, entry.met));
      this.#table.move(ref, target, ENGINE, message === undefined ? {} : { message });
      this.moved(ref, before, ENGINE);
    });
  }

  /** An error of the kind that this system has. */
  ownError(ref: CampaignRef, n: number): CampaignError {
    const story = this.#table.system(ref.system).lifecycle.log ? strategyError : flowError;
    return story(this.#random, n, [ref.system, ref.id]);
  }

  /** Updates log and checks after a status change. */
  moved(ref: CampaignRef, before: string, by: string): void {
    const { lifecycle } = this.#table.system(ref.system);
    const entry = this.#table.entry(ref);
    const began = statusDef(lifecycle, entry.record.status)?.fault !== undefined;
    const processed = statusDef(lifecycle, before)?.fault !== undefined;
    const keys = [ref.system, ref.id, entry.starts];
    if (began && (!processed || before === entry.record.status)) {
      this.#write(ref, startLine(this.#random, by, this.#firstDependency(entry), keys));
      if (this.#findBroken(entry)) this.#scheduleCheck(ref);
    } else if (!began) {
      this.#write(ref, processed ? stopLine(this.#random, by, keys) : haltLine(by));
    }
  }

  /** Writes the log entries of a campaign that has been in its status for a while. */
  writePastLog(ref: CampaignRef, since: number, by: string, error?: CampaignError): void {
    const entry = this.#table.entry(ref);
    const keys = [ref.system, ref.id, 'before'];
    this.#write(ref, startLine(this.#random, by, this.#firstDependency(entry), keys), since - 3_600_000);
    for (let n = 0; n < 6; n++)
      this.#write(ref, progressLine(this.#random, 20 + n, 20 * (n + 1), [...keys, n]), since - 3_000_000 + n * 400_000);
    if (error) this.#writeError(ref, error, since);
  }

  forget(ref: CampaignRef): void {
    this.#log.clear(ref);
    this.#processed.delete(keyOf(ref));
    this.#clock.clearTimeout(this.#checkTimers.get(keyOf(ref)));
    this.#checkTimers.delete(keyOf(ref));
  }

  dispose(): void {
    this.#clock.clearTimeout(this.#ticker);
    for (const timer of this.#checkTimers.values()) this.#clock.clearTimeout(timer);
    this.#checkTimers.clear();
  }

  fault(ref: CampaignRef, error: CampaignError, cause?: { kind: string; id: string; name: string }): void {
    this.#database.transact(() => {
      const { record, faults } = this.#table.entry(ref);
      const status = statusDef(this.#table.system(ref.system).lifecycle, record.status)?.fault;
      if (status === undefined) return;
      this.#table.change(ref, {
        faults: faults + 1,
        facts: {
          status,
          message: error.message,
          cause: cause ?? null,
          at: new Date(this.#clock.now()).toISOString(),
          changedBy: ENGINE,
        },
      });
      this.#writeError(ref, error);
    });
  }

  #writeError(ref: CampaignRef, error: CampaignError, at?: number): void {
    this.#write(ref, { level: 'error', text: error.trace }, at);
    this.#write(ref, { level: 'info', text: 'engine: this run is over' }, at);
  }

  #write(ref: CampaignRef, line: Omit<LogEntry, 'at'>, at = this.#clock.now()): void {
    if (!this.#table.system(ref.system).lifecycle.log) return;
    this.#log.append(ref, [{ ...line, at: new Date(at).toISOString() }]);
  }

  #progress(ref: CampaignRef, round: number): void {
    const keys = [ref.system, ref.id, round];
    const contacts = this.#random.between(1, 40, 'contacts', ...keys);
    const total = this.processed(ref) + contacts;
    this.#processed.put(keyOf(ref), total);
    if (this.#table.system(ref.system).lifecycle.log)
      this.#write(ref, progressLine(this.#random, contacts, total, keys));
  }

  #scheduleCheck(ref: CampaignRef): void {
    const key = keyOf(ref);
    this.#clock.clearTimeout(this.#checkTimers.get(key));
    this.#checkTimers.set(
      key,
      this.#clock.setTimeout(() => {
        this.#checkTimers.delete(key);
        this.#database.transact(() => this.checkDependencies(ref));
      }, this.#processingMs),
    );
  }

  #findBroken({ dependencies }: Entry): DependencyState | undefined {
    return dependencies
      .map((ref) => this.#dependencies.get(ref))
      .find((dependency) => dependency && dependency.state !== 'running');
  }

  /** The dependency that a start names in the log, such as `channel Email`. */
  #firstDependency({ dependencies: [first] }: Entry): string {
    return first ? `${first.kind} ${this.#dependencies.describe(first).name}` : 'no dependencies';
  }

  #processing(): CampaignRef[] {
    const found: CampaignRef[] = [];
    for (const [system, { lifecycle, entries }] of this.#table.systems)
      for (const [id, { record }] of entries.entries())
        if (statusDef(lifecycle, record.status)?.fault !== undefined) found.push({ system, id });
    return found;
  }
}
