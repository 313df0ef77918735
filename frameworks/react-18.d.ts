/**
 * The kit's elements in JSX of React 18, which writes attributes only: an object, a list or a listener is set on the element, by its
 * `ref`. `class` is the attribute; React 18 does not translate `className` here.
 */
import type { DetailedHTMLProps, HTMLAttributes } from 'react';
import type { Attributes, ElementOf, Over, Tag } from './props.js';

/** The props of an element of the kit. */
export type ElementProps<T extends Tag> = Over<
  Omit<DetailedHTMLProps<HTMLAttributes<ElementOf<T>>, ElementOf<T>>, 'className'>,
  Attributes<T> & { class?: string | undefined }
>;

type KitElements = { [T in Tag]: ElementProps<T> };

declare module 'react' {
  namespace JSX {
    interface IntrinsicElements extends KitElements {}
  }
}
