// https://shoelace.style/components/tag
import styles from '@shoelace-style/shoelace/dist/themes/light.css?inline';
import '@shoelace-style/shoelace/dist/components/tag/tag.js';
import { addStyles, badge } from '../badge.ts';
import { exposeTag } from '../subject.ts';

addStyles(styles);
exposeTag(badge('sl-tag', 'variant', { inactive: 'warning', active: 'success', error: 'danger' }));
