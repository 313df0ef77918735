import { ReactiveElement, type PropertyDeclaration, type PropertyValues } from '@lit/reactive-element';
import type { Localizer } from '../../../i18n/index.ts';
import { sheetOf } from '../styles/adopt-styles.ts';
import { Unusable } from './converters.ts';

/** Options of a property. */
interface ConvertingDeclaration extends Omit<PropertyDeclaration, 'converter' | 'useDefault'> {
  /**
   * Converts every value that is assigned, not only that of the attribute. What it gives for `undefined` is the default. Absent:
   * `type` is Boolean.
   */
  readonly converter?: (value: unknown) => unknown;
}

/**
 * An element whose properties accept and convert any value. Declare them with {@link property}. How it is drawn is its own
 * affair: tag and button write to their nodes, others use templates.
 */
export abstract class ConvertingElement extends ReactiveElement {
  /** The properties whose last value could not be used. */
  #unusable: Map<string, Unusable> | undefined;

  /** Called by the browser when an attribute changes. */
  override attributeChangedCallback(name: string, before: string | null, value: string | null): void {
    // React 18, Vue and Svelte write a boolean that is false as this text; in HTML its presence alone means true.
    if (value === 'false' && this.#isBoolean(name)) this.removeAttribute(name);
    else super.attributeChangedCallback(name, before, value);
  }

  /** Called by the browser when the element comes into another document, where its sheets are not valid. */
  adoptedCallback(): void {
    const styles = (this.constructor as typeof ConvertingElement).elementStyles;
    const root = this.renderRoot as ShadowRoot | undefined;
    if (root)
      root.adoptedStyleSheets = styles.flatMap((one) => ('cssText' in one ? sheetOf(this.ownerDocument, one) : []));
  }

  /**
   * The accessor of a property.
   *
   * @param key where its value is, once it is another than the default
   * @internal
   */
  static accessor(
    name: string,
    key: symbol,
    convert: (value: unknown) => unknown,
    options: PropertyDeclaration,
  ): PropertyDescriptor {
    const standard = convert(undefined);
    return {
      get(this: ConvertingElement & Record<symbol, unknown>): unknown {
        return this[key] ?? standard;
      },
      set(this: ConvertingElement & Record<symbol, unknown>, value: unknown) {
        const before = this[key] ?? standard;
        const now = this.usable(name, convert(value)) ?? standard;
        if (now === before) return;
        this[key] = now;
        this.requestUpdate(name, before, options);
      },
      configurable: true,
      enumerable: true,
    };
  }

  protected override update(changed: PropertyValues): void {
    super.update(changed);
    this.draw();
  }

  /** Writes the present state to the element's root. */
  protected abstract draw(): void;

  #isBoolean(attribute: string): boolean {
    for (const [property, { type, attribute: own }] of (this.constructor as typeof ConvertingElement).elementProperties)
      if (type === Boolean && attribute === (typeof own === 'string' ? own : String(property).toLowerCase()))
        return true;
    return false;
  }

  /** Whether the value that was assigned to a property last could not be used. */
  protected isUnusable(name: string): boolean {
    return this.#unusable?.has(name) ?? false;
  }

  /** The text that names a property whose value can't be used; `undefined` if there is none. */
  protected unusable(i18n: Localizer): string | undefined {
    for (const [name, { type }] of this.#unusable ?? [])
      return i18n.format('setup.unusable', { element: this.localName, property: name, type });
    return undefined;
  }

  /** What a converter made of the value that was assigned to a property; `undefined`, and a problem of the element, if it is unusable. */
  protected usable<T>(name: string, converted: T | Unusable): T | undefined {
    const before = this.#unusable?.get(name);
    const usable = !(converted instanceof Unusable);
    if (usable && !before) return converted;
    if (usable) this.#unusable?.delete(name);
    else (this.#unusable ??= new Map<string, Unusable>()).set(name, converted);
    // The property may keep its default while its problem changes, so the update is requested here.
    this.requestUpdate(name, before ?? converted);
    return usable ? converted : undefined;
  }
}

/** Declares a property of a {@link ConvertingElement}, as Lit's `property` does. The default is never reflected. */
export function property({
  converter,
  ...options
}: ConvertingDeclaration): (proto: ConvertingElement, name: string) => void {
  const convert = converter ?? Boolean;
  const declaration: PropertyDeclaration = {
    ...options,
    ...(converter && {
      converter: {
        fromAttribute: (value) => value,
        toAttribute: (value) => (value === converter(undefined) ? null : value),
      },
    }),
    noAccessor: true,
  };
  return (proto, name) => {
    (proto.constructor as typeof ConvertingElement).createProperty(name, declaration);
    Object.defineProperty(proto, name, ConvertingElement.accessor(name, Symbol(name), convert, declaration));
  };
}
