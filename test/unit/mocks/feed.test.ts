import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { CampaignRecord } from '../../../src/adapters/contract.ts';
import { Backend } from '../../../mocks/backend.ts';
import { simulatedAdapter, type SimulatedBackend } from '../../../mocks/index.ts';
import { press, Reader, settled, stage } from './support.ts';

const truth = (backend: SimulatedBackend, system: string): Map<string, string> =>
  new Map(backend.campaigns.list(system).map(({ id, status }) => [id, status]));

const expired = (reader: Reader): boolean => (reader.end as { code?: string } | undefined)?.code === 'expired';

describe('a feed', () => {
  it('opens, sends all rows in pages of at most 200, syncs, and then sends changes', async () => {
    const { backend } = stage();
    backend.campaigns.fill(450, 'flows');
    const reader = new Reader(backend, 'flows');
    await settled();
    assert.deepEqual(reader.types, ['open', 'page', 'page', 'page', 'synced']);
    assert.deepEqual(reader.received[0], {
      type: 'open',
      contract: 1,
      mode: 'snapshot',
      epoch: backend.epoch,
      heartbeatMs: 5_000,
      serverTime: Date.UTC(2026, 0, 12, 9),
    });
    assert.ok(reader.received.every((change) => change.type !== 'page' || change.items.length <= 200));
    assert.deepEqual(reader.last('synced'), { type: 'synced', cursor: '450', count: 450 });
    const ref = backend.campaigns.add({ system: 'flows', id: 'new', met: ['active-flow'] });
    await press(backend, ref, 'start');
    backend.campaigns.remove({ system: 'flows', id: 'welcome-series' }, 'archived');
    backend.campaigns.add({ system: 'python' });
    await settled();
    assert.deepEqual(reader.known, truth(backend, 'flows'));
    assert.deepEqual(reader.last('remove').items, [{ id: 'welcome-series', revision: 2, reason: 'archived' }]);
    assert.equal(reader.last('remove').cursor, backend.cursor('flows'));
    reader.stop.abort();
    await reader.over;
    assert.deepEqual([reader.end, backend.openFeeds()], ['clean', 0]);
    backend.dispose();
  });

  it('loses no change made during a snapshot', async () => {
    const { backend } = stage({ pageSize: 10 });
    backend.campaigns.fill(35, 'flows');
    const stop = new AbortController();
    const rows = new Map<string, CampaignRecord>();
    let changed = 0;
    for await (const change of backend.watch({ system: 'flows', signal: stop.signal })) {
      if (change.type === 'page') {
        const [first] = change.items;
        backend.campaigns.rename({ system: 'flows', id: first!.id }, `renamed ${++changed}`);
        backend.campaigns.remove({ system: 'flows', id: change.items[1]!.id });
      }
      if (change.type === 'page' || change.type === 'upsert') for (const row of change.items) rows.set(row.id, row);
      if (change.type === 'remove') for (const { id } of change.items) rows.delete(id);
      if (changed === 4 && rows.size === 31) stop.abort();
    }
    assert.deepEqual([...rows.values()].sort(byId), [...backend.campaigns.list('flows')].sort(byId));
    backend.dispose();
  });

  it('of some ids sends only those, and is partial', async () => {
    const { backend, clock } = stage({ sampleData: 'default' });
    const reader = new Reader(backend, 'flows', { ids: ['welcome-series', 'no-such-campaign'] });
    backend.campaigns.touch({ system: 'flows', id: 'cart-left-behind' });
    backend.campaigns.touch({ system: 'flows', id: 'welcome-series' });
    await settled();
    assert.deepEqual([...reader.known.keys()], ['welcome-series']);
    assert.equal(reader.last('synced').partial, true);
    assert.ok(!('count' in reader.last('synced')));
    clock.advance(5_000);
    await settled();
    assert.deepEqual(reader.last('heartbeat').cursor, backend.cursor('flows'), 'the position moves on all the same');
    backend.dispose();
  });

  it('sends heartbeats in time, with position, count and server time', async () => {
    const { backend, clock } = stage({ sampleData: 'default', heartbeatMs: 800 });
    const reader = new Reader(backend, 'python');
    await settled();
    assert.equal((reader.received[0] as { heartbeatMs?: number }).heartbeatMs, 800);
    for (let beats = 1; beats <= 5; beats++) {
      clock.advance(800);
      await settled();
      assert.ok(reader.types.filter((type) => type === 'heartbeat').length >= beats);
    }
    assert.deepEqual(reader.last('heartbeat'), {
      type: 'heartbeat',
      cursor: backend.cursor('python'),
      count: 12,
      serverTime: clock.now(),
    });
    backend.dispose();
  });

  it('continues the revisions of an id after removal and return', () => {
    const { backend } = stage();
    const ref = backend.campaigns.add({ system: 'flows', id: 'phoenix' });
    backend.campaigns.touch(ref);
    backend.campaigns.remove(ref);
    backend.campaigns.add({ system: 'flows', id: 'phoenix' });
    assert.equal(backend.campaigns.get(ref)!.record.revision, 4);
    assert.throws(() => backend.campaigns.add({ system: 'flows', id: 'phoenix' }), /already/);
    backend.dispose();
  });

  it('sends unknown statuses, malformed records and any injected value', async () => {
    const { backend } = stage({ sampleData: 'default' });
    const ref = { system: 'flows', id: 'back-in-stock' };
    const reader = new Reader(backend, 'flows');
    backend.campaigns.force(ref, { status: 'paused', message: 'a newer backend' });
    await settled();
    assert.equal(reader.known.get('back-in-stock'), 'paused');
    assert.equal((await press(backend, ref, 'start')).outcome, 'conflict');
    backend.campaigns.corrupt(ref);
    backend.faults.inject('flows', { type: 'gossip' });
    await settled();
    const broken = reader.last('upsert').items[0]!;
    assert.equal(broken.id, 'back-in-stock');
    assert.notEqual(typeof broken.status, 'string');
    assert.deepEqual(reader.received.at(-1), { type: 'gossip' });
    const later = new Reader(backend, 'flows');
    await settled();
    assert.notEqual(typeof later.known.get('back-in-stock'), 'string', 'a new snapshot is as broken');
    assert.equal(later.last('synced').count, 12, 'it counts');
    backend.campaigns.touch(ref);
    await settled();
    assert.equal(reader.known.get('back-in-stock'), 'paused');
    backend.dispose();
  });
});

