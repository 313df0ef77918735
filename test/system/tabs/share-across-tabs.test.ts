/** Eight real tabs of one origin, over HTTP/1.1. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type RealTab, SYSTEM, TabFixture } from '../../support/tabs/tabs.ts';
import { pause, until } from '../../support/until.ts';

const TABS = 8;
/** A browser opens this many connections to an origin over HTTP/1.1, for all tabs together. */
const MOST_CONNECTIONS = 6;
/** How long a hanging action is observed (ms). */
const HANGS_MS = 2_000;
/** How long the backend refuses to answer (ms). */
const THROTTLED_MS = 4_000;
/** A silent leader is replaced within this time (ms). */
const REPLACED_MS = 5_000;
/** Allowance for a busy machine (ms). */
const LATE_MS = 20_000;

/** Finds the tab that has the connection: it holds the lock, and the others wait. */
async function leaderOf(fixture: TabFixture, tabs: readonly RealTab[]): Promise<RealTab> {
  for (const tab of tabs) {
    const holds = await tab.page.evaluate(async () => {
      const { held = [] } = await navigator.locks.query();
      // A second lock, held for a moment, shows which client this page is.
      return navigator.locks.request('who am I', async () => {
        const now = await navigator.locks.query();
        const mine = now.held?.find(({ name }) => name === 'who am I')?.clientId;
        return held.some(({ name, clientId }) => name?.startsWith('campaign-status-kit/') && clientId === mine);
      });
    });
    if (holds) return tab;
  }
  throw new Error(`none of ${tabs.length} tabs leads; the server sees ${fixture.connections} connections`);
}

/** Asserts that the page was never anything but live after it first became live. */
async function assertNeverLost(tabs: readonly RealTab[]): Promise<void> {
  for (const tab of tabs) {
    const states = await tab.call('states');
    assert.equal(states.indexOf('live'), states.length - 1, states.join());
  }
}

const others = (tabs: readonly RealTab[], but: RealTab): RealTab[] => tabs.filter((tab) => tab !== but);

describe('without sharing', () => {
  it('six tabs use all connections: the others have no feed, and their actions hang, unsent', async (t) => {
    const fixture = await TabFixture.open(t);
    const tabs = await fixture.openTabs(MOST_CONNECTIONS, '?alone');
    await fixture.converge(tabs, MOST_CONNECTIONS);
    const id = fixture.startable();
    const acted = tabs[0]!.call('act', id, 'start');
    assert.equal(await Promise.race([acted, pause(HANGS_MS)]), undefined);
    assert.equal(fixture.backend.campaigns.get({ system: SYSTEM, id })!.record.status, 'inactive');
    // One connection is free, so the request is sent.
    await tabs[1]!.page.close();
    assert.equal(await acted, 'done');
  });
});

