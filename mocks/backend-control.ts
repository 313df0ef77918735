import type { CampaignRef } from '../src/adapters/contract.ts';
import { flows, python, type Lifecycle } from '../src/lifecycle/index.ts';
import { runControl, type ControlCommand } from './controls.ts';
import { SimulationError } from './simulation-error.ts';
import type { ForcedFacts, SimulatedBackend } from './types.ts';

/** A campaign to create. `missing`: the prerequisites that are not met. */
export interface SeededCampaign {
  readonly id: string;
  readonly name: string;
  /** A status of the lifecycle. */
  readonly status: string;
  readonly message?: string;
  readonly missing?: readonly string[];
}

/** Controls of a simulated backend for the conformance kit: all members of its `BackendControl`, but for `holdPushes`: lists and changes come in one feed. */
export interface SimulatedControl {
  seed(campaigns: readonly SeededCampaign[]): Promise<void>;
  change(id: string, patch: Partial<Omit<SeededCampaign, 'id'>>): Promise<void>;
  remove(id: string): Promise<void>;
  cut(): Promise<void>;
  clear(): Promise<void>;
  expireCursors(): Promise<void>;
  newEpoch(): Promise<void>;
  loseNextAnswer(): Promise<void>;
  answerWith(
    failure: 'unauthenticated' | 'forbidden' | 'throttled' | 'unavailable' | undefined,
    retryAfterMs?: number,
  ): Promise<void>;
  openFeeds(): Promise<number>;
}

/** How a control reaches its backend. */
interface BackendAccess {
  readonly system: string;
  readonly lifecycle: Lifecycle;
  run(command: ControlCommand): Promise<unknown>;
  readState(): Promise<{ readonly ids: readonly string[]; readonly openFeeds: number }>;
}

/** `unavailable` is 500, because 503 counts as throttled, like 429. */
const ANSWERS = { unauthenticated: 401, forbidden: 403, throttled: 429, unavailable: 500 } as const;

/**
 * Controls a simulated backend in the same process, for the conformance kit.
 *
 * @throws {@link SimulationError} for a system that the backend does not run
 * @example
 * ```ts
 * const backend = simulateBackend({ sampleData: 'empty' });
 * const subject = { system: 'flows', createAdapter: () => simulatedAdapter(backend), control: backendControl(backend, 'flows') };
 * ```
 */
export function backendControl(backend: SimulatedBackend, system: string): SimulatedControl {
  const lifecycle = backend.lifecycles.get(system);
  if (!lifecycle) throw unknownSystem(system, [...backend.lifecycles.keys()]);
  return createControl({
    system,
    lifecycle,
    // In an async function, so that errors reject, as over HTTP.
    run: async (command) => Promise.resolve(runControl(backend, command)),
    readState: () =>
      Promise.resolve({
        ids: backend.campaigns.list(system).map(({ id }) => id),
        openFeeds: backend.openFeeds(system),
      }),
  });
}

/**
 * Controls a simulated backend over HTTP (`npx campaign-status-kit backend`), for the conformance kit.
 *
 * @param url the address that the backend prints: the `src` of an adapter
 * @param lifecycle default: the kit's own for `flows` and `python`
 * @throws {@link SimulationError} for a system whose lifecycle is not known; later, from each member, for a control that failed
 */
export function remoteBackendControl(url: string, system: string, lifecycle?: Lifecycle): SimulatedControl {
  const knownLifecycle = lifecycle ?? [flows, python].find((one) => one.system === system);
  if (!knownLifecycle) throw unknownSystem(system, [flows.system, python.system]);
  const address = `${url.replace(/\/+$/, '')}/_sim`;
  const request = async (init: RequestInit = {}): Promise<unknown> => {
    const response = await fetch(address, { ...init, cache: 'no-store' });
    const body = (await response.json()) as { detail?: string };
    if (!response.ok) throw new SimulationError(`${address} answered ${response.status}: ${body.detail ?? ''}`);
    return body;
  };
  return createControl({
    system,
    lifecycle: knownLifecycle,
    run: (command) => request({ method: 'POST', body: JSON.stringify(command) }),
    readState: async () => {
      const { systems } = (await request()) as {
        systems: readonly { system: string; openFeeds: number; campaigns: readonly { id: string }[] }[];
      };
      const found = systems.find((one) => one.system === system);
      if (!found)
        throw unknownSystem(
          system,
          systems.map((one) => one.system),
        );
      return { ids: found.campaigns.map(({ id }) => id), openFeeds: found.openFeeds };
    },
  });
}

function createControl({ system, lifecycle, run, readState }: BackendAccess): SimulatedControl {
  const prerequisites = Object.keys(lifecycle.prerequisites ?? {});
  const control = async (name: string, ...args: readonly unknown[]): Promise<void> => {
    await run({ do: name, with: args });
  };
  const ref = (id: string): CampaignRef => ({ system, id });
  const force = async (id: string, facts: ForcedFacts): Promise<void> => {
    if (Object.keys(facts).length > 0) await control('campaigns.force', ref(id), facts);
  };
  const remove = (id: string): Promise<void> => control('campaigns.remove', ref(id));

  return {
    async seed(campaigns) {
      for (const { id, name, status, message, missing = [] } of campaigns) {
        const met = prerequisites.filter((prerequisite) => !missing.includes(prerequisite));
        await control('campaigns.add', { system, id, name, status, met });
        if (message !== undefined) await force(id, { message });
      }
    },
    async change(id, { name, status, message, missing }) {
      for (const prerequisite of missing ? prerequisites : [])
        await control('campaigns.setPrerequisite', ref(id), prerequisite, !missing!.includes(prerequisite));
      await force(id, {
        ...(name === undefined ? {} : { name }),
        // A new status removes the old message.
        ...(status === undefined ? {} : { status, message: null }),
        ...(message === undefined ? {} : { message }),
      });
    },
    remove,
    async cut() {
      await control('faults.cutFeed', system);
      await control('faults.restoreFeed');
    },
    async clear() {
      for (const id of (await readState()).ids) await remove(id);
    },
    expireCursors: () => control('faults.compact', system),
    newEpoch: () => control('faults.restart', { newEpoch: true }),
    loseNextAnswer: () => control('faults.loseNextAnswer'),
    answerWith: (failure, retryAfterMs) =>
      failure === undefined
        ? control('faults.answer', null)
        : control('faults.answer', ANSWERS[failure], retryAfterMs === undefined ? {} : { retryAfterMs }),
    openFeeds: async () => (await readState()).openFeeds,
  };
}

function unknownSystem(system: string, knownLifecycle: readonly string[]): SimulationError {
  return new SimulationError(`There is no system "${system}"; there is: ${knownLifecycle.join(', ')}.`);
}
