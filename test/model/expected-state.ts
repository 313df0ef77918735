import type { Write } from '../../mocks/index.ts';
import type { CampaignRecord, CampaignRef } from '../../src/adapters/index.ts';
import type { CampaignView } from '../../src/store/index.ts';

/** All that a view says of a campaign, as one word to compare. */
export type Face = string;

/** The face of a campaign that is not there. */
export const GONE: Face = 'gone';
/** The face of a record of which nothing but the id can be read: what was true before it stays on screen, marked. */
export const UNREADABLE: Face = 'unreadable';

/** One state that a campaign had. */
export interface State {
  /** The how manieth numbering it belongs to, from 0. */
  readonly epoch: number;
  /** Its place in the backend's log of changes; 0 for what an epoch began with. */
  readonly cursor: number;
  readonly face: Face;
  /** Absent: it was gone. */
  readonly record?: CampaignRecord;
  /** The revision of its removal. */
  readonly goneRevision?: number;
}

interface Logged {
  readonly row?: CampaignRecord;
  readonly gone?: { readonly id: string; readonly revision: number };
}

interface Kept {
  readonly record: CampaignRecord;
  readonly corrupt?: boolean;
}

/**
 * What was really so: every state of every campaign in the order it came, and every effect of an action. It is read off the
 * backend's own journal, before anybody can be told of it.
 */
export class ExpectedState {
  readonly #histories = new Map<string, State[]>();
  readonly #campaigns = new Map<string, Map<string, Kept>>();
  readonly #epochs: string[] = [];
  readonly #effects = new Map<string, number>();

  /** To be given to the backend as `persist`. */
  readonly persist = (writes: readonly Write[]): void => {
    for (const [table, key, value] of writes) this.#keep(table, key, value);
    const epoch = writes.findLast(([table]) => table === 'epoch')?.[2] as { name: string } | undefined;
    if (epoch) return this.#begin(epoch.name);
    for (const [table, key, value] of writes) {
      if (value === undefined) continue;
      if (table === 'effects') this.#effects.set(key, (this.#effects.get(key) ?? 0) + 1);
      if (table.startsWith('changes/')) this.#append(table.slice('changes/'.length), Number(key), value as Logged);
    }
  };

  /** The how manieth numbering goes by this name; -1 for none. */
  epoch(name: string): number {
    return this.#epochs.indexOf(name);
  }

  /** The place of the latest change of a system in the present numbering. */
  head(system: string): string {
    const places = this.everyId(system).flatMap((id) =>
      this.history({ system, id }).flatMap(({ epoch, cursor }) => (epoch === this.now ? [cursor] : [])),
    );
    return String(Math.max(0, ...places));
  }

  /** The campaigns of a system that were gone at a place of the log, each with the revision of its removal. */
  removals(system: string, epoch: string, cursor: string): { readonly id: string; readonly revision: number }[] {
    return this.everyId(system).flatMap((id) => {
      const ref = { system, id };
      const { goneRevision } = this.history(ref)[this.indexAt(ref, this.epoch(epoch), Number(cursor))]!;
      return goneRevision === undefined ? [] : [{ id, revision: goneRevision }];
    });
  }

  /** The present numbering. */
  get now(): number {
    return this.#epochs.length - 1;
  }

  /** Every state of a campaign, in order. The first: it is not there yet. */
  history({ system, id }: CampaignRef): readonly State[] {
    return this.#history(system, id);
  }

  /** The state of a campaign now. */
  state(ref: CampaignRef): State {
    return this.history(ref).at(-1)!;
  }

  /** Which of its states a campaign had at a place of the log. */
  indexAt(ref: CampaignRef, epoch: number, cursor: number): number {
    return this.history(ref).findLastIndex(
      (state) => state.epoch < epoch || (state.epoch === epoch && state.cursor <= cursor),
    );
  }

  /** All campaigns of a system that ever were. */
  everyId(system: string): string[] {
    return [...this.#histories.keys()]
      .map((key) => JSON.parse(key) as [string, string])
      .flatMap(([of, id]) => (of === system ? [id] : []));
  }

  /** How often an action with this key has moved a campaign, whether or not that was undone when an older state was restored. */
  effects(key: string): number {
    return this.#effects.get(key) ?? 0;
  }

  #history(system: string, id: string): State[] {
    const key = JSON.stringify([system, id]);
    let history = this.#histories.get(key);
    if (!history) this.#histories.set(key, (history = [{ epoch: 0, cursor: -1, face: GONE }]));
    return history;
  }

  #keep(table: string, key: string, value: unknown): void {
    if (!table.startsWith('campaigns/')) return;
    const system = table.slice('campaigns/'.length);
    const campaigns = this.#campaigns.get(system) ?? new Map<string, Kept>();
    this.#campaigns.set(system, campaigns);
    if (value === undefined) campaigns.delete(key);
    else campaigns.set(key, value as Kept);
  }

  /** Revisions and places are counted anew: every campaign begins with what it is now. */
  #begin(name: string): void {
    const epoch = this.#epochs.push(name) - 1;
    for (const [system, campaigns] of this.#campaigns)
      for (const id of new Set([...campaigns.keys(), ...this.everyId(system)])) {
        const kept = campaigns.get(id);
        this.#history(system, id).push(
          kept
            ? { epoch, cursor: 0, face: kept.corrupt ? UNREADABLE : faceOf(kept.record), record: kept.record }
            : { epoch, cursor: 0, face: GONE },
        );
      }
  }

  #append(system: string, cursor: number, { row, gone }: Logged): void {
    const epoch = this.now;
    if (gone) this.#history(system, gone.id).push({ epoch, cursor, face: GONE, goneRevision: gone.revision });
    if (row) this.#history(system, row.id).push({ epoch, cursor, face: faceOf(row), record: row });
  }
}

/** What a record says, as it is to be shown. */
function faceOf({ id, status, name, message, at, changedBy }: CampaignRecord): Face {
  if (typeof status !== 'string') return UNREADABLE;
  return face([
    status,
    name ?? id,
    message ?? '',
    typeof at === 'string' ? Date.parse(at) : (at ?? undefined),
    changedBy ?? undefined,
  ]);
}

/** What a view says. */
export function shownFace({ presence, status, name, message, at, changedBy }: CampaignView): Face {
  return presence === 'present' ? face([status, name, message, at, changedBy]) : GONE;
}

function face(facts: readonly (string | number | undefined)[]): Face {
  return JSON.stringify(facts);
}
