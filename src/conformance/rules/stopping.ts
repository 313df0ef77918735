import { rules, type Rule } from '../rule.ts';
import { formatValue, formatError } from '../format-value.ts';
import { fresh, type RuleContext } from '../rule-context.ts';
import type { FailureKind } from '../subject.ts';
import { summary, type WatchRecorder } from '../watch-recorder.ts';
import { pause } from '../deadline.ts';

/** How many pairs of feeds are opened and stopped. */
const ROUNDS = 5;
/** How often the backend is asked for its open feeds. */
const CHECKS = 40;

/** How feeds stop, lose their connection and fail. */
export const stoppingRules: readonly Rule[] = rules('Stopping and failing', [
  {
    id: 'stop-when-live',
    title: 'A feed ends soon after its signal aborts while it waits for changes.',
    why: 'Each page that a user leaves would keep a connection open, and a browser allows six per server.',
    fix: 'Listen for `abort` wherever you wait: returning a generator does not interrupt its `await`.',
    run: async (context: RuleContext) => {
      await context.someIds();
      const recorder = await context.synced();
      await context.fence(recorder);
      recorder.stop();
      await expectEnd(context, recorder, 'The signal aborted while the feed waited for changes');
    },
  },
  {
    id: 'stop-early',
    title: 'A feed ends soon after its signal aborts before it has opened, or during its snapshot.',
    why: 'Users often leave a page while it loads. A feed that only checks its signal later may never check it.',
    fix: 'Check `signal.aborted` when `watch` starts and after each `await`, and pass the signal to `fetch`.',
    run: async (context: RuleContext) => {
      await context.someIds();
      const controller = new AbortController();
      controller.abort();
      await expectEnd(context, context.watch({ controller }), 'The signal had aborted before the call');
      const early = context.watch();
      early.stop();
      await expectEnd(context, early, 'The signal aborted right after the call');
      const within: WatchRecorder = context.watch({ hook: () => within.stop() });
      await within.opened();
      await expectEnd(context, within, 'The signal aborted after the first message');
    },
  },
  {
    id: 'stop-silent',
    title: 'A feed reports no change made after its signal aborted.',
    why: 'The store ignores late values; a host that uses the adapter directly may not.',
    fix: 'Check `signal.aborted` before each value, and unsubscribe from the source.',
    needs: ['control'],
    run: async (context: RuleContext) => {
      const { id } = await context.control.seedOne();
      const [stopped, witness] = [await context.synced(), await context.synced()];
      stopped.stop();
      const name = fresh('Renamed');
      await context.control.change(id, { name });
      await witness.waitForRow(id, (row) => row['name'] === name, `name "${name}"`);
      await pause(context.timeouts.quietMs);
      const late = stopped.rowsOf(id).find((row) => row['name'] === name);
      if (late)
        context.broken(`The change was made after the signal had aborted, and the feed sent ${formatValue(late)}.`);
    },
  },
  {
    id: 'stop-leaves-nothing',
    title: 'After feeds have stopped, none of them is open in the backend.',
    why: 'Unread connections accumulate on the server until it has none left.',
    fix: 'When `signal` aborts, close the socket, cancel the reader or abort the request, in any state.',
    needs: ['control.openFeeds'],
    run: async (context: RuleContext) => {
      const { control } = context;
      await context.someIds();
      const before = await control.openFeeds();
      for (let round = 0; round < ROUNDS; round++) {
        const live = await context.synced();
        const early = context.watch();
        live.stop();
        early.stop();
      }
      let open = await control.openFeeds();
      for (let check = 0; open > before && check < CHECKS; check++) {
        await pause(context.timeouts.stopMs / CHECKS);
        open = await control.openFeeds();
      }
      if (open > before)
        context.broken(
          `${ROUNDS * 2} feeds were opened and stopped; the backend had ${before} open before, and ${open} after.`,
        );
    },
  },
  {
    id: 'cut-ends-feed',
    title: 'A feed that lost its connection ends, with an error or without.',
    why: 'With a dead feed that does not end, every tag shows an old status as current.',
    fix: 'End or throw on `close` and `error` of the connection. The store reconnects by calling `watch` again.',
    needs: ['control.cut'],
    run: async (context: RuleContext) => {
      await context.someIds();
      const recorder = await context.synced();
      await context.control.use('cut');
      if (!(await recorder.ended(context.timeouts.answerMs)))
        context.broken(`The connection was cut, and the feed did not end${recorder.howItEnded}.`);
    },
  },
  {
    id: 'cut-then-again',
    title: 'After a lost connection the adapter can be watched again, and no change made meanwhile is lost.',
    why: 'Connections break every day. The next feed must report what changed meanwhile.',
    fix: "Don't reuse a broken connection for the next `watch`.",
    needs: ['control.cut'],
    run: async (context: RuleContext) => {
      const { control } = context;
      const { id } = await control.seedOne();
      const first = await context.synced();
      await control.use('cut');
      const name = fresh('Renamed');
      await control.change(id, { name });
      if (!(await first.ended(context.timeouts.answerMs)))
        context.blocked('cut-ends-feed', `The feed did not end${first.howItEnded}.`);
      const { position } = first;
      const second = await context.syncedSoon({ base: first.known, ...(position ? { since: position } : {}) });
      if (second.row(id)?.['name'] !== name)
        context.broken(
          `The campaign changed while the connection was cut, and the next feed knows it as ${formatValue(second.row(id))}.`,
        );
    },
  },
  {
    id: 'error-codes',
    title: "A feed that can't be opened throws an `AdapterError` with the code of the reason.",
    why: 'Any other error counts as `unavailable`: the store keeps retrying instead of asking for a sign-in or waiting.',
    fix: 'Throw what `errorFromResponse(response)` returns, or an `AdapterError` with the code.',
    needs: ['control.answerWith'],
    run: (context: RuleContext) =>
      eachFailureKind(context, async (failure) => {
        const recorder = context.watch();
        await recorder.settled();
        if (!recorder.end)
          context.blocked(
            'feed-again',
            `The backend answered “${failure}”, and the feed sent ${summary(recorder.messages)}${recorder.howItEnded}.`,
          );
        if (recorder.end?.how !== 'failed')
          context.broken(`The backend answered “${failure}”, and the feed completed without an error.`);
        const { name, code } = (recorder.end.error ?? {}) as Record<string, unknown>;
        // Any other error counts as `unavailable`.
        if (failure !== 'unavailable' && (name !== 'AdapterError' || code !== failure))
          context.broken(`The backend answered “${failure}”, and the feed threw ${formatError(recorder.end.error)}.`);
      }),
  },
  {
    id: 'error-retry-after',
    level: 'should',
    title: 'The error of a throttled feed says how long to wait.',
    why: 'Without it a thousand browsers return at once to a server that asked them to wait.',
    fix: 'Throw `new AdapterError("throttled", message, { retryAfterMs })`; `errorFromResponse` reads Retry-After for you.',
    needs: ['control.answerWith'],
    run: async (context: RuleContext) => {
      const wait = 7000;
      try {
        await context.control.answerWith('throttled', wait);
        const recorder = context.watch();
        await recorder.ended(context.timeouts.answerMs);
        const error = recorder.end?.how === 'failed' ? recorder.end.error : undefined;
        const { code, retryAfterMs } = (error ?? {}) as Record<string, unknown>;
        if (code !== 'throttled') context.blocked('error-codes', `The feed ended with ${formatError(error)}.`);
        if (typeof retryAfterMs !== 'number' || retryAfterMs < wait)
          context.broken(
            `The backend asked for ${wait} ms, and the error has retryAfterMs ${formatValue(retryAfterMs)}.`,
          );
      } finally {
        await context.control.answerWith(undefined);
      }
    },
  },
]);

/** Runs a check under each kind of backend failure, and always ends the failure. */
export async function eachFailureKind(
  context: RuleContext,
  check: (failure: FailureKind) => Promise<void>,
): Promise<void> {
  for (const failure of ['unauthenticated', 'forbidden', 'throttled', 'unavailable'] as const)
    try {
      await context.control.answerWith(failure);
      await check(failure);
    } finally {
      await context.control.answerWith(undefined);
    }
}

async function expectEnd(context: RuleContext, recorder: WatchRecorder, when: string): Promise<void> {
  const { stopMs } = context.timeouts;
  // An Observable may fall silent instead of completing.
  if ((await recorder.ended(stopMs)) || recorder.isObservable) return;
  context.broken(
    `${when}, and the feed had not ended ${stopMs} ms later; so far it sent ${summary(recorder.messages)}.`,
  );
}
