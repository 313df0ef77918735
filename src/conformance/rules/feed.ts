import type { Change } from '../../adapters/contract.ts';
import { isAbsent } from '../../util/is-absent.ts';
import { pause } from '../deadline.ts';
import { formatValue } from '../format-value.ts';
import type { RuleGroup } from '../rule.ts';
import { skip } from '../rule-errors.ts';
import type { SeedCampaign } from '../subject.ts';
import { rowsIn, type Row, type WatchRecorder } from '../watch-recorder.ts';
import { mayBeIn, resting } from './attempt.ts';

/** How often a count that does not match is read again: in a live system it may change while it is read. */
const COUNT_READINGS = 3;
const DEFAULT_MANY = 250;
const FUNCTIONS = ['watch', 'act', 'get', 'diagnose', 'log', 'reauthenticate'];
const SHAPE = { ...Object.fromEntries(FUNCTIONS.map((member) => [member, 'function'])), idempotent: 'boolean' };

/** The messages of a feed and their order. */
export const feedRules: RuleGroup = {
  group: 'The feed',
  rules: {
    'adapter-shape': {
      title: 'An adapter has `watch` and `act`, and each optional member has the type that the contract gives it.',
      why: 'The store uses every member that is present: `get: true` would be called.',
      fix: "Leave out what the backend can't do. `idempotent` is true or false; all other members are functions.",
      check: ({ adapter }) => {
        for (const [member, type] of Object.entries(SHAPE)) {
          const value = (adapter as unknown as Readonly<Record<string, unknown>>)[member];
          const isOptional = member !== 'watch' && member !== 'act';
          if (typeof value !== type && !(isOptional && value === undefined))
            return `\`${member}\` is ${formatValue(value)}, and must be a ${type}${isOptional ? ' or absent' : ''}.`;
        }
      },
    },
    'feed-opens-first': {
      title: 'The first message of a feed is `open`, in mode `snapshot` if no position was given.',
      why: 'Before `open` the epoch of a row is unknown. The store ends such a feed.',
      fix: 'Yield `{ type: "open", mode: "snapshot" }` before anything else; add `epoch` if revisions can start over. If the backend sends it and nothing arrives, a proxy buffers the stream: answer with the header `X-Accel-Buffering: no`, or turn off `proxy_buffering`.',
      check: async (context) => {
        const feed = context.watch();
        await feed.opened();
        const [first] = feed.messages;
        if (first !== feed.open) return `The first message was ${formatValue(feed.received[0])}.`;
        const { mode } = feed.open!;
        if (mode !== 'snapshot') return `No position was given, and the feed opened in mode ${formatValue(mode)}.`;
      },
    },
    'feed-opens-once': {
      title: 'A feed sends `open` once.',
      why: 'The store ignores a second `open`. If it names a new epoch, rows of two epochs mix.',
      fix: 'To start over, end the feed: throw `AdapterError("expired")`. The store opens another one at once.',
      requires: ['change-reported'],
      check: async (context) => {
        const feed = await context.populated();
        await context.fence(feed);
        const opens = feed.messages.filter(({ type }) => type === 'open').length;
        if (opens !== 1) return `\`open\` came ${opens} times, in: ${feed.summary}.`;
      },
    },
    'feed-synced': {
      title: 'A snapshot ends with `synced`.',
      why: 'Until `synced` comes, the list shows “Loading” and removed campaigns stay in it.',
      fix: 'Yield `{ type: "synced" }` after the last page, even if there was no page.',
      requires: ['feed-opens-first'],
      check: async (context) => void (await context.populated()),
    },
    'feed-schema': {
      title: 'Every message of a feed fits the schema of `Change`.',
      why: "The store drops what it can't read. A campaign whose revision has the wrong type never changes on screen.",
      fix: "Map the backend's fields to those of the contract. If you type the adapter as `CampaignAdapter`, the compiler checks this.",
      requires: ['feed-again'],
      check: async (context) => {
        const [one, two] = context.hasControl ? await context.control.seed({}, { message: 'Two\nlines' }) : [];
        const feed = await context.synced();
        // The wait below would be in vain for a row that can't be read.
        if (one && two && feed.problem === undefined) {
          const name = await context.control.rename(one.id);
          await context.control.remove(two.id);
          // Other rules check that these changes are reported at all.
          await feed.until(() => feed.row(one.id)?.['name'] === name && !feed.row(two.id));
        }
        await pause(context.timeouts.quietMs);
        feed.stop();
        if (feed.problem !== undefined || !feed.position) return feed.problem;
        const resumed = context.watch({ since: feed.position });
        await resumed.settled();
        return resumed.problem;
      },
    },
    'feed-pages-before-synced': {
      title: '`page` comes between `open` and `synced` only.',
      why: 'A page is part of a snapshot. After the snapshot, nothing says whether a row missing from a page still exists.',
      fix: 'After `synced`, send new and changed rows with `upsert`.',
      requires: ['change-reported'],
      check: async (context) => {
        const feed = await context.populated();
        await context.fence(feed);
        const types = feed.messages.map(({ type }) => type);
        const last = types.lastIndexOf('page');
        if (last > types.indexOf('synced')) return `After \`synced\` came ${formatValue(feed.messages[last])}.`;
      },
    },
    'feed-cursor-from-synced': {
      level: 'should',
      title: 'In a snapshot no cursor comes before `synced`.',
      why: 'A reader that resumes from within a snapshot never gets the rest of it. The store ignores such a cursor; other readers may not.',
      fix: 'Read the position before the rows, and send it with `synced`.',
      requires: ['feed-schema'],
      check: async (context) => {
        const feed = await context.populated();
        const hasCursor = (change: Change<unknown>): boolean => 'cursor' in change && !isAbsent(change.cursor);
        const early = feed.messages.find((change) => change.type === 'synced' || hasCursor(change));
        if (feed.open?.mode === 'snapshot' && early?.type !== 'synced')
          return `Before \`synced\` came ${formatValue(early)}.`;
      },
    },
    'feed-count': {
      title: '`count` is the number of existing campaigns.',
      why: 'A store with a different number resyncs again and again.',
      fix: 'Count what the snapshot lists, at the same moment, or leave `count` out.',
      requires: ['feed-schema'],
      check: async (context) => {
        let feed = await context.populated();
        for (let reading = 1; ; reading++) {
          feed.stop();
          const { count, partial } = syncedOf(feed);
          if (isAbsent(count)) skip('the feed sends no count');
          if (partial) skip('the snapshot is partial, so the number of rows is unknown');
          const { size } = feed.known.rows;
          if (count === size) return;
          if (reading === COUNT_READINGS)
            return `\`synced\` counted ${count} campaigns, and the snapshot named ${size}.`;
          feed = await context.synced();
        }
      },
    },
    'feed-heartbeat': {
      title: 'A feed that promises a heartbeat is never silent for longer.',
      why: 'The store takes longer silence for a dead feed: every tag shows “Last known”, and the store reconnects again and again.',
      fix: "When there is nothing else to send, send a heartbeat well within `heartbeatMs`, or don't promise one.",
      requires: ['feed-schema'],
      check: async (context) => {
        const feed = await context.populated();
        const promised = feed.open?.heartbeatMs;
        if (isAbsent(promised)) skip('the feed promises no heartbeat');
        const { heartbeatMs, slackMs } = context.timeouts;
        if (promised > heartbeatMs)
          skip(`the feed promises a heartbeat every ${promised} ms; timeouts.heartbeatMs is ${heartbeatMs}`);
        const longest = promised + slackMs;
        // Two in a row: the first message may still belong to the snapshot.
        for (let beat = 0; beat < 2; beat++) {
          const { length } = feed.messages;
          if (!(await feed.until(() => feed.messages.length > length || !!feed.end, longest)))
            return `The feed promised a message every ${promised} ms, and was silent for ${longest} ms.`;
          if (feed.end) return `The feed ended without a reason${feed.howItEnded}.`;
        }
      },
    },
    'feed-again': {
      title: 'The same adapter can be watched again.',
      why: 'The store calls `watch` many times: after each lost connection, after a page was hidden for long, and when other campaigns are observed.',
      fix: 'Keep the state of a feed inside `watch`, not on the adapter.',
      requires: ['feed-synced'],
      check: async (context) => {
        await (await context.populated()).stopped();
        await context.synced();
      },
    },
    'feed-two-at-once': {
      title: "Two feeds of one adapter don't affect each other.",
      why: 'Two stores may share an adapter. If their feeds interfere, one of the stores stops updating.',
      fix: 'Give each call of `watch` its own connection, or its own queue on a shared connection.',
      requires: ['change-reported'],
      check: async (context) => {
        const one = await context.populated();
        await context.fence(one);
        const two = await context.synced();
        await context.fence(one, two);
        const ended = [one, two].find(({ end }) => end);
        if (ended) return `With two feeds open, a feed ended${ended.howItEnded}.`;
        await one.stopped();
        await context.fence(two);
        if (two.end) return `After one of two feeds was stopped, the other one ended${two.howItEnded}.`;
      },
    },
  },
};

