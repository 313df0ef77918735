import type { CampaignAdapter, CampaignRecord, Change, Feed, WatchRequest } from '../../../src/adapters/index.ts';

/** What the misbehaving adapter needs from the world. */
export interface MisbehavingAdapterOptions {
  /** The next value of the random sequence with this name. */
  nextRandom(name: string): number;
  /** Resolves when the message has passed the next leg of its way. */
  transit(what: string): Promise<void>;
  /** Resolves after this time (ms). */
  later(what: string, ms: number): Promise<void>;
  /** The cursor of the latest change. */
  head(system: string): string;
  /** The campaigns that were removed by this cursor, each with the revision of its removal. */
  removals(
    system: string,
    epoch: string,
    cursor: string,
  ): readonly { readonly id: string; readonly revision: number }[];
}

/** How often it does each of them (0 to 1). */
const OFTEN = 0.5;
/** A closed feed emits nothing later than this (ms). */
const LATEST_MS = 5000;

/**
 * An adapter that uses what the contract permits and the HTTP adapter never does: its feeds are Observables, a snapshot
 * comes in two parts, a cursor comes before the snapshot is complete, and a closed feed may emit one more change.
 */
export function misbehaving(
  adapter: CampaignAdapter<unknown>,
  world: MisbehavingAdapterOptions,
): CampaignAdapter<unknown> {
  /** For each system, the campaigns that the store may know: it must receive their removals. */
  const known = new Map<string, Set<string>>();
  const knownOf = (system: string): Set<string> => {
    const ids = known.get(system) ?? new Set();
    known.set(system, ids);
    return ids;
  };
  return {
    idempotent: adapter.idempotent ?? false,
    act: (request) => {
      knownOf(request.ref.system).add(request.ref.id);
      return adapter.act(request);
    },
    get: (ref, signal) => {
      knownOf(ref.system).add(ref.id);
      return adapter.get!(ref, signal);
    },
    reauthenticate: (signal) => adapter.reauthenticate!(signal),
    watch: (request) =>
      new MisbehavingFeed(adapter.watch(request) as AsyncIterable<Change>, request, knownOf(request.system), world),
  };
}

type Observer = Parameters<Extract<Feed<Change>, { subscribe: unknown }>['subscribe']>[0];

class MisbehavingFeed {
  readonly #emitted: Change[] = [];
  /** The second part of a snapshot that comes in two parts. */
  readonly #rest: CampaignRecord[] = [];
  /** A page of rows that arrives after this is a repeated one. */
  #whole = false;
  #epoch = '';

  constructor(
    private readonly feed: AsyncIterable<Change>,
    private readonly request: WatchRequest,
    private readonly known: Set<string>,
    private readonly world: MisbehavingAdapterOptions,
  ) {}

  subscribe(observer: Observer): { unsubscribe(): void } {
    const { signal } = this.request;
    this.#read(observer).then(
      () => signal.aborted || observer.complete(),
      (error: unknown) => signal.aborted || observer.error(error),
    );
    return {
      unsubscribe: () => {
        const late = this.#emitted[Math.floor(this.#nextRandom('place') * this.#emitted.length)];
        if (late && this.#often('late'))
          void this.world.later('late word', this.#nextRandom('how late') * LATEST_MS).then(() => observer.next(late));
      },
    };
  }

  async #read(observer: Observer): Promise<void> {
    const { signal, ids } = this.request;
    const inParts = ids === undefined && this.#often('in parts');
    for await (const change of this.feed) {
      if (signal.aborted) return;
      if (change?.type === 'open') this.#epoch = change.epoch!;
      if (change?.type === 'page' && !this.#whole) this.#page(change, inParts, observer);
      else if (change?.type === 'synced' && this.#rest.length) await this.#secondPart(change, observer);
      else this.#emit(change, observer);
      this.#whole ||= change?.type === 'synced';
    }
  }

  #page(page: Extract<Change, { type: 'page' }>, inParts: boolean, observer: Observer): void {
    if (inParts && Array.isArray(page.items)) {
      const [first, ...rest] = page.items as CampaignRecord[];
      this.#rest.push(...rest);
      this.#emit({ ...page, items: first ? [first] : [] }, observer);
    } else this.#emit(page, observer);
    if (this.#often('early')) this.#emit({ type: 'heartbeat', cursor: this.world.head(this.request.system) }, observer);
  }

  /** There is no position to resume from until the second part, with the removals, has arrived. */
  async #secondPart({ cursor }: Extract<Change, { type: 'synced' }>, observer: Observer): Promise<void> {
    const { system, signal } = this.request;
    this.#emit({ type: 'synced', partial: true }, observer);
    await this.#hop('second part');
    if (signal.aborted) return;
    const until = cursor ?? this.world.head(system);
    const removed = this.world.removals(system, this.#epoch, until).filter(({ id }) => this.known.has(id));
    this.#emit({ type: 'remove', items: removed }, observer);
    this.#emit({ type: 'upsert', items: this.#rest, ...(cursor === undefined ? {} : { cursor }) }, observer);
  }

  #emit(change: Change, observer: Observer): void {
    this.#emitted.push(change);
    if ((change?.type === 'page' || change?.type === 'upsert') && Array.isArray(change.items))
      for (const { id } of change.items as CampaignRecord[]) this.known.add(id);
    observer.next(change);
  }

  #often(what: string): boolean {
    return this.#nextRandom(what) < OFTEN;
  }

  #nextRandom(what: string): number {
    return this.world.nextRandom(`${this.request.system} ${what}`);
  }

  #hop(what: string): Promise<void> {
    return this.world.transit(`${this.request.system} ${what}`);
  }
}
