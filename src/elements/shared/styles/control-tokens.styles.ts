// Made from tokens/ by `npm run tokens`.
import { css, type CSSResult } from '@lit/reactive-element/css-tag.js';

/** The tokens that buttons, popups and dialogs read besides. Each is what the host has set, or the default. */
export const controlTokens: CSSResult = css`
  :host {
    --_raised: var(--campaign-color-raised, light-dark(#ffffff, #1b1e25));
    --_link: var(--campaign-color-link, var(--_accent));
    --_button: var(--campaign-color-button, var(--_raised));
    --_button-border: var(--campaign-color-button-border, var(--_control));
    --_radius-panel: var(--campaign-radius-panel, 10px);
    --_shadow: var(--campaign-shadow, 0px 1px 2px 0px rgb(0% 0% 0% / 0.08), 0px 8px 24px 0px rgb(0% 0% 0% / 0.14));
    --_motion-duration: var(--campaign-motion-duration, 120ms);
    --_motion-easing: var(--campaign-motion-easing, cubic-bezier(0, 0, 0.58, 1));
    --_size-control: var(--campaign-size-control, 32px);
    --_size-control-compact: var(--campaign-size-control-compact, var(--_size-control-small));
    --_size-control-small: var(--campaign-size-control-small, 28px);
  }
`;
