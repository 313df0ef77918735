import { rules, type Rule } from '../rule.ts';
import type { RuleContext } from '../rule-context.ts';
import { checkChange } from '../schemas.ts';
import { summary, type WatchRecorder } from '../watch-recorder.ts';
import { formatValue } from '../format-value.ts';
import { Blocked } from '../rule-errors.ts';
import { pause } from '../deadline.ts';

/** How often a count that does not match is read anew: in a live system one may change while it is being read. */
const COUNT_READINGS = 3;

/** What a feed says, in which order. */
export const feedRules: readonly Rule[] = rules('The feed', [
  {
    id: 'adapter-shape',
    title: "An adapter has `watch` and `act`, and what it has besides is of the contract's kind.",
    why: 'The store takes a member that is there at its word: `get: true` would be called.',
    fix: "Leave out what the backend can't do. `idempotent` is true or false, all else are functions.",
    run: (stage: RuleContext) => {
      const adapter = stage.adapter as unknown as Record<string, unknown>;
      for (const member of ['watch', 'act'])
        if (typeof adapter[member] !== 'function')
          stage.broken(`\`${member}\` is ${formatValue(adapter[member])}, and must be a function.`);
      for (const member of ['get', 'diagnose', 'log', 'reauthenticate'])
        if (adapter[member] !== undefined && typeof adapter[member] !== 'function')
          stage.broken(`\`${member}\` is ${formatValue(adapter[member])}, and must be a function or absent.`);
      if (adapter['idempotent'] !== undefined && typeof adapter['idempotent'] !== 'boolean')
        stage.broken(`\`idempotent\` is ${formatValue(adapter['idempotent'])}, and must be true, false or absent.`);
    },
  },
  {
    id: 'feed-opens-first',
    title: 'The first message of a feed is `open`, in mode `snapshot` where no position was given.',
    why: 'Before `open` nobody knows which epoch a row belongs to. The store breaks such a feed off.',
    fix: 'Yield `{ type: "open", mode: "snapshot" }` before anything else; add `epoch` if revisions can start over.',
    run: async (stage: RuleContext) => {
      const watching = stage.watch();
      await watching.opened();
      const [first] = watching.messages;
      if (first?.type !== 'open') stage.broken(`The first message was ${formatValue(watching.received[0])}.`);
      if (first.mode !== 'snapshot')
        stage.broken(`No position was given, and the feed opened in mode ${formatValue(first.mode)}.`);
    },
  },
  {
    id: 'feed-opens-once',
    title: 'A feed says `open` once.',
    why: 'The store ignores a second one, so a new epoch that it names is never heard of, and rows of two numberings mix.',
    fix: 'To begin anew, end the feed: throw `AdapterError("expired")`. The store opens another one at once.',
    run: async (stage: RuleContext) => {
      await stage.some();
      const watching = await stage.synced();
      await stage.fence(watching);
      const opens = watching.messages.filter((change) => change.type === 'open').length;
      if (opens !== 1) stage.broken(`\`open\` came ${opens} times, in: ${summary(watching.messages)}.`);
    },
  },
  {
    id: 'feed-synced',
    title: 'A snapshot ends with `synced`.',
    why: 'Until it comes the list says that it is loading, and what is gone is never taken away.',
    fix: 'Yield `{ type: "synced" }` after the last page, also when there was none.',
    run: async (stage: RuleContext) => {
      await stage.some();
      await stage.synced();
    },
  },
  {
    id: 'feed-schema',
    title: 'Every message of a feed fits the schema of `Change`.',
    why: "The store drops what it can't read: a row with a revision of the wrong type is a campaign that never changes again.",
    fix: "Map the backend's fields to those of the contract. Written as `CampaignAdapter`, the compiler checks it.",
    run: async (stage: RuleContext) => {
      const seen: WatchRecorder[] = [];
      if (stage.hasControl) {
        const [one, two] = await stage.control.seed({}, { message: 'Two\nlines' });
        const watching = await stage.synced();
        seen.push(watching);
        // A row that does not fit is found here, and not by waiting in vain for what is told of it.
        expectSchema(stage, seen);
        await stage.control.change(one!.id, { name: 'Renamed' });
        await stage.control.remove(two!.id);
        // That they are told at all is for other rules to say.
        await watching.until(() => watching.row(one!.id)?.['name'] === 'Renamed' && !watching.row(two!.id));
        await pause(stage.timeouts.quietMs);
      } else {
        seen.push(await stage.synced());
        await pause(stage.timeouts.quietMs);
      }
      const { position } = seen[0]!;
      seen[0]!.stop();
      if (position) {
        const resumed = stage.watch({ since: position });
        await resumed.settled();
        seen.push(resumed);
      }
      expectSchema(stage, seen);
    },
  },
  {
    id: 'feed-pages-before-synced',
    title: '`page` comes between `open` and `synced` only.',
    why: 'A page is part of a snapshot. After its end nothing says whether a row that a page leaves out still exists.',
    fix: 'After `synced` tell new and changed rows with `upsert`.',
    run: async (stage: RuleContext) => {
      await stage.some();
      const watching = await stage.synced();
      await stage.fence(watching);
      const types = watching.messages.map((change) => change.type);
      const late = types.lastIndexOf('page');
      const end = types.indexOf('synced');
      if (late > end) stage.broken(`After \`synced\` came ${formatValue(watching.messages[late])}.`);
    },
  },
  {
    id: 'feed-cursor-from-synced',
    level: 'should',
    title: 'In a snapshot no cursor comes before `synced`.',
    why: 'Whoever went on from within a snapshot would never hear of the rest of it. The store ignores such a cursor; other readers may not.',
    fix: 'Read the position before the rows, and give it on `synced`.',
    run: async (stage: RuleContext) => {
      await stage.some();
      const watching = await stage.synced();
      if (watching.open?.mode !== 'snapshot') return;
      const early = watching.messages
        .slice(
          0,
          watching.messages.findIndex(({ type }) => type === 'synced'),
        )
        .find((change) => 'cursor' in change && change.cursor !== undefined);
      if (early) stage.broken(`Before \`synced\` came ${formatValue(early)}.`);
    },
  },
  {
    id: 'feed-count',
    title: '`count` is the number of campaigns that there are.',
    why: 'A store that knows another number reads everything anew, again and again.',
    fix: 'Count what the feed would list, at one moment, or leave `count` out.',
    run: async (stage: RuleContext) => {
      await stage.some();
      let received = '';
      for (let reading = 0; reading < COUNT_READINGS; reading++) {
        const watching = await stage.synced();
        watching.stop();
        const synced = watching.messages.find(({ type }) => type === 'synced') as { count?: number; partial?: boolean };
        if (synced.count === undefined) stage.skip('the feed gives no count');
        if (synced.partial) stage.skip('the snapshot is partial, so nobody knows how many rows there are');
        const { size } = watching.known.rows;
        if (synced.count === size) return;
        received = `\`synced\` counted ${synced.count} campaigns, and the snapshot named ${size}.`;
      }
      stage.broken(received);
    },
  },
  {
    id: 'feed-heartbeat',
    title: 'A promised heartbeat is kept.',
    why: 'Silence beyond the promise is taken for a dead feed: every tag says “last known”, and the store connects anew, without end.',
    fix: "Send a heartbeat well within `heartbeatMs` whenever there is nothing else to say, or don't promise one.",
    run: async (stage: RuleContext) => {
      await stage.some();
      const watching = await stage.synced();
      const promised = watching.open?.heartbeatMs;
      if (promised === undefined) stage.skip('the feed promises no heartbeat');
      const { heartbeatMs, slackMs } = stage.timeouts;
      if (promised > heartbeatMs)
        stage.skip(`the feed promises a heartbeat every ${promised} ms; timeouts.heartbeatMs is ${heartbeatMs}`);
      // Two in a row: the first may be owed to the snapshot.
      for (let beat = 0; beat < 2; beat++) {
        const heard = watching.messages.length;
        const next = await watching.until(() => watching.messages.length > heard || !!watching.end, promised + slackMs);
        if (!next)
          stage.broken(
            `The feed promised a message every ${promised} ms, and was silent for ${promised + slackMs} ms.`,
          );
        if (watching.end) stage.broken(`The feed ended while nothing was wrong${watching.howItEnded}.`);
      }
    },
  },
  {
    id: 'feed-again',
    title: 'The same adapter can be watched again.',
    why: 'The store watches one adapter many times: after each drop, each long hidden page, each change of what is looked at.',
    fix: 'Keep what belongs to one feed within `watch`, and nothing of it on the adapter.',
    run: async (stage: RuleContext) => {
      await stage.some();
      const first = await stage.synced();
      first.stop();
      await first.ended(stage.timeouts.stopMs);
      await stage.synced();
    },
  },
  {
    id: 'feed-two-at-once',
    title: "Two feeds of one adapter don't disturb each other.",
    why: 'Two stores, or two widgets with a store each, may share an adapter: one of them would stand still.',
    fix: 'Give each call of `watch` its own connection, or its own queue of the shared one.',
    run: async (stage: RuleContext) => {
      await stage.some();
      const one = await stage.synced();
      await stage.fence(one);
      const two = await stage.synced();
      await undisturbed(stage, 'With two feeds open', one, two);
      one.stop();
      await one.ended(stage.timeouts.stopMs);
      await undisturbed(stage, 'After one of two feeds was stopped', two);
    },
  },
]);

/** Each of the feeds tells a change; without a back door, at least none of them ends. */
async function undisturbed(stage: RuleContext, when: string, ...watchings: readonly WatchRecorder[]): Promise<void> {
  try {
    await stage.fence(...watchings);
  } catch (error) {
    if (error instanceof Blocked) stage.broken(`${when}, ${error.message}`);
    throw error;
  }
  const ended = watchings.find(({ end }) => end);
  if (ended) stage.broken(`${when}, a feed ended${ended.howItEnded}.`);
}

function expectSchema(stage: RuleContext, feeds: readonly WatchRecorder[]): void {
  for (const change of feeds.flatMap(({ received }) => received)) {
    const problem = checkChange(change);
    if (problem !== undefined) stage.broken(`${problem}. The message was: ${formatValue(change)}`);
  }
}
