/** Tabs that share: each has a feed that conforms to the contract, and there is one connection. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import {
  ADAPTER_ERROR_CODES,
  AdapterError,
  type ActRequest,
  type ActResult,
  type CampaignRecord,
  type Change,
} from '../../../src/adapters/index.ts';
import { shareAcrossTabs } from '../../../src/adapters/share-across-tabs.ts';
import { row } from '../../support/scripted-adapter.ts';
import { openTab, openTabs, type SharingTab, type TabWatch } from '../../support/shared-watch.ts';
import { nothing, Origin } from '../../support/tabs.ts';
import { adapterError } from '../../support/store-fixture.ts';

/** The number of connections of all tabs. */
function connections(tabs: readonly SharingTab[]): number {
  return tabs.reduce((sum, { backend }) => sum + backend.openFeeds, 0);
}

function rowsOf(watch: TabWatch): CampaignRecord[] {
  return watch.changes.flatMap((change) => (change.type === 'page' ? change.items : []));
}

const opened: Change = { type: 'open', mode: 'snapshot', epoch: 'e1', heartbeatMs: 5000 };

describe('one feed for all', () => {
  test('tabs that start together receive the same messages over one connection', async () => {
    const origin = new Origin();
    const { tabs, watches } = await openTabs(origin, 3);
    const { feed } = tabs[0]!;
    feed.snapshot([row('a', 'active', 1)], { count: 1 });
    feed.upsert(row('a', 'error', 2, { message: 'x' }), row('b', 'inactive', 1));
    feed.remove('b', 2, 'deleted');
    feed.heartbeat({ cursor: 'c9', count: 1, serverTime: 5 });
    await origin.advance(10);
    assert.equal(connections(tabs), 1);
    assert.equal(tabs.flatMap(({ backend }) => backend.watches).length, 1);
    assert.deepEqual(watches[0]!.changes, [
      opened,
      { type: 'page', items: [row('a', 'active', 1)] },
      { type: 'synced', cursor: 'c1', count: 1 },
      { type: 'upsert', items: [row('a', 'error', 2, { message: 'x' }), row('b', 'inactive', 1)], cursor: 'c2' },
      { type: 'remove', items: [{ id: 'b', revision: 2, reason: 'deleted' }], cursor: 'c3' },
      { type: 'heartbeat', cursor: 'c9', count: 1, serverTime: 5 },
    ]);
    assert.deepEqual(watches[1]!.changes, watches[0]!.changes);
    assert.deepEqual(watches[2]!.changes, watches[0]!.changes);
  });

  test('each system has a connection of its own', async () => {
    const origin = new Origin();
    const [one, two] = [openTab(origin), openTab(origin)];
    one.watch({}, 'flows');
    two.watch({}, 'python');
    await origin.advance(10);
    assert.deepEqual(
      [one, two].map(({ backend }) => backend.watches.map(({ request }) => request.system)),
      [['flows'], ['python']],
    );
  });

  test('a tab that joins during a snapshot gets the rows so far, then the rest', async () => {
    const origin = new Origin();
    const { tabs } = await openTabs(origin, 1);
    const { feed } = tabs[0]!;
    feed.opens();
    feed.push({ type: 'page', items: [row('a', 'active')] });
    await origin.advance(10);
    const late = openTab(origin);
    const watch = late.watch();
    await origin.advance(10);
    assert.deepEqual(watch.types, ['open', 'page']);
    feed.push({ type: 'page', items: [row('b', 'active')] });
    feed.syncs();
    await origin.advance(10);
    assert.deepEqual(watch.types, ['open', 'page', 'page', 'synced']);
    assert.equal(connections([...tabs, late]), 1);
  });

  test('unknown messages are passed on to the subscribers', async () => {
    const origin = new Origin();
    const { tabs, watches } = await openTabs(origin, 2);
    const { feed } = tabs[0]!;
    feed.snapshot([]);
    const odd = [
      { type: 'surprise' },
      null,
      7,
      { type: 'upsert', items: 'none' },
      { type: 'remove' },
      { type: 'page' },
    ];
    feed.push(...odd);
    await origin.advance(10);
    for (const watch of watches) assert.deepEqual(watch.changes.slice(3), odd);
  });
});

