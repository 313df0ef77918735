// Made from tokens/ by `npm run tokens`.
import { css, type CSSResult } from '@lit/reactive-element/css-tag.js';

/** The tokens that only list and log read. Each is what the host has set, or the default. */
export const panelTokens: CSSResult = css`
  :host {
    --_subtle: var(--campaign-color-subtle, light-dark(#f5f6f8, #15181e));
    --_font-mono: var(--campaign-font-mono, ui-monospace, 'SFMono-Regular', 'Menlo', 'Consolas', monospace);
    --_space-inset: var(--campaign-space-inset, 16px);
    --_space-inset-compact: var(--campaign-space-inset-compact, 12px);
    --_space-row: var(--campaign-space-row, 4px);
    --_space-row-compact: var(--campaign-space-row-compact, 2px);
  }
`;
