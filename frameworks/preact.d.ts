/** The kit's elements in JSX of Preact: attributes, properties and events (`oncampaign-action`). */
import type { JSX } from 'preact';
import type { ElementOf, Listeners, Over, Settable, Tag } from './props.js';

/** The props of an element of the kit. */
export type ElementProps<T extends Tag> = Over<JSX.HTMLAttributes<ElementOf<T>>, Settable<T> & Listeners<T, 'on'>>;

type KitElements = { [T in Tag]: ElementProps<T> };

declare module 'preact' {
  namespace JSX {
    interface IntrinsicElements extends KitElements {}
  }
}
