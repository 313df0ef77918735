import {
  type ActRequest,
  type ActResult,
  AdapterError,
  type CampaignAdapter,
  type CampaignRef,
  type Change,
  type Dependency,
  type HistoryPage,
  type LogEntry,
  type Position,
  type Reading,
  type WatchRequest,
} from './contract.ts';
import { isJson } from '../util/media-type.ts';
import { addressOf, type BaseAddress, baseAddress } from './base-address.ts';
import { eventChunks, type ServerSentEvent } from './event-stream.ts';
import { plainAdapter } from './plain-adapter.ts';
import { actResultFromResponse, actResultsFromResponse, errorFromResponse } from './responses.ts';
import { settleAll } from './settle-all.ts';
import { TimeLimit } from './time-limit.ts';

/** How {@link httpAdapter} reaches its backend. */
export interface HttpAdapterOptions {
  /** The address below which the contract's paths lie, absolute or relative to the page. */
  src: string;
  /** Headers for each request, such as a token. A function is called for each request. Never put a token into `src`. */
  headers?: HeadersInit | (() => HeadersInit | Promise<HeadersInit>);
  /** Default: `same-origin`. */
  credentials?: RequestCredentials;
  /** Renews the sign-in after a 401; then the requests that got it are sent again. */
  reauthenticate?(signal: AbortSignal): Promise<void>;
  /** In place of the global `fetch`. */
  fetch?: typeof globalThis.fetch;
  /** The longest event that is read from a stream, in characters. Default 4 Mi. */
  longestEvent?: number;
}

/** Timeout (ms) for reading one campaign: the user waits for it, and a dead connection reports nothing. */
const LONGEST_READING_MS = 30_000;
/** What is no message is passed on as a heartbeat at most once in this time (ms). */
const SIGN_OF_LIFE_MS = 500;
/** Status codes of a backend that takes no action on several campaigns. */
const NOT_SERVED: ReadonlySet<number> = new Set([404, 405, 501]);

/**
 * The kit's own HTTP contract: server-sent events over `fetch` for the feed, JSON for the rest. Actions carry an
 * `Idempotency-Key`, so an action of unknown outcome is retried with the same key.
 *
 * @throws TypeError if `src` is missing or empty
 * @example
 * ```ts
 * const adapter = httpAdapter({ src: '/api', headers: () => ({ authorization: `Bearer ${token()}` }) });
 * ```
 */
export function httpAdapter(options: HttpAdapterOptions): CampaignAdapter<unknown> {
  return plainAdapter(new HttpAdapter(options));
}

class HttpAdapter implements CampaignAdapter<unknown> {
  readonly idempotent = true;
  readonly reauthenticate?: (signal: AbortSignal) => Promise<void>;
  readonly #base: BaseAddress;
  /** Systems whose backend takes no action on several campaigns. */
  readonly #oneByOne = new Set<string>();

  constructor(private readonly options: HttpAdapterOptions) {
    this.#base = baseAddress((options as HttpAdapterOptions | undefined)?.src);
    if (options.reauthenticate) this.reauthenticate = (signal) => options.reauthenticate!(signal);
  }

  async *watch({ system, ids = [], since, signal }: WatchRequest): AsyncGenerator<Change<unknown>> {
    const query = ids.length ? `?${new URLSearchParams(ids.map((id) => ['id', id]))}` : '';
    const path = `${segment(system)}/watch${query}`;
    const headers = since ? { 'last-event-id': eventId(since) } : {};
    let lastAt = Infinity; // Nothing may come before the first message.
    for await (const events of await this.#events(path, signal, headers)) {
      const messages = events.filter(isMessage);
      for (const { data } of messages) {
        lastAt = performance.now();
        yield parseJson(data, path) as Change<unknown>;
      }
      // A comment, an event of another name, or a part of a long one: all show that the connection is alive.
      if (performance.now() - lastAt < SIGN_OF_LIFE_MS) continue;
      lastAt = performance.now();
      yield { type: 'heartbeat' };
    }
  }

