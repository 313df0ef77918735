import type { CampaignAdapter } from '../adapters/contract.ts';
import type { Lifecycle } from '../lifecycle/index.ts';

/** A value, or a promise of it. */
export type Awaitable<T> = T | Promise<T>;

/** A campaign that the backend is made to hold. */
export interface SeedCampaign {
  /** A wish. A backend that gives ids of its own returns them from `seed`. */
  readonly id: string;
  readonly name: string;
  /** A status of the lifecycle, in which it is to begin. */
  readonly status: string;
  readonly message?: string;
  /** Prerequisites not met; `[]`: all are. Never at odds with `status`. */
  readonly missing?: readonly string[];
}

/** What every request is answered from now on, over HTTP: 401; 403; 429 with Retry-After; 500 (503 would mean “later”, as 429 does). */
export type FailureKind = 'unauthenticated' | 'forbidden' | 'throttled' | 'unavailable';

/**
 * What the backend of an adapter can be made to do behind the adapter's back, so that a case can prove what really happened. A
 * member settles once the backend has done it. Where an optional member is absent, its cases are skipped, and the report says so.
 */
export interface BackendControl {
  /** Makes campaigns. @returns the ids the backend gave, in order, if it gives ids of its own */
  seed(campaigns: readonly SeedCampaign[]): Awaitable<readonly string[] | void>;
  /** Changes a campaign as a colleague or the engine would. */
  change(id: string, patch: Partial<Omit<SeedCampaign, 'id'>>): Awaitable<void>;
  /** Removes a campaign for good. */
  remove(id: string): Awaitable<void>;
  /** Ends all open feeds without a word, as a network does. New ones may open. */
  cut?(): Awaitable<void>;
  /** Removes every campaign of the system, also those that no case made. */
  clear?(): Awaitable<void>;
  /** Positions given so far can't be gone on from any more, as after a compaction. */
  expireCursors?(): Awaitable<void>;
  /** Starts revisions and cursors over, as a restored backup does: a new epoch. */
  newEpoch?(): Awaitable<void>;
  /** The next action takes effect, and its answer is lost on the way. */
  loseNextAnswer?(): Awaitable<void>;
  /** Answers every request so from now on; `undefined` ends it. @param retryAfterMs sent along as Retry-After; whole seconds */
  answerWith?(trouble: FailureKind | undefined, retryAfterMs?: number): Awaitable<void>;
  /** How many feeds of the system the backend sees open now. */
  openFeeds?(): Awaitable<number>;
}

/** How long the kit waits. All in ms. */
export interface Timeouts {
  /** For a message, an answer or an end that must come. For an adapter that polls: several rounds. Default 5,000. */
  readonly answerMs: number;
  /** For what must not come, after all that must has come. Default 150. */
  readonly quietMs: number;
  /** For a feed to stop after its signal. Default 1,000. */
  readonly stopMs: number;
  /** The longest promised heartbeat that is waited for; with a longer one its case is skipped. Default 6,000. */
  readonly heartbeatMs: number;
  /** How late a promised heartbeat may be. Default 2,000, as in the store. */
  readonly slackMs: number;
  /** For the back door to do what it is told. Default 30,000. */
  readonly controlMs: number;
  /** For one case as a whole. Default 60,000. */
  readonly caseMs: number;
}

/** What is to be proved right. */
export interface Subject {
  /** The system to watch. */
  readonly system: string;
  /**
   * A fresh adapter, signed in; called once for each case. One that begins without a session must have `reauthenticate`, which is
   * then called as the store would.
   */
  createAdapter(): Awaitable<CampaignAdapter<unknown>>;
  /** Lets go of what an adapter holds besides its feeds, such as a connection. Called at the end of each case; has `answerMs`. */
  closeAdapter?(adapter: CampaignAdapter<unknown>): Awaitable<void>;
  /** Without it only the read-only set runs. */
  readonly control?: BackendControl;
  /** Default: the kit's own for `flows` and `python`. */
  readonly lifecycle?: Lifecycle;
  /** Never acts, and never uses the back door: for campaigns that are real. */
  readonly readOnly?: boolean;
  /** A second system behind the same adapter, to prove that they don't mix. */
  readonly other?: { readonly system: string; readonly control: BackendControl; readonly lifecycle?: Lifecycle };
  readonly timeouts?: Partial<Timeouts>;
  /** How many campaigns make a large snapshot: more than the backend gives per page, and no more than it lists. Default 250. */
  readonly many?: number;
  /** Ids with unusual characters that the backend can hold. Default: the kit's; `[]` where ids are always plain. */
  readonly oddIds?: readonly string[];
}

/** The waits that are in force. @throws RangeError for a wait that there is not, or a time that is no positive number */
export function timeoutsOf(subject: Subject): Timeouts {
  const usual: Timeouts = {
    answerMs: 5000,
    quietMs: 150,
    stopMs: 1000,
    heartbeatMs: 6000,
    slackMs: 2000,
    controlMs: 30_000,
    caseMs: 60_000,
  };
  for (const name of Object.keys(subject.timeouts ?? {}))
    if (!Object.hasOwn(usual, name))
      throw new RangeError(`timeouts.${name}: there is no such wait; there is: ${Object.keys(usual).join(', ')}`);
  const timeouts: Timeouts = { ...usual, ...subject.timeouts };
  for (const [name, ms] of Object.entries(timeouts))
    if (!(ms > 0 && ms < Infinity)) throw new RangeError(`timeouts.${name}: got ${ms}; give a number of ms above 0`);
  return timeouts;
}
