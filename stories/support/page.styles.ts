/** Styles of the pages around the elements, as a host would write them. They are not part of the kit. */
import { css, type CSSResult } from 'lit';

/** Colours and controls of the pages, for story elements with a shadow root. */
export const pageStyles: CSSResult = css`
  :host {
    --ink: light-dark(#1a1d24, #e8eaee);
    --quiet: light-dark(#596070, #a4abb8);
    --page: light-dark(#ffffff, #0f1115);
    --subtle: light-dark(#f5f6f8, #15181e);
    --raised: light-dark(#ffffff, #1b1e25);
    --line: light-dark(#dde0e6, #2e333d);
    --edge: light-dark(#868d9b, #6d7585);
    --accent: light-dark(#1d4ed8, #8ab4ff);
    --on-accent: light-dark(#ffffff, #0f1115);
    box-sizing: border-box;
    color: var(--ink);
    font:
      13px/20px system-ui,
      sans-serif;
  }
  *,
  *::before,
  *::after {
    box-sizing: border-box;
  }
  [hidden] {
    display: none !important;
  }
  h1,
  h2,
  h3,
  p,
  fieldset,
  legend {
    margin: 0;
    padding: 0;
    border: 0;
    font: inherit;
  }
  button,
  input {
    margin: 0;
    color: inherit;
    font: inherit;
  }
  button {
    cursor: pointer;
  }
  :focus-visible {
    outline: 2px solid var(--accent);
    outline-offset: 2px;
  }
  .button {
    display: inline-flex;
    align-items: center;
    gap: 6px;
    min-block-size: 28px;
    padding: 3px 10px;
    border: 1px solid var(--edge);
    border-radius: 6px;
    background: var(--raised);
    font-weight: 500;
    text-align: start;
  }
  .button:hover {
    background: color-mix(in srgb, var(--ink) 6%, var(--raised));
  }
  .button[aria-pressed='true'] {
    border-color: var(--accent);
    background: color-mix(in srgb, var(--accent) 12%, var(--raised));
  }
  .button[aria-disabled='true'] {
    border-color: var(--line);
    background: transparent;
    color: var(--quiet);
    cursor: default;
  }
  .switch {
    display: inline-flex;
    align-items: center;
    gap: 8px;
    min-block-size: 28px;
    cursor: pointer;
  }
  .switch input {
    position: relative;
    flex: none;
    inline-size: 30px;
    block-size: 18px;
    border: 1px solid var(--edge);
    border-radius: 9px;
    background: var(--raised);
    appearance: none;
    cursor: pointer;
  }
  .switch input::before {
    position: absolute;
    inset-block-start: 2px;
    inset-inline-start: 2px;
    inline-size: 12px;
    block-size: 12px;
    border-radius: 50%;
    background: var(--edge);
    content: '';
    transition: inset-inline-start 120ms ease-out;
  }
  .switch input:checked {
    border-color: var(--accent);
    background: var(--accent);
  }
  .switch input:checked::before {
    inset-inline-start: 14px;
    background: var(--on-accent);
  }
  @media (pointer: coarse) {
    .button,
    .switch {
      min-block-size: 44px;
    }
  }
  @media (prefers-reduced-motion: reduce) {
    .switch input::before {
      transition: none;
    }
  }
  @media (forced-colors: active) {
    .switch input {
      border-color: ButtonBorder;
      background: ButtonFace;
      forced-color-adjust: none;
    }
    .switch input::before {
      background: ButtonText;
    }
    .switch input:checked {
      background: Highlight;
    }
    .switch input:checked::before {
      background: HighlightText;
    }
    .button[aria-pressed='true'] {
      border-color: Highlight;
      outline: 1px solid Highlight;
    }
    .button[aria-disabled='true'] {
      color: GrayText;
    }
  }
`;
