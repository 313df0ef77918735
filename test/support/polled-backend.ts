import { mock } from 'node:test';
import {
  pollingAdapter,
  type ActRequest,
  type ActResult,
  type CampaignAdapter,
  type PollingAdapterOptions,
  type WatchRequest,
} from '../../src/adapters/index.ts';
import { settled } from './environment.ts';
import { PendingRequest } from './scripted-adapter.ts';
import { RecordedWatch } from './watching.ts';

/** One call of `list` that waits for the test to answer it. */
export class ListCall extends PendingRequest<string, unknown> {
  constructor(
    system: string,
    readonly signal: AbortSignal,
  ) {
    super(system);
  }
}

/** A backend that lists and acts when the test says so. */
export class PolledBackend {
  readonly lists: ListCall[] = [];
  readonly acts: PendingRequest<ActRequest, ActResult<unknown>>[] = [];

  /** The latest call of `list`. */
  get list(): ListCall {
    return this.lists.at(-1)!;
  }

  get act(): PendingRequest<ActRequest, ActResult<unknown>> {
    return this.acts.at(-1)!;
  }

  adapter(options: Partial<PollingAdapterOptions> = {}): CampaignAdapter<unknown> {
    return pollingAdapter({
      list: (system, signal) => {
        const call = new ListCall(system, signal);
        this.lists.push(call);
        return call.promise as Promise<never>;
      },
      act: (request) => {
        const question = new PendingRequest<ActRequest, ActResult<unknown>>(request);
        this.acts.push(question);
        return question.promise;
      },
      intervalMs: INTERVAL_MS,
      timeoutMs: TIMEOUT_MS,
      newEpoch: () => 'e1',
      ...options,
    });
  }

  /** Answers the `list` call under way. */
  async answer(answer: unknown): Promise<void> {
    this.list.answer(answer);
    await settled();
  }

  async fail(error: unknown): Promise<void> {
    this.list.fail(error);
    await settled();
  }
}

export const INTERVAL_MS = 5000;
export const TIMEOUT_MS = 10_000;

/** A watch that has begun. */
export async function watching(
  adapter: CampaignAdapter<unknown>,
  request: Partial<WatchRequest> = {},
): Promise<RecordedWatch> {
  const watch = new RecordedWatch(adapter, request);
  await settled();
  return watch;
}

/** Advances mocked time. */
export async function passTime(ms: number): Promise<void> {
  mock.timers.tick(ms);
  await settled();
}

/** A row of a backend without revisions. */
export function row(id: string, more: Record<string, unknown> = {}): Record<string, unknown> {
  return { id, status: 'inactive', ...more };
}

/** The same row as the adapter emits it. */
export function rowWithRevision(
  id: string,
  revision: number,
  more: Record<string, unknown> = {},
): Record<string, unknown> {
  return { ...row(id, more), revision };
}
