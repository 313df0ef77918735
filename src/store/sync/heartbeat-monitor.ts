import { ANSWER_MS, promisedHeartbeat } from '../../adapters/heartbeat.ts';
import { Stopwatch } from '../../util/stopwatch.ts';
import type { Environment } from '../types.ts';

/** A timer that is this late (ms) means that the machine slept. */
const ASLEEP_MS = 10_000;

/** Watches whether a feed is alive: it has to keep the heartbeat that it promised, and the machine must not have slept. */
export class HeartbeatMonitor {
  #promised: number | undefined;
  /** The last sign of life, by the monotonic clock. */
  #heard = 0;
  #whole = false;
  #timer: unknown;

  /**
   * @param slackMs added to the promised heartbeat
   * @param silent told why the feed counts as dead, once
   */
  constructor(
    private readonly env: Environment,
    private readonly slackMs: number,
    private readonly silent: (why: string) => void,
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
    this.#whole = false;
    this.heard();
    this.#watch(this.#heard);
  }

  /** A sign of life. */
  heard(): void {
    this.#heard = this.env.monotonic();
  }

  /** The feed has begun to answer. @param heartbeatMs what it promises; anything but a time is no promise */
  opened(heartbeatMs: unknown): void {
    this.#promised = promisedHeartbeat(heartbeatMs);
    this.#watch(this.#heard);
  }

  /** The feed has said all that there is. Where nothing was promised, being quiet is from now on not being dead. */
  whole(): void {
    this.#whole = true;
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
      const quiet = now - this.#heard >= allowedMs && (this.promised || !this.#whole);
      if (set.ago - wait > ASLEEP_MS) this.silent('the machine was asleep, or its clock was set');
      else if (quiet) this.silent('no sign of life from the backend');
      else this.#watch(this.promised ? this.#heard : now);
    }, wait);
  }
}
