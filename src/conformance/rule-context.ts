import type {
  ActRequest,
  ActResult,
  CampaignAdapter,
  CampaignRef,
  HistoryEntry,
  Reading,
} from '../adapters/contract.ts';
import { flows, legalActions, python, type Lifecycle } from '../lifecycle/index.ts';
import { isAbsent } from '../util/is-absent.ts';
import { CheckedControl } from './checked-control.ts';
import type { Findings } from './findings.ts';
import { formatValue, formatError } from './format-value.ts';
import { timeoutsOf, type BackendControl, type Timeouts, type Subject } from './subject.ts';
import { Trace } from './trace.ts';
import { Blocked, HarnessError, NotApplicable, OutOfReach, RunEnded, RuleBroken } from './rule-errors.ts';
import { WatchRecorder, type Row, type WatchOptions } from './watch-recorder.ts';
import { validInput } from './sample-input.ts';
import { checkActResult, checkHistoryPage } from './schemas.ts';
import { pause, within } from './deadline.ts';

/** How `act` ended: with an answer or an error. */
export type Answer = { readonly result: ActResult<unknown> } | { readonly thrown: unknown };

/** An action to send. */
export interface Attempt {
  readonly id: string;
  readonly action: string;
  /** What the user saw. */
  readonly seen: { readonly status: string; readonly revision: number; readonly epoch?: string };
  /** Default: a new one. */
  readonly key?: string;
  /** The text that goes with it. `null`: none. Default: one that the action accepts, if it requires one. */
  readonly input?: string | null;
}

const ADAPTER_MEMBERS = ['get', 'diagnose', 'log', 'history', 'actMany', 'reauthenticate', 'idempotent'] as const;
/** A history of one of the kit's own campaigns has fewer pages. */
const MOST_PAGES = 50;
/** Time between two attempts to watch a backend that was cut off, in ms. */
const RETRY_MS = 50;

const KNOWN = new Map<string, Lifecycle>([flows, python].map((lifecycle) => [lifecycle.system, lifecycle]));

/** The lifecycle of a system: the given one, or the kit's own. */
export function lifecycleOf({ system, lifecycle }: Pick<Subject, 'system' | 'lifecycle'>): Lifecycle | undefined {
  return lifecycle ?? KNOWN.get(system);
}

const run = Math.floor(Math.random() * 36 ** 6).toString(36);
let count = 0;

/** A unique name, also across two runs on one backend. */
export function fresh(kind: string): string {
  return `${kind}-${run}-${++count}`;
}

/** Everything one case works with: a fresh adapter, its own campaigns and a trace. It closes and removes all of it at the end. */
export class RuleContext {
  readonly trace = new Trace();
  readonly timeouts: Timeouts;
  readonly lifecycle: Lifecycle | undefined;
  readonly system: string;
  #adapter: CampaignAdapter<unknown> | undefined;
  readonly #controls: CheckedControl[] = [];
  readonly #main: CheckedControl | undefined;
  readonly #recorders: WatchRecorder[] = [];
  readonly #controllers: AbortController[] = [];
  #marker: string | undefined;
  readonly #over = new AbortController();

  /**
   * @param findings of the cases before
   * @param rule the id of the rule that is checked
   */
  constructor(
    readonly subject: Subject,
    readonly findings: Findings,
    private readonly rule: string,
  ) {
    this.timeouts = timeoutsOf(subject);
    this.lifecycle = lifecycleOf(subject);
    this.system = subject.system;
    if (subject.control && !subject.readOnly) this.#main = this.#controlOf('control', subject.control, subject);
  }

