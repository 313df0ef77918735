import type { Scope } from '../../util/id-scope.ts';

/** What observers want of one system: lists want all of it, a tag or a header one campaign. */
export class Interest {
  readonly #campaigns = new Map<string, number>();
  #lists = 0;

  /** @param maxIds above this many single campaigns, all campaigns are watched */
  constructor(private readonly maxIds: number) {}

  /** Someone observes the system. */
  get any(): boolean {
    return this.#lists > 0 || this.#campaigns.size > 0;
  }

  /** What to watch for them. */
  get scope(): Scope {
    return this.#lists > 0 || this.#campaigns.size > this.maxIds ? 'all' : new Set(this.#campaigns.keys());
  }

  /** Someone observes this campaign by itself. */
  has(id: string): boolean {
    return this.#campaigns.has(id);
  }

  /** @param id one campaign; `undefined` for all */
  add(id: string | undefined): void {
    if (id === undefined) this.#lists++;
    else this.#campaigns.set(id, (this.#campaigns.get(id) ?? 0) + 1);
  }

  /** @param id one campaign; `undefined` for all */
  remove(id: string | undefined): void {
    if (id === undefined) {
      this.#lists--;
      return;
    }
    const left = (this.#campaigns.get(id) ?? 0) - 1;
    if (left > 0) this.#campaigns.set(id, left);
    else this.#campaigns.delete(id);
  }
}
