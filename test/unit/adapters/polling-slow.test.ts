/** A store over a polled list whose pages are slow: a feed that makes progress is alive. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { pollingAdapter, type PolledCampaign } from '../../../src/adapters/index.ts';
import { createCampaignStore, type Connection } from '../../../src/store/index.ts';
import { flow, record } from '../../support/store-fixture.ts';
import { onVirtualTime } from '../../support/virtual-time.ts';

const PAGES: readonly (readonly PolledCampaign[])[] = [
  [{ id: 'a', status: 'active' }],
  [{ id: 'b', status: 'error', message: 'Channel is stopped.' }],
];

const wait = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/**
 * Observes a campaign for two minutes, with the defaults of store and adapter.
 *
 * @param readMs how long a read of the whole list takes
 * @param id `undefined` for all
 */
function observe(readMs: number, id: string | undefined, pages = PAGES) {
  return onVirtualTime(async () => {
    const adapter = pollingAdapter({
      async *list() {
        if (!pages.length) await wait(readMs);
        for (const page of pages) {
          await wait(readMs / pages.length);
          yield page;
        }
      },
      act: () => Promise.resolve({ outcome: 'accepted' }),
    });
    const store = createCampaignStore({ adapter, environment: { random: () => 0.5 }, report: () => {} });
    const connection = record<Connection>(store.connection('flows'));
    const shown = record<unknown>(id === undefined ? store.list('flows') : store.campaign(flow(id)));
    await wait(120_000);
    const { presence } = store.campaign(flow(id ?? 'b')).value;
    const { ids } = store.list('flows').value;
    shown.stop();
    store.dispose();
    return { states: connection.values.map(({ state }) => state), presence, ids };
  });
}

const HEALTHY = ['idle', 'syncing', 'live', 'idle'];

describe('reads of a paged list that take as long as they may', () => {
  for (const readMs of [8500, 9900])
    test(`${readMs} ms: a campaign that is absent is read twice, and shown as absent`, async () => {
      const { states, presence } = await observe(readMs, 'absent');
      assert.equal(presence, 'absent');
      assert.deepEqual(states, HEALTHY);
    });

  test('an empty list: a campaign is shown as absent', async () => {
    const { states, presence } = await observe(9900, 'absent', []);
    assert.equal(presence, 'absent');
    assert.deepEqual(states, HEALTHY);
  });

  test('a campaign on a later page is shown', async () => {
    const { states, presence } = await observe(9900, 'b');
    assert.equal(presence, 'present');
    assert.deepEqual(states, HEALTHY);
  });

  test('all campaigns are shown, and the feed stays live', async () => {
    const { states, ids } = await observe(9900, undefined);
    assert.deepEqual(ids, ['a', 'b']);
    assert.deepEqual(states, HEALTHY);
  });
});
