/** A run besides its checks: what it must not touch, what it skips, and how it reports faults of the test setup. */
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
import { allRules } from '../../../src/conformance/rules/index.ts';
import { defineLifecycle, flows } from '../../../src/lifecycle/index.ts';
import { sabotages } from './sabotaged/index.ts';
import { notFor, runOnVirtualTime, simulatedSubject, skippedIn, timeouts } from './support.ts';

/** The rules of the first set. No rule joins it later: new rules get a new set. */
const FIRST_RULE_SET = [
  ...['adapter-shape', 'feed-opens-first', 'feed-opens-once', 'feed-synced', 'feed-schema', 'feed-pages-before-synced'],
  ...['feed-cursor-from-synced', 'feed-count', 'feed-heartbeat', 'feed-again', 'feed-two-at-once'],
  ...['snapshot-complete', 'snapshot-empty', 'snapshot-many', 'snapshot-rows-once', 'row-faithful', 'row-system'],
  ...[
    'systems-apart',
    'change-reported',
    'change-during-snapshot',
    'change-in-order',
    'revision-grows',
    'revision-still',
  ],
  ...['revision-steady'],
  ...['revision-after-removal', 'removal-reported', 'removal-revision', 'removal-lasts', 'removal-while-away'],
  ...['resume-complete', 'resume-every-cursor', 'resume-other-epoch', 'resume-from-the-future', 'resume-expired'],
  ...['epoch-renewed', 'stop-when-live', 'stop-early', 'stop-silent', 'stop-leaves-nothing', 'cut-ends-feed'],
  ...['cut-then-again', 'error-codes', 'error-retry-after', 'ids-reported', 'ids-unknown', 'get-schema', 'get-agrees'],
  ...['get-fresh', 'get-unknown', 'diagnose-schema', 'log-schema', 'log-starts-over', 'act-legal', 'act-schema'],
  ...['act-illegal', 'act-illegal-answered', 'act-missing', 'act-unknown-campaign', 'act-unknown-action'],
  ...['act-stale-but-legal', 'act-overtaken', 'act-done-agrees', 'act-new-key', 'idempotent-replay'],
  ...['idempotent-at-once', 'act-lost-answer', 'idempotent-lost-answer', 'act-error-codes', 'odd-ids'],
  ...['odd-ids-addressed', 'odd-texts', 'long-texts', 'unknown-status'],
];

/** What the second set added. */
const SECOND_RULE_SET = [
  ...['act-lands', 'act-input', 'act-input-invalid', 'act-many-in-order', 'act-many-apart', 'act-many-keys'],
  ...['history-schema', 'history-action', 'history-newest-first', 'history-paged'],
];

/** What the third set added. */
const THIRD_RULE_SET = ['change-not-overtaken'];

describe('the rules', () => {
  test('the first rule set never changes', () => {
    assert.deepEqual(
      conformanceRules(1).map(({ id }) => id),
      FIRST_RULE_SET,
    );
  });

  test('the second rule set adds rules and keeps all of the first', () => {
    const ids = conformanceRules(2).map(({ id }) => id);
    assert.deepEqual(
      ids.filter((id) => !FIRST_RULE_SET.includes(id)),
      SECOND_RULE_SET,
    );
    assert.equal(ids.length, FIRST_RULE_SET.length + SECOND_RULE_SET.length);
  });

  test('the third rule set adds rules and keeps all of the second', () => {
    const before = conformanceRules(2).map(({ id }) => id);
    const ids = conformanceRules(3).map(({ id }) => id);
    assert.deepEqual(
      ids.filter((id) => !before.includes(id)),
      THIRD_RULE_SET,
    );
    assert.equal(ids.length, before.length + THIRD_RULE_SET.length);
  });

  test('each rule is checked after the rules that it requires, and those are in its set', () => {
    const sets = new Map<string, number>();
    for (const { info, requires } of allRules) {
      for (const id of requires) assert.ok(sets.get(id)! <= info.ruleSet, `${info.id} requires ${id}`);
      sets.set(info.id, info.ruleSet);
    }
    assert.equal(sets.size, conformanceRules().length);
  });

  test('each rule says why it matters and how to fix it', () => {
    for (const { id, title, why, fix, group, level } of conformanceRules()) {
      for (const text of [title, why, fix]) assert.match(text, /^\S.{20,}[.?]$/s, `${id}: ${text}`);
      assert.ok(group && ['must', 'should'].includes(level), id);
    }
  });
});

