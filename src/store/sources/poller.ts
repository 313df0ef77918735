import type { Environment } from '../types.ts';
import { backoff } from '../../util/backoff.ts';
import { describeFailure } from '../core/failure.ts';
import { PageSignals, type PageSignal } from '../shell/page-signals.ts';

/** What a poller needs of the store. */
export interface PollerContext {
  readonly env: Environment;
  /** How long (ms) a hidden page keeps what it follows. */
  readonly hiddenMs: number;
  onChange(): void;
  /** Something could not be read, and is left out. */
  onDropped(problem: string): void;
  onFailure(error: unknown): void;
}

/** How something is followed, one go after the other. */
export interface PollerOptions {
  /** The pause (ms) after a go that went well. */
  readonly everyMs: number;
  /** After one that went well, the next go waits until {@link Poller.requestRun} asks for it. */
  readonly onDemand?: boolean;
  /** Starts a run. Call `done` once when it ends, with the error if it failed; then `signal` aborts. */
  run(signal: AbortSignal, done: (failure?: unknown) => void): void;
  /** The page is hidden for long: nothing is followed until it is looked at again. */
  onPause(): void;
}

/** What lasted this long (ms) before it ended went well: the pauses start over. */
const HEALTHY_MS = 30_000;
/** The shortest pause (ms) after a go that failed. */
const LEAST_PAUSE_MS = 500;

/** Repeats a run while the page is visible: after a fixed pause if it succeeded, with backoff if it failed. */
export class Poller {
  readonly #page: PageSignals;
  #started = false;
  #controller: AbortController | undefined;
  #timer: unknown;
  #hideTimer: unknown;
  #failures = 0;
  /** Another go is wanted, and none has begun since. */
  #wanted = false;
  /** The pause after a go that went well is over, and no other one was wanted. */
  #resting = false;

  constructor(
    private readonly env: Environment,
    private readonly hiddenMs: number,
    private readonly options: PollerOptions,
  ) {
    this.#page = new PageSignals(env.page, (signal) => this.#onPage(signal));
  }

  start(): void {
    if (this.#started) return;
    this.#started = true;
    this.#failures = 0;
    this.#page.start();
    this.#run();
  }

  stop(): void {
    this.#started = false;
    this.#page.stop();
    this.#stopHideTimer();
    this.#halt();
  }

  /** Something may have changed: another go follows, after the pause that is due. */
  requestRun(): void {
    this.#wanted = true;
    if (this.#resting) this.#run();
  }

  #onPage(signal: PageSignal): void {
    switch (signal) {
      case 'put-away':
        return this.#pause();
      case 'hidden':
        this.#hideTimer ??= this.env.setTimeout(() => this.#pause(), this.hiddenMs);
        return;
      case 'shown':
        this.#stopHideTimer();
        if (!this.#controller) this.#run();
        return;
      case 'online':
    }
  }

  #pause(): void {
    this.#stopHideTimer();
    if (!this.#controller) return;
    this.#halt();
    this.options.onPause();
  }

  #stopHideTimer(): void {
    this.env.clearTimeout(this.#hideTimer);
    this.#hideTimer = undefined;
  }

  #halt(): void {
    this.#resting = false;
    this.#controller?.abort();
    this.#controller = undefined;
    this.env.clearTimeout(this.#timer);
  }

  #run(): void {
    this.#wanted = false;
    this.#resting = false;
    const controller = new AbortController();
    const began = this.env.monotonic();
    this.#controller = controller;
    this.options.run(controller.signal, (failure) => {
      if (this.#controller !== controller) return;
      // One that was not waited for any longer may still be under way.
      controller.abort();
      const well = failure === undefined;
      if (well || this.env.monotonic() - began >= HEALTHY_MS) this.#failures = 0;
      const pause = well ? this.options.everyMs : this.#pauseAfter(failure);
      this.#timer = this.env.setTimeout(() => {
        if (well && this.options.onDemand && !this.#wanted) this.#resting = true;
        else this.#run();
      }, pause);
    });
  }

  #pauseAfter(failure: unknown): number {
    const { retryAfterMs = 0 } = describeFailure(failure);
    return Math.max(LEAST_PAUSE_MS, retryAfterMs, backoff(this.#failures++, this.env.random()));
  }
}
