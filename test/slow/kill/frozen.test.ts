/** Fault 16: the backend process freezes. Its connections stay open, so silence is the only sign. */
import assert from 'node:assert/strict';
import { it } from 'node:test';
import { BackendProcess, temporaryFolder } from '../../support/kill/backend-process.ts';
import { ExpectedState } from '../../support/kill/expected-state.ts';

import { ScreenObserver } from '../../support/kill/screen-observer.ts';
import { until } from '../../support/until.ts';

/** The heartbeat that the backend promises, and the tolerance that the store adds (ms). */
const HEARTBEAT_MS = 5_000;
const SLACK_MS = 2_000;
/** Allowance for two cores that are shared with other work (ms). */
const LATE_MS = 15_000;

it('fault 16: a backend that freezes turns stale in time; when it continues, the feed is live and equal again', async (t) => {
  const data = temporaryFolder(t);
  const backend = await BackendProcess.start(t, { data });
  const expected = new ExpectedState(data, 'flows');
  await backend.order('campaigns.add', {
    system: 'flows',
    id: 'requested',
    met: ['active-flow'],
    dependencies: [{ kind: 'channel', id: 'email' }],
  });
  const observer = new ScreenObserver(t, backend.url);
  await observer.equals(backend);
  await backend.order('campaigns.churn', { system: 'flows', perSecond: 50, steady: ['requested'] });
  const received = (): number => [...observer.shown.values()].reduce((sum, states) => sum + states.length, 0);
  await until(() => observer.shown.get('requested')!.length > 2, 'changes stream');
  // The last message has just arrived, so the silence is measured from here.
  const before = received();
  await until(() => received() > before, 'one more');

  const began = performance.now();
  backend.freeze();
  assert.equal(observer.state, 'live');
  await until(() => observer.state !== 'live', 'it is stale', HEARTBEAT_MS + SLACK_MS + LATE_MS);
  const took = performance.now() - began;
  const noticedAt = Date.now();
  // The feed must not become stale earlier than the heartbeat allows.
  assert.ok(took > HEARTBEAT_MS, `${took} ms`);
  assert.ok(observer.states.includes('stale'), observer.states.join());
  for (const id of observer.ids) {
    const { stale } = observer.view(id);
    assert.equal(stale?.why, 'feed');
    assert.ok(stale.asOf < noticedAt - HEARTBEAT_MS, 'last known when something was last received');
  }

  // A request that is made during the silence stays pending until the backend answers.
  let outcome = '';
  const settled = observer.store
    .perform(observer.ref('requested'), 'start')
    .then((result) => (outcome = result.outcome));
  await until(() => observer.state === 'connecting', 'a new connection waits');
  assert.equal(outcome, '');
  assert.equal(observer.view('requested').request?.phase, 'pending');

  backend.thaw();
  assert.equal(await settled, 'done');
  await backend.order('campaigns.churn', { system: 'flows', perSecond: 0 });
  await observer.live(45_000);
  await observer.equals(backend);
  const effects = [...(await backend.effects()).values()].flat();
  assert.deepEqual(
    effects.map(({ from, to }) => [from, to]),
    [['inactive', 'active']],
  );
  const open = async (): Promise<number> =>
    (await backend.stage()).systems.reduce((sum, one) => sum + one.openFeeds, 0);
  await until(async () => (await open()) === 1, 'the connection given up is closed there too');
  observer.leave();
  await until(async () => (await open()) === 0, 'no connection is left');
  await backend.kill();
  expected.gather();
  observer.assertNothingInvented(expected);
});
