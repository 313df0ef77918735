/** What depends on the user and not on the campaign: the revision stays, so the epoch says that it changed. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { liveFixture } from '../../support/store-fixture.ts';
import { row } from '../../support/scripted-adapter.ts';

const denied = { stop: 'Ask an operator.' };

for (const [what, before, after, reason] of [
  ['a right that was taken away', {}, { denied }, 'Ask an operator.'],
  ['a right that was given', { denied }, {}, undefined],
] as const)
  test(`${what} is shown with the snapshot of another epoch, at the same revision`, async () => {
    const { adapter, env, view, store } = await liveFixture([row('a', 'active', 5, before)], { epoch: 'e1:rights-1' });
    void store.refresh({ system: 'flows' });
    adapter.feed.snapshot([row('a', 'active', 5, after)], { epoch: 'e1:rights-2' });
    await env.frameOver();
    assert.equal(view('a').actions[0]?.disabled?.text, reason);
  });

test('a row that repeats the revision with other rights changes nothing', async () => {
  const { env, view, feed } = await liveFixture([row('a', 'active', 5, { denied })]);
  feed.upsert(row('a', 'active', 5));
  await env.frameOver();
  assert.equal(view('a').actions[0]?.disabled?.text, 'Ask an operator.');
});
