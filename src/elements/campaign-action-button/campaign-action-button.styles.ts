import { css, type CSSResult } from '@lit/reactive-element/css-tag.js';
import { controlStyles } from '../shared/styles/controls.styles.ts';
import { theme } from '../shared/styles/theme.styles.ts';

/** The look of an action button with nothing open: one sheet. */
export const styles: CSSResult = css`
  ${theme}
  ${controlStyles}
  :host {
    display: inline-flex;
    flex-wrap: wrap;
    gap: 4px;
    align-items: center;
    max-inline-size: 100%;
    vertical-align: middle;
  }
  .action {
    position: relative;
    overflow: clip;
    min-inline-size: calc(96 / 14 * 1em);
    font-size: calc(14 / 13 * 1em);
    font-weight: 500;
    justify-content: center;
    white-space: nowrap;
  }
  :host([density='compact']) .action {
    min-block-size: var(--_size-control-compact);
    min-inline-size: calc(84 / 13 * 1em);
    padding-block: 3px;
    padding-inline: 9px;
    font-size: 1em;
    line-height: inherit;
  }
  .action[data-danger] {
    border-color: color-mix(in srgb, var(--_danger) 55%, var(--_line));
    color: var(--_danger);
  }
  .action[data-danger]:hover {
    background: color-mix(in srgb, var(--_danger) 9%, var(--_button));
  }
  .action[aria-disabled='true'] {
    border-style: dashed;
    background: transparent;
    color: var(--_muted);
    cursor: default;
  }
  .action[data-busy] {
    border-style: solid;
    border-color: var(--_line);
    cursor: progress;
  }
  /* Both labels lie in one cell, so that the button is as wide while it is busy as before. */
  .faces {
    display: grid;
  }
  .face {
    display: inline-flex;
    grid-area: 1 / 1;
    gap: 6px;
    align-items: center;
    justify-content: center;
  }
  .face span {
    unicode-bidi: plaintext;
  }
  .face[data-off] {
    visibility: hidden;
  }
  /* Under way: a line along the lower edge. It takes no room from the words, as a spinner beside them would. */
  .action[data-busy]::after {
    content: '';
    position: absolute;
    inset-inline: 0;
    inset-block-end: 0;
    block-size: 2px;
    background: linear-gradient(90deg, transparent, var(--_accent) 50%, transparent) 0 0 / 60% 100% no-repeat;
    opacity: 0;
    animation:
      sweep 1.1s ease-in-out infinite,
      appear 0s 150ms forwards;
  }
  @keyframes sweep {
    from {
      background-position-x: -150%;
    }
    to {
      background-position-x: 250%;
    }
  }
  @keyframes appear {
    to {
      opacity: 1;
    }
  }
  .button.outcome,
  .button.outcome:hover {
    gap: 5px;
    color: var(--_tone-fg);
    font-weight: 500;
    white-space: nowrap;
  }
  .outcome span {
    text-decoration: underline dotted 1px;
    text-underline-offset: 3px;
  }
  .outcome .glyph {
    color: var(--_tone-ic);
    fill: currentColor;
  }
  .more {
    flex: none;
  }
  .more svg {
    flex: none;
    inline-size: calc(14 / 13 * var(--_font-size));
    block-size: calc(14 / 13 * var(--_font-size));
    fill: currentColor;
  }
  :host([density='compact']) .more {
    min-block-size: var(--_size-control-compact);
    padding-block: 3px;
  }
  .choices {
    display: flex;
    flex-direction: column;
  }
  .button.choice {
    justify-content: flex-start;
    padding-inline: 8px;
    color: var(--_text);
    font-size: 1em;
    text-align: start;
  }
  /* The popup scrolls, and would cut off an outline around it. */
  .choice:focus-visible {
    outline-offset: -2px;
  }
  .button.choice[aria-disabled='true'] {
    color: var(--_muted);
    cursor: default;
  }
  .choice-text {
    margin: 0;
    padding-inline: 8px;
    color: var(--_muted);
    font-size: calc(12 / 13 * 1em);
  }
  .popup-links {
    display: flex;
    flex-wrap: wrap;
    gap: 2px 16px;
  }
  @media (pointer: coarse) {
    :host([density='compact']) .action,
    :host([density='compact']) .more {
      min-block-size: var(--_size-touch);
      min-inline-size: var(--_size-touch);
    }
  }
  @media (prefers-reduced-motion: reduce) {
    .action[data-busy]::after {
      background: var(--_accent);
      animation: appear 0s 150ms forwards;
    }
  }
  @media (forced-colors: active) {
    .action[aria-disabled='true'] {
      border-color: GrayText;
      color: GrayText;
    }
    .choice[aria-disabled='true'] {
      color: GrayText;
    }
    .action[data-busy]::after {
      background: Highlight;
      forced-color-adjust: none;
    }
    .outcome .glyph {
      color: ButtonText;
    }
  }
`;
