import { AdapterError, type CampaignAdapter, type Change } from '../contract.ts';
import { readFeed } from '../read-feed.ts';
import type { SharingEnvironment, TabChannel } from './environment.ts';
import { compareLeaders, deserializeError, serializeError, type Message, type Place, readMessage } from './messages.ts';
import type { FeedSubscriber } from './subscriber.ts';
import { SharedFeed } from './shared-feed.ts';
import { includes, type Scope, union } from '../../util/id-scope.ts';

/** After this much silence (ms) of the leader, a probe is sent. */
const QUIET_MS = 2000;
/** How long (ms) a probe waits for its answer. */
const ANSWER_MS = 1000;
/** Jitter: each tab waits up to this fraction longer, so that usually one tab probes or takes over, and the others see it. */
const SPREAD = 0.25;
/** After this many probes without an answer, another tab takes over. */
const MAX_PROBES = 2;
/** The timeout doubles each time this tab had to take over, at most this often. */
const MAX_DOUBLINGS = 4;

/** The connection of the leading tab. Changes of an earlier connection are ignored. */
interface Connection {
  readonly controller: AbortController;
  readonly scope: Scope;
  readonly resumes: boolean;
  opened: boolean;
}

/**
 * This tab's part in the shared feed of one system. While it has subscribers, it holds a channel to the other tabs and queues for a
 * Web Lock. The tab that holds the lock leads: it opens the one connection and repeats its changes to the others.
 */
export class TabCoordinator {
  readonly #tab: string;
  readonly #feed: SharedFeed;
  #channel: TabChannel | undefined;
  #isOpen = false;
  /** The page is frozen: its messages may still be answered, but nothing comes over its connection. */
  #frozen = false;
  #stopWatchingPage: (() => void) | undefined;
  #updateScheduled = false;
  /** The scopes of live subscribers that were removed in this task. They may be added again in it. */
  #justRemoved: Scope[] = [];

  /** The request for the lock; aborted when it is no longer wanted. */
  #request: AbortController | undefined;
  /** The browser refused the lock or the channel: this tab does not share. */
  #alone = false;

  /** The present leader, maybe this tab, and the last of its messages that was received. */
  #place: Place | undefined;
  /** All messages up to `#place` were received. */
  #inSync = false;
  /** The latest known term. */
  #term = 0;
  #leaderMessageAt = 0;
  #probes = 0;
  #takeovers = 0;
  #leaderTimer: unknown;

  // As the leader
  #leads = false;
  #connection: Connection | undefined;
  readonly #wants = new Map<string, Scope>();
  /** The scope of the former leader's connection, kept until the tabs have reported what they watch. */
  #inherited: Scope = new Set();
  #renew: 'resume' | 'snapshot' | undefined;
  readonly #unanswered = new Map<string, NonNullable<Extract<Message, { kind: 'want' }>['sync']>>();

  constructor(
    private readonly name: string,
    private readonly system: string,
    private readonly adapter: CampaignAdapter<unknown>,
    private readonly env: SharingEnvironment,
  ) {
    this.#tab = env.newName();
    this.#feed = new SharedFeed(system, env);
  }

