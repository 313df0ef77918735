/**
 * The leading tab is closed, crashes, freezes or sleeps: another one takes over, and no tab receives a mix of two
 * feeds.
 */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { AdapterError, CampaignRecord, Position } from '../../../src/adapters/index.ts';
import { row } from '../../support/scripted-adapter.ts';
import { openTab, openTabs, type SharingTab, type TabWatch } from '../../support/shared-watch.ts';
import { nothing, Origin } from '../../support/tabs.ts';

/** After this time of silence another tab takes over. */
const REPLACED_MS = 5000;
const MINUTE_MS = 60_000;

function leaders(tabs: readonly SharingTab[]): SharingTab[] {
  return tabs.filter(({ leads }) => leads);
}

function assertLeads(tabs: readonly SharingTab[], ...expected: readonly (SharingTab | undefined)[]): void {
  const names = (some: readonly (SharingTab | undefined)[]): unknown[] => some.map((one) => one?.tab.name);
  assert.deepEqual(names(leaders(tabs)), names(expected));
}

// A backend never uses one cursor for two positions, on any connection.
let cursors = 100;
const nextCursor = (): string => `c${++cursors}`;
const lastPosition = (): Position => ({ epoch: 'e1', cursor: `c${cursors}` });

/** The backend changes rows. */
function changes(tab: SharingTab, ...rows: readonly CampaignRecord[]): void {
  tab.feed.push({ type: 'upsert', items: rows, cursor: nextCursor() });
}

/** A connection resumes from the position of the previous one. */
function resumes(tab: SharingTab, ...rows: readonly CampaignRecord[]): void {
  tab.feed.opens({}, 'resume');
  if (rows.length) changes(tab, ...rows);
  tab.feed.syncs({ cursor: nextCursor() });
}

function revisions(watch: TabWatch): number[] {
  return watch.changes.flatMap((change) =>
    change.type === 'upsert' || change.type === 'page'
      ? (change.items as CampaignRecord[]).map(({ revision }) => revision)
      : [],
  );
}

/** Three tabs; the first one leads a live feed with one row. */
async function three(): Promise<{ origin: Origin; tabs: SharingTab[]; watches: TabWatch[] }> {
  const origin = new Origin();
  const { tabs, watches } = await openTabs(origin, 3);
  tabs[0]!.feed.snapshot([row('a', 'active', 1)]);
  await origin.advance(10);
  for (const watch of watches) watch.takeChanges();
  return { origin, tabs, watches };
}