describe('a rule whose requirement is broken', () => {
  /** Refuses every action. */
  const refusing = (adapter: CampaignAdapter<unknown>): CampaignAdapter<unknown> => ({
    ...adapter,
    act: () => Promise.resolve({ outcome: 'refused', code: 'unavailable' }),
  });

  test('is skipped if it does not hold, and names the broken rule, also one that it requires indirectly', async () => {
    const { subject, close } = simulatedSubject('flows', refusing);
    const { results } = await runOnVirtualTime(subject, {
      only: ['act-legal', 'act-lost-answer', 'idempotent-lost-answer'],
    });
    assert.deepEqual(
      results.map(({ status, blockedBy, reason }) => [status, blockedBy, reason]),
      [
        ['failed', undefined, undefined],
        ['skipped', 'act-legal', 'act-legal is broken, and this rule needs it'],
        ['skipped', 'act-legal', 'act-legal is broken, and this rule needs it'],
      ],
    );
    close();
  });

  test('passes if it holds, so that an expected failure hides no other rule', async () => {
    const { subject, close } = simulatedSubject('flows', sabotages.get('act-legal'));
    const { results } = await runOnVirtualTime(subject, {
      only: ['act-legal', 'act-done-agrees'],
      expectedFailures: ['act-legal'],
    });
    assert.deepEqual(
      results.map(({ status }) => status),
      ['failed', 'passed'],
    );
    close();
  });

  test('fails if it is checked alone', async () => {
    const { subject, close } = simulatedSubject('flows', refusing);
    assert.equal((await only('act-lost-answer', subject)).status, 'failed');
    close();
  });
});

describe('a read-only run', () => {
  /** Records every use of `act` and of the backend control. */
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

  test('sends no action and never uses the backend control', async () => {
    const { subject, used, close } = guarded();
    const report = await runOnVirtualTime(subject);
    assert.deepEqual(used, []);
    assert.ok(report.ok, formatReport(report));
    assert.equal(report.readOnly, true);
    assert.deepEqual(report.capabilities.control, []);
    for (const { status, reason } of report.results)
      if (status === 'skipped') assert.match(reason!, /read-only|no second system|the log is empty/);
    close();
  });

  test('is what happens without a backend control, and the report says so', async () => {
    const { subject, used, close } = guarded();
    const report = await runOnVirtualTime({ system: subject.system, createAdapter: subject.createAdapter, timeouts });
    assert.deepEqual(used, []);
    assert.match(formatReport(report), /read-only: no action was sent/);
    assert.ok(report.results.some(({ reason }) => reason === 'there is no backend control'));
    close();
  });
});

