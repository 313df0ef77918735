import type { Feed } from '../adapters/contract.ts';
import { isObservable, iterate } from '../util/iterate-feed.ts';
import type { Awaitable } from './subject.ts';

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
    if (!over) onEnd(result);
    over = true;
  };
  const error = (thrown: unknown): void => end({ how: 'failed', error: thrown });
  const complete = (): void => end({ how: 'completed' });
  try {
    const feed = open();
    if (isObservable(feed)) {
      const subscription = feed.subscribe({ next: (value) => void (over || next(value)), error, complete });
      return () => subscription.unsubscribe();
    }
    const iterator = iterate(feed);
    void pull(iterator, next).then(complete, error);
    return () => void iterator.return?.()?.then(undefined, () => {});
  } catch (thrown) {
    queueMicrotask(() => error(thrown));
    return () => {};
  }
}

async function pull<T>(iterator: AsyncIterator<T>, next: (value: T) => Awaitable<void>): Promise<void> {
  for (let result = await iterator.next(); !result.done; result = await iterator.next()) await next(result.value);
}
