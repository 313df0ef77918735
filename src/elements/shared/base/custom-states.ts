/** Custom states of an element (`:state(stale)` in CSS). Costs nothing until the first one is set. */
export class CustomStates {
  readonly #host: HTMLElement;
  #states: CustomStateSet | undefined;

  constructor(host: HTMLElement) {
    this.#host = host;
  }

  /** Sets which of its states apply now. */
  replace(states: Readonly<Record<string, boolean>>): void {
    for (const name in states)
      if (states[name]) (this.#states ??= this.#host.attachInternals().states).add(name);
      else this.#states?.delete(name);
  }
}
