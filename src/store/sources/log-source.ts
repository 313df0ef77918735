import type { Feed, LogEntry } from '../../adapters/contract.ts';
import type { LogEntryView, LogView } from '../types.ts';
import type { ValueSource } from '../observe/notifier.ts';
import { readFeed } from '../../adapters/read-feed.ts';
import { parseLogEntries } from '../data/parse-record.ts';
import { Poller, type PollerContext } from './poller.ts';

/** So many entries of a log are kept; older ones are counted. */
export const KEPT_LOG_ENTRIES = 5000;
const AGAIN_MS = 1000;

/**
 * Follows an engine log while someone observes it.
 *
 * @param open reads it from its beginning; `undefined` where none is kept
 */
export function logSource(
  open: ((signal: AbortSignal) => Feed<readonly LogEntry[]>) | undefined,
  context: PollerContext,
): ValueSource<LogView> {
  const nothing: LogView = { entries: [], dropped: 0, state: open ? 'loading' : 'unsupported' };
  let view = nothing;
  // A reader of the view keeps what it was given; entries are gathered here and handed over when it is computed.
  let entries: LogEntryView[] = [];
  let gone = 0;
  let state = view.state;
  let fresh = false;
  const set = (next: LogView['state']): void => {
    state = next;
    fresh = true;
    context.onChange();
  };
  const poller = new Poller(context.env, context.hiddenMs, {
    everyMs: AGAIN_MS,
    run: (signal, done) => {
      let first = true;
      readFeed(() => open!(signal), signal, {
        onValue: (batch) => {
          // A new subscription starts over.
          if (first) {
            entries = [];
            gone = 0;
          }
          first = false;
          for (const entry of parseLogEntries(batch, context.onDropped)) entries.push(entry);
          if (entries.length > KEPT_LOG_ENTRIES) gone += entries.splice(0, entries.length - KEPT_LOG_ENTRIES).length;
          set('live');
        },
        onEnd: (error) => {
          set('lost');
          context.onFailure(error);
          done(error ?? new Error('the log ended'));
        },
      });
    },
    onPause: () => set('lost'),
  });
  return {
    read: () => {
      if (fresh) view = { entries: [...entries], dropped: gone, state };
      fresh = false;
      return view;
    },
    start: () => {
      if (open) poller.start();
    },
    stop: () => {
      poller.stop();
      view = nothing;
      entries = [];
      gone = 0;
      fresh = false;
    },
  };
}
