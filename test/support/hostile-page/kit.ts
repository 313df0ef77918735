/** Classes of the kit, for a page that registers them itself. The build keeps no names of exports, so they are handed over like this. */
import { CampaignActionButton, CampaignProvider, CampaignStatusTag } from '../../../src/index.ts';

const classes = {
  'campaign-provider': CampaignProvider,
  'campaign-status-tag': CampaignStatusTag,
  'campaign-action-button': CampaignActionButton,
};
Object.assign(globalThis, { classes });

declare global {
  var classes: Readonly<Record<string, CustomElementConstructor>>;
}
