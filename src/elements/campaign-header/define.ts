import '../campaign-action-button/define.ts';
import '../campaign-status-tag/define.ts';
import { defineElement } from '../shared/base/define-element.ts';
import { CampaignHeader } from './campaign-header.ts';

defineElement('campaign-header', CampaignHeader);
