import {
  type ActRequest,
  type ActResult,
  AdapterError,
  type CampaignAdapter,
  type CampaignRef,
  type Change,
  type Dependency,
  type Feed,
  type HistoryPage,
  type LogEntry,
  type Reading,
  type WatchRequest,
} from './contract.ts';
import { isAbsent } from '../util/is-absent.ts';
import { LONGEST_SILENCE_MS } from './heartbeat.ts';
import { BucketFeed } from './nats/bucket-feed.ts';
import { Bucket, objectIn, rowOf } from './nats/bucket.ts';
import { untilAborted } from '../util/abortable.ts';
import { named, type NatsConnection, type NatsMessage, SharedConnection } from './nats/connection.ts';
import { JetStream, requestError } from './nats/jetstream.ts';
import { keyOf, natsKey } from './nats/keys.ts';

export type { NatsConnection, NatsMessage } from './nats/connection.ts';
export { natsId, natsKey } from './nats/keys.ts';

/** How {@link natsAdapter} reaches NATS. Times are ms. */
export interface NatsAdapterOptions {
  /**
   * Opens a connection, signed in as this user. Called when something is to be watched or asked for, and again after each loss;
   * the adapter closes what it was given after the last use. Throw `AdapterError('unauthenticated')` when the user has to sign in.
   */
  connect?(): Promise<NatsConnection>;
  /** In place of `connect`: a connection of your own, which stays open. It may reconnect by itself. */
  connection?: NatsConnection;
  /** The name of a system's bucket. Default: `campaigns-` and the system. */
  bucket?(system: string): string;
  /**
   * The subject below which actions are asked for: `{actions}.{system}.{id}.{action}`, the latter three as `natsKey` writes them.
   * Put the user's name into it, and allow each user his own, if the backend has to know who asks. Default `campaigns`.
   */
  actions?: string;
  /** How often a bucket without changes shows that it lives. Default 5,000, at least 100. */
  heartbeatMs?: number;
  /** How long an answer may take. Default 5,000. */
  timeoutMs?: number;
  /** How often a feed asks whether something was purged from the bucket, which nobody is told of otherwise. Default 60,000. */
  checkMs?: number;
  /** The backend does nothing twice for one `idempotencyKey`. Default true. */
  idempotent?: boolean;
  /** Renews the sign-in after `unauthenticated`; then what got it goes on. */
  reauthenticate?(signal: AbortSignal): Promise<void>;
  /** What the campaign depends on: see `CampaignAdapter`. */
  diagnose?(ref: CampaignRef, signal: AbortSignal): Promise<readonly Dependency[]> | Feed<readonly Dependency[]>;
  /** The engine log: see `CampaignAdapter`. */
  log?(ref: CampaignRef, signal: AbortSignal): Feed<readonly LogEntry[]>;
  /** What moved the campaign: see `CampaignAdapter`. */
  history?(
    ref: CampaignRef,
    page: { readonly before?: string; readonly limit: number },
    signal: AbortSignal,
  ): Promise<HistoryPage>;
}

/** What an action's request holds, as JSON. */
export type NatsAction = Pick<ActRequest, 'expect' | 'idempotencyKey' | 'input'>;

/**
 * What the backend replies to it, as JSON: what became of the action, with the row as it is in the bucket and the sequence of
 * that write as its `revision`; or why it could not be dealt with now, and then nothing has happened.
 */
export type NatsActReply =
  | ActResult
  | {
      readonly error: 'unauthenticated' | 'throttled';
      readonly message?: string | null;
      readonly retryAfterMs?: number | null;
    };

/**
 * NATS: campaigns in a JetStream key-value bucket for each system, watched over WebSocket; actions by request and reply. The
 * sequence of an entry in its bucket is its revision and the feed's cursor; the bucket's time of making is the epoch.
 *
 * @throws TypeError for an option that can't be used
 * @example
 * ```ts
 * import { wsconnect } from '@nats-io/nats-core';
 *
 * const adapter = natsAdapter({
 *   connect: async () => wsconnect({ servers: 'wss://nats.example', token: await token(), reconnect: false }),
 * });
 * ```
 */
export function natsAdapter(options: NatsAdapterOptions): CampaignAdapter<unknown> {
  return new NatsAdapter(options);
}

const DEFAULT_HEARTBEAT_MS = 5000;
const DEFAULT_TIMEOUT_MS = 5000;
const DEFAULT_CHECK_MS = 60_000;
/** What a server takes for the time between heartbeats, at least; less is most likely a number of seconds. */
const SHORTEST_MS = 100;

class NatsAdapter implements CampaignAdapter<unknown> {
  readonly idempotent: boolean;
  readonly diagnose?: NonNullable<NatsAdapterOptions['diagnose']>;
  readonly log?: NonNullable<NatsAdapterOptions['log']>;
  readonly history?: NonNullable<NatsAdapterOptions['history']>;
  readonly reauthenticate?: NonNullable<NatsAdapterOptions['reauthenticate']>;
  readonly #shared: SharedConnection;
  readonly #timeoutMs: number;
  readonly #buckets = new Map<string, Bucket>();

  constructor(private readonly options: NatsAdapterOptions) {
    checkOptions(options);
    const { connect, connection, timeoutMs = DEFAULT_TIMEOUT_MS, idempotent = true } = options;
    this.#shared = connection
      ? new SharedConnection(() => Promise.resolve(connection), false)
      : new SharedConnection(() => connect!.call(options), true);
    this.#timeoutMs = timeoutMs;
    this.idempotent = idempotent;
    if (options.diagnose) this.diagnose = (ref, signal) => options.diagnose!(ref, signal);
    if (options.log) this.log = (ref, signal) => options.log!(ref, signal);
    if (options.history) this.history = (ref, page, signal) => options.history!(ref, page, signal);
    if (options.reauthenticate) this.reauthenticate = (signal) => options.reauthenticate!(signal);
  }

