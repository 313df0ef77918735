import type { Change, Feed, Position } from '../adapters/contract.ts';
import { isObservable, iterate } from '../util/iterate-feed.ts';
import { within } from './deadline.ts';
import { codeOf, formatError, formatValue } from './format-value.ts';
import { OutOfReach, RuleBroken } from './rule-errors.ts';
import { checkChange } from './schemas.ts';
import type { CaseParts } from './findings.ts';
import type { Awaitable } from './subject.ts';

/** A feed that was silent for this share of the timeout may not have been due to send anything. */
const LONG_SILENCE = 0.9;

/** How a feed ended: by itself, or by an error. */
export type FeedEnd = { readonly how: 'completed' } | { readonly how: 'failed'; readonly error: unknown };

/** A row as received: only its id has been checked. */
export type Row = Readonly<Record<string, unknown>> & { readonly id: string };

/** What a store would know after a feed: the rows of one epoch. */
export interface Known {
  readonly epoch: string;
  readonly rows: ReadonlyMap<string, Row>;
}

/** What to watch, and how. */
export interface WatchOptions {
  readonly system?: string;
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
  /** Every position received from `synced` on, with the rows known at that point. */
  readonly positions: { readonly position: Position; readonly known: Known }[] = [];
  /** What is wrong with the first message that does not fit its schema. */
  problem: string | undefined;
  /** What is wrong with the first row or removal that has an unreadable id. */
  unreadableId: string | undefined;
  end: FeedEnd | undefined;
  /** Whether the snapshot or catch-up is complete. */
  isSynced = false;
  /** Whether the feed is an Observable: then silence after the signal counts as an end. */
  isObservable = false;
  readonly #rows = new Map<string, Row>();
  readonly #removed = new Map<string, number>();
  readonly #named = new Set<string>();
  readonly #waiting = new Set<() => void>();
  readonly #controller: AbortController;
  readonly #close: () => void;
  #lastMessageAt = performance.now();
  #closed = false;
  #opened = false;

