/** A page with a store, over a sharing adapter, or with `?alone` over one that does not share. */
import { httpAdapter, shareAcrossTabs } from '../../../../src/adapters/index.ts';
import { createCampaignStore } from '../../../../src/store/index.ts';

/** What a row shows: status and name, and whether that is only last known. */
interface Row {
  readonly status: string;
  readonly name: string;
  readonly stale: boolean;
}

const SYSTEM = 'flows';
const plain = httpAdapter({ src: location.origin });
const adapter = location.search === '?alone' ? plain : shareAcrossTabs(plain, { key: 'user' });
const store = createCampaignStore({ adapter });
const list = store.list(SYSTEM);
list.subscribe();
const connection = store.connection(SYSTEM);
const states: string[] = [];
connection.subscribe(({ state }) => {
  if (states.at(-1) !== state) states.push(state);
});
// Stops counting when the page is really frozen.
let ticks = 0;
setInterval(() => ticks++, 20);

/** What the tests read and call. */
const tab = {
  state: (): string => connection.value.state,
  /** Every state of the connection, in order. */
  states: (): readonly string[] => states,
  ticks: (): number => ticks,
  rows: (): Record<string, Row> =>
    Object.fromEntries(
      list.value.ids.map((id) => {
        const { status, name, stale } = store.campaign({ system: SYSTEM, id }).value;
        return [id, { status, name, stale: stale !== undefined }];
      }),
    ),
  perform: async (id: string, action: string): Promise<string> =>
    (await store.perform({ system: SYSTEM, id }, action)).outcome,
  /** Sends an action without a store, which would not offer one before it has rows. */
  act: async (id: string, action: string): Promise<string> => {
    const { outcome } = await adapter.act({
      ref: { system: SYSTEM, id },
      action,
      signal: new AbortController().signal,
      expect: { status: 'inactive', revision: 1 },
      idempotencyKey: crypto.randomUUID(),
    });
    return outcome;
  },
  locks: async (): Promise<number> => {
    const { held, pending } = await navigator.locks.query();
    return (held?.length ?? 0) + (pending?.length ?? 0);
  },
  dispose: (): void => store.dispose(),
};

export type TabApi = typeof tab;
Object.assign(globalThis, { tab });
