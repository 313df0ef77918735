/**
 * The schemas and the store agree. The store accepts every message that the schemas accept; the schemas refuse more
 * only in the cases stated here.
 */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { inspect } from 'node:util';
import type { Dependency, LogEntry } from '../../../src/adapters/index.ts';
import { checkChange, checkDependencies, checkLogEntries, checkRecord } from '../../../src/conformance/schemas.ts';
import { fc } from '../../support/fast-check.ts';
import { liveFixture, flow, pythonRef, record, createFixture, type StoreFixture } from '../../support/store-fixture.ts';
import {
  anyChange,
  anyDependencies,
  anyLogEntries,
  anyOpen,
  anyRow,
  soundDependency,
  soundLogEntry,
  soundRemoval,
  soundRow,
  withOneOdd,
} from './messages.ts';

const RUNS = { numRuns: 500 };

/** What the store reports about a message that it did not accept. */
function refusals(createFixture: StoreFixture): string[] {
  const problems = createFixture.reports
    .filter(({ kind }) => kind === 'dropped' || kind === 'unreadable')
    .map(({ detail }) => (detail as { problem: string }).problem);
  const { cause } = createFixture.connection;
  return cause ? [...problems, cause.message] : problems;
}

describe('what the schemas accept, the store accepts', () => {
  test('a change', async () => {
    let both = 0;
    await fc.assert(
      fc.asyncProperty(anyChange, async (message) => {
        const live = await liveFixture([]);
        live.feed.push(message);
        if (checkChange(message) === undefined) both++;
        else return;
        assert.deepEqual(refusals(live), []);
      }),
      RUNS,
    );
    // With fewer valid changes the comparison would prove nothing.
    assert.ok(both > RUNS.numRuns / 5, `only ${both} changes were sound`);
  });

  test('the open message', async () => {
    let both = 0;
    await fc.assert(
      fc.asyncProperty(anyOpen, async (message) => {
        const fixture = createFixture();
        record(fixture.store.list('flows'));
        await fixture.env.advance(0);
        fixture.adapter.feed.push(message);
        if (checkChange(message) === undefined) both++;
        else return;
        assert.deepEqual(refusals(fixture), []);
        assert.equal(fixture.connection.state, 'syncing');
      }),
      RUNS,
    );
    assert.ok(both > RUNS.numRuns / 5, `only ${both} were sound`);
  });

  test('dependencies', () =>
    fc.assert(
      fc.asyncProperty(anyDependencies, async (message) => {
        const fixture = createFixture();
        record(fixture.store.diagnosis(flow('a')));
        fixture.adapter.diagnoses[0]!.answer(message as readonly Dependency[]);
        await fixture.env.frameOver();
        // Here schemas and store agree on every field.
        assert.equal(checkDependencies(message) !== undefined, fixture.reported('dropped') > 0);
      }),
      RUNS,
    ));

  test('log entries', () =>
    fc.assert(
      fc.asyncProperty(anyLogEntries, async (message) => {
        const fixture = createFixture();
        record(fixture.store.log(pythonRef('a')));
        fixture.adapter.logs[0]!.push(message as readonly LogEntry[]);
        await fixture.env.frameOver();
        if (checkLogEntries(message) === undefined) assert.equal(fixture.reported('dropped'), 0);
      }),
      RUNS,
    ));
});

test('what the store accepts as a row, the schema accepts, except for the time', async () => {
  let both = 0;
  await fc.assert(
    fc.asyncProperty(anyRow, async (message) => {
      const live = await liveFixture([]);
      live.feed.upsert(message);
      if (refusals(live).length) return;
      both++;
      const problem = checkRecord(message);
      if (problem !== undefined) assert.match(problem, /^at: /);
    }),
    RUNS,
  );
  assert.ok(both > RUNS.numRuns / 5, `only ${both} rows were sound`);
});

describe('with one invalid field, store and schemas agree, except for the time', () => {
  /** @param taken whether the store accepted it */
  function assertAgreement(sent: unknown, problem: string | undefined, taken: boolean): void {
    const onlyTime = /(^|[.\]])at: /.test(problem ?? '');
    if (!(taken && onlyTime)) assert.equal(problem === undefined, taken, `${inspect(sent)}: ${problem}`);
  }

  test('a row', async () => {
    for (const row of withOneOdd(soundRow)) {
      const live = await liveFixture([]);
      live.feed.upsert(row);
      assertAgreement(row, checkRecord(row), refusals(live).length === 0);
    }
  });

  test('a removal', async () => {
    for (const item of withOneOdd(soundRemoval)) {
      const live = await liveFixture([]);
      const change = { type: 'remove', items: [item] };
      live.feed.push(change);
      assertAgreement(item, checkChange(change), refusals(live).length === 0);
    }
  });

  test('a dependency', async () => {
    for (const dependency of withOneOdd(soundDependency)) {
      const fixture = createFixture();
      record(fixture.store.diagnosis(flow('a')));
      fixture.adapter.diagnoses[0]!.answer([dependency as unknown as Dependency]);
      await fixture.env.frameOver();
      assertAgreement(dependency, checkDependencies([dependency]), fixture.reported('dropped') === 0);
    }
  });

  test('a log entry', async () => {
    for (const entry of withOneOdd(soundLogEntry)) {
      const fixture = createFixture();
      record(fixture.store.log(pythonRef('a')));
      fixture.adapter.logs[0]!.push([entry as unknown as LogEntry]);
      await fixture.env.frameOver();
      assertAgreement(entry, checkLogEntries([entry]), fixture.reported('dropped') === 0);
    }
  });
});

