import type { CampaignRow } from './parse-record.ts';

/** Campaigns that become stuck in this time (ms) after a look at all of them wait for the next look. */
const PAUSE_MS = 1_000;

/** When campaigns become stuck: those that stay in a status for longer than its `stuckAfterMs`. Times are ms since 1970, by the server's clock. */
export class StuckRows {
  /** When each campaign that is not stuck yet becomes it. */
  readonly #times = new Map<string, number>();
  #due = Infinity;
  #restUntil = 0;

  /** @param limits `stuckAfterMs` of the statuses that have one */
  constructor(private readonly limits: ReadonlyMap<string, number>) {}

  /** When to call {@link next}; `Infinity` for never. */
  get due(): number {
    return this.#due;
  }

  /** The row as it is at a time: stuck or not. */
  marked(row: CampaignRow, now: number): CampaignRow {
    const time = this.#timeOf(row);
    return time === undefined || time > now ? row : { ...row, stuckSince: row.at! };
  }

  /** A campaign has this row now; `undefined`: none. */
  follow(id: string, row: CampaignRow | undefined): void {
    const time = row && row.stuckSince === undefined ? this.#timeOf(row) : undefined;
    if (time === undefined) this.#times.delete(id);
    else {
      this.#times.set(id, time);
      this.#due = Math.min(this.#due, Math.max(time, this.#restUntil));
    }
  }

  /** The campaigns that have become stuck by now. */
  next(now: number): readonly string[] {
    const stuck: string[] = [];
    let due = Infinity;
    for (const [id, time] of this.#times) {
      if (time <= now) stuck.push(id);
      else due = Math.min(due, time);
    }
    this.#restUntil = now + PAUSE_MS;
    this.#due = Math.max(due, this.#restUntil);
    return stuck;
  }

  #timeOf({ at, status }: CampaignRow): number | undefined {
    const limit = at === undefined ? undefined : this.limits.get(status);
    return limit === undefined ? undefined : at! + limit;
  }
}
