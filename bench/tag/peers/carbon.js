// https://web-components.carbondesignsystem.com/?path=/docs/components-tag--overview
import '@carbon/web-components/es/components/tag/index.js';
import { badge } from '../badge.ts';
import { exposeTag } from '../subject.ts';

exposeTag(badge('cds-tag', 'type', { inactive: 'warm-gray', active: 'green', error: 'red' }));