  /** Makes the adapter, and signs it in if it starts without a session. @throws OutOfReach if that fails */
  async start(): Promise<void> {
    try {
      this.#adapter = await this.subject.createAdapter();
    } catch (error) {
      throw new OutOfReach(`createAdapter failed: ${formatError(error)}`);
    }
    // The case ended while the adapter was being made.
    if (this.#over.signal.aborted) return this.#closeAdapter();
    if (typeof (this.#adapter as Partial<CampaignAdapter> | undefined)?.watch !== 'function')
      throw new OutOfReach(`createAdapter must return an adapter, got ${formatValue(this.#adapter)}.`);
    this.findings.adapterMembers = ADAPTER_MEMBERS.filter((member) => this.adapter[member]);
    if (typeof this.#adapter.reauthenticate === 'function') await this.#signIn();
  }

  /** Signs in as the store does after `unauthenticated`. Otherwise every rule would only see that error. */
  async #signIn(): Promise<void> {
    this.findings.signedOut ??= await this.#isSignedOut();
    if (!this.findings.signedOut) return;
    this.trace.add('adapter', 'reauthenticate');
    try {
      await this.call('reauthenticate', (signal) => this.adapter.reauthenticate!(signal));
    } catch (error) {
      throw new OutOfReach(error instanceof Error ? error.message : String(error));
    }
  }

  async #isSignedOut(): Promise<boolean> {
    const first = new WatchRecorder(this.adapter, this.system, 'the first feed', { by: 'feed-opens-first' }, this);
    await first.settled();
    first.close();
    const { name, code } = ((first.end?.how === 'failed' && first.end.error) || {}) as Record<string, unknown>;
    return name === 'AdapterError' && code === 'unauthenticated';
  }

  get adapter(): CampaignAdapter<unknown> {
    return this.#adapter!;
  }

  /** Whether there is a backend control that may be used. */
  get hasControl(): boolean {
    return this.#main !== undefined;
  }

  /** The backend control. Only for rules that need it. */
  get control(): CheckedControl {
    return this.#main!;
  }

  /** The backend control of the second system. */
  otherControl(other: NonNullable<Subject['other']>): CheckedControl {
    return this.#controlOf('other.control', other.control, other);
  }

  ref(id: string): CampaignRef {
    return { system: this.system, id };
  }

  /** Opens a feed; it ends with the case. */
  watch(options: WatchOptions = {}, system: string = this.system): WatchRecorder {
    if (this.#over.signal.aborted) throw new RunEnded();
    const label = `feed ${this.#recorders.length + 1}`;
    const by = this.#recorders.length === 0 ? 'feed-opens-first' : 'feed-again';
    const recorder = new WatchRecorder(this.adapter, system, label, { ...options, by }, this);
    this.#recorders.push(recorder);
    return recorder;
  }

  /** Opens a feed, and waits for its snapshot. */
  synced(options: WatchOptions = {}): Promise<WatchRecorder> {
    return this.watch(options).synced();
  }

  /** The same after the backend was cut off or restarted: retries until a feed opens. */
  async syncedSoon(options: WatchOptions = {}): Promise<WatchRecorder> {
    for (let left = this.timeouts.answerMs; ; left -= RETRY_MS) {
      const recorder = this.watch(options);
      await recorder.until(() => recorder.messages.length > 0 || !!recorder.end);
      if (recorder.messages.length > 0 || !recorder.end || left <= 0) return recorder.synced();
      await pause(RETRY_MS);
    }
  }

  /** Makes one more change, waits until the feeds report it, then waits `quietMs`. What has not come by then will not come. */
  async fence(...recorders: readonly WatchRecorder[]): Promise<void> {
    if (this.#main && recorders.length > 0) {
      this.#marker ??= (await this.#main.seedOne()).id;
      const name = fresh('Marker');
      await this.#main.change(this.#marker, { name });
      for (const recorder of recorders)
        await recorder.waitForRow(this.#marker, (row) => row['name'] === name, `name "${name}"`);
    }
    await pause(this.timeouts.quietMs);
  }

  /** Sends an action. @throws RuleBroken if no answer comes; Blocked if the answer does not fit its schema */
  async act(attempt: Attempt): Promise<Answer> {
    const request = this.#requestOf(attempt);
    const sent = Promise.resolve()
      .then(() => this.adapter.act(request))
      .then(
        (result): Answer => ({ result }),
        (thrown: unknown): Answer => ({ thrown }),
      );
    const answer = await within(this.timeouts.answerMs, sent, this.#over.signal);
    if (answer.late) throw new RuleBroken(`act(${attempt.action}) did not answer within ${this.timeouts.answerMs} ms.`);
    this.trace.add('act', showAnswer(answer.value));
    if ('result' in answer.value) expectActResult(answer.value.result);
    return answer.value;
  }

  /**
   * Sends several actions in one call.
   *
   * @returns the outcomes, one for each
   * @throws RuleBroken if no answer comes; Blocked if the answer is not such a list, or an outcome does not fit its schema
   */
  async actMany(attempts: readonly Attempt[]): Promise<readonly ActResult<unknown>[]> {
    const requests = attempts.map((attempt) => this.#requestOf(attempt));
    const results = await this.call('actMany', () => this.adapter.actMany!(requests));
    this.trace.add('actMany', 'answers', results);
    if (!Array.isArray(results) || results.length !== attempts.length)
      throw new Blocked(
        'act-many-in-order',
        `actMany got ${attempts.length} requests and answered ${formatValue(results)}.`,
      );
    for (const result of results) expectActResult(result);
    return results as readonly ActResult<unknown>[];
  }

  #requestOf({ id, action, seen, key = fresh('key'), input }: Attempt): ActRequest {
    const isRequired = this.lifecycle?.actions[action]?.input?.required === true;
    const text = input === undefined && isRequired ? validInput(this.lifecycle, action) : input;
    this.trace.add('act', `${action} of ${formatValue(id)}`, {
      expect: seen,
      key,
      ...(isAbsent(text) ? {} : { input: text }),
    });
    return {
      ref: this.ref(id),
      action,
      expect: seen,
      idempotencyKey: key,
      signal: this.controller().signal,
      ...(isAbsent(text) ? {} : { input: text }),
    };
  }

  /**
   * All pages of a history, each entry in the order in which it came.
   *
   * @param limit how many entries are asked for at once
   * @throws RuleBroken if an answer does not come; Blocked if a page does not fit its schema, or the pages do not end
   */
  async history(id: string, limit: number): Promise<readonly HistoryEntry[]> {
    const entries: HistoryEntry[] = [];
    let before: string | undefined;
    for (let pages = 0; pages < MOST_PAGES; pages++) {
      const request = { limit, ...(before === undefined ? {} : { before }) };
      this.trace.add('history', formatValue(id), request);
      const page = await this.call('history', (signal) => this.adapter.history!(this.ref(id), request, signal));
      this.trace.add('history', 'answers', page);
      const problem = checkHistoryPage(page);
      if (problem !== undefined) throw new Blocked('history-schema', `${problem}. The page was: ${formatValue(page)}`);
      entries.push(...page.entries);
      if (isAbsent(page.before)) return entries;
      ({ before } = page);
    }
    throw new Blocked(
      'history-paged',
      `The history of one campaign did not end after ${MOST_PAGES} pages of ${limit}; it has ${entries.length} entries so far, the last one ${formatValue(entries.at(-1))}.`,
    );
  }

  /** Calls `get`. @throws RuleBroken if it throws or no answer comes */
  async get(id: string): Promise<Reading<unknown> | undefined> {
    this.trace.add('get', formatValue(id));
    const reading = await this.call('get', (signal) => this.adapter.get!(this.ref(id), signal));
    this.trace.add('get', 'answers', reading ?? 'undefined');
    return reading;
  }

  /** Waits for a promise of the adapter. @throws RuleBroken if it rejects or takes too long */
  async call<T>(what: string, send: (signal: AbortSignal) => Promise<T>): Promise<T> {
    const controller = this.controller();
    let answer: Awaited<ReturnType<typeof within<T>>>;
    try {
      answer = await within(
        this.timeouts.answerMs,
        Promise.resolve().then(() => send(controller.signal)),
        this.#over.signal,
      );
    } catch (error) {
      if (error instanceof RunEnded) throw error;
      throw new RuleBroken(`${what} threw ${formatError(error)}.`);
    }
    if (answer.late) throw new RuleBroken(`${what} did not answer within ${this.timeouts.answerMs} ms.`);
    return answer.value;
  }

  /** Ids of existing campaigns: two new ones, or in a read-only run up to two of the backend's. */
  async someIds(): Promise<readonly string[]> {
    if (this.#main) return (await this.#main.seed({}, {})).map(({ id }) => id);
    const recorder = await this.synced();
    recorder.stop();
    return [...recorder.known.rows.keys()].slice(0, 2);
  }

  /** The id of a campaign that has run, so that it may have a log and a history; in a read-only run that of any campaign. */
  async idWithPast(): Promise<string | undefined> {
    const [id] = await this.someIds();
    if (!this.#main || id === undefined) return id;
    const { lifecycle, restingStatus } = this.#main;
    const [action] = legalActions(lifecycle, restingStatus);
    const row = (await this.synced()).row(id);
    if (action !== undefined && row) await this.act({ id, action, seen: seenIn(row, '') });
    return id;
  }

  /** The revision of a row. @throws Blocked if it is not a number, because then the order is unknown */
  revisionOf(row: Row): number {
    const { revision } = row;
    if (typeof revision === 'number') return revision;
    return this.blocked(
      'feed-schema',
      `The revision is ${formatValue(revision)}, which is not a number, in ${formatValue(row)}.`,
    );
  }

  /** Ends the case: the rule is broken. @param received what the adapter did, in terms of the contract */
  broken(received: string): never {
    throw new RuleBroken(received);
  }

  /** Ends the case: the rule does not apply. */
  skip(reason: string): never {
    throw new NotApplicable(reason);
  }

  /** Ends the case: the broken rule `by` prevents the check. */
  blocked(by: string, received: string): never {
    throw new Blocked(by, received);
  }

  /** What is wrong with the first row or removal that has an unreadable id. It belongs to no campaign. */
  get unreadableId(): string | undefined {
    return this.#recorders.map(({ unreadableId }) => unreadableId).find((problem) => problem !== undefined);
  }

  /** Ends all feeds and requests, closes the adapter and removes what the case made. @throws HarnessError if that fails */
  async end(): Promise<void> {
    this.#over.abort();
    for (const controller of this.#controllers) controller.abort();
    for (const recorder of this.#recorders) recorder.close();
    // Remove what the case made even if something else fails.
    const ends = await Promise.allSettled([
      this.#closeAdapter(),
      ...this.#controls.map((control) => control.cleanUp()),
    ]);
    const failed = ends.find((end) => end.status === 'rejected');
    if (failed) throw failed.reason;
  }

  async #closeAdapter(): Promise<void> {
    const { closeAdapter } = this.subject;
    if (!this.#adapter || !closeAdapter) return;
    const { answerMs } = this.timeouts;
    try {
      const { late } = await within(answerMs, Promise.resolve(closeAdapter.call(this.subject, this.#adapter)));
      if (late) throw new Error(`it did not settle within ${answerMs} ms`);
    } catch (error) {
      throw new HarnessError(`closeAdapter failed: ${formatError(error)}`);
    }
  }

  /** A controller that is aborted at the end of the case. */
  controller(): AbortController {
    if (this.#over.signal.aborted) throw new RunEnded();
    const controller = new AbortController();
    this.#controllers.push(controller);
    return controller;
  }

  #controlOf(name: string, control: BackendControl, of: Pick<Subject, 'system' | 'lifecycle'>): CheckedControl {
    const lifecycle = lifecycleOf(of);
    if (!lifecycle)
      throw new TypeError(
        `The lifecycle of "${of.system}" is unknown. Give \`lifecycle\`, made by defineLifecycle, next to \`control\`.`,
      );
    const checked = new CheckedControl(control, lifecycle, {
      name,
      rule: this.rule,
      trace: this.trace,
      timeouts: this.timeouts,
      findings: this.findings,
      freshId: () => fresh('conformance'),
    });
    this.#controls.push(checked);
    return checked;
  }
}

/** @throws Blocked for an answer that does not fit its schema */
function expectActResult(result: unknown): void {
  const problem = checkActResult(result);
  if (problem !== undefined) throw new Blocked('act-schema', `${problem}. The answer was: ${formatValue(result)}`);
}

/** Describes an answer, for sentences and traces. */
export function showAnswer(answer: Answer): string {
  return 'thrown' in answer ? `throws ${formatError(answer.thrown)}` : `answers ${formatValue(answer.result)}`;
}

/** What a user sees of a row: the `expect` of a request. */
export function seenIn(row: Row, epoch: string): Attempt['seen'] {
  const { status, revision } = row;
  return {
    status: typeof status === 'string' ? status : '',
    revision: typeof revision === 'number' ? revision : 0,
    ...(epoch ? { epoch } : {}),
  };
}
