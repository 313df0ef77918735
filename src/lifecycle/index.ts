export { LifecycleError } from './check-values.ts';
export { defineLifecycle } from './define-lifecycle.ts';
export { flows } from './flows.ts';
export { python } from './python.ts';
export * from './rules.ts';
export type * from './types.ts';
export { ICONS, TONES } from './types.ts';
