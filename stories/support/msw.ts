import { setupWorker } from 'msw/browser';

/** The one mock worker of the page. It starts without handlers; a story adds those of its own backend with `use`. */
export const worker = setupWorker();

let started: Promise<unknown> | undefined;

/** Starts the worker, once. */
export async function startWorker(): Promise<void> {
  // Relative, so that a built Storybook works below any path.
  await (started ??= worker.start({
    quiet: true,
    onUnhandledFrame: 'bypass',
    serviceWorker: { url: './mockServiceWorker.js' },
  }));
}
