import type { Lifecycle } from '../lifecycle/index.ts';
import { offeredActions } from './campaign-view.ts';
import type { SystemCore } from './core/system-core.ts';
import type { Offers } from './types.ts';

/** What some campaigns of a system offer now. */
export function readOffers(core: SystemCore, lifecycle: Lifecycle, ids: Iterable<string>): Offers {
  const actions = new Map(Object.keys(lifecycle.actions).map((action): [string, string[]] => [action, []]));
  const gone: string[] = [];
  for (const id of ids) {
    const entry = core.rows.entries.get(id);
    if (!entry) {
      if (core.rows.removed(id) || core.answersFor(id)) gone.push(id);
      continue;
    }
    for (const { action, disabled } of offeredActions(core, entry, lifecycle))
      if (action && !disabled) actions.get(action)!.push(id);
  }
  for (const [action, able] of actions) if (able.length === 0) actions.delete(action);
  return { actions, gone };
}
