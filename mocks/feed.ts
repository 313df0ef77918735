import type { CampaignRecord, CampaignRef, Change, LogEntry, WatchRequest } from '../src/adapters/contract.ts';
import { WakeSignal } from './signal.ts';
import type { CampaignTable } from './campaign-table.ts';
import type { LoggedChange } from './change-log.ts';
import type { Clock } from './clock.ts';
import type { EngineLog } from './engine-log.ts';
import type { FeedMode, FeedHandle, Network } from './network.ts';
import { AnswerError, networkLost } from './simulation-error.ts';
import type { RequestKind } from './types.ts';

/** The common part of both kinds of feed: waiting, being cut or stalled, and ending with the signal. */
class OpenFeed implements FeedHandle {
  readonly kind: RequestKind;
  readonly system: string;
  readonly injected: unknown[] = [];
  mode: FeedMode;
  readonly #wakeSignal = new WakeSignal();
  readonly #network: Network;
  readonly #signal: AbortSignal | undefined;
  readonly #onClose: () => void;

  constructor(
    network: Network,
    kind: RequestKind,
    system: string,
    signal: AbortSignal | undefined,
    onClose = (): void => {},
  ) {
    this.kind = kind;
    this.system = system;
    this.mode = network.isStalled(system) ? 'stalled' : 'open';
    this.#network = network;
    this.#signal = signal;
    this.#onClose = onClose;
    signal?.addEventListener('abort', this.#abort);
    if (!signal?.aborted) network.feeds.add(this);
  }

  readonly wake = (): void => this.#wakeSignal.wake();

  // At once, even if nobody reads: an aborted feed does not count as open.
  readonly #abort = (): void => {
    this.#detach();
    this.wake();
  };

  /** Waits for the next wake-up. */
  wait(): Promise<void> {
    return this.#wakeSignal.wait();
  }

  /** Waits until the feed may send (true) or has ended (false). @throws AnswerError if it is cut */
  async isReady(): Promise<boolean> {
    for (;;) {
      if (this.#signal?.aborted || this.mode === 'ended') return false;
      if (this.mode === 'broken') throw networkLost();
      if (this.mode === 'open') return true;
      await this.wait();
    }
  }

  close(): void {
    this.#signal?.removeEventListener('abort', this.#abort);
    this.#detach();
  }

  #detach(): void {
    this.#network.feeds.delete(this);
    this.#onClose();
  }
}

/** What a campaign feed needs. */
export interface FeedParts {
  readonly table: CampaignTable;
  readonly network: Network;
  readonly clock: Clock;
  readonly heartbeatMs: number;
  readonly pageSize: number;
  readonly epoch: () => string;
}

/** An open feed of one system. */
export class CampaignFeed implements AsyncIterable<Change> {
  readonly #parts: FeedParts;
  readonly #request: WatchRequest;
  readonly #feed: OpenFeed;
  readonly #ids: ReadonlySet<string> | undefined;
  readonly #epoch: string;
  readonly #rows: readonly CampaignRecord[];
  readonly #target: number;
  readonly #count: { partial: true } | { count: number };
  #position: number;

  /** @throws AnswerError 410 when it cannot resume from the position; 404 for an unknown system */
  constructor(parts: FeedParts, request: WatchRequest) {
    const { system, since, ids, signal } = request;
    const table = parts.table.systems.get(system);
    if (!table) throw new AnswerError(404, `There is no system "${system}" here.`);
    this.#epoch = parts.epoch();
    let position: number | undefined = table.log.head;
    if (since) {
      position = since.epoch === this.#epoch ? table.log.position(since.cursor) : undefined;
      if (position === undefined)
        throw new AnswerError(410, 'The changes after this position are no longer kept; take a new snapshot.');
    }
    this.#parts = parts;
    this.#request = request;
    this.#position = position;
    this.#ids = ids && new Set(ids);
    // Rows, count and position are read together, before anything is sent, so that they are consistent.
    this.#rows = since ? [] : parts.table.rows(system).filter((row) => this.#wants(row.id));
    this.#count = this.#ids ? { partial: true } : { count: table.entries.size };
    this.#target = table.log.head;
    this.#feed = new OpenFeed(parts.network, 'watch', system, signal, () => table.log.readers.delete(this));
    if (!signal.aborted) table.log.readers.add(this);
  }

  /** The position of the last change sent. */
  get position(): number {
    return this.#position;
  }