describe('resuming', () => {
  it('sends exactly what was missed, then new changes', async () => {
    const { backend } = stage({ sampleData: 'default' });
    const since = { epoch: backend.epoch, cursor: backend.cursor('flows') };
    const ref = backend.campaigns.add({ system: 'flows', id: 'late', met: ['active-flow'] });
    await press(backend, ref, 'start');
    backend.campaigns.remove({ system: 'flows', id: 'back-in-stock' });
    const reader = new Reader(backend, 'flows', { since });
    await settled();
    assert.deepEqual(reader.types, ['open', 'upsert', 'remove', 'synced']);
    assert.equal((reader.received[0] as { mode: string }).mode, 'resume');
    assert.deepEqual(
      reader.last('upsert').items.map(({ id, revision, status }) => [id, revision, status]),
      [
        ['late', 1, 'inactive'],
        ['late', 2, 'active'],
      ],
    );
    assert.deepEqual(reader.last('synced'), { type: 'synced', cursor: backend.cursor('flows'), count: 12 });
    backend.dispose();
  });

  it('expires for a compacted position, another epoch, and an unknown position', async () => {
    const { backend } = stage({ sampleData: 'default', keepChanges: 20 });
    const old = { epoch: backend.epoch, cursor: backend.cursor('flows') };
    const others = [
      { epoch: 'another', cursor: old.cursor },
      { epoch: old.epoch, cursor: '99999' },
      { epoch: old.epoch, cursor: 'constructor' },
      { epoch: old.epoch, cursor: '-1' },
    ];
    backend.campaigns.touch({ system: 'flows', id: 'back-in-stock' });
    const still = new Reader(backend, 'flows', { since: old });
    await settled();
    assert.equal(still.end, undefined);
    for (let n = 0; n < 40; n++) backend.campaigns.touch({ system: 'flows', id: 'back-in-stock' });
    await settled();
    assert.equal(still.end, undefined, 'who keeps up is not concerned');
    for (const since of [old, ...others]) {
      const reader = new Reader(backend, 'flows', { since });
      await reader.over;
      assert.ok(expired(reader), JSON.stringify(since));
      assert.deepEqual(reader.received, []);
    }
    const now = { epoch: backend.epoch, cursor: backend.cursor('flows') };
    backend.campaigns.touch({ system: 'flows', id: 'back-in-stock' });
    backend.faults.compact('flows');
    const late = new Reader(backend, 'flows', { since: now });
    await late.over;
    assert.ok(expired(late), 'compacted on demand');
    backend.dispose();
  });

  it('works after a restart, but not into a new epoch, where revisions and cursors start again', async () => {
    const { backend } = stage({ sampleData: 'default' });
    backend.campaigns.touch({ system: 'flows', id: 'back-in-stock' });
    const since = { epoch: backend.epoch, cursor: backend.cursor('flows') };
    const reader = new Reader(backend, 'flows');
    await settled();
    backend.faults.restart();
    await reader.over;
    assert.ok(reader.end instanceof Error);
    const resumed = new Reader(backend, 'flows', { since });
    await settled();
    assert.deepEqual(resumed.types, ['open', 'synced']);
    backend.faults.restart({ newEpoch: true });
    await resumed.over;
    const foreign = new Reader(backend, 'flows', { since });
    await foreign.over;
    assert.ok(expired(foreign));
    assert.notEqual(backend.epoch, since.epoch);
    assert.equal(backend.campaigns.get({ system: 'flows', id: 'back-in-stock' })!.record.revision, 1);
    assert.equal(backend.cursor('flows'), '0');
    backend.dispose();
  });

  it('starts an epoch that no other timeline has when a saved state is restored', async () => {
    const { backend, clock } = stage({ sampleData: 'default' });
    const saved = JSON.parse(JSON.stringify(backend.save())) as ReturnType<typeof backend.save>;
    const before = backend.campaigns.list('flows');
    const epochs = new Set([backend.epoch]);
    for (let n = 0; n < 3; n++) {
      backend.campaigns.add({ system: 'flows' });
      clock.advance(10);
      backend.restore(saved);
      epochs.add(backend.epoch);
      assert.deepEqual(
        backend.campaigns.list('flows').map(({ id, status }) => [id, status]),
        before.map(({ id, status }) => [id, status]),
      );
    }
    const elsewhere = new Backend({ clock, tickMs: 0 }, { epochSalt: 'elsewhere' });
    elsewhere.restore(saved);
    epochs.add(elsewhere.epoch);
    assert.equal(epochs.size, 5);
    backend.dispose();
    elsewhere.dispose();
  });

  it('ends a feed that was catching up when an older state is restored', async () => {
    const { backend } = stage();
    const ref = backend.campaigns.add({ system: 'flows' });
    const saved = backend.save();
    backend.campaigns.touch(ref);
    const { epoch } = backend;
    const { signal } = new AbortController();
    const feed = simulatedAdapter(backend).watch({ system: 'flows', since: { epoch, cursor: '0' }, signal });
    const iterator = (feed as AsyncIterable<unknown>)[Symbol.asyncIterator]();
    await iterator.next();
    backend.restore(saved);
    await assert.rejects(iterator.next(), { code: 'expired' });
    backend.dispose();
  });
});

