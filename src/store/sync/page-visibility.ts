import type { Environment } from '../types.ts';

const EVENTS = ['visibilitychange', 'online', 'pagehide', 'pageshow'] as const;

/** What the page can do to a feed. */
export interface PageEvents {
  /** It has been hidden for long, or is put away. */
  onHidden(): void;
  /** It is looked at again. */
  onShown(): void;
  /** The network is said to be back. */
  onOnline(): void;
}

/** Watches whether anyone can see the page. */
export class PageVisibility {
  #watching = false;
  /** `hidden` was told, and not yet `shown`. */
  #hiddenReported = false;
  #timer: unknown;

  /** @param hiddenMs a page that is hidden for this long counts as hidden */
  constructor(
    private readonly env: Environment,
    private readonly hiddenMs: number,
    private readonly events: PageEvents,
  ) {}

  start(): void {
    if (this.#watching) return;
    this.#watching = true;
    for (const type of EVENTS) this.env.page.addEventListener(type, this.#changed);
    if (!this.env.page.visible) this.#hideLater();
  }

  stop(): void {
    this.#stopTimer();
    this.#hiddenReported = false;
    if (!this.#watching) return;
    this.#watching = false;
    for (const type of EVENTS) this.env.page.removeEventListener(type, this.#changed);
  }

  readonly #changed = (event: Event): void => {
    if (event.type === 'pagehide') return this.#hide();
    if (event.type === 'online') return this.events.onOnline();
    // A tab that was opened in the background is told of its first `pageshow` all the same.
    if (!this.env.page.visible) return this.#hideLater();
    this.#stopTimer();
    this.#hiddenReported = false;
    this.events.onShown();
  };

  #hideLater(): void {
    if (!this.#hiddenReported) this.#timer ??= this.env.setTimeout(() => this.#hide(), this.hiddenMs);
  }

  #hide(): void {
    this.#stopTimer();
    this.#hiddenReported = true;
    this.events.onHidden();
  }

  #stopTimer(): void {
    this.env.clearTimeout(this.#timer);
    this.#timer = undefined;
  }
}