describe('the leader is closed', () => {
  for (const how of ['stops watching', 'is closed or crashes'] as const)
    test(`${how}: the next tab resumes from the leader’s position, and the others notice no break`, async () => {
      const { origin, tabs, watches } = await three();
      changes(tabs[0]!, row('a', 'error', 2));
      await origin.advance(10);
      if (how === 'stops watching') watches[0]!.stop();
      else tabs[0]!.tab.crash();
      await origin.advance(10);
      assertLeads(tabs, tabs[1]);
      assert.deepEqual(tabs[1]!.feed.request.since, lastPosition());
      resumes(tabs[1]!, row('a', 'active', 3));
      changes(tabs[1]!, row('a', 'error', 4));
      await origin.advance(10);
      for (const watch of watches.slice(1)) {
        assert.equal(watch.end, undefined);
        assert.deepEqual(watch.types, ['upsert', 'upsert', 'heartbeat', 'upsert']);
        assert.deepEqual(revisions(watch), [2, 3, 4]);
      }
      assert.equal(tabs[2]!.backend.watches.length, 0);
    });

  test('one tab after the other, until none is left', async () => {
    const { origin, tabs, watches } = await three();
    for (const [i, tab] of tabs.entries()) {
      assertLeads(tabs, tab);
      tab.tab.crash();
      await origin.advance(10);
      if (tabs[i + 1]) resumes(tabs[i + 1]!);
      await origin.advance(10);
    }
    assert.equal(watches[2]!.end, undefined);
    assert.deepEqual(origin.held, nothing);
  });

  test('before its snapshot is complete: tabs with a part of it take a new snapshot', async () => {
    const origin = new Origin();
    const { tabs, watches } = await openTabs(origin, 3);
    tabs[0]!.feed.opens();
    tabs[0]!.feed.push({ type: 'page', items: [row('gone', 'active', 1)] });
    await origin.advance(10);
    tabs[0]!.tab.crash();
    await origin.advance(10);
    assert.equal((watches[1]!.end!.error as AdapterError).code, 'unavailable');
    assert.equal((watches[2]!.end!.error as AdapterError).code, 'unavailable');
    const again = tabs[2]!.watch();
    await origin.advance(10);
    assert.equal(leaders(tabs).length, 1);
    leaders(tabs)[0]!.feed.snapshot([row('a', 'active', 1)]);
    await origin.advance(10);
    assert.deepEqual(again.changes[1], { type: 'page', items: [row('a', 'active', 1)] });
  });

  test('during a catch-up: the next leader completes it', async () => {
    const { origin, tabs, watches } = await three();
    watches[0]!.stop();
    await origin.advance(10);
    tabs[1]!.feed.opens({}, 'resume');
    changes(tabs[1]!, row('a', 'error', 2));
    await origin.advance(10);
    tabs[1]!.tab.crash();
    await origin.advance(10);
    assert.deepEqual(tabs[2]!.feed.request.since, lastPosition());
    resumes(tabs[2]!, row('a', 'active', 3));
    await origin.advance(10);
    assert.deepEqual(revisions(watches[2]!), [2, 3]);
    assert.equal(watches[2]!.end, undefined);
  });

  test('the backend does not resume: changed rows are emitted, and a missing one takes a snapshot', async () => {
    const { origin, tabs, watches } = await three();
    watches[0]!.stop();
    await origin.advance(10);
    tabs[1]!.feed.snapshot([row('a', 'error', 5), row('b', 'active', 1)], { cursor: 'c7' });
    await origin.advance(10);
    assert.deepEqual(watches[1]!.changes, [
      { type: 'upsert', items: [row('a', 'error', 5), row('b', 'active', 1)] },
      { type: 'heartbeat', cursor: 'c7' },
    ]);
    assert.deepEqual(watches[2]!.changes, watches[1]!.changes);

    watches[1]!.stop();
    await origin.advance(10);
    tabs[2]!.feed.snapshot([row('b', 'active', 1)], { cursor: 'c8' });
    await origin.advance(10);
    assert.equal((watches[2]!.end!.error as AdapterError).code, 'expired');
  });

  test('the backend has a new epoch: every tab takes its snapshot, which is read once', async () => {
    const { origin, tabs, watches } = await three();
    watches[0]!.stop();
    await origin.advance(10);
    tabs[1]!.feed.snapshot([row('a', 'inactive', 1)], { epoch: 'e2', cursor: nextCursor() });
    await origin.advance(10);
    for (const { end } of watches.slice(1)) assert.equal((end!.error as AdapterError).code, 'expired');
    // The second tab's next watch finds no leader.
    const again = [tabs[1]!.watch(), tabs[2]!.watch()];
    await origin.advance(10);
    leaders(tabs)[0]!.feed.snapshot([row('a', 'inactive', 1)], { epoch: 'e2', cursor: nextCursor() });
    await origin.advance(10);
    for (const watch of again) assert.deepEqual(watch.types, ['open', 'page', 'synced']);
    assert.equal(leaders(tabs).length, 1);
  });

  for (const how of ['resumes', 'snapshot'] as const)
    test(`the new leader promises another heartbeat (${how}): tabs that were promised the old one start over`, async () => {
      const { origin, tabs, watches } = await three();
      watches[0]!.stop();
      await origin.advance(10);
      tabs[1]!.feed[how]([row('a', 'active', 1)], { heartbeatMs: 60_000, cursor: nextCursor() });
      await origin.advance(10);
      assert.equal((watches[1]!.end!.error as AdapterError).code, 'expired');
      assert.equal((watches[2]!.end!.error as AdapterError).code, 'expired');
    });

  test('a tab that is ahead of the new leader continues; one that is behind receives what it missed', async () => {
    const { origin, tabs, watches } = await three();
    // The second tab is slow: it will lead while it knows less than the third one.
    tabs[1]!.tab.freeze();
    tabs[1]!.tab.losesWhileFrozen = true;
    changes(tabs[0]!, row('a', 'error', 2));
    await origin.advance(10);
    tabs[1]!.tab.thaw();
    tabs[0]!.tab.crash();
    await origin.advance(10);
    assert.deepEqual(tabs[1]!.feed.request.since, { epoch: 'e1', cursor: 'c1' });
    resumes(tabs[1]!, row('a', 'error', 2));
    changes(tabs[1]!, row('a', 'active', 3));
    await origin.advance(10);
    assert.deepEqual(revisions(watches[1]!), [2, 3]);
    assert.deepEqual(revisions(watches[2]!), [2, 2, 3]);

    tabs[2]!.tab.freeze();
    tabs[2]!.tab.losesWhileFrozen = true;
    changes(tabs[1]!, row('b', 'active', 1));
    await origin.advance(10);
    tabs[2]!.tab.thaw();
    changes(tabs[1]!, row('c', 'active', 1));
    await origin.advance(10);
    assert.deepEqual(
      watches[2]!.changes.slice(-2).map((change) => change.type === 'upsert' && change.items),
      [[row('b', 'active', 1), row('c', 'active', 1)], false],
    );
    assert.equal(watches[2]!.end, undefined);
  });
});

