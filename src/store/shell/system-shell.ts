import type { Subject, Subscription } from 'rxjs';
import type { ActRequest, CampaignAdapter, CampaignRef, Reading, WatchRequest } from '../../adapters/contract.ts';
import { observeFeed } from '../../adapters/read-feed.ts';
import type { Lifecycle } from '../../lifecycle/index.ts';
import { randomId } from '../../util/random-id.ts';
import { Stopwatch } from '../../util/stopwatch.ts';
import type { Attempt, CoreEvent, Effect } from '../core/events.ts';
import type { Delta } from '../data/row-store.ts';
import { SystemCore, type CoreOptions } from '../core/system-core.ts';
import { campaignGroup, CONNECTIONS, listGroup, type Notifier } from '../observe/notifier.ts';
import { changesOf } from '../observe/changes-of.ts';
import { ConsistencyCheck } from '../report/consistency-check.ts';
import type { ActionOutcome, CampaignChange, Environment, StoreEventKind } from '../types.ts';
import { limitAnswer } from './answer-limit.ts';
import type { AuthRefresh } from './auth-refresh.ts';
import { PageSignals } from './page-signals.ts';

/** What the shell needs of the store around it. */
export interface ShellContext {
  readonly adapter: CampaignAdapter<unknown>;
  readonly auth: AuthRefresh;
  readonly env: Environment;
  /** Compares what is shown with the backend now and then. */
  readonly verify: boolean;
  readonly notifier: Notifier;
  readonly changes: Subject<readonly CampaignChange[]>;
  report(kind: StoreEventKind, detail: unknown): void;
}

/** The outcome of a press that its caller awaits. */
interface Pending {
  readonly promise: Promise<ActionOutcome>;
  readonly resolve: (outcome: ActionOutcome) => void;
}

/** Follows the request of one campaign among several. */
export interface RequestFollower {
  /** The backend has accepted it. */
  accepted(): void;
  /** Its outcome is known. After `uncertain` it may be called again. */
  settled(outcome: ActionOutcome): void;
}

type Act = Extract<Effect, { type: 'act' }>;

/** A call of the adapter that sends one request, or a batch. */
interface Call {
  readonly controller: AbortController;
  /** The requests whose answers are waited for. */
  readonly awaited: Set<number>;
}

/** Carries out what the core of a system decides: opens feeds, sends actions, sets the one timer, and passes on what comes back. */
export class SystemShell {
  readonly core: SystemCore;
  /** The group of values that show its campaigns. */
  readonly #campaigns: string;
  readonly #page: PageSignals;
  readonly #check: ConsistencyCheck | undefined;
  readonly #events: CoreEvent[] = [];
  #handling = false;
  readonly #feeds = new Map<number, Subscription>();
  readonly #calls = new Map<number, Call>();
  /** What is sent when the present events are handled, by batch. */
  readonly #batches = new Map<number, Act[]>();
  readonly #followers = new Map<number, RequestFollower>();
  readonly #reads = new Set<AbortController>();
  readonly #pending = new Map<number, Pending>();
  readonly #tickets = new Map<number, (ok: boolean) => void>();
  #count = 0;
  /** `throttled`: the page was hidden meanwhile, and browsers delay the timers of hidden pages. */
  #timer: { readonly id: unknown; readonly due: number; throttled: boolean } | undefined;
  /** What has changed since the last frame; only while someone observes it. */
  #changes: CampaignChange[] = [];
  #reports: { readonly kind: StoreEventKind; readonly detail: unknown }[] = [];
  /** The outcome of an action, or a press, is to be seen at once. */
  #urgent = false;
  #disposed = false;

