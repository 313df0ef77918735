import type { ReactiveController, ReactiveControllerHost } from 'lit';

/** One timer for all that tick with it. It stops while the page is hidden or nothing ticks. */
export class SharedClock {
  readonly #ticking = new Set<ClockController>();
  readonly #everyMs: number;
  #timer: ReturnType<typeof setInterval> | undefined;

  constructor(everyMs: number) {
    this.#everyMs = everyMs;
  }

  add(one: ClockController): void {
    if (this.#ticking.size === 0) document.addEventListener('visibilitychange', this.#turn);
    this.#ticking.add(one);
    this.#turn();
  }

  remove(one: ClockController): void {
    this.#ticking.delete(one);
    if (this.#ticking.size === 0) document.removeEventListener('visibilitychange', this.#turn);
    this.#turn();
  }

  readonly #turn = (): void => {
    const wanted = this.#ticking.size > 0 && !document.hidden;
    if (wanted === (this.#timer !== undefined)) return;
    if (wanted) {
      this.#timer = setInterval(() => this.#tick(), this.#everyMs);
      this.#tick();
    } else {
      clearInterval(this.#timer);
      this.#timer = undefined;
    }
  };

  #tick(): void {
    for (const one of this.#ticking) one.tick();
  }
}

/** For every relative time on the page. */
const halfMinutes = new SharedClock(30_000);

/** Keeps a host's relative times up to date: an update every half minute while it is connected and the page is visible. */
export class ClockController implements ReactiveController {
  readonly #host: ReactiveControllerHost;
  readonly #clock: SharedClock;

  /** @param clock with another time between updates */
  constructor(host: ReactiveControllerHost, clock: SharedClock = halfMinutes) {
    this.#host = host;
    this.#clock = clock;

    host.addController(this);
  }

  hostConnected(): void {
    this.#clock.add(this);
  }

  hostDisconnected(): void {
    this.#clock.remove(this);
  }

  /** It is time for an update. */
  tick(): void {
    this.#host.requestUpdate();
  }
}

/** {@link ClockController} only while there is a time to keep up to date: of ten thousand tags hardly one shows any. */
export class SwitchableClock {
  readonly #host: ReactiveControllerHost;
  #ticking: ClockController | undefined;

  constructor(host: ReactiveControllerHost) {
    this.#host = host;
  }

  /** Sets whether there is a time to keep up to date. */
  turn(on: boolean): void {
    if (on) this.#ticking ??= new ClockController(this.#host);
    else if (this.#ticking) {
      this.#ticking.hostDisconnected();
      this.#host.removeController(this.#ticking);
      this.#ticking = undefined;
    }
  }
}
