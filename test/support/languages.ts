/** All languages of the kit, and tables made from them that show whether a layout has room for any of them. */
import { ar } from '../../src/i18n/ar.ts';
import { de } from '../../src/i18n/de.ts';
import { es } from '../../src/i18n/es.ts';
import { fr } from '../../src/i18n/fr.ts';
import { en, termsOf, type Language, type Message } from '../../src/i18n/index.ts';
import { ja } from '../../src/i18n/ja.ts';
import { flows, python } from '../../src/lifecycle/index.ts';

/** The kit's own English as a complete translation. */
export const english: Language = {
  lang: 'en',
  messages: en,
  terms: { ...termsOf(flows), ...termsOf(python) } as Language['terms'],
};

/** The languages that the package contains besides English, by their tags. */
export const translated = { ar, de, es, fr, ja } as const satisfies Record<string, Language>;

/** The texts of a message, by their plural forms. A message without any has the form `other`. */
export function formsOf(message: Message): Readonly<Record<string, string>> {
  return typeof message === 'string' ? { other: message } : message;
}

/** English with every text changed. @param change is given a text and the key of its message or the path of its term */
export function mapEnglish(lang: string, change: (text: string, key: string) => string): Language {
  const changed = <T extends Readonly<Record<string, Message>>>(texts: T): T =>
    Object.fromEntries(
      Object.entries(texts).map(([key, message]) => [
        key,
        typeof message === 'string'
          ? change(message, key)
          : Object.fromEntries(Object.entries(message).map(([form, text]) => [form, change(text, key)])),
      ]),
    ) as T;
  return { lang, messages: changed(english.messages), terms: changed(english.terms) };
}

const ACCENTS: Readonly<Record<string, string>> = Object.fromEntries(
  Array.from('ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz', (letter, index) => [
    letter,
    Array.from('ÅƁÇÐÉƑĜĤÎĴĶĻṀÑÖÞǪŔŠŢÛṼŴẊÝŽåƀçðéƒĝĥîĵķļṁñöþǫŕšţûṽŵẋýž')[index]!,
  ]),
);

/** "Start" as "[Šţåŕţ ·ö]": in brackets that show where a text is cut, with accents, and at least 40 % longer. */
function exaggerate(text: string): string {
  const accented = text.replace(/\{\w+\}|[A-Za-z]/g, (piece) => ACCENTS[piece] ?? piece);
  const padding = Array.from({ length: Math.ceil(text.length * 0.4) }, (_, index) => (index % 6 ? 'ö' : ' ')).join('');
  return `[${accented}${padding}]`;
}

/** A language nobody speaks: a text without accents and brackets does not come from the tables. */
export const pseudo: Language = mapEnglish('en-XA', exaggerate);

/** The longest text of all languages for each key: what fits with it fits in every language. */
export const longest: Language = mapEnglish('en', (text, key) =>
  [english, ...Object.values(translated)]
    .flatMap(({ messages, terms }) => Object.values(formsOf({ ...messages, ...terms }[key as never] as Message)))
    .reduce((one, other) => (width(other) > width(one) ? other : one), text),
);

/** How much room a text takes, in Latin letters. */
function width(text: string): number {
  return Array.from(text).reduce((sum, letter) => sum + (letter > '\u2e80' ? 2 : 1), 0);
}
