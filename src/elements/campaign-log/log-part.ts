import type { ReactiveControllerHost } from 'lit';
import { LazyChunk } from '../shared/popup/lazy-chunk.ts';
import { LazyPart } from '../shared/templates/lazy-part.ts';

/** Defines `campaign-log`. */
export const logChunk: LazyChunk<unknown> = new LazyChunk<unknown>(() => import('./define.ts'));

/** The engine log inside another element. Its code is loaded when the page is idle, or when the log is opened. */
export function logPart(host: ReactiveControllerHost): LazyPart<unknown> {
  host.addController({ hostConnected: () => logChunk.prefetch() });
  return new LazyPart(host, logChunk, { loading: 'log.loading', failed: 'log.failed' });
}
