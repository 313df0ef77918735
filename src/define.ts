/** Registers every element of the kit but `campaign-inspector`, which is for developers. */
import './elements/campaign-action-button/define.ts';
import './elements/campaign-header/define.ts';
import './elements/campaign-list/define.ts';
import './elements/campaign-log/define.ts';
import './elements/campaign-status-tag/define.ts';
import './elements/recovery-guide/define.ts';
import './provider/define.ts';
