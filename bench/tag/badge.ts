import type { Status } from '../data/campaigns.ts';
import { LABELS, MESSAGE, type TagSubject } from './subject.ts';

/** Puts into the page what a kit's documentation says to link there. */
export function addStyles(css: string): void {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(css);
  document.adoptedStyleSheets.push(sheet);
}

/** Makes a kit's tag with the status as its text and a tone by attribute. */
export function badge(
  name: string,
  tone: string,
  tones: Readonly<Record<Status, string>>,
): Pick<TagSubject, 'create' | 'flip'> {
  return {
    create(_index, status) {
      const tag = document.createElement(name);
      tag.setAttribute(tone, tones[status]);
      tag.title = MESSAGE;
      tag.textContent = LABELS[status];
      return tag;
    },
    flip(tag, _index, status) {
      tag.setAttribute(tone, tones[status]);
      tag.textContent = LABELS[status];
    },
  };
}
