import type { ReactiveController, ReactiveControllerHost } from 'lit';

const EVERY_MS = 30_000;

/** One timer for every relative time on the page. It rests while the page is hidden or nobody shows one. */
class Ticker {
  readonly #hosts = new Set<ReactiveControllerHost>();
  #timer: ReturnType<typeof setInterval> | undefined;

  add(host: ReactiveControllerHost): void {
    if (this.#hosts.size === 0) document.addEventListener('visibilitychange', this.#turn);
    this.#hosts.add(host);
    this.#turn();
  }

  remove(host: ReactiveControllerHost): void {
    this.#hosts.delete(host);
    if (this.#hosts.size === 0) document.removeEventListener('visibilitychange', this.#turn);
    this.#turn();
  }

  readonly #turn = (): void => {
    const wanted = this.#hosts.size > 0 && !document.hidden;
    if (wanted === (this.#timer !== undefined)) return;
    if (wanted) {
      this.#timer = setInterval(() => this.#tick(), EVERY_MS);
      this.#tick();
    } else {
      clearInterval(this.#timer);
      this.#timer = undefined;
    }
  };

  #tick(): void {
    for (const host of this.#hosts) host.requestUpdate();
  }
}

const ticker = new Ticker();

/** Keeps a host's relative times up to date: an update every half minute while it is connected and the page is visible. */
export class Ticking implements ReactiveController {
  constructor(private readonly host: ReactiveControllerHost) {
    host.addController(this);
  }

  hostConnected(): void {
    ticker.add(this.host);
  }

  hostDisconnected(): void {
    ticker.remove(this.host);
  }
}
