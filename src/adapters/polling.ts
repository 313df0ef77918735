import {
  type ActRequest,
  type ActResult,
  AdapterError,
  type CampaignAdapter,
  type CampaignRef,
  type Change,
  type Reading,
  type WatchRequest,
} from './contract.ts';
import { WakeableSleep } from '../util/wakeable-sleep.ts';
import {
  checkOptions,
  DEFAULT_INTERVAL_MS,
  DEFAULT_TIMEOUT_MS,
  describeValue,
  type PollingAdapterOptions,
} from './polling/options.ts';
import { type ListReading, RevisionLog } from './polling/revision-log.ts';
import { WatchDiff } from './polling/watch-diff.ts';
import { isAbsent } from '../util/is-absent.ts';
import { randomId } from '../util/random-id.ts';
import { TimeLimit } from './time-limit.ts';

export type { PolledCampaign, PolledList, PollingAdapterOptions } from './polling/options.ts';

/**
 * For a backend that can only list: reads all campaigns repeatedly and emits what changed. Such a backend has neither revisions nor
 * positions to resume from, so the adapter counts changes itself, and every feed begins with a snapshot.
 *
 * A read that fails or takes too long ends the feed: the store then shows its rows as last known, and retries with a growing backoff.
 *
 * @throws TypeError for an option that can't be used
 * @example
 * ```ts
 * const adapter = pollingAdapter({
 *   async list(system, signal) {
 *     const response = await fetch(`/api/${system}`, { signal });
 *     if (!response.ok) throw await errorFromResponse(response);
 *     return (await response.json()).map(({ key, state, title }) => ({ id: key, status: state, name: title }));
 *   },
 *   act: async ({ ref, action, signal }) =>
 *     actResultFromResponse(await fetch(`/api/${ref.system}/${ref.id}/${action}`, { method: 'POST', signal })),
 * });
 * ```
 */
export function pollingAdapter(options: PollingAdapterOptions): CampaignAdapter<unknown> {
  return new PollingAdapter(options);
}

class PollingAdapter implements CampaignAdapter<unknown> {
  readonly idempotent: boolean;
  readonly get?: NonNullable<CampaignAdapter<unknown>['get']>;
  readonly diagnose?: NonNullable<PollingAdapterOptions['diagnose']>;
  readonly log?: NonNullable<PollingAdapterOptions['log']>;
  readonly history?: NonNullable<PollingAdapterOptions['history']>;
  readonly reauthenticate?: NonNullable<PollingAdapterOptions['reauthenticate']>;
  readonly #intervalMs: number;
  readonly #timeoutMs: number;
  readonly #epoch: string;
  readonly #systems = new Map<string, PolledSystem>();

  constructor(private readonly options: PollingAdapterOptions) {
    checkOptions(options);
    this.#intervalMs = options.intervalMs ?? DEFAULT_INTERVAL_MS;
    this.#timeoutMs = options.timeoutMs ?? DEFAULT_TIMEOUT_MS;
    this.#epoch = (options.newEpoch ?? randomId)();
    this.idempotent = options.idempotent ?? false;
    if (options.get) this.get = (ref, signal) => this.#get(ref, signal);
    if (options.diagnose) this.diagnose = (ref, signal) => options.diagnose!(ref, signal);
    if (options.log) this.log = (ref, signal) => options.log!(ref, signal);
    if (options.history) this.history = (ref, page, signal) => options.history!(ref, page, signal);
    if (options.reauthenticate) this.reauthenticate = (signal) => options.reauthenticate!(signal);
  }

