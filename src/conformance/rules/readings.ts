import type { Feed, HistoryEntry } from '../../adapters/contract.ts';
import { legalActions } from '../../lifecycle/index.ts';
import { deepEqual } from '../../util/deep-equal.ts';
import { isAbsent } from '../../util/is-absent.ts';
import { fresh } from '../checked-control.ts';
import { pause } from '../deadline.ts';
import { formatError, formatValue } from '../format-value.ts';
import { readFeed } from '../watch-recorder.ts';
import type { RuleGroup } from '../rule.ts';
import { RuleBroken, skip } from '../rule-errors.ts';
import type { RuleContext } from '../rule-context.ts';
import { checkDependencies, checkHistoryPage, checkLogEntries, checkReading } from '../schemas.ts';
import { Attempt, prepareOne } from './attempt.ts';

/** A limit that holds the whole history of a campaign of the kit. */
const ALL = 100;
/** A history of one of the kit's own campaigns has fewer pages. */
const MOST_PAGES = 50;
/** How many actions make a history of several pages. */
const ACTIONS = 3;
/** Time between two readings of a history that lacks an action, in ms. */
const AGAIN_MS = 50;

/** Reading by id: feeds of a few campaigns, one campaign, its dependencies and its log. */
export const readingRules: RuleGroup = {
  group: 'Single campaigns',
  requires: ['feed-schema'],
  rules: {
    'ids-reported': {
      title: 'A feed with `ids` reports those campaigns and their changes. It may report others too.',
      why: 'A header alone on a page watches only its own campaign, and would not update.',
      fix: 'Apply `ids` to both the snapshot and the changes, or ignore it and send all campaigns.',
      requires: ['change-reported'],
      check: async (context) => {
        const id = await context.someId();
        const feed = await context.synced({ ids: [id] });
        if (!feed.row(id))
          return `The feed was asked for ${formatValue(id)} and named ${formatValue([...feed.known.rows.keys()])}.`;
        if (context.hasControl) await context.renamed(feed, id);
      },
    },
    'ids-unknown': {
      title: 'A feed of an unknown id ends its snapshot with `synced` and has no row for that id.',
      why: 'The page of a deleted campaign would show “Loading” forever.',
      fix: 'Yield `synced` even if no id was found.',
      check: async (context) => {
        const id = fresh('no-such-campaign');
        const row = (await context.synced({ ids: [id] })).row(id);
        if (row) return `The feed was asked for an unknown id and sent ${formatValue(row)}.`;
      },
    },
    'get-schema': {
      title: '`get` returns a `Reading` that fits its schema.',
      why: "“Check again” passes it to the store, which drops what it can't read.",
      fix: 'Return `{ campaign, epoch }`, with the row mapped as in the feed.',
      requires: ['adapter.get'],
      check: async (context) => {
        const { reading } = await context.get(await context.someId());
        const problem = checkReading(reading);
        if (problem !== undefined) return `${problem}. The reading was: ${formatValue(reading)}`;
      },
    },
    'get-agrees': {
      title: '`get` and the feed return the same row.',
      why: 'If they differ, the store shows the one with the higher revision, right or wrong.',
      fix: "Use the same revisions and the same mapping for both. Leave `get` out if it can't know the revision.",
      requires: ['adapter.get', 'get-schema'],
      check: async (context) => {
        const id = await context.someId();
        const feed = await context.synced();
        const { reading, row: read } = await context.get(id);
        if (!read) return `The feed sent ${formatValue(feed.row(id))}, and get returned no campaign.`;
        if (read.id !== id) return `get(${formatValue(id)}) returned the campaign ${formatValue(read.id)}.`;
        if (!isAbsent(reading?.epoch) && reading.epoch !== feed.epoch)
          return `The feed is of epoch ${formatValue(feed.epoch)}, and get of ${formatValue(reading.epoch)}.`;
        // In a live system the campaign may change between the two; the feed then catches up.
        await feed.until(() => Number(feed.row(id)?.['revision']) >= Number(read['revision']));
        const row = feed.row(id);
        if (!row || context.revisionOf(row) < Number(read['revision']))
          return `get returned ${formatValue(read)}, and the last row of the feed is ${formatValue(row)}.`;
        const differs = ['name', 'status', 'message'].some((field) => row[field] !== read[field]);
        if (differs && row['revision'] === read['revision'])
          return `The feed sent ${formatValue(row)}, and get returned ${formatValue(read)}.`;
      },
    },
    'get-fresh': {
      title: '`get` returns a change as soon as the backend has it.',
      why: 'Otherwise “Check again” confirms an outdated status.',
      fix: 'Ask the backend each time and bypass every cache (`cache: "no-store"`).',
      requires: ['control', 'adapter.get', 'get-schema'],
      check: async (context) => {
        const { id } = await context.control.seedOne();
        await context.get(id);
        const name = await context.control.rename(id);
        const { reading, row } = await context.get(id);
        if (row?.['name'] !== name)
          return `The campaign was renamed "${name}", and then get returned ${formatValue(reading)}.`;
      },
    },
    'get-unknown': {
      title: '`get` returns `undefined` for an unknown campaign.',
      why: 'An error means “could not be read”, so a removed campaign would stay on screen.',
      fix: 'Turn 404 and 410 into `undefined`, and no other answer.',
      requires: ['adapter.get'],
      check: async (context) => {
        const { reading } = await context.get(fresh('no-such-campaign'));
        if (reading !== undefined) return `For an unknown id get returned ${formatValue(reading)}.`;
      },
    },
    'diagnose-schema': {
      title: '`diagnose` returns a list of dependencies that fit their schema.',
      why: "The store leaves out a dependency that it can't read, so the recovery guide may tick a step too early.",
      fix: 'Return `kind`, `id`, `name` and one of the four states; `unknown` if the backend does not know.',
      requires: ['adapter.diagnose'],
      check: async (context) => {
        const id = await context.someId();
        const diagnosis = await context.call('diagnose', async (signal) => {
          const returned = context.adapter.diagnose!(context.ref(id), signal);
          return 'then' in returned ? returned : firstOf(() => returned);
        });
        const problem = checkDependencies(diagnosis);
        if (problem !== undefined) return `${problem}. The diagnosis was: ${formatValue(diagnosis)}`;
      },
    },
    'log-schema': {
      title: '`log` sends lists of entries that fit their schema, the first list at once, even if it is empty.',
      why: 'Until the first list comes, the panel shows “Loading”.',
      fix: 'Yield the kept entries at once as one list, then a list for each addition.',
      requires: ['adapter.log', 'act-schema'],
      check: async (context) => {
        for (const list of await readLog(context, await idWithLog(context))) {
          const problem = checkLogEntries(list);
          if (problem !== undefined) return `${problem}. The list was: ${formatValue(list)}`;
        }
      },
    },
    'log-starts-over': {
      title: 'Each call of `log` starts with the kept entries.',
      why: 'Otherwise a panel that is closed and opened again is empty.',
      fix: "Send the whole log first in each call of `log`. Don't keep a position in it on the adapter.",
      requires: ['adapter.log', 'log-schema'],
      check: async (context) => {
        const id = await idWithLog(context);
        const entries = (await readLog(context, id)).flat();
        if (!entries.length) skip('the log is empty');
        const again = (await readLog(context, id)).flat();
        const lost = entries.find((entry) => !again.some((other) => deepEqual(entry, other)));
        if (lost !== undefined)
          return `The first call sent ${formatValue(lost)}, and the second one, with ${again.length} entries, did not.`;
      },
    },
  },
};

