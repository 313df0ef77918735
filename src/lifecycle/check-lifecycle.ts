import { LifecycleError, needKnown, needList, needOneOf, needTable, needText } from './check-values.ts';
import { outlineOf } from './icon-outline.ts';
import { actionsOf, confirmationsOf, isConfirmation, targetsIn } from './short-forms.ts';
import {
  ICONS,
  TONES,
  type ActionDef,
  type ActionInput,
  type Icon,
  type LifecycleDef,
  type PrerequisiteDef,
  type RecoveryStep,
  type StatusDef,
} from './types.ts';

/** The definition that is checked. Its names are in maps, so that any word is safe to look up. */
interface Checked {
  /** The path of the definition: its system's name. */
  readonly at: string;
  readonly def: LifecycleDef;
  readonly statuses: ReadonlyMap<string, StatusDef>;
  readonly actions: ReadonlyMap<string, ActionDef>;
  readonly prerequisites: ReadonlyMap<string, PrerequisiteDef>;
}

/** @throws {@link LifecycleError} for the first mistake in a definition */
export function checkLifecycle(def: LifecycleDef): void {
  needTable('lifecycle', def, 'a table');
  const at = typeof def.system === 'string' && def.system ? def.system : 'lifecycle';
  const table: Checked = {
    at,
    def,
    statuses: new Map(Object.entries(def.statuses ?? {})),
    actions: new Map(Object.entries(def.actions ?? {})),
    prerequisites: new Map(Object.entries(def.prerequisites ?? {})),
  };
  needText(`${at}.system`, def.system, 'name the system as it is called on the wire');
  needText(`${at}.label`, def.label);
  if (!table.statuses.size) throw new LifecycleError(`${at}.statuses`, 'is empty; give at least the initial status');
  needKnown(`${at}.initial`, def.initial, table.statuses, 'status');
  for (const [word, status] of table.statuses) checkStatus(`${at}.statuses.${word}`, status, table);
  checkIcons(table);
  for (const [word, action] of table.actions) checkAction(`${at}.actions.${word}`, action, table);
  checkOrder(table);
  for (const [word, status] of table.statuses) checkOffers(word, status, table);
  for (const [word, prerequisite] of table.prerequisites) {
    const path = `${at}.prerequisites.${word}`;
    needTable(path, prerequisite, 'a label, and what is missing without it');
    needText(`${path}.label`, prerequisite.label);
    needText(`${path}.missing`, prerequisite.missing);
  }
  for (const [word, steps] of Object.entries(def.recovery ?? {})) checkRecovery(word, steps, table);
  checkReachable(table);
}

function checkStatus(path: string, status: StatusDef, { statuses, actions, prerequisites }: Checked): void {
  needTable(path, status, 'a label, a tone, an icon and a meaning');
  needText(`${path}.label`, status.label);
  needText(`${path}.meaning`, status.meaning);
  needOneOf(`${path}.tone`, status.tone, TONES);
  needList(`${path}.actions`, status.actions, 'actions');
  if (status.action !== undefined && status.actions !== undefined && status.action !== status.actions[0])
    throw new LifecycleError(`${path}.actions`, 'does not begin with `action`; give only one of the two');
  for (const action of actionsOf(status))
    needKnown(`${path}.${status.actions ? 'actions' : 'action'}`, action, actions, 'action');
  const { stuckAfterMs } = status;
  if (stuckAfterMs !== undefined && !(Number.isFinite(stuckAfterMs) && stuckAfterMs > 0))
    throw new LifecycleError(
      `${path}.stuckAfterMs`,
      `got ${JSON.stringify(stuckAfterMs)}; give a time in ms above 0, such as 900_000`,
    );
  needList(`${path}.moves`, status.moves, 'statuses');
  for (const next of status.moves ?? []) needKnown(`${path}.moves`, next, statuses, 'status');
  if (status.ready !== undefined) needKnown(`${path}.ready`, status.ready, statuses, 'status');
  if (status.fault !== undefined) needKnown(`${path}.fault`, status.fault, statuses, 'status');
  needList(`${path}.needs`, status.needs, 'prerequisites');
  for (const need of status.needs ?? []) needKnown(`${path}.needs`, need, prerequisites, 'prerequisite');
  if (status.ready !== undefined && !status.needs?.length)
    throw new LifecycleError(`${path}.ready`, 'has nothing to wait for; list the prerequisites in `needs`');
}

