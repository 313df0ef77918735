/** What a run does besides judging: what it leaves alone, what it skips, whose fault it says something is. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { simulateBackend, simulatedAdapter, backDoor } from '../../../mocks/index.ts';
import { AdapterError, type CampaignAdapter, type Change, type Feed } from '../../../src/adapters/contract.ts';
import {
  conformanceCases,
  conformanceRules,
  formatReport,
  runConformance,
  type BackDoor,
  type CaseResult,
  type Subject,
} from '../../../src/conformance/index.ts';
import { defineLifecycle } from '../../../src/lifecycle/index.ts';
import { sabotages } from './sabotaged/index.ts';
import { patience, simulatedSubject } from './support.ts';

/** The rules of the first set. A rule never joins it later: it gets a set of its own. */
const FIRST_RULE_SET = [
  ...['adapter-shape', 'feed-opens-first', 'feed-opens-once', 'feed-synced', 'feed-schema', 'feed-pages-before-synced'],
  ...['feed-cursor-from-synced', 'feed-count', 'feed-heartbeat', 'feed-again', 'feed-two-at-once'],
  ...['snapshot-complete', 'snapshot-empty', 'snapshot-many', 'snapshot-rows-once', 'row-faithful', 'row-system'],
  ...['systems-apart', 'change-told', 'change-during-snapshot', 'change-in-order', 'revision-grows', 'revision-still'],
  ...['revision-steady'],
  ...['revision-after-removal', 'removal-told', 'removal-revision', 'removal-lasts', 'removal-while-away'],
  ...['resume-complete', 'resume-every-cursor', 'resume-other-epoch', 'resume-from-the-future', 'resume-expired'],
  ...['epoch-renewed', 'stop-when-live', 'stop-early', 'stop-silent', 'stop-leaves-nothing', 'cut-ends-feed'],
  ...['cut-then-again', 'error-codes', 'error-retry-after', 'ids-told', 'ids-unknown', 'get-schema', 'get-agrees'],
  ...['get-fresh', 'get-unknown', 'diagnose-schema', 'log-schema', 'log-starts-over', 'act-legal', 'act-schema'],
  ...['act-illegal', 'act-illegal-answered', 'act-missing', 'act-unknown-campaign', 'act-unknown-action'],
  ...['act-stale-but-legal', 'act-overtaken', 'act-done-agrees', 'act-new-key', 'idempotent-replay'],
  ...['idempotent-at-once', 'act-lost-answer', 'idempotent-lost-answer', 'act-error-codes', 'odd-ids'],
  ...['odd-ids-addressed', 'odd-texts', 'long-texts', 'unknown-status'],
];

describe('the rules', () => {
  test('the first set is what it was', () => {
    assert.deepEqual(
      conformanceRules(1).map(({ id }) => id),
      FIRST_RULE_SET,
    );
  });

  test('each says why it matters and how to mend it', () => {
    for (const { id, title, why, fix, group, level } of conformanceRules()) {
      for (const text of [title, why, fix]) assert.match(text, /^\S.{20,}[.?]$/s, `${id}: ${text}`);
      assert.ok(group && ['must', 'should'].includes(level), id);
    }
  });
});

describe('read-only', () => {
  /** Counts what must not be used. */
  function guarded(): { readonly subject: Subject; readonly used: string[]; close(): void } {
    const used: string[] = [];
    const backend = simulateBackend({ tickMs: 0, heartbeatMs: 60 });
    const adapter = { ...simulatedAdapter(backend), act: () => Promise.reject(new Error(`act ${used.push('act')}`)) };
    const forbidden = new Proxy({} as BackDoor, {
      get: (_, member) => () => void used.push(String(member)),
      has: () => true,
    });
    return {
      used,
      subject: { system: 'python', createAdapter: () => adapter, backDoor: forbidden, readOnly: true, patience },
      close: () => backend.dispose(),
    };
  }

  test('it never acts, and never uses the back door', async () => {
    const { subject, used, close } = guarded();
    const report = await runConformance(subject);
    assert.deepEqual(used, []);
    assert.ok(report.ok, formatReport(report));
    assert.equal(report.readOnly, true);
    assert.deepEqual(report.capabilities.backDoor, []);
    for (const { status, reason } of report.results)
      if (status === 'skipped') assert.match(reason!, /read-only|no second system|the log is empty/);
    close();
  });

  test('without a back door, the read-only set runs, and the report says so', async () => {
    const { subject, used, close } = guarded();
    const report = await runConformance({ system: subject.system, createAdapter: subject.createAdapter, patience });
    assert.deepEqual(used, []);
    assert.match(formatReport(report), /read-only: nothing was acted on/);
    assert.ok(report.results.some(({ reason }) => reason === 'there is no back door'));
    close();
  });
});

