import type { CampaignAdapter, CampaignRecord, Change, Position } from '../../src/adapters/index.ts';
import { readFeed } from '../../src/adapters/read-feed.ts';
import type { Tab } from './tabs.ts';

/** What a store adds to the promised heartbeat (ms). */
const SLACK_MS = 2000;
/** It waits this long (ms) before it watches again, or up to twice as long. */
const AGAIN_MS = 300;

/** It calls `watch` no more often than this, whatever happens. */
const MOST_WATCHES = 500;

/** A row, or its removal. */
interface Known {
  readonly revision: number;
  readonly row: CampaignRecord | undefined;
}

/**
 * The smallest reader that follows the contract: it folds rows by revision, resumes from its position, and watches
 * again when the feed ends or is silent. It records violations of the contract and trusts the feed otherwise.
 */
export class ReferenceReader {
  /** The feed's violations of the contract. */
  readonly problems: string[] = [];
  rows = new Map<string, Known>();
  /** It has the truth, as far as it can know. */
  live = false;
  #staged: Map<string, Known> | undefined;
  #mode: 'snapshot' | 'resume' | undefined;
  #epoch: string | undefined;
  #position: Position | undefined;
  #promisedMs = Infinity;
  #receivedAt = 0;
  #failures = 0;
  #watches = 0;
  #watch: AbortController | undefined;
  #timer: unknown;

  /**
   * @param ids the campaigns that it watches; `undefined`: all
   * @param hasty it watches again at once, in the same task, if its feed had been live
   */
  constructor(
    private readonly tab: Tab,
    private readonly adapter: CampaignAdapter<unknown>,
    private readonly system: string,
    readonly ids?: readonly string[],
    private readonly hasty = false,
  ) {
    this.#open();
  }

  /** The time (ms) since the last message. */
  get quietMs(): number {
    return this.tab.environment.monotonic() - this.#receivedAt;
  }

  /** The longest silence (ms) after which it still trusts the feed. */
  get allowedMs(): number {
    return this.#promisedMs + SLACK_MS;
  }

  /** Watches again in the same task: from scratch, or from its position. */
  resubscribe(from: 'nothing' | 'here'): void {
    if (from === 'nothing') this.#position = undefined;
    this.stop();
    this.#open();
  }

  stop(): void {
    this.live = false;
    this.#watch?.abort();
    this.#watch = undefined;
    this.tab.environment.clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  #open(): void {
    if (++this.#watches > MOST_WATCHES) {
      this.problems.push(`${MOST_WATCHES} feeds were not enough`);
      return;
    }
    const watch = (this.#watch = new AbortController());
    const since = this.#position;
    this.#mode = undefined;
    this.#staged = undefined;
    this.#promisedMs = Infinity;
    readFeed<Change<unknown>>(
      () =>
        this.adapter.watch({
          system: this.system,
          signal: watch.signal,
          ...(this.ids ? { ids: this.ids } : {}),
          ...(since ? { since } : {}),
        }),
      watch.signal,
      {
        onValue: (change) => {
          if (this.#watch === watch) this.#take(change as Change, since);
        },
        onEnd: (error) => {
          if (this.#watch === watch) this.#lost(error);
        },
      },
    );
  }

  #take(change: Change, since: Position | undefined): void {
    if ((change.type === 'open') !== (this.#mode === undefined)) this.problems.push(`${change.type} out of order`);
    this.#receivedAt = this.tab.environment.monotonic();
    switch (change.type) {
      case 'open':
        if (change.mode === 'resume' && change.epoch !== since?.epoch) this.problems.push('a resume out of the blue');
        this.#mode = change.mode;
        this.#promisedMs = change.heartbeatMs!;
        if (change.mode === 'snapshot') {
          this.#staged = new Map();
          if (this.#epoch !== change.epoch) this.#position = undefined;
        }
        this.#epoch = change.epoch!;
        break;
      case 'page':
      case 'upsert':
        for (const row of change.items) this.#put(row.id, { revision: row.revision, row });
        break;
      case 'remove':
        for (const { id, revision } of change.items) this.#put(id, { revision: revision!, row: undefined });
        break;
      case 'synced':
        if (this.live) this.problems.push('synced twice');
        if (change.partial && !this.ids) this.problems.push('a part of the rows for all of them');
        this.#synced(since);
        break;
      case 'heartbeat':
        if (!this.live && !this.#mode) this.problems.push('a heartbeat before open');
    }
    if ('cursor' in change && change.cursor && (this.live || this.#mode === 'resume'))
      this.#position = { epoch: this.#epoch!, cursor: change.cursor };
    this.#listen();
  }

  #put(id: string, known: Known): void {
    const rows = this.#staged ?? this.rows;
    if (known.revision > (rows.get(id)?.revision ?? -1)) rows.set(id, known);
  }

  #synced(since: Position | undefined): void {
    this.live = true;
    this.#failures = 0;
    const staged = this.#staged;
    this.#staged = undefined;
    if (!staged) return;
    // Within an epoch the newer row wins, and a row that was not named is removed.
    if (since?.epoch === this.#epoch)
      for (const [id, known] of staged)
        if (known.revision < (this.rows.get(id)?.revision ?? -1)) staged.set(id, this.rows.get(id)!);
    this.rows = staged;
  }

  #listen(): void {
    const { environment } = this.tab;
    environment.clearTimeout(this.#timer);
    this.#timer =
      this.#promisedMs === Infinity
        ? undefined
        : environment.setTimeout(() => this.#lost(new Error('silence')), this.allowedMs);
  }

  #lost(error: unknown): void {
    const { environment } = this.tab;
    if ((error as { code?: string } | undefined)?.code === 'expired') this.#position = undefined;
    const first = this.#failures++ === 0;
    this.stop();
    if (this.hasty && first) this.#open();
    else this.#timer = environment.setTimeout(() => this.#open(), AGAIN_MS * (1 + environment.random()));
  }
}
