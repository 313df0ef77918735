import type { Change } from '../contract.ts';
import { covers, type Scope } from '../../util/id-scope.ts';

/** The part of a change that concerns a scope: its rows, heartbeats and cursors. `undefined` if there is none. */
export function filterChange(change: Change<unknown>, scope: Scope): Change<unknown> | undefined {
  if (scope === 'all') return change;
  switch (change?.type) {
    case 'page': {
      const items = within(change.items, scope);
      return items.length ? { ...change, items } : undefined;
    }
    case 'upsert':
    case 'remove': {
      const items = within<{ id: string }>(change.items as readonly { id: string }[], scope);
      if (items.length) return { ...change, items };
      return { type: 'heartbeat', ...(change.cursor === undefined ? {} : { cursor: change.cursor }) };
    }
    case 'synced': {
      const { count: _ofAll, ...rest } = change;
      return { ...rest, partial: true };
    }
    default:
      return change;
  }
}

function within<T>(items: readonly T[], scope: Scope): T[] {
  if (!Array.isArray(items)) return [];
  return (items as T[]).filter((item) => covers(scope, (item as { id?: unknown } | null)?.id));
}