  /** Adds a subscriber. */
  add(subscriber: FeedSubscriber): void {
    const { since, scope } = subscriber;
    const { position } = this.#feed;
    if (!this.#stopWatchingPage && (since?.epoch !== position?.epoch || since?.cursor !== position?.cursor))
      this.#feed.forget();
    // A store that leaves a live feed and asks for the same again wants it from the backend.
    if (this.#justRemoved.some((left) => includes(left, scope))) subscriber.renew = since ? 'resume' : 'snapshot';
    this.#feed.add(subscriber);
    this.#updateSoon();
  }

  /** Removes a subscriber. @returns false if it was already removed */
  remove(subscriber: FeedSubscriber): boolean {
    if (!this.#feed.remove(subscriber)) return false;
    if (subscriber.phase === 'live') this.#justRemoved.push(subscriber.scope);
    this.#updateSoon();
    return true;
  }

  /** Updates at the end of the task, so that a subscriber replaced within the task does not cost the connection. */
  #updateSoon(): void {
    if (this.#updateScheduled) return;
    this.#updateScheduled = true;
    queueMicrotask(() => {
      this.#updateScheduled = false;
      this.#justRemoved = [];
      this.#update();
    });
  }

  /** Opens, closes or changes the connection so that it fits the subscribers. */
  #update(): void {
    if (!this.#feed.hasSubscribers) return this.#leavePage();
    this.#stopWatchingPage ??= this.env.onFreeze((frozen) => {
      this.#frozen = frozen;
      if (frozen) this.#close();
      else this.#updateSoon();
    });
    if (this.#frozen) return;
    if (!this.#isOpen) return this.#open();
    if (this.#leads) return this.#lead();
    // A tab that was frozen may have missed messages.
    if (this.#feed.silent) this.#inSync = false;
    if (this.#inSync) this.#feed.serve();
    this.#wantMore();
  }

  #open(): void {
    this.#isOpen = true;
    try {
      this.#channel = this.env.openChannel!(this.name, (data) => {
        const message = readMessage(data);
        if (message && this.#isOpen) this.#receive(message);
      });
    } catch {
      return this.#goAlone();
    }
    this.#requestLock(false);
    if (this.#leads) return;
    this.#want();
    this.#watchLeader();
  }

  #leavePage(): void {
    this.#close();
    this.#stopWatchingPage?.();
    this.#stopWatchingPage = undefined;
    this.#frozen = false;
  }

  /** Releases channel, lock and timers. The rows are kept for subscribers that stay or come back. */
  #close(): void {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    if (!this.#leads) this.#post({ kind: 'bye', tab: this.#tab });
    this.#alone = false;
    this.#stopLeading();
    this.#channel?.close();
    this.#channel = undefined;
    this.#request?.abort();
    this.env.clearTimeout(this.#leaderTimer);
    this.#place = undefined;
    this.#inSync = false;
    this.#takeovers = 0;
    this.#feed.interrupted();
  }

  // Leader election

  /** @param steal takes the lock from the tab that holds it */
  #requestLock(steal: boolean): void {
    this.#request?.abort();
    const locks = this.env.locks!;
    const request = new AbortController();
    const { signal } = request;
    this.#request = request;
    let granted = false;
    const lead = (): void => {
      if (!signal.aborted) this.#takeTheLead();
    };
    const held = (): Promise<void> => {
      if (signal.aborted) return Promise.resolve();
      granted = true;
      // In a tab that was frozen, the lock may have been stolen since. The browser reports that before it grants a second lock that no other tab wants, so this tab leads only after that grant.
      void locks.request(`${this.name}/${this.#tab}`, {}, () => Promise.resolve()).then(lead, lead);
      return new Promise((release) => signal.addEventListener('abort', () => release(), { once: true }));
    };
    const lost = (): void => {
      if (signal.aborted) return;
      if (granted) this.#depose();
      else this.#goAlone();
    };
    try {
      locks.request(this.name, steal ? { steal } : { signal }, held).catch(lost);
    } catch {
      lost();
    }
  }

  #takeTheLead(): void {
    const from = this.#inSync ? this.#place : undefined;
    // Above every known term; at least the time, so that a tab that knows no term does not begin with an old number.
    this.#term = Math.max(this.#term + 1, Math.floor(this.env.now()));
    this.#place = { term: this.#term, leader: this.#tab, seq: 0 };
    this.#inherited = (this.#inSync && this.#feed.scope) || new Set();
    this.#leads = true;
    this.#inSync = true;
    this.env.clearTimeout(this.#leaderTimer);
    this.#post({ kind: 'beat', place: this.#place, ...(from ? { from } : {}) });
    this.#update();
  }

  /** Another tab leads now. */
  #depose(): void {
    this.#stopLeading();
    this.#inSync = false;
    this.#requestLock(false);
    this.#want();
    this.#watchLeader();
  }

  #stopLeading(): void {
    this.#leads = false;
    this.#connection?.controller.abort();
    this.#connection = undefined;
    this.#renew = undefined;
    this.#wants.clear();
    this.#unanswered.clear();
  }

  #goAlone(): void {
    this.#alone = true;
    this.#channel?.close();
    this.#channel = undefined;
    this.#takeTheLead();
  }

  // As the leader

