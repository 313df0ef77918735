import type { StoreEvent, StoreEventKind } from '../types.ts';

/** Events about records: each snapshot may bring the same one again. */
const ABOUT_RECORDS: ReadonlySet<StoreEventKind> = new Set(['dropped', 'unreadable', 'late', 'regressions']);
/** So many events about records are remembered, so that each is reported once; the oldest are forgotten first. */
const REMEMBERED = 1000;

/** Hands events to the host's `report`, each one once. A `report` that throws has no effect on the store. */
export class EventReporter {
  readonly #reported = new Set<string>();

  constructor(private readonly report: (event: StoreEvent) => void) {}

  emit(kind: StoreEventKind, detail: unknown): void {
    if (ABOUT_RECORDS.has(kind) && !this.#isNew(`${kind} ${JSON.stringify(detail)}`)) return;
    try {
      this.report({ kind, detail });
    } catch (error) {
      console.error('campaign-status-kit: report() threw', error);
    }
  }

  #isNew(text: string): boolean {
    if (this.#reported.has(text)) return false;
    this.#reported.add(text);
    if (this.#reported.size > REMEMBERED)
      for (const oldest of this.#reported) {
        this.#reported.delete(oldest);
        break;
      }
    return true;
  }
}
