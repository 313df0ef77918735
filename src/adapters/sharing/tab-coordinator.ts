import { AdapterError, type CampaignAdapter, type Change } from '../contract.ts';
import { readFeed } from '../read-feed.ts';
import type { SharingEnvironment, TabChannel } from './environment.ts';
import { compareLeaders, deserializeError, serializeError, type Message, type Place, readMessage } from './messages.ts';
import type { FeedSubscriber } from './subscriber.ts';
import { SharedFeed } from './shared-feed.ts';
import { includes, type Scope, union } from '../../util/id-scope.ts';

/** A leader that was not heard for this long (ms) is asked whether he is there. */
const QUIET_MS = 2000;
/** So long (ms) each question waits for its answer. */
const ANSWER_MS = 1000;
/** Each tab waits up to this part longer, so that mostly one asks for all, and one takes over and the others follow. */
const SPREAD = 0.25;
/** After so many questions in a row without an answer another tab takes over. */
const MAX_PROBES = 2;
/** Each time this tab had to take over, it waits twice as long before it does so again; so often at most. */
const MAX_DOUBLINGS = 4;

/** The connection of the leading tab. What an earlier one still says is not heard. */
interface Connection {
  readonly controller: AbortController;
  readonly scope: Scope;
  readonly resumes: boolean;
  opened: boolean;
}

