/** Malformed messages of a feed. Each must be rejected: it changes counters, and nothing on screen. */

/** A kind of malformed message. */
export type Garbage = (typeof GARBAGE)[number];

/** All kinds of malformed messages. */
export const GARBAGE = [
  'not JSON',
  'no change',
  'unknown type',
  'no list',
  'rows without id',
  'row of another system',
  'removals without id',
  'mangled rows',
  'wrong count',
] as const;

/** A status that no campaign ever has: a page that shows it has accepted a malformed row. */
export const POISON = 'poison';

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/**
 * A malformed event of this kind. @param next the event that follows; malformed rows are made from it and sent just
 * before it
 */
export function garble(garbage: Garbage, next: Uint8Array): Uint8Array {
  return encoder.encode(
    `data: ${garbage === 'not JSON' ? `{"type": "${POISON}` : JSON.stringify(message(garbage, next))}\n\n`,
  );
}

/** The least number of rejections that a change must be counted as; 0 if it is well formed. */
export function rejections(change: unknown): number {
  if (typeof change !== 'object' || change === null || Array.isArray(change)) return 1;
  const { rejected } = change as { rejected?: unknown };
  return typeof rejected === 'number' ? rejected : 0;
}

function message(garbage: Exclude<Garbage, 'not JSON'>, next: Uint8Array): unknown {
  switch (garbage) {
    case 'no change':
      return [POISON];
    case 'unknown type':
      return { type: POISON, rejected: 1 };
    case 'no list':
      return { type: 'upsert', items: POISON, rejected: 1 };
    case 'rows without id':
      return {
        type: 'upsert',
        items: [{ id: 5, status: POISON }, null, { __proto__: null, status: POISON }],
        rejected: 3,
      };
    case 'row of another system':
      return {
        type: 'upsert',
        items: [{ id: 'a', system: 'elsewhere', status: POISON, revision: 2 ** 50 }],
        rejected: 1,
      };
    case 'removals without id':
      return { type: 'remove', items: [{ id: 7 }, POISON], rejected: 2 };
    case 'wrong count':
      return { type: 'heartbeat', count: 999 };
    case 'mangled rows':
      return { ...mangled(next), rejected: 0 };
  }
}

/** The rows of the next event, with a readable id and an invalid revision. */
function mangled(next: Uint8Array): { type: string; items: unknown[] } {
  const [, data = '{}'] = /^data: (.*)$/m.exec(decoder.decode(next)) ?? [];
  const { type, items = [] } = JSON.parse(data) as { type: string; items?: { id: string }[] };
  if (type !== 'page' && type !== 'upsert') return { type: 'upsert', items: [] };
  return { type, items: items.map((row) => ({ ...row, status: POISON, revision: '1e9' })) };
}
