import type { Write } from '../../../mocks/database.ts';
import type { CampaignRecord, CampaignRef } from '../../../src/adapters/index.ts';
import type { CampaignView } from '../../../src/store/index.ts';

/** Everything that a view shows of a campaign, as one string to compare. */
export type Fingerprint = string;

/** The fingerprint of a campaign that does not exist. */
export const GONE: Fingerprint = 'gone';
/**
 * The fingerprint of a record of which only the id is readable: its last known state stays on screen, marked as stale.
 */
export const UNREADABLE: Fingerprint = 'unreadable';

/** One state of a campaign. */
export interface State {
  /** The index of its epoch, from 0. */
  readonly epoch: number;
  /** Its cursor in the backend's log of changes; 0 for the state at the beginning of an epoch. */
  readonly cursor: number;
  readonly fingerprint: Fingerprint;
  /** Absent if the campaign did not exist. */
  readonly record?: CampaignRecord;
  /** The revision of its removal. */
  readonly goneRevision?: number;
}

interface Logged {
  readonly row?: CampaignRecord;
  readonly gone?: { readonly id: string; readonly revision: number };
}

interface StoredCampaign {
  readonly record: CampaignRecord;
  readonly corrupt?: boolean;
}

/**
 * The truth: every state of every campaign in order, and every effect of an action. It is read from the backend's own
 * journal, before any page can receive it.
 */
export class ExpectedState {
  readonly #histories = new Map<string, State[]>();
  readonly #campaigns = new Map<string, Map<string, StoredCampaign>>();
  readonly #epochs: string[] = [];
  readonly #effects = new Map<string, number>();

  /** Receives the transactions of the backend, as its storage. */
  readonly append = (writes: readonly Write[]): void => {
    for (const [table, key, value] of writes) this.#keep(table, key, value);
    const epoch = writes.findLast(([table]) => table === 'epoch')?.[2] as { name: string } | undefined;
    if (epoch) return this.#begin(epoch.name);
    for (const [table, key, value] of writes) {
      if (value === undefined) continue;
      if (table === 'effects') this.#effects.set(key, (this.#effects.get(key) ?? 0) + 1);
      if (table.startsWith('changes/')) this.#append(table.slice('changes/'.length), Number(key), value as Logged);
    }
  };

  /** The index of the epoch with this name; -1 if there is none. */
  epoch(name: string): number {
    return this.#epochs.indexOf(name);
  }

  /** The cursor of the latest change of a system in the current epoch. */
  head(system: string): string {
    const places = this.everyId(system).flatMap((id) =>
      this.history({ system, id }).flatMap(({ epoch, cursor }) => (epoch === this.now ? [cursor] : [])),
    );
    return String(Math.max(0, ...places));
  }

  /** The campaigns of a system that were removed by this cursor, each with the revision of its removal. */
  removals(system: string, epoch: string, cursor: string): { readonly id: string; readonly revision: number }[] {
    return this.everyId(system).flatMap((id) => {
      const ref = { system, id };
      const { goneRevision } = this.history(ref)[this.indexAt(ref, this.epoch(epoch), Number(cursor))]!;
      return goneRevision === undefined ? [] : [{ id, revision: goneRevision }];
    });
  }

  /** The index of the current epoch. */
  get now(): number {
    return this.#epochs.length - 1;
  }

  /** Every state of a campaign, in order. In the first it does not exist yet. */
  history({ system, id }: CampaignRef): readonly State[] {
    return this.#history(system, id);
  }

  /** The current state of a campaign. */
  state(ref: CampaignRef): State {
    return this.history(ref).at(-1)!;
  }

  /** The index of the state that a campaign had at this cursor. */
  indexAt(ref: CampaignRef, epoch: number, cursor: number): number {
    return this.history(ref).findLastIndex(
      (state) => state.epoch < epoch || (state.epoch === epoch && state.cursor <= cursor),
    );
  }

  /** All campaigns that a system ever had. */
  everyId(system: string): string[] {
    return [...this.#histories.keys()]
      .map((key) => JSON.parse(key) as [string, string])
      .flatMap(([of, id]) => (of === system ? [id] : []));
  }

  /** How often an action with this key has moved a campaign, including effects that a restore has undone. */
  effects(key: string): number {
    return this.#effects.get(key) ?? 0;
  }

  #history(system: string, id: string): State[] {
    const key = JSON.stringify([system, id]);
    let history = this.#histories.get(key);
    if (!history) this.#histories.set(key, (history = [{ epoch: 0, cursor: -1, fingerprint: GONE }]));
    return history;
  }

  #keep(table: string, key: string, value: unknown): void {
    if (!table.startsWith('campaigns/')) return;
    const system = table.slice('campaigns/'.length);
    const campaigns = this.#campaigns.get(system) ?? new Map<string, StoredCampaign>();
    this.#campaigns.set(system, campaigns);
    if (value === undefined) campaigns.delete(key);
    else campaigns.set(key, value as StoredCampaign);
  }

  /** Revisions and cursors begin again: every campaign starts with its current state. */
  #begin(name: string): void {
    const epoch = this.#epochs.push(name) - 1;
    for (const [system, campaigns] of this.#campaigns)
      for (const id of new Set([...campaigns.keys(), ...this.everyId(system)])) {
        const stored = campaigns.get(id);
        this.#history(system, id).push(
          stored
            ? {
                epoch,
                cursor: 0,
                fingerprint: stored.corrupt ? UNREADABLE : recordFingerprint(stored.record),
                record: stored.record,
              }
            : { epoch, cursor: 0, fingerprint: GONE },
        );
      }
  }

  #append(system: string, cursor: number, { row, gone }: Logged): void {
    const epoch = this.now;
    if (gone) this.#history(system, gone.id).push({ epoch, cursor, fingerprint: GONE, goneRevision: gone.revision });
    if (row) this.#history(system, row.id).push({ epoch, cursor, fingerprint: recordFingerprint(row), record: row });
  }
}

/** The fingerprint of a record, as it is to be shown. */
function recordFingerprint({ id, status, name, message, at, changedBy }: CampaignRecord): Fingerprint {
  if (typeof status !== 'string') return UNREADABLE;
  return fingerprint([
    status,
    name ?? id,
    message ?? '',
    typeof at === 'string' ? Date.parse(at) : (at ?? undefined),
    changedBy ?? undefined,
  ]);
}

/** The fingerprint of a view. */
export function viewFingerprint({ presence, status, name, message, at, changedBy }: CampaignView): Fingerprint {
  return presence === 'present' ? fingerprint([status, name, message, at, changedBy]) : GONE;
}

function fingerprint(facts: readonly (string | number | undefined)[]): Fingerprint {
  return JSON.stringify(facts);
}
