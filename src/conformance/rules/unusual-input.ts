import { legalActions } from '../../lifecycle/index.ts';
import { fresh } from '../checked-control.ts';
import { formatValue } from '../format-value.ts';
import type { RuleGroup } from '../rule.ts';
import { HarnessError, skip } from '../rule-errors.ts';
import type { RuleContext } from '../rule-context.ts';
import type { SeedCampaign } from '../subject.ts';
import { Attempt } from './attempt.ts';

/**
 * Ids that cause errors in paths, queries or plain objects. `.` and `..` are not among them, because no client sends them as part of
 * a path.
 */
const ODD_IDS: readonly string[] = [
  '__proto__',
  'constructor',
  'with space',
  'slash/question?hash#percent%2Fplus+and&is=',
  'ä-ß-日本-😀',
  '\'single"double`back\\slash',
  'x'.repeat(200),
];

/** Texts that cause errors in markup, lines or quotes. NUL and lone surrogates are not among them, because few backends can store them. */
const ODD_TEXTS: readonly string[] = [
  '<img src=x onerror=alert(1)> &amp; "quoted"',
  'data: {"type":"open"}\n\nevent: other\nid: 1\n\n: comment',
  'ä ß 日本 😀 \u202eright to left \u2028 line separator',
  'C:\\new\\table \\u0041 %41 $& ${x}',
  'a\ttab, a\r\ncarriage return',
  'null',
];

const LONG = 100_000;

/** Ids and texts that are rare but occur. */
export const unusualInputRules: RuleGroup = {
  group: 'Unusual ids and texts',
  requires: ['control', 'snapshot-complete', 'row-faithful', 'change-reported'],
  rules: {
    'odd-ids': {
      title: 'A feed sends ids with unusual characters unchanged, each with its own campaign.',
      why: 'An id can be any text. `__proto__` as a key of a plain object is not a key of its own.',
      fix: 'Keep rows in a `Map`, and encode an id before you combine it with other text.',
      check: async (context) => {
        const made = await seedOdd(context);
        const feed = await context.synced();
        for (const { id, name } of made)
          if (feed.row(id)?.['name'] !== name)
            return `The campaign with id ${formatValue(id)} has the name "${name}", and the feed sent ${formatValue(feed.row(id))}.`;
        for (const { id } of made) await context.renamed(feed, id);
      },
    },
    'odd-ids-addressed': {
      title: 'Campaigns with unusual characters in their ids can be watched, read and acted on.',
      why: 'A slash in an id would change the address of the request and could stop another campaign.',
      fix: 'Put `encodeURIComponent(id)` into paths, and `URLSearchParams` into queries.',
      requires: ['ids-reported', 'act-legal'],
      check: async (context) => {
        const made = await seedOdd(context);
        const { lifecycle, restingStatus: from } = context.control;
        const [action] = legalActions(lifecycle, from);
        const some = await context.synced({ ids: made.map(({ id }) => id) });
        const all = await context.synced();
        for (const { id, name } of made) {
          const row = some.row(id);
          if (!row) return `A feed of the id ${formatValue(id)} has no row of it.`;
          if (context.adapter.get) {
            const { row: read } = await context.get(id);
            if (read?.['name'] !== name) return `get(${formatValue(id)}) returned ${formatValue(read)}.`;
          }
          if (action !== undefined) await new Attempt(context, all, row, { action, from }).actAndLand();
        }
      },
    },
    'odd-texts': {
      title: 'A feed sends texts unchanged: markup, line breaks, quotes, any script.',
      why: 'Users fix an error by its message. A message that is cut or read as markup does not help, or does harm.',
      fix: "Send JSON made by a serializer, and don't escape or unescape anything on the way.",
      check: (context) => changedMessage(context, ODD_TEXTS),
    },
    'long-texts': {
      level: 'should',
      title: `A message of ${LONG.toLocaleString('en')} characters arrives complete.`,
      why: 'Stack traces are long, and the last line matters most. The store shortens long messages itself and marks them.',
      fix: 'Raise the size limits of columns, messages and buffers on the way.',
      check: (context) => changedMessage(context, ['A line of a long trace.\n'.repeat(LONG).slice(0, LONG)]),
    },
    'unknown-status': {
      title: 'A feed sends a status that the lifecycle does not know unchanged.',
      why: 'A newer backend may have one more status. Its raw word is understandable; a known status in its place would be wrong.',
      fix: "Pass on words that you don't know, and use no default.",
      check: async (context) => {
        const { id, feed } = await context.seededOne();
        const status = fresh('no-such-status');
        try {
          await context.control.call('change', id, { status });
        } catch (error) {
          if (error instanceof HarnessError) skip(`the backend can't store such a status: ${error.message}`);
          throw error;
        }
        await feed.waitForRow(id, (row) => row['status'] === status, `status "${status}"`);
      },
    },
  },
};

async function seedOdd(context: RuleContext): Promise<readonly SeedCampaign[]> {
  const ids = context.subject.oddIds ?? ODD_IDS;
  if (!ids.length) skip('the subject has only plain ids (`oddIds: []`)');
  const made = await context.control.seed(...ids.map((id, n) => ({ id, name: `Odd ${n + 1}` })));
  return made.every(({ id }, index) => id === ids[index]) ? made : skip('the backend assigns its own ids');
}

/** Makes campaigns with these messages, and says which one the feed changes. */
async function changedMessage(context: RuleContext, messages: readonly string[]): Promise<string | undefined> {
  const { lifecycle, restingStatus } = context.control;
  // Some backends keep messages only in statuses that faults lead to.
  const status = Object.values(lifecycle.statuses).find(({ fault }) => fault !== undefined)?.fault ?? restingStatus;
  const { made, feed } = await context.seeded(...messages.map((message) => ({ message, status })));
  for (const { id, message } of made) {
    const row = await feed.waitForRow(id, () => true);
    if (row['message'] !== message)
      return `The backend has the message ${formatValue(JSON.stringify(message))}, and the feed sent ${formatValue(JSON.stringify(row['message']))}.`;
  }
  return undefined;
}
