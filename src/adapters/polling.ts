import {
  type ActRequest,
  type ActResult,
  AdapterError,
  type CampaignAdapter,
  type CampaignRef,
  type Change,
  CONTRACT_VERSION,
  type Reading,
  type WatchRequest,
} from './contract.ts';
import { isAbsent } from '../util/is-absent.ts';
import { randomId } from '../util/random-id.ts';
import { plainAdapter } from './plain-adapter.ts';
import {
  checkOptions,
  describeValue,
  type PollingAdapterOptions,
  type PollingTimes,
  timesOf,
} from './polling/options.ts';
import { receivePushes } from './polling/push-listener.ts';
import { type ListRequest, readList } from './polling/read-list.ts';
import { type NextStep, ReadSchedule } from './polling/read-schedule.ts';
import { type ListReading, RevisionLog } from './polling/revision-log.ts';
import { WatchDiff } from './polling/watch-diff.ts';
import { TimeLimit } from './time-limit.ts';

export type { PolledCampaign, PolledList, PolledPush, PollingAdapterOptions } from './polling/options.ts';

/**
 * For a backend without revisions: reads all campaigns repeatedly and emits what changed. Such a backend has no positions to resume
 * from either, so the adapter counts changes itself, and every feed begins with a snapshot. If the backend also pushes, `listen` says
 * what to read again at once.
 *
 * A read that fails or takes too long ends the feed: the store then shows its rows as last known, and retries with a growing backoff.
 * While pushes fail, the list is read as often as without them.
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
  return plainAdapter(new PollingAdapter(options));
}

class PollingAdapter implements CampaignAdapter<unknown> {
  readonly idempotent: boolean;
  readonly get?: NonNullable<CampaignAdapter<unknown>['get']>;
  readonly diagnose?: NonNullable<PollingAdapterOptions['diagnose']>;
  readonly log?: NonNullable<PollingAdapterOptions['log']>;
  readonly history?: NonNullable<PollingAdapterOptions['history']>;
  readonly reauthenticate?: NonNullable<PollingAdapterOptions['reauthenticate']>;
  readonly #times: PollingTimes;
  readonly #epoch: string;
  readonly #systems = new Map<string, PolledSystem>();
  #needsWarning = true;

  constructor(private readonly options: PollingAdapterOptions) {
    checkOptions(options);
    this.#times = timesOf(options);
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
    const { revisions, schedules } = this.#system(system);
    const diff = new WatchDiff(revisions, ids && new Set(ids));
    const schedule = new ReadSchedule(this.#times, !!this.options.get);
    const over = new AbortController();
    // At once, even if nobody reads on.
    const end = (): void => {
      over.abort();
      schedule.stop();
      schedules.delete(schedule);
    };
    schedules.add(schedule);
    signal.addEventListener('abort', end, { once: true });
    try {
      yield {
        type: 'open',
        contract: CONTRACT_VERSION,
        mode: 'snapshot',
        epoch: this.#epoch,
        heartbeatMs: this.#heartbeatMs,
      };
      this.#listen(diff, schedule, over.signal);
      let reading = yield* this.#snapshot(diff, signal);
      // A second read finds campaigns that moved between the pages of the first one, and makes the count reliable.
      if (reading.paged && !ids) reading = yield* this.#changes(diff, signal);
      for (;;) {
        schedule.listRead(reading.settled);
        for (;;) {
          const step = await schedule.next();
          if (step === undefined) return;
          if (step === 'list') break;
          yield* this.#singleChanges(diff, step, over.signal);
          schedule.someRead();
        }
        reading = yield* this.#changes(diff, signal);
      }
    } catch (error) {
      if (!signal.aborted) throw error;
    } finally {
      signal.removeEventListener('abort', end);
      end();
    }
  }

  async act(request: ActRequest): Promise<ActResult<unknown>> {
    const { revisions, schedules } = this.#system(request.ref.system);
    const readNow = (): void => schedules.forEach((schedule) => schedule.readNow());
    try {
      const result = await revisions.runAction(request, this.#times.timeoutMs, async () => this.options.act(request));
      readNow();
      return withoutRow(result);
    } catch (error) {
      // After any other error the action may have taken effect.
      if (!hadNoEffect(error)) readNow();
      throw error;
    }
  }

  async #get(ref: CampaignRef, signal: AbortSignal): Promise<Reading<unknown> | undefined> {
    const { revisions, schedules } = this.#system(ref.system);
    const before = revisions.revision;
    const what = `get(${JSON.stringify(ref.id)})`;
    const limit = new TimeLimit(this.#times.timeoutMs, signal, what, 'timeoutMs');
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
      // Open feeds show it too, without a read of their own.
      if (revisions.revision !== before) for (const schedule of schedules) schedule.emit();
    }
  }

  /** Reads these campaigns again, if any, and emits what was found. */
  async *#singleChanges(
    diff: WatchDiff,
    step: Exclude<NextStep, 'list'>,
    signal: AbortSignal,
  ): AsyncGenerator<Change<unknown>> {
    const { system } = diff.revisions;
    if (step !== 'emit') await Promise.all([...step].map((id) => this.#get({ system, id }, signal)));
    yield* [...changeWith('upsert', diff.rows()), ...changeWith('remove', diff.removals())];
  }

  /** @returns the latest read */
  async *#snapshot(diff: WatchDiff, signal: AbortSignal): AsyncGenerator<Change<unknown>, ListReading> {
    let reading = diff.revisions.read();
    for await (const ids of readList(reading, this.#listRequest(diff, signal)))
      yield* changeWith('page', diff.rows(ids));
    if (reading.paged && diff.incomplete) {
      // Two reads in a row may take longer than the promised heartbeat.
      yield { type: 'heartbeat' };
      // A requested campaign may have moved between two pages: only a second read can show that.
      reading = diff.revisions.read();
      for await (const ids of readList(reading, this.#listRequest(diff, signal)))
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
    for await (const _ of readList(reading, this.#listRequest(diff, signal)));
    yield* [
      ...changeWith('upsert', [...diff.rows(), ...diff.newInvalidRows(reading)]),
      ...changeWith('remove', diff.removals()),
      { type: 'heartbeat', ...(reading.settled ? diff.count : {}) },
    ];
    return reading;
  }

  /** Receives pushes for one feed until `signal` aborts. */
  #listen(diff: WatchDiff, schedule: ReadSchedule, signal: AbortSignal): void {
    const { options } = this;
    const { system } = diff.revisions;
    if (!options.listen) return;
    void receivePushes(system, (own) => options.listen!(system, own), signal, {
      listening: (isListening) => {
        // From now on a failure is one of the network, and not a mistake of a developer.
        this.#needsWarning = false;
        schedule.listening(isListening);
      },
      push: (ids) => schedule.push(ids?.filter((id) => diff.covers(id))),
      failedToOpen: (error) => this.#warn(system, error),
    });
  }

  /** Says once why changes come late, because the feed itself does not fail. */
  #warn(system: string, error: unknown): void {
    if (!this.#needsWarning) return;
    this.#needsWarning = false;
    console.warn(
      `pollingAdapter: listen(${JSON.stringify(system)}) brought nothing, so changes are shown with the next read of the list:`,
      error ?? 'it ended; yield [] as soon as the connection is open, and go on until `signal` aborts',
    );
  }

  /** The longest silence of a feed. */
  get #heartbeatMs(): number {
    const { intervalMs, listeningIntervalMs, timeoutMs } = this.#times;
    return timeoutMs + (this.options.listen ? Math.max(intervalMs, listeningIntervalMs) : intervalMs);
  }

  #listRequest({ revisions: { system } }: WatchDiff, signal: AbortSignal): ListRequest {
    const { options } = this;
    const { timeoutMs } = this.#times;
    return { system, signal, timeoutMs, list: (of, limit) => options.list(of, limit) };
  }

  #system(system: string): PolledSystem {
    let one = this.#systems.get(system);
    if (!one) this.#systems.set(system, (one = { revisions: new RevisionLog(system), schedules: new Set() }));
    return one;
  }
}

/** State that all feeds of one system share. */
interface PolledSystem {
  readonly revisions: RevisionLog;
  /** Of its open feeds. */
  readonly schedules: Set<ReadSchedule>;
}

/** A change with these items; an empty list if there are none. */
function changeWith(type: 'page' | 'upsert' | 'remove', items: readonly unknown[]): Change<unknown>[] {
  return items.length ? [{ type, items } as Change<unknown>] : [];
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
