/**
 * What tabs accept from each other: rows from memory, requests for a new snapshot, other users, foreign messages, no
 * browser.
 */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { type AdapterError, shareAcrossTabs } from '../../../src/adapters/index.ts';
import { row, ScriptedAdapter } from '../../support/scripted-adapter.ts';
import { openTab, openTabs, type SharingTab, TabWatch } from '../../support/shared-watch.ts';
import { nothing, Origin } from '../../support/tabs.ts';

const HEARTBEAT_MS = 5000;
const SLACK_MS = 2000;

describe('a snapshot or another connection is requested while the feed is open', () => {
  for (const [who, asker] of [
    ['the tab that leads', 0],
    ['a tab that follows', 1],
  ] as const) {
    test(`${who} requests a snapshot: it is read from the backend, and the others notice nothing`, async () => {
      const origin = new Origin();
      const { tabs, watches } = await openTabs(origin, 3);
      const lead = tabs[0]!;
      lead.feed.snapshot([row('a', 'active', 1)], { cursor: 'c1' });
      await origin.advance(10);
      for (const watch of watches) watch.takeChanges();
      // As a store does: at once, and without a position.
      watches[asker]!.stop();
      const again = tabs[asker]!.watch();
      await origin.advance(10);
      assert.equal(lead.backend.watches.length, 2);
      assert.equal(lead.backend.openFeeds, 1);
      assert.equal(lead.feed.request.since, undefined);
      assert.deepEqual(again.changes, []);
      lead.feed.snapshot([row('a', 'error', 2)], { cursor: 'c2' });
      lead.feed.upsert(row('a', 'active', 3));
      await origin.advance(10);
      assert.deepEqual(again.types, ['open', 'page', 'synced', 'upsert']);
      assert.deepEqual(again.changes[1], { type: 'page', items: [row('a', 'error', 2)] });
      for (const watch of watches.filter((_, i) => i !== asker)) {
        assert.equal(watch.end, undefined);
        assert.deepEqual(watch.types, ['upsert', 'heartbeat', 'upsert']);
      }
      assert.deepEqual([origin.held.locks, origin.held.channels], [3, 3]);
    });

    test(`${who} distrusts the connection: a new one resumes from its position`, async () => {
      const origin = new Origin();
      const { tabs, watches } = await openTabs(origin, 3);
      const lead = tabs[0]!;
      lead.feed.snapshot([row('a', 'active', 1)], { cursor: 'c1' });
      await origin.advance(10);
      watches[asker]!.stop();
      const again = tabs[asker]!.watch({ since: { epoch: 'e1', cursor: 'c1' } });
      await origin.advance(10);
      assert.equal(lead.backend.openFeeds, 1);
      assert.deepEqual(lead.feed.request.since, { epoch: 'e1', cursor: 'c1' });
      lead.feed.resumes([row('a', 'error', 2)], { cursor: 'c9' });
      await origin.advance(10);
      assert.deepEqual(again.types, ['open', 'upsert', 'synced']);
      assert.deepEqual(
        watches.filter((_, i) => i !== asker).map(({ end, types }) => [end, types.slice(-2)]),
        Array(2).fill([undefined, ['upsert', 'heartbeat']]),
      );
    });
  }

  test('from a position that the tabs have left: it receives a snapshot, after one catch-up', async () => {
    const origin = new Origin();
    const { tabs, watches } = await openTabs(origin, 1);
    const lead = tabs[0]!;
    lead.feed.snapshot([row('a', 'active', 1)], { cursor: 'c1' });
    lead.feed.push({ type: 'upsert', items: [row('a', 'error', 2)], cursor: 'c2' });
    await origin.advance(10);
    watches[0]!.stop();
    const again = lead.watch({ since: { epoch: 'e1', cursor: 'c1' } });
    await origin.advance(10);
    assert.deepEqual(lead.feed.request.since, { epoch: 'e1', cursor: 'c2' });
    lead.feed.resumes([row('a', 'active', 3)], { cursor: 'c3' });
    await origin.advance(10);
    assert.deepEqual(again.types, ['open', 'page', 'synced']);
    assert.deepEqual(again.changes[1], { type: 'page', items: [row('a', 'active', 3)] });
    assert.equal(lead.backend.watches.length, 2);
  });

  test('by many at once, as after a wrong count: it is read once', async () => {
    const origin = new Origin();
    const { tabs, watches } = await openTabs(origin, 5);
    const lead = tabs[0]!;
    lead.feed.snapshot([row('a', 'active', 1)]);
    await origin.advance(10);
    const again = tabs.map((tab, i) => {
      watches[i]!.stop();
      return tab.watch();
    });
    await origin.advance(10);
    lead.feed.opens();
    await origin.advance(10);
    lead.feed.push({ type: 'page', items: [row('b', 'active', 1)] });
    lead.feed.syncs();
    await origin.advance(10);
    assert.equal(lead.backend.watches.length, 2);
    for (const watch of again) assert.deepEqual(watch.types, ['open', 'page', 'synced']);
  });

  test('a row is missing without a removal: the others take a snapshot too, without another request', async () => {
    const origin = new Origin();
    const { tabs, watches } = await openTabs(origin, 2);
    tabs[0]!.feed.snapshot([row('a', 'active', 1), row('b', 'active', 1)], { cursor: 'c1' });
    await origin.advance(10);
    watches[0]!.stop();
    tabs[0]!.watch();
    await origin.advance(10);
    tabs[0]!.feed.snapshot([row('a', 'active', 1)], { cursor: 'c5' });
    await origin.advance(10);
    assert.equal((watches[1]!.end!.error as AdapterError).code, 'expired');
    const again = tabs[1]!.watch();
    await origin.advance(10);
    assert.deepEqual(again.changes.slice(1), [
      { type: 'page', items: [row('a', 'active', 1)] },
      { type: 'synced', cursor: 'c5' },
    ]);
    assert.equal(tabs[0]!.backend.watches.length, 2);
  });

  test('what was removed during the snapshot, and what a partial snapshot did not name', async () => {
    const origin = new Origin();
    const { tabs, watches } = await openTabs(origin, 2);
    const lead = tabs[0]!;
    lead.feed.snapshot([row('a', 'active', 1), row('b', 'active', 1)], { cursor: 'c1' });
    await origin.advance(10);
    watches[1]!.takeChanges();
    watches[0]!.stop();
    lead.watch();
    await origin.advance(10);
    lead.feed.opens();
    lead.feed.push({ type: 'page', items: [row('b', 'active', 1)] });
    lead.feed.remove('b', 2, 'deleted');
    lead.feed.push({ type: 'synced', cursor: 'c5', partial: true });
    await origin.advance(10);
    assert.deepEqual(watches[1]!.changes, [
      { type: 'remove', items: [{ id: 'b', revision: 2, reason: 'deleted' }] },
      { type: 'heartbeat', cursor: 'c5' },
    ]);
    const late = openTab(origin).watch();
    await origin.advance(10);
    assert.deepEqual(late.changes.slice(1), [
      { type: 'page', items: [row('a', 'active', 1)] },
      { type: 'synced', cursor: 'c5', partial: true },
    ]);
  });

  test('by two subscribers of one tab: the connection stays', async () => {
    const origin = new Origin();
    const tab = openTab(origin);
    const first = tab.watch();
    await origin.advance(10);
    tab.feed.snapshot([row('a', 'active', 1)]);
    await origin.advance(10);
    const second = tab.watch();
    await origin.advance(10);
    assert.deepEqual(second.types, ['open', 'page', 'synced']);
    first.stop();
    await origin.advance(10);
    assert.equal(tab.backend.watches.length, 1);
    assert.equal(tab.leads, true);
  });
});

