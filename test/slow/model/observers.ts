import { config, type Subscription } from 'rxjs';
import type { CampaignRef } from '../../../src/adapters/index.ts';
import type { CampaignStore, CampaignView, Connection, ListQuery, ListView, Live } from '../../../src/store/index.ts';

/** What an observer observes. */
export type Subject =
  | { readonly what: 'campaign'; readonly system: string; readonly id: string }
  | { readonly what: 'list'; readonly system: string; readonly query: keyof typeof QUERIES }
  | { readonly what: 'connection'; readonly system: string };

/** The lists that are observed. */
export const QUERIES: Readonly<Record<'all' | 'by status' | 'busy', ListQuery>> = {
  all: {},
  'by status': { sort: 'status', descending: true },
  busy: { statuses: ['active', 'running'], sort: 'at', descending: true },
};

/**
 * How an observer behaves: it listens, throws each time, unsubscribes at the second value, or presses the button at
 * that value.
 */
export const BEHAVIOURS = ['listens', 'throws', 'leaves', 'presses'] as const;
export type ObserverBehaviour = (typeof BEHAVIOURS)[number];

/** What throwing observers throw. RxJS reports it later, where no code can catch it. */
const THROWN = new Error('an observer throws');
config.onUnhandledError = (error) => {
  if (error !== THROWN) throw error;
};

/** The values that an observer receives. */
export type ObservedValue = CampaignView | ListView | Connection;

/** An observer of one subject. */
export class Observer {
  /** The number of values received. */
  received = 0;
  #subscription: Subscription | undefined;

  constructor(
    readonly subject: Subject,
    readonly behaviour: ObserverBehaviour,
    private readonly onValue: (value: ObservedValue) => void,
    private readonly press: (ref: CampaignRef) => void,
  ) {}

  start(store: CampaignStore): void {
    this.#subscription = liveOf(store, this.subject).subscribe((value: ObservedValue) => {
      this.received++;
      this.onValue(value);
      if (this.behaviour === 'throws') throw THROWN;
      if (this.received !== 2) return;
      if (this.behaviour === 'leaves') this.stop();
      if (this.behaviour === 'presses' && this.subject.what === 'campaign') this.press(this.subject);
    });
  }

  get looks(): boolean {
    return this.#subscription?.closed === false;
  }

  stop(): void {
    this.#subscription?.unsubscribe();
  }
}

function liveOf(store: CampaignStore, subject: Subject): Live<ObservedValue> {
  const { what, system } = subject;
  if (what === 'campaign') return store.campaign(subject);
  return what === 'list' ? store.list(system, QUERIES[subject.query]) : store.connection(system);
}
