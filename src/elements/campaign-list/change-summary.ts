import type { ListView } from '../../store/types.ts';

/** A burst of changes is over after this long without another (ms). */
const GATHER_MS = 1000;
/** A list speaks of changes at most this often (ms). */
const EVERY_MS = 10_000;

/** Gathers what changed in a list, from its counts alone, and reports it once in a while. Waits while the page is hidden. */
export class ChangeSummary {
  readonly #onSummary: (changed: number, errors: number) => void;
  #changed = 0;
  #errors = 0;
  #own = 0;
  #notifiedAt = -EVERY_MS;
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** @param onSummary called with the number of campaigns that changed, and by how many those in error grew */
  constructor(onSummary: (changed: number, errors: number) => void) {
    this.#onSummary = onSummary;
  }

  /** Compares two states of the same list. @param faults the statuses that count as errors */
  count(view: ListView, before: ListView, faults: ReadonlySet<string>): void {
    if (view.counts === before.counts) return;
    let grown = 0;
    let shrunk = 0;
    let errors = 0;
    for (const status of new Set([...view.counts.keys(), ...before.counts.keys()])) {
      const delta = (view.counts.get(status) ?? 0) - (before.counts.get(status) ?? 0);
      if (delta > 0) grown += delta;
      else shrunk -= delta;
      if (faults.has(status)) errors += delta;
    }
    this.#changed += Math.max(grown, shrunk);
    this.#errors += errors;
    if (this.#changed > 0) this.#arm();
  }

  /** Leaves out changes that the user asked for and has heard of. */
  leaveOut(count: number): void {
    this.#own += count;
  }

  /** Forgets everything. */
  stop(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    document.removeEventListener('visibilitychange', this.#shown);
    this.#take();
  }

  #arm(): void {
    if (this.#timer !== undefined) return;
    this.#timer = setTimeout(
      () => {
        this.#timer = undefined;
        this.#notify();
      },
      Math.max(GATHER_MS, this.#notifiedAt + EVERY_MS - performance.now()),
    );
  }

  #notify(): void {
    if (document.hidden) {
      document.addEventListener('visibilitychange', this.#shown);
      return;
    }
    const { changed, errors } = this.#take();
    if (changed === 0 && errors === 0) return;
    this.#notifiedAt = performance.now();
    this.#onSummary(Math.max(changed, errors), errors);
  }

  #take(): { readonly changed: number; readonly errors: number } {
    const taken = { changed: Math.max(0, this.#changed - this.#own), errors: Math.max(0, this.#errors) };
    this.#changed = this.#errors = this.#own = 0;
    return taken;
  }

  readonly #shown = (): void => {
    if (document.hidden) return;
    document.removeEventListener('visibilitychange', this.#shown);
    this.#arm();
  };
}
