import type { ReactiveElement } from 'lit';
import '../../../src/define.ts';
import '../../../src/elements/campaign-inspector/define.ts';

/** The name of every element of the kit. */
export const everyElement = [
  'campaign-status-tag',
  'campaign-action-button',
  'campaign-list',
  'campaign-header',
  'campaign-log',
  'recovery-guide',
  'campaign-inspector',
  'campaign-provider',
] as const;

/** The public properties of an element of the kit, with their current values. */
export function propertiesOf(element: Element): Record<string, unknown> {
  const { elementProperties } = element.constructor as typeof ReactiveElement;
  const names = [...elementProperties].filter(([, { state }]) => !state).map(([name]) => String(name));
  return Object.fromEntries(names.map((name) => [name, (element as unknown as Record<string, unknown>)[name]]));
}

/** The attributes that set a property of an element of the kit, and whether each is boolean. */
export function attributesOf(name: string): { readonly name: string; readonly boolean: boolean }[] {
  const { elementProperties } = customElements.get(name) as unknown as typeof ReactiveElement;
  return [...elementProperties].flatMap(([property, { attribute, state, type }]) =>
    state || attribute === false
      ? []
      : {
          name: typeof attribute === 'string' ? attribute : String(property).toLowerCase(),
          boolean: type === Boolean,
        },
  );
}
