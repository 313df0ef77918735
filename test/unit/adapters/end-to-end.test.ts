/**
 * Store, httpAdapter and a simulated backend behind a real port: after a cut, a stall, a restart or a fix, the screen
 * equals the backend.
 */
import assert from 'node:assert/strict';
import { after, afterEach, beforeEach, describe, test } from 'node:test';
import { startServer, type RunningServer } from '../../../mocks/server/start-server.ts';
import { httpAdapter } from '../../../src/adapters/index.ts';
import { createCampaignStore, type CampaignStore, type ListView } from '../../../src/store/index.ts';
import { record, type Recorder } from '../../support/store-fixture.ts';
import { until as eventually } from '../../support/until.ts';

const server: RunningServer = await startServer({
  backend: { heartbeatMs: 200, tickMs: 0, processingMs: 20, pageSize: 5 },
});
const { backend } = server;
after(() => server.close());

let store: CampaignStore;
let list: Recorder<ListView>;
let reports: string[];

function open(uncertainAfterMs: number): void {
  store = createCampaignStore({
    adapter: httpAdapter({ src: server.url }),
    slackMs: 200,
    graceMs: 0,
    uncertainAfterMs,
    environment: { random: () => 0.1 },
    report: ({ kind }) => reports.push(kind),
  });
  list = record(store.list('flows'));
}

beforeEach(async () => {
  reports = [];
  open(60_000);
  await until(() => state() === 'live' && equal());
});
afterEach(async () => {
  store.dispose();
  backend.faults.clear();
  await until(() => backend.openFeeds() === 0);
});

const state = (): string => store.connection('flows').value.state;

/** Waits until a condition holds. */
const until = (holds: () => boolean): Promise<true> => eventually(holds, state);

function equal(): boolean {
  const rows = backend.campaigns.list('flows');
  const { ids, complete } = store.list('flows').value;
  return (
    complete &&
    ids.length === rows.length &&
    rows.every(({ id, status, message = '' }) => {
      const view = store.campaign({ system: 'flows', id }).value;
      return view.status === status && view.message === message && !view.stale;
    })
  );
}

function someFlow(status: string): { system: string; id: string } {
  const found = backend.campaigns.list('flows').find((campaign) => campaign.status === status);
  return { system: 'flows', id: found!.id };
}

describe('the feed', () => {
  test('a snapshot in pages, then changes', async () => {
    backend.campaigns.raise(someFlow('active'), 'Äußerst 😀\nschlimm');
    await until(equal);
    backend.campaigns.add({ system: 'flows', name: 'New', met: ['active-flow'] });
    backend.campaigns.remove(someFlow('inactive'), 'archived');
    await until(equal);
    assert.ok(list.values.length > 1);
  });

  test('dropped: resumes without a snapshot', async () => {
    const before = list.values.length;
    backend.faults.dropFeed();
    await until(() => state() !== 'live');
    backend.campaigns.touch(someFlow('inactive'));
    await until(() => state() === 'live');
    await until(equal);
    assert.ok(!reports.includes('resync'));
    // If it took long, the list was last known meanwhile, but never shorter than now.
    for (const { complete, ids } of list.values.slice(before)) assert.deepEqual([complete, ids], [true, list.last.ids]);
  });

  test('cut: last known; restored: equal to the backend', async () => {
    const ref = someFlow('inactive');
    backend.faults.cutFeed();
    await until(() => state() !== 'live');
    await until(() => store.campaign(ref).value.stale !== undefined);
    backend.campaigns.rename(ref, 'Renamed meanwhile');
    backend.faults.clear();
    void store.refresh({ system: 'flows' });
    await until(() => state() === 'live');
    await until(equal);
    assert.equal(store.campaign(ref).value.name, 'Renamed meanwhile');
  });

  test('fault 16: stalled: detected within heartbeat and slack; restored: equal to the backend', async () => {
    backend.faults.stallFeed();
    const began = Date.now();
    await until(() => state() === 'stale' || state() === 'waiting' || state() === 'connecting');
    assert.ok(Date.now() - began < 20_000);
    backend.campaigns.rename(someFlow('inactive'), 'Renamed in silence');
    backend.faults.clear();
    await until(() => state() === 'live');
    await until(equal);
  });

  test('compacted meanwhile: the position has expired, and a new snapshot is read', async () => {
    backend.faults.cutFeed();
    await until(() => state() !== 'live');
    backend.campaigns.rename(someFlow('inactive'), 'Renamed and forgotten');
    backend.faults.compact();
    backend.faults.clear();
    void store.refresh({ system: 'flows' });
    await until(() => state() === 'live' && equal());
    assert.ok(reports.includes('resync'));
  });

  test('restarted with a new epoch', async () => {
    backend.faults.restart({ newEpoch: true });
    await until(() => state() !== 'live');
    await until(() => state() === 'live' && equal());
  });

  test('single campaigns are requested by id', async () => {
    list.stop();
    await until(() => backend.openFeeds() === 0);
    const ref = someFlow('inactive');
    const { values } = record(store.campaign(ref));
    await until(() => backend.openFeeds() === 1 && !store.list('flows').value.complete);
    await until(() => values.at(-1)!.presence === 'present');
    backend.campaigns.rename(ref, 'Alone');
    await until(() => values.at(-1)!.name === 'Alone');
  });

  test('invalid JSON ends the feed, and a new snapshot is read', async () => {
    backend.faults.inject('flows', 'no JSON');
    await until(() => reports.includes('resync'));
    await until(() => state() === 'live' && equal());
  });
});

