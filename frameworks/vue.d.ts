/** The kit's elements in templates of Vue: properties in camel case, and events (`@campaign-action`). */
import type { HTMLAttributes, PublicProps } from 'vue';
import type { Elements } from './elements.js';
import type { ElementOf, EventAt, Over, Properties, Tag } from './props.js';

/** The props of an element of the kit. Vue calls the listener of `campaign-action` `onCampaignAction`. */
export type ElementProps<T extends Tag> = Over<HTMLAttributes & PublicProps, Properties<T> & CamelCaseListeners<T>>;

type CamelCaseListeners<T extends Tag> = {
  [E in Elements[T]['events'] as `on${PascalCase<E>}`]?: ((event: EventAt<T, E>) => void) | undefined;
};

type PascalCase<Name extends string> = Name extends `${infer First}-${infer Rest}`
  ? `${Capitalize<First>}${PascalCase<Rest>}`
  : Capitalize<Name>;

type KitComponents = { [T in Tag]: new () => ElementOf<T> & { $props: ElementProps<T> } };

declare module 'vue' {
  interface GlobalComponents extends KitComponents {}
}
