import type { ReactiveController, ReactiveControllerHost } from 'lit';

/** Asks its host for an update when the page is about to be printed, and when that is over. */
export class PrintController implements ReactiveController {
  readonly #host: ReactiveControllerHost;
  #media: MediaQueryList | undefined;
  /** Between `beforeprint` and `afterprint`. */
  #asked = false;

  constructor(host: ReactiveControllerHost) {
    this.#host = host;

    host.addController(this);
  }

  /** True while the page is printed, or shown as it would be. */
  get printing(): boolean {
    return this.#asked || this.#media?.matches === true;
  }

  hostConnected(): void {
    // jsdom has no media queries.
    this.#media = (window as Partial<Window>).matchMedia?.('print');
    this.#media?.addEventListener('change', this.#changed);
    window.addEventListener('beforeprint', this.#began);
    window.addEventListener('afterprint', this.#ended);
  }

  hostDisconnected(): void {
    this.#media?.removeEventListener('change', this.#changed);
    window.removeEventListener('beforeprint', this.#began);
    window.removeEventListener('afterprint', this.#ended);
    this.#asked = false;
  }

  readonly #began = (): void => {
    this.#asked = true;
    this.#changed();
  };

  readonly #ended = (): void => {
    this.#asked = false;
    this.#changed();
  };

  readonly #changed = (): void => this.#host.requestUpdate();
}
