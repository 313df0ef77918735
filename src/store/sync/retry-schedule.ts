import type { Environment } from '../types.ts';
import { backoff } from './errors.ts';
import type { ServerClock } from '../data/server-clock.ts';

/** Where another attempt will hardly help, this is the wait (ms), give or take half of it. */
const BLOCKED_MS = 60_000;
/** `online` and `visible` hurry an attempt at most once in this time (ms). */
const HURRY_EVERY_MS = 5000;
/** A hurried attempt comes within this time (ms). */
const HURRY_MS = 1000;

/** When the next attempt at a feed is due: pauses that grow and differ, and never less than the backend asked for. */
export class RetrySchedule {
  #failures = 0;
  #timer: unknown;
  /** The next attempt: by the server's clock, to be shown, and by the monotonic one. */
  #next: { readonly at: number; readonly due: number } | undefined;
  #hurriedAt = -Infinity;
  /** The backend asked to be left alone until then, by the monotonic clock. */
  #notBefore = 0;

  /** @param onDue told when it is time for the next attempt */
  constructor(
    private readonly env: Environment,
    private readonly clock: ServerClock,
    private readonly onDue: () => void,
  ) {}

  /** When the next attempt comes, by the server's clock; `undefined` while none is to come. */
  get nextAt(): number | undefined {
    return this.#next?.at;
  }

  /** The backend asked to be left alone for a while. */
  get heldBack(): boolean {
    return this.env.monotonic() < this.#notBefore;
  }

  /** An attempt has failed: the next one comes after a pause that may be twice as long as the one before. */
  afterFailure(retryAfterMs?: number): void {
    this.#holdBack(retryAfterMs);
    this.#set(backoff(this.#failures++, this.env.random()));
  }

  /** An attempt was turned away: the next one will hardly do better. */
  afterRefusal(retryAfterMs?: number): void {
    this.#holdBack(retryAfterMs);
    this.#set(BLOCKED_MS * (0.5 + this.env.random()));
  }

  /** As soon as the backend allows. */
  soon(): void {
    this.#set(0);
  }

  /** Someone looks, or the network is said to be back: the next attempt comes within a second. @returns whether it was put forward */
  hurry(): boolean {
    const now = this.env.monotonic();
    if (now - this.#hurriedAt < HURRY_EVERY_MS || this.heldBack) return false;
    this.#hurriedAt = now;
    const ms = this.env.random() * HURRY_MS;
    if (this.#next && this.#next.due - now <= ms) return false;
    this.#set(ms);
    return true;
  }

  /** The feed was whole for a while: the pauses start over. */
  healthy(): void {
    this.#failures = 0;
  }

  /** No attempt is due any more. */
  stop(): void {
    this.env.clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#next = undefined;
  }

  #holdBack(retryAfterMs = 0): void {
    this.#notBefore = Math.max(this.#notBefore, this.env.monotonic() + retryAfterMs);
  }

  /** @param wait the time until the next attempt, unless the backend asked for more */
  #set(wait: number): void {
    this.stop();
    const now = this.env.monotonic();
    const ms = Math.max(wait, this.#notBefore - now);
    this.#next = { at: this.clock.now() + ms, due: now + ms };
    this.#timer = this.env.setTimeout(() => this.onDue(), ms);
  }
}
