/** The kit's elements in templates of Astro: their attributes. Objects and listeners are set by a script of the page. */
import type { Attributes, Over, Tag } from './props.js';

/** The props of an element of the kit. */
export type ElementProps<T extends Tag> = Over<astroHTML.JSX.HTMLAttributes, Attributes<T>>;

type KitElements = { [T in Tag]: ElementProps<T> };

declare global {
  namespace astroHTML.JSX {
    interface IntrinsicElements extends KitElements {}
  }
}
