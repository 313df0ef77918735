import { createCampaignStore, httpAdapter } from 'campaign-status-kit';

/** One store for the whole app, made outside of components, and so no reactive proxy of Vue. */
export const store = createCampaignStore({ adapter: httpAdapter({ src: location.origin }) });
