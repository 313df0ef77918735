import type { Feed } from '../../adapters/contract.ts';
import { isAbsent } from '../../util/is-absent.ts';
import { readFeed, type FeedEnd } from '../read-feed.ts';
import { rules, type Rule } from '../rule.ts';
import { formatValue, formatError } from '../format-value.ts';
import { fresh, type RuleContext } from '../rule-context.ts';
import { checkDependencies, checkLogEntries, checkReading } from '../schemas.ts';

/** Reading by id: feeds of a few campaigns, one campaign, its dependencies and its log. */
export const readingRules: readonly Rule[] = rules('Single campaigns', [
  {
    id: 'ids-reported',
    title: 'A feed with `ids` reports those campaigns and their changes. It may report others too.',
    why: 'A header alone on a page watches only its own campaign, and would not update.',
    fix: 'Apply `ids` to both the snapshot and the changes, or ignore it and send all campaigns.',
    run: async (context: RuleContext) => {
      const [id] = await context.someIds();
      if (id === undefined) context.skip('there is no campaign to watch');
      const recorder = await context.synced({ ids: [id] });
      if (!recorder.row(id))
        context.broken(
          `The feed was asked for ${formatValue(id)} and named ${formatValue([...recorder.known.rows.keys()])}.`,
        );
      if (!context.hasControl) return;
      const name = fresh('Renamed');
      await context.control.change(id, { name });
      await recorder.waitForRow(id, (row) => row['name'] === name, `name "${name}" in a feed with \`ids\``, {
        by: 'change-reported',
      });
    },
  },
  {
    id: 'ids-unknown',
    title: 'A feed of an unknown id ends its snapshot with `synced` and has no row for that id.',
    why: 'The page of a deleted campaign would show “Loading” forever.',
    fix: 'Yield `synced` even if no id was found.',
    run: async (context: RuleContext) => {
      const id = fresh('no-such-campaign');
      const recorder = await context.synced({ ids: [id] });
      if (recorder.row(id))
        context.broken(`The feed was asked for an unknown id and sent ${formatValue(recorder.row(id))}.`);
    },
  },
  {
    id: 'get-schema',
    title: '`get` returns a `Reading` that fits its schema.',
    why: "“Check again” passes it to the store, which drops what it can't read.",
    fix: 'Return `{ campaign, epoch }`, with the row mapped as in the feed.',
    needs: ['adapter.get'],
    run: async (context: RuleContext) => {
      const [id] = await context.someIds();
      if (id === undefined) context.skip('there is no campaign to read');
      const reading = await context.get(id);
      if (reading === undefined) context.blocked('get-agrees', `get returned undefined for ${formatValue(id)}.`);
      const problem = checkReading(reading);
      if (problem !== undefined) context.broken(`${problem}. The reading was: ${formatValue(reading)}`);
    },
  },
  {
    id: 'get-agrees',
    title: '`get` and the feed return the same row.',
    why: 'If they differ, the store shows the one with the higher revision, right or wrong.',
    fix: "Use the same revisions and the same mapping for both. Leave `get` out if it can't know the revision.",
    needs: ['adapter.get'],
    run: async (context: RuleContext) => {
      const [id] = await context.someIds();
      if (id === undefined) context.skip('there is no campaign to read');
      const recorder = await context.synced();
      const reading = await context.get(id);
      const read = reading?.campaign as Record<string, unknown> | undefined;
      if (!read) context.broken(`The feed sent ${formatValue(recorder.row(id))}, and get returned no campaign.`);
      if (read['id'] !== id)
        context.broken(`get(${formatValue(id)}) returned the campaign ${formatValue(read['id'])}.`);
      if (!isAbsent(reading?.epoch) && reading.epoch !== recorder.epoch)
        context.broken(
          `The feed is of epoch ${formatValue(recorder.epoch)}, and get of ${formatValue(reading.epoch)}.`,
        );
      const received = recorder.row(id);
      if (received) context.revisionOf(received);
      // In a live system the campaign may change between the two; the feed then catches up.
      const caughtUp = await recorder.until(() => {
        const row = recorder.row(id);
        return row && Number(row['revision']) >= Number(read['revision']);
      });
      const row = recorder.row(id);
      if (!caughtUp)
        context.broken(`get returned ${formatValue(read)}, and the last row of the feed is ${formatValue(row)}.`);
      if (row?.['revision'] !== read['revision']) return;
      for (const field of ['name', 'status', 'message'])
        if (row![field] !== read[field])
          context.broken(`The feed sent ${formatValue(row)}, and get returned ${formatValue(read)}.`);
    },
  },
  {
    id: 'get-fresh',
    title: '`get` returns a change as soon as the backend has it.',
    why: 'Otherwise “Check again” confirms an outdated status.',
    fix: 'Ask the backend each time and bypass every cache (`cache: "no-store"`).',
    needs: ['control', 'adapter.get'],
    run: async (context: RuleContext) => {
      const { id } = await context.control.seedOne();
      await context.get(id);
      const name = fresh('Renamed');
      await context.control.change(id, { name });
      const reading = await context.get(id);
      if ((reading?.campaign as Record<string, unknown> | undefined)?.['name'] !== name)
        context.broken(`The campaign was renamed "${name}", and then get returned ${formatValue(reading)}.`);
    },
  },
  {
    id: 'get-unknown',
    title: '`get` returns `undefined` for an unknown campaign.',
    why: 'An error means “could not be read”, so a removed campaign would stay on screen.',
    fix: 'Turn 404 and 410 into `undefined`, and no other answer.',
    needs: ['adapter.get'],
    run: async (context: RuleContext) => {
      const reading = await context.get(fresh('no-such-campaign'));
      if (reading !== undefined) context.broken(`For an unknown id get returned ${formatValue(reading)}.`);
    },
  },
  {
    id: 'diagnose-schema',
    title: '`diagnose` returns a list of dependencies that fit their schema.',
    why: "The store leaves out a dependency that it can't read, so the recovery guide may tick a step too early.",
    fix: 'Return `kind`, `id`, `name` and one of the four states; `unknown` if the backend does not know.',
    needs: ['adapter.diagnose'],
    run: async (context: RuleContext) => {
      const [id] = await context.someIds();
      if (id === undefined) context.skip('there is no campaign to diagnose');
      const diagnosis = await context.call('diagnose', async (signal) => {
        const returned = context.adapter.diagnose!(context.ref(id), signal);
        return isFeed(returned) ? firstOf(returned) : returned;
      });
      const problem = checkDependencies(diagnosis);
      if (problem !== undefined) context.broken(`${problem}. The diagnosis was: ${formatValue(diagnosis)}`);
    },
  },
  {
    id: 'log-schema',
    title: '`log` sends lists of entries that fit their schema, the first list at once, even if it is empty.',
    why: 'Until the first list comes, the panel shows “Loading”.',
    fix: 'Yield the kept entries at once as one list, then a list for each addition.',
    needs: ['adapter.log'],
    run: async (context: RuleContext) => {
      const { log } = await readLog(context);
      for (const entries of log) {
        const problem = checkLogEntries(entries);
        if (problem !== undefined) context.broken(`${problem}. The list was: ${formatValue(entries)}`);
      }
    },
  },
  {
    id: 'log-starts-over',
    title: 'Each call of `log` starts with the kept entries.',
    why: 'Otherwise a panel that is closed and opened again is empty.',
    fix: "Send the whole log first in each call of `log`. Don't keep a position in it on the adapter.",
    needs: ['adapter.log'],
    run: async (context: RuleContext) => {
      const { id, log: first } = await readLog(context);
      const entries = first.flatMap(entriesIn);
      if (!entries.length) context.skip('the log is empty');
      const { log: second } = await readLog(context, id);
      const again = new Set(second.flatMap(entriesIn).map((entry) => formatValue(entry)));
      const lost = entries.find((entry) => !again.has(formatValue(entry)));
      if (lost !== undefined)
        context.broken(
          `The first call sent ${formatValue(lost)}, and the second one, with ${again.size} entries, did not.`,
        );
    },
  },
]);

