import {
  ICONS,
  TONES,
  type ActionDef,
  type ActionInput,
  type Confirmation,
  type Icon,
  type Lifecycle,
  type LifecycleDef,
  type RecoveryStep,
  type StatusDef,
} from './types.ts';

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
  return freeze(writtenOut(def)) as unknown as Lifecycle<S, A, P>;
}

/** The same table with every short form written out, so that readers know one form only. */
function writtenOut(def: LifecycleDef): object {
  const statuses = Object.entries(def.statuses).map(([word, status]) => {
    const actions = actionsOf(status);
    const first = actions[0] === undefined ? {} : { action: actions[0] };
    return [word, { ...status, ...first, actions, needs: status.needs ?? [], moves: status.moves ?? [] }] as const;
  });
  const actions = Object.entries(def.actions).map(([word, action]) => {
    const from = Object.entries(action.from).map(([source, target]) => [source, targetsIn(target)] as const);
    return [word, { ...action, from: table(from), confirm: table(confirmations(action)) }] as const;
  });
  const { order = Object.keys(def.statuses), ...rest } = def;
  return { ...rest, statuses: table(statuses), statusOrder: order, actions: table(actions) };
}

/** Without a prototype: in an object literal `__proto__` would be no key. */
function table<T>(entries: readonly (readonly [string, T])[]): Record<string, T> {
  const made = Object.create(null) as Record<string, T>;
  for (const [key, value] of entries) made[key] = value;
  return made;
}

function actionsOf({ action, actions }: StatusDef): readonly string[] {
  return actions ?? (action === undefined ? [] : [action]);
}

function targetsIn(target: string | readonly string[] | undefined): readonly string[] {
  return target === undefined ? [] : typeof target === 'string' ? [target] : target;
}

/** Every status in which an action asks first, with its question. */
function confirmations({ confirm, from }: ActionDef): readonly (readonly [string, Confirmation])[] {
  if (!confirm) return [];
  if (isConfirmation(confirm)) return Object.keys(from).map((status) => [status, confirm]);
  return Object.entries(confirm).flatMap(([status, one]) => (one ? [[status, one] as const] : []));
}

function isConfirmation(confirm: NonNullable<ActionDef['confirm']>): confirm is Confirmation {
  return typeof confirm.title === 'string';
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
    const icon = iconKey(`${path}.icon`, status.icon);
    const twin = iconOf.get(icon);
    if (twin !== undefined)
      throw new LifecycleError(
        `${path}.icon`,
        `${icon} is already the icon of "${twin}"; colour alone must not tell two statuses apart, take another`,
      );
    iconOf.set(icon, word);
    if (status.action !== undefined && status.actions !== undefined && status.action !== status.actions[0])
      throw new LifecycleError(`${path}.actions`, 'does not begin with `action`; give only one of the two');
    needList(`${path}.actions`, status.actions, 'actions');
    for (const action of actionsOf(status))
      known(`${path}.${status.actions ? 'actions' : 'action'}`, action, actions, 'action');
    needList(`${path}.moves`, status.moves, 'statuses');
    for (const next of status.moves ?? []) known(`${path}.moves`, next, statuses, 'status');
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
      const targets = targetsIn(target);
      if (!isList(targets) || !targets.length)
        throw new LifecycleError(`${path}.from.${source}`, 'names no status; give one, or a list of the possible ones');
      for (const one of targets) known(`${path}.from.${source}`, one, statuses, 'status');
    }
    checkConfirm(path, action, (status) => known(`${path}.confirm`, status, statuses, 'status'));
    checkInput(`${path}.input`, action.input);
  }
  checkOrder(at, def);
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
  for (const [word, status] of statuses)
    for (const action of actionsOf(status)) {
      const from = new Map(Object.entries(def.actions[action]!.from));
      if (from.has(word) || (status.ready !== undefined && from.has(status.ready))) continue;
      throw new LifecycleError(
        `${at}.statuses.${word}.${status.actions ? 'actions' : 'action'}`,
        `"${action}" leads nowhere from "${word}"; add it to \`actions.${action}.from\`, or offer another action`,
      );
    }
}

