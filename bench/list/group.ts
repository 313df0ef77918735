import type { Goal, Group, GroupResult, RunContext } from '../group.ts';
import { interleave, ratio, spreadOf, type Sample, type Spread } from '../rounds.ts';
import type { Session } from '../session.ts';
import { buildSubjects } from '../subjects.ts';
import { STREAMS, type ListPage, type ListQuery, type Stream } from './subject.ts';

const SIZE = 100_000;
const ROUNDS = 3;
const STREAM_MS = 1_000;
const RATES = [1_000, 10_000, 50_000];
const QUICK_SIZE = 10_000;
const QUICK_ROUNDS = 1;
const QUICK_STREAM_MS = 500;
const QUICK_RATES = [10_000];
const BASELINE = 'recycler';

const BY_NAME: ListQuery = { sort: 'name', descending: false, statuses: [] };
const work = {
  first: 'first rows',
  sort: 'sorted by name, after by time',
  again: 'sorted by name again',
  filter: 'filtered by status',
  scroll: 'scrolled by 600 rows in 60 frames',
} as const;

export const listGroup: Group = {
  name: 'list',
  heading: 'The list',
  method: `${SIZE.toLocaleString('en')} campaigns with shuffled names in a box of 1,000 × 700 px. Every row has a name, a status, a time and a button; in the kit's list the status is a live tag with its popup, and the button starts or stops the campaign. The recycler is written by hand, without any accessibility. A stream changes statuses of campaigns at random; plain, the list has no filter and its order does not change; by name, it shows two of three statuses; by time, the newest come first. A list that keeps no order itself sorts an array, at most once a frame. The kit's list shows a new order at most four times a second. A subject counts only if it showed the right rows with the right statuses after each part.`,
  tables: [
    {
      title: 'Main thread',
      baseline: BASELINE,
      unit: 'ms',
      rows: Object.entries(work).map(([what, label]) => ({ label, measure: measureOf(what) })),
    },
    { title: 'Main thread per second of a stream', baseline: BASELINE, unit: 'ms', rows: streamRows('time') },
    {
      title: 'Frames of a stream',
      baseline: BASELINE,
      unit: 'of those there was time for',
      absolute: true,
      rows: streamRows('frames'),
    },
  ],
  goals: [
    times(
      'First rows × recycler',
      'first',
      2.5,
      'the rows are checked and indexed first, and each has a tag and a button',
    ),
    times('First sort by name × recycler', 'sort', 2.5),
    times('Sort by name again × recycler', 'again', 1.2),
    times('Filter × recycler', 'filter', 1.5),
    times('Scroll × recycler', 'scroll', 1.5, 'each row that comes into view has a live tag and a button'),
    times(
      'Plain stream of 10,000 per second × recycler',
      streamMeasure('plain', 10_000, 'time'),
      2,
      'the recycler looks at the rows on screen alone; the kit checks every change and counts statuses',
    ),
    times('Live view by name, 50,000 per second × recycler', streamMeasure('by name', 50_000, 'time'), 0.8),
    {
      work: 'Live view by time, 50,000 per second × the recycler by name',
      limit: 1.5,
      unit: '×',
      value: (samples) =>
        ratio(
          samples,
          { measure: measureOf(streamMeasure('by time', 50_000, 'time')), subject: 'kit' },
          { measure: measureOf(streamMeasure('by name', 50_000, 'time')), subject: BASELINE },
        ),
    },
    {
      work: 'Frames dropped beyond the recycler’s, plain stream of 10,000 per second',
      limit: 0.02,
      unit: '',
      value: (samples) => beyond(samples, measureOf(streamMeasure('plain', 10_000, 'frames'))),
    },
  ],
  run,
};

async function run({ session, folder, quick, note }: RunContext): Promise<GroupResult> {
  const { subjects, missing } = await buildSubjects('list', folder);
  const left = new Map(missing);
  const samples: Sample[] = [];
  await interleave(quick ? QUICK_ROUNDS : ROUNDS, subjects, async (subject, round) => {
    if (left.has(subject)) return;
    note(`${subject}, round ${round + 1}`);
    try {
      samples.push(...(await measure(session, subject, round, quick)));
    } catch (error) {
      left.set(subject, `it failed: ${String(error)}`);
    }
  });
  return { subjects, samples: samples.filter(({ subject }) => !left.has(subject)), missing: left };
}

/** All work on one list, in a fresh tab. @throws Error if what it shows is wrong */
async function measure(session: Session, subject: string, round: number, quick: boolean): Promise<Sample[]> {
  const tab = await session.open<ListPage>(`list/${subject}`);
  const frames: Sample[] = [];
  const streamMs = quick ? QUICK_STREAM_MS : STREAM_MS;
  const check = async (query: ListQuery): Promise<void> => {
    const wrong = await tab.call('check', query);
    if (wrong) throw new Error(wrong);
  };
  try {
    await tab.call('load', quick ? QUICK_SIZE : SIZE);
    const times = await session.trace(async () => {
      await tab.page.bringToFront();
      await tab.call('mount', 'first');
      await check(BY_NAME);
      await tab.call('scroll', 'scroll');
      await tab.call('query', 'by time', STREAMS['by time']);
      await check(STREAMS['by time']);
      await tab.call('query', 'sort', BY_NAME);
      await tab.call('query', 'away', STREAMS['by time']);
      await tab.call('query', 'again', BY_NAME);
      await check(BY_NAME);
      await tab.call('query', 'filter', STREAMS['by name']);
      await check(STREAMS['by name']);
      for (const [stream, query] of Object.entries(STREAMS) as [Stream, ListQuery][]) {
        await tab.call('query', 'prepare', query);
        for (const rate of quick ? QUICK_RATES : RATES) {
          const name = streamMeasure(stream, rate, 'time');
          const { frames: value } = await tab.call('stream', name, rate, streamMs);
          frames.push({ measure: measureOf(streamMeasure(stream, rate, 'frames')), subject, round, value });
        }
        await check(query);
      }
    });
    const value = (name: string, ms: number): number => (name.startsWith('stream/') ? (ms * 1_000) / streamMs : ms);
    return [
      ...frames,
      ...[...times].map(([name, ms]) => ({ measure: measureOf(name), subject, round, value: value(name, ms) })),
    ];
  } finally {
    await tab.close();
  }
}

function measureOf(what: string): string {
  return `list/${what}`;
}

function streamMeasure(stream: Stream, rate: number, what: 'time' | 'frames'): string {
  return `stream/${stream}/${rate}/${what}`;
}

function streamRows(what: 'time' | 'frames'): { label: string; measure: string }[] {
  return (Object.keys(STREAMS) as Stream[]).flatMap((stream) =>
    RATES.map((rate) => ({
      label: `${stream}, ${rate.toLocaleString('en')} changes per second`,
      measure: measureOf(streamMeasure(stream, rate, what)),
    })),
  );
}

function times(work: string, what: string, limit: number, why?: string): Goal {
  const measure = measureOf(what);
  return {
    work,
    limit,
    unit: '×',
    ...(why === undefined ? {} : { why }),
    value: (samples) => ratio(samples, { measure, subject: 'kit' }, { measure, subject: BASELINE }),
  };
}

/** How many more of its frames the kit dropped than the baseline. */
function beyond(samples: readonly Sample[], measure: string): Spread | undefined {
  const [kit, baseline] = ['kit', BASELINE].map((subject) => spreadOf(samples, { measure, subject })?.median);
  if (kit === undefined || baseline === undefined) return undefined;
  const value = Math.max(0, baseline - kit);
  return { median: value, low: value, high: value };
}