describe('whose fault it is', () => {
  test('a back door that throws is no failure of the adapter', async () => {
    const { subject, close } = simulatedSubject('flows');
    const seed = (): void => {
      throw new Error('the database is locked');
    };
    const result = await only('change-told', { ...subject, backDoor: { ...subject.backDoor, seed } });
    assert.equal(result.status, 'error');
    assert.match(result.reason!, /^backDoor\.seed failed: Error: the database is locked/);
    close();
  });

  test('so is one that never comes back', async () => {
    const { subject, close } = simulatedSubject('flows');
    const change = (): Promise<void> => new Promise(() => {});
    const result = await only('change-told', {
      ...subject,
      patience: { ...patience, backDoorMs: 50 },
      backDoor: { ...subject.backDoor, change },
    });
    assert.equal(result.status, 'error');
    assert.match(result.reason!, /backDoor\.change failed.*within 50 ms/);
    close();
  });

  test('an adapter that can’t be made, or is none', async () => {
    for (const [createAdapter, reason] of [
      [() => Promise.reject(new Error('no token')), /createAdapter failed: Error: no token/],
      [() => ({}), /createAdapter must give an adapter, got {}/],
    ] as const) {
      const result = await only('feed-synced', {
        system: 'flows',
        createAdapter: createAdapter as Subject['createAdapter'],
      });
      assert.equal(result.status, 'error');
      assert.match(result.reason!, reason);
    }
  });

  test('a backend out of reach: nothing else is tried', async () => {
    for (const error of [new AdapterError('unauthenticated', 'no session'), new TypeError('fetch failed')]) {
      const report = await runConformance({ system: 'flows', createAdapter: () => failing(error), patience });
      assert.equal(report.ok, false);
      assert.deepEqual([report.counts.error, report.counts.failed], [1, 0]);
      assert.ok(report.notRun.includes('feed-synced'));
      assert.match(formatReport(report), /could not be opened.*\n[^]*could not be judged/);
    }
  });

  test('an adapter that breaks before it opens is to blame itself', async () => {
    const result = await only('feed-opens-first', {
      system: 'flows',
      createAdapter: () => failing(new TypeError('x is not iterable')),
    });
    assert.equal(result.status, 'failed');
    assert.match(result.failure!.received, /said nothing, and threw TypeError: x is not iterable/);
  });

  test('a case that takes too long is ended', async () => {
    const { subject, close } = simulatedSubject('flows');
    const result = await only('feed-heartbeat', { ...subject, patience: { ...patience, caseMs: 20 } });
    assert.equal(result.status, 'error');
    assert.match(result.reason!, /not over within 20 ms/);
    close();
  });

  test('whatever a feed says or is, the kit itself does not fail', async () => {
    const nonsense: readonly unknown[] = [
      undefined,
      null,
      7,
      'open',
      [],
      { type: 'page' },
      { type: 'remove', items: 3 },
    ];
    for (const feed of [undefined, {}, 'feed', nonsense]) {
      const { subject, close } = simulatedSubject('flows', (adapter) => ({
        ...adapter,
        watch: () =>
          (feed === nonsense
            ? (async function* () {
                yield* nonsense;
              })()
            : feed) as Feed<Change<unknown>>,
      }));
      const report = await runConformance({ ...subject, patience: { ...patience, answerMs: 30, stopMs: 30 } });
      const errors = report.results.filter(({ status }) => status === 'error');
      assert.deepEqual(
        errors.map(({ id, reason }) => `${id}: ${reason}`),
        [],
      );
      const opening = report.results.find(({ id }) => id === 'feed-opens-first')!;
      assert.match(
        opening.failure!.received,
        feed === nonsense ? /^The first message was undefined/ : /a feed must be an async iterable, a ReadableStream/,
      );
      close();
    }
  });
});

