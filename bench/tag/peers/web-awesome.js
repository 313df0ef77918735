// https://webawesome.com/docs/components/tag
import styles from '@awesome.me/webawesome/dist/styles/webawesome.css?inline';
import '@awesome.me/webawesome/dist/components/tag/tag.js';
import { addStyles, badge } from '../badge.ts';
import { exposeTag } from '../subject.ts';

addStyles(styles);
exposeTag(badge('wa-tag', 'variant', { inactive: 'warning', active: 'success', error: 'danger' }));
