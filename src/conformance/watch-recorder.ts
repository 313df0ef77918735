import type { CampaignAdapter, Change, Feed, Position } from '../adapters/contract.ts';
import type { Findings } from './findings.ts';
import { isObservable } from '../util/iterate-feed.ts';
import { readFeed, type FeedEnd } from './read-feed.ts';
import { formatValue, formatError } from './format-value.ts';
import type { Awaitable, Timeouts } from './subject.ts';
import type { Trace } from './trace.ts';
import { Blocked, OutOfReach } from './rule-errors.ts';
import { checkChange } from './schemas.ts';
import { PARTS } from './deadline.ts';

/** The share of a timeout that is used when an earlier case waited for the same thing in vain. */
const REDUCED_WAIT = 0.1;
/** A feed that was silent for this share of the timeout may not have been due to send anything. */
const LONG_SILENCE = 0.9;

/** A row as received: only its id has been checked. */
export type Row = Readonly<Record<string, unknown>> & { readonly id: string };

/** What a store would know after a feed: the rows of one epoch. */
export interface Known {
  readonly epoch: string;
  readonly rows: ReadonlyMap<string, Row>;
}

/** What to watch, and how. */
export interface WatchOptions {
  readonly ids?: readonly string[];
  readonly since?: Position;
  /** What was known before, for a feed that resumes from there. */
  readonly base?: Known;
  /** Called with each message. A feed that is pulled waits for the returned promise. */
  readonly hook?: (change: Change<unknown>) => Awaitable<void>;
  /** Default: a controller that the case aborts. */
  readonly controller?: AbortController;
}

/** Records one feed: its messages, the rows a store would know from them, and how it ended. */
export class WatchRecorder {
  /** Every value received, in order, of any type. */
  readonly received: unknown[] = [];
  /** The same values, each made an object. */
  readonly messages: Change<unknown>[] = [];
  readonly controller: AbortController;
  /** Every position received from `synced` on, with the rows known at that point. */
  readonly positions: { readonly position: Position; readonly known: Known }[] = [];
  end: FeedEnd | undefined;
  readonly #rows = new Map<string, Row>();
  readonly #removed = new Map<string, number>();
  readonly #named = new Set<string>();
  readonly #waiting = new Set<() => void>();
  readonly #label: string;
  readonly #timeouts: Timeouts;
  readonly #findings: Findings;
  readonly #close: () => void;
  #unreadableId: string | undefined;
  #lastMessageAt = performance.now();
  #closed = false;
  #observable = false;
  #opened = false;
  #synced = false;

