import type { StoreEvent, StoreEventKind } from './face.ts';

/** Events about records: each snapshot may bring the same one again. */
const ABOUT_RECORDS: ReadonlySet<StoreEventKind> = new Set(['dropped', 'unreadable', 'late', 'regressions']);
/** So many events about records are remembered, to be told once only; the oldest are forgotten first. */
const REMEMBERED = 1000;

/**
 * Hands events to the host's `report`, each one once, and as soon as what brought them is folded whole: what the host then does
 * with the store meets no half of a change. A `report` that throws hurts nobody.
 */
export function reporting(report: (event: StoreEvent) => void): (kind: StoreEventKind, detail: unknown) => void {
  const told = new Set<string>();
  return (kind, detail) => {
    if (ABOUT_RECORDS.has(kind)) {
      const key = `${kind} ${JSON.stringify(detail)}`;
      if (told.has(key)) return;
      told.add(key);
      if (told.size > REMEMBERED)
        for (const oldest of told) {
          told.delete(oldest);
          break;
        }
    }
    queueMicrotask(() => {
      try {
        report({ kind, detail });
      } catch (error) {
        console.error('campaign-status-kit: report() threw', error);
      }
    });
  };
}
