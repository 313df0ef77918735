import type { PollingTimes } from './options.ts';

/** What a feed does next: reads the list, reads some campaigns, or emits what other reads have found. */
export type NextStep = 'list' | 'emit' | ReadonlySet<string>;

/** Pushes that come so close together (ms) are read together. */
const BURST_MS = 20;
/** If more campaigns than this were pushed, the list is read: it costs the backend less than single reads. */
const MOST_SINGLE_READS = 5;

/** Decides what one feed of `pollingAdapter` does next, and when. */
export class ReadSchedule {
  readonly #pushedIds = new Set<string>();
  #somethingPushed = false;
  #listNow = false;
  #emit = false;
  #intervalOver = false;
  #gapOver = true;
  #burstOver = false;
  #isListening = false;
  #isStopped = false;
  #wake = (): void => {};
  readonly #timers = new Map<string, ReturnType<typeof setTimeout>>();

  /** @param canReadOne the backend can read one campaign */
  constructor(
    private readonly times: PollingTimes,
    private readonly canReadOne: boolean,
  ) {}

  /** The effect of an action may be missing from every read that has begun: the next one begins at once. */
  readNow(): void {
    this.#listNow = true;
    this.#wake();
  }

  /** Another read than the feed's own was applied. */
  emit(): void {
    this.#emit = true;
    this.#wake();
  }

  /** A push arrived. @param ids the campaigns it names; `undefined`: it names none */
  push(ids: readonly string[] | undefined): void {
    if (ids?.length === 0) return;
    if (!this.#hasPushes) {
      this.#burstOver = false;
      this.#after('burst', BURST_MS, () => (this.#burstOver = true));
    }
    if (ids) for (const id of ids) this.#pushedIds.add(id);
    else this.#somethingPushed = true;
  }

  /** Pushes arrive from now on, or no longer. */
  listening(isListening: boolean): void {
    this.#isListening = isListening;
    if (!isListening) this.#startInterval(this.times.intervalMs);
  }

  /** Waits for the next step; `undefined` once {@link stop} was called. What is asked for later belongs to the step after it. */
  async next(): Promise<NextStep | undefined> {
    while (!this.#isStopped) {
      const step = this.#takeStep();
      if (step) return step;
      await new Promise<void>((resolve) => (this.#wake = resolve));
    }
    return undefined;
  }

  /** Single campaigns were read. */
  someRead(): void {
    this.#gapOver = false;
    this.#after('gap', this.times.pushGapMs, () => (this.#gapOver = true));
  }

  /** The list was read. @param settled what it read is certain, so that it need not be read again soon */
  listRead(settled: boolean): void {
    this.someRead();
    this.#startInterval(settled && this.#isListening ? this.times.listeningIntervalMs : this.times.intervalMs);
  }

  /** Ends the waiting, and all timers. */
  stop(): void {
    this.#isStopped = true;
    this.#wake();
    for (const timer of this.#timers.values()) clearTimeout(timer);
  }

  get #hasPushes(): boolean {
    return this.#somethingPushed || this.#pushedIds.size > 0;
  }

  #takeStep(): NextStep | undefined {
    const pushesDue = this.#hasPushes && this.#burstOver && this.#gapOver;
    const tooMany = !this.canReadOne || this.#pushedIds.size > MOST_SINGLE_READS;
    if (this.#listNow || this.#intervalOver || (pushesDue && (this.#somethingPushed || tooMany))) {
      this.#listNow = this.#intervalOver = this.#somethingPushed = this.#emit = false;
      this.#pushedIds.clear();
      return 'list';
    }
    if (pushesDue) {
      const ids = new Set(this.#pushedIds);
      this.#pushedIds.clear();
      return ids;
    }
    if (!this.#emit) return undefined;
    this.#emit = false;
    return 'emit';
  }

  #startInterval(ms: number): void {
    this.#intervalOver = false;
    this.#after('interval', ms, () => (this.#intervalOver = true));
  }

  /** Starts a timer in place of the earlier one of this name. */
  #after(name: string, ms: number, run: () => void): void {
    if (this.#isStopped) return;
    clearTimeout(this.#timers.get(name));
    const ended = (): void => {
      run();
      this.#wake();
    };
    this.#timers.set(name, setTimeout(ended, ms));
  }
}
