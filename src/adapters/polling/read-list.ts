import { AdapterError } from '../contract.ts';
import { TimeLimit } from '../time-limit.ts';
import { describeValue, type PollingAdapterOptions } from './options.ts';
import type { ListReading } from './revision-log.ts';

/** What reading a list needs. */
export interface ListRequest {
  readonly system: string;
  readonly signal: AbortSignal;
  /** How long the whole read may take (ms). */
  readonly timeoutMs: number;
  list(system: string, signal: AbortSignal): ReturnType<PollingAdapterOptions['list']>;
}

/**
 * Reads the list into `reading` and yields the ids of each page. A read that fails removes nothing.
 *
 * @throws AdapterError `misconfigured` or `protocol` for an answer that is no list; `unavailable` if it takes too long; the error of `list`
 */
export async function* readList(reading: ListReading, request: ListRequest): AsyncGenerator<ReadonlySet<string>> {
  const { system, signal, timeoutMs } = request;
  const what = `list(${JSON.stringify(system)})`;
  const limit = new TimeLimit(timeoutMs, signal, what, 'timeoutMs');
  try {
    const answer: unknown = await limit.wait(() => request.list(system, limit.signal));
    if (isIterable(answer)) {
      reading.paged = true;
      const pages = answer[Symbol.asyncIterator]();
      try {
        for (;;) {
          const { done, value } = (await limit.wait(() => pages.next())) as IteratorResult<unknown, unknown>;
          if (done) break;
          if (!Array.isArray(value)) throw wrongList(`${what} must yield lists of campaigns`, value);
          yield reading.take(value as readonly unknown[]);
        }
      } finally {
        // Not awaited: it may hang.
        void (async () => pages.return?.())().catch(() => {});
      }
    } else yield reading.take(rowsOf(answer, what));
    reading.complete();
  } finally {
    limit.end();
    reading.close();
  }
}

function isIterable(answer: unknown): answer is AsyncIterable<unknown> {
  return typeof answer === 'object' && answer !== null && Symbol.asyncIterator in answer;
}

function rowsOf(answer: unknown, what: string): readonly unknown[] {
  if (Array.isArray(answer)) return answer;
  const { campaigns, count } = (answer ?? {}) as { campaigns?: unknown; count?: unknown };
  if (!Array.isArray(campaigns))
    throw wrongList(`${what} must give a list of campaigns, or { campaigns, count }`, answer);
  if (typeof count === 'number' && count > campaigns.length)
    throw new AdapterError(
      'protocol',
      `${what} gave ${campaigns.length} of ${count} campaigns; give all of them, or yield them page by page`,
    );
  return campaigns;
}

function wrongList(wanted: string, got: unknown): AdapterError {
  return new AdapterError(
    'misconfigured',
    `${wanted}, got ${describeValue(got)}; for a failed response throw await errorFromResponse(response)`,
  );
}
