import { css, type CSSResult } from 'lit';
import { confirmDialogStyles } from '../dialog/confirm-dialog.styles.ts';
import { controlStyles } from '../styles/controls.styles.ts';
import { hostLinkStyles } from '../templates/host-link.ts';
import { dependencyStyles } from '../text/dependency-text.ts';
import { popupStyles } from './popup.styles.ts';

/** The look of popups and dialogs, as one sheet: elements adopt it while one is open. */
export const layerStyles: CSSResult = css`
  ${controlStyles}
  ${hostLinkStyles}
  ${dependencyStyles}
  ${popupStyles}
  ${confirmDialogStyles}
`;
