import type { CampaignAdapter, CampaignRef, Change, WatchRequest } from '../../src/adapters/index.ts';

/** What a listener on the line between a store and its adapter hears. */
export interface TapListener {
  watching(request: WatchRequest): void;
  /** The store asked for something by itself, or for a user; each key once per attempt. */
  acting(ref: CampaignRef, action: string, key: string): void;
  /** A change is being handed to the store. */
  handing(request: WatchRequest, change: Change): void;
  /** The store has taken it in. */
  taken(request: WatchRequest, change: Change): void;
  /** A feed has ended, or was given up. @param error what the adapter threw, if it did */
  ended(request: WatchRequest, error?: unknown): void;
}

/** An adapter as it is, with somebody listening to what the store asks of it and what it gives. */
export function tapped(adapter: CampaignAdapter<unknown>, listener: TapListener): CampaignAdapter<unknown> {
  return {
    idempotent: adapter.idempotent ?? false,
    act: (request) => {
      listener.acting(request.ref, request.action, request.idempotencyKey);
      return adapter.act(request);
    },
    get: (ref, signal) => adapter.get!(ref, signal),
    reauthenticate: (signal) => adapter.reauthenticate!(signal),
    watch: (request) => {
      listener.watching(request);
      const feed = adapter.watch(request) as AsyncIterable<Change>;
      let ended = false;
      const end = (error?: unknown): void => {
        if (ended) return;
        ended = true;
        listener.ended(request, error);
      };
      request.signal.addEventListener('abort', () => end(), { once: true });
      return {
        [Symbol.asyncIterator]: () => {
          const inner = feed[Symbol.asyncIterator]();
          let handed: { readonly change: Change } | undefined;
          return {
            next: async () => {
              // Whoever asks for the next one has done with the one before.
              if (handed && !ended) listener.taken(request, handed.change);
              handed = undefined;
              try {
                const result = await inner.next();
                if (result.done) end();
                else if (!ended) {
                  handed = { change: result.value };
                  listener.handing(request, result.value);
                }
                return result;
              } catch (error) {
                end(error);
                throw error;
              }
            },
            return: async () => (await inner.return?.()) ?? { done: true, value: undefined },
          };
        },
      };
    },
  };
}
