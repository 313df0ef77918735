import { settle, type Lifecycle } from '../lifecycle/index.ts';
import { show, showError } from './show.ts';
import type { Awaitable, BackDoor, Patience, SeedCampaign } from './subject.ts';
import type { Trace } from './trace.ts';
import { HarnessError } from './verdict.ts';
import { within } from './within.ts';

/** A back door for one case: it knows what the case made, and takes it away afterwards. What it throws is the harness's fault. */
export class Backstage {
  readonly #made = new Set<string>();

  constructor(
    readonly door: BackDoor,
    readonly lifecycle: Lifecycle,
    private readonly parts: { readonly trace: Trace; readonly patience: Patience; readonly freshId: () => string },
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
    const ids = await this.#use('seed', campaigns, () => this.door.seed(campaigns));
    if (ids && ids.length !== campaigns.length)
      throw new HarnessError(`backDoor.seed gave ${ids.length} ids for ${campaigns.length} campaigns.`);
    const odd: unknown = ids?.find((id: unknown) => typeof id !== 'string');
    if (odd !== undefined)
      throw new HarnessError(
        `backDoor.seed gave the id ${show(odd)}, which is no string; give ids as the feed tells them: ids.map(String).`,
      );
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

  async answerWith(...given: Parameters<NonNullable<BackDoor['answerWith']>>): Promise<void> {
    await this.#use('answerWith', given, () => this.door.answerWith!(...given));
  }

  async openFeeds(): Promise<number> {
    return this.#use('openFeeds', undefined, () => this.door.openFeeds!());
  }

  /** Removes what the case made. */
  async cleanUp(): Promise<void> {
    for (const id of [...this.#made]) await this.remove(id);
  }

  async #use<T>(member: keyof BackDoor, given: unknown, run: () => Awaitable<T>): Promise<T> {
    this.parts.trace.add('back door', member, given);
    const { backDoorMs } = this.parts.patience;
    try {
      const result = await within(backDoorMs, Promise.resolve(run()));
      if (result.late) throw new Error(`nothing came of it within ${backDoorMs} ms`);
      return result.value;
    } catch (error) {
      this.parts.trace.add('back door', `throws ${showError(error)}`);
      throw new HarnessError(`backDoor.${member} failed: ${showError(error)}`);
    }
  }
}
