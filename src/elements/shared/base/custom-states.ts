/** Custom states of an element (`:state(stale)` in CSS). Costs nothing until the first one is set. */
export class CustomStates {
  readonly #host: HTMLElement;
  #states: Pick<Set<string>, 'add' | 'delete'> | undefined;

  constructor(host: HTMLElement) {
    this.#host = host;
  }

  /** Sets which of its states apply now. */
  replace(states: Readonly<Record<string, boolean>>): void {
    for (const name in states)
      if (states[name]) (this.#states ??= statesOf(this.#host)).add(name);
      else this.#states?.delete(name);
  }
}

/** Without a browser's set, as in jsdom and happy-dom, the states are kept and no CSS sees them. */
function statesOf(host: HTMLElement): Pick<Set<string>, 'add' | 'delete'> {
  const internals = (host as Partial<HTMLElement>).attachInternals?.() as Partial<ElementInternals> | undefined;
  return internals?.states ?? new Set<string>();
}
