import { Observable, type Subscriber } from 'rxjs';
import type { CampaignRef } from '../../adapters/contract.ts';
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
    private readonly key: string,
    private readonly group: string,
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
    if (!same && this.#observers.size === 0) this.notifier.remember(this.key, next);
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
    this.#value = this.notifier.recall<T>(this.key) ?? this.#value;
  }

  /** The one that is observed under this key, if there is one. */
  #present(): ObservableValue<T> {
    return (this.notifier.values.get(this.key) as ObservableValue<T> | undefined) ?? this;
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
      this.#recall();
      this.refresh();
      this.#notified = this.#value;
    }
    subscriber.next(this.#value as T);
    return () => {
      this.#observers.delete(subscriber);
      if (this.#observers.size > 0) return;
      this.notifier.remove(this.key, this.group);
      this.notifier.remember(this.key, this.#value as T);
      this.valueSource.stop?.();
    };
  }
}

/** All values of a store. In each frame it first computes the marked values and then notifies their observers, so all of them agree. */
export class Notifier {
  readonly values = new Map<string, ObservableValue<object>>();
  readonly #groups = new Map<string, Set<string>>();
  readonly #marked = new Set<string>();
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
  observable<T extends object>(key: string, group: string, make: () => ValueSource<T>): Live<T> {
    const present = this.values.get(key) as ObservableValue<T> | undefined;
    return present ?? new ObservableValue<T>(this, key, group, make());
  }

  add(key: string, group: string, value: ObservableValue<object>): void {
    this.values.set(key, value);
    const keys = this.#groups.get(group);
    if (keys) keys.add(key);
    else this.#groups.set(group, new Set([key]));
  }

  remove(key: string, group: string): void {
    this.values.delete(key);
    const keys = this.#groups.get(group);
    keys?.delete(key);
    if (keys?.size === 0) this.#groups.delete(group);
  }

  /** Keeps a value that nobody observes, so that whoever reads it again gets the same reference. */
  remember(key: string, value: object): void {
    this.#former.set(key, new WeakRef(value));
    if (this.#former.size <= this.#mostFormer) return;
    for (const [former, held] of this.#former) if (!held.deref()) this.#former.delete(former);
    this.#mostFormer = Math.max(100, 2 * this.#former.size);
  }

  /** The value that was last read under a key, if anyone still holds it. */
  recall<T extends object>(key: string): T | undefined {
    return this.#former.get(key)?.deref() as T | undefined;
  }

  /** The value under a key may have changed. Costs nothing where nobody observes it. */
  mark(key: string): void {
    if (!this.values.has(key)) return;
    this.#marked.add(key);
    if (this.#scheduled) return;
    this.#scheduled = true;
    this.env.frame(() => {
      this.#scheduled = false;
      this.flush();
    });
  }

  /** The values of a whole group may have changed. */
  markGroup(group: string): void {
    for (const key of this.#groups.get(group) ?? []) this.mark(key);
  }

  /** Notifies observers of what was marked now, without waiting for the frame: for what the user did. */
  flush(): void {
    const changed: ObservableValue<object>[] = [];
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

// Keys and groups of values. The system's name is quoted, so that no two refs share a key.
export const campaignGroup = (system: string): string => `campaign ${JSON.stringify(system)}`;
export const campaignKey = ({ system, id }: CampaignRef): string => `${campaignGroup(system)} ${id}`;
export const listGroup = (system: string): string => `list ${JSON.stringify(system)}`;
export const connectionKey = (system: string): string => `connection ${JSON.stringify(system)}`;
