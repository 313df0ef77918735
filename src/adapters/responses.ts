/** What HTTP responses mean to the store. For your own adapters: with a plain `if (!response.ok) throw`, a 403 shows as "not confirmed". */
import { type ActResult, AdapterError } from './contract.ts';
import { failureOf, refusalOf } from '../util/http-status.ts';
import { isAbsent } from '../util/is-absent.ts';
import { isJson } from '../util/media-type.ts';

/** The longest error body that is parsed, in characters. */
const LONGEST_PROBLEM = 65_536;

interface Problem {
  readonly detail: string | undefined;
  /** The row that came with the reason, and its epoch. */
  readonly campaign: unknown;
  readonly epoch: string | undefined;
}

/**
 * Translates a failed response to a watch or a read.
 *
 * @param response any response that is not a success; its body is read
 */
export async function errorFromResponse(response: Response): Promise<AdapterError> {
  const { detail } = await problemOf(response);
  const hint = response.status === 404 ? '; is `src` the address of the campaign backend?' : '';
  const what = `${pathOf(response)} answered ${response.status}${detail ? `: ${detail}` : ''}${hint}`;
  const retryAfterMs = retryAfter(response);
  return new AdapterError(failureOf(response.status), what, retryAfterMs === undefined ? {} : { retryAfterMs });
}

/**
 * Translates the response to an action.
 *
 * @returns done, accepted, conflict or refused
 * @throws AdapterError `unauthenticated` or `throttled` if nothing happened, `unavailable` if the outcome is unknown; the error of
 * reading a body that breaks off
 */
export async function actResultFromResponse(response: Response): Promise<ActResult<unknown>> {
  const { status } = response;
  if (status === 202 || status === 204) return { outcome: 'accepted' };
  if (response.ok) {
    const body = await jsonOf(response);
    const { campaign, epoch } = (body ?? {}) as { campaign?: unknown; epoch?: unknown };
    if (isAbsent(campaign)) return { outcome: 'accepted' };
    return { outcome: 'done', campaign, ...(typeof epoch === 'string' ? { epoch } : {}) };
  }
  const refusal = refusalOf(status);
  if (!refusal) throw await actionError(response);
  const { detail, campaign, epoch } = await problemOf(response);
  const reason = detail === undefined ? {} : { reason: detail };
  if (refusal === 'conflict')
    return {
      outcome: 'conflict',
      ...reason,
      ...(isAbsent(campaign) ? {} : { campaign }),
      ...(epoch === undefined ? {} : { epoch }),
    };
  return { outcome: 'refused', code: refusal, ...reason };
}

/**
 * Translates the response to one action on several campaigns. A response without results counts for each of them.
 *
 * @param count how many campaigns the request named
 * @throws as {@link actResultFromResponse}; AdapterError `protocol` for a list of another length
 */
export async function actResultsFromResponse(
  response: Response,
  count: number,
): Promise<readonly ActResult<unknown>[]> {
  if (response.status !== 200) {
    const result = await actResultFromResponse(response);
    return Array.from({ length: count }, () => result);
  }
  const { results } = Object(await jsonOf(response)) as { results?: unknown };
  if (Array.isArray(results) && results.length === count) return results as readonly ActResult<unknown>[];
  const got = Array.isArray(results) ? `a list of ${results.length}` : typeof results;
  throw new AdapterError(
    'protocol',
    `${pathOf(response)} must answer { results } with one result for each of ${count} requests, got ${got}`,
  );
}

async function actionError(response: Response): Promise<AdapterError> {
  const error = await errorFromResponse(response);
  if (error.code === 'unauthenticated' || error.code === 'throttled') return error;
  return new AdapterError('unavailable', error.message, {
    ...(error.retryAfterMs === undefined ? {} : { retryAfterMs: error.retryAfterMs }),
  });
}

/** Reads problem+json, or any JSON with the same fields. */
async function problemOf(response: Response): Promise<Problem> {
  // If the body breaks off, the status code still says what happened.
  const body = await jsonOf(response).catch(() => undefined);
  const { detail, title, campaign, epoch } = (body ?? {}) as Record<string, unknown>;
  const text = [detail, title].find((one) => typeof one === 'string' && one);
  return {
    detail: text as string | undefined,
    campaign,
    epoch: typeof epoch === 'string' ? epoch : undefined,
  };
}

/** The parsed body; `undefined` if it is not JSON. @throws the error of reading a body that breaks off, which is no answer */
async function jsonOf(response: Response): Promise<unknown> {
  if (!isJson(response)) {
    await response.body?.cancel();
    return undefined;
  }
  const text = await response.text();
  if (!response.ok && text.length > LONGEST_PROBLEM) return undefined;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

/** Retry-After in ms: given in seconds, or as a date by the server's clock if there is a `Date` header. */
function retryAfter(response: Response): number | undefined {
  const value = response.headers.get('retry-after');
  if (!value) return undefined;
  if (/^\d+$/.test(value.trim())) return Number(value) * 1000;
  const until = Date.parse(value);
  const now = Date.parse(response.headers.get('date') ?? '') || Date.now();
  return Number.isNaN(until) ? undefined : Math.max(0, until - now);
}

/** The path of a response's address, for error messages. */
export function pathOf(response: Response): string {
  return response.url ? new URL(response.url).pathname : 'the backend';
}
