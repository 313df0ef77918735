import { css, type CSSResult } from 'lit';

/** The look of `recovery-guide`. */
export const styles: CSSResult = css`
  :host(:state(empty)) {
    display: none;
  }
  .guide {
    --_rail: calc(24 / 13 * var(--_font-size));
    padding: 16px 20px 20px;
  }
  .head {
    display: grid;
    grid-template: 'heading progress close' / minmax(0, 1fr) auto auto;
    align-items: center;
    gap: 0 12px;
  }
  .close {
    grid-area: close;
    margin-inline-end: -8px;
  }
  .heading {
    grid-area: heading;
    font-size: calc(16 / 13 * 1em);
    line-height: calc(24 / 16);
  }
  .progress {
    grid-area: progress;
    color: var(--_muted);
    font-variant-numeric: tabular-nums;
  }
  .caveat {
    margin-block-start: 8px;
  }
  .error {
    margin-block: 12px 8px;
    padding: 8px 12px 12px;
    border: 1px solid var(--_tone-bd);
    border-inline-start: 3px solid var(--_tone-ic);
    border-radius: var(--_radius);
  }
  .error-head {
    display: grid;
    grid-template: 'title at copy' / auto minmax(0, 1fr) auto;
    align-items: center;
    gap: 0 8px;
    min-block-size: var(--_size-control-small);
  }
  .error-title {
    grid-area: title;
    color: var(--_tone-fg);
    font-weight: 600;
  }
  .at {
    grid-area: at;
    justify-self: start;
    unicode-bidi: plaintext;
    color: var(--_muted);
  }
  .copy {
    grid-area: copy;
    margin-inline-end: -8px;
  }
  .message {
    /* Half a line at the end shows that there is more. */
    max-block-size: 18.5lh;
    inline-size: fit-content;
    max-inline-size: 100%;
    overflow: auto;
    overflow-wrap: anywhere;
    unicode-bidi: plaintext;
    white-space: pre-wrap;
  }
  .cause {
    display: flex;
    flex-wrap: wrap;
    gap: 0 12px;
    margin: 8px 0 0;
    font-weight: 500;
    overflow-wrap: anywhere;
  }
  .steps,
  .dependencies {
    margin: 0;
    padding: 0;
    list-style: none;
  }
  .step {
    position: relative;
    display: grid;
    grid-template-columns: var(--_rail) minmax(0, 1fr);
    gap: 12px;
    padding-block: 8px;
    border-radius: var(--_radius);
  }
  .step:not(:last-child)::before {
    position: absolute;
    inset-block: calc(var(--_rail) + 12px) -4px;
    inset-inline-start: calc(var(--_rail) / 2 - 0.5px);
    border-inline-start: 1px solid var(--_line);
    content: '';
  }
  .marker {
    display: grid;
    place-items: center;
    inline-size: var(--_rail);
    block-size: var(--_rail);
    border: 1px solid var(--_control);
    border-radius: 50%;
    color: var(--_muted);
    font-size: calc(12 / 13 * 1em);
    font-weight: 600;
    font-variant-numeric: tabular-nums;
    line-height: 1;
  }
  .marker.current {
    border-color: var(--_text);
    background: var(--_text);
    color: var(--_raised);
  }
  .marker.done {
    border-color: transparent;
    background: color-mix(in srgb, var(--_text) 9%, transparent);
    color: var(--_text);
  }
  .body {
    display: grid;
    grid-template-columns: minmax(0, 1fr);
    gap: 4px;
    min-inline-size: 0;
    padding-block-start: 2px;
  }
  .line {
    display: flex;
    flex-wrap: wrap;
    align-items: flex-start;
    justify-content: space-between;
    gap: 0 16px;
    max-inline-size: 46rem;
  }
  .line > .text {
    flex: 1 1 14rem;
    min-inline-size: 0;
    overflow-wrap: anywhere;
  }
  [aria-current] .line > .text {
    font-weight: 600;
  }
  .done .line > .text,
  .state {
    color: var(--_muted);
  }
  .line > .check {
    gap: 8px;
    margin-block: -4px;
  }
  .dependencies li {
    display: flex;
    flex-wrap: wrap;
    gap: 0 12px;
    overflow-wrap: anywhere;
  }
  .detail {
    flex-basis: 100%;
    color: var(--_muted);
    text-align: -webkit-match-parent;
    text-align: match-parent;
  }
  .offer {
    display: flex;
    flex-wrap: wrap;
    gap: 8px;
  }
  .outlook {
    color: var(--_text);
  }
  .recovered {
    display: flex;
    align-items: center;
    gap: 12px;
    padding-block: 12px;
    padding-inline: 16px 12px;
  }
  .recovered .text {
    flex: 1 1 auto;
    min-inline-size: 0;
    overflow-wrap: anywhere;
  }
  .recovered p {
    margin: 0;
  }
  #recovered {
    font-weight: 500;
  }
  [part='history-button'],
  .history {
    margin-block-start: 12px;
  }
  @container (inline-size < 30rem) {
    .guide {
      padding: 12px 16px 16px;
    }
    .head {
      grid-template:
        'heading close'
        'progress progress' / minmax(0, 1fr) auto;
    }
    .error-head {
      grid-template:
        'title copy'
        'at at' / minmax(0, 1fr) auto;
    }
    .step {
      gap: 8px;
    }
  }
  @media (forced-colors: active) {
    .error {
      border-color: CanvasText;
    }
    .marker.current {
      forced-color-adjust: none;
      border-color: Highlight;
      background: Highlight;
      color: HighlightText;
    }
    .marker.done {
      border-color: CanvasText;
    }
  }
`;
