import type { CampaignRef } from '../src/adapters/contract.ts';
import { SimulationError } from './simulation-error.ts';
import type { ChurnOptions, DependencyRef, ForcedFacts, NewCampaign, RequestKind, SimulatedBackend } from './types.ts';

/** A control as JSON: `{"do": "campaigns.touch", "with": [{"system": "flows", "id": "review-request"}]}`. */
export interface ControlCommand {
  /** One of {@link CONTROLS}. */
  readonly do: string;
  /** The arguments of the method of that name, in its order. */
  readonly with?: readonly unknown[];
}

type Read<T> = (value: unknown, at: string) => T;
type Control = (backend: SimulatedBackend, args: readonly unknown[]) => unknown;

const text: Read<string> = (value, at) => {
  if (typeof value !== 'string') throw invalid(at, 'a string', value);
  return value;
};
const number: Read<number> = (value, at) => {
  if (typeof value !== 'number' || !Number.isFinite(value) || value < 0) throw invalid(at, 'a number >= 0', value);
  return value;
};
const boolean: Read<boolean> = (value, at) => {
  if (typeof value !== 'boolean') throw invalid(at, 'true or false', value);
  return value;
};
const anything: Read<unknown> = (value) => value;
const optional =
  <T>(read: Read<T>): Read<T | undefined> =>
  (value, at) =>
    value === undefined || value === null ? undefined : read(value, at);
const nullable =
  <T>(read: Read<T>): Read<T | null> =>
  (value, at) =>
    value === null ? null : read(value, at);
const oneOf =
  <const T extends string>(...words: readonly T[]): Read<T> =>
  (value, at) => {
    if (!words.includes(value as T)) throw invalid(at, `one of ${words.join(', ')}`, value);
    return value as T;
  };
const list =
  <T>(read: Read<T>): Read<readonly T[]> =>
  (value, at) => {
    if (!Array.isArray(value)) throw invalid(at, 'a list', value);
    return value.map((item, index) => read(item, `${at}[${index}]`));
  };
/** Copies the named members, and rejects any other, so that a misspelt one is noticed. */
const shape =
  <T>(members: { readonly [K in keyof T]-?: Read<T[K] | undefined> }): Read<T> =>
  (value, at) => {
    const entries = entriesOf(value, at);
    const known = new Map<string, Read<unknown>>(Object.entries(members));
    const result: Record<string, unknown> = {};
    for (const [key, inner] of entries) {
      const read = known.get(key);
      if (!read) throw new SimulationError(`${at}.${key}: unknown; there is: ${[...known.keys()].join(', ')}.`);
      const taken = read(inner, `${at}.${key}`);
      if (taken !== undefined) result[key] = taken;
    }
    for (const [key, read] of known) if (!entries.has(key)) read(undefined, `${at}.${key}`);
    return result as T;
  };
const reasons: Read<Readonly<Record<string, string>>> = (value, at) =>
  Object.fromEntries([...entriesOf(value, at)].map(([key, inner]) => [key, text(inner, `${at}.${key}`)]));

const ref = shape<CampaignRef>({ system: text, id: text });
const dependency = shape<DependencyRef>({ kind: text, id: text });
const newCampaign = shape<NewCampaign>({
  system: text,
  id: optional(text),
  name: optional(text),
  met: optional(list(text)),
  status: optional(text),
  dependencies: optional(list(dependency)),
});
const facts = shape<ForcedFacts>({
  status: optional(text),
  name: optional(text),
  message: patch(text),
  cause: patch(shape<{ kind: string; id: string; name?: string }>({ kind: text, id: text, name: optional(text) })),
  changedBy: patch(text),
  at: patch((value, at) => (typeof value === 'number' ? value : text(value, at))),
});
const refusal = shape<{
  action?: string;
  code?: 'forbidden' | 'invalid' | 'gone' | 'unavailable' | 'conflict';
  reason?: string;
}>({
  action: optional(text),
  code: optional(oneOf('forbidden', 'invalid', 'gone', 'unavailable', 'conflict')),
  reason: optional(text),
});
const answerOptions = shape<{ to?: RequestKind; times?: number; retryAfterMs?: number }>({
  to: optional(oneOf('watch', 'act', 'actMany', 'get', 'history', 'diagnose', 'log')),
  times: optional(number),
  retryAfterMs: optional(number),
});
const churnOptions = shape<ChurnOptions>({
  system: text,
  perSecond: number,
  forMs: optional(number),
  steady: optional(list(text)),
});
const restartOptions = shape<{ newEpoch?: boolean }>({ newEpoch: optional(boolean) });

