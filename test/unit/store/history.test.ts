/** The history of a campaign: read while it is observed, read again when the campaign changes, and validated. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { HistoryEntry, HistoryPage } from '../../../src/adapters/index.ts';
import { row } from '../../support/scripted-adapter.ts';
import { adapterError, flow, liveFixture, record, createFixture } from '../../support/store-fixture.ts';

const a = flow('a');
const entry = (at: number, more: Partial<HistoryEntry> = {}): HistoryEntry => ({ status: 'active', at, ...more });

describe('a history', () => {
  test('is read when observed, and not again while nothing changes', async () => {
    const { store, adapter, env } = await liveFixture([row('a', 'active')]);
    const seen = record(store.history(a));
    assert.deepEqual(seen.last, { entries: [], more: false, state: 'loading' });
    assert.deepEqual(adapter.histories[0]!.request, { ref: a, limit: 20 });
    adapter.histories[0]!.answer({ entries: [entry(2, { action: 'start' }), entry(1)] });
    await env.advance(60_000);
    assert.deepEqual(seen.last, { entries: [entry(2, { action: 'start' }), entry(1)], more: false, state: 'loaded' });
    assert.equal(adapter.histories.length, 1);
  });

  test('reads older pages until it has the requested number of entries', async () => {
    const { store, adapter, env } = await liveFixture([]);
    const seen = record(store.history(a, 3));
    adapter.histories[0]!.answer({ entries: [entry(3), entry(2)], before: 'p2' });
    await env.advance(0);
    assert.deepEqual(adapter.histories[1]!.request, { ref: a, limit: 1, before: 'p2' });
    adapter.histories[1]!.answer({ entries: [entry(1)], before: 'p3' });
    await env.frameOver();
    assert.deepEqual(
      seen.last.entries.map(({ at }) => at),
      [3, 2, 1],
    );
    assert.deepEqual([seen.last.more, seen.last.state], [true, 'loaded']);
    assert.equal(adapter.histories.length, 2);
  });

  test('is read again when the campaign changes; changes in a row are read about once', async () => {
    const { store, adapter, env, feed } = await liveFixture([row('a', 'active', 1)]);
    const seen = record(store.history(a));
    adapter.histories[0]!.answer({ entries: [entry(1)] });
    await env.advance(5000);
    feed.upsert(row('a', 'inactive', 2));
    await env.frameOver();
    assert.equal(adapter.histories.length, 2);
    adapter.histories[1]!.answer({ entries: [entry(2, { status: 'inactive' }), entry(1)] });
    for (let revision = 3; revision < 8; revision++) {
      feed.upsert(row('a', 'error', revision, { message: String(revision) }));
      await env.frameOver();
    }
    assert.equal(adapter.histories.length, 2);
    await env.advance(1000);
    assert.equal(adapter.histories.length, 3);
    assert.equal(seen.last.entries.length, 2);
  });

  test('that fails is lost, keeps its entries, and is retried with growing delays', async () => {
    const { store, adapter, env, feed } = await liveFixture([row('a', 'active', 1)]);
    const seen = record(store.history(a));
    adapter.histories[0]!.answer({ entries: [entry(1)] });
    await env.advance(5000);
    feed.upsert(row('a', 'inactive', 2));
    await env.frameOver();
    adapter.histories[1]!.fail(new Error('reset'));
    await env.frameOver();
    assert.deepEqual(seen.last, { entries: [entry(1)], more: false, state: 'lost' });
    await env.advance(500);
    adapter.histories[2]!.fail(new Error('reset'));
    await env.advance(900);
    assert.equal(adapter.histories.length, 3);
    await env.advance(100);
    adapter.histories[3]!.answer({ entries: [entry(2), entry(1)] });
    await env.frameOver();
    assert.equal(seen.last.state, 'loaded');
  });

  test('that does not arrive within half a minute is lost', async () => {
    const { store, env, adapter } = await liveFixture([]);
    const seen = record(store.history(a));
    await env.advance(30_000);
    await env.frameOver();
    assert.equal(seen.last.state, 'lost');
    assert.equal(adapter.histories[0]!.signal!.aborted, true);
  });

  test('is unsupported where the adapter has none, and where the backend has no such path', async () => {
    const without = createFixture();
    Object.assign(without.adapter, { history: undefined });
    assert.equal(record(without.store.history(a)).last.state, 'unsupported');
    const { store, adapter, env } = await liveFixture([]);
    const seen = record(store.history(a));
    adapter.histories[0]!.fail(adapterError('misconfigured'));
    await env.advance(120_000);
    assert.equal(seen.last.state, 'unsupported');
    assert.equal(adapter.histories.length, 1);
  });

  test('leaves nothing behind when the last observer leaves, and starts again', async () => {
    const { store, adapter, env, list } = await liveFixture([]);
    const live = store.history(a);
    const first = record(live);
    first.stop();
    assert.equal(adapter.histories[0]!.signal!.aborted, true);
    list.stop();
    await env.advance(660_000);
    assert.equal(env.timers, 0);
    assert.equal(record(live).last.state, 'loading');
  });
});

describe('hostile answers to a history', () => {
  test('an invalid entry is dropped and reported, and the others stay', async () => {
    const { store, adapter, env, reported } = await liveFixture([]);
    const seen = record(store.history(a));
    const bad = [null, 7, { status: 'active' }, { status: 5, at: 1 }, { status: 'active', at: 'yesterday' }];
    adapter.histories[0]!.answer({
      entries: [...bad, entry(1, { action: null, message: 'x\u0000y' })] as HistoryEntry[],
    });
    await env.frameOver();
    assert.deepEqual(seen.last.entries, [{ status: 'active', at: 1, message: 'xy' }]);
    assert.equal(reported('dropped'), bad.length);
  });

  test('more entries than requested are dropped, and long texts are cut', async () => {
    const { store, adapter, env } = await liveFixture([]);
    const seen = record(store.history(a, 2));
    const long = entry(1, { message: 'm'.repeat(1e6), changedBy: 'c'.repeat(1e6) });
    adapter.histories[0]!.answer({ entries: Array.from({ length: 1000 }, () => long) });
    await env.frameOver();
    assert.equal(seen.last.entries.length, 2);
    assert.equal(seen.last.more, true);
    assert.deepEqual([seen.last.entries[0]!.message!.length, seen.last.entries[0]!.changedBy!.length], [16_384, 512]);
  });

  test('endless pages stop after twenty', async () => {
    const { store, adapter, env } = await liveFixture([]);
    const seen = record(store.history(a));
    for (let page = 0; page < 30 && adapter.histories[page]; page++) {
      adapter.histories[page]!.answer({ entries: [], before: 'again' });
      await env.advance(0);
    }
    await env.frameOver();
    assert.equal(adapter.histories.length, 20);
    assert.deepEqual(seen.last, { entries: [], more: true, state: 'loaded' });
  });

  for (const answer of [undefined, null, 'no', [], { entries: null }, { entries: 'no' }])
    test(`${JSON.stringify(answer)} is an invalid history: it is lost`, async () => {
      const { store, adapter, env } = await liveFixture([]);
      const seen = record(store.history(a));
      adapter.histories[0]!.answer(answer as unknown as HistoryPage);
      await env.frameOver();
      assert.equal(seen.last.state, 'lost');
    });
});
