export { en, type Message, type MessageKey, type PluralForms } from './en.ts';
export { Localizer, english, type Params, type Translations } from './localizer.ts';
