import { type ActResult, AdapterError, type CampaignAdapter, type CampaignRef } from '../../adapters/contract.ts';
import { Stopwatch } from '../../util/stopwatch.ts';
import { isAbsent } from '../../util/is-absent.ts';
import { randomId } from '../../util/random-id.ts';
import { inputProblem, movesAfter, landings, obstacle, statusDef, type Lifecycle } from '../../lifecycle/index.ts';
import type { Entry, Known } from '../data/row-store.ts';
import type { ActionOutcome, CampaignView, Environment, Reason, ReasonCode, StoreEventKind } from '../types.ts';
import { backoff, describeFailure, isAdapterError } from '../sync/errors.ts';
import type { SystemFeed } from '../sync/system-feed.ts';
import { cleanReason, type CampaignRow } from '../data/parse-record.ts';
import type { AuthRefresh } from '../sync/auth-refresh.ts';

/** What the actions need of the store around them. */
export interface ActionContext {
  readonly adapter: CampaignAdapter<unknown>;
  readonly auth: AuthRefresh;
  readonly env: Environment;
  readonly uncertainAfterMs: number;
  lifecycle(system: string): Lifecycle | undefined;
  feed(system: string): SystemFeed | undefined;
  /** Whether anyone observes this campaign. */
  observed(ref: CampaignRef): boolean;
  /** The displayed request changed. Observers are notified before the promise of `perform` resolves. */
  onChange(ref: CampaignRef): void;
  report(kind: StoreEventKind, detail: unknown): void;
}

/** One user's intent, from the press to its outcome and for as long as that is shown. */
interface Request {
  readonly ref: CampaignRef;
  readonly action: string;
  readonly key: string;
  readonly input: string | undefined;
  /** By the server's clock, in ms since 1970. */
  readonly since: number;
  readonly stopwatch: Stopwatch;
  readonly from: CampaignRow;
  readonly epoch: string | undefined;
  /** Where the action may land: seeing the campaign there confirms it. */
  readonly targets: readonly string[];
  /** Where a fault leads from there: a campaign seen there was moved by the action, and has failed since. */
  readonly failures: readonly string[];
  /** A fault would have led here without the action, too. */
  readonly ownFault: string | undefined;
  readonly promise: Promise<ActionOutcome>;
  readonly resolve: (outcome: ActionOutcome) => void;
  phase: NonNullable<CampaignView['request']>['phase'];
  reason?: Reason;
  /** The revision at which it was refused. */
  refusedAt?: number;
  /** The backend has taken it on: from now on the feed decides. */
  accepted: boolean;
  /** An attempt went out whose outcome nobody knows. */
  unknown: boolean;
  /** Set between attempts if the backend surely did nothing yet: the code of its last answer. */
  heldBackBy?: ReasonCode;
  /** The answer is here and decides; the row that came with it is not to be judged by itself. */
  answered: boolean;
  release(): void;
  deadline: unknown;
  retry: { readonly timer: unknown; readonly go: () => void } | undefined;
}

/**
 * The requests for actions. Each has one key, reused by every retry. It is shown as pending at once; its new status is shown only when the backend sends it;
 * nothing is queued for later, and nothing is a success before feed or backend confirm it.
 */
export class ActionRequests {
  readonly #requests = new Map<string, Request>();
  readonly #controller = new AbortController();

  constructor(private readonly context: ActionContext) {}

  /** What is shown of the latest request for a campaign. */
  request(ref: CampaignRef): CampaignView['request'] {
    const request = this.#requests.get(keyOf(ref));
    if (!request) return undefined;
    const { action, since, phase, reason } = request;
    return { action, since, phase, ...(reason ? { reason } : {}) };
  }

  /** Why an action can't be taken at this revision, on top of what table and record say. */
  obstacle(ref: CampaignRef, action: string, revision: number): Reason | undefined {
    const request = this.#requests.get(keyOf(ref));
    if (request?.phase === 'pending') return { code: 'pending', what: [request.action] };
    // Refused for who the user is: nothing changes that but a newer record, or another sign-in.
    const forbidden = request?.phase === 'refused' && request.reason?.code === 'forbidden';
    return forbidden && request.action === action && request.refusedAt === revision ? request.reason : undefined;
  }

