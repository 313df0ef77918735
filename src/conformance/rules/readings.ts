import type { Feed } from '../../adapters/contract.ts';
import { readFeed, type FeedEnd } from '../read-feed.ts';
import { rules, type Rule } from '../rule.ts';
import { formatValue, formatError } from '../format-value.ts';
import { fresh, type RuleContext } from '../rule-context.ts';
import { checkDependencies, checkLogEntries, checkReading } from '../schemas.ts';

/** Reading by id: feeds of a few campaigns, one campaign, its dependencies, its log. */
export const readingRules: readonly Rule[] = rules('Single campaigns', [
  {
    id: 'ids-told',
    title: 'A feed of some ids tells those, and their changes. It may tell others.',
    why: 'A header alone on a page asks for its one campaign, and would stand still.',
    fix: 'Apply `ids` to the snapshot and to the changes alike, or ignore it and send all.',
    run: async (stage: RuleContext) => {
      const [id] = await stage.some();
      if (id === undefined) stage.skip('there is no campaign to ask for');
      const watching = await stage.synced({ ids: [id] });
      if (!watching.row(id))
        stage.broken(`Asked for ${formatValue(id)}, the feed named ${formatValue([...watching.known.rows.keys()])}.`);
      if (!stage.hasControl) return;
      const name = fresh('Renamed');
      await stage.control.change(id, { name });
      await watching.told(id, (row) => row['name'] === name, `name "${name}", though it was asked for by id`, {
        by: 'change-told',
      });
    },
  },
  {
    id: 'ids-unknown',
    title: 'A feed of an id that there is not ends its snapshot with `synced`, without a row for it.',
    why: 'The page of a campaign that was deleted would load forever, instead of saying so.',
    fix: 'Yield `synced` also when no id was found.',
    run: async (stage: RuleContext) => {
      const id = fresh('no-such-campaign');
      const watching = await stage.synced({ ids: [id] });
      if (watching.row(id))
        stage.broken(`Asked for an id that there is not, the feed told ${formatValue(watching.row(id))}.`);
    },
  },
  {
    id: 'get-schema',
    title: '`get` gives a `Reading` that fits its schema.',
    why: "“Check again” hands it to the store, which drops what it can't read.",
    fix: 'Give `{ campaign, epoch }`, the row mapped as in the feed.',
    needs: ['adapter.get'],
    run: async (stage: RuleContext) => {
      const [id] = await stage.some();
      if (id === undefined) stage.skip('there is no campaign to read');
      const reading = await stage.get(id);
      if (reading === undefined) stage.blocked('get-agrees', `get said that there is no ${formatValue(id)}.`);
      const problem = checkReading(reading);
      if (problem !== undefined) stage.broken(`${problem}. The reading was: ${formatValue(reading)}`);
    },
  },
  {
    id: 'get-agrees',
    title: '`get` and the feed agree.',
    why: 'Two truths about one campaign: the store would take the one with the higher revision, right or wrong.',
    fix: 'Number both by one counter, and map both by one function; leave `get` out if there is no such number.',
    needs: ['adapter.get'],
    run: async (stage: RuleContext) => {
      const [id] = await stage.some();
      if (id === undefined) stage.skip('there is no campaign to read');
      const watching = await stage.synced();
      const reading = await stage.get(id);
      const read = reading?.campaign as Record<string, unknown> | undefined;
      if (!read) stage.broken(`The feed tells ${formatValue(watching.row(id))}, and get says that there is none.`);
      if (read['id'] !== id) stage.broken(`get(${formatValue(id)}) gave the campaign ${formatValue(read['id'])}.`);
      if (reading?.epoch !== undefined && reading.epoch !== watching.epoch)
        stage.broken(`The feed is of epoch ${formatValue(watching.epoch)}, and get of ${formatValue(reading.epoch)}.`);
      const told = watching.row(id);
      if (told) stage.revisionOf(told);
      // In a live system it may change between the two: then the feed catches up.
      const caughtUp = await watching.until(() => {
        const row = watching.row(id);
        return row && Number(row['revision']) >= Number(read['revision']);
      });
      const row = watching.row(id);
      if (!caughtUp) stage.broken(`get gave ${formatValue(read)}, and the feed never got beyond ${formatValue(row)}.`);
      if (row?.['revision'] !== read['revision']) return;
      for (const field of ['name', 'status', 'message'])
        if (row![field] !== read[field])
          stage.broken(`The feed tells ${formatValue(row)}, and get ${formatValue(read)}.`);
    },
  },
  {
    id: 'get-fresh',
    title: '`get` shows a change as soon as the backend has it.',
    why: '“Check again” that shows what is on screen already confirms a lie.',
    fix: 'Ask the backend each time, past every cache (`cache: "no-store"`).',
    needs: ['control', 'adapter.get'],
    run: async (stage: RuleContext) => {
      const { id } = await stage.control.seedOne();
      await stage.get(id);
      const name = fresh('Renamed');
      await stage.control.change(id, { name });
      const reading = await stage.get(id);
      if ((reading?.campaign as Record<string, unknown> | undefined)?.['name'] !== name)
        stage.broken(`The campaign was renamed "${name}", and then get gave ${formatValue(reading)}.`);
    },
  },
  {
    id: 'get-unknown',
    title: '`get` gives `undefined` for a campaign that there is not.',
    why: 'An error says “could not be read”, and the gone campaign stays on screen.',
    fix: 'Turn 404 and 410 into `undefined`, and nothing else.',
    needs: ['adapter.get'],
    run: async (stage: RuleContext) => {
      const reading = await stage.get(fresh('no-such-campaign'));
      if (reading !== undefined) stage.broken(`For an id that there is not, get gave ${formatValue(reading)}.`);
    },
  },
  {
    id: 'diagnose-schema',
    title: '`diagnose` gives a list of dependencies that fit their schema.',
    why: "A dependency that can't be read is left out, and the guide ticks a step for the others alone.",
    fix: "Give `kind`, `id`, `name` and one of the four states; `unknown` where the backend can't tell.",
    needs: ['adapter.diagnose'],
    run: async (stage: RuleContext) => {
      const [id] = await stage.some();
      if (id === undefined) stage.skip('there is no campaign to diagnose');
      const diagnosis = await stage.ask('diagnose', async (signal) => {
        const given = stage.adapter.diagnose!(stage.ref(id), signal);
        return isFeed(given) ? firstOf(given) : given;
      });
      const problem = checkDependencies(diagnosis);
      if (problem !== undefined) stage.broken(`${problem}. The diagnosis was: ${formatValue(diagnosis)}`);
    },
  },
  {
    id: 'log-schema',
    title: '`log` gives lists of entries that fit their schema, the first one soon, even if it is empty.',
    why: 'Until the first list comes the panel says that it is loading.',
    fix: 'Yield what is kept, at once, as one list; then a list for whatever is added.',
    needs: ['adapter.log'],
    run: async (stage: RuleContext) => {
      const { log } = await readLog(stage);
      for (const entries of log) {
        const problem = checkLogEntries(entries);
        if (problem !== undefined) stage.broken(`${problem}. The list was: ${formatValue(entries)}`);
      }
    },
  },
  {
    id: 'log-starts-over',
    title: 'Each new reading of a log begins with what is kept.',
    why: 'A panel that is closed and opened again would be empty.',
    fix: 'Give each call of `log` the whole log first; keep no place in it on the adapter.',
    needs: ['adapter.log'],
    run: async (stage: RuleContext) => {
      const { id, log: first } = await readLog(stage);
      const entries = first.flatMap(entriesIn);
      if (!entries.length) stage.skip('the log is empty');
      const { log: second } = await readLog(stage, id);
      const again = new Set(second.flatMap(entriesIn).map((entry) => formatValue(entry)));
      const lost = entries.find((entry) => !again.has(formatValue(entry)));
      if (lost !== undefined)
        stage.broken(
          `The first reading gave ${formatValue(lost)}, and the second one, of ${again.size} entries, did not.`,
        );
    },
  },
]);