  constructor(
    private readonly context: CaseParts,
    private readonly label: string,
    private readonly options: WatchOptions = {},
  ) {
    const { adapter, trace } = context;
    const { system = context.system, ids, since, hook, controller = new AbortController() } = options;
    const { signal } = controller;
    const request = { system, ...(ids ? { ids } : {}), ...(since ? { since } : {}) };
    this.#controller = controller;
    trace.add(label, 'watches', request);
    this.#close = readFeed(
      (): Feed<Change<unknown>> => {
        const feed = adapter.watch({ ...request, signal });
        this.isObservable = isObservable(feed);
        return feed;
      },
      (value: unknown) => {
        const message = (typeof value === 'object' && value !== null ? value : {}) as Change<unknown>;
        const kind = message.type === 'heartbeat' ? 'heartbeat' : '';
        trace.add(label, signal.aborted ? 'sends after its signal' : 'sends', value, kind);
        this.#lastMessageAt = performance.now();
        this.received.push(value);
        this.messages.push(message);
        this.#validate(value, message);
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
  removalsOf(id: string): readonly Row[] {
    return this.messages.flatMap((change) => removalsIn(change).filter((removal) => removal.id === id));
  }

  /** Counts the messages by type, such as "open, 2 × page". */
  get summary(): string {
    const counts = new Map<string, number>();
    for (const { type } of this.messages) counts.set(String(type), (counts.get(String(type)) ?? 0) + 1);
    return [...counts].map(([type, n]) => (n === 1 ? type : `${n} × ${type}`)).join(', ') || 'nothing';
  }

  /**
   * Waits until `what` returns a value. It is called after each message and at the end.
   *
   * @param ms Default: `answerMs`, or less if the case has little patience
   * @returns `undefined` if that does not happen within `ms`, or before the recorder is closed
   */
  async until<T>(what: () => T | undefined | false, ms?: number): Promise<T | undefined> {
    const { timeouts, patience } = this.context;
    let check = (): void => {};
    const found = new Promise<T | undefined>((resolve) => {
      check = () => {
        const value = what();
        if (value !== undefined && value !== false) resolve(value);
        else if (this.#closed) resolve(undefined);
      };
      this.#waiting.add(check);
      check();
    });
    const value = await within(ms ?? timeouts.answerMs * patience, found, new Error('late')).catch(() => undefined);
    this.#waiting.delete(check);
    return value;
  }

  /** Waits for the first message. @throws OutOfReach if the backend can't be reached; RuleBroken if no message comes */
  async opened(): Promise<void> {
    await this.until(() => this.messages.length > 0 || !!this.end);
    if (this.messages.length > 0) return;
    this.#expectReach('The feed could not be opened');
    throw new RuleBroken(`${this.label} sent nothing${this.howItEnded}.`);
  }

  /** Waits until the snapshot or catch-up is complete or the feed ends, but not for long. */
  async settled(): Promise<void> {
    await this.until(() => this.messages.length > 0 || !!this.end);
    if (this.messages.length > 0) await this.until(() => this.isSynced || !!this.end);
  }

  /** Waits until the snapshot or catch-up is complete. @throws OutOfReach if the backend can't be reached; RuleBroken if `synced` does not come */
  async synced(): Promise<this> {
    const { findings } = this.context;
    await this.opened();
    await this.settled();
    findings.reached ||= this.isSynced;
    if (this.isSynced) return this;
    // Some adapters send `open` before they contact the backend.
    if (!findings.reached && this.#rows.size === 0) this.#expectReach('The campaigns could not be read');
    throw new RuleBroken(`${this.label} sent ${this.summary} and no \`synced\`${this.howItEnded}.`);
  }

  /**
   * Waits for a row.
   *
   * @param holds whether a row is the expected one
   * @param expected describes the expected row; `undefined`: any row will do
   * @param from index of the first message to look at
   * @throws RuleBroken if the row does not come
   */
  async waitForRow(id: string, holds: (row: Row) => boolean, expected?: string, from = 0): Promise<Row> {
    const find = (): Row | undefined => this.rowsOf(id, from).find(holds);
    await this.until(() => !!find() || !!this.end);
    const row = find();
    if (row) return row;
    const last = this.rowsOf(id).at(-1);
    throw new RuleBroken(
      expected === undefined
        ? `${this.label} sent no row of ${formatValue(id)}${this.howItEnded}.`
        : `${this.label} did not send ${formatValue(id)} with ${expected}${this.howItEnded}. The last row of that campaign: ${last ? formatValue(last) : 'none'}.`,
    );
  }

  /** Waits for the row of a campaign with this name. */
  named(id: string, name: string): Promise<Row> {
    return this.waitForRow(id, (row) => row['name'] === name, `name "${name}"`);
  }

  /** Waits for a removal. @throws RuleBroken if it does not come */
  async removal(id: string): Promise<Row> {
    await this.until(() => this.removalsOf(id).length > 0 || !!this.end);
    const removal = this.removalsOf(id).at(-1);
    if (removal) return removal;
    throw new RuleBroken(`${this.label} sent no \`remove\` of ${formatValue(id)}${this.howItEnded}.`);
  }

  /** Aborts its signal. */
  stop(): void {
    this.#controller.abort();
  }

  /** Aborts its signal, and waits for the end. */
  async stopped(): Promise<void> {
    this.stop();
    await this.ended(this.context.timeouts.stopMs);
  }

  /** Waits for the end. @returns false if it does not come in time */
  async ended(ms?: number): Promise<boolean> {
    return (await this.until(() => !!this.end, ms)) !== undefined;
  }

  /** Stops recording and closes the feed, even if it ignores its signal. */
  close(): void {
    this.#closed = true;
    this.stop();
    this.#wake();
    try {
      this.#close();
    } catch {
      // A feed that fails to stop is no longer read.
    }
  }

  /** Completes a sentence: how the feed ended, or how long the recorder waited. */
  get howItEnded(): string {
    const { answerMs } = this.context.timeouts;
    const promised = Number(this.open?.heartbeatMs);
    const silent = performance.now() - this.#lastMessageAt > answerMs * LONG_SILENCE;
    if (this.end)
      return this.end.how === 'completed' ? ', and completed' : `, and threw ${formatError(this.end.error)}`;
    return silent && promised > answerMs
      ? ` within ${answerMs} ms (it promises a message every ${promised} ms; if it polls, poll more often in the test, or raise the timeout: timeouts.answerMs, --timeout)`
      : ` within ${answerMs} ms`;
  }

  /** @throws OutOfReach if the feed ended with an error about reaching the backend */
  #expectReach(what: string): void {
    if (this.end?.how === 'failed' && isOutOfReach(this.end.error))
      throw new OutOfReach(`${what}: ${formatError(this.end.error)}`);
  }

  #wake(): void {
    for (const wake of [...this.#waiting]) wake();
  }

  #validate(value: unknown, message: Change<unknown>): void {
    const problem = checkChange(value);
    if (problem === undefined) return;
    const text = `${problem}. The message was: ${formatValue(value)}`;
    this.problem ??= text;
    const items: unknown = 'items' in message && message.items;
    if (Array.isArray(items) && !items.every(hasId)) this.unreadableId ??= text;
  }

  #fold(change: Change<unknown>): void {
    if (change.type === 'open' && !this.#opened) this.#startWith(change.mode);
    if (change.type === 'synced') {
      if (!this.isSynced && this.open?.mode !== 'resume') this.#sweep(change.partial === true);
      this.isSynced = true;
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
    if (typeof cursor === 'string' && cursor && (this.isSynced || this.open?.mode === 'resume'))
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
    const { ids } = this.options;
    for (const id of [...this.#rows.keys()])
      if (!this.#named.has(id) && (ids ? ids.includes(id) : !partial)) this.#rows.delete(id);
  }
}

/** Whether a row has one of these statuses. */
export function hasStatus(words: readonly string[]): (row: Row) => boolean {
  return (row) => words.includes(String(row['status']));
}

/** The readable rows of a message. */
export function rowsIn(change: Change<unknown>): readonly Row[] {
  return change.type === 'page' || change.type === 'upsert' ? itemsOf(change.items) : [];
}

function removalsIn(change: Change<unknown>): readonly Row[] {
  return change.type === 'remove' ? itemsOf(change.items) : [];
}

function itemsOf(items: unknown): readonly Row[] {
  return Array.isArray(items) ? items.filter(hasId) : [];
}

function hasId(item: unknown): item is Row {
  return typeof (item as { id?: unknown } | null)?.id === 'string';
}

function numberOr(value: unknown, other: number): number {
  return typeof value === 'number' && !Number.isNaN(value) ? value : other;
}

/** Whether an error is about reaching the backend rather than about the adapter. */
function isOutOfReach(error: unknown): boolean {
  const code = codeOf(error);
  if (code !== undefined) return code !== 'expired' && code !== 'protocol';
  const { name, message } = (error ?? {}) as Record<string, unknown>;
  return name === 'TypeError' && typeof message === 'string' && /fetch|network|load failed/i.test(message);
}

/**
 * Reads a feed of any shape that the contract allows until it ends. Unlike the store, it reads on after the signal aborts, because
 * the kit checks what a feed sends then.
 *
 * @param next takes a value. A feed that is pulled waits for its promise; an Observable does not.
 * @returns a function that closes the feed, as the store does after it aborts the signal
 */
export function readFeed<T>(
  open: () => Feed<T>,
  next: (value: T) => Awaitable<void>,
  onEnd: (end: FeedEnd) => void,
): () => void {
  let over = false;
  const end = (result: FeedEnd): void => {
    if (!over) onEnd(result);
    over = true;
  };
  const error = (thrown: unknown): void => end({ how: 'failed', error: thrown });
  const complete = (): void => end({ how: 'completed' });
  try {
    const feed = open();
    if (isObservable(feed)) {
      const subscription = feed.subscribe({ next: (value) => void (over || next(value)), error, complete });
      return () => subscription.unsubscribe();
    }
    const iterator = iterate(feed);
    void pull(iterator, next).then(complete, error);
    return () => void iterator.return?.()?.then(undefined, () => {});
  } catch (thrown) {
    queueMicrotask(() => error(thrown));
    return () => {};
  }
}

async function pull<T>(iterator: AsyncIterator<T>, next: (value: T) => Awaitable<void>): Promise<void> {
  for (let result = await iterator.next(); !result.done; result = await iterator.next()) await next(result.value);
}
