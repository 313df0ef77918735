/** How a right adapter is made to break one rule. */
import type {
  ActRequest,
  ActResult,
  CampaignAdapter,
  Change,
  WatchRequest,
} from '../../../../src/adapters/contract.ts';

export type Adapter = CampaignAdapter<unknown>;
/** Breaks a rule of a right adapter. What it keeps is kept per adapter. */
export type Sabotage = (adapter: Adapter) => Adapter;
type Messages = readonly Change<unknown>[];

/** A row, as far as meddling goes. */
export interface Row {
  readonly id: string;
  readonly revision: number;
  readonly name?: string;
  readonly status?: string;
  readonly message?: string;
}

/** One feed that is being meddled with. */
export interface Meddling {
  readonly request: WatchRequest;
  readonly mode: 'snapshot' | 'resume';
  /** `synced` has been said. */
  readonly live: boolean;
}

/** Changes the messages of every feed. @param begin is called for each feed: what it keeps is kept per feed */
export function meddle(
  adapter: Adapter,
  begin: (request: WatchRequest) => (change: Change<unknown>, at: Meddling) => Messages,
): Adapter {
  return withWatch(adapter, async function* (request) {
    const alter = begin(request);
    let mode: 'snapshot' | 'resume' = 'snapshot';
    let live = false;
    for await (const change of messages(adapter, request)) {
      if (change.type === 'open') mode = change.mode;
      yield* alter(change, { request, mode, live });
      if (change.type === 'synced') live = true;
    }
  });
}

/** Changes each row that comes with one of these messages. */
export function meddleRows(
  adapter: Adapter,
  types: readonly ('page' | 'upsert')[],
  alter: (row: Row, at: Meddling) => Row,
): Adapter {
  return meddle(adapter, () => (change, at) => {
    if ((change.type !== 'page' && change.type !== 'upsert') || !types.includes(change.type)) return [change];
    return [{ ...change, items: rows(change).map((row) => alter(row, at)) }];
  });
}

/** Another `watch`, everything else as it was. */
export function withWatch(adapter: Adapter, watch: (request: WatchRequest) => AsyncIterable<Change<unknown>>): Adapter {
  return { ...adapter, watch };
}

/** Another `act`, everything else as it was. */
export function withAct(adapter: Adapter, act: (request: ActRequest) => Promise<ActResult<unknown>>): Adapter {
  return { ...adapter, act };
}

/** Changes the answers of `act`. */
export function meddleAnswer(
  adapter: Adapter,
  alter: (result: ActResult<unknown>, request: ActRequest) => ActResult<unknown>,
): Adapter {
  return withAct(adapter, async (request) => alter(await adapter.act(request), request));
}

/** The feed of a right adapter: an async iterable, as all of the kit's are. */
export function messages(adapter: Adapter, request: WatchRequest): AsyncIterable<Change<unknown>> {
  return adapter.watch(request) as AsyncIterable<Change<unknown>>;
}

export function rows(change: Change<unknown>): readonly Row[] {
  return change.type === 'page' || change.type === 'upsert' ? (change.items as Row[]) : [];
}

/** Never over. */
export const never = (): Promise<never> => new Promise(() => {});

/** Over when the signal aborts. */
export function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
