/** The shared stylesheet: what every element looks like. Dark follows the `color-scheme` of the host. */
import { css, type CSSResult } from '@lit/reactive-element/css-tag.js';
import { baseTokens } from './base-tokens.styles.ts';

/** Tokens, text, focus ring, what only a screen reader reads. */
export const theme: CSSResult = css`
  ${baseTokens}
  :host {
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
