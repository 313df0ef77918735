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
import { plainAdapter } from './plain-adapter.ts';

export type { NatsConnection, NatsMessage } from './nats/connection.ts';
export { natsId, natsKey } from './nats/keys.ts';

/** How {@link natsAdapter} reaches NATS. Times are ms. */
export interface NatsAdapterOptions {
  /**
   * Opens a connection, signed in as this user. Called for the first feed or request, and again after each loss; the adapter closes
   * the connection after its last use. Throw `AdapterError('unauthenticated')` when the user has to sign in.
   */
  connect?(): Promise<NatsConnection>;
  /** Instead of `connect`: a connection of your own, which the adapter does not close. It may reconnect by itself. */
  connection?: NatsConnection;
  /** The name of a system's bucket. Default: `campaigns-` and the system. */
  bucket?(system: string): string;
  /**
   * The subject prefix of actions: `{actions}.{system}.{id}.{action}`, the latter three as `natsKey` writes them. If the backend has
   * to know who asks, put the user's name into it and allow each user only their own. Default `campaigns`.
   */
  actions?: string;
  /** The heartbeat of a bucket without changes. Default 5,000, at least 100. */
  heartbeatMs?: number;
  /** Timeout of a request. Default 5,000. */
  timeoutMs?: number;
  /** How often a feed checks whether entries were purged from the bucket, which the server does not report. Default 60,000. */
  checkMs?: number;
  /** The backend applies each `idempotencyKey` once. Default true. */
  idempotent?: boolean;
  /** Renews the sign-in after `unauthenticated`; then the requests that got it are sent again. */
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

/** The body of an action's request, as JSON. */
export type NatsAction = Pick<ActRequest, 'expect' | 'idempotencyKey' | 'input'>;

/**
 * The backend's reply, as JSON: the outcome of the action, with the row as it is in the bucket and the sequence of that write as its
 * `revision`; or an error, if nothing happened.
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
 * sequence of an entry is its revision and the feed's cursor; the bucket's creation time is the epoch.
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
  return plainAdapter(new NatsAdapter(options));
}

const DEFAULT_HEARTBEAT_MS = 5000;
const DEFAULT_TIMEOUT_MS = 5000;
const DEFAULT_CHECK_MS = 60_000;
/** The shortest heartbeat that a server accepts. A smaller number is most likely meant as seconds. */
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

/** @param epoch the epoch of the bucket; the backend replies with the sequence of its write only */
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

/** The outcome of an action that got no reply. @throws the error if the outcome is unknown */
function refusal(error: unknown, sent: boolean): ActResult<unknown> {
  const { code } = requestError('act', error);
  if (!sent) {
    if (code === 'unauthenticated' || code === 'throttled') throw error;
    return { outcome: 'refused', code: code === 'forbidden' ? code : 'unavailable' };
  }
  // Only `publish` proves that the request did not arrive: a refused subscription concerns the reply.
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