  async act({ ref, action, expect, idempotencyKey, input, signal }: ActRequest): Promise<ActResult<unknown>> {
    const path = [ref.system, 'campaigns', ref.id, 'actions', action];
    const answer = await this.#post(path, { expect, input }, signal, { 'idempotency-key': idempotencyKey });
    if (!(answer instanceof Response)) return answer;
    if (!isGone(answer) || isJson(answer)) return actResultFromResponse(answer);
    const { message } = await notFoundBefore(answer);
    return { outcome: 'refused', code: 'unavailable', reason: message };
  }

  /** One request for each action and system. */
  async actMany(requests: readonly ActRequest[]): Promise<readonly ActResult<unknown>[]> {
    const groups = new Map<string, number[]>();
    requests.forEach(({ ref, action }, place) => {
      const key = JSON.stringify([ref.system, action]);
      groups.set(key, [...(groups.get(key) ?? []), place]);
    });
    const results: ActResult<unknown>[] = [];
    await settleAll(
      [...groups.values()].map((places) => async () => {
        const groupResults = await this.#actGroup(places.map((place) => requests[place]!));
        places.forEach((place, index) => (results[place] = groupResults[index]!));
      }),
    );
    return results;
  }

  async get(ref: CampaignRef, signal: AbortSignal): Promise<Reading<unknown> | undefined> {
    const limit = new TimeLimit(LONGEST_READING_MS, signal, pathTo(ref));
    try {
      return await limit.wait(() => this.#read(pathTo(ref), limit.signal));
    } finally {
      limit.end();
    }
  }

  async diagnose(ref: CampaignRef, signal: AbortSignal): Promise<readonly Dependency[]> {
    const body = await this.#json(await this.#request(`${pathTo(ref)}/diagnosis`, signal));
    return ((body as { dependencies?: readonly Dependency[] } | null)?.dependencies ??
      []) satisfies readonly Dependency[];
  }

  async *log(ref: CampaignRef, signal: AbortSignal): AsyncGenerator<readonly LogEntry[]> {
    const path = `${pathTo(ref)}/log`;
    for await (const events of await this.#events(path, signal))
      for (const { data } of events.filter(isMessage)) yield parseJson(data, path) as readonly LogEntry[];
  }

  async history(
    ref: CampaignRef,
    { before, limit }: { readonly before?: string; readonly limit: number },
    signal: AbortSignal,
  ): Promise<HistoryPage> {
    const query = new URLSearchParams({ ...(before === undefined ? {} : { before }), limit: String(limit) });
    const path = `${pathTo(ref)}/history`;
    const page = await this.#json(await this.#request(`${path}?${query}`, signal));
    if (typeof page !== 'object' || page === null)
      throw new AdapterError('protocol', `${path} must answer { entries, before }, got ${String(page)}`);
    return page as HistoryPage;
  }

  /** Sends one action on several campaigns of one system. */
  async #actGroup(requests: readonly ActRequest[]): Promise<readonly ActResult<unknown>[]> {
    const { ref, action, signal } = requests[0]!;
    if (!this.#oneByOne.has(ref.system)) {
      const items = requests.map(({ ref: { id }, expect, idempotencyKey, input }) => ({
        id,
        expect,
        idempotencyKey,
        input,
      }));
      const answer = await this.#post([ref.system, 'actions', action], { requests: items }, signal);
      if (!(answer instanceof Response)) return requests.map(() => answer);
      if (!NOT_SERVED.has(answer.status)) return actResultsFromResponse(answer, requests.length);
      await answer.body?.cancel();
      this.#oneByOne.add(ref.system);
    }
    const results: ActResult<unknown>[] = [];
    await settleAll(requests.map((request, place) => async () => void (results[place] = await this.act(request))));
    return results;
  }

  /** @returns the response; a refusal if nothing could be sent */
  async #post(
    path: readonly string[],
    body: unknown,
    signal: AbortSignal,
    own: Record<string, string> = {},
  ): Promise<Response | ActResult<unknown>> {
    const unaddressable = path.find(isDots);
    if (unaddressable !== undefined) return { outcome: 'refused', code: 'invalid', reason: noAddress(unaddressable) };
    let headers: Headers;
    try {
      headers = await this.#headers({ 'content-type': 'application/json', ...own });
    } catch (error) {
      if (error instanceof Error && error.name === 'AdapterError') throw error;
      // Nothing was sent, so nothing can have happened.
      return { outcome: 'refused', code: 'unavailable', reason: `headers: ${String(error)}` };
    }
    return this.#fetch(path.map(segment).join('/'), { method: 'POST', headers, body: JSON.stringify(body), signal });
  }