describe('where the schemas are stricter than the store', () => {
  const sound = { id: 'a', status: 'active', revision: 1 };

  for (const [at, why] of [
    ['yesterday', 'no time: it is shown without one'],
    ['2030-01-31T09:30:00', 'each browser takes it for a time of its own zone'],
    [8.65e15, 'no date is as late'],
  ] as const)
    test(`a row at ${JSON.stringify(at)}: ${why}`, async () => {
      const { view, reports } = await liveFixture([{ ...sound, at }]);
      assert.equal(view('a').status, 'active');
      assert.deepEqual(reports, []);
      assert.match(checkRecord({ ...sound, at }) ?? '', /^at: got .*; send ISO 8601 with its zone/);
    });

  test('a change with an invalid row among valid ones: the store keeps the valid ones', async () => {
    const items = [sound, { id: 'b', status: 'active', revision: '2' }];
    const { view, reported } = await liveFixture(items);
    assert.equal(view('a').status, 'active');
    assert.equal(reported('unreadable'), 1);
    assert.equal(
      checkChange({ type: 'upsert', items }),
      'items[1].revision: got "2"; send a safe integer, 0 or more: Number(revision)',
    );
  });

  for (const [message, problem] of [
    [{ type: 'heartbeat', cursor: '' }, 'cursor: got ""; send a string that is not empty'],
    [{ type: 'heartbeat', cursor: 12 }, 'cursor: got 12; send a string that is not empty'],
    [{ type: 'heartbeat', count: '1' }, 'count: got "1"; send a safe integer, 0 or more'],
    [{ type: 'heartbeat', serverTime: 'now' }, /^serverTime: got "now"; send ISO 8601/],
  ] as const)
    test(`${JSON.stringify(message)}: an unusable field is dropped`, async () => {
      const live = await liveFixture([sound], { count: 1 });
      live.feed.push(message);
      assert.deepEqual(refusals(live), []);
      assert.equal(live.connection.state, 'live');
      const reported = checkChange(message) ?? '';
      if (typeof problem === 'string') assert.equal(reported, problem);
      else assert.match(reported, problem);
    });

  for (const [more, problem] of [
    [{ mode: 'all' }, 'mode: got "all"; send one of "snapshot", "resume"'],
    [{ heartbeatMs: 0 }, 'heartbeatMs: got 0; send more than 0 and at most 3600000 (ms)'],
    [{ heartbeatMs: 86_400_000 }, 'heartbeatMs: got 86400000; send more than 0 and at most 3600000 (ms)'],
    [{ epoch: 7 }, 'epoch: got 7; send a string'],
  ] as const)
    test(`an open with ${JSON.stringify(more)}: an unusable field is dropped`, async () => {
      const message = { type: 'open', mode: 'snapshot', ...more };
      const fixture = createFixture();
      record(fixture.store.list('flows'));
      await fixture.env.advance(0);
      fixture.adapter.feed.push(message);
      assert.deepEqual(refusals(fixture), []);
      assert.equal(fixture.connection.state, 'syncing');
      assert.equal(checkChange(message), problem);
    });
});

test('what only the store can check: another system, and the order of the feed', async () => {
  const elsewhere = { id: 'a', status: 'active', revision: 1, system: 'python' };
  const live = await liveFixture([elsewhere]);
  assert.match(refusals(live)[0] ?? '', /system is "python"/);
  live.feed.opens();
  assert.deepEqual(refusals(live).slice(1), ['open came twice']);
  assert.equal(checkRecord(elsewhere), undefined);
});

test('an unknown kind of change: the store counts it and continues, and the schema rejects it', async () => {
  const live = await liveFixture([]);
  live.feed.push({ type: 'patch' });
  assert.deepEqual(refusals(live), ['unknown change type "patch"']);
  assert.equal(live.connection.state, 'live');
  assert.equal(
    checkChange({ type: 'patch' }),
    'type: got "patch"; send one of "open", "page", "synced", "upsert", "remove", "heartbeat"',
  );
});

test('additional fields are accepted everywhere', () => {
  const more = { later: 1 };
  const cause = { kind: 'channel', id: 'email', ...more };
  const items = [{ id: 'a', status: 'active', revision: 1, cause, ...more }];
  assert.equal(checkChange({ type: 'upsert', items, ...more }), undefined);
});
