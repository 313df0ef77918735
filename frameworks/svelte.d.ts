/** The kit's elements in Svelte: attributes, properties and events (`oncampaign-action`; `on:campaign-action` in Svelte 4). */
import type { HTMLAttributes } from 'svelte/elements';
import type { ElementOf, Listeners, Over, Settable, Tag } from './props.js';

/** The props of an element of the kit. */
export type ElementProps<T extends Tag> = Over<
  HTMLAttributes<ElementOf<T>>,
  Settable<T> & Listeners<T, 'on'> & Listeners<T, 'on:'>
>;

type KitElements = { [T in Tag]: ElementProps<T> };

declare module 'svelte/elements' {
  interface SvelteHTMLElements extends KitElements {}
}
