export { createCampaignStore } from './create-store.ts';
export { schedulerEnvironment } from './environment.ts';
export type * from './types.ts';
