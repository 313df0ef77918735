import * as fc from 'fast-check';
import { Backend } from '../../../mocks/backend.ts';
import { requestHandler, type SavedState, type SimulatedBackend } from '../../../mocks/index.ts';
import { seededRandom, type SeededRandom } from '../../../mocks/random.ts';
import { settled, TestEnvironment } from '../../support/environment.ts';
import { Intents } from './intents.ts';
import { Network } from './network.ts';
import { BASE, Page, TIMES } from './page.ts';
import type { ScheduleOptions } from './options.ts';
import { IDS, LIFECYCLES } from './systems.ts';
import { ExpectedState } from './expected-state.ts';
import type { Violation } from './violation.ts';

/**
 * The time that a leg takes while messages flow (ms): most take no time, some a little, and on a rough network a few
 * take long.
 */
const SLOW_LEG_MS = 200;
const SLOWEST_LEG_MS = 15_000;
/** How often (0 to 1). A stream is rarely held up, or no feed would live for long. */
const SLOWEST = { block: 0.01, message: 0.1 };
/** A feed that missed more changes than this must take a new snapshot. */
const KEEP_CHANGES = 12;
/** The next revision has more digits, so that comparing revisions as text fails. */
const FIRST_REVISION = 9;

/** The system under test and its model: a page with the real store and adapter, a network, a backend, and the truth. */
export class World {
  readonly env = new TestEnvironment();
  readonly expected = new ExpectedState();
  readonly intents: Intents;
  readonly network: Network;
  readonly backend: SimulatedBackend;
  readonly scheduler: fc.Scheduler;
  readonly trace: (() => string)[] = [];
  /** The page that is shown. */
  page: Page;
  /** A state that the backend can be restored to. */
  saved: SavedState;
  /** Whether a sign-in succeeds. */
  signInWorks = true;
  /** Every message gets through at once, unharmed. */
  healed = false;
  readonly #random: SeededRandom;
  readonly #clock = this.env.newClock();
  /** Messages on their way, and whether they wait for a time or for the scheduler. */
  readonly #held = new Map<() => void, { readonly what: string; timed: boolean }>();
  readonly #counts = new Map<string, number>();
  #pages = 0;
  #direct = false;
  #violation: Violation | undefined;

  constructor(readonly setting: ScheduleOptions) {
    const { env, expected } = this;
    this.#random = seededRandom(String(setting.seed));
    // Decides the order of messages and commands. It follows from one number, so that a schedule can be recorded.
    [this.scheduler] = fc.sample(fc.scheduler({ act: turn }), { seed: setting.seed, numRuns: 1 }) as [fc.Scheduler];
    // The backend has its own clock: a command may set the page's clock.
    const start = env.now();
    const { setTimeout, clearTimeout } = this.#clock;
    this.backend = new Backend(
      {
        seed: setting.seed,
        sampleData: 'empty',
        tickMs: 0,
        keepChanges: KEEP_CHANGES,
        pageSize: 2,
        clock: { now: () => start + env.monotonic(), setTimeout, clearTimeout },
      },
      expected,
    );
    for (const [system, { prerequisites = {} }] of LIFECYCLES)
      for (const id of IDS.slice(0, -1)) {
        this.backend.campaigns.add({ system, id, met: Object.keys(prerequisites) });
        if (id === IDS[0])
          for (let revision = 1; revision < FIRST_REVISION; revision++) this.backend.campaigns.touch({ system, id });
      }
    this.saved = this.backend.save();
    const respond = requestHandler(this.backend, { baseUrl: BASE, controls: false });
    this.network = new Network({
      random: this.#random,
      roughness: setting.roughness,
      transit: (what) => this.transit(what),
      later: (what, ms) => this.later(what, ms),
      serve: async (request) => (await respond(request))!,
      note: (line) => this.note(line),
    });
    this.intents = new Intents({
      expected,
      now: env.monotonic,
      uncertainAfterMs: TIMES.uncertainAfterMs,
      violated: (violation) => this.violated(violation),
    });
    this.page = this.#newPage();
  }

