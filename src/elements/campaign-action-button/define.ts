import { defineElement } from '../shared/define-element.ts';
import { CampaignActionButton } from './campaign-action-button.ts';

defineElement('campaign-action-button', CampaignActionButton);