/** The given order must hold each status once; number-like words need one, because objects don't keep theirs. */
function checkOrder(at: string, { order, statuses }: LifecycleDef): void {
  const words = Object.keys(statuses);
  if (order === undefined) {
    const number = words.find((word) => /^(0|[1-9]\d*)$/.test(word));
    if (number === undefined) return;
    throw new LifecycleError(
      `${at}.order`,
      `is missing; "${number}" looks like a number, and JavaScript puts such keys first: list all statuses in their order`,
    );
  }
  const whole = isList(order) && order.length === words.length && words.every((word) => order.includes(word));
  if (!whole) throw new LifecycleError(`${at}.order`, `must hold each status once: ${words.join(', ')}`);
}

function checkConfirm(path: string, action: ActionDef, known: (status: string) => void): void {
  const { confirm } = action;
  if (!confirm) return;
  needTable(`${path}.confirm`, confirm, 'a title, a text and a label, or a table of them by status');
  const whole = 'title' in confirm || 'text' in confirm || 'label' in confirm;
  const questions = whole
    ? [[`${path}.confirm`, confirm as Confirmation] as const]
    : confirmations(action).map(([status, one]) => {
        known(status);
        return [`${path}.confirm.${status}`, one] as const;
      });
  for (const [place, question] of questions) {
    needText(`${place}.title`, question.title);
    needText(`${place}.text`, question.text);
    needText(`${place}.label`, question.label);
  }
}

function checkInput(path: string, input: ActionInput | undefined): void {
  if (input === undefined) return;
  needTable(path, input, 'a label');
  needText(`${path}.label`, input.label);
  needList(`${path}.options`, input.options, 'texts');
  if (input.options && !input.options.length)
    throw new LifecycleError(`${path}.options`, 'is empty; list what can be chosen, or leave it out for any text');
  for (const option of input.options ?? []) needText(`${path}.options`, option);
  const { maxLength } = input;
  if (maxLength !== undefined && !(Number.isInteger(maxLength) && maxLength > 0))
    throw new LifecycleError(`${path}.maxLength`, `got ${JSON.stringify(maxLength)}; give a whole number above 0`);
}

/** What an icon is told apart by: its name, or its path without blanks. */
function iconKey(path: string, icon: Icon): string {
  if (typeof icon === 'string') {
    oneOf(path, icon, ICONS);
    return `"${icon}"`;
  }
  needTable(path, icon, `a built-in name (${ICONS.join(', ')}), or { path } with SVG path data in a box of 16 units`);
  needText(`${path}.path`, icon.path, 'give SVG path data in a box of 16 units, such as "M2 2h12v12H2Z"');
  if (!/^[Mm][\d\s,.eE+\-MmLlHhVvCcSsQqTtAaZz]*$/.test(icon.path.trim()))
    throw new LifecycleError(
      `${path}.path`,
      `is no SVG path data: ${JSON.stringify(icon.path.slice(0, 40))}; begin with M, as in "M2 2h12v12H2Z"`,
    );
  return `"${icon.path.replace(/[\s,]+/g, ' ').trim()}"`;
}

/** A new campaign must be able to get into every status. */
function checkReachable(at: string, def: LifecycleDef, statuses: Map<string, StatusDef>): void {
  const reached = reachableFrom(def.initial, def, statuses);
  for (const word of statuses.keys())
    if (!reached.has(word))
      throw new LifecycleError(
        `${at}.statuses.${word}`,
        `cannot be reached from "${def.initial}"; lead an action, \`ready\`, \`fault\` or \`moves\` to it, or remove it`,
      );
}

/** Every status that a campaign can get into from this one, by any way it can move; this one included. */
function reachableFrom(from: string, def: LifecycleDef, statuses: Map<string, StatusDef>): ReadonlySet<string> {
  const reached = new Set([from]);
  for (const word of reached) {
    const status = statuses.get(word);
    for (const action of Object.values(def.actions ?? {})) {
      for (const target of targetsIn(new Map(Object.entries(action.from)).get(word))) reached.add(target);
    }
    if (status?.ready !== undefined) reached.add(status.ready);
    if (status?.fault !== undefined) reached.add(status.fault);
    for (const next of status?.moves ?? []) reached.add(next);
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

function needList(path: string, value: unknown, what: string): void {
  if (value !== undefined && !Array.isArray(value))
    throw new LifecycleError(path, `got ${JSON.stringify(value)}; give a list of ${what}`);
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
