import type { CampaignAdapter, Change } from '../../adapters/contract.ts';
import type { RowStore, Entry } from '../data/row-store.ts';
import type { Scope } from '../../util/id-scope.ts';
import type { Environment } from '../types.ts';
import { readFeed } from '../../adapters/read-feed.ts';
import { type CampaignRow, parseRemoval, parseRow } from '../data/parse-record.ts';
import { deepEqual } from '../../util/deep-equal.ts';

/** The first check comes this long (ms) after the feed is whole, the others as long after the one before, up to twice of it. */
const CHECK_EVERY_MS = 30_000;
/** A snapshot that takes longer (ms) is not compared: nothing can be said of so much that changed meanwhile. */
const LONGEST_READ_MS = 60_000;

/** One campaign that is shown otherwise than the backend has it. `undefined`: not there. */
export interface Difference {
  readonly id: string;
  readonly shown: CampaignRow | undefined;
  readonly backend: CampaignRow | undefined;
}

/** What a second feed said until it was whole. */
interface Snapshot {
  readonly epoch: string;
  readonly rows: Map<string, CampaignRow>;
  readonly unreadable: Set<string>;
  readonly partial: boolean;
}

/** Reads everything a second time, now and then, and finds what the feed has missed. */
export class ConsistencyCheck {
  #controller: AbortController | undefined;
  #timer: unknown;

  /** @param onDifference told of each difference that has lasted */
  constructor(
    private readonly system: string,
    private readonly adapter: CampaignAdapter<unknown>,
    private readonly env: Environment,
    private readonly rows: RowStore,
    private readonly onDifference: (difference: Difference) => void,
  ) {}

  /**
   * The feed is whole: begins to check.
   *
   * @param scope what the feed covers
   * @param settleMs within this time the feed must have told what a snapshot shows
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
      for (const { id, backend, entry } of suspects)
        if (this.#stillDiffers(id, backend, entry)) this.onDifference({ id, shown: entry?.row, backend });
    }
  }

  /** Never ends once the verifier is stopped. */
  #pause(ms: number): Promise<void> {
    return new Promise((resolve) => (this.#timer = this.env.setTimeout(resolve, ms)));
  }

  /** The backend's rows; `undefined` if they could not be had: the feed itself will notice that. */
  #read(scope: Scope, signal: AbortSignal): Promise<Snapshot | undefined> {
    return new Promise((resolve) => {
      const reading = new AbortController();
      const end = (snapshot?: Snapshot): void => {
        reading.abort();
        signal.removeEventListener('abort', give);
        this.env.clearTimeout(this.#timer);
        resolve(snapshot);
      };
      const give = (): void => end();
      signal.addEventListener('abort', give, { once: true });
      this.#timer = this.env.setTimeout(give, LONGEST_READ_MS);
      let snapshot: Snapshot | undefined;
      const ids = scope === 'all' ? {} : { ids: [...scope] };
      readFeed<Change<unknown>>(
        () => this.adapter.watch({ system: this.system, signal: reading.signal, ...ids }),
        reading.signal,
        {
          onValue: (change) => {
            if (change?.type === 'open') snapshot = beginning(change.epoch);
            else if (!snapshot) end();
            else if (change.type !== 'synced') take(snapshot, change, this.system);
            else end({ ...snapshot, partial: change.partial === true });
          },
          onEnd: give,
        },
      );
    });
  }

  #compare(
    snapshot: Snapshot,
    scope: Scope,
  ): { id: string; backend: CampaignRow | undefined; entry: Entry | undefined }[] {
    const { entries, epoch } = this.rows;
    // The feed will learn of a new epoch by itself; until then nothing can be compared.
    if (epoch !== snapshot.epoch) return [];
    // A requested id, or any id in a complete snapshot, that the snapshot does not contain is removed in the backend.
    const expected = scope !== 'all' ? scope : snapshot.partial ? [] : entries.keys();
    const ids = new Set([...snapshot.rows.keys(), ...expected]);
    return [...ids]
      .filter((id) => !snapshot.unreadable.has(id))
      .map((id) => ({ id, backend: snapshot.rows.get(id), entry: entries.get(id) }))
      .filter(({ id, backend, entry }) => this.#differs(id, backend, entry));
  }

  #differs(id: string, backend: CampaignRow | undefined, entry: Entry | undefined): boolean {
    if (entry?.unreadableSince !== undefined) return false;
    if (!backend) return entry !== undefined;
    if (!entry) return (this.rows.removed(id)?.revision ?? -1) < backend.revision;
    // A feed that is ahead of the snapshot is right.
    return (
      entry.row.revision < backend.revision ||
      (entry.row.revision === backend.revision && !deepEqual(entry.row, backend))
    );
  }

  /** What the feed has said since counts, unless it is still behind. */
  #stillDiffers(id: string, backend: CampaignRow | undefined, before: Entry | undefined): boolean {
    const entry = this.rows.entries.get(id);
    return this.#differs(id, backend, entry) && (backend !== undefined || entry === before);
  }
}

function beginning(epoch: unknown): Snapshot {
  return { epoch: typeof epoch === 'string' ? epoch : '', rows: new Map(), unreadable: new Set(), partial: false };
}

function take(snapshot: Snapshot, change: Exclude<Change<unknown>, { type: 'open' | 'synced' }>, system: string): void {
  if (change.type === 'heartbeat' || !Array.isArray(change.items)) return;
  for (const item of change.items as readonly unknown[]) {
    if (change.type === 'remove') {
      const removal = parseRemoval(item);
      if (typeof removal !== 'string') snapshot.rows.delete(removal.id);
      continue;
    }
    const parsed = parseRow(item, system);
    if (!('row' in parsed)) {
      if (parsed.id !== undefined) snapshot.unreadable.add(parsed.id);
    } else if ((snapshot.rows.get(parsed.row.id)?.revision ?? -1) <= parsed.row.revision)
      snapshot.rows.set(parsed.row.id, parsed.row);
  }
}
