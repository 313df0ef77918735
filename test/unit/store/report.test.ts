/** What the store reports to the host, and to a developer who handles no reports. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { AdapterError } from '../../../src/adapters/index.ts';
import { createCampaignStore } from '../../../src/store/index.ts';
import { TestEnvironment } from '../../support/environment.ts';
import { row, ScriptedAdapter } from '../../support/scripted-adapter.ts';
import { createFixture, liveFixture, record } from '../../support/store-fixture.ts';

test('each event is reported exactly once, and counted', async () => {
  const { env, feed, store, reports } = await liveFixture([row('a', 'active', 5)]);
  feed.upsert({ nonsense: true }, { id: 'b' }, row('a', 'active', 4));
  feed.push({ type: 'unheard-of' });
  await env.frameOver();
  assert.deepEqual(
    reports.map(({ kind }) => kind),
    ['dropped', 'unreadable', 'late', 'dropped'],
  );
  for (const { detail } of reports) assert.equal((detail as { system: string }).system, 'flows');
  const { dropped, late, unreadable, regressions, drift } = store.connection('flows').value.counters;
  assert.deepEqual(
    { dropped, late, unreadable, regressions, drift },
    { dropped: 2, late: 1, unreadable: 1, regressions: 0, drift: 0 },
  );
});

test('a problem that every snapshot repeats is reported once, a new one again', async () => {
  const { env, adapter, feed, store, reported } = await liveFixture([row('a', 'active', 5), row('b', 'active', 5)]);
  const rows = [{ id: 'a', status: 7, revision: 6 }, { name: 'Spring', status: 'active' }, row('b', 'active', 5)];
  feed.upsert(...rows);
  for (let again = 0; again < 3; again++) {
    void store.refresh({ system: 'flows' });
    adapter.feed.snapshot(rows);
    await env.frameOver();
  }
  assert.deepEqual([reported('unreadable'), reported('dropped')], [1, 1]);
  const { counters } = store.connection('flows').value;
  assert.deepEqual([counters.unreadable, counters.dropped], [4, 4], 'but each is counted');

  adapter.feed.upsert(row('a', 'error', 7));
  adapter.feed.upsert({ id: 'a', status: 7, revision: 8 }, { name: 'Autumn', status: 'active' });
  assert.deepEqual([reported('unreadable'), reported('dropped')], [2, 2]);
});

test('a record without id is reported with its first fields', async () => {
  const { feed, reports } = await liveFixture([]);
  const trap = Object.defineProperty({}, 'name', {
    enumerable: true,
    get() {
      throw new Error('no');
    },
  });
  feed.upsert({ name: 'x'.repeat(100), list: [1], nothing: null }, 'text', trap);
  assert.deepEqual(
    reports.map(({ detail }) => (detail as { item: string }).item),
    [`name: "${'x'.repeat(60)}…", list: a list, nothing: null`, '"text"', 'unreadable: Error: no'],
  );
});

test('each refused action is reported once, whoever refused it', async () => {
  const { store, adapter, env, reports } = await liveFixture([
    row('a', 'active'),
    row('b', 'inactive', 1, { missing: [] }),
  ]);
  void store.perform({ system: 'flows', id: 'a' }, 'start');
  void store.perform({ system: 'flows', id: 'nobody' }, 'start');
  void store.perform({ system: 'flows', id: 'b' }, 'start');
  void store.perform({ system: 'flows', id: 'b' }, 'start');
  void store.perform({ system: 'flows', id: 'b' }, 'stop');
  adapter.acts[0]!.answer({ outcome: 'refused', code: 'forbidden', reason: 'not yours' });
  await env.frameOver();
  assert.deepEqual(
    reports.map(({ kind, detail }) => {
      const { id, action, reason } = detail as { id: string; action: string; reason: { code: string } };
      return [kind, id, action, reason.code];
    }),
    [
      ['refused', 'a', 'start', 'illegal'],
      ['refused', 'nobody', 'start', 'unavailable'],
      ['refused', 'b', 'stop', 'pending'],
      ['refused', 'b', 'start', 'forbidden'],
    ],
  );
});

test('each resync is reported once, with its cause', async () => {
  const { env, adapter, feed, reports } = await liveFixture([row('a', 'active')], { cursor: 'c1', count: 1 });
  const resyncs = (): unknown[] =>
    reports.filter(({ kind }) => kind === 'resync').map(({ detail }) => (detail as { why: string }).why);
  for (let again = 0; again < 3; again++) {
    adapter.feed.fail(new AdapterError('expired'));
    await env.advance(20_000);
  }
  assert.deepEqual(resyncs(), [], 'nothing is in sync again yet');
  adapter.feed.snapshot([row('a', 'active')], { cursor: 'c2', count: 1 });
  assert.deepEqual(resyncs(), ['expired: expired']);
  adapter.feed.end();
  await env.advance(20_000);
  adapter.feed.snapshot([row('a', 'active')], { cursor: 'c3' });
  adapter.feed.end();
  await env.advance(20_000);
  adapter.feed.resumes([], { cursor: 'c4' });
  adapter.feed.end();
  await env.advance(20_000);
  adapter.feed.snapshot([row('a', 'active')], { epoch: 'e2' });
  assert.deepEqual(resyncs(), ['expired: expired', 'the backend did not resume where the feed ended', 'new epoch']);
  assert.ok(!feed.open);
});

test('invariant 10: a rejected record changes counters only', async () => {
  const { env, feed, list } = await liveFixture([row('a', 'active', 5)]);
  const before = list.values.length;
  feed.upsert({ nonsense: true }, null, row('a', 'error', 4));
  feed.push({ type: 'upsert', items: 'nonsense' });
  await env.frameOver();
  assert.equal(list.values.length, before);
});

test('without a report handler, the first mistake of each kind is logged', async () => {
  const warnings: unknown[][] = [];
  const { warn } = console;
  console.warn = (...args: unknown[]) => void warnings.push(args);
  const adapter = new ScriptedAdapter();
  const env = new TestEnvironment();
  const store = createCampaignStore({ adapter, environment: env });
  try {
    record(store.list('flows'));
    await env.advance(0);
    adapter.feed.snapshot([{ id: 42 }, { id: 43 }, row('a', 'active', 5)]);
    adapter.feed.upsert(row('a', 'active', 4));
    await env.frameOver();
  } finally {
    console.warn = warn;
    store.dispose();
  }
  assert.deepEqual(warnings, [
    [
      'campaign-status-kit: dropped (reported once; pass `report` to the store or provider to receive every event)',
      {
        system: 'flows',
        problem: 'id must be a string of 1 to 1,024 characters, got 42; use String(id)',
        item: 'id: 42',
      },
    ],
  ]);
});

test('what a feed sends against the contract is reported with the problem', async () => {
  const unreadable = Object.defineProperty({ type: 'upsert' }, 'items', {
    get() {
      throw new Error('no');
    },
  });
  const cases: readonly [unknown, string, object][] = [
    [{ type: 'unheard-of' }, 'dropped', { problem: 'unknown change type "unheard-of"' }],
    [{ type: 'open', mode: 'snapshot', epoch: 'e1' }, 'dropped', { problem: 'open came twice' }],
    [unreadable, 'dropped', { problem: 'Error: no' }],
    [{ type: 'heartbeat', count: 5 }, 'drift', { expected: 5, known: 1 }],
  ];
  for (const [change, kind, detail] of cases) {
    const { feed, reports } = await liveFixture([row('a', 'active')]);
    feed.push(change);
    assert.deepEqual(reports[0], { kind, detail: { system: 'flows', ...detail } });
  }
});

test('a feed that resumes without being asked is reported with the problem', async () => {
  const { store, adapter, env, reports } = createFixture();
  record(store.list('flows'));
  await env.advance(0);
  adapter.feed.resumes();
  const message = 'the feed resumed without being asked, or in another epoch';
  assert.deepEqual(reports, [{ kind: 'protocol', detail: { system: 'flows', message } }]);
});

test('a failure is described by its message: one that is no text is replaced, and a long one is cut', async () => {
  const failure = { name: 'AdapterError', code: 'unavailable' };
  for (const [message, shown] of [
    [7, 'the feed ended'],
    ['', 'the feed ended'],
    ['x'.repeat(1000), 'x'.repeat(500)],
  ] as const) {
    const { feed, connection } = await liveFixture([]).then((fixture) => {
      fixture.feed.fail({ ...failure, message });
      return fixture;
    });
    assert.equal(feed.open, false);
    assert.equal(connection.cause?.message, shown);
  }
});
