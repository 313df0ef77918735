import type { ActResult, CampaignRecord, CampaignRef, Reading } from '../src/adapters/contract.ts';
import { inputProblem, landing, obstacle, settle, statusDef, type Lifecycle } from '../src/lifecycle/index.ts';
import { refusalOf } from '../src/util/http-status.ts';
import { servedRecord, unmetPrerequisites, type CampaignTable, type Entry } from './campaign-table.ts';
import type { Clock } from './clock.ts';
import type { Database, Table } from './database.ts';
import type { Engine } from './engine.ts';
import { keyOf } from './engine-log.ts';
import type { Network, Refusal } from './network.ts';
import type { SeededRandom } from './random.ts';
import { AnswerError, networkLost, SimulationError } from './simulation-error.ts';
import type { Effect, SimulatedActRequest } from './types.ts';

/** Results and effects are kept for this many keys; the oldest are deleted first. */
const KEEP = 10_000;
const MISUSED_KEY: ActResult = {
  outcome: 'refused',
  code: 'invalid',
  reason: 'This Idempotency-Key was used for another request.',
};

interface StoredResult {
  readonly payload: string;
  readonly result: ActResult;
}

interface DelayedAction {
  readonly ref: CampaignRef;
  readonly action: string;
  readonly input?: string;
  readonly due: number;
}

/** Processes actions. Each key has at most one effect, however often it is sent. */
export class Api {
  readonly #table: CampaignTable;
  readonly #database: Database;
  readonly #engine: Engine;
  readonly #network: Network;
  readonly #random: SeededRandom;
  readonly #clock: Clock;
  readonly #processingMs: number;
  readonly #epoch: () => string;
  readonly #results: Table<StoredResult>;
  /** By key. A list, so that a test could see a second effect of one key. */
  readonly #effects: Table<readonly Effect[]>;
  readonly #delayed: Table<DelayedAction>;
  /** By campaign: the chosen status for its next action with several possible ones. */
  readonly #landings: Table<string>;
  readonly #inFlight = new Map<string, string>();
  readonly #timers = new Set<unknown>();

  constructor(parts: {
    table: CampaignTable;
    database: Database;
    engine: Engine;
    network: Network;
    random: SeededRandom;
    clock: Clock;
    processingMs: number;
    epoch: () => string;
  }) {
    this.#table = parts.table;
    this.#database = parts.database;
    this.#engine = parts.engine;
    this.#network = parts.network;
    this.#random = parts.random;
    this.#clock = parts.clock;
    this.#processingMs = parts.processingMs;
    this.#epoch = parts.epoch;
    this.#results = parts.database.table('results');
    this.#effects = parts.database.table('effects');
    this.#delayed = parts.database.table('delayed');
    this.#landings = parts.database.table('landings');
    this.#trim();
  }