describe('the new leader', () => {
  test('watches what the others need, although it needs less itself', async () => {
    const origin = new Origin();
    const { tabs, watches } = await openTabs(origin, 1);
    const header = openTab(origin);
    const ofHeader = header.watch({ ids: ['a'] });
    await origin.advance(10);
    const other = openTab(origin);
    const list = other.watch();
    await origin.advance(10);
    tabs[0]!.feed.snapshot([row('a', 'active', 1), row('b', 'active', 1)], { cursor: nextCursor() });
    await origin.advance(10);
    watches[0]!.stop();
    await origin.advance(10);
    assertLeads([header, other], header);
    assert.deepEqual(header.feed.request.since, lastPosition());
    assert.equal(header.feed.request.ids, undefined);
    resumes(header, row('b', 'error', 2));
    await origin.advance(10);
    assert.deepEqual(revisions(list), [1, 1, 2]);
    assert.deepEqual(revisions(ofHeader), [1]);
    assert.equal(list.end, undefined);
  });

  test('resumes from a later position than a tab has: that tab receives what it missed', async () => {
    const { origin, tabs, watches } = await three();
    tabs[2]!.tab.freeze();
    tabs[2]!.tab.losesWhileFrozen = true;
    changes(tabs[0]!, row('a', 'error', 2));
    await origin.advance(5);
    tabs[0]!.tab.crash();
    tabs[2]!.tab.thaw();
    await origin.advance(10);
    assertLeads(tabs, tabs[1]);
    resumes(tabs[1]!, row('b', 'active', 1));
    await origin.advance(10);
    assert.deepEqual(revisions(watches[1]!), [2, 1]);
    assert.deepEqual(revisions(watches[2]!), [2, 1]);
    assert.equal(watches[2]!.end, undefined);
  });

  test('learns what the others need, and drops none of it when one needs more', async () => {
    const origin = new Origin();
    const tabs = [openTab(origin), openTab(origin), openTab(origin)] as const;
    const watches = [tabs[0].watch({ ids: ['a'] })];
    await origin.advance(10);
    watches.push(tabs[1].watch({ ids: ['b'] }), tabs[2].watch({ ids: ['c'] }));
    await origin.advance(10);
    const rows = ['a', 'b', 'c', 'd'].map((id) => row(id, 'active', 1));
    for (let turn = 0; turn < 2; turn++) {
      tabs[0].feed.snapshot(rows, { cursor: nextCursor(), partial: true });
      await origin.advance(10);
    }
    tabs[0].tab.crash();
    await origin.advance(10);
    assertLeads(tabs, tabs[1]);
    resumes(tabs[1]);
    await origin.advance(10);
    tabs[1].watch({ ids: ['d'] });
    await origin.advance(10);
    assert.deepEqual([...tabs[1].feed.request.ids!].sort(), ['b', 'c', 'd']);
    tabs[1].feed.snapshot(rows.slice(1), { cursor: nextCursor(), partial: true });
    await origin.advance(10);
    assert.deepEqual([watches[1]!.end, watches[2]!.end], [undefined, undefined]);
  });

  test('needs more than the tabs had: it does not resume', async () => {
    const origin = new Origin();
    const { tabs, watches } = await openTabs(origin, 2, { ids: ['a'] });
    const [first, second] = tabs as [SharingTab, SharingTab];
    first.feed.snapshot([row('a', 'active', 1)], { cursor: nextCursor() });
    await origin.advance(10);
    const list = second.watch();
    await origin.advance(10);
    // The leader crashes while the list's snapshot is on its way.
    first.tab.crash();
    await origin.advance(10);
    assertLeads(tabs, second);
    assert.deepEqual([second.feed.request.ids, second.feed.request.since], [undefined, undefined]);
    second.feed.snapshot([row('a', 'active', 1), row('b', 'active', 1)], { cursor: nextCursor() });
    await origin.advance(10);
    assert.deepEqual(revisions(list), [1, 1]);
    assert.equal(watches[1]!.end, undefined);
  });

  for (const [what, scope] of [
    ['all', {}],
    ['less than they', { ids: ['a'] }],
  ] as const)
    test(`had received nothing, and needs ${what}: it tells the others the position of the feed`, async () => {
      const { origin, tabs, watches } = await three();
      for (const { tab } of tabs) tab.freeze();
      await origin.advance(1000);
      const fresh = openTab(origin);
      const watch = fresh.watch(scope);
      await origin.advance(REPLACED_MS);
      assertLeads([fresh], fresh);
      fresh.feed.snapshot([row('a', 'error', 2)], { cursor: nextCursor() });
      await origin.advance(10);
      for (const { tab } of tabs) tab.thaw();
      await origin.advance(100);
      assert.equal(fresh.feed.request.ids, undefined);
      if (fresh.backend.watches.length > 1) fresh.feed.snapshot([row('a', 'error', 2)], { cursor: nextCursor() });
      changes(fresh, row('a', 'active', 3));
      await origin.advance(10);
      assertLeads([...tabs, fresh], fresh);
      for (const one of [watch, ...watches]) assert.deepEqual([one.end, revisions(one)], [undefined, [2, 3]]);
    });

  test('began after the clock was set back: a returning tab does not treat it as an old leader', async () => {
    const { origin, tabs, watches } = await three();
    for (const watch of watches) watch.stop();
    await origin.advance(10);
    origin.env.shiftWallClock(-3_600_000);
    const fresh = openTab(origin);
    fresh.watch();
    await origin.advance(10);
    fresh.feed.snapshot([row('a', 'error', 2)], { cursor: nextCursor() });
    await origin.advance(10);
    const again = tabs[1]!.watch();
    await origin.advance(10);
    assert.deepEqual(revisions(again), [2]);
    assertLeads([fresh, ...tabs], fresh);
  });

  test('got the lock before it knew of any leader: it is followed all the same', async () => {
    const origin = new Origin();
    const { tabs, watches } = await openTabs(origin, 2);
    const [first, second] = tabs as [SharingTab, SharingTab];
    first.feed.snapshot([row('a', 'active', 1)], { cursor: nextCursor() });
    await origin.advance(10);
    first.tab.freeze();
    await origin.advance(REPLACED_MS);
    assertLeads([second], second);
    resumes(second);
    // The third tab waits for the lock before the first one wakes, and receives nothing.
    const third = openTab(origin);
    const watch = third.watch();
    await origin.advance(0);
    third.tab.losesWhileFrozen = true;
    third.tab.freeze();
    first.tab.thaw();
    await origin.advance(10);
    second.tab.crash();
    third.tab.thaw();
    await origin.advance(10);
    assertLeads(tabs.concat(third), third);
    third.feed.snapshot([row('a', 'error', 2)], { cursor: nextCursor() });
    await origin.advance(2 * REPLACED_MS);
    assertLeads(tabs.concat(third), third);
    assert.deepEqual(revisions(watch), [2]);
    assert.deepEqual([watches[0]!.end, revisions(watches[0]!).at(-1)], [undefined, 2]);
  });
});

