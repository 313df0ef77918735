/**
 * A tab freezes and loses the messages sent to it meanwhile: it requests them again, and never assumes that it has
 * them.
 */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { AdapterError, type CampaignRecord, type Change, type Position } from '../../../src/adapters/index.ts';
import { row } from '../../support/scripted-adapter.ts';
import { openTab, openTabs, type SharingTab, type TabWatch } from '../../support/shared-watch.ts';
import { Origin } from '../../support/tabs.ts';

/** A lost message is requested again within this time (ms). */
const AGAIN_MS = 3000;

function revisions(changes: readonly Change[]): number[] {
  return changes.flatMap((change) =>
    change.type === 'upsert' || change.type === 'page'
      ? (change.items as CampaignRecord[]).map(({ revision }) => revision)
      : [],
  );
}

/** The leader's backend always sends something, so that no tab needs to probe the leader. */
async function busy(origin: Origin, leader: SharingTab, ms: number): Promise<void> {
  const { feed } = leader;
  for (let spent = 0; spent < ms; spent += 500) {
    feed.heartbeat();
    await origin.advance(500);
  }
}

/** The backend sends nothing, so that the tabs probe the leader. */
function quiet(origin: Origin, _leader: SharingTab, ms: number): Promise<void> {
  return origin.advance(ms);
}

/** Two tabs; the first one leads a live feed with one row. */
async function two(): Promise<{ origin: Origin; leader: SharingTab; other: SharingTab; watches: TabWatch[] }> {
  const origin = new Origin();
  const { tabs, watches } = await openTabs(origin, 2);
  const [leader, other] = tabs as [SharingTab, SharingTab];
  leader.feed.snapshot([row('a', 'active', 1)], { cursor: 'c1' });
  await origin.advance(10);
  return { origin, leader, other, watches };
}

function loses(tab: SharingTab): void {
  tab.tab.losesWhileFrozen = true;
  tab.tab.freeze();
}

for (const meanwhile of [busy, quiet])
  describe(`a message is lost while the leader is ${meanwhile.name}`, () => {
    test('the answer to a new tab: it asks again', async () => {
      const { origin, leader } = await two();
      const late = openTab(origin);
      const watch = late.watch();
      await origin.advance(0);
      loses(late);
      await origin.advance(10);
      late.tab.thaw();
      await meanwhile(origin, leader, AGAIN_MS);
      assert.deepEqual(watch.types.slice(0, 3), ['open', 'page', 'synced']);
    });

    test('a request to a frozen leader: the tab asks again', async () => {
      const { origin, leader, other, watches } = await two();
      loses(leader);
      watches[1]!.stop();
      const again = other.watch();
      await origin.advance(10);
      leader.tab.thaw();
      assert.equal(leader.backend.watches.length, 1);
      await meanwhile(origin, leader, AGAIN_MS);
      assert.equal(leader.backend.watches.length, 2, 'it wants it from the backend');
      leader.feed.snapshot([row('a', 'error', 2)], { cursor: 'c2' });
      await origin.advance(10);
      assert.deepEqual(revisions(again.changes), [2]);
    });

    test('the position, between request and answer: the tab asks for a snapshot', async () => {
      const { origin, leader, other, watches } = await two();
      watches[1]!.stop();
      await origin.advance(10);
      const first = other.watch({ since: { epoch: 'e1', cursor: 'c1' } });
      await origin.advance(0);
      first.stop();
      await origin.advance(0);
      // The new watch has no position, and the position of the first one is discarded.
      const again = other.watch();
      await meanwhile(origin, leader, AGAIN_MS);
      assert.deepEqual(again.types.slice(0, 3), ['open', 'page', 'synced']);
      assert.deepEqual(revisions(again.changes), [1]);
    });
  });

test('a tab that asked twice uses one answer, and does not start over', async () => {
  const origin = new Origin();
  const { tabs } = await openTabs(origin, 1);
  tabs[0]!.feed.opens();
  tabs[0]!.feed.push({ type: 'page', items: [row('a', 'active', 1)] });
  await origin.advance(10);
  // It receives a message of the leader before the answer, and asks again.
  origin.shout({ kind: 'probe' });
  const watch = openTab(origin).watch();
  await origin.advance(10);
  tabs[0]!.feed.syncs();
  await origin.advance(10);
  const answers = origin.messages.filter(({ message }) => (message as { kind: string }).kind === 'state');
  assert.equal(answers.length, 2);
  assert.deepEqual([watch.end, watch.types], [undefined, ['open', 'page', 'synced']]);
});

test('a tab that joins between request and answer gets the answer, and not the rows from before', async () => {
  const { origin, leader, other } = await two();
  loses(other);
  leader.feed.push({ type: 'upsert', items: [row('a', 'error', 2)], cursor: 'c2' });
  await origin.advance(10);
  other.tab.thaw();
  leader.feed.push({ type: 'upsert', items: [row('a', 'active', 3)], cursor: 'c3' });
  await origin.advance(2);
  const watch = other.watch();
  await origin.advance(10);
  assert.deepEqual(revisions(watch.changes), [3]);
});

test('lost before the end of a connection: a tab that asks again at once gets what it missed', async () => {
  const { origin, leader, other } = await two();
  const received: Change[] = [];
  const follow = (tab: SharingTab, target: Change[], since: Position): void => {
    const feed = tab.adapter.watch({ system: 'flows', signal: new AbortController().signal, since });
    assert.ok('subscribe' in feed);
    const again = (): void => follow(tab, target, since);
    feed.subscribe({ next: (change) => target.push(change as Change), error: again, complete: again });
  };
  const since = { epoch: 'e1', cursor: 'c1' };
  follow(leader, [], since);
  follow(other, received, since);
  await origin.advance(10);
  loses(other);
  leader.feed.push({ type: 'upsert', items: [row('a', 'error', 2)], cursor: 'c2' });
  await origin.advance(10);
  other.tab.thaw();
  leader.feed.fail(new AdapterError('unavailable'));
  await origin.advance(10);
  assert.deepEqual(leader.feed.request.since, { epoch: 'e1', cursor: 'c2' });
  leader.feed.resumes([], { cursor: 'c3' });
  await origin.advance(10);
  assert.equal(received.at(-1)!.type, 'synced');
  assert.deepEqual(revisions(received), [2]);
});
