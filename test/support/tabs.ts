import type { CampaignAdapter, Change, Feed, WatchRequest } from '../../src/adapters/index.ts';
import type { SharingEnvironment, TabChannel, TabLocks } from '../../src/adapters/share-across-tabs.ts';
import type { Environment } from '../../src/store/index.ts';
import { readFeed } from '../../src/adapters/read-feed.ts';
import { TestEnvironment, TestPage } from './environment.ts';

/** How long a message, a granted lock or a line of a feed takes to reach a tab (ms). */
const ON_THE_WAY_MS = 1;

/** More messages than this in one ms mean that tabs answer each other without end. */
const MOST_AT_ONCE = 10_000;

/** The clock of tabs, locks and channels. */
export interface OriginClock {
  now(): number;
  monotonic(): number;
  setTimeout(run: () => void, ms: number): unknown;
  clearTimeout(timer: unknown): void;
}

/** The real clock. */
export const realClock: OriginClock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  setTimeout: (run, ms) => setTimeout(run, ms),
  clearTimeout: (timer) => clearTimeout(timer as NodeJS.Timeout),
};

/** What a tab without a watch holds. */
export const nothing = { locks: 0, channels: 0, timers: 0, listeners: 0 };

/** All tabs of one origin with their locks and channels. Time stands still until it is advanced. */
export class Origin {
  readonly env = new TestEnvironment();
  readonly tabs: Tab[] = [];
  readonly locks = new Locks(this);
  readonly channels = new Set<Channel>();
  /** All messages between tabs. */
  readonly messages: { readonly channel: string; readonly message: unknown }[] = [];
  /** How long a message takes (ms). */
  latency = (): number => ON_THE_WAY_MS;
  readonly clock: OriginClock;
  #sent = { at: 0, count: 0 };

  /** @param clock default: one that stands still until {@link advance} */
  constructor(clock?: OriginClock) {
    const { monotonic } = this.env;
    this.clock = clock ?? { monotonic, ...this.env.newClock() };
  }

  open(): Tab {
    const tab = new Tab(this, `tab-${this.tabs.length + 1}`);
    this.tabs.push(tab);
    return tab;
  }

  advance(ms: number): Promise<void> {
    return this.env.advance(ms);
  }

  /** Everything that all tabs hold. */
  get held(): { locks: number; channels: number; timers: number; listeners: number } {
    return {
      locks: this.locks.held.size + this.locks.waiting.length,
      channels: this.channels.size,
      timers: this.tabs.reduce((sum, { timers }) => sum + timers, 0),
      listeners: this.tabs.reduce((sum, { listeners }) => sum + listeners, 0),
    };
  }

  /** Sends a message to all listeners, as any script of the origin can. */
  shout(message: unknown): void {
    for (const channel of this.channels) channel.deliver(message, this);
  }

