/** More single campaigns than this are watched by watching all. */
const MOST_IDS = 20;

/** The whole of a system, or some of its campaigns. */
export type Scope = ReadonlySet<string> | 'all';

/** Is a campaign in the scope? */
export function covers(scope: Scope, id: string): boolean {
  return scope === 'all' || scope.has(id);
}

/** Is all of the inner scope in the outer one? */
export function includes(outer: Scope, inner: Scope): boolean {
  if (outer === 'all') return true;
  return inner !== 'all' && [...inner].every((id) => outer.has(id));
}

/** What observers want of one system: lists want all of it, a tag or a header one campaign. */
export class Demand {
  readonly #campaigns = new Map<string, number>();
  #lists = 0;

  /**
   * @param more told when someone comes
   * @param less told when someone leaves
   */
  constructor(
    private readonly more: () => void,
    private readonly less: () => void,
  ) {}

  /** Anyone is there. */
  get any(): boolean {
    return this.#lists > 0 || this.#campaigns.size > 0;
  }

  /** What to watch for them. */
  get scope(): Scope {
    return this.#lists > 0 || this.#campaigns.size > MOST_IDS ? 'all' : new Set(this.#campaigns.keys());
  }

  /** Someone observes one campaign. @returns ends it */
  campaign(id: string): () => void {
    this.#campaigns.set(id, (this.#campaigns.get(id) ?? 0) + 1);
    this.more();
    return this.#once(() => {
      const left = (this.#campaigns.get(id) ?? 0) - 1;
      if (left > 0) this.#campaigns.set(id, left);
      else this.#campaigns.delete(id);
    });
  }

  /** Someone observes a list. @returns ends it */
  all(): () => void {
    this.#lists++;
    this.more();
    return this.#once(() => {
      this.#lists--;
    });
  }

  #once(leave: () => void): () => void {
    let left = false;
    return () => {
      if (left) return;
      left = true;
      leave();
      this.less();
    };
  }
}
