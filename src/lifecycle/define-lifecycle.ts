import { checkLifecycle } from './check-lifecycle.ts';
import type { Lifecycle, LifecycleDef } from './types.ts';
import { writeOut } from './write-out.ts';

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
  return writeOut(def);
}
