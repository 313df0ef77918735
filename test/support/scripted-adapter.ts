import type {
  ActRequest,
  ActResult,
  CampaignAdapter,
  CampaignRecord,
  CampaignRef,
  Change,
  Dependency,
  Feed,
  HistoryPage,
  LogEntry,
  Reading,
  WatchRequest,
} from '../../src/adapters/index.ts';

/** A feed that emits what the test gives it. */
export class ScriptedFeed<T> {
  #observer: { next(value: T): void; error(error: unknown): void; complete(): void } | undefined;
  /** It was unsubscribed from. */
  unsubscribed = false;

  constructor(readonly signal: AbortSignal) {}

  readonly feed: Feed<T> = {
    subscribe: (observer) => {
      this.#observer = observer;
      return { unsubscribe: () => void (this.unsubscribed = true) };
    },
  };

  /** True until the reader aborts it. */
  get open(): boolean {
    return !this.signal.aborted;
  }

  push(...values: readonly T[]): void {
    for (const value of values) this.#observer!.next(value);
  }

  /** Ends cleanly. */
  end(): void {
    this.#observer!.complete();
  }

  fail(error: unknown = new Error('connection reset')): void {
    this.#observer!.error(error);
  }
}

/** The parts of a snapshot besides its rows. */
export interface SnapshotOptions {
  readonly epoch?: string;
  readonly cursor?: string;
  readonly heartbeatMs?: number;
  readonly serverTime?: number;
  readonly partial?: boolean;
  readonly count?: number;
}

/** One call of `watch`. */
export class ScriptedWatch extends ScriptedFeed<unknown> {
  #cursor = 0;

  constructor(readonly request: WatchRequest) {
    super(request.signal);
  }

  opens(
    { epoch = 'e1', heartbeatMs = 5000, serverTime }: SnapshotOptions = {},
    mode: 'snapshot' | 'resume' = 'snapshot',
  ) {
    this.push({ type: 'open', mode, epoch, heartbeatMs, ...(serverTime === undefined ? {} : { serverTime }) });
  }

  /** Emits a complete snapshot. */
  snapshot(rows: readonly unknown[], options: SnapshotOptions = {}): void {
    this.opens(options);
    this.push({ type: 'page', items: rows });
    this.syncs(options);
  }

  /** Emits a complete catch-up. */
  resumes(rows: readonly unknown[] = [], options: SnapshotOptions = {}): void {
    this.opens(options, 'resume');
    if (rows.length) this.upsert(...rows);
    this.syncs(options);
  }

  syncs({ cursor = this.#next(), partial, count }: SnapshotOptions = {}): void {
    this.push({
      type: 'synced',
      cursor,
      ...(partial === undefined ? {} : { partial }),
      ...(count === undefined ? {} : { count }),
    });
  }

  upsert(...rows: readonly unknown[]): void {
    this.push({ type: 'upsert', items: rows, cursor: this.#next() });
  }

  remove(id: string, revision?: number, reason?: string): void {
    const item = { id, ...(revision === undefined ? {} : { revision }), ...(reason === undefined ? {} : { reason }) };
    this.push({ type: 'remove', items: [item], cursor: this.#next() });
  }

  heartbeat(more: { cursor?: string; count?: number; serverTime?: number } = {}): void {
    this.push({ type: 'heartbeat', ...more });
  }

  #next(): string {
    return `c${++this.#cursor}`;
  }
}

/** One request that waits for the test to answer it. */
export class PendingRequest<Request, Answer> {
  readonly promise: Promise<Answer>;
  answer!: (answer: Answer) => void;
  fail!: (error: unknown) => void;

  constructor(readonly request: Request) {
    this.promise = new Promise<Answer>((resolve, reject) => {
      this.answer = resolve;
      this.fail = reject;
    });
  }
}

/** Records the requests of a store, and answers them when the test says so. */
export class ScriptedAdapter implements CampaignAdapter<unknown> {
  idempotent = true;
  readonly watches: ScriptedWatch[] = [];
  readonly acts: PendingRequest<ActRequest, ActResult<unknown>>[] = [];
  readonly gets: (PendingRequest<CampaignRef, Reading<unknown> | undefined> & { signal?: AbortSignal })[] = [];
  readonly diagnoses: (PendingRequest<CampaignRef, readonly Dependency[]> & { signal?: AbortSignal })[] = [];
  readonly histories: (PendingRequest<{ ref: CampaignRef; before?: string; limit: number }, HistoryPage> & {
    signal?: AbortSignal;
  })[] = [];
  readonly logs: ScriptedFeed<readonly LogEntry[]>[] = [];
  readonly signIns: PendingRequest<undefined, void>[] = [];
  /** Thrown by the next calls of `watch`, one each. */
  readonly watchThrows: unknown[] = [];

  watch(request: WatchRequest): Feed<Change<unknown>> {
    const watch = new ScriptedWatch(request);
    this.watches.push(watch);
    if (this.watchThrows.length) throw this.watchThrows.shift();
    return watch.feed as Feed<Change<unknown>>;
  }

  act(request: ActRequest): Promise<ActResult<unknown>> {
    const question = new PendingRequest<ActRequest, ActResult<unknown>>(request);
    this.acts.push(question);
    return question.promise;
  }

  get?(ref: CampaignRef, signal: AbortSignal): Promise<Reading<unknown> | undefined> {
    const question: (typeof this.gets)[number] = new PendingRequest(ref);
    question.signal = signal;
    this.gets.push(question);
    return question.promise;
  }

  diagnose?(ref: CampaignRef, signal: AbortSignal): Promise<readonly Dependency[]> | Feed<readonly Dependency[]> {
    const question: (typeof this.diagnoses)[number] = new PendingRequest(ref);
    question.signal = signal;
    this.diagnoses.push(question);
    return question.promise;
  }

  log?(_ref: CampaignRef, signal: AbortSignal): Feed<readonly LogEntry[]> {
    const feed = new ScriptedFeed<readonly LogEntry[]>(signal);
    this.logs.push(feed);
    return feed.feed;
  }

  history?(
    ref: CampaignRef,
    page: { readonly before?: string; readonly limit: number },
    signal: AbortSignal,
  ): Promise<HistoryPage> {
    const question: (typeof this.histories)[number] = new PendingRequest({ ref, ...page });
    question.signal = signal;
    this.histories.push(question);
    return question.promise;
  }

  reauthenticate?(): Promise<void> {
    const question = new PendingRequest<undefined, void>(undefined);
    this.signIns.push(question);
    return question.promise;
  }

  /** The latest call of `watch`. */
  get feed(): ScriptedWatch {
    return this.watches.at(-1)!;
  }

  /** Feeds that have not been aborted. */
  get openFeeds(): number {
    return this.watches.filter((watch) => watch.open).length;
  }
}

/** A row as an adapter sends it. */
export function row(id: string, status: string, revision = 1, more: Partial<CampaignRecord> = {}): CampaignRecord {
  return { id, status, revision, ...more };
}
