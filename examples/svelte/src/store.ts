import { createCampaignStore, httpAdapter } from 'campaign-status-kit';

/** One store for the whole app, made outside of components: a new one on each render would open a new feed each time. */
export const store = createCampaignStore({ adapter: httpAdapter({ src: location.origin }) });
