import type { CampaignRef } from '../src/adapters/contract.ts';
import { settle, statusDef, type Lifecycle } from '../src/lifecycle/index.ts';
import { unmetPrerequisites, type CampaignTable } from './campaign-table.ts';
import type { Clock } from './clock.ts';
import type { Database, Table } from './database.ts';
import type { Dependencies } from './dependencies.ts';
import type { Engine } from './engine.ts';
import { dependencyError, dependencyReason, type CampaignError } from './sample-messages.ts';
import type { SeededRandom } from './random.ts';
import { SimulationError } from './simulation-error.ts';
import type { DependencyRef, NewCampaign } from './types.ts';

const DEPENDENCIES: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  channel: { email: 'Email', sms: 'SMS', push: 'Push', whatsapp: 'WhatsApp' },
  agent: {
    copywriter: 'Copywriter',
    translator: 'Translator',
    'send-time': 'Send-time',
    segmenter: 'Segmenter',
    recommender: 'Recommender',
  },
};

const NAMES: ReadonlyMap<string, readonly string[]> = new Map([
  [
    'flows',
    [
      'Welcome series',
      'Cart left behind',
      'Spring sale launch',
      'Loyalty tier upgrade',
      'Win back after 90 days',
      'Review request',
      'Back in stock',
      'Price drop on wish list',
      'Summer festival early access',
      'Onboarding, first week',
      'Newsletter double opt-in',
      'Delivery delayed: apology',
      'Refer a friend',
      'Subscription about to end',
    ],
  ],
  [
    'python',
    [
      'Birthday greetings',
      'Quarterly account review',
      'Renewal reminders DACH',
      'Insurance cross-sell Q2',
      'Black Friday waitlist',
      'Dormant accounts 2025',
      'Store opening Hamburg',
      'VIP preview autumn',
      'Terms of service notice',
      'Feedback after repair',
      'Payment reminder, second stage',
      'Holiday opening hours',
      'Energy tariff change',
      'Winter tyres',
    ],
  ],
]);
const PLAIN_NAMES = ['Autumn offer', 'Newsletter', 'Product launch', 'Survey', 'Event invitation', 'Members only'];

const ROLES = ['Planner', 'Media buyer', 'Editor', 'Operator', 'Scheduler'];

const MINUTE = 60_000;

/** Creates sample data: campaigns in every status of a lifecycle, channels and agents. */
export class SeedData {
  readonly #table: CampaignTable;
  readonly #engine: Engine;
  readonly #dependencies: Dependencies;
  readonly #random: SeededRandom;
  readonly #clock: Clock;
  readonly #added: Table<number>;

  constructor(parts: {
    table: CampaignTable;
    engine: Engine;
    database: Database;
    dependencies: Dependencies;
    random: SeededRandom;
    clock: Clock;
  }) {
    this.#table = parts.table;
    this.#engine = parts.engine;
    this.#dependencies = parts.dependencies;
    this.#random = parts.random;
    this.#clock = parts.clock;
    this.#added = parts.database.table('added');
  }

  /** Adds the channels and agents, all running. */
  addDependencies(): void {
    for (const [kind, names] of Object.entries(DEPENDENCIES))
      for (const [id, name] of Object.entries(names)) this.#dependencies.define({ kind, id }, name);
  }

