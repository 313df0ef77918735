/** `store.changes`: what a host may show as a toast. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { CampaignChange } from '../../../src/store/index.ts';
import { flow, liveFixture, type StoreFixture } from '../../support/store-fixture.ts';
import { row } from '../../support/scripted-adapter.ts';

/** The batches that an observer gets from now on. */
function changesOf({ store }: StoreFixture): (readonly CampaignChange[])[] {
  const batches: (readonly CampaignChange[])[] = [];
  store.changes.subscribe((changes) => batches.push(changes));
  return batches;
}

test('names what changed, with the status before and after, once per frame', async () => {
  const fixture = await liveFixture([row('a', 'active', 1), row('b', 'active', 1), row('c', 'active', 1)]);
  const batches = changesOf(fixture);
  const { feed, env } = fixture;
  feed.upsert(row('a', 'error', 2, { message: 'SMS is down.' }));
  feed.upsert(row('b', 'active', 2, { name: 'Renamed' }));
  feed.remove('c', 2);
  assert.deepEqual(batches, []);
  await env.frameOver();
  assert.deepEqual(batches, [
    [
      { ref: flow('a'), before: 'active', after: 'error' },
      { ref: flow('b'), before: 'active', after: 'active' },
      { ref: flow('c'), before: 'active' },
    ],
  ]);
});

test('comes after the view of now can be read', async () => {
  const fixture = await liveFixture([row('a', 'active', 1)]);
  const read: string[] = [];
  fixture.store.changes.subscribe(() => read.push(fixture.view('a').message));
  fixture.feed.upsert(row('a', 'error', 2, { message: 'SMS is down.' }));
  await fixture.env.frameOver();
  assert.deepEqual(read, ['SMS is down.']);
});

test('leaves out what is read for the first time, repeated, or only confirmed', async () => {
  const fixture = await liveFixture([row('a', 'active', 1)]);
  const batches = changesOf(fixture);
  const { feed, env, store, adapter } = fixture;
  feed.upsert(row('a', 'active', 1), row('new', 'active', 1));
  await env.frameOver();
  void store.refresh({ system: 'flows' });
  adapter.feed.snapshot([row('a', 'active', 1), row('new', 'active', 1)]);
  await env.frameOver();
  assert.deepEqual(batches, []);
});

test('completes with the store', async () => {
  const { store } = await liveFixture([row('a', 'active', 1)]);
  let completed = false;
  store.changes.subscribe({ complete: () => (completed = true) });
  store.dispose();
  assert.ok(completed);
});
