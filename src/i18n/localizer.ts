import type { MessageKey } from './en.ts';
import { englishTexts } from './english-texts.ts';
import type { Message } from './message.ts';
import type { Translations } from './translations.ts';

/** The values of a message's placeholders. */
export type Params = Readonly<Record<string, string | number>>;

const ENGLISH: Translations = { lang: 'en' };

/** Formats texts in one language: messages, plurals, lists, numbers and times. */
export class Localizer {
  /** The language, as a canonical BCP 47 tag. */
  readonly lang: string;
  /** The texts that it was made with. */
  readonly translations: Translations;
  /** The IANA time zone of all times; `''` is the browser's. */
  readonly timeZone: string;
  readonly #messages: ReadonlyMap<string, Message>;
  readonly #terms: ReadonlyMap<string, string>;
  readonly #formats = new Map<string, unknown>();

  /** Use {@link localizerOf}, which shares localizers. */
  constructor(translations: Translations = ENGLISH, timeZone = '') {
    this.lang = usableLanguage(translations.lang);
    this.translations = translations;
    this.timeZone = usableTimeZone(timeZone);
    this.#messages = new Map<string, Message>(Object.entries(translations.messages ?? {}));
    this.#terms = new Map(Object.entries(translations.terms ?? {}));
  }

  /** The direction in which the language is written. */
  get direction(): 'ltr' | 'rtl' {
    return RIGHT_TO_LEFT.test(new Intl.Locale(this.lang).maximize().script ?? '') ? 'rtl' : 'ltr';
  }

  /** Formats a message. `params.count` chooses the plural form; numbers are formatted for the language. */
  format(key: MessageKey, params: Params = {}): string {
    const message = this.#messages.get(key) ?? englishTexts.get(key) ?? key;
    const text = typeof message === 'string' ? message : this.#form(message, Number(params['count'] ?? 0));
    return this.fill(text, params);
  }

  /** Formats the message of a key made at run time, such as `link.` + a route's name; `undefined` if there is none. */
  formatIfKnown(key: string, params: Params = {}): string | undefined {
    return this.#messages.has(key) || englishTexts.has(key) ? this.format(key as MessageKey, params) : undefined;
  }

  /** A lifecycle's text: its translation by path, or its own. */
  term(path: string, own: string, params: Params = {}): string {
    return this.fill(this.#terms.get(path) ?? own, params);
  }

  /** Replaces `{name}` with parameters. A placeholder without a parameter stays as it is. */
  fill(text: string, params: Params): string {
    return text.replace(/\{(\w+)\}/g, (whole, name: string) => {
      const value = Object.hasOwn(params, name) ? params[name] : undefined;
      return value === undefined ? whole : typeof value === 'number' ? this.number(value) : value;
    });
  }

  /** "a, b and c", as the language joins a list. */
  list(items: readonly string[]): string {
    return this.#format('list', () => new Intl.ListFormat(this.lang, { type: 'conjunction' })).format(items);
  }

  /** A number with the language's digits and separators. */
  number(value: number): string {
    return this.#format('number', () => new Intl.NumberFormat(this.lang)).format(value);
  }

  /** "2 minutes ago", never in the future. @param ageMs how long ago, in ms; a negative value counts as now */
  ago(ageMs: number): string {
    const seconds = Math.max(0, Math.round(ageMs / 1000));
    if (seconds < 10) return this.format('time.justNow');
    const format = this.#format('ago', () => new Intl.RelativeTimeFormat(this.lang, { numeric: 'always' }));
    if (seconds < 60) return format.format(-seconds, 'second');
    if (seconds < 3600) return format.format(-Math.floor(seconds / 60), 'minute');
    if (seconds < 86_400) return format.format(-Math.floor(seconds / 3600), 'hour');
    return format.format(-Math.floor(seconds / 86_400), 'day');
  }

  /** Like {@link ago}, but "just now" for the whole first minute: for texts that are rarely updated. */
  roughlyAgo(ageMs: number): string {
    return ageMs < 60_000 ? this.format('time.justNow') : this.ago(ageMs);
  }

  /** "14 min", in whole minutes, hours or days; at least one minute. @param ms how long, in ms */
  duration(ms: number): string {
    const minutes = Math.max(1, Math.floor(ms / 60_000));
    const [value, unit] =
      minutes < 60
        ? [minutes, 'minute']
        : minutes < 2_880
          ? [Math.floor(minutes / 60), 'hour']
          : [Math.floor(minutes / 1_440), 'day'];
    const options = { style: 'unit', unit, unitDisplay: 'short' } as const;
    return this.#format(unit, () => new Intl.NumberFormat(this.lang, options)).format(value);
  }

  /** "in 5 seconds". @param ms how far ahead, in ms */
  ahead(ms: number): string {
    const format = this.#format('ahead', () => new Intl.RelativeTimeFormat(this.lang, { numeric: 'always' }));
    const seconds = Math.max(1, Math.ceil(ms / 1000));
    return seconds < 60 ? format.format(seconds, 'second') : format.format(Math.round(seconds / 60), 'minute');
  }

  /** The time of day, to the second; with the date if it is not today. @param at ms since 1970 */
  time(at: number): string {
    const day = this.#dates('day', { dateStyle: 'short' });
    return day.format(at) === day.format(Date.now()) ? this.timeOfDay(at) : this.dateTime(at);
  }

  /** The time of day, to the second. @param at ms since 1970 */
  timeOfDay(at: number): string {
    return this.#dates('time', { timeStyle: 'medium' }).format(at);
  }

  /** The time of day, to the minute. @param at ms since 1970 */
  clock(at: number): string {
    return this.#dates('clock', { timeStyle: 'short' }).format(at);
  }

  /** Date and time of day. @param at ms since 1970 */
  dateTime(at: number): string {
    return this.#dates('dateTime', { dateStyle: 'medium', timeStyle: 'medium' }).format(at);
  }

  #dates(name: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
    const zone = this.timeZone ? { timeZone: this.timeZone } : {};
    return this.#format(name, () => new Intl.DateTimeFormat(this.lang, { ...options, ...zone }));
  }