  /** Never rejects. The same action while pending is the same request. */
  perform(ref: CampaignRef, action: string, input?: string): Promise<ActionOutcome> {
    const current = this.#requests.get(keyOf(ref));
    if (current?.phase === 'pending')
      return current.action === action
        ? current.promise
        : this.#refuse(ref, action, { code: 'pending', what: [current.action] });
    const feed = this.context.feed(ref.system);
    const lifecycle = this.context.lifecycle(ref.system);
    const entry = feed?.rows.entries.get(ref.id);
    if (!feed || !lifecycle) return this.#refuse(ref, action, { code: 'unknown-status' });
    if (!entry) return this.#refuse(ref, action, { code: feed.rows.removed(ref.id) ? 'gone' : 'unavailable' });
    const reason =
      obstacle(lifecycle, entry.row.status, action, entry.row) ?? this.obstacle(ref, action, entry.row.revision);
    if (reason) return this.#refuse(ref, action, withText(reason));
    const code = inputProblem(lifecycle, action, input);
    if (code) return this.#refuse(ref, action, { code });
    const request = this.#begin(ref, action, input, entry.row, lifecycle, feed);
    if (!this.context.env.page.online) this.#settle(request, refused({ code: 'offline' }));
    else void this.#send(request, feed);
    this.context.onChange(ref);
    return request.promise;
  }

