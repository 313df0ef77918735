import { rules, type Rule } from '../rule.ts';
import { formatValue, formatError } from '../format-value.ts';
import { fresh, type RuleContext } from '../rule-context.ts';
import type { FailureKind } from '../subject.ts';
import { summary, type WatchRecorder } from '../watch-recorder.ts';
import { pause } from '../deadline.ts';

/** So many feeds are opened and stopped to see that none is left. */
const ROUNDS = 5;
/** So often the backend is asked meanwhile. */
const LOOKS = 40;

/** How feeds stop, break and fail. */
export const endRules: readonly Rule[] = rules('Stopping and failing', [
  {
    id: 'stop-when-live',
    title: 'A feed ends soon after its signal aborts while it waits for changes.',
    why: 'Every page that a user leaves would leave a connection behind; a browser has six per server.',
    fix: 'Listen for `abort` wherever you wait: returning a generator does not interrupt its `await`.',
    run: async (stage: RuleContext) => {
      await stage.some();
      const watching = await stage.synced();
      await stage.fence(watching);
      watching.stop();
      await expectEnd(stage, watching, 'The signal aborted while the feed waited for changes');
    },
  },
  {
    id: 'stop-early',
    title: 'A feed ends soon after its signal aborts before it has begun, and within its snapshot.',
    why: 'Pages are left while they load, more often than not. A signal that is heard only later is heard never.',
    fix: 'Look at `signal.aborted` when `watch` begins and after each `await`, and hand the signal on to `fetch`.',
    run: async (stage: RuleContext) => {
      await stage.some();
      const controller = new AbortController();
      controller.abort();
      await expectEnd(stage, stage.watch({ controller }), 'The signal had aborted before the call');
      const early = stage.watch();
      early.stop();
      await expectEnd(stage, early, 'The signal aborted right after the call');
      const within: WatchRecorder = stage.watch({ hook: () => within.stop() });
      await within.opened();
      await expectEnd(stage, within, 'The signal aborted after the first message');
    },
  },
  {
    id: 'stop-silent',
    title: 'After its signal a feed tells nothing new.',
    why: 'The store fences off late values; a host that uses the adapter by itself may not.',
    fix: 'Check `signal.aborted` before each value, and unsubscribe from whatever feeds you.',
    needs: ['control'],
    run: async (stage: RuleContext) => {
      const { id } = await stage.control.seedOne();
      const [stopped, witness] = [await stage.synced(), await stage.synced()];
      stopped.stop();
      const name = fresh('Renamed');
      await stage.control.change(id, { name });
      await witness.told(id, (row) => row['name'] === name, `name "${name}"`);
      await pause(stage.timeouts.quietMs);
      const late = stopped.rowsOf(id).find((row) => row['name'] === name);
      if (late)
        stage.broken(`The change was made after the signal had aborted, and the feed told ${formatValue(late)}.`);
    },
  },
  {
    id: 'stop-leaves-nothing',
    title: 'When feeds have stopped, the backend sees none of them open.',
    why: 'Connections that nobody reads pile up on the server until it has none left.',
    fix: 'Close the socket, cancel the reader or abort the request when `signal` aborts, whatever state it is in.',
    needs: ['control.openFeeds'],
    run: async (stage: RuleContext) => {
      const { control } = stage;
      await stage.some();
      const before = await control.openFeeds();
      for (let round = 0; round < ROUNDS; round++) {
        const live = await stage.synced();
        const early = stage.watch();
        live.stop();
        early.stop();
      }
      let open = await control.openFeeds();
      for (let look = 0; open > before && look < LOOKS; look++) {
        await pause(stage.timeouts.stopMs / LOOKS);
        open = await control.openFeeds();
      }
      if (open > before)
        stage.broken(
          `${ROUNDS * 2} feeds were opened and stopped; the backend saw ${before} open before, and ${open} after.`,
        );
    },
  },
  {
    id: 'cut-ends-feed',
    title: 'A feed whose connection is gone ends, with an error or without.',
    why: 'A dead feed that looks alive keeps every tag shining green over a status of long ago.',
    fix: 'End or throw on `close` and `error` of the connection. Leave connecting anew to the store, or begin with a new `open` in a new feed.',
    needs: ['control.cut'],
    run: async (stage: RuleContext) => {
      await stage.some();
      const watching = await stage.synced();
      await stage.control.use('cut');
      if (!(await watching.ended(stage.timeouts.answerMs)))
        stage.broken(`The connection was cut, and the feed went on as if nothing had happened${watching.howItEnded}.`);
    },
  },
  {
    id: 'cut-then-again',
    title: 'After a cut the adapter can be watched again, and nothing that happened meanwhile is lost.',
    why: 'Networks drop every day; what the drop hides must come with the next feed.',
    fix: 'Keep no broken connection for the next `watch`.',
    needs: ['control.cut'],
    run: async (stage: RuleContext) => {
      const { control } = stage;
      const { id } = await control.seedOne();
      const first = await stage.synced();
      await control.use('cut');
      const name = fresh('Renamed');
      await control.change(id, { name });
      if (!(await first.ended(stage.timeouts.answerMs)))
        stage.blocked('cut-ends-feed', `The feed did not end${first.howItEnded}.`);
      const { position } = first;
      const second = await stage.syncedSoon({ base: first.known, ...(position ? { since: position } : {}) });
      if (second.row(id)?.['name'] !== name)
        stage.broken(
          `The campaign changed while the connection was cut, and the next feed knows it as ${formatValue(second.row(id))}.`,
        );
    },
  },
  {
    id: 'error-codes',
    title: "A feed that can't be had throws an `AdapterError` that says why.",
    why: 'Anything else counts as `unavailable`: the store goes on trying where it should ask for a sign-in, or leave the server alone.',
    fix: 'Throw what `errorFromResponse(response)` gives, or an `AdapterError` with the code.',
    needs: ['control.answerWith'],
    run: (stage: RuleContext) =>
      eachTrouble(stage, async (trouble) => {
        const watching = stage.watch();
        await watching.settled();
        if (!watching.end)
          stage.blocked(
            'feed-again',
            `The backend answered “${trouble}”, and the feed said ${summary(watching.messages)}${watching.howItEnded}.`,
          );
        if (watching.end?.how !== 'failed')
          stage.broken(`The backend answered “${trouble}”, and the feed completed as if all were well.`);
        const { name, code } = (watching.end.error ?? {}) as Record<string, unknown>;
        // Whatever else is thrown is read as `unavailable`.
        if (trouble !== 'unavailable' && (name !== 'AdapterError' || code !== trouble))
          stage.broken(`The backend answered “${trouble}”, and the feed threw ${formatError(watching.end.error)}.`);
      }),
  },
  {
    id: 'error-retry-after',
    level: 'should',
    title: 'A throttled feed hands on how long to wait.',
    why: 'Without it a thousand browsers come back at once to a server that asked to be left alone.',
    fix: 'Give `new AdapterError("throttled", message, { retryAfterMs })`; `errorFromResponse` reads Retry-After by itself.',
    needs: ['control.answerWith'],
    run: async (stage: RuleContext) => {
      const wait = 7000;
      try {
        await stage.control.answerWith('throttled', wait);
        const watching = stage.watch();
        await watching.ended(stage.timeouts.answerMs);
        const error = watching.end?.how === 'failed' ? watching.end.error : undefined;
        const { code, retryAfterMs } = (error ?? {}) as Record<string, unknown>;
        if (code !== 'throttled') stage.blocked('error-codes', `The feed ended with ${formatError(error)}.`);
        if (typeof retryAfterMs !== 'number' || retryAfterMs < wait)
          stage.broken(
            `The backend asked for ${wait} ms, and the error says retryAfterMs ${formatValue(retryAfterMs)}.`,
          );
      } finally {
        await stage.control.answerWith(undefined);
      }
    },
  },
]);

/** Runs a proof under each trouble, and ends the trouble in any case. */
export async function eachTrouble(stage: RuleContext, proof: (trouble: FailureKind) => Promise<void>): Promise<void> {
  for (const trouble of ['unauthenticated', 'forbidden', 'throttled', 'unavailable'] as const)
    try {
      await stage.control.answerWith(trouble);
      await proof(trouble);
    } finally {
      await stage.control.answerWith(undefined);
    }
}

async function expectEnd(stage: RuleContext, watching: WatchRecorder, when: string): Promise<void> {
  const { stopMs } = stage.timeouts;
  // An Observable that falls silent has stopped as well as one that completes.
  if ((await watching.ended(stopMs)) || watching.isObservable) return;
  stage.broken(`${when}, and the feed had not ended ${stopMs} ms later; so far it said ${summary(watching.messages)}.`);
}
