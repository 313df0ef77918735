import type { Environment } from '../types.ts';
import { parseTime } from '../data/parse-record.ts';

/** Server times after this (ms since 1970) are ignored: dates could not represent times computed from them. */
const LAST_CLOCK = Date.UTC(9999, 11, 31);

/** The clock of one backend; that of this machine until the backend has sent its time. */
export class ServerClock {
  /** What the backend's clock is ahead, in ms; `undefined` until it has sent its time. */
  offset: number | undefined;

  constructor(private readonly env: Pick<Environment, 'now'>) {}

  /** ms since 1970 */
  now(): number {
    return this.env.now() + (this.offset ?? 0);
  }

  /** @param serverTime as received; anything but a time is ignored */
  set(serverTime: unknown): void {
    const at = parseTime(serverTime);
    if (at !== undefined && at >= 0 && at <= LAST_CLOCK) this.offset = at - this.env.now();
  }
}
