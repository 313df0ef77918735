import { Observable, type Subscriber } from 'rxjs';
import { deepEqual } from '../../util/deep-equal.ts';
import type { Environment, Live } from '../types.ts';

/** What a {@link Live} shows. */
export interface ValueSource<T extends object> {
  /** Computes the present value, from the latest one if that helps. Called when something was marked, never per observer. */
  read(before?: T): T;
  /** True if two values are the same to an observer. Default: deep equality. */
  equal?(a: T, b: T): boolean;
  /** The first observer came. */
  start?(): void;
  /** The last observer left. */
  stop?(): void;
}

/**
 * One value that can be read and observed. It keeps its reference until something changed, notifies its observers once per frame, and
 * is found again under its key while anyone observes it.
 */
class ObservableValue<T extends object> extends Observable<T> implements Live<T> {
  readonly #observers = new Set<Subscriber<T>>();
  #value: T | undefined;
  #notified: T | undefined;

  constructor(
    private readonly notifier: Notifier,
    readonly group: string,
    readonly key: string,
    private readonly valueSource: ValueSource<T>,
  ) {
    super((subscriber) => this.#present().#attach(subscriber));
  }

  get value(): T {
    const present = this.#present();
    // While it is observed, it is what observers were given: all that is read in one frame agrees.
    if (present.#observers.size === 0) {
      present.#recall();
      present.refresh();
    }
    return present.#value as T;
  }

  /** Computes the value again. @returns whether it changed */
  refresh(): boolean {
    const before = this.#value;
    const next = this.valueSource.read(before);
    const same = before !== undefined && (this.valueSource.equal ?? deepEqual)(next, before);
    this.#value = same ? before : next;
    if (!same && this.#observers.size === 0) this.notifier.remember(this, next);
    return !same;
  }

  /** Notifies the observers, once. Over a copy: one may leave, come, or request an action meanwhile. */
  notify(): void {
    if (this.#notified === this.#value) return;
    const value = (this.#notified = this.#value) as T;
    for (const observer of [...this.#observers]) {
      // An observer requested an action, which notified all observers of a newer value.
      if (this.#notified !== value) return;
      observer.next(value);
    }
  }

  complete(): void {
    for (const observer of [...this.#observers]) observer.complete();
  }

  /** Goes on from what was read last under this key, by whichever Live. */
  #recall(): void {
    this.#value = (this.notifier.recall(this) as T | undefined) ?? this.#value;
  }

  /** The one that is observed under this key, if there is one. */
  #present(): ObservableValue<T> {
    return this.notifier.observed<T>(this.group, this.key) ?? this;
  }

  #attach(subscriber: Subscriber<T>): () => void {
    if (this.notifier.closed) {
      subscriber.next(this.value);
      subscriber.complete();
      return () => {};
    }
    const first = this.#observers.size === 0;
    this.#observers.add(subscriber);
    if (first) {
      this.notifier.add(this);
      this.valueSource.start?.();
      this.#recall();
      this.refresh();
      this.#notified = this.#value;
    }
    subscriber.next(this.#value as T);
    return () => {
      this.#observers.delete(subscriber);
      if (this.#observers.size > 0) return;
      this.notifier.remove(this);
      this.notifier.remember(this, this.#value as T);
      this.valueSource.stop?.();
    };
  }
}

/** Names a value: `group` is what it can be marked with besides its key. */
interface ValueName {
  readonly group: string;
  readonly key: string;
}

/** All values of a store. In each frame it first computes the marked values and then notifies their observers, so all of them agree. */
export class Notifier {
  /** The observed values by group and key. */
  readonly #groups = new Map<string, Map<string, ObservableValue<object>>>();
  readonly #marked = new Set<ObservableValue<object>>();
  /** The latest values that nobody observes, for as long as someone holds them. */
  readonly #former = new Map<string, WeakRef<object>>();
  /** With more former values than this, those that nobody holds are dropped. */
  #mostFormer = 100;
  #scheduled = false;
  #closed = false;

  constructor(private readonly env: Pick<Environment, 'frame'>) {}

  get closed(): boolean {
    return this.#closed;
  }

  /**
   * The Live under a key; `make` says what it shows if nobody observes it yet.
   *
   * @param group what it can be marked with besides its key
   */
  observable<T extends object>(group: string, key: string, make: () => ValueSource<T>): Live<T> {
    return this.observed<T>(group, key) ?? new ObservableValue<T>(this, group, key, make());
  }

  /** The value under a key, if anyone observes it. */
  observed<T extends object>(group: string, key: string): ObservableValue<T> | undefined {
    return this.#groups.get(group)?.get(key) as ObservableValue<T> | undefined;
  }

  add(value: ObservableValue<object>): void {
    const values = this.#groups.get(value.group);
    if (values) values.set(value.key, value);
    else this.#groups.set(value.group, new Map([[value.key, value]]));
  }

  remove(value: ObservableValue<object>): void {
    const values = this.#groups.get(value.group);
    values?.delete(value.key);
    if (values?.size === 0) this.#groups.delete(value.group);
    this.#marked.delete(value);
  }

  /** Keeps a value that nobody observes, so that a later reader gets the same reference. */
  remember(name: ValueName, value: object): void {
    this.#former.set(formerKey(name), new WeakRef(value));
    if (this.#former.size <= this.#mostFormer) return;
    for (const [former, held] of this.#former) if (!held.deref()) this.#former.delete(former);
    this.#mostFormer = Math.max(100, 2 * this.#former.size);
  }

  /** The value that was last read under a key, if anyone still holds it. */
  recall(name: ValueName): object | undefined {
    return this.#former.size === 0 ? undefined : this.#former.get(formerKey(name))?.deref();
  }

  /** The value under a key may have changed. Costs nothing where nobody observes it. */
  mark(group: string, key: string): void {
    const value = this.#groups.get(group)?.get(key);
    if (value) this.#mark(value);
  }

  /** Like {@link mark}, for many campaigns. */
  markEach(group: string, campaigns: Iterable<{ readonly id: string }>): void {
    const values = this.#groups.get(group);
    if (!values) return;
    for (const { id } of campaigns) {
      const value = values.get(id);
      if (value) this.#mark(value);
    }
  }

  /** The values of a whole group may have changed. */
  markGroup(group: string): void {
    for (const value of this.#groups.get(group)?.values() ?? []) this.#mark(value);
  }

  /** Notifies observers of what was marked now, without waiting for the frame: for what the user did. */
  flush(): void {
    const changed: ObservableValue<object>[] = [];
    for (const value of this.#marked) if (value.refresh()) changed.push(value);
    this.#marked.clear();
    for (const value of changed) value.notify();
  }

  close(): void {
    if (this.#closed) return;
    this.flush();
    this.#closed = true;
    const values = [...this.#groups.values()].flatMap((group) => [...group.values()]);
    for (const value of values) value.complete();
    this.#groups.clear();
    this.#marked.clear();
  }

  #mark(value: ObservableValue<object>): void {
    this.#marked.add(value);
    if (this.#scheduled) return;
    this.#scheduled = true;
    this.env.frame(() => {
      this.#scheduled = false;
      this.flush();
    });
  }
}

/** A hidden page gets no frames, so observers are notified after this time (ms) at the latest. */
const LATEST_FRAME_MS = 100;

/** Runs `f` with the next frame of the browser; soon, where there is none. */
export function nextFrame(f: () => void): void {
  const { requestAnimationFrame } = globalThis as { requestAnimationFrame?: (f: () => void) => unknown };
  if (!requestAnimationFrame) {
    globalThis.setTimeout(f, 0);
    return;
  }
  let done = false;
  const once = (): void => {
    if (done) return;
    done = true;
    globalThis.clearTimeout(timer);
    f();
  };
  const timer = globalThis.setTimeout(once, LATEST_FRAME_MS);
  requestAnimationFrame(once);
}

/** No two names give the same key. */
const formerKey = ({ group, key }: ValueName): string => `${group.length} ${group}${key}`;

/** The groups of values: campaigns by id, lists by query. */
export const campaignGroup = (system: string): string => `campaign ${system}`;
export const listGroup = (system: string): string => `list ${system}`;
/** The connections, by system. */
export const CONNECTIONS = 'connection';