describe('actions', () => {
  test('start: done, and shown', async () => {
    const ref = someFlow('inactive');
    backend.campaigns.setPrerequisite(ref, 'active-flow', true);
    await until(() => store.campaign(ref).value.action?.disabled === undefined);
    assert.deepEqual(await store.perform(ref, 'start'), { outcome: 'done' });
    assert.equal(store.campaign(ref).value.status, 'active');
    await until(equal);
  });

  test('accepted: pending until the feed confirms it', async () => {
    backend.faults.acceptOnly(true);
    assert.deepEqual(await store.perform(someFlow('active'), 'stop'), { outcome: 'done' });
    await until(equal);
  });

  test('fault 31: the answer is lost: sent again with the same key, one effect', async () => {
    const ref = someFlow('active');
    const { revision } = backend.campaigns.get(ref)!.record;
    backend.faults.loseNextAnswer();
    assert.deepEqual(await store.perform(ref, 'stop'), { outcome: 'done' });
    assert.equal(backend.campaigns.get(ref)!.record.revision, revision + 1);
  });

  test('fault 36: accepted without effect: uncertain, and settled by Ask again', async () => {
    store.dispose();
    open(4000);
    await until(() => state() === 'live' && equal());
    const ref = someFlow('active');
    backend.faults.swallowNext();
    assert.equal((await store.perform(ref, 'stop')).outcome, 'uncertain');
    assert.equal(store.campaign(ref).value.status, 'active');
    assert.deepEqual(await store.perform(ref, 'stop'), { outcome: 'done' });
  });

  test('refused, with the reason over the wire; conflict, with the newer status', async () => {
    const ref = someFlow('active');
    backend.faults.refuseNext({ code: 'invalid', reason: 'Nicht jetzt, größer.' });
    assert.deepEqual(await store.perform(ref, 'stop'), {
      outcome: 'refused',
      reason: { code: 'invalid', text: 'Nicht jetzt, größer.' },
    });
    backend.faults.refuseNext({ code: 'conflict', reason: 'Too late.' });
    assert.deepEqual(await store.perform(ref, 'stop'), {
      outcome: 'conflict',
      reason: { code: 'conflict', text: 'Too late.' },
    });
  });

  test('Check again reads that campaign only', async () => {
    backend.faults.stallFeed();
    const ref = someFlow('active');
    backend.campaigns.raise(ref, 'The channel broke.');
    await store.refresh(ref);
    assert.equal(store.campaign(ref).value.status, 'error');
  });
});

test('diagnosis and log are read over the wire', async () => {
  const ref = { system: 'python', id: backend.campaigns.list('python')[0]!.id };
  const diagnosis = record(store.diagnosis(ref));
  const log = record(store.log(ref));
  await until(() => diagnosis.last.dependencies.length > 0 && log.last.state === 'live');
  diagnosis.stop();
  log.stop();
});
