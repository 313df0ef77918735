import { LazyChunk } from '../shared/popup/lazy-chunk.ts';
import type * as bulkActions from './bulk-actions.ts';

/** The code of actions on several campaigns: loaded when the first campaign is selected. */
export const bulkChunk: LazyChunk<typeof bulkActions> = new LazyChunk(() => import('./bulk-actions.ts'));
