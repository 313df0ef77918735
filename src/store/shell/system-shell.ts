import type { Subscription } from 'rxjs';
import type { ActResult, CampaignAdapter, CampaignRef, WatchRequest } from '../../adapters/contract.ts';
import { observeFeed } from '../../adapters/read-feed.ts';
import type { Lifecycle } from '../../lifecycle/index.ts';
import { randomId } from '../../util/random-id.ts';
import { Stopwatch } from '../../util/stopwatch.ts';
import type { CoreEvent, Effect } from '../core/events.ts';
import { SystemCore, type CoreOptions } from '../core/system-core.ts';
import { campaignGroup, campaignKey, connectionKey, listGroup, type Notifier } from '../observe/notifier.ts';
import { ConsistencyCheck } from '../report/consistency-check.ts';
import type { ActionOutcome, Environment, StoreEventKind } from '../types.ts';
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
  report(kind: StoreEventKind, detail: unknown): void;
}

/** The outcome of a press, for whoever awaits it. */
interface Pending {
  readonly promise: Promise<ActionOutcome>;
  readonly resolve: (outcome: ActionOutcome) => void;
}

/** Carries out what the core of a system decides: opens feeds, sends actions, sets the one timer, and passes on what comes back. */
export class SystemShell {
  readonly core: SystemCore;
  readonly #page: PageSignals;
  readonly #check: ConsistencyCheck | undefined;
  readonly #events: CoreEvent[] = [];
  #handling = false;
  readonly #feeds = new Map<number, Subscription>();
  readonly #acts = new Map<number, AbortController>();
  readonly #pending = new Map<number, Pending>();
  readonly #tickets = new Map<number, (ok: boolean) => void>();
  #count = 0;
  #timer: { readonly id: unknown; readonly due: number } | undefined;
  #reports: { readonly kind: StoreEventKind; readonly detail: unknown }[] = [];
  /** The outcome of an action, or a press, is to be seen at once. */
  #urgent = false;
  #disposed = false;

  constructor(
    private readonly system: string,
    lifecycle: Lifecycle | undefined,
    options: CoreOptions,
    private readonly context: ShellContext,
  ) {
    const { adapter, env, verify } = context;
    this.core = new SystemCore(system, lifecycle, env, options);
    this.#page = new PageSignals(env.page, (change) => this.dispatch({ type: 'page', change }));
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
    this.dispatch({ type: 'press', request, id, action, input, key: randomId(), online });
    return promise;
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
  async refreshCampaign(ref: CampaignRef, signal: AbortSignal): Promise<boolean> {
    const { adapter, auth } = this.context;
    const known = this.core.rows.known(ref.id);
    try {
      const reading = await auth.signedIn(() => adapter.get!(ref, signal));
      return await this.#ticket((ticket) => this.dispatch({ type: 'reading', ticket, id: ref.id, known, reading }));
    } catch (error) {
      if (!signal.aborted) this.context.report('unanswered', { ...ref, message: String(error) });
      return false;
    }
  }

  /** A sign-in was renewed. */
  signedIn(): void {
    this.dispatch({ type: 'signed-in', renewed: true });
  }

  /** Ends feeds and requests. What was read is from now on the last known state. */
  dispose(): void {
    this.dispatch({ type: 'dispose' });
    this.#disposed = true;
    for (const act of this.#acts.values()) act.abort();
    for (const resolve of this.#tickets.values()) resolve(false);
    this.#tickets.clear();
  }

  /** Passes an event to the core, and carries out the effects before the next event. */
  dispatch(event: CoreEvent): void {
    this.#events.push(event);
    if (this.#handling) return;
    this.#handling = true;
    try {
      for (let next = this.#events.shift(); next; next = this.#events.shift())
        for (const effect of this.core.handle(next)) this.#run(effect);
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
    const { system } = this;
    const { notifier } = this.context;
    switch (effect.type) {
      case 'campaign':
        return notifier.mark(campaignKey({ system, id: effect.id }));
      case 'campaigns':
        return notifier.markGroup(campaignGroup(system));
      case 'list':
        return notifier.markGroup(listGroup(system));
      case 'connection':
        return notifier.mark(connectionKey(system));
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
        this.#acts.get(effect.request)?.abort();
        return void this.#acts.delete(effect.request);
      case 'settle':
        this.#urgent = true;
        this.#pending.get(effect.request)?.resolve(effect.outcome);
        return void this.#pending.delete(effect.request);
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

  #act({ request, attempt, act }: Extract<Effect, { type: 'act' }>): void {
    const controller = new AbortController();
    this.#acts.set(request, controller);
    const over = (event: CoreEvent): void => {
      if (controller.signal.aborted) return;
      this.#acts.delete(request);
      this.dispatch(event);
    };
    const { adapter } = this.context;
    // A promise also where `act` throws at once.
    const sent = (async (): Promise<ActResult<unknown>> => adapter.act({ ...act, signal: controller.signal }))();
    sent.then(
      (result) => over({ type: 'answer', request, attempt, result }),
      (error: unknown) => over({ type: 'failed', request, attempt, error }),
    );
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
    const id = env.setTimeout(() => {
      this.#timer = undefined;
      this.dispatch({ type: 'deadline', lateMs: set.elapsed - wait });
    }, wait);
    this.#timer = { id, due };
  }
}
