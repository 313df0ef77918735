/**
 * Translations as a file that translators' tools read and write: JSON with a message in ICU syntax for each key, plural forms
 * included. Only this syntax is read back: placeholders, and one plural by `count` around a whole message.
 */
import type { Message, PluralForms } from './message.ts';
import type { Translations } from './translations.ts';

/** The content of an exchange file: the messages and terms of one language, in ICU syntax. */
export interface ExchangeFile {
  readonly messages: Readonly<Record<string, string>>;
  readonly terms: Readonly<Record<string, string>>;
}

/** The content of a file for translators. Its name should be the language's tag, such as `de.json`. */
export function toExchange({ messages = {}, terms = {} }: Translations): ExchangeFile {
  return { messages: mapValues<Message, string>(messages, toIcu), terms: mapValues(terms, toIcu) };
}

/**
 * The translation in a file that translators gave back.
 *
 * @param lang the BCP 47 tag of its language
 * @throws Error that names the key of a message whose syntax can't be read
 */
export function fromExchange(lang: string, { messages = {}, terms = {} }: Partial<ExchangeFile>): Translations {
  return {
    lang,
    messages: mapValues(messages, fromIcu),
    terms: mapValues(terms, (text, path) => {
      const term = fromIcu(text, path);
      if (typeof term !== 'string') throw new Error(`${path}: a term has no plural forms`);
      return term;
    }),
  };
}

function toIcu(message: Message): string {
  if (typeof message === 'string') return quote(message);
  const forms = Object.entries(message).map(([form, text]) => `${form} {${quote(text)}}`);
  return `{count, plural, ${forms.join(' ')}}`;
}

/** In ICU syntax an apostrophe is doubled, because a single one can begin a quotation. */
function quote(text: string): string {
  return text.replaceAll("'", "''");
}

function fromIcu(icu: string, key: string): Message {
  const plural = /^\s*\{\s*count\s*,\s*plural\s*,(.*)\}\s*$/s.exec(icu)?.[1];
  if (plural === undefined) return plain(icu, key);
  const forms: Record<string, string> = {};
  const rest = plural.replace(/\s*(\w+)\s*\{((?:[^{}]|\{\w+\})*)\}\s*/g, (_whole, form: string, text: string) => {
    if (!FORMS.has(form)) throw new Error(`${key}: "${form}" is no plural form`);
    forms[form] = plain(text.replaceAll('#', '{count}'), key);
    return '';
  });
  if (rest) throw new Error(`${key}: cannot read "${rest.trim()}"`);
  if (forms['other'] === undefined) throw new Error(`${key}: the form "other" is missing`);
  return forms as PluralForms;
}

const FORMS: ReadonlySet<string> = new Set(['zero', 'one', 'two', 'few', 'many', 'other']);

function plain(icu: string, key: string): string {
  const text = icu.replaceAll("''", "'");
  if (/[{}]/.test(text.replace(/\{\w+\}/g, ''))) throw new Error(`${key}: cannot read "${icu}"`);
  return text;
}

function mapValues<From, To>(
  values: Readonly<Record<string, From>>,
  change: (value: From, key: string) => To,
): Record<string, To> {
  return Object.fromEntries(Object.entries(values).map(([key, value]) => [key, change(value, key)]));
}
