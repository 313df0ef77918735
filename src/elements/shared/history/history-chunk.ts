import { LazyChunk } from '../popup/lazy-chunk.ts';
import type * as historyPanel from './history-panel.ts';

/** What a history is shown with. */
export type HistoryPanelModule = typeof historyPanel;

/** The code of all histories. */
export const historyChunk: LazyChunk<HistoryPanelModule> = new LazyChunk(() => import('./history-panel.ts'));
