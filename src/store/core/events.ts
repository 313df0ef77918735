/** What goes into the core of a system, and what comes out of it. */
import type { ActRequest, Change, Position } from '../../adapters/contract.ts';
import type { Scope } from '../../util/id-scope.ts';
import type { Delta, Known } from '../data/row-store.ts';
import type { ActionOutcome, StoreEventKind } from '../types.ts';

/** What a user asked for. */
export interface Press {
  readonly request: number;
  readonly id: string;
  readonly action: string;
  readonly input: string | undefined;
  readonly key: string;
  readonly online: boolean;
  /** Requests with the same number are sent together. */
  readonly batch?: number;
}

/** One attempt to send a request. */
export interface Attempt {
  readonly request: number;
  readonly attempt: number;
}

/** Something that happened. Numbers name feeds, requests and attempts: whatever belongs to one that is over is ignored. */
export type CoreEvent =
  /** Someone observes the system: one campaign, or with no id all of them. */
  | { readonly type: 'observed'; readonly id?: string }
  /** Someone stopped observing. */
  | { readonly type: 'unobserved'; readonly id?: string }
  /** All who came in one task have come. */
  | { readonly type: 'demand' }
  /** A feed sent a change. */
  | { readonly type: 'change'; readonly feed: number; readonly change: Change<unknown> }
  /** A feed ended; `error` is undefined if it ended by itself. */
  | { readonly type: 'disconnect'; readonly feed: number; readonly error: unknown }
  /** A deadline has passed. @see SystemCore.due. `sleptMs`: how long the machine must have slept meanwhile, by the timer or the clocks. */
  | { readonly type: 'deadline'; readonly sleptMs: number }
  /** The page was shown, hidden, put away, or the browser says that the network is back. */
  | { readonly type: 'page'; readonly change: 'shown' | 'hidden' | 'put-away' | 'online' }
  /** A user asked for an action, or for one on several campaigns. */
  | { readonly type: 'press'; readonly presses: readonly Press[] }
  /** The backend answered attempts at an action that were sent together. */
  | { readonly type: 'answer'; readonly answers: readonly (Attempt & { readonly result: unknown })[] }
  /** Attempts at an action that were sent together failed. */
  | { readonly type: 'failed'; readonly attempts: readonly Attempt[]; readonly error: unknown }
  /** The user closed an outcome. */
  | { readonly type: 'dismiss'; readonly id: string }
  /** A user asked to read one campaign. */
  | { readonly type: 'read'; readonly ticket: number; readonly id: string }
  /** A single read failed, or took too long. */
  | { readonly type: 'unread'; readonly ticket: number; readonly id: string; readonly error: unknown }
  /** One campaign was read; without `reading` there is none. */
  | {
      readonly type: 'reading';
      readonly ticket: number;
      readonly id: string;
      readonly known: Known;
      readonly reading: { readonly campaign?: unknown; readonly epoch?: string | null } | undefined;
    }
  /** A user asked to read everything again. */
  | { readonly type: 'refresh'; readonly ticket: number }
  /** What is shown differs from the backend. */
  | { readonly type: 'drift'; readonly detail: object }
  /** A renewal of the sign-in has ended: for what was requested at that time (monotonic ms), or without one for everything. */
  | { readonly type: 'signed-in'; readonly renewed: boolean; readonly requestedAt?: number }
  /** The store is disposed of. Nothing happens afterwards. */
  | { readonly type: 'dispose' };

/** Something to be done by the shell, which runs the core. */
export type Effect =
  /** Open a feed. */
  | { readonly type: 'watch'; readonly feed: number; readonly scope: Scope; readonly since: Position | undefined }
  /** Close a feed. */
  | { readonly type: 'unwatch'; readonly feed: number }
  /** Renew the sign-in, unless that happened since `requestedAt` (monotonic ms); answer with `signed-in`. */
  | { readonly type: 'sign-in'; readonly requestedAt: number }
  /** Send an attempt at an action, together with the others of its batch. */
  | (Attempt & { readonly type: 'act'; readonly batch: number | undefined; readonly act: Omit<ActRequest, 'signal'> })
  /** Abort an attempt: its answer is not waited for any more. */
  | (Attempt & { readonly type: 'abort' })
  /** The backend has accepted a request; feed and later events decide its outcome. */
  | { readonly type: 'accepted'; readonly request: number }
  /** The outcome of a request is known; its promise settles. After `uncertain` another one may follow. */
  | { readonly type: 'settle'; readonly request: number; readonly outcome: ActionOutcome }
  /** Read one campaign; answer with `reading` or `unread`. `known` belongs to the answer. */
  | { readonly type: 'read'; readonly ticket: number; readonly id: string; readonly known: Known }
  /** The end of a `refresh`, or of a single read; `ok`: what is shown is up to date. */
  | { readonly type: 'refreshed'; readonly ticket: number; readonly ok: boolean }
  /** Follow the page, or stop following it. */
  | { readonly type: 'follow-page'; readonly follow: boolean }
  /** Send `demand` at the end of this task. */
  | { readonly type: 'await-demand' }
  /** A feed is whole: what is shown may be compared with the backend now and then. */
  | { readonly type: 'check'; readonly scope: Scope; readonly settleMs: number }
  | { readonly type: 'stop-check' }
  /** What is shown of a campaign may have changed. */
  | { readonly type: 'campaign'; readonly id: string }
  /** What is shown of every campaign may have changed. */
  | { readonly type: 'campaigns' }
  /** The rows of some campaigns changed. */
  | { readonly type: 'rows'; readonly deltas: readonly Delta[] }
  /** What lists show may have changed. */
  | { readonly type: 'list' }
  /** State, cause or counters of the connection changed. */
  | { readonly type: 'connection' }
  /** Tell the host's error log. */
  | { readonly type: 'report'; readonly kind: StoreEventKind; readonly detail: unknown };
