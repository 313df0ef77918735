import type {
  ActRequest,
  ActResult,
  CampaignRecord,
  CampaignRef,
  Dependency,
  Feed,
  HistoryPage,
  LogEntry,
} from '../contract.ts';
import { LONGEST_SILENCE_MS } from '../heartbeat.ts';

/** A campaign as a backend without revisions gives it: {@link pollingAdapter} counts its changes itself. */
export type PolledCampaign = OrUndefined<Omit<CampaignRecord, 'revision'>>;

/** Optional fields may also be `undefined`, even under `exactOptionalPropertyTypes`. */
type OrUndefined<T> = { [K in keyof T]: object extends Pick<T, K> ? T[K] | undefined : T[K] };

/** All campaigns of a system. With `count`, the backend's own number of them, an incomplete list is detected. */
export type PolledList =
  readonly PolledCampaign[] | { readonly campaigns: readonly PolledCampaign[]; readonly count?: number | null };

/**
 * What a push of the backend says: which campaigns changed, by their ids or by rows, of which only `id` and `system` are read.
 * `undefined` or `null`: something changed. `[]`: nothing changed, and the connection is open.
 */
export type PolledPush =
  readonly (string | { readonly id: string; readonly system?: string | null })[] | null | undefined;

/** How {@link pollingAdapter} reaches its backend. Times are ms. */
export interface PollingAdapterOptions {
  /**
   * All campaigns of a system, in one answer or page by page from an async generator. A campaign can move from one page to another
   * during a read. So with pages, a campaign counts as removed only when two reads in a row miss it, and a feed of all campaigns
   * begins with two reads.
   *
   * Pass `signal` to `fetch`; throw `await errorFromResponse(response)` for a failed response.
   */
  list(system: string, signal: AbortSignal): Promise<PolledList> | AsyncIterable<readonly PolledCampaign[]>;
  /**
   * Sends an action. `actResultFromResponse` translates an HTTP response. The next read follows at once and confirms it, so `done`
   * counts as `accepted`, and the row of a `conflict` is ignored. `expect.status` is what the user saw; `expect.revision` is counted
   * by this adapter and means nothing to a backend.
   */
  act(request: ActRequest): Promise<ActResult<unknown>>;
  /**
   * The pushes of the backend, if it has any: a change is then shown at once, and not with the next read. A push only says what to
   * read again, with `get` or else `list`, because without revisions nobody knows whether a pushed row is older than the known one.
   *
   * Yield `[]` as soon as the connection is open: from the first value until the end, the list is read every `listeningIntervalMs`.
   * Otherwise it is read every `intervalMs`. When it throws or ends, it is called again, after a growing pause.
   */
  listen?(system: string, signal: AbortSignal): Feed<PolledPush>;
  /** Reads one campaign, for "Check again" and after a push; `undefined`: there is none. Without it, all campaigns are listed again. */
  get?(ref: CampaignRef, signal: AbortSignal): Promise<PolledCampaign | undefined>;
  /** What the campaign depends on: see `CampaignAdapter`. */
  diagnose?(ref: CampaignRef, signal: AbortSignal): Promise<readonly Dependency[]> | Feed<readonly Dependency[]>;
  /** The engine log: see `CampaignAdapter`. */
  log?(ref: CampaignRef, signal: AbortSignal): Feed<readonly LogEntry[]>;
  /** What moved the campaign: see `CampaignAdapter`. */
  history?(
    ref: CampaignRef,
    page: { readonly before?: string; readonly limit: number },
    signal: AbortSignal,
  ): Promise<HistoryPage>;
  /** Renews the sign-in after `unauthenticated`; then the requests that got it are sent again. */
  reauthenticate?(signal: AbortSignal): Promise<void>;
  /** The backend applies each `idempotencyKey` once. Default false: then an action of unknown outcome is not sent again. */
  idempotent?: boolean;
  /** From the end of one read to the next. Default 5,000, at least 100. */
  intervalMs?: number;
  /** The same while `listen` works. Default 60,000, or `intervalMs` if that is longer. A lost push is noticed after at most this time. */
  listeningIntervalMs?: number;
  /** The shortest time from one read to the next that is due to a push. Pushes that come meanwhile are collected. Default 500. */
  pushGapMs?: number;
  /** How long a whole read may take. Default 10,000, at least 100. */
  timeoutMs?: number;
  /** Names the epoch of this adapter's revisions; for tests. Default: random. */
  newEpoch?(): string;
}

