/** Observes all campaigns of one system through the store and the HTTP adapter, and records what is shown. */
import assert from 'node:assert/strict';
import type { TestContext } from 'node:test';
import { httpAdapter } from '../../../src/adapters/index.ts';
import type { CampaignRecord, CampaignRef } from '../../../src/adapters/contract.ts';
import {
  createCampaignStore,
  type CampaignStore,
  type ConnectionState,
  type StoreEvent,
} from '../../../src/store/index.ts';
import type { BackendProcess } from './backend-process.ts';
import { seenOf, type Seen, type ExpectedState } from './expected-state.ts';
import { until } from '../until.ts';

export class ScreenObserver {
  readonly store: CampaignStore;
  readonly reports: StoreEvent[] = [];
  /** Each state of the connection, in order. */
  readonly states: ConnectionState[] = [];
  /** The states shown of each campaign, in order. */
  readonly shown = new Map<string, Seen[]>();
  /** The length of the list at each of its changes. */
  readonly lengths: number[] = [];
  readonly #system: string;
  readonly #stop: (() => void)[] = [];

  constructor(t: TestContext, url: string, { system = 'flows', uncertainAfterMs = 60_000 } = {}) {
    this.#system = system;
    this.store = createCampaignStore({
      adapter: httpAdapter({ src: url }),
      uncertainAfterMs,
      report: (event) => void this.reports.push(event),
    });
    t.after(() => this.leave());
    this.#look(this.store.connection(system), ({ state }) => {
      if (this.states.at(-1) !== state) this.states.push(state);
    });
    this.#look(this.store.list(system), ({ ids }) => {
      if (this.lengths.at(-1) !== ids.length) this.lengths.push(ids.length);
      for (const id of ids) this.#follow(id);
    });
  }

  get state(): ConnectionState {
    return this.store.connection(this.#system).value.state;
  }

  get ids(): readonly string[] {
    return this.store.list(this.#system).value.ids;
  }

  ref(id: string): CampaignRef {
    return { system: this.#system, id };
  }

  view(id: string) {
    return this.store.campaign(this.ref(id)).value;
  }

  /** Waits until the feed is live. */
  async live(ms?: number): Promise<void> {
    await until(
      () => this.state === 'live',
      () => `the feed is live; it is ${this.state}`,
      ms,
    );
  }

  /** Waits until the feed is not live. */
  async lost(ms?: number): Promise<void> {
    await until(() => this.state !== 'live' && this.state !== 'syncing', 'the feed is lost', ms);
  }

  /** Waits until the store shows exactly what the backend has. */
  async equals(backend: BackendProcess, ms?: number): Promise<void> {
    let difference: string | undefined = 'not compared yet';
    await until(
      async () => (difference = this.#differenceTo(await backend.campaigns(this.#system))) === undefined,
      () => `what is shown equals the backend: ${difference}`,
      ms,
    );
    assert.equal(this.store.connection(this.#system).value.lost, undefined);
  }

  /** Fails unless every state shown was real, and in order. */
  assertNothingInvented(expected: ExpectedState): void {
    for (const [id, shown] of this.shown) expected.assertShown(id, shown);
  }

  /** Unsubscribes and disposes of the store. */
  leave(): void {
    for (const stop of this.#stop.splice(0)) stop();
    this.store.dispose();
  }

  #differenceTo(campaigns: ReadonlyMap<string, CampaignRecord>): string | undefined {
    if (this.state !== 'live') return `the feed is ${this.state}`;
    const ids = new Set(this.ids);
    if (ids.size !== campaigns.size) return `${ids.size} rows for ${campaigns.size} campaigns`;
    for (const [id, record] of campaigns) {
      if (!ids.has(id)) return `${id} is missing`;
      const { name, status, message, stale, changedBy, presence } = this.view(id);
      const [is, must] = [
        { name, status, message, changedBy },
        { ...seenOf(record), changedBy: record.changedBy },
      ];
      if (JSON.stringify(is) !== JSON.stringify(must))
        return `${id} is ${JSON.stringify(is)}, not ${JSON.stringify(must)}`;
      if (stale || presence !== 'present') return `${id} is ${presence}, ${stale?.why ?? ''}`;
    }
    return undefined;
  }

  #follow(id: string): void {
    if (this.shown.has(id)) return;
    const shown: Seen[] = [];
    this.shown.set(id, shown);
    this.#look(this.store.campaign(this.ref(id)), ({ presence, name, status, message }) => {
      if (presence === 'present') shown.push({ name, status, message });
      else if (presence === 'gone') shown.push(undefined);
    });
  }

  #look<T>(live: { subscribe(next: (value: T) => void): { unsubscribe(): void } }, next: (value: T) => void): void {
    const subscription = live.subscribe(next);
    this.#stop.push(() => subscription.unsubscribe());
  }
}
