/** The option `maxIds`: so many campaigns are watched by id, more by watching the whole system. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { createCampaignStore } from '../../../src/store/index.ts';
import { row, ScriptedAdapter } from '../../support/scripted-adapter.ts';
import { createFixture, flow, record } from '../../support/store-fixture.ts';

/** Observes so many campaigns, and gives the ids that are asked for. */
async function requested(count: number, maxIds?: number): Promise<readonly string[] | undefined> {
  const { store, adapter, env } = createFixture(maxIds === undefined ? {} : { maxIds });
  for (let id = 0; id < count; id++) record(store.campaign(flow(`c${id}`)));
  await env.advance(0);
  assert.equal(adapter.watches.length, 1);
  return adapter.feed.request.ids;
}

describe('maxIds', () => {
  for (const [maxIds, most] of [
    [undefined, 20],
    [0, 0],
    [1, 1],
    [500, 500],
  ] as const)
    test(`${maxIds ?? 'by default'}: ${most} campaigns are asked for by id, one more by asking for all`, async () => {
      if (most) assert.equal((await requested(most, maxIds))?.length, most);
      assert.equal(await requested(most + 1, maxIds), undefined);
    });

  test('is crossed by another campaign: the feed of all replaces that of some, once it is synced', async () => {
    const { store, adapter, env, view } = createFixture({ maxIds: 2 });
    const observers = ['a', 'b'].map((id) => record(store.campaign(flow(id))));
    await env.advance(0);
    const some = adapter.feed;
    some.snapshot([row('a', 'active'), row('b', 'active')]);
    const third = record(store.campaign(flow('c')));
    await env.advance(0);
    assert.equal(adapter.feed.request.ids, undefined);
    assert.ok(some.open);
    adapter.feed.snapshot(['a', 'b', 'c', 'd'].map((id) => row(id, 'active')));
    await env.frameOver();
    assert.ok(!some.open);
    assert.equal(view('c').presence, 'present');
    assert.ok(observers.every(({ values }) => values.every(({ stale }) => stale === undefined)));
    third.stop();
    await env.advance(4000);
    assert.equal(adapter.watches.length, 2, 'the wider feed stays when fewer are observed');
    assert.equal(store.connection('flows').value.counters.drift, 0);
  });

  test('anything but a whole number, 0 or more, is refused', () => {
    for (const maxIds of [-1, 1.5, NaN, Infinity, '20', null])
      assert.throws(() => createCampaignStore({ adapter: new ScriptedAdapter(), maxIds: maxIds as never }), {
        name: 'TypeError',
        message: `createCampaignStore: maxIds must be a whole number, 0 or more, got ${JSON.stringify(maxIds)}`,
      });
  });
});
