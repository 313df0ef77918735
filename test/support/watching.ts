import type { ActRequest, CampaignAdapter, Change, Feed, WatchRequest } from '../../src/adapters/index.ts';

/** Records one watch. */
export class RecordedWatch {
  readonly changes: Change<unknown>[] = [];
  readonly #controller = new AbortController();
  /** `ended`, or what it threw; `undefined` while it goes on. */
  outcome: unknown;
  /** Settles when it is over. */
  readonly ended: Promise<void>;

  constructor(adapter: CampaignAdapter<unknown>, request: Partial<WatchRequest> = {}) {
    const feed = adapter.watch({ system: 'flows', signal: this.#controller.signal, ...request });
    this.ended = 'subscribe' in feed ? this.#subscribe(feed) : this.#read(feed);
  }

  /** The changes since the last call. */
  takeChanges(): Change<unknown>[] {
    return this.changes.splice(0);
  }

  stop(): void {
    this.#controller.abort();
  }

  #subscribe(feed: Exclude<Feed<Change<unknown>>, AsyncIterable<unknown>>): Promise<void> {
    return new Promise((resolve) => {
      const end = (outcome: unknown): void => {
        this.outcome = outcome;
        resolve();
      };
      feed.subscribe({
        next: (change) => void this.changes.push(change),
        error: end,
        complete: () => end('ended'),
      });
    });
  }

  async #read(feed: AsyncIterable<Change<unknown>>): Promise<void> {
    try {
      for await (const change of feed) this.changes.push(change);
      this.outcome = 'ended';
    } catch (error) {
      this.outcome = error;
    }
  }
}

/** An action request. */
export function actRequest(id: string, more: Partial<ActRequest> = {}): ActRequest {
  return {
    ref: { system: 'flows', id },
    action: 'start',
    expect: { status: 'inactive', revision: 1, epoch: 'e1' },
    idempotencyKey: 'k1',
    signal: new AbortController().signal,
    ...more,
  };
}
