/**
 * The part of JetStream's protocol that a key-value watch needs. The client's own watch is not used, because it restarts its consumer
 * by itself and misses removals meanwhile, does not pass on the server's heartbeats (and sets them to 30 seconds), and makes a page a
 * third larger.
 */
import { AdapterError } from '../contract.ts';
import { named, type NatsConnection, type NatsMessage } from './connection.ts';

/** The server's description of a stream. A bucket is a stream. */
export interface StreamInfo {
  readonly created: string;
  readonly config: { readonly max_age?: number; readonly subject_delete_marker_ttl?: number };
  readonly state: { readonly last_seq: number; readonly num_subjects?: number };
}

/** The server's description of a new consumer. */
export interface ConsumerInfo {
  readonly created: string;
  /** How many messages are still to be delivered. */
  readonly num_pending: number;
  readonly delivered: { readonly consumer_seq: number };
}

/** Where a consumer begins: with the last message of each key, or with the first one from a sequence on. */
export type Start =
  | { readonly deliver_policy: 'last_per_subject' }
  | { readonly deliver_policy: 'by_start_sequence'; readonly opt_start_seq: number };

/** One message of a bucket. */
export interface Entry {
  readonly key: string;
  readonly sequence: number;
  /** DEL and PURGE are removals, and so is the marker that a server writes for an expired value. */
  readonly removed: boolean;
  readonly data: Uint8Array;
}

/** What a consumer delivers. */
export type Delivery =
  | (Entry & {
      readonly kind: 'entry';
      /** The number of the message within this consumer, from 1 and without gaps. */
      readonly order: number;
      /** When it was stored: ns since 1970, as text, because a number can't hold it. */
      readonly time: string;
      /** How many more messages follow. */
      readonly pending: number;
    })
  /** Idle heartbeat; `order` is the number of the last message. If `answer` is not empty, the server is stalled until a message is published there. */
  | { readonly kind: 'idle'; readonly order: number; readonly answer: string }
  /** Flow control: publish to `answer` once everything before it is processed. */
  | { readonly kind: 'flow'; readonly answer: string }
  /** The consumer has ended. */
  | { readonly kind: 'over'; readonly why: string };

/** Error codes for a stream and for a message that does not exist. */
const STREAM_NOT_FOUND = 10059;
const NO_MESSAGE = 10037;
/** Error codes for JetStream turned off, on the server or for this account. */
const NOT_ENABLED = [10039, 10076];

const text = new TextDecoder();

/** Requests to the server about streams, consumers and messages. */
export class JetStream {
  constructor(
    private readonly connection: NatsConnection,
    private readonly timeoutMs: number,
  ) {}

  /** @returns `undefined` if there is no such stream */
  async info(stream: string): Promise<StreamInfo | undefined> {
    return (await this.#request(`STREAM.INFO.${stream}`, undefined, STREAM_NOT_FOUND)) as StreamInfo | undefined;
  }

  /**
   * Creates a consumer. It ends some seconds after the last subscription to `inbox`.
   *
   * @param heartbeatMs its idle heartbeat
   */
  async consume(
    stream: string,
    start: Start,
    { subjects, inbox, heartbeatMs }: { subjects: string; inbox: string; heartbeatMs: number },
  ): Promise<ConsumerInfo> {
    const config = {
      ...start,
      filter_subject: subjects,
      deliver_subject: inbox,
      ack_policy: 'none',
      max_deliver: 1,
      flow_control: true,
      idle_heartbeat: Math.round(heartbeatMs * 1e6),
      mem_storage: true,
      num_replicas: 1,
    };
    return (await this.#request(`CONSUMER.CREATE.${stream}`, {
      stream_name: stream,
      config,
    })) as unknown as ConsumerInfo;
  }

  /** The latest message of a subject, from the stream's leader; `undefined` if there is none. */
  async last(stream: string, subject: string): Promise<Omit<Entry, 'key'> | undefined> {
    const answer = await this.#request(`STREAM.MSG.GET.${stream}`, { last_by_subj: subject }, NO_MESSAGE);
    if (!answer) return undefined;
    const { seq, hdrs = '', data = '' } = answer['message'] as { seq: number; hdrs?: string; data?: string };
    const removed = /^(KV-Operation: *(DEL|PURGE)|Nats-Marker-Reason:)/im.test(atob(hdrs));
    return { sequence: seq, removed, data: bytes(data) };
  }

  /** @param absent the error code that stands for "there is none" */
  async #request(
    what: string,
    payload: object | undefined,
    absent?: number,
  ): Promise<Record<string, unknown> | undefined> {
    let reply: NatsMessage;
    try {
      reply = await this.connection.request(`$JS.API.${what}`, payload ? JSON.stringify(payload) : '', {
        timeout: this.timeoutMs,
      });
    } catch (error) {
      throw requestError(what, error);
    }
    const answer = JSON.parse(text.decode(reply.data)) as Record<string, unknown>;
    const error = answer['error'] as { err_code?: number; description?: string } | undefined;
    if (!error) return answer;
    if (error.err_code === absent) return undefined;
    const off = NOT_ENABLED.includes(error.err_code ?? 0);
    throw new AdapterError(off ? 'misconfigured' : 'unavailable', `${what}: ${error.description ?? 'failed'}`);
  }
}

/** Parses a message of a consumer. @param prefix the part of a subject before the key */
export function readDelivery({ subject, reply = '', headers, data }: NatsMessage, prefix: string): Delivery {
  if (!reply.startsWith('$JS.ACK.') && headers) {
    if (headers.code !== 100) return { kind: 'over', why: headers.description || `status ${headers.code}` };
    if (reply) return { kind: 'flow', answer: reply };
    const order = Number(headers.get('Nats-Last-Consumer'));
    return { kind: 'idle', order, answer: headers.get('Nats-Consumer-Stalled') };
  }
  // $JS.ACK.<stream>.<consumer>.<times>.<sequence>.<order>.<time>.<pending>; newer servers name domain and account first.
  const tokens = reply.split('.');
  const [sequence, order, time = '', pending] = tokens.slice(tokens.length < 11 ? 5 : 7);
  return {
    kind: 'entry',
    key: subject.slice(prefix.length),
    sequence: Number(sequence),
    order: Number(order),
    time,
    pending: Number(pending),
    removed: /^(DEL|PURGE)$/.test(headers?.get('KV-Operation') ?? '') || !!headers?.get('Nats-Marker-Reason'),
    data,
  };
}

/** The error that the store gets for a request that failed or was not allowed. */
export function requestError(what: string, error: unknown): AdapterError {
  const { name, message } = error as { name?: unknown; message?: unknown };
  if (name === 'AdapterError') return error as AdapterError;
  const forbidden = named(error, 'PermissionViolationError');
  return new AdapterError(forbidden ? 'forbidden' : 'unavailable', `${what}: ${String(message)}`, { cause: error });
}

function bytes(base64: string): Uint8Array {
  return Uint8Array.from(atob(base64), (one) => one.charCodeAt(0));
}
