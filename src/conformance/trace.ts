import { formatValue } from './format-value.ts';

/** How many of the first and of the latest lines are kept. */
const FIRST = 20;
const LATEST = 40;

/** The messages of one case, each with the ms since its start. Bounded. */
export class Trace {
  readonly #first: string[] = [];
  readonly #latest: string[] = [];
  readonly #start = performance.now();
  #left = 0;
  #last = '';
  #times = 0;

  /** @param kind consecutive lines of the same kind are merged into one */
  add(who: string, what: string, value?: unknown, kind = ''): void {
    const at = String(Math.round(performance.now() - this.#start)).padStart(5);
    const line = `${at} ms  ${who} ${what}${value === undefined ? '' : ` ${formatValue(value)}`}`;
    const repeated = kind && this.#last === `${who} ${kind}`;
    this.#last = `${who} ${kind}`;
    this.#times = repeated ? this.#times + 1 : 1;
    const lines = this.#latest.length ? this.#latest : this.#first;
    if (repeated) lines[lines.length - 1] = `${line} (${this.#times} of this kind in a row)`;
    else if (this.#first.length < FIRST) this.#first.push(line);
    else this.#latest.push(line);
    if (this.#latest.length <= LATEST) return;
    this.#latest.shift();
    this.#left++;
  }

  get lines(): readonly string[] {
    return [...this.#first, ...(this.#left ? [`… ${this.#left} lines left out …`] : []), ...this.#latest];
  }
}