/** Two statuses with the same icon would differ by colour only. */
function checkIcons({ at, statuses }: Checked): void {
  const owners = new Map<string, string>();
  for (const [word, { icon }] of statuses) {
    const path = `${at}.statuses.${word}.icon`;
    const shape = shapeOf(path, icon);
    const owner = owners.get(shape);
    if (owner !== undefined)
      throw new LifecycleError(
        path,
        `${typeof icon === 'string' ? `"${icon}"` : 'this shape'} is already the icon of "${owner}"; two statuses must not differ by colour alone, use another`,
      );
    owners.set(shape, word);
  }
}

/** The shape by which icons are compared: the name of a built-in one, or the outline of a path. */
function shapeOf(path: string, icon: Icon): string {
  if (typeof icon === 'string') {
    needOneOf(path, icon, ICONS);
    return icon;
  }
  needTable(path, icon, `a built-in name (${ICONS.join(', ')}), or { path } with SVG path data in a box of 16 units`);
  needText(`${path}.path`, icon.path, 'give SVG path data in a box of 16 units, such as "M2 2h12v12H2Z"');
  const outline = outlineOf(icon.path);
  const quoted = JSON.stringify(icon.path.length > 40 ? `${icon.path.slice(0, 40)}…` : icon.path);
  if (!outline)
    throw new LifecycleError(
      `${path}.path`,
      `can't be drawn: ${quoted}; give whole SVG path data that begins with M, such as "M2 2h12v12H2Z"`,
    );
  if (outline.outside)
    throw new LifecycleError(`${path}.path`, `leaves the box of 16 by 16 units: ${quoted}; scale it to 0 to 16`);
  return outline.text;
}

function checkAction(path: string, action: ActionDef, { statuses }: Checked): void {
  needTable(path, action, 'a label, a pending text and `from`');
  needText(`${path}.label`, action.label);
  needText(`${path}.pending`, action.pending);
  const from = Object.entries(action.from ?? {});
  if (!from.length)
    throw new LifecycleError(`${path}.from`, 'the action leads nowhere; name a status it leads from, and to which');
  for (const [source, target] of from) {
    needKnown(`${path}.from`, source, statuses, 'status');
    if (typeof target !== 'string') needList(`${path}.from.${source}`, target, 'statuses');
    const targets = targetsIn(target);
    if (!targets.length)
      throw new LifecycleError(`${path}.from.${source}`, 'names no status; give one, or a list of the possible ones');
    for (const one of targets) needKnown(`${path}.from.${source}`, one, statuses, 'status');
  }
  checkConfirm(`${path}.confirm`, action, statuses);
  checkInput(`${path}.input`, action.input);
}

function checkConfirm(path: string, action: ActionDef, statuses: ReadonlyMap<string, StatusDef>): void {
  const { confirm } = action;
  if (!confirm) return;
  needTable(path, confirm, 'a title, a text and a label, or a table of them by status');
  const whole = isConfirmation(confirm);
  for (const [status, question] of confirmationsOf(action)) {
    const place = whole ? path : `${path}.${status}`;
    needKnown(path, status, statuses, 'status');
    if (!new Map(Object.entries(action.from)).has(status))
      throw new LifecycleError(place, `the action is not possible in "${status}"; add it to \`from\`, or remove this`);
    needTable(place, question, 'a title, a text and a label');
    needText(`${place}.title`, question.title);
    needText(`${place}.text`, question.text);
    needText(`${place}.label`, question.label);
  }
}

function checkInput(path: string, input: ActionInput | undefined): void {
  if (!input) return;
  needTable(path, input, 'a label');
  needText(`${path}.label`, input.label);
  needList(`${path}.options`, input.options, 'texts');
  if (input.options && !input.options.length)
    throw new LifecycleError(`${path}.options`, 'is empty; list what can be chosen, or leave it out for any text');
  for (const option of input.options ?? []) needText(`${path}.options`, option);
  const { maxLength } = input;
  if (maxLength === undefined) return;
  if (!(Number.isInteger(maxLength) && maxLength > 0))
    throw new LifecycleError(`${path}.maxLength`, `got ${JSON.stringify(maxLength)}; give a whole number above 0`);
  const long = input.options?.find((option) => option.length > maxLength);
  if (long !== undefined)
    throw new LifecycleError(`${path}.options`, `${JSON.stringify(long)} is longer than \`maxLength\`; shorten it`);
}