  /** Forgets a settled request. */
  dismiss(ref: CampaignRef): void {
    if (this.#requests.get(keyOf(ref))?.phase === 'pending') return;
    if (this.#requests.delete(keyOf(ref))) this.context.onChange(ref);
  }

  /** A campaign has another row now, or none. */
  rowChanged(ref: CampaignRef, before: Entry | undefined, after: Entry | undefined): void {
    const request = this.#requests.get(keyOf(ref));
    if (!request) return;
    if (!after) return this.#removed(request);
    if (this.#isOpen(request)) return this.#compare(request, after.row);
    // A shown outcome is dropped when the status changes again, or when the campaign was removed and created again.
    const past = before ? before.row.status !== after.row.status : request.reason?.code === 'gone';
    if (past) this.dismiss(ref);
  }

  /** Nobody observes the campaign any more: what became of a request is no longer kept for one that was removed. */
  unobserved(ref: CampaignRef): void {
    if (this.#requests.has(keyOf(ref)) && this.#isRemoved(ref)) this.dismiss(ref);
  }

  /**
   * Applies a row from a single read. A row of another epoch can't be compared, so the feed resyncs.
   *
   * @param knownBefore what was known when the read was requested
   * @returns whether it could be read and compared
   */
  takeReading(
    ref: CampaignRef,
    reading: { campaign?: unknown; epoch?: string | null },
    knownBefore: Known,
    feed: SystemFeed,
  ): boolean {
    const epoch = reading.epoch ?? undefined;
    const known = feed.rows.epoch;
    if (epoch !== undefined && known !== undefined && epoch !== known) {
      feed.resync('a reading came from another epoch');
      return false;
    }
    return feed.rows.reading(reading.campaign, knownBefore, epoch) === ref.id;
  }

  /** Revisions started over, or all rows were dropped: pending requests can no longer be confirmed. */
  revisionsReset(system: string): void {
    for (const request of this.#requests.values())
      if (request.ref.system === system && request.phase === 'pending') this.#giveUp(request);
  }

  /** The user is signed in again: what was forbidden may no longer be. */
  signedIn(): void {
    for (const request of [...this.#requests.values()])
      if (request.reason?.code === 'forbidden' || request.reason?.code === 'unauthenticated') this.dismiss(request.ref);
  }

  dispose(): void {
    for (const request of this.#requests.values())
      if (request.phase === 'pending') this.#settle(request, { outcome: 'uncertain', reason: { code: 'unconfirmed' } });
    this.#controller.abort();
  }

  /** Its outcome is not known yet, and nothing else was asked for since. */
  #isOpen(request: Request): boolean {
    const { phase, ref } = request;
    return (phase === 'pending' || phase === 'uncertain') && this.#requests.get(keyOf(ref)) === request;
  }

  /** Its campaign is no longer shown. That it was removed is known only if the backend said so: rows may also have been forgotten. */
  #removed(request: Request): void {
    const { ref } = request;
    if (!this.#isRemoved(ref)) return;
    if (!this.#isOpen(request)) return this.dismiss(ref);
    this.#settle(request, { outcome: 'conflict', reason: { code: 'gone' } });
    if (!this.context.observed(ref)) this.dismiss(ref);
  }

  #isRemoved({ system, id }: CampaignRef): boolean {
    return this.context.feed(system)?.rows.removed(id) !== undefined;
  }

  /** What a row of its campaign says of an open request. */
  #compare(request: Request, row: CampaignRow): void {
    if (request.answered) return;
    const { from, targets, failures } = request;
    const { status } = row;
    const sameEpoch = request.epoch === this.context.feed(request.ref.system)?.rows.epoch;
    if (sameEpoch && row.revision <= from.revision) return;
    if (status === from.status) {
      // The action led back to the same status, or failed again. A new message or time distinguishes that from a change of other fields.
      const lands = targets.includes(status) || failures.includes(status);
      const news = row.message !== from.message || row.at !== from.at;
      if (sameEpoch && request.accepted && lands && news) this.#settle(request, { outcome: 'done' });
      return;
    }
    if (targets.includes(status)) return this.#settle(request, { outcome: 'done' });
    // While the answer is still out, it may know better why the status is another one.
    if (!request.accepted && request.phase !== 'uncertain') return;
    // Feeds coalesce: of "active, then error" only the error may arrive.
    const failed = failures.includes(status) && (request.accepted || status !== request.ownFault);
    this.#settle(request, failed ? { outcome: 'done' } : { outcome: 'conflict', reason: { code: 'conflict' } });
  }

  #begin(
    ref: CampaignRef,
    action: string,
    input: string | undefined,
    from: CampaignRow,
    lifecycle: Lifecycle,
    feed: SystemFeed,
  ): Request {
    let resolve!: (outcome: ActionOutcome) => void;
    const promise = new Promise<ActionOutcome>((settle) => (resolve = settle));
    const request: Request = {
      ref: { system: ref.system, id: ref.id },
      action,
      key: randomId(),
      input: input?.trim() ? input : undefined,
      since: feed.now(),
      stopwatch: new Stopwatch(this.context.env),
      from,
      epoch: feed.rows.epoch,
      targets: landings(lifecycle, from.status, action),
      failures: movesAfter(lifecycle, from.status, action),
      ownFault: statusDef(lifecycle, from.status)?.fault,
      promise,
      resolve,
      phase: 'pending',
      accepted: false,
      answered: false,
      unknown: false,
      // The feed is needed until the outcome is known, whoever still looks at it.
      release: feed.observeCampaign(ref.id),
      deadline: this.context.env.setTimeout(() => this.#giveUp(request), this.context.uncertainAfterMs),
      retry: undefined,
    };
    this.#requests.set(keyOf(ref), request);
    return request;
  }

  async #send(request: Request, feed: SystemFeed): Promise<void> {
    for (let attempt = 0; request.phase === 'pending'; attempt++) {
      // After a sleep a retry is due before the deadline is: what was asked for an hour ago must not go out now.
      if (request.stopwatch.elapsed > this.context.uncertainAfterMs) return this.#giveUp(request);
      const sentAt = this.context.env.monotonic();
      const knownBefore = feed.rows.known(request.ref.id);
      delete request.heldBackBy;
      try {
        const result = await this.context.adapter.act({
          ref: request.ref,
          action: request.action,
          signal: this.#controller.signal,
          idempotencyKey: request.key,
          ...(request.input === undefined ? {} : { input: request.input }),
          expect: {
            status: request.from.status,
            // An unreadable row kept from another epoch has revision -1: its real revision is not known.
            revision: Math.max(0, request.from.revision),
            ...(request.epoch === undefined ? {} : { epoch: request.epoch }),
          },
        });
        if (this.#controller.signal.aborted) return;
        // `unavailable` concerns this attempt only: an earlier one may have taken effect.
        if (request.unknown && result?.outcome === 'refused' && result.code === 'unavailable')
          throw new AdapterError('unavailable', 'an earlier attempt is not answered yet');
        return this.#onAnswer(request, Object(result) as ActResult<unknown>, knownBefore, feed);
      } catch (error) {
        if (!(await this.#shouldRetry(request, error, attempt, sentAt))) return;
      }
    }
  }

  #onAnswer(request: Request, result: ActResult<unknown>, knownBefore: Known, feed: SystemFeed): void {
    const text = 'reason' in result ? cleanReason(result.reason) : undefined;
    const optionalText = text === undefined ? {} : { text };
    let read = false;
    if ('campaign' in result && !isAbsent(result.campaign)) {
      request.answered = true;
      read = this.takeReading(request.ref, result, knownBefore, feed);
      request.answered = false;
    }
    if (!read && result.outcome === 'done') return this.#accepted(request, feed);
    // An answer that comes late is an answer all the same.
    if (!this.#isOpen(request)) return;
    switch (result.outcome) {
      case 'done':
        return this.#settle(request, { outcome: 'done' });
      case 'accepted':
        return this.#accepted(request, feed);
      case 'conflict':
        return this.#settle(request, { outcome: 'conflict', reason: { code: 'conflict', ...optionalText } });
      case 'refused':
        // After an attempt of unknown outcome, `forbidden` or `gone` says nothing about whether that attempt took effect.
        if (request.unknown && result.code !== 'invalid') return this.#giveUp(request);
        return this.#settle(request, refused({ code: result.code, ...optionalText }));
      default:
        this.context.report('protocol', {
          problem: 'act() must give an object whose `outcome` is done, accepted, conflict or refused',
          got: result,
        });
        request.unknown = true;
        this.#giveUp(request);
    }
  }

  /** The feed decides from now on; it may have spoken already. */
  #accepted(request: Request, feed: SystemFeed): void {
    request.accepted = true;
    const entry = feed.rows.entries.get(request.ref.id);
    if (entry && this.#isOpen(request)) this.#compare(request, entry.row);
  }

  /** @returns true to send again, with the same key; else the request is settled, or waits for the feed */
  async #shouldRetry(request: Request, error: unknown, attempt: number, sentAt: number): Promise<boolean> {
    if (request.phase !== 'pending') return false;
    const { code, message, retryAfterMs } = describeFailure(error);
    const random = this.context.env.random();
    if (isAdapterError(error) && code === 'unauthenticated') {
      request.heldBackBy = code;
      if (await this.context.auth.renew(sentAt)) return request.phase === 'pending';
      if (request.phase === 'pending') this.#giveUp(request);
      return false;
    }
    if (isAdapterError(error) && code === 'throttled') {
      request.heldBackBy = code;
      const wait = Math.max(backoff(attempt, random), retryAfterMs ?? 0);
      if (wait < this.context.uncertainAfterMs) return this.#wait(request, wait);
      this.#giveUp(request);
      return false;
    }
    delete request.heldBackBy;
    if (!request.unknown) this.context.report('unanswered', { ...request.ref, action: request.action, message });
    request.unknown = true;
    if (this.context.adapter.idempotent)
      return this.#wait(request, Math.max(backoff(attempt, random, 500), retryAfterMs ?? 0));
    this.#giveUp(request);
    return false;
  }

  #wait(request: Request, ms: number): Promise<boolean> {
    return new Promise((resolve) => {
      const go = (): void => {
        request.retry = undefined;
        resolve(request.phase === 'pending');
      };
      request.retry = { go, timer: this.context.env.setTimeout(go, ms) };
    });
  }

  /** The time is over: refused if surely nothing happened, else nobody knows. */
  #giveUp(request: Request): void {
    if (request.phase !== 'pending') return;
    const { heldBackBy } = request;
    if (heldBackBy && !request.unknown) this.#settle(request, refused({ code: heldBackBy }));
    else this.#settle(request, { outcome: 'uncertain', reason: { code: 'unconfirmed' } });
  }

  /** Without asking the backend. */
  #refuse(ref: CampaignRef, action: string, reason: Reason): Promise<ActionOutcome> {
    this.context.report('refused', { ...ref, action, reason });
    return Promise.resolve(refused(reason));
  }

  #settle(request: Request, outcome: ActionOutcome): void {
    const { env } = this.context;
    request.phase = outcome.outcome;
    if (outcome.reason) request.reason = outcome.reason;
    else delete request.reason;
    const revision = this.context.feed(request.ref.system)?.rows.entries.get(request.ref.id)?.row.revision;
    if (outcome.outcome === 'refused' && revision !== undefined) request.refusedAt = revision;
    env.clearTimeout(request.deadline);
    if (request.retry) {
      env.clearTimeout(request.retry.timer);
      request.retry.go();
    }
    if (outcome.outcome === 'refused' || outcome.outcome === 'conflict') {
      const kind = outcome.reason?.code === 'invalid' ? 'invalid' : outcome.outcome;
      this.context.report(kind, { ...request.ref, action: request.action, reason: outcome.reason });
    }
    // An uncertain one may still be confirmed by whoever looks at the campaign; for that alone the feed is not kept open.
    request.release();
    this.context.onChange(request.ref);
    request.resolve(outcome);
  }
}

function refused(reason: Reason): ActionOutcome {
  return { outcome: 'refused', reason };
}

function withText({ code, what, text }: Reason): Reason {
  return { code, ...(what ? { what } : {}), ...(text ? { text } : {}) };
}

function keyOf({ system, id }: CampaignRef): string {
  return JSON.stringify([system, id]);
}
