import { LazyChunk } from '../shared/popup/lazy-chunk.ts';
import type * as statusPopups from './status-popup.ts';

/** What the popup of a tag is made with. */
export type StatusPopupModule = typeof statusPopups;

/** The code of all tags' popups. */
export const popupChunk: LazyChunk<StatusPopupModule> = new LazyChunk(() => import('./status-popup.ts'));
