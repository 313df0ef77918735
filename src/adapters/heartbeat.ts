/** No promise of a silence that is longer (ms) counts, and no adapter may be set to one: nobody waits so long for a sign of life. */
export const LONGEST_SILENCE_MS = 3_600_000;
/** How long (ms) a feed may take to answer: until it has, it has promised nothing. */
export const ANSWER_MS = 30_000;

/** The silence (ms) that a feed promises not to exceed. @param heartbeatMs its `heartbeatMs`, as received; anything but a time is no promise */
export function promisedHeartbeat(heartbeatMs: unknown): number | undefined {
  return typeof heartbeatMs === 'number' && heartbeatMs > 0 && heartbeatMs <= LONGEST_SILENCE_MS
    ? heartbeatMs
    : undefined;
}
