import type { StoreEvent } from '../types.ts';

/** What a developer must not overlook: data that is not shown, or requests that the backend did not understand. */
const REPORTED_KINDS: readonly string[] = ['dropped', 'unreadable', 'protocol', 'invalid'];

/** In place of a host's own report: says the first event of each kind that means a mistake in the wiring. */
export function consoleReport(): (event: StoreEvent) => void {
  const reported = new Set<string>();
  return ({ kind, detail }) => {
    if (!REPORTED_KINDS.includes(kind) || reported.has(kind)) return;
    reported.add(kind);
    console.warn(
      `campaign-status-kit: ${kind} (reported once; pass \`report\` to the store or provider to receive every event)`,
      detail,
    );
  };
}