  /** The effects of actions so far, by key. */
  effects(): readonly Effect[] {
    return [...this.#effects.values()].flat();
  }

  /** Completes accepted actions that are due. Their timers do that too, except in a still backend. */
  completeDue(): void {
    const now = this.#clock.now();
    for (const [key, { due }] of [...this.#delayed.entries()]) if (due <= now) this.#complete(key);
  }

  /** Schedules accepted actions that are not done yet. */
  resume(): void {
    for (const timer of this.#timers) this.#clock.clearTimeout(timer);
    this.#timers.clear();
    for (const [key, { due }] of this.#delayed.entries()) this.#schedule(key, due);
  }

  async act(request: SimulatedActRequest): Promise<ActResult> {
    try {
      this.#network.check('act', request.ref.system);
    } catch (error) {
      return resultOf(error);
    }
    const [result] = await this.#run([request]);
    return result!;
  }

  /** Processes several actions in one call. Each is atomic and independent of the others. */
  async actMany(requests: readonly SimulatedActRequest[]): Promise<readonly ActResult[]> {
    for (const system of new Set(requests.map(({ ref }) => ref.system))) this.#network.check('actMany', system);
    return this.#run(requests);
  }

  /**
   * Chooses the status that the next action of a campaign leads to, if it has several possible ones.
   *
   * @throws {@link SimulationError} for a campaign whose status has no such action
   */
  landNext(ref: CampaignRef, status: string): void {
    const { lifecycle } = this.#table.system(ref.system);
    const from = this.#table.entry(ref).record.status;
    const choices = Object.values(lifecycle.actions)
      .map((action) => action.from[from] ?? [])
      .filter((targets) => targets.length > 1)
      .flat();
    if (!choices.includes(status))
      throw new SimulationError(
        `No action from "${from}" lets you choose "${status}"; there is: ${choices.join(', ') || 'nothing to choose'}.`,
      );
    this.#database.transact(() => this.#landings.put(keyOf(ref), status));
  }

  /** Deletes the data of a removed campaign. */
  forget(ref: CampaignRef): void {
    this.#landings.delete(keyOf(ref));
  }

  dispose(): void {
    for (const timer of this.#timers) this.#clock.clearTimeout(timer);
    this.#timers.clear();
  }

  async #run(requests: readonly SimulatedActRequest[]): Promise<ActResult[]> {
    const keyed = requests.map((request) => ({ request, key: request.idempotencyKey, payload: payloadOf(request) }));
    for (const { key, payload } of keyed) {
      if (typeof key !== 'string' || !key) throw new AnswerError(400, 'An action needs an Idempotency-Key.');
      if (this.#inFlight.get(key) === payload) throw new AnswerError(409, 'The same request is still under way.', 500);
    }
    const claimed = new Map<string, string>();
    for (const { key, payload } of keyed) {
      if (this.#inFlight.has(key)) continue;
      this.#inFlight.set(key, payload);
      claimed.set(key, payload);
    }
    try {
      // The signal is not passed on: aborting does not undo a request.
      await this.#network.delay();
      const results = keyed.map(({ request, key, payload }) => {
        if ((this.#results.get(key)?.payload ?? claimed.get(key)) !== payload) return MISUSED_KEY;
        return this.#results.get(key)?.result ?? this.#perform(request, key, payload);
      });
      if (this.#network.loseNextAnswer > 0) {
        this.#network.loseNextAnswer--;
        throw networkLost();
      }
      return results;
    } finally {
      for (const key of claimed.keys()) this.#inFlight.delete(key);
      this.#database.notify();
    }
  }

  #perform(request: SimulatedActRequest, key: string, payload: string): ActResult {
    return this.#database.transact(() => {
      const result = this.#decide(request, key);
      // `unavailable` is not stored as a result: the same key may be sent again.
      if (result.outcome === 'refused' && result.code === 'unavailable') return result;
      this.#results.put(key, { payload, result });
      this.#database.afterCommit(() => this.#trim());
      return result;
    });
  }

  #decide({ ref, action, expect, input }: SimulatedActRequest, key: string): ActResult {
    const entry = this.#table.find(ref);
    if (!entry) return { outcome: 'refused', code: 'gone', reason: `There is no campaign "${ref.id}" any more.` };
    const refusal = this.#network.takeRefusal(action);
    if (refusal) return this.#refuse(refusal, entry);
    const { lifecycle } = this.#table.system(ref.system);
    if (!Object.keys(lifecycle.actions).includes(action))
      return {
        outcome: 'refused',
        code: 'invalid',
        reason: `${lifecycle.label} campaigns know no action "${action}".`,
      };
    const { status, denied } = entry.record;
    const missing = unmetPrerequisites(lifecycle, entry.met);
    const blocker = obstacle(lifecycle, status, action, { missing, denied });
    if (blocker?.code === 'denied')
      return { outcome: 'refused', code: 'forbidden', reason: blocker.text || 'You may not do this.' };
    const legal = landing(lifecycle, status, action, missing) !== undefined;
    // If the user saw the current status, it is no conflict: the missing prerequisite is the reason.
    if (blocker?.code === 'missing' && (legal || expect.status === status))
      return { outcome: 'refused', code: 'invalid', reason: missingReason(lifecycle, action, blocker.what ?? []) };
    if (!legal)
      return {
        outcome: 'conflict',
        reason: conflictReason(lifecycle, action, expect.status, entry.record),
        ...this.#reading(entry),
      };
    const wrong = inputRefusal(lifecycle, action, input);
    if (wrong !== undefined) return { outcome: 'refused', code: 'invalid', reason: wrong };

    if (this.#network.swallowNext > 0) {
      this.#network.swallowNext--;
      return { outcome: 'accepted' };
    }
    if (this.#network.acceptOnly) {
      const due = this.#clock.now() + this.#processingMs;
      this.#delayed.put(key, {
        ref: { system: ref.system, id: ref.id },
        action,
        ...(input === undefined ? {} : { input }),
        due,
      });
      this.#database.afterCommit(() => this.#schedule(key, due));
      return { outcome: 'accepted' };
    }
    this.#apply(ref, action, key, input);
    return { outcome: 'done', ...this.#reading(this.#table.entry(ref)) };
  }

  /** Moves the campaign if the action is still legal. */
  #apply(ref: CampaignRef, action: string, key: string, input?: string): void {
    const { lifecycle } = this.#table.system(ref.system);
    const entry = this.#table.find(ref);
    const before = entry?.record.status ?? '';
    const target = entry && this.#landing(ref, action, entry);
    if (!entry || target === undefined) return;
    const starts = statusDef(lifecycle, target)?.fault === undefined ? entry.starts : entry.starts + 1;
    this.#table.move(ref, target, this.#table.user, { starts, action, ...(input ? { note: input } : {}) });
    const effect = { idempotencyKey: key, ref: { ...ref }, action, from: before, to: target };
    this.#effects.put(key, [...(this.#effects.get(key) ?? []), effect]);
    this.#engine.moved(ref, before, this.#table.user);
  }

  /** The status that an action leads to now: the chosen one, or by the seed one of several. */
  #landing(ref: CampaignRef, action: string, { record, met }: Entry): string | undefined {
    const { lifecycle } = this.#table.system(ref.system);
    const missing = unmetPrerequisites(lifecycle, met);
    const targets = lifecycle.actions[action]?.from[record.status] ?? [];
    if (targets.length < 2) return landing(lifecycle, record.status, action, missing);
    const chosen = this.#landings.get(keyOf(ref));
    if (chosen === undefined || !targets.includes(chosen))
      return settle(lifecycle, this.#random.pick(targets, 'landing', ref.system, ref.id, record.revision), missing);
    this.#landings.delete(keyOf(ref));
    return settle(lifecycle, chosen, missing);
  }

  #trim(): void {
    for (const table of [this.#results, this.#effects]) {
      const surplus = table.size - KEEP;
      if (surplus > 0) for (const key of [...table.keys()].slice(0, surplus)) table.discard(key);
    }
  }

  #schedule(key: string, due: number): void {
    const timer = this.#clock.setTimeout(
      () => {
        this.#timers.delete(timer);
        this.#complete(key);
      },
      Math.max(0, due - this.#clock.now()),
    );
    this.#timers.add(timer);
  }

  #complete(key: string): void {
    this.#database.transact(() => {
      const delayed = this.#delayed.get(key);
      this.#delayed.delete(key);
      if (delayed) this.#apply(delayed.ref, delayed.action, key, delayed.input);
    });
  }

  #refuse(
    { code = 'unavailable', reason = 'The backend is busy; nothing was done.' }: Refusal,
    entry: Entry,
  ): ActResult {
    return code === 'conflict'
      ? { outcome: 'conflict', reason, ...this.#reading(entry) }
      : { outcome: 'refused', code, reason };
  }

  #reading(entry: Entry): Reading {
    return { campaign: servedRecord(entry), epoch: this.#epoch() };
  }
}

