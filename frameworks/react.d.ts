/** The kit's elements in JSX of React 19: attributes, properties and events (`oncampaign-action`). For React 18: `/react-18`. */
import type { DetailedHTMLProps, HTMLAttributes } from 'react';
import type { ElementOf, Listeners, Over, Settable, Tag } from './props.js';

/** The props of an element of the kit. */
export type ElementProps<T extends Tag> = Over<
  DetailedHTMLProps<HTMLAttributes<ElementOf<T>>, ElementOf<T>>,
  Settable<T> & Listeners<T, 'on'> & { class?: string | undefined }
>;

type KitElements = { [T in Tag]: ElementProps<T> };

declare module 'react' {
  namespace JSX {
    interface IntrinsicElements extends KitElements {}
  }
}