/** Reads the log of a campaign for a while: one that has run, if the kit can make one run. */
async function readLog(
  stage: RuleContext,
  known?: string,
): Promise<{ readonly id: string; readonly log: readonly unknown[] }> {
  if (!stage.lifecycle?.log) stage.skip('the lifecycle keeps no log');
  const id = known ?? (await stage.hasRun());
  if (id === undefined) stage.skip('there is no campaign to read the log of');
  const log: unknown[] = [];
  const controller = stage.controller();
  await stage.ask(
    'log',
    () =>
      new Promise<void>((resolve, reject) => {
        readFeed<unknown>(
          () => stage.adapter.log!(stage.ref(id), controller.signal),
          (entries) => {
            stage.trace.add('log', 'says', entries);
            log.push(entries);
            resolve();
          },
          (end) => reject(tooEarly(end)),
        );
      }),
  );
  await stage.fence();
  controller.abort();
  return { id, log };
}

function entriesIn(list: unknown): readonly unknown[] {
  return Array.isArray(list) ? (list as readonly unknown[]) : [];
}

function isFeed<T>(given: Promise<T> | Feed<T>): given is Feed<T> {
  return !('then' in given);
}

function firstOf<T>(feed: Feed<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const close = readFeed<T>(
      () => feed,
      (value) => {
        resolve(value);
        queueMicrotask(() => close());
      },
      (end) => reject(tooEarly(end)),
    );
  });
}

/** A feed ended before its first value. */
function tooEarly(end: FeedEnd): Error {
  if (end.how === 'completed') return new Error('it ended without a value');
  return end.error instanceof Error ? end.error : new Error(formatError(end.error));
}
