/** One action on many campaigns, through the HTTP adapter, against a real server. */
import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { startServer, type RunningServer } from '../../../mocks/server/start-server.ts';
import { httpAdapter } from '../../../src/adapters/index.ts';
import { createCampaignStore, type BulkRun, type CampaignStore } from '../../../src/store/index.ts';
import { record } from '../../support/store-fixture.ts';
import { until } from '../../support/until.ts';

/** On a busy machine, heartbeats and answers are late: here that is neither a lost feed nor an unknown outcome (ms). */
const PATIENT = { slackMs: 60_000, uncertainAfterMs: 120_000 };

async function serve(t: TestContext, statuses: Readonly<Record<string, number>>): Promise<RunningServer> {
  const server = await startServer({ backend: { sampleData: 'empty', tickMs: 0 } });
  t.after(() => server.close());
  for (const [status, count] of Object.entries(statuses))
    for (let n = 0; n < count; n++)
      server.backend.campaigns.add({ system: 'flows', id: `${status}-${n}`, status, met: ['active-flow'] });
  return server;
}

async function storeOf(t: TestContext, { url }: RunningServer): Promise<CampaignStore> {
  const store = createCampaignStore({ adapter: httpAdapter({ src: url }), ...PATIENT });
  const list = record(store.list('flows'));
  t.after(() => (list.stop(), store.dispose()));
  await until(() => store.list('flows').value.complete, 'all is read');
  return store;
}

const ended = (run: BulkRun): Promise<unknown> => until(() => run.progress.value.state === 'ended', 'it has ended');
const groups = (run: BulkRun): string[] =>
  run.results().map(({ outcome, reason, ids }) => [outcome, reason?.code, ids.length].filter(Boolean).join(' '));

test('of campaigns in error and active ones, Start moves the first, Stop the others, and each is reported once', async (t) => {
  const server = await serve(t, { error: 1200, active: 300 });
  const store = await storeOf(t, server);
  const { ids } = store.list('flows').value;
  const active = store.list('flows', { statuses: ['active'] }).value.ids;
  const start = store.performMany('flows', ids, 'start');
  await ended(start);
  assert.deepEqual(groups(start).sort(), ['done 1200', 'skipped illegal 300']);
  assert.equal(server.backend.effects().length, 1200);
  const stop = store.performMany('flows', active, 'stop');
  await ended(stop);
  assert.deepEqual(groups(stop), ['done 300']);
  for (const run of [start, stop]) {
    const reported = run.results().flatMap((group) => group.ids);
    assert.equal(new Set(reported).size, reported.length);
  }
  const count = (status: string): number =>
    server.backend.campaigns.list('flows').filter((campaign) => campaign.status === status).length;
  assert.deepEqual([count('active'), count('inactive'), count('error')], [1200, 300, 0]);
});

test('a backend whose answer is lost is asked again with the same keys, and no campaign gets two effects', async (t) => {
  const server = await serve(t, { error: 700 });
  const store = await storeOf(t, server);
  server.backend.faults.loseNextAnswer();
  const run = store.performMany('flows', store.list('flows').value.ids, 'start');
  await ended(run);
  assert.deepEqual(groups(run), ['done 700']);
  const effects = server.backend.effects();
  assert.equal(effects.length, 700);
  assert.equal(new Set(effects.map(({ ref }) => ref.id)).size, 700);
});
