export { createCampaignStore } from './create-store.ts';
export type * from './types.ts';