describe('a single tab that returns', () => {
  test('resumes from its position, from the backend', async () => {
    const origin = new Origin();
    const tab = openTab(origin);
    const first = tab.watch();
    await origin.advance(10);
    tab.feed.snapshot([row('a', 'active', 1)], { cursor: 'c1' });
    await origin.advance(10);
    first.stop();
    await origin.advance(600_000);
    const again = tab.watch({ since: { epoch: 'e1', cursor: 'c1' } });
    await origin.advance(10);
    assert.deepEqual(tab.feed.request.since, { epoch: 'e1', cursor: 'c1' });
    tab.feed.resumes([row('a', 'error', 2)], { cursor: 'c9' });
    await origin.advance(10);
    assert.deepEqual(again.types, ['open', 'upsert', 'synced']);
    // It has all rows for a tab that joins.
    const late = openTab(origin).watch();
    await origin.advance(10);
    assert.deepEqual(late.changes[1], { type: 'page', items: [row('a', 'error', 2)] });
  });

  test('after a long time gives its connection as much time to answer as any other', async () => {
    const origin = new Origin();
    const tab = openTab(origin);
    const first = tab.watch();
    await origin.advance(10);
    tab.feed.snapshot([row('a', 'active', 1)], { cursor: 'c1' });
    await origin.advance(10);
    first.stop();
    await origin.advance(600_000);
    tab.watch({ since: { epoch: 'e1', cursor: 'c1' } });
    await origin.advance(10_000);
    openTab(origin).watch();
    await origin.advance(10);
    assert.equal(tab.backend.watches.length, 2);
  });

  test('resumes from the position of a heartbeat; a subscriber without rows gets a snapshot', async () => {
    const origin = new Origin();
    const tab = openTab(origin);
    const first = tab.watch();
    await origin.advance(10);
    tab.feed.snapshot([row('a', 'active', 1)], { cursor: 'c1' });
    tab.feed.heartbeat({ cursor: 'c2' });
    await origin.advance(10);
    first.stop();
    await origin.advance(10);
    const since = { epoch: 'e1', cursor: 'c2' };
    const again = tab.watch({ since });
    await origin.advance(10);
    assert.deepEqual(tab.feed.request.since, since);
    const other = tab.watch();
    await origin.advance(10);
    tab.feed.resumes([row('a', 'error', 2)], { cursor: 'c3' });
    await origin.advance(10);
    assert.deepEqual(again.types, ['open', 'upsert', 'synced']);
    assert.deepEqual(other.types, ['open', 'page', 'synced']);
    assert.deepEqual(other.changes[1], { type: 'page', items: [row('a', 'error', 2)] });
  });

  test('without a position, or with one whose rows it cannot know, takes a snapshot', async () => {
    for (const since of [undefined, { epoch: 'e1', cursor: 'elsewhere' }]) {
      const origin = new Origin();
      const tab = openTab(origin);
      const first = tab.watch();
      await origin.advance(10);
      tab.feed.snapshot([row('a', 'active', 1)], { cursor: 'c1' });
      await origin.advance(10);
      first.stop();
      await origin.advance(10);
      tab.watch(since ? { since } : {});
      await origin.advance(10);
      assert.equal(tab.feed.request.since, undefined);
    }
  });

  for (const code of ['expired', 'protocol'])
    test(`and does not resume from a position that ended with ${code}`, async () => {
      const origin = new Origin();
      const tab = openTab(origin);
      const since = { epoch: 'e1', cursor: 'c1' };
      const first = tab.watch();
      await origin.advance(10);
      tab.feed.snapshot([row('a', 'active', 1)], { cursor: 'c1' });
      await origin.advance(10);
      first.stop();
      await origin.advance(10);
      tab.watch({ since });
      await origin.advance(10);
      tab.feed.fail(Object.assign(new Error('gone'), { name: 'AdapterError', code }));
      await origin.advance(10);
      tab.watch({ since });
      await origin.advance(10);
      assert.equal(tab.feed.request.since, undefined);
    });
});

