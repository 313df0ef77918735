import { flows, python, type Lifecycle } from '../../src/lifecycle/index.ts';

export const LIFECYCLES: ReadonlyMap<string, Lifecycle> = new Map([flows, python].map((one) => [one.system, one]));
/** Both are played at once, and never mix. */
export const SYSTEMS: readonly string[] = [...LIFECYCLES.keys()];
/** The campaigns that commands speak of. The last one is not there at first. */
export const IDS = ['a', 'b', 'c', 'd'] as const;
