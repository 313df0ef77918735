/** A backend that sends what the benchmark gives it, at once. */
import type { CampaignAdapter, Change, Feed } from '../../src/adapters/contract.ts';
import type { Campaign } from './campaigns.ts';

type Observer = Parameters<Extract<Feed<Change<unknown>>, { subscribe: unknown }>['subscribe']>[0];

export class PushAdapter implements CampaignAdapter<unknown> {
  readonly #observers = new Set<Observer>();
  #cursor = 0;

  /** @param rows the snapshot */
  constructor(private readonly rows: readonly Campaign[]) {}

  watch(): Feed<Change<unknown>> {
    return {
      subscribe: (observer) => {
        this.#observers.add(observer);
        observer.next({ type: 'open', mode: 'snapshot', epoch: 'e1' });
        observer.next({ type: 'page', items: this.rows });
        observer.next({ type: 'synced', cursor: 'c0' });
        return { unsubscribe: () => void this.#observers.delete(observer) };
      },
    };
  }

  act(): Promise<never> {
    return Promise.reject(new Error('A benchmark sends no actions.'));
  }

  push(items: readonly Campaign[]): void {
    const cursor = `c${++this.#cursor}`;
    for (const observer of this.#observers) observer.next({ type: 'upsert', items, cursor });
  }
}
