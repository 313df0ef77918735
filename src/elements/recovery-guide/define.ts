import '../campaign-action-button/define.ts';
import { defineElement } from '../shared/base/define-element.ts';
import { RecoveryGuide } from './recovery-guide.ts';

defineElement('recovery-guide', RecoveryGuide);
