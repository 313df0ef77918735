import type { Environment } from '../../src/store/index.ts';

/** A page whose listeners are counted. */
export class TestPage extends EventTarget implements Pick<Environment['page'], 'visible' | 'online'> {
  visible = true;
  online = true;
  /** Listeners that were added and not removed. */
  listeners = 0;

  override addEventListener(...args: Parameters<EventTarget['addEventListener']>): void {
    this.listeners++;
    super.addEventListener(...args);
  }

  override removeEventListener(...args: Parameters<EventTarget['removeEventListener']>): void {
    this.listeners--;
    super.removeEventListener(...args);
  }

  hide(): void {
    this.visible = false;
    this.dispatchEvent(new Event('visibilitychange'));
  }

  show(): void {
    this.visible = true;
    this.dispatchEvent(new Event('visibilitychange'));
  }

  /** The page enters the back/forward cache. */
  enterCache(): void {
    this.dispatchEvent(new Event('pagehide'));
    this.hide();
  }

  /** The page leaves the back/forward cache. */
  leaveCache(): void {
    this.dispatchEvent(new Event('pageshow'));
    this.show();
  }

  goOffline(): void {
    this.online = false;
    this.dispatchEvent(new Event('offline'));
  }

  goOnline(): void {
    this.online = true;
    this.dispatchEvent(new Event('online'));
  }
}

interface Timer {
  readonly due: number;
  readonly run: () => void;
}

/** A clock with its own count of timers. */
export interface CountedClock {
  now(): number;
  setTimeout(run: () => void, ms: number): unknown;
  clearTimeout(timer: unknown): void;
  /** Timers that are set and have neither run nor been cleared. */
  readonly timers: number;
}

const START = Date.UTC(2026, 0, 12, 9);
const FRAME_MS = 16;
/** So many timers may run while the time stands still. */
const MOST_AT_ONCE = 10_000;

/**
 * An environment that the test controls: time stands still until it is advanced, and random numbers and page state are
 * set.
 */
export class TestEnvironment implements Environment {
  readonly page = new TestPage();
  /** The value that `random` returns. */
  chance = 0.5;
  /** Timers that are set while the page is hidden run no sooner than this (ms). */
  slowestTimers = 0;
  /** Frames that ran. */
  frames = 0;
  #elapsed = 0;
  #wall = START;
  #queue = new Map<number, Timer>();
  #frames: (() => void)[] = [];
  #frameDue = 0;
  #count = 0;
  readonly #own = this.newClock();

  /** Another clock on the same time, such as for a simulated backend, with its own count of timers. */
  newClock(): CountedClock {
    const ids = new Set<number>();
    const queue = this.#queue;
    return {
      now: () => this.now(),
      setTimeout: (run, ms) => {
        const id = ++this.#count;
        ids.add(id);
        queue.set(id, {
          due: this.#elapsed + Math.max(0, Number.isNaN(ms) ? 0 : ms),
          run: () => {
            ids.delete(id);
            run();
          },
        });
        return id;
      },
      clearTimeout: (timer) => {
        ids.delete(timer as number);
        queue.delete(timer as number);
      },
      get timers() {
        return ids.size;
      },
    };
  }

  readonly now = (): number => this.#wall;
  readonly monotonic = (): number => this.#elapsed;
  readonly random = (): number => this.chance;
  readonly setTimeout = (run: () => void, ms: number): unknown =>
    this.#own.setTimeout(run, this.page.visible ? ms : Math.max(ms, this.slowestTimers));
  readonly clearTimeout = (timer: unknown): void => this.#own.clearTimeout(timer);
  readonly frame = (run: () => void): void => {
    if (!this.#frames.length) this.#frameDue = this.#elapsed + FRAME_MS;
    this.#frames.push(run);
  };

  /** The store's timers that are set. */
  get timers(): number {
    return this.#own.timers;
  }

  /**
   * Advances the time, and runs all that falls due meanwhile, in order.
   *
   * @throws Error if timers set each other without end, at the same time
   */
  async advance(ms: number): Promise<void> {
    const until = this.#elapsed + ms;
    await settled();
    let atOnce = 0;
    for (let next = this.#next(until); next; next = this.#next(until)) {
      atOnce = next.due > this.#elapsed ? 0 : atOnce + 1;
      if (atOnce > MOST_AT_ONCE) throw new Error('Timers set each other without end.');
      this.#passTo(Math.max(this.#elapsed, next.due));
      next.run();
      await settled();
    }
    this.#passTo(until);
    await settled();
  }

  /** Waits until promises have settled and the next frame has run. */
  async frameOver(): Promise<void> {
    await this.advance(FRAME_MS);
  }

  /** Runs what waits for the next frame, at once. */
  runFrames(): void {
    const frames = this.#frames;
    this.#frames = [];
    this.frames++;
    for (const run of frames) run();
  }

  /** The machine sleeps: time passes, and no timer runs until it wakes. */
  async sleep(ms: number): Promise<void> {
    this.#passTo(this.#elapsed + ms);
    await this.advance(0);
  }

  /** Sets the wall clock. */
  shiftWallClock(ms: number): void {
    this.#wall += ms;
  }

  #next(until: number): Timer | undefined {
    let found: [number, Timer] | undefined;
    for (const entry of this.#queue)
      if (entry[1].due <= until && (!found || entry[1].due < found[1].due)) found = entry;
    if (this.#frames.length && this.#frameDue <= until && (!found || this.#frameDue <= found[1].due))
      return { due: this.#frameDue, run: () => this.runFrames() };
    if (found) this.#queue.delete(found[0]);
    return found?.[1];
  }

  #passTo(elapsed: number): void {
    this.#wall += elapsed - this.#elapsed;
    this.#elapsed = elapsed;
  }
}

/** Waits until all promises have settled. */
export function settled(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
