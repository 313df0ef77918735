import { defineElement } from '../elements/shared/base/define-element.ts';
import { CampaignProvider } from './campaign-provider.ts';

defineElement('campaign-provider', CampaignProvider);
