import type { Schedule } from './schedule.ts';

/**
 * A schedule that failed once, or fails with a known defect applied, shrunk as far as possible. These always run first.
 */
export interface Regression {
  /** The fault that it would find, in a sentence. */
  readonly why: string;
  /** The patch in test/slow/defects that makes it fail. */
  readonly defect?: string;
  readonly schedule: Schedule;
}

/** The beginning of most schedules: two lists are observed and complete, and nothing happens by itself. */
const BEGIN = {
  seed: 1,
  roughness: 0,
  opening: 'lists',
  settled: true,
  misbehaving: false,
  hideWhenForbidden: false,
} as const satisfies Omit<Schedule, 'steps'>;

const a = { system: 'flows', id: 'a' };
const b = { system: 'flows', id: 'b' };

export const regressions: readonly Regression[] = [
  {
    why: 'A feed that ends without an error is lost: what it kept true is marked.',
    defect: 'a-clean-end-is-no-drop',
    schedule: {
      ...BEGIN,
      seed: -2147483636,
      steps: [
        { do: 'cut', system: null, after: 0 },
        { do: 'wait', ms: 9000, after: 0 },
      ],
    },
  },
  {
    why: 'Revisions are numbers: the tenth is newer than the ninth.',
    defect: 'compares-revisions-as-strings',
    schedule: { ...BEGIN, steps: [{ do: 'change', ref: a, change: 'rename', after: 0 }] },
  },
  {
    why: 'An unreadable campaign counts: a right count is no drift.',
    defect: 'counts-without-the-unreadable',
    schedule: {
      ...BEGIN,
      steps: [
        { do: 'corrupt', ...a, after: 0 },
        { do: 'wait', ms: 9000, after: 0 },
      ],
    },
  },
  {
    why: 'An action that is accepted and swallowed is not done.',
    defect: 'done-on-acceptance',
    schedule: {
      ...BEGIN,
      steps: [
        { do: 'swallow', after: 0 },
        { do: 'press', ...a, after: 0 },
      ],
    },
  },
  {
    why: 'A removal that comes before the end of a snapshot is a removal.',
    defect: 'drops-a-removal',
    schedule: { ...BEGIN, steps: [{ do: 'change', ref: a, change: 'remove', after: 0 }] },
  },
  {
    why: 'What was asked for before a sleep is not sent after it.',
    defect: 'fires-an-hour-later',
    schedule: {
      ...BEGIN,
      seed: 2,
      steps: [{ do: 'press and sleep', ref: a, lost: 'request', ms: 3_600_000, after: 0 }],
    },
  },
  {
    why: 'Nor is it where the clock on the wall was set back, and knows nothing of the sleep.',
    defect: 'believes-the-wall-clock',
    schedule: {
      ...BEGIN,
      seed: 12,
      steps: [
        { do: 'lose answers', times: 1, after: 0 },
        { do: 'press', ...a, after: 0 },
        { do: 'set the clock', ms: -86_400_000, after: 0 },
        { do: 'sleep', ms: 30_000, after: 0 },
      ],
    },
  },
  {
    why: 'A feed that was given up is ignored.',
    defect: 'forgets-the-fence',
    schedule: {
      ...BEGIN,
      seed: -2147483632,
      roughness: 2,
      misbehaving: true,
      steps: [
        { do: 'check a change', ref: { system: 'python', id: 'a' }, change: 'remove', after: 0 },
        { do: 'wait', ms: 400, after: 0 },
      ],
    },
  },
  {
    why: 'A cursor that comes before the snapshot is whole is no place to go on from.',
    defect: 'goes-on-from-within-a-snapshot',
    schedule: {
      ...BEGIN,
      seed: 1876648731,
      roughness: 1,
      misbehaving: true,
      steps: [{ do: 'change', ref: a, change: 'rename', after: 16 }],
    },
  },
  {
    why: 'A feed that falls silent is lost once it has been for longer than was promised.',
    defect: 'hardly-notices-half-open',
    schedule: {
      ...BEGIN,
      steps: [
        { do: 'stall', system: 'flows', after: 0 },
        { do: 'wait', ms: 22_000, after: 0 },
      ],
    },
  },
  {
    why: 'Rows of a new epoch take the place of the old ones, whatever their revisions.',
    defect: 'ignores-the-epoch',
    schedule: {
      ...BEGIN,
      steps: [
        { do: 'restart', newEpoch: true, after: 0 },
        { do: 'change', ref: a, change: 'rename', after: 0 },
        { do: 'wait', ms: 9000, after: 0 },
      ],
    },
  },
  {
    why: 'A snapshot that was asked for before a restart does not undo what was read after it.',
    defect: 'believes-an-older-epoch',
    schedule: {
      ...BEGIN,
      seed: 10,
      opening: 'nobody',
      settled: false,
      steps: [
        { do: 'look', subject: { what: 'campaign', system: 'flows', id: 'c' }, behaviour: 'listens', after: 16 },
        { do: 'restart', newEpoch: true, after: 16 },
        { do: 'check a change', ref: { system: 'flows', id: 'c' }, change: 'rename', after: 16 },
        { do: 'wait', ms: 9000, after: 0 },
      ],
    },
  },
  {
    why: 'A page that is hidden for long gives its feeds back.',
    defect: 'keeps-the-feed-while-hidden',
    schedule: {
      ...BEGIN,
      steps: [
        { do: 'hide', after: 0 },
        { do: 'wait', ms: 22_000, after: 0 },
      ],
    },
  },
  {
    why: 'When the store is disposed of, no timer stays.',
    defect: 'leaves-a-timer',
    schedule: { ...BEGIN, seed: 2, steps: [] },
  },
  {
    why: 'The same key, sent again after its effect was undone, has no second effect.',
    defect: 'mock-forgets-keys',
    schedule: {
      ...BEGIN,
      steps: [
        {
          do: 'change before the answer',
          of: 'press',
          ref: a,
          change: 'act',
          late: null,
          slow: true,
          after: 0,
        },
        { do: 'wait', ms: 9000, after: 0 },
      ],
    },
  },
  {
    why: 'A place whose changes are forgotten is none to go on from: the removal after it is not missed.',
    defect: 'mock-resumes-from-the-compacted',
    schedule: {
      ...BEGIN,
      steps: [
        { do: 'change unseen', ref: a, change: 'remove', after: 0 },
        { do: 'wait', ms: 9000, after: 0 },
      ],
    },
  },
  {
    why: 'A retry is the same request: it has the same key.',
    defect: 'new-key-on-retry',
    schedule: {
      ...BEGIN,
      steps: [
        { do: 'lose requests', times: 1, after: 0 },
        { do: 'press', ...a, after: 0 },
        { do: 'wait', ms: 3000, after: 0 },
      ],
    },
  },
  {
    why: 'While an action is pending, none is offered.',
    defect: 'offers-while-pending',
    schedule: { ...BEGIN, steps: [{ do: 'press', ...a, after: 16 }] },
  },
  {
    why: 'A press shows as pending, and not as the status that it may lead to.',
    defect: 'optimistic-status',
    schedule: { ...BEGIN, steps: [{ do: 'press', ...a, after: 16 }] },
  },
  {
    why: 'A press while offline is refused, and not sent.',
    defect: 'queues-while-offline',
    schedule: {
      ...BEGIN,
      steps: [
        { do: 'offline', after: 0 },
        { do: 'press', ...a, after: 0 },
      ],
    },
  },
  {
    why: 'A backend that accepts each feed and soon drops it is asked less and less often.',
    defect: 'resets-backoff-on-the-first-value',
    schedule: {
      ...BEGIN,
      seed: 460327113,
      steps: [
        { do: 'short-lived feeds', blocks: 1, after: 0 },
        { do: 'wait', ms: 40_000, after: 0 },
      ],
    },
  },
  {
    why: 'A backend that asked to be left alone for half a minute is.',
    defect: 'retry-after-as-a-ceiling',
    schedule: {
      ...BEGIN,
      steps: [
        { do: 'status', answer: { status: 429, to: 'watch' }, times: null, retryAfterMs: 30_000, after: 700 },
        { do: 'wait', ms: 22_000, after: 0 },
      ],
    },
  },
  {
    why: 'A press of what is pending is the same request.',
    defect: 'sends-twice',
    schedule: { ...BEGIN, steps: [{ do: 'press twice', ...a, after: 0 }] },
  },
  {
    why: 'A snapshot of a few campaigns says nothing of the others.',
    defect: 'sweeps-beyond-the-ids',
    schedule: {
      ...BEGIN,
      seed: -31,
      opening: 'tags',
      steps: [{ do: 'change unseen', ref: b, change: 'remove', after: 0 }],
    },
  },
  {
    why: 'What a partial snapshot does not name may still be there.',
    defect: 'sweeps-on-a-partial-snapshot',
    schedule: {
      ...BEGIN,
      seed: 67,
      roughness: 1,
      misbehaving: true,
      steps: [
        { do: 'change unseen', ref: a, change: 'rename', after: 16 },
        { do: 'wait', ms: 3000, after: 0 },
      ],
    },
  },
  {
    why: 'A snapshot that names a campaign with a record that can not be read names it.',
    defect: 'sweeps-the-unreadable',
    schedule: {
      ...BEGIN,
      steps: [
        { do: 'corrupt', ...a, after: 0 },
        { do: 'change unseen', ref: { system: 'flows', id: 'd' }, change: 'recreate', after: 0 },
        { do: 'wait', ms: 9000, after: 0 },
      ],
    },
  },
  {
    why: 'A campaign that was read singly before a snapshot is not brought back if the snapshot does not contain it.',
    defect: 'revives-what-is-gone',
    schedule: {
      ...BEGIN,
      steps: [
        // The press is refused while offline, so the next answer is late: that of the single read.
        { do: 'offline', after: 0 },
        {
          do: 'change before the answer',
          of: 'press',
          ref: a,
          change: 'rename',
          late: 5000,
          slow: false,
          after: 0,
        },
        { do: 'online', after: 300 },
        { do: 'check a change', ref: { system: 'flows', id: 'd' }, change: 'recreate', after: 700 },
        { do: 'change unseen', ref: { system: 'flows', id: 'd' }, change: 'remove', after: 16 },
        { do: 'wait', ms: 9000, after: 0 },
      ],
    },
  },
  {
    why: '“Still under way” is no refusal.',
    defect: 'takes-409-for-a-refusal',
    schedule: { ...BEGIN, seed: 9, steps: [{ do: 'press, cut off', ref: a, takes: 300, after: 0 }] },
  },
  {
    why: 'The row in a late answer is not shown once the feed has sent a newer one.',
    defect: 'undone-by-a-late-answer',
    schedule: {
      ...BEGIN,
      steps: [
        {
          do: 'change before the answer',
          of: 'press',
          ref: a,
          change: 'rename',
          late: 1000,
          slow: false,
          after: 0,
        },
        { do: 'wait', ms: 3000, after: 0 },
      ],
    },
  },
  {
    why: 'A host’s `report` that throws stops nothing.',
    defect: 'one-report-stops-all',
    schedule: { ...BEGIN, seed: 5, steps: [{ do: 'ask for', ...a, action: 'stop', after: 0 }] },
  },
  {
    why: 'A campaign that a single read did not find while no feed was open is not brought back by a feed that resumes from before.',
    schedule: {
      ...BEGIN,
      seed: 9,
      steps: [
        { do: 'status', answer: { status: 404, to: 'watch' }, times: 1, retryAfterMs: null, after: 0 },
        { do: 'change', ref: a, change: 'rename', after: 0 },
        { do: 'garbage', system: 'flows', garbage: 'not JSON', after: 0 },
        { do: 'change', ref: a, change: 'remove', after: 0 },
        { do: 'wait', ms: 400, after: 0 },
        { do: 'check again', ...a, after: 0 },
        { do: 'short-lived feeds', blocks: 2, after: 700 },
        { do: 'wait', ms: 400, after: 0 },
      ],
    },
  },
];
