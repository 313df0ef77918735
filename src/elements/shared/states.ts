/** Custom states of an element (`:state(stale)` in CSS). Costs nothing until the first one is set. */
export class CustomStates {
  #internals: ElementInternals | undefined;
  #set: ReadonlySet<string> = new Set();

  constructor(private readonly host: HTMLElement) {}

  /** Exactly these states hold now. */
  replace(states: ReadonlySet<string>): void {
    if (states.size === 0 && this.#set.size === 0) return;
    const { states: shown } = (this.#internals ??= this.host.attachInternals());
    for (const state of this.#set) if (!states.has(state)) shown.delete(state);
    for (const state of states) shown.add(state);
    this.#set = states;
  }
}