describe('the leader is frozen', () => {
  test('another tab takes over within five seconds; the frozen one follows when it wakes, without a break or a false row', async () => {
    const { origin, tabs, watches } = await three();
    tabs[0]!.tab.freeze();
    // This is in the tab's network stack, and the tab receives it only when it wakes.
    changes(tabs[0]!, row('a', 'inactive', 2));
    await origin.advance(REPLACED_MS);
    assert.deepEqual(leaders(tabs.slice(1)).length, 1);
    const [next] = leaders(tabs.slice(1));
    assert.deepEqual(next!.feed.request.since, { epoch: 'e1', cursor: 'c1' });
    resumes(next!, row('a', 'error', 3));
    await origin.advance(10);
    assert.equal(tabs[0]!.leads, true, 'a frozen page can’t close its connection');

    tabs[0]!.tab.thaw();
    changes(next!, row('a', 'active', 4));
    await origin.advance(100);
    assertLeads(tabs, next);
    for (const watch of watches) {
      assert.equal(watch.end, undefined);
      const seen = revisions(watch);
      assert.deepEqual(seen, [...seen].sort(), 'never back');
      assert.equal(seen.at(-1), 4);
    }
    // The first tab waits for the lock again.
    next!.tab.crash();
    tabs.find((tab) => tab !== next && tab !== tabs[0])!.tab.crash();
    await origin.advance(10);
    assertLeads(tabs, tabs[0]);
  });

  test('messages of a replaced leader are ignored, in whatever order it learns of its replacement', async () => {
    for (const losesWhileFrozen of [false, true]) {
      const { origin, tabs, watches } = await three();
      tabs[0]!.tab.freeze();
      tabs[0]!.tab.losesWhileFrozen = losesWhileFrozen;
      await origin.advance(REPLACED_MS);
      const [next] = leaders(tabs.slice(1));
      resumes(next!, row('a', 'active', 10));
      await origin.advance(10);
      // The change on its old connection arrives first.
      tabs[0]!.tab.thaw();
      changes(tabs[0]!, row('a', 'error', 9));
      await origin.advance(100);
      assertLeads(tabs, next);
      assert.deepEqual(revisions(watches[1]!), [10]);
      assert.deepEqual(revisions(watches[2]!), [10]);
      assert.equal(revisions(watches[0]!).at(-1), 10);
      for (const { end } of watches) assert.equal(end, undefined);
    }
  });

  test('during a catch-up, and its successor takes a snapshot: the catch-up is not complete with that', async () => {
    const origin = new Origin();
    const { tabs, watches } = await openTabs(origin, 1);
    const [first] = tabs as [SharingTab];
    first.feed.snapshot([row('a', 'active', 1)], { cursor: 'c1' });
    await origin.advance(10);
    watches[0]!.stop();
    await origin.advance(10);
    const again = first.watch({ since: { epoch: 'e1', cursor: 'c1' } });
    await origin.advance(10);
    first.feed.opens({}, 'resume');
    await origin.advance(10);
    first.tab.freeze();
    const second = openTab(origin);
    second.watch();
    await origin.advance(REPLACED_MS);
    assertLeads([second], second);
    // The removed row is not in the snapshot.
    second.feed.snapshot([row('b', 'active', 1)], { cursor: nextCursor() });
    await origin.advance(10);
    first.tab.thaw();
    await origin.advance(100);
    assert.deepEqual(again.types, ['open']);
    assert.equal((again.end!.error as AdapterError).code, 'unavailable');
  });

  test('no other tab waits: a single tab continues when it wakes', async () => {
    const origin = new Origin();
    const { tabs, watches } = await openTabs(origin, 1);
    tabs[0]!.feed.snapshot([row('a', 'active')]);
    await origin.advance(10);
    tabs[0]!.tab.freeze();
    await origin.advance(60_000);
    tabs[0]!.tab.thaw();
    changes(tabs[0]!, row('a', 'error', 2));
    await origin.advance(10);
    assert.deepEqual(revisions(watches[0]!), [1, 2]);
    assert.equal(tabs[0]!.backend.watches.length, 1);
  });

  test('a frozen tab gets the lock: it is skipped', async () => {
    const { origin, tabs, watches } = await three();
    tabs[1]!.tab.freeze();
    tabs[0]!.tab.crash();
    await origin.advance(REPLACED_MS + 10);
    assertLeads(tabs, tabs[2]);
    resumes(tabs[2]!, row('a', 'error', 2));
    await origin.advance(10);
    tabs[1]!.tab.thaw();
    await origin.advance(100);
    changes(tabs[2]!, row('a', 'active', 3));
    await origin.advance(10);
    assertLeads(tabs, tabs[2]);
    assert.equal(tabs[1]!.backend.watches.length <= 1, true);
    assert.deepEqual(revisions(watches[1]!).at(-1), 3);
    assert.equal(watches[1]!.end, undefined);
  });

  test('and the clock was set back: its successor is followed all the same', async () => {
    const { origin, tabs, watches } = await three();
    origin.env.shiftWallClock(-3_600_000);
    tabs[0]!.tab.freeze();
    await origin.advance(REPLACED_MS);
    const [next] = leaders(tabs.slice(1));
    resumes(next!, row('a', 'error', 2));
    await origin.advance(10);
    for (const watch of watches.slice(1)) assert.deepEqual([watch.end, revisions(watch)], [undefined, [2]]);
    tabs[0]!.tab.thaw();
    await origin.advance(2 * REPLACED_MS);
    assertLeads(tabs, next);
    assert.deepEqual(revisions(watches[0]!), [2]);
  });

  test('several tabs detect it at the same moment: in the end one leads', async () => {
    const origin = new Origin();
    const { tabs, watches } = await openTabs(origin, 8);
    tabs[0]!.feed.snapshot([row('a', 'active', 1)]);
    await origin.advance(10);
    tabs[0]!.tab.freeze();
    await origin.advance(REPLACED_MS + 1000);
    assert.equal(leaders(tabs.slice(1)).length, 1);
    const [next] = leaders(tabs.slice(1));
    resumes(next!, row('a', 'error', 2));
    next!.feed.heartbeat();
    tabs[0]!.tab.thaw();
    await origin.advance(1000);
    assertLeads(tabs, next);
    for (const watch of watches) {
      assert.equal(watch.end, undefined);
      assert.equal(revisions(watch).at(-1), 2);
    }
  });

  test('tabs that freeze repeatedly are replaced less and less often', async () => {
    const origin = new Origin();
    const { tabs } = await openTabs(origin, 2);
    const [one, two] = tabs as [SharingTab, SharingTab];
    one.feed.snapshot([], { heartbeatMs: MINUTE_MS });
    await origin.advance(10);
    const after: number[] = [];
    for (let turn = 0; turn < 6; turn++) {
      const [slow, other] = turn % 2 ? [two, one] : [one, two];
      slow.tab.freeze();
      const from = origin.env.monotonic();
      while (!other.leads && origin.env.monotonic() - from < MINUTE_MS) await origin.advance(100);
      after.push(origin.env.monotonic() - from);
      other.feed.resumes([], { heartbeatMs: MINUTE_MS, cursor: nextCursor() });
      slow.tab.thaw();
      await origin.advance(100);
      assertLeads(tabs, other);
    }
    const [first, , third, , fifth] = after as [number, number, number, number, number];
    assert.ok(first <= REPLACED_MS && third > first && fifth > third + 2000, after.join());
    // A leader that answers a probe stays the leader.
    const [leader] = leaders(tabs);
    await origin.advance(10 * MINUTE_MS);
    assertLeads(tabs, leader);
  });

  test('a new tab detects it as fast as the others', async () => {
    const origin = new Origin();
    const { tabs } = await openTabs(origin, 1);
    tabs[0]!.feed.snapshot([row('a', 'active', 1)]);
    await origin.advance(10);
    tabs[0]!.tab.freeze();
    await origin.advance(60_000);
    const fresh = openTab(origin);
    const watch = fresh.watch();
    await origin.advance(REPLACED_MS);
    assert.equal(fresh.leads, true);
    assert.equal(fresh.feed.request.since, undefined);
    fresh.feed.snapshot([row('a', 'active', 2)], { cursor: nextCursor() });
    await origin.advance(10);
    assert.deepEqual(watch.types, ['open', 'page', 'synced']);
  });
});

