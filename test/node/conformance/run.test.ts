/** What a run does besides judging: what it leaves alone, what it skips, whose fault it says something is. */
import assert from 'node:assert/strict';
import process from 'node:process';
import { describe, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { simulateBackend, simulatedAdapter, backendControl } from '../../../mocks/index.ts';
import { AdapterError, type CampaignAdapter, type Change, type Feed } from '../../../src/adapters/contract.ts';
import {
  conformanceCases,
  conformanceRules,
  formatReport,
  runConformance,
  type BackendControl,
  type CaseResult,
  type Timeouts,
  type Subject,
} from '../../../src/conformance/index.ts';
import { defineLifecycle } from '../../../src/lifecycle/index.ts';
import { sabotages } from './sabotaged/index.ts';
import { timeouts, simulatedSubject } from './support.ts';

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
    const forbidden = new Proxy({} as BackendControl, {
      get: (_, member) => () => void used.push(String(member)),
      has: () => true,
    });
    return {
      used,
      subject: { system: 'python', createAdapter: () => adapter, control: forbidden, readOnly: true, timeouts },
      close: () => backend.dispose(),
    };
  }

  test('it never acts, and never uses the back door', async () => {
    const { subject, used, close } = guarded();
    const report = await runConformance(subject);
    assert.deepEqual(used, []);
    assert.ok(report.ok, formatReport(report));
    assert.equal(report.readOnly, true);
    assert.deepEqual(report.capabilities.control, []);
    for (const { status, reason } of report.results)
      if (status === 'skipped') assert.match(reason!, /read-only|no second system|the log is empty/);
    close();
  });

  test('without a back door, the read-only set runs, and the report says so', async () => {
    const { subject, used, close } = guarded();
    const report = await runConformance({ system: subject.system, createAdapter: subject.createAdapter, timeouts });
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
    const result = await only('change-told', { ...subject, control: { ...subject.control, seed } });
    assert.equal(result.status, 'error');
    assert.match(result.reason!, /^control\.seed failed: Error: the database is locked/);
    close();
  });

  test('so is one that never comes back', async () => {
    const { subject, close } = simulatedSubject('flows');
    const change = (): Promise<void> => new Promise(() => {});
    const result = await only('change-told', {
      ...subject,
      timeouts: { ...timeouts, controlMs: 50 },
      control: { ...subject.control, change },
    });
    assert.equal(result.status, 'error');
    assert.match(result.reason!, /control\.change failed.*within 50 ms/);
    close();
  });

  test('one that never works is told once, and what needs it is skipped', async () => {
    const { subject, close } = simulatedSubject('flows');
    let calls = 0;
    const seed: BackendControl['seed'] = (campaigns) => {
      calls++;
      return campaigns.map(() => 7) as unknown as readonly string[];
    };
    const report = await runConformance({ ...subject, control: { ...subject.control, seed } });
    const { counts, results } = report;
    assert.deepEqual([calls, counts.error, counts.failed, report.ok], [1, 1, 0, false]);
    const told = results.find(({ status }) => status === 'error')!;
    assert.equal(told.id, 'feed-synced');
    assert.match(told.reason!, /^control\.seed failed: .*it gave the id 7, which is no string.*ids\.map\(String\)/);
    const skipped = results.find(({ id }) => id === 'change-told')!;
    assert.deepEqual(
      [skipped.status, skipped.reason, skipped.blockedBy],
      ['skipped', 'control.seed failed in feed-synced, and this needs it', 'feed-synced'],
    );
    // What needs nothing of it is judged all the same.
    for (const id of ['adapter-shape', 'feed-opens-first', 'ids-unknown', 'cut-ends-feed'])
      assert.equal(
        results.find((result) => result.id === id)!.status,
        id === 'cut-ends-feed' ? 'skipped' : 'passed',
        id,
      );
    close();
  });

  test('one that has worked may have failed for what it was told: it is asked again', async () => {
    const { subject, backend, close } = simulatedSubject('flows');
    const change: BackendControl['change'] = (id, patch) => {
      if (patch.status !== undefined) throw new Error('read-only column');
      return subject.control.change(id, patch);
    };
    const report = await runConformance({ ...subject, control: { ...subject.control, change } });
    const { results } = report;
    const inError = results.filter(({ status }) => status === 'error').map(({ id }) => id);
    assert.ok(inError.includes('change-told') && inError.includes('act-overtaken'), inError.join());
    assert.equal(results.find(({ id }) => id === 'revision-grows')!.status, 'passed');
    // The reason is printed once, with all that it concerns.
    const text = formatReport(report);
    assert.equal(text.split('read-only column').length - 1, 2);
    assert.match(
      text,
      new RegExp(`^ERROR ${inError.join(', ')}\\n {2}control\\.change failed: .*read-only column$`, 'm'),
    );
    assert.deepEqual(backend.campaigns.list('flows'), []);
    close();
  });

  test('one that can’t remove is told once', async () => {
    const { subject, close } = simulatedSubject('flows');
    const remove = (): void => {
      throw new Error('no such route');
    };
    const report = await runConformance(
      { ...subject, control: { ...subject.control, remove } },
      { only: ['feed-synced', 'snapshot-complete', 'removal-told'] },
    );
    assert.deepEqual(
      report.results.map(({ status }) => status),
      ['error', 'passed', 'skipped'],
      formatReport(report),
    );
    close();
  });

  test('an adapter that is never made, or never closed, does not hold up the run', async () => {
    const { subject, close } = simulatedSubject('flows');
    const never = (): Promise<never> => new Promise(() => {});
    const unmade = await only('feed-synced', {
      ...subject,
      createAdapter: never,
      timeouts: { ...timeouts, caseMs: 50 },
    });
    assert.match(unmade.reason!, /not over within 50 ms/);
    const unclosed = await only('feed-synced', {
      ...subject,
      closeAdapter: never,
      timeouts: { ...timeouts, answerMs: 200 },
    });
    assert.match(unclosed.reason!, /^closeAdapter failed: Error: nothing came of it within 200 ms/);
    close();
  });

  test('an adapter that can’t be made, or is none', async () => {
    for (const [createAdapter, reason] of [
      [() => Promise.reject(new Error('no token')), /createAdapter failed: Error: no token/],
      [() => ({}), /createAdapter must give an adapter, got {}/],
    ] as const) {
      const { results, notRun } = await runConformance({
        system: 'flows',
        createAdapter: createAdapter as Subject['createAdapter'],
      });
      assert.deepEqual(
        results.map(({ status }) => status),
        ['error'],
      );
      assert.match(results[0]!.reason!, reason);
      assert.equal(notRun.length, FIRST_RULE_SET.length - 1);
    }
  });

  test('a backend out of reach: nothing else is tried', async () => {
    for (const error of [new AdapterError('unauthenticated', 'no session'), new TypeError('fetch failed')]) {
      const report = await runConformance({ system: 'flows', createAdapter: () => failing(error), timeouts });
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

  test('nor is a process that stands still for longer than the run would wait', async () => {
    const standStill = async (): Promise<void> => {
      await pause(5);
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1500);
      await pause(5);
    };
    const { subject, close } = simulatedSubject('flows', (adapter) => ({
      ...adapter,
      watch: async function* (request) {
        await standStill();
        yield* adapter.watch(request) as AsyncIterable<Change<unknown>>;
      },
      get: async (...asked) => {
        await standStill();
        return adapter.get!(...asked);
      },
    }));
    for (const id of ['feed-opens-first', 'get-unknown']) {
      const result = await only(id, { ...subject, timeouts: { ...timeouts, answerMs: 1000 } });
      assert.equal(result.status, 'passed', result.failure?.received);
    }
    close();
  });

  test('a case that takes too long is ended', async () => {
    // It never has the heartbeat that the case waits for.
    const { subject, close } = simulatedSubject('flows', sabotages.get('feed-heartbeat'));
    const result = await only('feed-heartbeat', { ...subject, timeouts: { ...timeouts, caseMs: 20 } });
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
      const report = await runConformance({ ...subject, timeouts: { ...timeouts, answerMs: 30, stopMs: 30 } });
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
      /There is no rule "get-frish"; did you mean "get-fresh"\?/,
    );
    await assert.rejects(
      runConformance(subject, { only: ['nothing'] }),
      /no rule "nothing"; there is: adapter-shape, /,
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

  test('progress is told', async () => {
    const { subject, close } = simulatedSubject('flows');
    const heard: string[] = [];
    await runConformance(subject, {
      only: ['adapter-shape', 'get-fresh'],
      onCase: (id, result) => void heard.push(`${id} ${result?.status ?? 'begins'}`),
    });
    assert.deepEqual(heard, ['adapter-shape begins', 'adapter-shape passed', 'get-fresh begins', 'get-fresh passed']);
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
    refused({ system: 'flows', createAdapter, control: {} }, /back door needs `seed`/);
    refused({ system: 'flows', createAdapter, timeouts: { answerMs: -1 } }, /timeouts.answerMs: got -1/);
    const door = { seed() {}, change() {}, remove() {} };
    refused({ system: 'mails', createAdapter, control: door }, /lifecycle of "mails" is not known/);
  });
});

describe('the signal of a run', () => {
  /** Far beyond what the test may take: whoever waits for it fails. */
  const endless: Partial<Timeouts> = { ...timeouts, answerMs: 120_000, controlMs: 120_000, caseMs: 240_000 };

  const timers = (): number => process.getActiveResourcesInfo().filter((kind) => kind === 'Timeout').length;

  test('ends the case under way, whatever it waits for; what it made is removed', async () => {
    const before = timers();
    for (const [what, member] of [
      ['feed-synced', 'watch'],
      ['change-told', 'told'],
      ['act-legal', 'act'],
    ] as const) {
      const { subject, backend, close } = simulatedSubject('flows', (adapter) => ({
        ...adapter,
        // It never says anything, nor ends.
        ...(member === 'watch' ? { watch: () => ({ subscribe: () => ({ unsubscribe() {} }) }) } : {}),
        ...(member === 'act' ? { act: () => new Promise(() => {}) } : {}),
        ...(member === 'told' ? { watch: sabotages.get('change-told')!(adapter).watch } : {}),
      }));
      const stop = new AbortController();
      const asked = Date.now();
      const running = runConformance(
        { ...subject, timeouts: endless },
        { only: ['adapter-shape', what], signal: stop.signal },
      );
      await holds(() => backend.campaigns.list('flows').length > 0);
      stop.abort();
      const { results, notRun, ok } = await running;
      assert.ok(Date.now() - asked < 30_000, what);
      assert.deepEqual(
        results.map(({ id }) => id),
        ['adapter-shape'],
      );
      assert.ok(notRun.includes(what));
      assert.ok(ok);
      assert.deepEqual(backend.campaigns.list('flows'), []);
      assert.equal(backend.openFeeds(), 0);
      close();
    }
    // What was left in the middle waits for nothing any more.
    await holds(() => timers() <= before);
  });

  test('ends the trouble that the back door was told to make', async () => {
    const { subject, backend, close } = simulatedSubject('flows', (adapter) => ({
      ...adapter,
      watch: () => ({ subscribe: () => ({ unsubscribe() {} }) }),
    }));
    const stop = new AbortController();
    const running = runConformance({ ...subject, timeouts: endless }, { only: ['error-codes'], signal: stop.signal });
    await holds(() => backend.faults.state.answer !== undefined);
    stop.abort();
    await running;
    assert.equal(backend.faults.state.answer, undefined);
    close();
  });

  test('waits for what the back door has under way, and removes that too', async () => {
    const { subject, backend, close } = simulatedSubject('flows');
    const stop = new AbortController();
    let begun = false;
    let seeded = false;
    const seed: BackendControl['seed'] = async (campaigns) => {
      begun = true;
      await new Promise((resolve) => stop.signal.addEventListener('abort', () => setTimeout(resolve, 20)));
      await subject.control.seed(campaigns);
      seeded = true;
    };
    const running = runConformance(
      { ...subject, control: { ...subject.control, seed }, timeouts: endless },
      { only: ['change-told'], signal: stop.signal },
    );
    await holds(() => begun);
    stop.abort();
    assert.deepEqual((await running).results, []);
    assert.ok(seeded);
    assert.deepEqual(backend.campaigns.list('flows'), []);
    close();
  });

  test('lets the case under way tell the back door nothing more', async () => {
    let stopped = false;
    const { subject, backend, close } = simulatedSubject('flows', (adapter) => {
      const hangs = sabotages.get('stop-when-live')!(adapter);
      return {
        ...hangs,
        watch: (request) => {
          request.signal.addEventListener('abort', () => (stopped = true), { once: true });
          return hangs.watch(request);
        },
      };
    });
    const stop = new AbortController();
    const told: string[] = [];
    const watched = new Proxy(subject.control, {
      get: (door, member: 'seed') => {
        const tell = door[member].bind(door);
        return (...given: Parameters<typeof tell>) => {
          told.push(member);
          return tell(...given);
        };
      },
    });
    // It stops a feed, waits for its end, and would change, remove and add campaigns then.
    const running = runConformance(
      { ...subject, control: watched, timeouts: { ...endless, stopMs: 120_000 } },
      { only: ['resume-complete'], signal: stop.signal },
    );
    await holds(() => stopped);
    stop.abort();
    await running;
    await new Promise((resolve) => setTimeout(resolve, 20));
    assert.deepEqual(told, ['seed', 'remove', 'remove', 'remove']);
    assert.deepEqual(backend.campaigns.list('flows'), []);
    close();
  });

  test('ends a run that waits for an adapter to be made, and closes that one when it comes', async () => {
    const { subject, close } = simulatedSubject('flows');
    const stop = new AbortController();
    let make = (): void => {};
    const made = new Promise<void>((resolve) => (make = resolve));
    let asked = 0;
    let closed = 0;
    const running = runConformance(
      {
        ...subject,
        timeouts: endless,
        createAdapter: async () => {
          asked++;
          await made;
          return subject.createAdapter();
        },
        closeAdapter: () => void closed++,
      },
      { only: ['feed-synced'], signal: stop.signal },
    );
    stop.abort();
    assert.deepEqual((await running).results, []);
    assert.deepEqual([asked, closed], [1, 0]);
    make();
    await holds(() => closed === 1);
    close();
  });

  test('that has aborted already lets nothing begin', async () => {
    const { subject, close } = simulatedSubject('flows');
    const { results, notRun, ok } = await runConformance(subject, { signal: AbortSignal.abort() });
    assert.deepEqual([results.length, notRun.length, ok], [0, FIRST_RULE_SET.length, false]);
    close();
  });
});

describe('an adapter that has to sign in', () => {
  /** A token each, and none to begin with. @param opens it says `open` before it asks the backend, as one that polls does */
  function signedOut(opens: boolean, signIn?: (letIn: () => void) => Promise<void>) {
    let calls = 0;
    const { subject, close } = simulatedSubject('flows', (adapter) => {
      let isIn = false;
      const refuse = (): void => {
        if (!isIn) throw new AdapterError('unauthenticated', 'who are you?');
      };
      return {
        ...adapter,
        watch: async function* (request) {
          if (opens && !isIn) yield { type: 'open', mode: 'snapshot' } as const;
          refuse();
          yield* adapter.watch(request) as AsyncIterable<Change<unknown>>;
        },
        act: async (request) => {
          refuse();
          return adapter.act(request);
        },
        ...(signIn && {
          reauthenticate: () => {
            calls++;
            return signIn(() => (isIn = true));
          },
        }),
      };
    });
    return { subject, close, calls: () => calls };
  }

  test('is signed in, as the store would', async () => {
    for (const opens of [false, true]) {
      const { subject, close, calls } = signedOut(opens, async (letIn) => letIn());
      const only = ['adapter-shape', 'feed-opens-first', 'feed-synced', 'act-legal', 'error-codes'];
      const report = await runConformance(subject, { only });
      assert.equal(report.counts.passed, only.length, formatReport(report));
      assert.equal(calls(), only.length);
      close();
    }
  });

  test('is left alone where it is signed in already', async () => {
    const { subject, close } = simulatedSubject('flows', (adapter) => ({
      ...adapter,
      reauthenticate: () => Promise.reject(new Error('asked for nothing')),
    }));
    const report = await runConformance(subject, { only: ['feed-synced', 'act-legal'] });
    assert.equal(report.counts.passed, 2, formatReport(report));
    close();
  });

  test('and can’t is no failure of the adapter: nothing else is tried', async () => {
    const refused = signedOut(true, () => Promise.reject(new Error('wrong password')));
    const report = await runConformance(refused.subject, { only: ['feed-synced'] });
    assert.match(report.results[0]!.reason!, /^reauthenticate threw Error: wrong password/);
    refused.close();
    for (const opens of [false, true]) {
      const { subject, close } = signedOut(opens);
      const { counts, results, notRun } = await runConformance(subject);
      assert.deepEqual([counts.error, counts.failed], [1, 0]);
      assert.match(results.at(-1)!.reason!, /AdapterError unauthenticated: who are you\?/);
      assert.ok(notRun.includes('act-legal'));
      close();
    }
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
    const withOwnIds = (door: BackendControl): BackendControl => ({
      ...door,
      seed: async (campaigns) => {
        const own = campaigns.map((campaign) => ({ ...campaign, id: `own-${++n}` }));
        await door.seed(own);
        return own.map(({ id }) => id);
      },
    });
    const { control: door, other } = subject;
    const report = await runConformance({
      ...subject,
      control: withOwnIds(door),
      other: { ...other!, control: withOwnIds(other!.control) },
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
    const { seed, change, remove } = subject.control;
    const report = await runConformance({ ...subject, control: { seed, change, remove } });
    assert.ok(report.ok, formatReport(report));
    assert.deepEqual(report.capabilities, { adapter: [], control: ['seed', 'change', 'remove'] });
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
      control: backendControl(backend, 'reviews'),
      timeouts,
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

/** Waits until something is so. */
async function holds(what: () => boolean, ms = 20_000): Promise<void> {
  for (const deadline = Date.now() + ms; !what(); await new Promise((resolve) => setTimeout(resolve, 5)))
    if (Date.now() > deadline) assert.fail(`in vain: ${String(what)}`);
}

async function only(id: string, subject: Subject): Promise<CaseResult> {
  const found = conformanceCases({ timeouts, ...subject }).find((one) => one.id === id);
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
