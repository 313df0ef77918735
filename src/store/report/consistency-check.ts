import { Subscription } from 'rxjs';
import type { CampaignAdapter, Change } from '../../adapters/contract.ts';
import { observeFeed } from '../../adapters/read-feed.ts';
import { revisionOrder } from '../../adapters/revision-order.ts';
import type { Scope } from '../../util/id-scope.ts';
import { type CampaignRow, sameContent } from '../data/parse-record.ts';
import { type Entry, RowStore } from '../data/row-store.ts';
import type { Environment } from '../types.ts';

/** The first check comes this long (ms) after the feed is synced, the others as long after the one before, up to twice of it. */
const CHECK_EVERY_MS = 30_000;
/** A snapshot that takes longer (ms) is not compared: too much changed meanwhile. */
const LONGEST_READ_MS = 60_000;
/** The feed of a check, the only one of its row store. */
const FEED = 1;

/** One campaign that is shown otherwise than the backend has it. `undefined`: not there. */
export interface Difference {
  readonly id: string;
  readonly shown: CampaignRow | undefined;
  readonly backend: CampaignRow | undefined;
}

/** What a second feed sent until it was synced. */
interface Snapshot {
  readonly rows: RowStore;
  readonly partial: boolean;
}

/** A campaign that may differ: what the backend has, and what is shown. */
interface Suspect {
  readonly id: string;
  readonly backend: Entry | undefined;
  readonly shown: Entry | undefined;
}

/** Reads everything a second time, now and then, and finds what the feed has missed. */
export class ConsistencyCheck {
  #controller: AbortController | undefined;
  #timer: unknown;

  /** @param onDifference called with each difference that has lasted */
  constructor(
    private readonly system: string,
    private readonly adapter: CampaignAdapter<unknown>,
    private readonly env: Environment,
    private readonly rows: RowStore,
    private readonly onDifference: (difference: Difference) => void,
  ) {}

  /**
   * The feed is synced: begins to check.
   *
   * @param scope what the feed covers
   * @param settleMs within this time the feed must have sent what a snapshot shows
   */
  start(scope: Scope, settleMs: number): void {
    this.stop();
    this.#controller = new AbortController();
    void this.#check(scope, settleMs, this.#controller.signal);
  }

  stop(): void {
    this.#controller?.abort();
    this.#controller = undefined;
    this.env.clearTimeout(this.#timer);
  }

  async #check(scope: Scope, settleMs: number, signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      await this.#pause(CHECK_EVERY_MS * (1 + this.env.random()));
      const snapshot = await this.#read(scope, signal);
      if (signal.aborted) return;
      const suspects = snapshot ? this.#compare(snapshot, scope) : [];
      if (!suspects.length) continue;
      await this.#pause(settleMs);
      for (const suspect of suspects)
        if (this.#stillDiffers(suspect))
          this.onDifference({ id: suspect.id, shown: suspect.shown?.row, backend: suspect.backend?.row });
    }
  }

  /** Never ends once the check is stopped. */
  #pause(ms: number): Promise<void> {
    return new Promise((resolve) => (this.#timer = this.env.setTimeout(resolve, ms)));
  }

  /** The backend's rows; `undefined` if they could not be read: the feed itself will notice that. */
  #read(scope: Scope, signal: AbortSignal): Promise<Snapshot | undefined> {
    return new Promise((resolve) => {
      const rows = new RowStore(this.system, () => this.env.now());
      const reading = new Subscription();
      let opened = false;
      const end = (snapshot?: Snapshot): void => {
        signal.removeEventListener('abort', stop);
        this.env.clearTimeout(this.#timer);
        reading.unsubscribe();
        resolve(snapshot);
      };
      const stop = (): void => end();
      signal.addEventListener('abort', stop, { once: true });
      this.#timer = this.env.setTimeout(stop, LONGEST_READ_MS);
      const ids = scope === 'all' ? {} : { ids: [...scope] };
      const changes = observeFeed<Change<unknown>>((own) =>
        this.adapter.watch({ system: this.system, signal: own, ...ids }),
      );
      const observer = {
        next: (change: Change<unknown>): void => {
          if (change?.type === 'open') {
            opened = true;
            rows.beginSnapshot(FEED, typeof change.epoch === 'string' ? change.epoch : '');
          } else if (!opened) end();
          else if (change.type === 'page') rows.page(FEED, change.items);
          else if (change.type === 'upsert') rows.upsert(FEED, change.items);
          else if (change.type === 'remove') rows.remove(FEED, change.items);
          else if (change.type === 'synced') end({ rows, partial: change.partial === true });
        },
        error: stop,
        complete: stop,
      };
      reading.add(changes.subscribe(observer));
    });
  }

  #compare({ rows, partial }: Snapshot, scope: Scope): Suspect[] {
    const { entries, epoch } = this.rows;
    // The feed will learn of a new epoch by itself; until then nothing can be compared.
    if (epoch !== rows.epoch) return [];
    // A requested id, or any id in a complete snapshot, that the snapshot does not contain is removed in the backend.
    const expected = scope !== 'all' ? scope : partial ? [] : entries.keys();
    return [...new Set([...rows.entries.keys(), ...expected])]
      .map((id) => ({ id, backend: rows.entries.get(id), shown: entries.get(id) }))
      .filter((suspect) => suspect.backend?.unreadableSince === undefined && this.#differs(suspect));
  }

  #differs({ id, backend, shown }: Suspect): boolean {
    if (shown?.unreadableSince !== undefined) return false;
    if (!backend) return shown !== undefined;
    // A feed that is ahead of the snapshot is right.
    const order = revisionOrder(backend.revision, shown?.revision, this.rows.removed(id)?.revision);
    return order === 'newer' || (order === 'repeated' && !sameContent(shown!.row, backend.row));
  }

  /** What the feed has sent since counts, unless it is still behind. */
  #stillDiffers({ id, backend, shown: before }: Suspect): boolean {
    const shown = this.rows.entries.get(id);
    return this.#differs({ id, backend, shown }) && (backend !== undefined || shown === before);
  }
}
