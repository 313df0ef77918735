import type { Clock } from './clock.ts';
import { AnswerError, networkLost } from './simulation-error.ts';
import type { FaultState, RequestKind } from './types.ts';

/** All systems. */
const ALL = '*';

/** The refusal of the next action. */
export interface Refusal {
  readonly action?: string;
  readonly code?: 'forbidden' | 'invalid' | 'gone' | 'unavailable' | 'conflict';
  readonly reason?: string;
}

/** What a feed does now. */
export type FeedMode = 'open' | 'stalled' | 'ended' | 'broken';

/** The network’s handle of an open feed. */
export interface FeedHandle {
  readonly kind: RequestKind;
  readonly system: string;
  /** Injected values that are still to be sent. */
  readonly injected: unknown[];
  mode: FeedMode;
  wake(): void;
}

/** The network between the backend and its clients, with its faults. */
export class Network {
  readonly feeds = new Set<FeedHandle>();
  latencyMs = 0;
  loseNextAnswer = 0;
  swallowNext = 0;
  acceptOnly = false;
  readonly refusals: Refusal[] = [];
  readonly #clock: Clock;
  readonly #cut = new Set<string>();
  readonly #stalled = new Set<string>();
  #throttledUntil: number | undefined;
  #answer: { status: number; to?: RequestKind; times?: number; retryAfterMs?: number } | undefined;
  readonly #waiting = new Set<() => void>();
  #closed = false;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Resolves after the latency if the request gets through; otherwise throws its answer. */
  async admit(kind: RequestKind, system: string, signal?: AbortSignal): Promise<void> {
    this.check(kind, system);
    await this.delay(signal);
    signal?.throwIfAborted();
  }

  /** Waits for the current latency. */
  async delay(signal?: AbortSignal): Promise<void> {
    if (this.latencyMs > 0) await this.#wait(this.latencyMs, signal);
  }

  /** @throws AnswerError the answer to a request of this kind, if it does not get through now */
  check(kind: RequestKind, system: string): void {
    if (this.#closed) throw networkLost();
    if ((kind === 'watch' || kind === 'log') && this.#has(this.#cut, system)) throw networkLost();
    const answer = this.#answer;
    if (answer && (answer.to === undefined || answer.to === kind)) {
      if (answer.times !== undefined && --answer.times <= 0) this.#answer = undefined;
      throw answer.status === 0
        ? networkLost()
        : new AnswerError(
            answer.status,
            `The simulated backend is set to answer ${answer.status}.`,
            answer.retryAfterMs,
          );
    }
    if (this.#throttledUntil !== undefined) {
      const left = this.#throttledUntil - this.#clock.now();
      if (left > 0) throw new AnswerError(429, 'Too many requests; slow down.', left);
      this.#throttledUntil = undefined;
    }
  }

  /** Takes the next refusal for this action from the queue. */
  takeRefusal(action: string): Refusal | undefined {
    const index = this.refusals.findIndex((refusal) => refusal.action === undefined || refusal.action === action);
    return index < 0 ? undefined : this.refusals.splice(index, 1)[0];
  }

  isStalled(system: string): boolean {
    return this.#has(this.#stalled, system);
  }

  cut(system = ALL): void {
    this.#cut.add(system);
    this.#setMode('broken', system);
  }

  drop(system = ALL): void {
    this.#setMode('ended', system);
  }

  stall(system = ALL): void {
    this.#stalled.add(system);
    this.#setMode('stalled', system);
  }

  restore(): void {
    this.#cut.clear();
    this.#stalled.clear();
    for (const feed of this.feeds) if (feed.mode === 'stalled') feed.mode = 'open';
    this.wakeAll();
  }

  throttle(ms: number): void {
    this.#throttledUntil = ms > 0 ? this.#clock.now() + ms : undefined;
  }

  answer(status: number | null, options: { to?: RequestKind; times?: number; retryAfterMs?: number } = {}): void {
    this.#answer = status === null ? undefined : { status, ...options };
  }

  /** Fails pending requests and open feeds. */
  breakConnections(): void {
    for (const lose of [...this.#waiting]) lose();
    this.#setMode('broken', ALL);
  }

  /** Fails pending requests, ends all feeds, and rejects new ones. */
  close(): void {
    this.#closed = true;
    for (const lose of [...this.#waiting]) lose();
    this.#setMode('ended', ALL);
  }

  inject(system: string, message: unknown): void {
    for (const feed of this.feeds) {
      if (feed.kind !== 'watch' || feed.system !== system) continue;
      feed.injected.push(message);
      feed.wake();
    }
  }

  wakeAll(): void {
    for (const feed of this.feeds) feed.wake();
  }

  clear(): void {
    this.latencyMs = 0;
    this.loseNextAnswer = 0;
    this.swallowNext = 0;
    this.acceptOnly = false;
    this.refusals.length = 0;
    this.#throttledUntil = undefined;
    this.#answer = undefined;
    this.restore();
  }

  state(readOnly: string | undefined): FaultState {
    return {
      latencyMs: this.latencyMs,
      refuseNext: this.refusals.length,
      loseNextAnswer: this.loseNextAnswer,
      swallowNext: this.swallowNext,
      acceptOnly: this.acceptOnly,
      cut: [...this.#cut],
      stalled: [...this.#stalled],
      ...(readOnly === undefined ? {} : { readOnly }),
      ...(this.#throttledUntil === undefined ? {} : { throttledUntil: this.#throttledUntil }),
      ...(this.#answer === undefined ? {} : { answer: this.#answer.status }),
    };
  }

  #has(systems: ReadonlySet<string>, system: string): boolean {
    return systems.has(ALL) || systems.has(system);
  }

  #setMode(mode: FeedMode, system: string): void {
    for (const feed of this.feeds) {
      if (system !== ALL && feed.system !== system) continue;
      // A feed that has ended, or will, does not change its mode again.
      if (feed.mode === 'ended' || feed.mode === 'broken') continue;
      feed.mode = mode;
      feed.wake();
    }
  }

  #wait(ms: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const cleanUp = (): void => {
        this.#clock.clearTimeout(timer);
        this.#waiting.delete(lose);
        signal?.removeEventListener('abort', abort);
      };
      const lose = (): void => {
        cleanUp();
        reject(networkLost());
      };
      const abort = (): void => {
        cleanUp();
        reject(signal?.reason as Error);
      };
      const timer = this.#clock.setTimeout(() => {
        cleanUp();
        resolve();
      }, ms);
      this.#waiting.add(lose);
      signal?.addEventListener('abort', abort);
    });
  }
}
