import type { ReactiveController, ReactiveControllerHost } from 'lit';

/** A request that takes longer than this shows that it takes a while, in ms. The styles let the spinner appear then. */
const SHOW_MS = 150;
/** What is shown stays so long, in ms, so that it does not flash. */
const STAY_MS = 400;

/** Is a request under way, as far as it is shown: a spinner that has appeared stays for a moment. */
export class BusyController implements ReactiveController {
  readonly #host: ReactiveControllerHost;
  /** The action that is shown as under way. */
  action: string | undefined;
  #since = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(host: ReactiveControllerHost) {
    this.#host = host;

    host.addController(this);
  }

  hostDisconnected(): void {
    this.reset();
  }

  /** Nothing is under way any more, at once. */
  reset(): void {
    clearTimeout(this.#timer);
    this.#timer = this.action = undefined;
  }

  /** @param action the action that is under way now, to be called before each render */
  update(action: string | undefined): void {
    const now = performance.now();
    if (action !== undefined) {
      if (this.action === undefined) this.#since = now;
      clearTimeout(this.#timer);
      this.#timer = undefined;
      this.action = action;
      return;
    }
    if (this.action === undefined) return;
    const left = this.#since + SHOW_MS + STAY_MS - now;
    if (now - this.#since < SHOW_MS || left <= 0) this.reset();
    else {
      this.#timer ??= setTimeout(() => {
        this.reset();
        this.#host.requestUpdate();
      }, left);
    }
  }
}