/** The times of {@link PollingAdapterOptions}. */
export type PollingTimes = Required<
  Pick<PollingAdapterOptions, 'intervalMs' | 'listeningIntervalMs' | 'pushGapMs' | 'timeoutMs'>
>;

/** Default of `intervalMs`. */
const DEFAULT_INTERVAL_MS = 5000;
/** Default of `listeningIntervalMs`. */
const DEFAULT_LISTENING_INTERVAL_MS = 60_000;
/** Default of `pushGapMs`. */
const DEFAULT_PUSH_GAP_MS = 500;
/** Default of `timeoutMs`. */
const DEFAULT_TIMEOUT_MS = 10_000;
/** A smaller number is most likely meant as seconds. */
const SHORTEST_MS = 100;

const METHODS = ['list', 'act', 'listen', 'get', 'diagnose', 'log', 'history', 'reauthenticate', 'newEpoch'] as const;

/** @throws TypeError that names the option, what was given and what it must be */
export function checkOptions(options: PollingAdapterOptions | undefined): void {
  for (const name of METHODS) {
    const value: unknown = options?.[name];
    if (typeof value !== 'function' && (value !== undefined || name === 'list' || name === 'act'))
      throw new TypeError(
        `pollingAdapter: \`${name}\` must be a function, got ${describeValue(value)}; call pollingAdapter({ list, act }), as in docs/wire-your-backend.md`,
      );
  }
  const { idempotent = false } = options!;
  const times = timesOf(options!);
  for (const [name, ms] of Object.entries(times) as [string, unknown][])
    if (!(typeof ms === 'number' && ms >= SHORTEST_MS && ms <= LONGEST_SILENCE_MS))
      throw new TypeError(
        `pollingAdapter: \`${name}\` must be a number of ms from ${SHORTEST_MS} to ${LONGEST_SILENCE_MS}, got ${describeValue(ms)}`,
      );
  const { timeoutMs } = times;
  for (const name of options!.listen ? (['intervalMs', 'listeningIntervalMs'] as const) : (['intervalMs'] as const))
    if (times[name] + timeoutMs > LONGEST_SILENCE_MS)
      throw new TypeError(
        `pollingAdapter: \`${name}\` and \`timeoutMs\` together must be at most ${LONGEST_SILENCE_MS} ms, got ${times[name] + timeoutMs}; else a lost feed would go unnoticed for longer`,
      );
  if (typeof idempotent !== 'boolean')
    throw new TypeError(`pollingAdapter: \`idempotent\` must be true or false, got ${describeValue(idempotent)}`);
}

/** The times of an adapter, with defaults. */
export function timesOf({
  intervalMs = DEFAULT_INTERVAL_MS,
  listeningIntervalMs = Math.max(DEFAULT_LISTENING_INTERVAL_MS, intervalMs),
  pushGapMs = DEFAULT_PUSH_GAP_MS,
  timeoutMs = DEFAULT_TIMEOUT_MS,
}: PollingAdapterOptions): PollingTimes {
  return { intervalMs, listeningIntervalMs, pushGapMs, timeoutMs };
}

/** Describes a value in an error message. */
export function describeValue(value: unknown): string {
  if (Array.isArray(value)) return `a list of ${value.length}`;
  if (typeof value === 'string') return JSON.stringify(value.slice(0, 60));
  if (typeof value === 'function' || typeof value === 'symbol') return `a ${typeof value}`;
  if (typeof value !== 'object' || value === null) return String(value);
  const members = Object.keys(value).slice(0, 5).join(', ');
  return members ? `an object with ${members}` : 'an object without members';
}
