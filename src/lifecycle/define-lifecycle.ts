import { checkLifecycle } from './check-lifecycle.ts';
import { actionsOf, confirmationsOf, targetsIn } from './short-forms.ts';
import type { Lifecycle, LifecycleDef } from './types.ts';

/**
 * Checks a definition and makes a lifecycle of it: frozen, and safe to look up with any word.
 *
 * @param def The definition. The names of its statuses, actions and prerequisites are inferred from its keys.
 * @throws {@link LifecycleError} for an undefined name, an action that is offered but leads nowhere, a status that cannot be
 * reached, a recovery step that can never be done, an icon used twice, an empty label, an unknown tone or icon, or a path that is no
 * outline in a box of 16 units. Its message names the path in the definition and says how to fix it.
 *
 * Your own icons are compared by their outline, so the same shape in another notation is refused. Shapes that only look alike are
 * not detected: compare your statuses at the size of the tag, side by side and in gray.
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
  checkLifecycle(def);
  return freeze(writtenOut(def)) as unknown as Lifecycle<S, A, P>;
}

/** The most characters of an input whose definition names no `maxLength`. */
const DEFAULT_INPUT_LENGTH = 500;

/** The same definition with every short form expanded, so that the rules handle one form only. */
function writtenOut(def: LifecycleDef): object {
  const statuses = Object.entries(def.statuses).map(([word, status]) => {
    const actions = actionsOf(status);
    const first = actions[0] === undefined ? {} : { action: actions[0] };
    return [word, { ...status, ...first, actions, needs: status.needs ?? [], moves: status.moves ?? [] }] as const;
  });
  const actions = Object.entries(def.actions).map(([word, action]) => {
    const from = Object.entries(action.from).map(([source, target]) => [source, targetsIn(target)] as const);
    const input = action.input ? { input: { maxLength: DEFAULT_INPUT_LENGTH, ...action.input } } : {};
    return [word, { ...action, from: table(from), confirm: table(confirmationsOf(action)), ...input }] as const;
  });
  const { order = Object.keys(def.statuses), ...rest } = def;
  return { ...rest, statuses: table(statuses), statusOrder: order, actions: table(actions) };
}

/** Makes an object without a prototype, so that `__proto__` is an ordinary key. */
function table<T>(entries: readonly (readonly [string, T])[]): Record<string, T> {
  const made = Object.create(null) as Record<string, T>;
  for (const [key, value] of entries) made[key] = value;
  return made;
}

function freeze<T>(value: T): T {
  if (Array.isArray(value)) return Object.freeze(value.map(freeze)) as T;
  if (typeof value !== 'object' || value === null) return value;
  const copy = Object.create(null) as Record<string, unknown>;
  for (const [key, inner] of Object.entries(value)) copy[key] = freeze(inner);
  return Object.freeze(copy) as T;
}