  #lead(): void {
    const feed = this.#feed;
    this.#requestRenewal(feed.renew);
    const wanted = union([feed.wanted, this.#inherited, ...this.#wants.values()]);
    const connection = this.#connection;
    if (!connection) return this.#connect(wanted, this.#renew !== 'snapshot');
    if (feed.silent) return this.#connect(wanted, true);
    feed.serve();
    this.#answer();
    // A connection that is not live yet is as new as another one would be, so it is not replaced.
    if (feed.live && (this.#renew || !includes(connection.scope, wanted)))
      this.#connect(wanted, this.#renew === 'resume');
  }

  #requestRenewal(renew: 'resume' | 'snapshot' | undefined): void {
    if (!renew) return;
    const connection = this.#connection;
    const isNew = connection && !this.#feed.live && (renew === 'resume' || !connection.resumes);
    if (!isNew) this.#renew = renew;
  }

  #connect(scope: Scope, resume: boolean): void {
    this.#connection?.controller.abort();
    const controller = new AbortController();
    const { position, scope: covered } = this.#feed;
    const since = resume && covered && includes(covered, scope) ? position : undefined;
    const connection: Connection = { controller, scope, resumes: since !== undefined, opened: false };
    this.#connection = connection;
    this.#renew = undefined;
    this.#feed.interrupted();
    this.#feed.requested();
    const onEnd = (error: unknown): void => {
      if (this.#connection !== connection) return;
      controller.abort();
      this.#connection = undefined;
      this.#onEnd(error);
    };
    readFeed<Change<unknown>>(
      () =>
        this.adapter.watch({
          system: this.system,
          signal: controller.signal,
          ...(scope === 'all' ? {} : { ids: [...scope] }),
          ...(since ? { since } : {}),
        }),
      controller.signal,
      {
        onValue: (change) => {
          if (this.#connection !== connection) return;
          try {
            this.#receiveChange(connection, change);
          } catch (error) {
            onEnd(error);
          }
        },
        onEnd,
      },
    );
  }

  /** @throws AdapterError `protocol` for a change that can't begin a feed, or that can't be copied to other tabs */
  #receiveChange(connection: Connection, change: Change<unknown>): void {
    const opens = !connection.opened && change?.type === 'open';
    if (!connection.opened && !opens)
      throw new AdapterError('protocol', 'the first change of a feed must be { type: "open", mode: "snapshot" }');
    if (opens && change.mode === 'resume' && !connection.resumes)
      throw new AdapterError('protocol', 'the feed resumed without being asked');
    const { scope } = connection;
    this.#broadcast({ kind: 'change', change, ...(opens ? { scope } : {}) });
    if (!opens) this.#feed.take(change);
    else if (!this.#feed.opened(change, scope)) throw new AdapterError('protocol', 'the feed resumed in another epoch');
    connection.opened = true;
    if (change?.type === 'synced') this.#inherited = new Set();
    // Only these two can serve subscribers that wait.
    if (opens || change?.type === 'synced') this.#update();
  }

  #onEnd(error: unknown): void {
    this.#unanswered.clear();
    this.#broadcast({ kind: 'end', ...(error === undefined ? {} : { error: serializeError(error) }) });
    this.#feed.ended(error);
    this.#updateSoon();
  }

  /** Sends the state of the feed to the tabs that asked for it, as soon as the connection covers their scope. */
  #answer(): void {
    const { scope } = this.#connection!;
    for (const [tab, { position }] of this.#unanswered) {
      if (!includes(scope, this.#wants.get(tab)!)) continue;
      const changes = this.#feed.replay(position);
      if (!changes) return;
      this.#unanswered.delete(tab);
      const { quietMs } = this.#feed;
      this.#post({ kind: 'state', place: this.#place!, to: tab, scope, quietMs, changes });
    }
  }

  /** @throws AdapterError `protocol` for what can't be copied to other tabs */
  #broadcast(
    message: Omit<Extract<Message, { kind: 'change' }>, 'place'> | Omit<Extract<Message, { kind: 'end' }>, 'place'>,
  ): void {
    const place = { ...this.#place!, seq: this.#place!.seq + 1 };
    this.#place = place;
    this.#post({ ...message, place });
  }

  // As a follower

  /** Repeats the request while something is missing. */
  #wantMore(): void {
    if (!this.#inSync || this.#feed.needsMore) this.#want();
  }

  #want(): void {
    const { renew, wanted: scope } = this.#feed;
    // A tab that watches some ids is not up to date just because its position equals the leader's.
    const position = this.#feed.scope === 'all' ? this.#feed.position : undefined;
    this.#post({
      kind: 'want',
      tab: this.#tab,
      scope,
      ...(renew ? { renew } : {}),
      ...(this.#inSync ? {} : { sync: position ? { position } : {} }),
    });
  }

  #watchLeader(): void {
    this.#leaderMessageAt = this.env.monotonic();
    this.#probes = 0;
    this.#wakeIn(QUIET_MS);
  }

  #wakeIn(ms: number): void {
    this.env.clearTimeout(this.#leaderTimer);
    this.#leaderTimer = this.env.setTimeout(() => this.#probeLeader(), ms * (1 + SPREAD * this.env.random()));
  }

