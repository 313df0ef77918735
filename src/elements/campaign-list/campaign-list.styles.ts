import { css, type CSSResult } from 'lit';
import { panelTokens } from '../shared/styles/panel-tokens.styles.ts';

/** Goes after `theme` and `controls`. */
export const styles: CSSResult = css`
  ${panelTokens}
  :host {
    display: block;
  }
  :host([contained]) {
    display: flex;
    flex-direction: column;
  }
  /* All layout rests on this box, so that a page's reset of the element changes nothing. */
  .list {
    --_row-padding: var(--_space-row);
    --_inset: var(--_space-inset);
    --_status: 20em;
    --_at: 11.5em;
    --_action: 11.5em;
    position: relative;
    /* Inline containment leaves no width of its own; in a row of boxes the list would vanish. */
    container-type: inline-size;
    contain-intrinsic-inline-size: 320px;
    color: var(--_text);
    /* The container queries below count in this size: columns that the host has added move their limits. */
    font-size: calc(var(--_font-size) * var(--_stretch, 1));
    font-variant-numeric: tabular-nums;
    line-height: calc(20 / 13);
  }
  .list > * {
    font-size: var(--_font-size);
  }
  :host([density='compact']) .list {
    --_row-padding: var(--_space-row-compact);
    --_inset: var(--_space-inset-compact);
  }
  :host([contained]) .list {
    display: flex;
    flex: 1 1 auto;
    flex-direction: column;
    min-block-size: 0;
  }
  /* Every row is as tall as the fullest one. Names that are longer than their line are cut. */
  .grid,
  .probe {
    --_open: max(24px, calc(20 / 13 * 1em + 4px));
    --_press: max(var(--_size-control), calc(20 / 13 * 1em + 12px));
    --_name: calc(var(--_open) + 16 / 13 * 1em);
    --_added-line: max(24px, calc(20 / 13 * 1em));
    --_row: calc(2 * var(--_row-padding) + max(var(--_name), var(--_press)));
  }
  :host([density='compact']) :is(.grid, .probe) {
    --_press: max(var(--_size-control-compact), calc(20 / 13 * 1em + 8px));
    --_row: max(36 / 13 * 1em, 2 * var(--_row-padding) + max(var(--_open), var(--_press)));
  }
  .probe {
    position: absolute;
    inset-block-start: 0;
    block-size: var(--_row);
    visibility: hidden;
  }

  /* Search and filters */
  .toolbar {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 8px 12px;
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
    min-block-size: var(--_size-control);
    padding-block: 5px;
    padding-inline: 14px;
    border: 1px solid var(--_line);
    border-radius: var(--_radius);
    background: var(--_raised);
    cursor: pointer;
  }
  .chip svg {
    flex: none;
    inline-size: calc(14 / 13 * var(--_font-size));
    block-size: calc(14 / 13 * var(--_font-size));
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
  .selection > span,
  .connection span,
  .gap .words,
  .time,
  .by {
    unicode-bidi: plaintext;
  }
  .unreadable,
  .connection,
  .selection {
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
    scroll-padding-block: var(--_head, 36px) 4px;
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
    --_columns: var(
      --campaign-list-columns,
      minmax(0, 1fr) var(--_status) var(--_no-at, var(--_at)) var(--_added,) var(--_no-action, var(--_action))
    );
    grid-template-columns: var(--_columns);
    align-items: center;
    padding-inline: var(--_inset);
    column-gap: 16px;
  }
  :host([selectable]) .row {
    grid-template-columns: 16px var(--_columns);
  }
  .cell.select {
    display: flex;
    align-self: stretch;
    align-items: center;
  }
  /* All of the cell can be pressed, up to the edge of the row. */
  .body .cell.select {
    margin-inline: calc(-1 * var(--_inset)) -8px;
    padding-inline: var(--_inset) 8px;
    cursor: pointer;
  }
  .cell.select input {
    inline-size: calc(16 / 13 * var(--_font-size));
    block-size: calc(16 / 13 * var(--_font-size));
    margin: 0;
    accent-color: var(--_accent);
    cursor: pointer;
  }
  .row.header {
    min-block-size: calc(35 / 13 * 1em);
    color: var(--_muted);
    font-weight: 500;
  }
  .header .cell {
    font-size: calc(12 / 13 * 1em);
    line-height: calc(16 / 12);
  }
  .body {
    position: relative;
    overflow-anchor: none;
  }
  .space {
    position: absolute;
    inset-inline: 0;
    visibility: hidden;
  }
  .body .row {
    position: absolute;
    inset-inline: 0;
    block-size: var(--_height, var(--_row));
    padding-block: calc(var(--_row-padding) - 1px) var(--_row-padding);
    border-block-start: 1px solid var(--_line);
    contain: layout size style;
    scroll-margin-block: calc(var(--_head, 36px) + var(--campaign-list-sticky-offset, 0px)) 4px;
  }
  :host([contained]) .body .row {
    scroll-margin-block: 0;
  }
  .body .row[aria-rowindex='2'] {
    border-color: transparent;
  }
  .body .row:hover {
    background: var(--_subtle);
  }
  .body .row.selected {
    background: color-mix(in srgb, var(--_accent) 8%, var(--_raised));
    box-shadow: inset 0 0 0 1px color-mix(in srgb, var(--_accent) 45%, transparent);
  }
  .body .row[aria-selected='true'] {
    background: color-mix(in srgb, var(--_accent) 8%, var(--_raised));
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
    cursor: pointer;
  }
  a.open {
    display: inline-block;
  }
  .open,
  .meta,
  .time,
  .value {
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
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
  }
  .time {
    max-inline-size: 100%;
  }
  .body .at {
    display: flex;
    flex-direction: column;
    align-items: flex-start;
  }
  :host([density='compact']) campaign-status-tag::part(tag),
  campaign-action-button {
    flex-wrap: nowrap;
  }
  /* Start and Stop, the pair that alternates in a column, are as wide as each other. */
  campaign-action-button::part(button) {
    min-inline-size: 8em;
  }
  /* There is room for one line: of an outcome, its sign. */
  campaign-action-button::part(outcome) {
    flex: none;
    gap: 1em;
    inline-size: 28px;
    padding-inline: 6px;
    overflow: hidden;
  }
  .cell.action {
    display: flex;
    justify-content: flex-end;
    text-align: end;
  }
  .popup .check {
    padding-inline: 4px;
  }
  .added {
    display: flex;
    align-items: center;
    max-block-size: 100%;
    overflow: clip;
    overflow-clip-margin: 4px;
  }
  .added.end {
    justify-content: flex-end;
  }
  .value {
    unicode-bidi: plaintext;
  }
  .value,
  .added ::slotted(*) {
    min-inline-size: 0;
  }
  .gone .open {
    font-weight: 400;
    text-decoration: line-through;
  }
  .sort {
    display: inline-flex;
    align-items: center;
    gap: 4px;
    min-block-size: var(--_size-control-small);
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
    inline-size: calc(12 / 13 * var(--_font-size));
    block-size: calc(12 / 13 * var(--_font-size));
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

  @container (inline-size < 69.2em) {
    .row {
      --_status: 12.5em;
      --_at: 8.5em;
    }
    :host([density='compact']) .row {
      --_status: 17em;
      --_at: 8em;
      --_action: 10.75em;
    }
  }
  @container (inline-size < 49.2em) {
    .extended :is(.grid, .probe) {
      --_lines: var(--_count);
    }
    .grid,
    .probe,
    :host([density='compact']) :is(.grid, .probe) {
      --_row: calc(
        26px + max(var(--_name), 43 / 13 * 1em) + max(var(--_press), 36 / 13 * 1em) + var(--_lines, 0) *
          (3px + var(--_added-line))
      );
    }
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
    /* Name and tag, then time and button. */
    .body .row {
      display: flex;
      flex-wrap: wrap;
      align-content: center;
      align-items: center;
      row-gap: 3px;
      padding-block: 9px 10px;
      padding-inline: 12px;
    }
    .body .row::after {
      flex-basis: 100%;
      order: 1;
      content: '';
    }
    .body .at,
    .body .action {
      order: 2;
    }
    /* A line each, between the two. */
    .body .added {
      flex: 0 0 100%;
      order: 1;
      gap: 6px;
      justify-content: flex-start;
      block-size: var(--_added-line);
    }
    .body .added::before {
      flex: none;
      max-inline-size: 50%;
      overflow: hidden;
      color: var(--_muted);
      text-overflow: ellipsis;
      white-space: nowrap;
      content: attr(data-heading) / '';
    }
    .header .added:not(:focus) {
      position: absolute;
      inline-size: 1px;
      block-size: 1px;
      overflow: hidden;
      clip-path: inset(50%);
    }
    .body .name,
    .body .at {
      flex: 1;
    }
    .body .name,
    :host([density='compact']) .body .name {
      flex-direction: column;
      align-items: flex-start;
    }
    /* At most half of the card, unless its words need more. */
    .body .status {
      align-self: start;
      min-inline-size: min-content;
      max-inline-size: 50%;
    }
    :host([density='compact']) campaign-status-tag::part(tag) {
      flex-wrap: wrap;
    }
    .connection,
    .selection {
      flex-basis: 100%;
      max-inline-size: none;
    }
    /* The first row that is selected must not push the others down. */
    .selection {
      min-block-size: var(--_size-control-small);
    }
  }

  /* In cards that are wide enough, columns that the host has added share one line. */
  @container (33em <= inline-size < 49.2em) {
    .extended :is(.grid, .probe) {
      --_lines: 1;
    }
    .extended .body .row {
      display: grid;
      grid-template-columns: var(--_box,) repeat(var(--_count), minmax(0, 1fr)) fit-content(50%);
    }
    :host([selectable]) .body .row {
      --_box: 16px;
      --_start: 2;
    }
    .extended .body .row::after {
      content: none;
    }
    .extended .body .select {
      grid-row: 1 / 4;
    }
    .extended .body :is(.name, .status) {
      grid-row: 1;
    }
    .extended .body .added {
      grid-row: 2;
    }
    .extended .body :is(.at, .action) {
      grid-row: 3;
    }
    .extended .body :is(.name, .at) {
      grid-column: var(--_start, 1) / -2;
    }
    .extended .body :is(.status, .action) {
      grid-column: -2;
      justify-self: end;
      max-inline-size: none;
    }
  }

  @media (pointer: coarse) {
    .grid,
    .probe,
    :host([density='compact']) :is(.grid, .probe) {
      --_open: max(var(--_size-touch), calc(20 / 13 * 1em + 4px));
      --_press: max(var(--_size-touch), calc(20 / 13 * 1em + 12px));
    }
    .selection {
      min-block-size: var(--_size-touch);
    }
    .chip,
    .sort,
    .open {
      min-block-size: var(--_size-touch);
    }
  }
  @media (forced-colors: active) {
    .chip[aria-pressed='true'] {
      border-color: Highlight;
      box-shadow: none;
      outline: 1px solid Highlight;
    }
    .body .row:is(.selected, [aria-selected='true']) {
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

  /* On paper all rows stand below each other, as tall as their texts. */
  @media print {
    :host([contained]),
    :host([contained]) .list {
      display: block;
      block-size: auto !important;
      max-block-size: none !important;
    }
    :host([contained]) .grid {
      overflow: visible;
    }
    .head {
      position: static;
    }
    .body {
      block-size: auto !important;
    }
    .body .row {
      position: static;
      block-size: auto;
      min-block-size: var(--_row);
      contain: none;
      break-inside: avoid;
    }
    .space {
      display: none;
    }
    .open,
    .meta,
    .time,
    .value {
      overflow-wrap: anywhere;
      white-space: normal;
    }
  }
  .rest {
    margin-block: 12px;
    color: var(--_muted);
    text-align: center;
    unicode-bidi: plaintext;
  }
`;
