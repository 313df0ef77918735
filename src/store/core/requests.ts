import type { ActResult, CampaignAdapter } from '../../adapters/contract.ts';
import { inputProblem, landings, movesAfter, obstacle, statusDef, type Lifecycle } from '../../lifecycle/index.ts';
import { isAbsent } from '../../util/is-absent.ts';
import { Stopwatch } from '../../util/stopwatch.ts';
import { cleanReason, type CampaignRow } from '../data/parse-record.ts';
import type { Delta, Entry, Known, RowStore } from '../data/row-store.ts';
import type { ActionOutcome, CampaignView, Environment, Reason, ReasonCode, RequestInspection } from '../types.ts';
import type { CoreEvent, Effect, Press } from './events.ts';
import { backoff } from '../../util/backoff.ts';
import { describeFailure } from './failure.ts';

/** What the requests need of the core around them. */
export interface RequestContext {
  readonly system: string;
  readonly lifecycle: Lifecycle;
  readonly rows: RowStore;
  /** During one event its monotonic time stands still, so that what is sent together is also due together. */
  readonly clock: Pick<Environment, 'now' | 'monotonic' | 'random'>;
  readonly uncertainAfterMs: number;
  /** Whether it honours idempotency keys. */
  readonly adapter: Pick<CampaignAdapter, 'idempotent'>;
  /** Now by the server's clock, ms since 1970. */
  serverNow(): number;
  /** Whether anyone observes a campaign. */
  observed(id: string): boolean;
  /** Applies the row of an answer. @returns whether it could be read and compared */
  read(id: string, reading: { campaign?: unknown; epoch?: string | null }, known: Known): boolean;
  emit(effect: Effect): void;
  /** Keeps a campaign observed, or stops that. */
  observe(id: string, on: boolean): void;
}

/** So many pending requests are named by {@link Requests.inspect}. */
const INSPECTED = 20;

/** One user's intent, from the press to its outcome and for as long as that is shown. Times are ms by the monotonic clock, unless stated otherwise. */
interface Request {
  readonly number: number;
  readonly id: string;
  readonly action: string;
  readonly key: string;
  readonly input: string | undefined;
  /** It is sent together with the others of this number. */
  readonly batch: number | undefined;
  /** By the server's clock, in ms since 1970. */
  readonly since: number;
  readonly stopwatch: Stopwatch;
  /** What was shown at the press; after revisions started over, the campaign in the first snapshot since. */
  from: Entry;
  /** The epoch of `from`; `undefined` once its revision can't be compared any more. */
  epoch: string | undefined;
  /** Where the action may land: seeing the campaign there confirms it. */
  readonly targets: readonly string[];
  /** Where the engine may take it from there: a campaign seen there was moved by the action, and has moved on since. */
  readonly moves: readonly string[];
  /** A fault would have led here without the action, too. */
  readonly ownFault: string | undefined;
  /** Later presses of the same action, which share its outcome. */
  readonly joined: number[];
  phase: NonNullable<CampaignView['request']>['phase'];
  reason: Reason | undefined;
  /** The revision at which it was settled. */
  settledAt: number | undefined;
  /** The backend has accepted it: from now on the feed decides. */
  accepted: boolean;
  /** An attempt was sent whose outcome is not known. */
  unknown: boolean;
  /** Set between attempts if the backend surely did nothing yet: the code of its last answer. */
  heldBackBy?: ReasonCode;
  /** The answer is here and decides; the row that came with it is not to be judged by itself. */
  answered: boolean;
  /** The latest attempt, and what was known when it was sent. */
  attempt: number;
  known: Known;
  sentAt: number;
  /** It waits for a renewed sign-in. */
  signingIn: boolean;
  /** When its time is over. */
  readonly deadline: number;
  /** When the attempt under way is given up, or the next one is sent. */
  due: { readonly at: number; readonly what: 'give-up' | 'send' } | undefined;
}

/**
 * The requests for actions of one system. Each has one key, reused by every retry. It is shown as pending at once; its new status is
 * shown only when the backend sends it; nothing is queued for later, and nothing is a success before feed or backend confirm it.
 */
export class Requests {
  readonly #requests = new Map<string, Request>();
  readonly #pending = new Set<Request>();
  /** Requests with an attempt that is not answered, by their number; a later request may have replaced them. */
  readonly #sent = new Map<number, Request>();

