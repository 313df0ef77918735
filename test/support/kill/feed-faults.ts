import { httpAnswer, type Fault } from './proxy.ts';

/** A fault on the way of a feed request, and what a user sees of it. */
export interface FeedFault {
  readonly name: string;
  readonly fault: Fault;
  /** The store retries only when the user asks for it, or after a minute. */
  readonly blocks?: true;
  /** The feed still arrives, slowly. */
  readonly slow?: true;
  /** The fault lasts until the network is restored. */
  readonly lasts?: true;
}

const page = '<!doctype html><title>Welcome to the hotel</title><p>Please sign in.</p>';

/** All feed faults. The cuts lie in the first event after `open`, for a snapshot as for a resume. */
export const feedFaults: readonly FeedFault[] = [
  { name: 'cut in the middle of a line', fault: { do: 'cut', at: { line: 60 } } },
  { name: 'cut inside a character', fault: { do: 'cut', at: { character: 60 }, how: 'end' } },
  { name: 'half closed in the middle of a line', fault: { do: 'cut', at: { line: 60 }, how: 'end' } },
  { name: 'cut after the headers', fault: { do: 'cut', at: 'after the headers' } },
  { name: 'cut before the headers', fault: { do: 'cut', at: 'before the headers' } },
  { name: 'half closed before the headers', fault: { do: 'cut', at: 'before the headers', how: 'end' } },
  { name: 'lost on its way there', fault: { do: 'lose' } },
  { name: 'taken and never answered', fault: { do: 'hang' }, lasts: true },
  { name: 'held up in the middle of a line', fault: { do: 'hold', at: { line: 60 } }, lasts: true },
  { name: 'late in every piece', fault: { do: 'delay', ms: 150 }, slow: true },
  { name: 'a byte at a time', fault: { do: 'drip' }, slow: true },
  {
    name: 'answered by somebody’s sign-in page',
    fault: { do: 'answer', bytes: httpAnswer(200, 'text/html', page) },
    blocks: true,
  },
  { name: 'answered 502 with a page', fault: { do: 'answer', bytes: httpAnswer(502, 'text/html', page) } },
  {
    name: 'answered with garbage for events',
    fault: {
      do: 'answer',
      bytes: httpAnswer(200, 'text/event-stream', 'data: {"type":"open",\n\ndata: \u0000\ufffd\n\n'),
    },
  },
  {
    name: 'answered with events that nobody began',
    fault: {
      do: 'answer',
      bytes: httpAnswer(200, 'text/event-stream', 'data: {"type":"upsert","items":[{"id":"x","status":"error"}]}\n\n'),
    },
  },
  { name: 'answered in no HTTP', fault: { do: 'answer', bytes: 'SSH-2.0-OpenSSH_9.2\r\n' } },
];
