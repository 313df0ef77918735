import type { CampaignAdapter, CampaignRef, Reading } from '../adapters/contract.ts';
import type { Lifecycle } from '../lifecycle/index.ts';
import { CheckedControl } from './checked-control.ts';
import { pause, within } from './deadline.ts';
import type { CaseParts, Findings } from './findings.ts';
import { codeOf, formatError, formatValue } from './format-value.ts';
import { HarnessError, OutOfReach, RuleBroken, RunEnded, skip } from './rule-errors.ts';
import {
  lifecycleFor,
  lifecycleOf,
  timeoutsOf,
  type BackendControl,
  type SeedCampaign,
  type Subject,
  type Timeouts,
} from './subject.ts';
import { Trace } from './trace.ts';
import { WatchRecorder, type Row, type WatchOptions } from './watch-recorder.ts';

const ADAPTER_MEMBERS = ['get', 'diagnose', 'log', 'history', 'actMany', 'reauthenticate', 'idempotent'] as const;
/** Time between two attempts to watch a backend that was cut off, in ms. */
const RETRY_MS = 50;

/** Everything one case works with: a fresh adapter, its own campaigns and a trace. It closes and removes all of it at the end. */
export class RuleContext implements CaseParts {
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
   * @param patience the share of the usual time to wait for messages of a feed
   */
  constructor(
    readonly subject: Subject,
    readonly findings: Findings,
    readonly rule: string,
    readonly patience: number,
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
    const first = new WatchRecorder(this, 'the first feed');
    await first.settled();
    first.close();
    return first.end?.how === 'failed' && codeOf(first.end.error) === 'unauthenticated';
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
  watch(options: WatchOptions = {}): WatchRecorder {
    if (this.#over.signal.aborted) throw new RunEnded();
    const recorder = new WatchRecorder(this, `feed ${this.#recorders.length + 1}`, options);
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
      const feed = this.watch(options);
      await feed.until(() => feed.messages.length > 0 || !!feed.end);
      if (feed.messages.length > 0 || !feed.end || left <= 0) return feed.synced();
      await pause(RETRY_MS);
    }
  }

  /** Makes campaigns, and opens a feed that has sent its snapshot. */
  async seeded(
    ...seeds: readonly Partial<SeedCampaign>[]
  ): Promise<{ made: readonly SeedCampaign[]; feed: WatchRecorder }> {
    const made = await this.control.seed(...seeds);
    return { made, feed: await this.synced() };
  }

  /** Makes one campaign, and opens a feed that has sent its snapshot. */
  async seededOne(): Promise<{ readonly id: string; readonly feed: WatchRecorder }> {
    const { made, feed } = await this.seeded({});
    return { id: made[0]!.id, feed };
  }

  /** Opens a feed that has sent its snapshot: of two campaigns at least, unless the run is read-only. */
  async populated(): Promise<WatchRecorder> {
    await this.#main?.seed({}, {});
    return this.synced();
  }

  /** The id of a campaign: a new one, or in a read-only run one of the backend's. Skips the rule if there is none. */
  async someId(): Promise<string> {
    if (this.#main) return (await this.#main.seed({}, {}))[0]!.id;
    const feed = await this.synced();
    feed.stop();
    return [...feed.known.rows.keys()][0] ?? skip('there is no campaign');
  }

  /** Renames a campaign, and waits until a feed reports it. @returns the new row */
  async renamed(feed: WatchRecorder, id: string): Promise<Row> {
    return feed.named(id, await this.control.rename(id));
  }

  /** Makes one more change, waits until the feeds report it, then waits `quietMs`. What has not come by then will not come. */
  async fence(...feeds: readonly WatchRecorder[]): Promise<void> {
    if (this.#main && feeds.length > 0) {
      this.#marker ??= (await this.#main.seedOne()).id;
      const name = await this.#main.rename(this.#marker);
      for (const feed of feeds) await feed.named(this.#marker, name);
    }
    await pause(this.timeouts.quietMs);
  }

  /** Waits for a promise of the adapter. @throws RuleBroken if it rejects or takes too long */
  async call<T>(what: string, send: (signal: AbortSignal) => Promise<T>): Promise<T> {
    const { signal } = this.controller();
    const { answerMs } = this.timeouts;
    const sent = Promise.resolve().then(() => send(signal));
    const answer = sent.catch((error: unknown) => {
      throw new RuleBroken(`${what} threw ${formatError(error)}.`);
    });
    const late = new RuleBroken(`${what} did not answer within ${answerMs} ms.`);
    return within(answerMs, answer, late, this.#over.signal);
  }

  /** Calls `get`. @throws RuleBroken if it throws or no answer comes */
  async get(id: string): Promise<{ readonly reading: Reading<unknown> | undefined; readonly row: Row | undefined }> {
    this.trace.add('get', formatValue(id));
    const reading = await this.call('get', (signal) => this.adapter.get!(this.ref(id), signal));
    this.trace.add('get', 'answers', reading ?? 'undefined');
    return { reading, row: reading?.campaign as Row | undefined };
  }

  /** A controller that is aborted at the end of the case. */
  controller(): AbortController {
    if (this.#over.signal.aborted) throw new RunEnded();
    const controller = new AbortController();
    this.#controllers.push(controller);
    return controller;
  }

  /** The revision of a row. @throws RuleBroken if it is not a number, because then the order is unknown */
  revisionOf(row: Row): number {
    const { revision } = row;
    if (typeof revision === 'number') return revision;
    throw new RuleBroken(`The revision is ${formatValue(revision)}, which is not a number, in ${formatValue(row)}.`);
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
    const late = new Error(`it did not settle within ${answerMs} ms`);
    try {
      await within(answerMs, Promise.resolve(closeAdapter.call(this.subject, this.#adapter)), late);
    } catch (error) {
      throw new HarnessError(`closeAdapter failed: ${formatError(error)}`);
    }
  }

  #controlOf(name: string, control: BackendControl, of: Pick<Subject, 'system' | 'lifecycle'>): CheckedControl {
    const checked = new CheckedControl(name, control, lifecycleFor(of), this);
    this.#controls.push(checked);
    return checked;
  }
}
