import { backoff } from '../../util/backoff.ts';

/** Where another attempt will hardly help, this is the wait (ms), give or take half of it. */
const BLOCKED_MS = 60_000;
/** `online` and `visible` hurry an attempt at most once in this time (ms). */
const HURRY_EVERY_MS = 5000;
/** A hurried attempt comes within this time (ms). */
const HURRY_MS = 1000;

/** When the next attempt at a feed is due: pauses that grow and differ, and never less than the backend asked for. Times are ms by the monotonic clock. */
export class RetrySchedule {
  #failures = 0;
  /** When the next attempt is due; `undefined` while none is scheduled. */
  due: number | undefined;
  #hurriedAt = -Infinity;
  #notBefore = 0;

  constructor(private readonly clock: { monotonic(): number; random(): number }) {}

  /** Until then the backend asked not to be called. */
  get notBefore(): number {
    return this.#notBefore;
  }

  /** The backend asked not to be called for a while. */
  get heldBack(): boolean {
    return this.clock.monotonic() < this.#notBefore;
  }

  /** The pause (ms) after another failed attempt: at most twice as long as the one before. */
  nextBackoff(): number {
    return backoff(this.#failures++, this.clock.random());
  }

  /** The pause (ms) after an attempt was turned away: the next one will hardly do better. */
  blockedBackoff(): number {
    return BLOCKED_MS * (0.5 + this.clock.random());
  }

  /** @param retryAfterMs as the backend asked; `undefined` if it did not */
  holdBack(retryAfterMs = 0): void {
    this.#notBefore = Math.max(this.#notBefore, this.clock.monotonic() + retryAfterMs);
    if (this.due !== undefined) this.due = Math.max(this.due, this.#notBefore);
  }

  /** The next attempt comes after this pause, unless the backend asked for more. */
  schedule(pause: number): void {
    this.due = Math.max(this.clock.monotonic() + pause, this.#notBefore);
  }

  /** Someone looks, or the network is said to be back: the next attempt comes within a second. @returns whether it was put forward */
  hurry(): boolean {
    const now = this.clock.monotonic();
    if (now - this.#hurriedAt < HURRY_EVERY_MS || this.heldBack) return false;
    this.#hurriedAt = now;
    const ms = this.clock.random() * HURRY_MS;
    if (this.due !== undefined && this.due - now <= ms) return false;
    this.schedule(ms);
    return true;
  }

  /** The feed was synced for a while: the pauses start over. */
  healthy(): void {
    this.#failures = 0;
  }

  /** No attempt is due any more. */
  stop(): void {
    this.due = undefined;
  }
}
