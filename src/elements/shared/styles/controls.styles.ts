/** The look of what is pressed but is not the campaign's action: quiet buttons, check boxes, panels, signs. */
import { css, type CSSResult } from '@lit/reactive-element/css-tag.js';
import { controlTokens } from './control-tokens.styles.ts';

/** Goes after `theme`. */
export const controlStyles: CSSResult = css`
  ${controlTokens}
  .button,
  .check {
    display: inline-flex;
    align-items: center;
    gap: 6px;
    min-block-size: var(--_size-control);
    font-size: calc(14 / 13 * 1em);
    line-height: calc(20 / 14);
    cursor: pointer;
  }
  .button {
    padding-block: 5px;
    padding-inline: 11px;
    border: 1px solid var(--_button-border);
    border-radius: var(--_radius);
    background: var(--_button);
    color: var(--campaign-color-button-text, inherit);
    font-weight: 500;
    text-align: center;
    transition: background-color var(--_motion-duration) var(--_motion-easing);
  }
  .button:hover {
    background: color-mix(in srgb, var(--campaign-color-button-text, var(--_text)) 6%, var(--_button));
  }
  .button:active {
    background: color-mix(in srgb, var(--campaign-color-button-text, var(--_text)) 11%, var(--_button));
  }
  .button.small,
  .check {
    min-block-size: var(--_size-control-small);
    padding-block: 3px;
    padding-inline: 8px;
    font-size: 1em;
    line-height: inherit;
  }
  .button.bare {
    border-color: transparent;
    background: transparent;
    color: var(--_muted);
  }
  .button.bare:hover {
    background: color-mix(in srgb, currentColor 10%, transparent);
    color: var(--_text);
  }
  .button.icon {
    justify-content: center;
    min-inline-size: var(--_size-control-small);
    padding-inline: 5px;
  }
  .check {
    padding-inline: 0;
  }
  .check input {
    inline-size: calc(16 / 13 * var(--_font-size));
    block-size: calc(16 / 13 * var(--_font-size));
    margin: 0;
    accent-color: var(--_accent);
    cursor: pointer;
  }
  .glyph {
    flex: none;
    inline-size: calc(14 / 13 * var(--_font-size));
    block-size: calc(14 / 13 * var(--_font-size));
  }
  /* Two labels in one place, so that the button keeps its width. */
  .stack {
    display: inline-grid;
  }
  .stack > * {
    grid-area: 1 / 1;
  }
  .away {
    visibility: hidden;
  }
  .chevron {
    display: inline-flex;
    transition: rotate var(--_motion-duration) var(--_motion-easing);
  }
  [aria-expanded='true'] > .chevron {
    rotate: 180deg;
  }
  .heading {
    margin: 0;
    font-weight: 600;
    overflow-wrap: anywhere;
  }
  .note {
    display: flex;
    gap: 8px;
    margin: 0;
    color: var(--_muted);
    overflow-wrap: anywhere;
  }
  .note .glyph {
    margin-block-start: calc(3 / 13 * var(--_font-size));
  }
  /* A language that is written the other way than the page reads right all the same, and stands where the page's own would. */
  .heading,
  .note > span,
  .says {
    unicode-bidi: plaintext;
    text-align: -webkit-match-parent;
    text-align: match-parent;
  }
  @media (pointer: coarse) {
    .button,
    .button.small,
    .check {
      min-block-size: var(--_size-touch);
    }
    .button.icon {
      min-inline-size: var(--_size-touch);
    }
  }
  @media (prefers-reduced-motion: reduce) {
    .button,
    .chevron {
      transition: none;
    }
  }
  @media (forced-colors: active) {
    .button {
      border-color: ButtonBorder;
    }
    .button .glyph {
      color: ButtonText;
    }
  }
`;
