import {
  AdapterError,
  type CampaignAdapter,
  type CampaignRecord,
  type Change,
  type Removal,
  type WatchRequest,
} from '../../../src/adapters/index.ts';
import { until } from '../until.ts';

/** Reads a feed directly, without a store. */
export class FeedReader {
  readonly changes: Change[] = [];
  readonly #controller = new AbortController();
  /** How it ended; `undefined` while open. */
  end: 'clean' | { readonly code: string; readonly message: string } | undefined;
  readonly over: Promise<void>;

  constructor(adapter: CampaignAdapter<unknown>, request: Partial<WatchRequest> = {}) {
    this.over = this.#read(
      adapter.watch({ system: 'flows', signal: this.#controller.signal, ...request }) as AsyncIterable<Change>,
    );
  }

  /** The types of its changes, without heartbeats. */
  get types(): readonly string[] {
    return this.changes.map(({ type }) => type).filter((type) => type !== 'heartbeat');
  }

  get open(): Extract<Change, { type: 'open' }> | undefined {
    return this.changes.find((change) => change.type === 'open');
  }

  /** The rows received, in order. */
  get rows(): readonly CampaignRecord[] {
    return this.changes.flatMap((change) => (change.type === 'page' || change.type === 'upsert' ? change.items : []));
  }

  get removed(): readonly Removal[] {
    return this.changes.flatMap((change) => (change.type === 'remove' ? change.items : []));
  }

  /** The position to resume from. */
  get position(): { readonly epoch: string; readonly cursor: string } {
    const cursors = this.changes.flatMap((change) => ('cursor' in change && change.cursor ? [change.cursor] : []));
    return { epoch: this.open!.epoch!, cursor: cursors.at(-1)! };
  }

  /** Waits for the end of its snapshot, or of its catch-up. */
  async synced(): Promise<this> {
    await this.until('synced', () => this.types.includes('synced'));
    return this;
  }

  async until(what: string, condition: () => unknown, ms?: number): Promise<void> {
    const description = (): string =>
      `${what}; received ${JSON.stringify(this.changes.slice(-5))}, end ${JSON.stringify(this.end)}`;
    await until(() => !!condition() || this.end !== undefined, description, ms);
    if (!condition()) throw new Error(`never: ${description()}`);
  }

  /** Waits for its end. @returns the code of the error; `clean` without one */
  async ended(ms?: number): Promise<string> {
    const end = await until(
      () => this.end,
      () => `the end; received ${JSON.stringify(this.changes.slice(-5))}`,
      ms,
    );
    return end === 'clean' ? end : end.code;
  }

  async stop(): Promise<void> {
    this.#controller.abort();
    await this.over;
  }

  async #read(feed: AsyncIterable<Change>): Promise<void> {
    try {
      for await (const change of feed) this.changes.push(change);
      this.end = 'clean';
    } catch (error) {
      const { message } = error as Error;
      this.end = { code: error instanceof AdapterError ? error.code : 'thrown', message };
    }
  }
}
