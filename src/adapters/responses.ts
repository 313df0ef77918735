/** What HTTP answers mean to the store. For adapters of one's own: a naive `if (!response.ok) throw` makes a plain 403 uncertain. */
import { type ActResult, AdapterError, type AdapterErrorCode } from './contract.ts';
import { isAbsent } from '../util/is-absent.ts';

/** The longest problem that is read of an error answer, in characters. */
const LONGEST_PROBLEM = 65_536;

interface Problem {
  readonly detail: string | undefined;
  /** A row beside the reason, and its epoch. */
  readonly campaign: unknown;
  readonly epoch: string | undefined;
}

/**
 * The error that a failed answer to a watch or a read stands for.
 *
 * @param response any answer that is not a success; its body is read
 */
export async function errorFromResponse(response: Response): Promise<AdapterError> {
  const { detail } = await problemOf(response);
  const hint = response.status === 404 ? '; is `src` the address of the campaign backend?' : '';
  const what = `${pathOf(response)} answered ${response.status}${detail ? `: ${detail}` : ''}${hint}`;
  const retryAfterMs = retryAfter(response);
  return new AdapterError(
    feedErrors.get(response.status) ?? (response.status >= 500 ? 'unavailable' : 'misconfigured'),
    what,
    retryAfterMs === undefined ? {} : { retryAfterMs },
  );
}

/**
 * The result that an answer to an action stands for.
 *
 * @returns done, accepted, conflict or refused
 * @throws AdapterError `unauthenticated` or `throttled` (nothing happened), or `unavailable` for an outcome that nobody knows; what
 * reading throws, for an answer that breaks off
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
  if (!definite.has(status)) throw await actionError(response);
  const { detail, campaign, epoch } = await problemOf(response);
  const reason = detail === undefined ? {} : { reason: detail };
  if (status === 412)
    return {
      outcome: 'conflict',
      ...reason,
      ...(isAbsent(campaign) ? {} : { campaign }),
      ...(epoch === undefined ? {} : { epoch }),
    };
  return { outcome: 'refused', code: definite.get(status)!, ...reason };
}

/**
 * The results that an answer to one action on several campaigns stands for. An answer that names no results counts for each of them.
 *
 * @param count how many campaigns it was asked for
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

const feedErrors = new Map<number, AdapterErrorCode>([
  [401, 'unauthenticated'],
  [403, 'forbidden'],
  [408, 'unavailable'],
  [410, 'expired'],
  [425, 'unavailable'],
  [429, 'throttled'],
  [503, 'throttled'],
]);

/** Answers to an action after which surely nothing has happened. 412 is a conflict, and stands here to be told from the unknown. */
const definite = new Map<number, 'forbidden' | 'invalid' | 'gone' | 'unavailable'>([
  [400, 'invalid'],
  [403, 'forbidden'],
  [404, 'gone'],
  [410, 'gone'],
  [412, 'invalid'],
  [422, 'invalid'],
]);

async function actionError(response: Response): Promise<AdapterError> {
  const error = await errorFromResponse(response);
  if (error.code === 'unauthenticated' || error.code === 'throttled') return error;
  return new AdapterError('unavailable', error.message, {
    ...(error.retryAfterMs === undefined ? {} : { retryAfterMs: error.retryAfterMs }),
  });
}

/** Reads problem+json, and whatever looks like it. */
async function problemOf(response: Response): Promise<Problem> {
  // What breaks off here has said what matters by its status.
  const body = await jsonOf(response).catch(() => undefined);
  const { detail, title, campaign, epoch } = (body ?? {}) as Record<string, unknown>;
  const text = [detail, title].find((one) => typeof one === 'string' && one);
  return {
    detail: text as string | undefined,
    campaign,
    epoch: typeof epoch === 'string' ? epoch : undefined,
  };
}

/** The body; `undefined` for what is no JSON. @throws what reading throws when the body breaks off: that is no answer */
async function jsonOf(response: Response): Promise<unknown> {
  if (!/\bjson\b/.test(response.headers.get('content-type') ?? '')) {
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

/** Retry-After in ms: seconds, or a date by the server's own clock if it told the time. */
function retryAfter(response: Response): number | undefined {
  const value = response.headers.get('retry-after');
  if (!value) return undefined;
  if (/^\d+$/.test(value.trim())) return Number(value) * 1000;
  const until = Date.parse(value);
  const now = Date.parse(response.headers.get('date') ?? '') || Date.now();
  return Number.isNaN(until) ? undefined : Math.max(0, until - now);
}

function pathOf(response: Response): string {
  return response.url ? new URL(response.url).pathname : 'the backend';
}
