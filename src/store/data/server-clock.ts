import type { Environment } from '../types.ts';
import { parseTime } from './parse-record.ts';

/** A clock that is later than this (ms since 1970) would soon run out of what dates can say. */
const LAST_CLOCK = Date.UTC(9999, 11, 31);

/** The time of one backend, as far as it tells it: else that of this machine. */
export class ServerClock {
  #offset: number | undefined;

  constructor(private readonly env: Pick<Environment, 'now'>) {}

  /** The backend has told the time. */
  get isSet(): boolean {
    return this.#offset !== undefined;
  }

  /** ms since 1970 */
  now(): number {
    return this.env.now() + (this.#offset ?? 0);
  }

  /** @param serverTime what the backend said; anything but a time is not heard */
  set(serverTime: unknown): void {
    const at = parseTime(serverTime);
    if (at !== undefined && at >= 0 && at <= LAST_CLOCK) this.#offset = at - this.env.now();
  }
}
