import { defineElement } from '../shared/base/define-element.ts';
import { CampaignStatusTag } from './campaign-status-tag.ts';

defineElement('campaign-status-tag', CampaignStatusTag);
