import type { ReactiveController, ReactiveElement } from 'lit';

/** Reports size changes of an element inside the host's shadow root, while the host is connected. */
export class ResizeController implements ReactiveController {
  readonly #host: ReactiveElement;
  readonly #target: () => Element | null;
  readonly #onChange: () => void;
  #observer: ResizeObserver | undefined;
  #observed: Element | undefined;

  /**
   * @param target the element, if it is drawn now
   * @param onChange called of each new size, and of the first one
   */
  constructor(host: ReactiveElement, target: () => Element | null, onChange: () => void) {
    this.#host = host;
    this.#target = target;
    this.#onChange = onChange;

    host.addController(this);
  }

  hostUpdated(): void {
    const target = (this.#host.isConnected && this.#target()) || undefined;
    if (target === this.#observed) return;
    this.#observed = target;
    this.#observer?.disconnect();
    // jsdom has no layout, and nothing that observes it.
    if (target && typeof ResizeObserver === 'function')
      (this.#observer ??= new ResizeObserver(() => this.#onChange())).observe(target);
  }

  hostDisconnected(): void {
    this.#observer?.disconnect();
    this.#observed = undefined;
  }
}
