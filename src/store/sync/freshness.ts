import { covers, type Scope } from '../../util/id-scope.ts';
import type { Connection, Environment } from '../types.ts';

/** A feed that is closed may be back within this time (ms) before anyone is told that it is lost. */
const BLINK_MS = 1000;

/** What freshness needs to know, and whom it tells. */
export interface FreshnessSurroundings {
  readonly env: Environment;
  /** The feed has brought something, be it the first part of a snapshot. What was only read by itself knows its own time. */
  anythingRead(): boolean;
  /** What is shown became the last known truth, became the present one again, or covers other campaigns. */
  changed(): void;
}

/** Which rows are the truth of now, and since when the others are not. Times are ms by the server's clock. */
export class Freshness {
  /** What the rows cover. Campaigns outside were covered until `#left` (by id) or `#allLeft`; since then they may have changed unseen. */
  #covered: Scope = new Set();
  readonly #left = new Map<string, number>();
  #allLeft: number | undefined;
  /** Until when the latest feed that was whole kept the rows true; set when it ends. */
  #trueUntil = 0;
  #lost: Connection['lost'];
  #blinkTimer: unknown;

  constructor(private readonly at: FreshnessSurroundings) {}

  /** Set while what is shown is only the last known truth. */
  get lost(): Connection['lost'] {
    return this.#lost;
  }

  /** What is known of this campaign is as of then; `undefined` while it is up to date, or was never vouched for. */
  staleSince(id: string): number | undefined {
    return this.#lost?.asOf ?? this.#left.get(id) ?? (covers(this.#covered, id) ? undefined : this.#allLeft);
  }

  /** This campaign is kept up to date. */
  keeps(id: string): boolean {
    return !this.#lost && covers(this.#covered, id);
  }

  /** The feed has ended; until then it kept the rows true. */
  ended(at: number): void {
    this.#trueUntil = at;
  }

  /** A feed of this scope is whole: what it covers is the truth of now. */
  whole(scope: Scope): void {
    if (scope === 'all') {
      this.#left.clear();
      this.#allLeft = undefined;
    } else {
      if (this.#covered === 'all') this.#allLeft = this.#trueUntil;
      else for (const id of this.#covered) this.#left.set(id, this.#trueUntil);
      for (const id of scope) this.#left.delete(id);
    }
    this.#covered = scope;
    this.#stopBlinking();
    this.#lost = undefined;
    this.at.changed();
  }

  /** The feed is gone; it has a moment to come back before that is said. @param said told when it is */
  blink(said: () => void): void {
    if (this.#blinkTimer !== undefined || !this.#hasToLose) return;
    this.#blinkTimer = this.at.env.setTimeout(() => {
      this.lose();
      said();
    }, BLINK_MS);
  }

  /** The feed is gone, and that is said at once. */
  lose(): void {
    this.#stopBlinking();
    if (!this.#hasToLose) return;
    this.#lost = { asOf: this.#trueUntil };
    this.at.changed();
  }

  get #hasToLose(): boolean {
    return !this.#lost && this.at.anythingRead();
  }

  #stopBlinking(): void {
    this.at.env.clearTimeout(this.#blinkTimer);
    this.#blinkTimer = undefined;
  }
}