describe('a tab that joins late', () => {
  test('gets a snapshot from the other tabs, without a request', async () => {
    const origin = new Origin();
    const { tabs } = await openTabs(origin, 1);
    const { feed } = tabs[0]!;
    feed.snapshot([row('a', 'active', 3), row('b', 'active', 1)], { count: 2, serverTime: 1_000_000 });
    feed.upsert(row('a', 'error', 4), row('c', 'inactive', 1));
    feed.upsert(row('a', 'active', 2)); // an old row, which arrives late
    feed.remove('b', 5);
    feed.upsert(row('b', 'active', 4)); // an old row, which arrives late
    await origin.advance(2000);
    const late = openTab(origin);
    const watch = late.watch();
    await origin.advance(10);
    assert.deepEqual(watch.changes, [
      { ...opened, serverTime: 1_002_000 },
      { type: 'page', items: [row('a', 'error', 4), row('c', 'inactive', 1)] },
      { type: 'synced', cursor: 'c5' },
    ]);
    feed.upsert(row('c', 'active', 2));
    await origin.advance(10);
    assert.deepEqual(watch.changes.at(-1), { type: 'upsert', items: [row('c', 'active', 2)], cursor: 'c6' });
    assert.equal(late.backend.watches.length, 0);
    assert.equal(tabs[0]!.backend.watches.length, 1);
  });

  test('with the current position resumes; with any other gets a snapshot', async () => {
    const origin = new Origin();
    const { tabs } = await openTabs(origin, 1);
    tabs[0]!.feed.snapshot([row('a', 'active')]);
    await origin.advance(10);
    const here = openTab(origin).watch({ since: { epoch: 'e1', cursor: 'c1' } });
    const before = openTab(origin).watch({ since: { epoch: 'e1', cursor: 'c0' } });
    const elsewhere = openTab(origin).watch({ since: { epoch: 'e0', cursor: 'c1' } });
    await origin.advance(10);
    assert.deepEqual(before.types, ['open', 'page', 'synced']);
    assert.deepEqual(elsewhere.types, ['open', 'page', 'synced']);
    // This tab has no rows, and those of the other tabs don't prove that it had them.
    assert.equal(here.changes[0]!.type === 'open' && here.changes[0]!.mode, 'snapshot');
    assert.equal(tabs[0]!.backend.watches.length, 1);
  });

  test('returns to the feed and resumes, if nothing happened meanwhile', async () => {
    const origin = new Origin();
    const { tabs, watches } = await openTabs(origin, 2);
    tabs[0]!.feed.snapshot([row('a', 'active')]);
    await origin.advance(10);
    watches[1]!.stop();
    await origin.advance(1000);
    const again = tabs[1]!.watch({ since: { epoch: 'e1', cursor: 'c1' } });
    await origin.advance(10);
    assert.deepEqual(again.changes, [
      { ...opened, mode: 'resume' },
      { type: 'synced', cursor: 'c1' },
    ]);
    again.stop();
    await origin.advance(10);
    tabs[0]!.feed.upsert(row('a', 'error', 2));
    const third = tabs[1]!.watch({ since: { epoch: 'e1', cursor: 'c1' } });
    await origin.advance(10);
    assert.deepEqual(third.types, ['open', 'page', 'synced']);
    assert.deepEqual(rowsOf(third), [row('a', 'error', 2)]);
  });

  test('learns that a snapshot was partial; of one that was never complete it gets nothing', async () => {
    const origin = new Origin();
    const { tabs } = await openTabs(origin, 1);
    const early = openTab(origin).watch();
    await origin.advance(10);
    assert.deepEqual(early.changes, []);
    tabs[0]!.feed.snapshot([row('a', 'active')], { partial: true });
    await origin.advance(10);
    const late = openTab(origin).watch();
    await origin.advance(10);
    assert.deepEqual(late.changes.at(-1), { type: 'synced', cursor: 'c1', partial: true });
    assert.deepEqual(early.changes.at(-1), { type: 'synced', cursor: 'c1', partial: true });
  });

  test('gets an unreadable row of a campaign, but no row of another system', async () => {
    const origin = new Origin();
    const { tabs } = await openTabs(origin, 1);
    const odd = { id: 'a', status: 7, revision: 'x' };
    tabs[0]!.feed.snapshot([row('a', 'active', 5), row('b', 'active', 1)]);
    tabs[0]!.feed.upsert(odd, row('b', 'error', 9, { system: 'python' }), null, { status: 'no id' });
    tabs[0]!.feed.upsert(row('a', 'active', 5)); // repeats the row from before the unreadable one
    await origin.advance(10);
    const late = openTab(origin).watch();
    await origin.advance(10);
    assert.deepEqual(rowsOf(late), [odd, row('b', 'active', 1)]);
  });
});

