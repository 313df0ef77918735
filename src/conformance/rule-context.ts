import type { ActResult, CampaignAdapter, CampaignRef, Reading } from '../adapters/contract.ts';
import { flows, legalActions, python, type Lifecycle } from '../lifecycle/index.ts';
import { CheckedControl } from './checked-control.ts';
import type { Findings } from './findings.ts';
import { formatValue, formatError } from './format-value.ts';
import { timeoutsOf, type BackendControl, type Timeouts, type Subject } from './subject.ts';
import { Trace } from './trace.ts';
import { Blocked, HarnessError, NotApplicable, OutOfReach, RunEnded, RuleBroken } from './rule-errors.ts';
import { WatchRecorder, type Row, type WatchOptions } from './watch-recorder.ts';
import { checkActResult } from './schemas.ts';
import { pause, within } from './deadline.ts';

/** What came of an action: an answer, or an error. */
export type Answer = { readonly result: ActResult<unknown> } | { readonly thrown: unknown };

/** An action as a case asks for it. */
export interface Press {
  readonly id: string;
  readonly action: string;
  /** What the user saw. */
  readonly seen: { readonly status: string; readonly revision: number; readonly epoch?: string };
  /** Default: a new one. */
  readonly key?: string;
}

const ADAPTER_MEMBERS = ['get', 'diagnose', 'log', 'reauthenticate', 'idempotent'] as const;
/** Between two attempts at a backend that was cut off, in ms. */
const AGAIN_MS = 50;

const KNOWN = new Map<string, Lifecycle>([flows, python].map((lifecycle) => [lifecycle.system, lifecycle]));

/** The lifecycle of a system, if the kit knows it or was told it. */
export function lifecycleOf({ system, lifecycle }: Pick<Subject, 'system' | 'lifecycle'>): Lifecycle | undefined {
  return lifecycle ?? KNOWN.get(system);
}

const run = Math.floor(Math.random() * 36 ** 6).toString(36);
let count = 0;

/** Never given twice, also not to two runs on one backend. */
export function fresh(kind: string): string {
  return `${kind}-${run}-${++count}`;
}

/** All that one case has at hand: a fresh adapter, campaigns of its own, a trace; nothing is left open behind it. */
export class RuleContext {
  readonly trace = new Trace();
  readonly timeouts: Timeouts;
  readonly lifecycle: Lifecycle | undefined;
  readonly system: string;
  #adapter: CampaignAdapter<unknown> | undefined;
  readonly #controls: CheckedControl[] = [];
  readonly #main: CheckedControl | undefined;
  readonly #watchings: WatchRecorder[] = [];
  readonly #controllers: AbortController[] = [];
  #marker: string | undefined;
  readonly #over = new AbortController();

