import { flows, python, type Lifecycle } from '../../../src/lifecycle/index.ts';

export const LIFECYCLES: ReadonlyMap<string, Lifecycle> = new Map([flows, python].map((one) => [one.system, one]));
/** Both systems are used at once, and must never mix. */
export const SYSTEMS: readonly string[] = [...LIFECYCLES.keys()];
/** The campaigns that commands refer to. The last one does not exist at first. */
export const IDS = ['a', 'b', 'c', 'd'] as const;
