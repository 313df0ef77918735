/** The version of the contract that a feed names in `open`. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CONTRACT_VERSION } from '../../../src/adapters/index.ts';
import { row } from '../../support/scripted-adapter.ts';
import { createFixture, record } from '../../support/store-fixture.ts';

/** A store whose feed opens with this version, and then sends a campaign. */
async function opened(contract: unknown): Promise<ReturnType<typeof createFixture>> {
  const fixture = createFixture();
  record(fixture.store.list('flows'));
  await fixture.env.frameOver();
  const { feed } = fixture.adapter;
  feed.push({ type: 'open', contract, mode: 'snapshot', epoch: 'e1', heartbeatMs: 5000 });
  feed.push({ type: 'page', items: [row('a', 'active')] });
  feed.syncs();
  await fixture.env.frameOver();
  return fixture;
}

for (const contract of [CONTRACT_VERSION, undefined, null])
  test(`${contract}: the feed is read`, async () => {
    const { connection, store } = await opened(contract);
    assert.equal(connection.state, 'live');
    assert.deepEqual(store.list('flows').value.ids, ['a']);
  });

for (const [what, contract, message] of [
  [
    'a newer one',
    2,
    'the backend speaks version 2 of the contract, and this campaign-status-kit reads version 1: update the kit',
  ],
  [
    'an older one',
    0,
    'the backend speaks version 0 of the contract, and this campaign-status-kit reads version 1: update the backend',
  ],
  ['no number', '1', '`open.contract` must be the number 1, got "1"'],
] as const)
  test(`${what}: nothing of the feed is read, and the connection and one report say what to update`, async () => {
    const { connection, store, reports, adapter } = await opened(contract);
    assert.equal(connection.state, 'misconfigured');
    assert.deepEqual(connection.cause, { code: 'misconfigured', message });
    assert.deepEqual(
      reports.map(({ kind, detail }) => [kind, detail]),
      [['misconfigured', { system: 'flows', code: 'misconfigured', message }]],
    );
    assert.deepEqual(store.list('flows').value.ids, []);
    assert.equal(adapter.feed.open, false);
  });