  async *watch(request: WatchRequest): AsyncGenerator<Change<unknown>> {
    const { signal, system } = request;
    if (signal.aborted) return;
    const { heartbeatMs = DEFAULT_HEARTBEAT_MS, checkMs = DEFAULT_CHECK_MS } = this.options;
    const share = this.#shared.take(signal);
    try {
      const times = { heartbeatMs, checkMs, timeoutMs: this.#timeoutMs };
      yield* new BucketFeed(this.#bucket(system), times, request, share).changes();
    } catch (error) {
      if (!signal.aborted) throw error;
    } finally {
      share.release();
    }
  }

  async act({ ref, action, expect, idempotencyKey, input, signal }: ActRequest): Promise<ActResult<unknown>> {
    const key = keyOf(ref.id);
    if (key === undefined) return { outcome: 'refused', code: 'gone' };
    const subject = `${this.options.actions ?? 'campaigns'}.${natsKey(ref.system)}.${key}.${natsKey(action)}`;
    const payload = JSON.stringify({
      expect,
      idempotencyKey,
      ...(input === undefined ? {} : { input }),
    } satisfies NatsAction);
    let sent = false;
    const share = this.#shared.take(signal, this.#timeoutMs);
    try {
      const connection = await untilAborted(share.ended, share.connection);
      sent = true;
      const reply = connection.request(subject, payload, { timeout: this.#timeoutMs });
      return actResult(subject, await untilAborted(share.ended, reply), this.#bucket(ref.system).epoch);
    } catch (error) {
      signal.throwIfAborted();
      return refusal(error, sent);
    } finally {
      share.release();
    }
  }

  async get(ref: CampaignRef, signal: AbortSignal): Promise<Reading<unknown> | undefined> {
    const key = keyOf(ref.id);
    if (key === undefined) return undefined;
    const bucket = this.#bucket(ref.system);
    const share = this.#shared.take(signal, this.#timeoutMs);
    try {
      const jetStream = new JetStream(await untilAborted(share.ended, share.connection), this.#timeoutMs);
      const { tracker } = await untilAborted(share.ended, bucket.inspect(jetStream));
      const entry = await untilAborted(share.ended, jetStream.last(bucket.stream, bucket.prefix + key));
      return entry && !entry.removed ? { campaign: rowOf({ ...entry, key }), epoch: tracker.epoch } : undefined;
    } finally {
      share.release();
    }
  }

  #bucket(system: string): Bucket {
    const present = this.#buckets.get(system);
    if (present) return present;
    const bucket = new Bucket(this.options.bucket?.(system) ?? `campaigns-${system}`);
    this.#buckets.set(system, bucket);
    return bucket;
  }
}

/** @param epoch the numbering of the bucket: the backend knows the sequence of what it wrote, and need not know more */
function actResult(subject: string, { data }: NatsMessage, epoch: string | undefined): ActResult<unknown> {
  const reply = objectIn(data) as NatsActReply | undefined;
  if (reply && 'error' in reply && !isAbsent(reply.error)) {
    const { error, message, retryAfterMs } = reply;
    throw new AdapterError(error, message ?? undefined, isAbsent(retryAfterMs) ? {} : { retryAfterMs });
  }
  if (!reply || !('outcome' in reply) || !reply.outcome)
    throw new AdapterError('protocol', `the reply to ${subject} is no JSON with an \`outcome\``);
  return 'campaign' in reply && epoch !== undefined ? { ...reply, epoch } : reply;
}

/** What an action that got no answer has come to. @throws whatever leaves that open */
function refusal(error: unknown, sent: boolean): ActResult<unknown> {
  const { code } = requestError('act', error);
  if (!sent) {
    if (code === 'unauthenticated' || code === 'throttled') throw error;
    return { outcome: 'refused', code: code === 'forbidden' ? code : 'unavailable' };
  }
  // Where only the answer was not allowed to arrive, the question has.
  if (named(error, 'PermissionViolationError')?.operation === 'publish')
    return { outcome: 'refused', code: 'forbidden' };
  if (named(error, 'NoResponders', 'ClosedConnectionError', 'DrainingConnectionError'))
    return { outcome: 'refused', code: 'unavailable' };
  throw requestError('act', error);
}

function checkOptions(options: NatsAdapterOptions): void {
  const { connect, connection } = (options as NatsAdapterOptions | undefined) ?? {};
  if (typeof connect === 'function' ? connection : !connection)
    throw new TypeError(
      "natsAdapter: give `connect`, such as () => wsconnect({ servers: 'wss://nats.example' }), or a `connection` of your own",
    );
  for (const name of ['heartbeatMs', 'timeoutMs', 'checkMs'] as const) {
    const ms: unknown = options[name];
    if (ms !== undefined && !(typeof ms === 'number' && ms >= SHORTEST_MS && ms <= LONGEST_SILENCE_MS))
      throw new TypeError(
        `natsAdapter: ${name} must be a number of ms from ${SHORTEST_MS} to ${LONGEST_SILENCE_MS}, got ${JSON.stringify(ms)}`,
      );
  }
  const { actions } = options;
  if (actions !== undefined && !/^[^\s.*>]+(\.[^\s.*>]+)*$/.test(actions))
    throw new TypeError(
      `natsAdapter: \`actions\` must be a subject without wildcards, such as "campaigns", got ${JSON.stringify(actions)}`,
    );
}