  constructor(
    adapter: CampaignAdapter<unknown>,
    system: string,
    label: string,
    private readonly options: WatchOptions & {
      /** The rule that is broken if the feed sends nothing. */
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
        trace.add(label, signal.aborted ? 'sends after its signal' : 'sends', change, kind);
        this.#lastMessageAt = performance.now();
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

  /** The first `open`. */
  get open(): Extract<Change<unknown>, { type: 'open' }> | undefined {
    return this.messages.find((change) => change.type === 'open');
  }

  /** Whether the snapshot or catch-up is complete. */
  get isSynced(): boolean {
    return this.#synced;
  }

  get epoch(): string {
    const epoch: unknown = this.open?.epoch;
    return typeof epoch === 'string' ? epoch : '';
  }

  /** The latest position, if the feed sent a cursor. */
  get position(): Position | undefined {
    return this.positions.at(-1)?.position;
  }

  /** What a store would know now. */
  get known(): Known {
    return { epoch: this.epoch, rows: new Map(this.#rows) };
  }

  row(id: string): Row | undefined {
    return this.#rows.get(id);
  }

  /** Every row received for a campaign, in order, including those a store ignores as old. @param from index of the first message to look at */
  rowsOf(id: string, from = 0): readonly Row[] {
    return this.messages.slice(from).flatMap((change) => rowsIn(change).filter((row) => row.id === id));
  }

  /** The removals received for a campaign. */
  removalsOf(id: string, from = 0): readonly { readonly id: string; readonly revision?: unknown }[] {
    return this.messages.slice(from).flatMap((change) => removalsIn(change).filter((removal) => removal.id === id));
  }

  /** What is wrong with the first row or removal that has an unreadable id. */
  get unreadableId(): string | undefined {
    return this.#unreadableId;
  }

  /**
   * Waits until `what` returns a value. It is called after each message and at the end.
   *
   * @returns `undefined` if that does not happen within `ms`, or before the recorder is closed
   */
  async until<T>(what: () => T | undefined | false, ms: number = this.#timeouts.answerMs): Promise<T | undefined> {
    const part = ms / PARTS;
    for (let waited = 0; ;) {
      const found = what();
      if (found !== undefined && found !== false) return found;
      // What is waited for may have come with an unreadable id.
      const inVain = this.#unreadableId !== undefined && this.#findings.failed.has('feed-schema');
      const left = (inVain ? ms * REDUCED_WAIT : ms) - waited;
      if (left <= 0 || this.#closed) return undefined;
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

  /** Waits for the first message. @throws OutOfReach if the backend can't be reached; Blocked if no message comes */
  async opened(): Promise<void> {
    const { by } = this.options;
    await this.#await(by, () => this.messages.length > 0 || !!this.end);
    if (this.messages.length > 0) return;
    if (this.end?.how === 'failed' && isOutOfReach(this.end.error))
      throw new OutOfReach(`The feed could not be opened: ${formatError(this.end.error)}`);
    throw new Blocked(by, `${this.#label} sent nothing${this.howItEnded}.`);
  }

  /** Waits until the snapshot or catch-up is complete or the feed ends, but not longer than `answerMs`. */
  async settled(): Promise<void> {
    const over = (): boolean => this.#synced || !!this.end;
    await this.#await(this.options.by, () => this.messages.length > 0 || over());
    if (this.messages.length > 0) await this.#await('feed-synced', over);
  }

  /** Waits until the snapshot or catch-up is complete. @throws OutOfReach if the backend can't be reached; Blocked if `synced` does not come */
  async synced(): Promise<this> {
    await this.opened();
    await this.settled();
    if (this.#synced) {
      this.#findings.reached = true;
      return this;
    }
    // Some adapters send `open` before they contact the backend.
    if (!this.#findings.reached && this.#rows.size === 0 && this.end?.how === 'failed' && isOutOfReach(this.end.error))
      throw new OutOfReach(`The campaigns could not be read: ${formatError(this.end.error)}`);
    throw new Blocked(
      'feed-synced',
      `${this.#label} sent ${summary(this.messages)} and no \`synced\`${this.howItEnded}.`,
    );
  }

  /**
   * Waits for a row.
   *
   * @param holds whether a row is the expected one
   * @param expected describes the expected row; `undefined`: any row will do
   * @param options `by`: the rule that requires the row. `from`: index of the first message to look at.
   * @throws Blocked by that rule if the row does not come
   */
  async waitForRow(
    id: string,
    holds: (row: Row) => boolean,
    expected?: string,
    { from = 0, by = 'change-reported' }: { from?: number; by?: string } = {},
  ): Promise<Row> {
    const find = (): Row | undefined => this.rowsOf(id, from).find(holds);
    await this.#await(by, () => !!find() || !!this.end);
    const row = find();
    if (row) return row;
    const last = this.rowsOf(id).at(-1);
    throw new Blocked(
      by,
      expected === undefined
        ? `${this.#label} sent no row of ${formatValue(id)}${this.howItEnded}.`
        : `${this.#label} did not send ${formatValue(id)} with ${expected}${this.howItEnded}. The last row of that campaign: ${last ? formatValue(last) : 'none'}.`,
    );
  }

  /** Waits for a removal. @throws Blocked if it does not come */
  async waitForRemoval(id: string, from = 0): Promise<void> {
    await this.#await('removal-reported', () => this.removalsOf(id, from).length > 0 || !!this.end);
    if (this.removalsOf(id, from).length > 0) return;
    throw new Blocked('removal-reported', `${this.#label} sent no \`remove\` of ${formatValue(id)}${this.howItEnded}.`);
  }

  /** Whether the feed is an Observable: then silence after the signal counts as an end. */
  get isObservable(): boolean {
    return this.#observable;
  }

  /** Aborts its signal. */
  stop(): void {
    this.controller.abort();
  }

  /** Waits for the end. @returns false if it does not come within `ms` */
  async ended(ms: number): Promise<boolean> {
    return (await this.until(() => !!this.end, ms)) !== undefined;
  }

  /** Stops recording and closes the feed, even if it ignores its signal. */
  close(): void {
    this.#closed = true;
    this.controller.abort();
    this.#wake();
    try {
      this.#close();
    } catch {
      // A feed that fails to stop is no longer read.
    }
  }

  /** Completes a sentence: how the feed ended, or how long the recorder waited. */
  get howItEnded(): string {
    const { answerMs } = this.#timeouts;
    const promised = Number(this.open?.heartbeatMs);
    const silent = performance.now() - this.#lastMessageAt > answerMs * LONG_SILENCE;
    if (!this.end && silent && promised > answerMs)
      return ` within ${answerMs} ms (it promises a message every ${promised} ms; if it polls, poll more often in the test, or raise the timeout: timeouts.answerMs, --timeout)`;
    if (!this.end) return ` within ${answerMs} ms`;
    return this.end.how === 'completed' ? ', and completed' : `, and threw ${formatError(this.end.error)}`;
  }

  /** Waits for what the rule `by` requires; only briefly if that rule is known to be broken. */
  async #await(by: string, what: () => boolean): Promise<void> {
    const { answerMs } = this.#timeouts;
    await this.until(what, this.#findings.failed.has(by) ? answerMs * REDUCED_WAIT : answerMs);
  }

  #wake(): void {
    for (const wake of [...this.#waiting]) wake();
  }

  #fold(change: Change<unknown>): void {
    if (hasUnreadableId(change))
      this.#unreadableId ??= `${checkChange(change)}. The message was: ${formatValue(change)}`;
    if (change.type === 'open') {
      if (!this.#opened) this.#startWith(change.mode);
    } else if (change.type === 'synced') {
      this.#sweep(change.partial === true);
      this.#synced = true;
    }
    for (const row of rowsIn(change)) this.#apply(row);
    for (const { id, revision } of removalsIn(change)) {
      const known = numberOr(this.#rows.get(id)?.['revision'], -1);
      const at = numberOr(revision, known);
      if (at < known) continue;
      this.#rows.delete(id);
      this.#named.delete(id);
      this.#removed.set(id, at);
    }
    const cursor = 'cursor' in change ? change.cursor : undefined;
    const resumes = this.open?.mode === 'resume';
    if (typeof cursor === 'string' && cursor && (this.#synced || resumes))
      this.positions.push({ position: { epoch: this.epoch, cursor }, known: this.known });
  }

  /** Keeps the rows known before if the epoch is the same, as the store does. */
  #startWith(mode: unknown): void {
    this.#opened = true;
    const { base } = this.options;
    if (base && (mode === 'resume' || base.epoch === this.epoch))
      for (const [id, row] of base.rows) this.#rows.set(id, row);
  }

  #apply(row: Row): void {
    this.#named.add(row.id);
    const revision = numberOr(row['revision'], Infinity);
    if (revision < numberOr(this.#rows.get(row.id)?.['revision'], -1)) return;
    if (revision <= (this.#removed.get(row.id) ?? -1)) return;
    this.#removed.delete(row.id);
    this.#rows.set(row.id, row);
  }

  /** Removes the rows that a complete snapshot did not name. */
  #sweep(partial: boolean): void {
    if (this.#synced || this.open?.mode === 'resume') return;
    const scope = this.options.ids && new Set(this.options.ids);
    const covers = (id: string): boolean => (scope ? scope.has(id) : !partial);
    for (const id of [...this.#rows.keys()]) if (!this.#named.has(id) && covers(id)) this.#rows.delete(id);
  }
}

/** Turns a value that is not an object into an empty message. */
function readable(change: unknown): Change<unknown> {
  return (typeof change === 'object' && change !== null ? change : {}) as Change<unknown>;
}

/** Whether a row has one of these statuses. */
export function hasStatus(words: readonly string[]): (row: Row) => boolean {
  return (row) => words.includes(String(row['status']));
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

/** Whether a message has an item with an unreadable id. */
function hasUnreadableId(change: Change<unknown>): boolean {
  const items: unknown = 'items' in change ? change.items : undefined;
  return Array.isArray(items) && !items.every(hasId);
}

function numberOr(value: unknown, other: number): number {
  return typeof value === 'number' && !Number.isNaN(value) ? value : other;
}

/** Counts messages by type, such as "open, 2 × page". */
export function summary(messages: readonly Change<unknown>[]): string {
  const counts = new Map<string, number>();
  for (const message of messages) {
    const type = String(message.type);
    counts.set(type, (counts.get(type) ?? 0) + 1);
  }
  return [...counts].map(([type, n]) => (n === 1 ? type : `${n} × ${type}`)).join(', ') || 'nothing';
}

/** Whether an error is about reaching the backend rather than about the adapter. */
function isOutOfReach(error: unknown): boolean {
  const { name, code, message } = (error ?? {}) as Record<string, unknown>;
  if (name === 'AdapterError') return code !== 'expired' && code !== 'protocol';
  return name === 'TypeError' && typeof message === 'string' && /fetch|network|load failed/i.test(message);
}
