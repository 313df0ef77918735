import { english, type Localizer } from '../../../i18n/localizer.ts';

type Mark = 'lang' | 'dir';

/** The attributes that were set here, and not by the host. */
const marks = new WeakMap<HTMLElement, Partial<Record<Mark, string>>>();

/**
 * Sets `lang` and `dir` on an element whose texts are in another language or direction than the page around it; takes them away
 * where they are the same. Attributes that the host has set stay. The kit's own English, which no host has chosen, follows the
 * direction of the page.
 */
export function markLanguage(element: HTMLElement, i18n: Localizer): void {
  const chosen = i18n.translations !== english.translations;
  const lang = around(element, 'lang');
  mark(element, 'lang', (chosen || lang) && !covers(lang, i18n.lang) ? i18n.lang : '');
  mark(element, 'dir', chosen && (around(element, 'dir') || 'ltr') !== i18n.direction ? i18n.direction : '');
}

function mark(element: HTMLElement, name: Mark, value: string): void {
  const own = marks.get(element)?.[name] ?? '';
  if (own === value || (element.getAttribute(name) ?? '') !== own) return;
  if (value) element.setAttribute(name, value);
  else element.removeAttribute(name);
  marks.set(element, { ...marks.get(element), [name]: value });
}

/** The attribute's value on the nearest element around this one, also outside of its shadow tree. */
function around(element: Element, name: Mark): string {
  let node: Node | null | undefined = element.parentNode ?? (element.getRootNode() as Partial<ShadowRoot>).host;
  while (node) {
    const value = node instanceof Element ? node.getAttribute(name) : null;
    if (value !== null) return value.toLowerCase();
    node = node.parentNode ?? (node as Partial<ShadowRoot>).host;
  }
  return '';
}

/** Whether a page in `page` need not name this language again: "en-us" covers "en". */
function covers(page: string, lang: string): boolean {
  return page === lang.toLowerCase() || page.startsWith(`${lang.toLowerCase()}-`);
}
