/** Code that is loaded on first need, or before that when the page is idle. */
export class LazyChunk<T> {
  readonly #import: () => Promise<T>;
  #value: T | undefined;
  #loading: Promise<T> | undefined;
  #prefetched = false;

  /** @param load an `import()` of the code, written out, so that bundlers find it */
  constructor(load: () => Promise<T>) {
    this.#import = load;
  }

  /** The code, once it is loaded. */
  get value(): T | undefined {
    return this.#value;
  }

  /** Loads it once. Rejects if a second try fails too; the next call tries again. */
  load(): Promise<T> {
    return (this.#loading ??= this.#import()
      .catch((error: unknown) => importAgain<T>(error))
      .then(
        (value) => (this.#value = value),
        (error: unknown) => {
          this.#loading = undefined;
          throw error;
        },
      ));
  }

  /** Loads it when the page is idle. */
  prefetch(): void {
    if (this.#prefetched) return;
    this.#prefetched = true;
    const load = (): void => void this.load().catch(() => undefined);
    // Safari has no idle callbacks.
    if (typeof requestIdleCallback === 'function') requestIdleCallback(load);
    else setTimeout(load, 200);
  }
}

let tries = 0;

/**
 * Chromium remembers that a module could not be fetched, and answers every later import of its address with the same error. So the
 * address, which only the error names once a bundler has renamed the file, is changed.
 */
function importAgain<T>(error: unknown): Promise<T> {
  const address = /https?:\S+/.exec(String(error))?.[0];
  if (address === undefined || pinsModules()) throw error;
  const url = new URL(address);
  url.searchParams.set('retry', String(++tries));
  return import(/* @vite-ignore */ url.href) as Promise<T>;
}

/** True if the page lists hashes of its modules. A changed address has none, so what is loaded from there would not be checked. */
function pinsModules(): boolean {
  return [...document.scripts].some(
    ({ type, text }) => type.toLowerCase() === 'importmap' && text.includes('"integrity"'),
  );
}
