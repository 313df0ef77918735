import type { StoreEvent, StoreEventKind } from '../types.ts';

/** Events about records: each snapshot may bring the same one again. */
const ABOUT_RECORDS: ReadonlySet<StoreEventKind> = new Set(['dropped', 'unreadable', 'late', 'regressions']);
/** So many events about records are remembered, to be told once only; the oldest are forgotten first. */
const REMEMBERED = 1000;

/** Hands events to the host's `report`, each one once. A `report` that throws hurts nobody. */
export class EventReporter {
  readonly #told = new Set<string>();
  /** What is to be handed over when the change under way is folded whole. */
  #held: StoreEvent[] | undefined;

  constructor(private readonly report: (event: StoreEvent) => void) {}

  emit(kind: StoreEventKind, detail: unknown): void {
    if (ABOUT_RECORDS.has(kind) && !this.#isNews(`${kind} ${JSON.stringify(detail)}`)) return;
    if (this.#held) this.#held.push({ kind, detail });
    else this.#hand({ kind, detail });
  }

  /** Runs `fold`. The host hears of what happens in it once it is over: whatever it then does to the store meets no half of a change. */
  whole(fold: () => void): void {
    if (this.#held) return fold();
    const held: StoreEvent[] = [];
    this.#held = held;
    try {
      fold();
    } finally {
      this.#held = undefined;
      for (const event of held) this.#hand(event);
    }
  }

  #isNews(text: string): boolean {
    if (this.#told.has(text)) return false;
    this.#told.add(text);
    if (this.#told.size > REMEMBERED)
      for (const oldest of this.#told) {
        this.#told.delete(oldest);
        break;
      }
    return true;
  }

  #hand(event: StoreEvent): void {
    try {
      this.report(event);
    } catch (error) {
      console.error('campaign-status-kit: report() threw', error);
    }
  }
}
