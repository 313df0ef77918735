import { MOST_IDS, type Scope } from '../../util/id-scope.ts';
import type { Environment } from '../types.ts';

/** What becomes of the demand for a system. */
export interface InterestEvents {
  /** Someone came, perhaps several in one task: what is wanted may be more than before. */
  onGrowth(): void;
  /** The last one has been gone for the grace period. */
  onEnd(): void;
}

/** What observers want of one system: lists want all of it, a tag or a header one campaign. */
export class Interest {
  readonly #campaigns = new Map<string, number>();
  #lists = 0;
  /** {@link InterestEvents.onGrowth} was told of everyone who came. */
  #notified = true;
  #graceTimer: unknown;
  #disposed = false;

  /** @param graceMs how long the demand outlives its last observer */
  constructor(
    private readonly env: Environment,
    private readonly graceMs: number,
    private readonly events: InterestEvents,
  ) {}

  /** Anyone is there. */
  get any(): boolean {
    return this.#lists > 0 || this.#campaigns.size > 0;
  }

  /** What to watch for them. */
  get scope(): Scope {
    return this.#lists > 0 || this.#campaigns.size > MOST_IDS ? 'all' : new Set(this.#campaigns.keys());
  }

  /** Someone observes one campaign. @returns ends it */
  campaign(id: string): () => void {
    this.#campaigns.set(id, (this.#campaigns.get(id) ?? 0) + 1);
    this.#more();
    return this.#once(() => {
      const left = (this.#campaigns.get(id) ?? 0) - 1;
      if (left > 0) this.#campaigns.set(id, left);
      else this.#campaigns.delete(id);
    });
  }

  /** Someone observes a list. @returns ends it */
  all(): () => void {
    this.#lists++;
    this.#more();
    return this.#once(() => {
      this.#lists--;
    });
  }

  /** From now on nothing is told. */
  dispose(): void {
    this.#disposed = true;
    this.#stopTimer();
  }

  #more(): void {
    this.#stopTimer();
    if (!this.#notified) return;
    this.#notified = false;
    // Whoever else comes in this task is asked for in the same request.
    queueMicrotask(() => {
      this.#notified = true;
      if (this.any && !this.#disposed) this.events.onGrowth();
    });
  }

  #less(): void {
    if (this.any || this.#disposed || this.#graceTimer !== undefined) return;
    this.#graceTimer = this.env.setTimeout(() => {
      this.#graceTimer = undefined;
      if (!this.any) this.events.onEnd();
    }, this.graceMs);
  }

  #stopTimer(): void {
    this.env.clearTimeout(this.#graceTimer);
    this.#graceTimer = undefined;
  }

  #once(leave: () => void): () => void {
    let left = false;
    return () => {
      if (left) return;
      left = true;
      leave();
      this.#less();
    };
  }
}
