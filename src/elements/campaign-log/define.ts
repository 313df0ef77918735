import { defineElement } from '../shared/base/define-element.ts';
import { CampaignLog } from './campaign-log.ts';

defineElement('campaign-log', CampaignLog);
