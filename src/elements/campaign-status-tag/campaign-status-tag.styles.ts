import { css, type CSSResult } from '@lit/reactive-element/css-tag.js';
import { iconStyles } from '../shared/icons/icon.styles.ts';
import { theme } from '../shared/styles/theme.styles.ts';

/** The look of a tag whose popup is closed: one sheet. Sizes are in em, so that they grow with the text. */
export const styles: CSSResult = css`
  ${theme}
  ${iconStyles}
  :host {
    display: inline-flex;
    max-inline-size: 100%;
    vertical-align: middle;
  }
  .tag {
    --_bg: var(--_tone-bg);
    --_fg: var(--_tone-fg);
    --_bd: var(--_tone-bd);
    --_ic: var(--_tone-ic);
    display: inline-flex;
    align-items: center;
    gap: calc(6 / 13 * 1em);
    min-inline-size: 24px;
    max-inline-size: 100%;
    min-block-size: max(24px, calc(24 / 13 * 1em));
    margin: 0;
    padding-block: calc(1 / 13 * 1em);
    padding-inline: calc(7 / 13 * 1em) calc(8 / 13 * 1em);
    border: 1px solid var(--_bd);
    border-radius: var(--_radius);
    background-color: var(--_bg);
    color: var(--_fg);
    font-weight: 500;
    text-align: start;
    white-space: nowrap;
    cursor: pointer;
  }
  .tag:hover {
    border-color: color-mix(in srgb, var(--_ic) 55%, var(--_bd));
  }
  .tag::before,
  .icon {
    flex: none;
    inline-size: calc(14 / 13 * 1em);
    block-size: calc(14 / 13 * 1em);
    background: var(--_ic);
    fill: var(--_ic);
  }
  .icon {
    background: none;
  }
  .label {
    min-inline-size: 0;
    max-inline-size: 24ch;
    overflow: clip;
    text-overflow: ellipsis;
    unicode-bidi: plaintext;
  }
  .tag[data-message] .label {
    text-decoration: underline dotted 1px;
    text-decoration-color: color-mix(in srgb, var(--_fg) 65%, transparent);
    text-underline-offset: calc(3 / 13 * 1em);
  }

  :host([density='compact']) .tag {
    gap: calc(5 / 13 * 1em);
    min-block-size: calc(20 / 13 * 1em);
    padding-block: 0;
    padding-inline: calc(5 / 13 * 1em) calc(6 / 13 * 1em);
    border-radius: calc(var(--_radius) - 1px);
    font-size: calc(12 / 13 * 1em);
    line-height: calc(18 / 12);
  }
  /* What a pointer hits is never lower than 24. Only where the tag itself is lower: a layer for each of thousands costs. */
  :host([density='compact']) .tag {
    position: relative;
  }
  :host([density='compact']) .tag::after {
    content: '';
    position: absolute;
    inset-inline: -1px;
    inset-block-start: 50%;
    block-size: max(100%, 24px);
    translate: 0 -50%;
  }

  /* On a dark page, where hues fade first, a tinted error would be the quietest tag of all. */
  [data-tone='red'] {
    --_bg: light-dark(var(--_tone-bg), var(--_danger));
    --_fg: light-dark(var(--_tone-fg), var(--_on-danger));
    --_bd: light-dark(var(--_tone-bd), var(--_danger));
    --_ic: light-dark(var(--_tone-ic), var(--_on-danger));
  }
  :host([emphasis='tint']) .tag {
    --_bg: var(--_tone-bg);
    --_fg: var(--_tone-fg);
    --_bd: var(--_tone-bd);
    --_ic: var(--_tone-ic);
  }
  :host([emphasis='solid']) .tag {
    --_bg: var(--_tone-fg);
    --_fg: var(--_tone-bg);
    --_bd: var(--_tone-fg);
    --_ic: var(--_tone-bg);
  }
  :host([emphasis='solid']) [data-tone='red'] {
    --_bg: var(--_danger);
    --_fg: var(--_on-danger);
    --_bd: var(--_danger);
    --_ic: var(--_on-danger);
  }

  /* In a narrow place the time goes below the word; it must never push the word out. */
  .tag:is([data-stale], [data-stuck]) {
    flex-wrap: wrap;
    row-gap: 0;
  }
  /* The last known truth never shines: no tint, a dashed line, and it says so. */
  .tag[data-stale] {
    --_bg: transparent;
    --_fg: var(--_muted);
    --_bd: var(--_control);
    --_ic: var(--_muted);
    border-style: dashed;
  }
  .since {
    display: inline-flex;
    align-items: center;
    gap: calc(3 / 12 * 1em);
    padding-inline-start: calc(6 / 12 * 1em);
    border-inline-start: 1px solid var(--_line);
    font-size: calc(12 / 13 * 1em);
    font-weight: 400;
    font-variant-numeric: tabular-nums;
  }
  .tag[data-presence] {
    --_bg: transparent;
    --_fg: var(--_muted);
    --_bd: var(--_line);
    --_ic: var(--_muted);
  }

  @media (pointer: coarse) {
    .tag {
      position: relative;
    }
    .tag::after,
    :host([density='compact']) .tag::after {
      content: '';
      position: absolute;
      inset-inline: -1px;
      inset-block-start: 50%;
      block-size: max(100%, var(--_size-touch));
      translate: 0 -50%;
    }
  }
  @media (forced-colors: active) {
    .tag,
    .tag:hover {
      border-color: ButtonBorder;
    }
    .tag::before {
      background: ButtonText;
    }
    .icon {
      fill: ButtonText;
    }
    .since {
      border-color: ButtonBorder;
    }
  }
`;
