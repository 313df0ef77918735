/** The kit's drawings: the icons of statuses, and small glyphs beside words. Each is one even-odd path in a box of 16 by 16 units. */
import type { TemplateResult } from 'lit';
import type { BuiltInIcon, IconPath } from '../../../lifecycle/index.ts';
import { html } from './html.ts';

/** The icons of statuses, and those that the kit itself needs. */
export type IconName = BuiltInIcon | 'unknown' | 'dots';

/** One path each, so that a change of status changes one attribute. `test/elements/icons.test.ts` checks that they differ. */
const shapes: Readonly<Record<IconName, string>> = {
  square:
    'M4.75 1.75h6.5a3 3 0 0 1 3 3v6.5a3 3 0 0 1-3 3h-6.5a3 3 0 0 1-3-3v-6.5a3 3 0 0 1 3-3Zm0 2a1 1 0 0 0-1 1v6.5a1 1 0 0 0 1 1h6.5a1 1 0 0 0 1-1v-6.5a1 1 0 0 0-1-1Z',
  'play-ring': 'M8 1a7 7 0 1 1 0 14A7 7 0 0 1 8 1Zm0 1.8a5.2 5.2 0 1 0 0 10.4A5.2 5.2 0 0 0 8 2.8ZM6.3 4.9v6.2L11.3 8Z',
  play: 'M3 2.2c0-.9 1-1.4 1.7-1L14 7.1c.7.4.7 1.4 0 1.8l-9.3 5.9c-.7.4-1.7 0-1.7-1Z',
  'dashed-ring':
    'M6.15 1.51A6.75 6.75 0 0 1 9.85 1.51L9.3 3.43A4.75 4.75 0 0 0 6.7 3.43ZM12.69 3.15A6.75 6.75 0 0 1 14.55 6.36L12.61 6.85A4.75 4.75 0 0 0 11.3 4.59ZM14.55 9.64A6.75 6.75 0 0 1 12.69 12.85L11.3 11.41A4.75 4.75 0 0 0 12.61 9.15ZM9.85 14.49A6.75 6.75 0 0 1 6.15 14.49L6.7 12.57A4.75 4.75 0 0 0 9.3 12.57ZM3.31 12.85A6.75 6.75 0 0 1 1.45 9.64L3.39 9.15A4.75 4.75 0 0 0 4.7 11.41ZM1.45 6.36A6.75 6.75 0 0 1 3.31 3.15L4.7 4.59A4.75 4.75 0 0 0 3.39 6.85Z',
  diamond: 'M8 .6 15.4 8 8 15.4.6 8Zm0 5a2.4 2.4 0 1 0 0 4.8 2.4 2.4 0 0 0 0-4.8Z',
  'octagon-bang': 'M5.1 1h5.8L15 5.1v5.8L10.9 15H5.1L1 10.9V5.1ZM7 4v5h2V4Zm0 6.2v2h2v-2Z',
  'octagon-cross':
    'M5.1 1h5.8L15 5.1v5.8L10.9 15H5.1L1 10.9V5.1Zm.6 3.3L4.3 5.7 6.6 8l-2.3 2.3 1.4 1.4L8 9.4l2.3 2.3 1.4-1.4L9.4 8l2.3-2.3-1.4-1.4L8 6.6Z',
  check: 'M.7 9.34 6.05 14.45 15.35 4.49 13.45 2.71 5.95 10.75 2.5 7.46Z',
  clock:
    'M8 .8a7.2 7.2 0 1 1 0 14.4A7.2 7.2 0 0 1 8 .8Zm0 1.5a5.7 5.7 0 1 0 0 11.4A5.7 5.7 0 0 0 8 2.3ZM7.15 4h1.7v3.72l2.59 1.55-.88 1.46-3.41-2.05Z',
  cross:
    'M3.51 1.74 8 6.23 12.49 1.74 14.26 3.51 9.77 8 14.26 12.49 12.49 14.26 8 9.77 3.51 14.26 1.74 12.49 6.23 8 1.74 3.51Z',
  unknown:
    'M3.5 5.2A4.5 4.5 0 1 1 9.1 9.56V10.2A1.1 1.1 0 0 1 6.9 10.2V8.6A1.1 1.1 0 0 1 8 7.5 2.3 2.3 0 1 0 5.7 5.2 1.1 1.1 0 0 1 3.5 5.2ZM8 12.2a1.4 1.4 0 1 1 0 2.8 1.4 1.4 0 0 1 0-2.8Z',
  dots: 'M2.6 6.4a1.6 1.6 0 1 1 0 3.2 1.6 1.6 0 0 1 0-3.2Zm5.4 0a1.6 1.6 0 1 1 0 3.2 1.6 1.6 0 0 1 0-3.2Zm5.4 0a1.6 1.6 0 1 1 0 3.2 1.6 1.6 0 0 1 0-3.2Z',
};

/** Every shape by its name. A Map: an icon's name may come from a host's table. */
export const icons: ReadonlyMap<string, string> = new Map(Object.entries(shapes));

/** The path of an icon: the host's own, or a built-in one; the question mark for a name that is none. */
export function iconPath(icon: string | IconPath): string {
  return typeof icon === 'string' ? (icons.get(icon) ?? shapes.unknown) : icon.path;
}

/** An icon in the colour and, by `svg` in the styles, the size of its surroundings. Hidden from assistive technology: the text beside it says the same. */
export function icon(name: string | IconPath): TemplateResult {
  return html`<svg viewBox="0 0 16 16" aria-hidden="true" focusable="false">
    <path fill-rule="evenodd" d=${iconPath(name)}></path>
  </svg>`;
}

/** Not the icons of statuses: drawn for a smaller size and beside text, `check`, `clock` and `cross` have other paths here. */
const glyphs = {
  check: 'M6.2 12.9 1.9 8.6l1.5-1.5 2.8 2.8 6.4-6.4 1.5 1.5Z',
  cross: 'M8 6.6 11.6 3 13 4.4 9.4 8l3.6 3.6-1.4 1.4L8 9.4 4.4 13 3 11.6 6.6 8 3 4.4 4.4 3Z',
  chevron: 'M8 11.2 2.4 5.6l1.4-1.4L8 8.4l4.2-4.2 1.4 1.4Z',
  down: 'M7 2h2v8.2l3.1-3.1 1.4 1.4L8 14 2.5 8.5l1.4-1.4L7 10.2Z',
  dot: 'M8 5a3 3 0 1 1 0 6 3 3 0 0 1 0-6Z',
  info: 'M8 1a7 7 0 1 1 0 14A7 7 0 0 1 8 1Zm0 1.5a5.5 5.5 0 1 0 0 11 5.5 5.5 0 0 0 0-11ZM7.2 7h1.6v4.6H7.2ZM8 4.2a1 1 0 1 1 0 2 1 1 0 0 1 0-2Z',
  warning: 'M8 1.2 15.4 14.4H.6Zm0 3L3.2 12.9h9.6ZM7.2 7h1.6v3.2H7.2Zm0 4h1.6v1.5H7.2Z',
  error: 'M4.9.5h6.2l4.4 4.4v6.2l-4.4 4.4H4.9L.5 11.1V4.9ZM7.1 3.8v5h1.8v-5Zm0 6.4v1.9h1.8v-1.9Z',
  clock:
    'M8 1a7 7 0 1 1 0 14A7 7 0 0 1 8 1Zm0 1.5a5.5 5.5 0 1 0 0 11 5.5 5.5 0 0 0 0-11Zm-.75 2h1.5v3.2l2.4 1.4-.75 1.3-3.15-1.85Z',
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
