import { legalActions } from '../../lifecycle/index.ts';
import { rules, type Rule } from '../rule.ts';
import { formatValue, formatError } from '../format-value.ts';
import { fresh, seenIn, showAnswer, type RuleContext } from '../rule-context.ts';
import { HarnessError } from '../rule-errors.ts';
import { hasStatus } from '../watch-recorder.ts';
import { targetsOf } from './action-setup.ts';

/**
 * Ids that cause errors in paths, queries or plain objects. `.` and `..` are not among them, because no client sends them as part of
 * a path.
 */
export const ODD_IDS: readonly string[] = [
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
export const unusualInputRules: readonly Rule[] = rules('Unusual ids and texts', [
  {
    id: 'odd-ids',
    title: 'A feed sends ids with unusual characters unchanged, each with its own campaign.',
    why: 'An id can be any text. `__proto__` as a key of a plain object is not a key of its own.',
    fix: 'Keep rows in a `Map`, and encode an id before you combine it with other text.',
    needs: ['control'],
    run: async (context: RuleContext) => {
      const made = await seedOdd(context);
      const recorder = await context.synced();
      for (const { id, name } of made)
        if (recorder.row(id)?.['name'] !== name)
          context.broken(
            `The campaign with id ${formatValue(id)} has the name "${name}", and the feed sent ${formatValue(recorder.row(id))}.`,
          );
      for (const { id } of made) {
        const name = fresh('Renamed');
        await context.control.change(id, { name });
        await recorder.waitForRow(id, (row) => row['name'] === name, `name "${name}"`, { by: 'change-reported' });
      }
    },
  },
  {
    id: 'odd-ids-addressed',
    title: 'Campaigns with unusual characters in their ids can be watched, read and acted on.',
    why: 'A slash in an id would change the address of the request and could stop another campaign.',
    fix: 'Put `encodeURIComponent(id)` into paths, and `URLSearchParams` into queries.',
    needs: ['control'],
    run: async (context: RuleContext) => {
      const made = await seedOdd(context);
      const { lifecycle, restingStatus } = context.control;
      const [action] = legalActions(lifecycle, restingStatus);
      const recorder = await context.synced({ ids: made.map(({ id }) => id) });
      const all = await context.synced();
      for (const { id, name } of made) {
        const row = recorder.row(id);
        if (!row) context.broken(`A feed of the id ${formatValue(id)} has no row of it.`);
        if (context.adapter.get) {
          const reading = (await context.get(id))?.campaign as Record<string, unknown> | undefined;
          if (reading?.['name'] !== name) context.broken(`get(${formatValue(id)}) returned ${formatValue(reading)}.`);
        }
        if (action === undefined) continue;
        const answer = await context.act({ id, action, seen: seenIn(row, recorder.epoch) });
        if ('thrown' in answer || !['done', 'accepted'].includes(answer.result.outcome))
          context.broken(`act(${action}) on ${formatValue(id)} ${showAnswer(answer)}.`);
        const targets = targetsOf(lifecycle, { action, from: restingStatus });
        await all.waitForRow(id, hasStatus(targets), `status ${targets.join(' or ')}`, {
          by: 'act-legal',
        });
      }
    },
  },
  {
    id: 'odd-texts',
    title: 'A feed sends texts unchanged: markup, line breaks, quotes, any script.',
    why: 'Users fix an error by its message. A message that is cut or read as markup does not help, or does harm.',
    fix: "Send JSON made by a serializer, and don't escape or unescape anything on the way.",
    needs: ['control'],
    run: (context: RuleContext) => expectMessages(context, ODD_TEXTS),
  },
  {
    id: 'long-texts',
    level: 'should',
    title: `A message of ${LONG.toLocaleString('en')} characters arrives complete.`,
    why: 'Stack traces are long, and the last line matters most. The store shortens long messages itself and marks them.',
    fix: 'Raise the size limits of columns, messages and buffers on the way.',
    needs: ['control'],
    run: (context: RuleContext) => expectMessages(context, ['A line of a long trace.\n'.repeat(LONG).slice(0, LONG)]),
  },
  {
    id: 'unknown-status',
    title: 'A feed sends a status that the lifecycle does not know unchanged.',
    why: 'A newer backend may have one more status. Its raw word is understandable; a known status in its place would be wrong.',
    fix: "Pass on words that you don't know, and use no default.",
    needs: ['control'],
    run: async (context: RuleContext) => {
      const { id } = await context.control.seedOne();
      const recorder = await context.synced();
      const status = fresh('no-such-status');
      try {
        await context.control.change(id, { status });
      } catch (error) {
        if (error instanceof HarnessError) context.skip(`the backend can't store such a status: ${formatError(error)}`);
        throw error;
      }
      await recorder.waitForRow(id, (row) => row['status'] === status, `status "${status}"`, { by: 'change-reported' });
    },
  },
]);

async function seedOdd(context: RuleContext): Promise<readonly { readonly id: string; readonly name: string }[]> {
  const ids = context.subject.oddIds ?? ODD_IDS;
  if (!ids.length) context.skip('the subject has only plain ids (`oddIds: []`)');
  const made = await context.control.seed(...ids.map((id, n) => ({ id, name: `Odd ${n + 1}` })));
  if (made.some(({ id }, index) => id !== ids[index])) context.skip('the backend assigns its own ids');
  return made;
}

/** Makes campaigns with these messages, in a status that faults lead to if there is one: some backends keep messages only there. */
async function expectMessages(context: RuleContext, messages: readonly string[]): Promise<void> {
  const { lifecycle, restingStatus } = context.control;
  const faulty = Object.values(lifecycle.statuses).find(({ fault }) => fault !== undefined)?.fault;
  const made = await context.control.seed(...messages.map((message) => ({ message, status: faulty ?? restingStatus })));
  const recorder = await context.synced();
  for (const { id, message } of made) {
    const row = await recorder.waitForRow(id, () => true, undefined, { by: 'snapshot-complete' });
    if (row['message'] !== message)
      context.broken(
        `The backend has the message ${formatValue(JSON.stringify(message))}, and the feed sent ${formatValue(JSON.stringify(row['message']))}.`,
      );
  }
}