  /**
   * @param findings what the cases before have found out
   * @param rule the id of the rule that is judged
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

  /** Makes the adapter, and signs it in if it begins without a session. @throws OutOfReach if that can't be done */
  async begin(): Promise<void> {
    try {
      this.#adapter = await this.subject.createAdapter();
    } catch (error) {
      throw new OutOfReach(`createAdapter failed: ${formatError(error)}`);
    }
    // It was made too late.
    if (this.#over.signal.aborted) return this.#close();
    if (typeof (this.#adapter as Partial<CampaignAdapter> | undefined)?.watch !== 'function')
      throw new OutOfReach(`createAdapter must give an adapter, got ${formatValue(this.#adapter)}.`);
    this.findings.adapterMembers = ADAPTER_MEMBERS.filter((member) => this.adapter[member]);
    if (typeof this.#adapter.reauthenticate === 'function') await this.#signIn();
  }

  /** What the store does about `unauthenticated`: else nothing but that would be judged. */
  async #signIn(): Promise<void> {
    this.findings.signedOut ??= await this.#isSignedOut();
    if (!this.findings.signedOut) return;
    this.trace.add('adapter', 'reauthenticate');
    try {
      await this.ask('reauthenticate', (signal) => this.adapter.reauthenticate!(signal));
    } catch (error) {
      throw new OutOfReach(error instanceof Error ? error.message : String(error));
    }
  }

  async #isSignedOut(): Promise<boolean> {
    const first = new WatchRecorder(this.adapter, this.system, 'the first feed', { by: 'feed-opens-first' }, this);
    await first.settled();
    first.giveUp();
    const { name, code } = ((first.end?.how === 'failed' && first.end.error) || {}) as Record<string, unknown>;
    return name === 'AdapterError' && code === 'unauthenticated';
  }

  get adapter(): CampaignAdapter<unknown> {
    return this.#adapter!;
  }

  /** Whether there is a back door that may be used. */
  get hasControl(): boolean {
    return this.#main !== undefined;
  }

  /** The back door. Only for cases that need one. */
  get control(): CheckedControl {
    return this.#main!;
  }

  /** The back door of the second system. */
  otherControl(other: NonNullable<Subject['other']>): CheckedControl {
    return this.#controlOf('other.control', other.control, other);
  }

  ref(id: string): CampaignRef {
    return { system: this.system, id };
  }

  /** Opens a feed; it ends with the case. */
  watch(options: WatchOptions = {}, system: string = this.system): WatchRecorder {
    if (this.#over.signal.aborted) throw new RunEnded();
    const label = `feed ${this.#watchings.length + 1}`;
    const by = this.#watchings.length === 0 ? 'feed-opens-first' : 'feed-again';
    const watching = new WatchRecorder(this.adapter, system, label, { ...options, by }, this);
    this.#watchings.push(watching);
    return watching;
  }

  /** Opens a feed, and waits for its snapshot. */
  synced(options: WatchOptions = {}): Promise<WatchRecorder> {
    return this.watch(options).synced();
  }

  /** The same where the backend has just been cut off or restarted: as often as it takes. */
  async syncedSoon(options: WatchOptions = {}): Promise<WatchRecorder> {
    for (let left = this.timeouts.answerMs; ; left -= AGAIN_MS) {
      const watching = this.watch(options);
      await watching.until(() => watching.messages.length > 0 || !!watching.end);
      if (watching.messages.length > 0 || !watching.end || left <= 0) return watching.synced();
      await pause(AGAIN_MS);
    }
  }

  /** Waits until the feeds have told a change made after all others, and then for a while: what has not come by now won't. */
  async fence(...watchings: readonly WatchRecorder[]): Promise<void> {
    if (this.#main && watchings.length > 0) {
      this.#marker ??= (await this.#main.seedOne()).id;
      const name = fresh('Marker');
      await this.#main.change(this.#marker, { name });
      for (const watching of watchings)
        await watching.told(this.#marker, (row) => row['name'] === name, `name "${name}"`);
    }
    await pause(this.timeouts.quietMs);
  }

  /** Asks for an action. @throws RuleBroken if no answer comes; Blocked if it can't be read */
  async act({ id, action, seen, key = fresh('key') }: Press): Promise<Answer> {
    this.trace.add('act', `${action} of ${formatValue(id)}`, { expect: seen, key });
    const controller = this.controller();
    const asked = Promise.resolve()
      .then(() =>
        this.adapter.act({
          ref: this.ref(id),
          action,
          expect: seen,
          idempotencyKey: key,
          signal: controller.signal,
        }),
      )
      .then(
        (result): Answer => ({ result }),
        (thrown: unknown): Answer => ({ thrown }),
      );
    const answer = await within(this.timeouts.answerMs, asked, this.#over.signal);
    if (answer.late) throw new RuleBroken(`act(${action}) did not answer within ${this.timeouts.answerMs} ms.`);
    this.trace.add('act', showAnswer(answer.value));
    if ('result' in answer.value) {
      const { result } = answer.value;
      const problem = checkActResult(result);
      if (problem !== undefined) throw new Blocked('act-schema', `${problem}. The answer was: ${formatValue(result)}`);
    }
    return answer.value;
  }

  /** Reads one campaign. @throws RuleBroken if it throws or no answer comes */
  async get(id: string): Promise<Reading<unknown> | undefined> {
    this.trace.add('get', formatValue(id));
    const reading = await this.ask('get', (signal) => this.adapter.get!(this.ref(id), signal));
    this.trace.add('get', 'answers', reading ?? 'undefined');
    return reading;
  }

  /** Waits for what a promise of the adapter gives. @throws RuleBroken if it rejects, or takes too long */
  async ask<T>(what: string, ask: (signal: AbortSignal) => Promise<T>): Promise<T> {
    const controller = this.controller();
    let answer: Awaited<ReturnType<typeof within<T>>>;
    try {
      answer = await within(
        this.timeouts.answerMs,
        Promise.resolve().then(() => ask(controller.signal)),
        this.#over.signal,
      );
    } catch (error) {
      if (error instanceof RunEnded) throw error;
      throw new RuleBroken(`${what} threw ${formatError(error)}.`);
    }
    if (answer.late) throw new RuleBroken(`${what} did not answer within ${this.timeouts.answerMs} ms.`);
    return answer.value;
  }

  /** Some campaigns that are there: two of the case's own, or in a read-only run at most as many of the backend's. */
  async some(): Promise<readonly string[]> {
    if (this.#main) return (await this.#main.seed({}, {})).map(({ id }) => id);
    const watching = await this.synced();
    watching.stop();
    return [...watching.known.rows.keys()].slice(0, 2);
  }

  /** A campaign that has run, so that it may have left a log behind; in a read-only run any, if there is one. */
  async hasRun(): Promise<string | undefined> {
    const [id] = await this.some();
    if (!this.#main || id === undefined) return id;
    const { lifecycle, restingStatus } = this.#main;
    const [action] = legalActions(lifecycle, restingStatus);
    const row = (await this.synced()).row(id);
    if (action !== undefined && row) await this.act({ id, action, seen: seenIn(row, '') });
    return id;
  }

  /** The number that a row is ordered by. @throws Blocked if it has none: then nothing can be said of the order */
  revisionOf(row: Row): number {
    const { revision } = row;
    if (typeof revision === 'number') return revision;
    return this.blocked(
      'feed-schema',
      `The revision is ${formatValue(revision)}, which is no number, in ${formatValue(row)}.`,
    );
  }

  /** Says that the rule is broken. @param received what was received, in terms of the contract */
  broken(received: string): never {
    throw new RuleBroken(received);
  }

  /** Says that the case does not apply. */
  skip(reason: string): never {
    throw new NotApplicable(reason);
  }

  /** Says that another rule stands in the way. */
  blocked(by: string, received: string): never {
    throw new Blocked(by, received);
  }

  /** What is wrong with the first thing told of a campaign whose id can't be read: that campaign is nowhere. */
  get nameless(): string | undefined {
    return this.#watchings.map(({ nameless }) => nameless).find((problem) => problem !== undefined);
  }

  /** Ends all feeds and requests, closes the adapter, removes what the case made. @throws HarnessError if that can't be done */
  async end(): Promise<void> {
    this.#over.abort();
    for (const controller of this.#controllers) controller.abort();
    for (const watching of this.#watchings) watching.giveUp();
    // What the case made is removed, whatever else fails.
    const ends = await Promise.allSettled([this.#close(), ...this.#controls.map((control) => control.cleanUp())]);
    const failed = ends.find((end) => end.status === 'rejected');
    if (failed) throw failed.reason;
  }

  async #close(): Promise<void> {
    const { closeAdapter } = this.subject;
    if (!this.#adapter || !closeAdapter) return;
    const { answerMs } = this.timeouts;
    try {
      const { late } = await within(answerMs, Promise.resolve(closeAdapter.call(this.subject, this.#adapter)));
      if (late) throw new Error(`nothing came of it within ${answerMs} ms`);
    } catch (error) {
      throw new HarnessError(`closeAdapter failed: ${formatError(error)}`);
    }
  }

  /** Aborted at the end of the case. */
  controller(): AbortController {
    if (this.#over.signal.aborted) throw new RunEnded();
    const controller = new AbortController();
    this.#controllers.push(controller);
    return controller;
  }

  #controlOf(name: string, door: BackendControl, of: Pick<Subject, 'system' | 'lifecycle'>): CheckedControl {
    const lifecycle = lifecycleOf(of);
    if (!lifecycle)
      throw new TypeError(
        `The lifecycle of "${of.system}" is not known: give \`lifecycle\` along with the back door, as made by defineLifecycle.`,
      );
    const control = new CheckedControl(door, lifecycle, {
      name,
      rule: this.rule,
      trace: this.trace,
      timeouts: this.timeouts,
      findings: this.findings,
      freshId: () => fresh('conformance'),
    });
    this.#controls.push(control);
    return control;
  }
}

/** For sentences and traces. */
export function showAnswer(answer: Answer): string {
  return 'thrown' in answer ? `throws ${formatError(answer.thrown)}` : `answers ${formatValue(answer.result)}`;
}

/** What a user sees of a row. */
export function seenIn(row: Row, epoch: string): Press['seen'] {
  const { status, revision } = row;
  return {
    status: typeof status === 'string' ? status : '',
    revision: typeof revision === 'number' ? revision : 0,
    ...(epoch ? { epoch } : {}),
  };
}
