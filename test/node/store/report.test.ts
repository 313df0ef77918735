/** What a host hears; and what a developer hears who listens to nothing. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createCampaignStore } from '../../../src/store/index.ts';
import { TestEnvironment } from '../support/environment.ts';
import { row, ScriptedAdapter } from '../support/scripted-adapter.ts';
import { liveStage, record } from '../support/stage.ts';

test('each event is reported exactly once, and counted', async () => {
  const { env, feed, store, reports } = await liveStage([row('a', 'active', 5)]);
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

test('invariant 10: what is refused changes counters only', async () => {
  const { env, feed, list } = await liveStage([row('a', 'active', 5)]);
  const before = list.values.length;
  feed.upsert({ nonsense: true }, null, row('a', 'error', 4));
  feed.push({ type: 'upsert', items: 'nonsense' });
  await env.frameOver();
  assert.equal(list.values.length, before);
});

test('without a report, the first mistake of each kind is said on the console', async () => {
  const said: unknown[][] = [];
  const { warn } = console;
  console.warn = (...args: unknown[]) => void said.push(args);
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
  assert.deepEqual(said, [
    [
      'campaign-status-kit: dropped (said once; give the store a `report` to hear of all)',
      { system: 'flows', problem: 'id must be a string of 1 to 1,024 characters, got 42; use String(id)' },
    ],
  ]);
});