  /** The next value of the random sequence with this name. */
  nextRandom(name: string): number {
    return this.#random.at(name, this.number(name));
  }

  /** Counts from 1, separately for each name. */
  number(name: string): number {
    const n = (this.#counts.get(name) ?? 0) + 1;
    this.#counts.set(name, n);
    return n;
  }

  /** All campaigns that commands refer to. */
  everyId(system: string): readonly string[] {
    return [...new Set([...IDS, ...this.expected.everyId(system)])];
  }

  /**
   * One leg of a message's way: it ends when the scheduler chooses it, or after a short latency while messages flow.
   */
  transit(what: string): Promise<void> {
    return this.#hold(what, this.#direct ? this.#latency(what) : undefined);
  }

  /** Resolves after this time (ms). */
  later(what: string, ms: number): Promise<void> {
    return this.#hold(what, ms);
  }

  /** @param ms default: until the scheduler chooses it */
  #hold(what: string, ms: number | undefined): Promise<void> {
    if (ms === 0 || this.healed) return Promise.resolve();
    return new Promise((resolve) => {
      const go = (): void => {
        this.#held.delete(go);
        resolve();
      };
      this.#held.set(go, { what, timed: ms !== undefined });
      if (ms === undefined) void this.scheduler.schedule(Promise.resolve(), what).then(go);
      else this.#clock.setTimeout(go, ms);
    });
  }

  /** Time passes, and messages flow meanwhile. */
  async flow(ms: number): Promise<void> {
    this.#direct = true;
    for (const [go, leg] of this.#held) {
      if (!leg.timed) this.#clock.setTimeout(go, this.#latency(leg.what));
      leg.timed = true;
    }
    await this.env.advance(ms);
    this.#direct = false;
  }

  /** From now on every message gets through at once, unharmed. */
  async steady(): Promise<void> {
    this.healed = true;
    for (const go of this.#held.keys()) go();
    this.network.calm();
    await settled();
  }

  /** Replaces the page's store and adapter, as when an element's provider is given another address. */
  swap(): void {
    const before = this.page;
    const { visible, online } = before.surroundings;
    this.page = this.#newPage();
    Object.assign(this.page.surroundings, { visible, online });
    this.page.hiddenSince = before.hiddenSince;
    for (const { subject, behaviour, looks } of before.observers) if (looks) this.page.observe(subject, behaviour);
    before.dispose();
  }

  note(line: () => string): void {
    const at = this.env.monotonic();
    this.trace.push(() => `${at.toFixed(0).padStart(7)} ms  ${line()}`);
  }

  /** Runs a check in a callback whose errors would be lost, and keeps the violation. */
  hold(check: () => void): void {
    try {
      check();
    } catch (violation) {
      this.violated(violation as Violation);
    }
  }

  violated(violation: Violation): void {
    this.#violation ??= violation;
    this.note(() => `✖ ${violation.message.split('\n')[0]}`);
  }

  /** @throws the first violation that was found */
  assertWhole(): void {
    if (this.#violation) throw this.#violation;
  }

  close(): void {
    if (!this.page.disposed) this.page.store.dispose();
    this.backend.dispose();
  }

  #latency(what: string): number {
    const random = this.#random.at('latency', what);
    if (this.setting.roughness > 0 && random < (what.includes(' block ') ? SLOWEST.block : SLOWEST.message))
      return this.#random.at('slowest', what) * SLOWEST_LEG_MS;
    return Math.max(0, random * 3 - 2) * SLOW_LEG_MS;
  }

  #newPage(): Page {
    return new Page(this, `page ${++this.#pages}`);
  }
}

/** After each command or message, waits until everything that follows from it has happened. */
async function turn(f: () => Promise<void>): Promise<void> {
  await f();
  await settled();
}
