import { LifecycleError, type Lifecycle } from '../lifecycle/index.ts';
import type { StoreOptions } from './types.ts';

/** The longest delay of a timer; a longer one would fire at once. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

/** @throws TypeError for an option that can't be used */
export function checkOptions(options: StoreOptions | undefined): void {
  for (const method of ['watch', 'act'] as const) {
    const value = options?.adapter?.[method];
    if (typeof value !== 'function')
      throw new TypeError(
        `createCampaignStore: adapter.${method} must be a function, got ${typeof value}; pass { adapter: httpAdapter({ src }) }, or your own adapter`,
      );
  }
  for (const name of ['hideWhenForbidden', 'verify'] as const) {
    const value: unknown = options?.[name];
    if (value !== undefined && typeof value !== 'boolean')
      throw new TypeError(`createCampaignStore: ${name} must be true or false, got ${JSON.stringify(value)}`);
  }
  for (const name of ['graceMs', 'hiddenMs', 'uncertainAfterMs', 'slackMs', 'keepMs'] as const) {
    const ms: unknown = options?.[name];
    if (ms !== undefined && !(typeof ms === 'number' && ms >= 0 && ms <= LONGEST_TIMER_MS))
      throw new TypeError(
        `createCampaignStore: ${name} must be a number of ms from 0 to ${LONGEST_TIMER_MS}, got ${JSON.stringify(ms)}`,
      );
  }
  const maxIds: unknown = options?.maxIds;
  if (maxIds !== undefined && !(Number.isInteger(maxIds) && (maxIds as number) >= 0))
    throw new TypeError(`createCampaignStore: maxIds must be a whole number, 0 or more, got ${JSON.stringify(maxIds)}`);
}

/** The lifecycles by their system. @throws LifecycleError for a value that is no lifecycle, or two for one system */
export function lifecycleTable(lifecycles: readonly Lifecycle[]): ReadonlyMap<string, Lifecycle> {
  const value: unknown = lifecycles;
  if (!Array.isArray(value))
    throw new LifecycleError('lifecycles', 'must be a list; pass [flows, python], or those of your own');
  const table = new Map<string, Lifecycle>();
  for (const lifecycle of lifecycles) {
    if (typeof lifecycle?.system !== 'string' || Object.getPrototypeOf(lifecycle) !== null)
      throw new LifecycleError(
        'lifecycles',
        'holds a value that is no lifecycle; pass what defineLifecycle() returned',
      );
    if (table.has(lifecycle.system))
      throw new LifecycleError(
        'lifecycles',
        `holds two lifecycles for "${lifecycle.system}"; pass one for each system`,
      );
    table.set(lifecycle.system, lifecycle);
  }
  return table;
}
