import { defineElement } from '../shared/base/define-element.ts';
import { CampaignInspector } from './campaign-inspector.ts';

defineElement('campaign-inspector', CampaignInspector);
