// https://ui5.github.io/webcomponents/components/Tag
import '@ui5/webcomponents/dist/Tag.js';
import { renderFinished } from '@ui5/webcomponents-base/dist/Render.js';
import { badge } from '../badge.ts';
import { exposeTag } from '../subject.ts';

exposeTag({
  ...badge('ui5-tag', 'design', { inactive: 'Critical', active: 'Positive', error: 'Negative' }),
  rendered: renderFinished,
});
