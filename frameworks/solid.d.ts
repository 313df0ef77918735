/** The kit's elements in JSX of Solid: attributes, properties and events (`on:campaign-action`). */
import type { JSX } from 'solid-js';
import type { Attributes, ElementOf, Listeners, Over, Properties, Settable, Tag } from './props.js';

/** The props of an element of the kit. */
export type ElementProps<T extends Tag> = Over<
  JSX.HTMLAttributes<ElementOf<T>>,
  Settable<T> & Prefixed<'attr:', Attributes<T>> & Prefixed<'prop:', Properties<T>> & Listeners<T, 'on:'>
>;

type Prefixed<Prefix extends string, Props> = {
  [P in keyof Props as P extends string ? `${Prefix}${P}` : never]: Props[P];
};

type KitElements = { [T in Tag]: ElementProps<T> };

declare module 'solid-js' {
  namespace JSX {
    interface IntrinsicElements extends KitElements {}
  }
}