describe('cached rows', () => {
  test('are passed on only within the backend’s heartbeat; then another connection is tried', async () => {
    const origin = new Origin();
    const { tabs } = await openTabs(origin, 1);
    const lead = tabs[0]!;
    lead.feed.snapshot([row('a', 'active', 1)], { cursor: 'c1', heartbeatMs: HEARTBEAT_MS });
    await origin.advance(10);
    // The connection is half open: nothing arrives any more, and the leading page is hidden and has not noticed.
    await origin.advance(HEARTBEAT_MS + SLACK_MS + 10);
    const late = openTab(origin).watch();
    await origin.advance(10);
    assert.deepEqual(late.changes, []);
    assert.equal(lead.backend.watches.length, 2);
    assert.equal(lead.backend.openFeeds, 1);
    lead.feed.resumes([row('a', 'error', 2)], { cursor: 'c2' });
    await origin.advance(10);
    assert.deepEqual(late.types, ['open', 'page', 'upsert', 'synced']);
  });

  test('are not what a follower resumes with when it lost its feed: it requests another connection', async () => {
    const origin = new Origin();
    const { tabs, watches } = await openTabs(origin, 2);
    const [lead, other] = tabs as [SharingTab, SharingTab];
    // A second watch keeps this tab among the sharing tabs.
    other.watch();
    lead.feed.snapshot([row('a', 'active', 1)], { cursor: 'c1', heartbeatMs: HEARTBEAT_MS });
    await origin.advance(HEARTBEAT_MS + SLACK_MS + 100);
    watches[1]!.stop();
    await origin.advance(10);
    const again = other.watch();
    await origin.advance(10);
    assert.deepEqual(again.changes, []);
    assert.equal(lead.backend.watches.length, 2);
    assert.equal(lead.backend.openFeeds, 1);
  });

  test('must be confirmed by the backend within the rest of the heartbeat', async () => {
    const origin = new Origin();
    const { tabs } = await openTabs(origin, 1);
    tabs[0]!.feed.snapshot([row('a', 'active', 1)], { heartbeatMs: HEARTBEAT_MS });
    await origin.advance(HEARTBEAT_MS);
    const late = openTab(origin);
    const watch = late.watch();
    await origin.advance(SLACK_MS - 100);
    assert.deepEqual(watch.types, ['open', 'page', 'synced']);
    assert.equal(watch.end, undefined);
    await origin.advance(200);
    assert.equal((watch.end!.error as AdapterError).code, 'unavailable');

    const again = late.watch();
    await origin.advance(10);
    tabs[0]!.feed.resumes();
    await origin.advance(HEARTBEAT_MS);
    assert.equal(again.end, undefined);
  });

  test('must be confirmed for a second subscriber of the tab too', async () => {
    const origin = new Origin();
    const { tabs } = await openTabs(origin, 1);
    tabs[0]!.feed.snapshot([row('a', 'active', 1)], { heartbeatMs: HEARTBEAT_MS });
    await origin.advance(HEARTBEAT_MS);
    const second = tabs[0]!.watch();
    await origin.advance(SLACK_MS - 100);
    assert.deepEqual([second.types, second.end], [['open', 'page', 'synced'], undefined]);
    await origin.advance(200);
    assert.equal((second.end!.error as AdapterError).code, 'unavailable');
  });

  test('need no confirmation once the backend has answered', async () => {
    const origin = new Origin();
    const { tabs } = await openTabs(origin, 1);
    tabs[0]!.feed.snapshot([row('a', 'active', 1)], { heartbeatMs: HEARTBEAT_MS });
    await origin.advance(HEARTBEAT_MS);
    const second = tabs[0]!.watch();
    await origin.advance(10);
    tabs[0]!.feed.heartbeat();
    await origin.advance(HEARTBEAT_MS);
    assert.equal(second.end, undefined);
  });

  test('are not passed on when the clock was set back', async () => {
    const origin = new Origin();
    const { tabs } = await openTabs(origin, 1);
    tabs[0]!.feed.snapshot([row('a', 'active', 1)], { heartbeatMs: HEARTBEAT_MS });
    await origin.advance(10);
    origin.env.shiftWallClock(-3_600_000);
    await origin.advance(HEARTBEAT_MS + SLACK_MS);
    const late = openTab(origin).watch();
    await origin.advance(10);
    assert.deepEqual(late.changes, []);
    assert.equal(tabs[0]!.backend.watches.length, 2);
  });

  test('of one epoch do not complete a partial snapshot of the next', async () => {
    const origin = new Origin();
    const tab = openTab(origin);
    const first = tab.watch();
    await origin.advance(10);
    tab.feed.snapshot([row('a', 'active', 1), row('b', 'active', 1)]);
    await origin.advance(10);
    first.stop();
    tab.watch();
    await origin.advance(10);
    tab.feed.snapshot([row('a', 'error', 1)], { epoch: 'e2', partial: true });
    await origin.advance(10);
    const late = openTab(origin).watch();
    await origin.advance(10);
    assert.deepEqual(late.changes[1], { type: 'page', items: [row('a', 'error', 1)] });
  });

  test('are not passed on after the machine slept, when the monotonic clock may have stopped', async () => {
    const origin = new Origin();
    const { tabs } = await openTabs(origin, 1);
    tabs[0]!.feed.snapshot([row('a', 'active', 1)], { heartbeatMs: HEARTBEAT_MS });
    await origin.advance(10);
    origin.env.shiftWallClock(8 * 3_600_000);
    openTab(origin).watch();
    await origin.advance(10);
    assert.equal(tabs[0]!.backend.watches.length, 2);
  });

  test('of a backend with a heartbeat above an hour are treated as without a heartbeat', async () => {
    for (const heartbeatMs of [2 ** 31, Infinity]) {
      const origin = new Origin();
      const { tabs } = await openTabs(origin, 1);
      tabs[0]!.feed.snapshot([row('a', 'active', 1)], { heartbeatMs });
      await origin.advance(10);
      const late = openTab(origin).watch();
      await origin.advance(60_000);
      assert.deepEqual(late.types, ['open', 'page', 'synced']);
      assert.equal(late.end, undefined);
    }
  });

  test('of a backend without a heartbeat are passed on: being quiet is not being stale', async () => {
    const origin = new Origin();
    const { tabs } = await openTabs(origin, 1);
    tabs[0]!.feed.push({ type: 'open', mode: 'snapshot' });
    tabs[0]!.feed.syncs();
    await origin.advance(3_600_000);
    const late = openTab(origin).watch();
    await origin.advance(60_000);
    assert.deepEqual(late.types, ['open', 'synced']);
    assert.equal(late.end, undefined);
  });

  test('a connection that never answers is replaced when a subscriber joins', async () => {
    const origin = new Origin();
    const { tabs } = await openTabs(origin, 1);
    await origin.advance(31_000);
    const late = openTab(origin);
    late.watch();
    await origin.advance(10);
    assert.equal(tabs[0]!.backend.watches.length, 2);
    assert.equal(tabs[0]!.backend.openFeeds, 1);
  });
});

