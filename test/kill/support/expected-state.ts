/** What was ever true, read from the backend's own folder: nothing else may ever have been shown. */
import assert from 'node:assert/strict';
import { readSaved } from '../../../mocks/server/journal.ts';
import type { CampaignRecord } from '../../../src/adapters/contract.ts';

/** One state of a campaign as it can be told apart on a screen; `undefined`: it was not there. */
export type Seen = { readonly name: string; readonly status: string; readonly message: string } | undefined;

type Logged = { readonly row: CampaignRecord } | { readonly gone: { readonly id: string } };

/** The states of a record that a screen tells apart. */
export function seenOf({ id, name, status, message }: CampaignRecord): NonNullable<Seen> {
  return { name: name ?? id, status, message: message ?? '' };
}

/** All states of the campaigns of one system, in their order, gathered from life to life. */
export class ExpectedState {
  readonly #states = new Map<string, Seen[]>();
  /** How far the present epoch's changes are known. */
  #epoch = '';
  #known = 0;

  constructor(
    private readonly data: string,
    private readonly system: string,
  ) {}

  /** Reads on. Often enough, or the backend will have forgotten changes in between; not while it is writing. */
  gather(): void {
    const rows = readSaved(this.data).rows;
    const epoch = (rows.find(([table]) => table === 'epoch')![2] as { name: string }).name;
    if (epoch !== this.#epoch) {
      this.#epoch = epoch;
      this.#known = 0;
      // A new numbering begins with the rows as they are, and with nobody told of the others' removal.
      const present = new Map(
        rows.filter(([table]) => table === `campaigns/${this.system}`).map((row) => [row[1], row]),
      );
      for (const id of new Set([...this.#states.keys(), ...present.keys()])) {
        const entry = present.get(id)?.[2] as { record: CampaignRecord } | undefined;
        this.#add(id, entry && seenOf(entry.record));
      }
    }
    const changes = rows.filter(([table]) => table === `changes/${this.system}`);
    for (const [, number, change] of changes.sort(([, a], [, b]) => Number(a) - Number(b))) {
      if (Number(number) <= this.#known) continue;
      assert.ok(this.#known === 0 || Number(number) === this.#known + 1, `the change before ${number} is forgotten`);
      this.#known = Number(number);
      const logged = change as Logged;
      if ('row' in logged) this.#add(logged.row.id, seenOf(logged.row));
      else this.#add(logged.gone.id, undefined);
    }
  }

  /**
   * Fails unless what was shown of a campaign is an ordered part of what was true of it.
   *
   * @param look what of a state can be seen where it was shown
   */
  assertShown(id: string, shown: readonly Seen[], look: (state: NonNullable<Seen>) => Seen = (state) => state): void {
    const states = (this.#states.get(id) ?? []).map((state) => state && look(state));
    let at = 0;
    for (const [place, one] of shown.entries()) {
      while (at < states.length && !same(states[at], one)) at++;
      assert.ok(
        at < states.length,
        `${id} showed ${JSON.stringify(one ?? 'that it is gone')} after ${JSON.stringify(shown[place - 1] ?? null)}; ` +
          (states.some((state) => same(state, one)) ? 'that was over by then' : 'that was never true'),
      );
    }
  }

  #add(id: string, state: Seen): void {
    const states = this.#states.get(id);
    if (!states) this.#states.set(id, [state]);
    else if (!same(states.at(-1), state)) states.push(state);
  }
}

function same(one: Seen, other: Seen): boolean {
  return one?.name === other?.name && one?.status === other?.status && one?.message === other?.message;
}
