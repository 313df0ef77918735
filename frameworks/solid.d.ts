/**
 * The kit's elements in JSX of Solid: attributes, properties and events (`on:campaign-action`). Solid's compiler writes the names of
 * properties in lower case, except after `prop:`, and makes `campaignId` of `campaign-id`. So names of several words have hyphens.
 */
import type { JSX } from 'solid-js';
import type { Attributes, ElementOf, Listeners, Over, Properties, Tag } from './props.js';

/** The props of an element of the kit. */
export type ElementProps<T extends Tag> = Over<
  JSX.HTMLAttributes<ElementOf<T>>,
  Over<Attributes<T>, LowerCase<Properties<T>>> &
    Prefixed<'attr:', Attributes<T>> &
    Prefixed<'prop:', Properties<T>> &
    Listeners<T, 'on:'>
>;

type LowerCase<Props> = { [P in keyof Props as P extends Lowercase<P & string> ? P : never]: Props[P] };

type Prefixed<Prefix extends string, Props> = {
  [P in keyof Props as P extends string ? `${Prefix}${P}` : never]: Props[P];
};

type KitElements = { [T in Tag]: ElementProps<T> };

declare module 'solid-js' {
  namespace JSX {
    interface IntrinsicElements extends KitElements {}
  }
}
