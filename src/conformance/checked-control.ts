import { settle, type Lifecycle } from '../lifecycle/index.ts';
import type { Findings } from './findings.ts';
import { formatValue, formatError } from './format-value.ts';
import type { Awaitable, BackendControl, Timeouts, SeedCampaign } from './subject.ts';
import type { Trace } from './trace.ts';
import { ControlFailed, HarnessError, RunEnded } from './rule-errors.ts';
import { within } from './deadline.ts';

/** The backend control of one case. It removes what the case made; an error of the control is reported as a fault of the test setup. */
export class CheckedControl {
  readonly #made = new Set<string>();
  readonly #pending = new Set<Promise<unknown>>();
  #over = false;
  /** True while the backend answers every request with a failure. */
  #isFailing = false;

  constructor(
    private readonly control: BackendControl,
    readonly lifecycle: Lifecycle,
    private readonly parts: {
      /** Its name in the subject, such as `control`. */
      readonly name: string;
      /** The rule of the case. */
      readonly rule: string;
      readonly trace: Trace;
      readonly timeouts: Timeouts;
      readonly findings: Findings;
      readonly freshId: () => string;
    },
  ) {}

  /** The status that a new campaign with all prerequisites stays in. */
  get restingStatus(): string {
    return settle(this.lifecycle, this.lifecycle.initial, []);
  }

  /** Makes campaigns and fills in what is not given. @returns the campaigns with the ids that the backend gave them */
  async seed(...partials: readonly Partial<SeedCampaign>[]): Promise<SeedCampaign[]> {
    const campaigns = partials.map((one): SeedCampaign => {
      const id = one.id ?? this.parts.freshId();
      return { name: `Conformance ${id}`, status: this.restingStatus, missing: [], ...one, id };
    });
    const ids = await this.#use('seed', campaigns, async () => {
      const returned = await this.control.seed(campaigns);
      checkIds(returned, campaigns.length);
      return returned;
    });
    const made = campaigns.map((campaign, index) => ({ ...campaign, id: ids?.[index] ?? campaign.id }));
    for (const { id } of made) this.#made.add(id);
    return made;
  }

  /** Makes one campaign. */
  async seedOne(partial: Partial<SeedCampaign> = {}): Promise<SeedCampaign> {
    const [made] = await this.seed(partial);
    return made!;
  }

  async change(id: string, patch: Partial<Omit<SeedCampaign, 'id'>>): Promise<void> {
    await this.#use('change', { id, ...patch }, () => this.control.change(id, patch));
  }

  async remove(id: string): Promise<void> {
    await this.#use('remove', id, () => this.control.remove(id));
    this.#made.delete(id);
  }

  /** Whether the control has an optional member. */
  offers(member: keyof BackendControl): boolean {
    return this.control[member] !== undefined;
  }

  /** Calls an optional member that the rule needs. */
  async use<K extends 'cut' | 'clear' | 'expireCursors' | 'newEpoch' | 'loseNextAnswer'>(member: K): Promise<void> {
    await this.#use(member, undefined, () => this.control[member]!());
    if (member === 'clear') this.#made.clear();
  }

  async answerWith(...args: Parameters<NonNullable<BackendControl['answerWith']>>): Promise<void> {
    this.#isFailing = args[0] !== undefined;
    await this.#use('answerWith', args, () => this.control.answerWith!(...args));
  }

  async openFeeds(): Promise<number> {
    return this.#use('openFeeds', undefined, () => this.control.openFeeds!());
  }

  /** Refuses further calls, ends injected failures and removes what the case made. @throws HarnessError if something is left behind */
  async cleanUp(): Promise<void> {
    this.#over = true;
    // A case that was stopped may still have a call in flight.
    await within(this.parts.timeouts.controlMs, Promise.allSettled(this.#pending));
    const deadline = performance.now() + this.parts.timeouts.controlMs;
    const failed: unknown[] = [];
    const note = (error: unknown): void => void failed.push(error);
    if (this.#isFailing)
      await this.#call('answerWith', [undefined], () => this.control.answerWith!(undefined)).catch(note);
    for (const id of [...this.#made]) {
      if (failed.length && performance.now() > deadline) break;
      await this.#call('remove', id, () => this.control.remove(id)).catch(note);
    }
    // A member that failed before was reported in the case where it first failed.
    const unreported = failed.find((error) => error instanceof HarnessError);
    if (unreported) throw unreported;
  }

  async #use<T>(member: keyof BackendControl, args: unknown, run: () => Awaitable<T>): Promise<T> {
    if (this.#over) throw new RunEnded();
    const call = this.#call(member, args, run);
    this.#pending.add(call);
    try {
      return await call;
    } finally {
      this.#pending.delete(call);
    }
  }

  async #call<T>(member: keyof BackendControl, args: unknown, run: () => Awaitable<T>): Promise<T> {
    const { name, rule, trace, findings, timeouts } = this.parts;
    const what = `${name}.${member}`;
    const since = findings.failedIn(what);
    if (since !== undefined) throw new ControlFailed(since, `${what} failed in ${since}, and this rule needs it`);
    trace.add('backend control', member, args);
    try {
      const result = await within(timeouts.controlMs, Promise.resolve(run()));
      if (result.late) throw new Error(`it did not settle within ${timeouts.controlMs} ms`);
      findings.controlWorked(what);
      return result.value;
    } catch (error) {
      trace.add('backend control', `throws ${formatError(error)}`);
      findings.controlFailed(what, rule);
      throw new HarnessError(`${what} failed: ${formatError(error)}`);
    }
  }
}

/** @throws Error for ids that no feed can report */
function checkIds(ids: readonly unknown[] | void, wanted: number): void {
  if (!ids) return;
  if (ids.length !== wanted) throw new Error(`it returned ${ids.length} ids for ${wanted} campaigns`);
  const odd = ids.find((id) => typeof id !== 'string');
  if (odd !== undefined)
    throw new Error(
      `it returned the id ${formatValue(odd)}, which is not a string; return ids as the feed reports them: ids.map(String)`,
    );
}
