/** A pseudo language that tells the kit's messages from texts that are hard-coded. */
import type { Language } from '../../../src/i18n/index.ts';
import { mapEnglish } from '../languages.ts';

/** Latin letters in full width; placeholders stay as they are. Numbers and times are Russian, so they contain no Latin letters either. */
export const pseudo: Language = mapEnglish('ru', (text) =>
  text.replace(/\{\w+\}|[A-Za-z]/g, (piece) =>
    piece.length > 1 ? piece : String.fromCharCode(piece.charCodeAt(0) + 0xfee0),
  ),
);

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
