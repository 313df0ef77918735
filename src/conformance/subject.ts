import type { CampaignAdapter } from '../adapters/contract.ts';
import { flows, python, type Lifecycle } from '../lifecycle/index.ts';

/** A value, or a promise of it. */
export type Awaitable<T> = T | Promise<T>;

/** A campaign to create in the backend. */
export interface SeedCampaign {
  /** The requested id. A backend that assigns its own ids returns them from `seed`. */
  readonly id: string;
  readonly name: string;
  /** The status of the lifecycle that it starts in. */
  readonly status: string;
  readonly message?: string;
  /** Prerequisites that are not met; `[]`: all are met. Always consistent with `status`. */
  readonly missing?: readonly string[];
}

/** How the backend fails every request. Over HTTP: 401, 403, 429 with Retry-After, and 500 (503 would mean “later”, as 429 does). */
export type FailureKind = 'unauthenticated' | 'forbidden' | 'throttled' | 'unavailable';

/**
 * Controls the backend without going through the adapter, so that a case can check what really happened. Each member settles once
 * the backend has done its work. If an optional member is absent, the rules that need it are skipped, and the report says so.
 */
export interface BackendControl {
  /** Creates campaigns. @returns their ids, in order, if the backend assigns its own */
  seed(campaigns: readonly SeedCampaign[]): Awaitable<readonly string[] | void>;
  /** Changes a campaign as another user or the engine would. */
  change(id: string, patch: Partial<Omit<SeedCampaign, 'id'>>): Awaitable<void>;
  /** Removes a campaign. */
  remove(id: string): Awaitable<void>;
  /** Cuts all open feeds without notice, as a network does. New ones may open. */
  cut?(): Awaitable<void>;
  /** Removes every campaign of the system, including those that no case made. */
  clear?(): Awaitable<void>;
  /** Makes all positions given so far expire, as a compaction does. */
  expireCursors?(): Awaitable<void>;
  /** Starts revisions and cursors over, as a restored backup does: a new epoch. */
  newEpoch?(): Awaitable<void>;
  /** Lets the next action take effect, but loses its answer. */
  loseNextAnswer?(): Awaitable<void>;
  /** Fails every request in this way from now on; `undefined` ends it. @param retryAfterMs sent as Retry-After; whole seconds */
  answerWith?(failure: FailureKind | undefined, retryAfterMs?: number): Awaitable<void>;
  /**
   * Holds back what the backend pushes, until it is called with `false`, which sends it in its order. Lists and single reads are
   * answered meanwhile.
   */
  holdPushes?(hold: boolean): Awaitable<void>;
  /** How many feeds of the system are open in the backend now. */
  openFeeds?(): Awaitable<number>;
}

/** How long the kit waits, in ms. */
export interface Timeouts {
  /** For a message, an answer or an end that must come. For a polling adapter: several rounds. Default 5,000. */
  readonly answerMs: number;
  /** For something that must not come, once everything that must come has come. Default 150. */
  readonly quietMs: number;
  /** For a feed to stop after its signal aborts. Default 1,000. */
  readonly stopMs: number;
  /** The longest promised heartbeat that is checked. With a longer one the rule is skipped. Default 6,000. */
  readonly heartbeatMs: number;
  /** How late a promised heartbeat may be. Default 2,000, as in the store. */
  readonly slackMs: number;
  /** For one call of the backend control. Default 30,000. */
  readonly controlMs: number;
  /** For one whole case. Default 60,000. */
  readonly caseMs: number;
}

/** What to check. */
export interface Subject {
  /** The system to watch. */
  readonly system: string;
  /**
   * Returns a fresh adapter that is signed in. Called once per case. An adapter that starts without a session must have
   * `reauthenticate`, which is then called as the store would call it.
   */
  createAdapter(): Awaitable<CampaignAdapter<unknown>>;
  /** Closes what an adapter holds besides its feeds, such as a connection. Called at the end of each case; may take `answerMs`. */
  closeAdapter?(adapter: CampaignAdapter<unknown>): Awaitable<void>;
  /** Without it only the read-only rules run. */
  readonly control?: BackendControl;
  /** Default: the kit's own for `flows` and `python`. */
  readonly lifecycle?: Lifecycle;
  /** Sends no action and never uses the backend control: for real campaigns. */
  readonly readOnly?: boolean;
  /** A second system behind the same adapter, to check that the two don't mix. */
  readonly other?: { readonly system: string; readonly control: BackendControl; readonly lifecycle?: Lifecycle };
  readonly timeouts?: Partial<Timeouts>;
  /** How many campaigns make a large snapshot: more than one page of the backend, and no more than it lists. Default 250. */
  readonly many?: number;
  /** Ids with unusual characters that the backend can store. Default: the kit's own; `[]` if its ids are always plain. */
  readonly oddIds?: readonly string[];
}

const DEFAULTS: Timeouts = {
  answerMs: 5000,
  quietMs: 150,
  stopMs: 1000,
  heartbeatMs: 6000,
  slackMs: 2000,
  controlMs: 30_000,
  caseMs: 60_000,
};

/** The timeouts of a subject, with defaults. @throws RangeError for an unknown name, or a time that is not a positive number */
export function timeoutsOf(subject: Subject): Timeouts {
  for (const [name, ms] of Object.entries(subject.timeouts ?? {})) {
    if (!Object.hasOwn(DEFAULTS, name))
      throw new RangeError(
        `timeouts.${name}: there is no such timeout; use one of: ${Object.keys(DEFAULTS).join(', ')}`,
      );
    if (!(ms > 0 && ms < Infinity)) throw new RangeError(`timeouts.${name}: got ${ms}; give a number of ms above 0`);
  }
  return { ...DEFAULTS, ...subject.timeouts };
}

/** The lifecycle of a system: the given one, or the kit's own. */
export function lifecycleOf({ system, lifecycle }: Pick<Subject, 'system' | 'lifecycle'>): Lifecycle | undefined {
  return lifecycle ?? [flows, python].find((known) => known.system === system);
}

/** The same where one is needed. @throws TypeError if it is unknown */
export function lifecycleFor(of: Pick<Subject, 'system' | 'lifecycle'>): Lifecycle {
  const lifecycle = lifecycleOf(of);
  if (lifecycle) return lifecycle;
  throw new TypeError(
    `The lifecycle of "${of.system}" is unknown. Give \`lifecycle\`, made by defineLifecycle, next to \`control\`.`,
  );
}

/** @throws TypeError for a subject without `system`, `createAdapter`, or a lifecycle where one is needed; RangeError for an invalid timeout */
export function checkSubject(subject: Subject): void {
  const { system, createAdapter, control, readOnly } = subject;
  if (typeof system !== 'string' || !system) throw new TypeError('A subject needs `system`, such as "flows".');
  if (typeof createAdapter !== 'function')
    throw new TypeError('A subject needs `createAdapter`, a function that returns a fresh adapter.');
  timeoutsOf(subject);
  if (!control || readOnly) return;
  for (const member of ['seed', 'change', 'remove'] as const)
    if (typeof control[member] !== 'function') throw new TypeError(`A backend control needs \`${member}\`.`);
  lifecycleFor(subject);
}