describe('a broken feed', () => {
  it('is cut until restored, dropped once, or silent until restored', async () => {
    const { backend, clock } = stage({ sampleData: 'default' });
    const ref = { system: 'flows', id: 'back-in-stock' };
    const dropped = new Reader(backend, 'flows');
    await settled();
    backend.faults.dropFeed();
    await dropped.over;
    assert.equal(dropped.end, 'clean');

    const cut = new Reader(backend, 'flows');
    await settled();
    backend.faults.cutFeed();
    await cut.over;
    assert.ok(cut.end instanceof Error);
    const shut = new Reader(backend, 'flows');
    await shut.over;
    assert.ok(shut.end instanceof Error && shut.received.length === 0);
    assert.ok(await backend.get(ref), 'requests get through');
    backend.faults.restoreFeed();

    const stalled = new Reader(backend, 'flows');
    await settled();
    backend.faults.stallFeed('flows');
    const silent = new Reader(backend, 'flows');
    const other = new Reader(backend, 'python');
    await settled();
    backend.campaigns.touch(ref);
    clock.advance(20_000);
    await settled();
    assert.deepEqual([stalled.types, silent.types], [['open', 'page', 'synced'], []]);
    assert.equal(stalled.end, undefined, 'half open: nothing tells');
    assert.equal(other.last('heartbeat').type, 'heartbeat', 'the other system is not concerned');
    assert.equal(backend.openFeeds('flows'), 2);
    backend.faults.restoreFeed();
    await settled();
    assert.deepEqual(stalled.types.slice(3), ['upsert', 'heartbeat']);
    assert.deepEqual(silent.known, truth(backend, 'flows'));
    backend.dispose();
  });

  it('stays broken when feeds are restored before it noticed', async () => {
    const { backend } = stage({ sampleData: 'default' });
    const cut = new Reader(backend, 'flows');
    await settled();
    backend.faults.restart({ newEpoch: true });
    backend.faults.dropFeed();
    backend.faults.stallFeed();
    backend.faults.restoreFeed();
    await settled();
    assert.ok(cut.end instanceof Error, `it went on into the new epoch, or ended cleanly: ${String(cut.end)}`);
    assert.equal(backend.openFeeds(), 0);
    backend.dispose();
  });

  it('stops at its signal at any time, and leaves nothing behind', async () => {
    const { backend, clock } = stage({ sampleData: 'default' });
    const adapter = simulatedAdapter(backend);
    backend.faults.latency(1_000);
    const early = new Reader(backend, 'flows');
    early.stop.abort();
    await early.over;
    assert.deepEqual([early.end, early.received, clock.pending], ['clean', [], 0]);
    backend.faults.clear();
    const readers = [new Reader(backend, 'flows'), new Reader(backend, 'python')];
    const log = adapter.log({ system: 'python', id: backend.campaigns.list('python')[0]!.id }, readers[0]!.stop.signal);
    assert.ok(Symbol.asyncIterator in log);
    await settled();
    assert.equal(clock.pending, 2, 'one heartbeat each');
    for (const reader of readers) reader.stop.abort();
    await Promise.all(readers.map((reader) => reader.over));
    assert.equal(clock.pending, 0);
    backend.dispose();
  });
});

describe('dispose', () => {
  it('ends feeds, requests and timers', async () => {
    const { backend, clock } = stage({ sampleData: 'default', tickMs: 500 });
    const reader = new Reader(backend, 'flows');
    backend.dependencies.set({ kind: 'channel', id: 'email' }, 'stopped');
    const ref = backend.campaigns.add({
      system: 'flows',
      met: ['active-flow'],
      dependencies: [{ kind: 'channel', id: 'email' }],
    });
    await press(backend, ref, 'start');
    backend.faults.acceptOnly(true);
    await press(backend, ref, 'stop');
    backend.faults.latency(500);
    const lost = press(backend, ref, 'stop');
    backend.dispose();
    await assert.rejects(lost);
    await reader.over;
    assert.equal(reader.end, 'clean');
    assert.equal(clock.pending, 0);
    assert.equal(backend.openFeeds(), 0);
    await assert.rejects(backend.get(ref));
  });
});

function byId(a: CampaignRecord, b: CampaignRecord): number {
  return a.id < b.id ? -1 : 1;
}
