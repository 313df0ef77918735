import { ANSWER_MS, promisedHeartbeat } from '../../adapters/heartbeat.ts';
import { Stopwatch } from '../../util/stopwatch.ts';
import type { Environment } from '../types.ts';

/** A timer that is this late (ms) means that the machine slept. */
const ASLEEP_MS = 10_000;

/** Watches whether a feed is alive: it has to keep the heartbeat that it promised, and the machine must not have slept. */
export class HeartbeatMonitor {
  #promised: number | undefined;
  /** The last sign of life, by the monotonic clock. */
  #receivedAt = 0;
  #synced = false;
  #timer: unknown;

  /**
   * @param slackMs added to the promised heartbeat
   * @param onSilence told why the feed counts as dead, once
   */
  constructor(
    private readonly env: Environment,
    private readonly slackMs: number,
    private readonly onSilence: (why: string) => void,
  ) {}

  /** The feed has promised a heartbeat. */
  get promised(): boolean {
    return this.#promised !== undefined;
  }

  /** How long (ms) the feed may stay without a word. */
  get allowedMs(): number {
    return this.#promised === undefined ? ANSWER_MS : this.#promised + this.slackMs;
  }

  /** Another feed is asked for. It has promised nothing yet, but it has to answer. */
  begin(): void {
    this.#promised = undefined;
    this.#synced = false;
    this.received();
    this.#watch(this.#receivedAt);
  }

  /** A sign of life. */
  received(): void {
    this.#receivedAt = this.env.monotonic();
  }

  /** The feed has begun to answer. @param heartbeatMs what it promises; anything but a time is no promise */
  opened(heartbeatMs: unknown): void {
    this.#promised = promisedHeartbeat(heartbeatMs);
    this.#watch(this.#receivedAt);
  }

  /** The feed has said all that there is. Where nothing was promised, being quiet is from now on not being dead. */
  synced(): void {
    this.#synced = true;
  }

  /** The feed is closed. */
  stop(): void {
    this.env.clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  /** @param from when the waiting began, by the monotonic clock */
  #watch(from: number): void {
    this.stop();
    const { env, allowedMs } = this;
    const wait = Math.max(0, from + allowedMs - env.monotonic());
    const set = new Stopwatch(env);
    this.#timer = env.setTimeout(() => {
      const now = env.monotonic();
      const quiet = now - this.#receivedAt >= allowedMs && (this.promised || !this.#synced);
      if (set.elapsed - wait > ASLEEP_MS) this.onSilence('the machine was asleep, or its clock was set');
      else if (quiet) this.onSilence('no heartbeat from the backend');
      else this.#watch(this.promised ? this.#receivedAt : now);
    }, wait);
  }
}