describe('the browser freezes the leader, and still delivers messages', () => {
  test('it releases the lock first: the next tab leads at once; when it wakes it receives what it missed', async () => {
    const { origin, tabs, watches } = await three();
    tabs[0]!.tab.freezeByBrowser();
    await origin.advance(10);
    assertLeads(tabs, tabs[1]);
    resumes(tabs[1]!, row('a', 'error', 2));
    await origin.advance(10);
    assert.deepEqual(revisions(watches[2]!), [2]);
    // If another tab had probed it, it would have answered.
    await origin.advance(60_000);
    assertLeads(tabs, tabs[1]);
    assert.deepEqual(watches[0]!.changes, []);
    tabs[1]!.feed.heartbeat();
    tabs[0]!.tab.thaw();
    await origin.advance(10);
    assert.deepEqual(revisions(watches[0]!), [2]);
    changes(tabs[1]!, row('a', 'active', 3));
    await origin.advance(10);
    assert.equal(tabs[1]!.backend.watches.length, 1);
    for (const watch of watches) {
      assert.equal(watch.end, undefined);
      assert.deepEqual(revisions(watch), [2, 3]);
    }
  });

  test('all tabs are frozen: none has a connection; the first one to wake resumes', async () => {
    const { origin, tabs, watches } = await three();
    for (const { tab } of tabs) tab.freezeByBrowser();
    await origin.advance(60_000);
    assertLeads(tabs);
    assert.deepEqual([origin.held.locks, origin.held.channels, origin.held.timers], [0, 0, 0]);
    tabs[2]!.tab.thaw();
    await origin.advance(10);
    assertLeads(tabs, tabs[2]);
    assert.deepEqual(tabs[2]!.feed.request.since, { epoch: 'e1', cursor: 'c1' });
    resumes(tabs[2]!, row('a', 'error', 2));
    await origin.advance(10);
    assert.deepEqual(revisions(watches[2]!), [2]);
    assert.equal(watches[2]!.end, undefined);
  });

  test('during a snapshot, and its subscriber asks again at once: it waits until the page wakes', async () => {
    const origin = new Origin();
    const tab = openTab(origin);
    const watch = (): void => {
      const feed = tab.adapter.watch({ system: 'flows', signal: new AbortController().signal });
      assert.ok('subscribe' in feed);
      feed.subscribe({ next: () => {}, error: watch, complete: watch });
    };
    watch();
    await origin.advance(10);
    tab.feed.opens();
    await origin.advance(10);
    tab.tab.freezeByBrowser();
    await origin.advance(60_000);
    assert.deepEqual([origin.held.locks, origin.held.channels, origin.held.timers], [0, 0, 0]);
    tab.tab.thaw();
    await origin.advance(10);
    assert.equal(tab.leads, true);
  });

  test('and it is aborted meanwhile: it keeps nothing', async () => {
    const { origin, tabs, watches } = await three();
    tabs[0]!.tab.freezeByBrowser();
    await origin.advance(10);
    for (const watch of watches) watch.stop();
    await origin.advance(10);
    assert.deepEqual(origin.held, nothing);
  });
});

