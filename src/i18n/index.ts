export { en, type Message, type MessageKey, type PluralForms } from './en.ts';
export { Words, english, type Params, type WordTable } from './localizer.ts';
