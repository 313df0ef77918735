/**
 * The shared stylesheet. Every colour and size is a custom property of the host's (`--campaign-…`) with a default; dark follows
 * the host's `color-scheme`.
 */
import { css, unsafeCSS, type CSSResult } from 'lit';
import { surfaces, tones } from './palette.ts';

const surfaceRules = Object.entries(surfaces)
  .map(([name, [light, dark]]) => `--_${name}: var(--campaign-color-${name}, light-dark(${light}, ${dark}));`)
  .join('\n');

const toneRules = Object.entries(tones)
  .map(([tone, { light, dark }]) => {
    const roles = (Object.keys(light) as (keyof typeof light)[])
      .map(
        (role) => `--_tone-${role}: var(--campaign-tone-${tone}-${role}, light-dark(${light[role]}, ${dark[role]}));`,
      )
      .join(' ');
    return `[data-tone='${tone}'] { ${roles} }`;
  })
  .join('\n');

/** Surfaces, type, focus ring and the tone colours behind `data-tone`. */
export const theme: CSSResult = css`
  :host {
    ${unsafeCSS(surfaceRules)}
    --_font-size: var(--campaign-font-size, 13px);
    --_radius: var(--campaign-radius, 6px);
    --_radius-panel: var(--campaign-radius-panel, 10px);
    --_shadow: var(--campaign-shadow, 0 1px 2px rgb(0 0 0 / 8%), 0 8px 24px rgb(0 0 0 / 14%));
    --_mono: var(--campaign-font-mono, ui-monospace, 'SFMono-Regular', Menlo, Consolas, monospace);
    box-sizing: border-box;
    color: var(--_text);
    font-size: var(--_font-size);
    line-height: calc(20 / 13);
  }
  *,
  *::before,
  *::after {
    box-sizing: border-box;
  }
  :host([hidden]),
  [hidden] {
    display: none !important;
  }
  ${unsafeCSS(toneRules)}
  :focus-visible {
    outline: 2px solid var(--_focus);
    outline-offset: 2px;
  }
  button,
  input {
    font: inherit;
    letter-spacing: inherit;
    word-spacing: inherit;
    color: inherit;
  }
  .visually-hidden {
    position: absolute;
    inline-size: 1px;
    block-size: 1px;
    overflow: hidden;
    clip-path: inset(50%);
    white-space: nowrap;
  }
  .problem {
    color: var(--_muted);
    font-style: italic;
    unicode-bidi: plaintext;
  }
  @media (forced-colors: active) {
    svg {
      color: CanvasText;
    }
    [aria-disabled='true'] {
      color: GrayText;
      border-color: GrayText;
    }
    :focus-visible {
      outline-color: Highlight;
    }
  }
`;