  /**
   * The leader sends no beats by a timer, because timers of hidden pages run late; it answers probes, and messages are not throttled.
   * It takes two probes, because this page may itself have been frozen when the first answer came.
   */
  #probeLeader(): void {
    const quiet = this.env.monotonic() - this.#leaderMessageAt;
    if (quiet < QUIET_MS) {
      this.#probes = 0;
      // The leader is active but has not answered this tab: its request or the answer was lost.
      this.#wantMore();
      return this.#wakeIn(QUIET_MS - quiet);
    }
    if (this.#probes++ < MAX_PROBES) {
      this.#post({ kind: 'probe' });
      return this.#wakeIn(ANSWER_MS * 2 ** Math.min(this.#takeovers, MAX_DOUBLINGS));
    }
    this.#takeovers++;
    this.#requestLock(true);
    this.#watchLeader();
  }

  #receive(message: Message): void {
    switch (message.kind) {
      case 'want':
        if (this.#leads) this.#receiveWant(message);
        return;
      case 'bye':
        this.#wants.delete(message.tab);
        this.#unanswered.delete(message.tab);
        return;
      case 'probe':
        if (this.#leads) this.#post({ kind: 'beat', place: this.#place! });
        return;
      case 'beat':
      case 'change':
      case 'state':
      case 'end':
        return this.#receiveFromLeader(message);
    }
  }

  #receiveWant({ tab, scope, renew, sync }: Extract<Message, { kind: 'want' }>): void {
    this.#wants.set(tab, scope);
    if (sync) this.#unanswered.set(tab, sync);
    this.#requestRenewal(renew);
    this.#update();
  }

  #receiveFromLeader(message: Exclude<Message, { kind: 'want' | 'bye' | 'probe' }>): void {
    const { place } = message;
    const present = this.#place;
    const order = present ? compareLeaders(place, present) : 1;
    if (order < 0) return; // A former leader that does not know yet that it was replaced.
    this.#term = Math.max(this.#term, place.term);
    if (this.#leads) {
      if (order === 0) return;
      this.#depose();
    }
    this.#leaderMessageAt = this.env.monotonic();
    this.#probes = 0;
    // This tab sent its request when it opened, so the first leader has it.
    const replaced = order > 0 && present !== undefined;
    if (order > 0) {
      const from = message.kind === 'beat' && place.seq === 0 ? message.from : undefined;
      // True if this tab had received everything that the new leader continues from.
      this.#inSync &&= from !== undefined && compareLeaders(from, present!) === 0 && from.seq <= present!.seq;
      this.#place = place;
      this.#feed.interrupted();
      if (message.kind === 'beat') {
        if (this.#inSync) this.#want();
        return this.#update();
      }
    }
    switch (message.kind) {
      case 'beat':
        this.#inSync &&= place.seq === present!.seq;
        return this.#wantMore();
      case 'change':
        if (this.#inSync && place.seq === present!.seq + 1) {
          this.#place = place;
          this.#follow(message);
        } else if (this.#inSync || replaced) this.#catchUp();
        return;
      case 'state':
        if (message.to === this.#tab && !this.#inSync) {
          this.#place = place;
          this.#inSync = this.#feed.adopt(message.changes, message.scope, message.quietMs);
          if (this.#inSync) this.#update();
        } else if (replaced) this.#catchUp();
        return;
      case 'end':
        // A message missed before the end would never be detected later.
        this.#inSync &&= place.seq === present!.seq + 1;
        this.#place = place;
        this.#feed.ended(message.error && deserializeError(message.error));
        return this.#updateSoon();
    }
  }

  /** Asks the leader for the state of the feed. */
  #catchUp(): void {
    this.#inSync = false;
    this.#want();
  }

  #follow({ change, scope }: Extract<Message, { kind: 'change' }>): void {
    if (scope === undefined) this.#feed.take(change);
    else if (change?.type !== 'open' || !this.#feed.opened(change, scope)) return this.#catchUp();
    if (scope !== undefined || change?.type === 'synced') this.#update();
  }

  /** @throws AdapterError `protocol` for a change that can't be copied to other tabs */
  #post(message: Message): void {
    if (this.#alone) return;
    try {
      this.#channel?.post(message);
    } catch (error) {
      throw new AdapterError(
        'protocol',
        `a change of the adapter can't be copied to other tabs; rows must be plain data, without functions: ${String(error)}`,
        { cause: error },
      );
    }
  }
}
