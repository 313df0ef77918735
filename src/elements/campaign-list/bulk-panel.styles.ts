import { css, type CSSResult } from 'lit';

/** The panel and the list of names in the confirmation. Goes after `theme` and `controls`. */
export const bulkPanelStyles: CSSResult = css`
  .bulk {
    margin-block-end: 8px;
    padding-block: 10px;
    padding-inline: var(--_inset);
    border: 1px solid var(--_line);
    border-radius: var(--_radius-panel);
    background: var(--_raised);
  }
  .bulk-head {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 4px 12px;
  }
  .bulk-title,
  .bulk-summary {
    margin: 0;
    overflow-wrap: anywhere;
    unicode-bidi: plaintext;
  }
  .bulk-title {
    font-weight: 600;
  }
  .bulk-summary {
    flex: 1 1 20em;
    color: var(--_muted);
  }
  .bulk progress {
    display: block;
    inline-size: 100%;
    margin-block: 6px;
    accent-color: var(--_accent);
  }
  .bulk .note {
    margin-block: 6px;
  }
  .groups,
  .names {
    margin: 0;
    padding: 0;
    list-style: none;
  }
  .group .button {
    max-inline-size: 100%;
    text-align: start;
  }
  .group .button > .glyph {
    color: var(--_tone-ic);
  }
  .group .says {
    overflow-wrap: anywhere;
    text-align: start;
  }
  .names {
    max-block-size: 12lh;
    padding-inline: 10px;
    border: 1px solid var(--_line);
    border-radius: var(--_radius);
    overflow: auto;
    overflow-wrap: anywhere;
  }
  .group .names {
    margin-block: 2px 6px;
    margin-inline-start: 28px;
  }
  .confirm .names {
    margin-block-start: 12px;
  }
  .names li {
    padding-block: 2px;
    content-visibility: auto;
    contain-intrinsic-block-size: auto 1lh;
  }
  .names .meta {
    display: inline;
    margin-inline-start: 4px;
    color: var(--_muted);
  }
  .rest-names {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 8px;
    margin-block: 4px 6px;
    color: var(--_muted);
  }
  .group .rest-names {
    margin-inline-start: 28px;
  }
  @media (forced-colors: active) {
    .group .button > .glyph {
      color: ButtonText;
    }
  }
`;