describe('ends', () => {
  for (const code of ADAPTER_ERROR_CODES)
    test(`AdapterError ${code} reaches every tab, with its Retry-After`, async () => {
      const origin = new Origin();
      const { tabs, watches } = await openTabs(origin, 3);
      tabs[0]!.feed.snapshot([]);
      tabs[0]!.feed.fail(adapterError(code, 7000));
      await origin.advance(10);
      for (const { end } of watches) {
        const { name, code: got, retryAfterMs } = end!.error as AdapterError;
        assert.deepEqual([name, got, retryAfterMs], ['AdapterError', code, 7000]);
      }
      assert.deepEqual(origin.held, nothing);
    });

  test('any other error counts as unavailable, with its message; a clean end is a clean end', async () => {
    for (const error of [new TypeError('fetch failed'), undefined]) {
      const origin = new Origin();
      const { tabs, watches } = await openTabs(origin, 2);
      tabs[0]!.feed.snapshot([]);
      if (error) tabs[0]!.feed.fail(error);
      else tabs[0]!.feed.end();
      await origin.advance(10);
      assert.equal(watches[0]!.end!.error, error);
      const other = watches[1]!.end!.error as AdapterError | undefined;
      assert.deepEqual([other?.code, other?.message], error ? ['unavailable', 'fetch failed'] : [undefined, undefined]);
    }
  });

  test('before the first answer: tabs that wait for the connection receive it too', async () => {
    const origin = new Origin();
    const { tabs, watches } = await openTabs(origin, 2);
    tabs[0]!.feed.fail(adapterError('throttled', 3000));
    await origin.advance(10);
    assert.equal((watches[1]!.end!.error as AdapterError).code, 'throttled');
    // The first tab to watch again has the connection, without a position to resume from.
    const again = tabs[1]!.watch();
    await origin.advance(10);
    tabs[1]!.feed.snapshot([row('a', 'active')]);
    await origin.advance(10);
    assert.deepEqual(again.types, ['open', 'page', 'synced']);
    assert.equal(connections(tabs), 1);
  });

  test('when the adapter throws synchronously, or does not start with open', async () => {
    const origin = new Origin();
    const tab = openTab(origin);
    tab.backend.watchThrows.push(adapterError('misconfigured'));
    const first = tab.watch();
    await origin.advance(10);
    assert.equal((first.end!.error as AdapterError).code, 'misconfigured');
    const second = tab.watch();
    await origin.advance(10);
    tab.feed.push({ type: 'upsert', items: [] });
    await origin.advance(10);
    assert.equal((second.end!.error as AdapterError).code, 'protocol');
    const third = tab.watch();
    await origin.advance(10);
    tab.feed.resumes();
    await origin.advance(10);
    assert.match((third.end!.error as AdapterError).message, /resumed without being asked/);
    const whole = tab.watch();
    await origin.advance(10);
    tab.feed.snapshot([], { cursor: 'c1' });
    await origin.advance(10);
    whole.stop();
    await origin.advance(10);
    const fourth = tab.watch({ since: { epoch: 'e1', cursor: 'c1' } });
    await origin.advance(10);
    tab.feed.resumes([], { epoch: 'e2' });
    await origin.advance(10);
    assert.match((fourth.end!.error as AdapterError).message, /resumed in another epoch/);
    assert.equal(tab.backend.openFeeds, 0);
  });

  test('with an empty or unreadable error: every tab receives it', async () => {
    for (const error of [new AdapterError('throttled', 'later', { retryAfterMs: NaN }), Object.create(null), 'boom']) {
      const origin = new Origin();
      const { tabs, watches } = await openTabs(origin, 3);
      tabs[0]!.feed.snapshot([]);
      tabs[0]!.feed.fail(error);
      await origin.advance(10);
      assert.equal(watches[0]!.end!.error, error);
      const { code, message, retryAfterMs } = watches[2]!.end!.error as AdapterError;
      const known = error instanceof AdapterError;
      assert.deepEqual([code, retryAfterMs], [known ? 'throttled' : 'unavailable', undefined]);
      assert.equal(message, known ? 'later' : error === 'boom' ? 'boom' : 'the feed failed');
      assert.equal(tabs.flatMap(({ backend }) => backend.watches).length, 1, 'nobody asks for himself');
    }
  });

  test('with an error when rows cannot be copied to other tabs', async () => {
    const origin = new Origin();
    const { tabs, watches } = await openTabs(origin, 2);
    tabs[0]!.feed.opens();
    tabs[0]!.feed.push({ type: 'page', items: [{ ...row('a', 'active'), act: () => {} }] });
    await origin.advance(10);
    for (const { end } of watches) {
      assert.equal((end!.error as AdapterError).code, 'protocol');
      assert.match((end!.error as AdapterError).message, /plain data/);
    }
  });
});

