/** The backend is killed in the middle of an action on several campaigns. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { httpAdapter } from '../../../src/adapters/index.ts';
import { createCampaignStore, type BulkOutcome, type BulkRun } from '../../../src/store/index.ts';
import { BackendProcess, temporaryFolder } from '../../support/kill/backend-process.ts';
import { Proxy } from '../../support/kill/proxy.ts';
import { ScreenObserver } from '../../support/kill/screen-observer.ts';
import { until } from '../../support/until.ts';

/** After several failures in a row, the next attempt comes within this time (ms). */
const BACK_MS = 45_000;
/** So many campaigns take no longer than this on a busy machine (ms). */
const LONGEST_RUN_MS = 300_000;
const MANY = /^POST \/flows\/actions\/start/;

const idsOf = (run: BulkRun, outcome: BulkOutcome): readonly string[] =>
  run.results().flatMap((group) => (group.outcome === outcome ? group.ids : []));

/** Continues whenever sending has stopped: on a busy machine the feed may seem lost for a moment. */
async function continueToEnd(run: BulkRun): Promise<void> {
  const progress = (): BulkRun['progress']['value'] => run.progress.value;
  await until(
    () => {
      run.resume();
      return progress().state === 'ended' && progress().stopped === undefined;
    },
    () => `all is sent; it is ${JSON.stringify(progress())}`,
    LONGEST_RUN_MS,
  );
}

for (const [moment, fault, effects] of [
  ['before a batch has arrived', { do: 'hang' }, 0],
  ['when a batch has taken effect and its answer is on its way', { do: 'hold', at: 'before the headers' }, 500],
] as const)
  test(`killed ${moment}: no campaign gets two effects, and those that were not sent are named`, async (t) => {
    const data = temporaryFolder(t);
    const backend = await BackendProcess.start(t, { data, sampleData: 'empty' });
    const proxy = await Proxy.before(t, backend.port);
    await backend.order('campaigns.fill', 6000, 'flows');
    const observer = new ScreenObserver(t, proxy.url);
    await observer.equals(backend, BACK_MS);
    const ids = observer.store.list('flows', { statuses: ['error', 'active'] }).value.ids;
    const able = observer.store.offers('flows', ids).actions.get('start') ?? [];
    assert.ok(able.length > 1000, `${able.length} campaigns in error`);

    proxy.injectFault(MANY, fault);
    const run = observer.store.performMany('flows', ids, 'start');
    await until(() => {
      run.resume();
      return proxy.seen.some(({ line }) => MANY.test(line));
    }, 'the first batch is under way');
    await until(async () => (await backend.effects()).size === effects, 'its effects');
    await backend.kill();
    await until(() => run.progress.value.stopped === 'lost', 'sending has stopped', BACK_MS);
    const unsent = idsOf(run, 'unsent');
    assert.ok(unsent.length > 0 && unsent.every((id) => able.includes(id)));

    await backend.restart();
    await observer.live(BACK_MS);
    await until(() => run.progress.value.state === 'ended', 'what was sent has its outcome', BACK_MS);
    assert.deepEqual(idsOf(run, 'unsent'), unsent, 'nothing else is sent without being asked');
    const byId = new Map<string, number>();
    for (const caused of (await backend.effects()).values())
      for (const { ref } of caused) byId.set(ref.id, (byId.get(ref.id) ?? 0) + 1);
    for (const id of unsent) assert.equal(byId.get(id), undefined, `${id} was reported as not sent`);

    await continueToEnd(run);
    assert.deepEqual([...idsOf(run, 'done')].sort(), [...able].sort());
    assert.equal(idsOf(run, 'done').length + idsOf(run, 'skipped').length, ids.length);
    const all = [...(await backend.effects()).values()].flat();
    assert.deepEqual(all.map(({ ref }) => ref.id).sort(), [...able].sort(), 'one effect each');
  });

test('30,000 campaigns in error and 5,000 active ones: Start moves the first, Stop the others', async (t) => {
  const backend = await BackendProcess.start(t, { data: null, sampleData: 'empty' });
  await backend.order('campaigns.fill', 100_000, 'flows');
  const store = createCampaignStore({ adapter: httpAdapter({ src: backend.url }), report: () => {} });
  const list = store.list('flows').subscribe();
  t.after(() => (list.unsubscribe(), store.dispose()));
  await until(() => store.list('flows').value.complete, 'all campaigns', BACK_MS);
  const take = (status: string, count: number): readonly string[] =>
    store.list('flows', { statuses: [status] }).value.ids.slice(0, count);
  const [failed, active] = [take('error', 30_000), take('active', 5_000)];
  for (const [action, able, others] of [
    ['start', failed, active],
    ['stop', active, failed],
  ] as const) {
    const run = store.performMany('flows', [...failed, ...active], action);
    await continueToEnd(run);
    const done = new Set(idsOf(run, 'done'));
    if (action === 'start') assert.deepEqual([done.size, idsOf(run, 'skipped').length], [able.length, others.length]);
    for (const id of able) assert.ok(done.has(id), `${id} is done`);
  }
});
