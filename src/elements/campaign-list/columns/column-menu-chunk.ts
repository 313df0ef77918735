import { LazyChunk } from '../../shared/popup/lazy-chunk.ts';
import type * as columnMenu from './column-menu.ts';

/** The code of the menu of columns. */
export type ColumnMenuModule = typeof columnMenu;

/** Loads it by the first press, or when the page is idle. */
export const columnMenuChunk: LazyChunk<ColumnMenuModule> = new LazyChunk(() => import('./column-menu.ts'));
