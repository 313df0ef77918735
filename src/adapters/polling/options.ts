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

/** What may be left out may also be `undefined`, whatever the compiler is set to. */
type OrUndefined<T> = { [K in keyof T]: object extends Pick<T, K> ? T[K] | undefined : T[K] };

/** All campaigns of a system. With `count`, how many there are by the backend's own account, a list that is short is noticed. */
export type PolledList =
  readonly PolledCampaign[] | { readonly campaigns: readonly PolledCampaign[]; readonly count?: number | null };

/** How {@link pollingAdapter} reaches its backend. Times are ms. */
export interface PollingAdapterOptions {
  /**
   * All campaigns of a system, as they are now: in one answer, or page by page from an async generator. Between two pages a
   * campaign can slip through, so with pages one counts as gone only when two readings in a row miss it, and a feed of all begins
   * with two readings, one right after the other.
   *
   * Hand `signal` on to `fetch`; throw `await errorFromResponse(response)` for an answer that is no success.
   */
  list(system: string, signal: AbortSignal): Promise<PolledList> | AsyncIterable<readonly PolledCampaign[]>;
  /**
   * Asks for an action. `actResultFromResponse` gives what an HTTP answer means. The next reading comes at once, and confirms it:
   * `done` counts as `accepted`, and the row of a `conflict` is left to that reading. `expect.status` is what the user saw;
   * `expect.revision` is a number of this adapter, and means nothing to a backend.
   */
  act(request: ActRequest): Promise<ActResult<unknown>>;
  /** One campaign, for "Check again"; `undefined`: there is none. Without it, everything is listed anew. */
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
  /** Renews the sign-in after `unauthenticated`; then what got it goes on. */
  reauthenticate?(signal: AbortSignal): Promise<void>;
  /** The backend does nothing twice for one `idempotencyKey`. Default false: then an action of unknown outcome is not sent again. */
  idempotent?: boolean;
  /** From the end of one reading to the next. Default 5,000, at least 100. */
  intervalMs?: number;
  /** How long a whole reading may take. Default 10,000, at least 100. */
  timeoutMs?: number;
  /** In place of a random name for the numbering that this adapter begins; for tests. */
  newEpoch?(): string;
}

/** From the end of one reading to the next, where nothing else is said. */
export const DEFAULT_INTERVAL_MS = 5000;
/** How long a reading may take, where nothing else is said. */
export const DEFAULT_TIMEOUT_MS = 10_000;
/** Less is most likely a number of seconds. */
const SHORTEST_MS = 100;

/** @throws TypeError that names the option, what was given and what it must be */
export function checkOptions(options: PollingAdapterOptions | undefined): void {
  for (const name of ['list', 'act', 'get', 'diagnose', 'log', 'history', 'reauthenticate', 'newEpoch'] as const) {
    const given: unknown = options?.[name];
    if (typeof given !== 'function' && (given !== undefined || name === 'list' || name === 'act'))
      throw new TypeError(
        `pollingAdapter: \`${name}\` must be a function, got ${describeValue(given)}; call pollingAdapter({ list, act }), as in docs/wire-your-backend.md`,
      );
  }
  const { intervalMs = DEFAULT_INTERVAL_MS, timeoutMs = DEFAULT_TIMEOUT_MS, idempotent = false } = options!;
  for (const [name, ms] of Object.entries({ intervalMs, timeoutMs }) as [string, unknown][])
    if (!(typeof ms === 'number' && ms >= SHORTEST_MS && ms <= LONGEST_SILENCE_MS))
      throw new TypeError(
        `pollingAdapter: \`${name}\` must be a number of ms from ${SHORTEST_MS} to ${LONGEST_SILENCE_MS}, got ${describeValue(ms)}`,
      );
  if (intervalMs + timeoutMs > LONGEST_SILENCE_MS)
    throw new TypeError(
      `pollingAdapter: \`intervalMs\` and \`timeoutMs\` together must be at most ${LONGEST_SILENCE_MS} ms, got ${intervalMs + timeoutMs}; nobody waits longer for a sign of life`,
    );
  if (typeof idempotent !== 'boolean')
    throw new TypeError(`pollingAdapter: \`idempotent\` must be true or false, got ${describeValue(idempotent)}`);
}

/** What was given, in a few words. */
export function describeValue(value: unknown): string {
  if (Array.isArray(value)) return `a list of ${value.length}`;
  if (typeof value === 'string') return JSON.stringify(value.slice(0, 60));
  if (typeof value === 'function' || typeof value === 'symbol') return `a ${typeof value}`;
  if (typeof value !== 'object' || value === null) return String(value);
  const members = Object.keys(value).slice(0, 5).join(', ');
  return members ? `an object with ${members}` : 'an object without members';
}
