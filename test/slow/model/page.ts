import { httpAdapter, type CampaignRef, type Change, type WatchRequest } from '../../../src/adapters/index.ts';
import { createCampaignStore, type CampaignStore, type CampaignView, type ListView } from '../../../src/store/index.ts';
import { TestPage, type TestEnvironment } from '../../support/environment.ts';
import { POISON } from './malformed-rows.ts';
import { i3OneEpoch, i12Agree } from './invariants-shown.ts';
import { i7NothingLeft, LEAST_CHANCE } from './invariants-feed.ts';
import { ModelConnection } from './connection.ts';
import { Observer, QUERIES, type ObserverBehaviour, type Subject, type ObservedValue } from './observers.ts';
import type { Intents } from './intents.ts';
import type { Network } from './network.ts';
import type { ScheduleOptions } from './options.ts';
import { reached, type Goal } from './coverage.ts';
import { ShownStates } from './shown-states.ts';
import type { ExpectedState } from './expected-state.ts';
import type { SimulatedBackend } from '../../../mocks/index.ts';
import { SYSTEMS } from './systems.ts';
import { misbehaving } from './misbehaving-adapter.ts';
import { withProbe, type ProbeListener } from './adapter-probe.ts';
import { Violation } from './violation.ts';

/**
 * The timeouts of the stores under test (ms). The time until a hidden page is suspended is shorter than in production,
 * so that it happens often.
 */
export const TIMES = { graceMs: 5000, keepMs: 30_000, hiddenMs: 20_000, slackMs: 2000, uncertainAfterMs: 20_000 };

export const BASE = 'http://backend.test/api';

/** How often (0 to 1) the host's `report` throws. */
const THROWS = 0.2;

/** What a page needs from the world. */
export interface PageEnvironment {
  readonly env: TestEnvironment;
  readonly expected: ExpectedState;
  readonly network: Network;
  readonly intents: Intents;
  readonly backend: SimulatedBackend;
  readonly setting: ScheduleOptions;
  /** Whether a sign-in succeeds. */
  readonly signInWorks: boolean;
  /** Every message gets through unharmed. */
  readonly healed: boolean;
  everyId(system: string): readonly string[];
  nextRandom(name: string): number;
  transit(what: string): Promise<void>;
  later(what: string, ms: number): Promise<void>;
  note(line: () => string): void;
  hold(check: () => void): void;
  violated(violation: Violation): void;
}

/** A page with its store, adapter and observers, and what it has shown. */
export class Page implements ProbeListener {
  readonly store: CampaignStore;
  readonly surroundings = new TestPage();
  readonly shown: ShownStates;
  readonly lines: ReadonlyMap<string, ModelConnection>;
  readonly observers: Observer[] = [];
  /** Since when the page has been hidden or frozen. */
  hiddenSince: number | undefined;
  disposed = false;
  #frames = 0;
  #signingIn = 0;
  #reads = 0;
  #subscribing = false;
  /** For each system, since when nothing has needed its feed. */
  readonly #unwantedSince = new Map<string, number>();
  readonly #clock;

  constructor(
    private readonly world: PageEnvironment,
    readonly name: string,
  ) {
    const { env, expected, network } = world;
    this.#clock = env.newClock();
    const { setTimeout, clearTimeout } = this.#clock;
    const born = new Map<string, number>();
    for (const system of SYSTEMS)
      for (const id of world.everyId(system)) born.set(`${system}/${id}`, expected.history({ system, id }).length - 1);
    this.shown = new ShownStates(expected, ({ system, id }) => born.get(`${system}/${id}`) ?? 0);
    const at = { expected, shown: this.shown, now: env.monotonic };
    this.lines = new Map(
      SYSTEMS.map((system) => [
        system,
        new ModelConnection(system, {
          ...at,
          everyId: () => world.everyId(system),
          pending: () => world.intents.pending(name, system).length > 0,
          empty: () => this.store.list(system).value.total === 0,
        }),
      ]),
    );
    const adapter = httpAdapter({
      src: BASE,
      fetch: network.fetchFor(name),
      reauthenticate: () => this.#signIn(),
    });
    const adapterWorld = {
      // Once the world is healed, the adapter behaves like any other.
      nextRandom: (what: string) => (world.healed ? 1 : world.nextRandom(`${name} ${what}`)),
      transit: (what: string) => world.transit(`${name} ${what}`),
      later: (what: string, ms: number) => world.later(`${name} ${what}`, ms),
    };
    this.store = createCampaignStore({
      adapter: withProbe(
        world.setting.misbehaving
          ? misbehaving(adapter, {
              ...adapterWorld,
              head: (of) => expected.head(of),
              removals: (...at) => expected.removals(...at),
            })
          : adapter,
        this,
      ),
      ...TIMES,
      hideWhenForbidden: world.setting.hideWhenForbidden,
      report: (event) => {
        reached(`reported: ${event.kind}` as Goal);
        world.note(() => `${name} reports ${JSON.stringify(event)}`);
        if (world.nextRandom(`${name} report`) < THROWS) throw new Error('a host that can not log');
      },
      environment: {
        now: env.now,
        monotonic: env.monotonic,
        random: () => LEAST_CHANCE + (1 - LEAST_CHANCE) * world.nextRandom(`${name} random`),
        page: this.surroundings,
        setTimeout,
        clearTimeout,
        frame: (run) => {
          this.#frames++;
          env.frame(() => {
            this.#frames--;
            run();
          });
        },
      },
    });
  }

  /** True if all observers have the latest values. */
  get quiet(): boolean {
    return this.#frames === 0;
  }

  line(system: string): ModelConnection {
    return this.lines.get(system)!;
  }

