import type { Goal, Group, GroupResult, RunContext } from '../group.ts';
import { interleave, ratio, spreadOf, type Sample } from '../rounds.ts';
import type { Session, Tab } from '../session.ts';
import { buildSubjects } from '../subjects.ts';
import type { TagPage } from './subject.ts';

const COUNT = 5_000;
const FLIPPED = 1_000;
const ROUNDS = 5;
const QUICK_COUNT = 1_000;
const QUICK_ROUNDS = 3;
/** Before memory is read for the first time, so that what a module sets up once is not counted. */
const WARM_UP = 10;
const BASELINE = 'bare-lit';
const MORE_NODES =
  'the bare element is a span with a title; a tag has a button, an icon, a word and a description, and reads twice as many attributes';
const MORE_WRITES = 'a status changes tone, icon, word, name and description, and the bare element only two of these';

const rows = {
  insert: 'inserted, until painted',
  'insert/script': 'inserted, script',
  flip: 'flipped, until painted',
  'flip/script': 'flipped, script',
} as const;

const partRows = {
  bytes: 'bytes',
  left: 'bytes left after removal',
  elements: 'elements',
  listeners: 'listeners',
  sheets: 'adopted sheets',
} as const;

type Measure = keyof typeof rows | keyof typeof partRows;

export const tagGroup: Group = {
  name: 'tag',
  heading: 'The tag',
  method: `${COUNT.toLocaleString('en')} tags are inserted, ${FLIPPED.toLocaleString('en')} of them change their status, and all are removed again, in rounds. A subject counts only if every tag showed its status at the end. "script" runs until all promises have settled, without style and layout (for UI5, whose elements render in a frame, with them); "until painted" includes everything up to the next painted frame. Bytes are those of JavaScript and DOM objects after a forced garbage collection. The span and the other kits' tags have the cause as their \`title\`; the kit's tag has a popup, a description and a keyboard stop.`,
  tables: [
    { title: 'Time', baseline: BASELINE, unit: 'ms', rows: tableRows(rows) },
    { title: 'Per tag', baseline: BASELINE, unit: 'absolute', rows: tableRows(partRows), absolute: true },
  ],
  goals: [
    times('Tags inserted × bare Lit element', 'insert', 'kit', 1.2, MORE_NODES),
    times('Tags inserted, script × bare Lit element', 'insert/script', 'kit', 1.3, MORE_NODES),
    times('Tags flipped, script × bare Lit element', 'flip/script', 'kit', 1.2, MORE_WRITES),
    times(
      'Tags connected to a store inserted, script × bare Lit element',
      'insert/script',
      'kit-connected',
      1.5,
      `${MORE_NODES}, and each observes its campaign`,
    ),
    part('A tag', 'bytes', 10_000, 'B'),
    part('Elements of a tag', 'elements', 4, ''),
    part('Listeners of a tag at rest', 'listeners', 0, ''),
    part('Adopted sheets of a tag at rest', 'sheets', 1, ''),
    part('Left of a tag after its removal', 'left', 250, 'B'),
  ],
  run,
};

async function run({ session, folder, quick, note }: RunContext): Promise<GroupResult> {
  const { subjects, missing: notBuilt } = await buildSubjects('tag', folder);
  const missing = new Map(notBuilt);
  const count = quick ? QUICK_COUNT : COUNT;
  const tabs = new Map<string, Tab<TagPage>>();
  for (const subject of subjects)
    try {
      tabs.set(subject, await session.open(`tag/${subject}`));
    } catch (error) {
      missing.set(subject, `it failed: ${String(error)}`);
    }
  note('rounds');
  const wrong = new Map<string, string>();
  const rounds = quick ? QUICK_ROUNDS : ROUNDS;
  const times = await session.trace(() =>
    interleave(rounds, [...tabs], async ([subject, tab], round) => {
      if (wrong.has(subject)) return;
      const name = (what: string): string => `${subject}/${round}/${what}`;
      try {
        await tab.page.bringToFront();
        await tab.call('insert', name('insert'), count);
        await tab.call('flip', name('flip'), Math.min(FLIPPED, count));
        const why = await tab.call('check');
        if (why) wrong.set(subject, why);
        await tab.call('remove');
      } catch (error) {
        wrong.set(subject, `it failed: ${String(error)}`);
        await tab.close(); // or it would go on, and disturb the others
        tabs.delete(subject);
      }
    }),
  );
  for (const tab of tabs.values()) await tab.close();
  const right = [...tabs.keys()].filter((subject) => !wrong.has(subject));
  const samples = right.flatMap((subject) =>
    Array.from({ length: rounds }, (_, round) => round).flatMap((round) =>
      (Object.keys(rows) as (keyof typeof rows)[]).flatMap((what): Sample[] => {
        const value = times.get(`${subject}/${round}/${what}`);
        return value === undefined ? [] : [{ measure: measureOf(what), subject, round, value }];
      }),
    ),
  );
  note('memory');
  for (const subject of right) samples.push(...(await parts(session, subject, count)));
  return { subjects, samples, missing: new Map([...missing, ...wrong]) };
}

/** What a tag consists of, and what it leaves behind. In a fresh tab: the first removal shows what is kept. */
async function parts(session: Session, subject: string, count: number): Promise<Sample[]> {
  const tab = await session.open<TagPage>(`tag/${subject}`);
  await tab.call('insert', 'warm-up', WARM_UP);
  await tab.call('remove');
  const before = await tab.heap();
  const listenersBefore = await tab.listeners();
  await tab.call('insert', 'parts', count);
  const during = await tab.heap();
  const listeners = (await tab.listeners()) - listenersBefore;
  const { elements, adoptedSheets } = await tab.call('parts');
  await tab.call('remove');
  const after = await tab.heap();
  await tab.close();
  const found = {
    bytes: (during - before) / count,
    left: (after - before) / count,
    elements,
    // The few of the page's root are shared by all tags.
    listeners: Math.round(listeners / count),
    sheets: adoptedSheets,
  };
  return (Object.keys(found) as (keyof typeof found)[]).map((what) => ({
    measure: measureOf(what),
    subject,
    round: 0,
    value: found[what],
  }));
}

function measureOf(what: Measure): string {
  return `tag/${what}`;
}

function tableRows(labels: Readonly<Partial<Record<Measure, string>>>): { label: string; measure: string }[] {
  return Object.entries(labels).map(([what, label]) => ({ label, measure: measureOf(what as Measure) }));
}

function times(work: string, what: Measure, subject: string, limit: number, why: string): Goal {
  const measure = measureOf(what);
  return {
    work,
    limit,
    unit: '×',
    why,
    value: (samples) => ratio(samples, { measure, subject }, { measure, subject: BASELINE }),
  };
}

function part(work: string, what: Measure, limit: number, unit: Goal['unit']): Goal {
  return { work, limit, unit, value: (samples) => spreadOf(samples, { measure: measureOf(what), subject: 'kit' }) };
}
