import { LazyChunk } from '../shared/popup/lazy-chunk.ts';
import type * as csv from './csv.ts';

/** The code of the export, loaded when it is asked for. */
export const csvChunk: LazyChunk<typeof csv> = new LazyChunk(() => import('./csv.ts'));
