import { css, type CSSResult } from 'lit';

/** The look of the action button. Goes after `theme` and `controls`. */
export const styles: CSSResult = css`
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
    min-inline-size: calc(64 / 14 * 1em);
    font-size: calc(14 / 13 * 1em);
    font-weight: 500;
    justify-content: center;
    white-space: nowrap;
  }
  :host([density='compact']) .action {
    min-block-size: 28px;
    min-inline-size: calc(56 / 13 * 1em);
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
    background: color-mix(in srgb, var(--_danger) 9%, var(--_raised));
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
  .face[data-off] {
    visibility: hidden;
  }
  .spinner {
    flex: none;
    inline-size: 1em;
    block-size: 1em;
    border: 2px solid color-mix(in srgb, currentColor 28%, transparent);
    border-block-start-color: currentColor;
    border-radius: 50%;
    opacity: 0;
    animation:
      spin 800ms linear infinite,
      appear 0s 150ms forwards;
  }
  .face[data-off] .spinner {
    animation: none;
  }
  @keyframes spin {
    to {
      rotate: 1turn;
    }
  }
  @keyframes appear {
    to {
      opacity: 1;
    }
  }
  .outcome {
    --_outcome: var(--_tone-fg);
    gap: 5px;
    color: var(--_outcome);
    font-weight: 500;
    white-space: nowrap;
  }
  .outcome span {
    text-decoration: underline dotted 1px;
    text-underline-offset: 3px;
  }
  .button.outcome:hover {
    color: var(--_outcome);
  }
  .outcome .glyph {
    color: var(--_tone-ic);
    fill: currentColor;
  }
  .popup-links {
    display: flex;
    flex-wrap: wrap;
    gap: 2px 16px;
  }
  @media (pointer: coarse) {
    :host([density='compact']) .action {
      min-block-size: 44px;
      min-inline-size: 44px;
    }
  }
  @media (prefers-reduced-motion: reduce) {
    .spinner {
      animation: appear 0s 150ms forwards;
      border-block-start-color: transparent;
    }
  }
  @media (forced-colors: active) {
    .action[aria-disabled='true'] {
      border-color: GrayText;
      color: GrayText;
    }
    .spinner {
      border-color: GrayText;
      border-block-start-color: Canvas;
    }
  }
`;
