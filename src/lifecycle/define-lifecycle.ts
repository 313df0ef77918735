import { ICONS, TONES, type Lifecycle, type LifecycleDef, type RecoveryStep, type StatusDef } from './types.ts';

/** Thrown by {@link defineLifecycle}. The message names the path in the table, what is wrong there, and how to mend it. */
export class LifecycleError extends Error {
  override readonly name = 'LifecycleError';
  /** @param path where in the table, such as `flows.statuses.active.fault` */
  constructor(
    readonly path: string,
    problem: string,
  ) {
    super(`${path}: ${problem}`);
  }
}

/**
 * Checks a table and makes a lifecycle of it: frozen, and safe to look up with any word.
 *
 * @param def The table. Every name in it (a status, an action, a prerequisite) is inferred from its own keys.
 * @throws {@link LifecycleError} for a name that stands for nothing, an action that is offered but leads nowhere, a status that
 * cannot be reached, a recovery step that can never be done, an icon used twice, an empty label, or an unknown tone or icon.
 * @example
 * ```ts
 * const reviews = defineLifecycle({
 *   system: 'reviews',
 *   label: 'Reviews',
 *   initial: 'open',
 *   statuses: {
 *     open: { label: 'Open', tone: 'amber', icon: 'square', meaning: 'Waits for a reviewer.', action: 'close' },
 *     closed: { label: 'Closed', tone: 'gray', icon: 'check', meaning: 'Nothing more to do.' },
 *   },
 *   actions: { close: { label: 'Close', pending: 'Closing', from: { open: 'closed' } } },
 * });
 * ```
 */
export function defineLifecycle<const S extends string, const A extends string, const P extends string = never>(
  def: LifecycleDef<S, A, P>,
): Lifecycle<S, A, P> {
  check(def);
  return freeze(def) as Lifecycle<S, A, P>;
}

function check(def: LifecycleDef): void {
  needTable('lifecycle', def, 'a table');
  const at = typeof def.system === 'string' && def.system ? def.system : 'lifecycle';
  needText(`${at}.system`, def.system, 'name the system as it is called on the wire');
  needText(`${at}.label`, def.label);
  const statuses = new Map(Object.entries(def.statuses ?? {}));
  const actions = new Map(Object.entries(def.actions ?? {}));
  const prerequisites = new Map(Object.entries(def.prerequisites ?? {}));
  if (!statuses.size) throw new LifecycleError(`${at}.statuses`, 'is empty; give at least the initial status');

  const known = (path: string, name: string, table: Map<string, unknown>, what: string): void => {
    if (table.has(name)) return;
    const names = [...table.keys()].join(', ') || 'none';
    throw new LifecycleError(path, `there is no ${what} ${JSON.stringify(name)}; use one of: ${names}`);
  };

  known(`${at}.initial`, def.initial, statuses, 'status');
  const iconOf = new Map<string, string>();
  for (const [word, status] of statuses) {
    const path = `${at}.statuses.${word}`;
    needTable(path, status, 'a label, a tone, an icon and a meaning');
    needText(`${path}.label`, status.label);
    needText(`${path}.meaning`, status.meaning);
    oneOf(`${path}.tone`, status.tone, TONES);
    oneOf(`${path}.icon`, status.icon, ICONS);
    const twin = iconOf.get(status.icon);
    if (twin !== undefined)
      throw new LifecycleError(
        `${path}.icon`,
        `"${status.icon}" is already the icon of "${twin}"; colour alone must not tell two statuses apart, take another`,
      );
    iconOf.set(status.icon, word);
    if (status.action !== undefined) known(`${path}.action`, status.action, actions, 'action');
    if (status.ready !== undefined) known(`${path}.ready`, status.ready, statuses, 'status');
    if (status.fault !== undefined) known(`${path}.fault`, status.fault, statuses, 'status');
    for (const need of status.needs ?? []) known(`${path}.needs`, need, prerequisites, 'prerequisite');
    if (status.ready !== undefined && !status.needs?.length)
      throw new LifecycleError(`${path}.ready`, 'has nothing to wait for; list the prerequisites in `needs`');
  }
  for (const [word, action] of actions) {
    const path = `${at}.actions.${word}`;
    needTable(path, action, 'a label, a pending text and `from`');
    needText(`${path}.label`, action.label);
    needText(`${path}.pending`, action.pending);
    const from = Object.entries(action.from ?? {});
    if (!from.length)
      throw new LifecycleError(`${path}.from`, 'the action leads nowhere; name a status it leads from, and to which');
    for (const [source, target] of from) {
      known(`${path}.from`, source, statuses, 'status');
      known(`${path}.from.${source}`, target as string, statuses, 'status');
    }
    if (action.confirm) {
      needText(`${path}.confirm.title`, action.confirm.title);
      needText(`${path}.confirm.text`, action.confirm.text);
      needText(`${path}.confirm.label`, action.confirm.label);
    }
  }
  checkOffers(at, def, statuses);
  for (const [word, prerequisite] of prerequisites) {
    needTable(`${at}.prerequisites.${word}`, prerequisite, 'a label, and what is missing without it');
    needText(`${at}.prerequisites.${word}.label`, prerequisite.label);
    needText(`${at}.prerequisites.${word}.missing`, prerequisite.missing);
  }
  for (const [word, steps] of Object.entries(def.recovery ?? {})) {
    known(`${at}.recovery`, word, statuses, 'status');
    if (!isList(steps)) throw new LifecycleError(`${at}.recovery.${word}`, 'must be a list of steps');
    const ids = new Set<string>();
    for (const [index, step] of (steps ?? []).entries()) {
      const path = `${at}.recovery.${word}[${index}]`;
      needTable(path, step, 'an id and a text');
      needText(`${path}.id`, step.id);
      needText(`${path}.text`, step.text);
      if (ids.has(step.id))
        throw new LifecycleError(`${path}.id`, `"${step.id}" names two steps; give each its own id`);
      ids.add(step.id);
      if (step.done && 'status' in step.done)
        for (const status of step.done.status) known(`${path}.done.status`, status, statuses, 'status');
      if (step.offer && 'action' in step.offer) known(`${path}.offer.action`, step.offer.action, actions, 'action');
      checkStep(path, step, word, def, reachableFrom(word, def, statuses));
    }
  }
  checkReachable(at, def, statuses);
}

