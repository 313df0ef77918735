/** How pages, upserts and removals become one state. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { ListView } from '../../../src/store/index.ts';
import { row } from '../../support/scripted-adapter.ts';
import { flow, liveFixture, record, createFixture } from '../../support/store-fixture.ts';

const ids = (list: { readonly last: unknown }): readonly string[] => (list.last as ListView).ids;

describe('snapshots', () => {
  test('fault 1: the first one breaks off, and the next starts clean: no row of the first attempt remains', async () => {
    const { store, adapter, env, view } = createFixture();
    const list = record(store.list('flows'));
    await env.advance(0);
    adapter.feed.opens();
    adapter.feed.push({ type: 'page', items: [row('a', 'active'), row('ghost', 'active')] });
    adapter.feed.fail();
    await env.advance(1000);
    adapter.feed.opens();
    adapter.feed.push({ type: 'page', items: [row('a', 'error', 2)] });
    await env.frameOver();
    assert.equal(list.last.complete, false);
    adapter.feed.syncs();
    await env.frameOver();
    assert.deepEqual(list.last.ids, ['a']);
    assert.equal(list.last.complete, true);
    assert.equal(view('a').status, 'error');
  });

  test('fault 2: a later one breaks off: old rows stay, marked stale, and none is removed', async () => {
    const rows = ['a', 'b', 'c'].map((id) => row(id, 'active'));
    const { adapter, env, feed, list, view, store } = await liveFixture(rows);
    const lengths: number[] = [];
    store.list('flows').subscribe(({ ids: shown }) => lengths.push(shown.length));
    await store.refresh({ system: 'nowhere' });
    feed.fail();
    for (let attempt = 0; attempt < 3; attempt++) {
      await env.advance(8000);
      adapter.feed.opens({ epoch: 'e1' });
      adapter.feed.push({ type: 'page', items: [row('a', 'error', 2)] });
      await env.frameOver();
      adapter.feed.fail();
      await env.advance(1000);
    }
    assert.deepEqual(ids(list), ['a', 'b', 'c']);
    assert.ok(view('b').stale);
    assert.ok(lengths.every((length) => length === 3));
  });

  test('fault 9: removed without a removal message: removed at the end of the next complete snapshot', async () => {
    const { adapter, env, feed, view, store } = await liveFixture([
      row('a', 'active'),
      row('b', 'active', 1, { name: 'B' }),
    ]);
    const b = record(store.campaign(flow('b')));
    void store.refresh({ system: 'flows' });
    adapter.feed.opens();
    adapter.feed.push({ type: 'page', items: [row('a', 'active')] });
    await env.frameOver();
    assert.equal(b.last.presence, 'present');
    adapter.feed.syncs();
    await env.frameOver();
    assert.equal(b.last.presence, 'gone');
    assert.equal(b.last.goneReason, 'vanished');
    assert.equal(b.last.name, 'B');
    assert.equal(b.last.action, undefined);
    assert.equal(view('a').presence, 'present');
    assert.equal(feed.open, false);
  });

  test('fault 9: named again unchanged, such as when a permission is restored: shown again', async () => {
    const { adapter, env, view, store } = await liveFixture([row('a', 'active', 5)]);
    for (const rows of [[], [row('a', 'active', 5)]]) {
      void store.refresh({ system: 'flows' });
      adapter.feed.snapshot(rows);
      await env.frameOver();
      assert.equal(view('a').presence, rows.length ? 'present' : 'gone');
    }
    adapter.feed.upsert(row('a', 'error', 4));
    await env.frameOver();
    assert.equal(view('a').status, 'active');
  });

  test('Check again finds none: removed; a snapshot with the same row restores it', async () => {
    const { adapter, env, view, store, feed } = await liveFixture([row('a', 'active', 5)]);
    void store.refresh(flow('a'));
    adapter.gets[0]!.answer(undefined);
    await env.frameOver();
    assert.deepEqual([view('a').presence, view('a').goneReason], ['gone', 'vanished']);
    feed.upsert(row('a', 'active', 4));
    await env.frameOver();
    assert.equal(view('a').presence, 'gone');
    void store.refresh({ system: 'flows' });
    adapter.feed.snapshot([row('a', 'active', 5)]);
    await env.frameOver();
    assert.equal(view('a').presence, 'present');
  });

  test('fault 9: a partial one removes nothing', async () => {
    const { adapter, env, view, store } = await liveFixture([row('a', 'active'), row('b', 'active')]);
    void store.refresh({ system: 'flows' });
    adapter.feed.snapshot([row('a', 'active')], { partial: true });
    await env.frameOver();
    assert.equal(view('b').presence, 'present');
  });

  test('invariant 9: one without changes emits nothing', async () => {
    const rows = [
      row('a', 'active', 3, { message: 'm', missing: ['x'], cause: { kind: 'k', id: 'i' } }),
      row('b', 'error'),
    ];
    for (const epoch of ['e1', 'e2']) {
      const { adapter, env, list, store } = await liveFixture(rows);
      const a = record(store.campaign(flow('a')));
      const before = { list: list.values.length, value: a.last };
      void store.refresh({ system: 'flows' });
      await env.advance(100);
      adapter.feed.snapshot(structuredClone(rows), { epoch });
      await env.frameOver();
      assert.equal(list.values.length, before.list, epoch);
      assert.deepEqual(a.values, [before.value], epoch);
    }
  });
});

describe('revisions', () => {
  test('fault 3: a known change emits nothing', async () => {
    const { env, feed, list, store, connection } = await liveFixture([row('a', 'active', 5)]);
    const a = record(store.campaign(flow('a')));
    const before = list.values.length;
    feed.upsert(row('a', 'active', 5), row('a', 'active', 5));
    await env.frameOver();
    assert.equal(a.values.length, 1);
    assert.equal(list.values.length, before);
    assert.equal(connection.counters.late, 0);
  });

  test('fault 4: an older change is ignored and counted', async () => {
    const { env, feed, view, store, reported } = await liveFixture([row('a', 'active', 5)]);
    feed.upsert(row('a', 'error', 4), row('a', 'error', 0));
    await env.frameOver();
    assert.equal(view('a').status, 'active');
    assert.equal(store.connection('flows').value.counters.late, 2);
    assert.equal(reported('late'), 2);
  });

  test('fault 6: a change during the snapshot wins over an older row of the snapshot', async () => {
    for (const epoch of ['e1', 'e2']) {
      const { adapter, env, view, store } = await liveFixture([row('a', 'inactive', 5)]);
      void store.refresh({ system: 'flows' });
      adapter.feed.opens({ epoch });
      adapter.feed.upsert(row('a', 'error', 7));
      adapter.feed.push({ type: 'page', items: [row('a', 'active', 6)] });
      adapter.feed.syncs();
      await env.frameOver();
      assert.equal(view('a').status, 'error', epoch);
      assert.equal(store.connection('flows').value.counters.regressions, 0);
    }
  });

  test('fault 7: removed, then a late older change: stays removed', async () => {
    const { env, feed, view } = await liveFixture([row('a', 'active', 5)]);
    feed.remove('a', 8, 'archived');
    feed.upsert(row('a', 'error', 7), row('a', 'error', 8));
    await env.frameOver();
    assert.equal(view('a').presence, 'gone');
    assert.equal(view('a').goneReason, 'archived');
  });

  test('fault 7: removed during a snapshot, then an older row of the snapshot: stays removed', async () => {
    for (const epoch of ['e1', 'e2']) {
      const { adapter, env, view, store } = await liveFixture([
        row('a', 'active', 5, { name: 'A' }),
        row('b', 'active'),
      ]);
      void store.refresh({ system: 'flows' });
      adapter.feed.opens({ epoch });
      adapter.feed.remove('a', 8, 'archived');
      adapter.feed.push({ type: 'page', items: [row('a', 'active', 7), row('b', 'active')] });
      adapter.feed.syncs();
      await env.frameOver();
      assert.equal(view('a').presence, 'gone', epoch);
      assert.equal(view('a').goneReason, 'archived', epoch);
      assert.equal(view('a').name, 'A', epoch);
      adapter.feed.upsert(row('a', 'inactive', 9));
      await env.frameOver();
      assert.equal(view('a').presence, 'present', epoch);
    }
  });

  test('a removal older than the known row is late; without a revision it applies to the known row', async () => {
    const { env, feed, view } = await liveFixture([row('a', 'active', 5), row('b', 'active', 5)]);
    feed.remove('a', 4);
    feed.remove('b');
    feed.upsert(row('b', 'active', 5));
    await env.frameOver();
    assert.equal(view('a').presence, 'present');
    assert.equal(view('b').presence, 'gone');
  });

  test('the removal of an unknown campaign is remembered', async () => {
    const { env, feed, view } = await liveFixture([]);
    feed.remove('a', 5);
    feed.upsert(row('a', 'active', 4));
    await env.frameOver();
    assert.equal(view('a').presence, 'gone');
  });

  test('a removal without a revision does not make an earlier one count for less', async () => {
    const { env, feed, view, store, adapter } = await liveFixture([row('c', 'active', 5)]);
    feed.remove('a', 6);
    feed.upsert({ id: 'a', status: 7 });
    feed.remove('a');
    feed.upsert(row('a', 'active', 3));
    void store.refresh(flow('c'));
    adapter.gets[0]!.answer(undefined);
    await env.frameOver();
    feed.remove('c');
    feed.upsert(row('c', 'active', 3));
    await env.frameOver();
    assert.deepEqual([view('a').presence, view('c').presence], ['gone', 'gone']);
  });

  test('fault 7: after a campaign was not found, an unreadable row that may be older does not bring it back', async () => {
    const { env, feed, view, store, adapter } = await liveFixture([row('a', 'active', 5)]);
    void store.refresh(flow('a'));
    adapter.gets[0]!.answer(undefined);
    await env.frameOver();
    feed.upsert({ id: 'a', status: 7 });
    await env.frameOver();
    assert.equal(view('a').presence, 'gone');
  });

  test('fault 8: created again with the same id: shown if its revision is higher', async () => {
    const { env, feed, view } = await liveFixture([row('a', 'active', 5)]);
    feed.remove('a', 6);
    feed.upsert(row('a', 'inactive', 7));
    await env.frameOver();
    assert.equal(view('a').presence, 'present');
    assert.equal(view('a').status, 'inactive');
    assert.equal(view('a').goneReason, undefined);
  });
});

describe('another epoch', () => {
  test('fault 12: is shown as a whole at its end, and not before; revisions and statuses may go back', async () => {
    const { adapter, env, feed, list, view, reported } = await liveFixture([
      row('a', 'active', 50),
      row('b', 'active', 50),
    ]);
    feed.fail();
    await env.advance(1000);
    adapter.feed.opens({ epoch: 'e2' });
    adapter.feed.push({ type: 'page', items: [row('a', 'inactive', 1), row('c', 'error', 1)] });
    await env.frameOver();
    assert.deepEqual(ids(list), ['a', 'b']);
    assert.equal(view('a').status, 'active');
    adapter.feed.syncs();
    await env.frameOver();
    assert.deepEqual(ids(list), ['a', 'c']);
    assert.equal(view('a').status, 'inactive');
    assert.equal(view('b').goneReason, 'vanished');
    adapter.feed.upsert(row('b', 'active', 1));
    await env.frameOver();
    assert.deepEqual(ids(list), ['a', 'b', 'c']);
    assert.equal(reported('resync'), 1);
  });

  test('that breaks off before its end is not shown', async () => {
    const { adapter, env, feed, list, view } = await liveFixture([row('a', 'active', 50)]);
    feed.fail();
    await env.advance(1000);
    adapter.feed.opens({ epoch: 'e2' });
    adapter.feed.push({ type: 'page', items: [row('a', 'inactive', 1), row('c', 'error', 1)] });
    adapter.feed.fail();
    await env.advance(2000);
    adapter.feed.resumes([row('a', 'error', 51)]);
    await env.frameOver();
    assert.deepEqual(ids(list), ['a']);
    assert.equal(
      view('a').status,
      'active',
      'and what a dropped position would have resumed comes with a new snapshot',
    );
  });

  test('an unreadable row of it shows the old state, until a readable one arrives', async () => {
    const { adapter, env, feed, view } = await liveFixture([row('a', 'active', 50)]);
    feed.fail();
    await env.advance(1000);
    adapter.feed.snapshot([{ id: 'a', status: 7, revision: 1 }], { epoch: 'e2' });
    await env.frameOver();
    assert.equal(view('a').status, 'active');
    assert.equal(view('a').stale?.why, 'unreadable');
    adapter.feed.upsert(row('a', 'error', 2));
    await env.frameOver();
    assert.equal(view('a').status, 'error');
    assert.equal(view('a').stale, undefined);
  });

  test('a reading of another epoch causes a new snapshot', async () => {
    const { adapter, env, store, view, reported } = await liveFixture([row('a', 'active', 50)]);
    void store.refresh(flow('a'));
    adapter.gets[0]!.answer({ campaign: row('a', 'inactive', 1), epoch: 'e2' });
    await env.advance(0);
    assert.equal(view('a').status, 'active');
    assert.equal(adapter.watches.length, 2);
    assert.equal(adapter.feed.request.since, undefined);
    adapter.feed.snapshot([row('a', 'inactive', 1)], { epoch: 'e2' });
    await env.frameOver();
    assert.equal(view('a').status, 'inactive');
    assert.equal(reported('resync'), 1);
  });

  test('a reading from before the first snapshot does not block a newer epoch', async () => {
    const { store, adapter, env, view } = createFixture();
    void store.refresh(flow('a'));
    adapter.gets[0]!.answer({ campaign: row('a', 'active', 50), epoch: 'e1' });
    await env.advance(0);
    record(store.campaign(flow('a')));
    await env.advance(0);
    adapter.feed.snapshot([row('a', 'inactive', 1)], { epoch: 'e2' });
    await env.frameOver();
    assert.equal(view('a').status, 'inactive');
  });

  test('a slow snapshot does not replace a reading of another epoch: a new snapshot is requested', async () => {
    const { store, adapter, env, view } = createFixture();
    const shown = record(store.campaign(flow('a')));
    await env.advance(0);
    const slow = adapter.feed;
    void store.refresh(flow('a'));
    adapter.gets[0]!.answer({ campaign: row('a', 'error', 1), epoch: 'e2' });
    await env.frameOver();
    slow.snapshot([row('a', 'active', 50)], { epoch: 'e1' });
    await env.frameOver();
    assert.equal(view('a').status, 'error');
    assert.equal(adapter.watches.length, 2);
    // This snapshot is newer than both.
    adapter.feed.snapshot([row('a', 'inactive', 60)], { epoch: 'e1' });
    await env.frameOver();
    const statuses = shown.values.map(({ status }) => status);
    assert.deepEqual([...new Set(statuses.filter(Boolean))], ['error', 'inactive']);
    assert.equal(view('a').stale, undefined);
  });
});

test('a campaign not found while rows of another epoch are staged is removed at once', async () => {
  const { store, adapter, env, feed, view } = await liveFixture([row('a', 'active', 7)]);
  feed.fail();
  await env.advance(1000);
  adapter.feed.opens({ epoch: 'e2' });
  const read = store.refresh(flow('a'));
  adapter.gets[0]!.answer(undefined);
  assert.equal(await read, true);
  assert.equal(view('a').presence, 'gone');
  await env.frameOver();
  assert.deepEqual(store.list('flows').value.ids, []);
});

test('after a campaign was not found without a feed, the next feed begins with a snapshot: what it resumes with may be older', async () => {
  const { store, adapter, env, feed, view } = await liveFixture([row('a', 'active', 7)]);
  feed.fail();
  await env.frameOver();
  const read = store.refresh(flow('a'));
  adapter.gets[0]!.answer(undefined);
  assert.equal(await read, true);
  await env.advance(1000);
  assert.equal(adapter.watches.length, 2);
  assert.equal(adapter.feed.request.since, undefined);
  adapter.feed.snapshot([], { epoch: 'e1' });
  await env.frameOver();
  assert.equal(view('a').presence, 'gone');
});

describe('fault 7: an answer from before a snapshot without its campaign', () => {
  test('does not restore it, although it was removed in an earlier epoch', async () => {
    const { adapter, env, store, view, feed } = await liveFixture([row('a', 'active', 7), row('b', 'active')]);
    feed.remove('a', 8);
    await env.frameOver();
    void store.refresh(flow('a'));
    void store.refresh({ system: 'flows' });
    adapter.feed.snapshot([row('b', 'active')], { epoch: 'e2' });
    adapter.gets[0]!.answer({ campaign: row('a', 'inactive', 1), epoch: 'e2' });
    await env.frameOver();
    assert.deepEqual(store.list('flows').value.ids, ['b']);
    assert.notEqual(view('a').presence, 'present');
  });

  test('does not add an unknown one, nor an unreadable one', async () => {
    for (const campaign of [row('z', 'active', 7), { ...row('z', 'active', 7), status: 5 }]) {
      const { adapter, env, store } = await liveFixture([row('a', 'active')]);
      const read = store.refresh(flow('z'));
      void store.refresh({ system: 'flows' });
      adapter.feed.snapshot([row('a', 'active')]);
      adapter.gets[0]!.answer({ campaign, epoch: 'e1' });
      assert.equal(await read, true, 'the feed reports it');
      await env.frameOver();
      assert.deepEqual(store.list('flows').value.ids, ['a']);
    }
  });

  test('counts where the snapshot was for other campaigns, or partial', async () => {
    const { adapter, env, store, view } = createFixture();
    const a = record(store.campaign(flow('a')));
    await env.advance(0);
    void store.refresh(flow('z'));
    adapter.feed.snapshot([row('a', 'active')]);
    adapter.gets[0]!.answer({ campaign: row('z', 'active', 7), epoch: 'e1' });
    await env.frameOver();
    assert.equal(view('z').status, 'active');
    a.stop();
    record(store.list('flows'));
    await env.advance(0);
    void store.refresh(flow('y'));
    adapter.feed.snapshot([row('a', 'active')], { partial: true });
    adapter.gets[1]!.answer({ campaign: row('y', 'active', 7), epoch: 'e1' });
    await env.frameOver();
    assert.equal(view('y').status, 'active');
  });

  test('counts if it was requested after the snapshot, because it may be newer', async () => {
    const { adapter, env, store, view } = await liveFixture([row('a', 'active')]);
    void store.refresh(flow('z'));
    adapter.gets[0]!.answer({ campaign: row('z', 'active', 7), epoch: 'e1' });
    await env.frameOver();
    assert.equal(view('z').status, 'active');
  });
});

describe('fault 13: revisions that go back within an epoch', () => {
  const three = (status: string, revision: number): unknown[] => ['a', 'b', 'c'].map((id) => row(id, status, revision));

  test('few are ignored and counted', async () => {
    const { adapter, env, store, view } = await liveFixture(three('active', 9));
    void store.refresh({ system: 'flows' });
    adapter.feed.snapshot([...three('active', 9).slice(1), row('a', 'error', 3)]);
    await env.frameOver();
    assert.equal(view('a').status, 'active');
    assert.equal(store.connection('flows').value.counters.regressions, 1);
    assert.equal(adapter.watches.length, 2);
  });

  test('many mean that the backend restarted its revisions: one more snapshot, accepted as it is', async () => {
    const { adapter, env, store, view, reported } = await liveFixture(three('active', 9));
    void store.refresh({ system: 'flows' });
    adapter.feed.snapshot(three('error', 3));
    await env.frameOver();
    assert.equal(adapter.watches.length, 3);
    assert.equal(view('a').status, 'active');
    adapter.feed.snapshot(three('error', 3));
    await env.frameOver();
    assert.equal(view('a').status, 'error');
    assert.equal(adapter.watches.length, 3);
    assert.equal(reported('resync'), 1);
    void store.refresh({ system: 'flows' });
    adapter.feed.snapshot(three('error', 3));
    assert.equal(adapter.watches.length, 4);
  });

  test('one that stays lower in several snapshots is accepted in the end', async () => {
    const { adapter, env, store, view } = await liveFixture([row('a', 'active', 9)]);
    for (let attempt = 0; attempt < 3; attempt++) {
      void store.refresh({ system: 'flows' });
      adapter.feed.snapshot([row('a', 'error', 3)]);
      await env.frameOver();
      assert.equal(view('a').status, 'active');
    }
    adapter.feed.snapshot([row('a', 'error', 3)]);
    await env.frameOver();
    assert.equal(view('a').status, 'error');
  });

  test('a snapshot without any resets the counter', async () => {
    const { adapter, env, store } = await liveFixture([row('a', 'active', 9)]);
    for (const revision of [8, 8, 9, 8, 8]) {
      void store.refresh({ system: 'flows' });
      adapter.feed.snapshot([row('a', 'active', revision)]);
    }
    await env.frameOver();
    assert.equal(adapter.watches.length, 6);
  });
});

describe('fault 30: a wrong count', () => {
  test('at `synced` or a heartbeat: one new snapshot, the next one after a pause, and each drift is counted', async () => {
    const { adapter, env, feed, store, reported } = await liveFixture([row('a', 'active')], { count: 1 });
    feed.heartbeat({ count: 1 });
    assert.equal(adapter.watches.length, 1);
    feed.heartbeat({ count: 2 });
    assert.equal(adapter.watches.length, 2);
    assert.equal(adapter.feed.request.since, undefined);
    adapter.feed.snapshot([row('a', 'active')], { count: 2 });
    for (let beat = 0; beat < 17; beat++) {
      await env.advance(5000);
      adapter.feed.heartbeat({ count: 2 });
    }
    assert.equal(adapter.watches.length, 2);
    await env.advance(5000);
    assert.equal(adapter.watches.length, 3);
    adapter.feed.snapshot([row('a', 'active')], { count: 1 });
    assert.equal(store.connection('flows').value.counters.drift, 2);
    assert.equal(reported('drift'), 2);
    assert.equal(reported('resync'), 2);
  });

  test('unreadable campaigns count; a partial snapshot promises no count', async () => {
    const { adapter, env } = await liveFixture([row('a', 'active'), { id: 'b' }], { count: 2 });
    assert.equal(adapter.watches.length, 1);
    const other = await liveFixture([row('a', 'active')], { count: 7, partial: true });
    other.feed.heartbeat({ count: 7 });
    await env.frameOver();
    assert.equal(other.adapter.watches.length, 1);
  });
});