  constructor(private readonly context: RequestContext) {}

  /** What is shown of the latest request for a campaign. */
  view(id: string): CampaignView['request'] {
    const request = this.#requests.get(id);
    if (!request) return undefined;
    const { action, since, phase, reason } = request;
    return { action, since, phase, ...(reason ? { reason } : {}) };
  }

  /** The number of the pending request for this action. */
  pending(id: string, action: string): number | undefined {
    const request = this.#requests.get(id);
    return request?.phase === 'pending' && request.action === action ? request.number : undefined;
  }

  /** Why an action can't be taken at this revision, on top of what lifecycle and record say. */
  obstacle(id: string, action: string, revision: number): Reason | undefined {
    const request = this.#requests.get(id);
    if (request?.phase === 'pending') return { code: 'pending', what: [request.action] };
    // Refused for who the user is: nothing changes that but a newer record, or another sign-in.
    const forbidden = request?.phase === 'refused' && request.reason?.code === 'forbidden';
    return forbidden && request.action === action && request.settledAt === revision ? request.reason : undefined;
  }

  /** How many are pending, and the oldest of them. */
  inspect(): { readonly pending: number; readonly requests: readonly RequestInspection[] } {
    const requests = [...this.#pending]
      .slice(0, INSPECTED)
      .map(({ id, action, since, attempt: attempts, accepted, heldBackBy }) => ({
        ...{ id, action, since, attempts, accepted },
        ...(heldBackBy ? { heldBackBy } : {}),
      }));
    return { pending: this.#pending.size, requests };
  }

  /** The next time at which {@link deadline} must be called. */
  get due(): number {
    let next = Infinity;
    for (const { deadline, due } of this.#pending) next = Math.min(next, deadline, due?.at ?? Infinity);
    for (const request of this.#sent.values()) if (!this.#isOpen(request)) next = Math.min(next, request.deadline);
    return next;
  }

  /** A user asked for an action. */
  press(event: Press): void {
    const { id, action, input, request: number } = event;
    const current = this.#requests.get(id);
    if (current?.phase === 'pending') {
      if (current.action === action) current.joined.push(number);
      else this.#refuse(event, { code: 'pending', what: [current.action] });
      return;
    }
    const { lifecycle, rows } = this.context;
    const entry = rows.entries.get(id);
    if (!entry) return this.#refuse(event, { code: rows.removed(id) ? 'gone' : 'unavailable' });
    const reason =
      obstacle(lifecycle, entry.row.status, action, entry.row) ?? this.obstacle(id, action, entry.revision);
    if (reason) return this.#refuse(event, withText(reason));
    const code = inputProblem(lifecycle, action, input);
    if (code) return this.#refuse(event, { code });
    const request = this.#begin(event, entry, lifecycle);
    if (event.online) this.#send(request);
    else this.#settle(request, refused({ code: 'offline' }));
    this.context.emit({ type: 'campaign', id });
  }

  /** Removes a settled request. */
  dismiss(id: string): void {
    if (this.#requests.get(id)?.phase === 'pending') return;
    if (this.#requests.delete(id)) this.context.emit({ type: 'campaign', id });
  }

  /** The entry of a campaign changed. */
  rowChanged({ id, before, after }: Delta): void {
    const request = this.#requests.get(id);
    if (!request) return;
    if (!after) return this.#removed(request);
    if (this.#isOpen(request)) return this.#compare(request, after);
    // A shown outcome is dropped when the status changes again, or when the campaign was removed and created again.
    const past = before ? before.row.status !== after.row.status : request.reason?.code === 'gone';
    if (past) this.dismiss(id);
  }

  /** Nobody observes the campaign any more: the outcome of a request is no longer kept for one that was removed. */
  unobserved(id: string): void {
    if (this.#requests.has(id) && this.context.rows.removed(id)) this.dismiss(id);
  }

  /** Revisions have started over: the rows that follow can't be compared by revision with those before. */
  revisionsReset(): void {
    for (const request of this.#requests.values()) request.epoch = undefined;
  }

  /** What was known is lost, so no pending request can be confirmed. */
  giveUpPending(): void {
    for (const request of [...this.#pending]) this.#giveUp(request);
  }

  /** A renewal of the sign-in has ended. @param requestedAt for what was requested then; `undefined` for everything */
  signedIn(renewed: boolean, requestedAt: number | undefined): void {
    for (const request of [...this.#requests.values()]) {
      // What was forbidden may no longer be.
      if (renewed && (request.reason?.code === 'forbidden' || request.reason?.code === 'unauthenticated'))
        this.dismiss(request.id);
      if (!request.signingIn || (requestedAt !== undefined && requestedAt !== request.sentAt)) continue;
      request.signingIn = false;
      if (renewed) this.#send(request);
      else this.#giveUp(request);
    }
  }

  /** The backend answered an attempt. */
  answer({ request: number, attempt, result }: Extract<CoreEvent, { type: 'answer' }>['answers'][number]): void {
    const request = this.#ended(number, attempt);
    if (!request) return;
    const answer = Object(result) as ActResult<unknown>;
    request.due = undefined;
    // `unavailable` concerns this attempt only: an earlier one may have taken effect.
    if (request.unknown && answer.outcome === 'refused' && answer.code === 'unavailable')
      return this.#allFailed([request], undefined);
    this.#onAnswer(request, answer);
  }

  /** Attempts that were sent together failed. */
  failed({ attempts, error }: Extract<CoreEvent, { type: 'failed' }>): void {
    this.#allFailed(
      attempts.flatMap(({ request, attempt }) => this.#ended(request, attempt) ?? []),
      error,
    );
  }

  /** Does what is due. */
  deadline(now: number): void {
    const unanswered: Request[] = [];
    for (const request of [...this.#pending]) {
      if (now >= request.deadline) this.#giveUp(request);
      else if (request.due && now >= request.due.at) {
        const { what } = request.due;
        request.due = undefined;
        if (what === 'send') this.#send(request);
        else {
          this.#abort(request);
          unanswered.push(request);
        }
      }
    }
    this.#allFailed(unanswered, new Error('no answer in time'));
    // The answer can't change an outcome that is known, was closed, or belongs to an earlier press.
    for (const request of this.#sent.values())
      if (now >= request.deadline && !this.#isOpen(request)) this.#abort(request);
  }

  /** Ends all pending requests. */
  dispose(): void {
    for (const request of [...this.#pending])
      this.#settle(request, { outcome: 'uncertain', reason: { code: 'unconfirmed' } });
  }

  /** The latest attempt is not waited for any more. */
  #abort({ number, attempt }: Request): void {
    this.#sent.delete(number);
    this.context.emit({ type: 'abort', request: number, attempt });
  }

  /** The request that an attempt belongs to, unless the attempt was given up. */
  #ended(number: number, attempt: number): Request | undefined {
    const request = this.#sent.get(number);
    if (request?.attempt !== attempt) return undefined;
    this.#sent.delete(number);
    return request;
  }

  /** Its outcome is not known yet, and nothing else was requested since. */
  #isOpen({ phase, id, number }: Request): boolean {
    return (phase === 'pending' || phase === 'uncertain') && this.#requests.get(id)?.number === number;
  }

  /** Its campaign is no longer shown. That it was removed is known only if the backend sent that: rows may also have been dropped. */
  #removed(request: Request): void {
    const { id } = request;
    if (!this.context.rows.removed(id)) return;
    if (!this.#isOpen(request)) return this.dismiss(id);
    this.#settle(request, { outcome: 'conflict', reason: { code: 'gone' } });
    if (!this.context.observed(id)) this.dismiss(id);
  }

  /** What a row of its campaign means for an open request. */
  #compare(request: Request, entry: Entry): void {
    if (request.answered) return;
    const { from, targets, moves } = request;
    const { row, revision } = entry;
    const { status } = row;
    const { epoch } = this.context.rows;
    const comparable = request.epoch === epoch;
    if (comparable && revision <= from.revision) return;
    if (status === from.row.status) {
      if (!comparable) {
        // What follows is compared with this row, unless it is the one from before because that of the new epoch can't be read.
        if (entry.unreadableSince === undefined) {
          request.from = entry;
          request.epoch = epoch;
        }
        return;
      }
      // The action led back to the same status, or failed again. A new message or time distinguishes that from a change of other fields.
      const lands = targets.includes(status) || moves.includes(status);
      if (request.accepted && lands && isNews(from.row, row)) this.#settle(request, { outcome: 'done' });
      return;
    }
    if (targets.includes(status)) return this.#settle(request, { outcome: 'done' });
    // Before the answer is here: it may explain why the status is another one. After revisions started over, none is waited for.
    if (comparable && !request.accepted && request.phase !== 'uncertain') return;
    // Feeds coalesce: of "active, then error" only the error may arrive.
    const moved = moves.includes(status) && (request.accepted || status !== request.ownFault);
    this.#settle(request, moved ? { outcome: 'done' } : { outcome: 'conflict', reason: { code: 'conflict' } });
  }

  #begin({ request: number, id, action, input, key, batch }: Press, from: Entry, lifecycle: Lifecycle): Request {
    const { clock, rows, uncertainAfterMs } = this.context;
    const { status } = from.row;
    const now = clock.monotonic();
    const request: Request = {
      number,
      id,
      action,
      key,
      input: input?.trim() ? input : undefined,
      batch,
      since: this.context.serverNow(),
      stopwatch: new Stopwatch(clock),
      from,
      epoch: rows.epoch,
      targets: landings(lifecycle, status, action),
      moves: movesAfter(lifecycle, status, action),
      ownFault: statusDef(lifecycle, status)?.fault,
      joined: [],
      phase: 'pending',
      reason: undefined,
      settledAt: undefined,
      accepted: false,
      unknown: false,
      answered: false,
      attempt: 0,
      known: rows.known(id),
      sentAt: now,
      signingIn: false,
      deadline: now + uncertainAfterMs,
      due: undefined,
    };
    this.#requests.set(id, request);
    this.#pending.add(request);
    // The feed is needed until the outcome is known, also when nothing observes the campaign.
    this.context.observe(id, true);
    return request;
  }

  #send(request: Request): void {
    const { clock, rows, system, uncertainAfterMs, adapter } = this.context;
    // After a sleep a retry is due before the deadline is: what was requested an hour ago must not be sent now.
    if (request.stopwatch.elapsed > uncertainAfterMs) return this.#giveUp(request);
    const { id, action, key, input, from, epoch, batch } = request;
    delete request.heldBackBy;
    request.sentAt = clock.monotonic();
    request.known = rows.known(id);
    // Without keys, an attempt that is not answered can't be repeated; its answer may still come.
    request.due = adapter.idempotent ? { at: request.sentAt + uncertainAfterMs / 2, what: 'give-up' } : undefined;
    this.#sent.set(request.number, request);
    this.context.emit({
      type: 'act',
      request: request.number,
      attempt: ++request.attempt,
      batch,
      act: {
        ref: { system, id },
        action,
        idempotencyKey: key,
        ...(input === undefined ? {} : { input }),
        expect: {
          status: from.row.status,
          // A row kept from another epoch has revision -1: its real revision is not known.
          revision: Math.max(0, from.revision),
          ...(epoch === undefined ? {} : { epoch }),
        },
      },
    });
  }

  #onAnswer(request: Request, result: ActResult<unknown>): void {
    const { id } = request;
    const text = 'reason' in result ? cleanReason(result.reason) : undefined;
    const explained = text === undefined ? {} : { text };
    let read = false;
    if ('campaign' in result && !isAbsent(result.campaign)) {
      request.answered = true;
      read = this.context.read(id, result, request.known);
      request.answered = false;
    }
    if (!read && result.outcome === 'done') return this.#accepted(request);
    // An answer that comes late is an answer all the same.
    if (!this.#isOpen(request)) return;
    switch (result.outcome) {
      case 'done':
        return this.#settle(request, { outcome: 'done' });
      case 'accepted':
        return this.#accepted(request);
      case 'conflict':
        return this.#settle(request, { outcome: 'conflict', reason: { code: 'conflict', ...explained } });
      case 'refused':
        // After an attempt of unknown outcome, `forbidden` or `gone` says nothing about whether that attempt took effect.
        if (request.unknown && result.code !== 'invalid') return this.#giveUp(request);
        return this.#settle(request, refused({ code: result.code, ...explained }));
      default:
        this.context.emit({
          type: 'report',
          kind: 'protocol',
          detail: {
            problem: 'act() must give an object whose `outcome` is done, accepted, conflict or refused',
            got: result,
          },
        });
        this.#giveUp(request);
    }
  }

  /** The feed decides from now on; it may have sent the result already. */
  #accepted(request: Request): void {
    request.accepted = true;
    this.context.emit({ type: 'accepted', request: request.number });
    const entry = this.context.rows.entries.get(request.id);
    if (entry && this.#isOpen(request)) this.#compare(request, entry);
  }

  /** Requests of one attempt, or one batch, are sent again at the same time. */
  #allFailed(requests: readonly Request[], error: unknown): void {
    const batches = new Map<unknown, number>();
    for (const request of requests) {
      const together = request.batch ?? request;
      const random = batches.get(together) ?? this.context.clock.random();
      batches.set(together, random);
      this.#failed(request, error, random);
    }
  }

  /** Sends again later with the same key, or leaves the outcome to the feed. @param random decides how much later */
  #failed(request: Request, error: unknown, random: number): void {
    if (request.phase !== 'pending') return;
    const { clock, adapter, uncertainAfterMs, system } = this.context;
    const { code, message, retryAfterMs } = describeFailure(error);
    const pause = backoff(request.attempt - 1, random, code === 'throttled' ? 1000 : 500);
    const wait = Math.max(pause, retryAfterMs ?? 0);
    request.due = undefined;
    if (code === 'unauthenticated') {
      request.heldBackBy = code;
      request.signingIn = true;
      return this.context.emit({ type: 'sign-in', requestedAt: request.sentAt });
    }
    if (code === 'throttled') {
      request.heldBackBy = code;
      if (wait < uncertainAfterMs) request.due = { at: clock.monotonic() + wait, what: 'send' };
      else this.#giveUp(request);
      return;
    }
    delete request.heldBackBy;
    if (!request.unknown) {
      const detail = { system, id: request.id, action: request.action, message };
      this.context.emit({ type: 'report', kind: 'unanswered', detail });
    }
    request.unknown = true;
    if (adapter.idempotent) request.due = { at: clock.monotonic() + wait, what: 'send' };
    else this.#giveUp(request);
  }

  /** Its time is over: refused if surely nothing happened, else its outcome is not known. */
  #giveUp(request: Request): void {
    if (request.phase !== 'pending') return;
    const { heldBackBy } = request;
    if (heldBackBy && !request.unknown) this.#settle(request, refused({ code: heldBackBy }));
    else this.#settle(request, { outcome: 'uncertain', reason: { code: 'unconfirmed' } });
  }

  /** Without a request to the backend. */
  #refuse({ request, id, action }: Press, reason: Reason): void {
    this.context.emit({ type: 'report', kind: 'refused', detail: { system: this.context.system, id, action, reason } });
    this.context.emit({ type: 'settle', request, outcome: refused(reason) });
  }

  #settle(request: Request, outcome: ActionOutcome): void {
    const { rows, system } = this.context;
    const { id, action } = request;
    request.phase = outcome.outcome;
    request.reason = outcome.reason;
    request.settledAt = rows.entries.get(id)?.revision;
    request.due = undefined;
    request.signingIn = false;
    if (outcome.outcome === 'refused' || outcome.outcome === 'conflict') {
      const kind = outcome.reason?.code === 'invalid' ? 'invalid' : outcome.outcome;
      this.context.emit({ type: 'report', kind, detail: { system, id, action, reason: outcome.reason } });
    }
    // An uncertain one may still be confirmed while something observes the campaign; for that alone the feed is not kept open.
    if (this.#pending.delete(request)) this.context.observe(id, false);
    this.context.emit({ type: 'campaign', id });
    for (const number of [request.number, ...request.joined.splice(0)])
      this.context.emit({ type: 'settle', request: number, outcome });
  }
}

/** True if a row differs from an earlier one in what an action changes. */
function isNews(before: CampaignRow, after: CampaignRow): boolean {
  return after.message !== before.message || after.at !== before.at;
}

function refused(reason: Reason): ActionOutcome {
  return { outcome: 'refused', reason };
}

function withText({ code, what, text }: Reason): Reason {
  return { code, ...(what ? { what } : {}), ...(text ? { text } : {}) };
}
