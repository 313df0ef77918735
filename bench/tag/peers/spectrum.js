// https://opensource.adobe.com/spectrum-web-components/components/badge
import '@spectrum-web-components/theme/sp-theme.js';
import '@spectrum-web-components/theme/scale-medium.js';
import '@spectrum-web-components/theme/theme-light.js';
import '@spectrum-web-components/badge/sp-badge.js';
import { badge } from '../badge.ts';
import { exposeTag } from '../subject.ts';

const container = document.createElement('sp-theme');
container.setAttribute('system', 'spectrum');
container.setAttribute('color', 'light');
container.setAttribute('scale', 'medium');
exposeTag({
  container,
  ...badge('sp-badge', 'variant', { inactive: 'notice', active: 'positive', error: 'negative' }),
});
