import { css, type CSSResult } from 'lit';
import { panelTokens } from '../shared/styles/panel-tokens.styles.ts';

/** The look of `campaign-log`. */
export const styles: CSSResult = css`
  ${panelTokens}
  .log {
    overflow: clip;
  }
  .toolbar {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 4px 16px;
    padding-block: 6px;
    padding-inline: 12px 8px;
    border-block-end: 1px solid var(--_line);
  }
  .title {
    font-weight: 600;
  }
  .count {
    flex: 1 1 auto;
    color: var(--_muted);
    font-variant-numeric: tabular-nums;
  }
  .ends,
  .options {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 4px 8px;
  }
  .options {
    flex: 1 1 100%;
    column-gap: 16px;
  }
  .level-filter {
    display: inline-flex;
    align-items: center;
    gap: 6px;
  }
  .level-filter select {
    min-block-size: var(--_size-control-small);
    padding-inline: 6px;
    border: 1px solid var(--_control);
    border-radius: var(--_radius);
    background: var(--_raised);
    font: inherit;
    color: inherit;
  }
  .lost {
    padding: 6px 12px;
    border-block-end: 1px solid var(--_line);
    background: var(--_subtle);
    color: var(--_text);
  }
  .frame {
    position: relative;
  }
  .lines {
    block-size: var(--campaign-log-size, 20em);
    max-block-size: 100vb;
    padding-block: 8px;
    overflow: auto;
    overflow-anchor: none;
    overscroll-behavior: contain;
    background: var(--_subtle);
    font-family: var(--_font-mono);
    font-size: calc(12 / 13 * 1em);
    line-height: calc(18 / 12);
  }
  .lines:focus-visible {
    outline-offset: -2px;
    border-end-start-radius: calc(var(--_radius-panel) - 1px);
    border-end-end-radius: calc(var(--_radius-panel) - 1px);
  }
  .extent {
    position: relative;
  }
  .rendered {
    position: absolute;
    inset-inline-start: 0;
    inline-size: 100%;
  }
  .missing {
    display: grid;
    gap: 0;
  }
  .empty {
    align-items: center;
  }
  .missing,
  .empty {
    padding-block: 2px;
    padding-inline: 12px;
  }
  .line {
    display: flex;
    gap: 12px;
    padding-block: 1px;
    padding-inline: 12px;
  }
  .line:hover {
    background: color-mix(in srgb, var(--_text) 5%, transparent);
  }
  .at {
    flex: none;
    color: var(--_muted);
    font-variant-numeric: tabular-nums;
    unicode-bidi: plaintext;
  }
  .level {
    display: inline-flex;
    flex: none;
    align-items: flex-start;
    gap: 6px;
    min-inline-size: 11ch;
    vertical-align: top;
    color: var(--_muted);
  }
  .level .glyph {
    inline-size: calc(12 / 13 * var(--_font-size));
    block-size: calc(12 / 13 * var(--_font-size));
    margin-block-start: calc(3 / 13 * var(--_font-size));
  }
  [data-level='warning'] > .level,
  [data-level='error'] > .level {
    color: var(--_text);
    font-weight: 600;
  }
  .level[data-tone] {
    color: var(--_tone-ic);
  }
  .text {
    flex: 0 1 auto;
    min-inline-size: 0;
    overflow-wrap: anywhere;
    unicode-bidi: isolate;
    white-space: pre-wrap;
  }
  :host([nowrap]) .rendered {
    inline-size: max-content;
    min-inline-size: 100%;
  }
  :host([nowrap]) .text {
    overflow-wrap: normal;
    white-space: pre;
  }
  .latest {
    position: absolute;
    inset-block-end: 12px;
    inset-inline-end: 16px;
    box-shadow: var(--_shadow);
    font-variant-numeric: tabular-nums;
  }
  @container (inline-size < 34rem) {
    .options .search {
      flex-basis: 100%;
    }
    :host(:not([nowrap])) .line {
      display: block;
      padding-block: 3px;
    }
    :host(:not([nowrap])) .at {
      margin-inline-end: 12px;
    }
    :host(:not([nowrap])) .text {
      display: block;
      inline-size: fit-content;
      max-inline-size: 100%;
    }
    :host(:not([nowrap])) .level {
      min-inline-size: 0;
    }
  }
  @media (pointer: coarse) {
    .level-filter select {
      min-block-size: var(--_size-touch);
    }
  }
  @media (forced-colors: active) {
    .level[data-tone] {
      color: CanvasText;
    }
  }
  /* On paper the latest lines stand below each other. */
  @media print {
    .ends,
    .options,
    .latest {
      display: none;
    }
    .lines {
      block-size: auto;
      max-block-size: none;
      overflow: visible;
    }
    .extent {
      block-size: auto !important;
    }
    .rendered {
      position: static;
    }
  }
`;
