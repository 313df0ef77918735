import type { Goal, Group, GroupResult, RunContext, Table } from '../group.ts';
import { interleave, quotient, ratio, spreadOf, type Sample, type Spread } from '../rounds.ts';
import type { Session, Tab } from '../session.ts';
import { buildSubjects } from '../subjects.ts';
import type { Observers, StorePage } from './subject.ts';

const SIZES = [1_000, 10_000, 100_000];
const OBSERVERS: readonly Observers[] = [
  'none',
  'one by name',
  'one by at',
  'five by name',
  'five by at',
  'fifty single',
];
/** 833 changes are one frame's worth of 50,000 per second. */
const BATCHES = [1, 500, 833];
/** Changes per measurement, at most. */
const CHANGES = 10_000;
const ROUNDS = 3;
const QUICK_ROUNDS = 3;
const QUICK_SIZE = 10_000;
const QUICK_OBSERVERS = OBSERVERS.slice(0, 4);
const QUICK_BATCHES = [500];
const QUICK_CHANGES = 2_000;
const CHECKED = 'each change is checked, copied, and ordered by its revision';
const MEMORY = 'store/memory';
const MEMORY_SIZE = 100_000;

export const storeGroup: Group = {
  name: 'store',
  heading: 'The store',
  method:
    'A store takes changes of status of campaigns at random, in batches. After each batch its frame runs, and the first 50 ids of each list are read. The bare Map keeps no order and checks nothing. It all runs in a page, in the engine and with the garbage collector that users have. A subject counts only if, at the end, every campaign has the right status and every list the right order.',
  tables: SIZES.map((size): Table => ({
    title: `${size.toLocaleString('en')} campaigns`,
    baseline: 'map',
    unit: 'µs per change',
    rows: OBSERVERS.flatMap((observers) =>
      BATCHES.map((batch) => ({
        label: `${label(observers)}, batches of ${batch}`,
        measure: measureOf(size, observers, batch),
      })),
    ),
  })),
  goals: [
    { work: 'A change × bare Map, no list', limit: 5, unit: '×', why: CHECKED, value: timesMap('none') },
    { work: 'A change × bare Map, a list by name', limit: 6, unit: '×', why: CHECKED, value: timesMap('one by name') },
    { work: 'A change × bare Map, a list by time', limit: 8, unit: '×', why: CHECKED, value: timesMap('one by at') },
    {
      work: 'A change with five lists ÷ one list, by name',
      limit: 1.3,
      unit: '×',
      value: (samples) =>
        ratio(
          samples,
          { measure: measureOf(100_000, 'five by name', 500), subject: 'kit' },
          { measure: measureOf(100_000, 'one by name', 500), subject: 'kit' },
        ),
    },
    {
      work: 'Growth of a change from 10,000 to 100,000 campaigns ÷ that of the Map, a list by name',
      limit: 1,
      unit: '×',
      value: (samples) => quotient(growth(samples, 'kit'), growth(samples, 'map')),
    },
    {
      work: 'Memory over the row itself, with one list',
      limit: 150,
      unit: 'B',
      value: (samples) => spreadOf(samples, { measure: MEMORY, subject: 'kit' }),
    },
  ],
  run,
};

async function run({ session, folder, quick, note }: RunContext): Promise<GroupResult> {
  const { subjects, missing: notBuilt } = await buildSubjects('store', folder);
  const missing = new Map(notBuilt);
  const samples: Sample[] = [];
  const tabs = new Map<string, Tab<StorePage>>();
  for (const subject of subjects) tabs.set(subject, await session.open(`store/${subject}`));
  for (const size of quick ? [QUICK_SIZE] : SIZES)
    for (const observers of quick ? QUICK_OBSERVERS : OBSERVERS) {
      note(`${size} campaigns, ${observers}`);
      for (const sample of await scenario(session, tabs, size, observers, quick, (subject, why) =>
        missing.set(`${subject}, ${size} campaigns, ${label(observers)}`, why),
      ))
        samples.push(sample);
    }
  for (const tab of tabs.values()) await tab.close();
  note('memory');
  for (const subject of ['map', 'kit']) samples.push(await memory(session, subject));
  return { subjects, samples, missing };
}

/** Every size of batch, each in interleaved rounds. A subject that ends in a wrong state gives no samples. */
async function scenario(
  session: Session,
  tabs: ReadonlyMap<string, Tab<StorePage>>,
  size: number,
  observers: Observers,
  quick: boolean,
  leaveOut: (subject: string, why: string) => void,
): Promise<Sample[]> {
  const wrong = new Set<string>();
  const reject = (subject: string, why: string): void => {
    wrong.add(subject);
    leaveOut(subject, why);
  };
  const runs: { name: string; measure: string; subject: string; round: number; changes: number }[] = [];
  for (const [subject, tab] of tabs)
    await tab.call('open', size, observers).catch((error: unknown) => reject(subject, `it failed: ${String(error)}`));
  const times = await session.trace(async () => {
    const right = [...tabs].filter(([subject]) => !wrong.has(subject));
    for (const batch of quick ? QUICK_BATCHES : BATCHES)
      await interleave(quick ? QUICK_ROUNDS : ROUNDS, right, async ([subject, tab], round) => {
        const name = `${subject}/${batch}/${round}`;
        const changes = await tab.call('run', { name, batch, changes: quick ? QUICK_CHANGES : CHANGES });
        runs.push({ name, measure: measureOf(size, observers, batch), subject, round, changes });
      });
    for (const [subject, tab] of right) {
      const why = await tab.call('check');
      if (why) reject(subject, why);
    }
  });
  return runs
    .filter(({ subject }) => !wrong.has(subject))
    .map(({ name, measure, subject, round, changes }) => ({
      measure,
      subject,
      round,
      value: ((times.get(name) ?? NaN) * 1000) / changes,
    }));
}

/** The bytes that a store with one list takes for a campaign, over the row itself. */
async function memory(session: Session, subject: string): Promise<Sample> {
  const tab = await session.open<StorePage>(`store/${subject}`);
  await tab.call('open', 100, 'one by name');
  await tab.call('forget');
  const empty = await tab.heap();
  await tab.call('hold', MEMORY_SIZE);
  const rows = (await tab.heap()) - empty;
  await tab.call('open', MEMORY_SIZE, 'one by name');
  await tab.call('forget');
  const store = (await tab.heap()) - empty;
  await tab.close();
  return { measure: MEMORY, subject, round: 0, value: (store - rows) / MEMORY_SIZE };
}

function measureOf(size: number, observers: Observers, batch: number): string {
  return `store/${size}/${observers}/${batch}`;
}

function label(observers: Observers): string {
  if (observers === 'none') return 'no observer';
  if (observers === 'fifty single') return 'fifty single observers';
  const [count, , order] = observers.split(' ');
  return `${count} ${count === 'one' ? 'list' : 'lists'} by ${order === 'at' ? 'time' : 'name'}`;
}

function timesMap(observers: Observers): Goal['value'] {
  const measure = measureOf(100_000, observers, 500);
  return (samples) => ratio(samples, { measure, subject: 'kit' }, { measure, subject: 'map' });
}

/** How much a change costs with ten times the campaigns. */
function growth(samples: readonly Sample[], subject: string): Spread | undefined {
  const of = (size: number): { measure: string; subject: string } => ({
    measure: measureOf(size, 'one by name', 500),
    subject,
  });
  return ratio(samples, of(100_000), of(10_000));
}
