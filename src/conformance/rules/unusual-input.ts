import { landings, legalActions } from '../../lifecycle/index.ts';
import { rules, type Rule } from '../rule.ts';
import { formatValue, formatError } from '../format-value.ts';
import { fresh, seenIn, showAnswer, type RuleContext } from '../rule-context.ts';
import { HarnessError } from '../rule-errors.ts';

/**
 * Ids that go wrong where they are put into paths, queries or plain objects. `.` and `..` are not among them: as part of a
 * path no client sends them.
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

/** Texts that go wrong where they are put into markup, lines or quotes. NUL and lone surrogates are not: few backends can hold them. */
const ODD_TEXTS: readonly string[] = [
  '<img src=x onerror=alert(1)> &amp; "quoted"',
  'data: {"type":"open"}\n\nevent: other\nid: 1\n\n: comment',
  'ä ß 日本 😀 \u202eright to left \u2028 line separator',
  'C:\\new\\table \\u0041 %41 $& ${x}',
  'a\ttab, a\r\ncarriage return',
  'null',
];

const LONG = 100_000;

/** Ids and texts that are rare, and sure to come. */
export const oddRules: readonly Rule[] = rules('Odd ids and texts', [
  {
    id: 'odd-ids',
    title: 'Ids with unusual characters are told as they are, each for its own campaign.',
    why: 'An id is anything: `__proto__` in a plain object belongs to all of them, and to none.',
    fix: 'Keep rows in a `Map`, and never put an id together with other text without encoding it.',
    needs: ['control'],
    run: async (stage: RuleContext) => {
      const made = await seedOdd(stage);
      const watching = await stage.synced();
      for (const { id, name } of made)
        if (watching.row(id)?.['name'] !== name)
          stage.broken(
            `The campaign with id ${formatValue(id)} has the name "${name}", and was told as ${formatValue(watching.row(id))}.`,
          );
      for (const { id } of made) {
        const name = fresh('Renamed');
        await stage.control.change(id, { name });
        await watching.told(id, (row) => row['name'] === name, `name "${name}"`, { by: 'change-told' });
      }
    },
  },
  {
    id: 'odd-ids-addressed',
    title: 'Ids with unusual characters can be asked for and acted on.',
    why: 'A slash in an id would ask for another address, and stop another campaign.',
    fix: 'Put `encodeURIComponent(id)` into paths, and `URLSearchParams` into queries.',
    needs: ['control'],
    run: async (stage: RuleContext) => {
      const made = await seedOdd(stage);
      const { lifecycle, restingStatus } = stage.control;
      const [action] = legalActions(lifecycle, restingStatus);
      const watching = await stage.synced({ ids: made.map(({ id }) => id) });
      const all = await stage.synced();
      for (const { id, name } of made) {
        const row = watching.row(id);
        if (!row) stage.broken(`A feed of the id ${formatValue(id)} does not tell it.`);
        if (stage.adapter.get) {
          const reading = (await stage.get(id))?.campaign as Record<string, unknown> | undefined;
          if (reading?.['name'] !== name) stage.broken(`get(${formatValue(id)}) gave ${formatValue(reading)}.`);
        }
        if (action === undefined) continue;
        const answer = await stage.act({ id, action, seen: seenIn(row, watching.epoch) });
        if ('thrown' in answer || !['done', 'accepted'].includes(answer.result.outcome))
          stage.broken(`act(${action}) on ${formatValue(id)} ${showAnswer(answer)}.`);
        const targets = landings(lifecycle, restingStatus, action);
        await all.told(id, (told) => targets.includes(String(told['status'])), `status ${targets.join(' or ')}`, {
          by: 'act-legal',
        });
      }
    },
  },
  {
    id: 'odd-texts',
    title: 'Texts come through as they are: markup, lines, quotes, any script.',
    why: 'The message of an error is what one mends it by. One that is cut, or read as markup, does not help, or harms.',
    fix: 'Send JSON and nothing put together by hand; unescape nothing and escape nothing in between.',
    needs: ['control'],
    run: (stage: RuleContext) => expectMessages(stage, ODD_TEXTS),
  },
  {
    id: 'long-texts',
    level: 'should',
    title: `A message of ${LONG.toLocaleString('en')} characters comes through whole.`,
    why: 'Stack traces are long, and their last line is the one that counts. The store caps them itself, and says so.',
    fix: 'Raise the limits of columns, messages and buffers on the way.',
    needs: ['control'],
    run: (stage: RuleContext) => expectMessages(stage, ['A line of a long trace.\n'.repeat(LONG).slice(0, LONG)]),
  },
  {
    id: 'unknown-status',
    title: 'A status that the lifecycle does not know comes through as it is.',
    why: 'A newer backend has one more status. Shown as its raw word it is odd, mapped to a known one it is a lie.',
    fix: "Hand on words that you don't know; have no default.",
    needs: ['control'],
    run: async (stage: RuleContext) => {
      const { id } = await stage.control.seedOne();
      const watching = await stage.synced();
      const status = fresh('no-such-status');
      try {
        await stage.control.change(id, { status });
      } catch (error) {
        if (error instanceof HarnessError) stage.skip(`the backend can't hold such a status: ${formatError(error)}`);
        throw error;
      }
      await watching.told(id, (row) => row['status'] === status, `status "${status}"`, { by: 'change-told' });
    },
  },
]);

async function seedOdd(stage: RuleContext): Promise<readonly { readonly id: string; readonly name: string }[]> {
  const ids = stage.subject.oddIds ?? ODD_IDS;
  if (!ids.length) stage.skip('the subject says that its ids are always plain (`oddIds: []`)');
  const made = await stage.control.seed(...ids.map((id, n) => ({ id, name: `Odd ${n + 1}` })));
  if (made.some(({ id }, index) => id !== ids[index])) stage.skip('the backend gives ids of its own');
  return made;
}

/** Messages in a status that faults lead to, where there is one: some backends keep them there only. */
async function expectMessages(stage: RuleContext, messages: readonly string[]): Promise<void> {
  const { lifecycle, restingStatus } = stage.control;
  const faulty = Object.values(lifecycle.statuses).find(({ fault }) => fault !== undefined)?.fault;
  const made = await stage.control.seed(...messages.map((message) => ({ message, status: faulty ?? restingStatus })));
  const watching = await stage.synced();
  for (const { id, message } of made) {
    const row = await watching.told(id, () => true, undefined, { by: 'snapshot-complete' });
    if (row['message'] !== message)
      stage.broken(
        `The backend holds the message ${formatValue(JSON.stringify(message))}, and it was told as ${formatValue(JSON.stringify(row['message']))}.`,
      );
  }
}
