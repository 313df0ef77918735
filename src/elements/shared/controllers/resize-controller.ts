import type { ReactiveController, ReactiveElement } from 'lit';

/** Tells when an element inside the host's shadow root takes another size, while the host is connected. */
export class ResizeController implements ReactiveController {
  #observer: ResizeObserver | undefined;
  #observed: Element | undefined;

  /**
   * @param target the element, if it is drawn now
   * @param changed told of each new size, and of the first one
   */
  constructor(
    private readonly host: ReactiveElement,
    private readonly target: () => Element | null,
    private readonly changed: () => void,
  ) {
    host.addController(this);
  }

  hostUpdated(): void {
    const target = (this.host.isConnected && this.target()) || undefined;
    if (target === this.#observed) return;
    this.#observed = target;
    this.#observer?.disconnect();
    if (target) (this.#observer ??= new ResizeObserver(() => this.changed())).observe(target);
  }

  hostDisconnected(): void {
    this.#observer?.disconnect();
    this.#observed = undefined;
  }
}
