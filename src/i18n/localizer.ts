import { en, type Message, type MessageKey } from './en.ts';

/** The texts of one language. A missing text is shown in English. */
export interface Translations {
  /** A BCP 47 tag, for numbers, dates, plurals and lists. */
  readonly lang: string;
  readonly messages?: { readonly [K in MessageKey]?: Message };
  /** A lifecycle's texts by their path, such as `flows.statuses.active.label`. */
  readonly terms?: Readonly<Record<string, string>>;
}

/** The values of a message's placeholders. */
export type Params = Readonly<Record<string, string | number>>;

/** Formats texts in one language: messages, plurals, lists, numbers and times. */
export class Localizer {
  readonly lang: string;
  readonly #messages: ReadonlyMap<string, Message>;
  readonly #terms: ReadonlyMap<string, string>;
  readonly #formats = new Map<string, unknown>();

  constructor(table: Translations = { lang: 'en' }) {
    this.lang = usable(table.lang);
    this.#messages = new Map<string, Message>(Object.entries(table.messages ?? {}));
    this.#terms = new Map(Object.entries(table.terms ?? {}));
  }

  /** Formats a message. `params.count` chooses the plural form; numbers are formatted for the language. */
  format(key: MessageKey, params: Params = {}): string {
    const message: Message = this.#messages.get(key) ?? en[key];
    const text = typeof message === 'string' ? message : this.#form(message, Number(params['count'] ?? 0));
    return this.fill(text, params);
  }

  /** Formats the message of a key made at run time, such as `link.` + a route's name; `undefined` if there is none. */
  formatIfKnown(key: string, params: Params = {}): string | undefined {
    return this.#messages.has(key) || Object.hasOwn(en, key) ? this.format(key as MessageKey, params) : undefined;
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

  /** "in 5 seconds". @param ms how far ahead, in ms */
  ahead(ms: number): string {
    const format = this.#format('ahead', () => new Intl.RelativeTimeFormat(this.lang, { numeric: 'always' }));
    const seconds = Math.max(1, Math.ceil(ms / 1000));
    return seconds < 60 ? format.format(seconds, 'second') : format.format(Math.round(seconds / 60), 'minute');
  }

  /** The time of day, to the second; with the date if it is not today. @param at ms since 1970 */
  time(at: number): string {
    return new Date(at).toDateString() === new Date().toDateString() ? this.timeOfDay(at) : this.dateTime(at);
  }

  /** The time of day, to the second. @param at ms since 1970 */
  timeOfDay(at: number): string {
    return this.#format('time', () => new Intl.DateTimeFormat(this.lang, { timeStyle: 'medium' })).format(at);
  }

  /** The time of day, to the minute. @param at ms since 1970 */
  clock(at: number): string {
    return this.#format('clock', () => new Intl.DateTimeFormat(this.lang, { timeStyle: 'short' })).format(at);
  }

  /** Date and time of day. @param at ms since 1970 */
  dateTime(at: number): string {
    return this.#format(
      'dateTime',
      () => new Intl.DateTimeFormat(this.lang, { dateStyle: 'medium', timeStyle: 'medium' }),
    ).format(at);
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

/** A language tag that `Intl` accepts: an invalid one would throw for each number and date. */
function usable(lang: string): string {
  try {
    return Intl.getCanonicalLocales(lang)[0] ?? 'en';
  } catch {
    console.error(
      `campaign-status-kit: words.lang is ${JSON.stringify(lang)}, which is no BCP 47 tag; use one such as "en-GB"`,
    );
    return 'en';
  }
}

/** Formats texts in the kit's own English. */
export const english = new Localizer();
