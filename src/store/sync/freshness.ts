import { covers, type Scope } from '../../util/id-scope.ts';
import type { Connection, Environment } from '../types.ts';

/** A feed that is closed may be back within this time (ms) before anyone is told that it is lost. */
const LOST_DELAY_MS = 1000;

/** What freshness needs to know, and whom it tells. */
export interface FreshnessContext {
  readonly env: Environment;
  /** The feed has brought something, be it the first part of a snapshot. What was only read by itself knows its own time. */
  anythingRead(): boolean;
  /** What is shown became the last known truth, became the present one again, or covers other campaigns. */
  onChange(): void;
}

/** Which rows are the truth of now, and since when the others are not. Times are ms by the server's clock. */
export class Freshness {
  /** What the rows cover. Campaigns outside were covered until `#left` (by id) or `#allLeft`; since then they may have changed unseen. */
  #covered: Scope = new Set();
  readonly #coveredUntil = new Map<string, number>();
  #allCoveredUntil: number | undefined;
  /** Until when the latest feed that was whole kept the rows true; set when it ends. */
  #trueUntil = 0;
  #lost: Connection['lost'];
  #lossTimer: unknown;

  constructor(private readonly context: FreshnessContext) {}

  /** Set while what is shown is only the last known truth. */
  get lost(): Connection['lost'] {
    return this.#lost;
  }

  /** What is known of this campaign is as of then; `undefined` while it is up to date, or was never vouched for. */
  staleSince(id: string): number | undefined {
    return (
      this.#lost?.asOf ?? this.#coveredUntil.get(id) ?? (covers(this.#covered, id) ? undefined : this.#allCoveredUntil)
    );
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
  synced(scope: Scope): void {
    if (scope === 'all') {
      this.#coveredUntil.clear();
      this.#allCoveredUntil = undefined;
    } else {
      if (this.#covered === 'all') this.#allCoveredUntil = this.#trueUntil;
      else for (const id of this.#covered) this.#coveredUntil.set(id, this.#trueUntil);
      for (const id of scope) this.#coveredUntil.delete(id);
    }
    this.#covered = scope;
    this.#stopLossTimer();
    this.#lost = undefined;
    this.context.onChange();
  }

  /** The feed is gone; it has a moment to come back before that is said. @param onLost told when it is */
  loseSoon(onLost: () => void): void {
    if (this.#lossTimer !== undefined || !this.#hasToLose) return;
    this.#lossTimer = this.context.env.setTimeout(() => {
      this.lose();
      onLost();
    }, LOST_DELAY_MS);
  }

  /** The feed is gone, and that is said at once. */
  lose(): void {
    this.#stopLossTimer();
    if (!this.#hasToLose) return;
    this.#lost = { asOf: this.#trueUntil };
    this.context.onChange();
  }

  get #hasToLose(): boolean {
    return !this.#lost && this.context.anythingRead();
  }

  #stopLossTimer(): void {
    this.context.env.clearTimeout(this.#lossTimer);
    this.#lossTimer = undefined;
  }
}
