import type { Environment } from './face.ts';
import { backoff } from './failure.ts';

/** What whoever follows something by itself tells its owner. */
export interface FollowerEvents {
  changed(): void;
  /** Something could not be read, and is left out. */
  dropped(problem: string): void;
  failed(error: unknown): void;
}

/** What lasted this long (ms) before it ended went well: the pauses start over. */
const HEALTHY_MS = 30_000;

/** Gives `run` another go each time it ends, until stopped: soon after it went well, with growing pauses after failures. */
export class Repeating {
  #controller: AbortController | undefined;
  #timer: unknown;
  #failures = 0;

  /**
   * @param run starts one go; `done` is to be called once when it ended, with whether it went well
   * @param everyMs the pause after a go that went well
   */
  constructor(
    private readonly env: Environment,
    private readonly everyMs: number,
    private readonly run: (signal: AbortSignal, done: (well: boolean) => void) => void,
  ) {}

  start(): void {
    if (this.#controller) return;
    this.#failures = 0;
    this.#go();
  }

  stop(): void {
    this.#controller?.abort();
    this.#controller = undefined;
    this.env.clearTimeout(this.#timer);
  }

  #go(): void {
    const controller = new AbortController();
    const began = this.env.monotonic();
    this.#controller = controller;
    this.run(controller.signal, (well) => {
      if (this.#controller !== controller) return;
      if (well || this.env.monotonic() - began >= HEALTHY_MS) this.#failures = 0;
      const pause = well ? this.everyMs : Math.max(500, backoff(this.#failures++, this.env.random()));
      this.#timer = this.env.setTimeout(() => this.#go(), pause);
    });
  }
}