/** What moved a campaign, page by page. */
export const historyRules: RuleGroup = {
  group: 'The history of a campaign',
  ruleSet: 2,
  requires: ['adapter.history', 'history-schema'],
  rules: {
    'history-schema': {
      title: '`history` returns pages that fit the schema of `HistoryPage`.',
      why: "The store leaves out an entry that it can't read, so the history has gaps.",
      fix: 'Return `{ entries, before }`. Each entry needs `status` and `at`; leave out `before` on the last page.',
      requires: ['act-schema'],
      // Reading a history checks the schema.
      check: async (context) => void (await readHistory(context, await idWithPast(context), ALL)),
    },
    'history-action': {
      title: 'An action that was taken is in the history, with its name and the status that it led to.',
      why: 'People read the history to find out who stopped a campaign. A move without its action looks like one of the engine.',
      fix: 'Record the `action` with the move, in the same step as the change of the status.',
      requires: ['control', 'act-legal'],
      check: async (context) => void (await actAndRead(context, await prepareOne(context), 1)),
    },
    'history-newest-first': {
      title: 'The history begins with the newest entry.',
      why: 'The latest move is what people look for. The store shows the entries in the order in which they come.',
      fix: 'Sort by the order of the moves, newest first: `ORDER BY id DESC`. Times may be equal.',
      requires: ['control', 'history-action', 'act-new-key'],
      check: async (context) => {
        const attempt = await prepareOne(context);
        const older = await actAndRead(context, attempt, 1);
        await attempt.move();
        const newer = await actAndRead(context, attempt, 2);
        if (!deepEqual(newer.slice(-older.length), older))
          return `After another action the history did not end with the entries from before. It was ${formatValue(older)}, and then ${formatValue(newer)}.`;
      },
    },
    'history-paged': {
      title: 'The pages of a history that `before` leads to hold every entry once, and end.',
      why: '“Show more” would repeat the same moves, or never reach the first one.',
      fix: 'Let `before` name the place after the last entry of the page, and leave it out if there are no more entries.',
      requires: ['control', 'history-action', 'act-new-key'],
      check: async (context) => {
        const attempt = await prepareOne(context);
        let whole = await actAndRead(context, attempt, 1);
        for (let times = 2; times <= ACTIONS; times++) {
          await attempt.move();
          whole = await actAndRead(context, attempt, times);
        }
        const paged = await readHistory(context, attempt.id, 1);
        if (!deepEqual(paged, whole))
          return `Pages of 1 had ${paged.length} entries, ${formatValue(paged)}, and pages of ${ALL} had ${whole.length}: ${formatValue(whole)}.`;
      },
    },
  },
};