describe('the signal', () => {
  test('ends a watch: nothing is received after it', async () => {
    const origin = new Origin();
    const { tabs, watches } = await openTabs(origin, 2);
    tabs[0]!.feed.snapshot([row('a', 'active')]);
    await origin.advance(10);
    const before = watches.map(({ changes }) => changes.length);
    watches[1]!.stop();
    watches[0]!.stop();
    tabs[0]!.feed.upsert(row('a', 'error', 2));
    await origin.advance(10);
    assert.deepEqual(
      watches.map(({ changes }) => changes.length),
      before,
    );
    assert.deepEqual(
      watches.map(({ end }) => end),
      [undefined, undefined],
    );
  });

  test('aborted already: requests nothing', async () => {
    const origin = new Origin();
    const tab = openTab(origin);
    tab.watch().stop();
    let completed = 0;
    const subscribe = (signal: AbortSignal): { unsubscribe(): void } => {
      const feed = tab.adapter.watch({ system: 'flows', signal });
      assert.ok('subscribe' in feed);
      return feed.subscribe({ next: () => assert.fail(), error: () => assert.fail(), complete: () => completed++ });
    };
    subscribe(AbortSignal.abort());
    assert.equal(completed, 1);
    const controller = new AbortController();
    subscribe(controller.signal);
    const unsubscribed = subscribe(controller.signal);
    unsubscribed.unsubscribe();
    controller.abort();
    unsubscribed.unsubscribe();
    assert.equal(completed, 2, 'an observer that has unsubscribed is not notified');
    await origin.advance(10);
    assert.equal(tab.backend.watches.length, 0);
    assert.deepEqual(origin.held, nothing);
  });

  test('an abort or an end during a batch: the rest of the batch is dropped', async () => {
    const origin = new Origin();
    const { tabs } = await openTabs(origin, 1);
    tabs[0]!.feed.snapshot([row('a', 'active')]);
    await origin.advance(10);
    const received: string[] = [];
    const feed = tabs[0]!.adapter.watch({ system: 'flows', signal: new AbortController().signal });
    assert.ok('subscribe' in feed);
    const reading = feed.subscribe({
      next: ({ type }) => {
        received.push(type);
        reading.unsubscribe();
      },
      error: () => assert.fail(),
      complete: () => assert.fail(),
    });
    await origin.advance(10);
    assert.deepEqual(received, ['open']);
  });

  test('without a watch there is no connection, lock, channel or timer', async () => {
    const origin = new Origin();
    const { tabs, watches } = await openTabs(origin, 4);
    tabs[0]!.feed.snapshot([row('a', 'active')]);
    await origin.advance(3000);
    assert.deepEqual([origin.held.locks, origin.held.channels], [4, 4]);
    for (const watch of watches) watch.stop();
    await origin.advance(10);
    assert.equal(connections(tabs), 0);
    assert.deepEqual(origin.held, nothing);
  });
});

