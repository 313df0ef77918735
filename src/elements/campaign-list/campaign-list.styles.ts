import { css, type CSSResult } from 'lit';

/** Goes after `theme` and `controls`. */
export const styles: CSSResult = css`
  :host {
    --_row: 48px;
    --_row-padding: 4px;
    --_inset: 16px;
    --_columns: minmax(0, 1fr) 20em 11.5em 11.5em;
    display: block;
    /* Inline containment leaves no width of its own; in a row of boxes the list would vanish. */
    container-type: inline-size;
    contain-intrinsic-inline-size: 320px;
    font-variant-numeric: tabular-nums;
  }
  :host([density='compact']) {
    --_row: 36px;
    --_row-padding: 2px;
    --_inset: 12px;
  }
  :host([contained]) {
    display: flex;
    flex-direction: column;
  }

  /* Search and filters */
  .toolbar {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 8px 12px;
  }
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
    min-block-size: 32px;
    padding-block: 5px;
    padding-inline: 32px;
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
  .chips {
    display: flex;
    flex-wrap: wrap;
    gap: 8px;
  }
  .chip {
    display: inline-flex;
    position: relative;
    align-items: center;
    gap: 6px;
    max-inline-size: 100%;
    min-block-size: 32px;
    padding-block: 5px;
    padding-inline: 14px;
    border: 1px solid var(--_line);
    border-radius: var(--_radius);
    background: var(--_raised);
    cursor: pointer;
  }
  .chip svg {
    flex: none;
    inline-size: 14px;
    block-size: 14px;
    fill: currentColor;
    color: var(--_tone-ic);
  }
  .chip .word {
    max-inline-size: 24ch;
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
  }
  .chip .number {
    display: inline-grid;
    min-inline-size: 3ch;
    justify-items: end;
    color: var(--_muted);
  }
  .chip .number::after {
    block-size: 0;
    overflow: hidden;
    visibility: hidden;
    content: attr(data-widest) / '';
  }
  .chip .mark {
    display: none;
    inline-size: 10px;
    margin-inline-end: -3px;
  }
  .chip .mark svg {
    inline-size: 12px;
    block-size: 12px;
    margin-inline: -1px;
    color: inherit;
  }
  .chip:hover {
    border-color: var(--_control);
    background: var(--_subtle);
  }
  .chip[aria-pressed='true'] {
    /* The check mark takes the room of the padding: the chip is as wide as before. */
    padding-inline: 6px 9px;
    border-color: var(--_text);
    background: var(--_subtle);
    box-shadow: inset 0 0 0 1px var(--_text);
  }
  .chip[aria-pressed='true'] .mark {
    display: flex;
  }

  /* Between toolbar and rows. It is tall enough for a note of two lines: a lost connection must not push the rows down. */
  .bar {
    display: flex;
    flex: none;
    flex-wrap: wrap;
    align-items: center;
    gap: 4px 12px;
    min-block-size: max(44px, calc(2 * 16 / 13 * 1em + 12px));
    padding-block: 4px;
    color: var(--_muted);
  }
  /* A language that is written the other way than the page reads right all the same. */
  .count,
  .unreadable,
  .connection span,
  .gap .words,
  .time,
  .by {
    unicode-bidi: plaintext;
  }
  .unreadable,
  .connection {
    display: flex;
    gap: 6px;
    align-items: center;
  }
  /* Its text wraps beside the count. It gets a line of its own only where less than 22em is left. */
  .connection {
    flex: 1 1 22em;
    max-inline-size: max-content;
    margin-inline-start: auto;
    padding-block: 1px;
    padding-inline: 10px 2px;
    border: 1px solid var(--_tone-bd);
    border-radius: var(--_radius);
    background: var(--_tone-bg);
    color: var(--_tone-fg);
    line-height: calc(16 / 13);
    overflow-wrap: anywhere;
  }
  .connection > .glyph {
    color: var(--_tone-ic);
  }
  .connection .button {
    border-color: transparent;
    background: transparent;
    color: inherit;
    white-space: nowrap;
    text-decoration: underline;
    text-underline-offset: 3px;
  }
  .connection .button:hover {
    background: color-mix(in srgb, currentColor 12%, transparent);
  }

  /* Rows */
  .grid {
    border: 1px solid var(--_line);
    border-radius: var(--_radius-panel);
    background: var(--_raised);
  }
  :host([contained]) .grid {
    flex: 1 1 auto;
    min-block-size: 0;
    overflow: auto;
    scroll-padding-block-start: 36px;
  }
  .head {
    position: sticky;
    inset-block-start: var(--campaign-list-sticky-offset, 0px);
    z-index: 1;
    border-block-end: 1px solid var(--_line);
    border-start-start-radius: calc(var(--_radius-panel) - 1px);
    border-start-end-radius: calc(var(--_radius-panel) - 1px);
    background: var(--_subtle);
  }
  :host([contained]) .head {
    inset-block-start: 0;
  }
  .row {
    display: grid;
    position: relative;
    grid-template-columns: var(--campaign-list-columns, var(--_columns));
    align-items: center;
    padding-inline: var(--_inset);
    column-gap: 16px;
  }
  .row.header {
    min-block-size: 35px;
    color: var(--_muted);
    font-weight: 500;
  }
  .header .cell {
    font-size: calc(12 / 13 * 1em);
    line-height: calc(16 / 12);
  }
  .body .row {
    min-block-size: var(--_row);
    padding-block: var(--_row-padding);
    content-visibility: auto;
    contain-intrinsic-block-size: auto var(--_row);
    scroll-margin-block: calc(36px + var(--campaign-list-sticky-offset, 0px)) 4px;
  }
  .body .row + .row {
    border-block-start: 1px solid var(--_line);
  }
  .body .row:hover {
    background: var(--_subtle);
  }
  .body .row.selected {
    background: color-mix(in srgb, var(--_focus) 8%, var(--_raised));
    box-shadow: inset 0 0 0 1px color-mix(in srgb, var(--_focus) 45%, transparent);
  }
  /* Lights up for a moment when a status has changed. */
  .body .row::before {
    position: absolute;
    inset-block: 0;
    inset-inline-start: 0;
    inline-size: 3px;
    background: var(--_tone-ic);
    opacity: 0;
    content: '';
  }
  .cell {
    min-inline-size: 0;
  }
  .cell:focus-visible {
    border-radius: 4px;
  }
  .cell.name {
    display: flex;
    flex-direction: column;
    align-items: flex-start;
  }
  :host([density='compact']) .cell.name {
    flex-direction: row;
    align-items: center;
    column-gap: 8px;
  }
  /* One line a row, as long as the name fits: what is less than the name gives way. */
  :host([density='compact']) .open {
    flex: none;
  }
  :host([density='compact']) .id {
    min-inline-size: 0;
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
  }
  /* Also told at the tag. */
  :host([density='compact']) .by {
    display: none;
  }
  .open {
    max-inline-size: calc(100% + 8px);
    min-block-size: 24px;
    margin-inline: -4px;
    padding-block: 2px;
    padding-inline: 4px;
    border: 0;
    border-radius: 4px;
    background: none;
    color: inherit;
    font-weight: 600;
    text-align: -webkit-match-parent;
    text-align: match-parent;
    text-decoration: none;
    overflow-wrap: anywhere;
    cursor: pointer;
  }
  a.open {
    display: inline-block;
  }
  .open:focus-visible,
  .cell:focus-visible {
    outline-offset: -1px;
  }
  .open:hover {
    text-decoration: underline;
    text-underline-offset: 3px;
  }
  .meta,
  .time {
    color: var(--_muted);
  }
  .meta {
    display: block;
    max-inline-size: 100%;
    font-size: calc(12 / 13 * 1em);
    line-height: calc(16 / 12);
    overflow-wrap: anywhere;
  }
  .body .at {
    display: flex;
    flex-direction: column;
    align-items: flex-start;
  }
  /* Start and Stop, the pair that alternates in a column, are as wide as each other. */
  campaign-action-button::part(button) {
    min-inline-size: 8em;
  }
  .cell.action {
    display: flex;
    justify-content: flex-end;
    text-align: end;
  }
  .gone .open {
    font-weight: 400;
    text-decoration: line-through;
  }
  .sort {
    display: inline-flex;
    align-items: center;
    gap: 4px;
    min-block-size: 28px;
    max-inline-size: calc(100% + 6px);
    margin-inline-start: -6px;
    padding-inline: 6px;
    border: 0;
    border-radius: var(--_radius);
    background: none;
    font-weight: inherit;
    text-align: start;
    cursor: pointer;
  }
  .sort .glyph {
    inline-size: 12px;
    block-size: 12px;
    opacity: 0;
  }
  .sort:hover,
  [aria-sort] .sort {
    color: var(--_text);
  }
  .sort:hover .glyph {
    opacity: 0.4;
  }
  [aria-sort] .sort .glyph {
    opacity: 1;
  }
  [aria-sort='ascending'] .glyph {
    transform: scaleY(-1);
  }

  /* In place of rows */
  .gap .cell {
    display: flex;
    flex-direction: column;
    align-items: center;
    gap: 12px;
    grid-column: 1 / -1;
    padding-block: 40px;
    color: var(--_muted);
    text-align: center;
  }
  .gap .cell > .glyph {
    inline-size: 20px;
    block-size: 20px;
  }
  .gap .words {
    max-inline-size: 60ch;
    margin: 0;
    overflow-wrap: anywhere;
  }
  .gap .detail {
    display: block;
    white-space: pre-wrap;
  }
  .gap.more .cell {
    flex-direction: row;
    justify-content: center;
    padding-block: 8px;
    border-block-start: 1px solid var(--_line);
  }
  /* Most loading is over before anyone could want to try again. */
  .gap.loading .button,
  .gap.more .button {
    animation: late 0s 3s both;
  }
  @keyframes late {
    from {
      visibility: hidden;
    }
  }

  @container (inline-size < 900px) {
    .row {
      --_columns: minmax(0, 1fr) 12.5em 8.5em 11.5em;
    }
  }
  @container (inline-size < 640px) {
    .search {
      flex: 1 1 100%;
    }
    .row {
      column-gap: 12px;
    }
    .row.header {
      display: flex;
      flex-wrap: wrap;
      column-gap: 16px;
    }
    .header [role='columnheader']:not([aria-sort]) .glyph {
      display: none;
    }
    .row.header,
    .gap {
      padding-inline: 12px;
    }
    .body .row {
      display: flex;
      flex-wrap: wrap;
      gap: 6px 12px;
      padding-block: 10px;
      padding-inline: 12px;
      contain-intrinsic-block-size: auto 96px;
    }
    /* Name and tag, then time and button; a tag that needs more room gets a line of its own. */
    .body .name,
    :host([density='compact']) .body .name {
      flex: 1 1 52%;
      flex-direction: column;
      align-items: flex-start;
    }
    .body .status {
      flex: 0 1 auto;
      align-self: flex-start;
    }
    .body .action {
      margin-inline-start: auto;
    }
    .body .at {
      flex: 1 1 45%;
      flex-flow: row wrap;
      align-items: baseline;
      column-gap: 6px;
    }
    .connection {
      flex-basis: 100%;
      max-inline-size: none;
    }
  }

  @media (pointer: coarse) {
    .chip,
    .search input,
    .sort,
    .open {
      min-block-size: 44px;
    }
  }
  @media (forced-colors: active) {
    .chip[aria-pressed='true'] {
      border-color: Highlight;
      box-shadow: none;
      outline: 1px solid Highlight;
    }
    .body .row.selected {
      outline: 2px solid Highlight;
      outline-offset: -2px;
    }
    .chip svg,
    .button .glyph {
      color: ButtonText;
    }
    .body .row::before {
      background: Highlight;
      forced-color-adjust: none;
    }
  }
`;