describe('faults of the test setup', () => {
  test('a backend control that throws is an error, not a failure of the adapter', async () => {
    const { subject, close } = simulatedSubject('flows');
    const seed = (): void => {
      throw new Error('the database is locked');
    };
    const result = await only('change-reported', { ...subject, control: { ...subject.control, seed } });
    assert.equal(result.status, 'error');
    assert.match(result.reason!, /^control\.seed failed: Error: the database is locked/);
    close();
  });

  test('a backend control that never settles is an error after controlMs', async () => {
    const { subject, close } = simulatedSubject('flows');
    const change = (): Promise<void> => new Promise(() => {});
    const result = await only('change-reported', {
      ...subject,
      timeouts: { ...timeouts, controlMs: 50 },
      control: { ...subject.control, change },
    });
    assert.equal(result.status, 'error');
    assert.match(result.reason!, /control\.change failed.*within 50 ms/);
    close();
  });

  test('a control member that never works is reported once, and rules that need it are skipped', async () => {
    const { subject, close } = simulatedSubject('flows');
    let calls = 0;
    const seed: BackendControl['seed'] = (campaigns) => {
      calls++;
      return campaigns.map(() => 7) as unknown as readonly string[];
    };
    const report = await runOnVirtualTime({ ...subject, control: { ...subject.control, seed } });
    const { counts, results } = report;
    assert.deepEqual([calls, counts.error, counts.failed, report.ok], [1, 1, 0, false]);
    const error = results.find(({ status }) => status === 'error')!;
    assert.equal(error.id, 'feed-synced');
    assert.match(
      error.reason!,
      /^control\.seed failed: .*it returned the id 7, which is not a string.*ids\.map\(String\)/,
    );
    const skipped = results.find(({ id }) => id === 'change-reported')!;
    assert.deepEqual(
      [skipped.status, skipped.reason, skipped.blockedBy],
      ['skipped', 'control.seed failed in feed-synced, and this rule needs it', 'feed-synced'],
    );
    // Rules that don't need it are still checked.
    for (const id of ['adapter-shape', 'feed-opens-first', 'ids-unknown', 'cut-ends-feed'])
      assert.equal(
        results.find((result) => result.id === id)!.status,
        id === 'cut-ends-feed' ? 'skipped' : 'passed',
        id,
      );
    close();
  });

  test('a control member that worked before is called again after an error', async () => {
    const { subject, backend, close } = simulatedSubject('flows');
    const change: BackendControl['change'] = (id, patch) => {
      if (patch.status !== undefined) throw new Error('read-only column');
      return subject.control.change(id, patch);
    };
    const report = await runOnVirtualTime({ ...subject, control: { ...subject.control, change } });
    const { results } = report;
    const inError = results.filter(({ status }) => status === 'error').map(({ id }) => id);
    assert.ok(inError.includes('change-reported') && inError.includes('act-overtaken'), inError.join());
    assert.equal(results.find(({ id }) => id === 'revision-grows')!.status, 'passed');
    // The reason is printed once, with all rules that it affects.
    const text = formatReport(report);
    assert.equal(text.split('read-only column').length - 1, 2);
    assert.match(
      text,
      new RegExp(`^ERROR ${inError.join(', ')}\\n {2}control\\.change failed: .*read-only column$`, 'm'),
    );
    assert.deepEqual(backend.campaigns.list('flows'), []);
    close();
  });

  test('a control that can’t remove campaigns is reported once', async () => {
    const { subject, close } = simulatedSubject('flows');
    const remove = (): void => {
      throw new Error('no such route');
    };
    const report = await runOnVirtualTime(
      { ...subject, control: { ...subject.control, remove } },
      { only: ['feed-synced', 'snapshot-complete', 'removal-reported'] },
    );
    assert.deepEqual(
      report.results.map(({ status }) => status),
      ['error', 'passed', 'skipped'],
      formatReport(report),
    );
    close();
  });

  test('createAdapter or closeAdapter that never settles does not block the run', async () => {
    const { subject, close } = simulatedSubject('flows');
    const never = (): Promise<never> => new Promise(() => {});
    const unmade = await only('feed-synced', {
      ...subject,
      createAdapter: never,
      timeouts: { ...timeouts, caseMs: 50 },
    });
    assert.match(unmade.reason!, /did not finish within 50 ms/);
    const unclosed = await only('feed-synced', {
      ...subject,
      closeAdapter: never,
      timeouts: { ...timeouts, answerMs: 200 },
    });
    assert.match(unclosed.reason!, /^closeAdapter failed: Error: it did not settle within 200 ms/);
    close();
  });

  test('createAdapter that throws or returns no adapter is an error', async () => {
    for (const [createAdapter, reason] of [
      [() => Promise.reject(new Error('no token')), /createAdapter failed: Error: no token/],
      [() => ({}), /createAdapter must return an adapter, got {}/],
    ] as const) {
      const { results, notRun } = await runOnVirtualTime({
        system: 'flows',
        createAdapter: createAdapter as Subject['createAdapter'],
      });
      assert.deepEqual(
        results.map(({ status }) => status),
        ['error'],
      );
      assert.match(results[0]!.reason!, reason);
      assert.equal(notRun.length, conformanceRules().length - 1);
    }
  });

  test('an unreachable backend is one error, and no other rule runs', async () => {
    for (const error of [new AdapterError('unauthenticated', 'no session'), new TypeError('fetch failed')]) {
      const report = await runOnVirtualTime({ system: 'flows', createAdapter: () => failing(error), timeouts });
      assert.equal(report.ok, false);
      assert.deepEqual([report.counts.error, report.counts.failed], [1, 0]);
      assert.ok(report.notRun.includes('feed-synced'));
      assert.match(formatReport(report), /could not be opened.*\n[^]*could not be checked/);
    }
  });

  test('an adapter that throws a programming error before `open` fails', async () => {
    const result = await only('feed-opens-first', {
      system: 'flows',
      createAdapter: () => failing(new TypeError('x is not iterable')),
    });
    assert.equal(result.status, 'failed');
    assert.match(result.failure!.received, /sent nothing, and threw TypeError: x is not iterable/);
  });

  test('a process that stalls for longer than a timeout does not fail the adapter', async () => {
    const stall = async (): Promise<void> => {
      await pause(5);
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1500);
      await pause(5);
    };
    const { subject, close } = simulatedSubject('flows', (adapter) => ({
      ...adapter,
      watch: async function* (request) {
        await stall();
        yield* adapter.watch(request) as AsyncIterable<Change<unknown>>;
      },
      get: async (...args) => {
        await stall();
        return adapter.get!(...args);
      },
    }));
    for (const id of ['feed-opens-first', 'get-unknown']) {
      const result = await only(id, { ...subject, timeouts: { ...timeouts, answerMs: 1000 } });
      assert.equal(result.status, 'passed', result.failure?.received);
    }
    close();
  });

  test('a case that exceeds caseMs is an error', async () => {
    // It never sends the heartbeat that the case waits for.
    const { subject, close } = simulatedSubject('flows', sabotages.get('feed-heartbeat'));
    const result = await only('feed-heartbeat', { ...subject, timeouts: { ...timeouts, caseMs: 20 } });
    assert.equal(result.status, 'error');
    assert.match(result.reason!, /did not finish within 20 ms/);
    close();
  });

  test('no feed, however malformed, causes an error in the kit itself', async () => {
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
      const report = await runOnVirtualTime({ ...subject, timeouts: { ...timeouts, answerMs: 30, stopMs: 30 } });
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
  test('expected failures don’t fail the run; one that holds does', async () => {
    const { subject, close } = simulatedSubject('flows', sabotages.get('get-fresh'));
    const run = (expectedFailures: readonly string[]) =>
      runOnVirtualTime(subject, { only: ['get-fresh', 'get-agrees'], expectedFailures });
    assert.equal((await run([])).ok, false);
    const expected = await run(['get-fresh']);
    assert.equal(expected.ok, true);
    assert.equal(expected.results.find(({ id }) => id === 'get-fresh')!.expected, true);
    const stale = await run(['get-fresh', 'get-agrees']);
    assert.equal(stale.ok, false);
    assert.match(
      formatReport(stale),
      /FAIL get-agrees\n {2}The rule is listed as an expected failure, but it holds\. Take it off/,
    );
    close();
  });

  test('an unknown rule id is refused', async () => {
    const { subject, close } = simulatedSubject('flows');
    await assert.rejects(
      runConformance(subject, { only: ['get-frish'] }),
      /There is no rule "get-frish"; did you mean "get-fresh"\?/,
    );
    await assert.rejects(
      runConformance(subject, { only: ['nothing'] }),
      /no rule "nothing"; the rules are: adapter-shape, /,
    );
    await assert.rejects(runConformance(subject, { expectedFailures: ['x'] }), RangeError);
    close();
  });

  test('rules left out by `only` are listed in notRun', async () => {
    const { subject, close } = simulatedSubject('flows');
    const { notRun, results } = await runOnVirtualTime(subject, { only: ['get-fresh'] });
    assert.deepEqual(
      results.map(({ id }) => id),
      ['get-fresh'],
    );
    assert.equal(notRun.length, conformanceRules().length - 1);
    close();
  });

  test('an older rule set is checked without the rules that came later, and the report names it', async () => {
    const { subject, close } = simulatedSubject('flows', sabotages.get('history-paged'));
    const newest = await runOnVirtualTime(subject);
    assert.deepEqual([newest.ruleSet, newest.ok], [3, false]);
    assert.match(formatReport(newest), /: the adapter does not conform to rule set 3$/);
    const first = await runOnVirtualTime(subject, { ruleSet: 1 });
    assert.deepEqual([first.ruleSet, first.ok, first.results.length], [1, true, FIRST_RULE_SET.length]);
    assert.match(formatReport(first), /: the adapter conforms to rule set 1, as far as it was checked/);
    close();
  });

  test('onCase is called before and after each case', async () => {
    const { subject, close } = simulatedSubject('flows');
    const calls: string[] = [];
    await runOnVirtualTime(subject, {
      only: ['adapter-shape', 'get-fresh'],
      onCase: (id, result) => void calls.push(`${id} ${result?.status ?? 'begins'}`),
    });
    assert.deepEqual(calls, ['adapter-shape begins', 'adapter-shape passed', 'get-fresh begins', 'get-fresh passed']);
    close();
  });

  test('a report is plain data that survives JSON', async () => {
    const { subject, close } = simulatedSubject('flows', sabotages.get('get-fresh'));
    const report = await runOnVirtualTime(subject, { only: ['get-fresh'] });
    assert.deepEqual(JSON.parse(JSON.stringify(report)), report);
    close();
  });

  test('an invalid subject is refused with what to give instead', () => {
    const createAdapter = (): CampaignAdapter<unknown> => failing(new Error());
    const refused = (subject: object, message: RegExp): void => {
      assert.throws(() => conformanceCases(subject as Subject), message);
    };
    refused({ createAdapter }, /needs `system`/);
    refused({ system: 'flows' }, /needs `createAdapter`/);
    refused({ system: 'flows', createAdapter, control: {} }, /backend control needs `seed`/);
    refused({ system: 'flows', createAdapter, timeouts: { answerMs: -1 } }, /timeouts.answerMs: got -1/);
    const control = { seed() {}, change() {}, remove() {} };
    refused({ system: 'mails', createAdapter, control }, /lifecycle of "mails" is unknown/);
  });
});

describe('the signal of a run', () => {
  /** Far longer than a test may take, so a test that waits for one fails. */
  const endless: Partial<Timeouts> = { ...timeouts, answerMs: 120_000, controlMs: 120_000, caseMs: 240_000 };

  const timers = (): number => process.getActiveResourcesInfo().filter((kind) => kind === 'Timeout').length;

  test('stops the current case wherever it waits, and removes what it made', async () => {
    const before = timers();
    for (const [what, member] of [
      ['feed-synced', 'watch'],
      ['change-reported', 'change'],
      ['act-legal', 'act'],
    ] as const) {
      const { subject, backend, close } = simulatedSubject('flows', (adapter) => ({
        ...adapter,
        // It never sends anything and never ends.
        ...(member === 'watch' ? { watch: () => ({ subscribe: () => ({ unsubscribe() {} }) }) } : {}),
        ...(member === 'act' ? { act: () => new Promise(() => {}) } : {}),
        ...(member === 'change' ? { watch: sabotages.get('change-reported')!(adapter).watch } : {}),
      }));
      const stop = new AbortController();
      const start = Date.now();
      const running = runConformance(
        { ...subject, timeouts: endless },
        { only: ['adapter-shape', what], signal: stop.signal },
      );
      await holds(() => backend.campaigns.list('flows').length > 0);
      stop.abort();
      const { results, notRun, ok } = await running;
      assert.ok(Date.now() - start < 30_000, what);
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
    // The stopped cases have no timers left.
    await holds(() => timers() <= before);
  });

  test('ends the failure that the backend control injected', async () => {
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

  test('waits for a pending call of the backend control, and removes what it made', async () => {
    const { subject, backend, close } = simulatedSubject('flows');
    const stop = new AbortController();
    let started = false;
    let seeded = false;
    const seed: BackendControl['seed'] = async (campaigns) => {
      started = true;
      await new Promise((resolve) => stop.signal.addEventListener('abort', () => setTimeout(resolve, 20)));
      await subject.control.seed(campaigns);
      seeded = true;
    };
    const running = runConformance(
      { ...subject, control: { ...subject.control, seed }, timeouts: endless },
      { only: ['change-reported'], signal: stop.signal },
    );
    await holds(() => started);
    stop.abort();
    assert.deepEqual((await running).results, []);
    assert.ok(seeded);
    assert.deepEqual(backend.campaigns.list('flows'), []);
    close();
  });

  test('stops further calls of the backend control by the current case', async () => {
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
    const calls: string[] = [];
    const recorded = new Proxy(subject.control, {
      get: (control, member: 'seed') => {
        const call = control[member].bind(control);
        return (...args: Parameters<typeof call>) => {
          calls.push(member);
          return call(...args);
        };
      },
    });
    // The case stops a feed, waits for its end, and would then change, remove and add campaigns.
    const running = runConformance(
      { ...subject, control: recorded, timeouts: { ...endless, stopMs: 120_000 } },
      { only: ['resume-complete'], signal: stop.signal },
    );
    await holds(() => stopped);
    stop.abort();
    await running;
    await new Promise((resolve) => setTimeout(resolve, 20));
    assert.deepEqual(calls, ['seed', 'remove', 'remove', 'remove']);
    assert.deepEqual(backend.campaigns.list('flows'), []);
    close();
  });

  test('stops a run that waits for createAdapter, and closes the adapter when it is made', async () => {
    const { subject, close } = simulatedSubject('flows');
    const stop = new AbortController();
    let make = (): void => {};
    const made = new Promise<void>((resolve) => (make = resolve));
    let created = 0;
    let closed = 0;
    const running = runConformance(
      {
        ...subject,
        timeouts: endless,
        createAdapter: async () => {
          created++;
          await made;
          return subject.createAdapter();
        },
        closeAdapter: () => void closed++,
      },
      { only: ['feed-synced'], signal: stop.signal },
    );
    stop.abort();
    assert.deepEqual((await running).results, []);
    assert.deepEqual([created, closed], [1, 0]);
    make();
    await holds(() => closed === 1);
    close();
  });

  test('that has already aborted prevents every case', async () => {
    const { subject, close } = simulatedSubject('flows');
    const { results, notRun, ok } = await runConformance(subject, { signal: AbortSignal.abort() });
    assert.deepEqual([results.length, notRun.length, ok], [0, conformanceRules().length, false]);
    close();
  });
});

describe('an adapter that must sign in', () => {
  /** Each adapter starts without a session. @param opens it sends `open` before it asks the backend, as a polling adapter does */
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

  test('is signed in as the store would do it', async () => {
    for (const opens of [false, true]) {
      const { subject, close, calls } = signedOut(opens, async (letIn) => letIn());
      const only = ['adapter-shape', 'feed-opens-first', 'feed-synced', 'act-legal', 'error-codes'];
      const report = await runOnVirtualTime(subject, { only });
      assert.equal(report.counts.passed, only.length, formatReport(report));
      assert.equal(calls(), only.length);
      close();
    }
  });

  test('is not asked to sign in if it already has', async () => {
    const { subject, close } = simulatedSubject('flows', (adapter) => ({
      ...adapter,
      reauthenticate: () => Promise.reject(new Error('called without need')),
    }));
    const report = await runOnVirtualTime(subject, { only: ['feed-synced', 'act-legal'] });
    assert.equal(report.counts.passed, 2, formatReport(report));
    close();
  });

  test('is one error if it can’t sign in, and no other rule runs', async () => {
    const refused = signedOut(true, () => Promise.reject(new Error('wrong password')));
    const report = await runOnVirtualTime(refused.subject, { only: ['feed-synced'] });
    assert.match(report.results[0]!.reason!, /^reauthenticate threw Error: wrong password/);
    refused.close();
    for (const opens of [false, true]) {
      const { subject, close } = signedOut(opens);
      const { counts, results, notRun } = await runOnVirtualTime(subject);
      assert.deepEqual([counts.error, counts.failed], [1, 0]);
      assert.match(results.at(-1)!.reason!, /AdapterError unauthenticated: who are you\?/);
      assert.ok(notRun.includes('act-legal'));
      close();
    }
  });
});

describe('kinds of adapters and backends', () => {
  test('feeds that are ReadableStreams or Observables pass like async iterables', async () => {
    for (const wrap of [asStream, asObservable]) {
      const { subject, backend, close } = simulatedSubject('flows', (adapter) => ({
        ...adapter,
        watch: (request) => wrap(adapter.watch(request) as AsyncIterable<Change<unknown>>),
      }));
      const report = await runOnVirtualTime(subject);
      assert.ok(report.ok, formatReport(report));
      assert.deepEqual(skippedIn(report), notFor(flows));
      assert.equal(backend.openFeeds(), 0);
      close();
    }
  });

  test('a backend that assigns its own ids passes, and rules about given ids are skipped', async () => {
    const { subject, close } = simulatedSubject('python');
    let n = 0;
    const withOwnIds = (control: BackendControl): BackendControl => ({
      ...control,
      seed: async (campaigns) => {
        const own = campaigns.map((campaign) => ({ ...campaign, id: `own-${++n}` }));
        await control.seed(own);
        return own.map(({ id }) => id);
      },
    });
    const { control, other } = subject;
    const report = await runOnVirtualTime({
      ...subject,
      control: withOwnIds(control),
      other: { ...other!, control: withOwnIds(other!.control) },
    });
    assert.ok(report.ok, formatReport(report));
    assert.deepEqual(
      report.results.filter(({ status }) => status === 'skipped').map(({ id }) => id),
      ['systems-apart', 'revision-after-removal', 'act-input', 'act-input-invalid', 'odd-ids', 'odd-ids-addressed'],
    );
    close();
  });

  test('an adapter and a backend control without optional members pass, and the report names what is missing', async () => {
    const { subject, close } = simulatedSubject('flows', ({ watch, act }) => ({ watch, act }));
    const { seed, change, remove } = subject.control;
    const report = await runOnVirtualTime({ ...subject, control: { seed, change, remove } });
    assert.ok(report.ok, formatReport(report));
    assert.deepEqual(report.capabilities, { adapter: [], control: ['seed', 'change', 'remove'] });
    const reasons = new Set(report.results.flatMap(({ status, reason }) => (status === 'skipped' ? [reason] : [])));
    assert.deepEqual([...reasons].sort(), [
      'no action of the lifecycle asks for a text (`input`)',
      'the adapter does not claim to be idempotent',
      'the adapter has no `actMany`',
      'the adapter has no `diagnose`',
      'the adapter has no `get`',
      'the adapter has no `history`',
      'the adapter has no `log`',
      'the backend control has no `answerWith`',
      'the backend control has no `cut`',
      'the backend control has no `expireCursors`',
      'the backend control has no `loseNextAnswer`',
      'the backend control has no `newEpoch`',
      'the backend control has no `openFeeds`',
    ]);
    close();
  });

  test('an adapter with a custom lifecycle passes', async () => {
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
    const backend = simulateBackend({ lifecycles: [reviews], sampleData: 'empty', tickMs: 0, heartbeatMs: 60 });
    const report = await runOnVirtualTime({
      system: 'reviews',
      lifecycle: reviews,
      createAdapter: () => simulatedAdapter(backend),
      control: backendControl(backend, 'reviews'),
      timeouts,
    });
    assert.ok(report.ok, formatReport(report));
    assert.match(formatReport(report), /act-missing: no action of the lifecycle needs a prerequisite/);
    backend.dispose();
  });

  test('a lifecycle without actions passes, and the rules that need an action are skipped', async () => {
    const sensors = defineLifecycle({
      system: 'sensors',
      label: 'Sensors',
      initial: 'up',
      statuses: {
        up: { label: 'Up', tone: 'green', icon: 'check', meaning: 'It sends.', moves: ['down'] },
        down: { label: 'Down', tone: 'red', icon: 'cross', meaning: 'It is silent.', moves: ['up'] },
      },
      actions: {},
    });
    const backend = simulateBackend({ lifecycles: [sensors], sampleData: 'empty', tickMs: 0, heartbeatMs: 60 });
    const report = await runOnVirtualTime({
      system: 'sensors',
      lifecycle: sensors,
      createAdapter: () => simulatedAdapter(backend),
      control: backendControl(backend, 'sensors'),
      timeouts,
    });
    assert.ok(report.ok, formatReport(report));
    for (const id of ['act-legal', 'act-lands', 'act-new-key', 'act-many-keys', 'history-paged'])
      assert.ok(skippedIn(report).includes(`${id}: the lifecycle has no action`), formatReport(report));
    backend.dispose();
  });

  test('closeAdapter is called at the end of each case', async () => {
    const { subject, close } = simulatedSubject('flows');
    const open = new Set<CampaignAdapter<unknown>>();
    const report = await runOnVirtualTime({
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

/** Waits until a condition holds. */
async function holds(what: () => boolean, ms = 20_000): Promise<void> {
  for (const deadline = Date.now() + ms; !what(); await new Promise((resolve) => setTimeout(resolve, 5)))
    if (Date.now() > deadline) assert.fail(`waited in vain for: ${String(what)}`);
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