describe('some campaigns only', () => {
  test('each tab receives its own; changes of others only advance its cursor', async () => {
    const origin = new Origin();
    const one = openTab(origin);
    const all = one.watch();
    await origin.advance(10);
    const other = openTab(origin).watch({ ids: ['b'] });
    await origin.advance(10);
    one.feed.snapshot([row('a', 'active'), row('b', 'active')], { count: 2 });
    one.feed.upsert(row('a', 'error', 2));
    one.feed.upsert(row('a', 'active', 3), row('b', 'error', 2));
    one.feed.remove('a');
    await origin.advance(10);
    assert.equal(all.changes.length, 6);
    assert.deepEqual(other.changes, [
      opened,
      { type: 'page', items: [row('b', 'active')] },
      { type: 'synced', cursor: 'c1', partial: true },
      { type: 'heartbeat', cursor: 'c2' },
      { type: 'upsert', items: [row('b', 'error', 2)], cursor: 'c3' },
      { type: 'heartbeat', cursor: 'c4' },
    ]);
  });

  test('a tab that needs more gets it over one connection that has all; the others notice nothing', async () => {
    const origin = new Origin();
    const one = openTab(origin);
    const header = one.watch({ ids: ['a'] });
    await origin.advance(10);
    assert.deepEqual(one.feed.request.ids, ['a']);
    one.feed.snapshot([row('a', 'active', 1)], { partial: true });
    await origin.advance(10);
    header.takeChanges();
    const list = openTab(origin).watch();
    await origin.advance(10);
    assert.equal(one.backend.watches.length, 2);
    assert.equal(one.backend.openFeeds, 1);
    assert.equal(one.feed.request.ids, undefined);
    assert.equal(one.feed.request.since, undefined);
    one.feed.snapshot([row('a', 'error', 2), row('b', 'active', 1)], { cursor: 'c7', count: 2 });
    await origin.advance(10);
    assert.deepEqual(header.changes, [
      { type: 'upsert', items: [row('a', 'error', 2)] },
      { type: 'heartbeat', cursor: 'c7', count: 2 },
    ]);
    assert.deepEqual(list.types, ['open', 'page', 'synced']);
    assert.equal(rowsOf(list).length, 2);
  });

  test('a tab that joins before the first answer waits for it, and then gets the rest', async () => {
    const origin = new Origin();
    const one = openTab(origin);
    const header = one.watch({ ids: ['a'] });
    await origin.advance(10);
    const two = openTab(origin);
    const list = two.watch();
    await origin.advance(10);
    one.feed.snapshot([row('a', 'active')]);
    await origin.advance(10);
    one.feed.snapshot([row('a', 'active'), row('b', 'active')], { count: 2 });
    await origin.advance(10);
    assert.deepEqual(header.types, ['open', 'page', 'synced', 'heartbeat']);
    assert.deepEqual(list.types, ['open', 'page', 'synced']);
    assert.equal(rowsOf(list).length, 2);
    assert.equal(connections([one, two]), 1);
  });

  test('a subscriber of the same tab does too', async () => {
    const origin = new Origin();
    const tab = openTab(origin);
    tab.watch({ ids: ['a'] });
    await origin.advance(10);
    const list = tab.watch();
    await origin.advance(10);
    tab.feed.snapshot([row('a', 'active')], { partial: true });
    await origin.advance(10);
    assert.deepEqual(list.changes, []);
    tab.feed.snapshot([row('a', 'active'), row('b', 'active')]);
    await origin.advance(10);
    assert.equal(rowsOf(list).length, 2);
  });

  test('a tab that returns for fewer campaigns drops the rest, which it no longer receives', async () => {
    const origin = new Origin();
    const tab = openTab(origin);
    const first = tab.watch();
    await origin.advance(10);
    tab.feed.snapshot([row('a', 'active'), row('b', 'active')], { cursor: 'c1' });
    await origin.advance(10);
    first.stop();
    await origin.advance(10);
    tab.watch({ ids: ['a'], since: { epoch: 'e1', cursor: 'c1' } });
    await origin.advance(10);
    tab.feed.resumes([], { cursor: 'c2' });
    await origin.advance(10);
    const list = tab.watch();
    await origin.advance(10);
    assert.deepEqual(list.changes, []);
    assert.equal(tab.feed.request.since, undefined);
  });

  test('ids of several tabs are requested together; above twenty, all campaigns are', async () => {
    const origin = new Origin();
    const one = openTab(origin);
    const two = openTab(origin);
    one.watch({ ids: ['a', 'b'] });
    await origin.advance(10);
    one.feed.snapshot([]);
    await origin.advance(10);
    two.watch({ ids: ['b', 'c'] });
    await origin.advance(10);
    assert.deepEqual([...one.feed.request.ids!].sort(), ['a', 'b', 'c']);
    one.feed.snapshot([]);
    await origin.advance(10);
    two.watch({ ids: Array.from({ length: 20 }, (_, i) => `n${i}`) });
    await origin.advance(10);
    assert.equal(one.feed.request.ids, undefined);
    assert.equal(connections([one, two]), 1);
  });
});

