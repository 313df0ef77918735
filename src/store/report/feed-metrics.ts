import type { Connection, StoreEventKind } from '../types.ts';

/** Callbacks for changes of the metrics, and for reports. */
export interface FeedMetricsEvents {
  /** State, cause or counters of the connection changed. */
  onConnectionChange(): void;
  report(kind: StoreEventKind, detail: unknown): void;
}

/** What goes wrong with the feed of one system: counted for whoever looks at the connection, told to the host's error log. */
export class FeedMetrics {
  readonly #counters = { dropped: 0, late: 0, unreadable: 0, regressions: 0, drift: 0 };
  #misconfigurationReported = false;
  /** Why the next snapshot is one that should not have been needed. */
  #resync: string | undefined;

  constructor(
    private readonly system: string,
    private readonly events: FeedMetricsEvents,
  ) {}

  /** The counters as they are now. */
  get counters(): Connection['counters'] {
    return { ...this.#counters };
  }

  count(what: keyof Connection['counters'], detail: unknown): void {
    this.#counters[what]++;
    this.events.report(what, { system: this.system, ...(detail as object) });
    this.events.onConnectionChange();
  }

  /** The backend broke the contract. */
  protocol(message: string): void {
    this.events.report('protocol', { system: this.system, message });
  }

  /** The feed must resync although it should have resumed. Reported when the new snapshot is complete. */
  needsResync(why: string): void {
    this.#resync = why;
  }

  /** A feed is whole. @param newEpoch with another numbering of revisions, which is why everything was read anew */
  synced(newEpoch: boolean): void {
    const why = newEpoch ? 'new epoch' : this.#resync;
    this.#resync = undefined;
    this.#misconfigurationReported = false;
    if (why) this.events.report('resync', { system: this.system, why });
  }

  /** The feed can't work as it is wired: told once, until it works. */
  misconfigured(cause: Connection['cause']): void {
    if (this.#misconfigurationReported) return;
    this.#misconfigurationReported = true;
    this.events.report('misconfigured', { system: this.system, ...cause });
    console.error(`campaign-status-kit: the feed of "${this.system}" is misconfigured: ${cause?.message ?? ''}`);
  }
}
