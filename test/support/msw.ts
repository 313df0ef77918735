/** One mock worker per test file, for elements on a simulated backend. */
import { setupWorker } from 'msw/browser';

type Worker = ReturnType<typeof setupWorker>;

/**
 * Starts a worker before the tests of this file and stops it after them. Handlers that a test adds with `use` are
 * removed after it.
 */
export function withWorker(...handlers: Parameters<typeof setupWorker>): Worker {
  const worker = setupWorker(...handlers);
  before(async () => {
    await worker.start({
      quiet: true,
      onUnhandledFrame: 'bypass',
      serviceWorker: { url: '/public/mockServiceWorker.js', options: { scope: '/' } },
    });
  });
  afterEach(() => worker.resetHandlers());
  after(() => worker.stop());
  return worker;
}
