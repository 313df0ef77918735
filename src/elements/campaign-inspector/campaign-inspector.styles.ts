import { css, type CSSResult } from 'lit';
import { panelTokens } from '../shared/styles/panel-tokens.styles.ts';

/** The look of `campaign-inspector`. */
export const styles: CSSResult = css`
  ${panelTokens}
  .inspector {
    display: grid;
    gap: 12px;
    padding: 12px 16px;
  }
  .bar {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    justify-content: space-between;
    gap: 8px 16px;
  }
  dl {
    columns: 18rem;
    column-gap: 24px;
    margin: 0;
  }
  .fact {
    display: flex;
    flex-wrap: wrap;
    justify-content: space-between;
    gap: 0 12px;
    padding-block: 2px;
    border-block-end: 1px solid var(--_line);
    break-inside: avoid;
  }
  dt {
    color: var(--_muted);
  }
  dd {
    min-inline-size: 0;
    margin: 0;
    overflow-wrap: anywhere;
    font-variant-numeric: tabular-nums;
  }
  code {
    font-family: var(--_font-mono);
  }
  table {
    inline-size: 100%;
    border-collapse: collapse;
  }
  caption {
    padding-block: 4px;
    font-weight: 600;
    text-align: start;
  }
  th,
  td {
    padding-block: 2px;
    padding-inline: 0 12px;
    border-block-end: 1px solid var(--_line);
    text-align: start;
    vertical-align: top;
  }
  td:last-child {
    overflow-wrap: anywhere;
  }
  @container (inline-size < 22rem) {
    table {
      overflow-wrap: anywhere;
    }
  }
  th {
    color: var(--_muted);
    font-weight: 400;
  }
`;
