import { Observable, type Subscriber } from 'rxjs';
import type { Live } from '../types.ts';
import { deepEqual } from '../../util/deep-equal.ts';

/** What a {@link ObservableValue} shows, and what it costs to show it. */
export interface ValueSource<T> {
  /** Computes the present value. Called when something was marked, never per observer. */
  read(): T;
  /** The first observer came. */
  start?(): void;
  /** The last observer left. */
  stop?(): void;
}

/**
 * One value that can be read and observed. It keeps its reference until something changed, tells its observers once per
 * frame, and is found again under its key while anyone observes it.
 */
class ObservableValue<T> extends Observable<T> implements Live<T> {
  readonly #observers = new Set<Subscriber<T>>();
  #value: T | undefined;
  #notified: T | undefined;
  #read = false;

  constructor(
    private readonly notifier: Notifier,
    private readonly key: string,
    private readonly group: string,
    private readonly valueSource: ValueSource<T>,
  ) {
    super((subscriber) => {
      const value = (this.notifier.values.get(this.key) as ObservableValue<T> | undefined) ?? this;
      return value.#attach(subscriber);
    });
  }

  get value(): T {
    const value = (this.notifier.values.get(this.key) as ObservableValue<T> | undefined) ?? this;
    // Observed, it is what observers were told: all that is read in one frame agrees.
    if (!value.#read || value.#observers.size === 0) value.refresh();
    return value.#value as T;
  }

  /** Computes the value anew. @returns whether it changed */
  refresh(): boolean {
    const next = this.valueSource.read();
    if (this.#read && deepEqual(next, this.#value)) return false;
    this.#value = next;
    this.#read = true;
    return true;
  }

  /** Tells the observers, once. Over a copy: one may leave, come, or ask for an action while they are told. */
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

  #attach(subscriber: Subscriber<T>): () => void {
    if (this.notifier.closed) {
      subscriber.next(this.value);
      subscriber.complete();
      return () => {};
    }
    const first = this.#observers.size === 0;
    this.#observers.add(subscriber);
    if (first) {
      this.notifier.add(this.key, this.group, this);
      this.valueSource.start?.();
      this.refresh();
      this.#notified = this.#value;
    }
    subscriber.next(this.#value as T);
    return () => {
      this.#observers.delete(subscriber);
      if (this.#observers.size > 0) return;
      this.notifier.remove(this.key, this.group, this);
      this.valueSource.stop?.();
    };
  }
}

/** All observed values of a store. In each frame it first computes the marked values and then notifies their observers, so all of them agree. */
export class Notifier {
  readonly values = new Map<string, ObservableValue<unknown>>();
  readonly #groups = new Map<string, Set<string>>();
  readonly #marked = new Set<string>();
  #scheduled = false;
  #closed = false;

  constructor(private readonly frame: (f: () => void) => void) {}

  get closed(): boolean {
    return this.#closed;
  }

  /**
   * The Live under a key; `make` says what it shows if nobody observes it yet.
   *
   * @param group what it can be marked with besides its key
   */
  observable<T>(key: string, group: string, make: () => ValueSource<T>): Live<T> {
    return (this.values.get(key) as ObservableValue<T> | undefined) ?? new ObservableValue<T>(this, key, group, make());
  }

  add(key: string, group: string, value: ObservableValue<unknown>): void {
    this.values.set(key, value);
    const keys = this.#groups.get(group);
    if (keys) keys.add(key);
    else this.#groups.set(group, new Set([key]));
  }

  remove(key: string, group: string, value: ObservableValue<unknown>): void {
    if (this.values.get(key) !== value) return;
    this.values.delete(key);
    const keys = this.#groups.get(group);
    keys?.delete(key);
    if (keys?.size === 0) this.#groups.delete(group);
  }

  /** The value under a key may have changed. Costs nothing where nobody observes it. */
  mark(key: string): void {
    if (!this.values.has(key)) return;
    this.#marked.add(key);
    if (this.#scheduled) return;
    this.#scheduled = true;
    this.frame(() => {
      this.#scheduled = false;
      this.flush();
    });
  }

  /** The values of a whole group may have changed. */
  markGroup(group: string): void {
    for (const key of this.#groups.get(group) ?? []) this.mark(key);
  }

  /** Tells what was marked now, without waiting for the frame: for what the user did. */
  flush(): void {
    const changed: ObservableValue<unknown>[] = [];
    for (const key of this.#marked) {
      const value = this.values.get(key);
      if (value?.refresh()) changed.push(value);
    }
    this.#marked.clear();
    for (const value of changed) value.notify();
  }

  close(): void {
    if (this.#closed) return;
    this.flush();
    this.#closed = true;
    for (const value of [...this.values.values()]) value.complete();
    this.values.clear();
    this.#groups.clear();
    this.#marked.clear();
  }
}
