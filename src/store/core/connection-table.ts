import type { ConnectionState } from '../types.ts';

/** What can happen to the connection of a system. */
export type ConnectionEvent =
  /** The first observer came. */
  | 'wanted'
  /** Someone looks, or looks again, but the backend asked not to be called until later. */
  | 'postponed'
  /** The last observer has been gone for the grace period. */
  | 'unwanted'
  /** The feed has begun to answer. */
  | 'opened'
  /** The snapshot, or the catch-up, is complete. */
  | 'synced'
  /** The feed sent nothing, not even a heartbeat, within the promised time. */
  | 'silent'
  /** The feed ended or failed. */
  | 'lost'
  /** The feed ended or failed while its successor was on its way, which takes its place. */
  | 'replaced'
  | 'unauthenticated'
  | 'forbidden'
  | 'misconfigured'
  /** It is time for the next attempt. */
  | 'due'
  /** The page has been hidden for long, or is put away. */
  | 'hidden'
  /** The page is shown again. */
  | 'shown'
  /** The attempt under way is to be replaced: it asks for too little, or can't be used. */
  | 'restart';

type Row = Readonly<Record<ConnectionEvent, ConnectionState | null>>;

/** An event of which nothing comes in that state. Each row names all events, so that a new one does not compile until it is answered. */
const ignored = null;

/** A feed was requested. */
const attempting: Row = {
  wanted: ignored,
  postponed: ignored,
  unwanted: 'idle',
  opened: ignored,
  synced: ignored,
  silent: 'waiting',
  lost: 'waiting',
  replaced: ignored,
  unauthenticated: 'unauthenticated',
  forbidden: 'forbidden',
  misconfigured: 'misconfigured',
  due: ignored,
  hidden: 'paused',
  shown: ignored,
  restart: 'connecting',
};

/** There is no feed; the next attempt has a time. */
const resting: Row = {
  wanted: ignored,
  postponed: ignored,
  unwanted: 'idle',
  opened: ignored,
  synced: ignored,
  silent: ignored,
  lost: ignored,
  replaced: ignored,
  unauthenticated: ignored,
  forbidden: ignored,
  misconfigured: ignored,
  due: 'connecting',
  hidden: 'paused',
  shown: ignored,
  restart: 'connecting',
};

/**
 * Every state by every event: where it leads. A synced feed is never given up for a better one: its successor is opened beside it, and
 * the state stays `live`.
 */
export const connectionTable: Readonly<Record<ConnectionState, Row>> = {
  idle: {
    wanted: 'connecting',
    postponed: 'waiting',
    unwanted: ignored,
    opened: ignored,
    synced: ignored,
    silent: ignored,
    lost: ignored,
    replaced: ignored,
    unauthenticated: ignored,
    forbidden: ignored,
    misconfigured: ignored,
    due: ignored,
    hidden: ignored,
    shown: ignored,
    restart: ignored,
  },
  connecting: { ...attempting, opened: 'syncing' },
  syncing: { ...attempting, synced: 'live' },
  live: { ...attempting, synced: 'live', silent: 'stale', replaced: 'connecting', restart: ignored },
  stale: resting,
  waiting: resting,
  paused: {
    wanted: ignored,
    postponed: 'waiting',
    unwanted: 'idle',
    opened: ignored,
    synced: ignored,
    silent: ignored,
    lost: ignored,
    replaced: ignored,
    unauthenticated: ignored,
    forbidden: ignored,
    misconfigured: ignored,
    due: ignored,
    hidden: ignored,
    shown: 'connecting',
    restart: ignored,
  },
  unauthenticated: resting,
  forbidden: resting,
  misconfigured: resting,
};