/** The contents of a snapshot. */
export const snapshotRules: RuleGroup = {
  group: 'The snapshot',
  requires: ['feed-schema'],
  rules: {
    'snapshot-complete': {
      title: 'A snapshot names every existing campaign.',
      why: 'The store removes what a complete snapshot does not name: running campaigns disappear from the screen.',
      fix: 'List all campaigns of the system before `synced`, or send `partial: true` with it and the rest soon after.',
      requires: ['control'],
      check: async (context) => {
        const { feed, made } = await context.seeded({}, {}, {}, {}, {});
        return missingIn(feed, made);
      },
    },
    'snapshot-empty': {
      title: 'A snapshot without campaigns ends with `synced` too.',
      why: 'A new user without campaigns would see “Loading” forever. Some engines send nothing at all if they have no data.',
      fix: 'Ask the engine first whether it has any data; if not, yield `synced` at once.',
      requires: ['control'],
      check: async (context) => {
        if (context.subject.control!.clear) await context.control.call('clear');
        const { size } = (await context.synced()).known.rows;
        if (size) skip(`the system has ${size} campaigns; start it empty, or add \`clear\` to the backend control`);
      },
    },
    'snapshot-many': {
      title: 'A snapshot of many campaigns is complete.',
      why: "Campaigns after the first page of the backend's list would never be shown.",
      fix: 'Read pages until there are no more. With offsets, expect rows to move between pages while you read.',
      requires: ['control', 'snapshot-complete'],
      check: async (context) => {
        const { many = DEFAULT_MANY } = context.subject;
        const { feed, made } = await context.seeded(...Array.from({ length: many }, () => ({})));
        return missingIn(feed, made);
      },
    },
    'snapshot-rows-once': {
      level: 'should',
      title: 'A snapshot names each campaign once.',
      why: 'One of two rows of the same campaign is old, and `count` no longer matches.',
      fix: 'If a row moves between pages while you read, keep the copy with the higher revision.',
      check: async (context) => {
        const { messages } = await context.populated();
        const seen = new Set<string>();
        for (const row of messages.flatMap((change) => (change.type === 'page' ? rowsIn(change) : []))) {
          if (seen.has(row.id)) return `${formatValue(row.id)} came twice, the second time as ${formatValue(row)}.`;
          seen.add(row.id);
        }
      },
    },
    'row-faithful': {
      title: 'A row has the same name, status, message and missing prerequisites as the backend.',
      why: "This is what users read. A wrong status misleads them, and an error without its message can't be fixed.",
      fix: 'Map each field of the backend, and its status words to those of the lifecycle.',
      requires: ['control'],
      check: async (context) => {
        const { lifecycle } = context.control;
        const faulty = new Set(Object.values(lifecycle.statuses).map(({ fault }) => fault));
        // Some backends keep messages only in statuses that faults lead to.
        const seeds = Object.keys(lifecycle.statuses).map((status) => ({
          ...resting(lifecycle, status),
          ...(faulty.has(status) ? { message: `First line.\nSecond line.` } : {}),
        }));
        const { feed, made } = await context.seeded(...seeds);
        for (const campaign of made) {
          const row = feed.row(campaign.id);
          const hasMoved = row?.['status'] !== campaign.status && mayBeIn(lifecycle, campaign.status, row?.['status']);
          const field = row && !hasMoved && differing(campaign, row);
          if (field)
            return `The backend has \`${field}\` ${formatValue(campaign[field])}, and the row is ${formatValue(row)}.`;
        }
      },
    },
    'row-system': {
      title: 'A feed sends rows of the requested system only.',
      why: 'The store drops a row that names another system. An adapter that mixes systems would show campaigns under the wrong one.',
      fix: 'Keep state per system, and filter by system at the source.',
      check: async (context) => {
        const { known } = await context.populated();
        const isOther = ({ system }: Row): boolean => !isAbsent(system) && system !== context.system;
        const row = [...known.rows.values()].find(isOther);
        if (row) return `The feed of ${formatValue(context.system)} sent ${formatValue(row)}.`;
      },
    },
    'systems-apart': {
      title: 'The same id in two systems means two campaigns.',
      why: 'Stop in one list would stop, or show, the campaign of the other.',
      fix: 'Key every map by system and id, never by id alone.',
      requires: ['control', 'other', 'snapshot-complete', 'change-reported'],
      check: async (context) => {
        const { control } = context;
        const other = context.subject.other!;
        const { id } = await control.seedOne({ name: 'Here' });
        const theirs = await context.otherControl(other).seedOne({ id, name: 'There' });
        if (id !== theirs.id) skip('the backend assigns its own ids, so no two are equal');
        const here = context.watch();
        const there = context.watch({ system: other.system });
        await here.synced();
        await there.synced();
        const wrong = (feed: WatchRecorder, name: string): string | undefined =>
          feed.row(id)?.['name'] === name
            ? undefined
            : `The campaign is named "${name}" in its own system, and the feed sent ${feed.row(id) ? formatValue(feed.row(id)) : 'no row of it'}.`;
        const mixed = wrong(here, 'Here') ?? wrong(there, 'There');
        if (mixed !== undefined) return mixed;
        await context.renamed(here, id);
        await context.fence(here);
        return wrong(there, 'There');
      },
    },
  },
};