describe('ids that are no longer needed', () => {
  test('of tabs that left are not part of the next request', async () => {
    const origin = new Origin();
    const header = openTab(origin);
    header.watch({ ids: ['a'] });
    await origin.advance(10);
    header.feed.snapshot([row('a', 'active')], { partial: true });
    for (let page = 0; page < 30; page++) {
      const watch = openTab(origin).watch({ ids: [`n${page}`] });
      await origin.advance(10);
      assert.deepEqual([...header.feed.request.ids!].sort(), ['a', `n${page}`]);
      header.feed.snapshot([row('a', 'active')], { partial: true });
      await origin.advance(10);
      watch.stop();
      await origin.advance(10);
    }
  });

  test('of a tab that left before the answer: it receives nothing, the others do', async () => {
    const origin = new Origin();
    const { tabs, watches } = await openTabs(origin, 3, { ids: ['a'] });
    watches[1]!.stop();
    await origin.advance(10);
    tabs[0]!.feed.snapshot([row('a', 'active')], { partial: true });
    await origin.advance(10);
    assert.deepEqual(watches[0]!.types, ['open', 'page', 'synced']);
    assert.deepEqual(watches[2]!.types, ['open', 'page', 'synced']);
  });

  test('of former leaders are not passed on by their successors', async () => {
    const origin = new Origin();
    let [present, next] = [openTab(origin), openTab(origin)];
    let [watch, other] = [present.watch({ ids: ['n0'] }), next.watch({ ids: ['n1'] })];
    await origin.advance(10);
    const most: number[] = [];
    for (let page = 2; page < 40; page++) {
      // Answer whichever connection is open, until none is requested any more.
      for (let turn = 0; turn < 3; turn++) {
        for (const { leads, feed } of [present, next].filter(({ leads }) => leads)) {
          most.push(feed.request.ids?.length ?? Infinity);
          if (leads)
            feed.snapshot(
              (feed.request.ids ?? []).map((id) => row(id, 'active')),
              { partial: true },
            );
        }
        await origin.advance(10);
      }
      // The leader switches to another campaign.
      watch.stop();
      await origin.advance(10);
      [present, next] = [next, openTab(origin)];
      [watch, other] = [other, next.watch({ ids: [`n${page}`] })];
      await origin.advance(10);
    }
    assert.ok(Math.max(...most) <= 4, `asked for ${most.join()} campaigns`);
  });
});

