/** Helpers that change a conforming adapter so that it breaks a rule. */
import type {
  ActRequest,
  ActResult,
  CampaignAdapter,
  Change,
  WatchRequest,
} from '../../../../src/adapters/contract.ts';

export type Adapter = CampaignAdapter<unknown>;
/** Changes a conforming adapter so that it breaks a rule. Its state belongs to one adapter. */
export type Sabotage = (adapter: Adapter) => Adapter;
type Messages = readonly Change<unknown>[];

/** The fields of a row that are changed. */
export interface Row {
  readonly id: string;
  readonly revision: number;
  readonly name?: string;
  readonly status?: string;
  readonly message?: string;
}

/** The feed whose messages are changed. */
export interface TamperedFeed {
  readonly request: WatchRequest;
  readonly mode: 'snapshot' | 'resume';
  /** `synced` has been sent. */
  readonly live: boolean;
}

/** Changes the messages of every feed. @param begin called per feed, so its state belongs to that feed */
export function tamperFeed(
  adapter: Adapter,
  begin: (request: WatchRequest) => (change: Change<unknown>, at: TamperedFeed) => Messages,
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

/** Changes each row in messages of these types. */
export function tamperRows(
  adapter: Adapter,
  types: readonly ('page' | 'upsert')[],
  alter: (row: Row, at: TamperedFeed) => Row,
): Adapter {
  return tamperFeed(adapter, () => (change, at) => {
    if ((change.type !== 'page' && change.type !== 'upsert') || !types.includes(change.type)) return [change];
    return [{ ...change, items: rows(change).map((row) => alter(row, at)) }];
  });
}

/** Replaces `watch`. */
export function withWatch(adapter: Adapter, watch: (request: WatchRequest) => AsyncIterable<Change<unknown>>): Adapter {
  return { ...adapter, watch };
}

/** Replaces `act`. */
export function withAct(adapter: Adapter, act: (request: ActRequest) => Promise<ActResult<unknown>>): Adapter {
  return { ...adapter, act };
}

/** Replaces `actMany`. */
export function withActMany(adapter: Adapter, actMany: NonNullable<Adapter['actMany']>): Adapter {
  return { ...adapter, actMany };
}

/** Changes the answers of `act`. */
export function tamperAnswer(
  adapter: Adapter,
  alter: (result: ActResult<unknown>, request: ActRequest) => ActResult<unknown>,
): Adapter {
  return withAct(adapter, async (request) => alter(await adapter.act(request), request));
}

/** The feed of a conforming adapter as an async iterable. All adapters of the kit return one. */
export function messages(adapter: Adapter, request: WatchRequest): AsyncIterable<Change<unknown>> {
  return adapter.watch(request) as AsyncIterable<Change<unknown>>;
}

export function rows(change: Change<unknown>): readonly Row[] {
  return change.type === 'page' || change.type === 'upsert' ? (change.items as Row[]) : [];
}

/** A promise that never settles. */
export const never = (): Promise<never> => new Promise(() => {});

/** Resolves when the signal aborts. */
export function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