/** An allow-list: nothing else of the backend can be called from outside. */
const COMMANDS: ReadonlyMap<string, Control> = new Map<string, Control>([
  ['tick', control([], (b) => b.tick())],
  ['effects', control([], (b) => b.effects())],
  ['campaigns.add', control([newCampaign], (b, campaign) => b.campaigns.add(campaign))],
  ['campaigns.remove', control([ref, optional(text)], (b, which, reason) => b.campaigns.remove(which, reason))],
  ['campaigns.rename', control([ref, text], (b, which, name) => b.campaigns.rename(which, name))],
  ['campaigns.touch', control([ref], (b, which) => b.campaigns.touch(which))],
  [
    'campaigns.setPrerequisite',
    control([ref, text, boolean], (b, which, prerequisite, met) =>
      b.campaigns.setPrerequisite(which, prerequisite, met),
    ),
  ],
  [
    'campaigns.move',
    control([ref, text, optional(text)], (b, which, status, message) => b.campaigns.move(which, status, message)),
  ],
  ['campaigns.landNext', control([ref, text], (b, which, status) => b.campaigns.landNext(which, status))],
  ['campaigns.raise', control([ref, optional(text)], (b, which, message) => b.campaigns.raise(which, message))],
  ['campaigns.deny', control([ref, reasons], (b, which, why) => b.campaigns.deny(which, why))],
  ['campaigns.force', control([ref, facts], (b, which, what) => b.campaigns.force(which, what))],
  ['campaigns.corrupt', control([ref], (b, which) => b.campaigns.corrupt(which))],
  ['campaigns.fill', control([number, text], (b, n, system) => b.campaigns.fill(n, system))],
  ['campaigns.churn', control([churnOptions], (b, options) => b.campaigns.churn(options))],
  [
    'dependencies.set',
    control([dependency, oneOf('running', 'stopped', 'error'), optional(text)], (b, which, state, message) =>
      b.dependencies.set(which, state, message),
    ),
  ],
  ['faults.latency', control([number], (b, ms) => b.faults.latency(ms))],
  ['faults.refuseNext', control([optional(refusal)], (b, options) => b.faults.refuseNext(options))],
  ['faults.loseNextAnswer', control([], (b) => b.faults.loseNextAnswer())],
  ['faults.swallowNext', control([], (b) => b.faults.swallowNext())],
  ['faults.acceptOnly', control([boolean], (b, on) => b.faults.acceptOnly(on))],
  ['faults.cutFeed', control([optional(text)], (b, system) => b.faults.cutFeed(system))],
  ['faults.dropFeed', control([optional(text)], (b, system) => b.faults.dropFeed(system))],
  ['faults.stallFeed', control([optional(text)], (b, system) => b.faults.stallFeed(system))],
  ['faults.restoreFeed', control([], (b) => b.faults.restoreFeed())],
  ['faults.restart', control([optional(restartOptions)], (b, options) => b.faults.restart(options))],
  ['faults.readOnly', control([boolean, optional(text)], (b, on, reason) => b.faults.readOnly(on, reason))],
  ['faults.throttle', control([number], (b, ms) => b.faults.throttle(ms))],
  ['faults.answer', control([nullable(number), optional(answerOptions)], (b, status, o) => b.faults.answer(status, o))],
  ['faults.inject', control([text, anything], (b, system, message) => b.faults.inject(system, message))],
  ['faults.compact', control([optional(text)], (b, system) => b.faults.compact(system))],
  ['faults.clear', control([], (b) => b.faults.clear())],
]);

/** The controls that can be run as JSON, by the names of the backend’s methods. */
export const CONTROLS: readonly string[] = [...COMMANDS.keys()];

/**
 * Runs a control given as JSON, such as from a control panel over HTTP.
 *
 * @returns what the method returns
 * @throws {@link SimulationError} for a command that is not on the list, arguments of the wrong shape, or an unknown campaign
 */
export function runControl(backend: SimulatedBackend, command: unknown): unknown {
  const fields = entriesOf(command, 'command');
  const name = text(fields.get('do'), 'do');
  const run = COMMANDS.get(name);
  if (!run) throw new SimulationError(`do: there is no control "${name}"; there is: ${CONTROLS.join(', ')}.`);
  return run(backend, list(anything)(fields.get('with') ?? [], 'with'));
}

function control<const A extends readonly unknown[]>(
  reads: { readonly [K in keyof A]: Read<A[K]> },
  run: (backend: SimulatedBackend, ...args: A) => unknown,
): Control {
  return (backend, rawArgs) => {
    if (rawArgs.length > reads.length)
      throw new SimulationError(`with: got ${rawArgs.length} arguments, takes ${reads.length} at most.`);
    const args = reads.map((read, index) => read(rawArgs[index], `with[${index}]`));
    return run(backend, ...(args as unknown as A));
  };
}

/** Absent: unchanged. `null`: removed. */
function patch<T>(read: Read<T>): Read<T | null | undefined> {
  return (value, at) => (value === undefined ? undefined : nullable(read)(value, at));
}

function entriesOf(value: unknown, at: string): Map<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw invalid(at, 'an object', value);
  return new Map(Object.entries(value));
}

function invalid(at: string, wanted: string, got: unknown): SimulationError {
  return new SimulationError(`${at}: give ${wanted}; got ${got === undefined ? 'nothing' : JSON.stringify(got)}.`);
}
