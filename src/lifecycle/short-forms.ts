import type { ActionDef, Confirmation, StatusDef } from './types.ts';

/** The actions that a status offers, from `action` or `actions`. */
export function actionsOf({ action, actions }: StatusDef): readonly string[] {
  return actions ?? (action === undefined ? [] : [action]);
}

/** The targets of a transition, given singly or as a list. */
export function targetsIn(target: string | readonly string[] | undefined): readonly string[] {
  return target === undefined ? [] : typeof target === 'string' ? [target] : target;
}

/** Every status in which an action needs a confirmation, with that confirmation. */
export function confirmationsOf({ confirm, from }: ActionDef): readonly (readonly [string, Confirmation])[] {
  if (!confirm) return [];
  if (isConfirmation(confirm)) return Object.keys(from).map((status) => [status, confirm]);
  return Object.entries(confirm).flatMap(([status, one]) => (one ? [[status, one] as const] : []));
}

/** True for one confirmation for all statuses, false for a table by status. */
export function isConfirmation(confirm: NonNullable<ActionDef['confirm']>): confirm is Confirmation {
  return ['title', 'text', 'label'].some((part) => typeof new Map(Object.entries(confirm)).get(part) === 'string');
}
