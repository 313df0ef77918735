import type { CampaignAdapter } from '../../adapters/contract.ts';
import { inputProblem, type Lifecycle } from '../../lifecycle/index.ts';
import { offeredActions } from '../campaign-view.ts';
import type { RequestFollower, SystemShell } from '../shell/system-shell.ts';
import type {
  ActionOutcome,
  BulkGroup,
  BulkOutcome,
  BulkProgress,
  Connection,
  Environment,
  Live,
  Reason,
} from '../types.ts';

/** So many requests go into one call of `actMany`. */
const BATCH = 500;
/** Without it, so many requests are sent at a time. */
const AT_ONCE = 4;

/** What is sent, and what it needs of the store around it. */
export interface BulkContext {
  readonly system: string;
  readonly action: string;
  readonly input: string | undefined;
  readonly ids: ReadonlySet<string>;
  /** Those that may be sent; `undefined`: all. */
  readonly only: ReadonlySet<string> | undefined;
  /** `undefined` for an unknown system. */
  readonly shell: SystemShell | undefined;
  readonly lifecycle: Lifecycle | undefined;
  readonly connection: Live<Connection>;
  readonly adapter: Pick<CampaignAdapter<unknown>, 'actMany'>;
  readonly page: Pick<Environment['page'], 'online'>;
  /** The progress has changed. */
  onChange(): void;
}

/** What is known of a campaign. */
interface Result {
  readonly outcome: BulkOutcome | 'pending';
  readonly reason?: Reason;
}

/**
 * Sends an action to several campaigns and keeps one outcome for each. Each request is a request like any other: what is
 * pending, retried and confirmed is decided by the core.
 */
