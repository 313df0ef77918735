import { createParser, type EventSourceMessage, type ParseError } from 'eventsource-parser';
import { mediaType } from '../util/media-type.ts';
import { AdapterError } from './contract.ts';
import { errorFromResponse, pathOf } from './responses.ts';

/** One event of a stream of server-sent events. */
export interface ServerSentEvent {
  /** Absent for an event without a name, which browsers call `message`. */
  readonly event?: string | undefined;
  readonly id?: string | undefined;
  readonly data: string;
}

const EVENT_STREAM = 'text/event-stream';
const DEFAULT_LONGEST_EVENT = 4 * 1024 * 1024;

/**
 * Reads a response as server-sent events, in browsers and in Node, where there is no `EventSource`. With `fetch`, a request can carry
 * headers, and its failure says why. Comments and events without data are left out.
 *
 * @param response of a `fetch` with the header `accept: text/event-stream`
 * @param signal ends the events; pass the same one to `fetch`
 * @param longestEvent the longest event that is read, in characters. Default 4 Mi
 * @returns once the response has proved to be a stream. Its events end without an error when `signal` aborts or the backend ends the
 * stream; they throw an AdapterError `protocol` for one that is too long, and the error of a connection that breaks
 * @throws as {@link errorFromResponse} gives it for a response that is no success; AdapterError `misconfigured` for one of another type
 * @example
 * ```ts
 * const response = await fetch('/api/changes', { headers: { accept: 'text/event-stream' }, signal });
 * for await (const { event, data } of await eventsFromResponse(response, signal)) console.log(event, JSON.parse(data));
 * ```
 */
export async function eventsFromResponse(
  response: Response,
  signal: AbortSignal,
  longestEvent?: number,
): Promise<AsyncIterable<ServerSentEvent>> {
  const chunks = await eventChunks(response, signal, longestEvent);
  return (async function* () {
    for await (const events of chunks) yield* events;
  })();
}

/** The same, with the events of each chunk of bytes together: every chunk, even without an event, shows that the connection is alive. */
export async function eventChunks(
  response: Response,
  signal: AbortSignal,
  longestEvent: number = DEFAULT_LONGEST_EVENT,
): Promise<AsyncIterable<readonly ServerSentEvent[]>> {
  if (!response.ok) throw await errorFromResponse(response);
  const { body } = response;
  if (mediaType(response) === EVENT_STREAM && body) return readChunks(body, signal, longestEvent, pathOf(response));
  await body?.cancel();
  throw new AdapterError(
    'misconfigured',
    `${response.url || pathOf(response)} answered ${mediaType(response) || 'nothing'} instead of ${EVENT_STREAM}; ` +
      'is it the address of the campaign backend, and not of a page?',
  );
}

async function* readChunks(
  body: ReadableStream<Uint8Array>,
  signal: AbortSignal,
  maxBufferSize: number,
  path: string,
): AsyncGenerator<readonly ServerSentEvent[]> {
  const reader = body.pipeThrough(new TextDecoderStream() as ReadableWritablePair<string, Uint8Array>).getReader();
  // Cancelling the reader ends a pending read; aborting the request alone does not in every browser.
  const stop = (): void => void reader.cancel().catch(() => {});
  signal.addEventListener('abort', stop, { once: true });
  // The host's own `fetch` may ignore the signal.
  if (signal.aborted) stop();
  let events: EventSourceMessage[] = [];
  let tooLong: ParseError | undefined;
  const parser = createParser({
    maxBufferSize,
    onEvent: (event) => void events.push(event),
    onError: (error) => {
      if (error.type === 'max-buffer-size-exceeded') tooLong = error;
    },
  });
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      parser.feed(value);
      yield events.filter(({ data }) => data !== '');
      if (tooLong) throw new AdapterError('protocol', `${path}: ${tooLong.message}`, { cause: tooLong });
      events = [];
    }
  } finally {
    signal.removeEventListener('abort', stop);
    stop();
  }
}
