import type { MessageKey } from './en.ts';
import type { Message } from './message.ts';
import type { TermKey } from './terms.ts';

/** The texts of one language. A missing text is shown in English. */
export interface Translations {
  /** A BCP 47 tag, for numbers, dates, plurals, lists and the writing direction. */
  readonly lang: string;
  readonly messages?: { readonly [K in MessageKey]?: Message };
  /** A lifecycle's texts by their path, such as `flows.statuses.active.label`. */
  readonly terms?: Readonly<Record<string, string>>;
}

/** A complete translation: every message, and every text of the kit's own lifecycles. A missing one does not compile. */
export interface Language extends Translations {
  readonly messages: { readonly [K in MessageKey]: Message };
  readonly terms: { readonly [K in TermKey]: string };
}
