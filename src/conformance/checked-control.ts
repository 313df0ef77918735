import { settle, type Lifecycle } from '../lifecycle/index.ts';
import { within } from './deadline.ts';
import { formatError, formatValue } from './format-value.ts';
import { HarnessError, NotApplicable, RunEnded } from './rule-errors.ts';
import type { CaseParts } from './findings.ts';
import type { BackendControl, SeedCampaign } from './subject.ts';

type Member<M extends keyof BackendControl> = NonNullable<BackendControl[M]>;

const run = Math.floor(Math.random() * 36 ** 6).toString(36);
let count = 0;

/** A unique name, also across two runs on one backend. */
export function fresh(kind: string): string {
  return `${kind}-${run}-${++count}`;
}

/** The backend control of one case. It removes what the case made; an error of the control is reported as a fault of the test setup. */
export class CheckedControl {
  readonly #made = new Set<string>();
  readonly #pending = new Set<Promise<unknown>>();
  #over = false;
  /** True while the backend answers every request with a failure. */
  #isFailing = false;
  /** True while the backend holds back its pushes. */
  #isHolding = false;

  /** @param name its name in the subject, such as `control` */
  constructor(
    private readonly name: string,
    private readonly control: BackendControl,
    readonly lifecycle: Lifecycle,
    private readonly context: CaseParts,
  ) {}

  /** The status that a new campaign with all prerequisites stays in. */
  get restingStatus(): string {
    return settle(this.lifecycle, this.lifecycle.initial, []);
  }

  /** Makes campaigns and fills in what is not given. @returns the campaigns with the ids that the backend gave them */
  async seed(...partials: readonly Partial<SeedCampaign>[]): Promise<SeedCampaign[]> {
    const campaigns = partials.map((one): SeedCampaign => {
      const id = one.id ?? fresh('conformance');
      return { name: `Conformance ${id}`, status: this.restingStatus, missing: [], ...one, id };
    });
    const ids = await this.call('seed', campaigns);
    const made = campaigns.map((campaign, index) => ({ ...campaign, id: ids?.[index] ?? campaign.id }));
    for (const { id } of made) this.#made.add(id);
    return made;
  }

  /** Makes one campaign. */
  async seedOne(partial: Partial<SeedCampaign> = {}): Promise<SeedCampaign> {
    return (await this.seed(partial))[0]!;
  }

  /** Gives a campaign a new name. @returns the name */
  async rename(id: string, name: string = fresh('Renamed')): Promise<string> {
    await this.call('change', id, { name });
    return name;
  }

  /** Holds back the pushes of the backend, or sends them. Without such a member, pushes are as fast as they are. */
  async holdPushes(hold: boolean): Promise<void> {
    if (this.control.holdPushes) await this.call('holdPushes', hold);
  }

  async remove(id: string): Promise<void> {
    await this.call('remove', id);
    this.#made.delete(id);
  }

  /** Calls a member. @throws HarnessError if it fails; NotApplicable if it never works, which was reported before */
  async call<M extends keyof BackendControl>(
    member: M,
    ...args: Parameters<Member<M>>
  ): Promise<Awaited<ReturnType<Member<M>>>> {
    if (this.#over) throw new RunEnded();
    if (member === 'answerWith') this.#isFailing = args[0] !== undefined;
    if (member === 'holdPushes') this.#isHolding = args[0] === true;
    const call = this.#call(member, args);
    this.#pending.add(call);
    try {
      return await call;
    } finally {
      this.#pending.delete(call);
    }
  }

  /** Refuses further calls, ends injected failures and removes what the case made. @throws HarnessError if something is left behind */
  async cleanUp(): Promise<void> {
    const { controlMs } = this.context.timeouts;
    this.#over = true;
    // A case that was stopped may still have a call in flight.
    await within(controlMs, Promise.allSettled(this.#pending), new Error('late')).catch(() => {});
    const deadline = performance.now() + controlMs;
    const failed: unknown[] = [];
    const note = (error: unknown): void => void failed.push(error);
    if (this.#isFailing) await this.#call('answerWith', [undefined]).catch(note);
    if (this.#isHolding) await this.#call('holdPushes', [false]).catch(note);
    for (const id of this.#made)
      if (!failed.length || performance.now() <= deadline) await this.#call('remove', [id]).catch(note);
    // A member that failed before was reported in the case where it first failed.
    const unreported = failed.find((error) => error instanceof HarnessError);
    if (unreported) throw unreported;
  }

  async #call<M extends keyof BackendControl>(
    member: M,
    args: Parameters<Member<M>>,
  ): Promise<Awaited<ReturnType<Member<M>>>> {
    const { rule, trace, findings, timeouts } = this.context;
    const what = `${this.name}.${member}`;
    const since = findings.failedIn.get(what);
    if (since !== undefined) throw new NotApplicable(`${what} failed in ${since}, and this rule needs it`, since);
    trace.add('backend control', member, args.length ? args : undefined);
    const late = new Error(`it did not settle within ${timeouts.controlMs} ms`);
    try {
      const method = this.control[member] as (...args: Parameters<Member<M>>) => ReturnType<Member<M>>;
      const returned = await within(timeouts.controlMs, Promise.resolve(method.apply(this.control, args)), late);
      if (member === 'seed') checkIds(returned, args[0] as readonly SeedCampaign[]);
      findings.worked.add(what);
      return returned;
    } catch (error) {
      trace.add('backend control', `throws ${formatError(error)}`);
      // One that has worked may have failed because of its arguments.
      if (!findings.worked.has(what)) findings.failedIn.set(what, rule);
      throw new HarnessError(`${what} failed: ${formatError(error)}`);
    }
  }
}

/** @throws Error for ids that no feed can report */
function checkIds(returned: unknown, { length }: readonly SeedCampaign[]): void {
  if (!returned) return;
  const ids = returned as readonly unknown[];
  if (ids.length !== length) throw new Error(`it returned ${ids.length} ids for ${length} campaigns`);
  const odd = ids.find((id) => typeof id !== 'string');
  if (odd !== undefined)
    throw new Error(
      `it returned the id ${formatValue(odd)}, which is not a string; return ids as the feed reports them: ids.map(String)`,
    );
}
