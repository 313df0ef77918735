import type { Environment } from '../types.ts';

const EVENTS = ['visibilitychange', 'online', 'pagehide', 'pageshow'] as const;

/** What the page can do to a feed. */
export interface PageEvents {
  /** It has been hidden for long, or is put away. */
  hidden(): void;
  /** It is looked at again. */
  shown(): void;
  /** The network is said to be back. */
  online(): void;
}

/** Watches whether anyone can see the page. */
export class PageVisibility {
  #watching = false;
  /** `hidden` was told, and not yet `shown`. */
  #away = false;
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
    this.#away = false;
    if (!this.#watching) return;
    this.#watching = false;
    for (const type of EVENTS) this.env.page.removeEventListener(type, this.#changed);
  }

  readonly #changed = (event: Event): void => {
    if (event.type === 'pagehide') return this.#hide();
    if (event.type === 'online') return this.events.online();
    // A tab that was opened in the background is told of its first `pageshow` all the same.
    if (!this.env.page.visible) return this.#hideLater();
    this.#stopTimer();
    this.#away = false;
    this.events.shown();
  };

  #hideLater(): void {
    if (!this.#away) this.#timer ??= this.env.setTimeout(() => this.#hide(), this.hiddenMs);
  }

  #hide(): void {
    this.#stopTimer();
    this.#away = true;
    this.events.hidden();
  }

  #stopTimer(): void {
    this.env.clearTimeout(this.#timer);
    this.#timer = undefined;
  }
}
