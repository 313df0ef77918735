/** Lifecycles of engines unlike the two that the kit ships, for tests and stories. */
export { jobs } from './jobs.ts';
export { printRuns } from './print-runs.ts';
export { switches } from './switches.ts';
export { tasks } from './tasks.ts';
export { workflows } from './workflows.ts';