/** Reads the log of a campaign for a while: of one that has run, if the kit can start one. */
async function readLog(
  context: RuleContext,
  known?: string,
): Promise<{ readonly id: string; readonly log: readonly unknown[] }> {
  if (!context.lifecycle?.log) context.skip('the lifecycle has no log');
  const id = known ?? (await context.idWithPast());
  if (id === undefined) context.skip('there is no campaign with a log');
  const log: unknown[] = [];
  const controller = context.controller();
  await context.call(
    'log',
    () =>
      new Promise<void>((resolve, reject) => {
        readFeed<unknown>(
          () => context.adapter.log!(context.ref(id), controller.signal),
          (entries) => {
            context.trace.add('log', 'sends', entries);
            log.push(entries);
            resolve();
          },
          (end) => reject(tooEarly(end)),
        );
      }),
  );
  await context.fence();
  controller.abort();
  return { id, log };
}

function entriesIn(list: unknown): readonly unknown[] {
  return Array.isArray(list) ? (list as readonly unknown[]) : [];
}

function isFeed<T>(value: Promise<T> | Feed<T>): value is Feed<T> {
  return !('then' in value);
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

/** The error for a feed that ended before its first value. */
function tooEarly(end: FeedEnd): Error {
  if (end.how === 'completed') return new Error('it ended without a value');
  return end.error instanceof Error ? end.error : new Error(formatError(end.error));
}