  async *watch({ system, ids, signal }: WatchRequest): AsyncGenerator<Change<unknown>> {
    if (signal.aborted) return;
    const { revisions, delay } = this.#system(system);
    const diff = new WatchDiff(revisions, ids && new Set(ids));
    try {
      yield {
        type: 'open',
        contract: 1,
        mode: 'snapshot',
        epoch: this.#epoch,
        heartbeatMs: this.#intervalMs + this.#timeoutMs,
      };
      for (let first = true; !signal.aborted; first = false) {
        const { wakeups } = delay;
        const { paged } = yield* first ? this.#snapshot(diff, signal) : this.#changes(diff, signal);
        // A second read finds campaigns that moved between the pages of the first one, and makes the count reliable.
        if (first && paged && !ids) continue;
        // The effect of an action that ended meanwhile may be missing from this read, so the next one follows at once.
        if (delay.wakeups === wakeups) await delay.sleep(this.#intervalMs, signal);
      }
    } catch (error) {
      if (!signal.aborted) throw error;
    }
  }

  async act(request: ActRequest): Promise<ActResult<unknown>> {
    const { revisions, delay } = this.#system(request.ref.system);
    try {
      const result = await revisions.runAction(request, this.#timeoutMs, async () => this.options.act(request));
      delay.wake();
      return withoutRow(result);
    } catch (error) {
      // After any other error the action may have taken effect.
      if (!hadNoEffect(error)) delay.wake();
      throw error;
    }
  }

  async #get(ref: CampaignRef, signal: AbortSignal): Promise<Reading<unknown> | undefined> {
    const { revisions } = this.#system(ref.system);
    const what = `get(${JSON.stringify(ref.id)})`;
    const limit = new TimeLimit(this.#timeoutMs, signal, what, 'timeoutMs');
    try {
      for (;;) {
        await limit.wait(() => revisions.whenIdle(ref.id));
        const reading = revisions.read();
        try {
          const row: unknown = await limit.wait(() => this.options.get!(ref, limit.signal));
          if (row === undefined) reading.miss(ref.id);
          else if (!reading.take([row]).has(ref.id))
            throw new AdapterError(
              'protocol',
              `${what} must give the campaign of that id or undefined, got ${describeValue(row)}`,
            );
          if (reading.settled)
            return row === undefined ? undefined : { campaign: revisions.row(ref.id), epoch: this.#epoch };
        } finally {
          reading.close();
        }
      }
    } finally {
      limit.end();
    }
  }

  /** @returns the latest read */
  async *#snapshot(diff: WatchDiff, signal: AbortSignal): AsyncGenerator<Change<unknown>, ListReading> {
    let reading = diff.revisions.read();
    for await (const ids of this.#pages(reading, diff.revisions.system, signal))
      yield* changeWith('page', diff.rows(ids));
    if (reading.paged && diff.incomplete) {
      // Two reads in a row may take longer than the promised heartbeat.
      yield { type: 'heartbeat' };
      // A requested campaign may have moved between two pages: only a second read can show that.
      reading = diff.revisions.read();
      for await (const ids of this.#pages(reading, diff.revisions.system, signal))
        yield* changeWith('page', diff.rows(ids));
    }
    const rest = changeWith('page', [...diff.rows(), ...diff.newInvalidRows(reading)]);
    if (!reading.paged && reading.settled) yield* [...rest, { type: 'synced', ...diff.count }];
    else yield* [...rest, { type: 'synced', partial: true }, ...changeWith('remove', diff.earlierRemovals())];
    return reading;
  }

  /** @returns the read */
  async *#changes(diff: WatchDiff, signal: AbortSignal): AsyncGenerator<Change<unknown>, ListReading> {
    const reading = diff.revisions.read();
    for await (const _ of this.#pages(reading, diff.revisions.system, signal));
    yield* [
      ...changeWith('upsert', [...diff.rows(), ...diff.newInvalidRows(reading)]),
      ...changeWith('remove', diff.removals()),
      { type: 'heartbeat', ...(reading.settled ? diff.count : {}) },
    ];
    return reading;
  }

  /** Reads the list into `reading` and yields the campaigns of each page. A read that fails removes nothing. */
  async *#pages(reading: ListReading, system: string, signal: AbortSignal): AsyncGenerator<ReadonlySet<string>> {
    const what = `list(${JSON.stringify(system)})`;
    const limit = new TimeLimit(this.#timeoutMs, signal, what, 'timeoutMs');
    try {
      const answer: unknown = await limit.wait(() => this.options.list(system, limit.signal));
      if (isIterable(answer)) {
        reading.paged = true;
        const pages = answer[Symbol.asyncIterator]();
        try {
          for (;;) {
            const { done, value } = (await limit.wait(() => pages.next())) as IteratorResult<unknown, unknown>;
            if (done) break;
            if (!Array.isArray(value)) throw wrongList(`${what} must yield lists of campaigns`, value);
            yield reading.take(value as readonly unknown[]);
          }
        } finally {
          // Not awaited: it may hang.
          void (async () => pages.return?.())().catch(() => {});
        }
      } else yield reading.take(rowsOf(answer, what));
      reading.complete();
    } finally {
      limit.end();
      reading.close();
    }
  }

  #system(system: string): PolledSystem {
    let one = this.#systems.get(system);
    if (!one) this.#systems.set(system, (one = { revisions: new RevisionLog(system), delay: new WakeableSleep() }));
    return one;
  }
}

/** State that all feeds of one system share. */
interface PolledSystem {
  readonly revisions: RevisionLog;
  /** The pause between two reads; ends early when an action may have changed something. */
  readonly delay: WakeableSleep;
}

/** A change with these items; an empty list if there are none. */
function changeWith(type: 'page' | 'upsert' | 'remove', items: readonly unknown[]): Change<unknown>[] {
  return items.length ? [{ type, items } as Change<unknown>] : [];
}

function isIterable(answer: unknown): answer is AsyncIterable<unknown> {
  return typeof answer === 'object' && answer !== null && Symbol.asyncIterator in answer;
}

function rowsOf(answer: unknown, what: string): readonly unknown[] {
  if (Array.isArray(answer)) return answer;
  const { campaigns, count } = (answer ?? {}) as { campaigns?: unknown; count?: unknown };
  if (!Array.isArray(campaigns))
    throw wrongList(`${what} must give a list of campaigns, or { campaigns, count }`, answer);
  if (typeof count === 'number' && count > campaigns.length)
    throw new AdapterError(
      'protocol',
      `${what} gave ${campaigns.length} of ${count} campaigns; give all of them, or yield them page by page`,
    );
  return campaigns;
}

function wrongList(wanted: string, got: unknown): AdapterError {
  return new AdapterError(
    'misconfigured',
    `${wanted}, got ${describeValue(got)}; for a failed response throw await errorFromResponse(response)`,
  );
}

/** Leaves out the row: without a counted revision it can't be compared with those of the list. The next read brings it. */
function withoutRow(result: ActResult<unknown>): ActResult<unknown> {
  if (result?.outcome === 'done') return { outcome: 'accepted' };
  if (result?.outcome !== 'conflict') return result;
  return { outcome: 'conflict', ...(isAbsent(result.reason) ? {} : { reason: result.reason }) };
}

function hadNoEffect(error: unknown): boolean {
  const { name, code } = (error ?? {}) as { name?: unknown; code?: unknown };
  return name === 'AdapterError' && (code === 'unauthenticated' || code === 'throttled');
}
