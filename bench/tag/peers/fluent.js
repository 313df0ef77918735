// https://learn.microsoft.com/fluent-ui/web-components
import { webLightTheme } from '@fluentui/tokens';
import '@fluentui/web-components/badge/define.js';
import { setTheme } from '@fluentui/web-components';
import { badge } from '../badge.ts';
import { exposeTag } from '../subject.ts';

setTheme(webLightTheme);
exposeTag(badge('fluent-badge', 'color', { inactive: 'warning', active: 'success', error: 'danger' }));
