/** Shared by the tests of the simulated backend. */
import type { ActResult, CampaignRef, Change } from '../../../src/adapters/contract.ts';
import { Backend, type BackendStorage } from '../../../mocks/backend.ts';
import { manualClock, type ManualClock, type SimulatedBackend, type SimulateOptions } from '../../../mocks/index.ts';

export interface Stage {
  readonly backend: SimulatedBackend;
  readonly clock: ManualClock;
}

/** A backend on a stopped clock, without sample data and without rounds. */
export function stage(options: SimulateOptions = {}, storage?: BackendStorage): Stage {
  const clock = manualClock();
  return { clock, backend: new Backend({ clock, sampleData: 'empty', tickMs: 0, ...options }, storage) };
}

let keys = 0;

/** Sends one action, as a user's press does. */
export function press(
  backend: SimulatedBackend,
  ref: CampaignRef,
  action: string,
  expected: string = backend.campaigns.get(ref)?.record.status ?? '',
  idempotencyKey = `key-${++keys}`,
): Promise<ActResult> {
  return backend.act({ ref, action, expect: { status: expected, revision: 1 }, idempotencyKey });
}

/** Waits until all promises have settled. */
export const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** Reads a feed in the background. */
export class Reader {
  readonly received: Change[] = [];
  readonly stop = new AbortController();
  /** `undefined` while open. */
  end: 'clean' | Error | undefined;
  readonly over: Promise<void>;

  constructor(
    backend: SimulatedBackend,
    system: string,
    more: { ids?: string[]; since?: { epoch: string; cursor: string } } = {},
  ) {
    this.over = this.#read(backend.watch({ system, signal: this.stop.signal, ...more }));
  }

  get types(): string[] {
    return this.received.map(({ type }) => type);
  }

  /** The state after everything received so far: status per id. */
  get known(): Map<string, string> {
    const known = new Map<string, string>();
    for (const change of this.received) {
      if (change.type === 'page' || change.type === 'upsert')
        for (const row of change.items) known.set(row.id, row.status);
      if (change.type === 'remove') for (const { id } of change.items) known.delete(id);
    }
    return known;
  }

  last<T extends Change['type']>(type: T): Extract<Change, { type: T }> {
    const found = this.received.findLast((change) => change.type === type);
    if (!found) throw new Error(`no ${type} was received, only: ${this.types.join(', ')}`);
    return found as Extract<Change, { type: T }>;
  }

  async #read(feed: AsyncIterable<Change>): Promise<void> {
    try {
      for await (const change of feed) this.received.push(change);
      this.end = 'clean';
    } catch (error) {
      this.end = error as Error;
    }
  }
}
