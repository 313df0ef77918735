import { LazyChunk } from '../shared/popup/lazy-chunk.ts';
import type * as actionLayers from './action-layers.ts';

/** What a button opens. */
export type ActionLayers = typeof actionLayers;

/** The code of all buttons' popups, menus and dialogs. */
export const layersChunk: LazyChunk<ActionLayers> = new LazyChunk(() => import('./action-layers.ts'));