/** The given order must hold each status once. JavaScript does not keep the order of keys that look like whole numbers. */
function checkOrder({ at, def: { order }, statuses }: Checked): void {
  const words = [...statuses.keys()];
  const path = `${at}.order`;
  if (order === undefined) {
    const number = words.find((word) => /^(0|[1-9]\d*)$/.test(word));
    if (number === undefined) return;
    throw new LifecycleError(
      path,
      `is missing; "${number}" looks like a number, and JavaScript puts such keys first: list all statuses in their order`,
    );
  }
  needList(path, order, 'statuses');
  for (const word of order) needKnown(path, word, statuses, 'status');
  const missing = words.filter((word) => !order.includes(word));
  if (missing.length) throw new LifecycleError(path, `leaves out ${missing.join(', ')}; list each status once`);
}

/** An offered action must lead somewhere from this status or from its `ready` status: otherwise its button could never be pressed. */
function checkOffers(word: string, status: StatusDef, { at, actions }: Checked): void {
  for (const action of actionsOf(status)) {
    const from = new Map(Object.entries(actions.get(action)!.from));
    if (from.has(word) || from.has(status.ready ?? word)) continue;
    throw new LifecycleError(
      `${at}.statuses.${word}.${status.actions ? 'actions' : 'action'}`,
      `"${action}" leads nowhere from "${word}"; add it to \`actions.${action}.from\`, or offer another action`,
    );
  }
}

function checkRecovery(entered: string, steps: readonly RecoveryStep[] | undefined, table: Checked): void {
  const { at, statuses, actions } = table;
  needKnown(`${at}.recovery`, entered, statuses, 'status');
  if (!Array.isArray(steps)) throw new LifecycleError(`${at}.recovery.${entered}`, 'must be a list of steps');
  const reachable = reachableFrom(entered, table);
  const ids = new Set<string>();
  for (const [index, step] of (steps as readonly RecoveryStep[]).entries()) {
    const path = `${at}.recovery.${entered}[${index}]`;
    needTable(path, step, 'an id and a text');
    needText(`${path}.id`, step.id);
    needText(`${path}.text`, step.text);
    if (ids.has(step.id)) throw new LifecycleError(`${path}.id`, `"${step.id}" names two steps; give each its own id`);
    ids.add(step.id);
    const { done, offer } = step;
    if (done && 'status' in done) {
      needList(`${path}.done.status`, done.status, 'statuses');
      for (const status of done.status) needKnown(`${path}.done.status`, status, statuses, 'status');
    }
    if (offer && 'action' in offer) needKnown(`${path}.offer.action`, offer.action, actions, 'action');
    checkPossible(path, step, entered, reachable, table);
  }
}

/** A step must be possible in the status that it recovers from, or in one that the campaign can reach from there. */
function checkPossible(
  path: string,
  { done, offer }: RecoveryStep,
  entered: string,
  reachable: ReadonlySet<string>,
  { def, actions }: Checked,
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
  if ('action' in offer && !Object.keys(actions.get(offer.action)!.from).some((status) => reachable.has(status)))
    throw new LifecycleError(
      `${path}.offer.action`,
      `"${offer.action}" is never possible after "${entered}"; add a status to \`actions.${offer.action}.from\`, or offer another action`,
    );
}

/** A new campaign must be able to reach every status. */
function checkReachable(table: Checked): void {
  const { at, def, statuses } = table;
  const reached = reachableFrom(def.initial, table);
  for (const word of statuses.keys())
    if (!reached.has(word))
      throw new LifecycleError(
        `${at}.statuses.${word}`,
        `cannot be reached from "${def.initial}"; lead an action, \`ready\`, \`fault\` or \`moves\` to it, or remove it`,
      );
}

/** Every status that a campaign can reach from this one, including this one. */
function reachableFrom(from: string, { statuses, actions }: Checked): ReadonlySet<string> {
  const reached = new Set([from]);
  for (const word of reached) {
    const status = statuses.get(word)!;
    for (const action of actions.values())
      for (const target of targetsIn(new Map(Object.entries(action.from)).get(word))) reached.add(target);
    if (status.ready !== undefined) reached.add(status.ready);
    if (status.fault !== undefined) reached.add(status.fault);
    for (const next of status.moves ?? []) reached.add(next);
    for (const [other, waiting] of statuses) if (waiting.ready === word) reached.add(other);
  }
  return reached;
}
