import { html, type TemplateResult } from 'lit';
import type { BuiltInIcon, IconPath } from '../../../lifecycle/index.ts';

/** The shapes of the statuses, and those that the kit itself needs. */
export type IconName = BuiltInIcon | 'unknown' | 'dots';

/**
 * Each shape is one even-odd path on a 16 grid, so that a change of status changes one attribute. Within a lifecycle no two
 * may cover mostly the same pixels: `test/elements/icons.test.ts` measures every pair.
 */
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

/** An icon in the colour and, by `svg` in the styles, the size of its surroundings. It says nothing: the words beside it do. */
export function icon(name: string | IconPath): TemplateResult {
  return html`<svg viewBox="0 0 16 16" aria-hidden="true" focusable="false">
    <path fill-rule="evenodd" d=${iconPath(name)}></path>
  </svg>`;
}