/** The contract’s result for an HTTP status that the network was set to answer. */
function resultOf(error: unknown): ActResult {
  if (!(error instanceof AnswerError)) throw error;
  const reason = error.message;
  if (error.status === 202 || error.status === 204) return { outcome: 'accepted' };
  const refusal = refusalOf(error.status);
  if (refusal === 'conflict') return { outcome: 'conflict', reason };
  if (refusal) return { outcome: 'refused', code: refusal, reason };
  throw error;
}

/** The request that a key belongs to. */
function payloadOf({ ref, action, expect, input }: SimulatedActRequest): string {
  return JSON.stringify([ref.system, ref.id, action, expect, ...(input === undefined ? [] : [input])]);
}

/** Why the input is invalid; `undefined` if it is valid. */
function inputRefusal(lifecycle: Lifecycle, action: string, input: string | undefined): string | undefined {
  const { label, input: wanted } = lifecycle.actions[action]!;
  switch (inputProblem(lifecycle, action, input)) {
    case 'input-missing':
      return `“${label}” needs a text: ${wanted!.label}.`;
    case 'input-too-long':
      return `${wanted!.label}: at most ${wanted!.maxLength} characters.`;
    case 'input-unknown':
      return wanted ? `${wanted.label}: choose one of ${wanted.options!.join(', ')}.` : `“${label}” takes no text.`;
    case undefined:
      return undefined;
  }
}

function missingReason(lifecycle: Lifecycle, action: string, missing: readonly string[]): string {
  const wanted = missing
    .map((prerequisite) => lifecycle.prerequisites?.[prerequisite]?.missing ?? prerequisite)
    .join(' ');
  return `“${lifecycle.actions[action]?.label ?? action}” has to wait. ${wanted}`;
}

function conflictReason(lifecycle: Lifecycle, action: string, expected: string, record: CampaignRecord): string {
  const label = lifecycle.actions[action]?.label ?? action;
  const name = (status: string): string => `“${statusDef(lifecycle, status)?.label ?? status}”`;
  const now = name(record.status);
  if (expected === record.status) return `“${label}” is not possible while the campaign is ${now}.`;
  const by = record.changedBy === undefined ? '' : `, by ${record.changedBy}`;
  return `The campaign is no longer ${name(expected)}: it is ${now}${by}. “${label}” is not possible from there.`;
}
