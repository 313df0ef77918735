import type { Environment } from '../types.ts';

const EVENTS = ['visibilitychange', 'online', 'pagehide', 'pageshow'] as const;

/** What the page can signal: it was shown, hidden, put away (closed or cached), or the network is said to be back. */
export type PageSignal = 'shown' | 'hidden' | 'put-away' | 'online';

/** Follows the page. */
export class PageSignals {
  #following = false;

  constructor(
    private readonly page: Environment['page'],
    private readonly onSignal: (signal: PageSignal) => void,
  ) {}

  /** A page that is hidden already signals that now. */
  start(): void {
    if (this.#following) return;
    this.#following = true;
    for (const type of EVENTS) this.page.addEventListener(type, this.#onEvent);
    if (!this.page.visible) this.onSignal('hidden');
  }

  stop(): void {
    if (!this.#following) return;
    this.#following = false;
    for (const type of EVENTS) this.page.removeEventListener(type, this.#onEvent);
  }

  readonly #onEvent = ({ type }: Event): void => {
    if (type === 'pagehide') return this.onSignal('put-away');
    if (type === 'online') return this.onSignal('online');
    // A tab that was opened in the background gets its first `pageshow` all the same.
    this.onSignal(this.page.visible ? 'shown' : 'hidden');
  };
}