describe('the key', () => {
  test('tabs with different keys share nothing: no connection, no row', async () => {
    const origin = new Origin();
    const firstTab = openTab(origin, 'user-1');
    const secondTab = openTab(origin, () => 'user-2');
    const [firstWatch, secondWatch] = [firstTab.watch(), secondTab.watch()];
    await origin.advance(10);
    firstTab.feed.snapshot([row('secret', 'active')]);
    await origin.advance(10);
    secondTab.feed.snapshot([]);
    await origin.advance(10);
    assert.deepEqual(firstWatch.changes[1], { type: 'page', items: [row('secret', 'active')] });
    assert.deepEqual(secondWatch.changes[1], { type: 'page', items: [] });
    assert.equal(secondWatch.changes.length, 3);
  });

  test('a function is called for each feed: after another user has signed in, nothing of the first one is left', async () => {
    const origin = new Origin();
    let user = 'user-1';
    const tab = openTab(origin, () => user);
    const other = openTab(origin, 'user-1');
    const firstWatch = tab.watch();
    await origin.advance(10);
    tab.feed.snapshot([row('secret', 'active')], { cursor: 'c1' });
    await origin.advance(10);
    firstWatch.stop();
    user = 'user-2';
    // Not even with the position of the former user's feed.
    const secondWatch = tab.watch({ since: { epoch: 'e1', cursor: 'c1' } });
    const still = other.watch();
    await origin.advance(10);
    assert.equal(tab.feed.request.since, undefined);
    tab.feed.snapshot([]);
    await origin.advance(10);
    assert.deepEqual(secondWatch.changes[1], { type: 'page', items: [] });
    assert.equal(secondWatch.changes.length, 3);
    assert.deepEqual(still.changes, []);
    assert.equal(other.leads, true);
  });

  test('a key that is not a string is refused, with how to fix it', () => {
    const { sharing } = new Origin().open();
    const share = (key: unknown): unknown =>
      shareAcrossTabs(new ScriptedAdapter(), { key: key as string, environment: sharing });
    assert.throws(() => share(7), /the key must be a string, got 7; give the user's id, as String\(id\)/);
    const adapter = share(() => undefined) as ScriptedAdapter;
    assert.throws(() => adapter.watch({ system: 'flows', signal: new AbortController().signal }), /got undefined/);
    assert.throws(() => shareAcrossTabs({} as ScriptedAdapter), /it has no watch|has no watch\(\)/);
  });
});

describe('messages on the channel', () => {
  test('that are not of this protocol are ignored, and never throw', async () => {
    const origin = new Origin();
    const { tabs, watches } = await openTabs(origin, 2);
    tabs[0]!.feed.snapshot([row('a', 'active')]);
    await origin.advance(10);
    const before = watches.map(({ changes }) => changes.length);
    const place = { term: Number.MAX_SAFE_INTEGER, leader: 'zz', seq: 1 };
    for (const garbage of [
      undefined,
      null,
      7,
      'want',
      [],
      {},
      { kind: 'want' },
      { kind: 'want', tab: 7, scope: 'all' },
      { kind: 'want', tab: 'x', scope: ['a'] },
      { kind: 'beat' },
      { kind: 'beat', place: { term: 'high', leader: 'zz', seq: 0 } },
      { kind: 'beat', place: { term: 1.5, leader: 'zz', seq: 0 } },
      { kind: 'change', place: { ...place, seq: -1 }, change: null },
      { kind: 'state', place, to: 'tab-2' },
      { kind: 'end', place, error: { code: 'constructor', message: '' } },
      { kind: '__proto__', place },
      new Map([['kind', 'probe']]),
    ])
      origin.shout(garbage);
    await origin.advance(10);
    assert.deepEqual(
      watches.map(({ changes }) => changes.length),
      before,
    );
    tabs[0]!.feed.upsert(row('a', 'error', 2));
    await origin.advance(10);
    for (const watch of watches) assert.deepEqual(watch.types.at(-1), 'upsert');
  });

  test('of a leader that has disappeared: another tab leads within five seconds, and no subscriber notices', async () => {
    const origin = new Origin();
    const { tabs, watches } = await openTabs(origin, 3);
    tabs[0]!.feed.snapshot([row('a', 'active', 1)], { cursor: 'c1' });
    await origin.advance(10);
    for (const watch of watches) watch.takeChanges();
    origin.shout({ kind: 'beat', place: { term: origin.env.now() + 86_400_000, leader: 'ghost', seq: 7 } });
    await origin.advance(5000);
    const leaders = tabs.filter(({ leads }) => leads);
    assert.equal(leaders.length, 1);
    assert.deepEqual(leaders[0]!.feed.request.since, { epoch: 'e1', cursor: 'c1' });
    leaders[0]!.feed.resumes([row('a', 'error', 2)], { cursor: 'c2' });
    await origin.advance(10);
    for (const watch of watches) assert.deepEqual([watch.end, watch.types], [undefined, ['upsert', 'heartbeat']]);
  });

  test('the names of channel and lock contain the version of the protocol', async () => {
    const origin = new Origin();
    await openTabs(origin, 1);
    const name = 'campaign-status-kit/share/1/["","flows"]';
    assert.deepEqual([...origin.locks.held.keys()], [name]);
    assert.deepEqual(
      [...origin.channels].map((channel) => channel.name),
      [name],
    );
  });
});

describe('without the browser features that it needs', () => {
  test('it returns the adapter itself', () => {
    const { sharing } = new Origin().open();
    const adapter = new ScriptedAdapter();
    assert.equal(shareAcrossTabs(adapter, { environment: { ...sharing, locks: undefined } }), adapter);
    assert.equal(shareAcrossTabs(adapter, { environment: { ...sharing, openChannel: undefined } }), adapter);
  });

  const refused = new DOMException('not here', 'SecurityError');
  for (const [what, broken] of [
    ['locks are refused', { locks: { request: () => Promise.reject(refused) } }],
    [
      'locks are refused at once',
      {
        locks: {
          request: () => {
            throw refused;
          },
        },
      },
    ],
    [
      'channels are refused',
      {
        openChannel: () => {
          throw refused;
        },
      },
    ],
  ] as const)
    test(`${what}: each tab has its own connection`, async () => {
      const origin = new Origin();
      const tabs = [origin.open(), origin.open()];
      const backends = tabs.map(() => new ScriptedAdapter());
      const watches = tabs.map(
        (tab, i) =>
          new TabWatch(shareAcrossTabs(tab.adapter(backends[i]!), { environment: { ...tab.sharing, ...broken } })),
      );
      await origin.advance(10);
      for (const backend of backends) backend.feed.snapshot([row('a', 'active')]);
      await origin.advance(60_000);
      for (const watch of watches) assert.deepEqual(watch.types, ['open', 'page', 'synced']);
      for (const watch of watches) watch.stop();
      await origin.advance(10);
      for (const backend of backends) assert.equal(backend.openFeeds, 0);
      assert.deepEqual(origin.held, nothing);
    });
});

test('a subscriber that throws does not affect the others', async () => {
  const origin = new Origin();
  const tab = openTab(origin);
  const good = tab.watch();
  const controller = new AbortController();
  const feed = tab.adapter.watch({ system: 'flows', signal: controller.signal });
  assert.ok('subscribe' in feed);
  const thrown: unknown[] = [];
  const listeners = process.listeners('uncaughtException');
  process.removeAllListeners('uncaughtException').on('uncaughtException', (error) => thrown.push(error));
  try {
    feed.subscribe({
      next: () => {
        throw new Error('from a reader');
      },
      error: () => {},
      complete: () => {},
    });
    await origin.advance(10);
    tab.feed.snapshot([row('a', 'active')]);
    await origin.advance(10);
  } finally {
    process.removeAllListeners('uncaughtException');
    for (const listener of listeners) process.on('uncaughtException', listener);
  }
  assert.deepEqual(good.types, ['open', 'page', 'synced']);
  assert.equal(thrown.length, 3);
});
