import { defineElement } from '../shared/define-element.ts';
import { CampaignLog } from './campaign-log.ts';

defineElement('campaign-log', CampaignLog);