  async #read(path: string, signal: AbortSignal): Promise<Reading<unknown> | undefined> {
    const response = await this.#request(path, signal);
    if (isGone(response) && isJson(response)) {
      await response.body?.cancel();
      return undefined;
    }
    if (isGone(response)) throw await notFoundBefore(response);
    const reading = await this.#json(response);
    if (typeof reading !== 'object' || reading === null)
      throw new AdapterError('protocol', `${path} must answer { campaign, epoch }, got ${String(reading)}`);
    return reading as Reading<unknown>;
  }

  async #events(path: string, signal: AbortSignal, headers: Record<string, string> = {}) {
    const response = await this.#request(path, signal, { ...headers, accept: 'text/event-stream' });
    return eventChunks(response, signal, this.options.longestEvent);
  }

  async #request(path: string, signal: AbortSignal, own: Record<string, string> = {}): Promise<Response> {
    return this.#fetch(path, { headers: await this.#headers(own), signal });
  }

  /** The host's headers, overridden by those of the contract. */
  async #headers(own: Record<string, string>): Promise<Headers> {
    const { headers: hostHeaders } = this.options;
    const headers = new Headers(typeof hostHeaders === 'function' ? await hostHeaders() : hostHeaders);
    for (const [name, value] of Object.entries(own)) headers.set(name, value);
    return headers;
  }

  /** @throws AdapterError `unauthenticated` for a redirect, which would lose the method and leak the headers if it was followed */
  async #fetch(path: string, init: RequestInit): Promise<Response> {
    const { credentials = 'same-origin', fetch = globalThis.fetch } = this.options;
    const response = await fetch(addressOf(this.#base, path), {
      ...init,
      credentials,
      cache: 'no-store',
      redirect: 'manual',
    });
    // Browsers hide where it leads. An API redirects to a sign-in page, or by mistake.
    if (response.type !== 'opaqueredirect' && !(response.status >= 300 && response.status < 400)) return response;
    await response.body?.cancel();
    const to = response.headers.get('location');
    throw new AdapterError(
      'unauthenticated',
      `${path} was redirected${to === null ? '' : ` to ${to}`}, as if the user had to sign in`,
    );
  }

  async #json(response: Response): Promise<unknown> {
    if (!response.ok) throw await errorFromResponse(response);
    return parseJson(await response.text(), response.url);
  }
}

function isMessage({ event }: ServerSentEvent): boolean {
  return event === undefined || event === 'message';
}

function pathTo({ system, id }: CampaignRef): string {
  return `${segment(system)}/campaigns/${segment(id)}`;
}

/** One segment of a path. @throws AdapterError for a value that no path can hold */
function segment(value: string): string {
  if (isDots(value)) throw new AdapterError('misconfigured', noAddress(value));
  return encode(value);
}

/** URL parsers remove `.` and `..` from a path, even escaped: the request would go to another address. */
function isDots(value: string): boolean {
  return value === '.' || value === '..';
}

function isGone({ status }: Response): boolean {
  return status === 404 || status === 410;
}

/** A 404 of a proxy or a web server proves nothing about a campaign: a backend of the contract says so in JSON. */
async function notFoundBefore(response: Response): Promise<AdapterError> {
  const { message } = await errorFromResponse(response);
  return new AdapterError(
    'misconfigured',
    `${message.replace(/;.*/, '')}, and not in JSON as the campaign backend would; ` +
      'does a proxy unescape or rewrite the path? In nginx, end proxy_pass without a slash.',
  );
}

function noAddress(value: string): string {
  return `no address can hold "${value}"`;
}

/** `encodeURIComponent` throws on half a surrogate pair, so it becomes U+FFFD, which matches no id of the backend. */
function encode(value: string): string {
  return encodeURIComponent(value.toWellFormed());
}

/** Encoded, because header values are Latin-1 and an epoch or cursor may hold any character. */
function eventId({ epoch, cursor }: Position): string {
  return `${encode(epoch)}:${encode(cursor)}`;
}

function parseJson(text: string, path: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    throw new AdapterError('protocol', `${path} sent something that is not JSON: ${text.slice(0, 80)}`, {
      cause: error,
    });
  }
}
