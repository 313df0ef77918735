import '../campaign-action-button/define.ts';
import '../campaign-status-tag/define.ts';
import { defineElement } from '../shared/base/define-element.ts';
import { CampaignList } from './campaign-list.ts';

defineElement('campaign-list', CampaignList);
