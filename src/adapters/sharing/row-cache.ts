import type { Change, Position } from '../contract.ts';
import { promisedHeartbeat } from '../heartbeat.ts';
import { isRevision, limitRemovals, removalRevision, revisionOrder } from '../revision-order.ts';
import { covers, type Scope } from '../../util/id-scope.ts';

/** The first message of a feed. */
export type Open = Extract<Change<unknown>, { type: 'open' }>;

/** A row as it was received, and the revision it is ordered by: its own, or the last known one if its own can't be read. */
interface CachedRow {
  readonly raw: unknown;
  readonly revision: number;
  readonly readable: boolean;
}

/** Rows per page. */
const PAGE_SIZE = 500;

/**
 * The rows of one epoch as the backend sent them, merged by revision, so that a tab that joins later can get a snapshot. The receiving
 * store parses them. Rows without an id, or of another system, are left out.
 */
export class RowCache {
  readonly #rows = new Map<string, CachedRow>();
  readonly #removed = new Map<string, { readonly item: unknown; readonly revision: number }>();
  #cursor: string | undefined;
  /** A campaign that is not in the rows may still exist. */
  partial = false;

  /**
   * @param open the first change of the snapshot
   * @param scope the campaigns that it covers
   */
  constructor(
    private readonly system: string,
    readonly open: Open,
    public scope: Scope,
  ) {}

  get epoch(): string {
    return epochOf(this.open);
  }

  /** The heartbeat that the feed promised, in ms. */
  get heartbeatMs(): number | undefined {
    return promisedHeartbeat(this.open.heartbeatMs);
  }

  /** Where a feed can resume; `undefined` if the backend sends no cursors. */
  get position(): Position | undefined {
    return this.#cursor === undefined ? undefined : { epoch: this.epoch, cursor: this.#cursor };
  }

  advance(cursor: unknown): void {
    if (typeof cursor === 'string' && cursor) this.#cursor = cursor;
  }

  /** Applies rows: the higher revision wins. */
  put(items: unknown): void {
    for (const raw of listOf(items)) {
      const { id, system, revision } = (raw ?? {}) as Record<string, unknown>;
      if (typeof id !== 'string' || !covers(this.scope, id)) continue;
      if (typeof system === 'string' && system !== this.system) continue;
      const known = this.#rows.get(id);
      const removed = this.#removed.get(id);
      const readable = isRevision(revision);
      if (readable && revisionOrder(revision, known?.revision, removed?.revision) !== 'newer') continue;
      this.#removed.delete(id);
      this.#rows.set(id, {
        raw,
        revision: readable ? revision : (known?.revision ?? removed?.revision ?? -1),
        readable,
      });
    }
  }

  /** Removes rows, unless they are newer than their removal. */
  remove(items: unknown): void {
    for (const item of listOf(items)) {
      const { id, revision } = (item ?? {}) as Record<string, unknown>;
      if (typeof id !== 'string' || !covers(this.scope, id)) continue;
      const own = isRevision(revision) ? revision : undefined;
      const upTo = removalRevision(own, this.#rows.get(id)?.revision, this.#removed.get(id)?.revision);
      if (upTo === undefined) continue;
      this.#rows.delete(id);
      this.#removed.delete(id);
      this.#removed.set(id, { item, revision: upTo });
      limitRemovals(this.#removed);
    }
  }

  /** Keeps the earlier rows that an incomplete snapshot did not contain. */
  fillFrom(before: RowCache): void {
    for (const [id, row] of before.#rows)
      if (covers(this.scope, id) && !this.#rows.has(id) && !this.#removed.has(id)) this.#rows.set(id, row);
  }

  /** Reduces the cache to fewer campaigns. */
  narrowTo(scope: Scope): void {
    this.scope = scope;
    for (const id of this.#rows.keys()) if (!covers(scope, id)) this.#rows.delete(id);
  }

  /** The rows, as the pages of a snapshot. */
  pages(): Change<unknown>[] {
    const rows = [...this.#rows.values()];
    const pages: Change<unknown>[] = [];
    for (let from = 0; from < rows.length; from += PAGE_SIZE)
      pages.push({ type: 'page', items: rows.slice(from, from + PAGE_SIZE).map(({ raw }) => raw) });
    return pages;
  }

  /** The `synced` change that follows these rows. */
  synced(): Change<unknown> {
    return {
      type: 'synced',
      ...(this.#cursor === undefined ? {} : { cursor: this.#cursor }),
      ...(this.partial ? { partial: true } : {}),
    };
  }

  /**
   * The live changes that lead from an earlier snapshot to this one; `undefined` if only a new snapshot can show the difference:
   * another epoch, a row that is missing without a removal, a row with a lower revision, or one that is readable again at the same one.
   */
  since(before: RowCache, scope: Scope): Change<unknown>[] | undefined {
    if (before.epoch !== this.epoch) return undefined;
    const removed: { id: string }[] = [];
    for (const id of before.#rows.keys()) {
      if (!covers(scope, id) || this.#rows.has(id)) continue;
      const removal = this.#removed.get(id);
      if (!removal) return undefined;
      removed.push(removal.item as { id: string });
    }
    const changed: unknown[] = [];
    for (const [id, { raw, revision, readable }] of this.#rows) {
      if (!covers(scope, id)) continue;
      const former = before.#rows.get(id);
      const order = revisionOrder(revision, former?.revision);
      if (order === 'older' || (order === 'repeated' && readable && !former!.readable)) return undefined;
      if (order === 'newer' || !readable) changed.push(raw);
    }
    return [
      ...(changed.length ? [{ type: 'upsert', items: changed } as const] : []),
      ...(removed.length ? [{ type: 'remove', items: removed } as const] : []),
    ];
  }
}

/** The epoch of a feed's rows; `''` if it names none. */
export function epochOf({ epoch }: Open): string {
  return typeof epoch === 'string' ? epoch : '';
}

function listOf(items: unknown): readonly unknown[] {
  return Array.isArray(items) ? items : [];
}
