/** A promised heartbeat above this (ms) is ignored, and no adapter option may be longer: a lost feed would go unnoticed for too long. */
export const LONGEST_SILENCE_MS = 3_600_000;
/** How long (ms) a feed may take to open. Before `open` it has promised no heartbeat. */
export const ANSWER_MS = 30_000;

/** The heartbeat (ms) that a feed promises. @param heartbeatMs as received; anything but a time counts as none */
export function promisedHeartbeat(heartbeatMs: unknown): number | undefined {
  return typeof heartbeatMs === 'number' && heartbeatMs > 0 && heartbeatMs <= LONGEST_SILENCE_MS
    ? heartbeatMs
    : undefined;
}