describe('the leader is hidden, and its timers run once a minute', () => {
  test('no tab replaces it in an hour, with or without heartbeats', async () => {
    for (const heartbeatMs of [3000, undefined]) {
      const origin = new Origin();
      const { tabs, watches } = await openTabs(origin, 4);
      tabs[0]!.tab.slowestTimers = 60_000;
      tabs[1]!.tab.slowestTimers = 60_000;
      tabs[0]!.feed.push({ type: 'open', mode: 'snapshot', ...(heartbeatMs ? { heartbeatMs } : {}) });
      tabs[0]!.feed.syncs();
      for (let minute = 0; minute < 60; minute++)
        for (let seconds = 0; seconds < 60; seconds += 3) {
          if (heartbeatMs) tabs[0]!.feed.heartbeat();
          await origin.advance(3000);
        }
      assertLeads(tabs, tabs[0]);
      assert.equal(tabs.flatMap(({ backend }) => backend.watches).length, 1);
      if (heartbeatMs) for (const watch of watches) assert.equal(watch.changes.length, 2 + 20 * 60);
      const questions = origin.messages.filter(({ message }) => (message as { kind: string }).kind === 'probe').length;
      assert.ok(questions < 60 * 60, `${questions} questions in an hour`);
    }
  });

  test('when frozen, visible tabs replace it as usual; hidden ones when their timers run', async () => {
    const { origin, tabs, watches } = await three();
    tabs[1]!.tab.slowestTimers = 60_000;
    tabs[2]!.tab.slowestTimers = 60_000;
    await origin.advance(REPLACED_MS); // Timers that were set before run now.
    tabs[0]!.tab.freeze();
    await origin.advance(4 * 60_000);
    assert.equal(leaders(tabs.slice(1)).length, 1);
    assert.equal(watches[1]!.end, undefined);
  });
});

