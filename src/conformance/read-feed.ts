import type { Feed } from '../adapters/contract.ts';
import type { Awaitable } from './subject.ts';

const NO_FEED = 'a feed must be an async iterable, a ReadableStream or an Observable';

/** How a feed ended: by itself, or by an error. */
export type FeedEnd = { readonly how: 'completed' } | { readonly how: 'failed'; readonly error: unknown };

/**
 * Reads a feed of any shape that the contract allows until it ends. Unlike the store, it reads on after the signal aborts, because
 * the kit checks what a feed sends then.
 *
 * @param next takes a value. A feed that is pulled waits for its promise; an Observable does not.
 * @returns a function that closes the feed, as the store does after it aborts the signal
 */
export function readFeed<T>(
  open: () => Feed<T>,
  next: (value: T) => Awaitable<void>,
  onEnd: (end: FeedEnd) => void,
): () => void {
  let over = false;
  const end = (result: FeedEnd): void => {
    if (over) return;
    over = true;
    onEnd(result);
  };
  const failed = (error: unknown): void => end({ how: 'failed', error });
  const completed = (): void => end({ how: 'completed' });
  try {
    const feed = open();
    if (isObservable(feed)) {
      const subscription = feed.subscribe({
        next: (value) => {
          if (!over) void next(value);
        },
        error: failed,
        complete: completed,
      });
      return () => subscription.unsubscribe();
    }
    const iterator = iterate(feed);
    void pull(iterator, next).then(completed, failed);
    return () => void iterator.return?.()?.then(undefined, () => {});
  } catch (error) {
    queueMicrotask(() => failed(error));
    return () => {};
  }
}

/** Whether a feed is subscribed to rather than read. */
export function isObservable<T>(feed: Feed<T>): feed is Exclude<Feed<T>, AsyncIterable<T>> {
  return typeof feed === 'object' && feed !== null && 'subscribe' in feed;
}

async function pull<T>(iterator: AsyncIterator<T>, next: (value: T) => Awaitable<void>): Promise<void> {
  for (;;) {
    const result = await iterator.next();
    if (result.done) return;
    await next(result.value);
  }
}

/** Safari's ReadableStream can't be iterated, and cancelling an iteration waits for the next value. */
function iterate<T>(feed: AsyncIterable<T>): AsyncIterator<T> {
  if (typeof feed !== 'object' || feed === null) throw new TypeError(`${NO_FEED}, got ${String(feed)}`);
  const stream = feed as unknown as Partial<ReadableStream<T>>;
  if (typeof stream.getReader !== 'function') {
    if (Symbol.asyncIterator in feed) return feed[Symbol.asyncIterator]();
    throw new TypeError(NO_FEED);
  }
  const reader = stream.getReader();
  return {
    next: () => reader.read() as Promise<IteratorResult<T>>,
    return: async () => {
      await reader.cancel();
      return { done: true, value: undefined };
    },
  };
}