  get system(): string {
    return this.#request.system;
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Change, void, undefined> {
    try {
      const resume = this.#request.since !== undefined;
      if (!(await this.#feed.isReady())) return;
      yield this.#open(resume);
      for (const page of chunks(this.#rows, this.#parts.pageSize)) {
        if (!(await this.#feed.isReady())) return;
        yield { type: 'page', items: page };
      }
      for (const change of this.#missedChanges(this.#target)) {
        if (!(await this.#feed.isReady())) return;
        yield change;
      }
      if (!(await this.#feed.isReady())) return;
      yield { type: 'synced', cursor: String(this.#position), ...this.#count };
      yield* this.#live();
    } finally {
      this.#feed.close();
    }
  }

  async *#live(): AsyncGenerator<Change, void, undefined> {
    const { clock, heartbeatMs } = this.#parts;
    // More often than promised, so that a small network delay does not count as silence.
    const every = heartbeatMs * 0.6;
    let due = clock.now() + every;
    while (await this.#feed.isReady()) {
      const [change] = this.#missedChanges(this.#parts.table.system(this.system).log.head, 1);
      const injected = change ? undefined : this.#feed.injected.shift();
      if (change) yield change;
      else if (injected !== undefined) yield injected as Change;
      else if (clock.now() >= due) {
        yield { type: 'heartbeat', cursor: String(this.#position), ...this.#total(), serverTime: clock.now() };
        due = clock.now() + every;
      } else {
        const timer = clock.setTimeout(this.#feed.wake, due - clock.now());
        await this.#feed.wait();
        clock.clearTimeout(timer);
      }
    }
  }

  #open(resume: boolean): Change {
    const { clock, heartbeatMs } = this.#parts;
    return {
      type: 'open',
      contract: 1,
      mode: resume ? 'resume' : 'snapshot',
      epoch: this.#epoch,
      heartbeatMs,
      serverTime: clock.now(),
    };
  }

  /**
   * The changes up to a position, in as few messages as possible; advances the position. @throws AnswerError 410 if
   * they are no longer kept
   */
  *#missedChanges(target: number, most = Infinity): Generator<Change, void, undefined> {
    const { log } = this.#parts.table.system(this.system);
    for (let sent = 0; sent < most && this.#position < target;) {
      const changes = log.after(this.#position, this.#parts.pageSize);
      if (!changes?.length)
        throw new AnswerError(410, 'This feed is too slow: changes that it has not sent yet are no longer kept.');
      let taken = 0;
      const first = changes[0]!;
      while (taken < changes.length && this.#position + taken < target && 'row' in changes[taken]! === 'row' in first)
        taken++;
      this.#position += taken;
      const message = this.#message(changes.slice(0, taken));
      if (!message) continue;
      sent++;
      yield message;
    }
  }

  #message(changes: readonly LoggedChange[]): Change | undefined {
    const cursor = String(this.#position);
    const rows = changes.flatMap((change) => ('row' in change && this.#wants(change.row.id) ? [change.row] : []));
    if (rows.length) return { type: 'upsert', items: rows, cursor };
    const removals = changes.flatMap((change) =>
      'gone' in change && this.#wants(change.gone.id) ? [change.gone] : [],
    );
    return removals.length ? { type: 'remove', items: removals, cursor } : undefined;
  }

  #wants(id: string): boolean {
    return this.#ids?.has(id) ?? true;
  }

  #total(): { count?: number } {
    return this.#ids ? {} : { count: this.#parts.table.system(this.system).entries.size };
  }
}

/** The engine log of a campaign: the kept entries, then new ones. It ends when the campaign is removed. */
export async function* logFeed(
  parts: { readonly table: CampaignTable; readonly network: Network; readonly log: EngineLog },
  ref: CampaignRef,
  signal?: AbortSignal,
): AsyncGenerator<readonly LogEntry[], void, undefined> {
  const feed = new OpenFeed(parts.network, 'log', ref.system, signal);
  try {
    let next = 0;
    let first = true;
    while ((await feed.isReady()) && parts.table.find(ref)) {
      const read = parts.log.read(ref, next);
      if (!read) return;
      next = read.next;
      // The first value is sent even if it is empty, to show that the log was read.
      if (read.entries.length || first) yield read.entries;
      else await feed.wait();
      first = false;
    }
  } finally {
    feed.close();
  }
}

function* chunks<T>(items: readonly T[], size: number): Generator<readonly T[], void, undefined> {
  for (let from = 0; from < items.length; from += size) yield items.slice(from, from + size);
}
