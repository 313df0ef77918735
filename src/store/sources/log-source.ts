import type { Feed, LogEntry } from '../../adapters/contract.ts';
import type { LogView } from '../types.ts';
import type { ValueSource } from '../observe/notifier.ts';
import { readFeed } from '../../adapters/read-feed.ts';
import { LogLines, sameLog } from '../data/log-lines.ts';
import { parseLogEntries } from '../data/parse-record.ts';
import { Poller, type PollerContext } from './poller.ts';

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
  const nothing = new LogLines().view(open ? 'loading' : 'unsupported');
  let view = nothing;
  let lines = new LogLines();
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
          if (first) lines = new LogLines();
          first = false;
          for (const entry of parseLogEntries(batch, context.onDropped)) lines.add(entry);
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
      if (fresh) view = lines.view(state);
      fresh = false;
      return view;
    },
    equal: sameLog,
    start: () => {
      if (open) poller.start();
    },
    stop: () => {
      poller.stop();
      view = nothing;
      lines = new LogLines();
      fresh = false;
    },
  };
}
