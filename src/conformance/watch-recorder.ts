import type { CampaignAdapter, Change, Feed, Position } from '../adapters/contract.ts';
import type { Findings } from './findings.ts';
import { isObservable, readFeed, type FeedEnd } from './read-feed.ts';
import { formatValue, formatError } from './format-value.ts';
import type { Awaitable, Timeouts } from './subject.ts';
import type { Trace } from './trace.ts';
import { Blocked, OutOfReach } from './rule-errors.ts';
import { checkChange } from './schemas.ts';
import { PARTS } from './deadline.ts';

/** This much of the usual timeout is left for what has been waited for in vain before. */
const HOPELESS = 0.1;
/** A feed that was silent for this much of it may have had no chance to speak. */
const MOST = 0.9;

/** A row as it came: nothing but its id is taken for granted. */
export type Row = Readonly<Record<string, unknown>> & { readonly id: string };

/** What is known after some feed: the rows of one epoch. */
export interface Known {
  readonly epoch: string;
  readonly rows: ReadonlyMap<string, Row>;
}

/** What to watch, and how. */
export interface WatchOptions {
  readonly ids?: readonly string[];
  readonly since?: Position;
  /** What was known before, for a feed that goes on from there. */
  readonly base?: Known;
  /** Called with each message; a feed that is pulled goes on once its promise has settled. */
  readonly hook?: (change: Change<unknown>) => Awaitable<void>;
  /** Default: one that the case aborts. */
  readonly controller?: AbortController;
}

/** One feed as it is being read: what it said, what is known by it, and how it ended. */
export class WatchRecorder {
  /** Everything it said, in order, whatever it is. */
  readonly received: unknown[] = [];
  /** The same, each surely an object. */
  readonly messages: Change<unknown>[] = [];
  readonly controller: AbortController;
  /** Every position it gave from `synced` on, with what was known there. */
  readonly positions: { readonly position: Position; readonly known: Known }[] = [];
  end: FeedEnd | undefined;
  readonly #rows = new Map<string, Row>();
  readonly #gone = new Map<string, number>();
  readonly #named = new Set<string>();
  readonly #waiting = new Set<() => void>();
  readonly #label: string;
  readonly #timeouts: Timeouts;
  readonly #findings: Findings;
  readonly #close: () => void;
  #nameless: string | undefined;
  #heardAt = performance.now();
  #givenUp = false;
  #observable = false;
  #begun = false;
  #synced = false;

