/** A pseudo language that tells the kit's messages from texts that are hard-coded. */
import { flows, python, type Lifecycle } from '../../../src/lifecycle/index.ts';
import { en, type Message } from '../../../src/i18n/en.ts';
import type { Translations } from '../../../src/i18n/index.ts';

/** Latin letters in full width; placeholders stay as they are. */
const widen = (text: string): string =>
  text.replace(/\{\w+\}|[A-Za-z]/g, (piece) =>
    piece.length > 1 ? piece : String.fromCharCode(piece.charCodeAt(0) + 0xfee0),
  );

const widenMessage = (message: Message): Message =>
  typeof message === 'string'
    ? widen(message)
    : (Object.fromEntries(Object.entries(message).map(([form, text]) => [form, widen(text)])) as Message);

/** Every text in a lifecycle's table, by its path. A step of a list is named by its id. */
function terms(table: object, path: string): [string, string][] {
  return Object.entries(table).flatMap(([key, value]: [string, unknown]): [string, string][] =>
    typeof value === 'string'
      ? [[`${path}.${key}`, widen(value)]]
      : value && typeof value === 'object'
        ? terms(value, `${path}.${'id' in value ? String(value.id) : key}`)
        : [],
  );
}

/** The terms of these lifecycles. */
export const pseudoTerms = (...lifecycles: readonly Lifecycle[]): Record<string, string> =>
  Object.fromEntries(lifecycles.flatMap((lifecycle) => terms(lifecycle, lifecycle.system)));

/** The message table. Numbers and times are Russian, so they contain no Latin letters either. */
export const pseudo: Translations = {
  lang: 'ru',
  messages: Object.fromEntries(Object.entries<Message>(en).map(([key, message]) => [key, widenMessage(message)])),
  terms: pseudoTerms(flows, python),
};

const SPOKEN = ['aria-label', 'aria-description', 'aria-valuetext', 'title', 'placeholder', 'alt'];

/**
 * Every text shown or announced by an element that is not from the message table.
 *
 * @param foreign texts from outside: names, ids, messages of a backend
 */
export function unmarked(element: Element, foreign: readonly string[] = []): string[] {
  const found: string[] = [];
  const check = (text: string | null): void => {
    let rest = text ?? '';
    for (const foreignText of foreign) rest = rest.replaceAll(foreignText, '');
    if (/[A-Za-z]/.test(rest)) found.push(rest.trim());
  };
  const walk = (node: Node): void => {
    if (node instanceof Text) check(node.data);
    if (node instanceof Element) {
      if (node.localName === 'style' || node.localName === 'script') return;
      for (const name of SPOKEN) check(node.getAttribute(name));
      if (node.shadowRoot) walk(node.shadowRoot);
    }
    for (const child of node.childNodes) walk(child);
  };
  walk(element);
  return found;
}