  /**
   * Runs a task in a tab after the time it takes to arrive. Tasks of one sender arrive in order; those of several, in
   * any order.
   *
   * @param sender a tab, the locks, a feed
   * @throws Error if tasks never end
   */
  send(tab: Tab, sender: object, task: () => void, fromTabs = false): void {
    const now = this.clock.monotonic();
    if (this.#sent.at !== now) this.#sent = { at: now, count: 0 };
    if (++this.#sent.count > MOST_AT_ONCE) throw new Error(`more than ${MOST_AT_ONCE} messages in one ms`);
    const due = Math.max(tab.lastDue.get(sender) ?? 0, now + this.latency());
    tab.lastDue.set(sender, due);
    this.clock.setTimeout(() => tab.run(task, fromTabs), due - now);
  }
}

/** A tab: its tasks run while it is awake, wait while it is frozen, and are lost when it crashes. */
export class Tab {
  readonly page = new TestPage();
  readonly sharing: SharingEnvironment;
  /** For a store in this tab. */
  readonly environment: Environment;
  /** Timers of a hidden page run no sooner than this (ms). */
  slowestTimers = 0;
  /** Messages that arrive while it is frozen are lost. */
  losesWhileFrozen = false;
  /** For each sender, when its last task arrives. */
  readonly lastDue = new WeakMap<object, number>();
  readonly #timers = new Set<object>();
  readonly #lifecycle = new Set<(frozen: boolean) => void>();
  #backlog: (() => void)[] | undefined;
  /** Frozen, but still answers messages of other tabs. */
  #listens = false;
  readonly #lifetime = new AbortController();

  constructor(
    readonly origin: Origin,
    readonly name: string,
  ) {
    const { clock } = origin;
    const timers = {
      setTimeout: (run: () => void, ms: number) => {
        const timer = { handle: undefined as unknown };
        this.#timers.add(timer);
        timer.handle = clock.setTimeout(
          () => this.run(() => this.#timers.delete(timer) && run()),
          // Whole ms of 31 bits, as in a browser: a longer delay counts as none.
          Math.max(Math.ceil(ms) | 0, this.slowestTimers),
        );
        return timer;
      },
      clearTimeout: (timer: unknown) => {
        if (this.#timers.delete(timer as object)) clock.clearTimeout((timer as { handle: unknown }).handle);
      },
    };
    const { now, monotonic } = clock;
    let chance = origin.tabs.length;
    const random = (): number => (chance = (chance * 0.618 + 0.382) % 1);
    this.sharing = {
      locks: origin.locks.of(this),
      openChannel: (channel, onMessage) => new Channel(this, channel, onMessage),
      onFreeze: (listener) => {
        this.#lifecycle.add(listener);
        return () => this.#lifecycle.delete(listener);
      },
      newName: () => name,
      now,
      monotonic,
      random,
      ...timers,
    };
    this.environment = {
      now,
      monotonic,
      random,
      page: this.page,
      frame: (run) => void timers.setTimeout(run, 16),
      ...timers,
    };
  }

  get frozen(): boolean {
    return this.#backlog !== undefined;
  }

  get crashed(): boolean {
    return this.#lifetime.signal.aborted;
  }

  get timers(): number {
    return this.#timers.size;
  }

  get listeners(): number {
    return this.#lifecycle.size;
  }

  /** An adapter of this tab: its connections close with the tab, and their messages arrive only while it is awake. */
  adapter(adapter: CampaignAdapter<unknown>): CampaignAdapter<unknown> {
    return {
      act: (request) => adapter.act(request),
      idempotent: adapter.idempotent ?? false,
      watch: (request: WatchRequest): Feed<Change<unknown>> => ({
        subscribe: (observer) => {
          const signal = AbortSignal.any([request.signal, this.#lifetime.signal]);
          readFeed(() => adapter.watch({ ...request, signal }), signal, {
            onValue: (change) => this.origin.send(this, signal, () => observer.next(change)),
            onEnd: (error) =>
              this.origin.send(this, signal, () => (error === undefined ? observer.complete() : observer.error(error))),
          });
          return { unsubscribe: () => {} };
        },
      }),
    };
  }

  /** @param fromTabs true for messages of other tabs, false for timers and the network */
  run(task: () => void, fromTabs = false): void {
    if (this.crashed) return;
    if (this.#backlog && !(fromTabs && this.#listens)) this.#backlog.push(task);
    else task();
  }

  /** It freezes without notice, as in a debugger or with its process stopped. */
  freeze(): void {
    this.#backlog ??= [];
  }

  /** The browser freezes it, as Chrome does: it gets an event first, and still receives messages of other tabs. */
  freezeByBrowser(): void {
    if (this.frozen) return;
    for (const listener of [...this.#lifecycle]) listener(true);
    this.#listens = true;
    // Tasks that the event started are finished first.
    this.origin.clock.setTimeout(() => this.freeze(), 0);
  }

  /** Runs everything that waited, in order, each in its own task. */
  thaw(): void {
    const backlog = this.#backlog ?? [];
    this.#backlog = undefined;
    if (this.#listens) for (const listener of [...this.#lifecycle]) listener(false);
    this.#listens = false;
    for (const task of backlog) this.origin.clock.setTimeout(() => this.run(task), 0);
  }

  /** It crashes without notice, and releases its connections, locks and channels. */
  crash(): void {
    this.#lifetime.abort();
    this.#backlog = undefined;
    this.#timers.clear();
    this.#lifecycle.clear();
    for (const channel of this.origin.channels) if (channel.tab === this) this.origin.channels.delete(channel);
    this.origin.locks.forget(this);
  }
}

class Channel implements TabChannel {
  constructor(
    readonly tab: Tab,
    readonly name: string,
    private readonly onMessage: (message: unknown) => void,
  ) {
    tab.origin.channels.add(this);
  }

  post(message: unknown): void {
    const copy: unknown = structuredClone(message);
    this.tab.origin.messages.push({ channel: this.name, message: copy });
    for (const other of this.tab.origin.channels)
      if (other !== this && other.name === this.name) other.deliver(structuredClone(copy), this.tab);
  }

  deliver(message: unknown, sender: object): void {
    if (this.tab.frozen && this.tab.losesWhileFrozen) return;
    this.tab.origin.send(
      this.tab,
      sender,
      () => {
        if (this.tab.origin.channels.has(this)) this.onMessage(message);
      },
      true,
    );
  }

  close(): void {
    this.tab.origin.channels.delete(this);
  }
}

interface LockRequest {
  readonly tab: Tab;
  readonly name: string;
  grant(): void;
  reject(error: Error): void;
}

/** The lock manager of an origin: exclusive locks, granted in the order of the requests, that can be stolen. */
class Locks {
  readonly held = new Map<string, LockRequest>();
  readonly waiting: LockRequest[] = [];

  constructor(private readonly origin: Origin) {}

  of(tab: Tab): TabLocks {
    return {
      request: (name, { signal, steal = false }, granted) =>
        new Promise((resolve, reject) => {
          if (signal && steal) throw new DOMException('steal goes with no signal', 'NotSupportedError');
          const request: LockRequest = {
            tab,
            name,
            reject: (error) => this.origin.send(tab, this, () => reject(error), true),
            grant: () => {
              this.held.set(name, request);
              this.origin.send(
                tab,
                this,
                () => {
                  void granted().then(() => {
                    if (this.held.get(name) === request) this.#release(name);
                    resolve(undefined);
                  });
                },
                true,
              );
            },
          };
          if (steal) {
            this.held.get(name)?.reject(new DOMException('stolen', 'AbortError'));
            request.grant();
            return;
          }
          this.waiting.push(request);
          signal?.addEventListener('abort', () => {
            const at = this.waiting.indexOf(request);
            if (at < 0) return;
            this.waiting.splice(at, 1);
            reject(signal.reason as Error);
          });
          if (!this.held.has(name)) this.#release(name);
        }),
    };
  }

  /** A tab that is gone holds no locks. */
  forget(tab: Tab): void {
    for (const request of this.waiting.filter((one) => one.tab === tab))
      this.waiting.splice(this.waiting.indexOf(request), 1);
    for (const [name, request] of [...this.held]) if (request.tab === tab) this.#release(name);
  }

  #release(name: string): void {
    this.held.delete(name);
    const at = this.waiting.findIndex((request) => request.name === name);
    if (at >= 0) this.waiting.splice(at, 1)[0]!.grant();
  }
}