describe('a follower is frozen', () => {
  test('it resumes from its position when it wakes', async () => {
    const { origin, tabs, watches } = await three();
    tabs[2]!.tab.freeze();
    changes(tabs[0]!, row('a', 'error', 2));
    await origin.advance(60_000);
    changes(tabs[0]!, row('a', 'active', 3));
    tabs[2]!.tab.thaw();
    await origin.advance(100);
    assertLeads(tabs, tabs[0]);
    assert.equal(tabs[0]!.backend.watches.length, 1);
    assert.deepEqual(revisions(watches[2]!), [2, 3]);
  });

  test('the browser dropped its messages: it receives what it missed, at the latest when it asks for the leader', async () => {
    const { origin, tabs, watches } = await three();
    tabs[2]!.tab.freeze();
    tabs[2]!.tab.losesWhileFrozen = true;
    changes(tabs[0]!, row('a', 'error', 2));
    tabs[0]!.feed.remove('b');
    await origin.advance(1000);
    tabs[2]!.tab.thaw();
    await origin.advance(REPLACED_MS);
    assert.deepEqual(revisions(watches[2]!), [2]);
    assert.equal(watches[2]!.end, undefined);
    assertLeads(tabs, tabs[0]);
    assert.equal(tabs[0]!.backend.watches.length, 1);
  });
});