describe('some campaigns, then all', () => {
  test('a tab that was away while others read all at the same position does not have all', async () => {
    const origin = new Origin();
    const { tabs } = await openTabs(origin, 2, { ids: ['a'] });
    const [leader, other] = tabs as [SharingTab, SharingTab];
    leader.feed.snapshot([row('a', 'active')], { cursor: 'c1' });
    await origin.advance(10);
    other.tab.freezeByBrowser();
    await origin.advance(10);
    openTab(origin).watch();
    await origin.advance(10);
    leader.feed.snapshot([row('a', 'active'), row('b', 'active')], { cursor: 'c1', count: 2 });
    await origin.advance(10);
    other.tab.thaw();
    await origin.advance(10);
    const list = other.watch();
    await origin.advance(10);
    assert.deepEqual(list.types, ['open', 'page', 'synced']);
    assert.deepEqual(rowsOf(list), [row('a', 'active'), row('b', 'active')]);
    assert.equal(connections(tabs), 1);
  });
});

describe('what is not shared', () => {
  test('actions, reads, diagnoses, histories, logs and sign-ins go through each tab’s own adapter', async () => {
    const origin = new Origin();
    const tab = openTab(origin);
    const { backend } = tab;
    const adapter = shareAcrossTabs(backend, {
      environment: tab.tab.sharing,
    });
    const ref = { system: 'flows', id: 'a' };
    const { signal } = new AbortController();
    const expect = { status: 'active', revision: 1 };
    const acted = adapter.act({ ref, action: 'stop', signal, expect, idempotencyKey: 'k' });
    backend.acts[0]!.answer({ outcome: 'accepted' });
    assert.deepEqual(await acted, { outcome: 'accepted' });
    assert.equal(backend.acts[0]!.request.idempotencyKey, 'k');
    void adapter.get!(ref, signal);
    void adapter.diagnose!(ref, signal);
    void adapter.history!(ref, { limit: 5, before: 'p2' }, signal);
    adapter.log!(ref, signal);
    void adapter.reauthenticate!(signal);
    assert.deepEqual(
      [backend.gets, backend.diagnoses, backend.histories, backend.logs, backend.signIns].map(({ length }) => length),
      [1, 1, 1, 1, 1],
    );
    assert.deepEqual(backend.histories[0]!.request, { ref, limit: 5, before: 'p2' });
    assert.equal(adapter.idempotent, true);
    assert.deepEqual(origin.held, nothing);
  });

  test('has only the members of the adapter', () => {
    const origin = new Origin();
    const { backend, adapter } = openTab(origin);
    assert.ok(backend.get);
    // The adapter between them has only watch, act and idempotent.
    assert.deepEqual(
      [adapter.get, adapter.diagnose, adapter.history, adapter.actMany, adapter.log, adapter.reauthenticate],
      [undefined, undefined, undefined, undefined, undefined, undefined],
    );
  });

  test('an action on several campaigns goes through each tab’s own adapter in one call', async () => {
    const { tab, backend } = openTab(new Origin());
    const calls: (readonly ActRequest[])[] = [];
    const many = Object.assign(backend, {
      actMany: async (requests: readonly ActRequest[]): Promise<ActResult<unknown>[]> => {
        calls.push(requests);
        return requests.map(() => ({ outcome: 'accepted' }));
      },
    });
    const adapter = shareAcrossTabs(many, { environment: tab.sharing });
    const { signal } = new AbortController();
    const requests = ['a', 'b'].map((id) => ({
      ref: { system: 'flows', id },
      action: 'stop',
      expect: { status: 'active', revision: 1 },
      idempotencyKey: id,
      signal,
    }));
    assert.deepEqual(await adapter.actMany!(requests), [{ outcome: 'accepted' }, { outcome: 'accepted' }]);
    assert.deepEqual(calls, [requests]);
  });
});