/** A step must be possible in the status that it recovers from, or in one that the campaign can reach from there. */
function checkStep(
  path: string,
  { done, offer }: RecoveryStep,
  entered: string,
  def: LifecycleDef,
  reachable: ReadonlySet<string>,
): void {
  if (done && 'dependency' in done) needText(`${path}.done.dependency`, done.dependency, 'name a kind of dependency');
  if (done && 'status' in done && !done.status.some((status) => reachable.has(status)))
    throw new LifecycleError(
      `${path}.done.status`,
      `none of these can be reached from "${entered}", so the step is never done; name a status that can`,
    );
  if (!offer) return;
  if ('log' in offer && !def.log)
    throw new LifecycleError(`${path}.offer.log`, 'the system keeps no log; set `log: true`, or offer something else');
  if ('action' in offer && !Object.keys(def.actions[offer.action]!.from).some((status) => reachable.has(status)))
    throw new LifecycleError(
      `${path}.offer.action`,
      `"${offer.action}" is never possible after "${entered}"; add a status to \`actions.${offer.action}.from\`, or offer another action`,
    );
}

/** An offer must lead somewhere from here, or from the status that this one becomes by itself: else it is a dead button. */
function checkOffers(at: string, def: LifecycleDef, statuses: Map<string, StatusDef>): void {
  for (const [word, { action, ready }] of statuses) {
    if (action === undefined) continue;
    const from = new Map(Object.entries(def.actions[action]!.from));
    if (from.has(word) || (ready !== undefined && from.has(ready))) continue;
    throw new LifecycleError(
      `${at}.statuses.${word}.action`,
      `"${action}" leads nowhere from "${word}"; add it to \`actions.${action}.from\`, or offer another action`,
    );
  }
}

/** A new campaign must be able to get into every status. */
function checkReachable(at: string, def: LifecycleDef, statuses: Map<string, StatusDef>): void {
  const reached = reachableFrom(def.initial, def, statuses);
  for (const word of statuses.keys())
    if (!reached.has(word))
      throw new LifecycleError(
        `${at}.statuses.${word}`,
        `cannot be reached from "${def.initial}"; lead an action, \`ready\` or \`fault\` to it, or remove it`,
      );
}

/** Every status that a campaign can get into from this one, by any way it can move; this one included. */
function reachableFrom(from: string, def: LifecycleDef, statuses: Map<string, StatusDef>): ReadonlySet<string> {
  const reached = new Set([from]);
  for (const word of reached) {
    const status = statuses.get(word);
    for (const action of Object.values(def.actions ?? {})) {
      const target = new Map(Object.entries(action.from)).get(word);
      if (target !== undefined) reached.add(target);
    }
    if (status?.ready !== undefined) reached.add(status.ready);
    if (status?.fault !== undefined) reached.add(status.fault);
    for (const [other, waiting] of statuses) if (waiting.ready === word) reached.add(other);
  }
  return reached;
}

function needTable(path: string, value: unknown, mend: string): void {
  if (typeof value !== 'object' || value === null)
    throw new LifecycleError(path, `got ${JSON.stringify(value)}; give ${mend}`);
}

/** As `Array.isArray`, but the items keep their type. */
function isList<T>(value: readonly T[] | undefined): value is readonly T[] {
  return Array.isArray(value);
}

function needText(path: string, value: unknown, mend = 'give it a text'): void {
  if (typeof value !== 'string' || !value.trim()) throw new LifecycleError(path, `is empty; ${mend}`);
}

function oneOf(path: string, value: unknown, allowed: readonly string[]): void {
  if (!allowed.includes(value as string))
    throw new LifecycleError(path, `got ${JSON.stringify(value)}; use one of: ${allowed.join(', ')}`);
}

function freeze<T>(value: T): T {
  if (Array.isArray(value)) return Object.freeze(value.map(freeze)) as T;
  if (typeof value !== 'object' || value === null) return value;
  const copy = Object.create(null) as Record<string, unknown>;
  for (const [key, inner] of Object.entries(value)) copy[key] = freeze(inner);
  return Object.freeze(copy) as T;
}
