/** Reads every state that ever existed from the backend's own folder: nothing else may have been shown. */
import assert from 'node:assert/strict';
import { readSaved } from '../../../mocks/server/journal.ts';
import type { CampaignRecord } from '../../../src/adapters/contract.ts';

/** The parts of a campaign's state that a screen shows; `undefined`: the campaign did not exist. */
export type Seen = { readonly name: string; readonly status: string; readonly message: string } | undefined;

type Logged = { readonly row: CampaignRecord } | { readonly gone: { readonly id: string } };

/** The parts of a record that a screen shows. */
export function seenOf({ id, name, status, message }: CampaignRecord): NonNullable<Seen> {
  return { name: name ?? id, status, message: message ?? '' };
}

/** All states of the campaigns of one system, in order, across restarts. */
export class ExpectedState {
  readonly #states = new Map<string, Seen[]>();
  /** Up to where the changes of the current epoch have been read. */
  #epoch = '';
  #known = 0;

  constructor(
    private readonly data: string,
    private readonly system: string,
  ) {}

  /** Reads the new changes. Call it before the backend forgets them, and never while it is writing. */
  gather(): void {
    const rows = readSaved(this.data).rows;
    const epoch = (rows.find(([table]) => table === 'epoch')![2] as { name: string }).name;
    if (epoch !== this.#epoch) {
      this.#epoch = epoch;
      this.#known = 0;
      // A new epoch begins with the rows as they are, and reports no removals for the others.
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
   * Fails unless the states shown of a campaign are an ordered part of the states it really had.
   *
   * @param look what was visible of a state where it was shown
   */
  assertShown(id: string, shown: readonly Seen[], look: (state: NonNullable<Seen>) => Seen = (state) => state): void {
    const states = (this.#states.get(id) ?? []).map((state) => state && look(state));
    let at = 0;
    for (const [place, one] of shown.entries()) {
      while (at < states.length && !equals(states[at], one)) at++;
      assert.ok(
        at < states.length,
        `${id} showed ${JSON.stringify(one ?? 'that it is gone')} after ${JSON.stringify(shown[place - 1] ?? null)}; ` +
          (states.some((state) => equals(state, one)) ? 'that was over by then' : 'that was never true'),
      );
    }
  }

  #add(id: string, state: Seen): void {
    const states = this.#states.get(id);
    if (!states) this.#states.set(id, [state]);
    else if (!equals(states.at(-1), state)) states.push(state);
  }
}

function equals(one: Seen, other: Seen): boolean {
  return one?.name === other?.name && one?.status === other?.status && one?.message === other?.message;
}
