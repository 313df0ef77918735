import { LitElement, type PropertyDeclaration } from 'lit';
import { property as litProperty } from 'lit/decorators.js';
import type { Localizer } from '../../../i18n/index.ts';
import { Unusable } from './converters.ts';

/** Per element the properties whose last value could not be used. Most elements have none. */
const unusables = new WeakMap<ConvertingElement, Map<string, Unusable>>();

/** An element whose properties accept and convert any value. Declare them with {@link property}. */
export abstract class ConvertingElement extends LitElement {
  /** Whether the value that was assigned to a property last could not be used. */
  protected isUnusable(name: string): boolean {
    return unusables.get(this)?.has(name) ?? false;
  }

  /** The text that names a property whose value can't be used; `undefined` if there is none. */
  protected unusable(i18n: Localizer): string | undefined {
    for (const [name, { type }] of unusables.get(this) ?? [])
      return i18n.format('setup.unusable', { element: this.localName, property: name, type });
    return undefined;
  }
}

/**
 * Lit's `property`, but the function that is its `converter` is asked for every value that is assigned, not only for that of the
 * attribute. What it gives for `undefined` is the default.
 */
export function property(options: PropertyDeclaration = {}): (proto: ConvertingElement, name: string) => void {
  return (proto, name) => {
    litProperty(options)(proto, name);
    const convert = converterOf(options);
    const descriptor = Object.getOwnPropertyDescriptor(proto, name);
    const set = descriptor?.set;
    if (!convert || !set) return;
    Object.defineProperty(proto, name, {
      ...descriptor,
      set(this: ConvertingElement, value: unknown) {
        const converted = value instanceof Unusable ? value : convert(value);
        note(this, name, converted);
        set.call(this, converted instanceof Unusable ? convert(undefined) : converted);
      },
    });
  };
}

function converterOf({ converter, type }: PropertyDeclaration): ((value: unknown) => unknown) | undefined {
  if (typeof converter === 'function') return converter as (value: unknown) => unknown;
  return type === Boolean ? Boolean : undefined;
}

function note(element: ConvertingElement, name: string, converted: unknown): void {
  const before = unusables.get(element)?.get(name);
  if (converted instanceof Unusable) {
    const names = unusables.get(element) ?? new Map<string, Unusable>();
    unusables.set(element, names.set(name, converted));
  } else if (!unusables.get(element)?.delete(name)) {
    return;
  }
  // The property may keep its default while its problem changes, so the update is requested here.
  element.requestUpdate(name, before ?? converted);
}