  #form(message: Exclude<Message, string>, count: number): string {
    const rules = this.#format('plural', () => new Intl.PluralRules(this.lang));
    return message[rules.select(count)] ?? message.other;
  }

  #format<T>(name: string, make: () => T): T {
    let format = this.#formats.get(name) as T | undefined;
    if (format === undefined) this.#formats.set(name, (format = make()));
    return format;
  }
}

/** The scripts that are written from right to left. */
const RIGHT_TO_LEFT = /^(Adlm|Arab|Aran|Hebr|Mand|Nkoo|Rohg|Samr|Syrc|Thaa)$/;

/** A language tag that `Intl` accepts: an invalid one would throw for each number and date. */
function usableLanguage(lang: string): string {
  try {
    // Many platforms write `de_DE`.
    return Intl.getCanonicalLocales(lang.replaceAll('_', '-'))[0] ?? 'en';
  } catch {
    console.error(
      `campaign-status-kit: translations.lang is ${JSON.stringify(lang)}, which is no BCP 47 tag; use one such as "en-GB"`,
    );
    return 'en';
  }
}

/** A time zone that `Intl` accepts, else the browser's. */
function usableTimeZone(timeZone: string): string {
  try {
    if (timeZone) new Intl.DateTimeFormat('en', { timeZone });
    return timeZone;
  } catch {
    console.error(
      `campaign-status-kit: timeZone is ${JSON.stringify(timeZone)}, which is no IANA time zone; use one such as "Europe/Berlin"`,
    );
    return '';
  }
}

const localizers = new WeakMap<Translations, Map<string, Localizer>>();

/**
 * The localizer of a language and a time zone: one for all elements, because the formats of `Intl` take long to make.
 *
 * @param translations English if not given
 * @param timeZone an IANA time zone; the browser's if not given
 */
export function localizerOf(translations: Translations = ENGLISH, timeZone = ''): Localizer {
  let byZone = localizers.get(translations);
  if (!byZone) localizers.set(translations, (byZone = new Map<string, Localizer>()));
  let localizer = byZone.get(timeZone);
  if (!localizer) byZone.set(timeZone, (localizer = new Localizer(translations, timeZone)));
  return localizer;
}

/** Formats texts in the kit's own English. */
export const english = localizerOf();