describe('options', () => {
  test('expected failures are no failures; one that holds fails the run', async () => {
    const { subject, close } = simulatedSubject('flows', sabotages.get('get-fresh'));
    const run = (expectedFailures: readonly string[]) =>
      runConformance(subject, { only: ['get-fresh', 'get-agrees'], expectedFailures });
    assert.equal((await run([])).ok, false);
    const expected = await run(['get-fresh']);
    assert.equal(expected.ok, true);
    assert.equal(expected.results.find(({ id }) => id === 'get-fresh')!.expected, true);
    const stale = await run(['get-fresh', 'get-agrees']);
    assert.equal(stale.ok, false);
    assert.match(formatReport(stale), /FAIL get-agrees\n {2}It was expected to fail, and holds: take it off/);
    close();
  });

  test('an id that no rule has is refused', async () => {
    const { subject, close } = simulatedSubject('flows');
    await assert.rejects(
      runConformance(subject, { only: ['get-frish'] }),
      /There is no rule "get-frish"; there is: adapter-shape/,
    );
    await assert.rejects(runConformance(subject, { expectedFailures: ['x'] }), RangeError);
    close();
  });

  test('what was left out is listed', async () => {
    const { subject, close } = simulatedSubject('flows');
    const { notRun, results } = await runConformance(subject, { only: ['get-fresh'] });
    assert.deepEqual(
      results.map(({ id }) => id),
      ['get-fresh'],
    );
    assert.equal(notRun.length, FIRST_RULE_SET.length - 1);
    close();
  });

  test('progress is told; the signal ends a run after the case under way', async () => {
    const { subject, close } = simulatedSubject('flows');
    const stop = new AbortController();
    const heard: string[] = [];
    const { results, notRun } = await runConformance(subject, {
      signal: stop.signal,
      onCase: (id, result) => {
        heard.push(`${id} ${result?.status ?? 'begins'}`);
        if (heard.length === 3) stop.abort();
      },
    });
    assert.deepEqual(heard, [
      'adapter-shape begins',
      'adapter-shape passed',
      'feed-opens-first begins',
      'feed-opens-first passed',
    ]);
    assert.equal(results.length, 2);
    assert.equal(notRun.length, FIRST_RULE_SET.length - 2);
    close();
  });

  test('a report is plain data, and survives JSON', async () => {
    const { subject, close } = simulatedSubject('flows', sabotages.get('get-fresh'));
    const report = await runConformance(subject, { only: ['get-fresh'] });
    assert.deepEqual(JSON.parse(JSON.stringify(report)), report);
    close();
  });

  test('a subject that makes no sense is refused, with what to do', () => {
    const createAdapter = (): CampaignAdapter<unknown> => failing(new Error());
    const refused = (subject: object, message: RegExp): void => {
      assert.throws(() => conformanceCases(subject as Subject), message);
    };
    refused({ createAdapter }, /needs `system`/);
    refused({ system: 'flows' }, /needs `createAdapter`/);
    refused({ system: 'flows', createAdapter, backDoor: {} }, /back door needs `seed`/);
    refused({ system: 'flows', createAdapter, patience: { answerMs: -1 } }, /patience.answerMs: got -1/);
    const door = { seed() {}, change() {}, remove() {} };
    refused({ system: 'mails', createAdapter, backDoor: door }, /lifecycle of "mails" is not known/);
  });
});

