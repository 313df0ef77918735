/** The rows of a list in the order in which they are shown. */
export interface ShownOrder {
  readonly size: number;
  at(index: number): string | undefined;
  /** The place of an id, or -1. */
  indexOf(id: string): number;
}

/**
 * The campaigns that the user has chosen in a list, by id. It does not depend on which rows are shown: a campaign that is
 * filtered out stays chosen.
 */
export class Selection {
  readonly #ids = new Set<string>();
  /** Where a range begins: the row that was toggled last. */
  #anchor: string | undefined;
  /** What the latest range has added. The next range from the same anchor replaces it. */
  #extension: readonly string[] = [];
  #list: readonly string[] | undefined;

  get size(): number {
    return this.#ids.size;
  }

  /** The ids, in the order in which they were chosen. The same array until the selection changes. */
  get ids(): readonly string[] {
    return (this.#list ??= [...this.#ids]);
  }

  has(id: string): boolean {
    return this.#ids.has(id);
  }

  /** Adds a campaign, or takes it out. The next range begins here. */
  toggle(id: string): void {
    if (!this.#ids.delete(id)) this.#ids.add(id);
    this.#changed(id);
  }

  /** Adds all rows from the latest toggled one to this one. If that one is not shown, the range begins here. */
  extendTo(id: string, order: ShownOrder): void {
    const end = order.indexOf(id);
    const begin = this.#anchor === undefined ? -1 : order.indexOf(this.#anchor);
    const anchor = begin < 0 ? id : this.#anchor!;
    for (const earlier of anchor === this.#anchor ? this.#extension : []) this.#ids.delete(earlier);
    const [from, to] = begin < 0 ? [end, end] : [Math.min(begin, end), Math.max(begin, end)];
    const added: string[] = [];
    for (let index = from; index <= to; index++) {
      const one = order.at(index);
      if (one === undefined || this.#ids.has(one)) continue;
      this.#ids.add(one);
      added.push(one);
    }
    this.#changed(anchor, added);
  }

  /** Adds campaigns. */
  add(ids: readonly string[]): void {
    for (const id of ids) this.#ids.add(id);
    this.#changed(this.#anchor);
  }

  /** Takes campaigns out. */
  remove(ids: readonly string[]): void {
    for (const id of ids) this.#ids.delete(id);
    this.#changed(this.#anchor);
  }

  /** Selects exactly these campaigns. */
  replace(ids: readonly string[]): void {
    this.#ids.clear();
    for (const id of ids) this.#ids.add(id);
    this.#changed(undefined);
  }

  #changed(anchor: string | undefined, extension: readonly string[] = []): void {
    this.#anchor = anchor;
    this.#extension = extension;
    this.#list = undefined;
  }
}
