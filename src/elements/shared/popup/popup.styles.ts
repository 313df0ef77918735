import { css, type CSSResult } from 'lit';

/** The popup and what stands in it. Goes after `theme` and `controls`. */
export const popupStyles: CSSResult = css`
  [data-open] {
    anchor-name: --campaign-popup;
  }
  .popup {
    position: fixed;
    inset: auto;
    position-anchor: --campaign-popup;
    position-area: block-end span-inline-end;
    position-try-fallbacks:
      flip-block,
      flip-inline,
      flip-block flip-inline,
      --campaign-popup-below,
      --campaign-popup-above;
    position-visibility: anchors-visible;
    flex-direction: column;
    gap: 8px;
    inline-size: max-content;
    min-inline-size: min(24ch, 90vi);
    max-inline-size: min(calc(40ch + 26px), 90vi);
    max-block-size: 90vb;
    margin: 0;
    margin-block: 6px;
    padding: 12px;
    border: 1px solid var(--_line);
    border-radius: var(--_radius-panel);
    overflow: visible;
    background: var(--_raised);
    color: var(--_text);
    box-shadow: var(--_shadow);
    font-size: var(--_font-size);
    font-weight: 400;
    font-style: normal;
    line-height: calc(20 / 13);
    letter-spacing: normal;
    text-align: start;
    text-transform: none;
    white-space: normal;
    cursor: auto;
    user-select: text;
    transition:
      opacity var(--_motion-duration) var(--_motion-easing),
      translate var(--_motion-duration) var(--_motion-easing);
  }
  /* Where it fits on neither side it gets wider and lower, rather than lie over its own trigger. Five ways are all that browsers try. */
  @position-try --campaign-popup-below {
    position-area: block-end span-all;
    min-block-size: min(14em, 40vb);
    max-block-size: calc(100% - 12px);
  }
  @position-try --campaign-popup-above {
    position-area: block-start span-all;
    min-block-size: min(14em, 40vb);
    max-block-size: calc(100% - 12px);
  }
  .popup:popover-open {
    display: flex;
    @starting-style {
      opacity: 0;
      translate: 0 2px;
    }
  }
  /* Bridges the gap, so that the pointer can travel from the trigger into the popup. */
  .popup::before {
    content: '';
    position: absolute;
    inset-inline: 0;
    inset-block: -8px;
    z-index: -1;
  }
  .popup-title {
    display: flex;
    flex-direction: column;
    gap: 2px;
    padding-inline-end: 24px;
    font-weight: 600;
    overflow-wrap: anywhere;
  }
  .popup-head {
    display: flex;
    gap: 8px;
    align-items: flex-start;
  }
  .popup-title svg {
    display: block;
    flex: none;
    inline-size: calc(14 / 13 * var(--_font-size));
    block-size: calc(14 / 13 * var(--_font-size));
    margin-block: calc(3 / 13 * var(--_font-size));
    fill: currentColor;
    color: var(--_tone-ic, currentColor);
  }
  .popup-title time {
    color: var(--_muted);
    font-size: calc(12 / 13 * 1em);
    font-weight: 400;
    font-variant-numeric: tabular-nums;
  }
  .popup-close {
    position: absolute;
    inset-block-start: 8px;
    inset-inline-end: 8px;
  }
  .popup-close svg {
    inline-size: calc(12 / 13 * var(--_font-size));
    block-size: calc(12 / 13 * var(--_font-size));
    fill: currentColor;
  }
  .popup-body {
    display: flex;
    flex-direction: column;
    gap: 8px;
    min-block-size: 1lh;
    max-block-size: min(50vb, 20lh);
    overflow: auto;
    overscroll-behavior: contain;
    border-radius: 2px;
  }
  .popup-body > * {
    flex: none;
    margin: 0;
    overflow-wrap: anywhere;
  }
  .popup-body .foreign {
    white-space: pre-wrap;
  }
  .popup-body > *,
  .popup-head > *,
  .popup-title time,
  .popup-foot {
    unicode-bidi: plaintext;
  }
  .popup-caveat {
    padding: 6px 8px;
    border: 1px dashed var(--_control);
    border-radius: var(--_radius);
    color: var(--_muted);
  }
  .popup-caveat svg {
    inline-size: 1em;
    block-size: 1em;
    margin-inline-end: 6px;
    fill: currentColor;
    vertical-align: -0.125em;
  }
  .cause {
    display: flex;
    flex-direction: column;
    gap: 2px;
  }
  .cause-row {
    display: flex;
    flex-wrap: wrap;
    gap: 2px 10px;
    align-items: center;
  }
  .outlook {
    font-weight: 500;
  }
  .popup-label {
    display: block;
    color: var(--_muted);
    font-size: calc(12 / 13 * 1em);
    font-weight: 500;
  }
  .popup-note {
    color: var(--_muted);
    font-size: calc(12 / 13 * 1em);
  }
  .popup-foot {
    display: flex;
    flex-wrap: wrap;
    gap: 8px;
    align-items: center;
    justify-content: flex-end;
  }
  .popup-foot.popup-note {
    justify-content: flex-start;
  }
  .popup-copy:not(:last-child) {
    margin-inline-end: auto;
  }
  .popup-foot svg {
    inline-size: calc(12 / 13 * var(--_font-size));
    block-size: calc(12 / 13 * var(--_font-size));
    fill: currentColor;
  }
  @media (prefers-reduced-motion: reduce) {
    .popup {
      transition: none;
    }
  }
  @media (forced-colors: active) {
    .popup {
      border-color: CanvasText;
      box-shadow: none;
    }
    .popup-title svg,
    .popup-caveat svg {
      color: CanvasText;
    }
    .popup-close svg,
    .popup-foot svg {
      color: ButtonText;
    }
  }
`;
