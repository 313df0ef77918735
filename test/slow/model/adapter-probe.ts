import type { CampaignAdapter, CampaignRef, Change, Feed, WatchRequest } from '../../../src/adapters/index.ts';

/** Observes the calls between a store and its adapter. */
export interface ProbeListener {
  onWatch(request: WatchRequest): void;
  /** The answer of a single read is about to be handed to the store. */
  onReading(ref: CampaignRef): void;
  /** The store sent an action, by itself or for a user. Called once per attempt, with the key. */
  onAct(ref: CampaignRef, action: string, key: string): void;
  /** A change is about to be handed to the store. */
  onChange(request: WatchRequest, change: Change): void;
  /** The store has applied the change. */
  onApplied(request: WatchRequest, change: Change): void;
  /** A feed has ended or was closed by the store. @param error what the adapter threw, if it did */
  onEnd(request: WatchRequest, error?: unknown): void;
}

/** Passes all calls through to an adapter, and reports them to a listener. */
export function withProbe(adapter: CampaignAdapter<unknown>, listener: ProbeListener): CampaignAdapter<unknown> {
  return {
    idempotent: adapter.idempotent ?? false,
    act: (request) => {
      listener.onAct(request.ref, request.action, request.idempotencyKey);
      return adapter.act(request);
    },
    get: async (ref, signal) => {
      const reading = await adapter.get!(ref, signal);
      listener.onReading(ref);
      return reading;
    },
    reauthenticate: (signal) => adapter.reauthenticate!(signal),
    watch: (request) => {
      listener.onWatch(request);
      const tap = new FeedProbe(request, listener);
      const feed = adapter.watch(request) as Feed<Change>;
      return 'subscribe' in feed ? tap.observable(feed) : tap.iterable(feed);
    },
  };
}

/** Observes one feed until it ends or is closed. */
class FeedProbe {
  #ended = false;

  constructor(
    private readonly request: WatchRequest,
    private readonly listener: ProbeListener,
  ) {
    request.signal.addEventListener('abort', () => this.#end(), { once: true });
  }

  observable(feed: Extract<Feed<Change>, { subscribe: unknown }>): Feed<Change> {
    return {
      subscribe: (observer) =>
        feed.subscribe({
          next: (change) => {
            this.#changeArrives(change);
            observer.next(change);
            this.#changeApplied(change);
          },
          error: (error) => {
            this.#end(error);
            observer.error(error);
          },
          complete: () => {
            this.#end();
            observer.complete();
          },
        }),
    };
  }

  iterable(feed: AsyncIterable<Change>): Feed<Change> {
    return {
      [Symbol.asyncIterator]: () => {
        const inner = feed[Symbol.asyncIterator]();
        let handed: { readonly change: Change } | undefined;
        return {
          next: async () => {
            // A request for the next change means that the previous one has been applied.
            if (handed) this.#changeApplied(handed.change);
            handed = undefined;
            try {
              const result = await inner.next();
              if (result.done) this.#end();
              else {
                handed = { change: result.value };
                this.#changeArrives(result.value);
              }
              return result;
            } catch (error) {
              this.#end(error);
              throw error;
            }
          },
          return: async () => (await inner.return?.()) ?? { done: true, value: undefined },
        };
      },
    };
  }

  #changeArrives(change: Change): void {
    if (!this.#ended) this.listener.onChange(this.request, change);
  }

  #changeApplied(change: Change): void {
    if (!this.#ended) this.listener.onApplied(this.request, change);
  }

  #end(error?: unknown): void {
    if (this.#ended) return;
    this.#ended = true;
    this.listener.onEnd(this.request, error);
  }
}