export class BulkSender {
  readonly #context: BulkContext;
  readonly #results = new Map<string, Result>();
  readonly #counts: Record<Result['outcome'], number> = {
    done: 0,
    skipped: 0,
    failed: 0,
    uncertain: 0,
    unsent: 0,
    pending: 0,
  };
  /** What is still to be sent, the last one first. */
  #queue: string[] = [];
  #lanes = 0;
  #stopped: BulkProgress['stopped'];
  #progress: BulkProgress | undefined;
  #watching: { unsubscribe(): void } | undefined;

  constructor(context: BulkContext) {
    this.#context = context;
    for (const id of context.ids) this.#set(id, { outcome: 'unsent' });
  }

  /** The same object until something changes. */
  get progress(): BulkProgress {
    const { pending } = this.#counts;
    const state = this.#queue.length > 0 && !this.#stopped ? 'sending' : pending > 0 ? 'settling' : 'ended';
    return (this.#progress ??= {
      state,
      ...(this.#stopped && this.#counts.unsent > 0 ? { stopped: this.#stopped } : {}),
      total: this.#context.ids.size,
      counts: { ...this.#counts },
    });
  }

  /** The campaigns by outcome and reason. */
  results(): readonly BulkGroup[] {
    const groups = new Map<string, { outcome: BulkOutcome; reason?: Reason; ids: string[] }>();
    for (const [id, { outcome, reason }] of this.#results) {
      if (outcome === 'pending') continue;
      const key = JSON.stringify([outcome, reason?.code, reason?.what, reason?.text]);
      const group = groups.get(key);
      if (group) group.ids.push(id);
      else groups.set(key, { outcome, ...(reason ? { reason } : {}), ids: [id] });
    }
    return [...groups.values()];
  }

  /** Skips what can't take the action, and begins to send the rest. */
  start(): void {
    this.#send(this.#context.ids);
  }

  /** Sends no more. */
  cancel(): void {
    if (this.#queue.length > 0) this.#stop('cancelled');
  }

  /** Sends what was not sent, unless the backend is lost. */
  resume(): void {
    if (!this.#stopped || this.#isLost) return;
    this.#send([...this.#results].filter(([, { outcome }]) => outcome === 'unsent').map(([id]) => id));
  }

  #send(ids: Iterable<string>): void {
    this.#stopped = undefined;
    this.#queue = [...ids].filter((id) => this.#isReady(id)).reverse();
    this.#changed();
    const { shell, connection, adapter } = this.#context;
    if (!shell || this.#queue.length === 0) return;
    this.#watching ??= connection.subscribe(() => {
      if (this.#isLost) this.#stop('lost');
    });
    const [lanes, size] = adapter.actMany ? [1, BATCH] : [AT_ONCE, 1];
    for (let lane = this.#lanes; lane < lanes; lane++) void this.#run(shell, size);
  }

  /** Sends one batch after the other, each when the one before is answered. */
  async #run(shell: SystemShell, size: number): Promise<void> {
    this.#lanes++;
    while (!this.#stopped && this.#queue.length > 0) {
      if (this.#isLost) this.#stop('lost');
      else await this.#sendNext(shell, size);
    }
    this.#lanes--;
    this.#changed();
  }

  #sendNext(shell: SystemShell, size: number): Promise<void> | void {
    const batch: string[] = [];
    while (batch.length < size && this.#queue.length > 0) {
      const id = this.#queue.pop()!;
      // It may have changed since it was put in the queue.
      if (this.#isReady(id)) batch.push(id);
    }
    if (batch.length === 0) return;
    for (const id of batch) this.#set(id, { outcome: 'pending' });
    const { action, input } = this.#context;
    return new Promise((resolve) => {
      const unanswered = new Set(batch);
      const answered = (id: string): void => {
        if (unanswered.delete(id) && unanswered.size === 0) resolve();
      };
      shell.pressMany(batch, action, input, (id): RequestFollower => {
        let accepted = false;
        return {
          accepted: () => {
            accepted = true;
            answered(id);
          },
          settled: (outcome) => {
            this.#settled(id, outcome, accepted);
            answered(id);
          },
        };
      });
    });
  }

  #settled(id: string, { outcome, reason }: ActionOutcome, accepted: boolean): void {
    const because = reason ? { reason } : {};
    const code = reason?.code;
    if (outcome === 'done' || outcome === 'uncertain') this.#set(id, { outcome, ...because });
    // The backend takes no requests, and surely did nothing.
    else if (code === 'unauthenticated' || code === 'throttled' || code === 'offline') {
      this.#set(id, { outcome: 'unsent', ...because });
      this.#stop('lost');
    } else this.#set(id, { outcome: 'failed', ...because });
    if (outcome === 'uncertain' && !accepted) this.#stop('lost');
    this.#changed();
  }

  /** Skips a campaign that can't take the action. */
  #isReady(id: string): boolean {
    const reason = this.#obstacle(id);
    if (reason) this.#set(id, { outcome: 'skipped', reason });
    return !reason;
  }

  #obstacle(id: string): Reason | undefined {
    const { shell, lifecycle, action, input, only } = this.#context;
    if (!shell || !lifecycle) return { code: 'unknown-status' };
    const code = inputProblem(lifecycle, action, input);
    if (code) return { code };
    const { core } = shell;
    const entry = core.rows.entries.get(id);
    if (!entry) return { code: core.rows.removed(id) || core.answersFor(id) ? 'gone' : 'unavailable' };
    const offers = offeredActions(core, entry, lifecycle);
    const offer = offers.find((one) => one.action === action);
    if (offer) return offer.disabled ?? (only && !only.has(id) ? { code: 'not-listed' } : undefined);
    return offers[0]?.action === '' ? offers[0].disabled : { code: 'illegal' };
  }

  get #isLost(): boolean {
    const { lost, state } = this.#context.connection.value;
    const blocked = state === 'unauthenticated' || state === 'forbidden' || state === 'misconfigured';
    return lost !== undefined || blocked || !this.#context.page.online;
  }

  #stop(why: 'cancelled' | 'lost'): void {
    this.#stopped ??= why;
    this.#queue = [];
    this.#changed();
  }

  #set(id: string, result: Result): void {
    const before = this.#results.get(id);
    if (before) this.#counts[before.outcome]--;
    this.#counts[result.outcome]++;
    this.#results.set(id, result);
  }

  #changed(): void {
    this.#progress = undefined;
    if (this.#counts.pending === 0 && this.#lanes === 0 && this.#queue.length === 0) {
      this.#watching?.unsubscribe();
      this.#watching = undefined;
    }
    this.#context.onChange();
  }
}
