/** What goes into the core of a system, and what comes out of it. */
import type { ActRequest, Change, Position } from '../../adapters/contract.ts';
import type { Scope } from '../../util/id-scope.ts';
import type { Known } from '../data/row-store.ts';
import type { ActionOutcome, StoreEventKind } from '../types.ts';

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
  /** A deadline has passed. @see SystemCore.due. `lateMs`: the timer fired this much too late. */
  | { readonly type: 'deadline'; readonly lateMs: number }
  /** The page was shown, hidden, put away, or the browser says that the network is back. */
  | { readonly type: 'page'; readonly change: 'shown' | 'hidden' | 'put-away' | 'online' }
  /** A user asked for an action. */
  | {
      readonly type: 'press';
      readonly request: number;
      readonly id: string;
      readonly action: string;
      readonly input: string | undefined;
      readonly key: string;
      readonly online: boolean;
    }
  /** The backend answered an attempt at an action. */
  | {
      readonly type: 'answer';
      readonly request: number;
      readonly attempt: number;
      readonly result: unknown;
    }
  /** An attempt at an action failed. */
  | { readonly type: 'failed'; readonly request: number; readonly attempt: number; readonly error: unknown }
  /** The user closed an outcome. */
  | { readonly type: 'dismiss'; readonly id: string }
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

/** Something to be done by whoever runs the core. */
export type Effect =
  /** Open a feed. */
  | { readonly type: 'watch'; readonly feed: number; readonly scope: Scope; readonly since: Position | undefined }
  /** Close a feed. */
  | { readonly type: 'unwatch'; readonly feed: number }
  /** Renew the sign-in, unless that happened since `requestedAt` (monotonic ms); answer with `signed-in`. */
  | { readonly type: 'sign-in'; readonly requestedAt: number }
  /** Send an attempt at an action. */
  | {
      readonly type: 'act';
      readonly request: number;
      readonly attempt: number;
      readonly act: Omit<ActRequest, 'signal'>;
    }
  /** Abort an attempt: its answer is not waited for any more. */
  | { readonly type: 'abort'; readonly request: number; readonly attempt: number }
  /** The outcome of a request is known, for whoever awaits it. */
  | { readonly type: 'settle'; readonly request: number; readonly outcome: ActionOutcome }
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
  /** The rows changed. */
  | { readonly type: 'list' }
  /** State, cause or counters of the connection changed. */
  | { readonly type: 'connection' }
  /** Tell the host's error log. */
  | { readonly type: 'report'; readonly kind: StoreEventKind; readonly detail: unknown };
