/** The kit's drawings in templates: the icons of statuses, and small glyphs beside words. */
import type { TemplateResult } from 'lit';
import type { IconPath } from '../../../lifecycle/index.ts';
import { outcomeGlyphs } from '../icons/outcome-glyphs.ts';
import { iconPath } from '../icons/shapes.ts';
import { html } from './html.ts';

/** An icon in the colour and, by `svg` in the styles, the size of its surroundings. Hidden from assistive technology: the text beside it says the same. */
export function icon(name: string | IconPath): TemplateResult {
  return html`<svg viewBox="0 0 16 16" aria-hidden="true" focusable="false">
    <path fill-rule="evenodd" d=${iconPath(name)}></path>
  </svg>`;
}

/** Not the icons of statuses: drawn for a smaller size and beside text, `check`, `clock` and `cross` have other paths here. */
const glyphs = {
  ...outcomeGlyphs,
  check: 'M6.2 12.9 1.9 8.6l1.5-1.5 2.8 2.8 6.4-6.4 1.5 1.5Z',
  cross: 'M8 6.6 11.6 3 13 4.4 9.4 8l3.6 3.6-1.4 1.4L8 9.4 4.4 13 3 11.6 6.6 8 3 4.4 4.4 3Z',
  chevron: 'M8 11.2 2.4 5.6l1.4-1.4L8 8.4l4.2-4.2 1.4 1.4Z',
  down: 'M7 2h2v8.2l3.1-3.1 1.4 1.4L8 14 2.5 8.5l1.4-1.4L7 10.2Z',
  dot: 'M8 5a3 3 0 1 1 0 6 3 3 0 0 1 0-6Z',
  warning: 'M8 1.2 15.4 14.4H.6Zm0 3L3.2 12.9h9.6ZM7.2 7h1.6v3.2H7.2Zm0 4h1.6v1.5H7.2Z',
  lock: 'M4.5 6.5V5a3.5 3.5 0 1 1 7 0v1.5h1.3v8H3.2v-8Zm1.6 0h3.8V5a1.9 1.9 0 1 0-3.8 0Z',
  search: 'M7 1.5a5.5 5.5 0 0 1 4.4 8.8l3.3 3.3-1.1 1.1-3.3-3.3A5.5 5.5 0 1 1 7 1.5ZM7 3a4 4 0 1 0 0 8 4 4 0 0 0 0-8Z',
  pencil: 'M11.3 1.4 14.6 4.7 5.2 14.1 1.2 14.8l.7-4Zm0 2.2L3.4 11.5l-.3 1.4 1.4-.3L12.4 4.7Z',
} as const;

/** The name of a glyph. */
export type Glyph = keyof typeof glyphs;

/** A glyph with the class `glyph`, hidden from assistive technology: the words beside it say the same. */
export function glyph(name: Glyph): TemplateResult {
  return html`<svg class="glyph" viewBox="0 0 16 16" aria-hidden="true" focusable="false">
    <path fill="currentColor" fill-rule="evenodd" d=${glyphs[name]}></path>
  </svg>`;
}
