import { defineElement } from '../shared/base/define-element.ts';
import { CampaignActionButton } from './campaign-action-button.ts';

defineElement('campaign-action-button', CampaignActionButton);