/** The id of a campaign that has run, so that it may have a log and a history; in a read-only run that of any campaign. */
async function idWithPast(context: RuleContext): Promise<string> {
  const id = await context.someId();
  if (!context.hasControl) return id;
  const { lifecycle, restingStatus: from } = context.control;
  const [action] = legalActions(lifecycle, from);
  const feed = await context.synced();
  const row = feed.row(id);
  if (action !== undefined && row) await new Attempt(context, feed, row, { action, from }).act();
  return id;
}

function idWithLog(context: RuleContext): Promise<string> {
  return context.lifecycle?.log ? idWithPast(context) : skip('the lifecycle has no log');
}

/** The lists that a log sends in a while. */
async function readLog(context: RuleContext, id: string): Promise<readonly unknown[]> {
  const controller = context.controller();
  const lists: unknown[] = [];
  await context.call('log', () =>
    firstOf(
      () => context.adapter.log!(context.ref(id), controller.signal),
      (list) => {
        context.trace.add('log', 'sends', list);
        lists.push(list);
      },
    ),
  );
  await context.fence();
  controller.abort();
  return lists;
}

/** All pages of a history as one. @throws RuleBroken if a page does not fit its schema, or the pages do not end */
async function readHistory(context: RuleContext, id: string, limit: number): Promise<readonly HistoryEntry[]> {
  const entries: HistoryEntry[] = [];
  let before: string | undefined;
  for (let pages = 0; pages < MOST_PAGES; pages++) {
    const request = { limit, ...(before === undefined ? {} : { before }) };
    context.trace.add('history', formatValue(id), request);
    const page = await context.call('history', (signal) => context.adapter.history!(context.ref(id), request, signal));
    context.trace.add('history', 'answers', page);
    const problem = checkHistoryPage(page);
    if (problem !== undefined) throw new RuleBroken(`${problem}. The page was: ${formatValue(page)}`);
    entries.push(...page.entries);
    if (isAbsent(page.before)) return entries;
    ({ before } = page);
  }
  throw new RuleBroken(
    `The history of one campaign did not end after ${MOST_PAGES} pages of ${limit}; it has ${entries.length} entries so far, the last one ${formatValue(entries.at(-1))}.`,
  );
}

/** Acts on a campaign, and reads its history until it names the action so many times. @throws RuleBroken if it does not */
async function actAndRead(context: RuleContext, attempt: Attempt, times: number): Promise<readonly HistoryEntry[]> {
  const { feed, id, action, targets } = attempt;
  await attempt.actAndLand({ row: feed.row(id)!, key: fresh('key') });
  const isNamed = (entry: HistoryEntry): boolean => entry.action === action && targets.includes(entry.status);
  for (let left = context.timeouts.answerMs; ; left -= AGAIN_MS) {
    const entries = await readHistory(context, id, ALL);
    if (entries.filter(isNamed).length >= times) return entries;
    if (left <= 0)
      throw new RuleBroken(
        `“${action}” was taken ${times === 1 ? 'once' : `${times} times`}, and the history is ${formatValue(entries)}.`,
      );
    await pause(AGAIN_MS);
  }
}

/** The first value of a feed. @param next takes this and all later ones; without it the feed is closed */
function firstOf<T>(open: () => Feed<T>, next?: (value: T) => void): Promise<T> {
  return new Promise((resolve, reject) => {
    const close = readFeed<T>(
      open,
      (value) => {
        resolve(value);
        if (next) next(value);
        else queueMicrotask(() => close());
      },
      (end) => {
        if (end.how === 'completed') reject(new Error('it ended without a value'));
        else reject(end.error instanceof Error ? end.error : new Error(formatError(end.error)));
      },
    );
  });
}