function syncedOf({ messages }: WatchRecorder): Extract<Change, { type: 'synced' }> {
  return messages.find((change) => change.type === 'synced')!;
}

/** Which campaigns a snapshot leaves out, as a sentence. */
async function missingIn(feed: WatchRecorder, made: readonly SeedCampaign[]): Promise<string | undefined> {
  const missing = (): readonly SeedCampaign[] => made.filter(({ id }) => !feed.row(id));
  const { partial } = syncedOf(feed);
  // Rows that a partial snapshot leaves out may follow.
  if (partial) await feed.until(() => !missing().length || !!feed.end);
  const ids = missing().map(({ id }) => formatValue(id));
  if (!ids.length) return undefined;
  const late = partial ? `; it was \`partial\`, and the others did not follow${feed.howItEnded}` : '';
  const names = `${ids.slice(0, 3).join(', ')}${ids.length > 3 ? ' …' : ''}`;
  return `Of ${made.length} campaigns that existed before, the snapshot named ${made.length - ids.length}${late}; missing: ${names}.`;
}

/** The first field in which a row differs from what was made. */
function differing(made: SeedCampaign, row: Row): 'name' | 'status' | 'message' | 'missing' | undefined {
  for (const field of ['name', 'status', 'message'] as const)
    if (made[field] !== undefined && row[field] !== made[field]) return field;
  const { missing } = row;
  // Absent means unknown.
  return Array.isArray(missing) && sorted(missing) !== sorted(made.missing) ? 'missing' : undefined;
}

function sorted(words: readonly string[] = []): string {
  return [...words].sort().join();
}
