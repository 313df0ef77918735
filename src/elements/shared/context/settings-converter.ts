import { isObject, objectLike } from '../base/converters.ts';
import type { Settings } from './contexts.ts';

/** Settings, also of another copy of the kit. */
export const toSettings = objectLike<Settings | undefined>(
  'Settings',
  ({ i18n, routes, announce }) => isObject(i18n) && isObject(routes) && typeof announce === 'function',
  undefined,
);
