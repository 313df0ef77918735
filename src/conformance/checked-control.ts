import { settle, type Lifecycle } from '../lifecycle/index.ts';
import type { Findings } from './findings.ts';
import { formatValue, formatError } from './format-value.ts';
import type { Awaitable, BackendControl, Timeouts, SeedCampaign } from './subject.ts';
import type { Trace } from './trace.ts';
import { ControlFailed, HarnessError, RunEnded } from './rule-errors.ts';
import { within } from './deadline.ts';

/** A back door for one case: it knows what the case made, and takes it away afterwards. What it throws is the harness's fault. */
export class CheckedControl {
  readonly #made = new Set<string>();
  readonly #underWay = new Set<Promise<unknown>>();
  #over = false;
  /** It answers everything with some trouble. */
  #troubled = false;

  constructor(
    readonly door: BackendControl,
    readonly lifecycle: Lifecycle,
    private readonly parts: {
      /** As it is called in a subject. */
      readonly name: string;
      /** The rule of the case. */
      readonly rule: string;
      readonly trace: Trace;
      readonly timeouts: Timeouts;
      readonly findings: Findings;
      readonly freshId: () => string;
    },
  ) {}

  /** A status in which a new campaign rests, with everything it needs. */
  get restingStatus(): string {
    return settle(this.lifecycle, this.lifecycle.initial, []);
  }

  /** Makes campaigns; what a wish leaves open is filled in. @returns them, with the ids they really have */
  async seed(...wishes: readonly Partial<SeedCampaign>[]): Promise<SeedCampaign[]> {
    const campaigns = wishes.map((wish): SeedCampaign => {
      const id = wish.id ?? this.parts.freshId();
      return { name: `Conformance ${id}`, status: this.restingStatus, missing: [], ...wish, id };
    });
    const ids = await this.#use('seed', campaigns, async () => {
      const given = await this.door.seed(campaigns);
      checkIds(given, campaigns.length);
      return given;
    });
    const made = campaigns.map((campaign, index) => ({ ...campaign, id: ids?.[index] ?? campaign.id }));
    for (const { id } of made) this.#made.add(id);
    return made;
  }

  /** Makes one campaign. */
  async seedOne(wish: Partial<SeedCampaign> = {}): Promise<SeedCampaign> {
    const [made] = await this.seed(wish);
    return made!;
  }

  async change(id: string, patch: Partial<Omit<SeedCampaign, 'id'>>): Promise<void> {
    await this.#use('change', { id, ...patch }, () => this.door.change(id, patch));
  }

  async remove(id: string): Promise<void> {
    await this.#use('remove', id, () => this.door.remove(id));
    this.#made.delete(id);
  }

  /** Uses an optional member that the case has asked for. */
  async use<K extends 'cut' | 'clear' | 'expireCursors' | 'newEpoch' | 'loseNextAnswer'>(member: K): Promise<void> {
    await this.#use(member, undefined, () => this.door[member]!());
    if (member === 'clear') this.#made.clear();
  }

  async answerWith(...given: Parameters<NonNullable<BackendControl['answerWith']>>): Promise<void> {
    this.#troubled = given[0] !== undefined;
    await this.#use('answerWith', given, () => this.door.answerWith!(...given));
  }

  async openFeeds(): Promise<number> {
    return this.#use('openFeeds', undefined, () => this.door.openFeeds!());
  }

  /** Does nothing more for the case, ends its trouble, and removes what it made. @throws HarnessError if something is left behind */
  async cleanUp(): Promise<void> {
    this.#over = true;
    // A case that was ended may have left something half done.
    await within(this.parts.timeouts.controlMs, Promise.allSettled(this.#underWay));
    const deadline = performance.now() + this.parts.timeouts.controlMs;
    const failed: unknown[] = [];
    const note = (error: unknown): void => void failed.push(error);
    if (this.#troubled) await this.#tell('answerWith', [undefined], () => this.door.answerWith!(undefined)).catch(note);
    for (const id of [...this.#made]) {
      if (failed.length && performance.now() > deadline) break;
      await this.#tell('remove', id, () => this.door.remove(id)).catch(note);
    }
    // What is shut was told in the case in which it failed.
    const news = failed.find((error) => error instanceof HarnessError);
    if (news) throw news;
  }

  async #use<T>(member: keyof BackendControl, given: unknown, run: () => Awaitable<T>): Promise<T> {
    if (this.#over) throw new RunEnded();
    const told = this.#tell(member, given, run);
    this.#underWay.add(told);
    try {
      return await told;
    } finally {
      this.#underWay.delete(told);
    }
  }

  async #tell<T>(member: keyof BackendControl, given: unknown, run: () => Awaitable<T>): Promise<T> {
    const { name, rule, trace, findings, timeouts } = this.parts;
    const what = `${name}.${member}`;
    const since = findings.shutSince(what);
    if (since !== undefined) throw new ControlFailed(since, `${what} failed in ${since}, and this needs it`);
    trace.add('back door', member, given);
    try {
      const result = await within(timeouts.controlMs, Promise.resolve(run()));
      if (result.late) throw new Error(`nothing came of it within ${timeouts.controlMs} ms`);
      findings.doorWorked(what);
      return result.value;
    } catch (error) {
      trace.add('back door', `throws ${formatError(error)}`);
      findings.doorFailed(what, rule);
      throw new HarnessError(`${what} failed: ${formatError(error)}`);
    }
  }
}

/** @throws Error for ids that the feed can't tell */
function checkIds(ids: readonly unknown[] | void, wanted: number): void {
  if (!ids) return;
  if (ids.length !== wanted) throw new Error(`it gave ${ids.length} ids for ${wanted} campaigns`);
  const odd = ids.find((id) => typeof id !== 'string');
  if (odd !== undefined)
    throw new Error(
      `it gave the id ${formatValue(odd)}, which is no string; give ids as the feed tells them: ids.map(String)`,
    );
}