/**
 * This tab's part in the feed of one system that tabs share. While it has readers, it holds a channel to the other tabs and
 * waits in line for a lock: the tab that gets it leads, opens the one connection and repeats to the others what it says.
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
  /** What readers of this task left, who may come back in it. */
  #justRemoved: Scope[] = [];

  /** The request for the lock; aborted: given up. */
  #request: AbortController | undefined;
  /** Locks or channels are refused to this page: it leads nobody but itself. */
  #alone = false;

  /** The present leader, maybe this tab, and how much he has said as far as it was heard. */
  #place: Place | undefined;
  /** Everything up to there was heard. */
  #inSync = false;
  /** The latest term heard of. */
  #term = 0;
  #leaderHeardAt = 0;
  #probes = 0;
  #takeovers = 0;
  #leaderTimer: unknown;

  // As the leader
  #leads = false;
  #connection: Connection | undefined;
  readonly #wants = new Map<string, Scope>();
  /** What the former leader's connection was about: until the tabs have said what they want, somebody does. */
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

  /** Someone reads from now on. */
  add(subscriber: FeedSubscriber): void {
    const { since, scope } = subscriber;
    const { position } = this.#feed;
    if (!this.#stopWatchingPage && (since?.epoch !== position?.epoch || since?.cursor !== position?.cursor))
      this.#feed.forget();
    // Who leaves a feed that goes on, to ask for the same again, does not trust it.
    if (this.#justRemoved.some((left) => includes(left, scope))) subscriber.renew = since ? 'resume' : 'snapshot';
    this.#feed.add(subscriber);
    this.#updateSoon();
  }

  /** He reads no more. @returns false if he had not been reading any more */
  remove(subscriber: FeedSubscriber): boolean {
    if (!this.#feed.remove(subscriber)) return false;
    if (subscriber.phase === 'live') this.#justRemoved.push(subscriber.scope);
    this.#updateSoon();
    return true;
  }

  /** At the end of the task: who leaves to come back in it does not lose the connection. */
  #updateSoon(): void {
    if (this.#updateScheduled) return;
    this.#updateScheduled = true;
    queueMicrotask(() => {
      this.#updateScheduled = false;
      this.#justRemoved = [];
      this.#update();
    });
  }

  /** Sees to it that everybody gets what he wants. */
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
    // A tab that was frozen does not know what it missed.
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
    this.#askForLock(false);
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

  /** Holds nothing any more. What was heard is kept, for readers who stay and for those who come back. */
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

  // Who leads

  /** @param steal takes it from whoever has it */
  #askForLock(steal: boolean): void {
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
      // To a tab that was frozen this may be old news. By the time of another answer it has heard if the lock was taken away.
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
    // Later than every term heard of; by the clock, that a tab which heard of none does not begin with an old number.
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
    this.#askForLock(false);
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
    // One that is not live yet is as new as any, and would be lost without having been of use.
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

  /** @throws AdapterError `protocol` for what can't begin a feed, or can't be told to other tabs */
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
    // Rows and heartbeats change nothing for those who wait.
    if (opens || change?.type === 'synced') this.#update();
  }

  #onEnd(error: unknown): void {
    this.#unanswered.clear();
    this.#broadcast({ kind: 'end', ...(error === undefined ? {} : { error: serializeError(error) }) });
    this.#feed.ended(error);
    this.#updateSoon();
  }

  /** Describes the feed to those who came to it; to those who want more, once there is more. */
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

  // As one who follows

  /** Asks for what is lacking still. */
  #wantMore(): void {
    if (!this.#inSync || this.#feed.needsMore) this.#want();
  }

  #want(): void {
    const { renew, wanted: scope } = this.#feed;
    // Without all campaigns, to be where the leader is does not mean to have what he has.
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
    this.#leaderHeardAt = this.env.monotonic();
    this.#probes = 0;
    this.#wakeIn(QUIET_MS);
  }

  #wakeIn(ms: number): void {
    this.env.clearTimeout(this.#leaderTimer);
    this.#leaderTimer = this.env.setTimeout(() => this.#probeLeader(), ms * (1 + SPREAD * this.env.random()));
  }

  /**
   * A leader needs no timer to prove that he is there: those of hidden pages run late. He answers, and answers are not held
   * back. It takes two questions, because this page may itself have been frozen while the answer to the first one came.
   */
  #probeLeader(): void {
    const quiet = this.env.monotonic() - this.#leaderHeardAt;
    if (quiet < QUIET_MS) {
      this.#probes = 0;
      // He speaks, but of what this tab asked nothing: it was lost, or the answer.
      this.#wantMore();
      return this.#wakeIn(QUIET_MS - quiet);
    }
    if (this.#probes++ < MAX_PROBES) {
      this.#post({ kind: 'probe' });
      return this.#wakeIn(ANSWER_MS * 2 ** Math.min(this.#takeovers, MAX_DOUBLINGS));
    }
    this.#takeovers++;
    this.#askForLock(true);
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
    if (order < 0) return; // replaced, and does not know it yet
    this.#term = Math.max(this.#term, place.term);
    if (this.#leads) {
      if (order === 0) return;
      this.#depose();
    }
    this.#leaderHeardAt = this.env.monotonic();
    this.#probes = 0;
    // Of the first leader that it hears of, this tab has asked already.
    const replaced = order > 0 && present !== undefined;
    if (order > 0) {
      const from = message.kind === 'beat' && place.seq === 0 ? message.from : undefined;
      // This tab has heard all that the new leader had: he goes on from where it is.
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
        // What was missed before it would be missed for good.
        this.#inSync &&= place.seq === present!.seq + 1;
        this.#place = place;
        this.#feed.ended(message.error && deserializeError(message.error));
        return this.#updateSoon();
    }
  }

  /** Asks where the feed is. */
  #catchUp(): void {
    this.#inSync = false;
    this.#want();
  }

  #follow({ change, scope }: Extract<Message, { kind: 'change' }>): void {
    if (scope === undefined) this.#feed.take(change);
    else if (change?.type !== 'open' || !this.#feed.opened(change, scope)) return this.#catchUp();
    if (scope !== undefined || change?.type === 'synced') this.#update();
  }

  /** @throws AdapterError `protocol` for what can't be copied to other tabs */
  #post(message: Message): void {
    if (this.#alone) return;
    try {
      this.#channel?.post(message);
    } catch (error) {
      throw new AdapterError(
        'protocol',
        `what the adapter says can't be told to other tabs; let rows be plain data, without functions: ${String(error)}`,
        { cause: error },
      );
    }
  }
}
