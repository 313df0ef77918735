export { en, type MessageKey } from './en.ts';
export type { Message, PluralForms } from './message.ts';
export { Localizer, english, localizerOf, type Params } from './localizer.ts';
export { termsOf, type TermKey } from './terms.ts';
export type { Language, Translations } from './translations.ts';