  constructor(
    adapter: CampaignAdapter<unknown>,
    system: string,
    label: string,
    private readonly options: WatchOptions & {
      /** The rule that is broken if it says nothing. */
      readonly by: string;
    },
    parts: { readonly trace: Trace; readonly timeouts: Timeouts; readonly findings: Findings },
  ) {
    const { trace, timeouts, findings } = parts;
    const { ids, since, hook } = options;
    this.#findings = findings;
    this.#label = label;
    this.#timeouts = timeouts;
    this.controller = options.controller ?? new AbortController();
    const { signal } = this.controller;
    trace.add(label, 'watches', { system, ...(ids ? { ids } : {}), ...(since ? { since } : {}) });
    this.#close = readFeed(
      (): Feed<Change<unknown>> => {
        const feed = adapter.watch({ system, signal, ...(ids ? { ids } : {}), ...(since ? { since } : {}) });
        this.#observable = isObservable(feed);
        return feed;
      },
      (change) => {
        const message = readable(change);
        const kind = message.type === 'heartbeat' ? 'heartbeat' : '';
        trace.add(label, signal.aborted ? 'says after its signal' : 'says', change, kind);
        this.#heardAt = performance.now();
        this.received.push(change);
        this.messages.push(message);
        this.#fold(message);
        this.#wake();
        return hook?.(message);
      },
      (end) => {
        trace.add(label, end.how === 'completed' ? 'completes' : `throws ${formatError(end.error)}`);
        this.end = end;
        this.#wake();
      },
    );
  }

  /** How it opened. */
  get open(): Extract<Change<unknown>, { type: 'open' }> | undefined {
    return this.messages.find((change) => change.type === 'open');
  }

  /** Whether its snapshot or catch-up is over. */
  get isSynced(): boolean {
    return this.#synced;
  }

  get epoch(): string {
    const epoch: unknown = this.open?.epoch;
    return typeof epoch === 'string' ? epoch : '';
  }

  /** Where to go on, if it gave a cursor. */
  get position(): Position | undefined {
    return this.positions.at(-1)?.position;
  }

  /** What a store would know by now. */
  get known(): Known {
    return { epoch: this.epoch, rows: new Map(this.#rows) };
  }

  row(id: string): Row | undefined {
    return this.#rows.get(id);
  }

  /** Every row told of a campaign, in order, also those that a store ignores as old. @param from index of the first message that counts */
  rowsOf(id: string, from = 0): readonly Row[] {
    return this.messages.slice(from).flatMap((change) => rowsIn(change).filter((row) => row.id === id));
  }

  /** The removals told of a campaign. */
  removalsOf(id: string, from = 0): readonly { readonly id: string; readonly revision?: unknown }[] {
    return this.messages.slice(from).flatMap((change) => removalsIn(change).filter((removal) => removal.id === id));
  }

  /** What is wrong with the first thing told of a campaign whose id can't be read. */
  get nameless(): string | undefined {
    return this.#nameless;
  }

  /**
   * Waits until something holds; looked at after each message and at the end.
   *
   * @returns `undefined` if it does not within `ms`, or before the feed is given up
   */
  async until<T>(what: () => T | undefined | false, ms: number = this.#timeouts.answerMs): Promise<T | undefined> {
    const part = ms / PARTS;
    for (let waited = 0; ;) {
      const found = what();
      if (found !== undefined && found !== false) return found;
      // Whatever is waited for may have come under no name.
      const inVain = this.#nameless !== undefined && this.#findings.failed.has('feed-schema');
      const left = (inVain ? ms * HOPELESS : ms) - waited;
      if (left <= 0 || this.#givenUp) return undefined;
      const began = performance.now();
      await new Promise<void>((resolve) => {
        const done = (): void => {
          clearTimeout(timer);
          this.#waiting.delete(done);
          resolve();
        };
        const timer = setTimeout(done, Math.ceil(Math.min(left, part)));
        this.#waiting.add(done);
      });
      waited += Math.min(performance.now() - began, part);
    }
  }

  /** Waits for its first message. @throws OutOfReach if the backend can't be reached; Blocked if nothing was said */
  async opened(): Promise<void> {
    const { by } = this.options;
    await this.#await(by, () => this.messages.length > 0 || !!this.end);
    if (this.messages.length > 0) return;
    if (this.end?.how === 'failed' && isOutOfReach(this.end.error))
      throw new OutOfReach(`The feed could not be opened: ${formatError(this.end.error)}`);
    throw new Blocked(by, `${this.#label} said nothing${this.howItEnded}.`);
  }

  /** Waits until its snapshot or catch-up is over, or it has ended, or neither comes. */
  async settled(): Promise<void> {
    const over = (): boolean => this.#synced || !!this.end;
    await this.#await(this.options.by, () => this.messages.length > 0 || over());
    if (this.messages.length > 0) await this.#await('feed-synced', over);
  }

  /** Waits for the end of its snapshot or catch-up. @throws OutOfReach if the backend can't be reached; Blocked if it does not come */
  async synced(): Promise<this> {
    await this.opened();
    await this.settled();
    if (this.#synced) {
      this.#findings.reached = true;
      return this;
    }
    // Some adapters open a feed before they ask the backend.
    if (!this.#findings.reached && this.#rows.size === 0 && this.end?.how === 'failed' && isOutOfReach(this.end.error))
      throw new OutOfReach(`The campaigns could not be read: ${formatError(this.end.error)}`);
    throw new Blocked(
      'feed-synced',
      `${this.#label} said ${summary(this.messages)} and no \`synced\`${this.howItEnded}.`,
    );
  }

  /**
   * Waits until it has told a row.
   *
   * @param holds what the row must be like
   * @param expected that, in words; `undefined`: any row will do
   * @param options `by`: the rule that says it must be told. `from`: index of the first message that counts.
   */
  async told(
    id: string,
    holds: (row: Row) => boolean,
    expected?: string,
    { from = 0, by = 'change-told' }: { from?: number; by?: string } = {},
  ): Promise<Row> {
    const find = (): Row | undefined => this.rowsOf(id, from).find(holds);
    await this.#await(by, () => !!find() || !!this.end);
    const row = find();
    if (row) return row;
    const last = this.rowsOf(id).at(-1);
    throw new Blocked(
      by,
      expected === undefined
        ? `${this.#label} told no row of ${formatValue(id)}${this.howItEnded}.`
        : `${this.#label} did not tell ${formatValue(id)} with ${expected}${this.howItEnded}; the last row it told of it: ${last ? formatValue(last) : 'none'}.`,
    );
  }

  /** Waits until it has told a removal. */
  async toldGone(id: string, from = 0): Promise<void> {
    await this.#await('removal-told', () => this.removalsOf(id, from).length > 0 || !!this.end);
    if (this.removalsOf(id, from).length > 0) return;
    throw new Blocked('removal-told', `${this.#label} told no \`remove\` of ${formatValue(id)}${this.howItEnded}.`);
  }

  /** Whether it is subscribed to: then nobody can tell silence from an end. */
  get isObservable(): boolean {
    return this.#observable;
  }

  /** Aborts its signal. */
  stop(): void {
    this.controller.abort();
  }

  /** Whether it ended within `ms`. */
  async ended(ms: number): Promise<boolean> {
    return (await this.until(() => !!this.end, ms)) !== undefined;
  }

  /** Gives it up, whatever it does. */
  giveUp(): void {
    this.#givenUp = true;
    this.controller.abort();
    this.#wake();
    try {
      this.#close();
    } catch {
      // What fails to stop can't hurt any more.
    }
  }

  /** For sentences: how it ended, or how long was waited. */
  get howItEnded(): string {
    const { answerMs } = this.#timeouts;
    const promised = Number(this.open?.heartbeatMs);
    const silent = performance.now() - this.#heardAt > answerMs * MOST;
    if (!this.end && silent && promised > answerMs)
      return ` within ${answerMs} ms (it promises a message every ${promised} ms; if it polls, let it poll more often in the test, or wait longer: timeouts.answerMs, --timeout)`;
    if (!this.end) return ` within ${answerMs} ms`;
    return this.end.how === 'completed' ? ', and completed' : `, and threw ${formatError(this.end.error)}`;
  }

  /** Waits for what a rule says. Where that rule is known to be broken, not for long. */
  async #await(by: string, what: () => boolean): Promise<void> {
    const { answerMs } = this.#timeouts;
    await this.until(what, this.#findings.failed.has(by) ? answerMs * HOPELESS : answerMs);
  }

  #wake(): void {
    for (const wake of [...this.#waiting]) wake();
  }

  #fold(change: Change<unknown>): void {
    if (isNameless(change)) this.#nameless ??= `${checkChange(change)}. The message was: ${formatValue(change)}`;
    if (change.type === 'open') {
      if (!this.#begun) this.#begin(change.mode);
    } else if (change.type === 'synced') {
      this.#sweep(change.partial === true);
      this.#synced = true;
    }
    for (const row of rowsIn(change)) this.#take(row);
    for (const { id, revision } of removalsIn(change)) {
      const known = numberOr(this.#rows.get(id)?.['revision'], -1);
      const at = numberOr(revision, known);
      if (at < known) continue;
      this.#rows.delete(id);
      this.#named.delete(id);
      this.#gone.set(id, at);
    }
    const cursor = 'cursor' in change ? change.cursor : undefined;
    const resumes = this.open?.mode === 'resume';
    if (typeof cursor === 'string' && cursor && (this.#synced || resumes))
      this.positions.push({ position: { epoch: this.epoch, cursor }, known: this.known });
  }

  /** What was known stays for a feed of the same epoch, as in the store. */
  #begin(mode: unknown): void {
    this.#begun = true;
    const { base } = this.options;
    if (base && (mode === 'resume' || base.epoch === this.epoch))
      for (const [id, row] of base.rows) this.#rows.set(id, row);
  }

  #take(row: Row): void {
    this.#named.add(row.id);
    const revision = numberOr(row['revision'], Infinity);
    if (revision < numberOr(this.#rows.get(row.id)?.['revision'], -1)) return;
    if (revision <= (this.#gone.get(row.id) ?? -1)) return;
    this.#gone.delete(row.id);
    this.#rows.set(row.id, row);
  }

  /** A complete snapshot takes away what it did not name. */
  #sweep(partial: boolean): void {
    if (this.#synced || this.open?.mode === 'resume') return;
    const scope = this.options.ids && new Set(this.options.ids);
    const vouchedFor = (id: string): boolean => (scope ? scope.has(id) : !partial);
    for (const id of [...this.#rows.keys()]) if (!this.#named.has(id) && vouchedFor(id)) this.#rows.delete(id);
  }
}

/** What is no object has no type, and says nothing. */
function readable(change: unknown): Change<unknown> {
  return (typeof change === 'object' && change !== null ? change : {}) as Change<unknown>;
}

/** The readable rows of a message. */
export function rowsIn(change: Change<unknown>): readonly Row[] {
  if (change.type !== 'page' && change.type !== 'upsert') return [];
  return itemsOf(change.items) as Row[];
}

function removalsIn(change: Change<unknown>): readonly { readonly id: string; readonly revision?: unknown }[] {
  return change.type === 'remove' ? (itemsOf(change.items) as { id: string }[]) : [];
}

function itemsOf(items: unknown): unknown[] {
  return Array.isArray(items) ? items.filter(hasId) : [];
}

function hasId(item: unknown): boolean {
  return typeof (item as { id?: unknown } | null)?.id === 'string';
}

/** Whether it tells of something that nobody can put a name to. */
function isNameless(change: Change<unknown>): boolean {
  const items: unknown = 'items' in change ? change.items : undefined;
  return Array.isArray(items) && !items.every(hasId);
}

function numberOr(value: unknown, other: number): number {
  return typeof value === 'number' && !Number.isNaN(value) ? value : other;
}

/** Such as "open, 2 × page": what came before something was missed. */
export function summary(messages: readonly Change<unknown>[]): string {
  const counts = new Map<string, number>();
  for (const message of messages) {
    const type = String(message.type);
    counts.set(type, (counts.get(type) ?? 0) + 1);
  }
  return [...counts].map(([type, n]) => (n === 1 ? type : `${n} × ${type}`)).join(', ') || 'nothing';
}

/** Errors that tell of the way to the backend, and not of the adapter. */
function isOutOfReach(error: unknown): boolean {
  const { name, code, message } = (error ?? {}) as Record<string, unknown>;
  if (name === 'AdapterError') return code !== 'expired' && code !== 'protocol';
  return name === 'TypeError' && typeof message === 'string' && /fetch|network|load failed/i.test(message);
}
