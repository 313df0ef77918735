import { pause } from '../deadline.ts';
import { codeOf, formatError, formatValue } from '../format-value.ts';
import type { RuleGroup } from '../rule.ts';
import type { RuleContext } from '../rule-context.ts';
import type { FailureKind } from '../subject.ts';
import type { WatchRecorder } from '../watch-recorder.ts';

/** How many pairs of feeds are opened and stopped. */
const ROUNDS = 5;
/** How often the backend is asked for its open feeds. */
const CHECKS = 40;
/** The Retry-After of a throttled feed, in ms. */
const RETRY_AFTER_MS = 7000;

/** How feeds stop, lose their connection and fail. */
export const stoppingRules: RuleGroup = {
  group: 'Stopping and failing',
  requires: ['feed-again'],
  rules: {
    'stop-when-live': {
      title: 'A feed ends soon after its signal aborts while it waits for changes.',
      why: 'Each page that a user leaves would keep a connection open, and a browser allows six per server.',
      fix: 'Listen for `abort` wherever you wait: returning a generator does not interrupt its `await`.',
      requires: ['change-reported'],
      check: async (context) => {
        const feed = await context.populated();
        await context.fence(feed);
        feed.stop();
        return stillOpen(context, feed, 'The signal aborted while the feed waited for changes');
      },
    },
    'stop-early': {
      title: 'A feed ends soon after its signal aborts before it has opened, or during its snapshot.',
      why: 'Users often leave a page while it loads. A feed that only checks its signal later may never check it.',
      fix: 'Check `signal.aborted` when `watch` starts and after each `await`, and pass the signal to `fetch`.',
      check: async (context) => {
        await context.populated();
        const controller = new AbortController();
        controller.abort();
        const aborted = context.watch({ controller });
        const late = await stillOpen(context, aborted, 'The signal had aborted before the call');
        if (late !== undefined) return late;
        const early = context.watch();
        early.stop();
        const open = await stillOpen(context, early, 'The signal aborted right after the call');
        if (open !== undefined) return open;
        const opening: WatchRecorder = context.watch({ hook: () => opening.stop() });
        await opening.opened();
        return stillOpen(context, opening, 'The signal aborted after the first message');
      },
    },
    'stop-silent': {
      title: 'A feed reports no change made after its signal aborted.',
      why: 'The store ignores late values; a host that uses the adapter directly may not.',
      fix: 'Check `signal.aborted` before each value, and unsubscribe from the source.',
      requires: ['control', 'change-reported'],
      check: async (context) => {
        const { id, feed } = await context.seededOne();
        const witness = await context.synced();
        feed.stop();
        const { name } = await context.renamed(witness, id);
        await pause(context.timeouts.quietMs);
        const late = feed.rowsOf(id).find((row) => row['name'] === name);
        if (late) return `The change was made after the signal had aborted, and the feed sent ${formatValue(late)}.`;
      },
    },
    'stop-leaves-nothing': {
      title: 'After feeds have stopped, none of them is open in the backend.',
      why: 'Unread connections accumulate on the server until it has none left.',
      fix: 'When `signal` aborts, close the socket, cancel the reader or abort the request, in any state.',
      requires: ['control.openFeeds'],
      check: async (context) => {
        const { control, timeouts } = context;
        await context.populated();
        const before = await control.call('openFeeds');
        for (let round = 0; round < ROUNDS; round++) {
          const live = await context.synced();
          const early = context.watch();
          live.stop();
          early.stop();
        }
        let open = await control.call('openFeeds');
        for (let check = 0; open > before && check < CHECKS; check++) {
          await pause(timeouts.stopMs / CHECKS);
          open = await control.call('openFeeds');
        }
        if (open > before)
          return `${ROUNDS * 2} feeds were opened and stopped; the backend had ${before} open before, and ${open} after.`;
      },
    },
    'cut-ends-feed': {
      title: 'A feed that lost its connection ends, with an error or without.',
      why: 'With a dead feed that does not end, every tag shows an old status as current.',
      fix: 'End or throw on `close` and `error` of the connection. The store reconnects by calling `watch` again.',
      requires: ['control.cut'],
      check: async (context) => {
        const feed = await context.populated();
        await context.control.call('cut');
        if (!(await feed.ended())) return `The connection was cut, and the feed did not end${feed.howItEnded}.`;
      },
    },
    'cut-then-again': {
      title: 'After a lost connection the adapter can be watched again, and no change made meanwhile is lost.',
      why: 'Connections break every day. The next feed must report what changed meanwhile.',
      fix: "Don't reuse a broken connection for the next `watch`.",
      requires: ['control.cut', 'feed-schema', 'cut-ends-feed'],
      check: async (context) => {
        const { id, feed } = await context.seededOne();
        await context.control.call('cut');
        const name = await context.control.rename(id);
        if (!(await feed.ended())) return `The feed did not end${feed.howItEnded}.`;
        const { position: since, known: base } = feed;
        const next = await context.syncedSoon({ base, ...(since ? { since } : {}) });
        if (next.row(id)?.['name'] !== name)
          return `The campaign changed while the connection was cut, and the next feed knows it as ${formatValue(next.row(id))}.`;
      },
    },
    'error-codes': {
      title: "A feed that can't be opened throws an `AdapterError` with the code of the reason.",
      why: 'Any other error counts as `unavailable`: the store keeps retrying instead of asking for a sign-in or waiting.',
      fix: 'Throw what `errorFromResponse(response)` returns, or an `AdapterError` with the code.',
      requires: ['control.answerWith'],
      check: (context) =>
        underEachFailure(context, async (failure) => {
          const feed = context.watch();
          await feed.settled();
          const { end } = feed;
          if (!end) return `The backend answered “${failure}”, and the feed sent ${feed.summary}${feed.howItEnded}.`;
          if (end.how === 'completed')
            return `The backend answered “${failure}”, and the feed completed without an error.`;
          // Any other error counts as `unavailable`.
          if (failure !== 'unavailable' && codeOf(end.error) !== failure)
            return `The backend answered “${failure}”, and the feed threw ${formatError(end.error)}.`;
        }),
    },
    'error-retry-after': {
      level: 'should',
      title: 'The error of a throttled feed says how long to wait.',
      why: 'Without it a thousand browsers return at once to a server that asked them to wait.',
      fix: 'Throw `new AdapterError("throttled", message, { retryAfterMs })`; `errorFromResponse` reads Retry-After for you.',
      requires: ['control.answerWith', 'error-codes'],
      check: async (context) => {
        await context.control.call('answerWith', 'throttled', RETRY_AFTER_MS);
        const feed = context.watch();
        await feed.ended();
        const error = feed.end?.how === 'failed' ? feed.end.error : undefined;
        if (codeOf(error) !== 'throttled') return `The feed ended with ${formatError(error)}.`;
        const { retryAfterMs } = error as { readonly retryAfterMs?: unknown };
        if (typeof retryAfterMs !== 'number' || retryAfterMs < RETRY_AFTER_MS)
          return `The backend asked for ${RETRY_AFTER_MS} ms, and the error has retryAfterMs ${formatValue(retryAfterMs)}.`;
      },
    },
  },
};

/** Runs a check under each kind of backend failure, until one finds a mistake. */
export async function underEachFailure(
  context: RuleContext,
  check: (failure: FailureKind) => Promise<string | void>,
): Promise<string | void> {
  for (const failure of ['unauthenticated', 'forbidden', 'throttled', 'unavailable'] as const) {
    await context.control.call('answerWith', failure);
    const mistake = await check(failure);
    if (mistake !== undefined) return mistake;
    await context.control.call('answerWith', undefined);
  }
}

/** Whether a feed is still open some time after its signal, as a sentence. */
async function stillOpen(context: RuleContext, feed: WatchRecorder, when: string): Promise<string | undefined> {
  const { stopMs } = context.timeouts;
  // An Observable may fall silent instead of completing.
  if ((await feed.ended(stopMs)) || feed.isObservable) return undefined;
  return `${when}, and the feed had not ended ${stopMs} ms later; so far it sent ${feed.summary}.`;
}
