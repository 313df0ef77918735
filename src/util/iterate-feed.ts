/** Reads what an adapter gives as a feed: an async iterable, a ReadableStream or an Observable. */
const NO_FEED = 'a feed must be an async iterable, a ReadableStream or an Observable';

/** True if a feed is subscribed to; {@link iterate} reads any other. */
export function isObservable<F>(feed: F): feed is Extract<F, { subscribe: unknown }> {
  return typeof feed === 'object' && feed !== null && 'subscribe' in feed;
}

/**
 * A ReadableStream is read through `getReader`: Safari can't iterate streams, and cancelling an iteration waits for the next value.
 *
 * @throws TypeError for what is no feed
 */
export function iterate<T>(feed: AsyncIterable<T>): AsyncIterator<T> {
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
