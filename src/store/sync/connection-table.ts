import type { ConnectionState } from '../types.ts';

/** What can happen to the feed of a system. */
export type ConnectionEvent =
  /** The first observer came. */
  | 'wanted'
  /** Someone looks, or looks again, but the backend asked to be left alone until later. */
  | 'postponed'
  /** The last observer has been gone for the grace period. */
  | 'unwanted'
  /** The backend has begun to answer. */
  | 'opened'
  /** The snapshot, or the catch-up, is whole. */
  | 'synced'
  /** No sign of life within the promised time. */
  | 'silent'
  /** The feed ended or failed. */
  | 'lost'
  | 'unauthenticated'
  | 'forbidden'
  | 'misconfigured'
  /** It is time for the next attempt. */
  | 'due'
  /** The page has been hidden for long, or is put away. */
  | 'hidden'
  /** The page is looked at again. */
  | 'shown'
  /** The attempt under way is to be replaced: it asks for too little, or someone wants it read anew. */
  | 'restart';

type Row = Readonly<Record<ConnectionEvent, ConnectionState | null>>;

const ignored: Row = {
  wanted: null,
  postponed: null,
  unwanted: null,
  opened: null,
  synced: null,
  silent: null,
  lost: null,
  unauthenticated: null,
  forbidden: null,
  misconfigured: null,
  due: null,
  hidden: null,
  shown: null,
  restart: null,
};

/** An attempt is under way. */
const attempting: Row = {
  ...ignored,
  unwanted: 'idle',
  silent: 'waiting',
  lost: 'waiting',
  unauthenticated: 'unauthenticated',
  forbidden: 'forbidden',
  misconfigured: 'misconfigured',
  hidden: 'paused',
  restart: 'connecting',
};

/** No attempt is under way; the next one has a time. */
const resting: Row = {
  ...ignored,
  unwanted: 'idle',
  due: 'connecting',
  hidden: 'paused',
  restart: 'connecting',
};

/** Every state by every event: where it leads, or `null` where nothing comes of it. */
export const connectionTable: Readonly<Record<ConnectionState, Row>> = {
  idle: { ...ignored, wanted: 'connecting', postponed: 'waiting' },
  connecting: { ...attempting, opened: 'syncing' },
  syncing: { ...attempting, synced: 'live' },
  live: { ...attempting, silent: 'stale' },
  stale: resting,
  waiting: resting,
  paused: { ...ignored, unwanted: 'idle', shown: 'connecting', postponed: 'waiting' },
  unauthenticated: resting,
  forbidden: resting,
  misconfigured: resting,
};