describe('with sharing', () => {
  it('one connection for eight tabs; an action of the last one is sent and shown by all at once', async (t) => {
    const fixture = await TabFixture.open(t);
    const tabs = await fixture.openTabs(TABS);
    await fixture.converge(tabs);
    const id = fixture.startable();
    const requestedAt = performance.now();
    assert.equal(await tabs.at(-1)!.call('perform', id, 'start'), 'done');
    t.diagnostic(`the action took ${Math.round(performance.now() - requestedAt)} ms`);
    await fixture.converge(tabs);
    assert.equal((await tabs[0]!.call('rows'))[id]!.status, 'active');
    fixture.change();
    await fixture.converge(tabs);
  });

  it('the leader is closed, repeatedly: the others continue without being lost; at the end nothing is left', async (t) => {
    const fixture = await TabFixture.open(t);
    let tabs = await fixture.openTabs(4);
    await fixture.converge(tabs);
    while (tabs.length > 1) {
      const leader = await leaderOf(fixture, tabs);
      await leader.page.close();
      tabs = others(tabs, leader);
      fixture.change();
      await fixture.converge(tabs);
      await assertNeverLost(tabs);
    }
    await tabs[0]!.page.close();
    await until(() => fixture.connections === 0, 'the server sees no connection');
  });

  it('the leader crashes', async (t) => {
    const fixture = await TabFixture.open(t);
    const tabs = await fixture.openTabs(3);
    await fixture.converge(tabs);
    const leader = await leaderOf(fixture, tabs);
    // The page answers nothing any more, not even this call.
    const cdp = await leader.page.createCDPSession();
    void cdp.send('Page.crash').catch(() => {});
    fixture.change();
    await fixture.converge(others(tabs, leader));
    await assertNeverLost(others(tabs, leader));
  });

  it('the browser freezes the leader: the next tab leads at once; when it wakes it follows, and shows nothing false', async (t) => {
    const fixture = await TabFixture.open(t);
    const tabs = await fixture.openTabs(4);
    await fixture.converge(tabs);
    const leader = await leaderOf(fixture, tabs);
    const cdp = await leader.page.createCDPSession();
    await cdp.send('Page.setWebLifecycleState', { state: 'frozen' });
    const ticks = await leader.call('ticks');
    fixture.change();
    await fixture.converge(others(tabs, leader));
    await assertNeverLost(others(tabs, leader));
    await pause(500);
    assert.equal(await leader.call('ticks'), ticks, 'it is frozen');
    await cdp.send('Page.setWebLifecycleState', { state: 'active' });
    await fixture.converge(tabs);
    fixture.change();
    await fixture.converge(tabs);
    assert.notEqual(await leaderOf(fixture, tabs), leader);
  });

  it('the leader is paused in a debugger: it is replaced in time; afterwards it follows, and shows nothing false', async (t) => {
    const fixture = await TabFixture.open(t);
    const tabs = await fixture.openTabs(4);
    await fixture.converge(tabs);
    const leader = await leaderOf(fixture, tabs);
    const cdp = await leader.page.createCDPSession();
    await cdp.send('Debugger.enable');
    const paused = new Promise((resolve) => cdp.once('Debugger.paused', resolve));
    await cdp.send('Debugger.pause');
    await paused;
    const since = performance.now();
    fixture.change();
    // Its own connection stays open while it is frozen.
    await fixture.converge(others(tabs, leader), 2, REPLACED_MS + LATE_MS);
    t.diagnostic(`replaced after ${Math.round(performance.now() - since)} ms`);
    await cdp.send('Debugger.resume');
    await fixture.converge(tabs);
    fixture.change();
    await fixture.converge(tabs);
    assert.notEqual(await leaderOf(fixture, tabs), leader);
  });

  it('the backend restarts in a new epoch, and throttles: no tab retries before Retry-After, and all reconnect', async (t) => {
    const fixture = await TabFixture.open(t);
    const tabs = await fixture.openTabs(TABS);
    await fixture.converge(tabs);
    const { faults } = fixture.backend;
    const before = fixture.watchRequests.length;
    faults.throttle(THROTTLED_MS);
    faults.restart({ newEpoch: true });
    const throttled = performance.now();
    // Look at the recorded states: the tabs may be live again by now.
    await until(
      async () =>
        (await Promise.all(tabs.map((tab) => tab.call('states')))).every((states) =>
          states.slice(states.indexOf('live')).some((state) => state !== 'live'),
        ),
      'all tabs were refused, or notified by one that was',
    );
    await pause(THROTTLED_MS - (performance.now() - throttled));
    // A tab that opens after the others have given up makes one request of its own.
    const requests = fixture.watchRequests.slice(before).filter((at) => at < throttled + THROTTLED_MS - 500).length;
    t.diagnostic(`${requests} requests while throttled`);
    assert.ok(requests >= 1 && requests <= TABS, `${requests} requests while throttled`);
    await fixture.converge(tabs, 1, THROTTLED_MS + 2 * LATE_MS);
  });

  it('all tabs unsubscribe: no lock, no connection', async (t) => {
    const fixture = await TabFixture.open(t);
    const tabs = await fixture.openTabs(3);
    await fixture.converge(tabs);
    assert.equal(await tabs[0]!.call('locks'), tabs.length);
    for (const tab of tabs) await tab.call('dispose');
    await until(
      async () => fixture.connections === 0 && (await tabs[0]!.call('locks')) === 0,
      'no connection and no lock',
    );
  });
});
