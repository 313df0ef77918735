import { css, type CSSResult } from 'lit';

/** The look of `searchField`. Goes after `theme` and `controls`. */
export const searchStyles: CSSResult = css`
  .search {
    display: flex;
    position: relative;
    flex: 0 1 20em;
    min-inline-size: 12em;
    align-items: center;
  }
  .search > .glyph {
    position: absolute;
    inset-inline-start: 10px;
    color: var(--_muted);
    pointer-events: none;
  }
  .search input {
    inline-size: 100%;
    min-block-size: var(--_size-control);
    padding-block: 5px;
    padding-inline: calc(18px + 14 / 13 * var(--_font-size)) 32px;
    border: 1px solid var(--_control);
    border-radius: var(--_radius);
    background: var(--_raised);
    appearance: none;
  }
  .search input::-webkit-search-cancel-button {
    display: none;
  }
  .search input::placeholder {
    color: var(--_muted);
    opacity: 1;
  }
  .search .button {
    position: absolute;
    inset-inline-end: 2px;
  }
  @media (pointer: coarse) {
    .search input {
      min-block-size: var(--_size-touch);
    }
  }
`;
