/** What a host may write at the kit's elements, as the types of each framework use it. */
import type { Elements, Events } from './elements.js';

/** The tags of the kit. */
export type Tag = keyof Elements;

/** The element of a tag. */
export type ElementOf<T extends Tag> = Elements[T]['element'];

/** The properties of an element. Null and undefined stand for the default. */
export type Properties<T extends Tag> = {
  [P in keyof Pick<ElementOf<T>, Elements[T]['properties']>]?: ElementOf<T>[P] | null | undefined;
};

/** The attributes of an element, by their own names. A list or an object is a property, no attribute. */
export type Attributes<T extends Tag> = {
  [A in Elements[T]['attributes']]?: Attribute<ElementOf<T>[CamelCase<A> & keyof ElementOf<T>]> | null | undefined;
};

type Attribute<V> = V extends boolean ? V | '' : V extends number ? V | `${V}` : V extends string ? V : never;

type CamelCase<Name extends string> = Name extends `${infer First}-${infer Rest}`
  ? `${First}${Capitalize<CamelCase<Rest>>}`
  : Name;

/** Properties by their names, and attributes by those names that no property has: both may be written side by side. */
export type Settable<T extends Tag> = Over<Attributes<T>, Properties<T>>;

/** Listeners for the events that arrive at an element, named `Prefix` and the event's name. */
export type Listeners<T extends Tag, Prefix extends string> = {
  [E in Elements[T]['events'] as `${Prefix}${E}`]?: ((event: EventAt<T, E>) => void) | undefined;
};

/** An event, with the element that listens. */
export type EventAt<T extends Tag, E extends keyof Events> = Events[E] & { readonly currentTarget: ElementOf<T> };

/** `Base` without what `Own` declares, and `Own`. */
export type Over<Base, Own> = Omit<Base, keyof Own> & Own;
