import {
  AdapterError,
  type AdapterErrorCode,
  type CampaignAdapter,
  type CampaignRef,
} from '../../src/adapters/index.ts';
import {
  createCampaignStore,
  type CampaignStore,
  type CampaignView,
  type Connection,
  type Live,
  type StoreEvent,
  type StoreOptions,
} from '../../src/store/index.ts';
import { TestEnvironment } from './environment.ts';
import { ScriptedAdapter, type ScriptedWatch, type SnapshotOptions } from './scripted-adapter.ts';

/** A store with a scripted adapter in a test environment. */
export interface StoreFixture {
  readonly env: TestEnvironment;
  readonly adapter: ScriptedAdapter;
  readonly store: CampaignStore;
  /** What the store reported to the host. */
  readonly reports: StoreEvent[];
  /** The number of reports of a kind. */
  reported(kind: string): number;
  /** The current view of a flows campaign. */
  view(id: string): CampaignView;
  readonly connection: Connection;
}

export function createFixture(
  options: Partial<StoreOptions> & { adapter?: CampaignAdapter<unknown> } = {},
): StoreFixture {
  const env = (options.environment as TestEnvironment | undefined) ?? new TestEnvironment();
  const adapter = (options.adapter as ScriptedAdapter | undefined) ?? new ScriptedAdapter();
  const reports: StoreEvent[] = [];
  const store = createCampaignStore({
    adapter,
    environment: env,
    report: (event) => reports.push(event),
    ...options,
  });
  return {
    env,
    adapter,
    store,
    reports,
    reported: (kind) => reports.filter((event) => event.kind === kind).length,
    view: (id) => store.campaign(flow(id)).value,
    get connection() {
      return store.connection('flows').value;
    },
  };
}

/** A store with a live feed: a list of flows is observed, and these rows were received. */
export async function liveFixture(
  rows: readonly unknown[],
  options: Parameters<typeof createFixture>[0] & SnapshotOptions = {},
): Promise<StoreFixture & { readonly feed: ScriptedWatch; readonly list: Recorder<unknown> }> {
  const { epoch, cursor, heartbeatMs, serverTime, partial, count, ...rest } = options;
  const all = createFixture(rest);
  const list = record(all.store.list('flows'));
  await all.env.advance(0);
  const { feed } = all.adapter;
  feed.snapshot(rows, {
    ...(epoch === undefined ? {} : { epoch }),
    ...(cursor === undefined ? {} : { cursor }),
    ...(heartbeatMs === undefined ? {} : { heartbeatMs }),
    ...(serverTime === undefined ? {} : { serverTime }),
    ...(partial === undefined ? {} : { partial }),
    ...(count === undefined ? {} : { count }),
  });
  await all.env.frameOver();
  return Object.assign(Object.create(null, Object.getOwnPropertyDescriptors(all)), { feed, list }) as StoreFixture & {
    readonly feed: ScriptedWatch;
    readonly list: Recorder<unknown>;
  };
}

/** All values that an observer received. */
export interface Recorder<T> {
  readonly values: readonly T[];
  readonly last: T;
  stop(): void;
}

export function record<T>(live: Live<T>): Recorder<T> {
  const values: T[] = [];
  const subscription = live.subscribe((value) => void values.push(value));
  return {
    values,
    get last() {
      return values.at(-1)!;
    },
    stop: () => subscription.unsubscribe(),
  };
}

export const flow = (id: string): CampaignRef => ({ system: 'flows', id });
export const pythonRef = (id: string): CampaignRef => ({ system: 'python', id });

export function adapterError(code: AdapterErrorCode, retryAfterMs?: number): AdapterError {
  return new AdapterError(code, code, retryAfterMs === undefined ? {} : { retryAfterMs });
}

/** Runs `f`. @returns what was written to `console.error` meanwhile */
export async function consoleErrors(f: () => Promise<void> | void): Promise<string[]> {
  const errors: string[] = [];
  const { error } = console;
  console.error = (...args: unknown[]) => void errors.push(args.map(String).join(' '));
  try {
    await f();
  } finally {
    console.error = error;
  }
  return errors;
}

/** Runs `f`. @returns the uncaught errors meanwhile */
export async function uncaughtErrors(f: () => Promise<void> | void): Promise<unknown[]> {
  const thrown: unknown[] = [];
  const listeners = process.listeners('uncaughtException');
  process.removeAllListeners('uncaughtException');
  process.on('uncaughtException', (error) => thrown.push(error));
  try {
    await f();
    await new Promise((resolve) => setTimeout(resolve, 5));
  } finally {
    process.removeAllListeners('uncaughtException');
    for (const listener of listeners) process.on('uncaughtException', listener);
  }
  return thrown;
}
