import type { Change } from '../../adapters/contract.ts';
import { isAbsent } from '../../util/is-absent.ts';
import { rules, type Rule } from '../rule.ts';
import type { RuleContext } from '../rule-context.ts';
import { checkChange } from '../schemas.ts';
import { summary, type WatchRecorder } from '../watch-recorder.ts';
import { formatValue } from '../format-value.ts';
import { Blocked } from '../rule-errors.ts';
import { pause } from '../deadline.ts';

/** How often a count that does not match is read again: in a live system it may change while it is read. */
const COUNT_READINGS = 3;

/** The messages of a feed and their order. */
export const feedRules: readonly Rule[] = rules('The feed', [
  {
    id: 'adapter-shape',
    title: 'An adapter has `watch` and `act`, and each optional member has the type that the contract gives it.',
    why: 'The store uses every member that is present: `get: true` would be called.',
    fix: "Leave out what the backend can't do. `idempotent` is true or false; all other members are functions.",
    run: (context: RuleContext) => {
      const adapter = context.adapter as unknown as Record<string, unknown>;
      for (const member of ['watch', 'act'])
        if (typeof adapter[member] !== 'function')
          context.broken(`\`${member}\` is ${formatValue(adapter[member])}, and must be a function.`);
      for (const member of ['get', 'diagnose', 'log', 'reauthenticate'])
        if (adapter[member] !== undefined && typeof adapter[member] !== 'function')
          context.broken(`\`${member}\` is ${formatValue(adapter[member])}, and must be a function or absent.`);
      if (adapter['idempotent'] !== undefined && typeof adapter['idempotent'] !== 'boolean')
        context.broken(`\`idempotent\` is ${formatValue(adapter['idempotent'])}, and must be true, false or absent.`);
    },
  },
  {
    id: 'feed-opens-first',
    title: 'The first message of a feed is `open`, in mode `snapshot` if no position was given.',
    why: 'Before `open` the epoch of a row is unknown. The store ends such a feed.',
    fix: 'Yield `{ type: "open", mode: "snapshot" }` before anything else; add `epoch` if revisions can start over.',
    run: async (context: RuleContext) => {
      const recorder = context.watch();
      await recorder.opened();
      const [first] = recorder.messages;
      if (first?.type !== 'open') context.broken(`The first message was ${formatValue(recorder.received[0])}.`);
      if (first.mode !== 'snapshot')
        context.broken(`No position was given, and the feed opened in mode ${formatValue(first.mode)}.`);
    },
  },
  {
    id: 'feed-opens-once',
    title: 'A feed sends `open` once.',
    why: 'The store ignores a second `open`. If it names a new epoch, rows of two epochs mix.',
    fix: 'To start over, end the feed: throw `AdapterError("expired")`. The store opens another one at once.',
    run: async (context: RuleContext) => {
      await context.someIds();
      const recorder = await context.synced();
      await context.fence(recorder);
      const opens = recorder.messages.filter((change) => change.type === 'open').length;
      if (opens !== 1) context.broken(`\`open\` came ${opens} times, in: ${summary(recorder.messages)}.`);
    },
  },
  {
    id: 'feed-synced',
    title: 'A snapshot ends with `synced`.',
    why: 'Until `synced` comes, the list shows “Loading” and removed campaigns stay in it.',
    fix: 'Yield `{ type: "synced" }` after the last page, even if there was no page.',
    run: async (context: RuleContext) => {
      await context.someIds();
      await context.synced();
    },
  },
  {
    id: 'feed-schema',
    title: 'Every message of a feed fits the schema of `Change`.',
    why: "The store drops what it can't read. A campaign whose revision has the wrong type never changes on screen.",
    fix: "Map the backend's fields to those of the contract. If you type the adapter as `CampaignAdapter`, the compiler checks this.",
    run: async (context: RuleContext) => {
      const seen: WatchRecorder[] = [];
      if (context.hasControl) {
        const [one, two] = await context.control.seed({}, { message: 'Two\nlines' });
        const recorder = await context.synced();
        seen.push(recorder);
        // Check now: otherwise the wait below would time out on a row that can't be read.
        expectSchema(context, seen);
        await context.control.change(one!.id, { name: 'Renamed' });
        await context.control.remove(two!.id);
        // Other rules check that these changes are reported at all.
        await recorder.until(() => recorder.row(one!.id)?.['name'] === 'Renamed' && !recorder.row(two!.id));
        await pause(context.timeouts.quietMs);
      } else {
        seen.push(await context.synced());
        await pause(context.timeouts.quietMs);
      }
      const { position } = seen[0]!;
      seen[0]!.stop();
      if (position) {
        const resumed = context.watch({ since: position });
        await resumed.settled();
        seen.push(resumed);
      }
      expectSchema(context, seen);
    },
  },
  {
    id: 'feed-pages-before-synced',
    title: '`page` comes between `open` and `synced` only.',
    why: 'A page is part of a snapshot. After the snapshot, nothing says whether a row missing from a page still exists.',
    fix: 'After `synced`, send new and changed rows with `upsert`.',
    run: async (context: RuleContext) => {
      await context.someIds();
      const recorder = await context.synced();
      await context.fence(recorder);
      const types = recorder.messages.map((change) => change.type);
      const late = types.lastIndexOf('page');
      const end = types.indexOf('synced');
      if (late > end) context.broken(`After \`synced\` came ${formatValue(recorder.messages[late])}.`);
    },
  },
  {
    id: 'feed-cursor-from-synced',
    level: 'should',
    title: 'In a snapshot no cursor comes before `synced`.',
    why: 'A reader that resumes from within a snapshot never gets the rest of it. The store ignores such a cursor; other readers may not.',
    fix: 'Read the position before the rows, and send it with `synced`.',
    run: async (context: RuleContext) => {
      await context.someIds();
      const recorder = await context.synced();
      if (recorder.open?.mode !== 'snapshot') return;
      const early = recorder.messages
        .slice(
          0,
          recorder.messages.findIndex(({ type }) => type === 'synced'),
        )
        .find((change) => 'cursor' in change && !isAbsent(change.cursor));
      if (early) context.broken(`Before \`synced\` came ${formatValue(early)}.`);
    },
  },
  {
    id: 'feed-count',
    title: '`count` is the number of existing campaigns.',
    why: 'A store with a different number resyncs again and again.',
    fix: 'Count what the snapshot lists, at the same moment, or leave `count` out.',
    run: async (context: RuleContext) => {
      await context.someIds();
      let received = '';
      for (let attempt = 0; attempt < COUNT_READINGS; attempt++) {
        const recorder = await context.synced();
        recorder.stop();
        const synced = recorder.messages.find(({ type }) => type === 'synced') as Extract<Change, { type: 'synced' }>;
        if (isAbsent(synced.count)) context.skip('the feed sends no count');
        if (synced.partial) context.skip('the snapshot is partial, so the number of rows is unknown');
        const { size } = recorder.known.rows;
        if (synced.count === size) return;
        received = `\`synced\` counted ${synced.count} campaigns, and the snapshot named ${size}.`;
      }
      context.broken(received);
    },
  },
  {
    id: 'feed-heartbeat',
    title: 'A feed that promises a heartbeat is never silent for longer.',
    why: 'The store takes longer silence for a dead feed: every tag shows “Last known”, and the store reconnects again and again.',
    fix: "When there is nothing else to send, send a heartbeat well within `heartbeatMs`, or don't promise one.",
    run: async (context: RuleContext) => {
      await context.someIds();
      const recorder = await context.synced();
      const promised = recorder.open?.heartbeatMs;
      if (isAbsent(promised)) context.skip('the feed promises no heartbeat');
      const { heartbeatMs, slackMs } = context.timeouts;
      if (promised > heartbeatMs)
        context.skip(`the feed promises a heartbeat every ${promised} ms; timeouts.heartbeatMs is ${heartbeatMs}`);
      // Two in a row: the first message may still belong to the snapshot.
      for (let beat = 0; beat < 2; beat++) {
        const received = recorder.messages.length;
        const next = await recorder.until(
          () => recorder.messages.length > received || !!recorder.end,
          promised + slackMs,
        );
        if (!next)
          context.broken(
            `The feed promised a message every ${promised} ms, and was silent for ${promised + slackMs} ms.`,
          );
        if (recorder.end) context.broken(`The feed ended without a reason${recorder.howItEnded}.`);
      }
    },
  },
  {
    id: 'feed-again',
    title: 'The same adapter can be watched again.',
    why: 'The store calls `watch` many times: after each lost connection, after a page was hidden for long, and when other campaigns are observed.',
    fix: 'Keep the state of a feed inside `watch`, not on the adapter.',
    run: async (context: RuleContext) => {
      await context.someIds();
      const first = await context.synced();
      first.stop();
      await first.ended(context.timeouts.stopMs);
      await context.synced();
    },
  },
  {
    id: 'feed-two-at-once',
    title: "Two feeds of one adapter don't affect each other.",
    why: 'Two stores may share an adapter. If their feeds interfere, one of the stores stops updating.',
    fix: 'Give each call of `watch` its own connection, or its own queue on a shared connection.',
    run: async (context: RuleContext) => {
      await context.someIds();
      const one = await context.synced();
      await context.fence(one);
      const two = await context.synced();
      await expectChanges(context, 'With two feeds open', one, two);
      one.stop();
      await one.ended(context.timeouts.stopMs);
      await expectChanges(context, 'After one of two feeds was stopped', two);
    },
  },
]);

/** Checks that each feed reports a change; without a backend control, that none of them ends. */
async function expectChanges(
  context: RuleContext,
  when: string,
  ...recorders: readonly WatchRecorder[]
): Promise<void> {
  try {
    await context.fence(...recorders);
  } catch (error) {
    if (error instanceof Blocked) context.broken(`${when}, ${error.message}`);
    throw error;
  }
  const ended = recorders.find(({ end }) => end);
  if (ended) context.broken(`${when}, a feed ended${ended.howItEnded}.`);
}

function expectSchema(context: RuleContext, feeds: readonly WatchRecorder[]): void {
  for (const change of feeds.flatMap(({ received }) => received)) {
    const problem = checkChange(change);
    if (problem !== undefined) context.broken(`${problem}. The message was: ${formatValue(change)}`);
  }
}