  /** Adds a dozen campaigns per system; one channel and two agents are down. */
  addDefaults(): void {
    for (const [kind, id, state] of [
      ['channel', 'whatsapp', 'stopped'],
      ['agent', 'translator', 'stopped'],
      ['agent', 'segmenter', 'error'],
    ] as const)
      this.#dependencies.set({ kind, id }, state, dependencyReason(this.#random, kind, state, 'scene'));
    for (const system of this.#table.systems.keys()) this.fill(12, system, true);
  }

  /** @throws {@link SimulationError} for an unknown system, status, prerequisite, channel or agent, and for an id in use */
  add(campaign: NewCampaign): string {
    const { system, met = [] } = campaign;
    const { lifecycle, entries } = this.#table.system(system);
    for (const prerequisite of met)
      if (!Object.keys(lifecycle.prerequisites ?? {}).includes(prerequisite))
        throw new SimulationError(`${lifecycle.label} campaigns do not wait for "${prerequisite}".`);
    if (campaign.status !== undefined && !statusDef(lifecycle, campaign.status))
      throw new SimulationError(
        `${lifecycle.label} campaigns have no status "${campaign.status}"; force() takes any word.`,
      );
    const n = this.#count(system);
    const name = campaign.name ?? this.#name(system, n);
    const id = campaign.id ?? free(slug(name) || `${system}-${n + 1}`, (taken) => entries.has(taken));
    for (const dependency of campaign.dependencies ?? []) this.#dependencies.require(dependency);
    const status = campaign.status ?? settle(lifecycle, lifecycle.initial, unmetPrerequisites(lifecycle, met));
    this.#table.add(
      { system, id },
      { met, dependencies: campaign.dependencies ?? this.#pickDependencies(system, n) },
      { name, status, at: new Date(this.#clock.now()).toISOString(), changedBy: this.#table.user },
    );
    return id;
  }

  /**
   * Adds `n` campaigns over all statuses. Processing ones have working dependencies, failed ones have an error message.
   */
  fill(n: number, system: string, withLogs = false): void {
    const { lifecycle, entries } = this.#table.system(system);
    const pattern = statusPattern(lifecycle);
    const counts = new Map<string, number>();
    for (let i = 0; i < n; i++) {
      const count = this.#count(system);
      const status = pattern[count % pattern.length]!;
      const nth = counts.get(status) ?? 0;
      counts.set(status, nth + 1);
      const failed = isFault(lifecycle, status);
      const name = this.#name(system, count);
      const id = free(slug(name) || `${system}-${count + 1}`, (taken) => entries.has(taken));
      const ref = { system, id };
      const since = this.#clock.now() - this.#random.between(4, 9 * 24 * 60, 'since', system, count) * MINUTE;
      const { dependencies, error, cause } = this.#errorOf(ref, count, failed ? nth : undefined);
      this.#table.add(
        ref,
        { met: this.#met(lifecycle, status, nth), dependencies },
        {
          name,
          status,
          at: new Date(since).toISOString(),
          changedBy: failed ? 'Engine' : this.#random.pick(ROLES, 'who', system, count),
          ...(error ? { message: error.message } : {}),
          ...(cause ? { cause } : {}),
        },
      );
      const processing = statusDef(lifecycle, status)?.fault !== undefined;
      if (withLogs && (processing || failed))
        this.#engine.writePastLog(ref, since, this.#random.pick(ROLES, 'who', system, count), error);
    }
  }

  #errorOf(
    ref: CampaignRef,
    n: number,
    nth: number | undefined,
  ): {
    dependencies: readonly DependencyRef[];
    error?: CampaignError;
    cause?: DependencyRef & { readonly name: string };
  } {
    const dependencies = this.#pickDependencies(ref.system, n);
    if (nth === undefined) return { dependencies };
    // The causes in turn: a channel that is down, an error of the campaign itself, an agent that is down, an agent that runs
    // again. Every other system swaps the last two, so that a dozen of each shows all four.
    const place = [...this.#table.systems.keys()].indexOf(ref.system);
    const turn = (place % 2 ? [0, 1, 3, 2] : [0, 1, 2, 3])[nth % 4]!;
    const kind = ['channel', undefined, 'agent', 'agent'][turn];
    const candidates = kind === undefined ? [] : this.#candidates(kind, turn === 3 ? dependencies : undefined);
    if (kind === undefined || !candidates.length) return { dependencies, error: this.#engine.ownError(ref, 0) };
    const id = candidates[(nth + place) % candidates.length]!;
    const cause = this.#dependencies.require({ kind, id });
    const { name } = cause;
    const then = cause.state === 'running' ? ({ kind, name, state: 'stopped' } as const) : cause;
    return {
      dependencies: withCause(dependencies, { kind, id }),
      error: dependencyError(this.#random, then, 0, [ref.system, ref.id]),
      cause: { kind, id, name },
    };
  }

  /** The ids of a kind that may be a cause: those of a campaign, or all that are down. */
  #candidates(kind: string, own: readonly DependencyRef[] | undefined): readonly string[] {
    if (own) return own.flatMap((one) => (one.kind === kind ? one.id : []));
    return this.#dependencies.ids(kind).filter((id) => this.#dependencies.get({ kind, id })?.state !== 'running');
  }

  /** A channel and one to three agents, all running, so that the campaign does not fail at once. */
  #pickDependencies(system: string, n: number): readonly DependencyRef[] {
    const runningOf = (kind: string): readonly DependencyRef[] => {
      const all = this.#dependencies.ids(kind).map((id) => ({ kind, id }));
      const up = all.filter((one) => this.#dependencies.get(one)?.state === 'running');
      return up.length ? up : all;
    };
    const agents = runningOf('agent');
    const some = this.#random.between(1, 3, 'agents', system, n);
    const first = this.#random.between(0, agents.length - 1, 'agent', system, n);
    const chosen = new Set(Array.from({ length: some }, (_, i) => agents[(first + i) % agents.length]!));
    return [this.#random.pick(runningOf('channel'), 'channel', system, n), ...chosen];
  }

  /** The prerequisites that a campaign in this status has met. */
  #met(lifecycle: Lifecycle, status: string, nth: number): readonly string[] {
    const all = Object.keys(lifecycle.prerequisites ?? {});
    const def = statusDef(lifecycle, status);
    const needs = def?.needs ?? [];
    if (!needs.length) return all;
    if (def?.ready === undefined && nth % 2 === 0) return all;
    // Each combination of missing prerequisites in turn: one, the other, all.
    const missingMask = 1 + (nth % (2 ** needs.length - 1));
    return all.filter(
      (prerequisite) => !needs.includes(prerequisite) || !((missingMask >> needs.indexOf(prerequisite)) & 1),
    );
  }

  #name(system: string, n: number): string {
    const names = NAMES.get(system) ?? PLAIN_NAMES;
    const name = names[n % names.length]!;
    return n < names.length ? name : `${name} ${Math.floor(n / names.length) + 1}`;
  }

  #count(system: string): number {
    const n = this.#added.get(system) ?? 0;
    this.#added.put(system, n + 1);
    return n;
  }
}

/** The statuses as often as they occur: processing ones most often. */
function statusPattern(lifecycle: Lifecycle): readonly string[] {
  const statuses = Object.keys(lifecycle.statuses);
  const weight = (status: string): number => (statusDef(lifecycle, status)?.fault === undefined ? 3 : 4);
  const rounds = Math.max(...statuses.map(weight));
  return Array.from({ length: rounds }, (_, round) => statuses.filter((status) => round < weight(status))).flat();
}

/** The dependencies of a campaign that failed by `cause`: it replaces the channel, or comes first among the agents. */
function withCause(dependencies: readonly DependencyRef[], cause: DependencyRef): readonly DependencyRef[] {
  const channels = dependencies.filter(({ kind }) => kind === 'channel');
  const agents = dependencies.filter(({ kind }) => kind === 'agent');
  return cause.kind === 'channel'
    ? [cause, ...agents]
    : [...channels, cause, ...agents.filter(({ id }) => id !== cause.id)];
}

/** Whether a fault leads to this status. */
function isFault(lifecycle: Lifecycle, status: string): boolean {
  return Object.values(lifecycle.statuses).some((def) => def.fault === status);
}

function slug(name: string): string {
  return name
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '');
}

function free(id: string, taken: (id: string) => boolean): string {
  if (!taken(id)) return id;
  for (let n = 2; ; n++) if (!taken(`${id}-${n}`)) return `${id}-${n}`;
}
