import { css, type CSSResult } from 'lit';

/** The dialog that asks for confirmation. Goes after `theme` and `controls`. */
export const confirmDialogStyles: CSSResult = css`
  .confirm {
    inline-size: max-content;
    max-inline-size: min(44ch, calc(100vi - 32px));
    max-block-size: calc(100vb - 32px);
    margin: auto;
    padding: 20px;
    border: 1px solid var(--_line);
    border-radius: var(--_radius-panel);
    overflow: auto;
    background: var(--_raised);
    color: var(--_text);
    box-shadow: var(--_shadow);
    font-size: calc(14 / 13 * var(--_font-size));
    font-weight: 400;
    line-height: calc(20 / 14);
    text-align: start;
    white-space: normal;
    cursor: auto;
  }
  .confirm::backdrop {
    background: rgb(10 12 16 / 45%);
  }
  .confirm[open] {
    transition:
      opacity var(--_motion-duration) var(--_motion-easing),
      translate var(--_motion-duration) var(--_motion-easing);
    @starting-style {
      opacity: 0;
      translate: 0 2px;
    }
  }
  .confirm-title {
    margin: 0;
    font-size: calc(16 / 14 * 1em);
    font-weight: 600;
    line-height: 1.5;
    overflow-wrap: anywhere;
  }
  .confirm-text {
    margin-block: 8px 0;
    margin-inline: 0;
    color: var(--_muted);
  }
  .confirm-label {
    display: block;
    margin-block: 12px 4px;
    font-weight: 500;
  }
  .confirm-input {
    box-sizing: border-box;
    inline-size: 100%;
    min-block-size: var(--_size-control);
    padding-block: 5px;
    padding-inline: 8px;
    border: 1px solid var(--_control);
    border-radius: var(--_radius);
    background: var(--_raised);
    color: inherit;
    font: inherit;
  }
  .confirm-input[aria-invalid='true'] {
    border-color: var(--_danger);
  }
  .confirm-error {
    margin: 0;
    color: var(--_danger);
    overflow-wrap: anywhere;
  }
  .confirm-error:not(:empty) {
    margin-block-start: 4px;
  }
  .confirm-label,
  .confirm-error {
    unicode-bidi: plaintext;
  }
  .confirm-over {
    margin: 0;
    font-weight: 500;
  }
  .confirm-over:not(:empty) {
    margin-block-start: 12px;
  }
  .confirm-buttons {
    display: flex;
    flex-wrap: wrap;
    gap: 8px;
    justify-content: flex-end;
    margin-block-start: 20px;
  }
  .confirm-buttons .button {
    font-size: 1em;
    line-height: inherit;
  }
  .confirm-buttons .confirm-go:where([data-danger]) {
    border-color: var(--_danger);
    background: var(--_danger);
    color: var(--_on-danger);
  }
  .confirm-buttons .confirm-go:where([data-danger]):hover {
    background: color-mix(in srgb, var(--_danger) 86%, var(--_text));
  }
  .confirm-buttons .confirm-go:where([data-danger]):active {
    background: color-mix(in srgb, var(--_danger) 76%, var(--_text));
  }
  .confirm-buttons .confirm-go[aria-disabled='true'] {
    border: 1px dashed var(--_control);
    background: transparent;
    color: var(--_muted);
    cursor: default;
  }
  @media (pointer: coarse) {
    .confirm-input {
      min-block-size: var(--_size-touch);
    }
  }
  @media (prefers-reduced-motion: reduce) {
    .confirm[open] {
      transition: none;
    }
  }
  @media (forced-colors: active) {
    .confirm {
      border-color: CanvasText;
      box-shadow: none;
    }
    .confirm-buttons .confirm-go[aria-disabled='true'] {
      border-color: GrayText;
      color: GrayText;
    }
  }
`;
