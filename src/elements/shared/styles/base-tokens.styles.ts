// Made from tokens/ by `npm run tokens`.
import { css, type CSSResult } from '@lit/reactive-element/css-tag.js';

/** The tokens that a tag reads. Each is what the host has set, or the default. */
export const baseTokens: CSSResult = css`
  :host {
    --_text: var(--campaign-color-text, light-dark(#1a1d24, #e8eaee));
    --_muted: var(--campaign-color-muted, light-dark(#596070, #a4abb8));
    --_line: var(--campaign-color-line, light-dark(#dde0e6, #2e333d));
    --_control: var(--campaign-color-control, light-dark(#868d9b, #6d7585));
    --_accent: var(--campaign-color-accent, light-dark(#1d4ed8, #8ab4ff));
    --_danger: var(--campaign-color-danger, light-dark(#9d011b, #ec5560));
    --_on-danger: var(--campaign-color-on-danger, light-dark(#ffffff, #0f1115));
    --_focus: var(--campaign-color-focus, var(--_accent));
    --_font-size: var(--campaign-font-size, 13px);
    --_radius: var(--campaign-radius, 6px);
    --_size-touch: var(--campaign-size-touch, 44px);
  }
  [data-tone='gray'] {
    --_tone-bg: var(--campaign-tone-gray-bg, light-dark(#ecf0f5, #2c2e36));
    --_tone-fg: var(--campaign-tone-gray-fg, light-dark(#4a505b, #d4d7df));
    --_tone-bd: var(--campaign-tone-gray-bd, light-dark(#b1b6bf, #535861));
    --_tone-ic: var(--campaign-tone-gray-ic, light-dark(#6d7481, #88909b));
  }
  [data-tone='blue'] {
    --_tone-bg: var(--campaign-tone-blue-bg, light-dark(#e3edff, #14264d));
    --_tone-fg: var(--campaign-tone-blue-fg, light-dark(#1e3f8a, #b9d0ff));
    --_tone-bd: var(--campaign-tone-blue-bd, light-dark(#9db8ea, #33569c));
    --_tone-ic: var(--campaign-tone-blue-ic, light-dark(#2f62d0, #6f9dff));
  }
  [data-tone='amber'] {
    --_tone-bg: var(--campaign-tone-amber-bg, light-dark(#fef7cb, #443708));
    --_tone-fg: var(--campaign-tone-amber-fg, light-dark(#674b05, #fad885));
    --_tone-bd: var(--campaign-tone-amber-bd, light-dark(#dcbf7f, #927716));
    --_tone-ic: var(--campaign-tone-amber-ic, light-dark(#b27d00, #fecf28));
  }
  [data-tone='orange'] {
    --_tone-bg: var(--campaign-tone-orange-bg, light-dark(#ffe8d5, #442105));
    --_tone-fg: var(--campaign-tone-orange-fg, light-dark(#833e06, #f9c493));
    --_tone-bd: var(--campaign-tone-orange-bd, light-dark(#e3a689, #905722));
    --_tone-ic: var(--campaign-tone-orange-ic, light-dark(#bb5529, #f9a24c));
  }
  [data-tone='green'] {
    --_tone-bg: var(--campaign-tone-green-bg, light-dark(#d7feec, #013323));
    --_tone-fg: var(--campaign-tone-green-fg, light-dark(#11583a, #9fe7bf));
    --_tone-bd: var(--campaign-tone-green-bd, light-dark(#89cdaf, #1d795c));
    --_tone-ic: var(--campaign-tone-green-ic, light-dark(#029369, #46dbaa));
  }
  [data-tone='red'] {
    --_tone-bg: var(--campaign-tone-red-bg, light-dark(#ffdddc, #4f0a18));
    --_tone-fg: var(--campaign-tone-red-fg, light-dark(#7d0612, #fbb9ba));
    --_tone-bd: var(--campaign-tone-red-bd, light-dark(#d88783, #922a37));
    --_tone-ic: var(--campaign-tone-red-ic, light-dark(#9d011b, #ec5560));
  }
  [data-tone='neutral'] {
    --_tone-bg: var(--campaign-tone-neutral-bg, light-dark(#f2f2f0, #2d2d2a));
    --_tone-fg: var(--campaign-tone-neutral-fg, light-dark(#4b4b47, #dadad5));
    --_tone-bd: var(--campaign-tone-neutral-bd, light-dark(#bcbcb6, #5e5e58));
    --_tone-ic: var(--campaign-tone-neutral-ic, light-dark(#70706a, #97978f));
  }
`;