  observe(subject: Subject, behaviour: ObserverBehaviour): void {
    const observer = new Observer(
      subject,
      behaviour,
      (value) => this.#onValue(subject, value),
      (ref) => this.press(ref, this.offered(ref)),
    );
    this.observers.push(observer);
    this.prompt(subject.system);
    this.#subscribing = true;
    observer.start(this.store);
    this.#subscribing = false;
  }

  press(ref: CampaignRef, action: string): void {
    // Asking for one campaign may widen the feed, and the answer may belong to another epoch.
    for (let n = 0; n < 3; n++) this.prompt(ref.system);
    // Even an action that is refused at once needs the feed for a moment.
    this.#unwantedSince.delete(ref.system);
    this.world.hold(() =>
      this.world.intents.press(this.name, this.store, this.shown, ref, action, this.surroundings.online),
    );
  }

  /** The action on a campaign's button, enabled or not. */
  offered(ref: CampaignRef): string {
    return this.store.campaign(ref).value.action?.action || 'start';
  }

  /** Something gives the store a reason to ask at once. */
  prompt(...systems: readonly string[]): void {
    for (const system of systems.length ? systems : SYSTEMS) this.line(system).prompts.push(this.world.env.monotonic());
  }

  /** The number of observers and pending actions of a system. */
  wanted(system: string): number {
    const looking = this.observers.filter(
      ({ subject, looks }) => looks && subject.system === system && subject.what !== 'connection',
    );
    return looking.length + this.world.intents.pending(this.name, system).length;
  }

  /** For how long (ms) nothing has needed the system's feed, measured when this is called. */
  unwantedFor(system: string): number {
    const now = this.world.env.monotonic();
    if (this.wanted(system)) this.#unwantedSince.delete(system);
    else if (!this.#unwantedSince.has(system)) this.#unwantedSince.set(system, now);
    return now - (this.#unwantedSince.get(system) ?? now);
  }

  /** Everything that must be released, counted. */
  get counts(): { readonly requests: number; readonly timers: number; readonly listeners: number } {
    return {
      requests: this.world.network.open(this.name),
      timers: this.#clock.timers,
      listeners: this.surroundings.listeners,
    };
  }

  /** A sign-in is under way, which has a time limit. */
  get signingIn(): boolean {
    return this.#signingIn > 0;
  }

  /** A single read is under way, which has a time limit. */
  get reading(): boolean {
    return this.#reads > 0;
  }

  checkAgain(ref: CampaignRef): void {
    this.#reads++;
    void this.store.refresh(ref).finally(() => this.#reads--);
  }

  openFeeds(system: string): number {
    return this.world.network.open(this.name, 'watch', system);
  }

  everyId(system: string): readonly string[] {
    return this.world.everyId(system);
  }

  dispose(): void {
    this.disposed = true;
    if (this.counts.requests > 0) reached('I7: disposed of with requests under way');
    this.store.dispose();
    this.world.hold(() => i7NothingLeft(`after dispose of ${this.name}`, this.counts));
  }

  // Calls between store and adapter

  onWatch(request: WatchRequest): void {
    this.world.note(
      () =>
        `${this.name} watches ${request.system} ${request.ids?.join() ?? ''} since ${JSON.stringify(request.since)}`,
    );
    this.world.hold(() => this.line(request.system).watching(request));
  }

  onReading({ system }: CampaignRef): void {
    this.line(system).expectRows();
  }

  onAct(ref: CampaignRef, action: string, key: string): void {
    this.world.hold(() => this.world.intents.sent(this.name, ref, action, key));
  }

  onChange(request: WatchRequest, change: Change): void {
    this.line(request.system).handing(request, change);
  }

  onApplied(request: WatchRequest, change: Change): void {
    this.line(request.system).taken(request, change);
    if (change?.type !== 'page' && change?.type !== 'upsert') return;
    if (!Array.isArray(change.items)) return;
    for (const { id, status, system } of change.items)
      if (typeof id === 'string' && (typeof status !== 'string' || status === POISON) && system === request.system)
        this.shown.scar({ system: request.system, id });
  }

  onEnd(request: WatchRequest, error?: unknown): void {
    this.line(request.system).ended(request, error);
  }

  // What is shown

  #onValue(subject: Subject, value: ObservedValue): void {
    const { system, what } = subject;
    this.world.note(
      () =>
        `${this.name} shows ${what} ${system}${what === 'campaign' ? `/${subject.id}` : ''}: ${summary(subject, value)}`,
    );
    // An observer that subscribes in the middle of a batch gets what the others got last, or something newer.
    if (this.#subscribing && !this.quiet) return;
    this.world.hold(() => {
      if (what === 'campaign') this.shown.claim(value as CampaignView);
      if (what !== 'list') return;
      const views = this.store.list(system).value.ids.map((id) => this.store.campaign({ system, id }).value);
      i12Agree(system, value as ListView, QUERIES[subject.query], views);
      i3OneEpoch(system, views, this.world.expected);
    });
  }

  async #signIn(): Promise<void> {
    if (++this.#signingIn > 1) this.world.violated(new Violation('I11', `${this.name} signs in twice at once`));
    this.prompt();
    await this.world.transit(`${this.name} signs in`);
    this.#signingIn--;
    if (!this.world.signInWorks) throw new Error('the sign-in failed');
    this.world.backend.faults.answer(null);
  }
}

function summary({ what }: Subject, value: ObservedValue): string {
  if (what === 'list') return JSON.stringify({ ...(value as ListView), counts: [...(value as ListView).counts] });
  if (what === 'connection') return JSON.stringify(value);
  const { presence, status, name, stale, request } = value as CampaignView;
  return JSON.stringify({ presence, status, name, stale, request });
}
