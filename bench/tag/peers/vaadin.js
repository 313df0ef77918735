// https://vaadin.com/docs/latest/components/badge
import '@vaadin/badge';
import { badge } from '../badge.ts';
import { exposeTag } from '../subject.ts';

exposeTag(badge('vaadin-badge', 'theme', { inactive: 'warning', active: 'success', error: 'error' }));
