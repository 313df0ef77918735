import { Observable } from 'rxjs';
import { isObservable, iterate } from '../util/iterate-feed.ts';
import type { Feed } from './contract.ts';

/** Receives the values of a feed. */
export interface FeedReader<T> {
  onValue(value: T): void;
  /** The feed failed, or ended cleanly with `undefined`. No call follows. */
  onEnd(error: unknown): void;
}

/**
 * Reads a feed of any of the contract's shapes, until it ends or `signal` aborts. Later values are ignored. A feed that is slow to
 * stop is not awaited.
 */
export function readFeed<T>(open: () => Feed<T>, signal: AbortSignal, reader: FeedReader<T>): void {
  let over = false;
  const end = (error: unknown): void => {
    if (over) return;
    over = true;
    signal.removeEventListener('abort', stop);
    reader.onEnd(error);
  };
  let close = (): void => {};
  const stop = (): void => {
    over = true;
    ignoreErrors(close);
  };
  const next = (value: T): void => {
    if (over) return;
    try {
      reader.onValue(value);
    } catch (error) {
      // An error of the reader ends the feed. The adapter is not at fault, so the error is not thrown into it.
      ignoreErrors(close);
      end(error);
    }
  };
  if (signal.aborted) return;
  signal.addEventListener('abort', stop, { once: true });
  try {
    const feed = open();
    if (isObservable(feed)) {
      const subscription = feed.subscribe({ next, error: end, complete: () => end(undefined) });
      close = () => subscription.unsubscribe();
    } else {
      const iterator = iterate(feed);
      close = () => void iterator.return?.()?.then(undefined, () => {});
      void pull(iterator, next, () => over).then(() => end(undefined), end);
    }
    if (over) ignoreErrors(close);
  } catch (error) {
    // Deferred, so that `onEnd` is not called before `readFeed` has returned.
    queueMicrotask(() => end(error ?? new Error('the adapter threw nothing')));
  }
}

/** A feed as an Observable: each subscription opens one of its own, and unsubscribing aborts its signal. */
export function observeFeed<T>(open: (signal: AbortSignal) => Feed<T>): Observable<T> {
  return new Observable((subscriber) => {
    const controller = new AbortController();
    readFeed(() => open(controller.signal), controller.signal, {
      onValue: (value) => subscriber.next(value),
      onEnd: (error) => (error === undefined ? subscriber.complete() : subscriber.error(error)),
    });
    return () => controller.abort();
  });
}

async function pull<T>(iterator: AsyncIterator<T>, next: (value: T) => void, over: () => boolean): Promise<void> {
  for (;;) {
    const result = await iterator.next();
    if (result.done || over()) return;
    next(result.value);
  }
}

function ignoreErrors(f: () => void): void {
  try {
    f();
  } catch {
    // The feed's values are ignored anyway, so an adapter that fails to stop does no harm.
  }
}
