import type { Position } from '../../adapters/contract.ts';
import { ANSWER_MS, promisedHeartbeat } from '../../adapters/heartbeat.ts';
import type { Scope } from '../../util/id-scope.ts';

/** One call of the adapter's `watch`, and whether it is alive. Times are ms by the monotonic clock, unless stated otherwise. */
export class WatchAttempt {
  /** Set by `open`. */
  mode?: 'snapshot' | 'resume';
  /** Set by `open`. */
  epoch = '';
  /** The snapshot, or the catch-up, is complete: from here on each cursor is a place to resume from. */
  synced = false;
  /** The latest place to resume from. */
  cursor: string | undefined;
  /** Live rows that were older than what feeds had sent. */
  lateRows = 0;
  /** The last change by the wall clock, ms since 1970; 0 before the first. */
  lastChangeAt = 0;
  /** When it last sent something. */
  aliveAt: number;
  /** When to {@link check} it. */
  due: number;
  #promised: number | undefined;

  /**
   * @param number names it among all attempts of the system
   * @param since where to resume; `undefined` for a snapshot
   * @param slackMs added to the promised heartbeat
   */
  constructor(
    readonly number: number,
    readonly scope: Scope,
    readonly since: Position | undefined,
    readonly requestedAt: number,
    private readonly slackMs: number,
  ) {
    this.aliveAt = requestedAt;
    this.due = requestedAt + this.allowedMs;
  }

  /** The feed has promised a heartbeat. */
  get promised(): boolean {
    return this.#promised !== undefined;
  }

  /** How long (ms) the feed may stay silent. */
  get allowedMs(): number {
    return this.#promised === undefined ? ANSWER_MS : this.#promised + this.slackMs;
  }

  /** @param heartbeatMs as received; anything but a time is no promise */
  promise(heartbeatMs: unknown): void {
    this.#promised = promisedHeartbeat(heartbeatMs);
    this.due = this.aliveAt + this.allowedMs;
  }

  /** Checks whether it is alive. A synced feed that promised nothing may be silent. @returns false if it is not */
  check(now: number): boolean {
    if (now - this.aliveAt >= this.allowedMs && (this.promised || !this.synced)) return false;
    this.due = (this.promised ? this.aliveAt : now) + this.allowedMs;
    return true;
  }
}