describe('kinds of adapters and backends', () => {
  test('feeds that are ReadableStreams or Observables are judged alike', async () => {
    for (const wrap of [asStream, asObservable]) {
      const { subject, backend, close } = simulatedSubject('flows', (adapter) => ({
        ...adapter,
        watch: (request) => wrap(adapter.watch(request) as AsyncIterable<Change<unknown>>),
      }));
      const report = await runConformance(subject);
      assert.ok(report.ok, formatReport(report));
      assert.equal(report.counts.skipped, 2);
      assert.equal(backend.openFeeds(), 0);
      close();
    }
  });

  test('a backend that gives ids of its own', async () => {
    const { subject, close } = simulatedSubject('python');
    let n = 0;
    const withOwnIds = (door: BackDoor): BackDoor => ({
      ...door,
      seed: async (campaigns) => {
        const own = campaigns.map((campaign) => ({ ...campaign, id: `own-${++n}` }));
        await door.seed(own);
        return own.map(({ id }) => id);
      },
    });
    const { backDoor: door, other } = subject;
    const report = await runConformance({
      ...subject,
      backDoor: withOwnIds(door),
      other: { ...other!, backDoor: withOwnIds(other!.backDoor) },
    });
    assert.ok(report.ok, formatReport(report));
    assert.deepEqual(
      report.results.filter(({ status }) => status === 'skipped').map(({ id }) => id),
      ['systems-apart', 'revision-after-removal', 'odd-ids', 'odd-ids-addressed'],
    );
    close();
  });

  test('an adapter with nothing optional, a back door with nothing optional', async () => {
    const { subject, close } = simulatedSubject('flows', ({ watch, act }) => ({ watch, act }));
    const { seed, change, remove } = subject.backDoor;
    const report = await runConformance({ ...subject, backDoor: { seed, change, remove } });
    assert.ok(report.ok, formatReport(report));
    assert.deepEqual(report.capabilities, { adapter: [], backDoor: ['seed', 'change', 'remove'] });
    const reasons = new Set(report.results.flatMap(({ status, reason }) => (status === 'skipped' ? [reason] : [])));
    assert.deepEqual([...reasons].sort(), [
      'the adapter does not claim to be idempotent',
      'the adapter has no `diagnose`',
      'the adapter has no `get`',
      'the adapter has no `log`',
      'the back door has no `answerWith`',
      'the back door has no `cut`',
      'the back door has no `expireCursors`',
      'the back door has no `loseNextAnswer`',
      'the back door has no `newEpoch`',
      'the back door has no `openFeeds`',
    ]);
    close();
  });

  test('a lifecycle of the host’s own', async () => {
    const reviews = defineLifecycle({
      system: 'reviews',
      label: 'Reviews',
      initial: 'open',
      statuses: {
        open: { label: 'Open', tone: 'amber', icon: 'square', meaning: 'Waits for a reviewer.', action: 'close' },
        closed: { label: 'Closed', tone: 'gray', icon: 'check', meaning: 'Nothing more to do.' },
      },
      actions: { close: { label: 'Close', pending: 'Closing', from: { open: 'closed' } } },
    });
    const backend = simulateBackend({ lifecycles: [reviews], scene: 'empty', tickMs: 0, heartbeatMs: 60 });
    const report = await runConformance({
      system: 'reviews',
      lifecycle: reviews,
      createAdapter: () => simulatedAdapter(backend),
      backDoor: backDoor(backend, 'reviews'),
      patience,
    });
    assert.ok(report.ok, formatReport(report));
    assert.match(formatReport(report), /act-missing: no action of the lifecycle waits for anything/);
    backend.dispose();
  });

  test('what an adapter holds besides its feeds is let go at the end of each case', async () => {
    const { subject, close } = simulatedSubject('flows');
    const open = new Set<CampaignAdapter<unknown>>();
    const report = await runConformance({
      ...subject,
      createAdapter: async () => {
        assert.equal(open.size, 0);
        const adapter = await subject.createAdapter();
        open.add(adapter);
        return adapter;
      },
      closeAdapter: (adapter) => void open.delete(adapter),
    });
    assert.ok(report.ok, formatReport(report));
    assert.equal(open.size, 0);
    close();
  });
});

async function only(id: string, subject: Subject): Promise<CaseResult> {
  const found = conformanceCases({ patience, ...subject }).find((one) => one.id === id);
  return found!.run();
}

function failing(error: Error): CampaignAdapter<unknown> {
  return {
    watch: async function* () {
      throw error;
    },
    act: () => Promise.reject(error),
  };
}

function asStream(feed: AsyncIterable<Change<unknown>>): Feed<Change<unknown>> {
  const iterator = feed[Symbol.asyncIterator]();
  return new ReadableStream<Change<unknown>>({
    async pull(controller) {
      const result = await iterator.next();
      if (result.done) controller.close();
      else controller.enqueue(result.value);
    },
    cancel: () => void iterator.return?.(),
  });
}

function asObservable(feed: AsyncIterable<Change<unknown>>): Feed<Change<unknown>> {
  return {
    subscribe(observer) {
      void (async () => {
        try {
          for await (const change of feed) observer.next(change);
          observer.complete();
        } catch (error) {
          observer.error(error);
        }
      })();
      return { unsubscribe() {} };
    },
  };
}
