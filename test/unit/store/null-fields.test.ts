/** `null` in an optional field from an adapter counts as absent. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { simulateBackend, simulatedAdapter } from '../../../mocks/index.ts';
import type { Dependency, LogEntry } from '../../../src/adapters/index.ts';
import { soundDependency, soundLogEntry, soundRow } from '../contract/messages.ts';
import { TestEnvironment } from '../../support/environment.ts';
import { nullAdapter, nullRow } from '../../support/null-fields.ts';
import { row, ScriptedAdapter } from '../../support/scripted-adapter.ts';
import { flow, liveFixture, pythonRef, record, createFixture } from '../../support/store-fixture.ts';

const a = flow('a');
const OPTIONAL = ['name', 'system', 'message', 'at', 'changedBy', 'missing', 'cause', 'denied'] as const;

describe('null in a row', () => {
  for (const field of OPTIONAL)
    test(`counts as absent in \`${field}\``, async () => {
      const { [field]: _, ...without } = { system: 'flows', ...soundRow };
      const expected = await liveFixture([without]);
      const { view, reports } = await liveFixture([{ ...without, [field]: null }]);
      assert.deepEqual(view('a'), { ...expected.view('a') });
      assert.deepEqual(reports, []);
    });

  test('counts as absent in the name of a cause', async () => {
    const { view, reports } = await liveFixture([{ ...soundRow, cause: { kind: 'channel', id: 'email', name: null } }]);
    assert.deepEqual(view('a').cause, { kind: 'channel', id: 'email', name: 'email' });
    assert.deepEqual(reports, []);
  });

  for (const field of ['status', 'revision'] as const)
    test(`makes the row unreadable in the required \`${field}\``, async () => {
      const { view, reported } = await liveFixture([{ ...soundRow, [field]: null }]);
      assert.equal(view('a').stale?.why, 'unreadable');
      assert.equal(reported('unreadable'), 1);
    });
});

describe('null in a message of the feed', () => {
  test('counts as absent in the first one, at the end of the snapshot, and in heartbeats', async () => {
    const { store, env, adapter, view, reports } = createFixture();
    record(store.list('flows'));
    await env.advance(0);
    const { feed } = adapter;
    feed.push(
      { type: 'open', contract: null, mode: 'snapshot', epoch: null, heartbeatMs: null, serverTime: null },
      { type: 'page', items: [row('a', 'active')] },
      { type: 'synced', cursor: null, partial: null, count: null },
      { type: 'heartbeat', cursor: null, count: null, serverTime: null },
    );
    await env.frameOver();
    assert.equal(store.connection('flows').value.state, 'live');
    feed.push({ type: 'upsert', items: [nullRow(row('a', 'error', 2))], cursor: null });
    await env.advance(40_000);
    assert.equal(view('a').status, 'error');
    assert.equal(view('a').stale, undefined, 'no heartbeat was promised');
    assert.deepEqual(reports, []);
    feed.fail();
    await env.advance(1000);
    assert.equal(adapter.feed.request.since, undefined, 'no cursor was given');
  });

  test('counts as absent in a removal', async () => {
    const { feed, env, view, reports } = await liveFixture([row('a', 'active', 4)]);
    feed.push({ type: 'remove', items: [{ id: 'a', revision: null, reason: null }], cursor: null });
    await env.frameOver();
    assert.equal(view('a').presence, 'gone');
    assert.equal(view('a').goneReason, undefined);
    assert.deepEqual(reports, []);
  });
});

describe('null in an answer', () => {
  test('counts as absent in the epoch of a reading', async () => {
    const { store, adapter, view, reports } = await liveFixture([row('a', 'active', 4)]);
    const read = store.refresh(a);
    adapter.gets[0]!.answer({ campaign: nullRow(row('a', 'error', 5)), epoch: null });
    assert.equal(await read, true);
    assert.equal(view('a').status, 'error');
    assert.equal(adapter.watches.length, 1);
    assert.deepEqual(reports, []);
  });

  test('counts as absent beside the row of `done`', async () => {
    const { store, adapter, reports } = await liveFixture([row('a', 'active', 4)]);
    const outcome = store.perform(a, 'stop');
    adapter.acts[0]!.answer({ outcome: 'done', campaign: nullRow(row('a', 'inactive', 5)), epoch: null });
    assert.deepEqual(await outcome, { outcome: 'done' });
    assert.deepEqual(reports, []);
  });

  for (const campaign of [null, undefined])
    test(`\`done\` with the row ${campaign} is confirmed by the feed`, async () => {
      const { store, adapter, env, feed, view, reports } = await liveFixture([row('a', 'active', 4)]);
      const outcome = store.perform(a, 'stop');
      adapter.acts[0]!.answer({ outcome: 'done', campaign, epoch: null });
      await env.advance(100);
      assert.equal(view('a').request?.phase, 'pending');
      feed.upsert(row('a', 'inactive', 5));
      assert.deepEqual(await outcome, { outcome: 'done' });
      assert.deepEqual(reports, []);
    });

  test('counts as absent in a conflict', async () => {
    const { store, adapter, reported } = await liveFixture([row('a', 'active', 4)]);
    const outcome = store.perform(a, 'stop');
    adapter.acts[0]!.answer({ outcome: 'conflict', reason: null, campaign: null, epoch: null });
    assert.deepEqual(await outcome, { outcome: 'conflict', reason: { code: 'conflict' } });
    assert.equal(reported('dropped'), 0);
  });

  test('counts as absent in a refusal', async () => {
    const { store, adapter } = await liveFixture([row('a', 'active', 4)]);
    const outcome = store.perform(a, 'stop');
    adapter.acts[0]!.answer({ outcome: 'refused', code: 'invalid', reason: null });
    assert.deepEqual(await outcome, { outcome: 'refused', reason: { code: 'invalid' } });
  });

  test('counts as absent in a dependency', async () => {
    const { store, adapter, env, reported } = createFixture();
    const shown = record(store.diagnosis(a));
    const { message: _, href: __, ...bare } = soundDependency;
    adapter.diagnoses[0]!.answer([{ ...bare, message: null, href: null } as Dependency]);
    await env.frameOver();
    assert.deepEqual(shown.last.dependencies, [bare]);
    assert.equal(reported('dropped'), 0);
  });

  test('counts as absent in an entry of the log', async () => {
    const { store, adapter, env, reported } = createFixture();
    const shown = record(store.log(pythonRef('a')));
    const { text } = soundLogEntry as LogEntry;
    adapter.logs[0]!.push([{ text, at: null, level: null }]);
    await env.frameOver();
    assert.deepEqual(shown.last.entries, [{ text }]);
    assert.equal(reported('dropped'), 0);
  });
});

test('null in a history counts as absent', async () => {
  const adapter = new ScriptedAdapter();
  adapter.history = () =>
    Promise.resolve({
      entries: [{ status: 'active', at: 1, action: null, changedBy: null, message: null }],
      before: null,
    });
  const { store, env, reported } = createFixture({ adapter });
  const shown = record(store.history(a));
  await env.frameOver();
  assert.deepEqual(shown.last, { entries: [{ status: 'active', at: 1 }], more: false, state: 'loaded' });
  assert.equal(reported('dropped'), 0);
});

test('a backend with null in every absent field is shown like any other, and its actions work', async () => {
  const env = new TestEnvironment();
  const backend = simulateBackend({ clock: env.newClock(), tickMs: 0 });
  const adapter = nullAdapter(simulatedAdapter(backend));
  const { store, reports } = createFixture({ environment: env, adapter, verify: true });
  const list = record(store.list('python'));
  await env.advance(1000);
  const all = backend.campaigns.list('python');
  assert.equal(list.last.total, all.length);
  for (const { id, status, message } of all) {
    const shown = store.campaign(pythonRef(id)).value;
    assert.deepEqual([shown.status, shown.message, shown.stale], [status, message ?? '', undefined]);
  }
  const running = all.find(({ status }) => status === 'running')!;
  const outcome = store.perform(pythonRef(running.id), 'stop');
  await env.advance(1000);
  assert.deepEqual(await outcome, { outcome: 'done' });
  await env.advance(120_000);
  assert.deepEqual(reports, []);
  store.dispose();
});
