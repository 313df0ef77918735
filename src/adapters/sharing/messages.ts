/** What tabs say to each other. Anything else on the channel, such as from another version of the kit, is not heard. */
import * as v from 'valibot';
import { AdapterError, type AdapterErrorCode, type Change } from '../contract.ts';
import { optional } from '../optional.ts';
import type { Scope } from '../../util/id-scope.ts';

/** Part of the names of channel and lock: tabs whose messages differ never meet. */
export const PROTOCOL = 1;

const CODES = [
  'expired',
  'unauthenticated',
  'forbidden',
  'throttled',
  'unavailable',
  'protocol',
  'misconfigured',
] as const satisfies readonly AdapterErrorCode[];

const Count = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
const AnyScope = v.custom<Scope>((scope) => scope === 'all' || scope instanceof Set);
/** Readers judge what is in it, as they do with what an adapter says. */
const AnyChange = v.custom<Change<unknown>>(() => true);
const Place = v.object({ term: Count, leader: v.string(), seq: Count });

const MessageSchema = v.variant('kind', [
  /** A tab tells the leader what it watches; with `sync`, that it has to be told where the feed is. */
  v.object({
    kind: v.literal('want'),
    tab: v.string(),
    scope: AnyScope,
    renew: optional(v.picklist(['resume', 'snapshot'])),
    sync: optional(v.object({ position: optional(v.object({ epoch: v.string(), cursor: v.string() })) })),
  }),
  /** A tab watches nothing any more. */
  v.object({ kind: v.literal('bye'), tab: v.string() }),
  /** Is the leader there? */
  v.object({ kind: v.literal('probe') }),
  /** The leader is there. The first one of a term says from where the former leader's feed goes on. */
  v.object({ kind: v.literal('beat'), place: Place, from: optional(Place) }),
  /** What the backend said. `scope` comes with `open`. */
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
    error: optional(v.object({ code: v.picklist(CODES), message: v.string(), retryAfterMs: optional(v.number()) })),
  }),
]);

/** A message that can be understood. */
export type Message = v.InferOutput<typeof MessageSchema>;

/** Who leads, since when, and how much he has said: by this each tab knows what it has heard. */
export type Place = v.InferOutput<typeof Place>;

/** Reads what came over the channel; `undefined` for what is no message of ours. */
export function readMessage(data: unknown): Message | undefined {
  const result = v.safeParse(MessageSchema, data);
  return result.success ? result.output : undefined;
}

/** Below 0: `a` is of an earlier leader than `b`. 0: of the same. */
export function compareLeaders(a: Place, b: Place): number {
  return a.term - b.term || (a.leader < b.leader ? -1 : a.leader > b.leader ? 1 : 0);
}

/** An error as it crosses the channel. Whatever it is, the other tabs can read it. */
export function serializeError(error: unknown): { code: AdapterErrorCode; message: string; retryAfterMs?: number } {
  const { name, code, message, retryAfterMs } = (error ?? {}) as Record<string, unknown>;
  const known = name === 'AdapterError' ? CODES.find((one) => one === code) : undefined;
  return {
    code: known ?? 'unavailable',
    message: typeof message === 'string' ? message : typeof error === 'string' ? error : 'the feed failed',
    ...(typeof retryAfterMs === 'number' && !Number.isNaN(retryAfterMs) ? { retryAfterMs } : {}),
  };
}

/** The error that another tab got. */
export function deserializeError({
  code,
  message,
  retryAfterMs,
}: NonNullable<Extract<Message, { kind: 'end' }>['error']>): AdapterError {
  return new AdapterError(code, message, retryAfterMs === undefined ? {} : { retryAfterMs });
}
