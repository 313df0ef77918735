import type { CSSResult, ReactiveElement } from 'lit';

/** The sheets made so far, by document: a sheet of one document can't be used in another. */
const sheets = new WeakMap<Document, WeakMap<CSSResult, CSSStyleSheet>>();

/** Adds a sheet to the root of an element, before its own, which overrides it. @returns takes it away again */
export function adoptStyles(element: ReactiveElement, styles: CSSResult): () => void {
  const root = element.renderRoot as ShadowRoot;
  // jsdom has no sheets to adopt. Nothing is painted there.
  if (!('adoptedStyleSheets' in root)) return () => undefined;
  const sheet = sheetOf(element.ownerDocument, styles);
  root.adoptedStyleSheets = [sheet, ...root.adoptedStyleSheets];
  return () => (root.adoptedStyleSheets = root.adoptedStyleSheets.filter((one) => one !== sheet));
}

/** The sheet for this document. */
export function sheetOf(document: Document, styles: CSSResult): CSSStyleSheet {
  let made = sheets.get(document);
  if (!made) sheets.set(document, (made = new WeakMap()));
  let sheet = made.get(styles);
  if (!sheet) {
    sheet = new (document.defaultView ?? window).CSSStyleSheet();
    sheet.replaceSync(styles.cssText);
    made.set(styles, sheet);
  }
  return sheet;
}
