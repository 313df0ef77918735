import { defineElement } from '../elements/shared/define-element.ts';
import { CampaignProvider } from './campaign-provider.ts';

defineElement('campaign-provider', CampaignProvider);
