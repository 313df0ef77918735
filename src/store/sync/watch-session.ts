import type { CampaignAdapter, Change, Position } from '../../adapters/contract.ts';
import { readFeed } from '../../adapters/read-feed.ts';
import type { Scope } from '../../util/id-scope.ts';

/** Whom an attempt tells what its feed says. */
export interface WatchSessionEvents {
  onChange(change: Change<unknown>): void;
  /** The feed failed, or ended: then with `undefined`. Nothing follows. */
  onEnd(error: unknown): void;
}

/** One call of the adapter's `watch`. Once it is closed, what its feed still says is not heard. */
export class WatchSession {
  readonly #controller = new AbortController();
  /** Set by `open`. */
  mode?: 'snapshot' | 'resume';
  /** Set by `open`. */
  epoch = '';
  /** Its snapshot, or its catch-up, is whole: from here on each cursor is a place to go on from. */
  synced = false;

  /** @param since where it is to go on; `undefined` for a snapshot */
  constructor(
    readonly scope: Scope,
    readonly since: Position | undefined,
  ) {}

  /** Asks for the feed, and listens to it. */
  open(adapter: CampaignAdapter<unknown>, system: string, { onChange, onEnd }: WatchSessionEvents): void {
    const { scope, since } = this;
    const { signal } = this.#controller;
    const ids = scope === 'all' ? {} : { ids: [...scope] };
    readFeed(() => adapter.watch({ system, signal, ...ids, ...(since ? { since } : {}) }), signal, {
      onValue: onChange,
      onEnd,
    });
  }

  close(): void {
    this.#controller.abort();
  }
}
