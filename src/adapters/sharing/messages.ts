/** The messages between tabs. Others on the channel, such as those of another version of the kit, are ignored. */
import * as v from 'valibot';
import { ADAPTER_ERROR_CODES, AdapterError, type AdapterErrorCode, type Change } from '../contract.ts';
import { optional } from '../optional.ts';
import type { Scope } from '../../util/id-scope.ts';

/** Part of the names of channel and lock, so that tabs with different message formats do not share. */
export const PROTOCOL = 1;

const Count = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
const AnyScope = v.custom<Scope>((scope) => scope === 'all' || scope instanceof Set);
/** Not checked here: the store parses it, like any change of an adapter. */
const AnyChange = v.custom<Change<unknown>>(() => true);
const Place = v.object({ term: Count, leader: v.string(), seq: Count });

const MessageSchema = v.variant('kind', [
  /** A tab reports to the leader what it watches. With `sync` it asks for the present state of the feed. */
  v.object({
    kind: v.literal('want'),
    tab: v.string(),
    scope: AnyScope,
    renew: optional(v.picklist(['resume', 'snapshot'])),
    sync: optional(v.object({ position: optional(v.object({ epoch: v.string(), cursor: v.string() })) })),
  }),
  /** A tab no longer watches anything. */
  v.object({ kind: v.literal('bye'), tab: v.string() }),
  /** Asks whether the leader is still running. */
  v.object({ kind: v.literal('probe') }),
  /** The leader is running. In the first one of a term, `from` is the place at which the former leader's feed continues. */
  v.object({ kind: v.literal('beat'), place: Place, from: optional(Place) }),
  /** A change from the backend. `scope` comes with `open`. */
  v.object({ kind: v.literal('change'), place: Place, change: AnyChange, scope: optional(AnyScope) }),
  /** The feed so far, for one tab. */
  v.object({
    kind: v.literal('state'),
    place: Place,
    to: v.string(),
    scope: AnyScope,
    quietMs: v.pipe(v.number(), v.minValue(0)),
    changes: v.array(AnyChange),
  }),
  /** The connection has ended; without `error`: cleanly. */
  v.object({
    kind: v.literal('end'),
    place: Place,
    error: optional(
      v.object({ code: v.picklist(ADAPTER_ERROR_CODES), message: v.string(), retryAfterMs: optional(v.number()) }),
    ),
  }),
]);

/** A valid message. */
export type Message = v.InferOutput<typeof MessageSchema>;

/** The leader, its term, and the number of its last message: a tab compares it with what it has received. */
export type Place = v.InferOutput<typeof Place>;

/** Parses data from the channel; `undefined` for anything but a valid message. */
export function readMessage(data: unknown): Message | undefined {
  const result = v.safeParse(MessageSchema, data);
  return result.success ? result.output : undefined;
}

/** Below 0: `a` is of an earlier leader than `b`. 0: both are of the same leader. */
export function compareLeaders(a: Place, b: Place): number {
  return a.term - b.term || (a.leader < b.leader ? -1 : a.leader > b.leader ? 1 : 0);
}

/** Converts any thrown value to plain data for the channel. */
export function serializeError(error: unknown): { code: AdapterErrorCode; message: string; retryAfterMs?: number } {
  const { name, code, message, retryAfterMs } = (error ?? {}) as Record<string, unknown>;
  const known = name === 'AdapterError' ? ADAPTER_ERROR_CODES.find((one) => one === code) : undefined;
  return {
    code: known ?? 'unavailable',
    message: typeof message === 'string' ? message : typeof error === 'string' ? error : 'the feed failed',
    ...(typeof retryAfterMs === 'number' && !Number.isNaN(retryAfterMs) ? { retryAfterMs } : {}),
  };
}

/** Recreates the error that another tab got. */
export function deserializeError({
  code,
  message,
  retryAfterMs,
}: NonNullable<Extract<Message, { kind: 'end' }>['error']>): AdapterError {
  return new AdapterError(code, message, retryAfterMs === undefined ? {} : { retryAfterMs });
}
