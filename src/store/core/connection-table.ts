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
  /** No sign of life within the promised time. */
  | 'silent'
  /** The feed ended or failed. */
  | 'lost'
  /** The feed ended or failed while its successor was on its way, which takes its place. */
  | 'succeeded'
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

/** An event of which nothing comes in that state. */
const ignored = null;

/**
 * Every state by every event: where it leads. A healthy feed is never given up for a better one: its successor is opened beside it,
 * and the state stays `live`.
 */
export const connectionTable: Readonly<
  Record<ConnectionState, Readonly<Record<ConnectionEvent, ConnectionState | null>>>
> = {
  idle: {
    wanted: 'connecting',
    postponed: 'waiting',
    unwanted: ignored,
    opened: ignored,
    synced: ignored,
    silent: ignored,
    lost: ignored,
    succeeded: ignored,
    unauthenticated: ignored,
    forbidden: ignored,
    misconfigured: ignored,
    due: ignored,
    hidden: ignored,
    shown: ignored,
    restart: ignored,
  },
  connecting: {
    wanted: ignored,
    postponed: ignored,
    unwanted: 'idle',
    opened: 'syncing',
    synced: ignored,
    silent: 'waiting',
    lost: 'waiting',
    succeeded: ignored,
    unauthenticated: 'unauthenticated',
    forbidden: 'forbidden',
    misconfigured: 'misconfigured',
    due: ignored,
    hidden: 'paused',
    shown: ignored,
    restart: 'connecting',
  },
  syncing: {
    wanted: ignored,
    postponed: ignored,
    unwanted: 'idle',
    opened: ignored,
    synced: 'live',
    silent: 'waiting',
    lost: 'waiting',
    succeeded: ignored,
    unauthenticated: 'unauthenticated',
    forbidden: 'forbidden',
    misconfigured: 'misconfigured',
    due: ignored,
    hidden: 'paused',
    shown: ignored,
    restart: 'connecting',
  },
  live: {
    wanted: ignored,
    postponed: ignored,
    unwanted: 'idle',
    opened: ignored,
    synced: 'live',
    silent: 'stale',
    lost: 'waiting',
    succeeded: 'connecting',
    unauthenticated: 'unauthenticated',
    forbidden: 'forbidden',
    misconfigured: 'misconfigured',
    due: ignored,
    hidden: 'paused',
    shown: ignored,
    restart: ignored,
  },
  stale: {
    wanted: ignored,
    postponed: ignored,
    unwanted: 'idle',
    opened: ignored,
    synced: ignored,
    silent: ignored,
    lost: ignored,
    succeeded: ignored,
    unauthenticated: ignored,
    forbidden: ignored,
    misconfigured: ignored,
    due: 'connecting',
    hidden: 'paused',
    shown: ignored,
    restart: 'connecting',
  },
  waiting: {
    wanted: ignored,
    postponed: ignored,
    unwanted: 'idle',
    opened: ignored,
    synced: ignored,
    silent: ignored,
    lost: ignored,
    succeeded: ignored,
    unauthenticated: ignored,
    forbidden: ignored,
    misconfigured: ignored,
    due: 'connecting',
    hidden: 'paused',
    shown: ignored,
    restart: 'connecting',
  },
  paused: {
    wanted: ignored,
    postponed: 'waiting',
    unwanted: 'idle',
    opened: ignored,
    synced: ignored,
    silent: ignored,
    lost: ignored,
    succeeded: ignored,
    unauthenticated: ignored,
    forbidden: ignored,
    misconfigured: ignored,
    due: ignored,
    hidden: ignored,
    shown: 'connecting',
    restart: ignored,
  },
  unauthenticated: {
    wanted: ignored,
    postponed: ignored,
    unwanted: 'idle',
    opened: ignored,
    synced: ignored,
    silent: ignored,
    lost: ignored,
    succeeded: ignored,
    unauthenticated: ignored,
    forbidden: ignored,
    misconfigured: ignored,
    due: 'connecting',
    hidden: 'paused',
    shown: ignored,
    restart: 'connecting',
  },
  forbidden: {
    wanted: ignored,
    postponed: ignored,
    unwanted: 'idle',
    opened: ignored,
    synced: ignored,
    silent: ignored,
    lost: ignored,
    succeeded: ignored,
    unauthenticated: ignored,
    forbidden: ignored,
    misconfigured: ignored,
    due: 'connecting',
    hidden: 'paused',
    shown: ignored,
    restart: 'connecting',
  },
  misconfigured: {
    wanted: ignored,
    postponed: ignored,
    unwanted: 'idle',
    opened: ignored,
    synced: ignored,
    silent: ignored,
    lost: ignored,
    succeeded: ignored,
    unauthenticated: ignored,
    forbidden: ignored,
    misconfigured: ignored,
    due: 'connecting',
    hidden: 'paused',
    shown: ignored,
    restart: 'connecting',
  },
};
