import { actionsOf, confirmationsOf, targetsIn } from './short-forms.ts';
import type { Lifecycle, LifecycleDef } from './types.ts';

/** The most characters of an input whose definition names no `maxLength`. */
const DEFAULT_INPUT_LENGTH = 500;

/**
 * The same definition with every short form expanded, so that the rules handle one form only: frozen, and safe to look up with any
 * word. It is not checked here, so that the kit's own lifecycles do not bring the check into every page.
 */
export function writeOut<const S extends string, const A extends string, const P extends string = never>(
  def: LifecycleDef<S, A, P>,
): Lifecycle<S, A, P> {
  return freeze(expand(def)) as unknown as Lifecycle<S, A, P>;
}

function expand(def: LifecycleDef): object {
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