  constructor(
    private readonly system: string,
    lifecycle: Lifecycle,
    options: CoreOptions,
    private readonly context: ShellContext,
  ) {
    const { adapter, env, verify } = context;
    this.#campaigns = campaignGroup(system);
    this.core = new SystemCore(system, lifecycle, env, options);
    this.#page = new PageSignals(env.page, (change) => {
      if (this.#timer && change !== 'online') this.#timer.throttled = true;
      this.dispatch({ type: 'page', change });
    });
    if (verify)
      this.#check = new ConsistencyCheck(system, adapter, env, this.core.rows, (detail) =>
        this.dispatch({ type: 'drift', detail }),
      );
  }

  /** Someone observes one campaign, or with no id all of them. @returns ends it */
  observe(id?: string): () => void {
    const who = id === undefined ? {} : { id };
    this.dispatch({ type: 'observed', ...who });
    let over = false;
    return () => {
      if (over) return;
      over = true;
      this.dispatch({ type: 'unobserved', ...who });
    };
  }

  /** Requests an action. The same one while it is pending gives the same promise. */
  press(id: string, action: string, input: string | undefined): Promise<ActionOutcome> {
    const same = this.core.requested ? this.core.requests.pending(id, action) : undefined;
    const pending = same === undefined ? undefined : this.#pending.get(same);
    if (pending) return pending.promise;
    const request = ++this.#count;
    let resolve!: Pending['resolve'];
    const promise = new Promise<ActionOutcome>((settle) => (resolve = settle));
    this.#pending.set(request, { promise, resolve });
    this.#urgent = true;
    const { online } = this.context.env.page;
    this.dispatch({ type: 'press', presses: [{ request, id, action, input, key: randomId(), online }] });
    return promise;
  }

  /** Requests an action of several campaigns. They are sent together, and again together, if the adapter can do that. */
  pressMany(
    ids: readonly string[],
    action: string,
    input: string | undefined,
    follow: (id: string) => RequestFollower,
  ): void {
    const { online } = this.context.env.page;
    const batch = ++this.#count;
    const presses = ids.map((id) => {
      const request = ++this.#count;
      this.#followers.set(request, follow(id));
      return { request, id, action, input, key: randomId(), online, batch };
    });
    this.#urgent = true;
    this.dispatch({ type: 'press', presses });
  }

  /** Closes the outcome of an action. */
  dismiss(id: string): void {
    this.#urgent = true;
    this.dispatch({ type: 'dismiss', id });
  }

  /** Reads everything again. @returns whether that succeeded */
  refresh(): Promise<boolean> {
    return this.#ticket((ticket) => this.dispatch({ type: 'refresh', ticket }));
  }

  /** Reads one campaign. @returns whether what is shown of it is up to date now */
  refreshCampaign(id: string): Promise<boolean> {
    return this.#ticket((ticket) => this.dispatch({ type: 'read', ticket, id }));
  }

  /** A sign-in was renewed. */
  signedIn(): void {
    this.dispatch({ type: 'signed-in', renewed: true });
  }

  /** Ends feeds and requests. What was read is from now on the last known state. */
  dispose(): void {
    this.dispatch({ type: 'dispose' });
    this.#disposed = true;
    for (const controller of [...this.#calls.values()].map((call) => call.controller).concat(...this.#reads))
      controller.abort();
    for (const resolve of this.#tickets.values()) resolve(false);
    this.#tickets.clear();
  }

  /** Passes an event to the core, and carries out the effects before the next event. */
  dispatch(event: CoreEvent): void {
    this.#events.push(event);
    if (this.#handling) return;
    this.#handling = true;
    try {
      for (let next = this.#events.shift(); next; next = this.#events.shift()) {
        for (const effect of this.core.handle(next)) this.#run(effect);
        for (const batch of this.#batches.values()) this.#actTogether(batch);
        this.#batches.clear();
      }
    } finally {
      this.#handling = false;
    }
    this.#setTimer();
    // The host may use the store in `report`; it never sees a change half applied.
    for (const { kind, detail } of this.#reports.splice(0)) this.#report(kind, detail);
    if (!this.#urgent) return;
    this.#urgent = false;
    this.context.notifier.flush();
  }

  #run(effect: Effect): void {
    const { notifier } = this.context;
    switch (effect.type) {
      case 'campaign':
        return notifier.mark(this.#campaigns, effect.id);
      case 'rows':
        notifier.markEach(this.#campaigns, effect.deltas);
        if (this.context.changes.observed) this.#collect(effect.deltas);
        return;
      case 'campaigns':
        return notifier.markGroup(this.#campaigns);
      case 'list':
        return notifier.markGroup(listGroup(this.system));
      case 'connection':
        return notifier.mark(CONNECTIONS, this.system);
      case 'report':
        return void this.#reports.push(effect);
      case 'watch':
        return this.#watch(effect);
      case 'unwatch':
        this.#feeds.get(effect.feed)?.unsubscribe();
        return void this.#feeds.delete(effect.feed);
      case 'act':
        return this.#act(effect);
      case 'abort':
        return this.#abort(effect.request);
      case 'accepted':
        return this.#followers.get(effect.request)?.accepted();
      case 'settle':
        return this.#settle(effect);
      case 'read':
        return void this.#read(effect);
      case 'refreshed':
        this.#tickets.get(effect.ticket)?.(effect.ok);
        return void this.#tickets.delete(effect.ticket);
      case 'sign-in':
        return this.#signIn(effect.requestedAt);
      case 'follow-page':
        return effect.follow ? this.#page.start() : this.#page.stop();
      case 'await-demand':
        return queueMicrotask(() => this.dispatch({ type: 'demand' }));
      case 'check':
        return this.#check?.start(effect.scope, effect.settleMs);
      case 'stop-check':
        return this.#check?.stop();
      default:
        effect satisfies never;
    }
  }

  /** With the frame, after its observers: whoever gets a change then reads the view of now. */
  #collect(deltas: readonly Delta[]): void {
    const { changes, env } = this.context;
    const idle = this.#changes.length === 0;
    for (const change of changesOf(this.system, deltas, this.core.rows)) this.#changes.push(change);
    if (idle && this.#changes.length > 0) env.frame(() => changes.next(this.#changes.splice(0)));
  }

  #watch({ feed, scope, since }: Extract<Effect, { type: 'watch' }>): void {
    const request: Omit<WatchRequest, 'signal'> = {
      system: this.system,
      ...(scope === 'all' ? {} : { ids: [...scope] }),
      ...(since ? { since } : {}),
    };
    const changes = observeFeed((signal) => this.context.adapter.watch({ ...request, signal }));
    const end = (error?: unknown): void => this.dispatch({ type: 'disconnect', feed, error });
    this.#feeds.set(
      feed,
      changes.subscribe({
        next: (change) => this.dispatch({ type: 'change', feed, change }),
        error: end,
        complete: end,
      }),
    );
  }

  #act(effect: Act): void {
    const { batch } = effect;
    if (batch === undefined) return this.#actTogether([effect]);
    const acts = this.#batches.get(batch);
    if (acts) acts.push(effect);
    else this.#batches.set(batch, [effect]);
  }

  /** Sends requests with one call, or with one each if the adapter can't do that. */
  #actTogether(acts: readonly Act[]): void {
    const { adapter } = this.context;
    if (acts.length > 1 && adapter.actMany)
      this.#call(acts, async (requests) => {
        const results: unknown = await adapter.actMany!(requests);
        if (Array.isArray(results)) return results as unknown[];
        throw new TypeError('actMany() must give one result for each request');
      });
    // A promise also where `act` throws at once.
    else for (const act of acts) this.#call([act], async ([request]) => [await adapter.act(request!)]);
  }

  #call(acts: readonly Act[], send: (requests: readonly ActRequest[]) => Promise<readonly unknown[]>): void {
    const attempts = acts.map(({ request, attempt }): Attempt => ({ request, attempt }));
    const call: Call = { controller: new AbortController(), awaited: new Set(acts.map(({ request }) => request)) };
    for (const { request } of acts) this.#calls.set(request, call);
    const { signal } = call.controller;
    const over = (event: CoreEvent): void => {
      if (signal.aborted) return;
      for (const request of call.awaited) this.#calls.delete(request);
      this.dispatch(event);
    };
    send(acts.map(({ act }) => ({ ...act, signal }))).then(
      (results) => over({ type: 'answer', answers: attempts.map((of, n) => ({ ...of, result: results[n] })) }),
      (error: unknown) => over({ type: 'failed', attempts, error }),
    );
  }

  /** An answer is not waited for any more. What is sent together is aborted when none of it is waited for. */
  #abort(request: number): void {
    const call = this.#calls.get(request);
    this.#calls.delete(request);
    if (call?.awaited.delete(request) && call.awaited.size === 0) call.controller.abort();
  }

  #settle({ request, outcome }: Extract<Effect, { type: 'settle' }>): void {
    this.#urgent = true;
    this.#pending.get(request)?.resolve(outcome);
    this.#pending.delete(request);
    const follower = this.#followers.get(request);
    if (outcome.outcome !== 'uncertain') this.#followers.delete(request);
    follower?.settled(outcome);
  }

  async #read({ ticket, id, known }: Extract<Effect, { type: 'read' }>): Promise<void> {
    try {
      const reading = await this.context.auth.signedIn(() => this.#get({ system: this.system, id }));
      this.dispatch({ type: 'reading', ticket, id, known, reading });
    } catch (error) {
      this.dispatch({ type: 'unread', ticket, id, error });
    }
  }

  /** Reads one campaign. @throws also if the answer takes too long */
  #get(ref: CampaignRef): Promise<Reading<unknown> | undefined> {
    const { adapter, env } = this.context;
    const controller = new AbortController();
    const { signal } = controller;
    this.#reads.add(controller);
    return new Promise<Reading<unknown> | undefined>((resolve, reject) => {
      limitAnswer(env, 'campaign', signal, reject);
      void Promise.resolve(adapter.get!(ref, signal)).then(resolve, reject);
    }).finally(() => {
      this.#reads.delete(controller);
      controller.abort();
    });
  }

  #signIn(requestedAt: number): void {
    const { auth } = this.context;
    const renewedBefore = auth.renewedSince(requestedAt);
    void auth.renew(requestedAt).then((renewed) => {
      // A renewal itself is announced to all systems, by `signedIn`.
      if (renewedBefore || !renewed) this.dispatch({ type: 'signed-in', renewed, requestedAt });
    });
  }

  #report(kind: StoreEventKind, detail: unknown): void {
    if (kind === 'misconfigured')
      console.error(
        `campaign-status-kit: the feed of "${this.system}" is misconfigured: ${(detail as { message: string }).message}`,
      );
    this.context.report(kind, detail);
  }

  #ticket(start: (ticket: number) => void): Promise<boolean> {
    if (this.#disposed) return Promise.resolve(false);
    return new Promise((resolve) => {
      const ticket = ++this.#count;
      this.#tickets.set(ticket, resolve);
      start(ticket);
    });
  }

  /** One timer for the earliest deadline. One that has moved back is checked when the old time comes. */
  #setTimer(): void {
    const { env } = this.context;
    const { due } = this.core;
    if (this.#timer && due !== undefined && this.#timer.due <= due) return;
    if (this.#timer) env.clearTimeout(this.#timer.id);
    this.#timer = undefined;
    if (due === undefined) return;
    const wait = Math.max(0, due - env.monotonic());
    const set = new Stopwatch(env);
    const timer = { due, throttled: !env.page.visible, id: undefined as unknown };
    timer.id = env.setTimeout(() => {
      this.#timer = undefined;
      this.dispatch({ type: 'deadline', sleptMs: timer.throttled ? set.gap : set.elapsed - wait });
    }, wait);
    this.#timer = timer;
  }
}
