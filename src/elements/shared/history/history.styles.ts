import { css, type CSSResult } from 'lit';

/** The look of a history. Goes with `theme` and `controls`. */
export const historyStyles: CSSResult = css`
  .entries {
    display: grid;
    gap: 12px;
    margin: 0;
    padding: 0;
    list-style: none;
  }
  .history > .button,
  .history > .note + .entries {
    margin-block-start: 12px;
  }
  .history .note {
    flex-wrap: wrap;
    align-items: baseline;
  }
  .entry {
    display: flex;
    gap: 8px;
  }
  .entry-sign svg {
    display: block;
    inline-size: calc(14 / 13 * var(--_font-size));
    block-size: calc(14 / 13 * var(--_font-size));
    margin-block-start: calc((20 / 13 * 1em - 14 / 13 * var(--_font-size)) / 2);
    fill: currentColor;
    color: var(--_tone-ic, var(--_muted));
  }
  .entry-text {
    flex: 1 1 0;
    min-inline-size: 0;
  }
  .entry-line {
    display: flex;
    flex-wrap: wrap;
    gap: 0 12px;
    margin: 0;
    overflow-wrap: anywhere;
  }
  .entry-status {
    font-weight: 600;
  }
  .entry-by,
  .entry-at,
  .entry-times {
    color: var(--_muted);
    font-variant-numeric: tabular-nums;
  }
  .entry-message {
    display: block;
    max-block-size: 12lh;
    overflow-wrap: anywhere;
    margin-block-start: 2px;
    overflow: auto;
    white-space: pre-wrap;
    unicode-bidi: plaintext;
  }
  @media (forced-colors: active) {
    .entry-sign svg {
      color: CanvasText;
    }
  }
`;
