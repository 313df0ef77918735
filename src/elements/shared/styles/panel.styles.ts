import { css, type CSSResult } from 'lit';

/** An element that is a panel of a page: it takes the width it is given, and its insides go by that width. Goes after `theme`. */
export const panelStyles: CSSResult = css`
  :host {
    display: block;
    min-inline-size: 0;
    container-type: inline-size;
    contain-intrinsic-inline-size: 18rem;
  }
  .panel {
    border: 1px solid var(--_line);
    border-radius: var(--_radius-panel);
    background: var(--_raised);
  }
`;
